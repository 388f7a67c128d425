"""One key for all pictures of a series: the union of their rows, and of the colours of each row."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from .key import LOOKS, chip_room, gloss_of, lay_row, slot_of
from .page import panels
from .words import short_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..picture import KeyRow, Patch, Point, Scene
    from .frame import Frame

Shown = tuple[str, str]  # a look of a party's land, and its fill
PANEL_KINDS = ("card", "rule")


def unite_keys(scenes: Sequence[Scene], frame: Frame) -> list[Scene]:
    """Return the scenes of one layout with the same key in all: every row that any of them shows, each in its slot.

    A row shows every colour that it has in any of them. Its words are true of every day: nothing is counted, and the
    sample of a date is the first day's.
    """
    if not scenes:
        return []
    chip = short_day(min(scene.on for scene in scenes), frame.phrases)
    rows = [_bare(row, frame) for row in unite_rows(scenes, frame)]
    key = tuple(lay_row(row, slot_of(frame, row.id), frame.pen, chip, chip_room(frame)) for row in rows)
    behind = panels(frame.layout, frame.pen, frame.card, frame.inset, key)
    return [
        replace(
            scene,
            key=key,
            furniture=(*behind, *(piece for piece in scene.furniture if piece.kind not in PANEL_KINDS)),
        )
        for scene in scenes
    ]


def unite_rows(scenes: Sequence[Scene], frame: Frame) -> list[KeyRow]:
    """Return every row that any scene's key has, in the order of their slots."""
    found: dict[str, list[KeyRow]] = {}
    for scene in scenes:
        for entry in scene.key:
            found.setdefault(entry.row.id, []).append(entry.row)
    united = [_unite(found[row], frame, scenes) for row in frame.layout.slots if row in found]
    parties = [row for party in frame.materials.control.parties for row in united if row.id == party]
    return parties + [row for row in united if row not in parties]


def _unite(rows: Sequence[KeyRow], frame: Frame, scenes: Sequence[Scene]) -> KeyRow:
    first = rows[0]
    if first.id in frame.materials.control.parties:
        shown = _shown(first.id, {colour for row in rows for colour in row.colours}, scenes)
        colours = order_colours(shown) or first.colours
        return replace(first, colours=colours, gloss=gloss_of(frame, first.id, frozenset(look for look, _ in shown)))
    if first.kind == "road":
        return replace(first, colours=tuple(dict.fromkeys(colour for row in rows for colour in row.colours)))
    if first.kind == "base":
        common = Counter(row.colours for row in rows).most_common(1)[0][0]
        return replace(first, colours=common, label=frame.phrases["rows"][first.id])
    return first


def _shown(party: str, colours: Iterable[str], scenes: Sequence[Scene]) -> set[Shown]:
    """Return the looks and fills, among some colours, of a party's land or places."""
    told = set(colours)
    marks: list[Patch | Point] = []
    for scene in scenes:
        marks += [*scene.control, *scene.points]
    return {(one.look, one.fill) for one in marks if one.party == party and one.look in LOOKS and one.fill in told}


def order_colours(shown: Iterable[Shown]) -> tuple[str, ...]:
    """Return the fills in the order of a swatch: land held before, gained or held, sparse."""
    return tuple(dict.fromkeys(fill for _, fill in sorted(shown, key=lambda one: LOOKS.index(one[0]))))


def _bare(row: KeyRow, frame: Frame) -> KeyRow:
    return replace(row, gloss="") if row.id in frame.layout.on_card else row
