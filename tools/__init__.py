"""Scripts that rebuild data/ from named packages. They need the dev dependencies and, for fetch alone, a network."""
