"""Where the furniture stands. A layout depends on table, view, size and language, never on the day.

Every layout gives the words what they need, at the size they need, and the map what is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ..model import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .text import Pen

EDGE_SHARE = 0.012  # of the width: words keep so far from the edge of the picture
LEADING = 1.22  # of notes and subtitle
TITLE_LEADING = 1.08
TITLE_SHARES = (1.0, 0.97, 0.94, 0.91, 0.88)  # of the headline's size
ROW_LEADING = 1.15  # of the lines of one row of the key
LOCATOR = (190, 152)  # units
LOGO, LOGO_LONGEST = 44, 4.0  # units: its height; the most that its width may be over it
SWATCH, SWATCH_GAP, CELL_GAP = 46, 10, 18  # units
CREDIT_GAP = 16  # units between the notes and the credit on the last line
SOURCE_LINES = {"column": 1, "left": 2, "stack": 2}
FULL_LINE = 0.95  # a line of words is rarely full to the edge
MARGIN = {"column": 36, "left": 40, "stack": 40}  # units
LEFT_SHARE = 0.325  # of the width, for a column of words at the left
LEFT_SHARE_TINY = 0.385  # where the text is large for its picture
KEY_SHARE = (0.2, 0.34)  # of the width: the least and the most for a column of the key
CARD_SHARE, CARD_SHARE_TINY = 0.11, 0.13  # of the map: a card with more would hide too much of it
# Rows that give way, the first to go first, where a picture has too little room: what they explain is then not drawn,
# or says itself what it is.
YIELDING = (
    "front-guess",
    "front-before",
    "cut",
    "road",
    "diamond",
    "field",
    "port",
    "next",
    "base-held",
    "date",
    "base-lost",
)


@dataclass(frozen=True, slots=True)
class Needs:
    """All that any day of the table can want to print around the map.

    `parties` and `signs` are the rows of the key: id to label and gloss; `lasting` the parties whose gloss says what
    the swatch means and cannot be left out, `late` those that hold nothing on the first day, `moved` those whose
    row stands among the signs. `subtitle` is the number of lines to keep for it.
    """

    titles: Sequence[str]
    as_of: str
    subtitle: int
    parties: Mapping[str, tuple[str, str]]
    lasting: frozenset[str]
    late: frozenset[str]
    signs: Mapping[str, str]
    moved: frozenset[str]
    notes: Sequence[str]
    credit: str
    chip: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes of a picture. `slots` are those of the key's rows; rows on a card count from the card's own corner.

    `card` is the size of the card that is to lie on the map, if any; `glosses` the parties whose gloss is printed;
    `inset` the box of a locator that stands beside the map.
    """

    canvas: Box
    map_box: Box
    accent: Box
    title: Box
    title_px: float
    subtitle: Box
    notes: Box
    slots: Mapping[str, Box]
    glosses: frozenset[str]
    card: tuple[float, float] | None = None
    on_card: frozenset[str] = frozenset()
    rules: tuple[Box, ...] = ()
    dropped: tuple[str, ...] = ()
    inset: Box | None = None


def make_layout(pen: Pen, needs: Needs) -> Layout:
    """Return the layout of a size for what is to be printed around its map."""
    return {"column": _column, "left": _left, "stack": _stack}[pen.size.layout](pen, needs)


def _column(pen: Pen, needs: Needs) -> Layout:
    """Return header on top, the key in a column at the right, notes below."""
    unit, page, margin = pen.size.unit, page_box(pen), MARGIN["column"] * pen.size.unit
    accent, title, title_px, subtitle = lay_header(pen, needs, page.x0 + margin, page.x1 - margin, page.y0 + 18 * unit)
    top = subtitle.y1 + 12 * unit
    bottom = page.y1 - notes_height(pen, needs, page.width - 2 * margin) - 22 * unit
    least, most = (share * page.width for share in KEY_SHARE)
    right = page.x1 - 0.8 * margin
    width = min(max(_natural(pen, needs), least), most)
    key_x = right - width
    most = bottom - len(needs.signs) * sign_pitch(pen) - 18 * unit
    parties, glosses = _party_slots(pen, needs, key_x, top + 16 * unit, width, bottom=most)
    below = max((box.y1 for box in parties.values()), default=top) + 10 * unit
    kept = _fitting(pen, needs, bottom - below - 8 * unit)
    signs = _sign_slots(pen, kept, Box(key_x, below, right, bottom))
    split = key_x - 24 * unit
    return Layout(
        canvas=canvas_box(pen),
        map_box=Box(0, top, split, bottom),
        accent=accent,
        title=title,
        title_px=title_px,
        subtitle=subtitle,
        notes=Box(page.x0 + margin, bottom + 10 * unit, page.x1 - margin, page.y1 - 10 * unit),
        slots=parties | signs,
        glosses=glosses,
        rules=(_rule_across(pen, top), _rule_across(pen, bottom), _rule_down(pen, split, top, bottom)),
        dropped=tuple(row for row in needs.signs if row not in signs),
    )


def _left(pen: Pen, needs: Needs) -> Layout:
    """Return every word in a column at the left, the map beside it over the full height.

    The key of signs lies on a card on the map, with the rows of parties that find no room in the column.
    """
    unit, page = pen.size.unit, page_box(pen)
    margin = MARGIN["left"] * unit if page == canvas_box(pen) else 4 * unit
    split = page.x0 + (LEFT_SHARE_TINY if pen.size.tiny else LEFT_SHARE) * page.width
    left, right = page.x0 + margin, split - 24 * unit
    accent, title, title_px, subtitle = lay_header(pen, needs, left, right, page.y0 + 0.6 * margin)
    notes_top = page.y1 - notes_height(pen, needs, right - left) - max(0.3 * margin, EDGE_SHARE * pen.size.width_px)
    parties, glosses = _party_slots(
        pen, needs, left, subtitle.y1 + 12 * unit, right - left, bottom=notes_top - 8 * unit
    )
    if len(parties) > 1 and max(box.y1 for box in parties.values()) > notes_top - 8 * unit:
        return _left(pen, _moved(needs))
    share = CARD_SHARE_TINY if pen.size.tiny else CARD_SHARE
    map_box = Box(split, 0, pen.size.width_px, pen.size.height_px)
    card, signs = _card(pen, needs, share * map_box.width * map_box.height)
    rule = Box(left, notes_top - 8.6 * unit, right, notes_top - 7.4 * unit)
    low = max(box.y1 for box in parties.values()) + 8 * unit
    wide, high = (side * unit for side in LOCATOR)
    beside = Box(left, low, left + wide, low + high) if low + high <= notes_top - 16 * unit else None
    return Layout(
        canvas=canvas_box(pen),
        map_box=map_box,
        accent=accent,
        title=title,
        title_px=title_px,
        subtitle=subtitle,
        notes=Box(left, notes_top, right, page.y1),
        slots=parties | signs,
        glosses=glosses,
        card=card if signs else None,
        on_card=frozenset(signs),
        rules=(rule, _rule_down(pen, split, 0, pen.size.height_px)),
        dropped=tuple(row for row in needs.signs if row not in signs),
        inset=beside,
    )


def _moved(needs: Needs) -> Needs:
    """Return the needs with one party, a late one or else the last, among the rows of signs."""
    last_first = [*needs.parties][::-1]
    party = next((one for one in last_first if one in needs.late), last_first[0])
    signs = {**needs.signs, party: needs.parties[party][0]}
    left = {key: words for key, words in needs.parties.items() if key != party}
    return replace(needs, signs=signs, moved=needs.moved | {party}, parties=left)


def _stack(pen: Pen, needs: Needs) -> Layout:
    """Return header and key of parties on top, notes below, the key of signs on a card on the map.

    Parties that come late do not open a line of their own: their rows stand with the signs.
    """
    unit, page, margin = pen.size.unit, page_box(pen), MARGIN["stack"] * pen.size.unit
    left, right = page.x0 + margin, page.x1 - margin
    accent, title, title_px, subtitle = lay_header(pen, needs, left, right, page.y0 + 18 * unit)
    parties, glosses, key_bottom = flow_parties(pen, needs, Box(left, subtitle.y1 + 14 * unit, right, page.y1))
    below = {party for party, slot in parties.items() if slot.y0 == max(other.y0 for other in parties.values())}
    if below <= needs.late and len(below) < len(parties):
        return _stack(pen, _moved(needs))
    top = key_bottom + 6 * unit
    bottom = page.y1 - notes_height(pen, needs, right - left) - 22 * unit
    card, signs = _card(pen, needs, CARD_SHARE * page.width * (bottom - top))
    return Layout(
        canvas=canvas_box(pen),
        map_box=Box(0, top, pen.size.width_px, bottom),
        accent=accent,
        title=title,
        title_px=title_px,
        subtitle=subtitle,
        notes=Box(left, bottom + 10 * unit, right, page.y1 - 10 * unit),
        slots=parties | signs,
        glosses=glosses,
        card=card if signs else None,
        on_card=frozenset(signs),
        rules=(_rule_across(pen, top), _rule_across(pen, bottom)),
        dropped=tuple(row for row in needs.signs if row not in signs),
    )


def canvas_box(pen: Pen) -> Box:
    """Return the whole picture."""
    return Box(0, 0, pen.size.width_px, pen.size.height_px)


def page_box(pen: Pen) -> Box:
    """Return the part of the canvas that nothing cuts off."""
    left, top, right, bottom = pen.size.safe
    return Box(left, top, pen.size.width_px - right, pen.size.height_px - bottom)


def _rule_across(pen: Pen, y: float) -> Box:
    half = 0.6 * pen.size.unit
    return Box(0, y - half, pen.size.width_px, y + half)


def _rule_down(pen: Pen, x: float, top: float, bottom: float) -> Box:
    half = 0.6 * pen.size.unit
    return Box(x - half, top, x + half, bottom)


class Header(NamedTuple):
    """The boxes of accent, title and subtitle, whose first line is the as-of day, and the size of the title."""

    accent: Box
    title: Box
    title_px: float
    subtitle: Box


def lay_header(pen: Pen, needs: Needs, left: float, right: float, top: float) -> Header:
    """Return the header. A title a little smaller is better than one with a line more."""
    unit, width = pen.size.unit, right - left - logo_width(pen)
    accent = Box(left, top, left + 62 * unit, top + 6.5 * unit)
    px, lines = min(
        ((share * pen.px("headline"), _title_lines(pen, needs, width, share)) for share in TITLE_SHARES),
        key=lambda found: (found[1], -found[0]),
    )
    title = Box(left, accent.y1 + 6 * unit, left + width, accent.y1 + 6 * unit + title_height(lines, px))
    dated = len(pen.wrap(needs.as_of, "as_of", right - left))
    high = (dated + needs.subtitle) * LEADING * pen.px("subtitle")
    return Header(accent, title, px, Box(left, title.y1, right, title.y1 + high))


def _title_lines(pen: Pen, needs: Needs, width: float, share: float) -> int:
    return max(len(pen.wrap(title, "headline", width / share)) for title in needs.titles)


def logo_width(pen: Pen) -> float:
    """Return the width of the house's logo with the space left of it, 0 without one."""
    wide, high = pen.theme.logo_size
    return LOGO * pen.size.unit * min(wide / high, LOGO_LONGEST) + 20 * pen.size.unit if high else 0.0


def title_height(lines: int, px: float) -> float:
    """Return the height of a title of so many lines, with the space below."""
    return (lines * TITLE_LEADING + 0.18) * px


def notes_height(pen: Pen, needs: Needs, width: float) -> float:
    """Return the height of the longest notes, a line for the credit counted where it finds no room on the last."""
    leading = LEADING * pen.px("note")
    sources = filler(pen, sources_room(pen, width))
    paragraphs = [text for text in (*needs.notes[:1], sources, *needs.notes[1:]) if text]
    if pen.size.brief:
        paragraphs = [" ".join(paragraphs)]
    lines = [line for paragraph in paragraphs for line in pen.wrap(paragraph, "note", width)]
    last = pen.width(lines[-1], "note") if lines else 0.0
    room = last + CREDIT_GAP * pen.size.unit + pen.width(needs.credit, "credit")
    alone = pen.size.layout == "left" or room > width
    return (len(lines) + alone) * leading


def sources_room(pen: Pen, width: float) -> float:
    """Return the length in pixels that the line of sources may have."""
    lines = 1.0 if pen.size.brief and pen.size.layout != "left" else SOURCE_LINES[pen.size.layout]
    return lines * width * FULL_LINE


def filler(pen: Pen, room: float) -> str:
    """Return words of a length in pixels, to measure with what is not known yet."""
    word = "sources"
    return " ".join([word] * max(int(room / pen.width(f"{word} ", "note")), 1))


def party_height(pen: Pen, label: str, gloss: str, width: float) -> float:
    """Return the height of a row of the key that names a party, in a slot of a width, with the space below."""
    room = width - (SWATCH + SWATCH_GAP) * pen.size.unit
    lines = len(pen.wrap(label, "key_title", room)) + (len(pen.wrap(gloss, "key_gloss", room)) if gloss else 0)
    return max(lines * ROW_LEADING * pen.px("key"), 24 * pen.size.unit) + 9 * pen.size.unit


def sign_pitch(pen: Pen) -> float:
    """Return the height of a row of the key that explains a sign."""
    return max(1.4 * pen.px("key"), 28 * pen.size.unit)


def _natural(pen: Pen, needs: Needs) -> float:
    """Return the width at which no row of the key is broken."""
    parties = [
        max(pen.width(label, "key_title"), pen.width(gloss, "key_gloss") if party in needs.lasting else 0.0)
        for party, (label, gloss) in needs.parties.items()
    ]
    texts = max(parties, default=0.0) + (SWATCH + SWATCH_GAP + 2) * pen.size.unit
    return max(texts, _widest_sign(pen, needs) - 16 * pen.size.unit)


def _widest_sign(pen: Pen, needs: Needs) -> float:
    """Return the width of the widest row of signs, with the space right of it."""
    unit = pen.size.unit
    chip = pen.width(needs.chip, "chip") + 18 * unit
    lead = {row: max(SWATCH + SWATCH_GAP, chip / unit if row == "date" else 0) * unit for row in needs.signs}
    widths = [
        lead[row] + pen.width(label, "key_title" if row in needs.moved else "key") for row, label in needs.signs.items()
    ]
    return max(widths, default=0.0) + 18 * unit


def _fitting(pen: Pen, needs: Needs, room: float) -> tuple[str, ...]:
    """Return the rows of signs that find room below one another; the others give way by rule."""
    most = max(int(room / sign_pitch(pen)), 0)
    kept = list(needs.signs)
    for row in YIELDING:
        if len(kept) > most and row in kept:
            kept.remove(row)
    return tuple(kept)


def _sign_slots(pen: Pen, rows: Sequence[str], box: Box) -> dict[str, Box]:
    """Return the slots of rows, one below the other from the box's upper edge."""
    pitch = sign_pitch(pen)
    return {
        row: Box(box.x0, box.y0 + number * pitch, box.x1, box.y0 + (number + 1) * pitch)
        for number, row in enumerate(rows)
    }


def _card(pen: Pen, needs: Needs, room: float) -> tuple[tuple[float, float], dict[str, Box]]:
    """Return the size of a card of signs that hides no more than `room` px2, and the slots on it."""
    unit = pen.size.unit
    width = _widest_sign(pen, needs) + 16 * unit
    kept = _fitting(pen, needs, room / width - 20 * unit)
    height = len(kept) * sign_pitch(pen) + 20 * unit
    return (width, height), _sign_slots(pen, kept, Box(14 * unit, 12 * unit, width - 14 * unit, height))


def _party_slots(
    pen: Pen, needs: Needs, x: float, y: float, width: float, *, bottom: float = float("inf")
) -> tuple[dict[str, Box], frozenset[str]]:
    """Return one slot below the other, and whose gloss is printed: all, or only those that cannot be left out."""
    for glossed in (frozenset(needs.parties), needs.lasting):
        found, at = {}, y
        for party, (label, gloss) in needs.parties.items():
            high = party_height(pen, label, gloss if party in glossed else "", width)
            found[party] = Box(x, at, x + width, at + high)
            at += high
        if at <= bottom:
            break
    return found, glossed


def flow_parties(pen: Pen, needs: Needs, box: Box) -> tuple[dict[str, Box], frozenset[str], float]:
    """Return slots side by side, in as few lines as glosses that can be left out allow, and where they end."""
    tries = [_flow(pen, needs, box, glossed) for glossed in (frozenset(needs.parties), needs.lasting)]
    slots = min(tries, key=lambda found: max(slot.y1 for slot in found.values()))
    glossed = frozenset(needs.parties) if slots is tries[0] else needs.lasting
    return slots, glossed, max(slot.y1 for slot in slots.values())


def _flow(pen: Pen, needs: Needs, box: Box, glossed: Iterable[str]) -> dict[str, Box]:
    unit, found = pen.size.unit, {}
    x, y, line = box.x0, box.y0, 0.0
    for party, (label, gloss) in needs.parties.items():
        words = [pen.width(label, "key_title"), pen.width(gloss, "key_gloss") if party in glossed else 0.0]
        width = min((SWATCH + SWATCH_GAP) * unit + max(words) + 2 * unit, box.width)
        if x > box.x0 and x + width > box.x1:
            x, y, line = box.x0, y + line, 0.0
        high = party_height(pen, label, gloss if party in glossed else "", width + unit)
        found[party] = Box(x, y, x + width + unit, y + high)
        x, line = x + width + CELL_GAP * unit, max(line, high)
    return found


def plain_layout(pen: Pen, needs: Needs) -> Layout:
    """Return header on top, notes below and all the room between them, for what has no key: a chart."""
    unit, page, margin = pen.size.unit, page_box(pen), MARGIN["stack"] * pen.size.unit
    left, right = page.x0 + margin, page.x1 - margin
    accent, title, title_px, subtitle = lay_header(pen, needs, left, right, page.y0 + 18 * unit)
    top = subtitle.y1 + 12 * unit
    bottom = page.y1 - notes_height(pen, needs, right - left) - 22 * unit
    return Layout(
        canvas=canvas_box(pen),
        map_box=Box(left, top, right, bottom),
        accent=accent,
        title=title,
        title_px=title_px,
        subtitle=subtitle,
        notes=Box(left, bottom + 10 * unit, right, page.y1 - 10 * unit),
        slots={},
        glosses=frozenset(),
        rules=(_rule_across(pen, top), _rule_across(pen, bottom)),
    )
