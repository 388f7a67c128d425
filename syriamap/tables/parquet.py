"""Parquet tables, with the geometry of GeoParquet: rows counted from 1, values as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import MissingError
from ..faults import suggest_file
from ..limits import weigh_parquet
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

    arrow = _load_pyarrow()
    try:
        content = arrow.BufferReader(path.read_bytes())
        if said := weigh_parquet(content):
            faults.add(file, None, f"{said}; split it")
            return None
        found = arrow.parquet.read_table(content)
        found.validate(full=True)  # texts that are no UTF-8 come to light here, not cell by cell
        shaped = gpd.read_parquet(path) if _GEO in (found.schema.metadata or {}) else None
        columns = [] if shaped is not None else [column.to_pylist() for column in found.columns]
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError, arrow.ArrowException) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split()).removesuffix(".")
        faults.add(file, None, f"cannot be read: {reason}; expected a Parquet file{suggest_file(path)}")
        return None
    if not found.num_rows:
        faults.add(file, None, "holds no rows; expected at least one")
        return None
    lines = np.arange(1, found.num_rows + 1)
    if shaped is not None:
        return make_table(path, file, shaped, lines)
    return Table(path, file, make_frame(columns, found.column_names), lines)


def list_parquet_columns(path: Path) -> tuple[str, ...]:
    """Return the names of the columns, none for a file that cannot be read."""
    arrow = _load_pyarrow()
    try:
        return tuple(arrow.parquet.read_schema(path).names)
    except (OSError, ValueError, arrow.ArrowException):
        return ()


def _load_pyarrow() -> Any:  # noqa: ANN401  # the package, which tells no types
    """Return pyarrow with its reader of Parquet. Raises MissingError when it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingError("a Parquet table", "pyarrow", "parquet") from error
    return pyarrow
