"""Soften fronts for the eye: zones that read as zones and not as tessellation, still tiling the country exactly.

Only inner edges move. Every arc between two junctions is smoothed once, its ends fixed, and both sides share it; land
is then rebuilt from the arcs and the outline. What lies on a barrier or around a special area stays, and so do small
parts. An arc that would cross another one, carry a place to the other side or move too much land is smoothed less, at
last not at all. Softening is ink: areas, tags and exports use the cells as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, MultiPolygon, STRtree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Lines = NDArray[np.object_]
    Points = NDArray[np.float64]

MOST_M = 2000.0  # no point of a front moves further
STEP_M = 400.0  # between the points of a softened front
SIGMA_M = 3000.0  # width of the Gaussian along the front
SMALL_KM2 = 25.0  # parts smaller than this keep their shape
FIXED_M = 50.0  # an edge this near to a fixed line lies on it
MOST_SHARE = 0.01  # of a party's land may come or go
STRENGTHS = (1.0, 0.5, 0.25, 0.0)
GRID_M = 0.01  # as the cells are noded
STEPS_IN_M = 100.0
SIDE_M = 1.0  # how far beside a front its sides are asked for


def soften_zones(
    zones: gpd.GeoDataFrame, fronts: gpd.GeoDataFrame, *, places: Sequence[BaseGeometry], fixed: Iterable[BaseGeometry]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return zones and fronts softened, in the same form and CRS; `area_km2` stays that of the zones as they were.

    `places` are points that keep their side, `fixed` the lines that do not move: barriers, edges of special areas.
    """
    lines = fronts.geometry.to_numpy()
    if not len(lines):
        return zones, fronts
    outline = _trace_outline(shapely.normalize(shapely.coverage_union_all(zones.geometry.to_numpy()).boundary))
    before = Tiles(zones.geometry.to_numpy(), zones.index.to_numpy(dtype=object))
    pins = _near(np.asarray(places, dtype=object), lines)
    held = _parties_at(pins, before)
    still = _fix(tuple(fixed))
    level = np.where(_small(zones, lines), len(STRENGTHS) - 1, 0)
    while True:
        pairs = zip(lines, level.tolist(), strict=True)
        arcs = np.array([_smooth_arc(line, STRENGTHS[at], still) for line, at in pairs], dtype=object)
        tiles, faults = _rebuild(before, fronts, arcs, outline)
        if tiles is not None:
            faults |= _faults(before, tiles, fronts, pins, held)
        faults = {arc for arc in faults if level[arc] < len(STRENGTHS) - 1}
        if not faults:
            break
        level[sorted(faults)] += 1
    if tiles is None:
        return zones, fronts
    return _unite(zones, tiles), fronts.set_geometry(gpd.GeoSeries(arcs, index=fronts.index, crs=fronts.crs))


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """The lines that do not move. One object for one set of lines, so that arcs beside it can be kept."""

    lines: BaseGeometry


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The edge of all zones, in rings. One object for one edge, so that what is known of arcs beside it can be kept.

    `spots` holds the ring and the row of every point.
    """

    edge: BaseGeometry
    rings: tuple[Points, ...]
    spots: Mapping[tuple[float, float], tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """The faces between the arcs and whose they are; faces of one party never share an edge."""

    faces: Lines
    parties: Lines


@lru_cache(maxsize=4)
def _fix(lines: tuple[BaseGeometry, ...]) -> Still:
    union = shapely.union_all(list(lines))
    shapely.prepare(union)
    return Still(union)


@lru_cache(maxsize=4)
def _trace_outline(edge: BaseGeometry) -> Outline:
    shapely.prepare(edge)
    rings = tuple(shapely.get_coordinates(ring) for ring in shapely.get_parts(edge))
    spots = {(x, y): (at, row) for at, ring in enumerate(rings) for row, (x, y) in enumerate(ring[:-1].tolist())}
    return Outline(edge, rings, spots)


def _near(points: Lines, lines: Lines) -> Lines:
    """Return the points that a softened front could reach."""
    found = STRtree(points).query(lines, predicate="dwithin", distance=MOST_M + STEP_M)[1]
    return np.asarray(points[np.unique(found)], dtype=object)


def _parties_at(points: Lines, tiles: Tiles) -> Lines:
    """Return the party whose land holds each point, "" for a point in none or on an edge of several."""
    found = np.full(len(points), "", dtype=object)
    face, point = STRtree(points).query(tiles.faces, predicate="contains_properly")
    found[point] = tiles.parties[face]
    return found


def _small(zones: gpd.GeoDataFrame, lines: Lines) -> NDArray[np.bool_]:
    """Return which lines bound a part too small to be softened."""
    parts = shapely.get_parts(zones.geometry.to_numpy())
    small = parts[shapely.area(parts) < SMALL_KM2 * 1e6]
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    return np.isin(np.arange(len(lines)), STRtree(small).query(middles, predicate="dwithin", distance=GRID_M * 2)[0])


# One arc


@lru_cache(maxsize=2048)
def _smooth_arc(line: LineString, strength: float, still: Still) -> LineString:
    """Return an arc smoothed wherever it does not follow a fixed line; its ends stay."""
    if strength == 0:
        return line
    points = shapely.get_coordinates(line)
    middles = shapely.points((points[:-1] + points[1:]) / 2)
    bound = np.atleast_1d(shapely.dwithin(still.lines, middles, FIXED_M))
    if line.is_ring and not bound.any():
        return LineString(_round(_smooth_ring(points, strength)))
    cuts = [0, *(np.flatnonzero(bound[1:] != bound[:-1]) + 1), len(bound)]
    runs = [points[start : end + 1] for start, end in pairwise(cuts)]
    moved = [run if bound[at] else _smooth_run(run, strength) for run, at in zip(runs, cuts[:-1], strict=True)]
    return LineString(_round(np.concatenate([moved[0], *(run[1:] for run in moved[1:])])))


def _round(points: Points) -> Points:
    """Return points on the grid of the cells, to the very bit: GEOS divides by the steps in a metre."""
    return np.round(points * STEPS_IN_M) / STEPS_IN_M


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


def _rebuild(before: Tiles, fronts: gpd.GeoDataFrame, arcs: Lines, outline: Outline) -> tuple[Tiles | None, set[int]]:
    """Return the land between the arcs, or nothing and the arcs that cross where they must not."""
    faults, clean = _crossing(arcs, outline)
    if faults:
        return None, faults
    faces = shapely.get_parts(shapely.polygonize(_edges(arcs, outline, clean=clean)))
    owner: dict[int, str] = {}
    for arc, face, party in _sides(arcs, fronts, STRtree(faces)):
        if owner.setdefault(face, party) != party:
            faults.add(arc)
    whole = [face for face in range(len(faces)) if face not in owner]
    owner |= dict(zip(whole, _parties_at(shapely.point_on_surface(faces[whole]), before), strict=True))
    parties = np.array([owner[face] for face in range(len(faces))], dtype=object)
    if faults or "" in owner.values():
        return None, faults or set(range(len(arcs)))
    return Tiles(faces, parties), set()


def _edges(arcs: Lines, outline: Outline, *, clean: bool) -> Lines:
    """Return all edges between zones, cut where they meet; noded anew unless they are known to meet at ends alone."""
    if not clean:
        return shapely.get_parts(shapely.union_all([outline.edge, *arcs], grid_size=GRID_M))
    ends = {end for arc in arcs for end in _ends(arc)}
    cuts = [{0, len(ring) - 1} for ring in outline.rings]
    for at, row in (outline.spots[end] for end in ends & outline.spots.keys()):
        cuts[at].add(row)
    pieces = [
        LineString(ring[start : end + 1])
        for ring, rows in zip(outline.rings, cuts, strict=True)
        for start, end in pairwise(sorted(rows))
    ]
    return np.array([*pieces, *arcs], dtype=object)


@lru_cache(maxsize=2048)
def _ends(arc: LineString) -> tuple[tuple[float, float], tuple[float, float]]:
    points = shapely.get_coordinates(arc)
    return tuple(points[0].tolist()), tuple(points[-1].tolist())


def _crossing(arcs: Lines, outline: Outline) -> tuple[set[int], bool]:
    """Return the arcs that cross themselves, one another or the outline, and whether all others meet at very ends."""
    beside = np.array([_check_arc(arc, outline) for arc in arcs])
    one, other = STRtree(arcs).query(arcs, predicate="intersects")
    one, other = one[one < other], other[one < other]
    apart, clean = _meet_at_ends(arcs[one], arcs[other])
    faults = {*np.flatnonzero(~beside[:, 0]).tolist(), *one[~apart].tolist(), *other[~apart].tolist()}
    return faults, bool(clean.all() and beside[:, 1].all())


@lru_cache(maxsize=2048)
def _check_arc(arc: LineString, outline: Outline) -> tuple[bool, bool]:
    """Return whether an arc crosses neither itself nor the outline, and whether it meets that at its very ends."""
    apart, clean = _meet_at_ends(np.array([arc]), np.array([outline.edge]))
    return bool(arc.is_simple and apart[0]), bool(clean[0])


def _meet_at_ends(lines: Lines, others: Lines) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for pairs of lines whether they meet nowhere but near the ends of the first, and whether at its very ends.

    What meets within two centimetres of an end is a matter of rounding, not a crossing.
    """
    common, ends = shapely.intersection(lines, others), shapely.boundary(lines)
    clean = shapely.is_empty(common) | shapely.covers(ends, common)
    apart = clean.copy()
    apart[~clean] = shapely.covers(shapely.buffer(ends[~clean], 2 * GRID_M), common[~clean])
    return apart, clean


def _sides(arcs: Lines, fronts: gpd.GeoDataFrame, tree: STRtree) -> Iterable[tuple[int, int, str]]:
    """Yield arc, face and party for the land left and right of every arc."""
    for side, turn in (("left", 1.0), ("right", -1.0)):
        beside = shapely.points([_beside(arc, turn) for arc in arcs])
        found = tree.query(beside, predicate="within").T.tolist()
        parties = fronts[side].tolist()
        yield from ((arc, face, parties[arc]) for arc, face in found)


@lru_cache(maxsize=4096)
def _beside(arc: LineString, turn: float) -> Points:
    """Return a point a little left (turn 1) or right (-1) of an arc's longest straight piece."""
    points = shapely.get_coordinates(arc)
    ways = np.diff(points, axis=0)
    longest = int(np.hypot(*ways.T).argmax())
    dx, dy = ways[longest] / np.hypot(*ways[longest])
    middle = (points[longest] + points[longest + 1]) / 2
    beside: Points = middle + turn * SIDE_M * np.array([-dy, dx])
    return beside


def _unite(zones: gpd.GeoDataFrame, tiles: Tiles) -> gpd.GeoDataFrame:
    parts = [tiles.faces[tiles.parties == party] for party in zones.index]
    land = [mine[0] if len(mine) == 1 else MultiPolygon(list(mine)) for mine in parts]
    return zones.set_geometry(gpd.GeoSeries(land, index=zones.index, crs=zones.crs))


def _faults(before: Tiles, after: Tiles, fronts: gpd.GeoDataFrame, pins: Lines, held: Lines) -> set[int]:
    """Return the arcs near a place that changed sides, and those of a party whose land moved too much."""
    lost = pins[(_parties_at(pins, after) != held) & (held != "")]
    faults = set(STRtree(fronts.geometry.to_numpy()).query(lost, predicate="dwithin", distance=MOST_M + STEP_M)[1])
    was, now = _areas(before), _areas(after)
    restless = [party for party in was if abs(now.get(party, 0.0) / was[party] - 1) > MOST_SHARE]
    return faults | set(np.flatnonzero(fronts["left"].isin(restless) | fronts["right"].isin(restless)).tolist())


def _areas(tiles: Tiles) -> dict[str, float]:
    """Return the land of each party in m2."""
    size = shapely.area(tiles.faces)
    return {party: float(size[tiles.parties == party].sum()) for party in dict.fromkeys(tiles.parties)}
