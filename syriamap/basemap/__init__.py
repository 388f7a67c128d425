"""A picture of the ground to lay under a map: relief, tiles or a file, judged before it is used.

The only room that reaches the network, and only for a source that is remote. A source is settled without it: its credit
is known before the map is laid out. Whatever goes wrong with a source that is known is one BasemapError: the map is
then drawn without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .grid import Grid, Raster
from .sources import Source, find_source

if TYPE_CHECKING:
    from .cache import Cache
    from .patience import Patience

__all__ = ["Grid", "Raster", "Source", "find_source", "read_basemap"]


def read_basemap(source: Source, grid: Grid, *, patience: Patience | None = None, cache: Cache | None = None) -> Raster:
    """Return what a source shows on the pixels of a grid, in the grid's CRS.

    `patience` says how long to wait for tiles, `cache` where they are kept; both are ours when not given. Raises
    BasemapError for a source that does not answer, whose answers cannot be trusted, or that shows nothing there.
    """
    if source.kind == "tiles":
        from .tiles import read_tiles

        return read_tiles(source, grid, patience=patience, cache=cache)
    from .files import read_file

    return read_file(source, grid)
