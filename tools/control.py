"""Builds data/control/statements.csv and outlets.csv: who held what, from which day, by whose report.

python -m tools.control
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from operator import attrgetter

from tools.common import DATA
from tools.factbook import Citation, Row, read_rows, read_table, write_table
from tools.from_facts import change_facts, initial_facts
from tools.ground import find_undecided
from tools.places import build_places
from tools.statement import Outlets, Statement, apply_settings, find_faults

COLUMNS = (
    "id", "date", "precision", "unit", "controller", "rival", "status", "change", "basis", "confidence",
    "source", "url", "source2", "url2", "note", "until",
)  # fmt: skip
OUTLET_COLUMNS = ("id", "name", "kind", "printable", "parent", "home")


def read_units() -> dict[str, Row]:
    """Return the rows of places.csv that take statements, by id."""
    return {row["id"]: row for row in read_rows(DATA / "places" / "places.csv") if row["role"] == "place"}


def decide(facts: list[tuple[Row, Statement]], units: dict[str, Row]) -> list[Statement]:
    """Return the changes after the decisions of changes.csv: dropped, moved or set, each with its reason."""
    decisions = {(d["place"], d["date"], d["to"], d["status"]): d for d in read_table("changes")}
    merged = {row["a"]: row["b"] for row in read_table("pairs") if row["decision"] == "merge"}
    out = []
    for row, found in facts:
        key = (row["place"], row["date"], row["to_controller"], row["status"])
        decided = _decide_one(found, decisions.pop(key, None), merged)
        if decided and decided.unit in units:
            out.append(decided)
    if decisions:
        raise ValueError(f"changes.csv: no such change {sorted(decisions)}")
    return out


def _decide_one(found: Statement, decision: Row | None, merged: dict[str, str]) -> Statement | None:
    if decision is None:
        return found
    if decision["do"] == "drop":
        return None
    unit = merged[found.unit] if decision["do"] == "move" else found.unit
    return apply_settings(replace(found, unit=unit), decision["set"])


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


def main() -> None:
    """Write statements.csv and outlets.csv."""
    rows = read_table("outlets")
    outlets = Outlets(rows)
    statements = build_statements()
    faults = find_faults(statements) + find_undecided(build_places(), {s.unit for s in statements})
    if faults:
        raise ValueError("statements:\n  " + "\n  ".join(faults))
    table = as_rows(statements, outlets)
    used = {row[key] for row in table for key in ("source", "source2")}
    used |= {outlets.origin(o) for o in used if o in outlets.rows}
    write_table("control/statements.csv", COLUMNS, table)
    cited = sorted((row for row in rows if row["id"] in used), key=lambda row: row["id"])
    write_table("control/outlets.csv", OUTLET_COLUMNS, cited)
    print(f"statements.csv: {len(table)} statements, {len(used)} outlets")


if __name__ == "__main__":
    main()
