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

GAP_WIDTH_M = 200.0  # narrower gaps between neighbours are slips of the pen; wider ones are lakes or foreign land
SNAP_M = 0.5
SLIVER_WIDTH_M = 250.0  # overlaps narrower than this on average come from two ways to draw one border
SLIVER_SHARE = 0.1  # of the smaller area, whatever the width
REPAIR_SHARE = 0.01  # a repair that changes more of the area than this is a guess


class Overlap(NamedTuple):
    """Two areas that claim the same land: their positions, the first before the second, and how much."""

    first: int
    second: int
    area_km2: float


def repair(geometry: BaseGeometry) -> BaseGeometry | None:
    """Return a valid polygon with the same land, or None when mending would change the land."""
    mended = keep_polygons(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    before = abs(geometry.area)
    if mended.is_empty or before == 0 or abs(mended.area - before) > REPAIR_SHARE * before:
        return None
    return mended


def keep_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry, without the lines and points that cutting leaves."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def find_overlaps(geometries: Geometries) -> list[Overlap]:
    """Return the pairs of areas (metres) that share more land than slivers along a border."""
    if shapely.coverage_is_valid(geometries):
        return []
    return sorted(_measure_overlaps(geometries))


def _measure_overlaps(geometries: Geometries) -> Iterator[Overlap]:
    one, other = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    first, second = one[one < other], other[one < other]
    shared = shapely.intersection(geometries[first], geometries[second])
    area, width = shapely.area(shared), _mean_width(shared)
    smaller = np.minimum(shapely.area(geometries[first]), shapely.area(geometries[second]))
    wrong = ((area > 1e6) & (width > SLIVER_WIDTH_M)) | (area > SLIVER_SHARE * smaller)
    for at in np.flatnonzero(wrong):
        yield Overlap(int(first[at]), int(second[at]), float(area[at] / 1e6))


def _mean_width(geometries: Geometries) -> npt.NDArray[np.float64]:
    """Return area over half the perimeter: the width of a long thin polygon in its own units."""
    length = shapely.length(geometries)
    return np.divide(2 * shapely.area(geometries), length, out=np.zeros_like(length), where=length > 0)


def tile(geometries: Geometries) -> Geometries:
    """Return the areas (metres) as an exact coverage: shared borders vertex by vertex the same, slivers gone.

    A sound coverage comes back as it is.
    """
    if shapely.coverage_is_valid(geometries) and not _has_slits(geometries):
        return geometries
    cleaned: Geometries = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
        geometries, gap_width=GAP_WIDTH_M, snapping_distance=SNAP_M
    )
    return cleaned


def _has_slits(geometries: Geometries) -> bool:
    """Return whether land that no area claims, narrower than a gap may be, lies between the areas of a coverage."""
    parts = shapely.get_parts(shapely.coverage_union_all(geometries))
    holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    return bool((_mean_width(np.array(holes, dtype=object)) < GAP_WIDTH_M).any()) if holes else False


def merge_groups(geometries: Geometries, keys: Sequence[str]) -> dict[str, BaseGeometry]:
    """Return the union of the areas of a coverage that share a key, in the order in which the keys appear."""
    groups: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        groups.setdefault(key, []).append(at)
    return {key: shapely.coverage_union_all(geometries[members]) for key, members in groups.items()}
