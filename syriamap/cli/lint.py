"""syriamap lint: the publication check."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..faults import count
from ..scripts import escape_unprintable
from . import options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..lint import Finding, Report

A_MAP = click.Path(path_type=Path, exists=True)


@click.command(short_help="Check finished maps before they are published.")
@click.argument("maps", nargs=-1, required=True, type=A_MAP, metavar="MAP...")
@click.option("--again", is_flag=True, help="Draw each map again elsewhere and compare the bytes.")
@click.option("--verbose", is_flag=True, help="Print every check with its figure, not the faults alone.")
@options.as_json
@click.pass_context
def lint(ctx: click.Context, maps: tuple[Path, ...], again: bool, verbose: bool, as_json: bool) -> None:
    """Hold finished maps to 26 rules: labels, contrast, colour vision, key, dates, sources, scale, projection, zones.

    MAP is a picture, its sidecar NAME.json or a folder of them; maps of one series are compared with one another. Each
    fault says what was found, what was expected and the way out. A check that does not apply says why and never counts
    as passed. The exit code is 1 on any fault.

    \b
    Examples:
      syriamap lint outputs
      syriamap lint map.png --verbose
      syriamap lint map.png --again --json
    """
    from ..lint import find_maps, lint_maps

    found = find_maps(maps)
    if not found:
        raise click.BadParameter("holds no map; expected pictures with their sidecars NAME.json", param_hint="MAP")
    reports = lint_maps(found, again=again)
    lines = (line for report in reports for line in _to_lines(report, verbose=verbose))
    click.echo(_to_json(reports) if as_json else escape_unprintable("\n".join(lines)))
    bad = sum(not report.sound for report in reports)
    if bad:
        click.echo(f"{bad} of {count(len(reports), 'map')} with faults", err=True)
        ctx.exit(1)


def _to_lines(report: Report, *, verbose: bool) -> Iterator[str]:
    if report.error:
        yield f"FAULT {report.error}"
        return
    yield f"{'ok   ' if report.sound else 'FAULT'} {report.path}: {_summary(report.findings)}"
    for finding in report.findings:
        if verbose or finding.faults:
            yield f"      {finding}"
        yield from (f"            {fault}" for fault in finding.faults)


def _summary(findings: Sequence[Finding]) -> str:
    from ..lint import Verdict

    numbers = [(verdict, sum(finding.verdict is verdict for finding in findings)) for verdict in Verdict]
    words = {Verdict.PASS: "passed", Verdict.FAULT: "at fault"}
    return ", ".join(f"{number} {words.get(verdict, str(verdict))}" for verdict, number in numbers if number)


def _to_json(reports: Sequence[Report]) -> str:
    ok = all(report.sound for report in reports)
    maps = [{"ok": report.sound, **asdict(report)} for report in reports]
    return json.dumps({"ok": ok, "maps": maps}, indent=2, ensure_ascii=False)
