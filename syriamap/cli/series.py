"""syriamap series: many maps."""

from __future__ import annotations

import math
import os
import sys
from contextlib import ExitStack, contextmanager
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..dates import parse_day
from ..faults import count
from ..limits import JOBS
from ..request import OUTPUTS, PROGRAM, name_picture, take_own, write_command
from ..theatre import default_view
from . import options
from .group import STOPPED
from .options import DAY, FORMATS, List, Views

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ..series import Frame

KINDS = ("gif", "apng", "webp", "mp4")
SECONDS = 1.0  # a day in an animation
WORTH = 16  # maps that a process must draw to be worth its start
LINES = 10  # of progress where nobody watches


@click.command(short_help="Draw the maps of many days.")
@click.argument("first", type=DAY, required=False, metavar="FROM")
@click.argument("last", type=DAY, required=False, metavar="TO")
@click.option("--every", type=click.IntRange(min=1), default=1, show_default=True, help="Days from map to map.")
@click.option("--dates", type=List(), multiple=True, metavar="DAY,...", help="These days, in place of FROM and TO.")
@click.option("--view", "views", type=Views(), multiple=True, metavar="VIEW,...", help=options.VIEW_HELP)
@click.option(
    "--size", "sizes", type=List(), multiple=True, metavar="SIZE,...", default=["web"], help=options.SIZE_HELP
)
@click.option("--lang", "langs", type=List(), multiple=True, metavar="LANG,...", default=["en"], help=options.LANG_HELP)
@click.option(
    "--format",
    "formats",
    type=List(FORMATS),
    multiple=True,
    metavar="FORMAT,...",
    default=["png"],
    help="png, svg, pdf, webp or jpg. [default: png]",
)
@options.look
@click.option("--sheet", is_flag=True, help="Also put all days on one sheet.")
@click.option("--animate", type=click.Choice(KINDS), multiple=True, help="Also make an animation; can be repeated.")
@click.option(
    "--seconds", type=click.FloatRange(min=0.1), default=SECONDS, show_default=True, help="A day in an animation."
)
@click.option("--page", is_flag=True, help="Also make an HTML page to step through the days.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=JOBS),
    help=f"Processes that draw at once. [default: one for every {WORTH} maps, no more than processors]",
)
@click.option("--dask", metavar="ADDRESS", help="Draw on the workers of a dask scheduler, such as tcp://10.0.0.1:8786.")
@click.option(
    "-o",
    "--output",
    "folder",
    type=options.A_PATH,
    default=OUTPUTS,
    metavar="FOLDER",
    help=f"Where the pictures go. [default: {OUTPUTS}]",
)
@options.overwrite
def series(
    first: date | None,
    last: date | None,
    every: int,
    dates: tuple[tuple[str, ...], ...],
    dask: str | None,
    **asked: Any,  # noqa: ANN401  # the other options, as render_series takes them
) -> None:
    """Draw the maps of every day FROM one day TO another, each with a JSON sidecar beside it.

    All maps of a view and size have the same frame, and every name and row of the key its place in all of them. Views,
    sizes, languages and formats can be several, with commas or repeated: every combination is drawn. Prints the paths.

    The same command again draws only what is missing, or what was made from other data, by another command or version.
    Ctrl-C stops it at any moment with exit code 130; every file that is there is whole. Pictures that were edited, or
    that something else made, are kept and named at the end, also with exit code 1.

    \b
    Examples:
      syriamap series 2024-11-27 2024-12-08
      syriamap series 2024-11-27 2024-12-08 --view advance,country --size web,square --jobs 2
      syriamap series --dates 2024-11-30,2024-12-05,2024-12-08 --theme dark -o dark
      syriamap series 2024-11-27 2024-12-08 --every 2 --format png,svg --control my_table.csv
      syriamap series 2024-11-27 2024-12-08 --sheet --animate gif --page
      syriamap series 2024-11-27 2024-12-08 --dask tcp://127.0.0.1:8786
    """
    if bool(dates) == bool(first or last) or (first is not None and last is None):
        raise click.UsageError("name the days once: FROM and TO, or --dates DAY,DAY")
    from ..series import list_days, render_series

    picked = [parse_day(text) for text in chain(*dates)]
    days = list_days(first, last, every=every, dates=picked or None)
    products = {key: asked.pop(key) for key in ("sheet", "animate", "seconds", "page")}
    given = click.get_current_context().get_parameter_source("sizes")
    products["own_page"] = given is click.core.ParameterSource.DEFAULT
    several: dict[str, Any] = {
        key: tuple(dict.fromkeys(chain(*asked.pop(key)))) for key in ("views", "sizes", "langs", "formats")
    }
    several["views"] = several["views"] or (default_view(take_own(asked).project),)
    if "mp4" in products["animate"]:
        from ..products.film import find_ffmpeg

        find_ffmpeg()  # before the first map is drawn, not after the last
    maps = len(days) * math.prod(len(choice) for choice in several.values())
    asked["jobs"] = asked["jobs"] or min(os.cpu_count() or 1, max(maps // WORTH, 1))
    with ExitStack() as stack:
        report = stack.enter_context(_progress())
        if dask:
            from ..cluster import connect

            asked["executor"], asked["jobs"] = stack.enter_context(connect(dask))
        frames = render_series(dates=days, progress=report, **several, **asked)
    for frame in frames:
        click.echo(frame.path)
        click.echo(frame.sidecar)
    del asked["jobs"]
    for path in make_products(days, products, several, asked):
        click.echo(path)


class _Progress:
    """Tells how far a series is: a bar with the time left on a terminal, else a line now and then."""

    def __init__(self, bars: ExitStack) -> None:
        self.bars, self.done, self.whole = bars, 0, 0
        self.bar: Any = None

    def __call__(self, frame: Frame, done: int, whole: int) -> None:
        step, self.done, self.whole = done - self.done, done, whole
        if self.bar is None and sys.stderr.isatty():
            bar: Any = click.progressbar(length=whole, label="maps", file=sys.stderr, show_pos=True)
            self.bar = self.bars.enter_context(bar)
        if self.bar is not None:
            self.bar.update(step)
        elif done == whole or done * LINES // whole > (done - 1) * LINES // whole:
            click.echo(f"{done} of {count(whole, 'map')}", err=True)

    def __str__(self) -> str:
        return f"{self.done} of {self.whole or '?'} maps"


@contextmanager
def _progress() -> Iterator[_Progress]:
    """Give out what tells how far a series is; Ctrl-C ends it with a word on how to go on."""
    with ExitStack() as bars:
        progress = _Progress(bars)
        try:
            yield progress
        except KeyboardInterrupt:
            bars.close()
            click.echo(f"stopped: {progress} are done and whole; the same command goes on", err=True)
            click.get_current_context().exit(STOPPED)


def make_products(
    days: Sequence[date], wanted: dict[str, Any], several: dict[str, Sequence[str]], asked: dict[str, Any]
) -> Iterator[Path]:
    """Make the sheet, the animations and the page of each view, size and language; yield their paths.

    Those that are there as they would be made again are left as they are.
    """
    kinds = [("sheet", "sheet.png", ["--sheet"])] if wanted["sheet"] else []
    for form in dict.fromkeys(wanted["animate"]):
        pace = [] if wanted["seconds"] == SECONDS else ["--seconds", f"{wanted['seconds']:g}"]
        kinds.append(("animation", f"animation.{form}", ["--animate", form, *pace]))
    kinds += [("page", "page.html", ["--page"])] if wanted["page"] else []
    if not kinds:
        return
    from .. import products
    from ..inputs import list_inputs

    choices = {key: value for key, value in asked.items() if key not in ("folder", "overwrite", "executor")}
    for view, size, lang in product(several["views"], several["sizes"], several["langs"]):
        mine = {**choices, "view": view, "size": size, "lang": lang}
        inputs = list_inputs(mine)
        for kind, ending, flags in kinds:
            path = Path(asked["folder"]) / name_picture(f"{days[0]}_{days[-1]}", mine, f"_{ending}")
            more: dict[str, Any] = {"seconds": wanted["seconds"]} if kind == "animation" else {}
            if kind == "sheet" and wanted["own_page"]:
                mine.pop("size")  # a sheet has a page of its own unless a size is asked for
            mine["transparent"] = kind == "sheet" and choices.get("transparent", False)
            command = [*PROGRAM[:1], "series", "--dates", ",".join(map(str, days))]
            command += [*write_command(days[0], mine)[len(PROGRAM) + 1 :], *flags]
            if products.is_fresh(path, kind, command, inputs):
                yield from (path, products.sidecar_path(path, kind))
            else:
                ours = products.is_ours(path, kind)
                write = getattr(products, f"write_{kind}")
                yield from write(days, path, overwrite=asked["overwrite"] or ours, command=command, **more, **mine)
            mine["size"] = size
