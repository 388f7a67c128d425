"""Files in TOML that people write: read with the line of every fault."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any

from .errors import DataError, Fault, suggest
from .limits import TOML_BYTES, read_within
from .scripts import describe_unprintable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

SHOWN = 200  # letters of a value in a fault


def load_toml(path: Path, what: str) -> tuple[str, dict[str, Any]]:
    """Return the text of a TOML file and what it says; `what` it should hold is said when it cannot be read.

    Raises DataError for a file that is missing, no TOML, or not in UTF-8, and for texts that are not printable.
    """
    try:
        text = read_within(path, TOML_BYTES).decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        beside = sorted(other.name for other in path.parent.glob("*.toml"))
        hint = f"; {suggest(path.name, beside)}" if beside else ""
        said = f"cannot be read: {error.strerror or error}; expected a TOML file with {what}{hint}"
        raise DataError([Fault(str(path), None, said)]) from error
    except UnicodeDecodeError as error:
        raise DataError([Fault(str(path), None, "is not in UTF-8; save it as UTF-8")]) from error
    try:
        told = tomllib.loads(text)
        odd = list(_list_unprintable(told))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        raise DataError([Fault(str(path), line, f"is no TOML: {error}")]) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets within brackets
        raise DataError([Fault(str(path), None, f"cannot be read as TOML: {error}")]) from error
    if odd:
        faults = [Fault(str(path), find_line(text, keys), f"{join_keys(keys)} {said}") for keys, said in odd]
        raise DataError(sorted(faults, key=lambda fault: fault.line or 0))
    return text, told


def _list_unprintable(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where a text stands that is not printable, with what to say of it."""
    if isinstance(value, str) and (said := describe_unprintable(value)):
        yield at, said
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _list_unprintable(one, (*at, number))
    elif isinstance(value, dict):
        for key, one in value.items():
            if said := describe_unprintable(key):
                yield at, f"has a key that {said}"
            else:
                yield from _list_unprintable(one, (*at, key))


def merge_tables(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with another over it, table by table."""
    merged = dict(base)
    for key, value in own.items():
        under = base.get(key)
        merged[key] = merge_tables(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


class TomlFile:
    """A file that is being checked, and the faults found so far."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.faults: list[Fault] = []

    def fault(self, keys: Sequence[str | int], value: object, expected: str) -> None:
        """Note what stands at a key and what should."""
        said = repr(value)
        shown = join_keys(keys) + (
            "" if value is None else f" = {said if len(said) <= SHOWN else said[:SHOWN] + '...'}"
        )
        self.faults.append(Fault(self.file, find_line(self.text, keys), f"{shown}: {expected}"))

    def names(self, keys: Sequence[str | int], table: Mapping[str, Any], known: Sequence[str]) -> None:
        """Note every key of a table that nobody knows, with the nearest right one."""
        for key in table:
            if key not in known:
                self.fault([*keys, key], None, f"unknown key; {suggest(key, known)}")

    def value(
        self, keys: Sequence[str], table: Mapping[str, Any], fits: Callable[[object], bool], expected: str
    ) -> None:
        """Note the value of the last of the keys when it is there and does not fit."""
        value = table.get(keys[-1])
        if value is not None and not fits(value):
            self.fault(keys, value, f"expected {expected}")


def find_line(text: str, keys: Sequence[str | int]) -> int | None:
    """Return the number of the line that comes nearest to a key: its own, else that of a table it stands in.

    A number among the keys, from 0, tells which of the tables [[KEY]] is meant.
    """
    header: list[str | int] = []
    tables: Counter[str] = Counter()
    found = None
    for number, line in enumerate(text.splitlines(), start=1):
        if table := re.match(r"\s*\[\[([^\[\]]+)\]\]", line):
            here = header = [*_split(table[1]), tables[table[1]]]
            tables[table[1]] += 1
        elif table := re.match(r"\s*\[([^\[\]]+)\]", line):
            here = header = [*_split(table[1])]
        elif key := re.match(r"\s*([\w.\"'-]+)\s*=", line):
            here = header + _split(key[1])
        else:
            continue
        if here == list(keys[: len(here)]):
            found = number
    return found


def join_keys(keys: Sequence[str | int]) -> str:
    """Return keys as a fault shows them: those that are names."""
    return ".".join(key for key in keys if isinstance(key, str))


def _split(dotted: str) -> list[str | int]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
