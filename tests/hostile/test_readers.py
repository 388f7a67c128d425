"""One law for every reader: whatever the bytes, a right result or our own error that names the file."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from syriamap.lint import lint_map
from syriamap.verify import verify_map

from .breaking import break_file
from .good import LAND, list_good
from .targets import QUICK, TARGETS

CORPUS = Path(__file__).parent / "corpus"
FORMS = ("shapefile", "geopackage", "flatgeobuf", "geoparquet")
FEW = {"control": 20, "geojson": 10, "command": 30, "points": 20}  # inputs of the readers that build a whole map
FEW |= dict.fromkeys((*FORMS, "drawn", "lint", "picture"), 3) | dict.fromkeys(QUICK, 1)
USUAL, NOISE = 60, 5
GOOD = list_good()


def list_broken(name):
    """Return broken copies of the sound input of a target, and random bytes."""
    random, few = Random(name), FEW.get(name, USUAL)
    broken = {break_file(GOOD[name], random) for _ in range(few)}
    noise = {random.randbytes(random.randrange(200)) for _ in range(min(few // 3, NOISE))}
    return [*sorted(broken), *sorted(noise)]


def list_known(name):
    """Return the sound input of a target and those of its corpus."""
    return [GOOD[name], *(path.read_bytes() for path in sorted((CORPUS / name).glob("*")))]


@pytest.mark.parametrize("name", TARGETS)
def test_a_hostile_file_is_read_or_refused_by_its_name(name, tmp_path):
    quick = QUICK.get(name, TARGETS[name])
    runs = [(TARGETS[name], data) for data in list_known(name)[name in QUICK :]]  # sound projects are the same one
    for number, (target, data) in enumerate([*runs, *((quick, data) for data in list_broken(name))]):
        folder = tmp_path / str(number)
        folder.mkdir()
        target(data, folder)


def test_a_sound_project_is_composed(tmp_path):
    TARGETS["project-theatre"](GOOD["project-theatre"], tmp_path)


def test_there_are_at_least_500_different_inputs():
    assert sum(len({*list_known(name), *list_broken(name)}) for name in TARGETS) >= 500


def test_every_file_of_the_corpus_has_a_target():
    assert {folder.name for folder in CORPUS.iterdir()} <= set(TARGETS)


@pytest.mark.parametrize("name", ["../map.png", "/etc/hostname", "", ".", "a/b.png", "\0", "x" * 300])
def test_a_sidecar_names_no_picture_elsewhere(tmp_path, name):
    said = json.loads(LAND.read_bytes())
    said["output"]["path"] = name
    path = tmp_path / "map.json"
    path.write_text(json.dumps(said), "utf-8")
    assert "bare name" in lint_map(path).error
    assert "bare name" in verify_map(path).error


@pytest.mark.parametrize("table", ["/etc/passwd", "../table.csv", "x" * 300])
def test_a_sidecar_makes_us_read_no_table_elsewhere(tmp_path, table):
    said = json.loads(LAND.read_bytes())
    said["command"] = f"syriamap render 2024-01-03 --control {table}"
    said["inputs"] = [{"path": table, "sha256": "0" * 64}]
    path = tmp_path / "map.json"
    path.write_text(json.dumps(said), "utf-8")
    (tmp_path.parent / "table.csv").write_text("secret\n", "utf-8")
    assert "secret" not in str(lint_map(path))
    assert verify_map(path).inputs[0].state == "not found"
    zones = next(one for one in lint_map(path).findings if one.number == 21)
    assert zones.figure == f"{table} is neither beside the map nor here"
