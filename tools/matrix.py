"""Render every layout on every day, hold each finished map to the publication check, and count.

python -m tools.matrix           (with --sizes web --days 2024-12-05, a part of it)

Prints one `name: value` line for each figure that is meant to be compared between two states of the code, a table of
the checks and every fault once, with the maps that have it. The exit code is 1 on any fault.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from time import perf_counter
from typing import TYPE_CHECKING

from syriamap.atlas import render_map, save_map
from syriamap.lint import CHECKS, SERIES, Report, Verdict, lint_map, lint_series, read_sidecar
from syriamap.lint.words import list_texts
from syriamap.model import Box
from tools.grid import Grid, Layout, add_options, make_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from syriamap.save.contract import Sidecar

APART, ON_SIGNS, INSIDE = 1, 2, 3  # numbers of checks
NOT_MADE = (0, "rendering")  # stands where a check's number and name stand


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted on a map besides its findings."""

    labels: int = 0
    texts: int = 0
    off_canvas: int = 0
    priority: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """A map that was asked for: its findings, or in `report.error` why there are none; `seconds` to make and lint."""

    layout: Layout
    on: date
    report: Report
    tally: Tally
    seconds: float
    weight: int = 0


def main() -> int:
    """Render, lint and print; return 1 on any fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    given = parser.parse_args()
    start = perf_counter()
    results = make_all(make_grid(given), jobs=given.jobs)
    for lines in (tell_figures(results), tell_checks(results), tell_faults(results)):
        print(*lines, sep="\n", end="\n\n")
    print(f"seconds: {perf_counter() - start:.0f}")
    return int(any(not result.report.sound for result in results))


# Making


def make_all(grid: Grid, *, jobs: int) -> list[Result]:
    """Return the results of every map in the order of the grid, said on stderr as they come."""
    context = multiprocessing.get_context("spawn")
    start, rows = perf_counter(), {layout: list[Result]() for layout in grid.layouts}
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        running = {pool.submit(make_layout, grid, layout): layout for layout in grid.layouts}
        for number, done in enumerate(as_completed(running), start=1):
            rows[running[done]] = done.result()
            _say_progress(number, len(running), running[done], perf_counter() - start)
    return [result for row in rows.values() for result in row]


def _say_progress(number: int, whole: int, layout: Layout, spent: float) -> None:
    left = spent / number * (whole - number)
    print(f"{number}/{whole} layouts, {layout}; {left:.0f} s left", file=sys.stderr, flush=True)


def make_layout(grid: Grid, layout: Layout) -> list[Result]:
    """Return the results of one layout: its days follow one another in one process, which lays out only once.

    They are a series, and compared with one another.
    """
    results = [make_one(grid, layout, on) for on in grid.days]
    made = [place for place, result in enumerate(results) if not result.report.error]
    said = [read_sidecar(grid.picture(layout, results[place].on).with_suffix(".json")) for place in made]
    for place, finding in zip(made, lint_series(said), strict=True):
        report = results[place].report
        findings = tuple(finding if one.number == SERIES else one for one in report.findings)
        results[place] = replace(results[place], report=replace(report, findings=findings))
    return results


def make_one(grid: Grid, layout: Layout, on: date) -> Result:
    """Return the result of one map. Whatever breaks is a fault of this map and stops no other."""
    start, path = perf_counter(), grid.picture(layout, on)
    for old in (path, path.with_suffix(".json")):
        old.unlink(missing_ok=True)  # so that no map of an earlier run stands for one that fails now
    try:
        made = render_map(on, view=layout.view, size=layout.size, lang=grid.lang, theme=grid.theme)
        save_map(made, path)
        report, tally = lint_map(path), tally_map(read_sidecar(path.with_suffix(".json")))
    except Exception as error:
        report, tally = Report(str(path), error=f"{type(error).__name__}: {error}"), Tally()
    return Result(layout, on, report, tally, perf_counter() - start, _weigh(path))


def _weigh(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def tally_map(said: Sidecar) -> Tally:
    """Return the counts of a map by its sidecar."""
    width, height = said["size_px"]
    boxes = [Box(*text["box_px"]) for _, text in list_texts(said)]
    named = {label["place"] for label in said["labels"]}
    return Tally(
        labels=len(said["labels"]),
        texts=len(boxes),
        off_canvas=sum(not Box(0, 0, width, height).holds(box) for box in boxes),
        priority=len(said["priority"]),
        missing=len(set(said["priority"]) - named),
    )


# Telling


def tell_figures(results: Sequence[Result]) -> Iterator[str]:
    """Yield the figures to compare; how much was looked at stands before what was found."""
    tallies = [result.tally for result in results]
    yield f"maps: {len(results)}"
    yield f"maps made: {sum(not result.report.error for result in results)}"
    yield f"maps without a fault: {sum(result.report.sound for result in results)}"
    yield f"labels: {sum(tally.labels for tally in tallies)}"
    yield f"label-label overlaps: {count_faults(results, APART)}"
    yield f"labels on signs or furniture: {count_faults(results, ON_SIGNS)}"
    yield f"lines of text: {sum(tally.texts for tally in tallies)}"
    yield f"lines outside the canvas: {sum(tally.off_canvas for tally in tallies)}"
    yield f"lines outside the safe area or labels outside the map: {count_faults(results, INSIDE)}"
    yield f"priority places: {sum(tally.priority for tally in tallies)}"
    yield f"missing priority places: {sum(tally.missing for tally in tallies)}"
    yield f"faults: {sum(1 for _ in list_faults(results))}"
    yield f"picture weight, MB: {sum(result.weight for result in results) / 1e6:.1f}"
    yield f"heaviest picture, kB: {max(result.weight for result in results) / 1e3:.0f}"
    yield f"seconds a map: {sum(result.seconds for result in results) / len(results):.2f}"


def count_faults(results: Iterable[Result], number: int) -> int:
    """Return how many faults a check found on all maps."""
    return sum(len(found.faults) for one in results for found in one.report.findings if found.number == number)


def tell_checks(results: Sequence[Result]) -> Iterator[str]:
    """Yield a table: how many maps each check passed, failed or had nothing to say of."""
    said = Counter((found.number, found.verdict) for one in results for found in one.report.findings)
    yield f"{'check':36}" + "".join(f"{head:>16}" for head in ("passed", "fault", "not applicable"))
    order = (Verdict.PASS, Verdict.FAULT, Verdict.NOT_APPLICABLE)
    for check in CHECKS:
        yield f"{check.number:2} {check.name:33}" + "".join(f"{said[check.number, verdict]:16}" for verdict in order)


def tell_faults(results: Sequence[Result]) -> Iterator[str]:
    """Yield every fault once under its check, with the maps that have it."""
    where = defaultdict[tuple[int, str], dict[str, list[Result]]](lambda: defaultdict(list))
    for check, message, result in list_faults(results):
        where[check][message].append(result)
    for (number, name), messages in sorted(where.items()):
        bad = {(result.layout, result.on) for found in messages.values() for result in found}
        yield f"FAULT {number} {name}: {len(bad)} of {len(results)} maps"
        for message, found in messages.items():
            yield f"  {message}"
            yield f"    {'; '.join(_name_maps(found))}"


def list_faults(results: Iterable[Result]) -> Iterator[tuple[tuple[int, str], str, Result]]:
    """Yield every fault: number and name of its check, its message, its map."""
    for result in results:
        if result.report.error:
            yield NOT_MADE, result.report.error, result
        for found in result.report.findings:
            yield from (((found.number, found.name), fault, result) for fault in found.faults)


def _name_maps(results: Iterable[Result]) -> Iterator[str]:
    """Yield "advance web 2024-11-26..2024-12-08, ..." for each layout, the results being in the order of the grid."""
    for layout, row in groupby(results, key=lambda result: result.layout):
        days = sorted({result.on for result in row})
        yield f"{layout} {', '.join(_join_days(days))}"


def _join_days(days: Sequence[date]) -> Iterator[str]:
    """Yield days in a row as "first..last", the others alone."""
    for _, run in groupby(enumerate(days), key=lambda pair: pair[1] - timedelta(days=pair[0])):
        first, *rest = [day for _, day in run]
        yield f"{first}..{rest[-1]}" if rest else str(first)


if __name__ == "__main__":
    sys.exit(main())
