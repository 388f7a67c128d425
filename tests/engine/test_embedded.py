"""The laws once more on the embedded country and table."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from syriamap.boundaries import read_boundaries
from syriamap.cells import build_cells
from syriamap.control import read_control
from syriamap.merge import control_on
from syriamap.points import tag_points
from syriamap.zones import build_fronts, build_zones

from ..reference import COD_AB, needs_cod_ab

ON = date(2024, 12, 5)


@pytest.fixture(scope="module")
def world():
    """Return the embedded boundaries and table."""
    boundaries = read_boundaries()
    return boundaries, read_control(boundaries=boundaries)


def test_the_cells_tile_the_country(world):
    boundaries, control = world
    land = build_cells(boundaries, control, ON).frame.geometry.to_numpy()
    assert shapely.coverage_is_valid(land)
    assert shapely.area(land).sum() == pytest.approx(boundaries.country.area, rel=1e-6)
    assert shapely.symmetric_difference(shapely.coverage_union_all(land), boundaries.country).area < 1e4


def test_all_days_share_their_cells(world):
    boundaries, control = world
    assert build_cells(boundaries, control, control.first) is build_cells(boundaries, control, control.last)


def test_every_named_place_is_tagged_with_its_own_state(world):
    boundaries, control = world
    cells = build_cells(boundaries, control, ON)
    states = control_on(cells, control, ON)
    named = cells.frame.index[cells.frame["place"] != ""]
    tags = tag_points(boundaries.places.loc[named, ["geometry"]], ON, boundaries=boundaries, control=control)
    inside = boundaries.places.geometry.loc[named].intersects(boundaries.country)
    assert (tags["controller"] == states["party"].loc[named])[inside].all()
    assert inside.mean() > 0.99


def test_zones_and_fronts_of_every_day_are_exact(world):
    boundaries, control = world
    for on in (control.first, date(2024, 12, 2), control.last):
        cells = build_cells(boundaries, control, on)
        states = control_on(cells, control, on)
        zones, fronts = build_zones(cells, states), build_fronts(cells, states)
        assert shapely.coverage_is_valid(zones.geometry.to_numpy())
        outline = shapely.coverage_union_all(zones.geometry.to_numpy()).length
        assert zones.length.sum() == pytest.approx(outline + 2 * fronts.length.sum(), rel=1e-6)


@needs_cod_ab
@pytest.mark.parametrize("level", [1, 3])
def test_areas_that_a_user_brings_tile(level):
    boundaries = read_boundaries(COD_AB / f"syr_admin{level}.shp")
    land = build_cells(boundaries, read_control(boundaries=boundaries), ON).frame.geometry.to_numpy()
    assert shapely.coverage_is_valid(land)
    assert shapely.symmetric_difference(shapely.coverage_union_all(land), boundaries.country).area < 1e4
