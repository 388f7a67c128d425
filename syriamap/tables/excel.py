"""Excel tables: the sheet that holds the table, its rows as Excel counts them, values as texts."""

from __future__ import annotations

import re
import warnings
import zlib
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

import numpy as np

from ..errors import MissingError
from ..faults import suggest_file
from ..limits import WORKBOOK_BYTES, WORKBOOK_CELLS, find_lie, weigh_zip
from .table import Table
from .values import count_known, make_frame, write_value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..faults import Faults

    Grid = list[list[Any]]

WORKBOOKS = (".xlsx", ".xlsm")
_BROKEN = (  # what openpyxl lets through, and what the zip and the XML under it raise
    *(BadZipFile, zlib.error, EOFError, ParseError, ArithmeticError, LookupError),
    *(ValueError, TypeError, AttributeError, RuntimeError),
)
_ALONE = "save the table alone, or as CSV"
_OLD = b"\xd0\xcf\x11\xe0"
_SHEETS = "xl/worksheets/"
_MERGED = re.compile(rb"<mergeCell [^>]*ref=[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"']")
_TITLES = 20  # rows with words above the header at most


def read_workbook(path: Path, file: str, faults: Faults, known: Sequence[str], sheet: str) -> Table | None:
    """Return the table of a sheet, or None after noting why there is none.

    Without a `sheet` the only one is read, else the one whose header has most of the `known` columns. Formulas count by
    the values that were saved with them; a cell merged over rows stands in each of them.
    """
    book = _open(path, file, faults)
    chosen = None if book is None else _choose_sheet(book, file, faults, known, sheet)
    if chosen is None:
        return None
    if chosen.max_row * chosen.max_column > WORKBOOK_CELLS:
        spread = f"sheet {chosen.title!r} is {chosen.max_row:,} rows x {chosen.max_column:,} columns"
        way_out = "delete the empty rows and columns around the table, or save it as CSV"
        faults.add(file, None, f"{spread}; expected {WORKBOOK_CELLS:,} cells at most; {way_out}")
        return None
    grid = _read_grid(chosen, path, file, faults)
    filled = [row for row, values in enumerate(grid) if any(write_value(value).strip() for value in values)]
    if not filled:
        faults.add(file, 1, f"sheet {chosen.title!r} is empty; expected a header row and at least one row below it")
        return None
    head = _find_header(grid, filled, known)
    names = [write_value(value) for value in grid[head]]
    kept = [at for at, name in enumerate(names) if name.strip()]
    rows = [row for row in filled if row > head]
    _check_beside(grid, rows, kept, file, faults)
    if not rows:
        faults.add(file, head + 1, "the table has a header and no rows; expected at least one row below it")
    frame = make_frame([[grid[row][at] for row in rows] for at in kept], [names[at] for at in kept])
    return Table(path, file, frame, np.array(rows, dtype=np.int64) + 1)


def _open(path: Path, file: str, faults: Faults, *, results: bool = False) -> Any:  # noqa: ANN401  # a workbook
    """Return the workbook with its formulas, or with their `results`; None after noting why it cannot be read."""
    try:
        import openpyxl
    except ImportError as error:
        raise MissingError("an Excel table", "openpyxl", "excel") from error
    try:
        if said := _weigh(path):
            faults.add(file, None, said)
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # parts of a workbook that are no table
            return openpyxl.load_workbook(path, data_only=results)
    except OSError as error:
        faults.add(file, None, f"cannot be read: {error.strerror or error}; expected an .xlsx file{suggest_file(path)}")
    except _BROKEN as error:
        reason = " ".join(str(error).split()).removesuffix(".")
        if path.read_bytes()[:4] == _OLD:
            reason = "it is an old Excel file, or locked with a password"
        faults.add(file, None, f"cannot be read as an Excel file: {reason}; save it as .xlsx without a password")
    return None


def _weigh(path: Path) -> str:
    """Return what to say of a workbook that is too large to be opened, or lies about that, "" for any other."""
    with ZipFile(path) as archive:
        if said := weigh_zip(archive, WORKBOOK_BYTES):
            return f"{said}; {_ALONE}"
        if said := find_lie(archive):
            return said
        sheets = [entry for entry in archive.namelist() if entry.startswith(_SHEETS)]
        merged = max((sum(map(_count_merged, _MERGED.findall(archive.read(one)))) for one in sheets), default=0)
    said = f"has {merged:,} cells that are merged; expected {WORKBOOK_CELLS:,} at most; {_ALONE}"
    return said if merged > WORKBOOK_CELLS else ""


def _count_merged(reference: bytes) -> int:
    """Return how many cells an area such as A1:C9 has."""
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    (west, north), (east, south) = map(coordinate_from_string, reference.decode("ascii").split(":"))
    across = column_index_from_string(east) - column_index_from_string(west) + 1
    return int(across * (south - north + 1))


def _choose_sheet(book: Any, file: str, faults: Faults, known: Sequence[str], wanted: str) -> Any:  # noqa: ANN401
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if wanted:
        by_fold = {title.casefold(): sheet for title, sheet in sheets.items()}
        if wanted.casefold() not in by_fold:
            faults.add(file, None, f"has no sheet {wanted!r}; expected one of {', '.join(sheets)}")
        return by_fold.get(wanted.casefold())
    if len(sheets) == 1:
        return next(iter(sheets.values()))
    fits = {title: _rate(sheet, known) for title, sheet in sheets.items()}
    best = [title for title, fit in fits.items() if fit == max(fits.values(), default=0) and fit > 1]
    if len(best) != 1:
        shown = ", ".join(best or sheets)
        what = "several sheets look like the table" if best else "no sheet has a header that fits"
        faults.add(file, None, f"{what} ({shown}); name the sheet: {file}:{next(iter(best or sheets), 'SHEET')}")
        return None
    return sheets[best[0]]


def _rate(sheet: Any, known: Sequence[str]) -> int:  # noqa: ANN401  # a worksheet
    rows = sheet.iter_rows(max_row=min(sheet.max_row, 2 * _TITLES), values_only=True)
    return max((count_known(map(write_value, row), known) for row in rows), default=0)


def _find_header(grid: Grid, filled: Sequence[int], known: Sequence[str]) -> int:
    """Return the row of the header: of the first ones that with most known columns, else the first of all."""
    first = filled[:_TITLES]
    best = max(first, key=lambda row: (count_known(map(write_value, grid[row]), known), -row))
    return best if count_known(map(write_value, grid[best]), known) > 1 else first[0]


def _read_grid(sheet: Any, path: Path, file: str, faults: Faults) -> Grid:  # noqa: ANN401  # a worksheet
    """Return the values of a sheet from its first row and column on, after noting cells that have none."""
    cells = list(sheet.iter_rows())
    grid = [[cell.value for cell in row] for row in cells]
    formulas = [cell for row in cells for cell in row if cell.data_type == "f"]
    again: Any = _open(path, file, faults, results=True) if formulas else None
    for cell in formulas:
        result = again[sheet.title][cell.coordinate]
        grid[cell.row - 1][cell.column - 1] = result.value
        if result.value is None:
            way = "open the file in a spreadsheet program and save it, or put the value in place of the formula"
            faults.add(file, cell.row, f"cell {cell.coordinate} holds a formula whose result was not saved; {way}")
        elif result.data_type == "e":
            _note_error(result, file, faults)
    for cell in (cell for row in cells for cell in row if cell.data_type == "e"):
        _note_error(cell, file, faults)
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, area.max_row):
            grid[row][area.min_col - 1] = grid[area.min_row - 1][area.min_col - 1]
    return grid


def _note_error(cell: Any, file: str, faults: Faults) -> None:  # noqa: ANN401
    faults.add(file, cell.row, f"cell {cell.coordinate} holds the error {cell.value}; expected a value, or nothing")


def _check_beside(grid: Grid, rows: Sequence[int], kept: Sequence[int], file: str, faults: Faults) -> None:
    """Note columns that have values below and no header."""
    from openpyxl.utils import get_column_letter

    nameless = [at for at in range(len(grid[0])) if at not in set(kept)]
    for at in nameless:
        row = next((row for row in rows if write_value(grid[row][at]).strip()), None)
        if row is not None:
            letter, value = get_column_letter(at + 1), write_value(grid[row][at])
            message = f"cell {letter}{row + 1} holds {value!r} in a column without a header"
            faults.add(file, row + 1, f"{message}; name the column, or move what is no part of the table")
