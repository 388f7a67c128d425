"""Values of typed tables as a text table would hold them."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def write_value(value: object) -> str:
    """Return a value as text: ISO days (a time only where there is one), whole numbers without ".0", "" for nothing."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, datetime):
        midnight = value.tzinfo is None and value.time().isoformat() == "00:00:00"
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def make_frame(columns: Sequence[Sequence[Any]], names: Iterable[object]) -> pd.DataFrame:
    """Return columns of any values as a frame of texts."""
    texts = {at: [write_value(value) for value in column] for at, column in enumerate(columns)}
    frame = pd.DataFrame(texts, dtype=str)
    return frame.set_axis(pd.Index([str(name).strip() for name in names], dtype=object), axis=1)


def write_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a typed frame as one of texts."""
    return make_frame([frame.iloc[:, at].tolist() for at in range(frame.shape[1])], frame.columns)


def count_known(names: Iterable[str], known: Iterable[str]) -> int:
    """Return how many names of columns are known ones, whatever their case."""
    return len({str(name).strip().casefold() for name in names} & {name.casefold() for name in known})
