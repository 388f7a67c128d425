"""What lies under and beside the words, signs and lines of a scene: the uppermost patch at points of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from .colour import luminance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .model import Box
    from .picture import Line, Patch

    Points = NDArray[np.float64]

STEP_PX = 10.0  # between the points asked for along a line
BESIDE_PX = 1.5  # how far beyond the edge of a line or a sign
RARE = 0.01  # of the points asked for: a colour met less often is the tip of a corner
MIDDLE = 0.18  # luminance on which black and white text stand out alike (WCAG)


@dataclass(frozen=True, slots=True)
class Beneath:
    """The patches of a scene in the order they are drawn, and the colour where there is none."""

    patches: tuple[Patch, ...]
    bare: str

    def tops(self, points: Points) -> NDArray[np.int64]:
        """Return the position of the uppermost patch at every point (n x 2), -1 where there is none."""
        top, open_ = np.full(len(points), -1), np.arange(len(points))
        for at in range(len(self.patches) - 1, -1, -1):
            if not len(open_):
                break
            shapely.prepare(self.patches[at].geometry)
            inside = shapely.contains_xy(self.patches[at].geometry, points[open_])
            top[open_[inside]] = at
            open_ = open_[~inside]
        return top

    def parties_at(self, points: Iterable[tuple[float, float]]) -> list[str]:
        """Return the party whose land lies at each point, "" for none."""
        tops = self.tops(np.array(list(points), dtype=float).reshape(-1, 2))
        return [self.patches[at].party if at >= 0 else "" for at in tops.tolist()]

    def halo(self, box: Box) -> str:
        """Return, of the colours under a text, the one from which the text stands out most.

        Asked for are five points along the middle of its box; a colour under only one of them does not count.
        """
        xs = np.linspace(box.x0, box.x1, 5)
        found = self._fills(self.tops(np.column_stack([xs, np.full(5, (box.y0 + box.y1) / 2)])))
        common = [colour for colour in found if found.count(colour) > 1] or found
        # The sea is the lightest ground of a light theme and the darkest of a dark one: text is set against its kind.
        return (max if luminance(self.bare) > MIDDLE else min)(common, key=luminance)

    def around(self, boxes: Sequence[Box], map_box: Box) -> list[list[str]]:
        """Return the colours around each box, inside the map, in order."""
        return self._colours([_outline(box.grow(BESIDE_PX)) for box in boxes], map_box)

    def beside(self, groups: Sequence[Sequence[Line]], map_box: Box) -> list[list[str]]:
        """Return the colours on both sides of each group of lines, inside the map, in order."""
        return self._colours([np.concatenate([_both_sides(line) for line in lines]) for lines in groups], map_box)

    def _fills(self, tops: NDArray[np.int64]) -> list[str]:
        return [self.patches[at].fill if at >= 0 else self.bare for at in tops.tolist()]

    def _colours(self, groups: Sequence[Points], map_box: Box) -> list[list[str]]:
        if not groups:
            return []
        x0, y0, x1, y1 = map_box
        points = np.concatenate(groups)
        inside = (points[:, 0] > x0) & (points[:, 0] < x1) & (points[:, 1] > y0) & (points[:, 1] < y1)
        group = np.repeat(np.arange(len(groups)), [len(one) for one in groups])[inside]
        tops = self.tops(points[inside])
        counts = np.zeros((len(groups), len(self.patches) + 1), dtype=int)
        np.add.at(counts, (group, tops), 1)  # -1, no patch, is the last column
        return [self._common(row) for row in counts]

    def _common(self, counts: NDArray[np.int64]) -> list[str]:
        """Return the colours of patches met often enough, in order."""
        total: dict[str, int] = {}
        for at in np.flatnonzero(counts).tolist():
            colour = self.bare if at == len(self.patches) else self.patches[at].fill
            total[colour] = total.get(colour, 0) + int(counts[at])
        return sorted(colour for colour, number in total.items() if number > RARE * counts.sum())


def _outline(box: Box) -> Points:
    """Return points along the four sides of a box."""
    steps = np.linspace(0, 1, 9)
    xs, ys = box.x0 + steps * box.width, box.y0 + steps * box.height
    sides = [(xs, np.full(9, box.y0)), (xs, np.full(9, box.y1)), (np.full(9, box.x0), ys), (np.full(9, box.x1), ys)]
    return np.concatenate([np.column_stack(side) for side in sides])


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
