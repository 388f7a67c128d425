"""syriamap lint: exit codes, compact text, JSON; what cannot be read."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from syriamap.lint import Finding, Report, Verdict

from .conftest import run

GOOD = Finding(1, "labels apart", Verdict.PASS, "0 overlapping pairs of 46 labels", ())
BAD = Finding(4, "nearest sign", Verdict.FAULT, "1 of 2 labels", ("'A' is far; expected near; move it",))
QUIET = Finding(23, "same bytes again", Verdict.NOT_APPLICABLE, "not asked for: --again", ())


@pytest.fixture
def maps(here, monkeypatch):
    """Two maps, one sound and one not, checked by a lint that reads nothing."""
    asked = SimpleNamespace(again=[])

    def lint_map(path, *, again):
        asked.again.append(again)
        return Report(str(path), (GOOD, BAD, QUIET) if path.stem == "bad" else (GOOD, QUIET))

    monkeypatch.setattr("syriamap.lint.lint_map", lint_map)
    for name in ("bad", "good"):
        (here / f"{name}.json").write_text("{}")
    return asked


def test_a_sound_map_takes_one_line(maps):
    result = run("lint", "good.json")
    assert result.exit_code == 0
    assert result.stdout == "ok    good.json: 1 passed, 1 not applicable\n"
    assert result.stderr == ""
    assert maps.again == [False]


def test_faults_follow_the_line_of_their_map(maps):
    result = run("lint", ".", "--again")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "FAULT bad.json: 1 passed, 1 at fault, 1 not applicable",
        "      FAULT: 4 nearest sign: 1 of 2 labels",
        "            'A' is far; expected near; move it",
        "ok    good.json: 1 passed, 1 not applicable",
    ]
    assert result.stderr == "1 of 2 maps with faults\n"
    assert maps.again == [True, True]


def test_verbose_prints_every_check(maps):
    lines = run("lint", "good.json", "--verbose").stdout.splitlines()
    assert lines[1:] == [
        "      pass: 1 labels apart: 0 overlapping pairs of 46 labels",
        "      not applicable: 23 same bytes again: not asked for: --again",
    ]


def test_json(maps):
    result = run("lint", ".", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["ok"], [one["ok"] for one in found["maps"]]) == (False, [False, True])
    assert found["maps"][0]["findings"][1] == {
        "number": 4,
        "name": "nearest sign",
        "verdict": "FAULT",
        "figure": "1 of 2 labels",
        "faults": ["'A' is far; expected near; move it"],
    }


@pytest.mark.parametrize("words", [[], ["none.png"], ["empty"]])
def test_nothing_to_check_is_misuse(here, words):
    (here / "empty").mkdir()
    assert run("lint", *words).exit_code == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "map.json: is not there"), ("{", "is no JSON"), ("{}", "sidecar.as_of is missing"), ("[]", "an object")],
)
def test_what_cannot_be_read_is_a_fault(here, content, told):
    (here / "map.png").write_bytes(b"")
    if content is not None:
        (here / "map.json").write_text(content)
    result = run("lint", "map.png")
    assert result.exit_code == 1
    assert result.stdout.startswith("FAULT map.json: ")
    assert told in result.stdout
    assert "render the map again" in result.stdout or content is None
