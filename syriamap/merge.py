"""The merge rule: who holds every cell at the end of a day.

The state of a cell on day D is the newest statement, dated D or earlier, about the cell or anything that contains it.
On one day the smaller unit wins, within one unit the later row. The table says what changed; the day is computed, so
nothing after D can reach it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .errors import NoControlError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from .model import Cells, Control

    Numbers = NDArray[np.int64]
    Texts = NDArray[np.object_]

NONE = -1  # no such entry, no such row
NEVER = np.iinfo(np.int64).min  # the day of an entry that does not exist
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
    newest = _newest(ledger, _chains(cells, control), today)
    pick = _pick(ledger, newest)
    best = _at(newest, pick)
    began = _began(ledger, newest)
    row = _get(ledger.row, best)
    said = {name: look_up(control, name, row) for name in FIELDS}
    none = best == NONE
    marked = np.isin(said["status"].astype(str), MARKS) & (_get(ledger.until, best) >= today) & ~none
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
        entries = _newest_before(ledger, chains[open_], began[open_])
        entry = _at(entries, _pick(ledger, entries))
        row = _get(ledger.row, entry)
        fought = (look_up(control, "status", row) == "contested") & (look_up(control, "rival", row) == taker[open_])
        lasted = (entry != NONE) & (_get(ledger.until, entry) >= began[open_] - 1)
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
    ledger = read_ledger(control)
    spans = [
        range(ledger.begins[unit], ledger.begins[unit + 1]) for unit in _chain(ledger, cells.frame.at[cell, "chain"])
    ]
    entries = np.array([entry for span in spans for entry in span], dtype=np.int64)
    rank = np.array([rank for rank, span in enumerate(spans) for _ in span], dtype=np.int64)
    known = ledger.day[entries] <= to_number(on)
    entries, rank = entries[known], rank[known]
    order = np.lexsort((entries, -rank, ledger.day[entries]))
    days = ledger.day[entries[order]]
    return ledger.row[entries[order[np.append(days[1:] != days[:-1], True)]]] if len(order) else entries


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
    before, run = _holdings(unit, day, party)
    begins = np.searchsorted(unit, np.arange(len(units) + 1))
    return Ledger(pd.Index(units), begins, unit * DAYS + day, order, day, until, party, before, run)


def look_up(control: Control, column: str, rows: Numbers) -> Texts:
    """Return the texts of a column in some rows; the last row stands in for NONE."""
    return np.asarray(control.statements[column].array.take(rows), dtype=object)


def _holdings(unit: Numbers, day: Numbers, party: Numbers) -> tuple[Numbers, Numbers]:
    """Return `before` and `run` of the ledger: only the last row of a day counts."""
    fresh = np.append(True, (unit[1:] != unit[:-1]) | (day[1:] != day[:-1]))
    group = np.cumsum(fresh) - 1
    last = np.append(np.flatnonzero(fresh)[1:], len(unit)) - 1
    same = np.append(False, unit[last][1:] == unit[last][:-1])
    before = np.where(same, np.append(NONE, last[:-1]), NONE)
    begins = ~same | (party[last] != party[before])
    run = last[np.maximum.accumulate(np.where(begins, np.arange(len(last)), 0))]
    return before[group], run[group]


def to_number(on: date) -> int:
    """Return a day as the ledger counts it."""
    return int(np.datetime64(on, "D").astype(np.int64))


def to_days(numbers: Numbers) -> NDArray[np.datetime64]:
    """Return the ledger's days as dates, NaT for NEVER."""
    return numbers.astype("datetime64[D]").astype("datetime64[s]")


def _day_numbers(days: pd.Series[pd.Timestamp]) -> Numbers:
    return _to_numbers(days.to_numpy())


def _to_numbers(days: NDArray[Any]) -> Numbers:
    return days.astype("datetime64[D]").astype(np.int64)


# Looking up


@lru_cache(maxsize=16)
def _chains(cells: Cells, control: Control) -> Numbers:
    """Return the units that reach each cell, the smallest first: a row of positions a cell, NONE where it ends."""
    chains = cells.frame["chain"]
    width = max(1, *(len(chain) for chain in chains))
    padded = [name for chain in chains for name in (*chain, *[""] * (width - len(chain)))]
    return _find(read_ledger(control), padded).reshape(len(chains), width)


def _chain(ledger: Ledger, chain: tuple[str, ...]) -> Numbers:
    return np.array([ledger.units.get_loc(name) for name in chain if name in ledger.units], dtype=np.int64)


def _find(ledger: Ledger, names: Sequence[str]) -> Numbers:
    return np.asarray(ledger.units.get_indexer(pd.Index(names, dtype=object)), dtype=np.int64)


def _newest(ledger: Ledger, chains: Numbers, today: int) -> Numbers:
    """Return, shaped as the chains, the newest entry of each unit up to a day, NONE where it has none."""
    units = np.arange(len(ledger.begins) - 1)
    last = np.searchsorted(ledger.key, units * DAYS + today, side="right") - 1
    last = np.where(last < ledger.begins[:-1], NONE, last)
    return _get(last, chains)


def _newest_before(ledger: Ledger, chains: Numbers, days: Numbers) -> Numbers:
    """Return, shaped as the chains, the newest entry of each unit before a day of each row, NONE where it has none."""
    last = np.searchsorted(ledger.key, chains * DAYS + days[:, None] - 1, side="right") - 1
    known = (chains != NONE) & (last >= ledger.begins[np.maximum(chains, 0)])
    return np.where(known, last, NONE)


def _pick(ledger: Ledger, entries: Numbers) -> Numbers:
    """Return which column decides: the newest day, and of one day the first, which is the smallest unit."""
    return np.asarray(_get(ledger.day, entries, NEVER).argmax(axis=1), dtype=np.int64)


def _runner_up(ledger: Ledger, control: Control, newest: Numbers, pick: Numbers) -> NDArray[np.object_]:
    others = newest.copy()
    lines = np.arange(len(others))
    best = others[lines, pick]
    unit = np.searchsorted(ledger.begins, best, side="right") - 1
    others[lines, pick] = np.where((best != NONE) & (best > ledger.begins[np.maximum(unit, 0)]), best - 1, NONE)
    second = _at(others, _pick(ledger, others))
    return np.where(second == NONE, "", look_up(control, "id", _get(ledger.row, second)))


def _began(ledger: Ledger, newest: Numbers) -> Numbers:
    """Return the entry with which the present unbroken holding of each cell began, NONE where nothing is known.

    Walks back day by day over all units that reach a cell; where one unit alone speaks, its whole run is one step.
    """
    began = np.full(len(newest), NONE, dtype=np.int64)
    open_, left = np.arange(len(newest)), newest
    while len(open_):
        now = _at(left, _pick(ledger, left))
        same = (now != NONE) & ((began[open_] == NONE) | (_get(ledger.party, now) == _get(ledger.party, began[open_])))
        open_, left, now = open_[same], left[same], now[same]
        if not len(open_):
            break
        left, now = _step_back(ledger, left, now)
        began[open_] = now
    return began


def _step_back(ledger: Ledger, left: Numbers, now: Numbers) -> tuple[Numbers, Numbers]:
    """Return the entries that are left after a day is passed, and the entry that the holding reaches back to."""
    days = _get(ledger.day, left, NEVER)
    passed = days == ledger.day[now][:, None]
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
