"""One family of errors. Each says what was found, what was expected and the way out.

SyriaMapError
├── DataError (ValueError)          a table or a boundary file has faults: the whole list of them
├── DateError (ValueError)          a day that cannot be read
├── AgeError (ValueError)           an age in days that no report can be older than
├── NoControlError (LookupError)    the table says nothing about the day asked for
├── UnknownNameError (LookupError)  a place, view, size or party nobody has heard of, with the nearest right ones
├── ViewError (ValueError)          a frame that no map can show
├── SizeError (ValueError)          a size in pixels that no map can have
├── EditionError (ValueError)       a version, a correction or a replacement that no picture can have
├── SeriesError (RuntimeError)      a series that stopped before its end: what is done and how to go on
├── WordsError (ValueError)         words of the user's that no map can carry
├── ProductError (ValueError)       days, a pace or a kind of file that no sheet, animation or page can have
├── GlyphError (ValueError)         a letter that no font at hand has: it would be an empty box on the map
├── OutputError (OSError)           the picture cannot be written where it was asked for
├── LimitError (ValueError)          more than is read or made: a file that is too large
├── PictureError (ValueError)       a picture that cannot be read, or the packet inside it
├── MissingError (ImportError)      an optional package that is not installed
└── BasemapError (OSError)          tiles could not be fetched or cannot be trusted

BasemapWarning (UserWarning)        the same, where a map is drawn without them
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


_SHOWN = 80  # letters of a name that nobody has heard of


class SyriaMapError(Exception):
    """Anything that syriamap itself refuses to do."""

    def __reduce__(self) -> tuple[Callable[..., SyriaMapError], tuple[object, ...]]:
        """Return how the error comes back from another process: as it was, not made anew from its message."""
        return _revive, (type(self), self.args, self.__dict__)


def _revive(kind: type[SyriaMapError], args: tuple[object, ...], state: dict[str, object]) -> SyriaMapError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


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


class AgeError(SyriaMapError, ValueError):
    """An age in days that no report can be older than."""


class NoControlError(SyriaMapError, LookupError):
    """The control table says nothing about the day asked for."""


class UnknownNameError(SyriaMapError, LookupError):
    """A name nobody has heard of; the message offers the nearest right ones."""

    def __init__(self, what: str, name: str, known: Sequence[str], *, hint: str = "") -> None:
        offered = [text for text in (suggest(name, known) if known else "", hint) if text]
        super().__init__(f"unknown {what} {_shorten(name)!r}; {'; '.join(offered)}")


class ViewError(SyriaMapError, ValueError):
    """A frame that no map can show."""


class SizeError(SyriaMapError, ValueError):
    """A size in pixels that no map can have."""


class EditionError(SyriaMapError, ValueError):
    """A version, a correction or a replacement that no picture can have."""


class SeriesError(SyriaMapError, RuntimeError):
    """A series that stopped before its end; the message says what is done and how to go on."""


class WordsError(SyriaMapError, ValueError):
    """Words of the user's that no map can carry, such as an alt text that nobody would listen to."""


class ProductError(SyriaMapError, ValueError):
    """Days, a pace or a kind of file that no sheet, animation or page can have."""


class GlyphError(SyriaMapError, ValueError):
    """A letter that no font at hand has: it would be an empty box on the map."""


class PictureError(SyriaMapError, ValueError):
    """A picture that cannot be read, or the packet inside it."""


class OutputError(SyriaMapError, OSError):
    """The picture cannot be written where it was asked for."""


class LimitError(SyriaMapError, ValueError):
    """More than is read or made, such as a file that is too large."""


class MissingError(SyriaMapError, ImportError):
    """An optional package is not installed; the message says how to get it."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(f"{what} needs {package}, which is not installed; pip install 'syriamap[{extra}]'")


class BasemapError(SyriaMapError, OSError):
    """A basemap that cannot be used: tiles that do not come or cannot be trusted, a file that is broken, no credit."""


class BasemapWarning(UserWarning):
    """A map was drawn without the basemap that was asked for; the message says why."""


def _shorten(name: str) -> str:
    return name if len(name) <= _SHOWN else name[:_SHOWN] + "..."


def suggest(name: str, known: Sequence[str], *, most: int = 3) -> str:
    """Return "did you mean ..." with the nearest known names, or a short list of them when none is near."""
    near = get_close_matches(name[:_SHOWN].casefold(), [key.casefold() for key in known], n=most, cutoff=0.6)
    if near:
        by_fold = {key.casefold(): key for key in known}
        return "did you mean " + " or ".join(by_fold[key] for key in near) + "?"
    shown = ", ".join(known[:12])
    return f"known: {shown}" + (" ..." if len(known) > 12 else "")
