"""syriamap changes: what changed hands, place by place and in sum."""

from __future__ import annotations

import csv
import io
import json

from .conftest import run

DAYS = ("2024-12-04", "2024-12-05")


def test_text_by_default():
    result = run("changes", *DAYS)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    line = next(line for line in lines if " hama-2024-12-05 " in line)
    assert line.split()[:4] == ["2024-12-05", "holder", "Hama", "city"]
    assert lines[-1].startswith("2024-12-05  HTS-led opposition  Government")


def test_json_csv_and_files(here):
    told = json.loads(run("changes", *DAYS, "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(run("changes", *DAYS, "--format", "csv").stdout)))
    assert [row["statement"] for row in told["rows"]] == [row["statement"] for row in rows]
    assert told["kind"] == "changes"
    assert told["totals"][0]["places"] == 34
    assert {"from_party", "to_party", "confidence", "sources", "urls", "note", "name_ar"} <= set(rows[0])
    assert run("changes", *DAYS, "-o", "c.parquet").stdout == "c.parquet\n"
    assert run("changes", *DAYS, "-o", "c.parquet").exit_code == 1


def test_totals_alone():
    text = run("changes", *DAYS, "--totals", "--format", "csv").stdout
    assert text.splitlines()[0] == "date,from_party,to_party,area_km2,places,recut_km2"
    assert len(run("changes", *DAYS, "--totals").stdout.splitlines()) == 3
    assert json.loads(run("changes", *DAYS, "--totals", "--json").stdout)["kind"] == "totals"


def test_user_text_never_becomes_a_formula(here):
    head = "id,date,precision,unit,controller,rival,status,change,basis,confidence,source,url,source2,url2,note\n"
    first = "a,2024-12-01,day,hama,government,,held,initial,background,low,background,,,,\n"
    second = 'b,2024-12-02,day,hama,opposition_hts,,held,captured,background,low,background,,,,"=HYPERLINK(""x"")"\n'
    (here / "t.csv").write_text(head + first + second, "utf-8")
    result = run("changes", "2024-12-01", "2024-12-02", "--control", "t.csv", "--format", "csv")
    assert result.exit_code == 0, result.stderr
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert row["note"] == '\'=HYPERLINK("x")'
    told = json.loads(run("changes", "2024-12-01", "2024-12-02", "--control", "t.csv", "--json").stdout)
    assert told["rows"][0]["note"] == '=HYPERLINK("x")'


def test_nothing_and_nonsense():
    assert run("changes", "2024-12-05", "2024-12-05").stdout == "nothing changed hands\n"
    assert run("changes", "2024-12-05", "2024-12-05", "--totals").stdout == "nothing changed hands\n"
    result = run("changes", "2024-12-05", "2024-12-04")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "name the earlier day first: 2024-12-04 2024-12-05" in result.stderr
    assert run("changes", "2024-12-05").exit_code == 2
