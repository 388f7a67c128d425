"""The few names on small multiples: each place at the same spot in every panel that names it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..beneath import Beneath
from ..model import Box
from ..picture import Label, Marker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..model import Moment
    from ..picture import Scene
    from .frame import Frame

NAME = 17.5  # units
SQUARE, DISC = 4.7, 3.4  # units: the radius of a sign, by the rank of its place
SQUARE_RANK = 2
GAP, EDGE = 3.0, 3.0  # units between a sign and its name, and inside the panel
FIRST = 4  # places that a view lists first, where it has no priority
SIDES = {
    "e": (1, 0),
    "w": (-1, 0),
    "n": (0, -1),
    "s": (0, 1),
    "ne": (1, -1),
    "se": (1, 1),
    "nw": (-1, -1),
    "sw": (-1, 1),
}


def name_panels(
    panels: Sequence[Scene], moments: Sequence[Moment], frame: Frame, told: Sequence[Sequence[str]], bar: Box
) -> list[Scene]:
    """Return the panels with their places: those of the story marked in all, named in the first and where they change.

    `told` are the places that the words over each panel name: they are marked and named below. `bar` is the box of the
    scale bar in the first panel, of which `frame` is the frame.
    """
    story = [place for place in frame.view.priority or frame.view.places[:FIRST] if _sees(frame, place)]
    named = [_named(turn, moments, story, told[turn], frame) for turn in range(len(panels))]
    marked = [list(dict.fromkeys((*story, *names))) for names in named]
    signs = {place: _sign(frame, place) for places in marked for place in places}
    boxes = _place(named, marked, signs, frame, bar)
    origin = panels[0].map_box
    found = []
    for panel, names, places in zip(panels, named, marked, strict=True):
        dx, dy = panel.map_box.x0 - origin.x0, panel.map_box.y0 - origin.y0
        beneath = Beneath((*panel.ground, *panel.control), frame.theme.colours["sea"])
        labels = [_label(frame, place, boxes[place].shift(dx, dy), beneath) for place in names if place in boxes]
        markers = [_moved(signs[place], dx, dy) for place in places]
        dropped = tuple(place for place in names if place not in boxes)
        found.append(replace(panel, markers=tuple(markers), labels=tuple(labels), dropped=dropped))
    return found


def _named(
    turn: int, moments: Sequence[Moment], story: Iterable[str], told: Iterable[str], frame: Frame
) -> tuple[str, ...]:
    """Return the places named in a panel: the story's that changed hands since the panel before, and those told."""
    holders = moments[turn].places["party"]
    before = moments[turn - 1].places["party"].reindex(holders.index) if turn else None
    changed = [place for place in story if before is None or holders[place] != before[place]]
    return tuple(dict.fromkeys((*changed, *(place for place in told if _sees(frame, place)))))


def _sees(frame: Frame, place: str) -> bool:
    places = frame.materials.boundaries.places
    if place not in places.index:
        return False
    x, y = frame.camera.point(places.geometry[place].x, places.geometry[place].y)
    return frame.camera.map_box.grow(-2 * EDGE * frame.pen.size.unit).holds(Box(x, y, x, y))


def _sign(frame: Frame, place: str) -> Marker:
    row, unit = frame.materials.boundaries.places.loc[place], frame.pen.size.unit
    square = int(row["rank"]) <= SQUARE_RANK
    radius = (SQUARE if square else DISC) * unit
    x, y = frame.camera.point(row.geometry.x, row.geometry.y)
    box = Box(x - radius, y - radius, x + radius, y + radius)
    return Marker(place, "square" if square else "disc", (x, y), box, radius, "", frame.theme.colours["ink"])


def _moved(sign: Marker, dx: float, dy: float) -> Marker:
    return replace(sign, at=(sign.at[0] + dx, sign.at[1] + dy), box=sign.box.shift(dx, dy))


def _place(
    named: Sequence[Sequence[str]], marked: Sequence[Sequence[str]], signs: dict[str, Marker], frame: Frame, bar: Box
) -> dict[str, Box]:
    """Return the box of every name in the first panel; names that never meet in a panel may share a spot.

    The first to be named choose first; a place that finds no spot stays without its name.
    """
    found: dict[str, Box] = {}
    room = frame.camera.map_box.grow(-EDGE * frame.pen.size.unit)
    for place in dict.fromkeys(place for names in named for place in names):
        shared = [turn for turn, names in enumerate(named) if place in names]
        others = {other for turn in shared for other in named[turn]} & set(found)
        near = {other for turn in shared for other in marked[turn]} - {place}
        taken = [found[other] for other in others] + [signs[other].box.grow(1) for other in near] + [bar]
        spots = [box for box in _spots(frame, signs[place]) if room.holds(box)]
        free = [box for box in spots if not any(box.overlaps(other) for other in taken)]
        if free:
            found[place] = free[0]
    return found


def _spots(frame: Frame, sign: Marker) -> list[Box]:
    """Return the boxes around a sign where its name can stand, the liked ones first."""
    pen, unit = frame.pen, frame.pen.size.unit
    px = name_px(frame)
    width, height = pen.width(_words(frame, sign.id), "town", px), 0.96 * px
    reach = sign.radius + GAP * unit
    liked = frame.view.sides.get(sign.id, "e")
    found = []
    for side in dict.fromkeys((liked, *SIDES)):
        dx, dy = SIDES[side]
        slant = 0.7 if dx and dy else 1.0
        x = sign.at[0] + dx * (slant * reach + width / 2)
        y = sign.at[1] + dy * (slant * reach + height / 2)
        found.append(Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    return found


def name_px(frame: Frame) -> float:
    """Return the size of the names on small multiples."""
    return max(NAME * frame.pen.size.unit, frame.pen.size.min_px)


def _words(frame: Frame, place: str) -> str:
    return str(frame.materials.boundaries.places.loc[place, "name"])


def _label(frame: Frame, place: str, box: Box, beneath: Beneath) -> Label:
    px, text = name_px(frame), _words(frame, place)
    y = box.y0 + 0.74 * px
    ground = beneath.halo(box)
    run = frame.pen.run(text, "town", box.x0, y, ground=ground, px=px, halo=ground)
    return Label(place, "town", text, (run,), box, ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
