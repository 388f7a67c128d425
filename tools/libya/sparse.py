"""Build boundaries/sparse.geojson: land far from any settlement and any road of the theatre."""

from __future__ import annotations

import geopandas as gpd
import shapely

from tools.common import WGS84, write_layer
from tools.geonames import read_geonames
from tools.layers.sparse import Array, keep_large, outline, remoteness, smooth
from tools.libya import AREA_CRS, DECIMALS, FOLDER, MAP_CRS

STEP_M = 4_000.0
SETTLED_KM = 45.0  # the mean distance to three settlements from which land counts as far: towns are few here
ROAD_KM = 20.0
OASIS_KM, OASIS_PEOPLE = 25.0, 5_000  # around a town of so many people land is settled, however lonely the town
THIN_M = 400.0


def build() -> None:
    """Write the sparse land as one feature."""
    country = gpd.read_file(FOLDER / "boundaries/units.geojson").to_crs(MAP_CRS).union_all()
    roads = gpd.read_file(FOLDER / "roads/highways.geojson").to_crs(MAP_CRS).union_all()
    field = remoteness(country, settlements(), roads, step_m=STEP_M, settled_km=SETTLED_KM, road_km=ROAD_KM)
    oases = shapely.MultiPoint(settlements(OASIS_PEOPLE)).buffer(OASIS_KM * 1000.0, quad_segs=16)
    remote = shapely.simplify(smooth(outline(*field)).difference(oases), THIN_M).intersection(country)
    write_layer("boundaries/sparse.geojson", keep_large(remote, MAP_CRS, AREA_CRS), folder=FOLDER, decimals=DECIMALS)


def settlements(people: int = 0) -> Array:
    """Return the settlements of at least so many people that GeoNames has in the country, in metres."""
    entries = [entry for entry in read_geonames("LY") if int(entry["population"] or 0) >= people]
    points = [shapely.Point(float(entry["lon"]), float(entry["lat"])) for entry in entries]
    return shapely.get_coordinates(gpd.GeoSeries(points, crs=WGS84).to_crs(MAP_CRS).to_numpy())
