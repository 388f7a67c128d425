"""Slivers between the edge of a drawn polygon and another line that nearly follows it: give them to a neighbour.

Nobody draws a border twice in the same way. Where a polygon's edge runs along another one's, or along the border of an
area, narrow faces are left between the two lines. Each joins the neighbour with which it shares most of its edge, of
those that differ from it by polygons alone: areas, borders and banks stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely
from shapely import STRtree

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import geopandas as gpd

    Geometries = npt.NDArray[np.object_]
    Names = tuple[str, ...]

SLIVER_M = 500.0  # mean width below which a face is a slip of the pen
MOST_KM2 = 50.0  # a larger one is land, however thin
CRUMB_KM2 = 4.0  # a smaller one is a slip of the pen, however wide
OWN_SHARE = 0.05  # of a polygon that is little itself: a larger part of it is no slip
DEPTH_M = 1200.0  # no land further than this from all lines is ever given away


def close_slivers(
    faces: Geometries, fixed: Sequence[Hashable], drawn: Sequence[Names], zones: gpd.GeoSeries
) -> list[Names]:
    """Return the polygons that each face belongs to once slivers have joined their neighbours.

    `fixed` is what else a face belongs to, `drawn` the names of the polygons it lies in. A polygon that is narrow or
    small itself, a corridor or a pocket, is meant.
    """
    found = list(drawn)
    left = _find_slivers(faces, found, zones)
    if not left:
        return found
    tree = STRtree(faces)
    while left:
        given = {at: home for at in sorted(left) if (home := _find_home(at, left, faces, fixed, tree)) >= 0}
        if not given:
            break
        found = [found[given.get(at, at)] for at in range(len(found))]
        left -= given.keys()
    return found


def _find_slivers(faces: Geometries, drawn: Sequence[Names], zones: gpd.GeoSeries) -> set[int]:
    little = (_widths(zones.to_numpy()) < 2 * SLIVER_M) | (zones.area < 2e6 * CRUMB_KM2).to_numpy()
    least = (OWN_SHARE * zones.area[little]).to_dict()
    area = shapely.area(faces)
    thin = (_widths(faces) < SLIVER_M) & (area < MOST_KM2 * 1e6)
    slips = np.flatnonzero(thin | (area < CRUMB_KM2 * 1e6)).tolist()
    meant = {at for at in slips if any(area[at] > least.get(name, np.inf) for name in drawn[at])}
    return {at for at in slips if at not in meant and faces[at].buffer(-DEPTH_M).is_empty}


def _widths(shapes: Geometries) -> npt.NDArray[np.float64]:
    """Return area over half the perimeter: the width of what is long and thin."""
    return np.asarray(2 * shapely.area(shapes) / shapely.length(shapes))


def _find_home(at: int, left: set[int], faces: Geometries, fixed: Sequence[Hashable], tree: STRtree) -> int:
    """Return the neighbour of a sliver that shares most of its edge, -1 where it has none to join yet."""
    beside: list[int] = tree.query(faces[at], predicate="intersects").tolist()
    peers = np.array([one for one in beside if one not in left and fixed[one] == fixed[at]], dtype=np.int64)
    if not len(peers):
        return -1
    shared = shapely.length(shapely.intersection(faces[at].boundary, shapely.boundary(faces[peers])))
    return int(peers[shared.argmax()]) if shared.max() > 0 else -1
