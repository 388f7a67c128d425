"""How old what a map says is: the days since the newest statement about each piece of land or place in the frame."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..errors import AgeError
from ..picture import Age
from .frame import seen_cells
from .patterns import dashes, ring_around

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..model import Cells, Control, Moment
    from ..picture import Line, Point
    from .camera import Camera
    from .frame import Frame

    Numbers = NDArray[np.int64]

UNTOLD = -1  # the age of land that no statement reaches
CLASSES = (("0-1", 0, 1), ("2-7", 2, 7), ("8-30", 8, 30), ("31-", 31, 10**6))  # days


def check_stale(days: int | None) -> int:
    """Return the age in days beyond which a report is old, 0 where none is asked for. Raises AgeError below 1."""
    if days is not None and days < 1:
        raise AgeError(
            f"reports older than {days} days; expected 1 at least: every report is as old as its day or older"
        )
    return days or 0


def measure_age(frame: Frame, now: Moment) -> Age:
    """Return how old the newest statements about the land in the frame are; shares are of its area, true to scale."""
    days = _days_since(now, frame.materials.control)
    inside = seen_cells(now.cells, frame.camera)
    days, km2 = days[inside], _km2_in_frame(now.cells, frame.camera)
    told = days != UNTOLD
    whole, stale = float(km2.sum()) or 1.0, frame.order.stale
    order = np.argsort(days[told], kind="stable")
    half = np.searchsorted(np.cumsum(km2[told][order]), km2[told].sum() / 2)
    ages = days[told][order]
    return Age(
        stale_days=stale,
        stale_share=float(km2[told & (days > stale)].sum()) / whole if stale else 0.0,
        newest_days=int(ages[0]) if len(ages) else None,
        median_days=int(ages[min(int(half), len(ages) - 1)]) if len(ages) else None,
        oldest_days=int(ages[-1]) if len(ages) else None,
        by_days={name: float(km2[(days >= low) & (days <= high)].sum()) / whole for name, low, high in CLASSES},
        untold_share=float(km2[~told].sum()) / whole,
    )


def stale_land(frame: Frame, now: Moment) -> list[Line]:
    """Return short level dashes over the land whose newest statement is older than was asked for; none unless asked.

    No party's pattern and no doubt looks like them: those are strokes that run on, or dots.
    """
    if not frame.order.stale:
        return []
    old = _days_since(now, frame.materials.control) > frame.order.stale
    cells = now.cells.frame.geometry.to_numpy()[old & seen_cells(now.cells, frame.camera)]
    if not len(cells):
        return []
    land = shapely.clip_by_rect(frame.camera.to_px(shapely.coverage_union_all(cells)), *frame.camera.map_box)
    return _drawn(dashes(land, frame.theme.colours["front"], frame.unit))


def stale_dots(frame: Frame, now: Moment, points: Sequence[Point]) -> list[Line]:
    """Return a ring around every dot whose place has an old newest statement, as `stale_land` does for land."""
    if not frame.order.stale:
        return []
    control = frame.materials.control
    days = dict(zip(control.statements["id"], count_days(control, now.on).tolist(), strict=True))
    old = [point for point in points if days.get(point.statement, UNTOLD) > frame.order.stale]
    return _drawn(ring_around([(one.at, one.radius) for one in old], frame.theme.colours["ink3"], frame.unit))


def _drawn(line: Line) -> list[Line]:
    return [] if line.geometry.is_empty else [line]


def _days_since(now: Moment, control: Control) -> Numbers:
    """Return the days since the statement that decides each cell, UNTOLD where there is none."""
    row = now.states["row"].to_numpy()
    return np.where(row < 0, UNTOLD, count_days(control, now.on)[np.maximum(row, 0)])


def count_days(control: Control, on: date) -> Numbers:
    """Return how many days before a day each statement of a table is dated, in the order of its rows."""
    ages: Numbers = (np.datetime64(on) - control.statements["date"].to_numpy()).astype("timedelta64[D]").astype(int)
    return ages


@lru_cache(maxsize=16)
def _km2_in_frame(cells: Cells, camera: Camera) -> NDArray[np.float64]:
    """Return how much of each cell that the frame shows lies in it; the map's scale is true within half a percent."""
    land = cells.frame.geometry.to_numpy()[seen_cells(cells, camera)]
    whole: NDArray[np.bool_] = shapely.contains_properly(_prepared(camera.window), land)
    km2 = shapely.area(land)
    km2[~whole] = shapely.area(shapely.intersection(land[~whole], camera.window))
    found: NDArray[np.float64] = km2 / 1e6
    return found


def _prepared(area: BaseGeometry) -> BaseGeometry:
    shapely.prepare(area)
    return area
