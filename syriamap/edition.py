"""Which version of a picture this is, what it corrects and what it replaces."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .catalog import hash_file
from .errors import EditionError
from .limits import SIDECAR_BYTES, read_within
from .scripts import describe_unprintable

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST = 1
LONGEST = 240  # letters of a correction: the map needs the room too
NAMED = re.compile(r"(?P<name>.+)@(?P<sha256>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Edition:
    """The version of a picture, 0 where nobody numbered it, which is the first.

    `replaces` is the bare name of the picture that this one replaces, `sha256` the hash of that file where it was
    there.
    """

    number: int = 0
    correction: str = ""
    replaces: str = ""
    sha256: str = ""

    @property
    def supersedes(self) -> str:
        """Return what is replaced as a command names it: NAME@SHA256, or NAME where no file was there."""
        return f"{self.replaces}@{self.sha256}" if self.sha256 else self.replaces


def settle_edition(choices: Mapping[str, object]) -> Edition:
    """Return the version that is asked for. Raises EditionError for one that no picture can have."""
    asked, said, named = choices.get("edition"), choices.get("correction"), choices.get("supersedes")
    correction = " ".join(str(said or "").split())
    number = 0 if asked is None else _check_number(asked)
    for what, given in (("a correction", correction), ("what it supersedes", named)):
        if given and number <= FIRST:
            found = f"version {number}" if number else "no version"
            raise EditionError(f"{found} with {what}; expected --version {FIRST + 1} or more: a first one has none")
    if len(correction) > LONGEST:
        raise EditionError(
            f"a correction of {len(correction)} letters; expected {LONGEST} at most: it is printed on the map, and "
            "the rest belongs into the text beside it"
        )
    settled = Edition(number, correction, *_find(str(named)) if named else ())
    for what, text in (("the correction", settled.correction), ("the name of what is replaced", settled.replaces)):
        if odd := describe_unprintable(text):
            raise EditionError(f"{what} {odd}")
    return settled


def _check_number(asked: object) -> int:
    if not isinstance(asked, int) or isinstance(asked, bool) or asked < FIRST:
        raise EditionError(f"version {asked} does not exist; expected {FIRST} or more, such as {FIRST + 1}")
    return asked


def _find(named: str) -> tuple[str, str]:
    """Return the bare name of what is replaced and its hash, "" where there is no such file.

    A sidecar stands for the picture that it speaks of; NAME@SHA256 needs no file.
    """
    if found := NAMED.fullmatch(named):
        return Path(found["name"]).name, found["sha256"]
    path = Path(named)
    name = path.name or path.resolve().name
    if not path.is_file():
        return name, ""
    if path.suffix.casefold() == ".json":
        return _read_output(path)
    return name, hash_file(path)


def _read_output(sidecar: Path) -> tuple[str, str]:
    """Return the name and the hash of the picture that a sidecar speaks of."""
    try:
        output = json.loads(read_within(sidecar, SIDECAR_BYTES))["output"]
        return str(output["path"]), str(output["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise EditionError(f"{sidecar} is no sidecar of a picture; expected the file that this one replaces") from error
