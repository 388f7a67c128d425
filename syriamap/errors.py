"""One family of errors. Each says what was found, what was expected and the way out.

SyriaMapError
├── DataError (ValueError)          a table or a boundary file has faults: the whole list of them
├── DateError (ValueError)          a day that cannot be read
├── NoControlError (LookupError)    the table says nothing about the day asked for
├── UnknownNameError (LookupError)  a place, view, size or party nobody has heard of, with the nearest right ones
├── ViewError (ValueError)          a frame that no map can show
├── SizeError (ValueError)          a size in pixels that no map can have
├── ProductError (ValueError)       days, a pace or a kind of file that no sheet, animation or page can have
├── OutputError (OSError)           the picture cannot be written where it was asked for
└── BasemapError (OSError)          tiles could not be fetched or cannot be trusted
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class SyriaMapError(Exception):
    """Anything that syriamap itself refuses to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one file: where it stands, what is there, and the way out."""

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class DataError(SyriaMapError, ValueError):
    """A table or a boundary file has faults; `faults` holds every one of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class DateError(SyriaMapError, ValueError):
    """A day that cannot be read."""


class NoControlError(SyriaMapError, LookupError):
    """The control table says nothing about the day asked for."""


class UnknownNameError(SyriaMapError, LookupError):
    """A name nobody has heard of; the message offers the nearest right ones."""

    def __init__(self, what: str, name: str, known: Sequence[str], *, hint: str = "") -> None:
        offered = [text for text in (suggest(name, known) if known else "", hint) if text]
        super().__init__(f"unknown {what} {name!r}; {'; '.join(offered)}")


class ViewError(SyriaMapError, ValueError):
    """A frame that no map can show."""


class SizeError(SyriaMapError, ValueError):
    """A size in pixels that no map can have."""


class ProductError(SyriaMapError, ValueError):
    """Days, a pace or a kind of file that no sheet, animation or page can have."""


class OutputError(SyriaMapError, OSError):
    """The picture cannot be written where it was asked for."""


class BasemapError(SyriaMapError, OSError):
    """Tiles could not be fetched or cannot be trusted."""


def suggest(name: str, known: Sequence[str], *, most: int = 3) -> str:
    """Return "did you mean ..." with the nearest known names, or a short list of them when none is near."""
    near = get_close_matches(name.casefold(), [key.casefold() for key in known], n=most, cutoff=0.6)
    if near:
        by_fold = {key.casefold(): key for key in known}
        return "did you mean " + " or ".join(by_fold[key] for key in near) + "?"
    shown = ", ".join(known[:12])
    return f"known: {shown}" + (" ..." if len(known) > 12 else "")
