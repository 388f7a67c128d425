"""What lies under and beside the signs and lines of a scene: the uppermost patch at points of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..model import Box
    from ..picture import Line, Patch

    Points = NDArray[np.float64]

STEP_PX = 10.0  # between the points asked for along a line
BESIDE_PX = 1.5  # how far beyond the edge of a line or a sign
RARE = 0.01  # of the points asked for: a colour met less often is the tip of a corner


@dataclass(frozen=True, slots=True)
class Beneath:
    """The patches of a scene in the order they are drawn, and the colour where there is none."""

    patches: tuple[Patch, ...]
    bare: str
    map_box: Box

    def tops(self, points: Points) -> list[Patch | None]:
        """Return the uppermost patch at every point."""
        top, open_ = np.full(len(points), -1), np.arange(len(points))
        for at in range(len(self.patches) - 1, -1, -1):
            if not len(open_):
                break
            shapely.prepare(self.patches[at].geometry)
            inside = shapely.contains_xy(self.patches[at].geometry, points[open_])
            top[open_[inside]] = at
            open_ = open_[~inside]
        return [self.patches[at] if at >= 0 else None for at in top.tolist()]

    def party_at(self, x: float, y: float) -> str:
        """Return the party whose land lies at a point, "" for none."""
        patch = self.tops(np.array([[x, y]]))[0]
        return patch.party if patch else ""

    def around(self, box: Box) -> list[str]:
        """Return the colours around a box, in order."""
        wide = box.grow(BESIDE_PX)
        steps = np.linspace(0, 1, 9)
        xs, ys = wide.x0 + steps * wide.width, wide.y0 + steps * wide.height
        edges = [(xs, np.full(9, wide.y0)), (xs, np.full(9, wide.y1)), (np.full(9, wide.x0), ys)]
        edges.append((np.full(9, wide.x1), ys))
        return self._colours(np.concatenate([np.column_stack(edge) for edge in edges]))

    def beside(self, lines: Sequence[Line]) -> list[str]:
        """Return the colours on both sides of lines, in order."""
        return self._colours(np.concatenate([_both_sides(line) for line in lines]))

    def _colours(self, points: Points) -> list[str]:
        x0, y0, x1, y1 = self.map_box
        x, y = points.T
        inside = points[(x > x0) & (x < x1) & (y > y0) & (y < y1)]
        found = [patch.fill if patch else self.bare for patch in self.tops(inside)]
        return sorted(colour for colour in set(found) if found.count(colour) > RARE * len(found))


def _both_sides(line: Line) -> Points:
    """Return points a little beside a line, left and right of it, step by step."""
    points, part = shapely.get_coordinates(
        shapely.get_parts(shapely.segmentize(line.geometry, STEP_PX)), return_index=True
    )
    joined = part[1:] == part[:-1]
    start, end = points[:-1][joined], points[1:][joined]
    along = end - start
    length = np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    aside = np.column_stack([-along[:, 1], along[:, 0]]) / length
    aside *= max(line.width, line.casing_width) / 2 + BESIDE_PX
    middle = (start + end) / 2
    return np.concatenate([middle + aside, middle - aside])
