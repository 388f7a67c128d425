"""Points tagged with who held them, and explanations."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from syriamap.cells import build_cells
from syriamap.errors import DataError, NoControlError, UnknownNameError
from syriamap.merge import control_on
from syriamap.points import explain, tag_points

from .little import CRS, LAWS, day, make_boundaries, make_control, worlds

FOUR = {"sw": (25, 25), "se": (75, 25), "nw": (25, 75), "ne": (75, 75)}
START = [(0, name, "red", {"change": "initial"}) for name in FOUR]


def world_of(rows=(), places=FOUR):
    """Return boundaries and control of four squares."""
    return {"boundaries": make_boundaries(places), "control": make_control([*START, *rows])}


def degrees(*spots_km):
    """Return spots of the little country as a table of degrees."""
    points = gpd.GeoSeries([Point(x * 1000, y * 1000) for x, y in spots_km], crs=CRS).to_crs("EPSG:4326")
    return pd.DataFrame({"lon": points.x, "lat": points.y})


@LAWS
@given(worlds(), st.integers(0, 9), st.lists(st.tuples(st.floats(-20, 120), st.floats(-20, 120)), max_size=8))
def test_a_point_has_the_state_of_its_cell(world, number, spots):
    control = world.control
    on = max(day(number), control.first)
    points = gpd.GeoDataFrame(geometry=[Point(x * 1000, y * 1000) for x, y in spots], crs=CRS)
    tags = tag_points(points, on, boundaries=world.boundaries, control=control, carry=True)
    cells = build_cells(world.boundaries, control, on)
    states = control_on(cells, control, on, carry=True)
    for point, tag in zip(points.geometry, tags.itertuples(), strict=True):
        away = cells.frame.geometry.distance(point)
        if tag.controller == "outside":
            assert world.boundaries.country.distance(point) > 99
        else:
            assert away.min() < 101
            assert tag.controller in set(states["party"][away < max(0.1, away.min() + 0.1)])


def test_a_table_keeps_its_rows_columns_order_and_index():
    points = degrees((80, 80), (10, 10), (300, 50)).assign(event=["a", "b", "c"]).set_index(pd.Index([7, 3, 5]))
    tags = tag_points(points, day(4), **world_of([(4, "ne", "blue")]))
    pd.testing.assert_frame_equal(tags[points.columns], points)
    assert tags["controller"].tolist() == ["blue", "red", "outside"]
    assert tags["bloc"].tolist() == ["allies", "red", "outside"]
    assert tags["status"].tolist() == ["held", "held", ""]
    assert tags["place"].tolist() == ["ne", "sw", ""]
    assert tags["place_name"].tolist() == ["Ne", "Sw", ""]
    assert tags["statement"].tolist() == ["s4", "s0", ""]
    assert tags["since"].tolist()[:2] == [pd.Timestamp(day(4)), pd.Timestamp(day(0))]
    assert pd.isna(tags["since"].iloc[2])


def test_a_column_of_the_same_name_is_kept():
    points = degrees((80, 80)).assign(place="somewhere", controller="they say")
    tags = tag_points(points, day(0), **world_of())
    assert tags.loc[0, ["place", "controller"]].tolist() == ["somewhere", "they say"]
    assert tags.loc[0, ["syriamap_place", "syriamap_controller"]].tolist() == ["ne", "red"]


def test_each_row_may_have_its_own_day():
    points = degrees((80, 80), (80, 80), (80, 80)).set_index(pd.Index(["x", "y", "x"]))
    on = pd.Series([day(5), day(1), day(2)], index=points.index)
    tags = tag_points(points, on, **world_of([(2, "ne", "blue"), (4, "NE", "green")]))
    assert tags["controller"].tolist() == ["green", "red", "blue"]
    assert tags["place"].tolist() == ["NE", "ne", "ne"]
    assert tag_points(points, on.astype(str), **world_of([(2, "ne", "blue"), (4, "NE", "green")])).equals(tags)


def test_a_point_a_stone_s_throw_off_the_coast_is_in_the_country():
    tags = tag_points(degrees((-0.05, 25), (-0.2, 25)), day(0), **world_of())
    assert tags["controller"].tolist() == ["red", "outside"]


def test_polygons_are_tagged_by_a_point_inside_them():
    shapes = gpd.GeoDataFrame(geometry=[Point(80_000, 80_000).buffer(500)], crs=CRS).to_crs("EPSG:3857")
    assert tag_points(shapes, day(0), **world_of())["place"].tolist() == ["ne"]


def test_an_empty_table_gets_its_columns():
    tags = tag_points(degrees((80, 80)).iloc[:0], day(0), **world_of())
    assert list(tags.columns) == [
        "lon",
        "lat",
        "controller",
        "bloc",
        "status",
        "since",
        "place",
        "place_name",
        "statement",
    ]
    assert tags.empty


def test_every_bad_coordinate_and_day_is_named_with_its_line():
    points = pd.DataFrame({"lon": ["37.1", "x", "", "400"], "lat": ["35.1", "35", None, "35"]})
    on = pd.Series(["2024-11-27", "2024-11-27", "soon", "2030-01-01"])
    with pytest.raises(DataError) as caught:
        tag_points(points, on, **world_of(), file="events.csv", lines=[2, 4, 5, 9])
    assert [str(fault) for fault in caught.value.faults] == [
        "events.csv:4: lon is 'x'; expected degrees from -180 to 180",
        "events.csv:5: lon is empty; expected degrees from -180 to 180",
        "events.csv:5: the day is 'soon'; expected a day as 2024-12-05",
        "events.csv:9: lon is '400'; expected degrees from -180 to 180",
        "events.csv:9: 2030-01-01 is more than 7 days after the last statement, of 2024-11-26; "
        "ask for an earlier day, or carry the last state on",
    ]


def test_a_day_for_all_that_the_table_does_not_know_is_refused_at_once():
    with pytest.raises(NoControlError):
        tag_points(degrees((80, 80)), date(2024, 1, 1), **world_of())


def test_empty_geometry_is_a_fault():
    with pytest.raises(DataError, match="points:3: the geometry is empty"):
        tag_points(gpd.GeoDataFrame(geometry=[Point(1, 1), None], crs=CRS), day(0), **world_of())


# Explanations

NAMES = FOUR | {
    "ne": (75, 75, {"name": "Springfield", "name_ar": "عين", "aliases": "Spring Field;Fieldspring", "kind": "city"}),
    "nw": (25, 75, {"name": "Springfield", "kind": "village", "rank": 5}),
    "sw": (25, 25, {"name": "Shelbyville", "kind": "village", "population": 10.0}),
    "se": (75, 25, {"name": "Shelbyville", "kind": "village", "population": 99.0}),
}


def test_an_explanation_tells_what_decides_and_what_it_overrides():
    rows = [(2, "NE", "red"), (3, "ne", "green"), (3, "ne", "blue"), (3, "NE", "green"), (5, "ne", "red")]
    told = explain("ne", day(4), **world_of(rows, NAMES))
    assert (told.controller, told.bloc, told.since) == ("blue", "allies", day(3))
    assert (told.found, told.place_name, told.cell) == ("ne", "Springfield", "ne")
    assert (told.deciding.why, told.deciding.id, told.deciding.unit_name) == ("decides", "s6", "Springfield")
    assert [(reason.id, reason.why) for reason in told.overridden] == [
        ("s5", "earlier row"),
        ("s7", "larger unit"),
        ("s4", "older"),
        ("s3", "older"),
    ]
    assert [outlet.name for outlet in told.deciding.outlets] == ["The Wire"]
    with pytest.raises(FrozenInstanceError):
        told.place = "x"


@pytest.mark.parametrize("words", ["Springfield", "springfield", "عين", "Spring Field", "fieldspring", "ne", " NE "])
def test_a_place_is_found_by_every_name_and_the_city_first(words):
    assert explain(words, day(0), **world_of((), NAMES)).found == "ne"


def test_other_places_of_the_name_are_listed():
    assert explain("Springfield", day(0), **world_of((), NAMES)).others == ("nw",)
    assert explain("Shelbyville", day(0), **world_of((), NAMES)).found == "se"


def test_a_point_is_explained_by_the_place_whose_land_it_is():
    lon, lat = degrees((78, 79)).loc[0]
    told = explain(f"{lon:.6f}, {lat:.6f}", day(0), **world_of())
    assert (told.found, told.place, told.cell) == ("", "ne", "ne")
    assert told.distance_km == pytest.approx(5.0, abs=0.01)
    assert (told.lon, told.lat) == (pytest.approx(lon, abs=1e-6), pytest.approx(lat, abs=1e-6))


def test_a_point_abroad_is_outside():
    told = explain("0,0", day(0), **world_of())
    assert (told.controller, told.cell, told.deciding, told.since) == ("outside", "", None, None)


def test_a_special_area_is_explained_by_its_own_statements():
    from shapely import box

    boundaries = make_boundaries(FOUR, areas={"zone": box(0, 0, 20_000, 20_000)})
    told = explain("zone", day(1), boundaries=boundaries, control=make_control([*START, (1, "zone", "green")]))
    assert (told.found, told.cell, told.place, told.controller) == ("zone", "zone", "", "green")


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean Springfield"):
        explain("Sprinfield", day(0), **world_of((), NAMES))


def test_a_day_before_the_table_is_refused():
    with pytest.raises(NoControlError):
        explain("ne", day(-3), **world_of())


def test_a_hundred_thousand_points_are_tagged_in_one_go():
    rng = np.random.default_rng(1)
    points = degrees(*rng.uniform(-10, 110, (1000, 2)))
    points = pd.concat([points] * 100, ignore_index=True)
    tags = tag_points(points, day(0), **world_of())
    assert len(tags) == 100_000
    assert set(tags["controller"]) == {"red", "outside"}
