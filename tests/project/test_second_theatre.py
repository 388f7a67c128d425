"""The second theatre obeys the laws of the first and passes the publication check; nothing of the first is in it."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import shapely

from syriamap.atlas import build_day, build_moment, read_materials, render_map, save_map
from syriamap.catalog import data_file
from syriamap.cells import build_cells
from syriamap.language import list_languages
from syriamap.lint import lint_map
from syriamap.merge import control_on
from syriamap.model import Own
from syriamap.names import fold

LIBYA = Path(__file__).parents[2] / "examples" / "libya"
DAYS = [date(2020, 3, 24), date(2020, 4, 13), date(2020, 5, 18), date(2020, 6, 6)]
# One of each view, size, language, theme and style: a map costs a second
MAPS = [
    ("2020-04-13", {"view": "tripolitania", "size": "web"}),
    ("2020-06-05", {"view": "country", "size": "portrait", "lang": "ar"}),
    ("2020-06-05", {"view": "tripolitania", "size": "og", "theme": "dark"}),
    ("2020-05-18", {"view": "country", "size": "print-1col", "theme": "print", "lang": "fr"}),
    ("2020-06-06", {"view": "tripoli:60", "size": "square", "lang": "en+ar"}),
    ("2020-06-04", {"view": "misrata", "size": "x", "style": "points", "lang": "zh"}),
]


@pytest.fixture(scope="module")
def materials():
    return read_materials(Own(project=LIBYA))


@pytest.mark.parametrize("on", DAYS)
def test_cells_and_zones_tile_the_country(materials, on):
    moment, country = build_moment(materials, on), materials.boundaries.country
    for land in (moment.cells.frame, moment.zones, moment.soft_zones):
        shapes = land.geometry.to_numpy()
        assert shapely.coverage_is_valid(shapes) if land is not moment.soft_zones else shapely.is_valid(shapes).all()
        assert shapely.area(shapes).sum() == pytest.approx(country.area, rel=1e-6)
        assert shapely.union_all(shapes).symmetric_difference(country).area < 1e-6 * country.area


def test_nothing_later_than_the_day_changes_it(materials):
    control = materials.control
    for on in DAYS:
        known = control.statements[control.statements["date"].dt.date <= on].reset_index(drop=True)
        cut = replace(control, statements=known, last=on)
        cells = build_cells(materials.boundaries, control, on)
        again = build_cells(materials.boundaries, cut, on)
        assert cells.frame.index.equals(again.frame.index)
        whole, part = (control_on(cells, table, on, carry=True) for table in (control, cut))
        assert (whole[["party", "status", "statement"]] == part[["party", "status", "statement"]]).all(axis=None)


def test_the_advance_is_told_day_by_day(materials):
    taken = {"sabratha": date(2020, 4, 13), "tarhuna": date(2020, 6, 5), "bani-walid": date(2020, 6, 5)}
    for place, day in taken.items():
        eve, then = (build_day(materials, on).places.at[place, "party"] for on in (day - timedelta(days=1), day))
        assert (eve, then) == ("lna", "gna")
    bases = build_moment(materials, date(2020, 6, 6)).bases
    assert bases.at["al-watiya-air-base", "status"] == "lost"


@pytest.mark.parametrize(("day", "choices"), MAPS)
def test_maps_pass_the_publication_check(tmp_path, day, choices):
    picture, beside = save_map(render_map(date.fromisoformat(day), project=LIBYA, **choices), tmp_path / "m.png")
    found = lint_map(picture)
    assert [(one.number, one.faults) for one in found.findings if one.faults] == []
    assert foreign_names(beside) == []


@pytest.mark.parametrize("lang", list_languages())
def test_no_word_of_ours_is_on_its_maps_in_any_language(tmp_path, lang):
    made = render_map(date(2020, 6, 5), project=LIBYA, lang=lang, size="web-small")
    _, beside = save_map(made, tmp_path / "m.png")
    assert foreign_names(beside) == []


def foreign_names(beside: Path) -> list[str]:
    """Return names of our country, its parties and governorates that stand in what a map says."""
    said = json.loads(beside.read_text("utf-8"))
    told = [said[key] for key in ("headline", "alt", "description", "caption", "rights", "disclaimer")]
    told += [row["label"] + " " + row["gloss"] for row in said["legend"]]
    told += [piece["text"] for piece in said["furniture"]] + [label["text"] for label in said["labels"]]
    text = " ".join(fold(re.sub("syriamap", "", one, flags=re.IGNORECASE)) for one in told)
    return [name for name in our_names() if f" {name} " in f" {text} " or (not name.isascii() and name in text)]


def our_names() -> set[str]:
    with data_file("control/actors.csv").open(encoding="utf-8", newline="") as file:
        parties = [row for row in csv.DictReader(file) if row["id"] not in ("unknown", "israel")]
    names = {row[key] for row in parties for key in ("label", "short", "label_ar", "short_ar")}
    names |= {"Syria", "Syrian", "Syrie", "Syrien", "Siria", "Suriye", "Sûriyê", "Сирия", "Сирии", "Сирія", "Сирії"}
    names |= {"سوريا", "叙利亚", "Rebel", "rebels", "Damascus", "Aleppo", "Hama", "Homs", "Idlib"}
    return {fold(name) for name in names if name and fold(name) not in ("government", "الحكومة")}


def test_the_search_for_our_names_finds_them(tmp_path):
    _, beside = save_map(render_map(date(2024, 12, 5), size="web-small"), tmp_path / "m.png")
    assert {"syria", "aleppo", "hama", "homs", "rebels"} <= set(foreign_names(beside))
