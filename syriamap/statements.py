"""The rows of a control table: what may stand in each column, every fault with its line, the values left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from .dates import describe_bad_day, find_day
from .faults import count
from .names import AREA, PLACE, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from .faults import Faults
    from .model import Outlet
    from .names import Kind
    from .tables import Shapes, Table

Texts = npt.NDArray[np.object_]

REQUIRED = ("date", "unit", "controller", "source")
COLUMNS = [
    "id",
    "date",
    "precision",
    "unit",
    "controller",
    "rival",
    "status",
    "change",
    "basis",
    "confidence",
    "source",
    "url",
    "source2",
    "url2",
    "note",
    "until",
]
LEVEL = "level"  # says what the name of a unit means where it means several; it is no column of Control.statements
LEVELS = ("adm0", "adm1", "adm2", "adm3", "adm4", "adm5", PLACE, AREA)
KNOWN = [*COLUMNS, LEVEL]
WORDS = {
    "precision": ("day", "by", "about"),
    "status": ("held", "contested", "claimed", "vacated"),
    "change": ("captured", "recaptured", "withdrawn", "initial"),
    "basis": ("named", "area", "inferred", "background"),
    "confidence": ("high", "medium", "low"),
}
BACKGROUND = "background"  # the source of a row that rests on general knowledge, said openly
DISPUTED = ("contested", "claimed")
DEFAULTS = {"precision": "day", "status": "held", "change": "captured"}  # basis: see _default_basis
_MANY = 500  # different wrong values of one column that get a message each; the rest is counted
_BETWEEN = "\x1f"  # a unit and its level, as one text
_FEW = 8  # meanings of a name listed in a fault
_MOST_NAMED = 20  # names listed in a note
_OTHER_WORDS = {
    "date": ("day", "on", "as_of", "datum"),
    "unit": ("place", "place_id", "pcode", "admin", "area", "slug", "location", "town"),
    "controller": ("party", "holder", "actor", "control", "side", "held_by"),
    "source": ("outlet", "sources", "publisher", "reference"),
}


@dataclass(frozen=True)
class Vocabulary:
    """The words that rows may use.

    `markers` are places that hold no land. `strict` refuses outlets that are not listed, and names in place of ids.
    `leave_out` drops rows about units that the boundaries in use lack, instead of refusing them. `kinds` tells of every
    unit what it is.
    """

    units: Names
    markers: frozenset[str]
    parties: Names
    outlets: Mapping[str, Outlet]
    unknown: str
    strict: bool
    leave_out: bool = False
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def show_unit(self, key: str) -> str:
        """Return an id with its name and kind: "SY05 (Hama, ADM1)"."""
        return f"{key} ({self.units.name(key)}, {self.kinds[key].word})" if key in self.kinds else key

    def find_outlet(self) -> Names:
        """Return the ids of the outlets by all their spellings."""
        return Names({key: (outlet.name,) for key, outlet in self.outlets.items()})


@dataclass(frozen=True)
class _Sheet:
    """One table while it is checked: the columns that rows have, their lines and where faults go."""

    file: str
    lines: npt.NDArray[np.int64]
    faults: Faults

    def note(self, rows: npt.NDArray[Any], message: str) -> None:
        self.faults.add_lines(self.file, self.lines[rows], message)


@dataclass(frozen=True, eq=False)
class Checked:
    """The rows of one table, with the columns of `Control.statements`, confidence as stated.

    notes    which columns were ignored and which units were named by their names, in words
    shapes   what each row has drawn, as in the table; None for a table without geometry
    own      which rows speak about their own polygon: it is still to be checked, and gives them their unit
    """

    rows: pd.DataFrame
    notes: tuple[str, ...]
    shapes: Shapes | None
    own: npt.NDArray[np.bool_]


def check_statements(table: Table, words: Vocabulary, faults: Faults) -> Checked:
    """Return the rows of a table; faults go to `faults`, and the rows are of use only when there are none."""
    frame, ignored = _check_columns(table.frame, table.file, faults, drawn=table.shapes is not None)
    filled = _find_filled(frame)
    frame = frame if filled.all() else frame[filled]
    shapes = None if table.shapes is None else table.shapes[filled]
    sheet = _Sheet(table.file, table.lines[filled], faults)
    columns: dict[str, Any] = {name: _strip(frame, name) for name in COLUMNS}
    columns["id"] = _check_ids(columns["id"], sheet, table.path.stem)
    own = _find_own(columns["unit"], shapes, words)
    columns["unit"], kept, named = _check_units(columns["unit"], _check_levels(frame, sheet), sheet, words, own)
    for name in ("date", "until"):
        columns[name] = _check_days(columns[name], name, sheet)
    for name, allowed in WORDS.items():
        columns[name] = _check_words(columns[name], name, allowed, sheet)
    _check_parties(columns, sheet, words)
    for name in ("source", "source2"):
        columns[name] = _check_outlets(columns[name], name, sheet, words)
    columns["basis"] = _default_basis(columns["basis"], columns["source"])
    _check_spans(columns, sheet)
    rows = pd.DataFrame(columns).assign(file=table.path.name, line=sheet.lines)
    notes = [f"columns ignored: {', '.join(ignored)}"] if ignored else []
    notes += [_tell_named(named)] if named else []
    rows = rows if kept.all() else rows[kept].reset_index(drop=True)
    return Checked(rows, tuple(notes), shapes if shapes is None else shapes[kept], own[kept])


# Columns


def _check_columns(
    frame: pd.DataFrame, file: str, faults: Faults, *, drawn: bool
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the known columns under their right names and the names of the others, after noting what is amiss.

    Where rows have `drawn` what they speak about, there need be no column of units.
    """
    names = [str(name).strip().casefold() for name in frame.columns]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            faults.add(file, 1, f"column {name!r} stands {names.count(name)} times; expected once")
    missing = [name for name in KNOWN if name not in names]
    ignored = []
    for at, name in enumerate(names):
        near = get_close_matches(name, missing, n=1, cutoff=0.75)
        if name not in KNOWN and near:
            faults.add(file, 1, f"column {frame.columns[at]!r} is not known; did you mean {near[0]}?")
            missing.remove(near[0])
            names[at] = near[0]
        elif name not in KNOWN:
            ignored.append(str(frame.columns[at]))
    for name in REQUIRED:
        if name in missing and not (drawn and name == "unit"):
            faults.add(file, 1, _describe_missing(name, ignored))
    known = [at for at, name in enumerate(names) if name in KNOWN and name not in names[:at]]
    kept = frame.iloc[:, known]
    kept.columns = pd.Index([names[at] for at in known], dtype=object)
    return kept, tuple(name for name in ignored if name)


def _find_filled(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which rows hold anything; the columns are asked one by one, until no row is left to ask for."""
    filled = np.zeros(len(frame), dtype=bool)
    for at in range(frame.shape[1]):
        if filled.all():
            break
        filled |= (frame.iloc[:, at] != "").to_numpy(dtype=bool)
    return filled


def _describe_missing(name: str, others: Sequence[str]) -> str:
    near = [other for other in others if other.casefold() in _OTHER_WORDS[name]]
    hint = f"; did you mean it by {near[0]!r}?" if near else ""
    return f"column {name!r} is missing; expected at least {', '.join(REQUIRED)}{hint}"


def _strip(frame: pd.DataFrame, name: str) -> Texts:
    """Return a column without blanks around its values; a column that is not there is empty."""
    if name not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    return _by_value(frame[name].to_numpy(dtype=object), str.strip)


def _by_value(values: Texts, change: Callable[[str], Any]) -> Texts:
    """Return every value changed, computing once for each different one."""
    codes, different = pd.factorize(values)
    changed = np.empty(len(different), dtype=object)
    changed[:] = [change(value) for value in different]
    return changed[codes]


def _note_each(
    values: Texts, describe: Callable[[str], str], sheet: _Sheet, *, within: npt.NDArray[Any] | None = None
) -> None:
    """Note every value for which `describe` has words, with all its lines; `within` limits the rows."""
    rows = np.arange(len(values)) if within is None else np.flatnonzero(within)
    codes, different = pd.factorize(values[rows])
    wrong = {code: message for code, value in enumerate(different) if (message := describe(value))}
    if not wrong:
        return
    at = np.flatnonzero(np.isin(codes, list(wrong)))
    at = at[np.argsort(codes[at], kind="stable")]
    groups = np.split(at, np.flatnonzero(np.diff(codes[at])) + 1)
    for group in groups[:_MANY]:
        sheet.note(rows[group], wrong[codes[group[0]]])
    if len(groups) > _MANY:
        first = int(sheet.lines[rows[groups[_MANY][0]]])
        sheet.faults.add(sheet.file, first, f"{len(groups) - _MANY} more wrong values in the same column, from here on")


# Cells


def _check_ids(ids: Texts, sheet: _Sheet, stem: str) -> Texts:
    """Return the ids; a row without one is named by its file and line."""
    empty = ids == ""
    if empty.any():
        ids = ids.copy()
        ids[empty] = [f"{stem}-{line}" for line in sheet.lines[empty]]
    doubled = pd.Series(ids).duplicated().to_numpy()
    if doubled.any():
        first = {key: int(line) for key, line in zip(ids[::-1], sheet.lines[::-1], strict=True)}
        for key, line in zip(ids[doubled], sheet.lines[doubled], strict=True):
            message = f"id {key!r} stands in line {first[key]} too; expected every id once; leave it out or number it"
            sheet.faults.add(sheet.file, int(line), message)
    return ids


def _find_own(units: Texts, shapes: Shapes | None, words: Vocabulary) -> npt.NDArray[np.bool_]:
    """Return which rows speak about what they have drawn: those without a unit, and polygons of a unit of their own."""
    if shapes is None:
        return np.zeros(len(units), dtype=bool)
    drawn = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
    polygon = np.array([shape is not None and "Polygon" in shape.geom_type for shape in shapes], dtype=bool)
    known = pd.Series(units).isin(words.units.ids).to_numpy()
    return np.asarray((drawn & (units == "")) | (polygon & ~known), dtype=bool)


def _check_levels(frame: pd.DataFrame, sheet: _Sheet) -> Texts | None:
    """Return what the units of the rows are said to be, None for a table that never says it."""
    if LEVEL not in frame.columns:
        return None
    return _check_words(_by_value(_strip(frame, LEVEL), str.casefold), LEVEL, LEVELS, sheet)


def _check_units(
    units: Texts, levels: Texts | None, sheet: _Sheet, words: Vocabulary, own: npt.NDArray[np.bool_]
) -> tuple[Texts, npt.NDArray[np.bool_], list[str]]:
    """Return the ids of the units, which rows to keep and what was named by its name, after noting the rest.

    Rows that speak about their `own` polygon may name it as they like.
    """
    if words.leave_out:
        return units, np.asarray(pd.Series(units).isin(words.units.ids).to_numpy()), []
    asked = units if levels is None else units + _BETWEEN + levels
    known, found = set(words.units.ids), {}
    for text in pd.unique(asked):
        unit, _, level = text.partition(_BETWEEN)
        found[text] = _find_unit(unit, level, known, words)
    _note_each(asked, lambda text: found[text].fault, sheet, within=~own if own.any() else None)
    named = [f"{text.partition(_BETWEEN)[0]} -> {one.told}" for text, one in found.items() if one.told]
    ids = np.where(own, units, _by_value(asked, lambda text: found[text].id))
    return ids, np.ones(len(units), dtype=bool), named


class _Unit(NamedTuple):
    """What a unit means: its id, or why it means none; `told` when it was found by its name."""

    id: str
    fault: str = ""
    told: str = ""


def _find_unit(unit: str, level: str, known: Collection[str], words: Vocabulary) -> _Unit:
    """Return what a unit means: the very id first, then a name that means one thing. What is only near is a fault."""
    kinds = words.kinds
    if unit in known and level in ("", kinds[unit].level if unit in kinds else ""):
        return _Unit(unit)
    found = words.units.find(unit) if unit else ()
    fits = [key for key in found if level in ("", kinds[key].level)] if not words.strict else []
    if len(fits) == 1:
        return _Unit(fits[0], told=f"{fits[0]} ({kinds[fits[0]].word})")
    return _Unit(unit, _describe_unknown(unit, level, fits or found, words, several=len(fits) > 1))


def _describe_unknown(unit: str, level: str, found: Sequence[str], words: Vocabulary, *, several: bool) -> str:
    """Return why a unit means no single thing, and how to say which; `found` is what its name may mean."""
    what = "expected the id of a place, the code of an area or a special area"
    if not unit:
        return f"unit is empty; {what}"
    shown = [words.show_unit(key) for key in found[:_FEW]] + ["..."] * (len(found) > _FEW)
    if several:
        said = sorted({words.kinds[key].level for key in found})
        way_out = f", or say which in a column {LEVEL} ({' or '.join(said)})" if len(said) > 1 else ""
        return f"unit {unit!r} means several: {', '.join(shown)}; expected the code or id of one{way_out}"
    if unit in words.markers:
        return f"unit {unit!r} is a marker, which takes the state of the land around it; {what}"
    if found and level and not words.strict:
        return f"unit {unit!r} is no {level}; it means {' or '.join(shown)}; expected a unit of the {LEVEL} in its row"
    return f"unit {unit!r} is not known; {what}; {words.units.hint(unit)}"


def _tell_named(named: Sequence[str]) -> str:
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return f"{count(len(named), 'unit')} named by names: {', '.join(named[:_MOST_NAMED])}{more}"


def _check_days(texts: Texts, name: str, sheet: _Sheet) -> npt.NDArray[np.datetime64]:
    """Return the days of a column; NaT where it is empty."""

    def describe(text: str) -> str:
        if not text:
            return "date is empty; expected a day such as 2024-12-05" if name == "date" else ""
        return "" if find_day(text) else describe_bad_day(text, name)

    _note_each(texts, describe, sheet)
    codes, different = pd.factorize(texts)
    days = np.array([np.datetime64(find_day(text) or "NaT", "s") for text in different], dtype="datetime64[s]")
    return days[codes] if len(days) else np.empty(0, dtype="datetime64[s]")


def _check_words(texts: Texts, name: str, allowed: Sequence[str], sheet: _Sheet) -> Texts:
    """Return a column of fixed words, the default where it is empty."""

    def describe(text: str) -> str:
        if not text or text in allowed:
            return ""
        near = get_close_matches(text.casefold(), allowed, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"{name} {text!r} is not known; expected {', '.join(allowed)}{hint}"

    _note_each(texts, describe, sheet)
    return _by_value(texts, lambda text: text or DEFAULTS.get(name, ""))


def _check_parties(columns: Mapping[str, Texts], sheet: _Sheet, words: Vocabulary) -> None:
    """Note parties nobody knows, and rivals that are missing, idle or the holder himself."""
    known = set(words.parties.ids)

    def describe(name: str, party: str) -> str:
        if party in known:
            return ""
        if not party:
            return f"{name} is empty; expected the id of a party; {words.parties.hint(party)}"
        return f"{name} {party!r} is not known; expected the id of a party; {words.parties.hint(party)}"

    controller, rival, status = columns["controller"], columns["rival"], columns["status"]
    _note_each(controller, lambda party: describe("controller", party), sheet)
    _note_each(rival, lambda party: describe("rival", party) if party else "", sheet)
    disputed = np.isin(status, DISPUTED)
    plain = np.isin(status, [word for word in WORDS["status"] if word not in DISPUTED])
    for word in DISPUTED:
        alone = (status == word) & (rival == "")
        sheet.note(alone, f"status {word} without a rival; expected the id of the other party in the column rival")
    sheet.note(disputed & (rival == controller) & (rival != ""), "rival is the controller; expected the other party")
    idle = plain & (rival != "")
    hint = "expected none; leave it empty, or say status contested or claimed"
    _note_each(rival, lambda party: f"rival {party!r} in a row that is not disputed; {hint}", sheet, within=idle)
    left = (status == "vacated") & (controller != words.unknown) & (controller != "")
    sheet.note(left, f"status vacated with a controller; expected {words.unknown!r}, or status held")


def _check_outlets(texts: Texts, name: str, sheet: _Sheet, words: Vocabulary) -> Texts:
    """Return the ids of the outlets; a name that is not listed stays as it is, or is a fault in a strict table."""
    outlets = words.find_outlet()

    def describe(text: str) -> str:
        if not text:
            hint = f"expected an outlet, or {BACKGROUND!r} for general knowledge"
            return f"source is empty; {hint}" if name == "source" else ""
        if words.strict and text != BACKGROUND and text not in words.outlets:
            return f"{name} {text!r} is not in outlets.csv; {outlets.hint(text)}"
        return ""

    def resolve(text: str) -> str:
        if text.casefold() == BACKGROUND:
            return BACKGROUND
        found = () if text in words.outlets else outlets.find(text)
        return found[0] if found else text

    _note_each(texts, describe, sheet)
    return _by_value(texts, resolve)


def _default_basis(basis: Texts, source: Texts) -> Texts:
    """Return the basis; where it is empty, a row names its place in a report unless its source is background."""
    return np.where(basis != "", basis, np.where(source == BACKGROUND, "background", "named"))


def _check_spans(columns: Mapping[str, Any], sheet: _Sheet) -> None:
    """Note marks that end before they begin, and ends of rows that have no mark."""
    start, until = columns["date"], columns["until"]
    given = ~np.isnat(until)
    for row in np.flatnonzero(given & (until < start)):
        days = f"until {_iso(until[row])} is before the date {_iso(start[row])}"
        sheet.faults.add(sheet.file, int(sheet.lines[row]), f"{days}; expected the same day or a later one")
    plain = given & np.isin(columns["status"], ["held", "vacated"])
    sheet.note(plain, "until in a row that is not disputed; expected status contested or claimed, or nothing")


def _iso(moment: np.datetime64) -> str:
    return str(moment.astype("datetime64[D]"))


# Confidence


def rate_confidence(rows: pd.DataFrame, outlets: Mapping[str, Outlet]) -> Texts:
    """Return how sure each row is, from its sources alone.

    high: two independent printable outlets and no dispute. medium: one, or background said openly. low: none, disputed
    (by its status or its note), or not about the place by name. A `confidence` that a row states may lower it, never
    raise it.
    """
    first, second = (_by_value(rows[name].to_numpy(dtype=object), _heads(outlets)) for name in ("source", "source2"))
    count = (first != "").astype(int) + ((second != "") & (second != first)).astype(int)
    basis = rows["basis"].to_numpy(dtype=object)
    rate = np.minimum(count, 2)
    rate[basis == "background"] = 1
    disputed = np.isin(rows["status"], DISPUTED) | rows["note"].str.contains("disputed", regex=False).to_numpy()
    rate[disputed | np.isin(basis, ["area", "inferred"])] = 0
    stated = _by_value(rows["confidence"].to_numpy(dtype=object), lambda word: _RATES.get(word, 2)).astype(int)
    rated: Texts = np.array(["low", "medium", "high"], dtype=object)[np.minimum(rate, stated)]
    return rated


_RATES = {"low": 0, "medium": 1, "high": 2}


def _heads(outlets: Mapping[str, Outlet]) -> Callable[[str], str]:
    """Return a function that names whose report a printable outlet carries, and "" for all others."""

    def head(name: str) -> str:
        outlet = outlets.get(name)
        if outlet is None or not outlet.printable:
            return ""
        while outlet.parent in outlets:
            outlet = outlets[outlet.parent]
        return outlet.id

    return head
