"""Polygons that tile: find what keeps areas from tiling, mend slivers, leave sound tilings untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

Geometries = npt.NDArray[np.object_]

NOISE_M = 20.0  # published files disagree by this much along a border: tiling may move it so far without a word
GAP_WIDTH_M = 200.0  # narrower gaps between neighbours are slips of the pen; wider ones are lakes or foreign land
SNAP_M = 0.5
SLIVER_WIDTH_M = 250.0  # overlaps narrower than this on average come from two ways to draw one border
SLIVER_SHARE = 0.1  # of the smaller area, whatever the width
REPAIR_SHARE = 0.01  # a repair that changes more of the area than this is a guess
SLIT = 12.0  # times longer than wide: a gap that is open to the outside is a slit, and no corner of the outline


class Overlap(NamedTuple):
    """Two areas that claim the same land: their positions, the first before the second, how much and where.

    `narrow` is whether it is a strip along a border, which either may have.
    """

    first: int
    second: int
    area_km2: float
    spot: BaseGeometry
    narrow: bool


class Gap(NamedTuple):
    """Land that no area claims: between which areas it lies.

    `narrow` is whether it is a strip along a border, `noise` whether it is nowhere wider than published files have it,
    `open` whether it reaches the outside.
    """

    land: BaseGeometry
    between: tuple[int, ...]
    narrow: bool
    noise: bool
    open: bool


class Reading(NamedTuple):
    """An outline that crosses itself, read as land: where it does, why that is wrong, how much land is in doubt.

    `share` is the part of the land that is in doubt, None where it is too much to be mended.
    """

    land: BaseGeometry
    spot: BaseGeometry
    reason: str
    doubt_m2: float
    share: float | None


def read_outline(geometry: BaseGeometry) -> Reading:
    """Return an invalid polygon (metres) as valid land. What is in doubt and no wider than noise does not count."""
    reason, _, at = shapely.is_valid_reason(geometry).partition("[")
    spot = shapely.Point(*map(float, at.rstrip("]").split()[:2])) if at else geometry.representative_point()
    land = keep_polygons(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(shapely.get_rings(shapely.get_parts(geometry)))]))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    odd = [face for face, turns in zip(faces, _count_turns(geometry, inner), strict=True) if turns not in (0, 1)]
    doubt = sum(part.area for face in odd for part in _wide(face))
    lost = abs(land.area - abs(geometry.area))
    sound = land.area > 0 and max(doubt, lost) <= REPAIR_SHARE * land.area
    return Reading(land, spot, reason, doubt, doubt / land.area if sound else None)


def _count_turns(geometry: BaseGeometry, points: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return how often the outlines of polygons run round each point: once inside, never outside; else in doubt."""
    turns = np.zeros(len(points))
    for part in shapely.get_parts(geometry):
        for ring in shapely.get_rings(part):
            xy = shapely.get_coordinates(ring)
            step_x, step_y = (xy[None, :, at] - points[:, at, None] for at in (0, 1))
            cross = step_x[:, :-1] * step_y[:, 1:] - step_x[:, 1:] * step_y[:, :-1]
            ahead = step_x[:, :-1] * step_x[:, 1:] + step_y[:, :-1] * step_y[:, 1:]
            wanted = 1 if ring.equals(part.exterior) else -1
            turns += wanted * _sense(xy) * np.arctan2(cross, ahead).sum(axis=1) / (2 * np.pi)
    return np.rint(turns).astype(np.int64)


def _sense(ring: npt.NDArray[np.float64]) -> float:
    """Return 1 for a ring that runs against the clock on the whole, -1 for one that runs with it."""
    x, y = (ring - ring[0]).T
    return 1.0 if (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() >= 0 else -1.0


def is_noise(polygon: BaseGeometry) -> bool:
    """Return whether a polygon (metres) is nowhere wider than what published files disagree by."""
    if _mean_width(polygon) > NOISE_M:  # the widest place of a polygon is at least that
        return False
    return bool(shapely.buffer(polygon, -NOISE_M / 2).is_empty)


def _wide(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the parts of a geometry that are more than noise, the largest first."""
    parts = [part for part in shapely.get_parts(keep_polygons(geometry)) if not is_noise(part)]
    return sorted(parts, key=lambda part: -part.area)


def keep_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry, without the lines and points that cutting leaves."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def find_overlaps(geometries: Geometries) -> list[Overlap]:
    """Return the pairs of areas (metres) that share more land than noise along a border."""
    if shapely.coverage_is_valid(geometries):
        return []
    return sorted(_measure_overlaps(geometries), key=lambda pair: pair[:2])


def _measure_overlaps(geometries: Geometries) -> Iterator[Overlap]:
    one, other = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    first, second = one[one < other], other[one < other]
    shared = shapely.intersection(geometries[first], geometries[second])
    smaller = np.minimum(shapely.area(geometries[first]), shapely.area(geometries[second]))
    for at, land in enumerate(shared):
        parts = _wide(land)
        area = sum(part.area for part in parts)
        if parts:
            large = any(part.area > 1e6 and _mean_width(part) > SLIVER_WIDTH_M for part in parts)
            narrow = not large and area <= SLIVER_SHARE * smaller[at]
            spot = shapely.point_on_surface(parts[0])
            yield Overlap(int(first[at]), int(second[at]), area / 1e6, spot, bool(narrow))


def find_gaps(geometries: Geometries) -> list[Gap]:
    """Return the land between areas (metres) that none claims."""
    sound = shapely.coverage_is_valid(geometries)
    whole = shapely.coverage_union_all(geometries) if sound else shapely.union_all(geometries)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    holes = holes if len(geometries) > 1 else []  # what lies round a single area's hole is no gap between areas
    tree = shapely.STRtree(geometries)
    found = []
    for land, open_ in [*((hole, False) for hole in holes), *((slit, True) for slit in _slits(geometries, whole))]:
        between = tuple(sorted(int(at) for at in tree.query(land, predicate="dwithin", distance=SNAP_M)))
        narrow = bool(shapely.buffer(land, -GAP_WIDTH_M / 2).is_empty)
        found.append(Gap(land, between, narrow, is_noise(land), open_))
    return found


def _slits(geometries: Geometries, whole: BaseGeometry) -> list[BaseGeometry]:
    """Return the gaps that are open to the outside: long narrow bays between two areas."""
    width_m = GAP_WIDTH_M
    edges = shapely.coverage_invalid_edges(geometries, gap_width=width_m)
    edges = edges[~shapely.is_empty(edges)]
    if not len(edges):
        return []
    near = shapely.union_all(shapely.buffer(edges, 2 * width_m))
    closed = whole.buffer(width_m / 2, join_style="mitre").buffer(-width_m / 2, join_style="mitre")
    bays = shapely.get_parts(keep_polygons(shapely.difference(closed, whole).intersection(near)))
    tree = shapely.STRtree(geometries)
    shared = [len(tree.query(bay, predicate="dwithin", distance=SNAP_M)) > 1 for bay in bays]
    return [bay for bay, two in zip(bays, shared, strict=True) if two and bay.area > 1 and _elongation(bay) > SLIT]


def _elongation(polygon: BaseGeometry) -> float:
    """Return how many times longer than wide a long narrow polygon is."""
    return float(polygon.length**2 / (4 * polygon.area)) if polygon.area else 0.0


def _mean_width(polygon: BaseGeometry) -> float:
    """Return area over half the perimeter: the width of a long thin polygon in its own units."""
    return float(2 * polygon.area / polygon.length) if polygon.length else 0.0


def tile(geometries: Geometries, gaps: Sequence[Gap] = (), *, width_m: float = NOISE_M) -> Geometries:
    """Return the areas (metres) as an exact coverage: shared borders vertex by vertex the same, slivers gone.

    The `gaps` up to a width go to the neighbour with the longest border. A sound coverage comes back as it is.
    """
    closing = [gap for gap in gaps if gap.noise or (gap.narrow and width_m >= GAP_WIDTH_M)]
    if not closing and shapely.coverage_is_valid(geometries):
        return geometries
    filled = geometries.copy()
    for gap in closing:
        if gap.open:  # an enclosed one is merged below
            touch = [gap.land.boundary.intersection(geometries[at].buffer(SNAP_M)).length for at in gap.between]
            owner = gap.between[int(np.argmax(touch))]
            filled[owner] = keep_polygons(shapely.union(filled[owner], gap.land, grid_size=0.001))
    cleaned: Geometries = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
        filled, gap_width=width_m, snapping_distance=SNAP_M
    )
    return cleaned


def merge_groups(geometries: Geometries, keys: Sequence[str]) -> dict[str, BaseGeometry]:
    """Return the union of the areas of a coverage that share a key, in the order in which the keys appear."""
    groups: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        groups.setdefault(key, []).append(at)
    return {key: shapely.coverage_union_all(geometries[members]) for key, members in groups.items()}
