"""Versions and corrections: what is asked for, what the map prints, what the command says."""

import hashlib
import json
from datetime import date

import pytest

from syriamap import render_map, render_series, save_map
from syriamap.atlas import compose_map
from syriamap.edition import LONGEST, Edition, settle_edition
from syriamap.errors import EditionError
from syriamap.lint import Verdict, lint_sidecar, read_sidecar
from syriamap.request import write_command

DAY = date(2024, 12, 5)
OLD = hashlib.sha256(b"old").hexdigest()


@pytest.fixture
def old(tmp_path):
    (tmp_path / "map.png").write_bytes(b"old")
    (tmp_path / "map.json").write_text(json.dumps({"output": {"path": "map.png", "sha256": OLD}}))
    return tmp_path


def test_nothing_asked_is_the_first_version_without_a_word():
    assert settle_edition({}) == Edition()
    assert not any("ersion" in note for note in compose_map(DAY).words.notes)


@pytest.mark.parametrize(
    ("name", "known"),
    [("map.png", OLD), ("map.json", OLD), ("gone.png", ""), (f"map.png@{'a' * 64}", "a" * 64)],
)
def test_what_is_superseded_is_known_by_name_and_hash(old, name, known):
    edition = settle_edition({"edition": 2, "supersedes": old / name})
    expected = name.split("@")[0].replace(".json", ".png")
    assert (edition.replaces, edition.sha256) == (expected, known)
    assert settle_edition({"edition": 2, "supersedes": edition.supersedes}) == edition, "with no file it is the same"


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"correction": "Some"}, "no version with a correction; expected --version 2 or more"),
        ({"supersedes": "map.png"}, "no version with what it supersedes; expected --version 2"),
        ({"edition": 1, "correction": "Some"}, "version 1 with a correction; expected --version 2"),
        ({"edition": 0}, "version 0 does not exist; expected 1 or more"),
        ({"edition": -3}, "version -3 does not exist"),
        ({"edition": 1.5}, "version 1.5 does not exist"),
        ({"edition": True}, "version True does not exist"),
        ({"edition": 2, "correction": "x" * (LONGEST + 1)}, "a correction of 241 letters; expected 240 at most"),
    ],
)
def test_what_no_picture_can_have_is_refused(choices, told):
    with pytest.raises(EditionError, match=told):
        settle_edition(choices)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"output": {"path": "a"}}'])
def test_a_file_that_is_no_sidecar_replaces_nothing(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(EditionError, match=r"is no sidecar of a picture"):
        settle_edition({"edition": 2, "supersedes": tmp_path / "a.json"})


def test_the_map_prints_version_correction_and_what_it_replaces(old):
    scene = compose_map(DAY, edition=2, correction=" {Two}  towns\nwere <wrong>. ", supersedes=old / "map.json")
    notes = next(piece for piece in scene.furniture if piece.kind == "notes")
    assert notes.text.startswith("Version 2. Correction: {Two} towns were <wrong>. Replaces map.png. ")
    assert " ".join(run.text for run in notes.runs).split() == notes.text.split(), "all of it is set"
    assert compose_map(DAY, edition=1).words.notes[0] == "Version 1."


def test_where_notes_have_no_room_the_map_says_that_it_corrects():
    notes = compose_map(DAY, edition=3, correction="Some", size="400x300").words.notes
    assert notes[0] == "Version 3, corrected."


@pytest.mark.parametrize("size", ["web", "x", "og", "square", "story", "print-1col", "400x300"])
def test_the_longest_correction_finds_room(size, tmp_path):
    words = ("an earlier version showed a town as taken " * 6)[:LONGEST]
    made = render_map(DAY, size=size, edition=12, correction=words, supersedes="a_map_of_the_day_before.png")
    said = read_sidecar(save_map(made, tmp_path / "map.png")[1])
    told = " ".join(piece["text"] for piece in said["furniture"])
    assert "Version 12" in told
    assert words.strip() in told or made.scene.size.tiny
    assert {one.number: one.faults for one in lint_sidecar(said) if one.verdict is Verdict.FAULT} == {}


def test_sidecar_and_command_say_it_and_the_command_needs_no_file(old):
    made = render_map(DAY, edition=2, correction="One  town", supersedes=old / "map.png")
    (old / "map.png").unlink()
    said = read_sidecar(save_map(made, old / "map2.png")[1])
    assert (said["edition"], said["correction"]) == (2, "One town")
    assert said["supersedes"] == {"path": "map.png", "sha256": OLD}
    expected = ("--version", "2", "--supersedes", f"map.png@{OLD}", "--correction", "One town")
    assert write_command(DAY, made.choices)[3:] == expected
    assert f"map.png@{OLD}" in said["command"]


def test_a_series_takes_a_version_and_draws_again_for_another(tmp_path):
    for edition, what in ((2, "drawn"), (2, "fresh"), (3, "drawn")):
        frames = render_series(dates=[DAY], folder=tmp_path, edition=edition, correction="Some")
        assert [frame.what for frame in frames] == [what]
    assert json.loads(frames[0].sidecar.read_text("utf-8"))["edition"] == 3
