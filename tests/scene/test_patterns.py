"""What every pattern keeps to: inside its area, in register over the whole canvas, there wherever there is room."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from syriamap import house
from syriamap.scene.layers import pattern_lines
from syriamap.scene.patterns import PATTERNS, claimed, contested, pattern
from syriamap.theme import PartyStyle, get_theme

NAMES = sorted(PATTERNS)
edges = st.floats(-300, 900, allow_nan=False)
every_pattern = pytest.mark.parametrize("name", NAMES)


def drawn(name, area, pitch=10.0):
    return PATTERNS[name][0](area, pitch)


def test_the_themes_know_the_same_patterns():
    assert sorted(house.PATTERNS) == NAMES


@every_pattern
@given(x=edges, y=edges, width=st.floats(25, 300), height=st.floats(25, 300))
def test_a_pattern_is_inside_and_not_empty(name, x, y, width, height):
    area = shapely.box(x, y, x + width, y + height)
    strokes = drawn(name, area)
    assert not strokes.is_empty
    assert area.buffer(0.02).contains(strokes)


@every_pattern
def test_neighbouring_areas_are_in_register(name):
    left, right = shapely.box(13, 7, 102, 119), shapely.box(102, 7, 207, 119)
    whole = drawn(name, left.union(right))
    halves = drawn(name, left).union(drawn(name, right))
    assert halves.length == pytest.approx(whole.length, rel=0.03)  # a cross whose middle is in one half keeps to it
    assert whole.buffer(0.02).contains(halves)


@every_pattern
def test_a_ring_keeps_its_hole(name):
    area = shapely.Point(200, 150).buffer(120).difference(shapely.Point(200, 150).buffer(60))
    assert area.buffer(0.02).contains(drawn(name, area))


def test_patterns_differ():
    area = shapely.box(0, 0, 200, 200)
    strokes = [drawn(name, area).buffer(1.0) for name in NAMES]
    for index, one in enumerate(strokes):
        for other in strokes[index + 1 :]:
            assert one.symmetric_difference(other).area > 0.3 * min(one.area, other.area)


def test_no_pattern_where_there_is_none():
    area = shapely.box(0, 0, 90, 90)
    assert pattern(PartyStyle("#ffffff", "#000000"), area, 1.0) == []
    assert (
        pattern(PartyStyle("#ffffff", "#000000", pattern="grid", pattern_colour="#111111"), shapely.Polygon(), 1) == []
    )


def test_contested_stripes_have_a_line_on_either_side():
    (line,) = contested(shapely.box(0, 0, 90, 90), "#00ff00", "#000000", 2.0)
    assert line.colour == "#00ff00"
    assert line.casing == "#000000"
    assert line.casing_width > line.width + 2 * 2.0


def test_a_claim_is_outlined_on_the_map_and_not_in_the_key():
    area = shapely.box(0, 0, 90, 90)
    assert len(claimed(area, "#000000", 1.0)) == 2
    assert len(claimed(area, "#000000", 1.0, outlined=False)) == 1


@pytest.mark.parametrize(("day", "view"), [("2024-12-05", "country"), ("2024-12-08", "country")])
def test_the_key_shows_the_patterns_of_the_map(scene, day, view):
    made = scene(day, view)
    swatches = {line.colour for entry in made.key for line in entry.lines if line.kind == "pattern"}
    window = shapely.box(*made.map_box)
    on_land = {line.colour for line in made.patterns if line.kind == "pattern" and line.geometry.intersects(window)}
    assert swatches == on_land != set()
    for entry in made.key:
        for line in entry.lines:
            assert shapely.box(*entry.swatch).buffer(0.02).contains(line.geometry), entry.row.id


@pytest.mark.parametrize("view", ["advance", "country"])
@pytest.mark.parametrize("day", ["2024-11-27", "2024-11-30", "2024-12-05", "2024-12-08"])
def test_the_key_shows_the_colours_to_be_seen_and_no_others(scene, day, view):
    made = scene(day, view)
    window = shapely.box(*made.map_box)
    areas = {}
    for index, patch in enumerate(made.control):
        above = shapely.union_all([other.geometry for other in made.control[index + 1 :]])
        if patch.look not in {"contested", "claimed"}:
            seen = patch.geometry.intersection(window).difference(above).area
            areas[patch.party, patch.fill] = areas.get((patch.party, patch.fill), 0.0) + seen
    rows = {entry.row.id: set(entry.row.colours) for entry in made.key}
    for party in {party for party, _ in areas}:
        seen = {fill for (other, fill), area in areas.items() if other == party and area >= 12}
        assert not seen or rows[party] == seen, party


def test_what_was_held_before_keeps_its_tint_where_it_is_sparse(scene):
    made = scene("2024-12-08", "country")
    looks = {}
    for patch in made.control:
        looks.setdefault(patch.party, {})[patch.look] = patch.geometry
    for party, found in looks.items():
        if {"before", "sparse"} <= set(found):
            assert found["sparse"].difference(found["gained"].buffer(0.01)).area < 1, party


def test_a_pattern_leaves_doubtful_land_alone(scene):
    made = scene("2024-12-08", "country")
    doubtful = shapely.union_all([p.geometry for p in made.control if p.look in {"contested", "claimed"}])
    assert not doubtful.is_empty
    for line in pattern_lines(made.control, get_theme("print"), made.size.unit):
        assert line.kind != "pattern" or line.geometry.intersection(doubtful).length < 1
