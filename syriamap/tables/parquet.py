"""Parquet tables, with the geometry of GeoParquet: rows counted from 1, values as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import MissingError
from ..faults import suggest_file
from .table import Table
from .values import make_frame
from .vector import make_table

if TYPE_CHECKING:
    from pathlib import Path

    from ..faults import Faults

_GEO = b"geo"  # the key under which GeoParquet tells where its geometry is


def read_parquet(path: Path, file: str, faults: Faults) -> Table | None:
    """Return a Parquet table, or None after noting why there is none."""
    import geopandas as gpd

    try:
        from pyarrow import ArrowException, BufferReader
        from pyarrow.parquet import read_table
    except ImportError as error:
        raise MissingError("a Parquet table", "pyarrow", "parquet") from error
    try:
        found = read_table(BufferReader(path.read_bytes()))
    except (OSError, ValueError, ArrowException) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split()).removesuffix(".")
        faults.add(file, None, f"cannot be read: {reason}; expected a Parquet file{suggest_file(path)}")
        return None
    if not found.num_rows:
        faults.add(file, None, "holds no rows; expected at least one")
        return None
    lines = np.arange(1, found.num_rows + 1)
    if _GEO in (found.schema.metadata or {}):
        return make_table(path, file, gpd.read_parquet(path), lines)
    columns = [column.to_pylist() for column in found.columns]
    return Table(path, file, make_frame(columns, found.column_names), lines)


def list_parquet_columns(path: Path) -> tuple[str, ...]:
    """Return the names of the columns, none for a file that cannot be read."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import read_schema
    except ImportError as error:
        raise MissingError("a Parquet table", "pyarrow", "parquet") from error
    try:
        return tuple(read_schema(path).names)
    except (OSError, ValueError, ArrowException):
        return ()
