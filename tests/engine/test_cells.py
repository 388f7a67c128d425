"""Laws of the cells: they tile the country, keep to their banks and units, and belong to the nearest place."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box

from syriamap.cells import build_cells

from .little import LAWS, SIDE, day, make_boundaries, make_control, worlds

FOUR = {"sw": (25, 25), "se": (75, 25), "nw": (25, 75), "ne": (75, 75)}
ALL = [(0, name, "red") for name in FOUR]


def cut(places, rows=(), *, on=9, **kinds):
    """Return the cells of a little country in which every place is named."""
    named = [(0, name, "red") for name, (_, _, *more) in places.items() if not more or more[0].get("role") != "marker"]
    return build_cells(make_boundaries(places, **kinds), make_control([*named, *rows]), day(on)).frame


def test_four_squares_are_a_country():
    frame = cut(FOUR)
    assert list(frame.index) == list(FOUR)
    assert frame["area_km2"].tolist() == pytest.approx([2500.0] * 4)
    assert all(frame.geometry[name].contains(Point(x * 1000, y * 1000)) for name, (x, y) in FOUR.items())


@LAWS
@given(worlds(), st.integers(0, 9))
def test_cells_tile_the_country(world, number):
    frame = build_cells(world.boundaries, world.control, day(number)).frame
    land = frame.geometry.to_numpy()
    country = world.boundaries.country
    assert shapely.is_valid(land).all()
    assert shapely.coverage_is_valid(land)
    assert shapely.area(land).sum() == pytest.approx(country.area, rel=1e-6)
    assert shapely.symmetric_difference(shapely.coverage_union_all(land), country).area < 1e-6 * country.area
    assert frame.index.is_unique
    assert (shapely.area(land) > 0).all()


@LAWS
@given(worlds())
def test_no_cell_crosses_a_barrier_or_the_border_of_a_named_unit(world):
    frame = build_cells(world.boundaries, world.control, day(9)).frame
    named = set(world.control.statements["unit"])
    units = world.boundaries.units
    lines = [*world.boundaries.barriers, *units.geometry[units.index.isin(named)].boundary]
    zone = shapely.union_all(world.boundaries.areas.geometry.to_numpy())
    inner = shapely.buffer(frame.geometry.to_numpy()[frame["area"] == ""], -0.5)
    for line in lines:
        assert shapely.length(shapely.intersection(inner, line.difference(zone))).max(initial=0) < 1.0


@LAWS
@given(worlds())
def test_special_areas_are_solid(world):
    frame = build_cells(world.boundaries, world.control, day(9)).frame
    for name, area in world.boundaries.areas.geometry.items():
        assert frame.geometry[name].symmetric_difference(area).area < 1.0
        assert frame.at[name, "chain"] == (name,)
        assert frame.at[name, "place"] == ""


@LAWS
@given(worlds(), st.randoms(use_true_random=False))
def test_land_belongs_to_the_nearest_place_of_its_bank_and_units(world, random):
    """A second, slow way to the same answer: banks by the height of the river, reach by distance."""
    frame = build_cells(world.boundaries, world.control, day(9)).frame
    seeds, points = frame.index[frame["place"] != ""], world.boundaries.places.geometry
    reach = world.boundaries.places["reach_km"].fillna(np.inf) * 1000
    for _ in range(20):
        spot = Point(random.uniform(0, SIDE), random.uniform(0, SIDE))
        home = frame.index[frame.geometry.contains(spot)]
        if len(home) != 1 or frame.geometry[home[0]].boundary.distance(spot) < 1.0 or frame.at[home[0], "area"]:
            continue
        place, chain = frame.at[home[0], "place"], frame.at[home[0], "chain"]
        units = chain[1:] if place else chain
        peers = [name for name in seeds if same_region(name, units, spot, world.boundaries, frame)]
        ranked = sorted(peers, key=lambda name: points[name].distance(spot))
        if ranked and 0.99 * reach[ranked[0]] < points[ranked[0]].distance(spot) < reach[ranked[0]]:
            continue  # on the rim of an enclave, which is a polygon and no circle
        near = [name for name in ranked[:1] if points[name].distance(spot) <= reach[name]]
        assert place == next(iter([*near, *(name for name in ranked if np.isinf(reach[name]))]), "")


def same_region(name, units, point, boundaries, frame):
    """Return whether a seed may grow over a point: same named units, same bank of the river."""
    return frame.at[name, "chain"][1:] == units and all(
        side(frame.geometry[name].representative_point(), river) == side(point, river) for river in boundaries.barriers
    )


def side(point, river):
    """Return whether a point lies north of a river that runs from west to east."""
    xs, ys = zip(*river.coords, strict=True)
    return point.y > np.interp(point.x, xs, ys)


@LAWS
@given(worlds())
def test_every_place_stands_on_its_own_cell(world):
    frame = build_cells(world.boundaries, world.control, day(9)).frame
    land = shapely.union_all(frame.geometry.to_numpy())
    for name in frame.index[frame["place"] != ""]:
        point = world.boundaries.places.geometry[name]
        assert frame.geometry[name].distance(point) <= max(0.02, land.distance(point) + 0.02)


@LAWS
@given(worlds())
def test_cells_are_kept_while_the_named_units_stay_the_same(world):
    control = world.control
    first = build_cells(world.boundaries, control, day(9))
    assert build_cells(world.boundaries, control, day(9)) is first
    again = make_control([*world.rows, (9, world.rows[0][1], "green")])
    assert build_cells(world.boundaries, again, day(9)) is first


def test_a_place_without_a_statement_grows_no_cell_until_it_is_named():
    boundaries = make_boundaries(FOUR)
    control = make_control([*ALL[:3], (5, "ne", "blue")])
    assert list(build_cells(boundaries, control, day(4)).frame.index) == ["sw", "se", "nw"]
    assert list(build_cells(boundaries, control, day(5)).frame.index) == list(FOUR)


def test_in_a_named_unit_every_place_of_the_gazetteer_has_a_cell():
    boundaries = make_boundaries(FOUR | {"hamlet": (60, 60), "sign": (80, 60, {"role": "marker"})})
    frame = build_cells(boundaries, make_control([*ALL, (1, "NE", "blue")]), day(1)).frame
    assert frame.at["hamlet", "chain"] == ("hamlet", "NE")
    assert "sign" not in frame.index
    assert frame.geometry["hamlet"].within(boundaries.units.geometry["NE"].buffer(0.1))
    assert "hamlet" not in build_cells(boundaries, make_control(ALL), day(1)).frame.index


def test_the_smaller_unit_comes_first_in_a_chain():
    frame = cut(FOUR | {"hill": (80, 90)}, [(0, "NE", "red"), (0, "NE11", "red")])
    assert frame.at["hill", "chain"] == ("hill", "NE11", "NE")
    assert frame.at["sw", "chain"] == ("sw",)


def test_an_enclave_stays_small_and_inside_the_land_nearest_to_it():
    frame = cut(FOUR | {"camp": (26, 25, {"reach_km": 2.0})})
    camp = frame.geometry["camp"]
    assert camp.area < np.pi * 2000**2
    assert camp.centroid.x > 25_500  # the half nearer to the town is the town's
    assert not camp.contains(Point(25_000, 25_000))
    assert frame.geometry["sw"].area == pytest.approx(2.5e9 - camp.area, rel=1e-6)


def test_a_country_of_enclaves_has_land_that_nobody_speaks_for():
    frame = cut({"camp": (50, 50, {"reach_km": 3.0})})
    assert frame.index.tolist() == ["camp", "rest-0"]
    assert frame.at["rest-0", "chain"] == ()


def test_the_banks_of_a_river_do_not_share_places():
    river = LineString([(-10_000, 30_000), (110_000, 30_000)])
    frame = cut({"north": (50, 31), "south": (50, 1)}, barriers=[river])
    assert frame["area_km2"].tolist() == pytest.approx([7000, 3000])


def test_an_island_goes_with_the_bank_that_it_lies_off():
    river = LineString([(-1000, 50_000), (110_000, 50_000)])
    island = box(-9000, 20_000, -3000, 26_000)
    country = shapely.union_all([box(0, 0, SIDE, SIDE), island])
    frame = cut({"north": (50, 51), "south": (90, 1)}, barriers=[river], country=country)
    assert frame.geometry["south"].contains(island.representative_point())


def test_a_place_just_outside_the_country_grows_over_the_land_nearest_to_it():
    frame = cut(FOUR | {"port": (-2, 50)})
    assert frame.geometry["port"].area > 0
    assert frame.geometry["port"].contains(Point(1000, 50_000))


def test_two_places_at_one_spot_share_a_cell_and_both_may_speak_for_it():
    frame = cut(FOUR | {"twin": (25, 25)})
    assert "twin" not in frame.index
    assert frame.at["sw", "chain"] == ("sw", "twin")


def test_a_place_in_a_special_area_has_no_land_of_its_own():
    frame = cut(FOUR | {"post": (10, 10)}, areas={"zone": box(0, 0, 20_000, 20_000)})
    assert "post" not in frame.index
    assert frame.geometry["zone"].area == pytest.approx(4e8)
