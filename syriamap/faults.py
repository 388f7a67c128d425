"""What is wrong with a file, collected while it is read and raised at once."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from .errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

_SAME = 20  # lines listed one by one with the same wrong value; the rest is counted


def count(number: int, noun: str) -> str:
    """Return "1 fault", "2 faults", "1,200 faults"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def suggest_file(path: Path, suffixes: Collection[str] = ()) -> str:
    """Return "; did you mean ...?" with the files beside a missing one that are named like it.

    In place of a folder its first files are offered. `suffixes` are those that count, all of them without.
    """
    folder = path if path.is_dir() else path.parent
    if path.is_file() or not folder.is_dir():
        return ""
    fitting = (one for one in folder.iterdir() if one.is_file() and (not suffixes or one.suffix.casefold() in suffixes))
    names = sorted(one.name for one in fitting)
    near = names[:3] if path.is_dir() else get_close_matches(path.name, names, n=2)
    return f"; did you mean {' or '.join(str(folder / name) for name in near)}?" if near else ""


class Faults:
    """The growing list of what is wrong; raised as one DataError at the end."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, file: str, line: int | None, message: str) -> None:
        """Note one fault."""
        self.found.append(Fault(file, line, message))

    def add_lines(self, file: str, lines: Iterable[int], message: str) -> None:
        """Note the same fault in many lines: the first ones each, the rest as a count."""
        every = [int(line) for line in lines]
        for line in every[:_SAME]:
            self.add(file, line, message)
        if len(every) > _SAME:
            more = len(every) - _SAME
            self.add(file, every[_SAME], f"{message} (and in {more - 1} more lines, the last is {every[-1]})")

    def in_order(self) -> tuple[Fault, ...]:
        """Return the faults file by file in the order read, by line within a file."""
        order = {file: at for at, file in enumerate(dict.fromkeys(fault.file for fault in self.found))}
        return tuple(sorted(self.found, key=lambda fault: (order[fault.file], fault.line or 0)))

    def raise_any(self) -> None:
        """Raise every fault noted so far as one DataError."""
        if self.found:
            raise DataError(self.in_order())
