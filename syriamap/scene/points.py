"""Places by holder instead of areas: one dot for every named place, and not a word about the land between.

A zone says who holds ground that nobody has looked at; a dot says what the table says, and nothing more: points claim
nothing about the land between places.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from ..beneath import Beneath
from ..errors import UnknownNameError
from ..model import NOBODY, Box
from ..picture import STYLES, Line, Patch, Point
from .age import stale_dots
from .patterns import mark_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import Held, Moment
    from ..picture import Label, Marker, TextRun
    from ..theme import Theme
    from .frame import Frame
    from .labels import Names, Sheet

RADIUS, SMALL = {1: 5.0, 2: 5.0, 3: 4.0}, 3.2  # units, by rank
EDGE, HOLLOW_EDGE = 0.9, 1.6  # units: the line around a dot
TOWN_SIGNS = ("square", "disc")
LAND_LINES = ("front", "front-guess", "front-before", "front-tick")  # lines that stand between two lands


def check_style(name: str) -> str:
    """Return the name of a style. Raises UnknownNameError with the nearest right one."""
    if name not in STYLES:
        raise UnknownNameError("style", name, STYLES)
    return name


def dot_sheet(frame: Frame, sheet: Sheet, now: Moment, before: Moment, signs: Sequence[Marker]) -> Sheet:
    """Return a sheet without zones and fronts: the country in one colour, its places as dots in their holders'.

    The dot of a place that has a town's sign among `signs` is as large as that sign, which it replaces.
    """
    land = Patch("land", frame.camera.to_px(frame.materials.boundaries.country), frame.theme.colours["land"])
    first = sum(patch.kind == "neighbour" for patch in sheet.ground)
    points = tuple(build_points(frame, now, before, signs))
    return replace(
        sheet,
        ground=(*sheet.ground[:first], land, *sheet.ground[first:]),
        control=(),
        lines=tuple(line for line in sheet.lines if line.kind not in LAND_LINES),
        points=points,
        marks=tuple(stale_dots(frame, now, points)),
    )


def build_points(frame: Frame, now: Moment, before: Moment, signs: Sequence[Marker] = ()) -> list[Point]:
    """Return the dots of the named places that are to be seen, the least of them first."""
    places = frame.materials.boundaries.places
    rows = places[(places["role"] == "place").to_numpy()].sort_values("rank", ascending=False, kind="stable")
    towns = {sign.id: sign.radius for sign in signs if sign.kind in TOWN_SIGNS}
    found = []
    for place, row in rows.iterrows():
        at, rank = frame.camera.point(row.geometry.x, row.geometry.y), int(row["rank"])
        radius = max(RADIUS.get(rank, SMALL) * frame.unit, towns.get(str(place), 0.0))
        if is_seen(frame, at, radius):
            look = look_of(frame, now.held[str(place)], before.held[str(place)])
            found.append(_point(frame, str(place), at, radius, now.held[str(place)], look))
    return found


def is_seen(frame: Frame, at: tuple[float, float], radius: float) -> bool:
    """Return whether the middle of a dot lies on the map, and no panel hides the dot."""
    dot = Box(*at, *at).grow(radius)
    panels = [box for box in (frame.card, frame.inset) if box]
    return frame.camera.map_box.holds(Box(*at, *at)) and not any(panel.overlaps(dot) for panel in panels)


def look_of(frame: Frame, state: Held, eve: Held) -> str:
    """Return how a place is held: contested, claimed, gained since the evening `eve`, before it, or held."""
    if state.status in ("contested", "claimed"):
        return state.status
    parties, party = frame.materials.control.parties, state.party
    bloc = parties[party].bloc
    if bloc not in frame.materials.theatre["gains"]["blocs"] or not frame.theme.party(party).before:
        return "held"
    fresh = state.status not in NOBODY and parties[eve.party].bloc != bloc
    return "gained" if fresh else "before"


def _point(frame: Frame, place: str, at: tuple[float, float], radius: float, state: Held, look: str) -> Point:
    theme, party, rival = frame.theme, state.party, state.rival if look != "held" else ""
    fill, edge, half = dot_colours(theme, party, look, rival)
    lines = dot_lines(theme, party, look, at, radius, frame.unit)
    width = HOLLOW_EDGE if look == "claimed" else EDGE
    return Point(place, at, radius, fill, edge, party, look, rival, half, width * frame.unit, lines, state.statement)


def dot_colours(theme: Theme, party: str, look: str, rival: str) -> tuple[str, str, str]:
    """Return the colours of a dot: its fill, its edge, and its right half's where a rival fights for the place."""
    style, front = theme.party(party), theme.colours["front"]
    if look == "claimed":  # hollow: not known to be held
        return theme.colours["land"], style.text, ""
    fill = style.before if look == "before" else style.fill
    return fill, front, theme.party(rival).fill if look == "contested" and rival else ""


def dot_lines(
    theme: Theme, party: str, look: str, at: tuple[float, float], radius: float, unit: float
) -> tuple[Line, ...]:
    """Return the strokes on a dot: its party's mark, or the line between the two halves of a contested place."""
    x, y = at
    if look == "contested":
        middle = shapely.LineString([(x, y - radius), (x, y + radius)])
        return (Line("dot-half", middle, theme.colours["front"], EDGE * unit),)
    style = theme.party(party)
    return tuple(mark_lines(style.dot_mark, at, radius, style.text)) if look != "claimed" else ()


# What stands on the map, told anew on the land without zones


def on_land(frame: Frame, names: Names, sheet: Sheet) -> Names:
    """Return signs and labels where they were, on the sheet with dots: the names of parties left out, halos renewed.

    A party has no land here that could bear its name; the key tells the parties.
    """
    beneath = Beneath((*sheet.ground, *sheet.control), frame.theme.colours["sea"])
    dots = {point.place: point for point in sheet.points}
    return replace(
        names,
        markers=tuple(_dotted(sign, dots) for sign in names.markers),
        labels=tuple(_renewed(label, beneath) for label in names.labels if label.kind != "party"),
        dropped=tuple(name for name in names.dropped if not name.startswith("party:")),
    )


def _dotted(sign: Marker, dots: Mapping[str, Point]) -> Marker:
    """Return the sign of a town as the dot that replaces it."""
    if sign.kind not in TOWN_SIGNS or sign.id not in dots:
        return sign
    return replace(sign, kind="point", colour=dots[sign.id].fill, state=dots[sign.id].look)


def _renewed(label: Label, beneath: Beneath) -> Label:
    runs = tuple(_on(run, beneath) if run.halo else run for run in label.runs)
    return replace(label, runs=runs)


def _on(run: TextRun, beneath: Beneath) -> TextRun:
    colour = beneath.halo(run.box)
    return replace(run, halo=colour, ground=colour)
