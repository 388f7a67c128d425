"""The key: the rows that any day of the table can need get a slot; a day prints the rows that are in its frame."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import shapely

from ..model import Box
from ..picture import KeyEntry, KeyRow, Line, swatch_dots
from .frame import list_days
from .layout import ROW_LEADING, SWATCH, SWATCH_GAP
from .patterns import HATCHES, claimed, contested, dashes, differing, hatched, pattern, ring_around
from .points import dot_lines
from .words import short_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from shapely.geometry.base import BaseGeometry

    from ..picture import Patch, Point, Road
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


def build_key(frame: Frame, sheet: Sheet, names: Names, on: date, lost: int) -> list[KeyEntry]:
    """Return the rows of all that is in the frame, parties first, each in its slot; `lost` air bases in all."""
    window = shapely.box(*frame.camera.map_box)
    seen = [patch for patch in sheet.control if patch.area_px]
    lines = [line for line in sheet.lines if line.geometry.intersects(window)]
    held = [party for party in frame.materials.control.parties if _held(party, (*seen, *sheet.points))]
    dots = frame.order.style == "points"
    parties = [_dot_row(frame, party, sheet.points) if dots else _party_row(frame, party, seen) for party in held]
    signs = [*_base_rows(frame, names, lost), *_date_rows(frame, names), *_line_rows(frame, sheet.roads, lines)]
    signs += [
        *(doubtful_dots(frame, sheet.points) if dots else doubt_rows(frame, seen)),
        *_facility_rows(frame, names),
        *stale_rows(frame, sheet.marks),
    ]
    chip = short_day(on, frame.phrases)
    rows = [row for row in (*parties, *signs) if row.id in frame.layout.slots]
    bare = [replace(row, gloss="") if row.id in frame.layout.on_card else row for row in rows]
    return [lay_row(row, slot_of(frame, row.id), frame.pen, chip, chip_room(frame)) for row in bare]


def chip_room(frame: Frame) -> float:
    """Return the width of the widest day of the table: the sample of a date in the key is as wide on every day."""
    days = list_days(frame.materials.control)
    return max(frame.pen.width(short_day(day, frame.phrases), "chip") for day in days)


def slot_of(frame: Frame, row: str) -> Box:
    """Return where a row is set, as if from left to right: on the page, or on the card that lies on the map."""
    slot = frame.layout.slots[row]
    if not frame.card or row not in frame.layout.on_card:
        return slot
    card = frame.pen.turn(frame.card)
    return slot.shift(card.x0, card.y0)


def _held(party: str, patches: Sequence[Patch | Point]) -> bool:
    return any(patch.party == party for patch in patches)


def _party_row(frame: Frame, party: str, patches: Sequence[Patch]) -> KeyRow:
    """Return a party's colours side by side: land held before, gained or held, sparse; those that are to be seen."""
    style, noun = frame.theme.party(party), frame.materials.control.parties[party]
    pattern = f"{style.pattern}:{style.pattern_colour}" if style.pattern else ""
    seen = visible_looks([patch for patch in patches if patch.party == party])
    colours = tuple(dict.fromkeys(fill for look, fill in seen))
    return KeyRow(
        party, noun.label, "fill", colours, pattern, gloss_of(frame, party, frozenset(look for look, _ in seen))
    )


def gloss_of(frame: Frame, party: str, looks: frozenset[str]) -> str:
    """Return what stands under a party's name: what its colours mean, else who it is where there is room for that."""
    noun, since = frame.materials.control.parties[party], short_day(frame.order.since, frame.phrases)
    room = frame.layout.slots[party].width - (SWATCH + SWATCH_GAP) * frame.unit
    fits = party in frame.layout.glosses and frame.pen.width(noun.gloss, "key_gloss") <= room
    return frame.phrases[GLOSSES[looks]].format(since=since) if looks in GLOSSES else noun.gloss if fits else ""


def _dot_row(frame: Frame, party: str, points: Sequence[Point]) -> KeyRow:
    """Return a party's dots side by side: places held before, gained or held; those that are to be seen."""
    style = frame.theme.party(party)
    mark = f"{style.dot_mark}:{style.text}" if style.dot_mark else ""
    found = {point.look: point.fill for point in points if point.party == party}
    seen = [look for look in LOOKS if look in found]
    colours = tuple(found[look] for look in seen) or (style.fill,)  # of a party whose places are all in doubt
    label = frame.materials.control.parties[party].label
    return KeyRow(party, label, "point", colours, mark, gloss_of(frame, party, frozenset(seen)))


def doubtful_dots(frame: Frame, points: Sequence[Point]) -> list[KeyRow]:
    """Return the rows of contested and claimed places, told by the largest such dot."""
    found = []
    for look in ("contested", "claimed"):
        doubtful = [point for point in points if point.look == look]
        if doubtful:
            one = doubtful[-1]
            pattern = f"half:{one.half}" if look == "contested" else f"hollow:{one.edge}"
            found.append(KeyRow(look, frame.phrases["rows"][look], "point", (one.fill,), pattern))
    return found


def visible_looks(patches: Sequence[Patch]) -> list[tuple[str, str]]:
    """Return look and fill of a party's patches in the order of LOOKS, without those that show next to nothing."""
    areas: dict[tuple[str, str], float] = {}
    for patch in patches:
        key = (patch.look, patch.fill)
        if patch.look in LOOKS:
            areas[key] = areas.get(key, 0.0) + patch.seen_px
    seen = [key for key, area in areas.items() if area >= SMALLEST_PX2] or [max(areas, key=lambda key: areas[key])]
    return sorted(seen, key=lambda key: LOOKS.index(key[0]))


def _base_rows(frame: Frame, names: Names, lost: int) -> list[KeyRow]:
    """Return the rows of air bases; the number lost is told where the map shows all of them."""
    words, found = frame.phrases["rows"], []
    for state in ("held", "lost"):
        colours = Counter(sign.colour for sign in names.markers if sign.kind == "base" and sign.state == state)
        if colours:
            told = "-count" if state == "lost" and colours.total() == lost else ""
            label = words[f"base-{state}{told}"].format(n=lost)
            found.append(KeyRow(f"base-{state}", label, "base", (colours.most_common(1)[0][0],)))
    return found


def _date_rows(frame: Frame, names: Names) -> list[KeyRow]:
    if not any(label.chip for label in names.labels):
        return []
    return [KeyRow("date", frame.phrases["rows"]["date"], "date", (frame.theme.colours["accent"],))]


def _line_rows(frame: Frame, roads: Sequence[Road], lines: Sequence[Line]) -> list[KeyRow]:
    words, found = frame.phrases["rows"], []
    shown = [piece for road in roads for piece in road.pieces if not piece.geometry.is_empty]
    reach: Counter[str] = Counter()
    for piece in shown:
        reach[frame.theme.party(piece.party).text] += int(piece.geometry.length)
    if reach and "road" in frame.signs:
        found.append(KeyRow("road", words["road"], "road", tuple(colour for colour, _ in reach.most_common(3))))
    if any(road.cuts for road in roads):
        found.append(KeyRow("cut", words["cut"], "cut", (frame.theme.colours["ink"],)))
    if any(line.kind == "front-before" for line in lines):
        eve = short_day(frame.order.since - timedelta(days=1), frame.phrases)
        label = words["front-before"].format(day=eve)
        found.append(KeyRow("front-before", label, "front-before", (frame.theme.colours["front"],)))
    if any(line.kind == "front-guess" for line in lines):
        found.append(KeyRow("front-guess", words["front-guess"], "front-guess", (frame.theme.colours["front"],)))
    return found


def doubt_rows(frame: Frame, patches: Sequence[Patch]) -> list[KeyRow]:
    """Return the rows of contested and claimed land, told by the first such patch."""
    found = []
    for look in ("contested", "claimed"):
        doubtful = [patch for patch in patches if patch.look == look]
        if doubtful:
            one = doubtful[0]
            front = frame.theme.colours["front"]
            stripe = frame.theme.party(one.rival).fill if look == "contested" else front
            found.append(KeyRow(look, frame.phrases["rows"][look], "fill", (one.fill,), f"stripes:{stripe}"))
    return found


def stale_rows(frame: Frame, marks: Sequence[Line]) -> list[KeyRow]:
    """Return the row of land or places last spoken of long ago, when any is marked."""
    if not marks:
        return []
    label = frame.phrases["age"]["row"].format(n=frame.order.stale)
    mark = "ring" if frame.order.style == "points" else "dashes"
    return [KeyRow("stale", label, "stale", (frame.theme.colours["land"],), f"{mark}:{marks[0].colour}")]


def _facility_rows(frame: Frame, names: Names) -> list[KeyRow]:
    kinds = {sign.kind for sign in names.markers}
    words, colour = frame.phrases["rows"], frame.theme.colours["ink2"]
    rows = ("port", "field", "diamond", "next")
    return [KeyRow(kind, words[kind], kind, (colour,)) for kind in rows if kind in kinds]


def lay_row(row: KeyRow, slot: Box, pen: Pen, chip: str, room: float = 0.0) -> KeyEntry:
    """Return a row in its slot: the swatch where lines begin, its label after it, the gloss below.

    `chip` is the sample of a date, `room` the width kept for it.
    """
    unit, px, page = pen.size.unit, pen.px("key"), pen.theme.colours["page"]
    party = row.kind in {"fill", "point"} and row.id not in {"contested", "claimed"}
    role, x = "key_title" if party else "key", slot.x0
    middle = slot.y0 + max(11 * unit, 0.55 * px)
    text_x = x + (SWATCH + SWATCH_GAP) * unit
    high = (22 if row.kind in {"fill", "point", "stale"} else 24) * unit
    box = Box(x, middle - high / 2, x + SWATCH * unit, middle + high / 2)
    inside = []
    if row.kind == "date":
        chip_px = pen.px("chip")
        wide = pen.width(chip, "chip")
        box = Box(x, middle - 0.64 * chip_px, x + max(wide, room) + 10 * unit, middle + 0.64 * chip_px)
        left = (box.x0 + box.x1 - wide) / 2
        inside = [pen.run(chip, "chip", left, middle + 0.34 * chip_px, ground=page, colour=row.colour)]
        text_x = max(text_x, box.x1 + 8 * unit)
    lines = [(line, role) for line in pen.wrap(row.label, role, slot.x1 - text_x)]
    lines += [(line, "key_gloss") for line in pen.wrap(row.gloss, "key_gloss", slot.x1 - text_x)]
    runs = [
        pen.run(line, kind, text_x, middle + 0.34 * px + at * ROW_LEADING * px, ground=page)
        for at, (line, kind) in enumerate(lines)
    ]
    box, turned = pen.turn(box), tuple(map(pen.turn_run, (*runs, *inside)))
    return KeyEntry(row, box, turned, tuple(_swatch_lines(row, box, pen)), reversed=pen.script.rtl)


def _swatch_lines(row: KeyRow, box: Box, pen: Pen) -> list[Line]:
    """Return the pattern of a swatch, drawn as on the land."""
    if row.kind == "point":
        return _dot_marks(row, box, pen)
    if row.kind == "stale":
        return _stale_marks(row, box, pen)
    return _land_marks(row, shapely.box(*box), pen) if row.pattern else []


def _land_marks(row: KeyRow, area: BaseGeometry, pen: Pen) -> list[Line]:
    """Return what lies on land: stripes or a hatch where it is in doubt, or two sources differ, else a pattern."""
    (look, _, colour), unit, front = row.pattern.rpartition(":"), pen.size.unit, pen.theme.colours["front"]
    if row.id == "contested":
        return contested(area, colour, front, unit)
    if row.id == "claimed":
        return claimed(area, colour, unit, outlined=False)
    if look == "differs":
        return differing(area, colour, front, unit)
    return hatched(area, look, colour, unit) if look in HATCHES else pattern(pen.theme.party(row.id), area, unit)


def _stale_marks(row: KeyRow, box: Box, pen: Pen) -> list[Line]:
    """Return the marks of old news in a swatch, as on the land or around a dot."""
    mark, _, colour = row.pattern.partition(":")
    if mark == "dashes":
        return [dashes(shapely.box(*box), colour, pen.size.unit)]
    (at, radius), unit = swatch_dots(box, 1)[0], pen.size.unit
    dot = shapely.Point(at).buffer(0.6 * radius).exterior
    return [Line("stale", dot, colour, unit), ring_around([(at, 0.6 * radius)], colour, unit)]


def _dot_marks(row: KeyRow, box: Box, pen: Pen) -> list[Line]:
    """Return the marks on the dots of a swatch, drawn as on the map."""
    doubt = row.id if row.id in {"contested", "claimed"} else ""
    dots = swatch_dots(box, len(row.colours))
    return [line for dot in dots for line in dot_lines(pen.theme, row.id, doubt, *dot, pen.size.unit)]
