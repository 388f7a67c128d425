"""The words around the map: title, as-of day, subtitle, notes, credit, and the panels and rules behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..model import Box
from ..picture import Furniture
from .layout import CREDIT_GAP, LEADING, LOGO, TITLE_LEADING, logo_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..picture import KeyEntry, TextRun
    from .layout import Layout
    from .text import Pen

SHORT = 1 / 3  # of the width: a last line so short looks lost
ENDS = (".", "。", "؟")  # of a sentence


def header(layout: Layout, pen: Pen, title: str, as_of: str, subtitle: str) -> list[Furniture]:
    """Return the accent, the title in as many lines as it needs and the subtitle, the as-of day first and heavier."""
    page, box, px = pen.theme.colours["page"], layout.title, layout.title_px
    words = pen.balance(title, "headline", box.width * pen.px("headline") / px)
    titles = [
        pen.run(line, "headline", box.x0, box.y0 + (0.86 + at * TITLE_LEADING) * px, ground=page, px=px)
        for at, line in enumerate(words)
    ]
    found = [Furniture("accent", layout.accent), Furniture("title", _around(titles), tuple(titles), title)]
    if wide := logo_width(pen):
        room = layout.title
        box = Box(room.x1 + 20 * pen.size.unit, room.y0, room.x1 + wide, room.y0 + LOGO * pen.size.unit)
        found.append(Furniture("logo", box))
    return [turn_piece(piece, pen) for piece in (*found, *_subtitle(layout, pen, as_of, subtitle))]


def turn_piece(piece: Furniture, pen: Pen) -> Furniture:
    """Return a piece set from left to right where it belongs in the language of the map."""
    return replace(piece, box=pen.turn(piece.box), runs=tuple(map(pen.turn_run, piece.runs)))


def _subtitle(layout: Layout, pen: Pen, as_of: str, subtitle: str) -> list[Furniture]:
    """Return the as-of day and the subtitle; where a word or two would be left for the last line, lines end sooner.

    That is where a sentence ends, if that leaves as few lines.
    """
    pieces = [("as-of", "as_of", as_of), ("subtitle", "subtitle", subtitle)]
    box, own_line = layout.subtitle, pen.size.layout != "column"
    usual = _flow(pen, pieces, box, own_line=own_line)
    lines = _lines(usual)
    if len(lines) < 2 or lines[-1].box.width >= SHORT * box.width:
        return usual
    for share in range(98, 48, -2):
        narrow = _flow(pen, pieces, Box(box.x0, box.y0, box.x0 + share / 100 * box.width, box.y1), own_line=own_line)
        found = _lines(narrow)
        if len(found) > len(lines):
            break
        if found[-2].text.endswith(ENDS):
            return narrow
    return usual


def _lines(pieces: Sequence[Furniture]) -> list[TextRun]:
    """Return the last run of every line."""
    return list({run.y: run for piece in pieces for run in piece.runs}.values())


def choose_subtitle(layout: Layout, pen: Pen, as_of: str, variants: Sequence[str]) -> str:
    """Return the first variant that finds room below or beside the as-of day, "" when none does."""
    for text in variants:
        placed = _subtitle(layout, pen, as_of, text)
        if all(run.y <= layout.subtitle.y1 for piece in placed for run in piece.runs):
            return text
    return ""


def _flow(pen: Pen, pieces: Sequence[tuple[str, str, str]], box: Box, *, own_line: bool) -> list[Furniture]:
    """Return pieces (kind, role, text) set from the top of a box on, running on within a line or each on its own."""
    page, found = pen.theme.colours["page"], []
    x, line = box.x0, 0
    for kind, role, text in pieces:
        if not text:
            continue
        px = pen.px(role)
        if own_line and x > box.x0:
            x, line = box.x0, line + 1
        runs = []
        for number, words in enumerate(pen.wrap(text, role, box.width, first=box.x1 - x)):
            if number:
                x, line = box.x0, line + 1
            if words:
                runs.append(pen.run(words, role, x, box.y0 + (0.82 + line * LEADING) * px, ground=page))
                x = runs[-1].box.x1 + 0.3 * px
        found.append(Furniture(kind, _around(runs), tuple(runs), text))
    return found


def footer(layout: Layout, pen: Pen, paragraphs: Sequence[tuple[str, str]], credit: str) -> list[Furniture]:
    """Return the notes, one kind of paragraph after the other, and the credit at the right of the last line."""
    page, leading, box = pen.theme.colours["page"], LEADING * pen.px("note"), layout.notes
    if pen.size.brief:
        found = _flow(pen, [(kind, "note", text) for kind, text in paragraphs], box, own_line=False)
    else:
        found, y = [], box.y0
        for kind, text in paragraphs:
            placed = _flow(pen, [(kind, "note", text)], Box(box.x0, y, box.x1, box.y1), own_line=False)
            y += len(placed[0].runs) * leading if placed else 0.0
            found += placed
    last = max((run for piece in found for run in piece.runs), key=lambda run: (run.y, run.x), default=None)
    x = box.x1 - pen.width(credit, "credit")
    if last is None or last.box.x1 + CREDIT_GAP * pen.size.unit <= x:
        baseline = last.y if last else box.y0 + 0.82 * pen.px("note")
    else:
        baseline = last.y + leading
    if pen.size.layout == "left" and (last is None or baseline > last.y):
        x = box.x0
    run = pen.run(credit, "credit", x, baseline, ground=page)
    return [turn_piece(piece, pen) for piece in (*found, Furniture("credit", run.box, (run,), credit))]


def panels(layout: Layout, pen: Pen, card: Box | None, inset: Box | None, rows: Sequence[KeyEntry]) -> list[Furniture]:
    """Return what lies behind the furniture: the cards on the map, no longer than their rows, and the rules around it.

    `card` and `inset` stand where they belong already.
    """
    foot, on_map = 10 * pen.size.unit, pen.turn(layout.map_box)
    low = max((run.box.y1 for entry in rows if entry.row.id in layout.on_card for run in entry.runs), default=0.0)
    found = []
    if card and low:
        found.append(Furniture("card", Box(card.x0, card.y0, card.x1, min(low + foot, card.y1))))
    if inset and on_map.x0 <= inset.x0 < on_map.x1 and inset.y0 >= on_map.y0:
        found.append(Furniture("card", inset))
    return found + [Furniture("rule", pen.turn(rule)) for rule in layout.rules]


def _around(runs: Sequence[TextRun]) -> Box:
    boxes = [run.box for run in runs]
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
