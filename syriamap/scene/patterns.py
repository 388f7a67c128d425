"""Patterns over land: strokes inside an area, in register on the whole canvas, the same for the map and its key."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiLineString, Point

from ..picture import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..theme import PartyStyle

SPECK = 0.01  # pixels: a stroke of almost no length, which round ends make a dot
STRIPE_PITCH, STRIPE_WIDTH, EDGE_WIDTH = 12.7, 4.5, 1.1  # units: a rival's stripes and the line on either side of them
SECOND_PITCH, SECOND_WIDTH = 15.0, 3.6  # units: the stripes of whom a second source names
DASH_PITCH, DASH, DASH_WIDTH, DASH_REACH = 17.0, 4.4, 0.9, 2.4  # units: the dashes on land of old news
RING_GAP, RING_WIDTH = 2.2, 0.9  # units: the ring around a dot of old news
HATCH_PITCH, HATCH_WIDTH = 9.0, 1.2  # units: the hatch of a claim


def stripes(area: BaseGeometry, pitch: float) -> BaseGeometry:
    """Return lines rising at 45 degrees inside an area, `pitch` pixels apart."""
    x0, y0, x1, y1 = area.bounds
    return _inside(area, [[(c - y0, y0), (c - y1, y1)] for c in _steps(x0 + y0, x1 + y1, pitch * np.sqrt(2))])


def backstripes(area: BaseGeometry, pitch: float) -> BaseGeometry:
    """Return lines falling at 45 degrees inside an area, `pitch` pixels apart."""
    x0, y0, x1, y1 = area.bounds
    return _inside(area, [[(c + y0, y0), (c + y1, y1)] for c in _steps(x0 - y1, x1 - y0, pitch * np.sqrt(2))])


def lines(area: BaseGeometry, pitch: float) -> BaseGeometry:
    """Return level lines inside an area, `pitch` pixels apart."""
    x0, y0, x1, y1 = area.bounds
    return _inside(area, [[(x0, y), (x1, y)] for y in _steps(y0, y1, pitch)])


def bars(area: BaseGeometry, pitch: float) -> BaseGeometry:
    """Return upright lines inside an area, `pitch` pixels apart."""
    x0, y0, x1, y1 = area.bounds
    return _inside(area, [[(x, y0), (x, y1)] for x in _steps(x0, x1, pitch)])


def grid(area: BaseGeometry, pitch: float) -> BaseGeometry:
    """Return level and upright lines inside an area, `pitch` pixels apart."""
    return shapely.union_all([lines(area, pitch), bars(area, pitch)])


def dots(area: BaseGeometry, pitch: float) -> BaseGeometry:
    """Return dots inside an area in staggered rows `pitch` pixels apart, each a stroke of SPECK length."""
    at = _lattice(area, pitch)
    return MultiLineString(list(np.stack([at, at + np.array([SPECK, 0])], axis=1)))


def dashes(area: BaseGeometry, colour: str, unit: float) -> Line:
    """Return short level strokes inside an area in staggered rows: what lies on land that was last spoken of long ago.

    No stroke is cut by the edge of the area.
    """
    at, arm = _lattice(area.buffer(-DASH_REACH * unit, quad_segs=2), DASH_PITCH * unit), np.array([DASH * unit / 2, 0])
    return Line("stale", MultiLineString(list(np.stack([at - arm, at + arm], axis=1))), colour, DASH_WIDTH * unit)


def ring_around(dots: Iterable[tuple[tuple[float, float], float]], colour: str, unit: float) -> Line:
    """Return a ring around every dot, given by middle and radius: what `dashes` are to land."""
    rings = [Point(at).buffer(radius + RING_GAP * unit, quad_segs=8).exterior for at, radius in dots]
    return Line("stale", MultiLineString(rings), colour, RING_WIDTH * unit)


def crosses(area: BaseGeometry, pitch: float) -> BaseGeometry:
    """Return upright crosses inside an area in staggered rows `pitch` pixels apart, half a pitch wide."""
    at, arm = _lattice(area, pitch), pitch / 4
    strokes = [np.stack([at - reach, at + reach], axis=1) for reach in (np.array([arm, 0]), np.array([0, arm]))]
    return _inside(area, np.concatenate(strokes))


HATCHES = {"only-first": stripes, "only-second": backstripes, "status": lines}  # by the look of the land
# Name in a theme: how to draw it, pitch and width of the strokes in units.
PATTERNS: dict[str, tuple[Callable[[BaseGeometry, float], BaseGeometry], float, float]] = {
    "stripes": (stripes, 10.0, 3.0),
    "backstripes": (backstripes, 9.0, 1.4),
    "lines": (lines, 8.0, 1.6),
    "bars": (bars, 8.0, 1.6),
    "dots": (dots, 9.0, 2.4),
    "crosses": (crosses, 14.0, 1.4),
    "grid": (grid, 10.0, 1.0),
}


def pattern(style: PartyStyle, area: BaseGeometry, unit: float) -> list[Line]:
    """Return a party's own pattern over an area in pixels; nothing for a party that has none. KeyError for a name
    that PATTERNS does not hold.
    """
    if not style.pattern or area.is_empty:
        return []
    draw, pitch, width = PATTERNS[style.pattern]
    return _kept(Line("pattern", draw(area, pitch * unit), style.pattern_colour, width * unit))


OCTAGON = [(0.42 * float(np.cos(turn)), 0.42 * float(np.sin(turn))) for turn in np.linspace(0, 2 * np.pi, 9)]
# The stroke of a pattern on a dot, in radii around its middle; a ring is a mark alone and no pattern.
MARKS: dict[str, list[tuple[tuple[float, float], tuple[float, float]]]] = {
    "stripes": [((-0.62, 0.62), (0.62, -0.62))],
    "backstripes": [((-0.62, -0.62), (0.62, 0.62))],
    "lines": [((-0.85, 0.0), (0.85, 0.0))],
    "bars": [((0.0, -0.85), (0.0, 0.85))],
    "dots": [((0.0, 0.0), (SPECK, 0.0))],
    "crosses": [((-0.85, 0.0), (0.85, 0.0)), ((0.0, -0.85), (0.0, 0.85))],
    "ring": list(pairwise(OCTAGON)),
    "grid": [((-0.6, 0.6), (0.6, -0.6)), ((-0.6, -0.6), (0.6, 0.6))],
}
MARK_WIDTH = 0.3  # radii
MARK_WIDTHS = {"dots": 0.75, "ring": 0.18}  # of those that are not strokes across the dot


def mark_lines(name: str, at: tuple[float, float], radius: float, colour: str) -> list[Line]:
    """Return what stands for a pattern on a dot, which is too small for the pattern itself; nothing without one."""
    strokes = np.array(MARKS.get(name, [])).reshape(-1, 2, 2) * radius + np.array(at)
    width = MARK_WIDTHS.get(name, MARK_WIDTH) * radius
    return [Line("dot-mark", MultiLineString(list(strokes)), colour, width)] if len(strokes) else []


def contested(area: BaseGeometry, rival: str, edge: str, unit: float) -> list[Line]:
    """Return stripes in a rival's colour, with lines of the colour `edge` between them and the holder's land.

    The lines are what tells the two apart when their colours do not.
    """
    wide = (STRIPE_WIDTH + 2 * EDGE_WIDTH) * unit
    drawn = _everywhere(area, stripes(area, STRIPE_PITCH * unit))
    return _kept(Line("contested", drawn, rival, STRIPE_WIDTH * unit, (), edge, wide))


def differing(area: BaseGeometry, second: str, edge: str, unit: float) -> list[Line]:
    """Return stripes in the colour of whom a second source names, narrow on the ground of whom the first names.

    The ground has by far the larger part, so that two holders in turned roles are told apart.
    """
    wide = (SECOND_WIDTH + 2 * EDGE_WIDTH) * unit
    drawn = _everywhere(area, stripes(area, SECOND_PITCH * unit))
    return _kept(Line("differs", drawn, second, SECOND_WIDTH * unit, (), edge, wide))


def hatched(area: BaseGeometry, look: str, colour: str, unit: float) -> list[Line]:
    """Return a thin hatch over land of which one source says nothing, or the two something else of one holder."""
    drawn = _everywhere(area, HATCHES[look](area, HATCH_PITCH * unit))
    return _kept(Line(look, drawn, colour, HATCH_WIDTH * unit))


def claimed(area: BaseGeometry, colour: str, unit: float, *, outlined: bool = True) -> list[Line]:
    """Return a thin hatch and the outline of an area, in one colour."""
    hatch = _everywhere(area, stripes(area, HATCH_PITCH * unit))
    found = [hatch, area.boundary] if outlined else [hatch]
    return [line for drawn in found for line in _kept(Line("claimed", drawn, colour, HATCH_WIDTH * unit))]


def _everywhere(area: BaseGeometry, strokes: BaseGeometry) -> BaseGeometry:
    """Return strokes with one more through every part of an area that is too small to be met by any."""
    missed = [part for part in shapely.get_parts(area) if not part.intersects(strokes)]
    found = [strokes]
    for part in missed:
        (x, y), reach = part.representative_point().coords[0], sum(part.bounds[2:]) - sum(part.bounds[:2])
        found.append(_inside(part, [[(x - reach, y + reach), (x + reach, y - reach)]]))
    return shapely.union_all(found) if missed else strokes


def _kept(line: Line) -> list[Line]:
    return [] if line.geometry.is_empty else [line]


def _steps(start: float, end: float, step: float) -> NDArray[np.float64]:
    """Return the multiples of a step from below `start` to beyond `end`: the same ones whatever the area."""
    return np.arange(np.floor(start / step), np.ceil(end / step) + 1) * step


def _inside(area: BaseGeometry, strokes: list[list[tuple[float, float]]] | NDArray[np.float64]) -> BaseGeometry:
    """Return the parts of strokes that lie inside an area, points left out."""
    cut = shapely.intersection(MultiLineString(list(strokes)), area)
    parts = [part for part in shapely.get_parts(cut) if part.geom_type == "LineString" and not part.is_empty]
    return MultiLineString(parts)


def _lattice(area: BaseGeometry, pitch: float) -> NDArray[np.float64]:
    """Return the points of a staggered lattice inside an area."""
    x0, y0, x1, y1 = area.bounds
    rows = np.arange(np.floor(y0 / pitch), np.ceil(y1 / pitch) + 1)
    gx, gy = np.meshgrid(_steps(x0, x1, pitch), rows * pitch)
    gx = gx + (rows % 2)[:, None] * pitch / 2
    shapely.prepare(area)
    inside = shapely.contains_xy(area, gx.ravel(), gy.ravel())
    return np.column_stack([gx.ravel(), gy.ravel()])[inside]
