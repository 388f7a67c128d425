"""Roads among the zones: which stretch lies on whose land, and how long it is on the ellipsoid."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import shapely
from pyproj import Geod, Transformer

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

GEOD = Geod(ellps="WGS84")


def split_line(line: BaseGeometry, zones: gpd.GeoDataFrame) -> dict[str, BaseGeometry]:
    """Return the stretches of a line by the party on whose land they lie, in the order of the zones; none is empty."""
    found = {str(party): keep_lines(line.intersection(zone)) for party, zone in zones.geometry.items()}
    return {party: stretch for party, stretch in found.items() if not stretch.is_empty}


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
