"""Tiles of a map: which ones a grid needs, where they come from, and how they become its pixels."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import mercantile
import numpy as np

from ..errors import BasemapError
from .cache import usual_cache
from .grid import Raster
from .judge import Refused, judge_tile, judge_tiles
from .patience import PATIENCE
from .warp import edges_transform, warp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mercantile import Tile
    from numpy.typing import NDArray

    from .cache import Cache
    from .door import Door
    from .grid import Grid
    from .patience import Patience
    from .sources import Source

    Pixels = NDArray[np.uint8]

MERCATOR = "EPSG:3857"
EQUATOR_M = 2 * math.pi * 6378137.0
MOST_TILES = 240
COARSER = 0.35  # of a zoom: tiles may be so much coarser than the map before finer ones are taken
SIDE, SHARP_SIDE = 256, 512
WAY_OUT = "try again later, choose another basemap, or --basemap relief, which needs no network"
REMEMBER_S = 60.0  # a source that failed is not asked again for so long: the maps of a series are many

_failed: dict[Source, tuple[float, str]] = {}


def read_tiles(source: Source, grid: Grid, *, patience: Patience | None = None, cache: Cache | None = None) -> Raster:
    """Return what the tiles of a source show on a grid. Raises BasemapError when one of them cannot be used."""
    patience, cache = patience or PATIENCE, cache or usual_cache()
    when, why = _failed.get(source, (-math.inf, ""))
    if time.monotonic() - when < REMEMBER_S:
        raise BasemapError(why)
    zoom, tiles = plan_tiles(grid, source.zooms, SHARP_SIDE if "{r}" in source.place else SIDE)
    try:
        pixels = _gather(source, tiles, patience, cache)
    except Refused as refused:
        where = source.name if source.name == source.host else f"{source.name} ({source.host})"
        said = f"{where}: {refused}; {WAY_OUT}"
        _failed[source] = time.monotonic(), said
        raise BasemapError(said) from refused
    return Raster(warp(*merge_tiles(pixels), grid), zoom, len(tiles))


def plan_tiles(grid: Grid, zooms: tuple[int, int], side: int) -> tuple[int, list[Tile]]:
    """Return the zoom that suits the scale of a grid and the tiles of `side` pixels that cover it.

    Raises BasemapError where even the coarsest are too many.
    """
    from contextily import howmany  # late, as it brings a plotting library

    west, south, east, north = grid.degrees()
    across = EQUATOR_M * math.cos(math.radians((south + north) / 2)) / side  # metres of a pixel at zoom 0
    wanted = math.ceil(math.log2(across / grid.metres) - COARSER)
    low, top = min(zooms), max(zooms)
    number = 0
    for zoom in range(min(max(wanted, low), top), low - 1, -1):
        number = howmany(west, south, east, north, zoom, verbose=False, ll=True)
        if number <= MOST_TILES:
            return zoom, list(mercantile.tiles(west, south, east, north, zoom))
    raise BasemapError(
        f"the map needs {number} tiles of zoom {low}, the lowest; expected {MOST_TILES} at most; "
        "choose a smaller view, or --basemap relief"
    )


def merge_tiles(tiles: Mapping[Tile, Pixels]) -> tuple[Pixels, Any, str]:
    """Return tiles of one zoom as one picture, nothing where there is none, with its transform and CRS."""
    side = next(iter(tiles.values())).shape[0]
    zoom = next(iter(tiles)).z
    left, top = min(tile.x for tile in tiles), min(tile.y for tile in tiles)
    wide, high = max(tile.x for tile in tiles) - left + 1, max(tile.y for tile in tiles) - top + 1
    merged = np.zeros((high * side, wide * side, 4), dtype=np.uint8)
    for tile, pixels in tiles.items():
        row, column = (tile.y - top) * side, (tile.x - left) * side
        merged[row : row + side, column : column + side] = pixels
    upper = mercantile.xy_bounds(left, top, zoom)
    lower = mercantile.xy_bounds(left + wide - 1, top + high - 1, zoom)
    box = upper.left, lower.bottom, lower.right, upper.top
    return merged, edges_transform(box, wide * side, high * side), MERCATOR


def name_of(tile: Tile) -> str:
    """Return "zoom/column/row"."""
    return f"{tile.z}/{tile.x}/{tile.y}"


def _gather(source: Source, tiles: list[Tile], patience: Patience, cache: Cache) -> dict[Tile, Pixels]:
    """Return the tiles; what is fetched of them is kept when all are a map. Raises Refused."""
    found, fresh = dict(_find_kept(source, tiles, cache)), dict[str, bytes]()
    missing = [tile for tile in tiles if tile not in found]
    if missing:
        from .door import Door  # what is kept needs no network

        door = Door(source.host, patience, private=source.private)
        try:
            for tile, (body, pixels) in _fetch(source, missing, door, patience.at_once):
                found[tile], fresh[_key(source, tile)] = pixels, body
        finally:
            door.close()
    judge_tiles({name_of(tile): found[tile] for tile in tiles})
    for key, body in fresh.items():
        cache.keep(key, body)
    if fresh:
        cache.trim()
    return found


def _find_kept(source: Source, tiles: list[Tile], cache: Cache) -> Iterator[tuple[Tile, Pixels]]:
    for tile in tiles:
        body = cache.find(_key(source, tile))
        if body is not None:
            try:
                yield tile, judge_tile(body)
            except Refused:  # kept by a version with other rules
                continue


def _key(source: Source, tile: Tile) -> str:
    return f"{source.place} {name_of(tile)}"


def _fetch(source: Source, tiles: list[Tile], door: Door, at_once: int) -> Iterator[tuple[Tile, tuple[bytes, Pixels]]]:
    """Yield tiles as they come, each as its server sent it and its pixels. The first that is refused ends it."""

    def fetch(tile: Tile) -> tuple[bytes, Pixels]:
        try:
            return door.fetch(source.url(tile.z, tile.x, tile.y))
        except Refused as refused:
            raise Refused(f"tile {name_of(tile)}: {refused}") from refused

    with ThreadPoolExecutor(at_once) as pool:
        try:
            yield from zip(tiles, pool.map(fetch, tiles), strict=True)
        finally:
            pool.shutdown(cancel_futures=True)
