"""Tables of points as people have them: find their coordinates and days, add who held the land, change nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from .dates import describe_bad_day, find_day
from .errors import DataError, UnknownNameError
from .faults import Faults
from .limits import POINTS
from .points import TAGS, tag_points
from .tables import read_table
from .vector import is_vector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from .model import Boundaries, Control

_SPLIT = "tag it in several parts"
_LON = ("lon", "lng", "long", "longitude", "x", "lon_dd", "x_coord", "point_x", "center_lon", "geo_lon", "xcoord")
_LAT = ("lat", "latitude", "y", "lat_dd", "y_coord", "point_y", "center_lat", "geo_lat", "ycoord")


@dataclass(frozen=True)
class PointTable:
    """A table of points: every cell as written, the line of each row, and the columns of longitude and latitude."""

    file: str
    frame: pd.DataFrame
    lines: npt.NDArray[np.int64]
    columns: tuple[str, str]


def read_point_table(path: Path, *, lon: str | None = None, lat: str | None = None) -> PointTable:
    """Return a CSV table of points; `lon` and `lat` name its columns of degrees (default: the usual names).

    DataError holds every fault of the table's form.
    """
    faults = Faults()
    if is_vector(path):
        faults.add(str(path), None, "is a vector file; expected a CSV table; save the points as CSV with lon and lat")
        faults.raise_any()
    table = read_table(path, faults, way_out=_SPLIT)
    if table is not None and len(table.frame) > POINTS:
        faults.add(table.file, None, f"has {len(table.frame):,} rows; expected {POINTS:,} at most; {_SPLIT}")
    faults.raise_any()
    assert table is not None  # a table that is not there is a fault
    names = [str(name) for name in table.frame.columns]
    found = [_find_column(names, lon, _LON), _find_column(names, lat, _LAT)]
    for column, what, usual in zip(found, ("longitudes", "latitudes"), (_LON, _LAT), strict=True):
        if not column:
            message = f"no column of {what} among {', '.join(names)}; expected one such as {', '.join(usual[:4])}"
            faults.add(table.file, 1, message)
        elif names.count(column) > 1:
            faults.add(table.file, 1, f"column {column!r} stands {names.count(column)} times; expected once")
    faults.raise_any()
    return PointTable(table.file, table.frame, table.lines, (found[0], found[1]))


def _find_column(names: Sequence[str], asked: str | None, usual: Sequence[str]) -> str:
    """Return the column asked for, or the first with a usual name whatever its case; "" when there is none."""
    if asked is not None and asked not in names:
        raise UnknownNameError("column", asked, names)
    by_fold = {name.casefold(): name for name in reversed(names)}
    return asked or next((by_fold[name] for name in usual if name in by_fold), "")


def tag_table(
    table: PointTable,
    *,
    on: date | None = None,
    date_column: str | None = None,
    boundaries: Boundaries,
    control: Control,
    carry: bool = False,
) -> pd.DataFrame:
    """Return the table with who held the land of each point, on one day or on the day in a column of the table.

    Rows, columns and cells stay as they are; the added columns are texts, days in ISO. DataError holds every bad
    coordinate and day by its line.
    """
    faults = Faults()
    days = on if on is not None else _read_days(table, date_column or "", control, faults)
    names = list(table.frame.columns)
    degrees = pd.DataFrame({name: table.frame.iloc[:, names.index(name)] for name in table.columns})
    tagged = degrees
    try:
        tagged = tag_points(
            degrees,
            days,
            boundaries=boundaries,
            control=control,
            carry=carry,
            columns=table.columns,
            file=table.file,
            lines=table.lines.tolist(),
        )
    except DataError as error:
        faults.found.extend(error.faults)
    faults.raise_any()
    return _join(table.frame, tagged)


def _read_days(table: PointTable, column: str, control: Control, faults: Faults) -> pd.Series[pd.Timestamp]:
    """Return the day of every row; a text that is no ISO day (a time may follow) is noted and stands for the first."""
    names = [str(name) for name in table.frame.columns]
    if column not in names:
        raise UnknownNameError("column", column, names)
    codes, texts = pd.factorize(table.frame.iloc[:, names.index(column)].to_numpy(dtype=object))
    found = [find_day(re.sub("[T ].*", "", text.strip())) for text in texts]
    for code, text in enumerate(texts):
        if found[code] is None:
            said = describe_bad_day(text, column) if text else f"{column} is empty; expected a day such as 2024-12-05"
            faults.add_lines(table.file, table.lines[codes == code], said)
    days = np.array([np.datetime64(day or control.first, "s") for day in found], dtype="datetime64[s]")
    return pd.Series(days[codes])


def _join(frame: pd.DataFrame, tagged: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it was with the tags as texts behind it; a tag whose name is taken gets a longer one."""
    added = tagged.iloc[:, 2:]
    texts = [
        added[name].dt.strftime("%Y-%m-%d").fillna("") if added[name].dtype.kind == "M" else added[name].astype(str)
        for name in added.columns
    ]
    taken = {str(name) for name in frame.columns}
    heads = [f"syriamap_{tag}" if tag in taken else tag for tag in TAGS]
    joined: pd.DataFrame = pd.concat(
        [frame, *(text.rename(head) for text, head in zip(texts, heads, strict=True))], axis=1
    )
    return joined
