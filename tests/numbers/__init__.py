"""Tests of the numbers: land, places and people, what changed hands, the chart."""
