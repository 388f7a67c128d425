"""Build roads/highways.geojson: the few roads of the story as smooth lines through towns along them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import Geod
from shapely import LineString

from tools.common import WGS84, write_layer
from tools.factbook import Row, read_rows, read_table
from tools.layers.roads import curve
from tools.libya import DECIMALS, FOLDER, MAP_CRS

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

THIN_M = 150.0  # far below the accuracy of a line through towns
ACCURACY_KM = 10.0  # between towns a road may lie so far off
INLAND_M, STEP_M = 2_000.0, 2_000.0  # how far a road keeps from the sea at least, looked at every so often


def build() -> None:
    """Write one line for each road."""
    spots = {row["id"]: row for row in read_rows(FOLDER / "places/places.csv")}
    rows = read_table("libya_roads")
    keys = dict.fromkeys(row["id"] for row in rows)
    dry = gpd.read_file(FOLDER / "boundaries/units.geojson").to_crs(MAP_CRS).union_all().buffer(-INLAND_M)
    roads = [build_road(key, [row for row in rows if row["id"] == key], spots, dry) for key in keys]
    frame = gpd.GeoDataFrame(pd.DataFrame(roads), geometry="geometry", crs=WGS84)
    write_layer("roads/highways.geojson", frame, folder=FOLDER, decimals=DECIMALS)


def build_road(key: str, rows: list[Row], spots: dict[str, Row], dry: BaseGeometry) -> dict[str, object]:
    """Return a road as a row; none has a number that readers know."""
    at = [row if row["lon"] else spots[row["place"]] for row in rows]
    points = gpd.GeoSeries([shapely.Point(float(one["lon"]), float(one["lat"])) for one in at], crs=WGS84)
    smooth = shapely.LineString(curve(shapely.get_coordinates(points.to_crs(MAP_CRS).to_numpy())))
    line = gpd.GeoSeries([shapely.simplify(keep_inland(smooth, dry), THIN_M)], crs=MAP_CRS).to_crs(WGS84).iloc[0]
    return {
        "id": key,
        "ref": "",
        "name": rows[0]["road"],
        "class": "trunk",
        "accuracy_km": ACCURACY_KM,
        "length_km": round(Geod(ellps="WGS84").geometry_length(line) / 1000.0, 1),
        "geometry": line,
    }


def keep_inland(line: LineString, dry: BaseGeometry) -> LineString:
    """Return a line whose points in the sea, or on its edge, are moved to the nearest land; the ends stay."""
    first, *between, last = (shapely.Point(point) for point in shapely.segmentize(line, STEP_M).coords)
    moved = [shapely.get_point(shapely.shortest_line(dry, point), 0) for point in between]
    return LineString(shapely.get_coordinates([first, *moved, last]))
