"""syriamap export: layers of a day for other programs."""

from __future__ import annotations

import pyogrio
import pytest

from .conftest import run

DAY = "2024-12-05"


def test_all_layers_in_one_file(here):
    result = run("export", DAY, "-o", "new/day.gpkg")
    assert (result.exit_code, result.stdout) == (0, "new/day.gpkg\n")
    assert set(pyogrio.list_layers(here / "new/day.gpkg")[:, 0]) >= {"zones", "fronts", "places"}
    kept = run("export", DAY, "-o", "new/day.gpkg")
    assert kept.exit_code == 1
    assert "exists and is kept" in kept.stderr


def test_names_of_ours(here):
    assert run("export", DAY).stdout == "outputs/syriamap_2024-12-05.geojson\n"
    assert run("export", DAY, "--format", "kml", "--layer", "fronts", "-o", "mine").stdout == "mine.kml\n"
    (here / "folder").mkdir()
    found = run("export", DAY, "--format", "parquet", "--layer", "zones", "--layer", "fronts", "-o", "folder")
    assert found.stdout.split() == [f"folder/syriamap_{DAY}_{layer}.parquet" for layer in ("zones", "fronts")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "geojsn"], "'geojsn' is not known; did you mean geojson?"),
        (["-o", "day.shp"], "'day.shp' ends in .shp; known: geojson, gpkg, parquet, topojson, kml"),
        (["-o", "day.kml", "--format", "gpkg"], "'gpkg' and 'day.kml' disagree"),
        (["--layer", "zone"], "'zone' is not known; did you mean zones?"),
    ],
)
def test_misuse_is_told_with_the_way_out(here, words, said):
    result = run("export", DAY, *words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert not list(here.iterdir())


def test_days_and_themes_that_cannot_be(here):
    assert "no statement on or before" in run("export", "2024-11-01", "-o", "d.kml").stderr
    assert "did you mean dark" in run("export", DAY, "-o", "d.kml", "--theme", "darc").stderr
    assert not list(here.iterdir())


def test_the_words_of_the_commands_are_those_of_the_library():
    from syriamap import export, numbers
    from syriamap.cli import export as command
    from syriamap.cli import tabling

    assert (command.FORMATS, command.LAYERS) == (export.FORMATS, export.LAYERS)
    assert tabling.FORMATS == numbers.FORMATS
