"""How much is read or made at most: each limit stands far above what maps need and far below what a desk's memory has.

What is larger is refused before it is read; what is packed is unpacked for that, a little at a time, since a file may
lie about what comes out of it. `docs/limits.md` tells the ways out.
"""

from __future__ import annotations

import io
from copy import copy
from gzip import GzipFile
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED

from .errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

    from pyarrow import NativeFile

MB = 1_000_000
TABLE_BYTES = 200 * MB  # 900,000 statements like ours; a process that reads them takes 1.5 GB
TABLES_BYTES = 400 * MB  # of all tables of a folder: as statements they take 3 GB
TABLE_CELLS = 30_000_000  # of a Parquet table, whose cells may take no room in its file: rows times columns
POINTS = 2_000_000  # rows to be tagged; they take 1.5 GB
VECTOR_BYTES = 200 * MB  # the finest areas of a country that are published have less, in memory five times as much
UNPACKED_BYTES = 300 * MB  # of all that a zip holds
WORKBOOK_BYTES = 60 * MB  # unpacked; a cell takes ten times as much memory as its text
WORKBOOK_CELLS = 3_000_000  # rows times columns of a sheet, and of areas that are merged in it
TOML_BYTES = 5 * MB  # written by people
SIDECAR_BYTES = 50 * MB  # ours have a tenth of one
PICTURE_BYTES = 300 * MB  # a map of 8000 x 8000 px has a tenth of it
PICTURE_PIXELS = 80_000_000  # a map of 8000 x 8000 px has 64 million
RASTER_PIXELS = 400_000_000  # of a basemap that has no overviews: all of them are read for one map
TILE_BYTES = 5 * MB  # a PNG of 512 x 512 px that cannot be packed has one; of a list of tiles, packed and unpacked
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


def weigh_together(paths: Iterable[Path], most: int) -> str:
    """Return what to say of files that are larger together than is read, "" for any others."""
    size = sum(path.stat().st_size for path in paths if path.is_file())
    return "" if size <= most else f"holds tables of {_megabytes(size)}; expected {_megabytes(most)} at most"


def weigh_zip(archive: ZipFile, most: int = UNPACKED_BYTES) -> str:
    """Return what to say of a zip that says it is larger when unpacked than is read, "" for any other."""
    size = sum(entry.file_size for entry in archive.infolist())
    return "" if size <= most else f"is {_megabytes(size)} large when unpacked; expected {_megabytes(most)} at most"


def find_lie(archive: ZipFile) -> str:
    """Return what to say of a zip out of which comes something else than it says, "" for any other.

    Everything in it is unpacked once, a little at a time, and no further than it says. Raises what zipfile and zlib do
    for a broken one.
    """
    for entry in archive.infolist():
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # zipfile unpacks the others without bounds
            return f"holds {entry.filename} packed by method {entry.compress_type}; expected deflate; zip it again"
        if (found := _unpacked_size(archive, entry)) != entry.file_size:
            other = "more" if found > entry.file_size else f"{found:,}"
            return f"says that {entry.filename} unpacks to {entry.file_size:,} bytes; it has {other}; zip it again"
    return ""


def _unpacked_size(archive: ZipFile, entry: ZipInfo) -> int:
    """Return how many bytes come out of an entry; counting ends soon after it is more than that says."""
    honest, found = copy(entry), 0
    honest.file_size = 1 << 62  # zipfile ends where an entry says that it does
    with archive.open(honest) as file:
        while found <= entry.file_size and (part := file.read(MB)):
            found += len(part)
    return found


def weigh_gzip(content: bytes, most: int) -> str:
    """Return what to say of bytes that are larger when unpacked than is read, "" for any other and for no gzip."""
    if not content.startswith(b"\x1f\x8b"):
        return ""
    with GzipFile(fileobj=io.BytesIO(content)) as file:
        return f"more than {most:,} bytes when unpacked" if len(file.read(most + 1)) > most else ""


def weigh_parquet(source: Path | NativeFile) -> str:
    """Return what to say of a Parquet table with more in it than is read, "" for any other.

    A text can stand once in the file and in every row of the table: so texts are counted, not laid out. Raises
    ImportError without pyarrow, and what that raises for a broken file.
    """
    from pyarrow import parquet

    about = parquet.read_metadata(source)
    rows, columns = about.num_rows, about.num_columns
    size = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
    leaves = [about.schema.column(at) for at in range(columns)]
    size += sum(rows * leaf.length for leaf in leaves if leaf.physical_type == "FIXED_LEN_BYTE_ARRAY")
    if size <= TABLE_BYTES and rows * columns <= TABLE_CELLS:
        texts = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY" and leaf.path == leaf.name]
        size = max(size, _count_texts(source, texts))
    if size <= TABLE_BYTES and rows * columns <= TABLE_CELLS:
        return ""
    most = f"{_megabytes(TABLE_BYTES)} and {TABLE_CELLS:,} cells"
    return f"holds {rows:,} rows of {columns} columns, {_megabytes(size)} when unpacked; expected {most} at most"


def _count_texts(source: Path | NativeFile, names: list[str]) -> int:
    """Return how many bytes the texts of some columns have, laid out; counting ends where they are too many."""
    from pyarrow import compute, parquet

    found = 0
    with parquet.ParquetFile(source, read_dictionary=names) as file:
        for batch in file.iter_batches(columns=names) if names else ():
            for column in batch.columns:
                lengths = compute.binary_length(column.dictionary)
                found += compute.sum(lengths.take(column.indices)).as_py() or 0
            if found > TABLE_BYTES:
                break
    return found


def read_within(path: Path, most: int) -> bytes:
    """Return what a file holds. Raises LimitError, before it is read, for one that is larger than it can rightly be."""
    if said := weigh(path, most):
        raise LimitError(f"{path} {said}; is it another file than you meant?")
    return path.read_bytes()


def _megabytes(size: int) -> str:
    return f"{size / MB:,.3g} MB" if size < 100 * MB else f"{size / MB:,.0f} MB"
