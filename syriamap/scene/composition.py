"""From a day's control to a decided picture, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ..model import Box
from ..picture import Base, Controller, Inset, Label, Scene
from .camera import Camera, aim
from .furniture import build_inset, build_scale_bar
from .key import SIGN_ORDER, in_slots, party_rows, sign_rows
from .labels import (
    FACILITY_SIGN,
    area_items,
    area_label,
    base_spots,
    chips_of,
    facility_spots,
    name_items,
    party_items,
    place_spots,
    spot_item,
    spot_label,
    stand_apart,
)
from .layers import control_patches, ground_patches, map_lines, pattern_lines
from .layout import Layout, footer, header, make_layout, note_paragraphs, panels
from .place import place_items
from .roads import build_roads, build_shields, road_lines, shield_items
from .text import Beneath, Pen
from .view import View, get_view
from .words import (
    alt_text,
    as_of_line,
    bases_line,
    chip_text,
    credits_of,
    data_line,
    description_of,
    headline,
    long_day,
    make_words,
    sources_line,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from ..model import Day, Materials, Moment
    from ..picture import KeyRow, Line, Marker, Measure, Order, Patch, Road, Words
    from .labels import Spot


# What a pixel of a line under a label costs: lines that stay, and those that move from day to day. Names that stay put
# through a series look at the first kind only.
LASTING = {"border": 0.05, "main-road": 0.10, "road": 0.05}
FLEETING = {"front": 0.06, "front-before": 0.02}
LOCATOR_SHARE = 0.6  # the locator appears when the frame shows less of the country than this
SPARSE_NOTE_SHARE = 0.1  # from this share of the coloured land on, the notes say what control of a desert means


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stays the same on every day of the table: view, pen, layout, camera, and who ever appears in the frame."""

    order: Order
    phrases: Mapping[str, Any]
    view: View
    pen: Pen
    layout: Layout
    camera: Camera
    parties: tuple[str, ...]
    signs: tuple[str, ...]
    chips: Mapping[str, Sequence[str]]


def compose(
    now: Moment,
    before: Moment,
    gains: gpd.GeoDataFrame,
    days: Sequence[Day],
    materials: Materials,
    order: Order,
    *,
    phrases: Mapping[str, Any],
    measure: Measure,
) -> Scene:
    """Return the scene of a day.

    `before` is the evening that gains are counted from, `gains` as `build_gains` returns them; `days` are all days of
    the table, for the layout alone: what is printed depends on days up to `now.on` only.
    """
    frame = _frame(days, materials, order, phrases, measure)
    camera, pen, view = frame.camera, frame.pen, frame.view
    ground = ground_patches(materials.ground, camera, order.theme)
    blocs = materials.theatre["gains"]["blocs"]
    control = control_patches(
        now, gains, materials.ground, materials.control, camera, order.theme, blocs, materials.boundaries
    )
    lines = map_lines(now, before, materials.boundaries, materials.ground, camera, order.theme, order.size)
    roads = build_roads(now, materials.ground, materials.control, camera, view)
    strokes = road_lines(roads, materials.ground, camera, order.theme, order.size.unit)
    bases = _bases(now)
    keepers = before.bases["holder"]
    scale_bar = build_scale_bar(camera, pen, phrases, materials.boundaries.country, frame.layout.card)
    named = _name_everything(
        now, frame, materials, [*ground, *control], lines, strokes, roads, bases, keepers, scale_bar.box
    )
    key = _key(frame, materials, control, named, lines, roads, bases, now.on)
    used = _statements(now, camera, named.markers, bases)
    thin = _sparse_share(control)
    words = _words(now, frame, materials, bases, used, sparse=thin > SPARSE_NOTE_SHARE)
    return Scene(
        on=now.on,
        since=order.since,
        view=view.name,
        size=order.size,
        lang=order.lang,
        theme=order.theme.name,
        crs=camera.crs,
        canvas=frame.layout.canvas,
        map_box=camera.map_box,
        extent=camera.extent,
        degrees=camera.degrees(),
        words=words,
        ground=tuple(ground),
        control=tuple(control),
        patterns=tuple(pattern_lines(control, order.theme, order.size)),
        lines=tuple(lines),
        roads=tuple(roads),
        road_lines=tuple(strokes),
        markers=named.markers,
        labels=named.labels,
        shields=named.shields,
        key=key,
        furniture=tuple(_furniture(frame, words)),
        scale_bar=scale_bar,
        inset=_inset(frame, materials),
        controllers=_controllers(now, materials),
        bases=tuple(bases),
        classes=_classes(control),
        sparse_share=thin,
        statements=used,
        dropped=named.dropped,
        credits=tuple(credits_of(used, materials.control, materials.sources)[0]),
        inputs=(*materials.boundaries.inputs, *materials.control.inputs),
    )


# The frame: the same on every day


def _frame(
    days: Sequence[Day], materials: Materials, order: Order, phrases: Mapping[str, Any], measure: Measure
) -> _Frame:
    view = get_view(order.view, materials.theatre)
    pen = Pen(order.theme, order.size, measure)
    crs = str(materials.theatre["crs"]["map"])
    camera = aim(view.frame, Box(0, 0, order.size.width_px, order.size.height_px), crs)
    country = shapely.box(*materials.boundaries.country.bounds)
    inset = shapely.box(*camera.extent).intersection(country).area < LOCATOR_SHARE * country.area
    notes = {"column": 4, "stack": 6}[order.size.layout]
    for _ in range(2):  # the rows of the key depend on the frame, and in a stack the frame on the rows
        parties = _parties_ever(days, camera, materials)
        signs = _signs_ever(days, camera, view, materials)
        layout = make_layout(pen, parties=len(parties), signs=len(signs), notes=notes, inset=inset)
        camera = aim(view.frame, layout.map_box, crs)
    first = materials.theatre["time"]["offensive_start"]
    chips = chips_of([day.places for day in days], first, phrases) if view.dated else {}
    return _Frame(order, phrases, view, pen, layout, camera, parties, signs, chips)


def _parties_ever(days: Sequence[Day], camera: Camera, materials: Materials) -> tuple[str, ...]:
    """Return the parties that hold land in the frame on any day, in the order of their first day and of their table."""
    window = shapely.box(*camera.extent)
    found: dict[str, None] = {}
    for day in days:
        inside = day.cells.frame.geometry.intersects(window).to_numpy()
        present = set(day.states["party"].to_numpy()[inside])
        found.update(dict.fromkeys(party for party in materials.control.parties if party in present))
    return tuple(found)


def _signs_ever(days: Sequence[Day], camera: Camera, view: View, materials: Materials) -> tuple[str, ...]:
    """Return the rows of signs that any day can need in the frame, in the order of their slots."""
    window = shapely.box(*camera.extent)
    marks: set[str] = set()
    for day in days:
        inside = day.cells.frame.geometry.intersects(window).to_numpy()
        marks |= set(day.states["status"].to_numpy()[inside])
    kinds = {FACILITY_SIGN.get(kind, "") for kind in materials.boundaries.places["kind"].reindex(view.facilities)}
    never = ({"contested", "claimed"} - marks) | ({"port", "field"} - kinds) | (set() if view.dated else {"date"})
    return tuple(row for row in SIGN_ORDER if row not in never)


# What stands on the map


@dataclass(frozen=True, slots=True)
class _Named:
    markers: tuple[Marker, ...]
    labels: tuple[Label, ...]
    shields: tuple[Any, ...]
    dropped: tuple[str, ...]


def _name_everything(
    now: Moment,
    frame: _Frame,
    materials: Materials,
    patches: Sequence[Patch],
    lines: Sequence[Line],
    strokes: Sequence[Line],
    roads: Sequence[Road],
    bases: Sequence[Base],
    keepers: Mapping[str, str],
    bar: Box,
) -> _Named:
    camera, pen, layout = frame.camera, frame.pen, frame.layout
    places = materials.boundaries.places
    map_box = camera.map_box.grow(-12 * pen.size.unit)
    obstacles = [bar.grow(6 * pen.size.unit)] + ([layout.card.grow(4 * pen.size.unit)] if layout.card else [])
    spots = [
        *place_spots(places, frame.view, camera, pen, frame.chips, map_box),
        *base_spots(
            bases, keepers, places, frame.view, camera, pen, frame.chips, map_box, materials.theatre["bases"]["story"]
        ),
        *facility_spots(places, frame.view, camera, pen, map_box),
    ]
    hidden = [spot for spot in spots if any(spot.sign.box.overlaps(box) for box in obstacles)]
    spots = stand_apart([spot for spot in spots if spot not in hidden], 2 * pen.size.unit)
    items = [spot_item(spot, pen, _avoided(lines, strokes, LASTING)) for spot in spots]
    zones = [patch for patch in patches if patch.kind == "zone"]
    shorts = {party.id: party.short for party in materials.control.parties.values()}
    party, party_lines = party_items(zones, shorts, pen, camera.map_box, _avoided(lines, strokes, LASTING | FLEETING))
    names, name_lines = name_items(
        materials.theatre["names"], frame.order.lang, camera, pen, materials.boundaries.areas
    )
    areas, area_lines = area_items(materials.boundaries.areas, camera, pen)
    towns = [spot.sign.at for spot in spots]
    shields = shield_items(roads, materials.ground, camera, pen, towns)
    chosen = place_items([*items, *names, *areas, *shields], obstacles, map_box)  # the same on every day
    taken = [box for one in chosen.values() for box in one.boxes] + [spot.sign.box for spot in spots]
    chosen |= place_items(party, [*obstacles, *taken], map_box)
    beneath = Beneath(patches, pen.theme.colours["sea"])
    labels = [
        spot_label(spot, chosen[spot.id], _chip(spot, now, frame), _taker(spot, now, pen), pen, beneath)
        for spot in spots
        if spot.id in chosen
    ]
    texts = {**{key: (text, "party") for key, text in party_lines.items()}, **name_lines, **area_lines}
    for key, (text, role) in texts.items():
        if key in chosen:
            colour = pen.theme.party(key.removeprefix("party:")).text if role == "party" else ""
            labels.append(area_label(key, role, text, chosen[key], pen, beneath, colour))
    dropped = [item.id for item in (*items, *party, *areas, *shields) if item.id not in chosen]
    dropped += [spot.id for spot in hidden]
    markers = tuple(spot.sign for spot in spots if spot.id in chosen or spot.kind == "base")
    return _Named(markers, tuple(labels), tuple(build_shields(chosen, roads, pen)), tuple(dropped))


def _avoided(
    lines: Sequence[Line], strokes: Sequence[Line], weights: Mapping[str, float]
) -> list[tuple[shapely.Geometry, float]]:
    """Return the lines that labels keep off where they can, with the cost of a pixel of each."""
    found = []
    for kind, weight in weights.items():
        geometries = [line.geometry for line in (*lines, *strokes) if line.kind == kind]
        if geometries:
            found.append((shapely.union_all(geometries), weight))
    return found


def _chip(spot: Spot, now: Moment, frame: _Frame) -> str:
    """Return the dates of a place's capture, when it was taken since the day that gains are counted from."""
    row = now.places.loc[spot.id]
    if not frame.view.dated or not row["chip"] or row["chip_to"].date() < frame.order.since or spot.kind == "facility":
        return ""
    if spot.kind == "base" and spot.sign.state != "lost":
        return ""
    return chip_text(row["chip_from"].date(), row["chip_to"].date(), frame.phrases)


def _taker(spot: Spot, now: Moment, pen: Pen) -> str:
    return pen.theme.party(str(now.places.loc[spot.id, "party"])).text


# What stands around it


def _key(
    frame: _Frame,
    materials: Materials,
    control: Sequence[Patch],
    named: _Named,
    lines: Sequence[Line],
    roads: Sequence[Road],
    bases: Sequence[Base],
    on: date,
) -> tuple[Any, ...]:
    order, phrases, layout = frame.order, frame.phrases, frame.layout
    box = shapely.box(*frame.camera.map_box)
    seen = [patch for patch in control if patch.geometry.intersects(box)]
    parties = party_rows(seen, materials.control, order.theme, phrases, order.since, gains=on >= order.since)
    signs: list[KeyRow] = sign_rows(
        bases=bases,
        markers=named.markers,
        roads=roads,
        patches=seen,
        kinds={line.kind for line in lines if line.geometry.intersects(box)},
        chips=any(label.chip for label in named.labels),
        theme=order.theme,
        control=materials.control,
        phrases=phrases,
        eve=order.since - timedelta(days=1),
    )
    return (
        *in_slots(parties, frame.parties, layout.parties, layout.columns, frame.pen, on, phrases),
        *in_slots(signs, frame.signs, layout.signs, 1, frame.pen, on, phrases),
    )


def _furniture(frame: _Frame, words: Words) -> list[Any]:
    paragraphs = [*((("notes", note) for note in words.notes)), ("sources", words.sources), ("data", words.disclaimer)]
    return [
        *panels(frame.layout),
        *header(frame.layout, frame.pen, words.title, words.as_of, words.subtitle),
        *footer(frame.layout, frame.pen, [p for p in paragraphs if p[1]], words.credit),
    ]


def _inset(frame: _Frame, materials: Materials) -> Inset | None:
    box = frame.layout.inset
    if box is None:
        return None
    capital = materials.boundaries.places.loc[materials.theatre["country"]["capital"]]
    return build_inset(box, materials.boundaries.country, frame.camera, frame.pen, capital)


def _words(
    now: Moment, frame: _Frame, materials: Materials, bases: Sequence[Base], used: Sequence[str], *, sparse: bool
) -> Words:
    order, phrases, control = frame.order, frame.phrases, materials.control
    title = order.title or headline(order.view, now.on, phrases, ours=materials.embedded)
    as_of = as_of_line(now.on, control, phrases)
    lost = bases_line(bases, now.on, order.since, phrases)
    _, outlets = credits_of(used, control, materials.sources)
    sources = sources_line(
        outlets, phrases, frame.pen, frame.layout.notes.width * {"column": 1, "stack": 1.9}[order.size.layout]
    )
    base_day = long_day(materials.theatre["time"]["base_date"], phrases)
    names = materials.boundaries.places["name"]
    disputed = bool(
        shapely.box(*frame.camera.extent).intersects(shapely.union_all(list(materials.boundaries.areas.geometry)))
    )
    paragraphs = note_paragraphs(
        phrases, base_day, sources, data_line(materials.sources, phrases), disputed=disputed, sparse=sparse
    )
    listed = [place for place in frame.view.places if place in names.index]
    return make_words(
        title=title,
        subtitle=order.subtitle or lost,
        as_of=as_of,
        notes=(paragraphs[0][1],),
        sources=sources,
        credit=order.credit or phrases["credit"],
        disclaimer=paragraphs[-1][1],
        alt=alt_text(now, control, listed, long_day(now.on, phrases), phrases, names),
        description=description_of(now, control, bases, phrases),
        phrases=phrases,
        bases=lost,
    )


# What the sidecar counts


def _bases(now: Moment) -> list[Base]:
    found = []
    for place, row in now.bases.iterrows():
        lost_on = row["lost_on"].date().isoformat() if row["status"] == "lost" else ""
        statements = tuple(row["statements"])
        found.append(
            Base(
                str(place), row["name"], row["status"], row["user"], row["holder"], lost_on, row["lost_to"], statements
            )
        )
    return found


def _statements(now: Moment, camera: Camera, markers: Sequence[Marker], bases: Sequence[Base]) -> tuple[str, ...]:
    inside = now.cells.frame.geometry.intersects(shapely.box(*camera.extent)).to_numpy()
    used = set(now.states["statement"].to_numpy()[inside]) | {s for base in bases for s in base.statements}
    used |= {marker.statement for marker in markers}
    return tuple(sorted(used - {""}))


def _controllers(now: Moment, materials: Materials) -> tuple[Controller, ...]:
    places = materials.boundaries.places
    counted = now.places[(places["role"] == "place").to_numpy()]
    people = places["population"].fillna(0)
    found = []
    for party in materials.control.parties.values():
        mine = counted.index[(counted["party"] == party.id).to_numpy()]
        area = float(now.zones["area_km2"].get(party.id, 0.0))
        if area or len(mine):
            found.append(Controller(party.id, party.label, area, len(mine), int(people[mine].sum())))
    return tuple(found)


def _classes(control: Sequence[Patch]) -> tuple[str, ...]:
    return tuple(sorted({f"{patch.party}:{patch.look}" for patch in control}))


def _sparse_share(control: Sequence[Patch]) -> float:
    thin = sum(patch.geometry.area for patch in control if patch.look == "sparse")
    whole = sum(patch.geometry.area for patch in control if patch.look in {"held", "before"})
    return float(np.divide(thin, whole)) if whole else 0.0
