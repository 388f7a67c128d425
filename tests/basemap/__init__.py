"""Basemaps: where they come from, what is judged of them, and how they lie under a map."""
