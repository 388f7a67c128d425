"""What a check says of a map."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from ..errors import PictureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ..save.contract import Sidecar


class Verdict(StrEnum):
    """The three things a check can say. Only PASS counts as passed."""

    PASS = "pass"
    FAULT = "FAULT"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check found: its figure, or the reason why there is none, and every fault."""

    verdict: Verdict
    figure: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer with the number and the name of its check."""

    number: int
    name: str
    verdict: Verdict
    figure: str
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.number} {self.name}: {self.figure}"


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of a map; `error` says why there are none."""

    path: str
    findings: tuple[Finding, ...] = ()
    error: str = ""

    @property
    def sound(self) -> bool:
        """Return whether the map may be published as far as the checks know."""
        return not self.error and not any(finding.verdict is Verdict.FAULT for finding in self.findings)

    def count(self, verdict: Verdict) -> int:
        """Return how many checks said so."""
        return sum(finding.verdict is verdict for finding in self.findings)


NONSENSE = (ValueError, TypeError, ArithmeticError, LookupError, RuntimeError)  # what sums and parsers raise of it
DAMAGED = (  # what Pillow and parsers of XML raise of pictures
    *(OSError, SyntaxError, EOFError, struct.error, zlib.error, PictureError),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)


class Check(NamedTuple):
    """A check: `quick` ones read the sidecar alone, the others the picture beside it (None = not there) too."""

    number: int
    name: str
    ask: Callable[[Sidecar, Path | None], Answer]
    quick: bool

    def find(self, said: Sidecar, picture: Path | None) -> Finding:
        """Return the finding on a map; values of the right kind that no map has (an empty date, no CRS) are a fault.

        So is a picture that cannot be read to its end.
        """
        try:
            answer = self.ask(said, picture)
        except DAMAGED as error:
            name = picture.name if picture else "the picture"
            reason = " ".join(str(error).split()) or type(error).__name__
            answer = weigh("", [f"{name} cannot be read ({reason}); copy it again or render it again"])
        except NONSENSE as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            answer = weigh("", [f"the sidecar holds what no map has: {reason}"])
        return Finding(self.number, self.name, answer.verdict, answer.figure, answer.faults)


def weigh(figure: str, faults: Iterable[str]) -> Answer:
    """Return a pass when there are no faults."""
    found = tuple(faults)
    return Answer(Verdict.FAULT if found else Verdict.PASS, figure, found)


def not_applicable(reason: str) -> Answer:
    """Return that the rule has nothing to say of this map."""
    return Answer(Verdict.NOT_APPLICABLE, reason)
