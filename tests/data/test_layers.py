"""The reference layers keep their promises: exact coverage, the UN view, the two banks, papers for every file."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.ft2font import FT2Font
from PIL import Image
from pyproj import Geod
from shapely.ops import split

from syriamap.catalog import data_dir, data_file, hash_file, read_sources
from syriamap.theatre import read_theatre

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
EVERY = sorted(path.relative_to(data_dir()).as_posix() for path in data_dir().rglob("*.geojson"))
LAYERS = [path for path in EVERY if not path.startswith("template/")]  # an invented island lies elsewhere
LICENCES = {"MIT", "ODbL-1.0", "CC-BY-4.0", "OFL-1.1", "LGPL-3.0-or-later", "public domain", "facts"}
LARGEST_MB = 14.0
WEST, SOUTH, EAST, NORTH = 32.0, 30.0, 46.0, 40.0


@cache
def layer(path: str) -> gpd.GeoDataFrame:
    return gpd.read_file(data_file(path)).set_index("id", drop=False)


@cache
def country() -> shapely.Polygon:
    return layer("boundaries/country.geojson").geometry["syria"]


@cache
def places() -> gpd.GeoDataFrame:
    rows = pd.read_csv(data_file("places/places.csv")).set_index("id", drop=False)
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows.lon, rows.lat), crs="EPSG:4326")


def metres(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> gpd.GeoDataFrame:
    return frame.to_crs(read_theatre()["crs"]["map"])


def km2(path: str) -> pd.Series:
    return layer(path).to_crs(read_theatre()["crs"]["area"]).area / 1e6


@cache
def banks() -> dict[str, shapely.Polygon]:
    """The country's two halves by the bank of the Euphrates; the left one reaches farther east."""
    halves = shapely.get_parts(split(country(), layer("water/barriers.geojson").geometry["euphrates"]))
    assert len(halves) == 2
    right, left = sorted(halves, key=lambda half: half.bounds[2])
    return {"left": left, "right": right}


def test_all_layers_are_there():
    assert LAYERS == [
        "boundaries/areas.geojson",
        "boundaries/country.geojson",
        "boundaries/neighbours.geojson",
        "boundaries/sparse.geojson",
        "boundaries/units.geojson",
        "roads/highways.geojson",
        "water/barriers.geojson",
        "water/lakes.geojson",
        "water/rivers.geojson",
    ]


@pytest.mark.parametrize("path", LAYERS)
def test_layer_is_valid(path):
    frame = layer(path)
    assert frame.crs.to_epsg() == 4326
    assert frame.is_valid.all()
    assert not frame.is_empty.any()
    assert frame.id.is_unique
    assert all(SLUG.fullmatch(key) for key in frame.id)
    assert frame.name.str.len().gt(0).all()
    west, south, east, north = frame.total_bounds
    assert WEST <= west < east <= EAST
    assert SOUTH <= south < north <= NORTH


@pytest.mark.parametrize("path", LAYERS)
def test_coordinates_have_six_decimals(path):
    points = shapely.get_coordinates(layer(path).geometry.to_numpy())
    assert (points == points.round(6)).all()


@pytest.mark.parametrize("path", LAYERS)
def test_layer_stands_a_feature_a_line(path):
    lines = data_file(path).read_text("utf-8").splitlines()
    assert len(lines) == len(layer(path)) + 2
    for line in lines[1:-1]:
        feature = json.loads(line.rstrip(","))
        assert feature["id"] == feature["properties"]["id"]


def test_governorates_have_their_codes():
    frame = layer("boundaries/units.geojson")
    assert sorted(frame.code) == [f"SY{number:02}" for number in range(1, 15)]
    assert frame.iso.str.fullmatch("SY-[A-Z]{2}").all()
    assert frame.name_ar.str.fullmatch("[\u0600-\u06ff ]+").all()
    assert (frame.level == 1).all()


def test_governorates_tile_the_country_exactly():
    shapes = layer("boundaries/units.geojson").geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.normalize(shapely.coverage_union_all(shapes))
    assert shapely.equals_exact(whole, shapely.normalize(country()), 0.0)


def test_governorates_are_in_one_piece():
    assert set(layer("boundaries/units.geojson").geom_type) == {"Polygon"}


def test_neighbours_share_their_edges_with_the_country():
    frame = layer("boundaries/neighbours.geojson")
    assert shapely.coverage_is_valid(np.array([*frame.geometry, country()]))
    touching = [key for key, shape in frame.geometry.items() if shape.intersection(country().boundary).length > 0.1]
    assert sorted(touching) == ["iraq", "israel", "jordan", "lebanon", "turkey"]


def test_areas_lie_inside_and_apart():
    frame = layer("boundaries/areas.geojson")
    assert list(frame.id) == ["golan", "undof", "tanf"]
    assert all(country().covers(shape) for shape in frame.geometry)
    assert frame.geometry.union_all().area == pytest.approx(sum(shape.area for shape in frame.geometry))


def test_golan_is_syria():
    areas, neighbours = layer("boundaries/areas.geojson"), layer("boundaries/neighbours.geojson")
    quneitra = layer("boundaries/units.geojson").geometry["quneitra"]
    for point in (shapely.Point(35.776, 33.133), shapely.Point(35.75, 32.85), shapely.Point(35.69, 33.24)):
        assert areas.geometry["golan"].contains(point)
        assert quneitra.contains(point)
        assert not neighbours.contains(point).any()
    assert 1_150 < km2("boundaries/areas.geojson")["golan"] < 1_350


@pytest.mark.parametrize("key", ["golan", "undof"])
def test_zones_on_the_golan_are_quneitra_and_share_the_outline(key):
    shape = layer("boundaries/areas.geojson").geometry[key]
    assert layer("boundaries/units.geojson").geometry["quneitra"].covers(shape)
    edge = {tuple(p) for p in shapely.get_coordinates(shape.boundary.intersection(country().boundary))}
    assert edge <= {tuple(p) for p in shapely.get_coordinates(country())}
    assert len(edge) > 5


def test_golan_and_zone_share_the_line_of_1974():
    areas = layer("boundaries/areas.geojson").geometry
    line = metres(gpd.GeoSeries([areas["golan"].intersection(areas["undof"])], crs="EPSG:4326"))
    assert line.length.iloc[0] > 60_000


def test_zone_at_tanf_is_a_circle_of_55_km():
    shape = layer("boundaries/areas.geojson").geometry["tanf"]
    points = shapely.get_coordinates(shape)
    post = np.broadcast_to([38.618, 33.504], points.shape)
    _, _, distances = Geod(ellps="WGS84").inv(post[:, 0], post[:, 1], points[:, 0], points[:, 1])
    assert max(distances) == pytest.approx(55_000, abs=50)


def test_abu_al_duhur_is_idlib():
    idlib = layer("boundaries/units.geojson").geometry["idlib"]
    for point in (shapely.Point(37.1044, 35.7319), shapely.Point(37.0448, 35.7406)):
        assert idlib.contains(point)


def test_places_lie_within_two_km_of_their_governorate():
    shapes = metres(layer("boundaries/units.geojson")).geometry
    points = metres(places())
    apart = points.distance(gpd.GeoSeries(points.governorate.map(shapes), index=points.index, crs=points.crs))
    assert points.id[apart > 2_000].tolist() == []


def test_country_is_as_large_as_it_should_be():
    # 185,180 km2 is the figure of yearbooks; the outline holds the Golan and bulges into Jordan where maps differ
    assert km2("boundaries/country.geojson")["syria"] == pytest.approx(185_180, rel=0.02)


def test_barrier_parts_the_country_in_two():
    line = layer("water/barriers.geojson").geometry["euphrates"]
    assert line.geom_type == "LineString"
    assert line.is_simple
    assert len(shapely.get_parts(line.intersection(country().boundary))) == 2
    assert sum(half.area for half in banks().values()) == pytest.approx(country().area)


@pytest.mark.parametrize(
    ("bank", "names"),
    [
        ("right", ["deir-ez-zor", "mayadin", "abu-kamal", "tabqa", "maskana", "jarabulus", "manbij", "halabiyah"]),
        ("left", ["raqqa", "kobani", "hajin", "al-kasrah", "al-busayrah", "khasham", "hatla", "al-karama"]),
    ],
)
def test_towns_stand_on_their_bank(bank, names):
    known = places().reindex(names).dropna(subset="lon")
    assert len(known) >= len(names) - 2  # a slug may change
    assert known.id[~known.within(banks()[bank])].tolist() == []


@pytest.mark.checkout
def test_every_place_with_a_known_bank_is_on_it():
    from tools.layers.banks import check_banks

    found = check_banks()
    assert len(found) > 100
    assert found.place[~found.agrees].tolist() == []


def test_only_two_highways_cross_the_euphrates():
    roads = layer("roads/highways.geojson")
    line = layer("water/barriers.geojson").geometry["euphrates"]
    crossed = roads.geometry.intersection(line)
    counts = crossed.map(lambda shape: 0 if shape.is_empty else len(shapely.get_parts(shape)))
    assert counts[counts > 0].to_dict() == {"m4-aleppo-qamishli": 1, "m15-aleppo-raqqa": 1}


def test_highways_are_plain_lines():
    roads = layer("roads/highways.geojson")
    assert len(roads) == 23
    assert set(roads.geom_type) == {"LineString"}
    assert roads.is_simple.all()
    assert set(roads["class"]) == {"motorway", "primary"}
    assert roads.accuracy_km.between(0.1, 5.0).all()
    lengths = [Geod(ellps="WGS84").geometry_length(shape) / 1000.0 for shape in roads.geometry]
    assert np.allclose(lengths, roads.length_km, atol=0.06)
    assert 440 < roads.length_km["m5-nasib-aleppo"] < 474  # published figures: 450 to 474


@pytest.mark.parametrize(
    ("town", "side"), [("rastan", 1), ("hama", 1), ("maarat-al-numan", 1), ("saraqib", 1), ("suran", -1)]
)
def test_m5_passes_towns_on_the_right_side(town, side):
    point = places().geometry.get(town)
    assert point is not None
    road = layer("roads/highways.geojson").geometry["m5-nasib-aleppo"]
    crossing = road.intersection(shapely.LineString([(point.x - 0.3, point.y), (point.x + 0.3, point.y)]))
    assert np.sign(crossing.centroid.x - point.x) == side


def test_euphrates_runs_through_its_lakes():
    lakes = layer("water/lakes.geojson").geometry
    line = metres(gpd.GeoSeries([layer("water/barriers.geojson").geometry["euphrates"]], crs="EPSG:4326")).iloc[0]
    for key, least_km in (("lake-assad", 60), ("tishrin-lake", 20)):
        lake = metres(gpd.GeoSeries([lakes[key]], crs="EPSG:4326")).iloc[0]
        assert line.intersection(lake).length > least_km * 1000


def test_lakes_and_rivers_are_not_tiny():
    assert km2("water/lakes.geojson").min() > 2.0
    rivers = layer("water/rivers.geojson")
    assert rivers["rank"].between(1, 3).all()
    assert rivers.id[rivers["rank"] == 1].tolist() == ["euphrates"]
    assert metres(rivers).length.min() > 40_000


def test_sparse_land_is_land_without_towns_and_roads():
    frame = layer("boundaries/sparse.geojson")
    shape = frame.geometry["sparse"]
    parts = shapely.get_parts(shape)
    assert len(parts) <= 8
    assert (
        metres(frame).geometry.iloc[0].difference(metres(layer("boundaries/country.geojson")).iloc[0].geometry).area
        < 1e4
    )
    assert 0.15 < km2("boundaries/sparse.geojson")["sparse"] / km2("boundaries/country.geojson")["syria"] < 0.4
    towns = places()[places()["rank"] <= 3]
    assert towns.id[towns.within(shape) & ~towns.kind.isin(["base", "airbase"])].tolist() == []
    assert not layer("roads/highways.geojson").intersects(shape).any()


@pytest.mark.parametrize("path", sorted(data_file("fonts").glob("*.ttf")), ids=lambda path: path.stem)
def test_font_opens_and_its_licence_is_there(path):
    font = FT2Font(str(path))
    families = {"NotoSansArabic": "Noto Sans Arabic", "NotoSansSC": "Noto Sans SC", "SourceSans3": "Source Sans 3"}
    assert font.family_name.startswith(families[path.stem.partition("-")[0]])
    licence = path.with_name(f"OFL-{path.stem.partition('-')[0]}.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


@pytest.mark.parametrize("path", sorted(data_file("fonts").glob("NotoSansSC-*.ttf")), ids=lambda path: path.stem)
def test_the_chinese_font_has_every_sign_of_our_chinese_and_the_common_ones(path):
    signs = {chr(code) for code in FT2Font(str(path)).get_charmap()}
    ours = [data_file(name) for name in ("names/zh.toml", "words/zh.toml")]
    texts = [text for file in ours if file.exists() for text in strings(tomllib.loads(file.read_text("utf-8")))]
    assert len(texts) > 400
    assert {sign for text in texts for sign in text} - signs == set()
    cells = [(row, cell) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    common = "".join(bytes(pair).decode("gb2312", errors="ignore") for pair in cells)
    assert len(common) == 3755
    assert set(common) - signs == set()
    assert path.stat().st_size < 1_200_000


def strings(value):
    """Return every text in a table, keys aside."""
    if isinstance(value, dict | list):
        return [text for part in (value.values() if isinstance(value, dict) else value) for text in strings(part)]
    return [value] if isinstance(value, str) else []


def test_relief_covers_the_box():
    with Image.open(data_file("relief/relief.png")) as picture:
        assert picture.mode == "L"
        assert picture.size == (420, 300)
    assert data_file("relief/relief.png").stat().st_size < 1_000_000


def test_every_file_has_its_papers():
    entries = {entry.path: entry for entry in read_sources()}
    present = {path.relative_to(data_dir()).as_posix() for path in data_dir().rglob("*") if path.is_file()}
    assert set(entries) == present - {"sources.toml"}
    for path, entry in entries.items():
        assert entry.sha256 == hash_file(data_file(path)), f"{path} changed: run tools.sources"
        assert entry.title
        assert entry.layer
        assert entry.origin
        assert entry.credit
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry.taken)
        assert set(entry.licence.split(" and ")) <= LICENCES


def test_share_alike_sources_are_credited():
    for entry in read_sources():
        if "ODbL" in entry.licence:
            assert "© OpenStreetMap contributors" in entry.credit
        if "CC-BY" in entry.licence:
            assert "GeoNames" in entry.credit
        if "LGPL" in entry.licence:
            assert "GSHHG" in entry.credit


def test_licences_are_explained():
    text = data_file("LICENCES.md").read_text("utf-8")
    for name in {part for entry in read_sources() for part in entry.licence.split(" and ")} - {
        "public domain",
        "facts",
    }:
        assert name in text


def test_data_stay_small():
    size = sum(path.stat().st_size for path in data_dir().rglob("*") if path.is_file())
    assert size < LARGEST_MB * 1e6
