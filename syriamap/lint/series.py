"""Check 22, asked of several maps: whether those of one series belong together."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..faults import count
from ..language import read_phrases
from .files import read_options
from .verdicts import Answer, not_applicable, weigh
from .words import LAND, ROUNDING_PX, map_area, share

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from ..save.contract import Sidecar

WAY_OUT = "draw the series again in one run"
ALONE = "no other map of its series was given"
SAME = ("extent", "extent_m", "crs", "map_box_px", "size_px", "key_order", "style", "softened", "since")
FLOATING = ("party",)  # kinds of labels that go where the land is
GROWING = ("axis",)  # kinds of labels whose words and anchor change with the advance
DRIFT_SHARE = 0.002  # of the map: softening may move ink so much without a change of who holds what


def check_series(maps: Sequence[Sidecar]) -> list[Answer]:
    """Maps of one series have one frame, one set of colours and one order of the key; what has a place keeps it.

    A series are maps of one view, size, language, theme, command and inputs, of different days. The land of a party
    differs from one map to the next only where a statement from the days between is in use. Our judgement.
    """
    answers = [not_applicable(ALONE) for _ in maps]
    for places in _group(maps).values():
        pages = [maps[place] for place in places]
        if len({page["as_of"] for page in pages}) < 2:
            continue
        figure = f"one of {count(len(pages), 'map')} from {pages[0]['as_of']} to {pages[-1]['as_of']}"
        answers[places[0]] = weigh(figure, ())
        for before, now in pairwise(places):
            rules = (_reordered, _strayed, _moved)
            found = [
                *_other_frame(pages[0], maps[now]),
                *(odd for rule in rules for odd in rule(maps[before], maps[now])),
            ]
            answers[now] = weigh(figure, found)
    return answers


def _group(maps: Sequence[Sidecar]) -> dict[Hashable, list[int]]:
    """Return where the maps of each series stand, in the order of their days."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for place in sorted(range(len(maps)), key=lambda place: maps[place]["as_of"]):
        said = maps[place]
        words = tuple(word for word in read_options(said) if word != said["as_of"])
        inputs = tuple((entry["path"], entry["sha256"]) for entry in said["inputs"])
        form = said["output"]["path"].rpartition(".")[2]
        found[said["view"], said["size"], said["lang"], said["theme"], words, inputs, form].append(place)
    return dict(found)


def _other_frame(first: Sidecar, now: Sidecar) -> Iterator[str]:
    """Yield what is not as on the first map of the series."""
    one, other = (_as_dict(said) for said in (first, now))
    for field in SAME:
        if one[field] != other[field]:
            yield f"{field} is {_short(other[field])}; expected {_short(one[field])} as on {first['as_of']}; {WAY_OUT}"
    for token, colour in first["palette"]["colours"].items():
        if now["palette"]["colours"].get(token) != colour:
            yield f"the colour {token} is not {colour} as on {first['as_of']}; expected the same; {WAY_OUT}"
    for party, style in first["palette"]["parties"].items():
        mine = now["palette"]["parties"].get(party, style)
        if mine != style:
            yield (
                f"{party} is {mine['fill']} {mine['pattern']} in one map and {style['fill']} {style['pattern']} on "
                + (f"{first['as_of']}; expected one look; {WAY_OUT}")
            )


def _strayed(before: Sidecar, now: Sidecar) -> Iterator[str]:
    """Yield what stands elsewhere than on the map before."""
    for what, was, is_ in _things(before, now):
        if any(abs(a - b) > ROUNDING_PX for a, b in zip(was, is_, strict=True)):
            yield f"{what} moved from {was} to {is_} since {before['as_of']}; expected one place; {WAY_OUT}"


def _reordered(before: Sidecar, now: Sidecar) -> Iterator[str]:
    """Yield that the rows of the key that both maps have stand in another order."""
    rows = [[row["id"] for row in said["legend"]] for said in (before, now)]
    was, is_ = ([row for row in one if row in other] for one, other in (rows, rows[::-1]))
    if was != is_:
        yield f"the key runs {_short(is_)}; expected {_short(was)} as on {before['as_of']}; {WAY_OUT}"


def _things(before: Sidecar, now: Sidecar) -> Iterator[tuple[str, list[float], list[float]]]:
    """Yield labels, signs and rows of the key that both maps have, with their places on each."""
    places = [_places(said) for said in (before, now)]
    for what in places[0].keys() & places[1].keys():
        yield what, places[0][what], places[1][what]


def _places(said: Sidecar) -> dict[str, list[float]]:
    """Return where each thing stands that keeps its place: its anchor or its box.

    An arrow grows with the advance and its words change: they begin where they began, at the right in some languages.
    """
    start = 2 if read_phrases(said["lang"])["direction"] == "rtl" else 0
    found = {
        f"label {label['kind']} {label['place']}": (
            label["texts"][0]["box_px"][start : start + 1]
            if label["kind"] in GROWING
            else [*label["anchor_px"], *label["texts"][0]["box_px"]]
        )
        for label in said["labels"]
        if label["kind"] not in FLOATING
    }
    found |= {f"sign {sign['kind']} {sign['place']}": sign["at_px"] for sign in said["markers"]}
    return found | {f"key row {row['id']}": row["swatch_px"] for row in said["legend"]}


def _moved(before: Sidecar, now: Sidecar) -> Iterator[str]:
    """Yield land or dots that changed hands without a statement."""
    way_out = "draw both maps again from one table"
    fresh = before["as_of"] < now["newest_statement"] <= now["as_of"] and set(now["statements"]) - set(
        before["statements"]
    )
    if fresh:
        return
    reason = f"no statement from after {before['as_of']} is in use"
    for party, (was, is_) in _both(_dots(before), _dots(now)).items():
        if was != is_:
            yield f"{party} has {is_:g} dots after {was:g}, but {reason}; expected the same; {way_out}"
    for party, (was, is_) in _both(_land(before), _land(now)).items():
        if abs(is_ - was) > DRIFT_SHARE * map_area(now):
            moved = share(is_ - was, map_area(now))
            yield f"the land of {party} changed by {moved} of the map, but {reason}; expected no change; {way_out}"


def _both(one: dict[str, float], other: dict[str, float]) -> dict[str, tuple[float, float]]:
    return {party: (one.get(party, 0.0), other.get(party, 0.0)) for party in sorted(one.keys() | other.keys())}


def _dots(said: Sidecar) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for dot in said["points"]:
        found[dot["party"]] += dot["count"]
    return found


def _land(said: Sidecar) -> dict[str, float]:
    """Return how much of the map the land of each party covers, in square pixels."""
    found: dict[str, float] = defaultdict(float)
    for patch in said["patches"]:
        if patch["look"] in LAND:
            found[patch["party"]] += patch["area_px"]
    return found


def _as_dict(said: Sidecar) -> dict[str, Any]:
    return dict(said)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
