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

    from shapely.geometry.base import BaseGeometry

    from .camera import Camera
    from .text import Pen

MILES_PER_KM = 0.621371
STEPS_KM = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
LONGEST_SHARE = 0.17  # of the map's width


def build_scale_bar(
    camera: Camera, pen: Pen, phrases: Mapping[str, Any], country: BaseGeometry, card: Box | None
) -> ScaleBar:
    """Return the bar in the lower corner where it hides less of the country: km above the line, miles below.

    Both are measured on the ellipsoid at the bar's own latitude.
    """
    unit, box = pen.size.unit, camera.map_box
    right = (card.x0 if card else box.x1) - 24 * unit
    left_bar = _bar_at(camera, pen, phrases, box.x0 + 24 * unit)
    right_bar = _bar_at(camera, pen, phrases, right - left_bar.box.width)
    land = camera.to_px(country)
    hidden = [land.intersection(shapely.box(*bar.box)).area for bar in (left_bar, right_bar)]
    return right_bar if hidden[1] < hidden[0] else left_bar


def _bar_at(camera: Camera, pen: Pen, phrases: Mapping[str, Any], x: float) -> ScaleBar:
    unit, box = pen.size.unit, camera.map_box
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


def build_inset(box: Box, country: BaseGeometry, camera: Camera, pen: Pen, capital: Any) -> Inset:
    """Return the locator: the country's outline in a box, the frame of the map and the capital with its name."""
    outline = shapely.simplify(country, 1500)
    x0, y0, x1, y1 = outline.bounds
    unit = pen.size.unit
    scale = min((box.width - 8 * unit) / (x1 - x0), (box.height - 8 * unit) / (y1 - y0))
    left = box.x0 + (box.width - scale * (x1 - x0)) / 2
    top = box.y0 + (box.height - scale * (y1 - y0)) / 2

    def move(points: Any) -> Any:
        return np.column_stack([left + (points[:, 0] - x0) * scale, top + (y1 - points[:, 1]) * scale])

    extent = camera.extent
    frame = shapely.transform(shapely.box(*extent), move)
    fx0, fy0, fx1, fy1 = shapely.clip_by_rect(frame, *box).bounds
    at = shapely.get_coordinates(shapely.transform(capital.geometry, move))[0]
    point = (float(at[0]), float(at[1]))
    run = pen.run(
        capital["name"],
        "key",
        point[0] + 8 * unit,
        point[1] + 0.34 * pen.px("key"),
        ground=pen.theme.colours["rule"],
        halo=pen.theme.colours["page"],
    )
    return Inset(box, shapely.transform(outline, move), Box(fx0, fy0, fx1, fy1), (run,), point)
