"""Tables of numbers as CSV, JSON, Parquet or aligned text: the same numbers in every form, equally rounded."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..atlas import build_day, read_materials
from ..errors import MissingError, UnknownNameError
from ..origins import describe_origins, list_used
from ..request import take_own
from ..tables import guard, write_table
from .stats import list_days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from .compare import Comparison
    from .stats import Given

FORMATS = ("csv", "json", "parquet")
DECIMALS = {"km2": 2, "share": 4, "km": 1}  # by the end of a column's name
Rows = list[dict[str, Any]]


def encode_table(
    frame: pd.DataFrame, form: str, about: Mapping[str, Any], *, more: Mapping[str, pd.DataFrame] | None = None
) -> bytes:
    """Return a table as "csv", "json" or "parquet"; `about` is what JSON and Parquet say of it, `more` is for JSON.

    Raises UnknownNameError for another form, MissingError when pyarrow is not installed.
    """
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    rounded = round_numbers(frame)
    if form == "csv":
        return _to_csv(rounded)
    if form == "json":
        told = {**about, "rows": _to_rows(rounded)}
        told |= {name: _to_rows(round_numbers(table)) for name, table in (more or {}).items()}
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    return _to_parquet(rounded, about)


def describe_table(kind: str, first: date, last: date | None, given: Given, **more: str) -> dict[str, Any]:
    """Return what a table is: its kind and days, who made it, from which sources and files."""
    materials = read_materials(take_own(given))
    days = (build_day(materials, on, carry=given.get("carry", False)) for on in list_days(first, last))
    told = {"kind": kind, "from": first.isoformat(), "to": (last or first).isoformat(), **more}
    return told | describe_origins(materials, list_used(days))


def round_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with km2 to the hectare, km to 100 m and shares to a hundredth of a per cent."""
    ends = {name: DECIMALS[end] for name in frame if (end := str(name).rpartition("_")[2]) in DECIMALS}
    return frame.round(ends)


def _to_csv(frame: pd.DataFrame) -> bytes:
    texts = {
        name: [guard(str(value)) for value in column] if _is_text(column) else _to_texts(column)
        for name, column in frame.items()
    }
    return write_table(pd.DataFrame(texts, columns=frame.columns)).encode("utf-8")


def _to_texts(column: pd.Series[Any]) -> list[str]:
    if column.dtype.kind == "M":
        return [day.date().isoformat() for day in column]
    return [repr(value) for value in column.tolist()]


def _days_in(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame if frame[name].dtype.kind == "M"]


def _is_text(column: pd.Series[Any]) -> bool:
    return column.dtype.kind not in "Mfiub"


def _to_rows(frame: pd.DataFrame) -> Rows:
    plain = frame.assign(**{name: _to_texts(frame[name]) for name in _days_in(frame)})
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _to_parquet(frame: pd.DataFrame, about: Mapping[str, Any]) -> bytes:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise MissingError("Parquet", "pyarrow", "parquet") from error
    days = frame.assign(**{name: frame[name].dt.date for name in _days_in(frame)})
    table = pa.Table.from_pandas(days, preserve_index=False)
    told = {**(table.schema.metadata or {}), b"syriamap": json.dumps(about, ensure_ascii=False).encode("utf-8")}
    file = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata(told), file)
    return file.getvalue()


def lay_table(frame: pd.DataFrame, heads: Mapping[str, str]) -> list[str]:
    """Return the columns that `heads` names as lines of aligned text: texts at the left, numbers at the right."""
    rounded = round_numbers(frame)
    columns = [_lay_column(rounded[name], head, str(name).endswith("share")) for name, head in heads.items()]
    return ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]


def _lay_column(column: pd.Series[Any], head: str, share: bool) -> list[str]:
    if column.dtype.kind in "fiu":
        digits = 0 if column.dtype.kind in "iu" else 1
        texts = [f"{100 * value:.1f} %" if share else f"{value:,.{digits}f}" for value in column]
    else:
        texts = _to_texts(column) if column.dtype.kind == "M" else [_one_line(str(value)) for value in column]
    width = max(map(len, [head, *texts]))
    return [f"{text:>{width}}" if column.dtype.kind in "fiu" else f"{text:<{width}}" for text in (head, *texts)]


def _one_line(text: str) -> str:
    """Return a text of one line that no terminal takes for a command."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def lay_stats(frame: pd.DataFrame) -> list[str]:
    """Return `control_stats` as lines of text: what somebody has, land never without places; then what is not known."""
    who = "label" if "label" in frame else "bloc"
    heads = {"date": "day", who: "held by", "area_km2": "km2", "area_share": "of land", "places": "places"}
    heads |= {"places_share": "of places", "population": "people", "population_share": "of people"}
    heads |= {"places_contested": "contested", "places_claimed": "claimed"}
    first = frame[frame["date"] == frame["date"].iloc[0]]
    known, blank = first["places"].sum() - first["places_uncounted"].sum(), first["places_uncounted"].sum()
    note = f"people: of the {known} places whose number of people is known; {blank} have none"
    return [*lay_table(frame[(frame["area_km2"] > 0) | (frame["places"] > 0)], heads), note]


def lay_roads(frame: pd.DataFrame) -> list[str]:
    """Return `road_stats` as lines of text."""
    who = "label" if "label" in frame else "bloc"
    return lay_table(frame, {"date": "day", "ref": "road", "name": "", who: "held by", "km": "km", "km_share": "of it"})


def lay_changes(changes: pd.DataFrame, totals: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return `list_changes` and `sum_changes` as lines of text; `names` holds those of the parties."""
    if changes.empty:
        return ["nothing changed hands"]
    told = changes.assign(
        origin=_name_states(changes, "from", names), now=_name_states(changes, "to", names), lost=changes["bases_lost"]
    )
    heads = {"date": "day", "event": "event", "name": "place", "kind": "kind", "origin": "from", "now": "to"}
    heads |= {"area_km2": "km2", "places": "places", "lost": "air base lost", "confidence": "confidence"}
    heads |= {"statement": "statement", "sources": "sources"}
    return [*lay_table(told, heads), *(["", *lay_totals(totals, names)] if len(totals) else [])]


def lay_totals(totals: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return `sum_changes` as lines of text."""
    if totals.empty:
        return ["nothing changed hands"]
    sums = totals.assign(origin=totals["from_party"].map(names), now=totals["to_party"].map(names))
    columns = {"date": "day", "origin": "from", "now": "to", "area_km2": "km2", "places": "places"}
    columns |= {"recut_km2": "of it recut"} if sums["recut_km2"].any() else {}
    return lay_table(sums, columns)


def lay_comparison(found: Comparison) -> list[str]:
    """Return `compare_tables` as lines of text: whom is compared, the sums, by pair of holders, then row by row."""
    names = {party.id: party.label for party in found.parties.values()}
    head = f"end of {found.on}: A = {found.names[0]}, B = {found.names[1]}"
    sums = {"kind": "they", "area_km2": "km2", "area_share": "of land", "places": "places", "places_share": "of places"}
    totals = found.totals.assign(kind=[SAYINGS[kind] for kind in found.totals["kind"]])
    lines = [head, "", *lay_table(totals, sums)]
    if found.table.empty:
        return lines
    pairs = found.pairs.assign(
        first=found.pairs["first_party"].map(names), second=found.pairs["second_party"].map(names)
    )
    heads = {"kind": "difference", "first": "A says", "second": "B says", "area_km2": "km2", "places": "places"}
    table = found.table
    told = table.assign(first=_name_states(table, "first", names), second=_name_states(table, "second", names))
    rows = heads | {"place_names": "which"}
    rows |= {f"{side}_{what}": f"{head}{what}" for side, head in SIDES.items() for what in ("statement", "sources")}
    return [*lines, "", *lay_table(pairs, heads), "", *lay_table(told, rows)]


SAYINGS = {"agreed": "agree", "party": "name two holders", "silent": "one names none", "status": "differ in status"}
SIDES = {"first": "A: ", "second": "B: "}


def _name_states(changes: pd.DataFrame, end: str, names: Mapping[str, str]) -> Sequence[str]:
    """Return party, status where it is more than held, and rival."""
    found = []
    for party, status, rival in changes[[f"{end}_party", f"{end}_status", f"{end}_rival"]].itertuples(index=False):
        doubt = "" if status in ("held", "unknown") else f", {status}" + (f" by {names[rival]}" if rival else "")
        found.append(names[party] + doubt)
    return found
