"""The key: the rows that any day of the table can need get a slot; a day prints the rows that are in its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..model import Box
from ..picture import KeyEntry, KeyRow
from .words import short_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ..model import Control
    from ..picture import Base, Marker, Patch, Road
    from ..theme import Theme
    from .text import Pen


# Rows in the order of their slots: what is there on every day first, so that a day without the others has no holes.
SIGN_ORDER = ("base-held", "road", "base-lost", "date", "front-before", "port", "field", "contested", "claimed")


def party_rows(
    patches: Sequence[Patch], control: Control, theme: Theme, phrases: Mapping[str, Any], since: date, *, gains: bool
) -> list[KeyRow]:
    """Return a row for every party with land in the frame: its colour, and the second one of gained or sparse land."""
    looks: dict[str, set[str]] = {}
    for patch in patches:
        looks.setdefault(patch.party, set()).add(patch.look)
    return [
        _party_row(party, looks[party], control, theme, phrases, since, gains)
        for party in control.parties
        if party in looks
    ]


def _party_row(
    party: str, looks: set[str], control: Control, theme: Theme, phrases: Mapping[str, Any], since: date, gains: bool
) -> KeyRow:
    style, noun = theme.party(party), control.parties[party]
    pattern = f"{style.pattern}:{style.pattern_colour}" if style.pattern else ""
    before, gained = "before" in looks, "gained" in looks
    if gained and before:
        gloss = phrases["party_gained"].format(since=short_day(since, phrases))
        return KeyRow(party, noun.label, "fill", style.before, pattern, gloss, style.fill)
    if gained:
        return KeyRow(party, noun.label, "fill", style.fill, pattern, noun.gloss)
    if "sparse" in looks:
        return KeyRow(
            party,
            noun.label,
            "fill",
            style.before if before else style.fill,
            pattern,
            phrases["party_sparse"],
            style.sparse,
        )
    return KeyRow(party, noun.label, "fill", style.before if before else style.fill, pattern, noun.gloss)


def sign_rows(
    *,
    bases: Sequence[Base],
    markers: Sequence[Marker],
    roads: Sequence[Road],
    patches: Sequence[Patch],
    kinds: set[str],
    chips: bool,
    theme: Theme,
    control: Control,
    phrases: Mapping[str, Any],
    eve: date,
) -> list[KeyRow]:
    """Return the rows of everything that is not a party: bases, dates, the main road, fronts, doubts, facilities."""
    words, front = phrases["rows"], theme.colours["front"]
    shown = {marker.id for marker in markers}
    found = []
    for state in ("lost", "held"):
        one = next((m for m in markers if m.kind == "base" and m.state == state), None)
        if one and any(base.place in shown for base in bases):
            found.append(KeyRow(f"base-{state}", words[f"base-{state}"], "base", one.colour))
    if chips:
        found.append(KeyRow("date", words["date"], "date", theme.colours["accent"]))
    found += [
        _road_row(road, theme, control, phrases)
        for road in roads
        if road.main and any(not p.geometry.is_empty for p in road.pieces)
    ]
    if "front-before" in kinds:
        found.append(
            KeyRow("front-before", words["front-before"].format(day=short_day(eve, phrases)), "front-before", front)
        )
    found += _doubt_rows(patches, theme, words)
    for kind in ("port", "field"):
        one = next((m for m in markers if m.kind == kind), None)
        if one:
            found.append(KeyRow(kind, words[kind], kind, theme.colours["ink2"]))
    return found


def _road_row(road: Road, theme: Theme, control: Control, phrases: Mapping[str, Any]) -> KeyRow:
    visible = [piece.party for piece in road.pieces if not piece.geometry.is_empty]
    names = list(dict.fromkeys(control.parties[party].short for party in visible))
    colours = list(dict.fromkeys(theme.party(party).text for party in visible))
    if len(colours) == 1:
        return KeyRow("road", phrases["rows"]["road-one"].format(ref=road.ref), "road", colours[0])
    label = phrases["rows"]["road"].format(ref=road.ref, first=names[0], second=names[1])
    return KeyRow("road", label, "road", colours[0], second=colours[1])


def _doubt_rows(patches: Sequence[Patch], theme: Theme, words: Mapping[str, str]) -> list[KeyRow]:
    found = []
    for look in ("contested", "claimed"):
        one = next((patch for patch in patches if patch.look == look), None)
        if one:
            found.append(KeyRow(look, words[look], "fill", one.fill, f"stripes:{theme.party(one.party).text}"))
    return found


def in_slots(
    rows: Sequence[KeyRow], order: Sequence[str], box: Box, columns: int, pen: Pen, on: date, phrases: Mapping[str, Any]
) -> list[KeyEntry]:
    """Return the rows, each in the slot that `order` gives its id, line by line over so many columns of the box."""
    order = [*order, *(row.id for row in rows if row.id not in order)]
    lines = -(-len(order) // columns)
    pitch, wide = box.height / lines, box.width / columns
    found = []
    for row in rows:
        slot = order.index(row.id)
        x, y = box.x0 + slot % columns * wide, box.y0 + slot // columns * pitch
        found.append(
            _lay_row(row, x, y, wide - 8 * pen.size.unit, pen, pen.theme.colours["page"], chip=short_day(on, phrases))
        )
    return found


def _lay_row(row: KeyRow, x: float, y: float, width: float, pen: Pen, page: str, *, chip: str) -> KeyEntry:
    unit, px = pen.size.unit, pen.px("key")
    swatch_w, party = 46 * unit, row.kind == "fill" and bool(row.gloss)
    height = 22 * unit if row.kind in {"fill", "date"} else 24 * unit
    text_x = x + swatch_w + 12 * unit
    role = "key_title" if row.kind == "fill" and row.id not in {"contested", "claimed"} else "key"
    baseline = y + 11 * unit + 0.34 * px
    lines = pen.wrap(row.label, role, width - (text_x - x))
    runs = [pen.run(line, role, text_x, baseline + i * 1.15 * px, ground=page) for i, line in enumerate(lines)]
    if party:
        start = baseline + (len(lines) - 1) * 1.15 * px
        gloss = pen.wrap(row.gloss, "key_gloss", width - (text_x - x))
        runs += [
            pen.run(line, "key_gloss", text_x, start + (i + 1) * 1.15 * px, ground=page) for i, line in enumerate(gloss)
        ]
    box = Box(x, y + 11 * unit - height / 2, x + swatch_w, y + 11 * unit + height / 2)
    if row.kind == "date":
        chip_px = pen.px("chip")
        wide = pen.width(chip, "chip") + 10 * unit
        box = Box(x, y + 11 * unit - 0.64 * chip_px, x + wide, y + 11 * unit + 0.64 * chip_px)
        inside = pen.run(chip, "chip", x + 5 * unit, y + 11 * unit + 0.34 * chip_px, ground=page, colour=row.colour)
        shift = max(0.0, wide + 8 * unit - (text_x - x))
        runs = [pen.run(run.text, run.role, run.x + shift, run.y, ground=page) for run in runs] + [inside]
    return KeyEntry(row, box, tuple(runs))
