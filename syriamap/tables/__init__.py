"""Tables in the forms that people keep them in: CSV, Excel, Parquet and vector files, all as texts with their lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..limits import CELL_LETTERS, TABLE_BYTES, VECTOR_BYTES, weigh
from ..scripts import describe_unprintable
from ..vector import LAYERED, PARQUET, list_fields
from .excel import WORKBOOKS, read_workbook
from .parquet import list_parquet_columns, read_parquet
from .table import Lines, Shapes, Table
from .text import guard, read_text, write_table
from .vector import read_vector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..faults import Faults

__all__ = [
    "FORMS",
    "Lines",
    "Shapes",
    "Table",
    "check_heads",
    "guard",
    "list_columns",
    "read_table",
    "write_table",
]

SPLIT = "split it into several files in a folder, which --control takes in place of one"
FREE = ("note",)  # columns whose texts may have several lines: nothing is drawn of them
FORMS = (".csv", *WORKBOOKS, *PARQUET, ".geojson", ".shp", ".gpkg", ".fgb")  # what a folder of tables is looked for


def read_table(
    path: Path,
    faults: Faults,
    *,
    file: str | None = None,
    known: Sequence[str] = (),
    layer: str = "",
    may_be_empty: bool = False,
    drawn: bool = False,
    way_out: str = SPLIT,
) -> Table | None:
    """Return a table of texts, or None after noting why there is none; its suffix tells its form.

    `file` is the name that faults give it (default: the path as asked for). `known` are column names by which the
    delimiter, the sheet or the layer is found; `layer` names the sheet or the layer. A text without rows below its
    header is a fault unless it `may_be_empty`. Cells that are not printable are faults where they may be `drawn`: those
    of the `known` columns, of all where none is known. `way_out` is what to do with a file that is too large.
    """
    file, form = file or str(path), path.suffix.casefold()
    if layer and form not in (*WORKBOOKS, *LAYERED):
        faults.add(
            file, None, f"{layer!r} names a sheet or a layer, which a file of this form does not have; leave it out"
        )
    if said := weigh(path, VECTOR_BYTES if form in LAYERED else TABLE_BYTES):
        faults.add(file, None, f"{said}; {way_out}")
        return None
    table = _read(path, file, form, faults, known, layer, may_be_empty=may_be_empty)
    if table is not None:
        _check_cells(table, faults)
        if drawn:
            _check_letters(table, faults, known)
    return table


def _read(
    path: Path, file: str, form: str, faults: Faults, known: Sequence[str], layer: str, *, may_be_empty: bool
) -> Table | None:
    if form in WORKBOOKS:
        return read_workbook(path, file, faults, known, layer)
    if form in PARQUET:
        return read_parquet(path, file, faults)
    if form in LAYERED:
        return read_vector(path, file, faults, known, layer)
    return read_text(path, file, faults, known, may_be_empty=may_be_empty)


def _check_cells(table: Table, faults: Faults) -> None:
    """Note cells that are too long to be meant."""
    for name, column in table.frame.items():
        letters = column.str.len()
        for row in letters.index[letters > CELL_LETTERS]:
            said = f"{name} has {letters[row]:,} letters; expected {CELL_LETTERS:,} at most; is a quote missing?"
            faults.add(table.file, int(table.lines[row]), said)


def _check_letters(table: Table, faults: Faults, known: Sequence[str]) -> None:
    """Note cells of which no map or table can carry every letter."""
    for name, column in table.frame.items():
        word = str(name).strip().casefold()
        if (known and word not in known) or "".join(column).isprintable():
            continue
        for row, text in enumerate(column):
            if said := describe_unprintable(text.strip(), lines=word in FREE):
                faults.add(table.file, int(table.lines[row]), f"{word} {said}")


def check_heads(table: Table, needed: Sequence[str], faults: Faults) -> bool:
    """Return whether a table has every column that is needed, and none twice, after noting what is amiss."""
    names = [str(name) for name in table.frame.columns]
    missing = [name for name in needed if name not in names]
    doubled = [name for name, times in Counter(names).items() if times > 1]
    if missing:
        faults.add(table.file, 1, f"columns missing: {', '.join(missing)}; expected {', '.join(needed)}")
    for name in doubled:
        faults.add(table.file, 1, f"column {name!r} stands {names.count(name)} times; expected once")
    return not missing and not doubled


def list_columns(path: Path) -> tuple[str, ...]:
    """Return the names of the columns of a vector or a Parquet file; none where it cannot be read."""
    return list_parquet_columns(path) if path.suffix.casefold() in PARQUET else list_fields(path)
