"""syriamap tag: who held the land of each point in a table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ..faults import count
from . import options
from .options import DAY

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd


@click.command(short_help="Add to a table of points who held the land.")
@click.argument("points", type=options.A_PATH, metavar="POINTS")
@click.option("--date", "on", type=DAY, metavar="DAY", help="The day for all points.")
@click.option("--date-column", metavar="NAME", help="The column with the day of each point.")
@click.option("--lon", metavar="NAME", help="The column of longitudes. [default: lon, lng, longitude, x ...]")
@click.option("--lat", metavar="NAME", help="The column of latitudes. [default: lat, latitude, y ...]")
@options.own
@options.carry
@click.option("-o", "--output", type=options.A_PATH, metavar="FILE", help="Where the table goes. [default: stdout]")
@options.overwrite
def tag(
    points: Path,
    on: date | None,
    date_column: str | None,
    output: Path | None,
    overwrite: bool,
    **choices: Any,  # noqa: ANN401  # lon, lat, carry and the user's own data as their options say
) -> None:
    """Add to a CSV table of POINTS who held the land of each at the end of a day.

    Added: controller, bloc, status, since, place (whose statement decides), place_name and statement (its id). Points
    abroad or at sea are "outside". Rows, columns and cells stay as they are, in their order.

    \b
    Examples:
      syriamap tag hospitals.csv --date 2024-12-05 > tagged.csv
      syriamap tag events.csv --date-column event_date -o tagged.csv
      syriamap tag schools.csv --date 2024-12-08 --lon X --lat Y
    """
    if (on is None) == (date_column is None):
        raise click.UsageError("name the day once: --date DAY for all points, or --date-column NAME")
    from ..boundaries import read_boundaries
    from ..control import read_control
    from ..point_tables import read_point_table, tag_table
    from ..request import take_own
    from ..save import check_target, write_whole
    from ..tables import write_table

    if output is not None:
        check_target(output, overwrite=overwrite)
    table = read_point_table(points, lon=choices["lon"], lat=choices["lat"])
    _talk(f"{count(len(table.frame), 'point')} read from {points}")
    own = take_own(choices)
    areas = read_boundaries(own.areas, project=own.project)
    rows = read_control(own.control, boundaries=areas, project=own.project)
    _talk(f"{count(len(rows.statements), 'statement')} read; looking the points up ...")
    tagged = tag_table(table, on=on, date_column=date_column, boundaries=areas, control=rows, carry=choices["carry"])
    text = write_table(_guard_added(tagged, len(table.frame.columns)))
    if output is None:
        click.echo(text, nl=False)
        return
    write_whole(output, text.encode("utf-8"))
    click.echo(output)


def _guard_added(tagged: pd.DataFrame, own: int) -> pd.DataFrame:
    """Return the table with no formula in what we add; its first `own` columns are the user's and stay as they are."""
    import pandas as pd

    from ..tables import guard

    return pd.concat([tagged.iloc[:, :own], tagged.iloc[:, own:].map(guard)], axis=1)


def _talk(words: str) -> None:
    """Say how far we are, to people only: programs that read stderr want errors alone."""
    if sys.stderr.isatty():
        click.echo(words, err=True)
