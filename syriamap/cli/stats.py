"""syriamap stats: land, places and people by party and day; km of highways by holder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import options
from .options import DAY
from .tabling import OneOf, check_output, check_picture, choose_form, form, output, put_table, warn_if_carried

if TYPE_CHECKING:
    from datetime import date

LOOK = ("size", "theme", "lang", "title", "subtitle", "credit")


@click.command(short_help="Count land, places and people by party and day.")
@click.argument("first", type=DAY, metavar="FROM")
@click.argument("last", type=DAY, metavar="[TO]", required=False)
@click.option("--by", type=OneOf("party", "bloc"), default="party", show_default=True, help="party, or bloc of allies.")
@click.option("--roads", is_flag=True, help="Count km of each highway by holder instead.")
@click.option(
    "--chart", type=options.A_PATH, metavar="FILE", help="Draw instead: a picture, such as chart.png, with its sidecar."
)
@click.option("--size", help="Size of the chart, as render has them. [default: web]")
@click.option("--theme", type=options.THEME, help="Theme of the chart: light, dark, print or your own TOML file.")
@click.option("--lang", help="Language of the chart. [default: en]")
@click.option("--title", help="Your headline of the chart.")
@click.option("--subtitle", help="Your second line of the chart; the days are always added.")
@click.option("--credit", help="Your credit on the chart, printed before ours.")
@options.own
@options.carry
@options.as_json
@form
@output
@options.overwrite
def stats(first: date, last: date | None, **asked: Any) -> None:  # noqa: ANN401  # the options, as they say
    """Count what each party has at the end of each day from FROM to TO, or of FROM alone.

    Land in km2 (true areas of the cells as they are, never softened), places, and the people of those places whose
    number is known; each with its share, for a share of land alone misleads. With --roads: km of highways by holder.

    \b
    Examples:
      syriamap stats 2024-12-05
      syriamap stats 2024-11-26 2024-12-10 -o control.csv
      syriamap stats 2024-12-05 --by bloc --json
      syriamap stats 2024-12-05 --roads
      syriamap stats 2024-11-26 2024-12-10 --chart chart.png
    """
    given = options.own_of(asked) | {"carry": asked["carry"]}
    look = {name: asked[name] for name in LOOK if asked[name] is not None}
    check_picture("chart", asked["chart"], look, overwrite=asked["overwrite"])
    if asked["chart"] is not None:
        _draw(first, last, asked, look, given)
        return
    to = asked["output"], choose_form(asked["output"], asked["form"], as_json=asked["as_json"])
    check_output(asked["output"], overwrite=asked["overwrite"])
    from ..numbers import control_stats, encode_table, road_stats
    from ..numbers.writing import describe_table, lay_roads, lay_stats

    count, lay = (road_stats, lay_roads) if asked["roads"] else (control_stats, lay_stats)
    frame = count(first, last, by=asked["by"], **given)
    kind = "roads" if asked["roads"] else "stats"

    def encode(form: str) -> bytes:
        return encode_table(frame, form, describe_table(kind, first, last, given, by=asked["by"]))  # type: ignore[arg-type]

    put_table(encode, lambda: lay(frame), to)
    warn_if_carried(last or first, given)


def _draw(first: date, last: date | None, asked: dict[str, Any], look: dict[str, Any], given: dict[str, Any]) -> None:
    """Draw the chart, write it with its sidecar and print both paths."""
    others = [f"--{name}" for name, given in _tables(asked).items() if given]
    if others:
        raise click.UsageError(f"--chart draws parties and writes no table; leave {', '.join(others)} out")
    from ..numbers import render_chart, save_chart
    from .options import repeat_command

    drawn = render_chart(first, last, **look, **given)
    command = repeat_command(click.get_current_context(), ("output", "overwrite", "chart"))
    for written in save_chart(drawn, asked["chart"], overwrite=asked["overwrite"], command=command):
        click.echo(written)
    warn_if_carried(last or first, given)


def _tables(asked: dict[str, Any]) -> dict[str, bool]:
    """Return which options of tables alone are given."""
    return {
        "roads": asked["roads"],
        "by bloc": asked["by"] != "party",
        "json": asked["as_json"],
        "format": asked["form"] is not None,
        "output": asked["output"] is not None,
    }
