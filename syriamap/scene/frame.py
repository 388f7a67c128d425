"""What stays the same on every day of the table: layout, camera, slots of the key, room for dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from ..model import Box
from .camera import aim
from .corners import Panel, settle
from .disputed import disclaimer_of
from .furniture import bar_size
from .layout import LOCATOR, Needs, make_layout
from .text import Pen, script_of
from .view import get_view
from .words import (
    as_of_line,
    check_map_room,
    chip_text,
    credit_of,
    data_line,
    edition_notes,
    headlines,
    long_day,
    notes_of,
    short_day,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..model import Cells, Control, Day, Materials
    from ..picture import Measure, Order
    from ..theme import Theme
    from .camera import Camera
    from .layout import Layout
    from .view import View

LOCATOR_SHARE = 0.6  # the locator appears when the frame shows less of the country than this
LOCATOR_ROOM = 0.11  # of the map: a locator that took more would hide too much of it
EDGE_SHARE = 0.0105  # of the width: labels keep so far inside the map
MOST_DAYS = 0.6
YEAR = 366  # days
WANTED = 20  # the first places of a view that no furniture may hide
SUBTITLE_LINES = {"column": 1, "left": 3, "stack": 2}  # kept for the subtitle besides the as-of day
# Rows in the order of their slots: what is there on every day first, so that a day without the others has no holes.
SIGN_ORDER = (
    "base-held",
    "road",
    "base-lost",
    "date",
    "front-before",
    "front-guess",
    "cut",
    "port",
    "field",
    "diamond",
    "next",
    "contested",
    "claimed",
    "stale",
)
FACILITY_SIGN = {"port": "port", "oil-field": "field", "gas-field": "field"}


@dataclass(frozen=True, slots=True)
class Frame:
    """One layout: what was asked for, what it is made from, and all that no day may change.

    `parties` and `signs` are the rows that the key can ever need here, in the order of their slots; `chips` the dates
    that each place can ever show; `heartlands` is what a party holds on all days, and on most of the days, on which
    it holds anything here, in metres. `card`, `inset` and `bar` are the boxes of the panels on the map.
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
    heartlands: Mapping[str, Sequence[BaseGeometry]]
    card: Box | None
    inset: Box | None
    bar: Box

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
        """Return the part of the map where labels may stand: a little inside its edges, and inside what is safe."""
        return label_room(self.camera.map_box, self.pen)

    def sees(self, at: tuple[float, float]) -> bool:
        """Return whether a pixel lies where labels may stand."""
        return self.labelled.holds(Box(*at, *at))


def label_room(map_box: Box, pen: Pen) -> Box:
    """Return the part of a map where labels may stand."""
    size, edge = pen.size, EDGE_SHARE * pen.size.width_px
    left, top, right, bottom = size.safe
    return Box(
        max(map_box.x0, left) + edge,
        max(map_box.y0, top) + edge,
        min(map_box.x1, size.width_px - right) - edge,
        min(map_box.y1, size.height_px - bottom) - edge,
    )


def make_frame(days: Sequence[Day], materials: Materials, order: Order, measure: Measure) -> Frame:
    """Return the frame that all days of a table share."""
    phrases = order.language.phrases
    view = get_view(order.view, materials)
    pen = Pen(order.theme, order.size, measure, script_of(order.language))
    crs, land = str(materials.theatre["crs"]["map"]), materials.boundaries.country
    camera = aim(view.frame, Box(0, 0, order.size.width_px, order.size.height_px), crs)
    for _ in range(3):  # the rows of the key depend on the frame, and the frame on the room that the rows leave
        parties, early = _parties_ever(days, camera, materials), len(_parties_ever(days[:1], camera, materials))
        signs = _signs_ever(days, camera, view, materials, order)
        rows = Rows(parties, frozenset(parties[early:]), signs)
        layout = make_layout(pen, _needs(materials, order, pen, camera, view, rows))
        check_map_room(layout.map_box)
        camera = aim(view.frame, pen.turn(layout.map_box), crs)
        panels = list_panels(camera, layout, pen, phrases, land)
        wanted, seen = list_wanted(view, materials), seen_box(view, camera)
        room = label_room(camera.map_box, pen)
        settled = settle(camera, list(panels.values()), land, wanted, room, pen.size.unit, seen)
        camera = settled.camera
    boxes = dict(zip(panels, settled.boxes, strict=True))
    shown = tuple(row for row in signs if row in layout.slots)
    chips = _chips_ever(days, materials, phrases) if "date" in shown else {}
    beside = layout.inset if is_part(camera, land) else None
    places = boxes.get("card"), boxes.get("inset", beside and pen.turn(beside)), boxes["bar"]
    return Frame(
        order,
        materials,
        phrases,
        view,
        pen,
        layout,
        settled.camera,
        parties,
        shown,
        chips,
        _heartlands(days, settled.camera),
        *places,
    )


def list_panels(camera: Camera, layout: Layout, pen: Pen, phrases: Mapping[str, Any], land: Any) -> dict[str, Panel]:  # noqa: ANN401  # any geometry
    """Return what is to stand on the map: the card of signs, the locator where a part of the country shows, the bar."""
    found = {}
    unit = pen.size.unit
    if layout.card:
        found["card"] = Panel(*layout.card)
    width, height = (side * unit for side in LOCATOR)
    fits = width * height < LOCATOR_ROOM * camera.map_box.width * camera.map_box.height
    if is_part(camera, land) and fits and layout.inset is None:
        found["inset"] = Panel(width, height)
    return found | {"bar": Panel(*bar_size(camera, pen, phrases), corners=((0, 1), (1, 1)), spare=((0, 0), (1, 0)))}


def seen_box(view: View, camera: Camera) -> Box:
    """Return the box in pixels of what a view must show."""
    west, south, east, north = view.frame
    around = [(lon, lat) for lon in np.linspace(west, east, 9) for lat in np.linspace(south, north, 9)]
    xs, ys = np.array([camera.lonlat(*one) for one in around]).T
    return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))


def is_part(camera: Camera, land: BaseGeometry) -> bool:
    """Return whether the frame shows so little of the country that a locator is needed."""
    return bool(camera.window.intersection(land).area < LOCATOR_SHARE * land.area)


def list_wanted(view: View, materials: Materials) -> list[tuple[float, float]]:
    """Return the points on the ground that no furniture may hide."""
    places = materials.boundaries.places.geometry
    story = materials.theatre["bases"]["story"]
    names = [name for name in (*view.places[:WANTED], *view.bases, *view.facilities, *story) if name in places.index]
    return [(places[name].x, places[name].y) for name in dict.fromkeys(names)]


class Rows(NamedTuple):
    """The rows that the key can ever need: parties in the order of their first day, those that come late, signs."""

    parties: Sequence[str]
    late: frozenset[str]
    signs: Sequence[str]


def _needs(materials: Materials, order: Order, pen: Pen, camera: Camera, view: View, rows: Rows) -> Needs:
    """Return all that any day can want to print around the map."""
    control, size, phrases = materials.control, order.size, order.language.phrases
    words = {**phrases["rows"], "stale": phrases["age"]["row"]}
    since = short_day(order.since, phrases)
    eve = short_day(order.since - timedelta(days=1), phrases)
    long = control.last.replace(day=28)  # a day of two figures
    wordings = {row: [words[row], words.get(f"{row}-count", "")] for row in rows.signs}
    number = {"stale": order.stale}
    told = {row: [text.format(n=number.get(row, 10), day=eve) for text in texts] for row, texts in wordings.items()}
    labels = {row: max(texts, key=lambda text: pen.width(text, "key")) for row, texts in told.items()}
    glosses = {party: _gloss(party, materials, order, phrases, since) for party in rows.parties}
    carried = control.last + timedelta(days=999)
    days = list_days(control)
    as_of = [as_of_line(on, control.last if order.carry else on, phrases, brief=size.brief) for on in days]
    as_of += [as_of_line(carried, control.last, phrases, brief=size.brief)] if order.carry else []
    return Needs(
        titles=[order.title] if order.title else headlines(view, phrases, ours=materials.embedded),
        as_of=max(as_of, key=lambda text: pen.width(text, "as_of")),
        subtitle=0 if size.tiny else SUBTITLE_LINES[size.layout],
        parties={party: (control.parties[party].label, gloss) for party, (gloss, _) in glosses.items()},
        lasting=frozenset(party for party, (_, needed) in glosses.items() if needed),
        late=rows.late,
        signs=labels,
        moved=frozenset(),
        notes=_note_paragraphs(materials, order, phrases, camera),
        credit=credit_of(order.credit, phrases),
        chip=chip_text(long, long, phrases),
    )


def list_days(control: Control) -> list[date]:
    """Return the days of a table, of a long one those of a year: every wording of a date is among them."""
    return [control.first + timedelta(days=step) for step in range(min((control.last - control.first).days, YEAR) + 1)]


def _gloss(party: str, materials: Materials, order: Order, phrases: Mapping[str, Any], since: str) -> tuple[str, bool]:
    """Return the longest gloss that a party's row can have, and whether it explains the swatch."""
    style, noun = order.theme.party(party), materials.control.parties[party]
    advancing = noun.bloc in materials.theatre["gains"]["blocs"] and bool(style.before)
    kinds = ["party_gained"] if advancing else []
    kinds += ["party_sparse"] if style.sparse else []
    kinds += ["party_gained_sparse"] if style.sparse and advancing and "party_gained_sparse" in phrases else []
    glosses = [str(phrases[kind]).format(since=since) for kind in kinds]
    return (max(glosses, key=len), True) if glosses else (noun.gloss, False)


def _note_paragraphs(materials: Materials, order: Order, phrases: Mapping[str, Any], camera: Camera) -> list[str]:
    """Return the longest notes that any day can have; the sources come between them."""
    thin = materials.ground.sparse.intersects(camera.window)
    told = list_notes(materials, order, phrases, follow_source(materials, order), sparse=thin)
    notes = " ".join([*edition_notes(order.edition, phrases, order.size), *told])
    layers = materials.theatre["credits"]["drawn"]
    data = data_line(materials.sources, layers, phrases, size=order.size, basemap=order.basemap)
    data += " " + disclaimer_of(materials, phrases) if is_disputed(camera, materials) else ""
    return [notes, data]


def list_notes(
    materials: Materials, order: Order, phrases: Mapping[str, Any], follow: str, *, sparse: bool
) -> list[str]:
    """Return the notes of a map, as `notes_of` does."""
    return notes_of(
        phrases,
        base_day_of(materials, phrases),
        follow,
        sparse=sparse,
        size=order.size,
        roads=not materials.ground.roads.empty,
        drawn=materials.control.zones is not None and order.style == "zones",
    )


def base_day_of(materials: Materials, phrases: Mapping[str, Any]) -> str:
    """Return the day whose users of air bases count, "" where the theatre knows no air bases."""
    return "" if materials.ground.bases.empty else long_day(materials.theatre["time"]["base_date"], phrases)


def follow_source(materials: Materials, order: Order) -> str:
    """Return who named what could be next, "" when it is not to be marked."""
    return str(materials.theatre["next"]["source"]) if order.mark_next and "next" in materials.theatre else ""


def is_disputed(camera: Camera, materials: Materials) -> bool:
    """Return whether a disputed line shows in the frame."""
    return bool(materials.boundaries.areas.geometry.intersects(camera.window).any())


def _parties_ever(days: Sequence[Day], camera: Camera, materials: Materials) -> tuple[str, ...]:
    """Return the parties that hold land in the frame on any day, in the order of their first day and of their table."""
    found: dict[str, None] = {}
    for present in _seen(days, camera, "party"):
        found.update(dict.fromkeys(party for party in materials.control.parties if party in present))
    return tuple(found)


def facility_sign(kind: str) -> str:
    """Return the sign of a kind of facility."""
    return FACILITY_SIGN.get(kind, "diamond")


def _heartlands(days: Sequence[Day], camera: Camera) -> dict[str, tuple[BaseGeometry, BaseGeometry]]:
    """Return the land that each party holds on every day, and on most days, on which it holds any in the frame.

    Where the table names other places from some day on, the days with the most common cells decide.
    """
    by_cells: dict[int, list[Day]] = {}
    for day in days:
        by_cells.setdefault(id(day.cells), []).append(day)
    group = max(by_cells.values(), key=len)
    inside = seen_cells(group[0].cells, camera)
    geometry = group[0].cells.frame.geometry.to_numpy()[inside]
    held = np.array([_column(day, "party")[inside] for day in group])
    found = {}
    for party in np.unique(held):
        mine = (held == party)[(held == party).any(axis=1)]
        always, most = mine.all(axis=0), mine.mean(axis=0) >= MOST_DAYS
        found[str(party)] = (shapely.coverage_union_all(geometry[always]), shapely.coverage_union_all(geometry[most]))
    return found


def _signs_ever(days: Sequence[Day], camera: Camera, view: View, materials: Materials, order: Order) -> tuple[str, ...]:
    """Return the rows of signs that any day can need in the frame, in the order of their slots."""
    marks = set().union(*_seen(days, camera, "status"))
    kinds = {facility_sign(kind) for kind in materials.boundaries.places["kind"].reindex(view.facilities)}
    never = ({"contested", "claimed"} - marks) | ({"port", "field", "diamond"} - kinds)
    dated = view.dated and any((day.places["chip"] != "").any() for day in days)
    never |= set() if order.stale else {"stale"}
    never |= (set() if dated else {"date"}) | (set() if order.mark_next else {"next"})
    return tuple(row for row in SIGN_ORDER if row not in never)


def _seen(days: Sequence[Day], camera: Camera, column: str) -> Iterator[set[str]]:
    """Yield what a column of the states says of the cells in the frame, day by day."""
    for day in days:
        yield set(_column(day, column)[seen_cells(day.cells, camera)].tolist())


@lru_cache(maxsize=256)
def _column(day: Day, column: str) -> NDArray[np.object_]:
    """Return a column of a day's states as an array of words."""
    return day.states[column].to_numpy(dtype=object)


@lru_cache(maxsize=64)
def seen_cells(cells: Cells, camera: Camera) -> NDArray[np.bool_]:
    """Return which cells lie in the frame."""
    inside: NDArray[np.bool_] = cells.frame.geometry.intersects(camera.window).to_numpy()
    return inside


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
