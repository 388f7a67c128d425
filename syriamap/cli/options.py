"""Options that several commands share, written once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..dates import parse_day

A_PATH = click.Path(path_type=Path)


class Day(click.ParamType[date]):
    """An ISO day; every other form is answered with the nearest right one."""

    name = "day"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; DateError when the text is none."""
        return parse_day(value) if isinstance(value, str) else value


class Look(click.ParamType["str | Path"]):
    """A theme by name, or the file of a house style."""

    name = "theme"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> str | Path:
        """Return a file as a path, anything else as the name it is."""
        return Path(value) if str(value).endswith(".toml") else value


DAY = Day()
THEME = Look()

control = click.option(
    "--control", type=A_PATH, metavar="PATH", help="Your control table: a CSV file or a folder of them. [default: ours]"
)
boundaries = click.option(
    "--boundaries",
    type=A_PATH,
    metavar="FILE",
    help="Your administrative areas: GeoJSON, shapefile or GeoPackage. [default: ours]",
)
carry = click.option("--carry", is_flag=True, help="Carry the last state on, more than a week beyond the last record.")
overwrite = click.option("--overwrite", is_flag=True, help="Replace files that exist; without it they are kept.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
