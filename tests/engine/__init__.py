"""Laws and examples of the engine: cells, merge, zones, states, points."""
