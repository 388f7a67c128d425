"""Soften fronts for the eye: zones that read as zones and not as tessellation, still tiling the country exactly.

Only inner edges move. Every arc between two junctions is smoothed once, its ends fixed, and both sides share it; land
is then rebuilt from the arcs and the outline. What lies on a barrier or around a special area stays, and so do small
parts. An arc that would cross another one, carry a place to the other side or move too much land is smoothed less, at
last not at all. Softening is ink: areas, tags and exports use the cells as they are.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, STRtree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Points = NDArray[np.float64]

MOST_M = 2000.0  # no point of a front moves further
STEP_M = 400.0  # between the points of a softened front
SIGMA_M = 3000.0  # width of the Gaussian along the front
SMALL_KM2 = 25.0  # parts smaller than this keep their shape
FIXED_M = 50.0  # an edge this near to a fixed line lies on it
MOST_SHARE = 0.01  # of a party's land may come or go
STRENGTHS = (1.0, 0.5, 0.25, 0.0)
GRID_M = 0.01  # as the cells are noded
SIDE_M = 1.0  # how far beside a front its sides are asked for


def soften_zones(
    zones: gpd.GeoDataFrame, fronts: gpd.GeoDataFrame, *, places: Sequence[BaseGeometry], fixed: Iterable[BaseGeometry]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return zones and fronts softened, in the same form and CRS; `area_km2` stays that of the zones as they were.

    `places` are points that keep their side, `fixed` the lines that do not move: barriers, edges of special areas.
    """
    lines = list(fronts.geometry)
    if not lines:
        return zones, fronts
    outline = shapely.coverage_union_all(zones.geometry.to_numpy()).boundary
    pins = _near(np.asarray(places, dtype=object), lines)
    held = _parties_at(pins, zones)
    still = shapely.union_all(list(fixed))
    level = np.where(_small(zones, lines), len(STRENGTHS) - 1, 0)
    while True:
        arcs = [_smooth_arc(line, STRENGTHS[at], still) for line, at in zip(lines, level, strict=True)]
        soft, faults = _rebuild(zones, fronts, arcs, outline)
        if soft is not None:
            faults |= _faults(zones, soft, fronts, pins, held)
        faults = {arc for arc in faults if level[arc] < len(STRENGTHS) - 1}
        if not faults:
            break
        level[sorted(faults)] += 1
    if soft is None:
        return zones, fronts
    return soft, fronts.set_geometry(gpd.GeoSeries(arcs, index=fronts.index, crs=fronts.crs))


def _near(points: NDArray[np.object_], lines: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    """Return the points that a softened front could reach."""
    return points[np.atleast_1d(shapely.dwithin(points, shapely.union_all(list(lines)), MOST_M + STEP_M))]


def _parties_at(points: NDArray[np.object_], zones: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the party whose zone holds each point, "" for a point in none or on an edge of several."""
    found = np.full(len(points), "", dtype=object)
    point, zone = STRtree(zones.geometry.to_numpy()).query(points, predicate="within")
    found[point] = zones.index.to_numpy()[zone]
    return found


def _small(zones: gpd.GeoDataFrame, lines: Sequence[BaseGeometry]) -> NDArray[np.bool_]:
    """Return which lines bound a part too small to be softened."""
    parts = shapely.get_parts(zones.geometry.to_numpy())
    small = parts[shapely.area(parts) < SMALL_KM2 * 1e6]
    middles = np.array([line.interpolate(0.5, normalized=True) for line in lines], dtype=object)
    return np.isin(np.arange(len(lines)), STRtree(small).query(middles, predicate="dwithin", distance=GRID_M * 2)[0])


# One arc


def _smooth_arc(line: LineString, strength: float, still: BaseGeometry) -> LineString:
    """Return an arc smoothed wherever it does not follow a fixed line; its ends stay."""
    if strength == 0:
        return line
    points = shapely.get_coordinates(line)
    middles = shapely.points((points[:-1] + points[1:]) / 2)
    bound = np.atleast_1d(shapely.dwithin(middles, still, FIXED_M))
    if line.is_ring and not bound.any():
        return LineString(_smooth_ring(points, strength))
    cuts = [0, *(np.flatnonzero(bound[1:] != bound[:-1]) + 1), len(bound)]
    runs = [points[start : end + 1] for start, end in pairwise(cuts)]
    moved = [run if bound[at] else _smooth_run(run, strength) for run, at in zip(runs, cuts[:-1], strict=True)]
    return LineString(np.concatenate([moved[0], *(run[1:] for run in moved[1:])]))


def _smooth_run(points: Points, strength: float) -> Points:
    """Return an open run of points smoothed; mirrored beyond its ends, so that these stay where they are."""
    evenly = _resample(points)
    count = len(evenly)
    if count < 4:
        return points
    weights = _weights(strength, (count - 1) * STEP_M)
    reach = min(len(weights) // 2, count - 1)
    weights = weights[len(weights) // 2 - reach : len(weights) // 2 + reach + 1]
    before = 2 * evenly[0] - evenly[reach:0:-1]
    after = 2 * evenly[-1] - evenly[-2 : -2 - reach : -1]
    smooth = _limit(evenly, _blur(np.concatenate([before, evenly, after]), weights / weights.sum()))
    smooth[0], smooth[-1] = points[0], points[-1]
    return smooth


def _smooth_ring(points: Points, strength: float) -> Points:
    """Return a closed ring of points smoothed all round."""
    evenly = _resample(points)[:-1]
    if len(evenly) < 8:
        return points
    weights = _weights(strength, len(evenly) * STEP_M / 2)
    reach = min(len(weights) // 2, len(evenly) // 2)
    weights = weights[len(weights) // 2 - reach : len(weights) // 2 + reach + 1]
    around = np.concatenate([evenly[-reach:], evenly, evenly[:reach]])
    smooth = _limit(evenly, _blur(around, weights / weights.sum()))
    return np.concatenate([smooth, smooth[:1]])


def _resample(points: Points) -> Points:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, along[-1], max(int(np.ceil(along[-1] / STEP_M)), 1) + 1)
    return np.column_stack([np.interp(at, along, points[:, 0]), np.interp(at, along, points[:, 1])])


def _weights(strength: float, length_m: float) -> NDArray[np.float64]:
    """Return a Gaussian over the steps of a front, narrower on a short one."""
    sigma = max(strength * min(SIGMA_M, length_m / 5), STEP_M / 2) / STEP_M
    steps = np.arange(-int(np.ceil(3 * sigma)), int(np.ceil(3 * sigma)) + 1)
    return np.asarray(np.exp(-((steps / sigma) ** 2) / 2), dtype=float)


def _blur(points: Points, weights: NDArray[np.float64]) -> Points:
    return np.column_stack([np.convolve(column, weights, mode="valid") for column in points.T])


def _limit(was: Points, now: Points) -> Points:
    """Return the points, those that moved too far brought back along their way."""
    way = now - was
    far = np.hypot(*way.T)
    allowed = MOST_M - STEP_M / 2  # a resampled corner lies up to half a step off the line already
    limited: Points = was + way * np.minimum(1.0, allowed / np.maximum(far, 1e-9))[:, None]
    return limited


# The land between arcs


def _rebuild(
    zones: gpd.GeoDataFrame, fronts: gpd.GeoDataFrame, arcs: Sequence[LineString], outline: BaseGeometry
) -> tuple[gpd.GeoDataFrame | None, set[int]]:
    """Return the zones between the arcs, or nothing and the arcs that cross where they must not."""
    if faults := _crossing(arcs, outline):
        return None, faults
    edges = shapely.union_all([outline, *arcs], grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(edges))))
    tree = STRtree(faces)
    owner: dict[int, str] = {}
    for arc, face, party in _sides(arcs, fronts, tree):
        if owner.setdefault(face, party) != party:
            faults.add(arc)
    whole = [face for face in range(len(faces)) if face not in owner]
    points = np.array([faces[face].representative_point() for face in whole], dtype=object)
    owner |= dict(zip(whole, _parties_at(points, zones), strict=True))
    if faults or any(party not in zones.index for party in owner.values()):
        return None, faults or set(range(len(arcs)))
    return _unite(zones, faces, owner), set()


def _crossing(arcs: Sequence[LineString], outline: BaseGeometry) -> set[int]:
    """Return the arcs that cross themselves, one another or the outline; meeting at ends is no crossing."""
    lines = np.array(arcs, dtype=object)
    faults = set(np.flatnonzero(~shapely.is_simple(lines)).tolist())
    one, other = STRtree(lines).query(lines, predicate="intersects")
    one, other = one[one < other], other[one < other]
    wrong = ~_meet_at_ends(lines[one], lines[other])
    faults |= set(one[wrong].tolist()) | set(other[wrong].tolist())
    return faults | set(np.flatnonzero(~_meet_at_ends(lines, np.full(len(lines), outline))).tolist())


def _meet_at_ends(lines: NDArray[np.object_], others: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return for pairs of lines whether they meet nowhere but at the ends of the first."""
    common = shapely.intersection(lines, others)
    ends = shapely.buffer(shapely.boundary(lines), 2 * GRID_M)
    apart: NDArray[np.bool_] = shapely.is_empty(common) | shapely.covers(ends, common)
    return apart


def _sides(arcs: Sequence[LineString], fronts: gpd.GeoDataFrame, tree: STRtree) -> Iterable[tuple[int, int, str]]:
    """Yield arc, face and party for the land left and right of every arc."""
    for side, turn in (("left", 1.0), ("right", -1.0)):
        beside = shapely.points([_beside(arc, turn) for arc in arcs])
        found = tree.query(beside, predicate="within").T
        parties = fronts[side].to_numpy()
        yield from ((int(arc), int(face), str(parties[arc])) for arc, face in found)


def _beside(arc: LineString, turn: float) -> Points:
    """Return a point a little left (turn 1) or right (-1) of an arc's longest straight piece."""
    points = shapely.get_coordinates(arc)
    ways = np.diff(points, axis=0)
    longest = int(np.hypot(*ways.T).argmax())
    dx, dy = ways[longest] / np.hypot(*ways[longest])
    middle = (points[longest] + points[longest + 1]) / 2
    beside: Points = middle + turn * SIDE_M * np.array([-dy, dx])
    return beside


def _unite(zones: gpd.GeoDataFrame, faces: NDArray[np.object_], owner: dict[int, str]) -> gpd.GeoDataFrame:
    parties = np.array([owner[face] for face in range(len(faces))], dtype=object)
    land = [shapely.coverage_union_all(faces[parties == party]) for party in zones.index]
    return zones.set_geometry(gpd.GeoSeries(land, index=zones.index, crs=zones.crs))


def _faults(
    zones: gpd.GeoDataFrame,
    soft: gpd.GeoDataFrame,
    fronts: gpd.GeoDataFrame,
    pins: NDArray[np.object_],
    held: NDArray[np.object_],
) -> set[int]:
    """Return the arcs near a place that changed sides, and those of a party whose land moved too much."""
    lines = fronts.geometry.to_numpy()
    lost = pins[(_parties_at(pins, soft) != held) & (held != "")]
    faults = set(STRtree(lines).query(lost, predicate="dwithin", distance=MOST_M + STEP_M)[1].tolist())
    moved = (soft.geometry.area / zones.geometry.area - 1).abs() > MOST_SHARE
    restless = list(zones.index[moved.to_numpy()])
    return faults | set(np.flatnonzero(fronts["left"].isin(restless) | fronts["right"].isin(restless)).tolist())
