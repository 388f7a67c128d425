"""The ground round a user's outline: neighbours meet it, without a gap, an overlap or a strip of sea."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import box

from syriamap.ground import fit_ground
from syriamap.model import Ground

from .little import CRS, SIDE

OURS = box(0, 0, SIDE, SIDE)
EAST, NORTH = box(SIDE, 0, 2 * SIDE, 2 * SIDE), box(0, SIDE, SIDE, 2 * SIDE)  # the sea lies in the west and south


@pytest.fixture
def ground():
    lands = gpd.GeoDataFrame({"name": ["East", "North"]}, geometry=[EAST, NORTH], crs=CRS)
    empty = gpd.GeoDataFrame(geometry=[], crs=CRS)
    return Ground(lands, empty, empty, empty, box(60_000, 0, SIDE, 40_000), pd.DataFrame())


def test_neighbours_meet_an_outline_that_is_a_little_smaller_and_the_sea_stays(ground):
    mine = box(500, 500, SIDE - 800, SIDE - 700)
    east, north = fit_ground(ground, mine, OURS).neighbours.geometry
    assert mine.intersection(shapely.union_all([east, north])).area == 0
    assert east.intersection(north).area == 0
    assert mine.boundary.intersection(east.union(north)).length == pytest.approx(mine.length / 2, rel=0.05)
    assert not east.union(north).intersects(box(0, 0, 400, 50_000))


def test_neighbours_give_way_to_an_outline_that_is_a_little_larger(ground):
    mine = OURS.buffer(900)
    fitted = fit_ground(ground, mine, OURS)
    assert mine.intersection(fitted.neighbours.geometry.union_all()).area == 0
    assert fitted.sparse.area > ground.sparse.area  # a strip along the border is as sparse as the land beside it


def test_the_rest_of_the_country_is_land_and_no_sea(ground):
    half = box(0, 0, SIDE, SIDE / 2)
    lands = fit_ground(ground, half, OURS).neighbours.geometry
    assert OURS.difference(half).difference(lands.union_all().buffer(1)).area < 1
    assert lands.union_all().area == pytest.approx(EAST.area + NORTH.area + OURS.area / 2)


def test_without_neighbours_there_is_nothing_to_fit(ground):
    alone = replace(ground, neighbours=ground.neighbours.iloc[:0])
    assert fit_ground(alone, OURS.buffer(-500), OURS).neighbours.empty
