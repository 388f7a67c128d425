"""The roads of the story: who holds which stretch, whether they are cut, and where their shields stand."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..model import Box
from ..picture import Line, Road, RoadPiece, Shield
from .camera import length_km
from .place import Candidate, Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from ..model import Control, Ground, Moment
    from ..theme import Theme
    from .camera import Camera
    from .text import Pen
    from .view import View

CUT_KM = 1.0  # a road is cut when two blocs hold more of it than this


def build_roads(moment: Moment, ground: Ground, control: Control, camera: Camera, view: View) -> list[Road]:
    """Return every road of the view with its stretches by holder, the main road last."""
    ids = [road for road in view.roads if road in ground.roads.index]
    ids.sort(key=lambda road: road == view.main_road)
    return [_build_road(road, moment, ground, control, camera, view) for road in ids]


def _build_road(road: str, moment: Moment, ground: Ground, control: Control, camera: Camera, view: View) -> Road:
    row = ground.roads.loc[road]
    stretches = {str(party): row.geometry.intersection(zone) for party, zone in moment.zones.geometry.items()}
    km = {party: length_km(_lines(line), camera.crs) for party, line in stretches.items()}
    km = {party: value for party, value in km.items() if value > 0.05}
    blocs: dict[str, float] = {}
    for party, value in km.items():
        bloc = control.parties[party].bloc
        blocs[bloc] = blocs.get(bloc, 0) + value
    pieces = tuple(RoadPiece(party, camera.to_px(_lines(stretches[party]))) for party in km)
    cut = sum(value > CUT_KM for value in blocs.values()) > 1
    main = road == view.main_road
    return Road(road, row["ref"], row["name"], main, pieces, MappingProxyType(km), cut)


def _lines(geometry: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(geometry) if "Line" in part.geom_type]
    return shapely.line_merge(shapely.union_all(parts)) if parts else shapely.MultiLineString()


def road_lines(roads: Sequence[Road], ground: Ground, camera: Camera, theme: Theme, unit: float) -> list[Line]:
    """Return the lines to draw: minor roads in one colour, the main road in the colour of each holder."""
    found = []
    for road in roads:
        whole = camera.to_px(ground.roads.geometry[road.id])
        if whole.is_empty:
            continue
        if not road.main:
            found.append(
                Line("road", whole, theme.colours["road"], 2.0 * unit, (), theme.colours["casing"], 4.6 * unit)
            )
            continue
        found.append(
            Line("main-road", whole, theme.colours["road"], 5.0 * unit, (), theme.colours["casing"], 9.5 * unit)
        )
        for piece in road.pieces:
            if not piece.geometry.is_empty:
                found.append(Line("main-road", piece.geometry, theme.party(piece.party).text, 5.2 * unit))
    return found


def shield_items(
    roads: Sequence[Road], ground: Ground, camera: Camera, pen: Pen, towns: Sequence[tuple[float, float]]
) -> list[Item]:
    """Return one shield for every 300 units of numbered road in the frame, with its possible spots along the road."""
    unit = pen.size.unit
    items = []
    for road in sorted(roads, key=lambda road: not road.main):
        if not road.ref:
            continue
        visible = shapely.clip_by_rect(camera.to_px(ground.roads.geometry[road.id]), *camera.map_box)
        lines = shapely.get_parts(_lines(visible))
        count = 0
        for line in sorted(lines, key=lambda part: -part.length):
            for start in np.arange(0, max(line.length - 60 * unit, 0), 300 * unit):
                stretch = (start, min(start + 300 * unit, line.length))
                if stretch[1] - stretch[0] > 90 * unit:
                    items.append(_shield_item(f"shield:{road.id}:{count}", road, line, stretch, pen, towns))
                    count += 1
    return items


def _shield_item(
    name: str,
    road: Road,
    line: BaseGeometry,
    stretch: tuple[float, float],
    pen: Pen,
    towns: Sequence[tuple[float, float]],
) -> Item:
    unit, middle = pen.size.unit, sum(stretch) / 2
    candidates = []
    for along in np.arange(stretch[0] + 20 * unit, stretch[1] - 20 * unit, 12 * unit):
        point = line.interpolate(along)
        away = min((float(np.hypot(point.x - x, point.y - y)) for x, y in towns), default=1e9)
        if away > 40 * unit:
            box = shield_box(road.ref, (point.x, point.y), pen)
            candidates.append(Candidate((box.grow(2 * unit),), abs(along - middle), f"{along:08.1f}"))
    return Item(name, 60 if road.main else 70, tuple(candidates))


def shield_box(ref: str, at: tuple[float, float], pen: Pen) -> Box:
    """Return the box of a shield around a point of its road."""
    px = pen.px("shield")
    width = pen.width(ref, "shield") + 0.62 * px
    height = 1.28 * px
    return Box(at[0] - width / 2, at[1] - height / 2, at[0] + width / 2, at[1] + height / 2)


def build_shields(chosen: Mapping[str, Candidate], roads: Sequence[Road], pen: Pen) -> list[Shield]:
    """Return the shields that found a spot."""
    refs = {road.id: road.ref for road in roads}
    found = []
    for name, candidate in sorted(chosen.items()):
        if name.startswith("shield:"):
            ref = refs[name.split(":")[1]]
            box = candidate.boxes[0].grow(-2 * pen.size.unit)
            width, px = pen.width(ref, "shield"), pen.px("shield")
            x, y = (box.x0 + box.x1 - width) / 2, (box.y0 + box.y1) / 2 + 0.33 * px
            run = pen.run(ref, "shield", x, y, ground=pen.theme.colours["shield"])
            found.append(Shield(ref, box, run))
    return found
