"""examples/libya/ is a whole theatre: an exact coverage, places where they belong, statements that mean something."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod, Proj

from syriamap.catalog import data_dir, data_file, hash_file
from syriamap.colour import contrast, least_distance
from syriamap.statements import COLUMNS, WORDS
from syriamap.theme import get_theme
from syriamap.units import slugify

FOLDER = Path(__file__).parents[2] / "examples" / "libya"
LARGEST_KB = 500
OFF_KM = 3.0  # a town on the coast may lie so far off a thinned outline
LANGUAGES = ("en", "ar")


@cache
def toml(path: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / path).read_text("utf-8"))


@cache
def layer(path: str) -> gpd.GeoDataFrame:
    return gpd.read_file(FOLDER / path).set_index("id", drop=False)


@cache
def table(path: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / path, dtype=str, keep_default_na=False)


def metres(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> Any:
    return frame.to_crs(toml("theatre.toml")["crs"]["map"])


@cache
def places() -> gpd.GeoDataFrame:
    rows = table("places/places.csv").set_index("id", drop=False)
    points = gpd.points_from_xy(rows.lon.astype(float), rows.lat.astype(float))
    return gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:4326")


# Land


def test_districts_and_neighbours_share_their_edges():
    land = np.array([*layer("boundaries/units.geojson").geometry, *layer("boundaries/neighbours.geojson").geometry])
    assert len(land) == 22 + 9
    assert shapely.is_valid(land).all()
    assert shapely.coverage_is_valid(land)


@pytest.mark.parametrize("state", ["tunisia", "algeria", "niger", "chad", "sudan", "egypt"])
def test_a_border_is_the_same_line_on_both_sides(state):
    outline = shapely.coverage_union_all(layer("boundaries/units.geojson").geometry.to_numpy())
    abroad = layer("boundaries/neighbours.geojson").geometry[state]
    assert shapely.relate(outline, abroad)[4] == "1"
    assert shapely.area(outline & abroad) == 0


def test_areas_are_true():
    units = layer("boundaries/units.geojson")
    found = units.to_crs(toml("theatre.toml")["crs"]["area"]).area
    true = [abs(Geod(ellps="WGS84").geometry_area_perimeter(shape)[0]) for shape in units.geometry]
    assert found.to_numpy() == pytest.approx(true, rel=1e-3)


def test_sparse_land_lies_in_the_country_and_leaves_towns_alone():
    (sparse,) = metres(layer("boundaries/sparse.geojson")).geometry
    land = metres(layer("boundaries/units.geojson")).union_all()
    assert sparse.difference(land.buffer(500)).area == 0
    towns = metres(places())[places()["kind"].isin(["city", "town"]) & (places()["source"] == "GeoNames")]
    assert list(towns.index[towns.within(sparse)]) == []


def test_roads_lie_on_land():
    land = metres(layer("boundaries/units.geojson")).union_all()
    for road in metres(layer("roads/highways.geojson")).geometry:
        assert road.is_simple
        assert road.difference(land).length < 3_000  # the last metres before a border


def test_scale_and_north_hold_in_the_view_of_the_country():
    frame, crs = toml("theatre.toml")["views"]["country"]["frame"], toml("theatre.toml")["crs"]["map"]
    lon, lat = np.meshgrid(np.linspace(frame["west"], frame["east"], 9), np.linspace(frame["south"], frame["north"], 9))
    told = Proj(crs).get_factors(lon, lat)
    assert told.meridional_scale.min() >= 0.995
    assert told.meridional_scale.max() <= 1.005
    assert np.abs(told.meridian_convergence).max() <= 3.5


# Places


def test_every_place_lies_in_its_district():
    units = layer("boundaries/units.geojson")
    lands = metres(gpd.GeoSeries(units.geometry.to_numpy(), index=[slugify(name) for name in units.name], crs=4326))
    off = {
        key: round(point.distance(lands[home]) / 1000, 1)
        for key, point, home in zip(places().index, metres(places()).geometry, places()["governorate"], strict=True)
    }
    assert {key: km for key, km in off.items() if km > OFF_KM} == {}


def test_places_have_both_names_and_one_id():
    assert places().index.is_unique
    assert (places()["name"] != "").all()
    assert places()["name_ar"].str.contains("[ء-ي]", regex=True).all()
    assert len(set(places()["name"])) == len(places())
    assert set(places()["source"]) == {"GeoNames", "OurAirports", "estimate"}


def test_what_the_theatre_names_exists():
    theatre, roads = toml("theatre.toml"), layer("roads/highways.geojson").index
    bases = set(table("places/bases.csv")["place"])
    assert bases <= set(places().index)
    assert set(theatre["bases"]["story"]) <= bases
    assert theatre["country"]["capital"] in places().index
    assert theatre["free_view"]["main_road"] in roads
    for view in theatre["views"].values():
        assert {view["main_road"], *view["roads"]} <= set(roads)
        assert {*view["places"], *view["priority"], *view["sides"]} <= set(places().index)
        assert set(view["bases"]) <= bases


# Control


def statements() -> pd.DataFrame:
    return table("control/statements.csv")


def test_every_statement_speaks_of_a_unit_and_a_party_that_exist():
    said, parties = statements(), set(table("control/actors.csv")["id"])
    units = {*places().index[places()["role"] == "place"], *layer("boundaries/units.geojson")["code"]}
    assert list(said.columns) == COLUMNS
    assert said["id"].is_unique
    assert set(said["unit"]) - units == set()
    assert set(said["controller"]) | set(said["rival"]) - {""} <= parties
    assert {name for name in WORDS if not set(said[name]) <= set(WORDS[name])} == set()
    assert (said["rival"] != "").equals(said["status"].isin(["contested", "claimed"]))


def test_days_are_those_of_the_episode():
    days, time = [date.fromisoformat(day) for day in statements()["date"]], toml("theatre.toml")["time"]
    assert min(days) == time["base_date"]
    assert max(days) == date(2020, 6, 6)
    assert {day for day, change in zip(days, statements()["change"], strict=True) if change == "initial"} == {min(days)}


def test_no_statement_claims_a_report():
    """No report was read: every row says so, and none has an address or more than medium confidence."""
    said = statements()
    assert set(said["source"]) == set(said["basis"]) == {"background"}
    assert set(said["url"]) | set(said["url2"]) | set(said["source2"]) == {""}
    assert set(said["confidence"]) <= {"low", "medium"}
    assert "No report was read" in (FOLDER / "README.md").read_text("utf-8")
    assert "no report was read" in toml("names/en.toml")["note_control"]


@pytest.mark.parametrize(
    ("day", "place", "holder"),
    [
        ("2020-04-12", "sabratha", "lna"),
        ("2020-04-13", "sabratha", "gna"),
        ("2020-05-18", "al-watiya-air-base", "gna"),
        ("2020-06-03", "tripoli-airport", "gna"),
        ("2020-06-04", "tarhuna", "lna"),
        ("2020-06-05", "tarhuna", "gna"),
        ("2020-06-05", "bani-walid", "gna"),
        ("2020-06-06", "sirte", "lna"),
        ("2020-06-06", "tripoli", "gna"),
    ],
)
def test_the_turning_points_stand(day, place, holder):
    said = statements()
    known = said[(said["unit"] == place) & (said["date"] <= day)]
    assert known.sort_values("date", kind="stable")["controller"].iloc[-1] == holder


# Looks and words


def test_everybody_tells_the_parties_apart():
    theme = get_theme(FOLDER / "theme.toml")
    parties = [theme.parties[key] for key in table("control/actors.csv")["id"]]
    for one, other in combinations(parties, 2):
        assert least_distance(one.fill, other.fill)[0] >= 15
    for party in parties:
        for land in filter(None, (party.fill, party.before, party.sparse)):
            assert contrast(party.name or party.text, land) >= 4.5
            assert contrast(theme.colours["front"], land) >= 3


def leaves(words: dict[str, Any], at: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for key, value in words.items():
        found |= leaves(value, (*at, key)) if isinstance(value, dict) else {(*at, key): value}
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_names_say_nothing_of_another_country(code):
    text = (FOLDER / f"names/{code}.toml").read_text("utf-8").casefold()
    words = ("syria", "rebel", "russia", "damascus", "aleppo", "سوريا", "المعارضة", "روسيا", "حلب")
    assert [word for word in words if word in text] == []


def test_both_languages_say_the_same_things():
    own = {"months", "months_short"}
    english, arabic = (
        {key for key in leaves(toml(f"names/{code}.toml")) if key[0] not in own and key[:2] != ("parties", "unknown")}
        for code in LANGUAGES
    )
    assert english == arabic


@pytest.mark.parametrize("code", LANGUAGES)
def test_phrases_fit_those_they_replace(code):
    """The same braces at most, so that the engine can fill them."""
    base = leaves(tomllib.loads(data_file(f"words/{code}.toml").read_text("utf-8")))
    for key, text in leaves(toml(f"names/{code}.toml")).items():
        if key in base and isinstance(text, str):
            assert set(braces(text)) <= set(braces(str(base[key]))), key


def braces(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:]]


@pytest.mark.parametrize("code", LANGUAGES)
def test_headlines_are_of_days_that_the_table_has(code):
    days = {*statements()["date"], toml("theatre.toml")["time"]["offensive_start"].isoformat()}
    for view, lines in toml(f"names/{code}.toml")["headlines"].items():
        assert view in toml("theatre.toml")["views"]
        assert set(lines) <= days


# Papers


def test_every_file_has_its_papers_and_the_folder_is_small():
    entries = {entry["path"]: entry for entry in toml("sources.toml")["file"]}
    files = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*") if path.is_file()}
    assert set(entries) == set(files) - {"sources.toml"}
    assert [path for path, entry in entries.items() if hash_file(files[path]) != entry["sha256"]] == []
    assert sum(path.stat().st_size for path in files.values()) <= LARGEST_KB * 1000


def test_tables_have_the_columns_of_ours():
    data = data_dir()
    for path in ("places/places.csv", "places/bases.csv", *(f"control/{one}.csv" for one in ("actors", "statements"))):
        ours, theirs = ((root / path).read_text("utf-8").partition("\n")[0] for root in (data, FOLDER))
        assert ours == theirs, path
