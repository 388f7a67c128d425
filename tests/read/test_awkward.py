"""Boundary files as they come: each gives a right map, or the message that names the area and the way out."""

from __future__ import annotations

import json
from zipfile import ZipFile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry import mapping

from syriamap.faults import Faults
from syriamap.model import AreaFile
from syriamap.units import read_units

from ..cli.conftest import run

WEST, SOUTH = 36.5, 34.5  # well inside the country
KM = 0.01  # about a kilometre, in degrees
LEFT, RIGHT = box(WEST, SOUTH, WEST + 0.5, SOUTH + 0.5), box(WEST + 0.5, SOUTH, WEST + 1, SOUTH + 0.5)
KNOT = Polygon(
    [(36.5, 34.5), (37.5, 34.5), (37.5, 35.5), (37, 35.5), (37.01, 35.51), (37, 35.51), (37.01, 35.5), (36.5, 35.5)]
)
BOW_TIE = Polygon([(36.5, 34.5), (37, 35), (37, 34.5), (36.5, 35)])


def pair(left=LEFT, right=RIGHT, **columns):
    """Return two areas; columns replace or add to code and names."""
    words = {"code": ["X1", "X2"], "name": ["West", "East"], **columns}
    return gpd.GeoDataFrame({key: one for key, one in words.items() if one}, geometry=[left, right], crs="EPSG:4326")


def squares(count, level):
    """Return `count` squares in a row with their codes of a level."""
    codes = [f"X{number}" for number in range(count)]
    shapes = [box(WEST + at * 0.2, SOUTH, WEST + at * 0.2 + 0.2, SOUTH + 0.2) for at in range(count)]
    return gpd.GeoDataFrame({f"ADM{level}_PCODE": codes, f"ADM{level}_EN": codes}, geometry=shapes, crs="EPSG:4326")


def geojson(frame):
    return lambda folder: save(frame, folder / "mine.geojson")


def save(frame, path, **options):
    frame.to_file(path, **options)
    return path


def shapefile(frame, *, without=(), suffix=str.lower):
    """Return a maker of a shapefile that lacks some of its parts."""

    def make(folder):
        save(frame, folder / "mine.shp")
        for part in list(folder.glob("mine.*")):
            if part.suffix in without:
                part.unlink()
            else:
                part.rename(folder / suffix(part.name))
        return folder / suffix("mine.shp")

    return make


def zipped(folder, *, inner="", **frames):
    """Return a zip of shapefiles by their names, in a folder of the zip."""
    with ZipFile(folder / "mine.zip", "w") as archive:
        for name, frame in frames.items():
            save(frame, folder / f"{name}.shp")
            for part in folder.glob(f"{name}.*"):
                archive.write(part, f"{inner}{part.name}")
        archive.writestr("readme.txt", "hello")
    return folder / "mine.zip"


def layers(folder, **frames):
    for name, frame in frames.items():
        frame.to_file(folder / "mine.gpkg", layer=name)
    return folder / "mine.gpkg"


def raw(name, text):
    def make(folder):
        (folder / name).write_text(text, "utf-8")
        return folder / name

    return make


def features(*rows, crs=None):
    """Return a maker of a GeoJSON of (geometry, properties): also what geopandas would not write."""
    made = [
        {"type": "Feature", "properties": words, "geometry": None if shape is None else mapping(shape)}
        for shape, words in rows
    ]
    whole = {"type": "FeatureCollection", "features": made}
    if crs:
        whole["crs"] = {"type": "name", "properties": {"name": crs}}
    return raw("mine.geojson", json.dumps(whole))


def x(number):
    return {"code": f"X{number}", "name": f"Area {number}"}


def parquet(frame):
    def make(folder):
        frame.to_parquet(folder / "mine.parquet")
        return folder / "mine.parquet"

    return make


def move(shapes, how):
    return [shapely.transform(shape, how) for shape in shapes]


def numbered(shapes):
    return [(shape, x(at)) for at, shape in enumerate(shapes, start=1)]


def deep(shape):
    return shapely.force_3d(shape, 400.0)


def metres(frame):
    return frame.to_crs("EPSG:32637")


def abroad(count):
    return [(box(10 + at * 0.1, 50, 10.1 + at * 0.1, 50.1), x(at + 5)) for at in range(count)]


def options(maker, **words):
    """Return a maker of a file that is read with options."""
    return lambda folder: AreaFile(maker(folder), **words)


def mended(maker):
    return options(maker, repair=True)


STRIP = box(WEST + 0.5 + 0.1 * KM, SOUTH, WEST + 1, SOUTH + 0.5)  # ninety metres short of LEFT
WIDE = box(WEST + 0.5 - 0.1 * KM, SOUTH, WEST + 1, SOUTH + 0.5)  # and as much into it
THIN = Polygon([(WEST + 0.5001, SOUTH), (WEST + 1, SOUTH), (WEST + 1, SOUTH + 0.5), (WEST + 0.4999, SOUTH + 0.5)])
TWO_PARTS = MultiPolygon([LEFT, box(WEST, SOUTH + 0.6, WEST + 0.1, SOUTH + 0.7)])
NESTED = MultiPolygon([LEFT, box(WEST + 0.1, SOUTH + 0.1, WEST + 0.2, SOUTH + 0.2)])
HOLED = LEFT.difference(box(WEST + 0.2, SOUTH + 0.2, WEST + 0.3, SOUTH + 0.3))
TOUCHING = Polygon(
    [(36.5, 34.5), (37, 34.5), (37, 35), (36.75, 35), (36.85, 34.9), (36.65, 34.9), (36.75, 35), (36.5, 35)]
)  # a hole that touches the outline, drawn as one ring
SPIKED = Polygon([*LEFT.exterior.coords[:2], (WEST + 0.45, SOUTH + 0.6), *LEFT.exterior.coords[1:]])
KML = """<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>West</name><Polygon><outerBoundaryIs>
<LinearRing><coordinates>36.5,34.5,0 37,34.5,0 37,35,0 36.5,35,0 36.5,34.5,0</coordinates></LinearRing>
</outerBoundaryIs></Polygon></Placemark></Document></kml>"""
CURVED = """<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:my="urn:my"><gml:featureMember>
<my:area gml:id="a"><my:code>X1</my:code><my:geom><gml:Polygon srsName="EPSG:4326"><gml:exterior><gml:Ring>
<gml:curveMember><gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>36.5 34.5 37 34.5 37 35 36.5 35
</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve></gml:curveMember><gml:curveMember><gml:Curve>
<gml:segments><gml:Arc><gml:posList>36.5 35 36.4 34.75 36.5 34.5</gml:posList></gml:Arc></gml:segments></gml:Curve>
</gml:curveMember></gml:Ring></gml:exterior></gml:Polygon></my:geom></my:area></gml:featureMember>
</gml:FeatureCollection>"""

# How many areas the deepest level has, or what is said.
CASES = {
    # The file
    "a zip that holds a folder": (lambda folder: zipped(folder, inner="data/2020/", one=pair()), 2),
    "a zip of several levels": (lambda folder: zipped(folder, adm1=squares(2, 1), adm2=squares(4, 2)), 4),
    "a zip and a layer": (
        options(lambda folder: zipped(folder, adm1=squares(2, 1), adm2=squares(4, 2)), layer="ADM1"),
        2,
    ),
    "a zip without areas": (zipped, ["mine.zip: holds no vector file; expected GeoJSON"]),
    "a GeoPackage of several levels": (lambda folder: layers(folder, a=squares(3, 1), b=squares(4, 2)), 4),
    "a layer that is not there": (
        options(lambda folder: layers(folder, provinces=squares(3, 1), districts=squares(4, 2)), layer="provinzes"),
        ["mine.gpkg: has no layer 'provinzes'; expected one of provinces, districts; did you mean provinces?"],
    ),
    "a shapefile in capitals": (shapefile(pair(), suffix=str.upper), 2),
    "a shapefile without its letters": (shapefile(pair(name=["غرب", "شرق"]), without=(".cpg",)), 2),
    "a shapefile without its table": (
        shapefile(pair(), without=(".dbf", ".cpg")),
        ["mine.shp: no column holds codes", "name yours by --code-column or --name-column"],
    ),
    "a shapefile without its index": (
        shapefile(pair(), without=(".shx",)),
        ["mine.shp: cannot be read as a vector file", ".shx should stand beside it"],
    ),
    "a shapefile without a CRS": (
        shapefile(pair(), without=(".prj",)),
        ["mine.shp: the file has no CRS; expected a .prj file", "EPSG:4326; --repair takes them for degrees"],
    ),
    "a folder": (lambda folder: folder, ["is a folder; expected a file"]),
    "half a file": (
        raw("mine.geojson", '{"type": "FeatureCollection", "features": [{"ty'),
        ["mine.geojson: cannot be"],
    ),
    "a text": (raw("mine.gpkg", "code,name\nX1,West\n"), ["mine.gpkg: cannot be read as a vector file"]),
    "FlatGeobuf": (lambda folder: save(pair(), folder / "mine.fgb"), 2),
    "KML with heights": (raw("mine.KML", KML), 1),
    "GeoParquet": (parquet(pair()), 2),
    "Parquet without geometry": (parquet(pd.DataFrame({"code": ["X1"]})), ["mine.parquet: cannot be read"]),
    # Where it lies
    "metres, and it says so": (lambda folder: save(metres(pair()), folder / "mine.gpkg"), 2),
    "metres, and the old member crs": (
        features(
            *((shape, x(at)) for at, shape in enumerate(metres(pair()).geometry)), crs="urn:ogc:def:crs:EPSG::32637"
        ),
        2,
    ),
    "metres said to be degrees": (
        features(*numbered(metres(pair()).geometry)),
        ["mine.geojson: lies nowhere over the country", "they look like metres: the file states the wrong CRS"],
    ),
    "degrees said to be metres": (
        lambda folder: save(pair().set_crs("EPSG:32637", allow_override=True), folder / "mine.gpkg"),
        ["mine.gpkg: lies nowhere", "look like degrees, EPSG:4326", "--repair takes them for degrees"],
    ),
    "latitude first": (
        features(*numbered(move((LEFT, RIGHT), lambda xy: xy[:, ::-1]))),
        ["mine.geojson: lies nowhere", "the two are swapped; --repair swaps them"],
    ),
    "latitude first, mended": (
        mended(features(*numbered(move((LEFT, RIGHT), lambda xy: xy[:, ::-1])))),
        2,
    ),
    "a turn too far": (
        features(*numbered(move((LEFT, RIGHT), lambda xy: np.add(xy, (360, 0))))),
        2,
    ),
    "from one side of the world to the other": (
        features((LEFT, x(1)), (box(-180, 34, 180, 34.4), x(2))),
        ["mine.geojson:2: X2 (Area 2): the area lies outside the country"],
    ),
    "an area of the neighbours too": (
        features((LEFT, x(1)), (box(36.5, 34, 50, 34.4), x(2))),
        ["mine.geojson:2: X2 (Area 2): the area reaches", "km beyond the country"],
    ),
    "an area abroad": (
        features((LEFT, x(1)), *abroad(1)),
        ["mine.geojson:2: X5 (Area 5): the area lies outside the country", "--repair leaves it out"],
    ),
    "the whole world": (
        features((LEFT, x(1)), *abroad(30)),
        ["mine.geojson: 30 of 31 areas lie outside the country, such as X5 (Area 5, feature 2)"],
    ),
    "the whole world, mended": (mended(features((LEFT, x(1)), *abroad(30))), 1),
    # Each area
    "heights": (features((deep(LEFT), x(1)), (deep(RIGHT), x(2))), 2),
    "curves": (raw("mine.gml", CURVED), 1),
    "rings that run the other way": (features((LEFT.reverse(), x(1)), (RIGHT, x(2))), 2),
    "an island": (features((TWO_PARTS, x(1)), (RIGHT, x(2))), 2),
    "no geometry": (
        features((LEFT, x(1)), (None, x(2))),
        ["mine.geojson:2: X2 (Area 2): the geometry is missing; expected a polygon; --repair leaves the area out"],
    ),
    "an empty geometry": (
        features((LEFT, x(1)), (Polygon(), x(2))),
        ["mine.geojson:2: X2 (Area 2): the geometry is empty"],
    ),
    "a point among polygons": (
        features((LEFT, x(1)), (Point(37, 35), x(2))),
        ["mine.geojson:2: X2 (Area 2): the geometry is a Point; expected a Polygon or MultiPolygon"],
    ),
    "lines": (features((LineString(LEFT.exterior), x(1))), ["mine.geojson: holds 1 features of LineString"]),
    "a mixed geometry": (
        features((shapely.GeometryCollection([LEFT, LineString([(36, 35), (36.5, 35)])]), x(1))),
        ["mine.geojson:1: X1 (Area 1): the geometry mixes LineString and Polygon", "--repair keeps the polygons"],
    ),
    "a bow tie": (
        features((BOW_TIE, x(1))),
        ["mine.geojson:1: X1 (Area 1): the outline crosses itself at 36.7", "draw it again"],
    ),
    "a knot": (
        features((KNOT, x(1))),
        ["mine.geojson:1: X1 (Area 1): the outline crosses itself at 37.0050, 35.5050", "--repair mends it"],
    ),
    "a knot, mended": (mended(features((KNOT, x(1)))), 1),
    "a hole that touches the outline": (features((TOUCHING, x(1))), 1),
    "a spike without width": (features((SPIKED, x(1))), 1),
    "parts that lie in one another": (
        features((NESTED, x(1))),
        ["mine.geojson:1: X1 (Area 1): the outline crosses itself at 36.", "without changing its land; draw it again"],
    ),
    "a sliver": (
        features((LEFT, x(1)), (RIGHT, x(2)), (box(37.6, 35, 37.60005, 35.01), x(3))),
        ["mine.geojson:3: X3 (Area 3): is a sliver of 5,", " m2 at 37.6000, 35.0050", "--repair leaves it out"],
    ),
    # All together
    "a gap of five metres": (features((LEFT, x(1)), (box(37.00005, 34.5, 37.5, 35), x(2))), 2),
    "a wedge of nine metres": (features((LEFT, x(1)), (THIN, x(2))), 2),
    "a gap of ninety metres": (
        features((LEFT, x(1)), (STRIP, x(2))),
        ["mine.geojson:1: X1 (Area 1): 5.1 km2 at 37.000", "between X1 (Area 1, feature 1) and X2 (Area 2, feature 2)"],
    ),
    "a gap of ninety metres, mended": (mended(features((LEFT, x(1)), (STRIP, x(2)))), 2),
    "an overlap of ninety metres": (
        features((LEFT, x(1)), (WIDE, x(2))),
        [
            "mine.geojson:2: X2 (Area 2): 5.1 km2 lie in X1 (Area 1, feature 1) too, at 36.999",
            "--repair gives the strip",
        ],
    ),
    "an overlap of ninety metres, mended": (mended(features((LEFT, x(1)), (WIDE, x(2)))), 2),
    "an overlap of half the land": (
        mended(features((LEFT, x(1)), (box(36.75, 34.5, 37.5, 35), x(2)))),
        ["mine.geojson:2: X2 (Area 2): 1,2", "too much to be a slip: say whose it is"],
    ),
    "one area under two codes": (
        features((LEFT, x(1)), (LEFT, x(2))),
        ["mine.geojson:2: X2 (Area 2): its land is that of X1 (Area 1, feature 1) again"],
    ),
    "the parts of an area one by one": (
        features((LEFT, x(1)), (RIGHT, x(1)), (box(36.5, 35, 37, 35.2), x(2))),
        ["mine.geojson:2: code 'X1' stands in feature 1 too", "--repair joins the parts of an area"],
    ),
    "the parts of an area one by one, mended": (
        mended(features((LEFT, x(1)), (RIGHT, x(1)), (box(36.5, 35, 37, 35.2), x(2)))),
        2,
    ),
    "an area inside another": (features((HOLED, x(1)), (LEFT.difference(HOLED), x(2))), 2),
    "a hole": (
        features((HOLED, x(1)), (RIGHT, x(2))),
        ["mine.geojson:1: X1 (Area 1): 101", "belong to no area; expected areas that tile; --repair leaves it open"],
    ),
    "a hole, left open": (mended(features((HOLED, x(1)), (RIGHT, x(2)))), 2),
    # Columns
    "numbers for codes": (geojson(pair(code=[1.0, 2.0])), 2),
    "codes that lack": (
        geojson(pair(code=["X1", ""])),
        ["mine.geojson:2: code is empty; expected the code of the area"],
    ),
    "names alone": (geojson(pair(code=None)), 2),
    "names alone, twice the same": (
        geojson(pair(code=None, name=["West", "WEST"])),
        ["mine.geojson:2: two areas have the name of 'adm1-west' (feature 1); name a column by --code-column"],
    ),
    "neither codes nor names": (
        geojson(pair(code=None, name=None, nom=["a", "b"])),
        ["mine.geojson: no column holds codes (nom)"],
    ),
    "a column that is not there": (
        options(geojson(pair(key=["a", "b"])), code_column="kye"),
        ["mine.geojson: has no column 'kye'; did you mean key?"],
    ),
    "a column of another case": (options(geojson(pair(key=["a", "b"])), code_column="KEY"), 2),
    "columns of a level that is empty": (
        geojson(pair(code=None, ADM2_PCODE=[None, None], ADM1_PCODE=["X1", "X2"], ADM1_EN=["a", "b"])),
        2,
    ),
    "two levels in one layer": (
        geojson(pair(admin_level=["4", "6"])),
        ["mine.geojson: admin_level tells of several levels (1 of 4, 1 of 6); expected areas of one; save each level"],
    ),
    "one code on two levels": (
        geojson(pair(code=None, adm2_pcode=["X1", "X2"], adm1_pcode=["X1", "X1"])),
        ["mine.geojson: code 'X1' means areas of level 1 and of level 2"],
    ),
}


@pytest.mark.parametrize(("make", "expected"), CASES.values(), ids=CASES)
def test_awkward_file(make, expected, tmp_path, embedded):
    made = make(tmp_path)
    faults = Faults()
    areas = made if isinstance(made, AreaFile) else AreaFile(made)
    found = read_units(areas, embedded.country, embedded.crs, faults)
    said = "\n".join(str(fault) for fault in faults.in_order()).replace(f"{tmp_path}/", "")
    if isinstance(expected, list):
        assert found is None
        assert all(text in said for text in expected), said
        return
    assert found is not None, said
    deepest = found.frame[found.frame["level"] == found.frame["level"].max()]
    shapes = np.asarray(deepest.geometry.array, dtype=object)
    assert len(deepest) == expected
    assert deepest.index.is_unique
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert bool(found.repairs) == areas.repair


def test_there_are_forty_of_them():
    assert len(CASES) >= 40


def test_letters_are_read_right_without_a_word_about_them(tmp_path, embedded):
    path = shapefile(pair(name=["غرب", "شرق"]), without=(".cpg",))(tmp_path)
    found = read_units(AreaFile(path), embedded.country, embedded.crs, Faults())
    assert found.frame["name_ar"].tolist() == ["غرب", "شرق"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # GDAL warns of it while it reads
def test_a_ring_that_is_not_closed_is_a_fault_of_its_feature(tmp_path, embedded):
    path = features((LEFT, x(1)), (RIGHT, x(2)))(tmp_path)
    whole = json.loads(path.read_text("utf-8"))
    whole["features"][1]["geometry"]["coordinates"][0].pop()
    path.write_text(json.dumps(whole), "utf-8")
    faults = Faults()
    assert read_units(AreaFile(path), embedded.country, embedded.crs, faults) is None
    assert [(fault.line, fault.message[:35]) for fault in faults.found] == [(2, "X2 (Area 2): the geometry is missin")]


def test_what_was_mended_is_said_and_stands_in_the_sidecar(tmp_path):
    path = features((LEFT, x(1)), (STRIP, x(2)))(tmp_path)
    words = ("--boundaries", path, "--size", "web-small", "--view", "36.4,34.4,37.6,35.2", "-o", tmp_path / "map.png")
    refused = run("render", "2024-12-05", *words)
    assert refused.exit_code == 1
    assert "--repair gives the strip to one of them" in refused.stderr
    made = run("render", "2024-12-05", *words, "--repair")
    assert made.exit_code == 0, made.output
    said = json.loads((tmp_path / "map.json").read_text("utf-8"))
    assert [f"repaired: {repair}" for repair in said["repairs"]] == made.stderr.splitlines()[:1]
    assert said["repairs"][0].startswith("X1 (Area 1, feature 1): 5.1 km2 at 37.000")
    assert said["command"].endswith("--boundaries mine.geojson --repair")
