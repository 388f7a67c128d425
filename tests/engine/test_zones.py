"""Laws of zones, fronts and gains."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, box

from syriamap.cells import build_cells, same_cells
from syriamap.merge import control_on
from syriamap.model import Cells
from syriamap.zones import build_fronts, build_gains, build_zones

from .little import LAWS, PARTIES, SIDE, day, make_boundaries, make_control, worlds

FOUR = {"sw": (25, 25), "se": (75, 25), "nw": (25, 75), "ne": (75, 75)}
START = [(0, name, "red") for name in FOUR]


def merged(boundaries, control, number):
    """Return cells and states on a day."""
    cells = build_cells(boundaries, control, day(number))
    return cells, control_on(cells, control, day(number), carry=True)


@LAWS
@given(worlds())
def test_zones_tile_the_country(world):
    cells, states = merged(world.boundaries, world.control, 9)
    zones = build_zones(cells, states)
    assert shapely.coverage_is_valid(zones.geometry.to_numpy())
    assert zones.geometry.area.sum() == pytest.approx(world.boundaries.country.area, rel=1e-6)
    assert zones["area_km2"].sum() == pytest.approx(world.boundaries.country.area / 1e6, rel=1e-6)
    assert zones["area_km2"].is_monotonic_decreasing
    assert set(zones.index) == set(states["party"])


@LAWS
@given(worlds())
def test_fronts_are_every_edge_between_zones_and_no_other(world):
    cells, states = merged(world.boundaries, world.control, 9)
    zones, fronts = build_zones(cells, states), build_fronts(cells, states)
    outline = shapely.union_all(zones.geometry.to_numpy()).length
    assert zones.geometry.length.sum() == pytest.approx(outline + 2 * fronts.length.sum(), rel=1e-6, abs=1)
    assert (fronts["left"] < fronts["right"]).all()
    for left, right, line in fronts[["left", "right", "geometry"]].itertuples(index=False):
        edges = zones.geometry[[left, right]].boundary
        assert edges.distance(line.interpolate(0.5, normalized=True)).max() < 1e-6
        beside = shapely.union_all(line.parallel_offset(1.0, "left")).interpolate(0.5, normalized=True)
        if line.length > 1000 and len(line.coords) == 2:
            assert zones.geometry[left].contains(beside)


@LAWS
@given(worlds(), st.integers(0, 8))
def test_gains_are_land_of_today_that_the_bloc_did_not_hold_before(world, number):
    control = make_control([*((0, unit, "red") for unit in sorted({row[1] for row in world.rows})), *world.rows])
    cells, states = merged(world.boundaries, control, 9)
    old_cells, old = merged(world.boundaries, control, number)
    gains = build_gains(cells, states, before=(old_cells, old), parties=PARTIES)
    bloc = {name: party.bloc for name, party in PARTIES.items()}
    gained = (states["party"].map(bloc) != old["party"].map(bloc)) & states["status"].isin(
        ["held", "contested", "claimed"]
    )
    area = cells.frame["area_km2"][gained].groupby(states["party"][gained]).sum()
    assert gains["area_km2"].to_dict() == pytest.approx(area.to_dict())
    assert gains["bloc"].to_dict() == {party: bloc[party] for party in gains.index}
    assert cells is old_cells


def test_four_squares_have_one_cross_of_fronts():
    parties = dict(zip(FOUR, ("red", "blue", "green", "unknown"), strict=True))
    control = make_control([(0, name, party) for name, party in parties.items()])
    fronts = build_fronts(*merged(make_boundaries(FOUR), control, 0))
    assert sorted(zip(fronts["left"], fronts["right"], strict=True)) == [
        ("blue", "red"),
        ("blue", "unknown"),
        ("green", "red"),
        ("green", "unknown"),
    ]
    assert fronts.length.sum() == pytest.approx(2 * SIDE, rel=1e-6)


def test_a_front_runs_with_its_left_side_on_the_left():
    control = make_control([(0, "west", "red"), (0, "east", "blue")])
    fronts = build_fronts(*merged(make_boundaries({"west": (25, 50), "east": (75, 50)}), control, 0))
    (line,) = fronts.geometry
    assert (fronts["left"][0], fronts["right"][0]) == ("blue", "red")
    assert line.coords[0][1] > line.coords[-1][1]  # southward, the east on its left
    assert line.equals(LineString([(50_000, SIDE), (50_000, 0)]))


def test_a_country_of_one_party_has_no_front():
    fronts = build_fronts(*merged(make_boundaries(FOUR), make_control(START), 0))
    assert fronts.empty
    assert list(fronts.columns) == ["left", "right", "geometry"]


def test_land_that_changes_hands_within_a_bloc_is_no_gain():
    control = make_control([*START[:3], (0, "ne", "blue"), (1, "ne", "green"), (1, "nw", "green")])
    cells, states = merged(make_boundaries(FOUR), control, 1)
    gains = build_gains(cells, states, before=merged(make_boundaries(FOUR), control, 0), parties=PARTIES)
    assert gains["area_km2"].to_dict() == pytest.approx({"green": 2500.0}, rel=1e-4)
    boundaries = make_boundaries(FOUR)
    gains = build_gains(*merged(boundaries, control, 1), before=merged(boundaries, control, 0), parties=PARTIES)
    assert gains["area_km2"].to_dict() == pytest.approx({"green": 2500.0})


def test_gains_between_days_with_other_cells_are_cut_from_the_land():
    boundaries = make_boundaries(FOUR)
    control = make_control([*START, (2, "NE00", "blue")])
    before, after = merged(boundaries, control, 1), merged(boundaries, control, 2)
    assert before[0] is not after[0]
    gains = build_gains(*after, before=before, parties=PARTIES)
    assert gains.index.tolist() == ["blue"]
    assert gains["area_km2"]["blue"] == pytest.approx(625.0, rel=1e-4)
    assert gains.geometry["blue"].symmetric_difference(box(50_000, 50_000, 75_000, 75_000)).area < 1e5


def test_land_left_to_nobody_known_is_no_gain():
    boundaries = make_boundaries(FOUR)
    control = make_control([*START, (1, "ne", "unknown", {"status": "vacated"})])
    gains = build_gains(*merged(boundaries, control, 1), before=merged(boundaries, control, 0), parties=PARTIES)
    assert gains.empty


def test_gains_do_not_depend_on_whether_cells_are_remembered():
    """The cells of a day may be built anew after they were forgotten; gains come out the same to the last point."""
    boundaries = make_boundaries({"a": (20, 30), "b": (70, 40), "c": (40, 80)})
    control = make_control([(0, "a", "red"), (0, "b", "blue"), (0, "c", "red"), (1, "c", "blue")])
    first = build_cells(boundaries, control, day(0))
    again = Cells(first.frame.copy(), first.crs, first.area_crs)
    then, now = (control_on(first, control, day(number)) for number in (0, 1))
    one, other = (build_gains(cells, now, before=(first, then), parties=control.parties) for cells in (first, again))
    assert shapely.equals_identical(one.geometry.to_numpy(), other.geometry.to_numpy()).all()
    moved = Cells(first.frame.set_geometry(first.frame.translate(1)), first.crs, first.area_crs)
    assert same_cells(first, again)
    assert not same_cells(first, moved)
