"""Holds back this process and all Pythons that it starts; fails the test in which one of them reached further."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

from .sitecustomize import NOTES, stay_at_home

_handle, _name = tempfile.mkstemp(prefix="syriamap-tests-")
os.close(_handle)
_notes = Path(_name)
os.environ[NOTES] = _name  # before the hook, which needs it
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH"))))
sys.addaudithook(stay_at_home)


def take_notes():
    """Return what was reached for since this was asked last."""
    if not _notes.exists():  # nobody reached further in a process that was forked from one whose tests have ended
        return []
    notes = _notes.read_text("utf-8").splitlines()
    _notes.write_bytes(b"")
    return notes


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown():
    """Fail a test that reached further, once all of its fixtures are gone."""
    try:
        return (yield)
    finally:
        if reached := take_notes():
            pytest.fail("\n".join(reached), pytrace=False)


def pytest_unconfigure():
    _notes.unlink(missing_ok=True)
