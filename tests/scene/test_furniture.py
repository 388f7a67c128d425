"""Scale bar, locator and words."""

from dataclasses import replace
from datetime import date

import pytest
import shapely
from pyproj import Geod

from syriamap.atlas import build_day, compose_map, read_materials
from syriamap.errors import NoControlError, UnknownNameError
from syriamap.language import read_phrases
from syriamap.scene.camera import Camera, aim
from syriamap.scene.view import get_view
from syriamap.scene.words import chip_text, join

MAP_CRS = read_materials().theatre["crs"]["map"]
LAYOUTS = [(view, size) for view in ("advance", "country") for size in ("web", "portrait", "square", "print-page")]


@pytest.mark.parametrize(("view", "size"), LAYOUTS)
def test_scale_bar_measures_true_on_the_ellipsoid(scene, view, size):
    made = scene("2024-12-05", view, size)
    bar, camera = made.scale_bar, Camera(made.crs, made.extent, made.map_box)
    geod = Geod(ellps="WGS84")
    start = camera.degrees_at(bar.x, bar.y)
    for px, km in ((bar.px, bar.km), (bar.miles_px, bar.miles / 0.621371)):
        metres = geod.inv(*start, *camera.degrees_at(bar.x + px, bar.y))[2]
        assert metres == pytest.approx(km * 1000, rel=0.005)


def test_distances_between_cities_are_the_geodesic_ones():
    places = read_materials().boundaries.places
    geod = Geod(ellps="WGS84")

    def km(a, b):
        return geod.inv(*places.loc[a, ["lon", "lat"]], *places.loc[b, ["lon", "lat"]])[2] / 1000

    assert km("aleppo", "hama") == pytest.approx(124, abs=4)
    assert km("hama", "homs") == pytest.approx(45, abs=2)


@pytest.mark.parametrize("size", ["web", "portrait"])
def test_locator_only_where_the_map_shows_a_part(scene, size):
    assert scene("2024-12-05", "advance", size).inset is not None
    assert scene("2024-12-05", "country", size).inset is None


def test_the_golan_is_dashed_named_and_disclaimed(scene):
    made = scene("2024-12-05", "country")
    disputed = [line for line in made.lines if line.kind == "disputed"]
    assert disputed
    assert all(line.dash for line in disputed)
    assert any("Israeli-occupied" in label.text for label in made.labels)
    assert made.words.disclaimer


def test_users_words_take_the_place_of_ours_but_the_day_stays():
    made = compose_map(date(2024, 12, 5), title="My headline", subtitle="My line", credit="The Desk")
    assert made.words.title == "My headline"
    assert made.words.subtitle == "My line"
    assert made.words.as_of.endswith("5 December 2024")
    assert made.words.credit.startswith("The Desk")


def test_no_word_or_two_are_left_for_a_last_line_where_a_sentence_could_end_sooner(scene):
    def lines(day, size="web"):
        furniture = scene(day, "advance", size).furniture
        return [run.text for piece in furniture if piece.kind == "subtitle" for run in piece.runs]

    late = ["The M5 is rebel-held from Aleppo to Damascus.", "20 air bases lost since 27 November."]
    assert lines("2024-12-08") == late
    assert lines("2024-12-05")[0] == "The M5 is rebel-held from Aleppo to Hama. Six air bases lost since"  # a full line
    assert " ".join(lines("2024-12-08", "square")) == " ".join(late)


def test_since_moves_the_gains_and_the_dates():
    late = compose_map(date(2024, 12, 5), since=date(2024, 12, 3))
    whole = compose_map(date(2024, 12, 5))
    area = {
        name: sum(p.geometry.area for p in made.control if p.look == "gained")
        for name, made in (("late", late), ("whole", whole))
    }
    assert 0 < area["late"] < area["whole"]
    dated = {label.text for label in late.labels if label.chip}
    assert "Hama" in dated
    assert "Aleppo" not in dated


def test_a_day_after_the_maps_has_no_gains_and_no_key_row():
    made = compose_map(date(2024, 11, 30), since=date(2024, 12, 3))
    assert not any(patch.look == "gained" for patch in made.control)
    assert not any(entry.row.id in {"front-before", "date"} for entry in made.key)


def test_long_after_the_table_only_when_carried_and_then_it_says_so():
    with pytest.raises(NoControlError):
        compose_map(date(2025, 1, 15))
    made = compose_map(date(2025, 1, 15), carry=True)
    assert "36 days before" in made.words.as_of


def test_before_the_table_is_refused():
    with pytest.raises(NoControlError, match="2024-11-26"):
        compose_map(date(2024, 11, 25))


@pytest.mark.parametrize(
    ("choice", "wrong", "right"), [("view", "advanc", "advance"), ("size", "wep", "web"), ("theme", "ligth", "light")]
)
def test_a_wrong_name_is_answered_with_the_nearest(choice, wrong, right):
    with pytest.raises(UnknownNameError, match=right):
        compose_map(date(2024, 12, 5), **{choice: wrong})


def test_chips():
    phrases = read_phrases("en")
    assert chip_text(date(2024, 12, 5), date(2024, 12, 5), phrases) == "5 Dec"
    assert chip_text(date(2024, 11, 29), date(2024, 11, 30), phrases) == "29–30 Nov"
    assert chip_text(date(2024, 11, 30), date(2024, 12, 1), phrases) == "30 Nov–1 Dec"


def test_lists_of_names():
    phrases = read_phrases("en")
    assert [join(words, phrases) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_softening_is_ink_and_can_be_switched_off():
    soft, plain = (compose_map(date(2024, 12, 5), soften=soften) for soften in (True, False))
    assert (soft.softened, plain.softened) == (True, False)
    assert soft.controllers == plain.controllers
    assert [road.km_by_controller for road in soft.roads] == [road.km_by_controller for road in plain.roads]
    assert [label.box for label in soft.labels if label.kind == "place"] == [
        label.box for label in plain.labels if label.kind == "place"
    ]
    land = [sum(patch.geometry.area for patch in made.control if patch.look == "gained") for made in (soft, plain)]
    assert land[0] == pytest.approx(land[1], rel=0.02)
    fronts = [next(line.geometry for line in made.lines if line.kind == "front") for made in (soft, plain)]
    assert fronts[0].hausdorff_distance(fronts[1]) < 40
    assert fronts[0].length < fronts[1].length


def camera_of(made):
    """Return the camera of a scene, for geometry in the CRS of the data."""
    return replace(aim(get_view(made.view, read_materials()).frame, made.map_box, MAP_CRS), extent=made.extent)


def test_a_front_far_from_every_known_place_is_dashed(scene):
    made, materials = scene("2024-12-08", "country"), read_materials()
    camera = camera_of(made)
    cells = build_day(materials, made.on).cells.frame
    places = materials.boundaries.places.geometry[[place for place in cells["place"] if place]]
    known = shapely.transform(shapely.multipoints(places.to_numpy()), lambda xy: [camera.point(*one) for one in xy])
    far = {line.kind: line.geometry for line in made.lines if line.kind in {"front", "front-guess"}}
    reach = 15_000 * camera.px_per_m
    for kind, least, most in (("front", 0, reach + 1), ("front-guess", reach - 1, 1e9)):
        ways = [known.distance(part.interpolate(0.5, normalized=True)) for part in shapely.get_parts(far[kind])]
        assert all(least <= way <= most for way in ways), kind
    assert [line.dash for line in made.lines if line.kind == "front-guess"] != [()]
    assert any(entry.row.id == "front-guess" for entry in made.key)
