"""Tiles in one file: MBTiles, which is SQLite, and PMTiles."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from ..limits import TILE_BYTES, weigh_gzip
from .grid import Raster
from .judge import Refused, judge_tile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mercantile import Tile
    from numpy.typing import NDArray

    from .grid import Grid

    Find = Callable[[int, int, int], bytes | None]  # by zoom, column and row from the north

VECTORS = ("pbf", "mvt")
ASKED = (
    "SELECT CASE WHEN length(tile_data) <= ? THEN tile_data END FROM tiles"
    " WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
)
DEEPEST = 30
SMALLER = "expected a picture of 256 or 512 px"


def describe_archive(path: Path) -> tuple[str, tuple[int, int]]:
    """Return whom a file names as its owner, "" for nobody, and its lowest and highest zoom. Raises Refused."""
    with _opened(path) as (_, owner, zooms):
        return owner, zooms


def read_archive(path: Path, zooms: tuple[int, int], grid: Grid) -> Raster:
    """Return the tiles of a file on a grid: those that it has, each whole. Raises Refused when one is not."""
    from .tiles import SIDE, merge_tiles, name_of, plan_tiles
    from .warp import warp

    zoom, wanted = plan_tiles(grid, zooms, SIDE)
    found: dict[Tile, NDArray[np.uint8]] = {}
    with _opened(path) as (find, *_):
        for tile in wanted:
            if body := find(tile.z, tile.x, tile.y):
                try:
                    found[tile] = judge_tile(body)
                except Refused as refused:
                    raise Refused(f"has a tile {name_of(tile)} that is {refused}") from refused
    if not found:
        return Raster(np.zeros((grid.height, grid.width, 4), dtype=np.uint8), zoom)
    if len({pixels.shape for pixels in found.values()}) > 1:
        raise Refused("has tiles of several sizes; expected one")
    return Raster(warp(*merge_tiles(found), grid), zoom, len(found))


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Find, str, tuple[int, int]]]:
    """Give out what finds a tile of a file, its owner and its zooms. Raises Refused for a file of another kind."""
    opened = _mbtiles if path.suffix.casefold() == ".mbtiles" else _pmtiles
    with opened(path) as found:
        yield found


@contextmanager
def _mbtiles(path: Path) -> Iterator[tuple[Find, str, tuple[int, int]]]:
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as file:
            said = {
                str(key): str(value)
                for key, value in file.execute("SELECT name, substr(value, 1, 1000) FROM metadata LIMIT 1000")
            }
            low, top = file.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
            if said.get("format") in VECTORS:
                raise Refused(f"holds vectors ({said['format']}); expected pictures: png, jpg or webp")

            def find(zoom: int, column: int, row: int) -> bytes | None:
                found = file.execute(ASKED, (TILE_BYTES, zoom, column, 2**zoom - 1 - row)).fetchone()
                if found and found[0] is None:
                    raise Refused(f"has a tile {zoom}/{column}/{row} of more than {TILE_BYTES:,} bytes; {SMALLER}")
                return bytes(found[0]) if found else None

            yield find, said.get("attribution", ""), (int(low or 0), int(top or 0))
    except (sqlite3.Error, TypeError, ValueError) as error:
        raise Refused(f"cannot be read as MBTiles ({error}); expected a whole file") from error


@contextmanager
def _pmtiles(path: Path) -> Iterator[tuple[Find, str, tuple[int, int]]]:
    from pmtiles.reader import MmapSource, Reader
    from pmtiles.tile import TileType

    with path.open("rb") as file:
        reader = _try(lambda: Reader(_bounded(MmapSource(file))))
        head, said = _try(reader.header), _try(reader.metadata)
        if head["tile_type"] not in (TileType.PNG, TileType.JPEG, TileType.WEBP):
            raise Refused(f"holds tiles of the kind {head['tile_type'].name}; expected PNG, JPEG or WEBP")
        zooms = min(head["min_zoom"], DEEPEST), min(head["max_zoom"], DEEPEST)
        yield lambda *tile: _try(lambda: reader.get(*tile)), str(said.get("attribution") or ""), zooms


def _bounded(source: Callable[[int, int], bytes]) -> Callable[[int, int], bytes]:
    """Return what reads parts of a file, none larger than a tile can be, nor when its reader unpacks it."""

    def get(offset: int, length: int) -> bytes:
        if length > TILE_BYTES:
            raise ValueError(f"a part of {length:,} bytes; {SMALLER}")
        part = source(offset, length)
        if said := weigh_gzip(part, TILE_BYTES):
            raise ValueError(f"a part of {said}; expected {TILE_BYTES:,} at most")
        return part

    return get


def _try(do: Callable[[], Any]) -> Any:  # noqa: ANN401  # of pmtiles
    try:
        return do()
    except Exception as error:  # the package has no errors of its own
        raise Refused(f"cannot be read as PMTiles ({error or type(error).__name__}); expected a whole file") from error
