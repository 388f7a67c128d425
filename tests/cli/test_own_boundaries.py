"""Maps with the areas of COD-AB: one option, no warning; codes, English and Arabic names make one map."""

from __future__ import annotations

import csv
import json
from datetime import date

import geopandas as gpd
import pytest
import shapely

from syriamap.atlas import compose_map
from syriamap.boundaries import read_boundaries
from syriamap.control import verify_control

from ..reference import COD_AB, needs_cod_ab
from .conftest import run

DAY = date(2024, 12, 5)
pytestmark = needs_cod_ab


@pytest.mark.parametrize("level", [1, 2, 3])
def test_cod_ab_renders_with_one_option_and_no_warning(level, tmp_path):
    file = COD_AB / f"syr_admin{level}.shp"
    made = run("render", "2024-12-05", "--boundaries", file, "--size", "web-small", "-o", tmp_path / "map.png")
    assert made.exit_code == 0, made.output
    assert made.stderr == ""
    said = json.loads((tmp_path / "map.json").read_text("utf-8"))
    assert said["repairs"] == []
    assert {entry["path"] for entry in said["inputs"]} >= {file.name, f"syr_admin{level}.dbf"}
    assert said["sources"][-1]["title"] != ""
    assert file.name in [source["title"] for source in said["sources"]]
    line = next(one["text"] for one in said["furniture"] if one["kind"] == "data")
    assert f"boundaries: {file.name}" in line
    assert said["command"].endswith(f"--size web-small --boundaries {file.name}")


def write_table(folder, name, pick):
    """Return a table about the provinces, each named by one of its columns."""
    frame = gpd.read_file(COD_AB / "syr_admin1.shp")
    parties = ("government", "sdf", "opposition_hts")
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "date", "unit", "controller", "source", "level"])
        for at, unit in enumerate(frame[pick]):
            rows.writerow([f"s{at}", "2024-12-01", unit, parties[at % 3], "My desk", "adm1"])
    return path


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Return three tables that say the same of the provinces, named in three ways."""
    columns = {"codes": "adm1_pcode", "english": "adm1_name", "arabic": "adm1_name1"}
    folder = tmp_path_factory.mktemp("tables")
    return {name: write_table(folder, name, column) for name, column in columns.items()}


@pytest.fixture(scope="module")
def scenes(tables):
    choices = {"boundaries": COD_AB / "syr_admin1.shp", "boundaries_credit": "UN OCHA", "view": "country"}
    return {name: compose_map(DAY, control=tables[name], **choices, size="web-small") for name in ("codes", "arabic")}


def test_codes_and_names_are_read_as_the_same(tables):
    boundaries = read_boundaries(COD_AB / "syr_admin1.shp")
    read = {name: verify_control(table, boundaries=boundaries) for name, table in tables.items()}
    units = [control.statements["unit"].tolist() for control, _ in read.values()]
    assert units[0] == units[1] == units[2]
    assert read["codes"][1] == ()
    assert "14 units named by names: الحسكة -> SY08 (ADM1), " in read["arabic"][1][0]


def test_codes_and_names_make_the_same_map(scenes):
    shown = ("control", "lines", "labels", "markers", "key", "controllers", "words")
    said = {name: [getattr(scene, part) for part in shown] for name, scene in scenes.items()}
    assert said["codes"] == said["arabic"]


def test_the_maker_of_the_areas_is_credited_in_place_of_ours(scenes):
    scene = scenes["codes"]
    assert scene.words.data.startswith("Map data: boundaries: UN OCHA, ")
    assert [one for one in scene.credits if one.title == "UN OCHA"]


def test_neighbours_end_where_the_areas_begin(scenes):
    scene = scenes["codes"]
    country = shapely.union_all([patch.geometry for patch in scene.control if patch.kind == "zone"])
    neighbours = shapely.union_all([patch.geometry for patch in scene.ground if patch.kind == "neighbour"])
    assert country.area > 10_000  # square pixels
    assert country.intersection(neighbours).area < 1
    borders = shapely.union_all([line.geometry for line in scene.lines if line.kind == "border"])
    outline = country.boundary
    assert outline.intersection(borders.buffer(1.5)).length > 0.6 * outline.length
    assert borders.intersection(country.buffer(3)).length < 1.1 * outline.length  # no line stands twice
