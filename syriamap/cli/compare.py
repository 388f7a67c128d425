"""syriamap compare: where two control tables disagree at the end of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import options
from .options import DAY, repeat_command
from .tabling import check_output, check_picture, choose_form, form, output, put_table

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ..numbers import Comparison

LOOK = ("view", "size", "theme", "lang", "digits", "names", "title", "subtitle", "credit")


@click.command(short_help="Show where two control tables disagree.")
@click.argument("first", type=options.A_PATH, metavar="A")
@click.argument("second", type=options.A_PATH, metavar="B")
@click.argument("date", type=DAY, metavar="DATE")
@click.option(
    "--map",
    "picture",
    type=options.A_PATH,
    metavar="FILE",
    help="Draw it too: a picture, such as map.png.",
)
@click.option("--view", metavar="VIEW", help="As render has it. [default: the first that shows every difference]")
@click.option("--size", help="Size of the map, as render has them. [default: web]")
@click.option("--theme", type=options.THEME, help="Theme of the map: light, dark, print or your own TOML file.")
@click.option("--lang", help=options.LANG_HELP + " [default: en]")
@click.option("--digits", help="latin (5) or arabic (٥). [default: latin]")
@click.option("--names", type=options.A_PATH, metavar="FILE", help="Your wordings and names: a TOML file.")
@click.option("--title", help="Your headline of the map.")
@click.option("--subtitle", help="Your second line of the map; the day is always added.")
@click.option("--credit", help="Your credit on the map, printed before ours.")
@options.own_but_control
@options.carry
@options.as_json
@form
@output
@options.overwrite
def compare(first: Path, second: Path, date: date, **asked: Any) -> None:  # noqa: ANN401  # the options, as they say
    """Show where two control tables, A and B, disagree at the end of DATE: land, places, and the statements behind.

    A and B are tables as --control of render takes them; "ours" or "-" is the embedded one, or that of --project. Where
    one of them knows no holder, or both name one holder but only one says that the land is contested or claimed, the
    rows say so: kinds party, silent and status.

    \b
    Examples:
      syriamap compare ours desk.csv 2024-12-05
      syriamap compare ours desk.csv 2024-12-05 -o differences.csv
      syriamap compare ours desk.csv 2024-12-05 --map differences.png --view country --size portrait
      syriamap compare week1.csv week2.csv 2024-12-05 --json
    """
    to = asked["output"], choose_form(asked["output"], asked["form"], as_json=asked["as_json"])
    check_output(asked["output"], overwrite=asked["overwrite"])
    look = {name: asked[name] for name in LOOK if asked[name] is not None}
    check_picture("map", asked["picture"], look, overwrite=asked["overwrite"])
    from ..numbers import compare_tables, encode_table
    from ..numbers.compare import describe_comparison
    from ..numbers.writing import lay_comparison

    given = options.own_of(asked) | {"carry": asked["carry"]}
    found = compare_tables(first, second, date, **given)

    def encode(form: str) -> bytes:
        more = {"totals": found.totals, "pairs": found.pairs}
        return encode_table(found.table, form, describe_comparison(found), more=more)

    put_table(encode, lambda: lay_comparison(found), to)
    if asked["picture"] is not None:
        _draw(found, asked, {**look, **given})


def _draw(found: Comparison, asked: dict[str, Any], look: dict[str, Any]) -> None:
    """Draw the map, write it with its sidecar and say where, as talk: the table is what goes to stdout."""
    from ..atlas import save_map
    from ..numbers import render_comparison
    from .render import warn_of_faults

    made = render_comparison(found, **look)
    unsaid = ("output", "overwrite", "picture", "as_json", "form")
    command = repeat_command(click.get_current_context(), unsaid)
    written = save_map(made, asked["picture"], overwrite=asked["overwrite"], command=command)
    for path in written:
        click.echo(path, err=True)
    warn_of_faults(written[-1])
