"""syriamap verify: exit codes, text, JSON."""

from __future__ import annotations

import json
import shutil

import pytest

from syriamap.lint import read_sidecar

from .conftest import run


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    assert run("render", "2024-12-05", "-o", folder / "map.png").exit_code == 0
    return folder


@pytest.fixture
def map_here(drawn, here):
    for path in drawn.iterdir():
        shutil.copy(path, here)
    return here / "map.png"


def test_a_sound_picture_is_exit_code_0(map_here):
    result = run("verify", "map.png", "map.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:3] == [
        "ok      map.png: end of 2024-12-05, version 1",
        "        picture: same",
        "        packet: same",
    ]
    inputs = len(read_sidecar(map_here.with_suffix(".json"))["inputs"])
    assert f"inputs: {inputs} same" in result.stdout
    assert "superseded" not in result.stdout


def test_what_differs_is_exit_code_1_and_named(map_here):
    map_here.write_bytes(map_here.read_bytes()[:5000])
    result = run("verify", "map.png")
    assert result.exit_code == 1
    assert result.stdout.startswith("DIFFERS map.png")
    assert "picture: changed; its hash is" in result.stdout
    assert "damaged or cut short" in result.stdout
    assert result.stderr == "1 of 1 file: something differs, is missing or is superseded\n"


def test_json_says_the_same(map_here):
    told = json.loads(run("verify", "map.png", "--json").stdout)
    assert told["ok"] is True
    assert told["files"][0]["picture"] == {"what": "picture", "state": "same", "note": ""}
    (map_here.with_suffix(".json")).unlink()
    result = run("verify", "map.png", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["ok"]) == (1, False)
    assert told["files"][0]["error"].startswith("map.png has no sidecar map.json beside it")


def test_a_file_that_is_not_there_is_misuse(here):
    assert run("verify", "map.png").exit_code == 2


def test_a_correction_is_told_by_the_map_it_replaces(map_here):
    words = ["--version", 2, "--supersedes", "map.png", "--correction", "One town was wrong", "-o", "map2.png"]
    assert run("render", "2024-12-05", *words).exit_code == 0
    result = run("verify", "map.png", "map2.png")
    assert result.exit_code == 1
    assert "superseded by map2.png" in result.stdout
    assert "ok      map2.png: end of 2024-12-05, version 2" in result.stdout
    assert run("lint", "map2.png", "--again").exit_code == run("lint", "map.png").exit_code
    again = [
        line for line in run("lint", "map2.png", "--again", "--verbose").stdout.splitlines() if "23 same bytes" in line
    ]
    assert "pass: 23" in again[0], "the command knows the hash, in whatever folder"
