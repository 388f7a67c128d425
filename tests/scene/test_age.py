"""How old what a map says is: counted from the newest statement about each cell, marked on request, always told."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
import shapely
from click.testing import CliRunner
from pyproj import Transformer

from syriamap.atlas import build_moment, compose_map, read_materials
from syriamap.cli import main
from syriamap.errors import AgeError
from syriamap.lint import lint_sidecar
from syriamap.model import Moment
from syriamap.save import build_sidecar
from syriamap.theme import get_theme

DAY, OLD = date(2024, 12, 5), 5


@cache
def compose(**choices):
    return compose_map(DAY, **choices)


def days_of(moment: Moment):
    """Return the days since each cell's deciding statement, counted the slow way from the table."""
    table = read_materials().control.statements.set_index("id")["date"].dt.date
    return [(moment.on - table[one]).days if one else -1 for one in moment.states["statement"]]


def marks_of(scene):
    return [line for line in scene.patterns if line.kind == "stale"]


def test_age_is_counted_from_the_deciding_statement_by_area():
    moment, age = build_moment(read_materials(), DAY), compose(view="country").age
    days, km2 = np.array(days_of(moment)), moment.cells.frame["area_km2"].to_numpy()
    told = {name: km2[(days >= low) & (days <= high)].sum() / km2.sum() for name, low, high in
            (("0-1", 0, 1), ("2-7", 2, 7), ("8-30", 8, 30), ("31-", 31, 999))}  # fmt: skip
    assert age.by_days == pytest.approx(told, abs=0.002), "the whole country is in the frame"
    assert sum(age.by_days.values()) + age.untold_share == pytest.approx(1)
    assert (age.newest_days, age.oldest_days) == (min(days[days >= 0]), max(days))
    assert km2[days <= age.median_days].sum() >= km2.sum() / 2 > km2[days < age.median_days].sum()
    assert (age.stale_days, age.stale_share) == (0, 0)


def test_old_land_is_marked_and_no_other():
    scene, moment = compose(view="country", stale=OLD), build_moment(read_materials(), DAY)
    old = np.array(days_of(moment)) > OLD
    cells = moment.cells.frame.geometry.to_numpy()
    fresh = shapely.union_all(cells[~old])
    (marks,) = marks_of(scene)
    middles = shapely.get_coordinates(shapely.centroid(shapely.get_parts(marks.geometry)))
    edges, (x0, y0, x1, y1) = scene.extent, scene.map_box
    east = edges.west + (middles[:, 0] - x0) / (x1 - x0) * edges.width
    north = edges.north - (middles[:, 1] - y0) / (y1 - y0) * edges.height
    to_ground = Transformer.from_crs(scene.crs, moment.cells.crs, always_xy=True)
    ground = shapely.points(*to_ground.transform(east, north))
    assert len(middles) > 300
    assert not shapely.contains(fresh, ground).any()
    assert scene.age.stale_share == pytest.approx(moment.cells.frame["area_km2"][old].sum() / 185_000, abs=0.02)


def test_without_the_choice_nothing_is_marked_and_the_layout_is_as_ever():
    plain, marked = compose(view="country"), compose(view="country", stale=OLD)
    assert not marks_of(plain)
    assert "stale" not in plain.key_order
    assert "stale" in marked.key_order
    assert [line for line in marked.patterns if line.kind != "stale"] == list(plain.patterns)


LOOKS = [{"style": "points", "lang": "ar"}, {"theme": "dark", "view": "country"}, {"theme": "print"}]


@pytest.mark.parametrize("choices", LOOKS)
def test_the_checks_pass_and_the_key_says_the_days(choices):
    scene = compose(**choices, stale=OLD, size="portrait")
    (row,) = [entry.row for entry in scene.key if entry.row.id == "stale"]
    assert str(OLD) in row.label
    said = build_sidecar(scene, get_theme(choices.get("theme", "light")), picture=b"", name="a.png")
    assert said["age"]["stale_days"] == OLD
    assert said["age"]["oldest"] == (DAY - timedelta(days=scene.age.oldest_days)).isoformat()
    assert [finding for finding in lint_sidecar(said) if finding.faults] == []


def test_dots_of_old_news_have_a_ring():
    scene = compose(style="points", stale=OLD)
    (rings,) = marks_of(scene)
    table = read_materials().control.statements.set_index("id")["date"].dt.date
    old = [point for point in scene.points if (DAY - table[point.statement]).days > OLD]
    assert len(shapely.get_parts(rings.geometry)) == len(old) > 10
    assert len(old) < len(scene.points)


def test_where_all_is_fresh_the_key_has_no_row():
    scene = compose(stale=400)
    assert not marks_of(scene)
    assert "stale" not in [entry.row.id for entry in scene.key]


@pytest.mark.parametrize("days", [0, -3])
def test_an_age_that_says_nothing_is_refused(days):
    with pytest.raises(AgeError, match=f"older than {days} days; expected 1 at least"):
        compose_map(DAY, stale=days)
    said = CliRunner().invoke(main, ["render", "2024-12-05", "--stale", str(days)])
    assert said.exit_code == 1
    assert "expected 1 at least" in said.output
