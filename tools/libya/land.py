"""Build boundaries/units.geojson and neighbours.geojson: Natural Earth's districts of Libya and the land around.

Natural Earth's first-order units tile the world, so simplifying them all at once keeps every shared edge shared.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tools.common import TABLES, WGS84, extract_member, write_layer
from tools.layers.boundaries import STATES, keep_polygons
from tools.libya import DECIMALS, FOLDER, MAP_CRS

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

COUNTRY = "LBY"
BOX = shapely.box(3.0, 15.0, 28.0, 40.0)  # west, south, east, north: everything a view can show
TOLERANCE_M = 200.0  # corners that span less than this squared go: less than a pixel of any view
ISLET_KM2 = 5.0


def build() -> None:
    """Write both layers."""
    districts, neighbours = pd.read_csv(TABLES / "libya_districts.csv"), pd.read_csv(TABLES / "libya_neighbours.csv")
    shapes = simplify(read_shapes() | read_countries(neighbours["outline"]))
    districts.insert(0, "id", districts["code"])
    districts.insert(2, "level", 1)
    write("boundaries/units.geojson", districts, [shapes[code] for code in districts["code"]])
    land = [drop_islets(shapes[code]) for code in neighbours["outline"]]
    write("boundaries/neighbours.geojson", neighbours.drop(columns="outline"), land)


def read_features() -> gpd.GeoDataFrame:
    """Return Natural Earth's first-order units of the box: code of the country, ISO code, geometry."""
    features = json.loads(extract_member(*STATES).read_text("utf-8"))["features"]
    rows = [(one["properties"]["adm0_a3"], one["properties"]["iso_3166_2"]) for one in features]
    shapes = [shapely.geometry.shape(one["geometry"]) for one in features]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=["country", "code"]), geometry=shapes, crs=WGS84)
    return frame[frame.intersects(BOX)]


def read_shapes() -> dict[str, BaseGeometry]:
    """Return the districts by their ISO codes."""
    frame = read_features()
    ours = frame[frame["country"] == COUNTRY]
    return dict(zip(ours["code"], ours.geometry, strict=True))


def read_countries(codes: pd.Series[str]) -> dict[str, BaseGeometry]:
    """Return the neighbours by their codes, cut to the box."""
    frame = read_features()
    return {
        code: keep_polygons(shapely.coverage_union_all(frame.geometry[frame["country"] == code].to_numpy()) & BOX)
        for code in codes
    }


def simplify(shapes: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Return the shapes with fewer vertices, still sharing every edge when they are written."""
    metric = gpd.GeoSeries(list(shapes.values()), crs=WGS84).to_crs(MAP_CRS).to_numpy()
    slim = gpd.GeoSeries(shapely.coverage_simplify(metric, TOLERANCE_M), crs=MAP_CRS).to_crs(WGS84).to_numpy()
    written = shapely.transform(slim, lambda points: np.round(points, DECIMALS))
    assert shapely.is_valid(written).all(), "a ring touches itself; simplify less"
    assert shapely.coverage_is_valid(written), "edges are no longer shared; simplify less"
    return dict(zip(shapes, written, strict=True))


def drop_islets(land: BaseGeometry) -> BaseGeometry:
    """Return land abroad without the islands that no map of this country can show."""
    parts = gpd.GeoSeries(shapely.get_parts(land), crs=WGS84)
    large = parts[parts.to_crs(MAP_CRS).area > ISLET_KM2 * 1e6]
    return keep_polygons(shapely.GeometryCollection(large.to_list()))


def write(path: str, table: pd.DataFrame, shapes: list[BaseGeometry]) -> None:
    """Write a layer of the theatre."""
    write_layer(path, gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84), folder=FOLDER, decimals=DECIMALS)
