"""syriamap export: zones, fronts and places of a day for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import suggest
from . import options
from .options import DAY
from .tabling import OneOf, warn_if_carried

if TYPE_CHECKING:
    from datetime import date

FORMATS = ("geojson", "gpkg", "parquet", "topojson", "kml")
LAYERS = ("zones", "fronts", "places")


@click.command(short_help="Write zones, fronts and places for other programs.")
@click.argument("date", type=DAY, metavar="DATE")
@click.option("--layer", "layers", type=OneOf(*LAYERS), multiple=True, help="zones, fronts or places. [default: all]")
@click.option(
    "--format",
    "form",
    type=OneOf(*FORMATS),
    metavar="FORM",
    help="geojson, gpkg, parquet, topojson or kml. [default: as -o says, else geojson]",
)
@click.option(
    "--theme", type=options.THEME, default="light", show_default=True, help="Colours of the styles in gpkg and kml."
)
@options.own
@options.carry
@click.option(
    "-o",
    "--output",
    type=options.A_PATH,
    metavar="PATH",
    help="Where the file goes. [default: outputs/syriamap_DATE.geojson]",
)
@options.overwrite
def export(date: date, layers: tuple[str, ...], form: str | None, output: Path | None, **choices: Any) -> None:  # noqa: ANN401  # the other options, as export_day takes them
    """Write zones, fronts and places of the end of DATE in WGS 84, from the cells as they are, never softened.

    Prints the paths. One file holds all layers; GeoParquet takes one file a layer. A GeoPackage opens in the colours
    of the map in QGIS. Every file says its day, its sources and their licences.

    \b
    Examples:
      syriamap export 2024-12-05 -o syria.gpkg
      syriamap export 2024-12-05 --layer zones -o zones.geojson
      syriamap export 2024-12-08 --format topojson
      syriamap export 2024-12-08 -o syria.parquet
    """
    target, form = choose_file(output, form, date)
    from ..export import export_day

    for path in export_day(date, target, layers=layers or LAYERS, form=form, **choices):
        click.echo(path)
    warn_if_carried(date, choices)


def choose_file(output: Path | None, form: str | None, on: date) -> tuple[Path, str]:
    """Return where the file goes and its form: as -o says, else our name in outputs/."""
    if output is None or output.is_dir():
        form = form or FORMATS[0]
        return (output or Path("outputs")) / f"syriamap_{on}.{form}", form
    stated = output.suffix.removeprefix(".").casefold()
    if not stated:
        return output.with_suffix(f".{form or FORMATS[0]}"), form or FORMATS[0]
    if stated not in FORMATS:
        raise click.BadParameter(f"{output.name!r} ends in .{stated}; {suggest(stated, FORMATS)}", param_hint="-o")
    if form and form != stated:
        raise click.BadParameter(f"{form!r} and {output.name!r} disagree; name one of them", param_hint="--format")
    return output, stated
