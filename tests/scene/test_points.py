"""Laws of maps that draw places instead of areas: a dot is what the table says of its place, and that is all."""

from collections import Counter
from datetime import date
from functools import cache

import pytest

from syriamap.atlas import build_moment, compose_map, read_materials
from syriamap.draw import make_measure
from syriamap.errors import UnknownNameError
from syriamap.language import read_phrases
from syriamap.lint import lint_sidecar
from syriamap.save import build_sidecar
from syriamap.scene.frame import SIGN_ORDER
from syriamap.theme import get_theme

VIEWS = ("advance", "country")
DAYS = ("2024-11-26", "2024-12-05", "2024-12-08")
EVE = date(2024, 11, 26)

every_map = pytest.mark.parametrize(("view", "day"), [(view, day) for view in VIEWS for day in DAYS])


@cache
def dotted(day, view, **choices):
    return compose_map(date.fromisoformat(day), view=view, style="points", **choices)


@every_map
def test_every_dot_is_a_place_with_its_party_of_that_day(view, day):
    made, materials = dotted(day, view), read_materials()
    states = build_moment(materials, made.on).places
    places = materials.boundaries.places
    assert len({dot.place for dot in made.points}) == len(made.points) > 0
    for dot in made.points:
        state = states.loc[dot.place]
        assert places.role[dot.place] == "place"
        assert (dot.party, dot.statement) == (state.party, state.statement)
        assert (dot.look in {"contested", "claimed"}) == (state.status in {"contested", "claimed"})
        assert made.map_box.x0 <= dot.at[0] <= made.map_box.x1
    assert made.control == made.patterns == ()
    assert not [line for line in made.lines if line.kind.startswith("front")]


def test_the_whole_country_is_drawn_but_what_lies_off_the_map(scene):
    places = read_materials().boundaries.places
    assert {dot.place for dot in dotted("2024-12-05", "country").points} == set(places.index[places.role == "place"])


@every_map
def test_gained_is_what_another_bloc_held_on_the_eve(view, day):
    materials = read_materials()
    parties, eve = materials.control.parties, build_moment(materials, EVE).places
    for dot in dotted(day, view).points:
        if dot.look in {"gained", "before"}:
            changed = parties[eve.party[dot.place]].bloc != parties[dot.party].bloc
            assert changed == (dot.look == "gained"), dot.place
            assert parties[dot.party].bloc in materials.theatre["gains"]["blocs"]


def test_nothing_is_gained_before_the_first_day_that_counts():
    assert "gained" not in {dot.look for dot in dotted(DAYS[0], "country").points}
    since = dotted("2024-12-05", "country", since=date(2024, 12, 5))
    assert 0 < Counter(dot.look for dot in since.points)["gained"] < 391


@every_map
def test_no_dot_stands_on_a_later_word(view, day):
    said = read_materials().control.statements.set_index("id")["date"]
    assert all(said[dot.statement].date() <= date.fromisoformat(day) for dot in dotted(day, view).points)


@pytest.mark.parametrize("size", ["web", "portrait", "print-1col"])
@every_map
def test_no_name_or_sign_moves_between_the_styles(scene, view, day, size):
    zones, points = scene(day, view, size), dotted(day, view, size=size)
    assert points.extent == zones.extent
    named = [(label.id, label.box, label.text, label.leader) for label in zones.labels if label.kind != "party"]
    assert [(label.id, label.box, label.text, label.leader) for label in points.labels] == named
    assert [(sign.id, sign.box) for sign in points.markers] == [(sign.id, sign.box) for sign in zones.markers]
    assert [shield.box for shield in points.shields] == [shield.box for shield in zones.shields]
    assert (points.roads, points.arrows, points.bases) == (zones.roads, zones.arrows, zones.bases)
    here = {entry.row.id: entry.swatch for entry in zones.key}
    assert all(entry.swatch == here[entry.row.id] for entry in points.key)


@every_map
def test_names_stand_on_the_land_without_zones(view, day):
    theme = get_theme("light")
    lands = {theme.colours[token] for token in ("land", "paper", "sea", "lake")}
    assert {run.halo for label in dotted(day, view).labels for run in label.runs if run.halo} <= lands


@every_map
def test_the_key_has_the_parties_in_the_frame_and_their_colours(view, day):
    made = dotted(day, view)
    rows = {entry.row.id: entry.row for entry in made.key}
    assert set(rows) - set(SIGN_ORDER) == {dot.party for dot in made.points}
    for party in set(rows) - set(SIGN_ORDER):
        shown = {dot.fill for dot in made.points if dot.party == party and dot.look in {"held", "before", "gained"}}
        assert set(rows[party].colours) == shown
    doubts = {dot.look for dot in made.points} & {"contested", "claimed"}
    assert set(rows) & {"contested", "claimed"} == doubts
    assert set(made.classes) == {f"{dot.party}:{dot.look}" for dot in made.points}


def test_doubt_is_seen_on_the_dot():
    dots = dotted("2024-12-05", "country").points
    theme = get_theme("light")
    contested = [dot for dot in dots if dot.look == "contested"]
    assert contested
    assert all(dot.half == theme.party(dot.rival).fill != dot.fill for dot in contested)
    claimed = [dot for dot in dots if dot.look == "claimed"]
    assert claimed
    assert all(dot.fill == theme.colours["land"] != dot.edge for dot in claimed)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_lint_passes(theme):
    for view in VIEWS:
        for day in DAYS:
            made = dotted(day, view, theme=theme)
            said = build_sidecar(made, get_theme(theme), picture=b"", name="map.png")
            assert said["style"] == "points"
            assert said["patches"] == []
            assert sum(look["count"] for look in said["points"]) == len(made.points)
            found = {one.number: one for one in lint_sidecar(said)}
            assert {number: one.faults for number, one in found.items() if one.faults} == {}, (view, day)


def broken(change):
    made = dotted("2024-12-05", "country")
    said = build_sidecar(made, get_theme("light"), picture=b"", name="map.png")
    change(said)
    return {one.number: one.faults for one in lint_sidecar(said) if one.faults}


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (8, lambda said: said["points"][0].update(edge=said["points"][0]["on"][0], fill=said["points"][0]["on"][0])),
        (10, lambda said: [style.update(mark="") for style in said["palette"]["parties"].values()]),
        (10, lambda said: [style.update(mark="grid") for style in said["palette"]["parties"].values()]),
        (11, lambda said: said["legend"].pop(0)),
        (16, lambda said: [dot.update(half="") for dot in said["points"]]),
        (16, lambda said: [dot.update(on=["#123456"]) for dot in said["points"]]),
        (17, lambda said: [piece.update(text="") for piece in said["furniture"] if piece["kind"] == "notes"]),
    ],
)
def test_lint_finds_a_broken_rule(number, change):
    assert number in broken(change)


def test_words_for_places_need_no_more_room_than_those_for_areas():
    phrases, theme = read_phrases("en"), get_theme("light")
    measure = make_measure(theme)
    for name, text in phrases["points"].items():
        long, short = (measure(one, 20.0, theme.type["note"]).width for one in (phrases[name], text))
        assert short <= long, name


def test_a_wrong_style_is_answered_with_the_right_one():
    with pytest.raises(UnknownNameError, match="unknown style 'point'; did you mean points"):
        compose_map(date(2024, 12, 5), style="point")
