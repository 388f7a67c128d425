"""syriamap render: one map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..request import FORM, OUTPUTS, SAME, name_picture
from . import options
from .options import DAY, FORMATS, SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

OPAQUE = (".jpg", ".jpeg")


@click.command(short_help="Draw one map.")
@click.argument("date", type=DAY, metavar="DATE")
@click.option("--view", metavar="VIEW", help=options.VIEW_HELP)
@click.option("--size", default="web", show_default=True, help=options.SIZE_HELP)
@click.option(
    "--format",
    "suffix",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help="png, svg, pdf, webp or jpg. [default: as -o says, else png]",
)
@click.option("--lang", default="en", show_default=True, help=options.LANG_HELP)
@options.look
@click.option(
    "-o",
    "--output",
    type=options.A_PATH,
    metavar="PATH",
    help="Where the picture goes. [default: outputs/syriamap_VIEW_DATE_SIZE_LANG.png]",
)
@options.overwrite
def render(
    date: date,
    suffix: str | None,
    output: Path | None,
    overwrite: bool,
    **choices: Any,  # noqa: ANN401  # the other options, as render_map takes them
) -> None:
    """Draw the map of the end of DATE and write it with a JSON sidecar beside it.

    Prints the paths of both files. The picture carries the day, the sources and the credits. What syriamap lint would
    find is said in short on stderr.

    \b
    Examples:
      syriamap render 2024-12-05
      syriamap render 2024-12-08 --view country --size portrait
      syriamap render 2024-12-05 --view hama:40 --size 1200x675
      syriamap render 2024-12-05 --view country --next --theme dark -o next.png
      syriamap render 2024-12-05 --lang en+ar --format svg -o hama.svg --overwrite
      syriamap render 2024-12-05 --theme dark --transparent -o hama.webp
      syriamap render 2024-12-05 --control my_table.csv --boundaries my_areas.geojson
    """
    target = choose_target(output, suffix, date, choices)
    if choices["transparent"] and target.suffix.casefold() in OPAQUE:
        said = f"a {target.suffix} has no transparency; expected .png, .webp, .svg or .pdf"
        raise click.BadParameter(said, param_hint="--transparent")
    from ..atlas import render_map, save_map

    made = render_map(date, **choices)
    written = save_map(made, target, overwrite=overwrite)
    for path in written:
        click.echo(path)
    for repair in made.scene.repairs:
        click.echo(f"repaired: {repair}", err=True)
    if choices["mark_next"] and not any(marker.kind == "next" for marker in made.scene.markers):
        click.echo("warning: nothing is marked as next: the map is of an earlier day, or shows none of it", err=True)
    if choices["stale"] and not made.scene.age.stale_share:
        click.echo(f"warning: nothing is marked as old: no report here is older than {choices['stale']} days", err=True)
    warn_of_faults(written[-1])


def warn_of_faults(sidecar: Path) -> None:
    """Say on stderr which of the quick checks a map fails; the map stays."""
    from ..lint import lint_sidecar, read_sidecar

    faulty = [finding for finding in lint_sidecar(read_sidecar(sidecar)) if finding.faults]
    for finding in faulty:
        click.echo(f"warning: check {finding.number}, {finding.name}: {finding.figure}", err=True)
    if faulty:
        click.echo(f"before publishing: syriamap lint {sidecar}", err=True)


def choose_target(output: Path | None, suffix: str | None, on: date, choices: Mapping[str, str]) -> Path:
    """Return where the picture goes: -o, with the format's suffix where it has none, else our name in outputs/."""
    name = name_picture(on, choices, f".{suffix or FORM}")
    if output is None:
        return Path(OUTPUTS) / name
    if output.is_dir():
        return output / name
    if output.exists() and not output.is_file():
        raise click.BadParameter(f"{output} is a device or a pipe; name a file", param_hint="-o")
    stated = output.suffix.removeprefix(".").casefold()
    if not stated:
        return output.with_suffix(f".{suffix or FORM}")
    if stated not in SUFFIXES:
        known = " or ".join(f".{known}" for known in SUFFIXES)
        raise click.BadParameter(f"{output.name!r} ends in .{stated}; expected {known}", param_hint="-o")
    if suffix and suffix != SAME.get(stated, stated):
        raise click.BadParameter(f"{suffix!r} and {output.name!r} disagree; name one of them", param_hint="--format")
    return output
