"""What each party has on a day: land, places and people, and stretches of the highways."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, Unpack

import pandas as pd

from ..atlas import build_day, read_materials
from ..errors import DateError, UnknownNameError
from ..lengths import km_by_holder
from ..request import OwnData, take_own

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ..model import Boundaries, Control, Day, Materials

By = Literal["party", "bloc"]
HOLDERS = ("party", "bloc")
MARKS = ("contested", "claimed")


class Given(OwnData, total=False):
    """What tables of numbers are made from; everything has a default. Data of your own are told by `OwnData`.

    carry                 carry the last state on to days long after the table ends
    """

    carry: bool


def control_stats(first: date, last: date | None = None, *, by: By = "party", **given: Unpack[Given]) -> pd.DataFrame:
    """Return land, places and people of every party on every day from `first` to `last` (default: one day).

    One row a day and party, in the order of the parties' table, also where a party has nothing. Columns: date, party,
    label, bloc; area_km2 (true area of the cells as they are, never softened), area_share, places, places_share,
    population (of the places whose number of people is known), population_share, places_uncounted (those whose is
    not); area_contested_km2, places_contested, area_claimed_km2, places_claimed (what of it is in dispute).
    Shares are of the country, of all places, of all people counted. `by="bloc"` adds allied parties up; then there is
    no party.

    Raises NoControlError for a day that the table says nothing about, DateError when `last` is before `first`.
    """
    check_holder(by)
    materials = read_materials(take_own(given))
    days = _build_days(materials, first, last, given)
    frame = pd.concat([count_day(day, materials.boundaries, materials.control) for day in days], ignore_index=True)
    return frame if by == "party" else _sum_blocs(frame)


def count_day(day: Day, boundaries: Boundaries, control: Control) -> pd.DataFrame:
    """Return the rows of one day, as `control_stats` describes them."""
    parties = pd.Index(list(control.parties))
    cells = pd.DataFrame(
        {"party": day.states["party"], "status": day.states["status"], "n": day.cells.frame["area_km2"]}
    )
    counted = (boundaries.places["role"] == "place").to_numpy()
    people = boundaries.places["population"][counted]
    places = day.places.loc[counted, ["party", "status"]].assign(n=1, people=people.fillna(0), blank=people.isna())
    found: dict[str, pd.Series[float]] = {
        "area_km2": _sum(cells, "n"),
        "places": _sum(places, "n"),
        "population": _sum(places, "people"),
        "places_uncounted": _sum(places, "blank"),
    }
    for mark in MARKS:
        found[f"area_{mark}_km2"] = _sum(cells[cells["status"] == mark], "n")
        found[f"places_{mark}"] = _sum(places[places["status"] == mark], "n")
    sums = pd.DataFrame({name: sums.reindex(parties, fill_value=0) for name, sums in found.items()}, index=parties)
    whole = [name for name in found if not name.endswith("_km2")]
    sums = sums.astype(dict.fromkeys(whole, "int64") | dict.fromkeys(sums.columns.difference(whole), "float64"))
    known = control.parties.values()
    heads = {"date": pd.Timestamp(day.on).as_unit("s"), "party": [one.id for one in known]}
    heads |= {"label": [one.label for one in known], "bloc": [one.bloc for one in known]}
    return _order(pd.concat([pd.DataFrame(heads, index=parties), _add_shares(sums)], axis=1).reset_index(drop=True))


def road_stats(first: date, last: date | None = None, *, by: By = "party", **given: Unpack[Given]) -> pd.DataFrame:
    """Return how many km of each highway each party holds on every day from `first` to `last` (default: one day).

    One row a day, highway and holder. Columns: date, road (its id), ref, name, party, label, bloc, km (on the
    ellipsoid), km_share (of that highway). A party that holds nothing of a highway has no row.
    """
    check_holder(by)
    materials = read_materials(take_own(given))
    days = _build_days(materials, first, last, given)
    frame = pd.DataFrame([row for day in days for row in _measure_roads(day, materials)], columns=list(ROAD_COLUMNS))
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    if by == "bloc":
        keys = ["date", "road", "ref", "name", "bloc"]
        frame = frame.groupby(keys, sort=False, as_index=False)[["km"]].sum()
    frame["km_share"] = frame["km"] / frame.groupby(["date", "road"])["km"].transform("sum")
    return frame


ROAD_COLUMNS = ("date", "road", "ref", "name", "party", "label", "bloc", "km")


def _measure_roads(day: Day, materials: Materials) -> Iterator[tuple[object, ...]]:
    """Yield one row for every highway and holder, values in the order of ROAD_COLUMNS."""
    holder, parties = day.states["party"].to_numpy(dtype=object), materials.control.parties
    for road, row in materials.ground.roads.sort_index().iterrows():
        km = km_by_holder(row["geometry"], day.cells, holder)
        for party in parties.values():
            if party.id in km:
                yield day.on, str(road), row["ref"], row["name"], party.id, party.label, party.bloc, km[party.id]


def check_holder(by: str) -> None:
    """Raise UnknownNameError for anything but a party or a bloc."""
    if by not in HOLDERS:
        raise UnknownNameError("holder", by, HOLDERS)


def list_days(first: date, last: date | None = None) -> list[date]:
    """Return the days from the first to the last, both included. Raises DateError when the last comes first."""
    last = last or first
    if last < first:
        raise DateError(f"{last} is before {first}; name the earlier day first: {last} {first}")
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _build_days(materials: Materials, first: date, last: date | None, given: Given) -> Iterator[Day]:
    return (build_day(materials, on, carry=given.get("carry", False)) for on in list_days(first, last))


def _sum(frame: pd.DataFrame, column: str) -> pd.Series[float]:
    return frame.groupby("party", observed=True)[column].sum()


def _add_shares(sums: pd.DataFrame) -> pd.DataFrame:
    """Return sums with the share of each beside it; of nothing at all everyone has nothing."""
    for name, share in (("area_km2", "area_share"), ("places", "places_share"), ("population", "population_share")):
        sums[share] = sums[name] / (sums[name].sum() or 1)
    return sums


def _sum_blocs(frame: pd.DataFrame) -> pd.DataFrame:
    return _order(frame.drop(columns=["party", "label"]).groupby(["date", "bloc"], sort=False, as_index=False).sum())


COLUMNS = (
    "date",
    "party",
    "label",
    "bloc",
    "area_km2",
    "area_share",
    "places",
    "places_share",
    "population",
    "population_share",
    "places_uncounted",
    *(f"{what}_{mark}{unit}" for mark in MARKS for what, unit in (("area", "_km2"), ("places", ""))),
)


def _order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[name for name in COLUMNS if name in frame]]
