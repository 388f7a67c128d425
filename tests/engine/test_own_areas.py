"""Laws of a user's areas: they are the cells, as long as no two places are named in one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Point, box

from syriamap.cells import build_cells
from syriamap.merge import control_on

from .little import CRS, LAWS, SIDE, day, draw_rows, make_boundaries, make_control, make_units, worlds

if TYPE_CHECKING:
    from syriamap.model import Boundaries

COUNTRY = box(0, 0, SIDE, SIDE)
FEWER = settings(LAWS, max_examples=16)
GRAINS_M2 = 1e4  # a border of a hundred kilometres, on the grid of a centimetre


@dataclass(frozen=True, eq=False, repr=False)
class Brought:
    """A little country whose areas a user brings, and rows about it."""

    boundaries: Boundaries
    rows: list

    def __repr__(self) -> str:
        """Return what failed."""
        areas, places = self.boundaries.units.geometry.to_wkt(), self.boundaries.places.geometry.to_wkt()
        return f"Brought({dict(areas)}, {dict(places)}, {self.boundaries.barriers}, {self.rows})"


@st.composite
def brought(draw) -> Brought:
    """Draw a country with areas of any shape, a table about its places and areas."""
    world = draw(worlds(most_rows=8))
    spots = draw(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=2, max_size=9, unique=True))
    boundaries = replace(world.boundaries, units=make_areas(spots), country=COUNTRY, own=True)
    names = [*world.places, *boundaries.units.index, *boundaries.areas.index]
    return Brought(boundaries, draw(st.lists(draw_rows(names), min_size=1, max_size=14)))


def make_areas(spots) -> gpd.GeoDataFrame:
    """Return areas round some points in km, which tile the country, as a user's file would have them."""
    points = shapely.MultiPoint([(x * 1000, y * 1000) for x, y in spots])
    parts = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=COUNTRY))
    shapes = shapely.coverage_clean(np.array([part.intersection(COUNTRY) for part in parts]))
    codes = pd.Index([f"U{number}" for number in range(len(shapes))], name="code")
    frame = gpd.GeoDataFrame({"level": 2, "name": codes, "name_ar": ""}, geometry=shapes, index=codes, crs=CRS)
    return frame.assign(slug=codes.str.lower())


def states_of(boundaries, rows, number):
    control = make_control(rows)
    cells = build_cells(boundaries, control, day(number))
    return cells, control_on(cells, control, day(number), carry=True)


def land_of(boundaries, rows, number, within) -> dict[str, float]:
    """Return how many m2 of some land each party has."""
    cells, states = states_of(boundaries, rows, number)
    area = shapely.area(shapely.intersection(cells.frame.geometry.to_numpy(), within))
    shares = pd.Series(area).groupby(states["party"].to_numpy()).sum()
    return dict(shares[shares > GRAINS_M2].items())


@FEWER
@given(brought(), st.integers(0, 9))
def test_cells_tile_the_country(mine, number):
    land = build_cells(mine.boundaries, make_control(mine.rows), day(number)).frame.geometry.to_numpy()
    assert shapely.is_valid(land).all()
    assert shapely.coverage_is_valid(land)
    assert shapely.area(land).sum() == pytest.approx(COUNTRY.area, rel=1e-6)
    assert shapely.symmetric_difference(shapely.coverage_union_all(land), COUNTRY).area < 1e-6 * COUNTRY.area


@FEWER
@given(brought())
def test_an_area_is_one_cell_unless_several_places_are_named_in_it(mine):
    boundaries, named = mine.boundaries, {unit for _, unit, *_ in mine.rows}
    assume(not boundaries.barriers)
    frame = build_cells(boundaries, make_control(mine.rows), day(9)).frame
    zone = shapely.union_all(boundaries.areas.geometry.to_numpy())
    places = boundaries.places[(boundaries.places["role"] == "place") & boundaries.places.index.isin(named)]
    land = places[~places.geometry.intersects(zone)]
    home = land.geometry.apply(lambda point: boundaries.units.geometry.distance(point).idxmin())
    for code, area in boundaries.units.geometry.difference(zone).items():
        inside = land[home == code]
        if code in named or len(inside) > 1 or inside["reach_km"].notna().any():
            continue
        share = shapely.area(shapely.intersection(frame.geometry.to_numpy(), area)) / area.area
        assert share.max() > 1 - 1e-6
        if len(inside):
            assert frame["place"].iloc[int(share.argmax())] == inside.index[0]


@FEWER
@given(brought(), st.integers(0, 9))
def test_later_rows_never_change_an_earlier_day(mine, number):
    known = [row for row in mine.rows if row[0] <= number]
    assume(known)
    cells, states = states_of(mine.boundaries, mine.rows, number)
    past_cells, past = states_of(mine.boundaries, known, number)
    plain = ["party", "status", "rival", "since"]
    pd.testing.assert_frame_equal(states[plain], past[plain])
    assert (cells.frame.geometry.to_wkb() == past_cells.frame.geometry.to_wkb()).all()


@FEWER
@given(brought(), st.integers(0, 8))
def test_what_is_said_of_an_area_is_said_of_its_land_and_no_other(mine, which):
    boundaries = mine.boundaries
    code = boundaries.units.index[which % len(boundaries.units)]
    zone = shapely.union_all(boundaries.areas.geometry.to_numpy())
    land = boundaries.units.geometry[code].difference(zone)
    rest = COUNTRY.difference(boundaries.units.geometry[code])
    more = [*mine.rows, (10, code, "green")]
    assert land_of(boundaries, more, 10, land) == {"green": pytest.approx(land.area, rel=1e-5)}
    before, after = (land_of(boundaries, rows, 10, rest) for rows in (mine.rows, more))
    assert after == {party: pytest.approx(area, abs=GRAINS_M2) for party, area in before.items()}


def test_a_named_town_keeps_no_more_than_a_towns_land_in_a_named_area():
    boundaries = replace(make_boundaries({"town": (10, 10), "village": (20, 10), "far": (90, 90)}), own=True)
    rows = [(0, "far", "blue"), (0, "SW00", "red"), (1, "town", "green")]
    cells, states = states_of(boundaries, rows, 1)
    around = "rest-0 of town"  # the empty squares beside it, of which the statement about its own says nothing
    assert states["party"].to_dict() == {"town": "green", "village": "red", "far": "blue", around: "green"}
    assert cells.frame.at[around, "chain"] == ("town",)
    assert cells.frame.geometry["town"].area == pytest.approx(15 * 25e6, rel=1e-3)
    assert cells.frame.at["town", "chain"] == ("town", "SW00")


def test_without_a_statement_about_it_an_area_goes_with_its_only_town():
    boundaries = replace(make_boundaries({"town": (10, 10), "village": (20, 10), "far": (90, 90)}), own=True)
    cells, states = states_of(boundaries, [(0, "far", "blue"), (0, "SW", "red"), (1, "town", "green")], 1)
    square = boundaries.units.geometry["SW00"]
    assert states.at["town", "party"] == "green"
    assert cells.frame.geometry["town"].covers(square.buffer(-1))
    assert cells.frame.at["town", "chain"] == ("town", "SW")


def test_an_empty_area_goes_as_a_whole_to_the_nearest_town_of_its_bank():
    river = shapely.LineString([(-20_000, 50_000), (120_000, 50_000)])
    towns = {"south": (40, 48), "north": (90, 90)}
    boundaries = replace(make_boundaries(towns, barriers=[river]), own=True)
    cells, states = states_of(boundaries, [(0, "south", "red"), (0, "north", "blue")], 0)
    just_north = cells.frame.geometry.contains(Point(40_000, 52_000))
    assert states["party"][just_north].tolist() == ["blue"]


def test_ours_are_cut_as_before():
    """The same areas as the theatre's own: only a user's become cells."""
    boundaries = make_boundaries({"town": (10, 10), "far": (90, 90)})
    rows = [(0, "town", "green"), (0, "far", "blue")]
    ours, theirs = (states_of(one, rows, 0)[0] for one in (boundaries, replace(boundaries, own=True)))
    assert ours.frame.geometry["town"].area == pytest.approx(SIDE**2 / 2)
    squares = make_units().geometry.loc[lambda land: land.index.str.len() == 4]
    for cell in theirs.frame.geometry:
        covered = shapely.area(shapely.intersection(squares.to_numpy(), cell)) / squares.area.to_numpy()
        assert (np.minimum(covered, 1 - covered) < 1e-6).all()
