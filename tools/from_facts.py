"""Turns the rows of the fact tables into statements: citations ranked, basis and precision decided by rule."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

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
    read_table,
)
from tools.statement import Outlets, Statement

LATER = re.compile(
    r"(\d (Nov|Dec)|20\d\d|taken|claim|change|army|left|report|source|lies|fell|named|emptied|agreement|with |until|"
    r"documented|draw|OCHA|evening|disputed|entered|landing|corridor to|around|between|behind|near |next to|ring of|"
    r"still|denied|fighting|college)"
)  # what a note says about the days after 26 November, or about how the tables were made
STANDING = re.compile(r"\b(posts|camp|artillery point)\b")  # what had stood there for years, whatever else a note says
AREA_NOTE = "date inferred from the area, place not named"


@cache
def note_words() -> dict[str, str]:
    """Return our words for notes of the fact tables; an empty one drops the note."""
    return {row["note"]: row["ours"] for row in read_table("notes")}


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
    if not outlets.printable(statement.cited) or is_stale(statement):
        return replace(statement, basis="inferred", precision="about")
    if row["date_precision"] == "by" or statement.basis == "area":
        return replace(statement, basis="area", precision="by")
    if AREA_NOTE in row["note"]:
        return replace(statement, basis="inferred", precision="about")
    return statement


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


_MAKING = re.compile("^coordinate|existing ")
_NOISE = (AREA_NOTE, "already in the initial table", "change added", "changes added")


def clean_note(note: str, words: dict[str, str]) -> str:
    """Return a note of the fact tables in our words, without the remarks on how the tables were made."""
    parts = [part for part in in_sentence(note) if part not in _NOISE and not _MAKING.search(part)]
    return "; ".join(part for part in (words.get(part, part) for part in parts) if part)


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
        held = _initial(unit, row["from_controller"], "background", row["confidence"], (BACKGROUND, None))
        out.setdefault(unit, held)
    return [statement for unit, statement in out.items() if unit in units]


def _initial_sources(row: Row, citations: list[Row], outlets: Outlets) -> tuple[Citation, Citation | None]:
    sources = [row[key] for key in ("source1", "source2") if not row[key].startswith("implied")]
    return _ordered(sources, citations, outlets)


def standing_note(note: str) -> str:
    """Return the parts of a note that were true before the offensive: posts, lines, zones; not what came later."""
    parts = clean_note(note, note_words()).split("; ")
    return "; ".join(part for part in parts if STANDING.search(part) or not LATER.search(part))


def _initial(
    unit: str,
    controller: str,
    basis: str,
    confidence: str,
    cited: tuple[Citation, Citation | None],
    note: str = "",
) -> Statement:
    return Statement(
        day=FIRST_DAY, unit=unit, controller=controller, change="initial", precision="by",
        basis="inferred" if confidence == "low" else basis, first=cited[0], second=cited[1], note=note,
    )  # fmt: skip
