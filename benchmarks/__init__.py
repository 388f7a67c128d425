"""Measurements: what the engine costs and how true it is, as ratios and shares within one run."""
