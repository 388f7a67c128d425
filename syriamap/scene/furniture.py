"""Scale bar and locator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ..model import Box
from ..picture import Inset, ScaleBar
from .camera import GEOD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from shapely import Point

    from .camera import Camera
    from .frame import Frame
    from .text import Pen

MILES_PER_KM = 0.621371
STEPS_KM = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
COARSE_M = 1500  # the locator shows nothing finer
LONGEST_SHARE = 0.17  # of the map's width
BAR_GAP, BAR_EDGE = 5, 6  # units between the bar and its words, and around both


def bar_size(camera: Camera, pen: Pen, phrases: Mapping[str, Any]) -> tuple[float, float]:
    """Return width and height in pixels of the bar with its words, the halo counted."""
    box = camera.map_box
    km, miles = _lengths(camera, (box.x0 + box.x1) / 2, box.y1)
    edge = 2 * BAR_EDGE * pen.size.unit
    px = 1.03 * _length_px(camera, (box.x0 + box.x1) / 2, box.y1, km)  # a little longer elsewhere on the map
    widths = [px + pen.width(phrases["km"].format(n=km), "scale")]
    widths.append(px * miles / MILES_PER_KM / km + pen.width(phrases["miles"].format(n=miles), "scale"))
    return max(widths) + BAR_GAP * pen.size.unit + edge, 1.95 * pen.px("scale") + edge


def build_scale_bar(frame: Frame) -> ScaleBar:
    """Return the bar in its corner of the map: km above the line, miles below.

    Both are measured on the ellipsoid at the bar's own latitude.
    """
    camera, pen, phrases, unit = frame.camera, frame.pen, frame.phrases, frame.unit
    size, gap, page = pen.px("scale"), BAR_GAP * unit, pen.theme.colours["page"]
    x, y = frame.bar.x0 + BAR_EDGE * unit, frame.bar.y0 + BAR_EDGE * unit + size
    km, miles = _lengths(camera, x, y)
    px, miles_px = _length_px(camera, x, y, km), _length_px(camera, x, y, miles / MILES_PER_KM)
    above = pen.run(phrases["km"].format(n=km), "scale", x + px + gap, y, ground=page, halo=page)
    below = pen.run(
        phrases["miles"].format(n=miles), "scale", x + miles_px + gap, y + 0.95 * size, ground=page, halo=page
    )
    around = Box(x - 2, y - size, max(above.box.x1, below.box.x1), below.box.y1)
    lon, lat = camera.degrees_at(x, y)
    return ScaleBar(x, y, km, px, miles, miles_px, lat, lon, (above, below), around)


def _lengths(camera: Camera, x: float, y: float) -> tuple[int, int]:
    """Return the round numbers of km and miles that fit the map."""
    room = LONGEST_SHARE * camera.map_box.width
    fitting = [km for km in STEPS_KM if _length_px(camera, x, y, km) <= room]
    km = fitting[-1] if fitting else STEPS_KM[0]
    shorter = [step for step in STEPS_KM if step <= km * MILES_PER_KM + 0.01]
    return km, shorter[-1] if shorter else 1


def _length_px(camera: Camera, x: float, y: float, km: float) -> float:
    """Return the pixels eastward from (x, y) that measure `km` on the ellipsoid."""
    lon, lat = camera.degrees_at(x, y)
    guess = km * 1000 * camera.px_per_m
    for _ in range(3):
        end_lon, end_lat = camera.degrees_at(x + guess, y)
        guess *= km * 1000 / GEOD.inv(lon, lat, end_lon, end_lat)[2]
    return float(guess)


def build_inset(frame: Frame, box: Box, capital: tuple[str, Point] | None) -> Inset:
    """Return the locator: the country's outline in a box, the frame of the map and the `capital` (name, point)."""
    outline = shapely.simplify(frame.materials.boundaries.country, COARSE_M)
    x0, y0, x1, y1 = outline.bounds
    inner, colours = box.grow(-9 * frame.unit), frame.theme.colours
    scale = min(inner.width / (x1 - x0), inner.height / (y1 - y0))
    left, top = inner.x0 + (inner.width - scale * (x1 - x0)) / 2, inner.y0 + (inner.height - scale * (y1 - y0)) / 2

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([left + (points[:, 0] - x0) * scale, top + (y1 - points[:, 1]) * scale])

    window = shapely.transform(frame.camera.window, move)
    country = shapely.transform(outline, move)
    seen = Box(*shapely.clip_by_rect(window, *box.grow(-3 * frame.unit)).bounds)
    if capital is None:
        return Inset(box, country, seen, (), None)
    name, at = capital
    x, y = shapely.get_coordinates(shapely.transform(at, move))[0].tolist()
    name_at = (x + 8 * frame.unit, y + 0.34 * frame.pen.px("key"))
    run = frame.pen.run(name, "key", *name_at, ground=colours["rule"], halo=colours["page"])
    return Inset(box, country, seen, (run,), (x, y))
