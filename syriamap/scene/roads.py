"""The roads of the story: who holds which stretch, whether they are cut, and where their shields stand."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString

from ..lengths import keep_lines, km_by_holder
from ..model import Box
from ..picture import Line, Road, RoadPiece, Shield
from .place import Candidate, Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from ..model import Ground, Moment
    from .frame import Frame
    from .text import Pen

MAIN_TURN, ROAD_TURN = 16, 70  # in the queue for labels
CUT_HALF = (9.0, 7.0)  # units to each side of the road: of the main one, of another
CUT_REACH = 8.0  # units of road on both sides of a cut, at least
WIDTHS = {True: 5.2, False: 2.3}  # units: of the main road, of another
CUT_KM = 1.0  # a road is cut when two blocs hold more of it than this


def list_roads(frame: Frame) -> list[str]:
    """Return the roads of the view, the main road last."""
    known = read_roads(frame.materials.ground)
    return sorted((road for road in frame.view.roads if road in known), key=lambda road: road == frame.view.main_road)


@lru_cache(maxsize=4)
def read_roads(ground: Ground) -> dict[str, tuple[str, str, BaseGeometry]]:
    """Return number ("" for none), name and line of every road, by id."""
    rows = zip(ground.roads["ref"].fillna(""), ground.roads["name"], ground.roads.geometry, strict=True)
    return dict(zip(map(str, ground.roads.index), rows, strict=True))


def build_roads(frame: Frame, now: Moment, whole: Sequence[Line], zones: Mapping[str, BaseGeometry]) -> list[Road]:
    """Return every road of the view with its stretches by holder, the main road last.

    `whole` are the roads without holders, as `whole_roads` returns them, `zones` the land of each party in pixels.
    """
    lines = np.array([line.geometry for line in whole], dtype=object)
    drawn = shapely.intersection(lines[:, None], np.array(list(zones.values()), dtype=object)[None, :])
    return [
        _build_road(road, frame, now, dict(zip(zones, pieces, strict=True)))
        for road, pieces in zip(list_roads(frame), drawn, strict=True)
    ]


def _build_road(road: str, frame: Frame, now: Moment, drawn: Mapping[str, BaseGeometry]) -> Road:
    (ref, name, whole), parties = read_roads(frame.materials.ground)[road], frame.materials.control.parties
    km = km_by_holder(whole, now.cells, now.states["party"].to_numpy(dtype=object))
    blocs: dict[str, float] = {}
    for party, length in km.items():
        blocs[parties[party].bloc] = blocs.get(parties[party].bloc, 0.0) + length
    stretches = {party: keep_lines(line) for party, line in drawn.items() if not line.is_empty}
    pieces = tuple(RoadPiece(party, line) for party, line in stretches.items() if not line.is_empty)
    cut = sum(length > CUT_KM for length in blocs.values()) > 1
    main = road == frame.view.main_road
    strokes = tuple(_cuts(frame, pieces, main=main)) if "cut" in frame.signs else ()
    return Road(road, ref, name, main, pieces, MappingProxyType(km), cut, strokes)


def _cuts(frame: Frame, pieces: Sequence[RoadPiece], *, main: bool) -> list[LineString]:
    """Return a stroke across the road wherever a stretch of one bloc meets a stretch of another, both long enough."""
    half, long = (CUT_HALF[0 if main else 1] * frame.unit, CUT_REACH * frame.unit)
    stretches = [
        (frame.materials.control.parties[piece.party].bloc, line)
        for piece in pieces
        for line in shapely.get_parts(piece.geometry)
        if line.length > long
    ]
    found: list[LineString] = []
    for number, (bloc, line) in enumerate(stretches):
        for other, second in stretches[number + 1 :]:
            if bloc != other and line.distance(second) < frame.unit:
                found.append(_across(line, shapely.shortest_line(line, second).coords[0], half))
    return [stroke for stroke in found if frame.sees((stroke.centroid.x, stroke.centroid.y))]


def _across(line: LineString, at: tuple[float, float], half: float) -> LineString:
    """Return the stroke of half a length to each side of a line at one of its points, square to it."""
    along = line.project(shapely.Point(at))
    near, far = (line.interpolate(min(max(along + step, 0), line.length)) for step in (-half, half))
    angle = np.arctan2(far.y - near.y, far.x - near.x) + np.pi / 2
    dx, dy = half * np.cos(angle), half * np.sin(angle)
    return LineString([(at[0] - dx, at[1] - dy), (at[0] + dx, at[1] + dy)])


def whole_roads(frame: Frame) -> list[Line]:
    """Return every road of the view as a line on its casing, whoever holds it, the main road last and wider."""
    found, unit = [], frame.unit
    for road in list_roads(frame):
        whole = frame.camera.to_px(frame.materials.ground.roads.geometry[road])
        main = road == frame.view.main_road
        casing = (frame.theme.colours["casing"], (9.5 if main else 5.2) * unit)
        bare = frame.theme.colours["road" if "road" in frame.signs else "ink"]
        found.append(Line("main-road" if main else "road", whole, bare, 0.9 * WIDTHS[main] * unit, (), *casing))
    return found


def road_lines(frame: Frame, roads: Sequence[Road], whole: Sequence[Line]) -> list[Line]:
    """Return the lines to draw: every road in the colours of its holders, the main road wider, then the cuts.

    `whole` are the roads without holders, as `whole_roads` returns them.
    """
    colours, unit = frame.theme.colours, frame.unit
    found, cuts = [], []
    for road, line in zip(roads, whole, strict=True):
        width = WIDTHS[road.main]
        found.append(line)
        for piece in road.pieces if "road" in frame.signs else ():
            found.append(Line("road-piece", piece.geometry, frame.theme.party(piece.party).text, width * unit))
        cuts += [
            Line("cut", stroke, colours["ink"], 2.6 * unit, (), colours["casing"], 5.4 * unit) for stroke in road.cuts
        ]
    return [line for line in (*found, *cuts) if not line.geometry.is_empty]


def shield_items(frame: Frame, towns: Sequence[tuple[float, float]]) -> list[Item]:
    """Return one shield for every 300 units of numbered road in the frame, with its possible spots along the road."""
    unit, items, table = frame.unit, [], frame.materials.ground.roads
    for road in sorted(list_roads(frame), key=lambda road: road != frame.view.main_road):
        whole, ref = frame.camera.to_px(table.geometry[road]), table["ref"][road]
        lines = shapely.get_parts(keep_lines(shapely.clip_by_rect(whole, *frame.camera.map_box)))
        stretches = [
            (line, start, min(start + 300 * unit, line.length))
            for line in sorted(lines, key=lambda part: -part.length)
            for start in np.arange(0, line.length, 300 * unit)
        ]
        long = [(line, start, end) for line, start, end in stretches if end - start > 90 * unit and ref]
        for number, stretch in enumerate(long):
            spots = _shield_spots(stretch, ref, frame.pen, towns)
            turn = MAIN_TURN if road == frame.view.main_road else ROAD_TURN
            items.append(Item(f"shield:{road}:{number}", turn, tuple(spots)))
    return items


def _shield_spots(
    stretch: tuple[BaseGeometry, float, float], ref: str, pen: Pen, towns: Sequence[tuple[float, float]]
) -> list[Candidate]:
    """Return where a shield can stand on a stretch of road: away from towns, the middle first."""
    (line, start, end), unit = stretch, pen.size.unit
    found = []
    for along in np.arange(start + 20 * unit, end - 20 * unit, 12 * unit):
        point = line.interpolate(along)
        away = min((float(np.hypot(point.x - x, point.y - y)) for x, y in towns), default=np.inf)
        if away > 40 * unit:
            box = shield_box(ref, (point.x, point.y), pen).grow(2 * unit)
            found.append(Candidate((box,), abs(along - (start + end) / 2), f"{along:08.1f}"))
    return found


def shield_box(ref: str, at: tuple[float, float], pen: Pen) -> Box:
    """Return the box of a shield around a point of its road."""
    px = pen.px("shield")
    width = pen.width(ref, "shield") + 0.62 * px
    height = 1.28 * px
    return Box(at[0] - width / 2, at[1] - height / 2, at[0] + width / 2, at[1] + height / 2)


def build_shields(chosen: Mapping[str, Candidate], frame: Frame) -> list[Shield]:
    """Return the shields that found a spot."""
    refs, pen = frame.materials.ground.roads["ref"], frame.pen
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
