"""Every day of both views in two sizes: no fault but those that are known for now."""

from datetime import date, timedelta

import pytest

from syriamap.lint import CHECKS, Verdict, lint_sidecar

from .known import KNOWN

DAYS = [(date(2024, 11, 26) + timedelta(days=number)).isoformat() for number in range(13)]
LAYOUTS = [(view, size) for view in ("advance", "country") for size in ("web", "portrait")]


@pytest.mark.parametrize(("view", "size"), LAYOUTS)
@pytest.mark.parametrize("day", DAYS)
def test_no_unknown_fault(sidecar, day, view, size):
    found = lint_sidecar(sidecar(day, view, size))
    faults = {one.number: one.faults for one in found if one.verdict is Verdict.FAULT}
    known = {number for number, layouts in KNOWN.items() if (view, size) in layouts}
    assert {number: said for number, said in faults.items() if number not in known} == {}
    assert [one.number for one in found] == [check.number for check in CHECKS if check.quick]
    assert all(one.figure for one in found)


@pytest.mark.parametrize(("view", "size"), LAYOUTS)
def test_the_known_faults_are_still_there(sidecar, view, size):
    failing = {one.number for day in DAYS for one in lint_sidecar(sidecar(day, view, size)) if one.faults}
    stale = {number for number, layouts in KNOWN.items() if (view, size) in layouts} - failing
    assert not stale, f"mended: take {stale} of {view} {size} out of tests/lint/known.py"


@pytest.mark.parametrize("day", ["2024-11-26", "2024-12-05", "2024-12-08"])
def test_a_mended_map_has_no_fault(sound, day):
    assert [one for one in lint_sidecar(sound(day)) if one.faults] == []


def test_checks_are_numbered_as_in_the_rules():
    assert [check.number for check in CHECKS] == list(range(1, 27))
    assert len({check.name for check in CHECKS}) == 26
