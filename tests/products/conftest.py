"""Series that several tests look at, composed once a test process."""

from datetime import date
from functools import cache

import pytest

from syriamap.products.series import compose_series
from syriamap.products.sheet import compose_sheet

DAYS = (date(2024, 11, 26), date(2024, 11, 30), date(2024, 12, 5), date(2024, 12, 8))


@cache
def series_once(choices):
    return compose_series(DAYS, dict(choices))


@cache
def sheet_once(choices):
    return compose_sheet(series_once(choices), sized="size" in dict(choices))


@pytest.fixture(scope="session")
def series():
    """Return the series of four days by its choices."""
    return lambda **choices: series_once(tuple(sorted({"view": "country", **choices}.items())))


@pytest.fixture(scope="session")
def sheet():
    """Return the sheet of four days by its choices."""
    return lambda **choices: sheet_once(tuple(sorted({"view": "country", **choices}.items())))
