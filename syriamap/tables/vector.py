"""Vector files as tables: the properties of a feature are the columns of a row, its number is the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..vector import read_features
from .excel import WORKBOOKS
from .table import Table
from .values import count_known, write_frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from ..faults import Faults
    from .table import Lines


def read_vector(path: Path, file: str, faults: Faults, known: Sequence[str], layer: str) -> Table | None:
    """Return the features as rows with their geometry, or None after noting why there are none.

    Without a `layer` the only one is read, else the one with most of the `known` columns.
    """
    others = (".csv", *WORKBOOKS)
    frame = read_features(path, file, faults, lambda one: count_known(one.fields, known), layer=layer, others=others)
    if frame is None:
        return None
    if frame.empty:
        faults.add(file, None, "holds no features; expected one for each statement")
        return None
    return make_table(path, file, frame, np.arange(1, len(frame) + 1))


def make_table(path: Path, file: str, frame: pd.DataFrame, lines: Lines) -> Table:
    """Return a typed frame as a table of texts, its geometry apart if it has one."""
    import geopandas as gpd

    if not isinstance(frame, gpd.GeoDataFrame):
        return Table(path, file, write_frame(frame), lines)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    return Table(path, file, write_frame(frame.drop(columns=frame.geometry.name)), lines, shapes, frame.crs)
