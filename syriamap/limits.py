"""How much is read or made at most: each limit stands far above what maps need and far below what a desk's memory has.

What is larger is refused before it is read. `docs/limits.md` tells the ways out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import LimitError

if TYPE_CHECKING:
    from pathlib import Path
    from zipfile import ZipFile

MB = 1_000_000
TABLE_BYTES = 200 * MB  # 900,000 statements like ours; a process that reads them takes 1.5 GB
VECTOR_BYTES = 200 * MB  # the finest areas of a country that are published have less, in memory five times as much
UNPACKED_BYTES = 300 * MB  # of all that a zip holds, as it says itself: nothing more is ever unpacked of it
WORKBOOK_BYTES = 60 * MB  # unpacked; a cell takes ten times as much memory as its text
WORKBOOK_CELLS = 3_000_000  # rows times columns of a sheet, and of areas that are merged in it
TOML_BYTES = 5 * MB  # written by people
SIDECAR_BYTES = 50 * MB  # ours have a tenth of one
PICTURE_BYTES = 300 * MB  # a map of 8000 x 8000 px has a tenth of it
PICTURE_PIXELS = 80_000_000  # a map of 8000 x 8000 px has 64 million
RASTER_PIXELS = 400_000_000  # of a basemap that has no overviews: all of them are read for one map
TILE_BYTES = 5 * MB  # a PNG of 512 x 512 px that cannot be packed has one
WORDS_LETTERS = 1000  # of title, subtitle, caption and credit together: more leave no room for the map
CELL_LETTERS = 10_000  # of one cell of a table: a long note has a tenth of it
VERTICES = 5_000_000  # of all areas together
SERIES_MAPS = 10_000  # a week of drawing
FAULTS_SHOWN = 1000  # on a terminal, one a line; nobody mends more by hand
JOBS = 256  # each is a process with the memory of a map


def weigh(path: Path, most: int) -> str:
    """Return what to say of a file that is larger than is read, "" for any other and for one that is not there."""
    try:
        size = path.stat().st_size
    except OSError:
        return ""
    return "" if size <= most else f"is {_megabytes(size)} large; expected {_megabytes(most)} at most"


def weigh_zip(archive: ZipFile, most: int = UNPACKED_BYTES) -> str:
    """Return what to say of a zip that is larger when unpacked than is read, "" for any other."""
    size = sum(entry.file_size for entry in archive.infolist())
    return "" if size <= most else f"is {_megabytes(size)} large when unpacked; expected {_megabytes(most)} at most"


def read_within(path: Path, most: int) -> bytes:
    """Return what a file holds. Raises LimitError, before it is read, for one that is larger than it can rightly be."""
    if said := weigh(path, most):
        raise LimitError(f"{path} {said}; is it another file than you meant?")
    return path.read_bytes()


def _megabytes(size: int) -> str:
    return f"{size / MB:,.3g} MB" if size < 100 * MB else f"{size / MB:,.0f} MB"
