"""What is wrong with a file, collected while it is read and raised at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAME = 20  # lines listed one by one with the same wrong value; the rest is counted


def count(number: int, noun: str) -> str:
    """Return "1 fault", "2 faults", "1,200 faults"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


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
