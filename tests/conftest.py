"""Shared fixtures: maps of the embedded data, composed once a test process; and no network but this machine's own."""

import os
import signal
from datetime import date
from functools import cache

import pytest
from hypothesis import settings

from syriamap.atlas import compose_map

from .offline.plugin import pytest_runtest_teardown, pytest_unconfigure  # noqa: F401  # found by their names

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Turn a skip into a failure when every tool is said to be there."""
    report = yield
    if os.environ.get("SYRIAMAP_NO_SKIP") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although no skip is allowed: {report.longrepr}"
    return report
