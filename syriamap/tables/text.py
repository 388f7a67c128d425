"""Text tables as people save them: name every fault of the form with its physical line, keep every cell as text.

A sound table goes through one fast path (numpy counts the fields, pandas splits them). Anything odd goes through the
csv module, which is slower and knows where it stands.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..faults import count, suggest_file
from .table import Lines, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..faults import Faults

_BOM = b"\xef\xbb\xbf"
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_DOUBLE = 'double the quotes inside a text ("")'
_QUOTE = ord('"')
_HEADER = 1 << 16  # characters in which the header line ends
_SAVE_AS = "save it as CSV in UTF-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # with these a spreadsheet sees a formula
_KINDS = {
    b"PK\x03\x04": "a zipped file such as .xlsx",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
}


def read_text(
    path: Path, file: str, faults: Faults, known: Sequence[str], *, may_be_empty: bool = False
) -> Table | None:
    """Return a text table, or None after noting why there is none.

    `known` are column names by which a wrong delimiter is told from text. A header without rows is a fault unless the
    table `may_be_empty`. Ragged rows are noted and left out, so that all other faults can still be found.
    """
    text = _decode(path, file, faults)
    if text is None:
        return None
    delimiter = _find_delimiter(text, file, faults, known)
    split = _split_fast(text, delimiter) or _split_slowly(text, delimiter, file, faults)
    if split is None:
        return None
    frame, lines = split
    if frame.empty and not may_be_empty and not any(fault.file == file for fault in faults.found):
        faults.add(file, 1, "the table has a header and no rows; expected at least one row below it")
    return Table(path, file, frame, lines)


def write_table(frame: pd.DataFrame) -> str:
    """Return a frame of texts as CSV with LF at line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.itertuples(index=False, name=None))
    return out.getvalue()


def guard(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that begins like it gets an apostrophe in front."""
    safe = f"'{text}" if text.startswith(FORMULA) else text
    return safe.replace("\r", " ")  # which some readers take for the end of a line


def _decode(path: Path, file: str, faults: Faults) -> str | None:
    """Return the decoded file without its byte-order mark, or None after noting why it is no text."""
    try:
        data = path.read_bytes()
    except OSError as error:
        faults.add(file, None, f"cannot be read: {error.strerror or error}; expected a CSV file{suggest_file(path)}")
        return None
    problem = _describe_binary(data)
    if problem:
        faults.add(file, None, problem)
        return None
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        faults.add(file, *_describe_encoding(data.removeprefix(_BOM), error))
        return None
    if not text.strip():
        faults.add(file, 1, "the file is empty; expected a header line and at least one row")
        return None
    return text


def _describe_binary(data: bytes) -> str:
    """Return what a file is that holds no UTF-8 text at all, or nothing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"the text is in UTF-16; expected UTF-8; {_SAVE_AS}"
    kind = next((kind for magic, kind in _KINDS.items() if data.startswith(magic)), "")
    if kind or b"\x00" in data:
        return f"the file is binary ({kind or 'it holds zero bytes'}); expected a text table; {_SAVE_AS}"
    return ""


def _describe_encoding(data: bytes, error: UnicodeDecodeError) -> tuple[int, str]:
    """Return the line of the first byte that is not UTF-8, and a message with the likely encoding."""
    at = error.start
    line = data.count(b"\n", 0, at) + 1
    column = at - (data.rfind(b"\n", 0, at) + 1) + 1
    likely = _guess_encoding(data)
    where = f"byte 0x{data[at]:02x} (byte {column} of the line, {at + 1} of the file)"
    return line, f"{where} is not UTF-8; the text looks like {likely}; {_SAVE_AS}"


def _guess_encoding(data: bytes) -> str:
    """Return the likely encoding: Arabic words are runs of high bytes, Western accents stand alone."""
    high = sum(byte >= 0x80 for byte in data)
    in_runs = sum(len(run) for run in re.findall(rb"[\x80-\xff]{2,}", data))
    return "Windows-1256 (Arabic)" if in_runs * 2 > high else "Windows-1252 (Western)"


def _find_delimiter(text: str, file: str, faults: Faults, known: Sequence[str]) -> str:
    """Return what separates the fields of the header; all but commas are a fault, and the reading goes on with them."""
    header = text[:_HEADER].lstrip().splitlines()[0]
    for sign, name in _DELIMITERS.items():
        parts = [part.strip(' \r"').casefold() for part in header.split(sign)]
        fitting = len(set(parts) & set(known)) > 1 if known else len(parts) > 1
        if fitting and len(parts) > len(header.split(",")):
            faults.add(
                file,
                1,
                f"the columns are separated by {name} ({sign!r}); expected commas; save the table with commas",
            )
            return sign
    return ","


def _split_fast(text: str, delimiter: str) -> tuple[pd.DataFrame, Lines] | None:
    """Return the rows and their lines when every record has as many fields as the header; None when anything is odd."""
    data = text.encode("utf-8")
    if data.count(b"\r") != data.count(b"\r\n"):
        return None
    shape = _measure(np.frombuffer(data if data.endswith(b"\n") else data + b"\n", np.uint8), delimiter)
    if shape is None:
        return None
    try:
        frame = pd.read_csv(io.BytesIO(data), sep=delimiter, header=None, dtype=str, na_filter=False, engine="c")
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        return None
    if frame.shape != (len(shape[0]), shape[1]):
        return None
    names = [str(name).strip() for name in frame.iloc[0]]
    body = frame.iloc[1:].reset_index(drop=True)
    body.columns = pd.Index(names, dtype=object)
    return body, shape[0][1:]


def _measure(data: npt.NDArray[np.uint8], delimiter: str) -> tuple[Lines, int] | None:
    """Return the line of every record that is not blank and the number of fields of all.

    None when that number varies or a quote stays open.
    """
    newlines = np.flatnonzero(data == 10)
    ends, splits = newlines, np.flatnonzero(data == ord(delimiter))
    quotes = data == _QUOTE
    if quotes.any():
        inside = np.cumsum(quotes, dtype=np.uint8) & 1  # wraps at 256, which keeps odd and even
        if inside[-1] or not _quotes_well(data, inside, ord(delimiter)):
            return None
        ends, splits = ends[inside[ends] == 0], splits[inside[splits] == 0]
    starts = np.concatenate(([0], ends[:-1] + 1))
    fields = np.diff(np.searchsorted(splits, np.concatenate(([0], ends)))) + 1
    blank = ends - starts <= np.where(data[np.maximum(ends - 1, 0)] == 13, 1, 0)
    fields, starts = fields[~blank], starts[~blank]
    if len(fields) == 0 or (fields != fields[0]).any():
        return None
    lines = np.searchsorted(newlines, starts) + 1
    return lines.astype(np.int64), int(fields[0])


def _quotes_well(data: npt.NDArray[np.uint8], inside: npt.NDArray[Any], delimiter: int) -> bool:
    """Return whether quotes stand at the ends of cells alone: only then do all readers mean the same by them."""
    at = np.flatnonzero(data == _QUOTE)
    opening, closing = at[inside[at] == 1], at[inside[at] == 0]
    before = data[opening[opening > 0] - 1]
    behind = data[closing + 1]  # the data end with a newline, so something stands behind every quote
    return bool(np.isin(before, [delimiter, 10, _QUOTE]).all() and np.isin(behind, [delimiter, 10, 13, _QUOTE]).all())


def _split_slowly(text: str, delimiter: str, file: str, faults: Faults) -> tuple[pd.DataFrame, Lines] | None:
    """Return the rows that have as many fields as the header, and their lines, after noting every other row."""
    records = list(_read_records(text, delimiter, file, faults))
    if not records:
        return None
    (_, header), *rows = records
    names = [name.strip() for name in header]
    sound = [(line, row) for line, row in rows if len(row) == len(names)]
    for line, row in rows:
        if len(row) != len(names):
            faults.add(file, line, _describe_ragged(row, names))
    frame = pd.DataFrame([row for _, row in sound], columns=pd.Index(names, dtype=object), dtype=str)
    return frame, np.array([line for line, _ in sound], dtype=np.int64)


def _read_records(text: str, delimiter: str, file: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not blank with the lines on which they begin."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.add(file, line, _describe_bad_record(str(error)))
            if "end of data" in str(error):
                return
            continue
        if record and not (len(record) == 1 and record[0].isspace()):
            yield line, record


def _describe_bad_record(error: str) -> str:
    if "end of data" in error or "field larger" in error:
        return f'a quote (") opens in the row that begins here and never closes; expected a closing quote; {_DOUBLE}'
    return f'text follows a closing quote ("); expected a comma or the end of the line; {_DOUBLE}'


def _describe_ragged(row: Sequence[str], names: Sequence[str]) -> str:
    found, expected = len(row), len(names)
    fields = f"the row has {count(found, 'field')}; expected {expected} as in the header"
    if found < expected:
        missing = ", ".join(names[found:][:4]) + (" ..." if expected - found > 4 else "")
        return f"{fields}; nothing for {missing}: add the values, or commas up to the end of the row"
    return (
        f"{fields}; too many by {found - expected}: put a text that holds commas in quotes, after {row[expected - 1]!r}"
    )
