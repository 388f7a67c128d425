"""syriamap new: the folder of a project."""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from . import options
from .options import DAY

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command(short_help="Lay out a project for another country.")
@click.argument("folder", type=options.A_PATH, metavar="FOLDER")
@click.option("--name", help="What the country is called. [default: the name of the file]")
@click.option("--start", type=DAY, metavar="DAY", help="First day of the offensive. [default: 2024-01-02]")
@options.areas
@options.overwrite
def new(folder: Path, name: str | None, start: date | None, overwrite: bool, **asked: Any) -> None:  # noqa: ANN401  # the options of areas
    """Lay out in FOLDER all that a theatre is made of: areas, control table, parties, places, colours, words.

    It renders at once: an invented island, or your country with three example rows to replace. README.md in the folder
    says what each file holds. Maps, tables and checks take it with --project FOLDER.

    \b
    Examples:
      syriamap new island
      syriamap new libya --boundaries lby_adm.gpkg:adm1 --name Libya --start 2020-03-25 --boundaries-credit OCHA
    """
    from ..project import START, lay_out_project
    from ..request import take_own

    first = start or START
    areas = take_own(asked).areas
    for path in lay_out_project(folder, areas=areas, name=name or "", start=first, overwrite=overwrite):
        click.echo(path)
    day = first + timedelta(days=1)
    click.echo(f"now: syriamap render {day} --project {shlex.quote(str(folder))}", err=True)
