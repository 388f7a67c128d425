"""The sidecar NAME.json beside every picture: what `contract` promises, filled in from a scene."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..beneath import Beneath
from .contract import (
    AgeEntry,
    BaseEntry,
    BasemapEntry,
    CompareEntry,
    ContrastEntry,
    ControllerEntry,
    EdgeEntry,
    EdgesEntry,
    EventEntry,
    FurnitureEntry,
    LabelEntry,
    LegendEntry,
    LineEntry,
    MarkerEntry,
    PaletteEntry,
    PartyEntry,
    PatchEntry,
    PointEntry,
    RoadEntry,
    ScaleBarEntry,
    ShieldEntry,
    Sidecar,
    SideEntry,
    TextEntry,
    WorldviewEntry,
)
from .telling import sign, tell_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ..model import Extent
    from ..picture import Backdrop, Base, Contrasted, KeyEntry, Label, Line, Marker, Scene, Shield, SideOf, TextRun
    from ..theme import Theme
    from .contract import ChartSidecar

BOLD = 700
CASINGS = {"base": "card", "port": "card", "field": "card", "point": "front"}  # colours of edges, else the casing
DOUBTS = ("contested", "claimed")
HATCHED = ("differs", "other", "only-first", "only-second", "status")  # looks of land about which two sources differ


def build_sidecar(scene: Scene, theme: Theme, *, picture: bytes, name: str, command: Sequence[str] = ()) -> Sidecar:
    """Return the sidecar of a finished picture. Paths in it are relative to the data or bare names."""
    told = tell_map(scene, command)
    beneath = Beneath((*scene.ground, *scene.control), theme.colours["sea"])
    return Sidecar(
        as_of=scene.on.isoformat(),
        since=scene.since.isoformat(),
        view=scene.view,
        lang=scene.lang,
        theme=theme.name,
        size=scene.size.name,
        size_px=[scene.size.width_px, scene.size.height_px],
        dpi=scene.size.dpi,
        min_px=round(scene.size.min_px, 2),
        safe_px=_rounded(scene.size.safe),
        crs=scene.crs,
        extent=_edges(scene.degrees, 5),
        extent_m=_edges(scene.extent, 1),
        map_box_px=_rounded(scene.map_box),
        softened=scene.softened,
        style=scene.style,
        controllers=_controllers(scene),
        neighbours=[list(pair) for pair in scene.neighbours],
        palette=_palette(scene, theme),
        patches=_patches(scene, theme),
        points=_points(scene, theme),
        lines=_lines(scene, beneath),
        labels=_labels(scene, theme, beneath),
        priority=list(scene.priority),
        dropped_labels=list(scene.dropped),
        markers=_markers(scene, theme, beneath),
        shields=_shields(scene, theme, beneath),
        furniture=_furniture(scene, theme),
        scale_bar=_scale_bar(scene, theme),
        sparse_share=round(scene.sparse_share, 4),
        desert_note=scene.words.desert,
        age=_age(scene),
        worldview=_worldview(scene),
        disclaimer=scene.words.disclaimer,
        classes=list(scene.classes),
        legend=[_legend(entry, theme) for entry in scene.key],
        key_order=list(scene.key_order),
        basemap=tell_basemap(scene.backdrop),
        compare=_compare(scene),
        roads=_roads(scene),
        bases=_bases(scene),
        events=_events(scene),
        statements=list(scene.statements),
        newest_statement=max((one.date for one in scene.evidence), default=""),
        repairs=list(scene.repairs),
        **sign(told, name, picture),
    )


def encode_sidecar(sidecar: Sidecar | ChartSidecar) -> bytes:
    """Return the sidecar as UTF-8 JSON, a line for each field and each entry."""
    fields = ",\n".join(f"{json.dumps(name)}: {_lines_of(value)}" for name, value in sidecar.items())
    return f"{{\n{fields}\n}}\n".encode()


def _lines_of(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n " + ",\n ".join(json.dumps(entry, ensure_ascii=False) for entry in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), 2) for value in values]


def _edges(extent: Extent, digits: int) -> EdgesEntry:
    west, south, east, north = (round(value, digits) for value in extent)
    return EdgesEntry(west=west, south=south, east=east, north=north)


def tell_basemap(backdrop: Backdrop | None) -> BasemapEntry | None:
    """Return what a sidecar says of a basemap, None where none was asked for."""
    if backdrop is None:
        return None
    return BasemapEntry(
        name=backdrop.name,
        source=backdrop.source,
        credit=backdrop.credit,
        zoom=backdrop.zoom,
        tiles=backdrop.tiles,
        sha256=backdrop.sha256,
        used=backdrop.ink is not None,
        reason=backdrop.reason,
    )


# Words


def _texts(runs: Iterable[TextRun], theme: Theme) -> list[TextEntry]:
    return [
        TextEntry(
            text=run.text,
            role=run.role,
            font_px=round(run.px, 2),
            bold=theme.type[run.role].weight >= BOLD,
            colour=run.colour,
            ground=run.ground,
            halo=run.halo,
            box_px=_rounded(run.box),
        )
        for run in runs
    ]


def _labels(scene: Scene, theme: Theme, beneath: Beneath) -> list[LabelEntry]:
    parties = beneath.parties_at(label.anchor for label in scene.labels)
    return [_label(label, theme, party) for label, party in zip(scene.labels, parties, strict=True)]


def _label(label: Label, theme: Theme, party: str) -> LabelEntry:
    return LabelEntry(
        text=label.text,
        kind=label.kind,
        place=label.id,
        anchor_px=_rounded(label.anchor),
        box_px=_rounded(label.box),
        font_px=round(min(run.px for run in label.runs), 2),
        colour=label.runs[0].colour,
        ground=label.runs[0].ground,
        leader=bool(label.leader),
        leader_px=[_rounded(point) for point in label.leader],
        chip_px=_rounded(label.chip.box) if label.chip else [],
        on=party,
        statement=label.statement,
        texts=_texts(label.runs, theme),
    )


def _furniture(scene: Scene, theme: Theme) -> list[FurnitureEntry]:
    pieces = [(piece.kind, piece.box, piece.text, piece.runs) for piece in scene.furniture]
    if scene.inset:
        pieces.append(("inset", scene.inset.box, "", scene.inset.runs))
    return [
        FurnitureEntry(
            kind=kind,
            box_px=_rounded(box),
            text=text,
            colour=runs[0].colour if runs else "",
            ground=runs[0].ground if runs else "",
            texts=_texts(runs, theme),
        )
        for kind, box, text, runs in pieces
    ]


def _legend(entry: KeyEntry, theme: Theme) -> LegendEntry:
    row = entry.row
    return LegendEntry(
        id=row.id,
        kind=row.kind,
        label=row.label,
        gloss=row.gloss,
        colour=row.colour,
        colours=list(entry.colours),
        pattern=row.pattern,
        swatch_px=_rounded(entry.swatch),
        texts=_texts(entry.runs, theme),
    )


def _scale_bar(scene: Scene, theme: Theme) -> ScaleBarEntry:
    bar = scene.scale_bar
    return ScaleBarEntry(
        km=bar.km,
        px=round(bar.px, 2),
        miles=bar.miles,
        miles_px=round(bar.miles_px, 2),
        lat=round(bar.lat, 4),
        lon=round(bar.lon, 4),
        x=round(bar.x, 2),
        y=round(bar.y, 2),
        box_px=_rounded(bar.box),
        texts=_texts(bar.runs, theme),
    )


# Signs and lines


def _markers(scene: Scene, theme: Theme, beneath: Beneath) -> list[MarkerEntry]:
    grounds = beneath.around([marker.box for marker in scene.markers], scene.map_box)
    return [_marker(marker, theme, ground) for marker, ground in zip(scene.markers, grounds, strict=True)]


def _marker(marker: Marker, theme: Theme, ground: list[str]) -> MarkerEntry:
    return MarkerEntry(
        kind=marker.kind,
        place=marker.id,
        at_px=_rounded(marker.at),
        box_px=_rounded(marker.box),
        state=marker.state,
        colour=marker.colour,
        casing=theme.colours[CASINGS.get(marker.kind, "casing")],
        on=ground,
        statement=marker.statement,
    )


def _shields(scene: Scene, theme: Theme, beneath: Beneath) -> list[ShieldEntry]:
    grounds = beneath.around([shield.box for shield in scene.shields], scene.map_box)
    return [_shield(shield, theme, ground) for shield, ground in zip(scene.shields, grounds, strict=True)]


def _shield(shield: Shield, theme: Theme, ground: list[str]) -> ShieldEntry:
    return ShieldEntry(
        ref=shield.ref,
        box_px=_rounded(shield.box),
        colour=theme.colours["shield"],
        casing=theme.colours["casing"],
        on=ground,
        texts=_texts([shield.run], theme),
    )


def _lines(scene: Scene, beneath: Beneath) -> list[LineEntry]:
    """Return every look of a line that is in the frame, in the order in which they are drawn."""
    window = shapely.box(*scene.map_box)
    looks: dict[tuple[object, ...], list[Line]] = {}
    for line in (*scene.patterns, *scene.lines, *_uncovered(scene.road_lines)):
        if line.geometry.intersects(window):
            look = (line.kind, line.colour, line.width, line.dash, line.casing, line.casing_width)
            looks.setdefault(look, []).append(line)
    return [
        LineEntry(
            kind=one.kind,
            colour=one.colour,
            width_px=round(one.width, 2),
            dash=list(one.dash),
            casing=one.casing if one.casing_width else "",
            casing_px=round(one.casing_width, 2),
            on=ground,
        )
        for (one, *_), ground in zip(looks.values(), beneath.beside(list(looks.values()), scene.map_box), strict=True)
    ]


def _uncovered(lines: Sequence[Line]) -> list[Line]:
    """Return roads as they are seen: without what their stretches cover, which take over the casing that shows."""
    found = []
    follows = _followers(lines)
    for at, line in enumerate(lines):
        under = [
            one
            for one, on in zip(lines[:at], follows[at], strict=False)
            if on and one.width <= line.width < one.casing_width
        ]
        later = zip(lines[at + 1 :], follows[at + 1 :, at], strict=True)
        over = [one.geometry for one, on in later if on and one.width >= line.width]
        bare = line.geometry.difference(shapely.union_all(over).buffer(line.width)) if over else line.geometry
        edge = next((one for one in (line, *under) if one.casing_width), line)
        found.append(replace(line, geometry=bare, casing=edge.casing, casing_width=edge.casing_width))
    return [line for line in found if not line.geometry.is_empty]


def _followers(lines: Sequence[Line]) -> NDArray[np.bool_]:
    """Return which lines run along which others (lines x others)."""
    every = np.array([line.geometry for line in lines], dtype=object)
    return np.asarray(shapely.dwithin(shapely.point_on_surface(every)[:, None], every[None, :], 0.1))


# Land


def _palette(scene: Scene, theme: Theme) -> PaletteEntry:
    window = shapely.box(*scene.map_box)
    present = dict.fromkeys(patch.party for patch in scene.control if patch.geometry.intersects(window))
    present |= dict.fromkeys(point.party for point in scene.points)
    if scene.compare:
        present |= dict.fromkeys(patch.rival for patch in scene.control if patch.rival and patch.area_px)
    styles = {party: theme.party(party) for party in present}
    return PaletteEntry(
        colours=dict(theme.colours),
        parties={
            party: PartyEntry(
                fill=style.fill,
                before=style.before,
                sparse=style.sparse,
                text=style.text,
                pattern=style.pattern,
                pattern_colour=style.pattern_colour,
                mark=style.dot_mark,
            )
            for party, style in styles.items()
        },
    )


def _patches(scene: Scene, theme: Theme) -> list[PatchEntry]:
    """Return the land in the frame by party, look, fill and rival, in the order in which it is drawn."""
    areas: dict[tuple[str, str, str, str], float] = {}
    seen: dict[tuple[str, str, str, str], float] = {}
    solid = set()
    for patch in scene.control:
        if patch.area_px:
            key = (patch.party, patch.look, patch.fill, patch.rival)
            areas[key] = areas.get(key, 0.0) + patch.area_px
            seen[key] = seen.get(key, 0.0) + patch.seen_px
            if patch.look in DOUBTS and not any(
                line.kind == patch.look and line.geometry.intersects(patch.geometry) for line in scene.patterns
            ):
                solid.add(key)
    return [
        PatchEntry(
            party=party,
            look=look,
            fill=fill,
            rival=rival,
            pattern=("" if key in solid else look) if look in (*DOUBTS, *HATCHED) else theme.party(party).pattern,
            area_px=round(area, 1),
            seen_px=round(seen[key], 1),
        )
        for key, area in areas.items()
        for party, look, fill, rival in [key]
    ]


def _points(scene: Scene, theme: Theme) -> list[PointEntry]:
    """Return the dots by party, look, rival and colours, in the order in which the first of each is drawn."""
    looks = Counter((one.party, one.look, one.rival, one.fill, one.half, one.edge) for one in scene.points)
    return [
        PointEntry(
            party=party,
            look=look,
            rival=rival,
            fill=fill,
            half=half,
            edge=edge,
            mark="" if look in DOUBTS else theme.party(party).dot_mark,
            on=[theme.colours["land"]],
            count=count,
        )
        for (party, look, rival, fill, half, edge), count in looks.items()
    ]


def _controllers(scene: Scene) -> list[ControllerEntry]:
    return [
        ControllerEntry(
            id=one.id,
            label=one.label,
            area_km2=round(one.area_km2, 1),
            places=one.places,
            population=one.population,
        )
        for one in scene.controllers
    ]


def _roads(scene: Scene) -> list[RoadEntry]:
    return [
        RoadEntry(
            id=road.id,
            ref=road.ref,
            name=road.name,
            km_by_controller={party: round(km, 1) for party, km in road.km_by_controller.items()},
            cut=road.cut,
        )
        for road in scene.roads
    ]


# Facts


def _compare(scene: Scene) -> CompareEntry | None:
    found = scene.compare
    if found is None:
        return None
    return CompareEntry(
        first=_side(found.first),
        second=_side(found.second),
        agreed_area_share=round(found.agreed_area_share, 4),
        agreed_places_share=round(found.agreed_places_share, 4),
        totals=[_contrast(one) for one in found.totals],
        pairs=[_contrast(one) for one in found.pairs],
    )


def _side(side: SideOf) -> SideEntry:
    return SideEntry(name=side.name, last_record=side.last_record, statements=list(side.statements))


def _contrast(one: Contrasted) -> ContrastEntry:
    km2 = round(one.area_km2, 1)
    return ContrastEntry(kind=one.kind, first=one.first, second=one.second, area_km2=km2, places=one.places)


def _worldview(scene: Scene) -> WorldviewEntry:
    view = scene.worldview
    edges = [EdgeEntry(area=one.area, towards=one.towards, style=one.style) for one in view.edges]
    return WorldviewEntry(id=view.id, policy=view.policy, edges=edges)


def _age(scene: Scene) -> AgeEntry:
    age = scene.age
    newest, oldest = (
        None if days is None else (scene.on - timedelta(days=days)).isoformat()
        for days in (age.newest_days, age.oldest_days)
    )
    return AgeEntry(
        stale_days=age.stale_days or None,
        stale_share=round(age.stale_share, 4),
        newest=newest,
        oldest=oldest,
        median_days=age.median_days,
        by_days={name: round(share, 4) for name, share in age.by_days.items()},
        untold_share=round(age.untold_share, 4),
    )


def _bases(scene: Scene) -> list[BaseEntry]:
    behind = {one.statement: one for one in scene.evidence}

    def entry(base: Base) -> BaseEntry:
        decisive = base.statements[1:2] or base.statements  # the second one says how a lost base was lost
        said = behind.get(decisive[0]) if decisive else None
        return BaseEntry(
            place=base.place,
            name=base.name,
            status=base.status,
            user=base.user,
            holder=base.holder,
            lost_on=base.lost_on or None,
            lost_to=base.lost_to or None,
            statements=list(base.statements),
            confidence=said.confidence if said else "",
            source=said.source if said else "",
        )

    return [entry(base) for base in scene.bases]


def _events(scene: Scene) -> list[EventEntry]:
    behind = {one.statement: one for one in scene.evidence}
    return [
        EventEntry(
            place=event.place,
            text=event.text,
            first=event.first,
            last=event.last,
            statement=event.statement,
            confidence=behind[event.statement].confidence if event.statement in behind else "",
            source=behind[event.statement].source if event.statement in behind else "",
        )
        for event in scene.events
    ]
