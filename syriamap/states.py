"""The state of points on a day: places with their date chips, air bases held or lost."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from .cells import locate
from .merge import fight_began, look_up, trace
from .model import Held

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from numpy.typing import NDArray

    from .model import Boundaries, Cells, Control

FROM_CELL = ["party", "status", "rival", "since", "statement"]
FROM_ROW = ["basis", "precision", "confidence"]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NEVER = np.datetime64("NaT", "s")
_NO_DAY: dict[str, Any] = {"chip": "", "chip_from": _NEVER, "chip_to": _NEVER}
FATE = ["status", "holder", "bloc", "lost_on", "lost_to", "statements"]


class Ruled(NamedTuple):
    """A statement that ruled a cell from a day on."""

    day: pd.Timestamp
    holder: str
    statement: str


def place_states(boundaries: Boundaries, cells: Cells, states: pd.DataFrame, control: Control) -> pd.DataFrame:
    """Return the state of every place, markers too, on the day of the states: that of the cell it lies in.

    Index: place, in the order of its table. Columns: cell, party, status, rival, since, statement, basis, precision,
    confidence (of that statement, "" = none), chip (in English, "" = none), chip_from, chip_to (the days it names,
    equal for a single day, NaT where there is none).
    """
    at = _positions(boundaries, cells)
    row = states["row"].to_numpy()[at]
    own = _own(boundaries, cells)
    columns: dict[str, Any] = {"cell": find_cells(boundaries, cells).array}
    columns |= {name: states[name].array.take(at) for name in FROM_CELL}
    columns |= {name: np.where(row < 0, "", look_up(control, name, row)) for name in FROM_ROW}
    columns |= {name: np.where(own, days[at], _NO_DAY[name]) for name, days in _chips(cells, states, control).items()}
    return pd.DataFrame(columns, index=boundaries.places.index)


@lru_cache(maxsize=8)
def find_cells(boundaries: Boundaries, cells: Cells) -> pd.Series[str]:
    """Return the cell of every place: its own, else the one it lies in, else the nearest."""
    return pd.Series(cells.frame.index[_positions(boundaries, cells)], index=boundaries.places.index)


@lru_cache(maxsize=8)
def _positions(boundaries: Boundaries, cells: Cells) -> NDArray[np.int64]:
    """Return the position of the cell of every place."""
    places = boundaries.places
    own: NDArray[np.int64] = cells.frame.index.get_indexer(places.index)
    lost = np.flatnonzero(own < 0)
    own[lost] = locate(places.geometry.to_numpy()[lost], cells.frame.geometry.to_numpy())
    return own


@lru_cache(maxsize=8)
def _own(boundaries: Boundaries, cells: Cells) -> NDArray[np.bool_]:
    """Return whether each place has a cell of its own."""
    return np.asarray(cells.frame.index.get_indexer(boundaries.places.index) >= 0)


def list_held(places: pd.DataFrame) -> dict[str, Held]:
    """Return what `place_states` says of every place, to be asked place by place."""
    words = [places[name].tolist() for name in ("party", "status", "rival", "statement", "chip")]
    days = [[None if pd.isna(day) else day.date() for day in places[name]] for name in ("chip_from", "chip_to")]
    return dict(zip(places.index.tolist(), map(Held, *words, *days), strict=True))


# Date chips


def _chips(cells: Cells, states: pd.DataFrame, control: Control) -> dict[str, NDArray[Any]]:
    """Return the days on which the places of cells were taken, where the table can vouch for the very day.

    The statement with which the present holding began must name the place itself and the day. What was held when the
    table opens was not taken; what is only claimed is not vouched for.
    """
    since = states["since"].to_numpy()
    taken = np.flatnonzero(_taken(cells, states, control))
    first, last = np.full(len(since), _NEVER), np.full(len(since), _NEVER)
    first[taken] = fight_began(cells, control, taken, states["party"].to_numpy()[taken], since[taken])
    last[taken] = since[taken]
    chip = np.full(len(since), "", dtype=object)
    chip[taken] = list(map(_write_chip, first[taken].tolist(), last[taken].tolist()))
    return {"chip": chip, "chip_from": first, "chip_to": last}


def _taken(cells: Cells, states: pd.DataFrame, control: Control) -> NDArray[np.bool_]:
    """Return whether the place of each cell was taken on a day that is sure."""
    began = states["began"].to_numpy()
    own = (look_up(control, "unit", began) == _places(cells)) & (began >= 0)
    taken: NDArray[np.bool_] = _sure(control)[began] & own & (states["status"] != "claimed").to_numpy()
    return taken


@lru_cache(maxsize=4)
def _sure(control: Control) -> NDArray[np.bool_]:
    """Return whether each statement names its unit and the day on which it was taken."""
    said = control.statements
    sure = (said["basis"] == "named") & (said["precision"] == "day") & (said["change"] != "initial")
    return sure.to_numpy()


@lru_cache(maxsize=8)
def _places(cells: Cells) -> NDArray[np.object_]:
    places: NDArray[np.object_] = cells.frame["place"].to_numpy()
    return places


@lru_cache(maxsize=4096)
def _write_chip(first: datetime, last: datetime) -> str:
    return write_chip(pd.Timestamp(first), pd.Timestamp(last))


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
    home, today = find_cells(boundaries, cells).loc[bases.index], pd.Timestamp(on)
    said = bases.reindex(columns=["name", "user", "stays"])
    may_lose, stays = said["user"].isin(losing_users), said["stays"] == "yes"
    fates = []
    for cell, *of_user in zip(home, may_lose, stays, strict=True):
        ruled = [row for row in _history(cells, control, cell) if row.day <= today]
        fates.append(_fate(ruled, control, pd.Timestamp(base_day), *of_user))
    columns: dict[str, Any] = {"name": said["name"].array, "user": said["user"].array}
    columns |= {name: [fate[at] for fate in fates] for at, name in enumerate(FATE)}
    columns["lost_on"] = pd.DatetimeIndex(columns["lost_on"]).astype("datetime64[s]")
    return pd.DataFrame(columns, index=bases.index)


@lru_cache(maxsize=1024)
def _history(cells: Cells, control: Control, cell: str) -> tuple[Ruled, ...]:
    """Return day, holder and id of the statements that ruled a cell day by day, the oldest first."""
    rows = trace(cells, control, cell, control.last)
    said = control.statements[["date", "controller", "id"]].take(rows)
    return tuple(Ruled(*row) for row in said.to_numpy())


def _fate(
    ruled: list[Ruled], control: Control, base_day: pd.Timestamp, may_lose: bool, stays: bool
) -> tuple[object, ...]:
    """Return what became of a base, one value for each column of FATE: whether its user `may_lose` it, or stayed."""
    if not ruled:
        return "other", control.unknown, "", pd.NaT, "", ()
    bloc = [control.parties[row.holder].bloc for row in ruled]
    told = ruled[-1].holder, bloc[-1]
    then = sum(row.day <= base_day for row in ruled)
    if not may_lose or not then:
        return "other", *told, pd.NaT, "", (ruled[-1].statement,)
    kept = max(at for at in range(len(ruled)) if at < then or bloc[at] == bloc[then - 1])
    gone = ruled[kept + 1 :]
    if not gone or stays:
        return "held", *told, pd.NaT, "", (ruled[-1].statement,)
    taker = next((row.holder for row in gone if row.holder != control.unknown), control.unknown)
    why = dict.fromkeys(row.statement for row in (ruled[then - 1], gone[0], gone[-1]))
    return "lost", *told, gone[0].day, taker, tuple(why)
