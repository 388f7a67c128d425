"""Check 23, whether the same inputs give the same bytes; and where the inputs of a map are."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalog import PACKAGE
from ..request import FILES, HIDDEN, PROGRAM, RASTERS, SWITCHES, VALUES, OwnData, is_bare, split_layer, take_own
from .verdicts import Answer, not_applicable, weigh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import Own
    from ..save.contract import Sidecar

FILE_OPTIONS = tuple(VALUES[key] for key in FILES)
LOOK_OPTIONS, LOOK_FILES = ("--theme", "--basemap"), (".toml", *RASTERS)  # files when they end so
COMPARE, OURS = "compare", ("ours", "-")  # the command that compares two tables, and its words for ours
VALUED, FLAGS = (*VALUES.values(), "--format"), tuple(flag for _, flag in SWITCHES.values())  # all that commands record
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "4242"}
AGAIN = """
import sys
def refuse(event, args):
    if event.startswith("socket."):
        raise RuntimeError(f"a socket was opened: {event}")
sys.addaudithook(refuse)
from syriamap.cli import main
main()
"""


def read_options(said: Sidecar) -> list[str]:
    """Return the words of the command that made a map, without the name of the program; none when Python made it."""
    return shlex.split(said["command"])[1:]


def find_inputs(
    said: Sidecar, picture: Path | None, options: Sequence[str] = FILE_OPTIONS
) -> tuple[dict[str, Path], str]:
    """Return the user's own files by the option that named them, and the name of the first that is not found.

    The sidecar knows bare names: files are looked for beside the picture and in the working folder.
    """
    words, found = read_options(said), {}
    for option, name in pairwise(words):
        if option in options and (option in FILE_OPTIONS or name.casefold().endswith(LOOK_FILES)):
            folders = [picture.parent] if picture else []
            if not is_bare(name):  # a sidecar of ours names no folder, and no other file is read for a stranger's
                return {}, name
            near = [folder / name for folder in (*folders, Path()) if split_layer(str(folder / name))[0].exists()]
            if not near:
                return {}, name
            found[option] = near[0].resolve()
    return found, ""


def read_own(said: Sidecar, given: Mapping[str, Path]) -> Own:
    """Return the user's own data that a map was made from; `given` are files by the option that named them."""
    words = read_options(said)
    told: dict[str, object] = {}
    for key in OwnData.__annotations__:
        flag = SWITCHES[key][1] if key in SWITCHES else VALUES[key]
        if flag in words:
            told[key] = True if key in SWITCHES else given.get(flag, words[words.index(flag) + 1])
    return take_own(told)


def check_not_asked(said: Sidecar, picture: Path | None) -> Answer:
    """The same command gives the same bytes; only asked for on request, since it draws the map anew."""
    return not_applicable("not asked for: --again")


def check_again(said: Sidecar, picture: Path | None) -> Answer:
    """The same command gives the same bytes in another process, folder, time zone, locale and hash seed, and no socket.

    reproducible-builds.org: the environments that change between builds.
    """
    words = read_options(said)
    given, missing = find_inputs(said, picture, (*FILE_OPTIONS, *LOOK_OPTIONS))
    if words and (odd := _find_foreign(words, COMPARE if said["compare"] is not None else PROGRAM[1])):
        return weigh("not drawn again", [f"the command has {odd!r}, as none of ours; it was edited: run it by hand"])
    if said["compare"] is not None and picture is not None:
        words, missing = _with_tables(words, picture)
    if picture is None or not words:
        return not_applicable("the picture is not there" if words else "made from Python: no command to repeat")
    if any(HIDDEN in word for word in words):
        return not_applicable("the command hides the key of its basemap")
    if missing:
        return not_applicable(f"{missing} is neither beside the map nor here")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / said["output"]["path"]
        error = _render_again(_with_paths(words, given), target)
        if error:
            return weigh("not drawn again", [f"{error}; expected a map from {said['command']!r}; run it by hand"])
        faults = [
            f"{old.name} has other bytes when drawn again ({_hash(old)[:12]}, now {_hash(new)[:12]}); expected "
            "the same; it was edited, or another version or other data made it"
            for old, new in ((picture, target), (picture.with_suffix(".json"), target.with_suffix(".json")))
            if old.read_bytes() != new.read_bytes()
        ]
    return weigh("drawn again elsewhere, picture and sidecar compared, no socket opened", faults)


def _find_foreign(words: Sequence[str], program: str) -> str:
    """Return the first word that no map's command has, "" for none: a stranger's sidecar runs nothing else.

    Of the options only those are known that write no file.
    """
    name, *rest = words
    if name != program:
        return name
    left = iter(rest)
    for word in left:
        if word in VALUED:
            next(left, "")
        elif word.startswith("-") and word not in (*FLAGS, *OURS):
            return word
    return ""


def _with_tables(words: list[str], picture: Path) -> tuple[list[str], str]:
    """Return the words that compare two tables with the paths of these, and the name of one that is not found."""
    found = []
    for name in words[1:3]:
        folders = (picture.parent, Path()) if is_bare(name) else ()
        near = [folder / name for folder in folders if (folder / name).exists()]
        if not near and name not in OURS:
            return words, name
        found.append(str(near[0].resolve()) if near else name)
    return [words[0], *found, *words[3:]], ""


def _with_paths(words: list[str], given: dict[str, Path]) -> list[str]:
    before = ["", *words]
    return [str(given[option]) if option in given else word for option, word in zip(before, words, strict=False)]


def _render_again(words: list[str], target: Path) -> str:
    """Draw a map in a process of its own; return what went wrong, "" for nothing."""
    env = os.environ | ELSEWHERE | {"PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", AGAIN, *words, "--map" if words[0] == COMPARE else "-o", str(target)],
        check=False,
        env=env,
        cwd=target.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no message"])[-1]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
