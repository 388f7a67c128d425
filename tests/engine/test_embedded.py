"""The laws once more on the embedded country and table, and how true its cells are."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely

from benchmarks.accuracy import NOISE, count_agreement, measure_areas, pick, read_trial, share
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


@pytest.fixture(scope="module")
def trial():
    """Return the embedded places ready to be left out in turn."""
    return read_trial()


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


def test_the_rule_of_the_cells_is_never_less_true_than_the_nearest_place(trial):
    plain, ours = share(trial, trial.away.argmin(axis=1)), share(trial, pick(trial, trial.banked))
    assert (ours >= plain).all()
    assert ours.mean() > plain.mean() + 1.0
    governorates = trial.places["governorate"].to_numpy()
    right = (trial.holders[:, pick(trial, trial.banked)] == trial.holders).mean(axis=0)
    before = (trial.holders[:, trial.away.argmin(axis=1)] == trial.holders).mean(axis=0)
    assert all(
        right[governorates == name].mean() >= before[governorates == name].mean() for name in np.unique(governorates)
    )


def test_what_is_measured_is_what_is_mapped(trial, world):
    assert count_agreement(trial, world[1], points=3000) > 0.999


@needs_cod_ab
def test_areas_that_a_user_brings_are_as_true_as_ours(trial):
    ours = share(trial, pick(trial, trial.banked)).mean()
    theirs = measure_areas(trial, COD_AB)
    assert len(theirs) == 4
    assert all(shares.mean() > ours - NOISE for shares in theirs.values())
    assert theirs["areas of level 0"].mean() == pytest.approx(ours, abs=0.1)
    assert theirs["areas of level 3"].mean() > ours + 1


@needs_cod_ab
@pytest.mark.parametrize("level", [1, 3])
def test_areas_that_a_user_brings_tile(level):
    boundaries = read_boundaries(COD_AB / f"syr_admin{level}.shp")
    land = build_cells(boundaries, read_control(boundaries=boundaries), ON).frame.geometry.to_numpy()
    assert shapely.coverage_is_valid(land)
    assert shapely.symmetric_difference(shapely.coverage_union_all(land), boundaries.country).area < 1e4
