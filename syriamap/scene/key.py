"""The key: the rows that any day of the table can need get a slot; a day prints the rows that are in its frame."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import shapely

from ..model import Box
from ..picture import KeyEntry, KeyRow
from .patterns import claimed, contested, pattern
from .words import short_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from shapely.geometry.base import BaseGeometry

    from ..picture import Line, Patch, Road
    from .frame import Frame
    from .labels import Names, Sheet
    from .text import Pen

LOOKS = ("before", "gained", "held", "sparse")  # in the order of their colours in a row
GLOSSES = {  # what stands under a party's name when these looks of its land are to be seen
    frozenset({"before", "gained"}): "party_gained",
    frozenset({"before", "gained", "sparse"}): "party_gained_sparse",
    frozenset({"gained", "sparse"}): "party_sparse",
    frozenset({"held", "sparse"}): "party_sparse",
}
SMALLEST_PX2 = 12.0  # a colour that covers less of the map is not explained


def build_key(frame: Frame, sheet: Sheet, names: Names, on: date) -> list[KeyEntry]:
    """Return the rows of all that is in the frame, parties first, each in its slot."""
    window, layout = shapely.box(*frame.camera.map_box), frame.layout
    seen = [patch for patch in sheet.control if patch.geometry.intersects(window)]
    lines = [line for line in sheet.lines if line.geometry.intersects(window)]
    held = [party for party in frame.materials.control.parties if _held(party, seen)]
    parties = [_party_row(frame, party, seen, window) for party in held]
    signs = [*_base_rows(frame, names), *_date_rows(frame, names), *_line_rows(frame, sheet.roads, lines)]
    signs += [*_doubt_rows(frame, seen), *_facility_rows(frame, names)]
    chip = short_day(on, frame.phrases)
    return [
        *_in_slots(parties, frame.parties, layout.parties, layout.columns, frame.pen, chip),
        *_in_slots(signs, frame.signs, layout.signs, 1, frame.pen, chip),
    ]


def _held(party: str, patches: Sequence[Patch]) -> bool:
    return any(patch.party == party for patch in patches)


def _party_row(frame: Frame, party: str, patches: Sequence[Patch], window: BaseGeometry) -> KeyRow:
    """Return a party's colours side by side: land held before, gained or held, sparse; those that are to be seen."""
    style, noun = frame.theme.party(party), frame.materials.control.parties[party]
    pattern = f"{style.pattern}:{style.pattern_colour}" if style.pattern else ""
    seen = _visible([patch for patch in patches if patch.party == party], window)
    colours = tuple(dict.fromkeys(fill for look, fill in seen))
    since = short_day(frame.order.since, frame.phrases)
    looks = frozenset(look for look, _ in seen)
    gloss = frame.phrases[GLOSSES[looks]].format(since=since) if looks in GLOSSES else noun.gloss
    return KeyRow(party, noun.label, "fill", colours, pattern, gloss)


def _visible(patches: Sequence[Patch], window: BaseGeometry) -> list[tuple[str, str]]:
    """Return look and fill of a party's patches in the order of LOOKS, without those that show next to nothing."""
    areas: dict[tuple[str, str], float] = {}
    above: list[BaseGeometry] = []
    for patch in reversed(patches):
        shown = patch.geometry.intersection(window).difference(shapely.union_all(above))
        above.append(patch.geometry)
        key = (patch.look, patch.fill)
        if patch.look in LOOKS:
            areas[key] = areas.get(key, 0.0) + float(shown.area)
    seen = [key for key, area in areas.items() if area >= SMALLEST_PX2] or [max(areas, key=lambda key: areas[key])]
    return sorted(seen, key=lambda key: LOOKS.index(key[0]))


def _base_rows(frame: Frame, names: Names) -> list[KeyRow]:
    words, found = frame.phrases["rows"], []
    for state in ("held", "lost"):
        colours = Counter(sign.colour for sign in names.markers if sign.kind == "base" and sign.state == state)
        if colours:
            found.append(KeyRow(f"base-{state}", words[f"base-{state}"], "base", (colours.most_common(1)[0][0],)))
    return found


def _date_rows(frame: Frame, names: Names) -> list[KeyRow]:
    if not any(label.chip for label in names.labels):
        return []
    return [KeyRow("date", frame.phrases["rows"]["date"], "date", (frame.theme.colours["accent"],))]


def _line_rows(frame: Frame, roads: Sequence[Road], lines: Sequence[Line]) -> list[KeyRow]:
    words, found = frame.phrases["rows"], []
    for road in roads:
        visible = [piece.party for piece in road.pieces if not piece.geometry.is_empty]
        colours = list(dict.fromkeys(frame.theme.party(party).text for party in visible))
        if road.main and colours:
            label = words["road" if len(colours) > 1 else "road-one"].format(ref=road.ref)
            found.append(KeyRow("road", label, "road", tuple(colours[:2])))
    if any(line.kind == "front-before" for line in lines):
        eve = short_day(frame.order.since - timedelta(days=1), frame.phrases)
        label = words["front-before"].format(day=eve)
        found.append(KeyRow("front-before", label, "front-before", (frame.theme.colours["front"],)))
    if any(line.kind == "front-guess" for line in lines):
        found.append(KeyRow("front-guess", words["front-guess"], "front-guess", (frame.theme.colours["front"],)))
    return found


def _doubt_rows(frame: Frame, patches: Sequence[Patch]) -> list[KeyRow]:
    found = []
    for look in ("contested", "claimed"):
        doubtful = [patch for patch in patches if patch.look == look]
        if doubtful:
            one = doubtful[0]
            stripe = frame.theme.party(one.rival).fill if look == "contested" else frame.theme.party(one.party).text
            found.append(KeyRow(look, frame.phrases["rows"][look], "fill", (one.fill,), f"stripes:{stripe}"))
    return found


def _facility_rows(frame: Frame, names: Names) -> list[KeyRow]:
    kinds = {sign.kind for sign in names.markers}
    words, colour = frame.phrases["rows"], frame.theme.colours["ink2"]
    return [KeyRow(kind, words[kind], kind, (colour,)) for kind in ("port", "field") if kind in kinds]


def _in_slots(
    rows: Sequence[KeyRow], order: Sequence[str], box: Box, columns: int, pen: Pen, chip: str
) -> list[KeyEntry]:
    """Return the rows, each in the slot that `order` gives its id, line by line over so many columns of the box."""
    order = [*order, *(row.id for row in rows if row.id not in order)]
    lines = -(-len(order) // columns)
    pitch, wide = box.height / max(lines, 1), box.width / columns
    found = []
    for row in rows:
        slot = order.index(row.id)
        x, y = box.x0 + slot % columns * wide, box.y0 + slot // columns * pitch
        found.append(_lay_row(row, x, y, wide - 8 * pen.size.unit, pen, chip))
    return found


def _lay_row(row: KeyRow, x: float, y: float, width: float, pen: Pen, chip: str) -> KeyEntry:
    """Return a row whose swatch begins at (x, y): its label right of the swatch, the gloss below."""
    unit, px, page = pen.size.unit, pen.px("key"), pen.theme.colours["page"]
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
    return KeyEntry(row, box, tuple(runs), tuple(_swatch_lines(row, box, pen)))


def _swatch_lines(row: KeyRow, box: Box, pen: Pen) -> list[Line]:
    """Return the pattern of a swatch, drawn as on the land."""
    if not row.pattern:
        return []
    area, unit, colour = shapely.box(*box), pen.size.unit, row.pattern.split(":")[-1]
    if row.id == "contested":
        return contested(area, colour, pen.theme.colours["front"], unit)
    if row.id == "claimed":
        return claimed(area, colour, unit, outlined=False)
    return pattern(pen.theme.party(row.id), area, unit)
