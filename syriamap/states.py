"""The state of points on a day: places with their date chips, air bases held or lost."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from .cells import locate
from .merge import trace
from .model import Held

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from .model import Boundaries, Cells, Control

FROM_CELL = ["party", "status", "rival", "since", "statement"]
FROM_ROW = ["basis", "precision", "confidence"]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY = pd.Timedelta(days=1)
FATE = ["status", "holder", "bloc", "lost_on", "lost_to", "statements"]


class Ruled(NamedTuple):
    """A statement that ruled a cell from a day on."""

    day: pd.Timestamp
    holder: str
    statement: str


STAYED = {"status": "held", "lost_on": pd.NaT, "lost_to": ""}  # whoever came to hold the land around


def place_states(boundaries: Boundaries, cells: Cells, states: pd.DataFrame, control: Control) -> pd.DataFrame:
    """Return the state of every place, markers too, on the day of the states: that of the cell it lies in.

    Index: place, in the order of its table. Columns: cell, party, status, rival, since, statement, basis, precision,
    confidence (of that statement, "" = none), chip (in English, "" = none), chip_from, chip_to (the days it names,
    equal for a single day, NaT where there is none).
    """
    home = find_cells(boundaries, cells)
    rows = states.loc[pd.Index(home)]
    frame = rows[FROM_CELL].set_axis(home.index)
    frame.insert(0, "cell", home)
    said = control.statements[FROM_ROW].take(np.maximum(rows["row"].to_numpy(), 0)).set_axis(home.index)
    said[rows["row"].to_numpy() < 0] = ""
    frame = frame.join(said)
    chips = _chips(cells, states, control).reindex(home.index)
    return frame.assign(chip=chips["chip"].fillna(""), chip_from=chips["chip_from"], chip_to=chips["chip_to"])


@lru_cache(maxsize=8)
def find_cells(boundaries: Boundaries, cells: Cells) -> pd.Series[str]:
    """Return the cell of every place: its own, else the one it lies in, else the nearest."""
    places, names = boundaries.places, cells.frame.index
    at = locate(places.geometry.to_numpy(), cells.frame.geometry.to_numpy())
    own = names.get_indexer(places.index)
    return pd.Series(names[np.where(own >= 0, own, at)], index=places.index)


def list_held(places: pd.DataFrame) -> dict[str, Held]:
    """Return what `place_states` says of every place, to be asked place by place."""
    words = [places[name].tolist() for name in ("party", "status", "rival", "statement", "chip")]
    days = [[None if pd.isna(day) else day.date() for day in places[name]] for name in ("chip_from", "chip_to")]
    return dict(zip(places.index.tolist(), map(Held, *words, *days), strict=True))


# Date chips


def _chips(cells: Cells, states: pd.DataFrame, control: Control) -> pd.DataFrame:
    """Return the days on which the places of cells were taken, where the table can vouch for the very day.

    The statement with which the present holding began must name the place itself and the day. What was held when the
    table opens was not taken; what is only claimed is not vouched for.
    """
    rows: dict[str, tuple[pd.Timestamp, pd.Timestamp, str]] = {}
    for cell, party, since in _taken(cells, states, control).itertuples(name=None):
        began = _fight_began(cells, control, cell, party, since)
        rows[cell] = (began, since, write_chip(began, since))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["chip_from", "chip_to", "chip"])
    return frame.astype({"chip_from": "datetime64[s]", "chip_to": "datetime64[s]"})


def _taken(cells: Cells, states: pd.DataFrame, control: Control) -> pd.DataFrame:
    """Return party and since of the cells whose place was taken on a day that is sure."""
    began = states["began"].to_numpy()
    first = control.statements[["unit", "basis", "precision", "change"]].take(np.maximum(began, 0))
    sure = (first["basis"] == "named") & (first["precision"] == "day") & (first["change"] != "initial")
    own = (first["unit"].to_numpy() == cells.frame["place"].to_numpy()) & (began >= 0)
    vouched = sure.to_numpy() & own & (states["status"] != "claimed").to_numpy()
    return pd.DataFrame({"party": states["party"][vouched], "since": states["since"][vouched]})


def _fight_began(cells: Cells, control: Control, cell: str, taker: str, taken: pd.Timestamp) -> pd.Timestamp:
    """Return the first of the days on which the taker contested a place without a break up to the day it took it."""
    if (cells.frame.at[cell, "place"], taker) not in _fights(control):
        return taken
    table = control.statements[["date", "status", "rival", "until"]]
    for row in reversed(trace(cells, control, cell, (taken - DAY).date())):
        said = table.iloc[row]
        stands = said["until"] if pd.notna(said["until"]) else said["date"] + DAY * (control.mark_days - 1)
        if said["status"] != "contested" or said["rival"] != taker or stands < taken - DAY:
            break
        taken = said["date"]
    return taken


@lru_cache(maxsize=4)
def _fights(control: Control) -> frozenset[tuple[str, str]]:
    """Return who contested which unit at any time: a quick sieve before the days are traced."""
    fights = control.statements.loc[control.statements["status"] == "contested", ["unit", "rival"]]
    return frozenset(fights.itertuples(index=False, name=None))


def write_chip(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Return days as a chip says them in English: "5 Dec", "29–30 Nov", "30 Nov – 1 Dec"."""
    end = f"{last.day} {MONTHS[last.month - 1]}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{first.day} {MONTHS[first.month - 1]} – {end}"


# Air bases


def base_states(
    bases: pd.DataFrame,
    cells: Cells,
    control: Control,
    on: date,
    *,
    boundaries: Boundaries,
    base_day: date,
    losing_users: Collection[str],
) -> pd.DataFrame:
    """Return which air bases are held or lost on a day.

    A base is lost when one of `losing_users` used it on the base day and its holder has changed since to another bloc,
    unless the table says that the user stayed. `bases` is indexed by place, with columns name, user, stays ("yes").

    Index: place. Columns: name, user, status ("held", "lost", "other" = nothing to lose), holder, bloc, lost_on (first
    day of the present loss, NaT), lost_to (its first known holder, "" = not lost), statements (tuple of ids: the base
    day's, the loss's and today's).
    """
    home = find_cells(boundaries, cells).loc[bases.index]
    stays = bases["stays"] == "yes" if "stays" in bases else pd.Series(False, index=bases.index)
    users = np.where(bases["user"].isin(losing_users), np.where(stays, "stays", "may lose"), "none")
    fates = [
        _fate(_history(cells, control, cell, on), control, min(base_day, on), user)
        for cell, user in zip(home, users, strict=True)
    ]
    frame = pd.DataFrame(fates, columns=FATE, index=bases.index).astype({"lost_on": "datetime64[s]"})
    frame.insert(0, "name", bases["name"])
    frame.insert(1, "user", bases["user"])
    return frame


def _history(cells: Cells, control: Control, cell: str, on: date) -> list[Ruled]:
    """Return day, holder and id of the statements that ruled a cell day by day up to a day."""
    rows, table = trace(cells, control, cell, on), control.statements
    said = (table[name].take(rows) for name in ("date", "controller", "id"))
    return [Ruled(*row) for row in zip(*said, strict=True)]


def _fate(ruled: list[Ruled], control: Control, base_day: date, user: str) -> tuple[object, ...]:
    """Return what became of a base, one value for each column of FATE; `user` "stays", "may lose" it or is "none"."""
    if not ruled:
        return "other", control.unknown, "", pd.NaT, "", ()
    bloc = [control.parties[row.holder].bloc for row in ruled]
    told = ruled[-1].holder, bloc[-1]
    then = sum(row.day <= pd.Timestamp(base_day) for row in ruled)
    if user == "none" or not then:
        return "other", *told, pd.NaT, "", (ruled[-1].statement,)
    kept = max((at for at in range(len(ruled)) if at < then or bloc[at] == bloc[then - 1]), default=0)
    gone = ruled[kept + 1 :]
    if not gone or user == "stays":
        return "held", *told, pd.NaT, "", (ruled[-1].statement,)
    taker = next((row.holder for row in gone if row.holder != control.unknown), control.unknown)
    why = dict.fromkeys(row.statement for row in (ruled[then - 1], gone[0], gone[-1]))
    return "lost", *told, gone[0].day, taker, tuple(why)
