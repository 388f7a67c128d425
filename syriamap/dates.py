"""Days: read them as ISO, answer every other form with the nearest right one."""

from __future__ import annotations

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

from .errors import DateError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # date.fromisoformat alone takes weeks and unbroken digits too
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = 60  # letters of a text that may mean a day; Python refuses numbers of thousands of digits
_SHEET_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheet serial numbers


def parse_day(text: str) -> date:
    """Return the day that an ISO text names; DateError offers the nearest right form of any other text."""
    day = find_day(text)
    if day is None:
        raise DateError(describe_bad_day(text))
    return day


def find_day(text: str) -> date | None:
    """Return the day that an ISO text (YYYY-MM-DD) names, or None."""
    if _ISO.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    return None


def describe_bad_day(text: str, what: str = "date") -> str:
    """Return what is wrong with a text that is no ISO day, what was expected, and the nearest days; `what` holds it."""
    near = nearest_days(text)
    hint = "did you mean " + " or ".join(day.isoformat() for day in near) + "?" if near else "for example 2024-12-05"
    rule = "no such day" if _ISO.fullmatch(text) else "not an ISO day"
    return f"{what} {text!r} is {rule}; expected YYYY-MM-DD; {hint}"


def nearest_days(text: str) -> tuple[date, ...]:
    """Return the days that a text in another form may mean: day first before month first, no doubles."""
    plain = text.strip().casefold()
    return tuple(dict.fromkeys(_guesses(_western_digits(plain)))) if len(plain) <= _LONGEST else ()


def _western_digits(text: str) -> str:
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)


def _guesses(text: str) -> Iterator[date]:
    numbers = [int(part) for part in re.findall(r"[0-9]+", text)]
    months = [_MONTHS.index(word[:3]) + 1 for word in re.findall(r"[a-z]+", text) if word[:3] in _MONTHS]
    if months and len(numbers) >= 2:
        day, year = sorted(numbers[:2])
        yield from _make(year, months[0], day)
    elif len(numbers) >= 3 and re.match(r"[0-9]{4}\b", text):
        yield from _make(numbers[0], numbers[1], numbers[2])
        if numbers[1] > 12:  # 2024-15-12: day and month changed places
            yield from _make(numbers[0], numbers[2], numbers[1])
    elif len(numbers) >= 3:
        yield from _make(numbers[2], numbers[1], numbers[0])
        yield from _make(numbers[2], numbers[0], numbers[1])
    elif re.fullmatch(r"[0-9]{8}", text):
        yield from _make(int(text[:4]), int(text[4:6]), int(text[6:]))
    elif re.fullmatch(r"[34][0-9]{4}(\.0)?", text):
        yield _SHEET_EPOCH + timedelta(days=int(float(text)))


def _make(year: int, month: int, day: int) -> Iterator[date]:
    """Yield the day, or the last day of its month when the month is shorter; nothing when there is no such month."""
    year += 2000 if year < 100 else 0
    if 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31:
        yield date(year, month, min(day, monthrange(year, month)[1]))
