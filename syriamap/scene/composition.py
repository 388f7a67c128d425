"""From a day's control to a decided picture, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from ..picture import Base, Controller, Furniture, Inset, Scene, Words
from .evidence import list_events, list_evidence
from .frame import SOURCE_LINES, is_disputed, make_frame
from .furniture import build_inset, build_scale_bar
from .key import build_key
from .labels import Sheet, name_map
from .layers import control_patches, ground_patches, map_lines, pattern_lines
from .layout import footer, header, panels
from .roads import build_roads, road_lines
from .words import (
    alt_text,
    as_of_line,
    bases_line,
    caption_of,
    credit_of,
    credits_of,
    data_line,
    description_of,
    headline,
    long_day,
    notes_of,
    sources_line,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from ..model import Day, Materials, Moment
    from ..picture import Marker, Measure, Order, Patch
    from .camera import Camera
    from .frame import Frame

SPARSE_NOTE_SHARE = 0.1  # from this share of the coloured land on, the notes say what control of a desert means
FULL_LINE = 0.95  # a line of words is rarely full to the edge


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
    frame = make_frame(days, materials, order, phrases, measure)
    sheet = lay_sheet(frame, now, before, gains)
    bases = list_bases(now)
    scale_bar = build_scale_bar(frame)
    keepers = {str(place): str(holder) for place, holder in before.bases["holder"].items()}
    standing = [box.grow(6 * frame.unit) for box in (scale_bar.box, frame.layout.card) if box]
    names = name_map(frame, sheet, now, bases, keepers, standing)
    used = _statements(now, frame.camera, names.markers, bases)
    thin = _sparse_share(sheet.control)
    words = _words(frame, now, bases, used, sparse=thin > SPARSE_NOTE_SHARE)
    return Scene(
        on=now.on,
        since=order.since,
        view=frame.view.name,
        size=order.size,
        lang=order.lang,
        theme=order.theme.name,
        crs=frame.camera.crs,
        canvas=frame.layout.canvas,
        map_box=frame.camera.map_box,
        extent=frame.camera.extent,
        degrees=frame.camera.degrees(),
        words=words,
        ground=sheet.ground,
        control=sheet.control,
        patterns=tuple(pattern_lines(sheet.control, order.theme, frame.unit)),
        lines=sheet.lines,
        roads=sheet.roads,
        road_lines=sheet.road_lines,
        markers=names.markers,
        labels=names.labels,
        shields=names.shields,
        key=tuple(build_key(frame, sheet, names, now.on)),
        furniture=tuple(_furniture(frame, words)),
        scale_bar=scale_bar,
        inset=_inset(frame),
        controllers=_controllers(now, materials),
        bases=tuple(bases),
        classes=tuple(sorted({f"{patch.party}:{patch.look}" for patch in sheet.control})),
        sparse_share=thin,
        statements=used,
        dropped=names.dropped,
        priority=frame.view.priority,
        softened=order.soften,
        credits=tuple(credits_of(used, materials.control, materials.sources)[0]),
        inputs=(*materials.boundaries.inputs, *materials.control.inputs),
        evidence=list_evidence(used, materials.control),
        events=list_events(names.labels, now),
        key_order=(*frame.parties, *frame.signs),
    )


def lay_sheet(frame: Frame, now: Moment, before: Moment, gains: gpd.GeoDataFrame) -> Sheet:
    """Return the map as it lies under its labels."""
    roads = build_roads(frame, now)
    return Sheet(
        ground=tuple(ground_patches(frame)),
        control=tuple(control_patches(frame, now, before, gains)),
        lines=tuple(map_lines(frame, now, before)),
        roads=tuple(roads),
        road_lines=tuple(road_lines(frame, roads)),
    )


# What stands around the map


def _words(frame: Frame, now: Moment, bases: Sequence[Base], used: Sequence[str], *, sparse: bool) -> Words:
    order, phrases, materials = frame.order, frame.phrases, frame.materials
    control, places = materials.control, materials.boundaries.places
    title = order.title or headline(order.view, now.on, phrases, ours=materials.embedded)
    as_of = as_of_line(now.on, control, phrases)
    lost = bases_line(bases, now.on, order.since, phrases)
    outlets = credits_of(used, control, materials.sources)[1]
    room = frame.layout.notes.width * SOURCE_LINES[order.size.layout] * FULL_LINE
    sources = sources_line(outlets, phrases, frame.pen, room)
    base_day = long_day(materials.theatre["time"]["base_date"], phrases)
    listed = [place for place in frame.view.places if place in places.index]
    return Words(
        title=title,
        subtitle=order.subtitle or lost,
        as_of=as_of,
        notes=tuple(notes_of(phrases, base_day, sparse=sparse)),
        sources=sources,
        data=data_line(materials.sources, materials.theatre["credits"]["drawn"], phrases),
        credit=credit_of(order.credit, phrases),
        disclaimer=phrases["disclaimer"] if is_disputed(frame.camera, materials) else "",
        alt=alt_text(now, control, listed, long_day(now.on, phrases), phrases, places["name"]),
        description=description_of(now, control, bases, phrases),
        caption=caption_of(phrases, title, as_of, lost, sources),
    )


def _furniture(frame: Frame, words: Words) -> list[Furniture]:
    data = " ".join(part for part in (words.data, words.disclaimer) if part)
    paragraphs = [("notes", " ".join(words.notes)), ("sources", words.sources), ("data", data)]
    return [
        *panels(frame.layout, frame.unit),
        *header(frame.layout, frame.pen, words.title, words.as_of, words.subtitle),
        *footer(frame.layout, frame.pen, [one for one in paragraphs if one[1]], words.credit),
    ]


def _inset(frame: Frame) -> Inset | None:
    box, boundaries = frame.layout.inset, frame.materials.boundaries
    if box is None:
        return None
    capital = boundaries.places.loc[frame.materials.theatre["country"]["capital"]]
    return build_inset(frame, box, capital["name"], capital.geometry)


# What the sidecar counts


def list_bases(now: Moment) -> list[Base]:
    """Return every air base of the table with its fate on the day."""
    found = []
    for place, row in now.bases.iterrows():
        lost_on = row["lost_on"].date().isoformat() if row["status"] == "lost" else ""
        fate = (row["status"], row["user"], row["holder"], lost_on, row["lost_to"], tuple(row["statements"]))
        found.append(Base(str(place), row["name"], *fate))
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


def _sparse_share(control: Sequence[Patch]) -> float:
    thin = sum(patch.geometry.area for patch in control if patch.look == "sparse")
    whole = sum(patch.geometry.area for patch in control if patch.look in {"held", "before"})
    return thin / whole if whole else 0.0
