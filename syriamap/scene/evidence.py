"""What stands behind the dates and signs of a picture."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ..picture import Event, Evidence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..model import Control, Moment
    from ..picture import Label


class Backing(NamedTuple):
    """A statement as a picture cites it: its row in the table, and twice an outlet with a link."""

    row: int
    said: Evidence
    outlets: tuple[tuple[str, str], tuple[str, str]]


@lru_cache(maxsize=4)
def read_backing(control: Control) -> dict[str, Backing]:
    """Return what stands behind every statement of a table, by its id."""
    table = control.statements
    days = table["date"].dt.strftime("%Y-%m-%d")
    columns = ("confidence", "source", "url", "source2", "url2")
    rows = zip(table["id"], days, *(table[name] for name in columns), strict=True)
    return {
        key: Backing(row, Evidence(key, day, confidence, source), ((source, url), (source2, url2)))
        for row, (key, day, confidence, source, url, source2, url2) in enumerate(rows)
    }


def list_evidence(used: Collection[str], control: Control) -> tuple[Evidence, ...]:
    """Return day, confidence and source of the statements used, in the order of the table."""
    behind = read_backing(control)
    return tuple(one.said for one in sorted((behind[one] for one in used), key=lambda one: one.row))


def list_events(labels: Sequence[Label], now: Moment) -> tuple[Event, ...]:
    """Return the captures that the labels date."""
    found = []
    for label in labels:
        if label.chip:
            first, last = (day.isoformat() if day else "" for day in now.held[label.id][-2:])
            found.append(Event(label.id, label.runs[-1].text, first, last, label.statement))
    return tuple(found)
