"""A small series, drawn once a test process, and copies of it to spoil."""

import hashlib
import shutil
from datetime import date

import pytest

from syriamap.series import render_series

FIRST, LAST = date(2024, 12, 4), date(2024, 12, 6)
SIZE = "400x300"
ORDER = {"sizes": [SIZE]}


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """Three days as nothing disturbed them."""
    folder = tmp_path_factory.mktemp("series") / "drawn"
    render_series(FIRST, LAST, folder=folder, **ORDER)
    return folder


@pytest.fixture
def copied(drawn, tmp_path):
    """The three days in a folder of one's own."""
    return shutil.copytree(drawn, tmp_path / "copied")


def hashes(folder):
    """Return the hash of every file, hidden ones too."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def stamps(folder):
    """Return when every file was last written."""
    return {path.name: path.stat().st_mtime_ns for path in sorted(folder.iterdir())}
