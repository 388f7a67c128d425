"""syriamap render: one map."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options
from .options import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

FORMATS = ("png", "svg", "pdf")
PUT = ("output", "overwrite", "chart")  # options that say where a picture goes, not what it is


@click.command(short_help="Draw one map.")
@click.argument("date", type=DAY, metavar="DATE")
@click.option(
    "--view",
    default="advance",
    show_default=True,
    help="advance, country, a governorate, PLACE:KM around a place, or WEST,SOUTH,EAST,NORTH in degrees.",
)
@click.option(
    "--since", type=DAY, metavar="DAY", help="Mark gains from the evening before this day. [default: the offensive]"
)
@click.option(
    "--size",
    default="web",
    show_default=True,
    help="web, web-small, x, og, square, portrait, story, wire, print-1col, print-2col, print-page or WIDTHxHEIGHT.",
)
@click.option("--format", "suffix", type=click.Choice(FORMATS), help="Kind of picture. [default: as -o says, else png]")
@click.option("--lang", default="en", show_default=True, help="Language of all words on the map, such as en.")
@click.option(
    "--theme", type=options.THEME, default="light", show_default=True, help="light, dark, print or your own TOML file."
)
@options.control
@options.boundaries
@click.option("--title", help="Your headline. [default: written from the data]")
@click.option("--subtitle", help="Your second line; the day of the data is always added.")
@click.option("--credit", help="Your credit, printed before ours.")
@click.option("--soften/--no-soften", default=True, help="Draw fronts softened, or cell by cell. [default: soften]")
@click.option("--next", "mark_next", is_flag=True, help="Mark what an analysis of the war names as next.")
@click.option("--style", default="zones", show_default=True, help="zones, or points: a dot for every place.")
@click.option("--ticks/--no-ticks", default=False, help="Draw ticks along fronts, on the gaining side. [default: no]")
@options.carry
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
      syriamap render 2024-12-05 --format svg -o hama.svg --overwrite
      syriamap render 2024-12-05 --control my_table.csv --boundaries my_areas.geojson
    """
    target = choose_target(output, suffix, date, choices)
    from ..atlas import render_map, save_map

    made = render_map(date, **choices)
    written = save_map(made, target, overwrite=overwrite, command=repeat_command(click.get_current_context()))
    for path in written:
        click.echo(path)
    if choices["mark_next"] and not any(marker.kind == "next" for marker in made.scene.markers):
        click.echo("warning: nothing is marked as next: the map is of an earlier day, or shows none of it", err=True)
    warn_of_faults(written[-1])


def warn_of_faults(sidecar: Path) -> None:
    """Say on stderr which of the quick checks a map fails; the map stays."""
    from ..lint import lint_sidecar, read_sidecar

    faulty = [finding for finding in lint_sidecar(read_sidecar(sidecar)) if finding.faults]
    for finding in faulty:
        click.echo(f"warning: check {finding.number}, {finding.name}: {finding.figure}", err=True)
    if faulty:
        click.echo(f"before publishing: syriamap lint {sidecar}", err=True)


def repeat_command(ctx: click.Context) -> list[str]:
    """Return the words that make this map again: as given, files by their bare names, without where it was put."""
    words = ["syriamap", str(ctx.command.name), *_arguments(ctx)]
    for param in ctx.command.params:
        name = str(param.name)
        given = ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if isinstance(param, click.Option) and given and name not in PUT:
            value = ctx.params[name]
            text = value.name if isinstance(value, Path) else str(value)
            flag = (param.opts if value else param.secondary_opts)[:1]
            words += flag if param.is_flag else [param.opts[0], text]
    return words


def _arguments(ctx: click.Context) -> list[str]:
    """Return the arguments given, such as days."""
    given = (ctx.params[str(param.name)] for param in ctx.command.params if isinstance(param, click.Argument))
    return [str(value) for value in given if value is not None]


def _special(choices: Mapping[str, Any]) -> list[str]:
    """Return what else tells this map from another of the same day: its style and theme where they are not ours."""
    theme = str(choices.get("theme", "light"))
    return [word for word in (choices.get("style", "zones"), Path(theme).stem) if word not in ("zones", "light")]


def choose_target(output: Path | None, suffix: str | None, on: date, choices: Mapping[str, str]) -> Path:
    """Return where the picture goes: -o, with the format's suffix where it has none, else our name in outputs/."""
    words = "_".join(["syriamap", choices["view"], str(on), choices["size"], choices["lang"], *_special(choices)])
    name = re.sub(r"[^\w.-]+", "-", words) + f".{suffix or FORMATS[0]}"
    if output is None:
        return Path("outputs") / name
    if output.is_dir():
        return output / name
    stated = output.suffix.removeprefix(".").casefold()
    if not stated:
        return output.with_suffix(f".{suffix or FORMATS[0]}")
    if stated not in FORMATS:
        known = " or ".join(f".{known}" for known in FORMATS)
        raise click.BadParameter(f"{output.name!r} ends in .{stated}; expected {known}", param_hint="-o")
    if suffix and suffix != stated:
        raise click.BadParameter(f"{suffix!r} and {output.name!r} disagree; name one of them", param_hint="--format")
    return output
