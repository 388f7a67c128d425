"""syriamap render: words become arguments, files get their names; what is drawn is tested elsewhere."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from syriamap.cli.options import FORMATS, SUFFIXES

from .conftest import run


@pytest.fixture
def atlas(monkeypatch):
    """An atlas that remembers what it was asked for and draws nothing."""
    asked = SimpleNamespace(on=None, choices={}, target=None, saving={}, findings=[], repairs=())

    def render_map(on, **choices):
        asked.on, asked.choices = on, choices
        return SimpleNamespace(scene=SimpleNamespace(repairs=asked.repairs, markers=()))

    def save_map(made, path, **saving):
        asked.target, asked.saving = path, saving
        return path, path.with_suffix(".json")

    monkeypatch.setitem(sys.modules, "syriamap.atlas", SimpleNamespace(render_map=render_map, save_map=save_map))
    quick = SimpleNamespace(read_sidecar=str, lint_sidecar=lambda _: asked.findings)
    monkeypatch.setitem(sys.modules, "syriamap.lint", quick)
    return asked


def test_a_day_is_enough(here, atlas):
    result = run("render", "2024-12-05")
    assert result.exit_code == 0
    assert atlas.on == date(2024, 12, 5)
    assert atlas.choices == {
        "view": None,
        "size": "web",
        "lang": "en",
        "theme": "light",
        "since": None,
        "control": None,
        "boundaries": None,
        "project": None,
        "code_column": None,
        "name_column": None,
        "boundaries_credit": None,
        "repair": False,
        "worldview": None,
        "title": None,
        "subtitle": None,
        "credit": None,
        "caption": None,
        "alt": None,
        "description": None,
        "mark_next": False,
        "soften": True,
        "style": "zones",
        "ticks": False,
        "stale": None,
        "carry": False,
        "digits": "latin",
        "names": None,
        "edition": None,
        "supersedes": None,
        "correction": None,
        "transparent": False,
        "outlines": False,
        "basemap": None,
        "basemap_credit": None,
        "basemap_private": False,
        "strict": False,
    }
    name = "outputs/syriamap_advance_2024-12-05_web_en"
    assert result.stdout == f"{name}.png\n{name}.json\n"
    assert atlas.saving == {"overwrite": False}


def test_what_lint_would_find_is_said_and_does_not_fail(here, atlas):
    fault = SimpleNamespace(number=1, name="labels apart", figure="1 overlapping pair", faults=("",))
    atlas.findings = [fault, SimpleNamespace(faults=())]
    result = run("render", "2024-12-05", "-o", "m.png")
    assert result.exit_code == 0
    assert result.stdout == "m.png\nm.json\n"
    assert result.stderr.splitlines() == [
        "warning: check 1, labels apart: 1 overlapping pair",
        "before publishing: syriamap lint m.json",
    ]


def test_a_sound_map_is_made_without_a_word(here, atlas):
    assert run("render", "2024-12-05", "-o", "m.png").stderr == ""


def test_repairs_are_said(here, atlas):
    atlas.repairs = ("X1 (feature 1): the outline crosses itself; mended",)
    said = run("render", "2024-12-05", "--boundaries", "b.shp", "--repair", "-o", "m.png").stderr
    assert said == "repaired: X1 (feature 1): the outline crosses itself; mended\n"


def test_every_option_reaches_the_atlas(here, atlas):
    words = "--view country --since 2024-12-01 --size x --lang ar --theme dark --control a/c.csv --boundaries b.shp"
    run(
        "render", "2024-12-08", *words.split(), "--title", "T", "--credit", "C", "--carry", "--overwrite", "-o", "m.svg"
    )
    assert atlas.choices["since"] == date(2024, 12, 1)
    assert atlas.choices["control"] == Path("a/c.csv")
    assert (atlas.choices["view"], atlas.choices["carry"], atlas.choices["title"]) == ("country", True, "T")
    assert atlas.saving["overwrite"] is True
    assert atlas.target == Path("m.svg")


def test_what_is_switched_off_reaches_the_atlas(here, atlas):
    run("render", "2024-12-08", "--no-soften")
    assert atlas.choices["soften"] is False


def test_style_and_ticks_reach_the_atlas(here, atlas):
    run("render", "2024-12-08", "--style", "points", "--ticks")
    assert (atlas.choices["style"], atlas.choices["ticks"]) == ("points", True)
    run("render", "2024-12-08", "--no-ticks")
    assert atlas.choices["ticks"] is False


@pytest.mark.parametrize(
    ("words", "target"),
    [
        (["--format", "svg"], "outputs/syriamap_advance_2024-12-05_web_en.svg"),
        (["-o", "a.svg"], "a.svg"),
        (["-o", "a.PNG"], "a.PNG"),
        (["-o", "a", "--format", "svg"], "a.svg"),
        (["-o", "a"], "a.png"),
        (["-o", "a.jpeg"], "a.jpeg"),
        (["-o", "a.jpeg", "--format", "jpg"], "a.jpeg"),
        (["-o", "a", "--format", "webp", "--transparent"], "a.webp"),
        (["-o", "."], "syriamap_advance_2024-12-05_web_en.png"),
        (["--view", "36.1,35/x"], "outputs/syriamap_36.1-35-x_2024-12-05_web_en.png"),
    ],
)
def test_where_the_picture_goes(here, atlas, words, target):
    assert run("render", "2024-12-05", *words).exit_code == 0
    assert atlas.target == Path(target)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "a.gif"], "'a.gif' ends in .gif; expected .png or .svg"),
        (["-o", "a.svg", "--format", "png"], "'png' and 'a.svg' disagree"),
        (["--format", "gif"], "'gif' is not one of 'png', 'svg'"),
        (["-o", "a.jpg", "--transparent"], "a .jpg has no transparency; expected .png, .webp, .svg or .pdf"),
        (["--format", "jpg", "--transparent"], "no transparency"),
    ],
)
def test_wrong_formats_are_misuse(here, atlas, words, said):
    result = run("render", "2024-12-05", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert atlas.on is None


def test_transparent_and_outlines_reach_the_atlas(here, atlas):
    run("render", "2024-12-08", "--transparent", "--outlines", "-o", "m.svg")
    assert (atlas.choices["transparent"], atlas.choices["outlines"]) == (True, True)


def test_formats_are_those_that_can_be_saved():
    from syriamap import save

    assert set(FORMATS) < set(SUFFIXES) == set(save.FORMATS)
