"""One script per family of reference layers: boundaries, water, roads, relief, fonts."""
