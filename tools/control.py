"""Builds data/control/statements.csv and outlets.csv: who held what, from which day, by whose report.

    python -m tools.control
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from tools.common import DATA
from tools.factbook import (
    BACKGROUND,
    FIRST_DAY,
    Citation,
    Row,
    cite,
    in_sentence,
    place_slug,
    read_facts,
    read_names,
    read_rows,
    read_table,
    write_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = (
    "id", "date", "precision", "unit", "controller", "rival", "status", "change", "basis", "confidence",
    "source", "url", "source2", "url2", "note", "until",
)  # fmt: skip
OUTLET_COLUMNS = ("id", "name", "kind", "printable", "parent", "home")
FORBIDDEN = ("regime", "liberated", "terrorist", "mercenar")
DISPUTED = re.compile(r"\bdisputed (day|holder)\b")  # how a note says so
LATER = re.compile(
    r"(\d (Nov|Dec)|20\d\d|taken|claim|change|army|left|report|source|lies|fell|named|emptied|agreement|with |until|"
    r"documented|draw|OCHA|evening|disputed|entered|landing|corridor to|around|between|behind|near |next to|ring of|still|"
    r"denied|fighting|college)"
)  # what a note says about the days after 26 November, or about how the tables were made
AREA_NOTE = "date inferred from the area, place not named"


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


@cache
def note_words() -> dict[str, str]:
    """Return our words for notes of the fact tables; an empty one drops the note."""
    return {row["note"]: row["ours"] for row in read_table("notes")}


# From the fact tables ---------------------------------------------------------------------------------------------


def read_units() -> dict[str, Row]:
    """Return the rows of places.csv that take statements, by id."""
    return {row["id"]: row for row in read_rows(DATA / "places" / "places.csv") if row["role"] == "place"}


def change_facts(outlets: Outlets) -> list[tuple[Row, Statement]]:
    """Return every change of captures.csv with the statement it makes, before the hand decisions."""
    names, citations = read_names(), read_table("citations")
    return [(row, _change(row, place_slug(row["place"], names), citations, outlets)) for row in read_facts("captures")]


def _change(row: Row, unit: str, citations: list[Row], outlets: Outlets) -> Statement:
    day = date.fromisoformat(row["date"])
    first, second = _ordered([row["source1"], row["source2"]], citations, outlets)
    plain = row["status"] in {"captured", "recaptured", "withdrawn"}
    statement = Statement(
        day=day,
        unit=unit,
        controller=row["to_controller"],
        rival=row["rival"] or ("" if plain else row["from_controller"]),
        status="held" if plain else row["status"],
        change=row["status"] if plain else "captured",
        precision=row["date_precision"],
        first=first,
        second=second,
        note=clean_note(row["note"], note_words()),
    )
    return rest_on(row, statement, outlets)


def _ordered(sources: list[str], citations: list[Row], outlets: Outlets) -> tuple[Citation, Citation | None]:
    """Return the two citations, the printable first; a second one of the same outlet is left out."""
    found = [c for c in (cite(source, citations) for source in sources) if c and c.outlet != "background"]
    printable = outlets.printable(found)
    ranked = printable + [c for c in found if c not in printable] or [BACKGROUND]
    second = ranked[1] if len(ranked) > 1 and ranked[1].outlet != ranked[0].outlet else None
    return ranked[0], second


def rest_on(row: Row, statement: Statement, outlets: Outlets) -> Statement:
    """Return the change with its basis: a report that names the place, one on its area, or inference."""
    if not outlets.printable(statement.cited):
        statement = _with_area_report(row, statement)
    named = row["date_precision"] != "by" and AREA_NOTE not in row["note"]
    if outlets.printable(statement.cited) and named and statement.basis != "area":
        return statement
    by_area = row["date_precision"] == "by" or statement.basis == "area"
    if outlets.printable(statement.cited) and by_area and not is_stale(statement):
        return replace(statement, basis="area", precision="by")
    return replace(statement, basis="inferred", precision="about")


def _with_area_report(row: Row, statement: Statement) -> Statement:
    """Return the change with the printable report on its governorate that day, when area_reports.csv has one."""
    for report in read_table("area_reports"):
        if (report["governorate"], report["date"]) == (row["governorate"], row["date"]):
            second = None if statement.first is BACKGROUND else statement.first
            first = Citation(report["outlet"], report["url"], report["says"], statement.day)
            return replace(statement, first=first, second=second, basis="area")
    return statement


def is_stale(statement: Statement) -> bool:
    """Tell whether a statement is dated after every report it cites."""
    days = [c.day for c in statement.cited]
    return all(day is not None and day < statement.day for day in days)


_NOISE = ("coordinate approximate", AREA_NOTE, "already in the initial table", "change added", "changes added")


def clean_note(note: str, words: dict[str, str]) -> str:
    """Return a note of the fact tables in our words, without the remarks on how the tables were made."""
    parts = [p for p in in_sentence(note) if p not in _NOISE and "existing " not in p and not p.startswith("coordinate")]
    return "; ".join(part for part in (words.get(p, p) for p in parts) if part)


def initial_facts(units: dict[str, Row], outlets: Outlets) -> list[Statement]:
    """Return one statement of the first day for every unit of the fact tables."""
    names, citations = read_names(), read_table("citations")
    out: dict[str, Statement] = {}
    for row in read_facts("initial"):
        unit = place_slug(row["place"], names)
        first, second = _initial_sources(row, citations, outlets)
        basis = "background" if first is BACKGROUND else "named"
        note = standing_note(row["note"])
        out[unit] = _initial(unit, row["controller"], basis, row["confidence"], (first, second), note)
    for row in read_facts("captures"):
        unit = place_slug(row["place"], names)
        out.setdefault(unit, _initial(unit, row["from_controller"], "background", row["confidence"], (BACKGROUND, None)))
    return [statement for unit, statement in out.items() if unit in units]


def _initial_sources(row: Row, citations: list[Row], outlets: Outlets) -> tuple[Citation, Citation | None]:
    sources = [row[key] for key in ("source1", "source2") if not row[key].startswith("implied")]
    return _ordered(sources, citations, outlets)


def standing_note(note: str) -> str:
    """Return the parts of a note that were true before the offensive: posts, lines, zones; not what came later."""
    parts = clean_note(note, note_words()).split("; ")
    return "; ".join(part for part in parts if not LATER.search(part))


def _initial(
    unit: str,
    controller: str,
    basis: str,
    confidence: str,
    cited: tuple[Citation, Citation | None],
    note: str = "",
) -> Statement:
    weak = confidence == "low" and basis == "background"
    return Statement(
        day=FIRST_DAY, unit=unit, controller=controller, change="initial", precision="by",
        basis="inferred" if weak else basis, first=cited[0], second=cited[1], note=note,
    )  # fmt: skip


# Hand decisions ---------------------------------------------------------------------------------------------------


def decide(facts: list[tuple[Row, Statement]], units: dict[str, Row]) -> list[Statement]:
    """Return the changes after the decisions of changes.csv: dropped, moved or set, each with its reason."""
    decisions = {(d["place"], d["date"], d["to"], d["status"]): d for d in read_table("changes")}
    used, out = set(), []
    merged = {row["a"]: row["b"] for row in read_table("pairs") if row["decision"] == "merge"}
    for row, statement in facts:
        key = (row["place"], row["date"], row["to_controller"], row["status"])
        decision = decisions.get(key)
        used.add(key)
        if decision and decision["do"] == "drop":
            continue
        if decision and decision["do"] == "move":
            statement = replace(statement, unit=merged[statement.unit])
        if decision and decision["set"]:
            statement = apply_settings(statement, decision["set"])
        if statement.unit in units:
            out.append(statement)
    if unused := decisions.keys() - used:
        raise ValueError(f"changes.csv: no such change {sorted(unused)}")
    return out


def apply_settings(statement: Statement, settings: str) -> Statement:
    """Return the statement with "field=value | field=value" applied; cite= and cite2= take "outlet address"."""
    for part in settings.split(" | "):
        key, _, value = part.strip().partition("=")
        if key == "day":
            statement = replace(statement, day=date.fromisoformat(value))
        elif key in {"cite", "cite2"}:
            outlet, _, url = value.partition(" ")
            citation = Citation(outlet, url)
            statement = replace(statement, first=citation) if key == "cite" else replace(statement, second=citation)
        else:
            statement = replace(statement, **{key: value})
    return statement


def added() -> list[Statement]:
    """Return the statements of added.csv: areas, bases without rows, marks that close."""
    out = []
    for row in read_table("added"):
        outlet, _, url = row["cite"].partition(" ")
        second = row["cite2"].partition(" ")
        out.append(
            Statement(
                day=date.fromisoformat(row["date"]), unit=row["unit"], controller=row["controller"],
                rival=row["rival"], status=row["status"], change=row["change"], precision=row["precision"],
                basis=row["basis"], first=Citation(outlet, url),
                second=Citation(second[0], second[2]) if second[0] else None, note=row["note"], until=row["until"],
            )
        )  # fmt: skip
    return out


def build_statements() -> list[Statement]:
    """Return every statement in day order, the first day first, same-day rows in the order they happened."""
    outlets = Outlets(read_table("outlets"))
    units = read_units()
    changes = decide(change_facts(outlets), units)
    everything = initial_facts(units, outlets) + changes + added()
    first = sorted((s for s in everything if s.change == "initial"), key=attrgetter("unit"))
    rest = sorted((s for s in everything if s.change != "initial"), key=attrgetter("day"))
    return first + rest


def as_rows(statements: list[Statement], outlets: Outlets) -> list[Row]:
    """Return the rows of statements.csv, with ids and confidence."""
    seen: dict[str, int] = {}
    rows = []
    for s in statements:
        stem = f"{s.unit}-{s.day.isoformat()}"
        seen[stem] = seen.get(stem, 0) + 1
        rows.append(
            {
                "id": stem if seen[stem] == 1 else f"{stem}-{seen[stem]}", "date": s.day.isoformat(),
                "precision": s.precision, "unit": s.unit, "controller": s.controller, "rival": s.rival,
                "status": s.status, "change": s.change, "basis": s.basis, "confidence": outlets.confidence(s),
                "source": s.first.outlet, "url": s.first.url, "source2": s.second.outlet if s.second else "",
                "url2": s.second.url if s.second else "", "note": s.note, "until": s.until,
            }
        )  # fmt: skip
    return rows


def find_faults(statements: list[Statement]) -> list[str]:
    """Return what is wrong with the table: rows that change nothing, rivals, words, marks that last too long."""
    faults = []
    for unit, group in groupby(sorted(statements, key=attrgetter("unit")), key=attrgetter("unit")):
        before: Statement | None = None
        for s in sorted(group, key=attrgetter("day")):
            faults += [f"{unit} {s.day}: {fault}" for fault in _faults_of(s, before)]
            before = s
    return faults


def _faults_of(s: Statement, before: Statement | None) -> Iterable[str]:
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


def main() -> None:
    """Write statements.csv and outlets.csv."""
    rows = read_table("outlets")
    outlets = Outlets(rows)
    statements = build_statements()
    if faults := find_faults(statements):
        raise ValueError("statements:\n  " + "\n  ".join(faults))
    table = as_rows(statements, outlets)
    used = {row[key] for row in table for key in ("source", "source2")}
    used |= {outlets.origin(o) for o in used if o in outlets.rows}
    write_table("control/statements.csv", COLUMNS, table)
    write_table("control/outlets.csv", OUTLET_COLUMNS, sorted((r for r in rows if r["id"] in used), key=lambda r: r["id"]))
    print(f"statements.csv: {len(table)} statements, {len(used)} outlets")


if __name__ == "__main__":
    main()
