"""Laws of drawn polygons: they cut cells that still tile, rule their own land alone, and leak no day back."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import LineString, Point, Polygon, box

from syriamap.cells import add_zones, build_cells, cut_regions
from syriamap.merge import control_on
from syriamap.model import ZONE_LEVEL
from syriamap.slivers import DEPTH_M

from .little import CRS, DAY0, LAWS, SIDE, day, draw_rows, make_boundaries, make_control, worlds

FOUR = {"sw": (25, 25), "se": (75, 25), "nw": (25, 75), "ne": (75, 75)}
FEW = settings(LAWS, max_examples=25)
KM = 1000.0


def make_zones(shapes):
    """Return polygons as Control.zones holds them."""
    words = {"level": ZONE_LEVEL, "slug": "", "name": [f"zone {name}" for name in shapes], "name_ar": ""}
    return gpd.GeoDataFrame(words, geometry=list(shapes.values()), index=pd.Index(list(shapes), dtype=object), crs=CRS)


def states_of(boundaries, control, number):
    cells = build_cells(boundaries, control, day(number))
    return cells.frame.assign(party=control_on(cells, control, day(number), carry=True)["party"])


@st.composite
def drawn(draw):
    """Draw a world with up to five polygons and a table about both."""
    world = draw(worlds(most_places=6, most_rows=8))
    spot = st.tuples(st.integers(-10, 110), st.integers(-10, 110))
    shapes = {}
    for number in range(draw(st.integers(1, 5))):
        land = shapely.convex_hull(shapely.multipoints(np.array(draw(st.lists(spot, min_size=3, max_size=6))) * KM))
        land = shapely.intersection(land, world.boundaries.country)
        if land.geom_type in ("Polygon", "MultiPolygon") and land.area > 1e6:
            shapes[f"z{number}"] = land
    names = [*shapes] * 2 + [*world.places, "SW", "NE11"]
    rows = world.rows + draw(st.lists(draw_rows(names), min_size=1, max_size=8))
    rows = [row for row in rows if row[1] in {*shapes, *world.places, "SW", "NE", "SE", "NW", "SW00", "NE11", "zone"}]
    return world.boundaries, make_control(rows or [(0, "SW", "red")], zones=make_zones(shapes) if shapes else None)


@FEW
@given(drawn(), st.integers(0, 9))
def test_cells_tile_the_country(world, number):
    boundaries, control = world
    frame = build_cells(boundaries, control, day(number)).frame
    land = frame.geometry.to_numpy()
    assert shapely.is_valid(land).all()
    assert shapely.coverage_is_valid(land)
    assert shapely.area(land).sum() == pytest.approx(boundaries.country.area, rel=1e-6)
    assert shapely.symmetric_difference(shapely.coverage_union_all(land), boundaries.country).area < 1e-6 * SIDE**2
    assert frame.index.is_unique
    assert (shapely.area(land) > 0).all()


@FEW
@given(drawn(), st.randoms(use_true_random=False))
def test_the_newest_statement_about_what_contains_a_point_rules_it(world, random):
    """A second, slow way to the same answer, for points that lie in no sliver."""
    boundaries, control = world
    frame = states_of(boundaries, control, 9)
    zones = add_zones(boundaries, control).units.geometry
    named = zones[zones.index.isin(control.statements["unit"])]
    for _ in range(12):
        spot = Point(random.uniform(0, SIDE), random.uniform(0, SIDE))
        home = frame[frame.geometry.contains(spot)]
        if len(home) != 1 or (named.boundary.distance(spot) < DEPTH_M + 1).any():
            continue
        cell = home.iloc[0]
        own = tuple(name for name in (cell["place"], cell["area"]) if name)
        around = [name for name in named.index[named.contains(spot)] if not cell["area"] or name.startswith("z")]
        assert set(cell["chain"]) - set(around) - set(boundaries.places.index) <= set(own)
        assert set(around) <= set(cell["chain"])
        sizes = named.area.to_dict() | boundaries.areas.geometry.area.to_dict()
        units = [name for name in cell["chain"] if name not in boundaries.places.index]
        assert units == sorted(units, key=lambda name: sizes[name])
        said = control.statements[control.statements["unit"].isin(cell["chain"])]
        rank = [-cell["chain"].index(unit) for unit in said["unit"]]
        best = said.assign(rank=rank, row=said.index).sort_values(["date", "rank", "row"]).tail(1)
        assert cell["party"] == (best["controller"].iloc[0] if len(best) else "unknown")


@FEW
@given(drawn(), st.integers(0, 9))
def test_later_rows_leave_earlier_days_alone(world, number):
    boundaries, control = world
    table = control.statements
    until = table[(table["date"] <= pd.Timestamp(day(number))).to_numpy()]
    if until.empty:
        return
    known = replace(control, statements=until.reset_index(drop=True), last=until["date"].max().date())
    whole, part = states_of(boundaries, control, number), states_of(boundaries, known, number)
    assert_frame_equal(pd.DataFrame(whole.drop(columns="geometry")), pd.DataFrame(part.drop(columns="geometry")))
    assert shapely.equals_identical(whole.geometry.to_numpy(), part.geometry.to_numpy()).all()


# One by one


def held(shapes, rows, *, places=FOUR, on=9, **kinds):
    """Return cells with their parties in a little country where polygons are drawn."""
    control = make_control(rows, zones=make_zones(shapes))
    return states_of(make_boundaries(places, **kinds), control, on)


def area_of(frame, party):
    return frame["area_km2"][frame["party"] == party].sum()


def test_polygons_alone_are_the_map():
    west, east = box(0, 0, 40 * KM, SIDE), box(40 * KM, 0, SIDE, SIDE)
    frame = held({"w": west, "e": east}, [(0, "w", "red"), (0, "e", "blue")])
    assert frame["chain"].tolist() == [("e",), ("w",)]
    assert frame.geometry.iloc[1].equals(west)
    assert (area_of(frame, "red"), area_of(frame, "blue")) == (4000, 6000)


def test_a_polygon_rules_from_its_day_on_and_a_place_may_be_excepted():
    shapes = {"w": box(0, 0, 50 * KM, SIDE)}
    rows = [*((0, name, "red") for name in FOUR), (3, "w", "blue"), (5, "sw", "green")]
    assert set(held(shapes, rows, on=2)["party"]) == {"red"}
    assert area_of(held(shapes, rows, on=3), "blue") == pytest.approx(5000)
    frame = held(shapes, rows, on=5)
    assert (area_of(frame, "blue"), area_of(frame, "green")) == (pytest.approx(2500), pytest.approx(2500))


def test_places_nobody_names_keep_a_named_town_small_in_a_polygon():
    shapes = {"w": box(0, 0, 50 * KM, SIDE)}
    places = FOUR | {"hamlet": (25, 40)}
    frame = held(shapes, [(0, "w", "blue"), (1, "sw", "green"), (0, "ne", "red")], places=places)
    assert frame.at["hamlet", "chain"] == ("hamlet", "w")
    assert area_of(frame, "green") == pytest.approx(50 * 32.5)


def test_of_two_polygons_of_one_day_the_smaller_rules_where_they_overlap():
    shapes = {"big": box(0, 0, 60 * KM, SIDE), "small": box(40 * KM, 0, 70 * KM, SIDE)}
    frame = held(shapes, [(0, "small", "red"), (0, "big", "blue")])
    assert (area_of(frame, "red"), area_of(frame, "blue")) == (3000, 4000)


def test_a_polygon_cuts_a_special_area_which_a_unit_does_not():
    zone = {"zone": box(10 * KM, 10 * KM, 30 * KM, 30 * KM)}
    shapes = {"w": box(0, 0, 20 * KM, SIDE)}
    rows = [(0, "zone", "green"), (1, "SW", "red"), (2, "w", "blue")]
    frame = held(shapes, rows, areas=zone)
    mine = frame[frame["area"] == "zone"]
    assert dict(zip(mine["chain"], mine["party"], strict=True)) == {("zone",): "green", ("zone", "w"): "blue"}
    assert frame.geometry["zone"].equals(box(20 * KM, 10 * KM, 30 * KM, 30 * KM))


def test_slivers_join_the_neighbour_with_the_longer_edge():
    wave = [(50 * KM + (300 if y % 2 else -300), y * 10 * KM) for y in range(11)]
    west = Polygon([(0, 0), *wave, (0, SIDE)])
    east = box(50 * KM, 0, SIDE, SIDE)
    frame = held({"w": west, "e": east}, [(0, "w", "red"), (0, "e", "blue")])
    assert shapely.get_num_geometries(frame.geometry.to_numpy()).tolist() == [1, 1]
    assert set(frame["party"]) == {"red", "blue"}
    assert area_of(frame, "red") == pytest.approx(5000, abs=10)


def test_slivers_along_a_border_leave_the_border_and_a_corridor_that_is_drawn_is_kept():
    nearly = box(-1 * KM, 50.2 * KM, 50.1 * KM, SIDE).intersection(box(0, 0, SIDE, SIDE))
    corridor = LineString([(10 * KM, 20 * KM), (90 * KM, 20 * KM)]).buffer(150, cap_style="flat")
    rows = [*((0, name, "red") for name in ("SW", "SE", "NE", "NW")), (1, "n", "blue"), (1, "c", "green")]
    frame = held({"n": nearly, "c": corridor}, rows, places={"hill": (75, 90)})
    assert area_of(frame, "blue") == pytest.approx(2500, rel=1e-6)
    assert area_of(frame, "green") == pytest.approx(80 * 0.3, rel=1e-6)


def test_without_polygons_boundaries_stay_the_same_object():
    boundaries = make_boundaries(FOUR)
    control = make_control([(0, "sw", "red")])
    assert add_zones(boundaries, control) is boundaries
    assert len(cut_regions(boundaries)) == 1
    assert control.first == DAY0
