"""syriamap stats: a table, a file or a chart; land never without places."""

from __future__ import annotations

import csv
import io
import json

import geopandas as gpd
import pytest
import shapely

from syriamap import read_boundaries
from syriamap.theatre import read_theatre

from .conftest import run

DAY = "2024-12-05"


def test_text_by_default():
    result = run("stats", DAY)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    head, first, *_, note = result.stdout.splitlines()
    assert head.split("  ")[0] == "day"
    assert "of land" in head
    assert "of places" in head
    assert first.split()[:3] == [DAY, "Government", "103,154.7"]
    assert note.startswith("people: of the 122 places")


def test_json_and_its_other_name():
    told = json.loads(run("stats", DAY, "--json").stdout)
    assert told == json.loads(run("stats", DAY, "--format", "json").stdout)
    assert [row["party"] for row in told["rows"]][:2] == ["government", "opposition_hts"]
    assert all({"area_share", "places_share"} <= set(row) for row in told["rows"])


def test_days_blocs_and_roads():
    rows = list(csv.DictReader(io.StringIO(run("stats", DAY, "2024-12-06", "--by", "bloc", "--format", "csv").stdout)))
    assert {row["date"] for row in rows} == {DAY, "2024-12-06"}
    assert "party" not in rows[0]
    lines = run("stats", DAY, "--roads").stdout.splitlines()
    assert any("M5" in line and "HTS-led opposition" in line and "141.0" in line for line in lines)
    told = json.loads(run("stats", DAY, "--roads", "--json").stdout)
    assert (told["kind"], set(told["rows"][0])) == (
        "roads",
        {"date", "road", "ref", "name", "party", "label", "bloc", "km", "km_share"},
    )


def test_file_is_written_whole_and_kept(here):
    result = run("stats", DAY, "-o", "new/stats.csv")
    assert (result.exit_code, result.stdout.strip()) == (0, "new/stats.csv")
    text = (here / "new/stats.csv").read_text("utf-8")
    assert text == run("stats", DAY, "--format", "csv").stdout
    kept = run("stats", DAY, "-o", "new/stats.csv")
    assert kept.exit_code == 1
    assert "exists and is kept; add --overwrite" in kept.stderr
    assert run("stats", DAY, "-o", "new/stats.csv", "--overwrite").exit_code == 0
    assert run("stats", DAY, "-o", "new/stats.parquet").exit_code == 0


def test_your_own_table_and_areas(here):
    head = "id,date,precision,unit,controller,rival,status,change,basis,confidence,source,url,source2,url2,note\n"
    rest = "held,initial,background,low,background,,,,\n"
    west, east = f"a,2024-12-01,day,W,government,,{rest}", f"b,2024-12-01,day,E,opposition_hts,,{rest}"
    (here / "t.csv").write_text(head + west + east, "utf-8")
    whole = shapely.union_all(read_boundaries().units.query("level == 1").to_crs(4326).geometry.to_numpy())
    halves = [whole.intersection(shapely.box(*box)) for box in ((30, 30, 38, 40), (38, 30, 45, 40))]
    gpd.GeoDataFrame({"code": ["W", "E"], "name": ["West", "East"]}, geometry=halves, crs=4326).to_file("a.geojson")
    result = run("stats", "2024-12-02", "--control", "t.csv", "--boundaries", "a.geojson", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    rows = {row["party"]: row for row in told["rows"]}
    true = gpd.GeoSeries(halves, crs=4326).to_crs(read_theatre()["crs"]["area"]).area / 1e6
    cut_out = rows["unknown"]["area_km2"]  # special areas, which no row hands over
    assert rows["government"]["area_km2"] + cut_out + rows["opposition_hts"]["area_km2"] == pytest.approx(
        true.sum(), rel=1e-4
    )
    assert true[1] - cut_out < rows["opposition_hts"]["area_km2"] < true[1]
    assert {"t.csv", "a.geojson"} <= {one["path"] for one in told["inputs"]}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "cvs"], "'cvs' is not known; did you mean csv?"),
        (["-o", "x.xlsx"], "'x.xlsx' ends in .xlsx; expected .csv or .json or .parquet"),
        (["-o", "x"], "'x' says no form; add --format or a suffix"),
        (["-o", "x.csv", "--json"], "'json' and 'x.csv' disagree"),
        (["--format", "parquet"], "name a file with -o"),
        (["--format", "csv", "--json"], "'csv' and --json disagree"),
        (["--by", "block"], "'block' is not known; did you mean bloc?"),
        (["--size", "og"], "--size: of a chart alone; add --chart FILE"),
        (["--chart", "c.gif"], "'c.gif'; expected a name that ends in .png or .svg"),
        (["--chart", "c.png", "--json", "--roads"], "leave --roads, --json out"),
    ],
)
def test_misuse_is_told_with_the_way_out(here, words, said):
    result = run("stats", DAY, *words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert not list(here.iterdir())


def test_days_that_cannot_be():
    assert "2024-12-04 is before 2024-12-05" in run("stats", DAY, "2024-12-04").stderr
    assert "not an ISO day" in run("stats", "5.12.2024").stderr
    result = run("stats", "2024-11-01")
    assert (result.exit_code, result.stdout) == (1, "")


def test_days_beyond_the_table_are_said_to_be_so(here):
    said = "warning: the last record is of 2024-12-10; later days are as last recorded"
    words = [["stats", "2024-12-12"], ["changes", "2024-12-09", "2024-12-12"], ["export", "2024-12-12", "-o", "d.kml"]]
    words.append(["stats", "2024-12-12", "--chart", "c.svg"])
    for command in words:
        result = run(*command)
        assert (result.exit_code, result.stderr.strip()) == (0, said)
    assert json.loads(run("stats", "2024-12-12", "--json").stdout)["last_record"] == "2024-12-10"
    assert run("stats", "2024-12-10").stderr == ""
    assert run("stats", "2025-03-01").exit_code == 1
    assert run("stats", "2025-03-01", "--carry").exit_code == 0


def test_chart(here):
    result = run("stats", "2024-12-01", DAY, "--chart", "new/c.svg", "--size", "square", "--theme", "dark")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.split() == ["new/c.svg", "new/c.json"]
    told = json.loads((here / "new/c.json").read_text("utf-8"))
    assert told["command"] == "syriamap stats 2024-12-01 2024-12-05 --size square --theme dark"
    assert (told["theme"], told["size"]) == ("dark", "square")
    assert run("stats", DAY, "--chart", "new/c.svg").exit_code == 1
    assert "did you mean" in run("stats", DAY, "--chart", "d.svg", "--size", "sqare").stderr
