"""Mutation testing: break the code that decides who holds what, one small change at a time; a test must notice.

mutmut makes the mutants and runs the tests; which modules and which tests stands in pyproject.toml. A mutant that no
test kills must be listed in docs/mutants.md with a reason, and nothing else may be listed there.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from contextlib import chdir
from typing import TYPE_CHECKING, NamedTuple

from .common import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "mutants.md"
WORK = ROOT / "build" / "mutants"
COPIED = ("pyproject.toml", "syriamap", "data", "tests")
FEWER = {"SYRIAMAP_LAW_EXAMPLES": "1"}  # worlds for each law: what was made by hand has to kill, and is quick
DEAD = ("killed", "timeout", "segfault")
_CACHE = re.compile(r"^@lru_cache\(maxsize=\d+\)\n", re.MULTILINE)
_HEADING = re.compile(r"^#+ `([\w.]+)`$")
_LISTED = re.compile(r"^- `([^`]+)`: \S")


class Mutant(NamedTuple):
    """A change that no test noticed: the function ("merge.trace") and how its changed lines read, as one line."""

    function: str
    change: str


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when every mutant is killed or listed, and nothing else is listed; else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("functions", nargs="*", help="only these, such as merge.trace or 'zones.*' (default: all)")
    parser.add_argument("--processes", type=int, default=1, help="how many mutants at once (default: 1)")
    asked = parser.parse_args(arguments)
    start = time.monotonic()
    prepare(WORK)
    run_mutmut(asked.functions, asked.processes)
    found = read_results(asked.functions)
    print(describe_figures(found, time.monotonic() - start))
    faults = compare(set(list_survivors(found)), read_page(PAGE.read_text("utf-8")), whole=not asked.functions)
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


def prepare(work: Path) -> None:
    """Copy what the tests need; the mutated modules lose their caches, which mutmut leaves alone with all they hold."""
    shutil.rmtree(work, ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, work / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    for name in read_settings()["only_mutate"]:
        path = work / name
        path.write_text(drop_caches(path.read_text("utf-8")), "utf-8")


def read_settings() -> dict[str, list[str]]:
    """Return the table of mutmut in pyproject.toml."""
    settings: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    return settings


def drop_caches(code: str) -> str:
    """Return a module whose functions compute anew each time: what a cache keeps would hide a mutant."""
    return _CACHE.sub("", code)


def run_mutmut(functions: list[str], processes: int) -> None:
    """Run the tests against every mutant, quick ones first; its words go to the terminal."""
    asked = [_to_pattern(function) for function in functions]
    command = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", "run", f"--max-children={processes}"]
    if subprocess.run([*command, *asked], cwd=WORK, env=os.environ | FEWER, check=False).returncode:
        raise SystemExit("mutmut did not finish, see above: the tests must pass, and `make mutants` installs it")


def _to_pattern(function: str) -> str:
    module, _, name = function.partition(".")
    return f"syriamap.{module}.x_{name or '*'}__mutmut_*"


def read_results(functions: list[str]) -> dict[str, tuple[str, str]]:
    """Return status and diff of every mutant by mutmut's name; the diff of what is dead is empty."""
    with chdir(WORK):
        from mutmut.__main__ import collect_source_file_mutation_data
        from mutmut.mutation.diff_apply import get_diff_for_mutant
        from mutmut.stats import status_by_exit_code

        mutants, _ = collect_source_file_mutation_data(mutant_names=[_to_pattern(one) for one in functions])
        found = {}
        for data, name, code in mutants:
            status = status_by_exit_code[code]
            found[name] = status, "" if status in DEAD else get_diff_for_mutant(name, path=data.path)
    return found


def list_survivors(found: dict[str, tuple[str, str]]) -> list[Mutant]:
    """Return what lived, in the order of the code."""
    return [read_mutant(name, diff) for name, (status, diff) in found.items() if status not in DEAD]


def read_mutant(name: str, diff: str) -> Mutant:
    """Return a mutant from mutmut's name and its diff: the lines that it adds, else "without" those it drops."""
    module, function = re.fullmatch(r"syriamap\.(.+)\.x_(.+)__mutmut_\d+", name).groups()  # type: ignore[union-attr]
    lines = diff.splitlines()[2:]
    added, dropped = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "+-")
    return Mutant(f"{module}.{function}", added or f"without {dropped}")


def read_page(text: str) -> set[Mutant]:
    """Return the mutants that the page lists: headings name functions, each line below one a change and its reason."""
    listed, function = set(), ""
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            function = heading[1]
        elif function and (one := _LISTED.match(line)):
            listed.add(Mutant(function, one[1]))
    return listed


def compare(lived: set[Mutant], listed: set[Mutant], *, whole: bool) -> list[str]:
    """Return a line for each mutant that lived and is not listed, and for each one listed that is dead or gone."""
    faults = [f"lived and is not listed: {one.function}\n- `{one.change}`: " for one in sorted(lived - listed)]
    if whole:
        faults += [f"listed but dead or gone: {one.function}: {one.change}" for one in sorted(listed - lived)]
    return faults


def describe_figures(found: dict[str, tuple[str, str]], seconds: float) -> str:
    """Return how many mutants of each module were made, killed and lived, as a table of the page."""
    made = Counter(name.split(".")[1] for name in found)
    dead = Counter(name.split(".")[1] for name, (status, _) in found.items() if status in DEAD)
    rows = [f"| `{module}.py` | {made[module]} | {dead[module]} | {made[module] - dead[module]} |" for module in made]
    head = ["| module | mutants | killed | listed |", "|---|--:|--:|--:|"]
    return "\n".join([*head, *rows, "", f"{seconds / 60:.0f} minutes"])


if __name__ == "__main__":
    sys.exit(main())
