"""Lines on the land: how long they are on the ellipsoid, and how much of one lies on whose land."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod, Transformer

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from .model import Cells

GEOD = Geod(ellps="WGS84")


def km_by_holder(line: BaseGeometry, cells: Cells, holder: NDArray[np.object_]) -> dict[str, float]:
    """Return the km of a line on the ellipsoid by whose land it runs through; `holder` is that of every cell."""
    at, km = _km_by_cell(line, cells)
    found: dict[str, float] = {}
    for party, length in zip(holder[at].tolist(), km.tolist(), strict=True):
        found[party] = found.get(party, 0.0) + length
    return found


@lru_cache(maxsize=256)
def _km_by_cell(line: BaseGeometry, cells: Cells) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the cells that a line runs through and its km in each: the same on every day of these cells."""
    land = cells.frame.geometry
    near = land.sindex.query(line, predicate="intersects")
    pieces = shapely.intersection(line, land.to_numpy()[near])
    km = np.array([measure_km(keep_lines(piece), cells.crs) for piece in pieces])
    return near[km > 0], km[km > 0]


def measure_km(line: BaseGeometry, crs: str) -> float:
    """Return the length of lines on the ellipsoid in km; `crs` is that of the lines."""
    metres = 0.0
    for part in shapely.get_parts(line):
        x, y = shapely.get_coordinates(part).T
        metres += GEOD.line_length(*_to_degrees(crs).transform(x, y))
    return metres / 1000


def keep_lines(geometry: BaseGeometry) -> BaseGeometry:
    """Return the lines of a geometry, joined; its points and areas left out."""
    parts = [part for part in shapely.get_parts(geometry) if "Line" in part.geom_type]
    return shapely.line_merge(shapely.union_all(parts)) if parts else shapely.MultiLineString()


@cache
def _to_degrees(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
