"""Scale bar and locator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..model import Box
from ..picture import Inset, ScaleBar
from .camera import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Point

    from .camera import Camera
    from .frame import Frame

MILES_PER_KM = 0.621371
STEPS_KM = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
COARSE_M = 1500  # the locator shows nothing finer
LONGEST_SHARE = 0.17  # of the map's width


def build_scale_bar(frame: Frame) -> ScaleBar:
    """Return the bar in the lower corner where it hides less of the country: km above the line, miles below.

    Both are measured on the ellipsoid at the bar's own latitude.
    """
    unit, box, card = frame.unit, frame.camera.map_box, frame.layout.card
    right = (card.x0 if card else box.x1) - 24 * unit
    left_bar = _bar_at(frame, box.x0 + 24 * unit)
    right_bar = _bar_at(frame, right - left_bar.box.width)
    land = frame.camera.to_px(frame.materials.boundaries.country)
    hidden = [land.intersection(shapely.box(*bar.box)).area for bar in (left_bar, right_bar)]
    return right_bar if hidden[1] < hidden[0] else left_bar


def _bar_at(frame: Frame, x: float) -> ScaleBar:
    camera, pen, phrases = frame.camera, frame.pen, frame.phrases
    unit, box = frame.unit, camera.map_box
    y = box.y1 - 34 * unit
    fitting = [km for km in STEPS_KM if _length_px(camera, x, y, km) <= LONGEST_SHARE * box.width]
    km = fitting[-1] if fitting else STEPS_KM[0]
    shorter = [step for step in STEPS_KM if step <= km * MILES_PER_KM + 0.01]
    miles = shorter[-1] if shorter else 1
    px, miles_px = _length_px(camera, x, y, km), _length_px(camera, x, y, miles / MILES_PER_KM)
    size, gap, page = pen.px("scale"), 5 * unit, pen.theme.colours["page"]
    above = pen.run(phrases["km"].format(n=km), "scale", x + px + gap, y, ground=page, halo=page)
    below = pen.run(
        phrases["miles"].format(n=miles), "scale", x + miles_px + gap, y + 0.95 * size, ground=page, halo=page
    )
    around = Box(x - 2, y - size, max(above.box.x1, below.box.x1), below.box.y1)
    return ScaleBar(x, y, km, px, miles, miles_px, camera.degrees_at(x, y)[1], (above, below), around)


def _length_px(camera: Camera, x: float, y: float, km: float) -> float:
    """Return the pixels eastward from (x, y) that measure `km` on the ellipsoid."""
    lon, lat = camera.degrees_at(x, y)
    guess = km * 1000 * camera.px_per_m
    for _ in range(3):
        end_lon, end_lat = camera.degrees_at(x + guess, y)
        guess *= km * 1000 / GEOD.inv(lon, lat, end_lon, end_lat)[2]
    return float(guess)


def build_inset(frame: Frame, box: Box, capital: str, at: Point) -> Inset:
    """Return the locator: the country's outline in a box, the frame of the map and the capital with its name."""
    outline = shapely.simplify(frame.materials.boundaries.country, COARSE_M)
    x0, y0, x1, y1 = outline.bounds
    inner, colours = box.grow(-4 * frame.unit), frame.theme.colours
    scale = min(inner.width / (x1 - x0), inner.height / (y1 - y0))
    left, top = box.x0 + (box.width - scale * (x1 - x0)) / 2, box.y0 + (box.height - scale * (y1 - y0)) / 2

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([left + (points[:, 0] - x0) * scale, top + (y1 - points[:, 1]) * scale])

    window = shapely.transform(shapely.box(*frame.camera.extent), move)
    x, y = shapely.get_coordinates(shapely.transform(at, move))[0].tolist()
    name_at = (x + 8 * frame.unit, y + 0.34 * frame.pen.px("key"))
    run = frame.pen.run(capital, "key", *name_at, ground=colours["rule"], halo=colours["page"])
    return Inset(box, shapely.transform(outline, move), Box(*shapely.clip_by_rect(window, *box).bounds), (run,), (x, y))
