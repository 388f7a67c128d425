"""Panels on the map: each takes the emptiest corner, and the map moves where they would hide what is to be named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..model import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from .camera import Camera

CORNERS = (
    (0, 1),
    (1, 1),
    (0, 0),
    (1, 0),
)  # west or east, north or south: lower left, lower right, upper left, upper right
HIDDEN = 1e7  # px2 of land: what it costs to hide a point that is to be named
LOST = 3e7  # and to push it out of the map
MOVING = 30.0  # px2 of land: what it costs to move the map by a pixel
COARSE_PX = 3.0  # the country's outline as the panels see it
STEP, STEPS = 24.0, 6  # units between the moves of the map that are tried, and how many of them each way


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle to put into a corner of the map: its size in pixels, and the corners it may take.

    It takes a `spare` corner only where each of the others would hide a point that is to be named.
    """

    width: float
    height: float
    corners: Sequence[tuple[int, int]] = CORNERS
    spare: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A camera and the box of every panel on its map."""

    camera: Camera
    boxes: tuple[Box, ...]


def settle(
    camera: Camera,
    panels: Sequence[Panel],
    land: BaseGeometry,
    wanted: Sequence[tuple[float, float]],
    edge: Box,
    unit: float,
    frame: Box,
) -> Settled:
    """Return the camera, moved as little as can be, and the panels in their corners, so that no wanted point is hidden.

    `land` is the country and `wanted` points on the ground, in metres of the data's CRS; `edge` is the box within which
    panels and names stand, `frame` what must stay in the map, both in pixels.
    """
    best: tuple[float, Settled] | None = None
    seen = [one for one in wanted if edge.holds(_at(camera.point(*one)))]
    outline = camera.to_px(shapely.simplify(land, COARSE_PX / camera.px_per_m))
    for dx, dy in _moves(unit, camera.map_box, frame):
        moving = MOVING * float(np.hypot(dx, dy))
        if best is not None and moving >= best[0]:
            break
        moved = camera.shift(dx, dy)
        points = [moved.point(*one) for one in seen]
        boxes, cost = _put(panels, shapely.affinity.translate(outline, dx, dy), points, edge, 14 * unit)
        cost += moving + LOST * sum(not edge.grow(-8 * unit).holds(_at(point)) for point in points)
        if best is None or cost < best[0]:
            best = cost, Settled(moved, boxes)
    assert best is not None  # there is always the map as it stands
    return best[1]


def _at(point: tuple[float, float]) -> Box:
    return Box(*point, *point)


def _moves(unit: float, map_box: Box, frame: Box) -> Iterator[tuple[float, float]]:
    """Yield the moves that keep the frame in the map, the shortest first; to stay comes before all."""
    steps = (np.arange(-STEPS, STEPS + 1) * STEP * unit).tolist()
    moves = [(dx, dy) for dx in steps for dy in steps if map_box.grow(1).holds(frame.shift(dx, dy))]
    yield 0.0, 0.0
    yield from sorted(set(moves) - {(0.0, 0.0)}, key=lambda move: (round(float(np.hypot(*move)), 6), move))


def _put(
    panels: Sequence[Panel], land: BaseGeometry, points: Sequence[tuple[float, float]], edge: Box, air: float
) -> tuple[tuple[Box, ...], float]:
    """Return the panels in their corners, one by one, and what they hide: land in px2, points at HIDDEN each."""
    boxes: list[Box] = []
    total = 0.0
    for panel in panels:
        found: list[tuple[float, Box]] = []
        for corner in (*panel.corners, *panel.spare):
            if corner in panel.spare and any(cost < HIDDEN for cost, _ in found):
                break
            box = _corner(panel, corner, edge)
            if not any(box.grow(air / 2).overlaps(other) for other in boxes):
                hides = sum(box.grow(air).holds(_at(point)) for point in points)
                found.append((HIDDEN * hides + shapely.clip_by_rect(land, *box).area, box))
        if not found:
            boxes.append(_corner(panel, panel.corners[0], edge))
            total += HIDDEN * 10
            continue
        cost, box = min(found, key=lambda one: one[0])
        boxes.append(box)
        total += cost
    return tuple(boxes), total


def _corner(panel: Panel, corner: tuple[int, int], edge: Box) -> Box:
    x = edge.x0 if corner[0] == 0 else edge.x1 - panel.width
    y = edge.y0 if corner[1] == 0 else edge.y1 - panel.height
    return Box(x, y, x + panel.width, y + panel.height)
