"""What happened on a day, in a few words: the places that the table says were taken that very day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .words import join

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from ..model import Boundaries, Extent
    from .view import View

MOST_NAMES, LEAST_RANK = 3, 4


@dataclass(frozen=True, slots=True)
class Happenings:
    """The ids of the places taken on a day, and of the towns fought over since, the most important first."""

    taken: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()


def list_happenings(
    on: date, now: pd.DataFrame, eve: pd.DataFrame | None, boundaries: Boundaries, view: View, within: Extent
) -> Happenings:
    """Return what happened on a day within a frame in degrees.

    `now` and `eve` are the states of the places on the day and the evening before (None = the table begins). Taken is
    what the table can vouch for by name and day.
    """
    places = boundaries.places
    inside = places["lon"].between(within.west, within.east) & places["lat"].between(within.south, within.north)
    here = now[inside.reindex(now.index, fill_value=False).to_numpy()]
    taken = here[(here["chip"] != "").to_numpy() & (here["chip_to"].dt.date == on).to_numpy()]
    fought = here[(here["status"] == "contested").to_numpy()]
    before = set() if eve is None else set(eve.index[(eve["status"] == "contested").to_numpy()])
    known = set(places.index[(places["rank"] <= LEAST_RANK).to_numpy()])
    fresh = [] if eve is None else [str(place) for place in fought.index if place in known - before]
    listed = {name: turn for turn, name in enumerate(view.places)}

    def turn(place: str) -> tuple[int, int, float, str]:
        row = places.loc[place]
        people = 0.0 if row["population"] != row["population"] else float(row["population"])
        return int(row["rank"]), listed.get(place, len(listed)), -people, place

    return Happenings(tuple(sorted(map(str, taken.index), key=turn)), tuple(sorted(fresh, key=turn)))


def tell_happenings(
    found: Happenings,
    on: date,
    since: date,
    places: pd.DataFrame,
    phrases: Mapping[str, Any],
    fits: Callable[[str], bool],
) -> tuple[str, tuple[str, ...]]:
    """Return the most telling sentence about a day that fits, and the places it names; "" when none does.

    `places` is the table of places. Hamlets are counted, not named: nobody would know them.
    """
    for text, named in _sentences(found, on, since, places, phrases):
        if fits(text):
            return text, named
    return "", ()


def _sentences(
    found: Happenings, on: date, since: date, places: pd.DataFrame, phrases: Mapping[str, Any]
) -> list[tuple[str, tuple[str, ...]]]:
    words, names = phrases["products"], {str(place): str(name) for place, name in places["name"].items()}
    if not found.taken and not found.contested:
        return [(str(text), ()) for text in words["eve" if on == since - timedelta(days=1) else "quiet"]]
    ranks = places["rank"].to_dict()
    known = sum(ranks[place] <= LEAST_RANK for place in found.taken)
    sentences = [
        (_sentence(found, taken, contested, names, phrases), (*found.taken[:taken], *found.contested[:contested]))
        for taken, contested in _counts(found, min(known, MOST_NAMES))
    ]
    if len(found.taken) > 1:
        sentences.append((str(words["taken_count"]).format(count=len(found.taken)), ()))
    return sentences


def _counts(found: Happenings, most: int) -> list[tuple[int, int]]:
    """Return how many places to name of the two kinds, the most telling first."""
    if len(found.taken) == 1:
        most = 1
    fought = [(number, 1) for number in range(most, 0, -1)] if found.contested else []
    alone = [(0, 1)] if found.contested and not found.taken else []
    return [*fought, *((number, 0) for number in range(most, 0, -1)), *alone]


def _sentence(
    found: Happenings, taken: int, contested: int, names: Mapping[str, str], phrases: Mapping[str, Any]
) -> str:
    words, parts = phrases["products"], []
    if taken:
        told, more = [names[place] for place in found.taken[:taken]], len(found.taken) - taken
        if more:
            parts.append(str(words["taken_more"]).format(places=_listed(told, phrases), more=more))
        else:
            parts.append(str(words["taken"]).format(places=join(told, phrases)))
    if contested:
        told = [names[place] for place in found.contested[:contested]]
        parts.append(str(words["contested"]).format(places=join(told, phrases)))
    return str(words["also"]).join(parts)


def _listed(names: Sequence[str], phrases: Mapping[str, Any]) -> str:
    return str(phrases["comma"]).join(names)
