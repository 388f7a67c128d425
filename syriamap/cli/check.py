"""syriamap check: every fault of tables and boundaries."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from ..faults import count
from ..scripts import escape_unprintable
from . import options

if TYPE_CHECKING:
    from pathlib import Path

    from ..checks import Report


@click.command(short_help="Find every fault of tables and boundaries.")
@click.argument("files", nargs=-1, type=options.A_PATH, metavar="[FILE]...")
@options.project
@options.reading
@options.as_json
@click.pass_context
def check(
    ctx: click.Context,
    /,
    files: tuple[Path, ...],
    project: Path | None,
    as_json: bool,
    **reading: Any,  # noqa: ANN401  # how areas are read
) -> None:
    """Verify control tables and boundary files; a whole project, or all embedded data, when no FILE is given.

    Every fault of every file is printed as file:line: what was found; what was expected; the nearest right value. In
    vector files the line is the number of the feature; with a column `controller` they are control tables. Tables are
    read against the boundaries given in the same call. A layer is named as FILE:LAYER; the options say how boundaries
    are read.

    \b
    Examples:
      syriamap check
      syriamap check my_table.csv
      syriamap check my_areas.shp my_table.csv --json
      syriamap check my_areas.gpkg:districts --code-column key --repair
      syriamap check --project island
    """
    from ..checks import check_embedded, check_files, check_project
    from ..request import take_own

    home = take_own({"project": project}).project
    how = {key: value for key, value in reading.items() if value}
    reports = check_files(files, home=home, **how) if files else check_project(home) if home else check_embedded()
    faults = sum(len(report.faults) for report in reports)
    lines = (line for report in reports for line in _to_lines(report))
    click.echo(_to_json(reports) if as_json else escape_unprintable("\n".join(lines)))
    if faults:
        click.echo(f"{count(faults, 'fault')} found", err=True)
        ctx.exit(1)


def _to_lines(report: Report) -> list[str]:
    if report.faults:
        return [str(fault) for fault in report.faults]
    return [f"ok  {report.file}: {report.summary}", *(f"    {note}" for note in report.notes)]


def _to_json(reports: tuple[Report, ...]) -> str:
    ok = not any(report.faults for report in reports)
    return json.dumps({"ok": ok, "files": [asdict(report) for report in reports]}, indent=2, ensure_ascii=False)
