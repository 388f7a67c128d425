"""syriamap explain: why a place has its colour."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from . import options
from .options import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ..model import Explanation, Party, Reason

_BACKGROUND = "background: general knowledge, named in no report that was seen"


@click.command(short_help="Say why a place has its colour.")
@click.argument("day", type=DAY, metavar="DATE")
@click.argument("where", metavar="WHERE")
@options.own
@options.carry
@options.as_json
def explain(day: date, where: str, carry: bool, as_json: bool, **asked: Any) -> None:  # noqa: ANN401  # the user's own data
    """Say why WHERE has its colour at the end of DATE: the statements, their sources, what they overrode.

    WHERE is a name in English or Arabic, an id, or longitude,latitude in degrees.

    \b
    Examples:
      syriamap explain 2024-12-05 Hama
      syriamap explain 2024-12-05 36.75,35.13
      syriamap explain 2024-12-05 kuweires-air-base --json
    """
    from ..boundaries import read_boundaries
    from ..control import read_control
    from ..points import explain as explain_where
    from ..request import take_own

    own = take_own(asked)
    boundaries = read_boundaries(own.areas, project=own.project)
    table = read_control(own.control, boundaries=boundaries, project=own.project)
    answer = explain_where(where, day, boundaries=boundaries, control=table, carry=carry)
    if as_json:
        click.echo(json.dumps(asdict(answer), indent=2, ensure_ascii=False, default=str))
    else:
        click.echo("\n".join(_to_lines(answer, table.parties)))


def _to_lines(answer: Explanation, parties: Mapping[str, Party]) -> Iterator[str]:
    name = answer.found_name or f"{answer.lon:.4f}, {answer.lat:.4f}"
    yield f"{name}, end of {answer.on}"
    yield f"  {_describe_state(answer, parties)}"
    if answer.place and answer.place != answer.found:
        yield f"  in the land around {answer.place_name} ({answer.place}), {answer.distance_km:.1f} km away"
    if answer.deciding is not None:
        yield "decided by"
        yield from _describe_reason(answer.deciding, parties)
    if answer.overridden:
        yield "which overrides"
        for reason in answer.overridden:
            yield from _describe_reason(reason, parties)
    if answer.others:
        yield f"other places of this name: {', '.join(answer.others)}"


def _describe_state(answer: Explanation, parties: Mapping[str, Party]) -> str:
    if answer.deciding is None:
        label = _label(answer.controller, parties)
        return label if answer.controller not in parties else f"{label}: no statement reaches it"
    rival = f" by {_label(answer.rival, parties)}" if answer.rival else ""
    since = f" since {answer.since}" if answer.since else ""
    return f"{_label(answer.controller, parties)}, {answer.status}{rival}{since}"


def _describe_reason(reason: Reason, parties: Mapping[str, Party]) -> Iterator[str]:
    why = "" if reason.why == "decides" else f"  [{reason.why}]"
    rival = f" against {_label(reason.rival, parties)}" if reason.rival else ""
    said = f"{_label(reason.controller, parties)}, {reason.status}{rival} ({reason.change})"
    yield f"  {reason.date}  {reason.unit_name or reason.unit}: {said}{why}"
    rests = f"precision {reason.precision}, basis {reason.basis}, confidence {reason.confidence}"
    yield f"    statement {reason.id}: {rests}"
    outlets = ", ".join(_BACKGROUND if outlet.id == "background" else outlet.name for outlet in reason.outlets)
    if outlets:
        yield f"    source {outlets}"
    for url in reason.urls:
        yield f"    {url}"
    if reason.note:
        yield f"    note: {reason.note}"


def _label(party: str, parties: Mapping[str, Party]) -> str:
    if party in parties:
        return parties[party].label
    return "outside the country (longitude comes first)" if party == "outside" else party
