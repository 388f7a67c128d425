"""What a project's files may hold: keys of theatre.toml, phrases, layers and air bases; each fault has its line."""

from __future__ import annotations

import json
from datetime import date

import pytest

from syriamap.atlas import read_materials
from syriamap.boundaries import read_boundaries
from syriamap.catalog import data_file
from syriamap.checks import check_project
from syriamap.errors import DataError
from syriamap.features import LAND, LINES, Layer, read_layer
from syriamap.ground import check_known, read_ground
from syriamap.language import read_language
from syriamap.model import Own
from syriamap.theatre import read_origins, read_theatre
from syriamap.theatre_file import read_theatre_file
from syriamap.tomls import find_line

from ..hostile.land import SOURCES, THEATRE, WORDINGS, draw_box, lay_out_land, list_land, write_layer

CRS = "+proj=laea +lat_0=40.5 +lon_0=0.5 +datum=WGS84 +units=m +no_defs"


def write_theatre(folder, old="", new=""):
    assert old in THEATRE
    path = folder / "theatre.toml"
    path.write_text(THEATRE.lstrip().replace(old, new, 1), "utf-8")
    return path


def test_what_is_left_out_is_filled_in(tmp_path):
    path = tmp_path / "theatre.toml"
    views = "[views.all]\nframe = { west = 0, south = 40, east = 1, north = 41 }\n"
    path.write_text(f'crs.map = "{CRS}"\ntime.offensive_start = 2024-01-02\n{views}', "utf-8")
    told = read_theatre_file(path)
    assert told["time"] == {
        "offensive_start": date(2024, 1, 2),
        "base_date": date(2024, 1, 1),
        "mark_days": 3,
        "carry_days": 7,
    }
    assert told["views"]["all"]["sign_scale"] == 1.0
    assert told["crs"]["area"] == ""
    assert (told["names"], "axis" in told) == ([], False)


def test_our_own_theatre_keeps_the_rules():
    assert read_theatre_file(data_file("theatre.toml")).keys() >= read_theatre().keys()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('map = "+proj=lcc', 'map = "+proj=nonsense', "2: crs.map = "),
        ('map = "+proj=lcc +lat_1=40.2', 'map = "EPSG:4326" #', "expected a CRS in metres"),
        ('map = "', 'other = "', "crs.map: is missing; expected a CRS in metres"),
        ("mark_days = 3", "mark_days = nan", "mark_days = nan: expected a whole number of days from 0 to 36525"),
        ("mark_days = 3", "mark_days = true", "mark_days = True: expected a whole number"),
        ("2024-01-02", '"2024-01-02"', "expected a day such as 2024-12-05, without quotes"),
        ("base_date = 2024-01-01", "base_date = 0001-01-01", "from the year 1000 on"),
        ('story = ["airfield"]', "story = [1]", "story = [1]: expected a list of texts"),
        ("[country]", "[land]", "land: unknown key"),
        ("[views.country]", '[views.""]', "the name of a view has 0 letters; expected 1 to 60"),
        ("[views.country]", f"[views.{'v' * 61}]", "the name of a view has 61 letters"),
        ("west = -0.1, south = 39.9", "west = 2, south = 39.9", "in degrees, west before east"),
        ("west = -0.1,", "west = -inf,", "in degrees, west before east"),
        ("sign_scale = 1.0", "sign_scale = 0", "sign_scale = 0: expected a number from 0.1 to 10"),
        ('milltown = "w"', 'milltown = "left"', "expected a table of places, each with one of n, ne"),
        ('to = "eastham"', 'to = "milltown"', "from = PLACE, to = another PLACE"),
        ('side = "e"', "side = 1", 'axis.side = 1: expected "e" or "w"'),
        ('source = "an analysis"', "", "next.source: is missing; expected a text"),
        ('inside = "thin"', 'inside = "thick"', "expected one of solid, dashed, thin, none"),
        ('names.park = { name = { en = "Green Park" }', 'names.park = { name = { fr = "Parc" }', "names by language"),
        ('kind = "country"', 'kind = "sea"', "kind = 'sea': expected one of country, water, occupied"),
        ('name = { en = "ABROAD"', 'name = { ar = "ABROAD"', "names by language"),
        ("at = [[-0.05, 40.4]", "at = [[-0.05, 140.4]", "a list of points [LON, LAT] in degrees"),
        ('lines = { en = ["The", "Park"] }', "lines = { en = [] }", "the same in lines"),
    ],
)
def test_every_value_has_its_rule(tmp_path, old, new, said):
    path = write_theatre(tmp_path, old, new)
    with pytest.raises(DataError) as caught:
        read_theatre_file(path)
    assert any(said in str(fault) for fault in caught.value.faults), caught.value
    assert all(fault.file == str(path) for fault in caught.value.faults)


def test_a_view_lies_where_the_map_has_points(tmp_path):
    path = write_theatre(tmp_path)
    text = (
        path.read_text("utf-8")
        .replace("+proj=lcc +lat_1=40.2 +lat_2=40.8", "+proj=gnom")
        .replace("west = -0.1", "west = -179")
    )
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"expected a frame that crs\.map can show"):
        read_theatre_file(path)


def test_lines_of_tables_that_come_several_times():
    text = "[[file]]\npath = 1\n[[file]]\npath = 2\n[other]\npath = 3\n[[names]]\n"
    assert find_line(text, ("file", 0, "path")) == 2
    assert find_line(text, ("file", 1, "path")) == 4
    assert find_line(text, ("file", 1, "credit")) == 3
    assert find_line(text, ("other", "path")) == 6
    assert find_line(text, ("names", 1)) is None


def test_a_fault_of_the_sources_names_the_line_of_its_entry(tmp_path):
    lay_out_land(tmp_path, list_land() | {"sources.toml": SOURCES.lstrip().replace('layer = "places"', "").encode()})
    with pytest.raises(DataError, match=r"sources.toml:11: file.layer: expected a text in the entry of 'places/"):
        read_origins(tmp_path)
    lay_out_land(tmp_path, {"sources.toml": b"file = 1\n"})
    with pytest.raises(DataError, match=r"sources.toml:1: file: expected an entry \[\[file\]\]"):
        read_origins(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("in {name}", "in {place}", "expected {name} filled in, and not {place}"),
        ("in {name}", "in {name.__class__}", "and not {name.__class__}"),
        ("in {name}", "in {name:>999999}", "and not {name:>999999}"),
        ("in {name}", "in {0}", "and not {0}"),
        ("in {name}", "in {name", "every { closed by a }"),
        ('"Who held what"', '"Who {held} what"', "expected no {braces} filled in, and not {held}"),
        ("[disclaimers]", 'months = ["I", "II"]\n[disclaimers]', "expected a list of texts, 12 at least"),
        ("[disclaimers]", 'direction = "up"\n[disclaimers]', "expected ltr or rtl"),
        ("[parties.red]", "[parties]\nblue = 1\n[parties.red]", "expected a table [parties.blue]"),
        (
            "[places]",
            "[headlines.country]\n2024-01-03 = 5\n[places]",
            "headlines.country.2024-01-03 = 5: expected a text",
        ),
        ('milltown = "Milltown"', 'milltown = ["Mill", "town"]', "expected a name"),
    ],
)
def test_a_phrase_is_filled_in_as_ours_is(tmp_path, old, new, said):
    assert old in WORDINGS
    lay_out_land(tmp_path, {"names/en.toml": WORDINGS.replace(old, new, 1).encode()})
    with pytest.raises(DataError) as caught:
        read_language("en", home=tmp_path)
    assert said in str(caught.value)


LAKE = ({"id": "lake", "name": "Lake", "rank": 1}, draw_box(0.3, 40.7, 0.4, 40.8))
BOW = {"type": "Polygon", "coordinates": [[[0, 40], [1, 41], [1, 40], [0, 41], [0, 40]]]}


def read(folder, data, kind=LAND, **columns):
    path = folder / "layer.geojson"
    path.write_bytes(data)
    return read_layer(path, Layer(kind, columns), CRS)


def test_a_layer_has_what_stands_for_what_it_leaves_out(tmp_path):
    found = read(tmp_path, write_layer(LAKE), name=None, rank=3, size=7, ref="")
    assert found.index.tolist() == ["lake"]
    assert found.loc["lake", ["name", "rank", "size", "ref"]].tolist() == ["Lake", 1.0, 7.0, ""]
    assert found.geometry.iloc[0].area == pytest.approx(9.4e7, rel=0.01)


@pytest.mark.parametrize(
    ("features", "kind", "said"),
    [
        ([LAKE, LAKE], LAND, "layer.geojson:2: id 'lake' is empty or doubled"),
        ([LAKE], LINES, "layer.geojson:1: the geometry is a Polygon; expected lines"),
        ([({"id": "a", "name": "A", "rank": 1}, BOW)], LAND, "the geometry is invalid (Self-intersection"),
        ([({"id": "a", "name": "A", "rank": 1}, None), LAKE], LAND, ":1: the geometry is missing or empty"),
        ([({"id": "a", "rank": 1}, draw_box(0, 40, 1, 41))], LAND, "columns missing: name; expected land"),
        ([({"id": "a", "name": "A", "rank": "x"}, draw_box(0, 40, 1, 41))], LAND, ":1: rank 'x' is no number"),
    ],
)
def test_every_fault_of_a_layer_names_its_feature(tmp_path, features, kind, said):
    with pytest.raises(DataError) as caught:
        read(tmp_path, write_layer(*features), kind, name=None, rank=3)
    assert said in str(caught.value)


def test_a_crs_that_is_none_and_a_file_that_is_none(tmp_path):
    with pytest.raises(DataError, match=r"layer.geojson: cannot be read as a vector file"):
        read(tmp_path, b"{}")
    table = json.dumps({"type": "FeatureCollection", "features": []}).encode()
    with pytest.raises(DataError, match=r"layer.geojson: (columns missing|has no geometry)"):
        read(tmp_path, table)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("place,name\nairfield,F\n", "bases.csv:1: columns missing: user; expected place, name, user"),
        ("place,name,user\nairfield,F,blue\nairfield,F,blue\n", "bases.csv:3: place 'airfield' is doubled or empty"),
    ],
)
def test_air_bases_of_a_project_have_their_columns(tmp_path, table, said):
    lay_out_land(tmp_path, list_land() | {"places/bases.csv": table.encode()})
    with pytest.raises(DataError) as caught:
        read_ground(tmp_path)
    assert said in str(caught.value)


# What the ids stand for


def read_land(folder, old="", new=""):
    assert old in THEATRE
    lay_out_land(folder, list_land() | {"theatre.toml": THEATRE.replace(old, new, 1).encode()})
    return read_materials(Own(folder))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'story = ["airfield"]',
            'story = ["milltown"]',
            "13: bases.story: no air base has the id 'milltown'; known: a",
        ),
        ('capital = "milltown"', 'capital = "miltown"', "20: country.capital: no place has the id 'miltown'; did you "),
        ('roads = ["main"]', 'roads = ["main", "M5"]', "31: views.country.roads: no road has the id 'M5'; known: main"),
        ('places = ["mill', 'places = ["east', "32: views.country.places: no place has the id 'easttown'; known: "),
        ('bases = ["airfield"]\nsign', 'bases = ["field"]\nsign', "34: views.country.bases: no air base has the id"),
        ('priority = ["mill', 'priority = ["mil', "37: views.country.priority: no place has the id 'miltown'"),
        ("sides = { mill", "sides = { mil", "39: views.country.sides.miltown: no place has the id 'miltown'"),
        ('[free_view]\nmain_road = "main"', '[free_view]\nmain_road = "m"', "42: free_view.main_road: no road has"),
        ('road = "main"\nlegs', 'road = "x"\nlegs', "48: axis.road: no road has the id 'x'"),
        ('to = "eastham"', 'to = "east"', "49: axis.legs.to: no place has the id 'east'"),
        ('places = ["eastham"]', 'places = ["nowhere"]', "55: next.places: no place has the id 'nowhere'"),
        ('area = "park"', 'area = "parc"', "67: names.area: no special area has the id 'parc'; did you mean park?"),
        ("edges.park", "edges.milltown", "62: worldviews.one.edges.milltown: no special area has the id 'milltown'"),
    ],
)
def test_an_id_that_nothing_has_is_a_fault(tmp_path, old, new, said):
    with pytest.raises(DataError) as caught:
        read_land(tmp_path / "odd", old, new)
    assert said in str(caught.value)
    (report,) = (one for one in check_project(tmp_path / "odd") if one.faults)
    assert (report.kind, report.faults) == ("layers", caught.value.faults)


def test_every_id_of_a_sound_project_stands_for_something(tmp_path):
    assert not any(report.faults for report in check_project(read_land(tmp_path).home))


def test_every_id_of_our_own_theatre_stands_for_something():
    check_known(read_ground(), read_boundaries(), None)


def test_a_project_without_roads_and_areas_says_so_of_their_ids(tmp_path):
    land = {name: text for name, text in list_land().items() if "highways" not in name}
    lay_out_land(tmp_path, land)
    with pytest.raises(DataError, match="no road has the id 'main'; the project has none"):
        read_materials(Own(tmp_path))
