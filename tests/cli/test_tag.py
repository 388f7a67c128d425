"""syriamap tag: rows, columns and cells as they were, the holder behind them; whole files or none."""

from __future__ import annotations

import csv
import io

import pytest

from .conftest import run

TAGS = ["controller", "bloc", "status", "since", "place", "place_name", "statement"]


def rows_of(text):
    return list(csv.reader(io.StringIO(text)))


def test_cells_stay_as_they_are(here):
    (here / "p.csv").write_text('id,Longitude,note,LAT\n007,36.7500,"a, ""b""\nc",35.130\nx,30,NA,31\n', "utf-8")
    result = run("tag", "p.csv", "--date", "2024-12-05")
    assert result.exit_code == 0, result.stderr
    head, first, second = rows_of(result.stdout)
    assert head == ["id", "Longitude", "note", "LAT", *TAGS]
    assert first[:4] == ["007", "36.7500", 'a, "b"\nc', "35.130"]
    assert first[4:] == ["opposition_hts", "opposition", "held", "2024-12-05", "hama", "Hama", "hama-2024-12-05"]
    assert second == ["x", "30", "NA", "31", "outside", "outside", "", "", "", "", ""]
    assert result.stderr == ""


def test_each_row_on_its_day(here):
    (here / "p.csv").write_text("lng,lat,on\n36.75,35.13,2024-12-05T21:00\n36.75,35.13,2024-12-04\n")
    result = run("tag", "p.csv", "--date-column", "on")
    assert [row[3] for row in rows_of(result.stdout)] == ["controller", "opposition_hts", "government"]


def test_tag_whose_name_is_taken_gets_a_longer_one(here):
    (here / "p.csv").write_text("x,y,status\n36.75,35.13,open\n")
    head, row = rows_of(run("tag", "p.csv", "--date", "2024-12-05").stdout)
    assert head == ["x", "y", "status", "controller", "bloc", "syriamap_status", *TAGS[3:]]
    assert row[2:6] == ["open", "opposition_hts", "opposition", "held"]


def test_columns_of_any_name(here):
    (here / "p.csv").write_text("ost,nord\n36.75,35.13\n")
    assert run("tag", "p.csv", "--date", "2024-12-05", "--lon", "ost", "--lat", "nord").exit_code == 0
    result = run("tag", "p.csv", "--date", "2024-12-05")
    assert result.exit_code == 1
    assert "p.csv:1: no column of longitudes among ost, nord; expected one such as lon, lng" in result.stderr
    assert (
        "unknown column 'osst'; did you mean ost?"
        in run("tag", "p.csv", "--date", "2024-12-05", "--lon", "osst").stderr
    )


def test_every_fault_of_the_points_at_once(here):
    (here / "p.csv").write_text("lon,lat,on\n36.75,135,2024-12-05\n,35,05/12/2024\nabc,35,2024-12-05\n")
    result = run("tag", "p.csv", "--date-column", "on")
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert [line.split(": ")[0] for line in lines[:-1]] == ["p.csv:2", "p.csv:3", "p.csv:3", "p.csv:4"]
    assert lines[-1] == "Error: 4 faults found; mend and try again"
    assert "on '05/12/2024' is not an ISO day; expected YYYY-MM-DD; did you mean 2024-12-05" in result.stderr


def test_unknown_date_column(here):
    (here / "p.csv").write_text("lon,lat,day\n36,35,2024-12-05\n")
    result = run("tag", "p.csv", "--date-column", "days")
    assert (result.exit_code, result.stderr) == (1, "Error: unknown column 'days'; did you mean day?\n")


@pytest.mark.parametrize("words", [[], ["--date", "2024-12-05", "--date-column", "on"]])
def test_the_day_is_named_once(here, words):
    result = run("tag", "p.csv", *words)
    assert result.exit_code == 2
    assert "name the day once" in result.stderr


def test_file_is_written_whole_and_kept(here):
    (here / "p.csv").write_text("lon,lat\n36.75,35.13\n")
    assert run("tag", "p.csv", "--date", "2024-12-05", "-o", "out/t.csv").stdout == "out/t.csv\n"
    before = (here / "out" / "t.csv").read_bytes()
    assert b"\r" not in before
    result = run("tag", "p.csv", "--date", "2024-12-06", "-o", "out/t.csv")
    assert result.exit_code == 1
    assert "--overwrite" in result.stderr
    assert (here / "out" / "t.csv").read_bytes() == before
    assert run("tag", "p.csv", "--date", "2024-12-06", "-o", "out/t.csv", "--overwrite").exit_code == 0
    assert [path.name for path in (here / "out").iterdir()] == ["t.csv"]


def test_refused_points_leave_no_file(here):
    (here / "p.csv").write_text("lon,lat\n36.75,x\n")
    assert run("tag", "p.csv", "--date", "2024-12-05", "-o", "t.csv").exit_code == 1
    assert [path.name for path in here.iterdir()] == ["p.csv"]


def test_day_before_the_table(here):
    (here / "p.csv").write_text("lon,lat\n36.75,35.13\n")
    result = run("tag", "p.csv", "--date", "2011-03-15")
    assert result.exit_code == 1
    assert "the first is of 2024-11-26" in result.stderr


def test_vector_file_is_refused_with_the_way_out(here):
    (here / "p.geojson").write_text("{}")
    assert "save the points as CSV" in run("tag", "p.geojson", "--date", "2024-12-05").stderr
