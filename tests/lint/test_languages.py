"""Maps in other languages pass the whole publication check; what each says in its alt text; letters that are wrong."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from syriamap import render_map, save_map
from syriamap.atlas import Map, compose_map
from syriamap.language import list_languages, read_phrases
from syriamap.lint import Verdict, lint_map, read_sidecar
from syriamap.scene.words import long_day
from syriamap.scripts import is_joined

DAYS = [date(2024, 11, 26) + timedelta(days=number) for number in range(0, 13, 6)]  # all of them in English
ON = date(2024, 12, 5)
VIEWS, LANGS = ("advance", "country"), ("ar", "en+ar")
SIZES = ("web", "og", "print-1col")  # `make matrix` draws all
LETTERS = 26


def faults_of(report):
    assert not report.error
    return {one.number: one.faults for one in report.findings if one.verdict is Verdict.FAULT}


@pytest.mark.parametrize(
    ("lang", "size", "view"),
    [(lang, size, VIEWS[(at + start) % 2]) for start, lang in enumerate(LANGS) for at, size in enumerate(SIZES)],
)
def test_arabic_and_two_languages_pass_every_check(tmp_path, lang, size, view):
    picture, _ = save_map(render_map(ON, lang=lang, size=size, view=view), tmp_path / "map.png")
    report = lint_map(picture)
    assert faults_of(report) == {}
    assert {one.number for one in report.findings if one.verdict is Verdict.PASS} >= {24, 25, 26}


@pytest.mark.parametrize("lang", list_languages())
def test_alt_texts_of_days_differ_and_name_the_day_and_the_leading_holder(lang):
    scenes = [compose_map(on, lang=lang) for on in DAYS]
    assert len({scene.words.alt for scene in scenes}) == len(DAYS)
    for scene in scenes:
        leading = max((one for one in scene.controllers if one.id != "unknown"), key=lambda one: one.area_km2)
        assert long_day(scene.on, read_phrases(lang)) in scene.words.alt
        assert leading.label.casefold() in scene.words.alt.casefold()
        assert 40 <= len(scene.words.alt) <= 250
        assert scene.words.alt not in (scene.words.caption, scene.words.description)


@pytest.mark.parametrize("lang", [lang for lang in list_languages() if lang not in ("ar", "en")])
def test_every_language_passes_every_check(tmp_path, lang):
    picture, _ = save_map(render_map(ON, lang=lang, size="portrait"), tmp_path / "map.png")
    assert faults_of(lint_map(picture)) == {}


@pytest.mark.parametrize(
    ("on", "choices"),
    [
        (ON, {"lang": "ar", "size": "640x450", "theme": "print"}),  # letters of 12 px on crosses
        (date(2024, 12, 8), {"lang": "en+ar", "view": "country", "mark_next": True}),  # no room for Hama beside Homs
    ],
)
def test_crowded_maps_pass_every_check(tmp_path, on, choices):
    picture, _ = save_map(render_map(on, **choices), tmp_path / "map.png")
    assert faults_of(lint_map(picture)) == {}


# What the check of letters finds


def save_with(tmp_path, change):
    """Return a finished Arabic map whose labels were changed as the sidecar does not say."""
    made = render_map(ON, lang="ar")
    runs = {run: change(run) for label in made.scene.labels for run in label.runs}
    labels = [replace(label, runs=tuple(runs[run] for run in label.runs)) for label in made.scene.labels]
    save_map(Map(replace(made.scene, labels=tuple(labels)), made.theme), tmp_path / "wrong.png")
    _, beside = save_map(made, tmp_path / "right.png")
    (tmp_path / "wrong.json").write_text(beside.read_text("utf-8").replace("right.png", "wrong.png"), "utf-8")
    return lint_map(tmp_path / "wrong.png")


def reversed_run(run):
    return replace(run, text=run.text[::-1]) if is_joined(run.text) else run


def unjoined_run(run):
    """Return a run whose letters do not join: a mark between any two keeps them apart."""
    return replace(run, text="\u200c".join(run.text)) if is_joined(run.text) else run


@pytest.mark.parametrize("change", [reversed_run, unjoined_run])
def test_letters_the_wrong_way_round_or_not_joined_are_faults(tmp_path, change):
    found = faults_of(save_with(tmp_path, change))[LETTERS]
    assert any("like the engine's own line" in fault for fault in found)


def test_a_letter_that_no_font_has_is_a_fault(tmp_path):
    picture, beside = save_map(render_map(ON), tmp_path / "map.png")
    title = read_sidecar(beside)["furniture"]
    text = next(piece["texts"][0]["text"] for piece in title if piece["kind"] == "title")
    beside.write_text(beside.read_text("utf-8").replace(f'"{text}"', f'"{text} 𐎀"'), "utf-8")
    assert "UGARITIC LETTER ALPA" in faults_of(lint_map(picture))[LETTERS][0]


@pytest.mark.parametrize(("px", "repeat"), [(1e5, 1), (200.0, 1000)])
def test_letters_larger_than_the_picture_are_not_set(tmp_path, px, repeat):
    picture, beside = save_map(render_map(ON, lang="ar", size="640x450"), tmp_path / "map.png")
    said = json.loads(beside.read_text("utf-8"))
    for label in said["labels"]:
        label["texts"] = [{**text, "font_px": px, "text": repeat * text["text"]} for text in label["texts"]]
    beside.write_text(json.dumps(said), "utf-8")
    (fault,) = faults_of(lint_map(picture))[LETTERS]
    assert re.search(r"letters of [\d.]+ px in a picture of 640 x 450 px", fault)
