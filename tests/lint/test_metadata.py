"""Check 25: alt text, description, packet, title and desc of an SVG, hash; each broken in one way is a fault."""

import hashlib
import json
import re
import shutil
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from syriamap.atlas import Map, compose_map, save_map
from syriamap.lint import CHECKS, Verdict, lint_map, read_sidecar
from syriamap.theme import get_theme

RULE = {check.number: check for check in CHECKS}[25]
FORMS = ("png", "svg", "jpg", "webp", "pdf")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A real map in each form, its alt text as it should be."""
    folder = tmp_path_factory.mktemp("drawn")
    scene = compose_map(date(2024, 12, 5))
    leading = max(scene.controllers, key=lambda one: one.area_km2).label
    alt = f"Map: control in Syria at the end of 5 December 2024. {leading} holds most of the land."
    made = Map(replace(scene, words=replace(scene.words, alt=alt)), get_theme("light"))
    for form in FORMS:
        picture, _ = save_map(made, folder / form / f"map.{form}", command=["syriamap", "render", "2024-12-05"])
        if form == "svg":
            describe(picture)
    return folder


def describe(svg):
    """Give an SVG a description where it has none."""
    text = svg.read_text("utf-8")
    if "<desc" not in text:
        rewrite(svg, text.replace("</title>", "</title><desc>Some words</desc>", 1).encode())


def rewrite(picture, content):
    """Write other bytes into a picture and their hash into its sidecar, so that the hash is right."""
    picture.write_bytes(content)
    said = json.loads(picture.with_suffix(".json").read_text("utf-8"))
    said["output"]["sha256"] = hashlib.sha256(content).hexdigest()
    picture.with_suffix(".json").write_text(json.dumps(said), "utf-8")


@pytest.fixture
def copied(drawn, tmp_path):
    """Return a map of a form in a folder of its own."""

    def copy(form):
        shutil.copytree(drawn / form, tmp_path / form)
        return tmp_path / form / f"map.{form}"

    return copy


def ask(picture, **doctored):
    said = {**read_sidecar(picture.with_suffix(".json")), **doctored}
    return RULE.find(said, picture)


@pytest.mark.parametrize("form", FORMS)
def test_a_map_that_tells_all_passes(copied, form):
    picture = copied(form)
    finding = ask(picture)
    assert (finding.verdict, finding.faults) == (Verdict.PASS, ())
    assert finding.figure.startswith("alt text of ")
    assert {one.number: one.verdict for one in lint_map(picture).findings}[25] is Verdict.PASS


@pytest.mark.parametrize(
    ("doctored", "told"),
    [
        ({"alt": "5 December 2024: Government"}, "has 27 letters; expected 40 to 250"),
        ({"alt": "x" * 251}, "has 251 letters"),
        ({"alt": "A map of who held what in Syria on some day: the Government most."}, "expected '5 December 2024'"),
        ({"alt": "A map of who held what at the end of 5 December 2024, and no more."}, "who holds most land"),
        ({"description": " "}, "there is no description"),
    ],
)
def test_words_that_do_not_tell_are_faults(copied, doctored, told):
    picture = copied("png")
    faults = ask(picture, **doctored).faults
    assert told in faults[0]
    assert any("in the picture and" in fault for fault in faults), "the packet says the old words"


def test_a_description_that_is_the_alt_text_again_is_a_fault(copied):
    picture = copied("png")
    alt = read_sidecar(picture.with_suffix(".json"))["alt"]
    assert "is the alt text again" in ask(picture, description=alt).faults[0]


def test_land_of_nobody_needs_no_name(copied):
    picture = copied("png")
    said = read_sidecar(picture.with_suffix(".json"))
    vast = {"id": "unknown", "label": "Not known", "area_km2": 1e6, "places": 0, "population": 0}
    assert ask(picture, controllers=[*said["controllers"], vast]).verdict is Verdict.PASS


@pytest.mark.parametrize("form", FORMS)
def test_another_picture_is_a_fault(copied, form):
    picture = copied(form)
    picture.write_bytes(picture.read_bytes() + b"\n")
    assert "has the hash" in ask(picture).faults[0]


def test_a_picture_without_its_packet_is_a_fault(copied):
    picture = copied("png")
    with Image.open(picture) as image:
        plain = image.convert("RGB")
    plain.save(picture)
    rewrite(picture, picture.read_bytes())
    assert [fault for fault in ask(picture).faults if "carries no XMP packet" in fault]


@pytest.mark.parametrize(
    ("field", "value"),
    [("as_of", "2024-12-04"), ("command", "syriamap render 2024-12-04"), ("credit", "Another"), ("inputs", [])],
)
def test_a_packet_that_says_something_else_is_a_fault(copied, field, value):
    assert any("in the picture and" in fault for fault in ask(copied("png"), **{field: value}).faults)


@pytest.mark.parametrize("tag", ["title", "desc"])
def test_an_svg_without_words_for_screen_readers_is_a_fault(copied, tag):
    picture = copied("svg")
    text = re.sub(rf"<{tag}\b[^>]*>.*?</{tag}>", "", picture.read_text("utf-8"), count=1, flags=re.DOTALL)
    rewrite(picture, text.encode())
    assert [f"no <{tag}> at its root" in fault for fault in ask(picture).faults] == [True]


def test_a_picture_that_is_cut_short_is_a_fault(copied):
    picture = copied("png")
    picture.write_bytes(picture.read_bytes()[:5000])
    assert "damaged or cut short" in " ".join(ask(picture).faults)


def test_without_the_picture_only_the_words_are_judged(copied):
    said = read_sidecar(copied("png").with_suffix(".json"))
    finding = RULE.find(said, None)
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert "the picture is not there" in finding.figure
    assert RULE.find({**said, "alt": "short"}, None).verdict is Verdict.FAULT
