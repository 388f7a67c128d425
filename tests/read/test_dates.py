"""Days: ISO or a refusal that offers the nearest right form."""

from __future__ import annotations

from datetime import date

import pytest

from syriamap.dates import find_day, nearest_days, parse_day
from syriamap.errors import DateError, SyriaMapError


def test_iso_day_is_read():
    assert parse_day("2024-12-05") == date(2024, 12, 5)


@pytest.mark.parametrize(
    "text", ["20241205", "2024-W49-4", "2024-12-5", " 2024-12-05", "2024-12-05T00:00", "٢٠٢٤-١٢-٠٥"]
)
def test_other_forms_are_no_iso_days(text):
    assert find_day(text) is None


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("05/12/2024", ["2024-12-05", "2024-05-12"]),
        ("5.12.24", ["2024-12-05", "2024-05-12"]),
        ("31/12/2024", ["2024-12-31"]),
        ("2024-12-5", ["2024-12-05"]),
        ("2024/12/05", ["2024-12-05"]),
        ("20241205", ["2024-12-05"]),
        ("2024-12-05T10:30:00", ["2024-12-05"]),
        ("5 Dec 2024", ["2024-12-05"]),
        ("December 5, 2024", ["2024-12-05"]),
        ("5th december 24", ["2024-12-05"]),
        ("2024-02-30", ["2024-02-29"]),
        ("2024-15-12", ["2024-12-15"]),
        ("45631", ["2024-12-05"]),
        ("٢٠٢٤-١٢-٠٥", ["2024-12-05"]),
        ("yesterday", []),
        ("", []),
        ("2024-00-10", []),
        ("99999999", []),
    ],
)
def test_nearest_days(text, near):
    assert [day.isoformat() for day in nearest_days(text)] == near


def test_refusal_shows_value_rule_and_way_out():
    with pytest.raises(
        DateError, match="'05/12/2024' is not an ISO day; expected YYYY-MM-DD; did you mean 2024-12-05 or"
    ):
        parse_day("05/12/2024")
    with pytest.raises(SyriaMapError, match=r"'2024-02-30' is no such day; .* did you mean 2024-02-29"):
        parse_day("2024-02-30")
    with pytest.raises(ValueError, match="for example 2024-12-05"):
        parse_day("soon")
