"""What stays the same on every day of the table: layout, camera, slots of the key, room for dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from ..model import Box
from .camera import aim
from .layout import CREDIT_GAP, make_layout, notes_width
from .text import Pen
from .view import get_view
from .words import chip_text, credit_of, data_line, long_day, notes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ..model import Day, Materials
    from ..picture import Measure, Order
    from ..theme import Theme
    from .camera import Camera
    from .layout import Layout
    from .view import View

LOCATOR_SHARE = 0.6  # the locator appears when the frame shows less of the country than this
EDGE_SHARE = 0.0105  # of the width: labels keep so far inside the map
SOURCE_LINES = {"column": 1, "stack": 2}
# Rows in the order of their slots: what is there on every day first, so that a day without the others has no holes.
SIGN_ORDER = (
    "base-held",
    "road",
    "base-lost",
    "date",
    "front-before",
    "front-guess",
    "port",
    "field",
    "contested",
    "claimed",
)
FACILITY_SIGN = {"port": "port", "oil-field": "field", "gas-field": "field"}


@dataclass(frozen=True, slots=True)
class Frame:
    """One layout: what was asked for, what it is made from, and all that no day may change.

    `parties` and `signs` are the rows that the key can ever need here, in the order of their slots; `chips` the dates
    that each place can ever show.
    """

    order: Order
    materials: Materials
    phrases: Mapping[str, Any]
    view: View
    pen: Pen
    layout: Layout
    camera: Camera
    parties: tuple[str, ...]
    signs: tuple[str, ...]
    chips: Mapping[str, Sequence[str]]

    @property
    def theme(self) -> Theme:
        """Return the look that was asked for."""
        return self.order.theme

    @property
    def unit(self) -> float:
        """Return how many pixels one unit has in this picture."""
        return self.order.size.unit

    @property
    def labelled(self) -> Box:
        """Return the part of the map where labels may stand: a little inside its edges."""
        return self.camera.map_box.grow(-EDGE_SHARE * self.order.size.width_px)

    def sees(self, at: tuple[float, float]) -> bool:
        """Return whether a pixel lies where labels may stand."""
        return self.labelled.holds(Box(*at, *at))


def make_frame(
    days: Sequence[Day], materials: Materials, order: Order, phrases: Mapping[str, Any], measure: Measure
) -> Frame:
    """Return the frame that all days of a table share."""
    view = get_view(order.view, materials.theatre)
    pen = Pen(order.theme, order.size, measure)
    crs = str(materials.theatre["crs"]["map"])
    camera = aim(view.frame, Box(0, 0, order.size.width_px, order.size.height_px), crs)
    country = shapely.box(*materials.boundaries.country.bounds)
    inset = shapely.box(*camera.extent).intersection(country).area < LOCATOR_SHARE * country.area
    for _ in range(2):  # the rows of the key depend on the frame, and in a stack the frame on the rows
        parties = _parties_ever(days, camera, materials)
        signs = _signs_ever(days, camera, view, materials)
        notes = _note_lines(materials, order, phrases, pen, camera)
        layout = make_layout(pen, parties=len(parties), signs=len(signs), notes=notes, inset=inset)
        camera = aim(view.frame, layout.map_box, crs)
    chips = _chips_ever(days, materials, phrases) if view.dated else {}
    return Frame(order, materials, phrases, view, pen, layout, camera, parties, signs, chips)


def is_disputed(camera: Camera, materials: Materials) -> bool:
    """Return whether a disputed line shows in the frame."""
    return bool(materials.boundaries.areas.geometry.intersects(shapely.box(*camera.extent)).any())


def _note_lines(materials: Materials, order: Order, phrases: Mapping[str, Any], pen: Pen, camera: Camera) -> int:
    """Return how many lines the notes can need on any day, a line for the credit counted."""
    width = notes_width(pen)
    thin = materials.ground.sparse.intersects(shapely.box(*camera.extent))
    base_day = long_day(materials.theatre["time"]["base_date"], phrases)
    notes = " ".join(notes_of(phrases, base_day, sparse=thin))
    data = data_line(materials.sources, materials.theatre["credits"]["drawn"], phrases)
    data += " " + phrases["disclaimer"] if is_disputed(camera, materials) else ""
    last = pen.wrap(data, "note", width)
    alone = (
        pen.width(last[-1], "note") + pen.width(credit_of(order.credit, phrases), "credit") + CREDIT_GAP * pen.size.unit
        > width
    )
    return len(pen.wrap(notes, "note", width)) + SOURCE_LINES[order.size.layout] + len(last) + alone


def _parties_ever(days: Sequence[Day], camera: Camera, materials: Materials) -> tuple[str, ...]:
    """Return the parties that hold land in the frame on any day, in the order of their first day and of their table."""
    found: dict[str, None] = {}
    for states in _seen(days, camera):
        present = set(states["party"])
        found.update(dict.fromkeys(party for party in materials.control.parties if party in present))
    return tuple(found)


def _signs_ever(days: Sequence[Day], camera: Camera, view: View, materials: Materials) -> tuple[str, ...]:
    """Return the rows of signs that any day can need in the frame, in the order of their slots."""
    marks = {status for states in _seen(days, camera) for status in states["status"]}
    kinds = {FACILITY_SIGN.get(kind, "") for kind in materials.boundaries.places["kind"].reindex(view.facilities)}
    never = ({"contested", "claimed"} - marks) | ({"port", "field"} - kinds) | (set() if view.dated else {"date"})
    return tuple(row for row in SIGN_ORDER if row not in never)


def _seen(days: Sequence[Day], camera: Camera) -> Iterator[pd.DataFrame]:
    """Yield the states of the cells in the frame, day by day."""
    window = shapely.box(*camera.extent)
    inside: dict[int, NDArray[np.bool_]] = {}
    for day in days:
        key = id(day.cells)
        if key not in inside:
            inside[key] = day.cells.frame.geometry.intersects(window).to_numpy()
        yield day.states.loc[inside[key]]


def _chips_ever(days: Sequence[Day], materials: Materials, phrases: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return every date that the chip of a place shows on any day of the offensive."""
    first = materials.theatre["time"]["offensive_start"]
    found: dict[str, list[str]] = {}
    for day in days:
        shown = day.places[day.places["chip"] != ""]
        for place, start, end in zip(shown.index, shown["chip_from"], shown["chip_to"], strict=True):
            text = chip_text(start.date(), end.date(), phrases)
            if end.date() >= first and text not in found.setdefault(str(place), []):
                found[str(place)].append(text)
    return {place: texts for place, texts in found.items() if texts}
