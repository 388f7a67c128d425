"""Units of a table by their names: one meaning is taken, several are told, what is only near is never taken."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest

from syriamap.control import verify_control
from syriamap.units import slugify

from .conftest import faults_of

HEAD = "date,unit,controller,source"


@pytest.fixture(scope="module")
def country(squares):
    """Four provinces and their one district each; the place Old Town has the name of a province and a district too."""
    upper = squares.units.assign(name=["Old Town", "East", "South", "West"], name_ar=["", "", "حماة", "إدلب"])
    lower = upper.set_axis(["A11", "A21", "A31", "A41"]).assign(level=2, name=["Old Town", "Estuary", "Sea", "Wells"])
    units = gpd.GeoDataFrame(pd.concat([upper, lower.assign(name_ar="")]), crs=squares.crs).rename_axis("code")
    units["slug"] = [slugify(name) for name in units["name"]]
    return replace(squares, units=units, own=True, aliases={"A2": ("Orient", "Alépp"), "A21": ("Mouth",)})


@pytest.fixture
def read(tmp_path, country):
    def read_table(*rows, head=HEAD, refuse=False):
        path = tmp_path / "t.csv"
        path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
        if refuse:
            return faults_of(verify_control, path, boundaries=country)
        return verify_control(path, boundaries=country)

    return read_table


def row(unit, level=None):
    return f"2024-12-05,{unit},sdf,x" if level is None else f"2024-12-05,{unit},sdf,x,{level}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A2", "A2"),
        ("a2", "A2"),
        ("East", "A2"),
        ("EAST", "A2"),
        ("Orient", "A2"),
        ("alepp", "A2"),
        ("حماه", "A3"),
        ("ادلب", "A4"),
        ("Mouth", "A21"),
        ("Estuary", "A21"),
        ("park", "park"),
        ("PARK", "park"),
        ("Altstadt", "old-town"),
        ("البلدة القديمة", "old-town"),
        ("old-town", "old-town"),
        ("New Town", "new-town"),
    ],
)
def test_a_name_that_means_one_thing_is_taken(read, text, code):
    assert read(row(text))[0].statements["unit"].tolist() == [code]


def test_a_column_may_mix_codes_and_names_and_the_notes_tell(read):
    control, notes = read(row("A1"), row("East"), row("حماة"), row("East"), row("new-town"))
    assert control.statements["unit"].tolist() == ["A1", "A2", "A3", "A2", "new-town"]
    (note,) = notes
    assert note.endswith("t.csv: 2 units named by names: East -> A2 (ADM1), حماة -> A3 (ADM1)")


def test_codes_alone_need_no_note(read):
    assert read(row("A1"), row("old-town"))[1] == ()


def test_several_meanings_are_told_with_their_kinds(read):
    assert read(row("Old Town"), refuse=True) == [
        "t.csv:2: unit 'Old Town' means several: old-town (Old Town, town), A1 (Old Town, ADM1), A11 (Old Town, ADM2); "
        "expected the code or id of one, or say which in a column level (adm1 or adm2 or place)"
    ]


@pytest.mark.parametrize(("level", "code"), [("adm1", "A1"), ("ADM2", "A11"), ("place", "old-town")])
def test_a_column_level_says_which(read, level, code):
    control, _ = read(row("Old Town", level), row("East", ""), head=f"{HEAD},level")
    assert control.statements["unit"].tolist() == [code, "A2"]
    assert "level" not in control.statements.columns


@pytest.mark.parametrize(
    ("unit", "level", "said"),
    [
        ("East", "adm2", "unit 'East' is no adm2; it means A2 (East, ADM1); expected a unit of the level in its row"),
        ("A2", "place", "unit 'A2' is no place; it means A2 (East, ADM1)"),
        ("Estuary", "adm9", "level 'adm9' is not known; expected adm0, adm1"),
        ("Estuari", "adm2", "unit 'Estuari' is not known; expected the id of a place"),
    ],
)
def test_a_level_that_does_not_fit(read, unit, level, said):
    assert f"t.csv:2: {said}" in read(row(unit, level), head=f"{HEAD},level", refuse=True)[0]


@pytest.mark.parametrize("typo", ["Estuari", "Eest", "Orientt", "حماةة", "Old Twon", "A22"])
def test_what_is_only_near_is_never_taken(read, typo):
    (said,) = read(row(typo), refuse=True)
    assert f"unit '{typo}' is not known" in said
    assert "did you mean" in said


def test_a_name_of_a_marker_alone_is_no_unit(read):
    assert "is a marker" in read(row("harbour"), refuse=True)[0]


def test_every_ambiguity_is_told_once_with_its_lines(read):
    found = read(*[row("Old Town")] * 3, row("Old Town"), refuse=True)
    assert [fault.split(": ")[0] for fault in found] == ["t.csv:2", "t.csv:3", "t.csv:4", "t.csv:5"]
