"""`make fuzz`: break files, keep those that reach new lines of syriamap, save what no reader may do.

Coverage is that of `sys.settrace` over syriamap alone. Ends with 1 when something was found.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import signal
import sys
import time
import traceback
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from .breaking import break_file
from .good import list_good
from .targets import TARGETS

if TYPE_CHECKING:
    from types import CodeType, FrameType

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
OURS = str(HERE.parents[1] / "syriamap")
HANG_S = 10


class Hang(BaseException):
    """A reader took longer than anybody waits."""


def main() -> int:
    """Fuzz every target, or some, for some seconds; return 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for all targets together")
    parser.add_argument("--target", choices=list(TARGETS), action="append", help="this one alone; can be repeated")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    asked = parser.parse_args()
    names = asked.target or list(TARGETS)
    signal.signal(signal.SIGALRM, _stop)
    logging.disable(logging.CRITICAL)  # of pypdf, about every file that is odd
    print(f"seed {asked.seed}")
    found = sum(fuzz(name, asked.seconds / len(names), Random(asked.seed)) for name in names)
    return 1 if found else 0


def fuzz(name: str, seconds: float, random: Random) -> int:
    """Fuzz one target and tell how it went; return the number of different findings."""
    pool = [list_good()[name], *(path.read_bytes() for path in sorted((CORPUS / name).glob("*")))]
    seen = Seen()
    found: dict[str, Path] = {}
    for one in pool:
        _try(name, one, seen, found)
    runs, end = len(pool), time.monotonic() + seconds
    while time.monotonic() < end:
        before = seen.lines
        data = break_file(random.choice(pool), random)
        _try(name, data, seen, found)
        runs += 1
        if seen.lines > before and len(data) < 1 << 18:
            pool.append(data)
    print(f"{name:15} {seconds:5.0f} s  {runs:6} runs  {seen.lines:5} lines  {len(found)} findings", flush=True)
    return len(found)


class Seen:
    """The lines of syriamap that were reached; functions all of whose lines were are traced no more."""

    def __init__(self) -> None:
        self.lines = 0
        self._left: dict[CodeType, set[int]] = {}

    def trace(self, frame: FrameType, _event: str, _: object) -> object:
        """Note where a frame is: what `sys.settrace` calls."""
        code = frame.f_code
        left = self._left.get(code)
        if left is None:
            ours = code.co_filename.startswith(OURS)
            left = self._left[code] = {line for *_, line in code.co_lines() if line} if ours else set()
        if not left:
            return None
        if frame.f_lineno in left:
            left.discard(frame.f_lineno)
            self.lines += 1
        return self.trace


def _try(name: str, data: bytes, seen: Seen, found: dict[str, Path]) -> None:
    """Run a target once; note the lines it reaches and, saved in the corpus, what breaks it in a new way."""
    with TemporaryDirectory() as folder:
        signal.alarm(HANG_S)
        sys.settrace(seen.trace)
        try:
            TARGETS[name](data, Path(folder))
        except (Exception, Hang) as error:
            sys.settrace(None)
            where = traceback.extract_tb(error.__traceback__)
            ours = [step for step in where if step.filename.startswith(OURS)] or where
            key = f"{type(error).__name__} {ours[-1].filename}:{ours[-1].lineno}"
            if key not in found:
                found[key] = _save(name, data)
                print(f"  {name}: {key}: {str(error)[:150]!r} -> {found[key].relative_to(HERE)}", flush=True)
        finally:
            sys.settrace(None)
            signal.alarm(0)


def _save(name: str, data: bytes) -> Path:
    path = CORPUS / name / hashlib.sha256(data).hexdigest()[:12]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _stop(*_: object) -> None:
    raise Hang(f"longer than {HANG_S} s")


if __name__ == "__main__":
    sys.exit(main())
