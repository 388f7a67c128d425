"""Scripts that rebuild data/ from named packages, and those that draw, lint and pin many maps at once.

They need the dev dependencies and, for fetch alone, a network.
"""
