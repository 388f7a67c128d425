"""A new project renders at once, for an invented island and for any country's areas; nothing of ours is in it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from pyproj import Proj

from syriamap.atlas import compose_map, read_materials, render_map, save_map
from syriamap.cli import main
from syriamap.errors import DataError, OutputError
from syriamap.lint import lint_map
from syriamap.model import AreaFile, Own
from syriamap.project import choose_crs, lay_out_project

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2024, 1, 3)


@pytest.fixture(scope="module")
def island(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("projects") / "island"
    lay_out_project(folder)
    return folder


@pytest.fixture
def country(tmp_path) -> Path:
    """Return a file of eight areas on two levels in southern Africa, in metres."""
    rows = [
        (f"P{x // 2}", f"Part {x // 2}", f"D{x}{y}", f"District {x}{y}", shapely.box(x, y, x + 1, y + 1))
        for x in range(4)
        for y in range(2)
    ]
    frame = gpd.GeoDataFrame(
        [row[:4] for row in rows],
        columns=["adm1_pcode", "adm1_name", "adm2_pcode", "adm2_name"],
        geometry=[shapely.affinity.translate(row[4], 24, -27) for row in rows],
        crs=4326,
    )
    path = tmp_path / "areas.gpkg"
    frame.to_crs("ESRI:102022").to_file(path)
    return path


def test_the_island_renders_and_passes_the_check(island, tmp_path):
    made = render_map(DAY, project=island)
    picture, _ = save_map(made, tmp_path / "island.png")
    assert [one.number for one in lint_map(picture).findings if one.faults] == []
    assert {one.id for one in made.scene.controllers if one.area_km2} == {"party_a", "party_b", "unknown"}
    assert made.scene.words.title == "Areas of control in Exampleland"
    assert "Roads" not in " ".join(made.scene.words.notes)  # it has none


def test_the_commands_that_read_data_take_a_project(island):
    for words in (
        ["stats", "2024-01-03"],
        ["changes", "2024-01-01", "2024-01-03"],
        ["explain", "2024-01-03", "northport"],
        ["check"],
    ):
        done = CliRunner().invoke(main, [*words, "--project", str(island)])
        assert done.exit_code == 0, done.output
        assert "Party" in done.output or "part" in done.output


def test_a_country_of_ones_own_comes_with_all_its_levels(country, tmp_path):
    lay_out_project(tmp_path / "far", areas=AreaFile(country), name="Far {land}", start=date(2023, 5, 2))
    materials = read_materials(Own(project=tmp_path / "far"))
    assert materials.boundaries.units.index.tolist() == ["P0", "P1"] + [f"D{x}{y}" for x in range(4) for y in range(2)]
    deepest = materials.boundaries.units.query("level == 2").geometry.to_numpy()
    assert shapely.coverage_is_valid(deepest)
    true = gpd.GeoSeries([shapely.box(24, -27, 28, -25)], crs=4326).to_crs("ESRI:102022").area.iloc[0]
    assert shapely.area(deepest).sum() == pytest.approx(true, rel=0.02)
    made = compose_map(date(2023, 5, 3), project=tmp_path / "far")
    assert "Far (land)" in made.words.title
    assert len({one.id for one in made.controllers if one.area_km2}) == 3


def test_nothing_is_written_over(island):
    before = {path: path.read_bytes() for path in island.rglob("*") if path.is_file()}
    with pytest.raises(OutputError, match="exists and is kept"):
        lay_out_project(island)
    assert {path: path.read_bytes() for path in island.rglob("*") if path.is_file()} == before


def test_faults_of_the_areas_leave_no_folder(tmp_path):
    bad = tmp_path / "bad.geojson"
    knot = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    gpd.GeoDataFrame({"name": ["Knot"]}, geometry=[knot], crs=4326).to_file(bad)
    with pytest.raises(DataError):
        lay_out_project(tmp_path / "none", areas=AreaFile(bad))
    with pytest.raises(DataError, match="no such file"):
        lay_out_project(tmp_path / "none", areas=AreaFile(tmp_path / "missing.shp"))
    assert not (tmp_path / "none").exists()


def test_faults_of_a_theatre_are_all_told_with_their_lines(island, tmp_path):
    folder = shutil.copytree(island, tmp_path / "odd")
    file = folder / "theatre.toml"
    text = file.read_text("utf-8").replace("mark_days", "mark_dais").replace("west = ", "wset = ", 1)
    file.write_text(text.replace("2024-01-02", '"soon"', 1), "utf-8")
    with pytest.raises(DataError) as caught:
        read_materials(Own(project=folder))
    told = {fault.message.split(":")[0]: fault for fault in caught.value.faults}
    assert set(told) == {"time.mark_dais", "views.country.frame = {'wset'", "time.offensive_start = 'soon'"}
    assert "did you mean mark_days" in told["time.mark_dais"].message
    assert all(fault.line and fault.file == str(file) for fault in caught.value.faults)


def test_a_folder_that_is_no_project_says_how_to_make_one(tmp_path):
    done = CliRunner().invoke(main, ["render", "2024-01-03", "--project", str(tmp_path)])
    assert done.exit_code == 1
    assert "has no theatre.toml" in done.output
    assert "syriamap new" in done.output


def test_what_would_be_next_is_asked_of_the_theatre(island):
    done = CliRunner().invoke(main, ["render", "2024-01-03", "--project", str(island), "--next"])
    assert done.exit_code == 1
    assert "names nothing that could be next" in done.output


def test_the_sidecar_names_files_by_their_place_in_the_project(island, tmp_path):
    _, beside = save_map(render_map(DAY, project=island), tmp_path / "m.png")
    said = json.loads(beside.read_text("utf-8"))
    paths = {entry["path"] for entry in said["inputs"]}
    assert {"theatre.toml", "control/statements.csv", "boundaries/units.geojson", "theme.toml"} <= paths
    assert said["command"] == "syriamap render 2024-01-03 --project island"
    assert not [path for path in paths if path.startswith(("/", "roads", "water"))]


@pytest.mark.parametrize(
    "degrees", [(9, 19, 25, 33), (-82, -5, -67, 12), (12, -13, 31, 5), (5, 58, 31, 71), (166, -47, 179, -34)]
)
def test_the_projection_fits_the_country(degrees):
    west, south, east, north = degrees
    conformal, equal = choose_crs(degrees)
    for lon, lat in ((west, south), (east, north), ((west + east) / 2, (south + north) / 2)):
        assert Proj(conformal).get_factors(lon, lat).meridional_scale == pytest.approx(1, abs=0.025)
        assert Proj(equal).get_factors(lon, lat).areal_scale == pytest.approx(1, abs=1e-6)
