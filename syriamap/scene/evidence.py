"""What stands behind the dates and signs of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..picture import Event, Evidence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..model import Control, Moment
    from ..picture import Label


def list_evidence(used: Collection[str], control: Control) -> tuple[Evidence, ...]:
    """Return day, confidence and source of the statements used, in the order of the table."""
    rows = control.statements[control.statements["id"].isin(list(used))]
    days = rows["date"].dt.strftime("%Y-%m-%d")
    return tuple(map(Evidence, rows["id"], days, rows["confidence"], rows["source"]))


def list_events(labels: Sequence[Label], now: Moment) -> tuple[Event, ...]:
    """Return the captures that the labels date."""
    found = []
    for label in labels:
        if label.chip:
            row = now.places.loc[label.id]
            first, last = (row[end].date().isoformat() for end in ("chip_from", "chip_to"))
            found.append(Event(label.id, label.runs[-1].text, first, last, label.statement))
    return tuple(found)
