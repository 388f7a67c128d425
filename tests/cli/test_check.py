"""syriamap check: every fault with its line on stdout, exit code 1; counts of what is sound."""

from __future__ import annotations

import json

from .conftest import run

SQUARE = [[[36, 34.6], [36.5, 34.6], [36.5, 35.1], [36, 35.1], [36, 34.6]]]


def write_square(path, **words):
    feature = {"type": "Feature", "properties": words, "geometry": {"type": "Polygon", "coordinates": SQUARE}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def test_our_data_are_sound():
    result = run("check")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert all(line.startswith(("ok  data/", "    ")) for line in lines)
    assert any("statements about" in line for line in lines)


def test_faults_are_printed_as_editors_read_them(here):
    (here / "mine.csv").write_text("date,unit,controller,source\n2024-02-30,hama,goverment,\n")
    result = run("check", "mine.csv")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("mine.csv:2: ") for line in lines)
    assert result.stderr == "3 faults found\n"


def test_sound_table_is_counted_and_ignored_columns_are_said(here):
    (here / "mine.csv").write_text("date,unit,controller,source,desk\n2024-12-05,hama,sdf,Reuters,x\n")
    result = run("check", "mine.csv")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "ok  mine.csv: 1 statement about 1 unit, 2024-12-05 to 2024-12-05, 9 parties",
        "    mine.csv: columns ignored: desk",
    ]


def test_table_is_read_against_the_boundaries_beside_it(here):
    write_square(here / "mine.geojson", id="Q1", name="Quarter")
    (here / "mine.csv").write_text("date,unit,controller,source\n2024-12-05,Q1,sdf,Reuters\n")
    assert run("check", "mine.csv").exit_code == 1
    result = run("check", "mine.csv", "mine.geojson")
    assert result.exit_code == 0
    said = [line.split(":")[0] for line in result.stdout.splitlines()]
    assert said[:2] == ["ok  mine.csv", "ok  mine.geojson"]
    assert [line.split()[:2] for line in said[2:]] == [["they", "cover"]]


def test_one_broken_file_does_not_hide_the_other(here):
    write_square(here / "mine.geojson", nothing="x")
    (here / "mine.csv").write_text("date,unit,controller,source\n2024-12-05,hama,sdf,\n")
    result = run("check", "mine.csv", "mine.geojson", "none.csv")
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == ["mine.csv:2", "mine.geojson", "none.csv"]


def test_json(here):
    (here / "mine.csv").write_text("date,unit,controller,source\n2024-12-05,hamaa,sdf,x\n")
    result = run("check", "mine.csv", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["ok"] is False
    fault = found["files"][0]["faults"][0]
    assert (fault["file"], fault["line"]) == ("mine.csv", 2)
    assert "did you mean hama" in fault["message"]


def test_a_vector_file_with_a_controller_is_read_as_a_control_table(here):
    write_square(here / "mine.geojson", date="2024-12-05", controller="sdf", source="Reuters", unit="my square")
    result = run("check", "mine.geojson")
    assert result.exit_code == 0
    assert result.stdout.startswith("ok  mine.geojson: 1 statement about 1 unit, 2024-12-05 to 2024-12-05, 9 parties\n")
    told = run("explain", "2024-12-05", "36.2,35.0", "--control", "mine.geojson")
    assert "my square, zone of statement mine-1 in mine.geojson, feature 1: Kurdish-led SDF" in told.stdout


def test_areas_are_read_with_the_options(here):
    square = {"type": "Polygon", "coordinates": [[[36.5, 34.5], [37, 34.5], [37, 35], [36.5, 35], [36.5, 34.5]]]}
    features = [{"type": "Feature", "properties": {"id": "", "key": "K1", "titre": "Un"}, "geometry": square}]
    (here / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert "has no column 'kye'; did you mean key?" in run("check", "areas.geojson", "--code-column", "kye").output
    found = run("check", "areas.geojson:areas", "--code-column", "key", "--name-column", "titre")
    assert found.exit_code == 0, found.output
    assert "ok  areas.geojson:areas: 1 area of level 1; " in found.output
    assert "they cover 1 % of the country; the rest will be drawn as abroad" in found.output
