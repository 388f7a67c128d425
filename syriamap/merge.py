"""The merge rule: who holds every cell at the end of a day.

The state of a cell on day D is the newest statement, dated D or earlier, about the cell or anything that contains it.
On one day the smaller unit wins, within one unit the later row. The table says what changed; the day is computed, so
nothing after D can reach it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .errors import NoControlError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .model import Cells, Control

    Numbers = NDArray[np.int64]
    Texts = NDArray[np.object_]

NONE = -1  # no such entry, no such row
NEVER = np.iinfo(np.int64).min  # the day of an entry that does not exist
EPOCH = date(1970, 1, 1).toordinal()
DAYS = 2**31  # more than there are on either side of 1970
MARKS = ("contested", "claimed")  # they stand for some days; then the holder's plain state returns
FIELDS = ("id", "controller", "rival", "status")


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The statements sorted by unit, day and row: one entry each.

    newest unit by unit: the entries of the unit at position u of `units` are `begins[u]` to `begins[u + 1] - 1`
    key    unit and day as one number, in order
    row    position in the table
    day    counted from 1970
    until  last day on which a mark stands
    party  a number for each controller
    other  the entry that would stand in its stead: the one before it about the unit, NONE = there is none
    before the entry that ruled the unit on the last earlier day it was named, NONE = there is none
    run    the entry with which the unit's unbroken holding by this party began
    """

    units: pd.Index[str]
    begins: Numbers
    key: Numbers
    row: Numbers
    day: Numbers
    until: Numbers
    party: Numbers
    other: Numbers
    before: Numbers
    run: Numbers


def control_on(cells: Cells, control: Control, on: date, *, carry: bool = False) -> pd.DataFrame:
    """Return the state of every cell at the end of a day in Damascus.

    Index: cell. Columns: party, status ("held", "contested", "claimed", "vacated", "unknown"), rival ("" unless a mark
    stands), since (first day of the present unbroken holding by that party, NaT = unknown), statement (id, "" = none),
    row, began (positions in the table of that statement and of the one the holding began with, -1 = none), runner_up
    (id of the statement that would decide in its absence, "" = none). Raises NoControlError as `check_day` does.
    """
    check_day(control, on, carry=carry)
    ledger, today = read_ledger(control), to_number(on)
    newest = _get(_newest(ledger, np.arange(len(ledger.units)), today + 1), _chains(cells, control))
    pick = _pick(ledger, newest)
    best = _at(newest, pick)
    began = _began(ledger, newest)
    row = _get(ledger.row, best)
    said = {name: look_up(control, name, row) for name in FIELDS}
    none = best == NONE
    marked = np.isin(said["status"].astype(str), MARKS) & (_get(ledger.until, best, NEVER) >= today)
    plain = np.where(said["status"] == "vacated", "vacated", "held")
    states = {
        "party": np.where(none, control.unknown, said["controller"]),
        "status": np.where(none, "unknown", np.where(marked, said["status"], plain)),
        "rival": np.where(marked, said["rival"], ""),
        "since": to_days(_get(ledger.day, began, NEVER)),
        "statement": np.where(none, "", said["id"]),
        "row": row,
        "began": _get(ledger.row, began),
        "runner_up": _runner_up(ledger, control, newest, pick),
    }
    return pd.DataFrame(states, index=cells.frame.index)


def fight_began(cells: Cells, control: Control, at: Numbers, taker: Texts, taken: NDArray[Any]) -> NDArray[Any]:
    """Return the first of the days on which takers contested some cells without a break up to the days they took them.

    `at` are positions of cells; the days are datetime64[s], those of the taking where nobody fought before.
    """
    ledger, chains = read_ledger(control), _chains(cells, control)[at]
    began, open_ = _to_numbers(taken), np.arange(len(at))
    while len(open_):
        entries = _newest(ledger, chains[open_], began[open_][:, None])
        entry = _at(entries, _pick(ledger, entries))
        row = _get(ledger.row, entry)
        fought = (look_up(control, "status", row) == "contested") & (look_up(control, "rival", row) == taker[open_])
        lasted = _get(ledger.until, entry, NEVER) >= began[open_] - 1
        going = fought & lasted
        open_, entry = open_[going], entry[going]
        began[open_] = ledger.day[entry]
    return to_days(began)


def check_day(control: Control, on: date, *, carry: bool = False) -> None:
    """Raise NoControlError before the first statement and, unless `carry`, more than `carry_days` after the last."""
    if on < control.first:
        raise NoControlError(f"no statement on or before {on}; the first is of {control.first}")
    if not carry and (on - control.last).days > control.carry_days:
        raise NoControlError(
            f"{on} is more than {control.carry_days} days after the last statement, of {control.last}; "
            "ask for an earlier day, or carry the last state on"
        )


def trace(cells: Cells, control: Control, cell: str, on: date) -> Numbers:
    """Return the rows that ruled a cell up to a day, one a day, the oldest first (positions in the table)."""
    ledger, today = read_ledger(control), to_number(on)
    chain = _chains(cells, control)[cells.frame.index.get_loc(cell)]
    ruled = {}
    for unit in reversed(chain):  # the smallest last, which wins
        for entry in range(ledger.begins[unit], ledger.begins[unit + 1]):  # of NONE this is an empty range
            ruled[ledger.day[entry]] = ledger.row[entry]
    return np.array([ruled[day] for day in sorted(ruled) if day <= today], dtype=np.int64)


@lru_cache(maxsize=4)
def read_ledger(control: Control) -> Ledger:
    """Return the statements of a table in the order in which the merge looks them up."""
    table = control.statements
    unit, units = pd.factorize(table["unit"])
    day = _day_numbers(table["date"])
    order = np.lexsort((day, unit))  # stable: rows of one unit and day keep their order
    unit, day = unit[order], day[order]
    party = pd.factorize(table["controller"])[0][order]
    set_until = table["until"].notna().to_numpy()[order]
    until = np.where(set_until, _day_numbers(table["until"])[order], day + control.mark_days - 1)
    key, begins = unit * DAYS + day, np.append(np.flatnonzero(~_as_before(unit)), len(unit))
    return Ledger(units, begins, key, order, day, until, party, *_holdings(unit, key, party))


def look_up(control: Control, column: str, rows: Numbers) -> Texts:
    """Return the texts of a column in some rows; the last row stands in for NONE."""
    return np.asarray(control.statements[column].array.take(rows))


def _holdings(unit: Numbers, key: Numbers, party: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return `other`, `before` and `run` of the ledger: for the last two only the last row of a day counts."""
    entries = np.arange(len(unit))
    other = np.where(_as_before(unit), entries - 1, NONE)
    fresh = ~_as_before(key)
    group = np.cumsum(fresh) - 1
    last = entries[np.append(fresh[1:], True)]
    same = _as_before(unit[last])
    before = np.where(same, np.roll(last, 1), NONE)
    begins = ~same | (party[last] != party[before])
    run = last[begins][np.cumsum(begins) - 1]
    return other, before[group], run[group]


def _as_before(values: Numbers) -> NDArray[np.bool_]:
    """Return which values are the same as the one before them."""
    return np.append(False, values[1:] == values[:-1])


def to_number(on: date) -> int:
    """Return a day as the ledger counts it."""
    return on.toordinal() - EPOCH


def to_days(numbers: Numbers) -> NDArray[np.datetime64]:
    """Return the ledger's days as dates, NaT for NEVER."""
    return numbers.astype("datetime64[D]").astype("datetime64[s]")


def _day_numbers(days: pd.Series[pd.Timestamp]) -> Numbers:
    return _to_numbers(days.to_numpy())


def _to_numbers(days: NDArray[Any]) -> Numbers:
    return days.astype("datetime64[D]").view(np.int64)


# Looking up


@lru_cache(maxsize=16)
def _chains(cells: Cells, control: Control) -> Numbers:
    """Return the units that reach each cell, the smallest first: a row of positions a cell, NONE where it ends."""
    positions = {unit: position for position, unit in enumerate(read_ledger(control).units)}
    chains = [[positions[unit] for unit in chain if unit in positions] for chain in cells.frame["chain"]]
    width = max(1, *map(len, chains))
    return np.array([[*chain, *[NONE] * (width - len(chain))] for chain in chains])


def _newest(ledger: Ledger, units: Numbers, before: Numbers | int) -> Numbers:
    """Return the newest entry of each unit before a day, NONE where it has none and for the unit NONE."""
    last = np.searchsorted(ledger.key, units * DAYS + before) - 1
    return np.where(last >= ledger.begins[units], last, NONE)  # begins[NONE] is the end, which none reaches


def _pick(ledger: Ledger, entries: Numbers) -> Numbers:
    """Return which column decides: the newest day, and of one day the first, which is the smallest unit."""
    pick: Numbers = _get(ledger.day, entries, NEVER).argmax(axis=1)
    return pick


def _runner_up(ledger: Ledger, control: Control, newest: Numbers, pick: Numbers) -> NDArray[np.object_]:
    others, lines = newest.copy(), np.arange(len(newest))
    others[lines, pick] = _get(ledger.other, others[lines, pick])
    second = _at(others, _pick(ledger, others))
    return np.where(second == NONE, "", look_up(control, "id", _get(ledger.row, second)))


def _began(ledger: Ledger, newest: Numbers) -> Numbers:
    """Return the entry with which the present unbroken holding of each cell began, NONE where nothing is known.

    Walks back day by day over all units that reach a cell; where one unit alone speaks, its whole run is one step.
    """
    began = np.full(len(newest), NONE)
    open_, left = np.arange(len(newest)), newest
    while len(open_):
        now = _at(left, _pick(ledger, left))
        same = (now != NONE) & ((began[open_] == NONE) | (_get(ledger.party, now) == _get(ledger.party, began[open_])))
        open_, left, now = open_[same], left[same], now[same]
        left, now = _step_back(ledger, left, now)
        began[open_] = now
    return began


def _step_back(ledger: Ledger, left: Numbers, now: Numbers) -> tuple[Numbers, Numbers]:
    """Return the entries that are left after a day is passed, and the entry that the holding reaches back to."""
    passed = ledger.day[left] == ledger.day[now][:, None]  # before NONE is NONE
    rest = np.where(passed, _get(ledger.before, left), left)
    own = left == now[:, None]
    start = ledger.run[now]
    others = np.where(own, NEVER, _get(ledger.day, rest, NEVER)).max(axis=1)
    free = others < ledger.day[start]
    rest = np.where(own & free[:, None], ledger.before[start][:, None], rest)
    return rest, np.where(free, start, now)


def _at(entries: Numbers, pick: Numbers) -> Numbers:
    return entries[np.arange(len(entries)), pick]


def _get(values: Numbers, entries: Numbers, missing: int = NONE) -> Numbers:
    return np.where(entries == NONE, missing, values[entries])
