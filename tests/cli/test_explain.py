"""syriamap explain: the statement that decides, its sources, what it overrides."""

from __future__ import annotations

import json

from .conftest import run


def test_place_by_name():
    text = run("explain", "2024-12-05", "Hama").stdout
    assert text.startswith("Hama, end of 2024-12-05\n  HTS-led opposition, held since 2024-12-05\ndecided by\n")
    assert "statement hama-2024-12-05: precision day, basis named, confidence high" in text
    assert "which overrides\n  2024-11-26  Hama: Government, held (initial)  [older]" in text
    assert "https://" in text


def test_point_names_the_land_around_it():
    text = run("explain", "2024-12-05", "36.75,35.13").stdout
    assert "36.7500, 35.1300, end of" in text
    assert "in the land around Hama (hama), 0.7 km away" in text


def test_json():
    found = json.loads(run("explain", "2024-12-05", "Hama", "--json").stdout)
    assert (found["controller"], found["since"]) == ("opposition_hts", "2024-12-05")
    assert found["deciding"]["outlets"][0]["printable"] is True


def test_unknown_name_offers_near_ones():
    result = run("explain", "2024-12-05", "Hamaa")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "unknown place 'Hamaa'; did you mean Hama" in result.stderr


def test_outside():
    assert "outside the country (longitude comes first)" in run("explain", "2024-12-05", "30,31").stdout


def test_background_is_said_openly():
    text = run("explain", "2024-11-26", "Damascus").stdout
    assert "source background: general knowledge, named in no report" in text


def test_users_faults_are_all_told(here):
    (here / "mine.csv").write_text("date,unit,controller,source\n2024-02-30,hama,goverment,x\n")
    result = run("explain", "2024-12-05", "Hama", "--control", "mine.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 3
    assert result.stderr.endswith("Error: 2 faults found; mend and try again\n")
