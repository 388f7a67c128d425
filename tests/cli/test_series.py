"""syriamap series: words become arguments, paths go to stdout, talk to stderr; what is drawn is tested elsewhere."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from syriamap.series import Frame, list_days

from .conftest import run

FIRST, LAST = date(2024, 12, 4), date(2024, 12, 6)


@pytest.fixture
def desk(monkeypatch):
    """A series that remembers what it was asked for and draws nothing."""
    asked = SimpleNamespace(order=None, stop=None)

    def render_series(*, dates, progress, folder, **order):
        asked.order = {"dates": dates, "folder": folder, **order}
        frames = [
            Frame(day, "advance", "web", "en", folder / f"{day}.png", folder / f"{day}.json", "drawn") for day in dates
        ]
        for number, frame in enumerate(frames, start=1):
            progress(frame, number, len(frames))
            if asked.stop:
                raise asked.stop
        return tuple(frames)

    fake = SimpleNamespace(render_series=render_series, list_days=list_days)
    monkeypatch.setitem(sys.modules, "syriamap.series", fake)
    return asked


def test_two_days_are_enough(desk):
    result = run("series", "2024-12-04", "2024-12-06")
    assert result.exit_code == 0
    assert desk.order == {
        "dates": [FIRST, date(2024, 12, 5), LAST],
        "folder": Path("outputs"),
        "views": ("advance",),
        "sizes": ("web",),
        "langs": ("en",),
        "formats": ("png",),
        "jobs": 1,
        "overwrite": False,
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
        "basemap": None,
        "basemap_credit": None,
        "basemap_private": False,
        "strict": False,
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
    }
    days = ("2024-12-04", "2024-12-05", "2024-12-06")
    assert result.stdout.splitlines() == [f"outputs/{day}.{end}" for day in days for end in ("png", "json")]
    assert result.stderr.splitlines() == ["1 of 3 maps", "2 of 3 maps", "3 of 3 maps"]


def test_lists_come_with_commas_or_repeated(desk):
    several = "--view advance,36.1,35,37,36.5,hama:40 --view country,advance --size web,x --size og --format svg,png"
    run("series", "2024-12-04", "2024-12-06", "--every", "2", "--lang", "en,ar", "-o", "out", *several.split())
    assert desk.order["views"] == ("advance", "36.1,35,37,36.5", "hama:40", "country")
    assert desk.order["sizes"] == ("web", "x", "og")
    assert desk.order["langs"] == ("en", "ar")
    assert desk.order["formats"] == ("svg", "png")
    assert desk.order["dates"] == [FIRST, LAST]
    assert desk.order["folder"] == Path("out")


def test_days_can_be_picked(desk):
    run("series", "--dates", "2024-12-06,2024-12-04", "--dates", "2024-12-04", "--jobs", "2", "--next", "--overwrite")
    assert desk.order["dates"] == [FIRST, LAST]
    assert (desk.order["jobs"], desk.order["mark_next"], desk.order["overwrite"]) == (2, True, True)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "FROM and TO, or --dates"),
        (["2024-12-04"], 2, "FROM and TO, or --dates"),
        (["2024-12-04", "2024-12-06", "--dates", "2024-12-05"], 2, "name the days once"),
        (["2024-12-04", "2024-12-06", "--format", "png,gif"], 2, "'gif' is not one of 'png', 'svg', 'pdf'"),
        (["2024-12-04", "2024-12-06", "--every", "0"], 2, "x>=1"),
        (["2024-12-06", "2024-12-04"], 1, "did you mean 2024-12-04 to 2024-12-06?"),
        (["--dates", "2024-13-04"], 1, "did you mean 2024-04-13?"),
        (["2024-12-04", "2024-12-06", "--dask", "nowhere:1:2"], 1, "no scheduler answers at 'nowhere:1:2'"),
    ],
)
def test_wrong_words(desk, words, code, told):
    result = run("series", *words)
    assert result.exit_code == code
    assert told in result.stderr
    assert result.stdout == ""
    assert desk.order is None


def test_ctrl_c_is_answered(desk):
    desk.stop = KeyboardInterrupt()
    result = run("series", "2024-12-04", "2024-12-06")
    assert result.exit_code == 130
    assert result.stderr.splitlines()[-1] == "stopped: 1 of 3 maps are done and whole; the same command goes on"


def test_a_film_that_cannot_be_made_is_refused_before_any_map_is_drawn(desk, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("series", "2024-12-04", "2024-12-06", "--animate", "mp4")
    assert result.exit_code == 1
    assert "ffmpeg" in result.stderr
    assert desk.order is None
