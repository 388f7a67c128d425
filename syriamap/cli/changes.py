"""syriamap changes: what changed hands, when, by which statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import options
from .options import DAY
from .tabling import check_output, choose_form, form, output, put_table, warn_if_carried

if TYPE_CHECKING:
    from datetime import date


@click.command(short_help="List what changed hands, day by day.")
@click.argument("first", type=DAY, metavar="FROM")
@click.argument("last", type=DAY, metavar="TO")
@click.option("--totals", is_flag=True, help="Sums by day and by who lost to whom, instead of place by place.")
@options.own
@options.carry
@options.as_json
@form
@output
@options.overwrite
def changes(first: date, last: date, totals: bool, **asked: Any) -> None:  # noqa: ANN401  # the options, as they say
    """List what changed hands between the end of FROM and the end of TO, with the statements that say so.

    Events: holder (another party), status (contested, claimed or plainly held now), lapsed (a mark has stood its time),
    recut (land that goes with another place since cells were cut anew), base (an air base counts as lost). The text
    ends with the sums by day.

    \b
    Examples:
      syriamap changes 2024-11-26 2024-12-05
      syriamap changes 2024-12-04 2024-12-05 --json
      syriamap changes 2024-11-26 2024-12-10 -o changes.csv
      syriamap changes 2024-11-26 2024-12-10 --totals --format csv
    """
    to = asked["output"], choose_form(asked["output"], asked["form"], as_json=asked["as_json"])
    check_output(asked["output"], overwrite=asked["overwrite"])
    from ..atlas import read_materials
    from ..numbers import encode_table, list_changes, sum_changes
    from ..numbers.writing import describe_table, lay_changes, lay_totals
    from ..request import take_own

    given = options.own_of(asked) | {"carry": asked["carry"]}
    found = list_changes(first, last, **given)
    sums = sum_changes(found)
    parties = read_materials(take_own(given)).control.parties
    names = {party.id: party.label for party in parties.values()}

    def encode(form: str) -> bytes:
        kind, more = ("totals", {}) if totals else ("changes", {"totals": sums})
        about = describe_table(kind, first, last, given)  # type: ignore[arg-type]
        return encode_table(sums if totals else found, form, about, more=more)

    put_table(encode, lambda: lay_totals(sums, names) if totals else lay_changes(found, sums, names), to)
    warn_if_carried(last, given)
