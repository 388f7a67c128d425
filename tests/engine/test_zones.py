"""Laws of zones, fronts and gains."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from syriamap.cells import build_cells, same_cells
from syriamap.merge import control_on
from syriamap.model import Cells
from syriamap.zones import build_fronts, build_gains, build_zones, list_meetings

from .little import CRS, LAWS, PARTIES, SIDE, day, make_boundaries, make_control, worlds

FOUR = {"sw": (25, 25), "se": (75, 25), "nw": (25, 75), "ne": (75, 75)}
START = [(0, name, "red") for name in FOUR]


def merged(boundaries, control, number):
    """Return cells and states on a day."""
    cells = build_cells(boundaries, control, day(number))
    return cells, control_on(cells, control, day(number), carry=True)


def make_cells(lands, *, area_crs=""):
    """Return cells of any form from {id: polygon in km}."""
    shapes = [shapely.transform(land, lambda points: points * 1000) for land in lands.values()]
    frame = gpd.GeoDataFrame(geometry=shapes, index=pd.Index(lands, name="cell"), crs=CRS)
    true = frame.to_crs(area_crs) if area_crs else frame
    return Cells(frame.assign(area_km2=true.area / 1e6), CRS, area_crs)


def hold(cells, *parties):
    """Return the states of cells that these parties hold, nobody where it is unknown."""
    status = np.where(np.array(parties) == "unknown", "vacated", "held")
    return pd.DataFrame({"party": parties, "status": status}, index=cells.frame.index)


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
    assert list_meetings(cells, states) == sorted(set(zip(fronts["left"], fronts["right"], strict=True)))
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


def test_zones_come_the_largest_first_and_of_one_size_by_name():
    cells = make_cells({"a": box(0, 0, 1, 1), "b": box(1, 0, 2, 1), "c": box(0, 1, 2, 2), "d": box(2, 0, 3, 1)})
    zones = build_zones(cells, hold(cells, "green", "blue", "red", "green"))
    assert list(zones.reset_index().columns) == ["party", "area_km2", "geometry"]
    assert zones["area_km2"].to_dict() == {"green": 2.0, "red": 2.0, "blue": 1.0}
    assert zones.index.tolist() == ["green", "red", "blue"]
    assert zones.crs == CRS
    assert zones.geometry["green"].equals(MultiPolygon([box(0, 0, 1000, 1000), box(2000, 0, 3000, 1000)]))
    assert zones.geometry["red"].equals(box(0, 1000, 2000, 2000))


def test_four_squares_have_one_cross_of_fronts():
    parties = dict(zip(FOUR, ("red", "blue", "green", "unknown"), strict=True))
    control = make_control([(0, name, party) for name, party in parties.items()])
    merge = merged(make_boundaries(FOUR), control, 0)
    fronts = build_fronts(*merge)
    pairs = [("blue", "red"), ("blue", "unknown"), ("green", "red"), ("green", "unknown")]
    assert list(zip(fronts["left"], fronts["right"], strict=True)) == pairs
    assert list_meetings(*merge) == pairs
    middle, half = SIDE / 2, SIDE / 2
    ends = {"blue-red": (0, -half), "blue-unknown": (half, 0), "green-red": (-half, 0), "green-unknown": (0, half)}
    for left, right, line in fronts[["left", "right", "geometry"]].itertuples(index=False):
        x, y = ends[f"{left}-{right}"]
        assert line.equals(LineString([(middle, middle), (middle + x, middle + y)]))
    assert list(fronts.columns) == ["left", "right", "geometry"]
    assert fronts.index.equals(pd.RangeIndex(4))
    assert fronts.crs == CRS


def test_a_front_runs_with_its_left_side_on_the_left():
    control = make_control([(0, "west", "red"), (0, "east", "blue")])
    fronts = build_fronts(*merged(make_boundaries({"west": (25, 50), "east": (75, 50)}), control, 0))
    (line,) = fronts.geometry
    assert (fronts["left"][0], fronts["right"][0]) == ("blue", "red")
    assert line.coords[0][1] > line.coords[-1][1]  # southward, the east on its left
    assert line.equals(LineString([(50_000, SIDE), (50_000, 0)]))


@pytest.mark.parametrize(
    "triangles",
    [
        [[(0, 0), (1, 1), (0, 1)], [(0, 0), (2, 1), (1, 1)], [(0, 0), (2, 0), (2, 1)]],
        [[(0, 0), (2, 2), (0, 2)], [(0, 0), (1, 0), (2, 2)], [(1, 0), (2, 0), (2, 2)]],
    ],
)
def test_fronts_that_run_from_one_point_are_told_apart(triangles):
    cells = make_cells({str(number): Polygon(triangle) for number, triangle in enumerate(triangles)})
    fronts = build_fronts(cells, hold(cells, "red", "blue", "green"))
    assert list(zip(fronts["left"], fronts["right"], strict=True)) == [("blue", "green"), ("blue", "red")]
    shared = [cells.frame.geometry["1"].intersection(cells.frame.geometry[other]) for other in ("2", "0")]
    assert [line.equals(edge) for line, edge in zip(fronts.geometry, shared, strict=True)] == [True, True]


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


def test_gains_are_told_alike_whether_or_not_the_cells_are_the_same():
    lands = {"a": box(0, 0, 1, 1), "b": box(1, 0, 2, 1), "c": box(0, 5, 4, 6), "d": box(2, 0, 5, 1)}
    cells, halves = make_cells(lands), make_cells(lands | {"c": box(0, 5, 2, 6), "e": box(2, 5, 4, 6)})
    now = hold(cells, "green", "blue", "red", "unknown")
    for old_cells, old in ((cells, hold(cells, *["red"] * 4)), (halves, hold(halves, *["red"] * 5))):
        gains = build_gains(cells, now, before=(old_cells, old), parties=PARTIES)
        assert list(gains.reset_index().columns) == ["party", "bloc", "area_km2", "geometry"]
        assert gains["area_km2"].to_dict() == {"blue": 1.0, "green": 1.0}
        assert gains.index.tolist() == ["blue", "green"]
        assert gains["bloc"].tolist() == ["allies", "allies"]
        assert gains.crs == CRS
        assert gains.geometry["green"].equals(box(0, 0, 1000, 1000))
        nothing = build_gains(cells, hold(cells, *["red"] * 4), before=(old_cells, old), parties=PARTIES)
        assert nothing.empty
        assert nothing.crs == CRS
        assert nothing.reset_index().dtypes.equals(gains.reset_index().dtypes)


def test_what_the_bloc_held_before_is_cut_from_a_gain_over_other_cells():
    then, now = make_cells({"a": box(0, 0, 1, 1), "b": box(1, 0, 4, 1)}), make_cells({"c": box(0, 0, 4, 1)})
    gains = build_gains(now, hold(now, "green"), before=(then, hold(then, "blue", "red")), parties=PARTIES)
    assert gains.geometry["green"].equals(box(1000, 0, 4000, 1000))
    assert gains["area_km2"].to_dict() == {"green": 3.0}


def test_a_gain_over_other_cells_has_its_true_area():
    then = make_cells({"a": box(0, 0, 40, 80), "b": box(40, 0, 80, 80)}, area_crs="ESRI:54034")
    now = make_cells({"c": box(0, 0, 80, 80)}, area_crs="ESRI:54034")
    gains = build_gains(now, hold(now, "green"), before=(then, hold(then, "red", "red")), parties=PARTIES)
    true = now.frame["area_km2"]["c"]
    assert gains["area_km2"].to_dict() == {"green": pytest.approx(true, rel=1e-12)}
    assert abs(true / 6400 - 1) > 1e-4  # the map's own areas are others


def test_slivers_between_two_tessellations_are_no_gain():
    """Land is kept when it is wider than two metres all round; a long strip when it is wider than one."""
    then = make_cells({"a": box(0, 0, 1, 1), "b": Point(9, 9).buffer(1)})
    for width, height, gained in ((0.9, 1000, False), (1.1, 1000, True), (2, 2, False), (2.01, 2, True)):
        strip = box(5, 5, 5 + width / 1000, 5 + height / 1000)
        now = make_cells({"a": box(0, 0, 1, 1), "c": strip})
        gains = build_gains(now, hold(now, "blue", "blue"), before=(then, hold(then, "blue", "red")), parties=PARTIES)
        assert gains.empty is not gained, (width, height)


def test_points_a_hair_apart_are_the_same_point_for_a_gain():
    """Old land is cut on the grid of the cells, 1 cm: what is nearer than that leaves no edge behind."""
    then, now = make_cells({"a": box(0, 0, 1.000001, 1)}), make_cells({"c": box(0, 0, 4, 1)})
    gains = build_gains(now, hold(now, "green"), before=(then, hold(then, "blue")), parties=PARTIES)
    assert gains.geometry["green"].geoms[0].equals(box(1000, 0, 4000, 1000))
