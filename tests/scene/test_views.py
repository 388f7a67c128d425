"""Any frame can be a view, and any picture a size."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from pyproj import Proj

from syriamap.atlas import compose_map, read_materials
from syriamap.errors import SizeError, UnknownNameError, ViewError
from syriamap.model import Box
from syriamap.scene.camera import aim, to_map
from syriamap.scene.corners import Panel, settle
from syriamap.scene.view import get_view
from syriamap.sizes import get_size

ON = date(2024, 12, 5)


@pytest.mark.parametrize("unit", sorted(read_materials().boundaries.units["slug"]))
def test_every_governorate_is_a_view(unit):
    made = compose_map(ON, view=unit)
    boundaries = read_materials().boundaries
    row = boundaries.units[boundaries.units["slug"] == unit].iloc[0]
    assert row["name"] in made.words.title
    camera = replace(aim(get_view(unit, read_materials()).frame, made.map_box, boundaries.crs), extent=made.extent)
    assert camera.window.covers(row.geometry)
    assert made.labels


@pytest.mark.parametrize("name", ["hama:40", "Hama : 40 km", "حماة:40"])
def test_a_place_with_a_radius(name):
    made = compose_map(ON, view=name)
    assert "around Hama" in made.words.title
    assert made.scale_bar.km <= 20
    assert any(label.id == "hama" for label in made.labels)


def test_a_box_of_degrees():
    made = compose_map(ON, view="36,34.5,37.5,36")
    assert made.degrees.west <= 36
    assert made.degrees.north >= 36


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("hamma:40", "hama"),
        ("hama:2000", "8 to 500 km"),
        ("hama:x", "hama:40"),
        ("37,34,36,35", "west before east"),
        ("10,10,11,11", "none of the country"),
        ("39.9,33.3,40.2,33.5", "none of the country"),  # inside the box around it, and outside its border
        ("allepo", "aleppo"),
    ],
)
def test_a_wrong_view_is_answered_with_the_way_out(view, told):
    with pytest.raises((ViewError, UnknownNameError), match=told):
        compose_map(ON, view=view)


@pytest.mark.parametrize(("size", "layout"), [("1200x675", "left"), ("640x450", "column"), ("900x1200", "stack")])
def test_any_width_and_height(size, layout):
    made = compose_map(ON, size=size)
    assert made.size.layout == layout
    assert f"{made.canvas.x1}x{made.canvas.y1}" == size
    assert {"aleppo", "hama", "homs"} <= {label.id for label in made.labels}


@pytest.mark.parametrize("size", ["100x100", "90000x60000", "3000x400"])
def test_absurd_sizes_are_refused(size):
    with pytest.raises(SizeError, match="1200x675"):
        get_size(size)


@pytest.mark.parametrize(("view", "lon"), [("advance", 37.0), ("hasakah", 40.9), ("deir-ez-zor", 40.3)])
def test_north_is_up_in_the_middle_of_every_map(view, lon):
    made = compose_map(ON, view=view)
    west, south, east, north = made.degrees
    factors = Proj(made.crs).get_factors((west + east) / 2, (south + north) / 2)
    assert abs(factors.meridian_convergence) <= 1.0
    assert factors.meridional_scale == pytest.approx(1, abs=0.005)


def test_a_turned_map_is_the_same_projection_about_another_meridian():
    crs = read_materials().theatre["crs"]["map"]
    camera = aim((40, 35, 42, 37), Box(0, 0, 800, 600), crs)
    assert camera.crs != crs
    rng = np.random.default_rng(1)
    for lon, lat in zip(rng.uniform(39, 43, 20), rng.uniform(34, 38, 20), strict=True):
        there = camera.lonlat(lon, lat)
        here = camera.point(*to_map(crs).transform(lon, lat))
        assert np.hypot(there[0] - here[0], there[1] - here[1]) < 0.01
    assert camera.window.area == pytest.approx(camera.extent.width * camera.extent.height)


@pytest.mark.parametrize("at", [(20, 580), (780, 580), (20, 20), (780, 20), (400, 300)])
def test_the_map_moves_where_a_panel_would_hide_a_point(at):
    camera = aim((36, 34, 38, 36), Box(0, 0, 800, 600), read_materials().theatre["crs"]["map"])
    ground = camera.to_px(camera.window)  # the whole frame is land: every corner hides as much
    scale = camera.px_per_m
    point = (camera.extent.west + at[0] / scale, camera.extent.north - at[1] / scale)
    everywhere = [
        (camera.extent.west + x / scale, camera.extent.north - y / scale) for x in (30, 770) for y in (30, 570)
    ]
    edge = Box(10, 10, 790, 590)
    found = settle(camera, [Panel(200, 150)], camera.window, [point, *everywhere], edge, 1.0, Box(60, 60, 740, 540))
    assert not ground.is_empty
    assert not found.boxes[0].holds(Box(*found.camera.point(*point), *found.camera.point(*point)))
    assert edge.holds(found.boxes[0])


def test_the_locator_takes_the_emptiest_corner_and_hides_no_place_of_the_view(scene):
    for size in ("web", "x", "portrait", "square", "wire"):
        made = scene("2024-12-05", "advance", size)
        box = made.inset.box
        assert not any(box.overlaps(marker.box) for marker in made.markers)
        land = shapely.union_all([patch.geometry for patch in made.control])
        assert land.intersection(shapely.box(*box)).area < 0.2 * box.width * box.height


def test_next_is_marked_on_request_and_never_before_the_analysis(scene):
    plain = scene("2024-12-05", "country")
    assert not any(marker.kind == "next" for marker in plain.markers)
    marked = compose_map(ON, view="country", mark_next=True)
    named = {marker.id for marker in marked.markers if marker.kind == "next"}
    assert {"homs", "damascus", "hmeimim-air-base", "tartus-port"} <= named
    assert sum("field" in name for name in named) >= 3
    assert any(entry.row.id == "next" for entry in marked.key)
    assert "analysis of 5 December 2024" in " ".join(marked.words.notes)
    early = compose_map(date(2024, 12, 4), view="country", mark_next=True)
    assert not any(marker.kind == "next" for marker in early.markers)
    late = compose_map(date(2024, 12, 8), view="country", mark_next=True)
    assert "homs" not in {marker.id for marker in late.markers if marker.kind == "next"}
