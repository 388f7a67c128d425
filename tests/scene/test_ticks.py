"""Ticks along fronts: each starts on a front and points into the land of the side that took the ground."""

from datetime import date

import pytest
import shapely

from syriamap.atlas import build_moment, compose_map, read_materials
from syriamap.lint import lint_sidecar
from syriamap.save import build_sidecar
from syriamap.theme import get_theme

DAYS = ("2024-11-26", "2024-12-05", "2024-12-08")


def ticks_of(made):
    return [tick for line in made.lines if line.kind == "front-tick" for tick in shapely.get_parts(line.geometry)]


def lines_of(made, kind):
    return shapely.union_all([line.geometry for line in made.lines if line.kind == kind])


@pytest.mark.parametrize("view", ["advance", "country"])
@pytest.mark.parametrize("day", DAYS)
def test_every_tick_starts_on_a_front_and_points_into_its_side(view, day):
    made, materials = compose_map(date.fromisoformat(day), view=view, ticks=True), read_materials()
    parties, blocs = materials.control.parties, materials.theatre["gains"]["blocs"]
    whole = [patch for patch in made.control if patch.look in {"held", "before"}]
    zones = {patch.party: patch.geometry for patch in whole}
    fronts = lines_of(made, "front")
    order = list(parties)
    found = ticks_of(made)
    assert found
    for tick in found:
        start, end = (shapely.Point(at) for at in tick.coords)
        assert start.dwithin(fronts, 0.01)
        assert tick.length == pytest.approx(5 * made.size.unit)
        side = [party for party, zone in zones.items() if zone.contains(end)]
        assert len(side) == 1
        others = [party for party, zone in zones.items() if party != side[0] and zone.dwithin(start, 0.5)]
        assert others
        gaining = parties[side[0]].bloc in blocs
        assert any(
            gaining > (parties[other].bloc in blocs)
            or (gaining == (parties[other].bloc in blocs) and order.index(side[0]) < order.index(other))
            for other in others
        )


def test_ticks_are_off_unless_asked_for_and_change_nothing_else(scene):
    plain, ticked = scene("2024-12-05"), compose_map(date(2024, 12, 5), ticks=True)
    assert ticks_of(plain) == []
    assert [label.box for label in plain.labels] == [label.box for label in ticked.labels]
    assert [entry.row for entry in plain.key] == [entry.row for entry in ticked.key]


def test_points_have_no_fronts_to_tick():
    assert ticks_of(compose_map(date(2024, 12, 5), ticks=True, style="points")) == []


def test_ticks_come_at_even_steps_along_a_front():
    made = compose_map(date(2024, 12, 5), ticks=True)
    materials = read_materials()
    moment = build_moment(materials, made.on)
    assert len(ticks_of(made)) < moment.soft_fronts.length.sum() * made.map_box.width / made.extent.width / 14


@pytest.mark.parametrize("view", ["advance", "country"])
@pytest.mark.parametrize("day", DAYS)
def test_lint_passes(scene, view, day):
    made = compose_map(date.fromisoformat(day), view=view, ticks=True)
    said = build_sidecar(made, get_theme("light"), picture=b"", name="map.png")
    plain = build_sidecar(scene(day, view), get_theme("light"), picture=b"", name="map.png")
    known = {one.number for one in lint_sidecar(plain) if one.faults}
    assert {one.number: one.faults for one in lint_sidecar(said) if one.faults and one.number not in known} == {}
