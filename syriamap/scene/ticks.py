"""Ticks along a front, on the side of whoever took the ground: how a newspaper draws a front line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiLineString

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..model import Moment
    from .frame import Frame

LENGTH, PITCH, WIDTH = 5.0, 16.0, 1.3  # units
ON_LINE = 0.001  # pixels: the same line, but for rounding
HEADING = 4.0  # units: the line's course at a tick is that over so much of it on either side


def tick_side(frame: Frame, left: str, right: str) -> str:
    """Return the party whose land the ticks of a front point into.

    That of the gaining bloc where one of the two is of it; otherwise the one that comes first in the table of parties.
    """
    parties, blocs = frame.materials.control.parties, frame.materials.theatre["gains"]["blocs"]
    gaining = [party for party in (left, right) if parties[party].bloc in blocs]
    return gaining[0] if len(gaining) == 1 else min(left, right, key=list(parties).index)


def front_ticks(frame: Frame, now: Moment, known: BaseGeometry) -> BaseGeometry:
    """Return the ticks in pixels along the fronts where they lie on `known`, fronts that are no guess and no border."""
    shapely.prepare(known)
    found: list[NDArray[np.float64]] = []
    zones = {name: frame.camera.to_px(zone) for name, zone in now.soft_zones.geometry.items()}
    for zone in zones.values():
        shapely.prepare(zone)
    for row in now.soft_fronts.itertuples():
        land = zones[tick_side(frame, row.left, row.right)]
        for line in shapely.get_parts(frame.camera.to_px(row.geometry)):
            found += [tick for tick in _along(line, frame.unit, land) if known.dwithin(shapely.Point(tick[0]), ON_LINE)]
    return MultiLineString(found)


def _along(line: BaseGeometry, unit: float, land: BaseGeometry) -> Iterator[NDArray[np.float64]]:
    """Yield the ticks of a line, at right angles to its course, whose far halves lie in the land they point into."""
    reach = HEADING * unit
    for at in np.arange(PITCH / 2 * unit, line.length, PITCH * unit).tolist():
        ends = (line.interpolate(max(at - reach, 0.0)), line.interpolate(min(at + reach, line.length)))
        start, along = _xy(line.interpolate(at)), _xy(ends[1]) - _xy(ends[0])
        size = float(np.hypot(*along))
        for turn in (1.0, -1.0) if size else ():
            tip = start + turn * LENGTH * unit * np.array([-along[1], along[0]]) / size
            if land.contains(MultiLineString([[(start + tip) / 2, tip]])):
                yield np.stack([start, tip])
                break


def _xy(point: BaseGeometry) -> NDArray[np.float64]:
    xy: NDArray[np.float64] = shapely.get_coordinates(point)[0]
    return xy
