"""Options that several commands share, written once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..dates import parse_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

A_PATH = click.Path(path_type=Path)
FORMATS = ("png", "svg", "pdf", "webp", "jpg")
SUFFIXES = (*FORMATS, "jpeg")
NUMBER, BOX = re.compile(r"[-+]?\d+(\.\d+)?"), 4  # a box is west, south, east, north
VIEW_HELP = "advance, country, a unit such as a province, PLACE:KM, or WEST,SOUTH,EAST,NORTH. [default: advance]"
SIZE_HELP = "web, web-small, x, og, square, portrait, story, wire, print-1col, print-2col, print-page or WIDTHxHEIGHT."
LANG_HELP = "Language of all words, such as ar; en+ar names everything on the map in both."


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


class List(click.ParamType["tuple[str, ...]"]):
    """Several names with commas between them."""

    name = "list"

    def __init__(self, known: Sequence[str] = ()) -> None:
        self.known = known

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names; those of a list that is closed are checked."""
        names = tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
        if odd := [name for name in names if self.known and name not in self.known]:
            self.fail(f"{odd[0]!r} is not one of {', '.join(map(repr, self.known))}", param, ctx)
        return names


class Views(List):
    """Several views with commas between them; four numbers in a row are one box."""

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the views."""
        parts, found = list(super().convert(value, param, ctx)), []
        while parts:
            box = len(parts) >= BOX and all(NUMBER.fullmatch(part) for part in parts[:BOX])
            found.append(",".join(parts[: BOX if box else 1]))
            del parts[: BOX if box else 1]
        return tuple(found)


DAY = Day()
THEME = Look()

READING = (  # of areas
    click.option("--code-column", metavar="NAME", help="The column of their codes. [default: found by its name]"),
    click.option("--name-column", metavar="NAME", help="The column of their names. [default: found by its name]"),
    click.option("--repair", is_flag=True, help="Mend faults of their geometry; the sidecar says what was done."),
)
AREAS = (
    click.option(
        "--boundaries",
        type=A_PATH,
        metavar="FILE[:LAYER]",
        help="Your administrative areas: GeoJSON, shapefile, GeoPackage ... [default: ours]",
    ),
    *READING,
    click.option("--boundaries-credit", metavar="TEXT", help="Who made them. [default: the name of the file]"),
)
project = click.option(
    "--project", type=A_PATH, metavar="FOLDER", help="Data of another theatre, as `syriamap new` lays them out."
)
OWN = (
    project,
    click.option(
        "--control",
        type=A_PATH,
        metavar="PATH",
        help="Your control table: CSV, FILE.xlsx[:SHEET], Parquet, GeoJSON, GeoPackage, shapefile; a folder. "
        "[default: ours]",
    ),
    *AREAS,
    click.option("--worldview", metavar="NAME", help="Whose view of disputed lines: un, sy, il, us or none."),
)
CONTROL = 1  # where the table stands among them
carry = click.option("--carry", is_flag=True, help="Carry the last state on, more than a week beyond the last record.")
overwrite = click.option("--overwrite", is_flag=True, help="Replace files that exist; without it they are kept.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")

LOOK = (
    click.option(
        "--since", type=DAY, metavar="DAY", help="Mark gains from the evening before this day. [default: the offensive]"
    ),
    click.option(
        "--theme", type=THEME, default="light", show_default=True, help="light, dark, print or your own TOML file."
    ),
    *OWN,
    click.option("--digits", default="latin", show_default=True, help="latin (5) or arabic (٥)."),
    click.option(
        "--names",
        type=A_PATH,
        metavar="FILE",
        help="Your wordings and names: a TOML file. [default: newsroom wordings]",
    ),
    click.option("--title", help="Your headline. [default: written from the data]"),
    click.option("--subtitle", help="Your second line; the day of the data is always added."),
    click.option("--credit", help="Your credit, printed before ours."),
    click.option("--caption", help="Your caption, in the sidecar. [default: written from the data]"),
    click.option("--alt", help="Your alt text, 40 to 250 letters. [default: written from the data]"),
    click.option("--description", help="Your long description. [default: written from the data]"),
    click.option("--soften/--no-soften", default=True, help="Draw fronts softened, or cell by cell. [default: soften]"),
    click.option("--next", "mark_next", is_flag=True, help="Mark what an analysis of the war names as next."),
    click.option("--style", default="zones", show_default=True, help="zones, or points: a dot for every place."),
    click.option("--stale", type=int, metavar="DAYS", help="Mark land whose last report is older than so many days."),
    click.option(
        "--ticks/--no-ticks", default=False, help="Draw ticks along fronts, on the gaining side. [default: no]"
    ),
    carry,
    click.option("--version", "edition", type=int, metavar="N", help="Which version this is; printed on the map."),
    click.option("--supersedes", metavar="NAME", help="The file, or its sidecar, that this version replaces."),
    click.option("--correction", metavar="TEXT", help="What this version mends; printed on the map."),
    click.option("--transparent", is_flag=True, help="Leave the page out, as PNG, WebP, SVG or PDF."),
    click.option(
        "--basemap",
        metavar="NAME",
        help="Under the map: relief, OpenStreetMap.Mapnik, a URL with {z}, {x} and {y}, a .tif, .mbtiles or .pmtiles.",
    ),
    click.option("--basemap-credit", metavar="TEXT", help="Whose basemap it is, printed on the map."),
    click.option("--basemap-private", is_flag=True, help="Let its host have an address of a private network."),
    click.option("--strict", is_flag=True, help="Refuse to draw a map without its basemap."),
    click.option("--outlines", is_flag=True, help="Make shapes of letters in an SVG, for programs without its fonts."),
)


def look(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what a map shows and how it looks, besides its view, size and language."""
    return _add(LOOK, command)


def areas(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name the user's administrative areas."""
    return _add(AREAS, command)


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a file of areas is read."""
    return _add(READING, command)


def own(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name the user's own data."""
    return _add(OWN, command)


def own_but_control(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name the user's own data, but for the table."""
    return _add([option for at, option in enumerate(OWN) if at != CONTROL], command)


def _add(options: Sequence[Callable[..., Any]], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


def own_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the user's own data among the options of a command."""
    from ..request import OwnData

    return {key: asked[key] for key in OwnData.__annotations__ if key in asked}


def repeat_command(ctx: click.Context, leave_out: tuple[str, ...]) -> list[str]:
    """Return the words that run a command again: as given, files by their bare names, some options left out."""
    words = ["syriamap", str(ctx.command.name)]
    for param in ctx.command.params:
        name, value = str(param.name), ctx.params[str(param.name)]
        if isinstance(param, click.Argument):
            words += [] if value is None else [value.name if isinstance(value, Path) else str(value)]
        elif ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE and name not in leave_out:
            text = value.name if isinstance(value, Path) else str(value)
            flag = (param.opts if value else param.secondary_opts)[:1]
            words += flag if getattr(param, "is_flag", False) else [param.opts[0], text]
    return words
