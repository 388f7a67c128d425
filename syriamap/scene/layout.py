"""Where the furniture stands. A layout depends on table, view, size and language, never on the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model import Box
from ..picture import Furniture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..picture import TextRun
    from .text import Pen

LEADING = 1.22
CREDIT_GAP = 16  # units between the notes and the credit on the last line
MARGIN = {"column": 36, "stack": 40}  # units


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes of a picture: the map, the key of parties, the key of signs, the locator, the notes, the scale bar."""

    canvas: Box
    map_box: Box
    parties: Box
    signs: Box
    inset: Box | None
    card: Box | None
    notes: Box
    title_y: float
    subtitle_y: float
    margin: float
    columns: int


def make_layout(pen: Pen, *, parties: int, signs: int, notes: int, inset: bool) -> Layout:
    """Return the layout of a size: so many rows of parties and signs, so many lines of notes, a locator or none."""
    make = _column if pen.size.layout == "column" else _stack
    return make(pen, parties, signs, notes, inset)


def _column(pen: Pen, parties: int, signs: int, notes: int, inset: bool) -> Layout:
    unit, width, height = pen.size.unit, pen.size.width_px, pen.size.height_px
    margin = MARGIN["column"] * unit
    title_y = 30 * unit + 0.98 * pen.px("headline")
    subtitle_y = title_y + 0.42 * pen.px("headline") + 0.8 * pen.px("subtitle")
    top = subtitle_y + 0.9 * pen.px("subtitle")
    bottom = height - notes * LEADING * pen.px("note") - 30 * unit
    split = width - 318 * unit * 1.06
    key_x, right = split + 26 * unit, width - margin * 0.8
    inset_height = 168 * unit
    room = bottom - top - 40 * unit - (inset_height if inset else 0)
    squeeze = min(1.0, room / (parties * party_pitch(pen) + signs * sign_pitch(pen)))
    party_bottom = top + 18 * unit + parties * party_pitch(pen) * squeeze
    sign_top = party_bottom + 14 * unit
    locator = Box(key_x, bottom - inset_height - 8 * unit, right, bottom - 8 * unit) if inset else None
    return Layout(
        canvas=Box(0, 0, width, height),
        map_box=Box(0, top, split, bottom),
        parties=Box(key_x, top + 18 * unit, right, party_bottom),
        signs=Box(key_x, sign_top, right, sign_top + signs * sign_pitch(pen) * squeeze),
        inset=locator,
        card=None,
        notes=Box(margin, bottom + 12 * unit, width - margin, height - 10 * unit),
        title_y=title_y,
        subtitle_y=subtitle_y,
        margin=margin,
        columns=1,
    )


def _stack(pen: Pen, parties: int, signs: int, notes: int, inset: bool) -> Layout:
    unit, width, height = pen.size.unit, pen.size.width_px, pen.size.height_px
    margin, columns = MARGIN["stack"] * unit, 3
    title_y = 30 * unit + 0.98 * pen.px("headline")
    subtitle_y = title_y + 0.42 * pen.px("headline") + 0.8 * pen.px("subtitle")
    key_top = subtitle_y + 1.3 * pen.px("subtitle") + 18 * unit
    key_bottom = key_top + -(-parties // columns) * party_pitch(pen)
    top = key_bottom + 4 * unit
    bottom = height - notes * LEADING * pen.px("note") - 30 * unit
    card_width, locator_height = 276 * unit, 150 * unit if inset else 0.0
    card_height = locator_height + signs * sign_pitch(pen) + 24 * unit
    edge = 18 * unit
    card = Box(width - edge - card_width, bottom - edge - card_height, width - edge, bottom - edge)
    inside = card.grow(-14 * unit)
    return Layout(
        canvas=Box(0, 0, width, height),
        map_box=Box(0, top, width, bottom),
        parties=Box(margin, key_top, width - margin, key_bottom),
        signs=Box(inside.x0, inside.y0 + locator_height, inside.x1, inside.y1),
        inset=Box(inside.x0, inside.y0, inside.x1, inside.y0 + locator_height - 8 * unit) if inset else None,
        card=card,
        notes=Box(margin, bottom + 12 * unit, width - margin, height - 10 * unit),
        title_y=title_y,
        subtitle_y=subtitle_y,
        margin=margin,
        columns=columns,
    )


def notes_width(pen: Pen) -> float:
    """Return the width of the notes in pixels."""
    return pen.size.width_px - 2 * MARGIN[pen.size.layout] * pen.size.unit


def party_pitch(pen: Pen) -> float:
    """Return the height of a row of the key that names a party: two lines and the space below."""
    return 2.2 * pen.px("key") + 12 * pen.size.unit


def sign_pitch(pen: Pen) -> float:
    """Return the height of a row of the key that explains a sign."""
    return max(1.5 * pen.px("key"), 30 * pen.size.unit)


def header(layout: Layout, pen: Pen, title: str, as_of: str, subtitle: str) -> list[Furniture]:
    """Return the accent, the title on one line and the subtitle, the as-of day first and heavier."""
    unit, page = pen.size.unit, pen.theme.colours["page"]
    left, room = layout.margin, layout.canvas.width - 2 * layout.margin
    px = pen.px("headline") * min(1.0, room / pen.width(title, "headline"))
    title_run = pen.run(title, "headline", left, layout.title_y, ground=page, px=px)
    accent = Box(left, 18 * unit, left + 62 * unit, 24.5 * unit)
    found = [Furniture("accent", accent), Furniture("title", title_run.box, (title_run,), title)]
    runs = _subtitle_runs(layout, pen, as_of, subtitle, room)
    found.append(Furniture("as-of", runs[0].box, (runs[0],), as_of))
    if runs[1:]:
        found.append(Furniture("subtitle", _around(runs[1:]), tuple(runs[1:]), subtitle))
    return found


def _subtitle_runs(layout: Layout, pen: Pen, as_of: str, subtitle: str, room: float) -> list[TextRun]:
    page, x, y = pen.theme.colours["page"], layout.margin, layout.subtitle_y
    px = pen.px("subtitle")
    runs = [pen.run(as_of, "as_of", x, y, ground=page)]
    after = pen.width(as_of, "as_of") + 0.5 * px
    if pen.size.layout == "column" or not subtitle:
        fitted = px * min(1.0, (room - after) / max(pen.width(subtitle, "subtitle"), 1))
        if subtitle:
            runs.append(pen.run(subtitle, "subtitle", x + after, y, ground=page, px=max(fitted, pen.size.min_px)))
        return runs
    fitted = px * min(1.0, room / pen.width(subtitle, "subtitle"))
    runs.append(pen.run(subtitle, "subtitle", x, y + 1.25 * px, ground=page, px=max(fitted, pen.size.min_px)))
    return runs


def footer(layout: Layout, pen: Pen, paragraphs: Sequence[tuple[str, str]], credit: str) -> list[Furniture]:
    """Return the notes, one kind of paragraph after the other, and the credit at the right of the last line."""
    page, leading = pen.theme.colours["page"], LEADING * pen.px("note")
    y = layout.notes.y0 + 0.8 * pen.px("note")
    found = []
    last_end = 0.0
    for kind, text in paragraphs:
        runs = []
        for line in pen.wrap(text, "note", layout.notes.width):
            runs.append(pen.run(line, "note", layout.notes.x0, y, ground=page))
            last_end, y = runs[-1].box.x1, y + leading
        if runs:
            found.append(Furniture(kind, _around(runs), tuple(runs), text))
    width = pen.width(credit, "credit")
    x = layout.notes.x1 - width
    baseline = y - leading if last_end + CREDIT_GAP * pen.size.unit <= x else y
    run = pen.run(credit, "credit", x, baseline, ground=page)
    return [*found, Furniture("credit", run.box, (run,), credit)]


def panels(layout: Layout, unit: float) -> list[Furniture]:
    """Return what lies behind the furniture: the card on the map, and the rules above and below the map."""
    box, right, half = layout.map_box, layout.canvas.x1, 0.6 * unit
    rules = [Box(0, y - half, right, y + half) for y in (box.y0, box.y1)]
    if box.x1 < right:
        rules.append(Box(box.x1 - half, box.y0, box.x1 + half, box.y1))
    found = [Furniture("rule", rule) for rule in rules]
    return ([Furniture("card", layout.card)] if layout.card else []) + found


def _around(runs: Sequence[TextRun]) -> Box:
    boxes = [run.box for run in runs]
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
