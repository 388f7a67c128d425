"""Reads the fact tables and the hand decisions: plain rows of text, one small noun each."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tools.common import DATA, FACTS, TABLES, slugify, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Row = dict[str, str]

FIRST_DAY = date(2024, 11, 26)

_DATED = re.compile(r"(?:(\d{1,2})-)?(\d{1,2}) (Nov|Dec) 2024")
_MONTHS = {"Nov": 11, "Dec": 12}


@dataclass(frozen=True, slots=True)
class Citation:
    """One source of a fact: an outlet id (or `background`), the address, and the last day its title names."""

    outlet: str
    url: str = ""
    label: str = ""
    day: date | None = None


BACKGROUND = Citation("background")


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file as text, in file order."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_facts(name: str) -> list[Row]:
    """Return a fact table."""
    return read_rows(FACTS / f"{name}.csv")


def read_table(name: str) -> list[Row]:
    """Return a table of hand decisions."""
    return read_rows(TABLES / f"{name}.csv")


def write_table(path: str, columns: Sequence[str], rows: Iterable[Row], *, folder: Path = DATA) -> None:
    """Write a table: UTF-8, LF, the columns in the order given."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(folder / path, text.getvalue())


def cite(source: str, table: list[Row]) -> Citation | None:
    """Return the citation in a cell of a fact table ("title | address"); None for an empty cell."""
    label, _, url = source.strip().removeprefix("implied by captures.csv: ").partition(" | ")
    if not label:
        return None
    if label == "background":
        return BACKGROUND
    url = url.strip().replace(":443/", "/")
    host = urlsplit(url).hostname or ""
    for row in table:
        at_home = host == row["host"] or host.endswith("." + row["host"])
        if at_home and row["label"] in label:
            return Citation(row["outlet"], url, label, title_day(label))
    raise LookupError(f"no outlet for {label!r} at {host!r}: add it to tools/tables/citations.csv")


def title_day(label: str) -> date | None:
    """Return the last day of 2024 that a title names; None when it names none or a later year."""
    found = _DATED.findall(label)
    return date(2024, _MONTHS[found[0][2]], int(found[0][1])) if found else None


def place_slug(name: str, overrides: dict[str, Row]) -> str:
    """Return the id of a place of the fact tables."""
    return overrides.get(name, {}).get("slug") or slugify(name)


def read_names() -> dict[str, Row]:
    """Return the overrides of tools/tables/names.csv by the fact tables' name."""
    return {row["place"]: row for row in read_table("names")}


def in_sentence(text: str) -> list[str]:
    """Return the parts of a list joined by semicolons, without blanks."""
    return [part.strip() for part in text.split(";") if part.strip()]
