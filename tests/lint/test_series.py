"""Check 22: maps of one series belong together, and a front moves only where a statement moved it."""

import re
from copy import deepcopy
from shutil import copytree

import pytest

from syriamap.lint import Verdict, find_maps, lint_maps, lint_series, read_sidecar
from tests.cli.conftest import run
from tests.series.conftest import drawn  # noqa: F401  # the small series

VERDICTS = (Verdict.PASS,) * 3


@pytest.fixture
def maps(drawn):  # noqa: F811
    """The sidecars of three days: front lines move from the first to the second and from that to the third."""
    return [read_sidecar(path) for path in sorted(drawn.glob("*.json"))]


def verdicts(maps):
    return tuple(finding.verdict for finding in lint_series(maps))


def told(maps):
    return " ".join(fault for finding in lint_series(maps) for fault in finding.faults)


def test_a_series_passes(maps):
    assert verdicts(maps) == VERDICTS
    assert verdicts(maps[::-1]) == VERDICTS, "in whatever order they are given"
    assert lint_series(maps)[0].figure == "one of 3 maps from 2024-12-04 to 2024-12-06"
    land = [{patch["party"]: patch["area_px"] for patch in said["patches"]} for said in maps]
    assert land[0] != land[1] != land[2], "there is something to judge"


def test_one_map_is_no_series(maps):
    (alone,) = lint_series(maps[:1])
    assert alone.verdict is Verdict.NOT_APPLICABLE
    assert alone.figure == "no other map of its series was given"


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(view="country"),
        lambda said: said.update(size="web"),
        lambda said: said.update(lang="xx"),
        lambda said: said.update(theme="dark"),
        lambda said: said.update(command=said["command"] + " --no-soften"),
        lambda said: said["inputs"][4].update(sha256="0" * 64),
    ],
)
def test_maps_of_another_kind_are_another_series(maps, change):
    change(maps[1])
    assert verdicts(maps) == (Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.PASS)


def place_label(said):
    return next(label for label in said["labels"] if label["kind"] != "party")


def shift(box):
    box[:] = [value + 1 for value in box]


def give_land(said):
    """Give a tenth of the map to another party."""
    one, other = [patch for patch in said["patches"] if patch["look"] == "held"][:2]
    moved = 0.1 * max(one["area_px"], other["area_px"])
    one["area_px"] += moved
    other["area_px"] -= moved


def forget_statements(said, before):
    said["statements"], said["newest_statement"] = before["statements"], before["newest_statement"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said, _: shift(place_label(said)["anchor_px"]), "label .* moved from"),
        (lambda said, _: shift(place_label(said)["texts"][0]["box_px"]), "label .* moved from"),
        (lambda said, _: shift(said["markers"][0]["at_px"]), "sign .* moved from"),
        (lambda said, _: shift(said["legend"][0]["swatch_px"]), "key row .* moved from"),
        (lambda said, _: said["legend"].insert(0, said["legend"].pop(1)), "the key runs"),
        (lambda said, _: said["key_order"].reverse(), "key_order is"),
        (lambda said, _: said["extent"].update(west=said["extent"]["west"] - 0.1), "extent is"),
        (lambda said, _: said["extent_m"].update(west=said["extent_m"]["west"] - 9), "extent_m is"),
        (lambda said, _: said.update(crs="EPSG:3857"), "crs is EPSG:3857; expected"),
        (lambda said, _: shift(said["map_box_px"]), "map_box_px is"),
        (lambda said, _: said.update(style="points"), "style is points; expected zones as on 2024-12-04"),
        (lambda said, _: said["palette"]["colours"].update(front="#123456"), "the colour front is not"),
        (
            lambda said, _: next(iter(said["palette"]["parties"].values())).update(fill="#123456"),
            "is #123456 .* in one map and",
        ),
        (forget_statements, "the land of .* changed by .* no statement from after 2024-12-04 is in use"),
    ],
)
def test_a_map_that_does_not_belong_is_a_fault(maps, change, words):
    change(maps[1], maps[0])
    assert verdicts(maps)[1] is Verdict.FAULT
    assert re.search(words, told(maps)), told(maps)


def test_land_that_moved_without_a_statement_is_a_fault(maps):
    later = deepcopy(maps[2])
    later["as_of"], later["output"]["path"] = "2024-12-07", "later.png"
    later["command"] = later["command"].replace("2024-12-06", "2024-12-07")
    assert verdicts([*maps, later]) == (*VERDICTS, Verdict.PASS), "the same land needs no statement"
    give_land(later)
    assert verdicts([*maps, later]) == (*VERDICTS, Verdict.FAULT)
    assert "no statement from after 2024-12-06 is in use" in told([*maps, later])


def test_dots_that_change_without_a_statement_are_a_fault(maps):
    dot = {"party": "a", "look": "held", "rival": "", "fill": "", "half": "", "edge": "", "mark": "", "on": []}
    for said, number in zip(maps, (3, 3, 4), strict=True):
        said["points"] = [{**dot, "count": number}]
    forget_statements(maps[2], maps[1])
    assert "a has 4 dots after 3" in told(maps)


def test_the_command_compares_a_folder(drawn, tmp_path):  # noqa: F811
    folder = copytree(drawn, tmp_path / "maps")
    spoilt = folder / "syriamap_advance_2024-12-05_400x300_en.json"
    spoilt.write_text(spoilt.read_text("utf-8").replace('"style": "zones"', '"style": "points"'), "utf-8")
    reports = lint_maps(find_maps([spoilt]))
    assert [one.verdict for one in reports[0].findings if one.number == 22] == [Verdict.NOT_APPLICABLE]
    out = run("lint", folder).stdout
    assert "22 series: one of 3 maps from 2024-12-04 to 2024-12-06" in out
    assert "style is points; expected zones as on 2024-12-04" in out
