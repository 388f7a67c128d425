"""Maps with the areas of COD-AB: one option, no warning; codes, English and Arabic names make one map."""

from __future__ import annotations

import csv
import json
from datetime import date

import geopandas as gpd
import pytest
import shapely

from syriamap.atlas import compose_map

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


def test_codes_and_names_make_the_same_map(tmp_path):
    columns = {"codes": "adm1_pcode", "english": "adm1_name", "arabic": "adm1_name1"}
    tables = {name: write_table(tmp_path, name, column) for name, column in columns.items()}
    scenes = {
        name: compose_map(DAY, control=table, boundaries=COD_AB / "syr_admin1.shp", view="country", size="web-small")
        for name, table in tables.items()
    }
    shown = ("control", "lines", "labels", "markers", "key", "controllers", "words")
    said = {name: [getattr(scene, part) for part in shown] for name, scene in scenes.items()}
    assert said["codes"] == said["english"] == said["arabic"]


def test_the_maker_of_the_areas_is_credited_in_place_of_ours_and_neighbours_end_where_they_begin():
    choices = {"boundaries": COD_AB / "syr_admin1.shp", "boundaries_credit": "UN OCHA COD-AB"}
    scene = compose_map(DAY, **choices, view="country", size="web-small")
    assert scene.words.data.startswith("Map data: boundaries: UN OCHA COD-AB")
    assert [one for one in scene.credits if one.title == "UN OCHA COD-AB"]
    country = shapely.union_all([patch.geometry for patch in scene.control if patch.kind == "zone"])
    neighbours = shapely.union_all([patch.geometry for patch in scene.ground if patch.kind == "neighbour"])
    assert country.area > 10_000  # square pixels
    assert country.intersection(neighbours).area < 1
    borders = shapely.union_all([line.geometry for line in scene.lines if line.kind == "border"])
    outline = country.boundary
    assert outline.intersection(borders.buffer(1.5)).length > 0.6 * outline.length
    assert borders.intersection(country.buffer(3)).length < 1.1 * outline.length  # no line stands twice
