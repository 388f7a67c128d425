"""Whose view of disputed lines a map draws: ink alone differs, and the sidecar says what was drawn."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest
import shapely

from syriamap.atlas import compose_map, read_materials
from syriamap.errors import DataError, UnknownNameError
from syriamap.language import list_languages, read_language
from syriamap.lint import lint_sidecar
from syriamap.lint.content import check_disputed
from syriamap.lint.verdicts import Verdict
from syriamap.model import Own
from syriamap.request import name_picture, write_command
from syriamap.save import build_sidecar
from syriamap.scene.disputed import list_pieces
from syriamap.theatre import choose_worldview, read_theatre
from syriamap.theme import get_theme

DAY = date(2024, 12, 8)
VIEWS = ("un", "sy", "il", "us", "none")
PROJECT = """
[crs]
map = "EPSG:3395"
[time]
offensive_start = 2011-02-15
[views.all]
frame = { west = 9, south = 19, east = 26, north = 34 }
[worldviews.ours]
policy = 1
edges.strip = { chad = "dotted" }
colour = "red"
"""
ROOT = {"en", "ar"}  # their names stand in theatre.toml


@cache
def compose(worldview="", lang="en"):
    return compose_map(DAY, view="quneitra", worldview=worldview, lang=lang)


def ink(scene, kind):
    return shapely.union_all([line.geometry for line in scene.lines if line.kind == kind]).buffer(0.5)


def drawn(scene, kind, piece):
    """Return the share of a piece of line (in metres) that lines of a kind cover on the map."""
    edges, (x0, y0, x1, _) = scene.extent, scene.map_box
    scale = (x1 - x0) / edges.width
    line = shapely.transform(
        shapely.clip_by_rect(piece, edges.west, edges.south, edges.east, edges.north),
        lambda at: at * [scale, -scale] + [x0 - edges.west * scale, y0 + edges.north * scale],
    )
    return line.intersection(ink(scene, kind)).length / line.length


def sidecar(scene):
    return build_sidecar(scene, get_theme("light"), picture=b"", name="a.png")


def pieces_of(worldview):
    return {tuple(one.edge[:2]): one for one in list_pieces(read_materials(Own(worldview=worldview)))}


def test_the_edges_are_all_the_outlines_and_each_once():
    outlines = shapely.union_all(read_materials().boundaries.areas.geometry.boundary.to_numpy())
    pieces = [one.line for one in pieces_of("").values()]
    assert sum(line.length for line in pieces) == pytest.approx(outlines.length, rel=1e-6)
    assert shapely.union_all(pieces).buffer(1).covers(outlines)


def test_the_first_worldview_is_drawn_when_nobody_names_one():
    assert compose("un") == replace(compose(), inputs=compose("un").inputs)
    assert compose().worldview.id == "un"
    assert {edge.style for edge in compose().worldview.edges} == {"dashed"}


@pytest.mark.parametrize("worldview", VIEWS[1:])
def test_land_and_numbers_are_those_of_every_map(worldview):
    told = [(one.id, one.area_km2, one.places, one.population) for one in compose(worldview).controllers]
    assert told == [(one.id, one.area_km2, one.places, one.population) for one in compose().controllers]
    assert compose(worldview).statements
    assert compose(worldview).classes


@pytest.mark.parametrize("worldview", VIEWS)
def test_every_edge_is_drawn_as_the_worldview_says(worldview):
    scene, kinds = compose(worldview), {"solid": "border", "dashed": "disputed", "thin": "disputed", "none": ""}
    for edge in scene.worldview.edges:
        line = pieces_of(worldview)[edge[:2]].line
        for kind in ("border", "disputed"):
            share = drawn(scene, kind, line)
            assert share > 0.95 if kind == kinds[edge.style] else share < 0.2, (edge, kind)
    assert all(line.dash for line in scene.lines if line.kind == "disputed")


def test_the_worldviews_differ_where_they_should():
    styles = {view: {one[:2]: one.style for one in compose(view).worldview.edges} for view in VIEWS}
    west, east = ("golan", "israel"), ("golan", "inside")
    assert [styles[view][west] for view in VIEWS] == ["dashed", "solid", "none", "none", "dashed"]
    assert [styles[view][east] for view in VIEWS] == ["dashed", "thin", "solid", "solid", "dashed"]
    names = {view: next(one.text for one in compose(view).labels if one.kind == "occupied") for view in VIEWS}
    assert names["un"] == "Golan Heights Israeli-occupied"
    assert names["sy"] == "Occupied Syrian Golan"
    assert names["il"] == names["us"] == names["none"] == "Golan Heights"
    assert len({compose(view).words.disclaimer for view in VIEWS}) == len(VIEWS)
    parties = {view: next(one.label for one in compose(view).controllers if one.id == "israel") for view in VIEWS}
    assert [parties[view] for view in VIEWS] == ["Israeli-occupied"] * 2 + ["Israel"] * 3


@pytest.mark.parametrize("worldview", VIEWS)
def test_the_sidecar_has_the_policy_and_the_checks_pass(worldview):
    said = sidecar(compose(worldview, "ar" if worldview == "il" else "en"))
    assert said["worldview"]["id"] == worldview
    assert len(said["worldview"]["policy"]) > 60
    assert said["disclaimer"] in " ".join(piece["text"] for piece in said["furniture"])
    assert [finding for finding in lint_sidecar(said) if finding.faults] == []


def test_the_check_judges_by_the_worldview_that_the_sidecar_tells():
    un, il = sidecar(compose()), sidecar(compose("il"))
    swapped = {**un, "worldview": {**un["worldview"], "edges": [{"area": "golan", "towards": "x", "style": "solid"}]}}
    assert "expected no dashes" in check_disputed(swapped).faults[0]
    bare = {**il, "lines": [line for line in il["lines"] if line["kind"] != "disputed"]}
    assert "expected dashes round golan, undof" in check_disputed(bare).faults[0]
    assert check_disputed({**il, "disclaimer": ""}).verdict is Verdict.FAULT
    solid = {**un, "lines": [{**line, "dash": []} for line in un["lines"]]}
    assert "solid" in check_disputed(solid).faults[0]


@pytest.mark.parametrize("lang", list_languages())
def test_every_language_has_the_words_of_every_worldview(lang):
    theatre, language = read_theatre(), read_language(lang)
    texts = {view["disclaimer"] for view in theatre["worldviews"].values() if "disclaimer" in view}
    assert set(language.phrases["disclaimers"]) == texts
    assert len(set(language.phrases["disclaimers"].values())) == len(texts)
    names = {entry["name"]["en"] for view in theatre["worldviews"].values() for entry in view.get("names", {}).values()}
    assert lang in ROOT or names <= set(language.names["states"])


def test_unknown_worldviews_are_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match=r"unknown worldview 'uno'; did you mean un\?"):
        compose_map(DAY, worldview="uno")
    with pytest.raises(UnknownNameError, match=r"this theatre has none: its theatre\.toml needs a table"):
        choose_worldview({"names": []}, "il")
    assert choose_worldview({"names": []}, "")["worldview"]["id"] == ""


def test_a_theatre_without_worldviews_dashes_all_and_says_none():
    theatre = choose_worldview({"names": []}, "")
    materials = replace(read_materials(), theatre={**read_materials().theatre, **theatre})
    assert {one.edge.style for one in list_pieces(materials)} == {"dashed"}


def test_faults_of_a_projects_worldviews_are_told(tmp_path):
    (tmp_path / "theatre.toml").write_text(PROJECT, "utf-8")
    with pytest.raises(DataError) as caught:
        read_theatre(tmp_path)
    said = str(caught.value)
    assert "worldviews.ours.policy = 1: expected a text" in said
    assert "chad = 'dotted': expected one of solid, dashed, thin, none" in said
    assert "worldviews.ours.colour: unknown key" in said


def test_commands_and_names_tell_it_where_it_is_not_the_usual_one():
    assert write_command(DAY, {"worldview": "un"}) == write_command(DAY, {})
    assert write_command(DAY, {"worldview": "il"})[3:] == ("--worldview", "il")
    assert name_picture(DAY, {"worldview": "il"}, ".png") == "syriamap_advance_2024-12-08_web_en_il.png"
