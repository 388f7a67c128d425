"""The arrow of the advance tells of what happened, and the dashed one of nothing more than a road."""

from datetime import date

import pytest
import shapely

from syriamap.atlas import compose_map, read_materials
from syriamap.scene.axis import _outline
from syriamap.scene.camera import Camera

DAYS = [f"2024-11-{day}" for day in range(26, 31)] + [f"2024-12-0{day}" for day in range(1, 9)]


def places_px(made):
    camera, places = Camera(made.crs, made.extent, made.map_box), read_materials().boundaries.places.geometry
    return {name: shapely.Point(camera.point(places[name].x, places[name].y)) for name in ("saraqib", "hama", "homs")}


def arrows(made):
    return {arrow.id: arrow for arrow in made.arrows}


def test_no_arrow_before_the_first_place_of_the_axis_was_taken(scene):
    assert all(not scene(day).arrows for day in ("2024-11-26", "2024-11-27", "2024-11-28"))


@pytest.mark.parametrize("size", ["web", "portrait", "x"])
def test_on_5_december_one_arrow_happened_and_one_could_follow(scene, size):
    made = scene("2024-12-05", "advance", size)
    found = arrows(made)
    assert {arrow.kind for arrow in found.values()} == {"advance", "possible"}
    at, unit = places_px(made), made.size.unit
    done, follow = found["saraqib:hama"], found["hama:homs"]
    assert done.words == ("Rebel advance", "27 Nov–5 Dec")
    assert follow.words == ("The road to Homs:", "45 km (28 mi)")
    assert done.geometry.bounds[3] < at["hama"].y - 15 * unit
    assert at["hama"].y < follow.geometry.bounds[1]
    assert follow.geometry.bounds[3] < at["homs"].y - 10 * unit


@pytest.mark.parametrize("day", DAYS)
def test_arrows_stand_beside_the_main_road_and_short_of_what_is_not_taken(scene, day):
    made = scene(day)
    road = next(line.geometry for line in made.road_lines if line.kind == "main-road")
    places = read_materials().control.statements.set_index("id")
    for arrow in made.arrows:
        assert not arrow.geometry.intersects(road)
        assert arrow.geometry.is_valid
        assert arrow.geometry.distance(road) < 40 * made.size.unit
        if arrow.kind == "advance":
            assert arrow.statements
            days = places.loc[list(arrow.statements), "date"]
            assert made.since.isoformat() <= days.min().date().isoformat()
            assert days.max().date() <= made.on
        else:
            assert not arrow.statements


def test_the_second_leg_happened_once_homs_was_taken(scene):
    kinds = {arrow.id: arrow.kind for arrow in scene("2024-12-08").arrows}
    assert kinds == {"saraqib:hama": "advance", "hama:homs": "advance"}


def test_gains_counted_from_a_later_day_have_no_older_arrow():
    assert not compose_map(date(2024, 12, 4), since=date(2024, 12, 4)).arrows


def test_an_arrow_tapers_to_its_neck_and_ends_in_a_point():
    way = shapely.LineString([(0, 0), (200, 0)])
    shape = _outline(way, 10, 190, (4, 14), 1.0)
    widths = [shape.intersection(shapely.LineString([(x, -50), (x, 50)])).length for x in (15, 80, 150, 162, 185)]
    assert widths[0] < widths[1] < widths[2] < widths[3]
    assert widths[4] < widths[3]
    assert shape.bounds[0] == pytest.approx(10)
    assert shape.bounds[2] == pytest.approx(190)


def test_every_road_of_the_story_is_coloured_by_holder_and_cut_at_fronts(scene):
    made = scene("2024-12-05")
    assert len([line for line in made.road_lines if line.kind == "road-piece"]) > len(made.roads)
    zones = {patch.party: patch.geometry for patch in made.control if patch.look in {"held", "before"}}
    cuts = [cut for road in made.roads for cut in road.cuts]
    assert cuts
    for cut in cuts:
        assert sum(zone.distance(cut.centroid) < 1.5 for zone in zones.values()) >= 2, "a cut stands away from a front"
    before = scene("2024-11-26")
    assert not next(road for road in before.roads if road.main).cuts
