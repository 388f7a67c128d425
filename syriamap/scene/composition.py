"""From a day's control to a decided picture, step by step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from ..picture import Base, Controller, Furniture, Inset, Scene, Words
from ..scripts import run_on
from .age import measure_age, stale_land
from .axis import axis_legs, build_arrows
from .backdrop import credit_below
from .disputed import disclaimer_of, tell_worldview
from .evidence import list_events, list_evidence
from .frame import follow_source, is_disputed, list_notes, make_frame, seen_cells
from .furniture import build_inset, build_scale_bar
from .key import build_key
from .labels import Sheet, name_map, plan_names
from .layers import build_still, control_patches, front_lines, land_in_frame, pattern_lines
from .layout import sources_room
from .page import choose_subtitle, footer, header, panels
from .points import dot_sheet, on_land
from .roads import build_roads, read_roads, road_lines, whole_roads
from .telling import Facts, tell_alt, tell_description
from .words import (
    as_of_line,
    bases_lines,
    caption_of,
    credit_of,
    credits_of,
    data_line,
    desert_note,
    edition_notes,
    headline,
    in_figures,
    rights_of,
    road_line,
    sources_line,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from ..model import Boundaries, Day, Materials, Moment
    from ..picture import Backdrop, KeyEntry, Line, Marker, Measure, Order, Patch, ScaleBar
    from .axis import Leg
    from .camera import Camera
    from .frame import Frame
    from .labels import Names, Plan
    from .layers import Still

TOWN_RANK = 4  # the least rank of a place that the sentence about the main road names
GREAT_RANK = 1  # and of one that lies beyond the view: the road does not end with the map
ON_ROAD_M = 6000.0  # a place so near the main road is on it
SPARSE_NOTE_SHARE = 0.1  # from this share of the coloured land on, the notes say what control of a desert means


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """All of a map that no day changes: layout, still ground, roads, axis, furniture, the places of lasting names.

    `stops` are the places along the main road that a sentence can name, in their order.
    """

    frame: Frame
    still: Still
    roads: tuple[Line, ...]
    legs: tuple[Leg, ...]
    scale_bar: ScaleBar
    inset: Inset | None
    plan: Plan
    stops: Mapping[str, str]


def lay_out(
    days: Sequence[Day],
    bases: Mapping[str, str],
    materials: Materials,
    order: Order,
    *,
    measure: Measure,
) -> Setting:
    """Return the setting that all days of a table share: solved once over every label and row that any day can need.

    `days` are all days of the table, `bases` the air bases that can be lost, id to name. Nothing of them is printed:
    what a map says depends on days up to its own only. `materials` have their names in the language of the order.
    """
    frame = make_frame(days, materials, order, measure)
    still, legs, scale_bar = build_still(frame), tuple(axis_legs(frame)), build_scale_bar(frame)
    standing = [box.grow(6 * frame.unit) for box in (scale_bar.box, frame.card, frame.inset) if box]
    plan = plan_names(frame, still, legs, bases, standing)
    return Setting(frame, still, tuple(whole_roads(frame)), legs, scale_bar, lay_inset(frame), plan, _stops(frame))


def compose(
    setting: Setting, now: Moment, before: Moment, gains: gpd.GeoDataFrame, backdrop: Backdrop | None = None
) -> Scene:
    """Return the scene of a day.

    `before` is the evening that gains are counted from, `gains` as `build_gains` returns them, `backdrop` the basemap.
    """
    order, materials = setting.frame.order, setting.frame.materials
    bases = list_bases(now, materials)
    frame, sheet, names = _name_sheet(setting, now, before, gains, bases)
    used = _statements(now, frame.camera, names.markers, bases)
    thin = _sparse_share(sheet.control)
    key = build_key(frame, sheet, names, now.on, sum(base.status == "lost" for base in bases))
    outlets = credits_of(used, materials.control, materials.sources)
    evidence, controllers = list_evidence(used, materials.control), _controllers(now, materials)
    facts = Facts(
        frame=frame,
        now=now,
        controllers=controllers,
        stops=setting.stops,
        roads=sheet.roads,
        bases=bases,
        markers=names.markers,
        lines=sheet.lines,
        evidence=evidence,
        outlets=len(outlets[1]),
        sparse_share=thin,
        age=measure_age(frame, now),
    )
    sparse = thin > SPARSE_NOTE_SHARE or (order.style == "points" and order.size.tiny)
    words = _words(setting, facts, outlets[1], sparse=sparse, basemap=credit_below(backdrop))
    return Scene(
        on=now.on,
        since=order.since,
        view=frame.view.name,
        size=order.size,
        lang=order.language.code,
        theme=order.theme.name,
        crs=frame.camera.crs,
        canvas=frame.layout.canvas,
        map_box=frame.camera.map_box,
        extent=frame.camera.extent,
        degrees=frame.camera.degrees(),
        words=words,
        ground=sheet.ground,
        control=sheet.control,
        patterns=(*pattern_lines(sheet.control, order.theme, frame.unit), *sheet.marks),
        lines=sheet.lines,
        roads=sheet.roads,
        road_lines=sheet.road_lines,
        arrows=tuple(arrow for arrow in sheet.arrows if any(label.id == f"axis:{arrow.id}" for label in names.labels)),
        markers=names.markers,
        labels=names.labels,
        shields=names.shields,
        key=tuple(key),
        furniture=tuple(lay_furniture(frame, words, key)),
        scale_bar=setting.scale_bar,
        inset=setting.inset,
        controllers=controllers,
        bases=tuple(bases),
        classes=_classes(sheet),
        sparse_share=thin,
        age=facts.age,
        worldview=tell_worldview(frame),
        statements=used,
        dropped=names.dropped,
        priority=frame.view.priority,
        softened=order.soften,
        credits=tuple(outlets[0]),
        evidence=evidence,
        events=list_events(names.labels, now),
        key_order=tuple(frame.layout.slots),
        style=order.style,
        points=sheet.points,
        edition=order.edition,
        backdrop=backdrop,
    )


def _name_sheet(
    setting: Setting, now: Moment, before: Moment, gains: gpd.GeoDataFrame, bases: Sequence[Base]
) -> tuple[Frame, Sheet, Names]:
    """Return the frame with the phrases of its style, the map as it lies under its labels, and what is named on it."""
    frame, sheet = setting.frame, lay_sheet(setting, now, before, gains)
    keepers = {str(place): str(holder) for place, holder in before.bases["holder"].items()}
    names = name_map(frame, setting.plan, sheet, now, bases, keepers)
    if frame.order.style == "points":  # named and marked as zones are, so that no name moves between the styles
        frame = replace(frame, phrases={**frame.phrases, **frame.phrases["points"]})
        sheet = dot_sheet(frame, sheet, now, before, names.markers)
        names = on_land(frame, names, sheet)
    return frame, sheet, names


def lay_sheet(setting: Setting, now: Moment, before: Moment, gains: gpd.GeoDataFrame) -> Sheet:
    """Return the map as it lies under its labels."""
    frame, still = setting.frame, setting.still
    zones = land_in_frame(frame, now)
    roads = build_roads(frame, now, setting.roads, zones)
    return Sheet(
        zones=zones,
        ground=still.ground,
        control=tuple(control_patches(frame, still, now, before, gains, zones)),
        lines=(*still.under, *front_lines(frame, still, now, before), *still.over),
        roads=tuple(roads),
        road_lines=tuple(road_lines(frame, roads, setting.roads)),
        arrows=tuple(build_arrows(frame, now, setting.legs)),
        marks=tuple(stale_land(frame, now)),
    )


# What stands around the map


def _words(setting: Setting, facts: Facts, outlets: Sequence[str], *, sparse: bool, basemap: str) -> Words:
    frame, now, bases, phrases = facts.frame, facts.now, facts.bases, facts.phrases
    order, materials = frame.order, frame.materials
    title = order.title or headline(frame.view, now.on, phrases, ours=materials.embedded)
    as_of = as_of_line(now.on, materials.control.last, phrases, brief=order.size.brief)
    lost = bases_lines(bases, now.on, order.since, phrases)
    road = road_line(*_held_stretch(setting, now), phrases)
    told = [run_on(parts) for parts in product([road, ""], lost or [""])]
    brief = order.size.brief
    sources = sources_line(outlets, phrases, frame.pen, sources_room(frame.pen, frame.layout.notes.width), brief=brief)
    drawn = materials.theatre["credits"]["drawn"]
    marked = any(marker.kind == "next" for marker in facts.markers)
    follow = follow_source(materials, order) if marked else ""
    words = Words(
        title=title,
        subtitle=order.subtitle or choose_subtitle(frame.layout, frame.pen, as_of, told),
        as_of=as_of,
        notes=(
            *edition_notes(order.edition, phrases, order.size),
            *list_notes(materials, order, phrases, follow, sparse=sparse),
        ),
        sources=sources,
        data=data_line(materials.sources, drawn, phrases, size=order.size, basemap=basemap),
        credit=credit_of(order.credit, phrases),
        disclaimer=disclaimer_of(materials, phrases) if is_disputed(frame.camera, materials) else "",
        alt=order.alt or tell_alt(facts),
        description=order.description or tell_description(facts),
        caption=order.caption or caption_of(phrases, title, as_of, "".join(lost[-1:]), sources),
        rights=rights_of(materials.sources, drawn, phrases, basemap),
        desert=desert_note(phrases, order.size) if sparse else "",
    )
    return in_figures(words, frame.pen)


def _stops(frame: Frame) -> dict[str, str]:
    """Return the places that the sentence about the main road can name, in their order along it, id to name.

    Those of the view, and the greatest cities along the rest of a road that is in it.
    """
    places, roads = frame.materials.boundaries.places, read_roads(frame.materials.ground)
    if frame.view.main_road not in roads:
        return {}
    road = roads[frame.view.main_road][2]
    shown = places.index.isin(frame.view.places) & (places["rank"] <= TOWN_RANK)
    great = (places["rank"] <= GREAT_RANK) & (places["role"] == "place")
    near = places[shown | great]
    near = near[near.geometry.dwithin(road, ON_ROAD_M)]
    if not shown[near.index].any():
        return {}
    ordered = sorted(map(str, near.index), key=lambda name: -road.project(places.geometry[name]))
    return {name: str(places.loc[name, "name"]) for name in ordered}


def _held_stretch(setting: Setting, now: Moment) -> tuple[list[str], str]:
    """Return the places along the main road that the advancing side holds since it advanced, and the road's number.

    Of several stretches the longest; its ends were not all held before.
    """
    frame = setting.frame
    if not setting.stops or now.on < frame.order.since:
        return [], ""
    parties, blocs = frame.materials.control.parties, frame.materials.theatre["gains"]["blocs"]
    runs: list[list[str]] = [[]]
    for name in setting.stops:
        party = parties[now.held[name].party]
        runs = [*runs[:-1], [*runs[-1], name]] if party.bloc in blocs else [*runs, []]
    longest = max(runs, key=len)
    fresh = any(now.held[name].chip for name in longest)
    ref, name, _ = read_roads(frame.materials.ground)[frame.view.main_road]
    return [setting.stops[place] for place in longest] if fresh else [], ref or name


def lay_furniture(frame: Frame, words: Words, key: Sequence[KeyEntry]) -> list[Furniture]:
    """Return the panels and all words around a map."""
    data = " ".join(part for part in (words.data, words.disclaimer) if part)
    paragraphs = [("notes", " ".join(words.notes)), ("sources", words.sources), ("data", data)]
    return [
        *panels(frame.layout, frame.pen, frame.card, frame.inset, key),
        *header(frame.layout, frame.pen, words.title, words.as_of, words.subtitle),
        *footer(frame.layout, frame.pen, [one for one in paragraphs if one[1]], words.credit),
    ]


def lay_inset(frame: Frame) -> Inset | None:
    """Return the locator in its box, None for a map without one."""
    box, boundaries = frame.inset, frame.materials.boundaries
    if box is None:
        return None
    capital = frame.materials.theatre["country"]["capital"]
    if capital not in boundaries.places.index:
        return build_inset(frame, box, None)
    return build_inset(frame, box, (boundaries.places.at[capital, "name"], boundaries.places.geometry[capital]))


# What the sidecar counts


def list_bases(now: Moment, materials: Materials) -> list[Base]:
    """Return every air base of the table with its fate on the day."""
    names = materials.ground.bases["name"]
    found = []
    for place, row in now.bases.to_dict("index").items():
        lost_on = row["lost_on"].date().isoformat() if row["status"] == "lost" else ""
        fate = (row["status"], row["user"], row["holder"], lost_on, row["lost_to"], tuple(row["statements"]))
        found.append(Base(str(place), str(names.loc[str(place)]), *fate))
    return found


def _statements(now: Moment, camera: Camera, markers: Sequence[Marker], bases: Sequence[Base]) -> tuple[str, ...]:
    inside = seen_cells(now.cells, camera)
    used = set(now.states["statement"].to_numpy(dtype=object)[inside]) | {s for base in bases for s in base.statements}
    used |= {marker.statement for marker in markers}
    return tuple(sorted(used - {""}))


def _controllers(now: Moment, materials: Materials) -> tuple[Controller, ...]:
    people = _count_people(materials.boundaries)
    areas = {str(party): float(area) for party, area in now.zones["area_km2"].items()}
    number, living = Counter[str](), Counter[str]()
    for place, count in people.items():
        number[now.held[place].party] += 1
        living[now.held[place].party] += count
    return tuple(
        Controller(party.id, party.label, areas.get(party.id, 0.0), number[party.id], living[party.id])
        for party in materials.control.parties.values()
        if areas.get(party.id) or number[party.id]
    )


@lru_cache(maxsize=4)
def _count_people(boundaries: Boundaries) -> dict[str, int]:
    """Return the people of every place that is no marker, 0 where their number is not known."""
    places = boundaries.places[(boundaries.places["role"] == "place").to_numpy()]
    return dict(zip(places.index.tolist(), places["population"].fillna(0).astype(int).tolist(), strict=True))


def _classes(sheet: Sheet) -> tuple[str, ...]:
    """Return every party and look of the land or the places on a sheet, as "party:look"."""
    looks = {(patch.party, patch.look) for patch in sheet.control} | {(dot.party, dot.look) for dot in sheet.points}
    return tuple(sorted(f"{party}:{look}" for party, look in looks))


def _sparse_share(control: Sequence[Patch]) -> float:
    thin = sum(patch.geometry.area for patch in control if patch.look == "sparse")
    whole = sum(patch.geometry.area for patch in control if patch.look in {"held", "before"})
    return thin / whole if whole else 0.0
