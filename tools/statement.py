"""What a row of the control table is made of: a statement, its citations, the outlets and what they are worth."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from tools.factbook import BACKGROUND, Citation, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORBIDDEN = ("regime", "liberated", "terrorist", "mercenar")
DISPUTED = re.compile(r"\bdisputed (day|holder)\b")  # how a note says so


@dataclass(frozen=True, slots=True)
class Statement:
    """From this day on, this unit is held by this party."""

    day: date
    unit: str
    controller: str
    rival: str = ""
    status: str = "held"
    change: str = "captured"
    precision: str = "day"
    basis: str = "named"
    first: Citation = BACKGROUND
    second: Citation | None = None
    note: str = ""
    until: str = ""

    @property
    def cited(self) -> tuple[Citation, ...]:
        """Every citation of the statement."""
        return (self.first, self.second) if self.second else (self.first,)


class Outlets:
    """The outlets by id: which may be printed, and whose report each relays."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = {row["id"]: row for row in rows}
        unknown = {row["parent"] for row in rows if row["parent"]} - self.rows.keys()
        if unknown:
            raise ValueError(f"outlets.csv: unknown parents {sorted(unknown)}")

    def origin(self, outlet: str) -> str:
        """Return the outlet at the head of the chain of relays."""
        while parent := self.rows[outlet]["parent"]:
            outlet = parent
        return outlet

    def printable(self, citations: Iterable[Citation]) -> list[Citation]:
        """Return the citations whose outlets may be printed."""
        return [c for c in citations if c.outlet != "background" and self.rows[c.outlet]["printable"] == "yes"]

    def confidence(self, statement: Statement) -> str:
        """Return how sure a statement is: two independent printable outlets high, one medium, the rest low."""
        origins = {self.origin(c.outlet) for c in self.printable(statement.cited)}
        disputed = statement.status in {"contested", "claimed"} or DISPUTED.search(statement.note) is not None
        if disputed or statement.basis in {"area", "inferred"}:
            return "low"
        if statement.basis == "background":
            return "medium"
        return {0: "low", 1: "medium"}.get(len(origins), "high")


def apply_settings(statement: Statement, settings: str) -> Statement:
    """Return the statement with "field=value | field=value" applied.

    cite= and cite2= take "outlet address"; cite2= alone leaves the second citation out.
    """
    new: dict[str, Any] = {}
    for part in filter(None, settings.split(" | ")):
        key, _, value = part.strip().partition("=")
        if key == "day":
            new["day"] = date.fromisoformat(value)
        elif key in {"cite", "cite2"}:
            outlet, _, url = value.partition(" ")
            if not outlet and key == "cite":
                raise ValueError(f"{statement.unit} {statement.day}: cite= without an outlet")
            new["first" if key == "cite" else "second"] = Citation(outlet, url) if outlet else None
        else:
            new[key] = value
    return replace(statement, **new)


def find_faults(statements: list[Statement]) -> list[str]:
    """Return what is wrong with the table: rows that change nothing, rivals, words, marks that last too long."""
    faults = []
    for unit, group in groupby(sorted(statements, key=attrgetter("unit")), key=attrgetter("unit")):
        before: Statement | None = None
        for s in sorted(group, key=attrgetter("day")):
            faults += [f"{unit} {s.day}: {fault}" for fault in _faults_of(s, before)]
            before = s
    return faults


def _faults_of(s: Statement, before: Statement | None) -> Iterator[str]:
    if (s.change == "initial") != (before is None):
        yield "the first statement, and no other, is `initial`"
    if (s.status in {"contested", "claimed"}) != bool(s.rival) or s.rival == s.controller:
        yield f"status {s.status} with rival {s.rival!r}"
    if before and s.status == "held" and before.status == "held" and before.controller == s.controller:
        yield f"changes nothing: {s.controller} held it already"
    if any(word in s.note.casefold() for word in FORBIDDEN):
        yield f"a word to keep off in {s.note!r}"
    if s.until and date.fromisoformat(s.until) < s.day:
        yield "ends before it begins"
