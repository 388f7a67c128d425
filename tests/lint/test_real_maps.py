"""The list of checks, and maps beyond the sizes and views that every day is tested in."""

from datetime import date

import pytest

from syriamap.atlas import compose_map
from syriamap.lint import CHECKS, Verdict, lint_sidecar
from syriamap.save import build_sidecar
from syriamap.theme import get_theme


@pytest.mark.parametrize(
    "choices",
    [
        {"theme": "dark"},
        {"theme": "print", "size": "print-2col"},
        {"theme": "dark", "view": "country", "size": "portrait"},
        {"theme": "print", "view": "country", "size": "x"},
        {"size": "web-small"},
        {"size": "640x450"},
        {"size": "1200x675", "view": "country"},
        {"view": "hama:40"},
        {"view": "hasakah", "size": "portrait"},
        {"view": "35.5,34.2,38,36.2", "size": "square"},
        {"view": "country", "mark_next": True},
        {"mark_next": True, "size": "portrait"},
    ],
    ids=str,
)
def test_other_looks_pass_too(choices):
    made = compose_map(date(2024, 12, 5), **choices)
    said = build_sidecar(made, get_theme(made.theme), picture=b"", name="map.png", command=["syriamap"])
    assert {one.number: one.faults for one in lint_sidecar(said) if one.verdict is Verdict.FAULT} == {}


def test_checks_are_numbered_as_in_the_rules():
    assert [check.number for check in CHECKS] == list(range(1, 27))
    assert len({check.name for check in CHECKS}) == 26
