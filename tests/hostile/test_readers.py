"""One law for every reader: whatever the bytes, a right result or our own error that names the file."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from .breaking import break_file
from .good import list_good
from .targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
SLOW = {"control": 20, "geojson": 20, "command": 30}  # inputs of the readers that build a whole map
USUAL = 60
GOOD = list_good()


def list_hostile(name):
    """Return the inputs of a target: the sound one, those of its corpus, broken copies, random bytes."""
    random = Random(name)
    corpus = [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))]
    broken = {break_file(GOOD[name], random) for _ in range(SLOW.get(name, USUAL))}
    noise = {random.randbytes(random.randrange(200)) for _ in range(5)}
    return [GOOD[name], *corpus, *sorted(broken), *sorted(noise)]


@pytest.mark.parametrize("name", TARGETS)
def test_a_hostile_file_is_read_or_refused_by_its_name(name, tmp_path):
    for number, data in enumerate(list_hostile(name)):
        folder = tmp_path / str(number)
        folder.mkdir()
        TARGETS[name](data, folder)


def test_there_are_at_least_500_different_inputs():
    assert sum(len(set(list_hostile(name))) for name in TARGETS) >= 500


def test_every_file_of_the_corpus_has_a_target():
    assert {folder.name for folder in CORPUS.iterdir()} <= set(TARGETS)
