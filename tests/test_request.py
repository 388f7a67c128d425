"""The command that makes a map again: the same words however it was asked for."""

from datetime import date
from pathlib import Path

import pytest

from syriamap.atlas import Choices
from syriamap.cli import main
from syriamap.request import SWITCHES, VALUES, name_picture, write_command

DAY = date(2024, 12, 5)
SINCE = date(2024, 12, 1)
PROJECT = Path(__file__).parents[1] / "examples" / "libya"
ALL = {
    "strict": True,
    "basemap_private": True,
    "basemap_credit": "Them",
    "basemap": "d/ground.tif",
    "outlines": True,
    "transparent": True,
    "carry": True,
    "ticks": True,
    "mark_next": True,
    "soften": False,
    "style": "points",
    "stale": 7,
    "description": "Long words",
    "alt": "Alternative",
    "caption": "Below",
    "edition": 2,
    "supersedes": "old/map.png",
    "correction": "Two towns",
    "credit": "Me",
    "subtitle": "Two words",
    "title": "One",
    "worldview": "none",
    "repair": True,
    "name_column": "town",
    "boundaries_credit": "A maker",
    "code_column": "key",
    "boundaries": Path("a/b/areas.gpkg:towns"),
    "control": "c/mine.csv",
    "project": PROJECT,
    "theme": Path("looks/house.toml"),
    "lang": "ar",
    "digits": "arabic",
    "names": Path("b/words.toml"),
    "size": "x",
    "since": SINCE,
    "view": "country",
}


def words(**choices):
    return list(write_command(DAY, choices))[3:]


def test_every_choice_has_its_option():
    options = {
        flag for param in main.get_command(None, "render").params for flag in (*param.opts, *param.secondary_opts)
    }
    assert set(Choices.__annotations__) == {*VALUES, *SWITCHES} == set(ALL)
    assert {*VALUES.values(), *(flag for _, flag in SWITCHES.values())} <= options


def test_defaults_are_left_out():
    usual = {"view": "advance", "size": "web", "lang": "en", "theme": "light", "style": "zones", "soften": True}
    assert write_command(DAY, {}) == ("syriamap", "render", "2024-12-05")
    assert words(**usual, since=None, control=None, title=None, mark_next=False) == []
    assert words(since=date(2024, 11, 27)) == [], "the first day of the offensive is meant anyway"


def test_options_stand_in_a_fixed_order_and_files_have_bare_names():
    told = (
        "--view country --since 2024-12-01 --size x --lang ar --digits arabic --names words.toml --theme house.toml "
        "--project libya --control mine.csv --boundaries areas.gpkg:towns --code-column key --name-column town "
        "--boundaries-credit|A maker --worldview none --title One --subtitle|Two words --credit Me --caption Below "
        "--alt Alternative --description|Long words --style points --stale 7 --version 2 "
        "--supersedes map.png --correction|Two towns --basemap ground.tif --basemap-credit Them "
        "--repair --no-soften --next --ticks --carry --transparent --basemap-private --strict"
    )
    expected = [
        part for word in told.split(" --") for part in f"--{word.removeprefix('--')}".replace("|", " ", 1).split(" ", 1)
    ]
    assert words(**ALL) == expected
    assert words(**dict(reversed(ALL.items()))) == expected
    assert words(theme="looks/house.toml") == words(theme=Path("house.toml"))


def test_the_format_is_named_when_it_is_not_png():
    assert write_command(DAY, {}, "svg")[3:] == ("--format", "svg")
    assert write_command(DAY, {}, "png")[3:] == ()


def test_a_folder_without_a_name_gets_its_own(tmp_path, monkeypatch):
    (tmp_path / "tables").mkdir()
    monkeypatch.chdir(tmp_path / "tables")
    assert words(control=Path()) == ["--control", "tables"]


@pytest.mark.parametrize(
    ("choices", "name"),
    [
        ({}, "syriamap_advance_2024-12-05_web_en.png"),
        ({"view": "36.1,35/x"}, "syriamap_36.1-35-x_2024-12-05_web_en.png"),
        ({"style": "points", "theme": Path("a/house.toml")}, "syriamap_advance_2024-12-05_web_en_points_house.png"),
    ],
)
def test_names(choices, name):
    assert name_picture(DAY, choices, ".png") == name


def test_outlines_are_named_for_an_svg_alone():
    assert write_command(DAY, {"outlines": True}, "svg")[3:] == ("--outlines", "--format", "svg")
    assert write_command(DAY, {"outlines": True}, "pdf")[3:] == ("--format", "pdf")
    assert write_command(DAY, {"transparent": True}, "webp")[3:] == ("--transparent", "--format", "webp")
    assert write_command(DAY, {}, "jpeg") == write_command(DAY, {}, "jpg")
