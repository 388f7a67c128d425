"""Laws of softened fronts: the country stays tiled, places keep their side, little land moves."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given
from shapely import box

from syriamap import softening
from syriamap.atlas import build_moment, read_materials
from syriamap.cells import build_cells
from syriamap.merge import control_on
from syriamap.softening import MOST_M, soften_zones
from syriamap.zones import build_fronts, build_zones

from .little import LAWS, day, make_boundaries, make_control, worlds


def softened(boundaries, control, number=9):
    """Return zones and fronts of a day as they are and softened, and the points that keep their side."""
    cells = build_cells(boundaries, control, day(number))
    states = control_on(cells, control, day(number), carry=True)
    zones, fronts = build_zones(cells, states), build_fronts(cells, states)
    places = boundaries.places.geometry.to_numpy()
    fixed = [*boundaries.barriers, *boundaries.areas.geometry.boundary]
    return zones, fronts, *soften_zones(zones, fronts, places=places, fixed=fixed), places


def check_laws(zones, fronts, soft, soft_fronts, places):
    assert shapely.coverage_is_valid(soft.geometry.to_numpy())
    assert soft.geometry.area.sum() == pytest.approx(zones.geometry.area.sum(), rel=1e-9)
    assert shapely.union_all(soft.geometry.to_numpy()).symmetric_difference(
        shapely.union_all(zones.geometry.to_numpy())
    ).area == pytest.approx(0, abs=1000)
    assert ((soft.geometry.area / zones.geometry.area - 1).abs() <= 0.0101).all()
    for place in places:
        before, after = zones.geometry.contains(place), soft.geometry.contains(place)
        assert not before.any() or (before == after).all()
    for was, now in zip(fronts.geometry, soft_fronts.geometry, strict=True):
        assert now.hausdorff_distance(was) <= MOST_M + 1
        assert now.boundary.equals(was.boundary)
    assert (soft["area_km2"] == zones["area_km2"]).all()


@LAWS
@given(worlds())
def test_softened_zones_keep_the_laws(world):
    check_laws(*softened(world.boundaries, world.control))


@LAWS
@given(worlds())
def test_small_parts_stay_as_they_are(world):
    zones, _, soft, *_ = softened(world.boundaries, world.control)
    small = [part for part in shapely.get_parts(zones.geometry.to_numpy()) if part.area < 25e6]
    parts = shapely.get_parts(soft.geometry.to_numpy())
    for part in small:
        assert any(part.equals(other) or part.symmetric_difference(other).area < 100 for other in parts)


def test_a_zigzag_becomes_a_calm_line():
    places = {f"w{y}": (45 + 4 * (y % 2), 10 * y + 5) for y in range(10)}
    places |= {f"e{y}": (55 + 4 * (y % 2), 10 * y + 5) for y in range(10)}
    boundaries = make_boundaries(places)
    control = make_control([(0, name, "red" if name[0] == "w" else "blue") for name in places])
    zones, fronts, soft, soft_fronts, _ = softened(boundaries, control)
    turns = [sharpest_turn(frame.geometry.iloc[0]) for frame in (fronts, soft_fronts)]
    assert turns[1] < 0.5 * turns[0]
    assert not soft.geometry.iloc[0].equals(zones.geometry.iloc[0])


def sharpest_turn(line):
    """Return the sharpest turn between neighbouring pieces of a line, in radians."""
    ways = np.diff(shapely.get_coordinates(line), axis=0)
    headings = np.unwrap(np.arctan2(ways[:, 1], ways[:, 0]))
    return np.abs(np.diff(headings)).max()


def test_edges_of_special_areas_stay():
    boundaries = make_boundaries({"a": (10, 50), "b": (90, 50)}, areas={"zone": box(40e3, 40e3, 60e3, 60e3)})
    control = make_control([(0, "a", "red"), (0, "b", "red"), (0, "zone", "blue")])
    zones, _, soft, *_ = softened(boundaries, control)
    assert soft.geometry["blue"].symmetric_difference(zones.geometry["blue"]).area < 1


@pytest.mark.parametrize("on", ["2024-11-26", "2024-11-30", "2024-12-05", "2024-12-08"])
def test_the_embedded_days_keep_the_laws(on):
    materials = read_materials()
    now = build_moment(materials, date.fromisoformat(on))
    fixed = [*materials.boundaries.barriers, *materials.boundaries.areas.geometry.boundary]
    places = materials.boundaries.places.geometry.to_numpy()
    soft, fronts = soften_zones(now.zones, now.fronts, places=places, fixed=fixed)
    check_laws(now.zones, now.fronts, soft, fronts, places)
    moved = [not a.equals(b) for a, b in zip(fronts.geometry, now.fronts.geometry, strict=True)]
    assert np.mean(moved) > 0.3


KEPT = (softening._smooth_arc, softening._check_arc, softening._beside, softening._ends, softening._fix)


def soften_day(materials, on):
    now = build_moment(materials, date.fromisoformat(on), soften=False)
    fixed = [*materials.boundaries.barriers, *materials.boundaries.areas.geometry.boundary]
    return soften_zones(now.zones, now.fronts, places=materials.boundaries.places.geometry.to_numpy(), fixed=fixed)


def test_a_day_alone_equals_the_same_day_after_others():
    materials = read_materials()
    for on in ("2024-11-26", "2024-11-30", "2024-12-07"):
        soften_day(materials, on)
    after_others = soften_day(materials, "2024-12-05")
    for kept in KEPT:
        kept.cache_clear()
    alone = soften_day(materials, "2024-12-05")
    for one, other in zip(after_others, alone, strict=True):
        assert (shapely.to_wkb(one.geometry.to_numpy()) == shapely.to_wkb(other.geometry.to_numpy())).all()


@pytest.mark.parametrize("on", ["2024-11-26", "2024-11-30", "2024-12-05", "2024-12-07"])
def test_edges_that_meet_at_ends_alone_need_no_noding(on, monkeypatch):
    materials = read_materials()
    known = []
    cut = softening._edges

    def note(arcs, outline, *, clean):
        known.append(clean)
        return cut(arcs, outline, clean=clean)

    monkeypatch.setattr(softening, "_edges", note)
    quick = soften_day(materials, on)[0]
    monkeypatch.setattr(softening, "_edges", lambda arcs, outline, *, clean: cut(arcs, outline, clean=False))
    noded = soften_day(materials, on)[0]
    assert any(known)
    assert list(quick.index) == list(noded.index)
    for one, other in zip(quick.geometry, noded.geometry, strict=True):
        assert shapely.hausdorff_distance(one.boundary, other.boundary) <= 0.011
        assert one.symmetric_difference(other).area < 1
