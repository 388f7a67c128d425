"""Shared fixtures: maps of the embedded data, composed once a test process; and no network but this machine's own."""

import os
import re
import signal
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from syriamap.atlas import compose_map

from .offline.plugin import pytest_runtest_teardown, pytest_unconfigure  # noqa: F401  # found by their names

CHECKOUT = (Path(__file__).parents[1] / "tools" / "__init__.py").is_file()  # not beside an installed package
NEEDS_CHECKOUT = re.compile(r"^pytestmark = \[?\s*pytest\.mark\.checkout", re.MULTILINE)
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a job in the background passes that on
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("offline", derandomize=True, deadline=None)
settings.load_profile("offline")


@cache
def compose_once(day, view, size):
    return compose_map(date.fromisoformat(day), view=view, size=size)


@pytest.fixture
def scene():
    """Return a scene by day, view and size."""
    return lambda day, view="advance", size="web": compose_once(day, view, size)


def pytest_ignore_collect(collection_path):
    """Leave out the files that need a checkout where there is none: they cannot even be imported."""
    if not CHECKOUT and collection_path.suffix == ".py" and NEEDS_CHECKOUT.search(collection_path.read_text("utf-8")):
        return True
    return None


def pytest_collection_modifyitems(config, items):
    """Leave out single tests that need a checkout where there is none."""
    left_out = [] if CHECKOUT else [item for item in items if item.get_closest_marker("checkout")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Turn a skip into a failure when every tool is said to be there."""
    report = yield
    if os.environ.get("SYRIAMAP_NO_SKIP") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although no skip is allowed: {report.longrepr}"
    return report
