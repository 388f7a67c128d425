"""Patches and lines of the map in pixels: neighbours, zones with their gains and doubts, water, borders, fronts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from ..cells import list_borders, list_drawn_edges
from ..picture import Line, Patch
from .disputed import disputed_lines
from .patterns import claimed, contested, pattern
from .ticks import WIDTH, front_ticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..model import Boundaries, Box, Cells, Materials, Moment
    from ..theme import Theme
    from .frame import Frame

DOUBT_REACH_M = 6000  # a contested or claimed place is marked this far around, never over its whole cell
OLD_FRONT_M = 900  # the old front is drawn where it lies further than this from today's
ROUGH = 0.3  # of half a sliver
SLIVER_M = 350.0  # half the width of what counts as a sliver between two softenings
GUESS_M = 15_000.0  # a front further than this from every known place is a guess
DRAWN_M = 1000.0  # a front this near to the edge of a polygon of the table was drawn there
GUESS_STEP_M = 1000.0
BORDER_M = 60.0  # a front so near the border of a unit that the table names runs along it
MIN_PATCH_PX = 1.0
BEYOND_M = 200_000.0  # how far blank surroundings reach beyond country and map
DOUBTFUL = ("contested", "claimed")


def ground_patches(frame: Frame) -> list[Patch]:
    """Return the land of the neighbours and the lakes."""
    ground, colours, to_px = frame.materials.ground, frame.theme.colours, frame.camera.to_px
    found = [Patch("neighbour", to_px(geometry), colours["paper"]) for geometry in _surroundings(frame)]
    found += [Patch("lake", to_px(geometry), colours["lake"]) for geometry in ground.lakes.geometry]
    return clean_patches(found)


def _surroundings(frame: Frame) -> list[BaseGeometry]:
    """Return the land of the neighbours in metres; where nobody brought it, all that lies around is blank, not sea."""
    neighbours = list(frame.materials.ground.neighbours.geometry)
    if neighbours:
        return neighbours
    country = frame.materials.boundaries.country
    around = shapely.box(*shapely.union(country.envelope, frame.camera.window).bounds)
    return [around.buffer(BEYOND_M, join_style="mitre").difference(country)]


def land_in_frame(frame: Frame, now: Moment) -> dict[str, BaseGeometry]:
    """Return the land of every party that has any in the frame, in pixels."""
    zones = {str(party): frame.camera.to_px(zone) for party, zone in now.soft_zones.geometry.items()}
    return {party: zone for party, zone in zones.items() if not zone.is_empty}


def control_patches(
    frame: Frame,
    still: Still,
    now: Moment,
    before: Moment,
    gains: gpd.GeoDataFrame,
    zones: Mapping[str, BaseGeometry],
) -> list[Patch]:
    """Return the fills of the zones: each with what was gained and what is sparse, then contested and claimed land.

    `zones` is the land of each party in pixels.
    """
    blocs, parties = frame.materials.theatre["gains"]["blocs"], frame.materials.control.parties
    found: list[Patch] = []
    for party, zone in zones.items():
        style = frame.theme.party(party)
        advancing = parties[party].bloc in blocs and bool(style.before)
        look, fill = ("before", style.before) if advancing else ("held", style.fill)
        found.append(Patch("zone", zone, fill, party, look))
        if advancing and party in gains.index:
            gained = _soft_gain(frame, zone, before, gains.geometry[party], party)
            found.append(Patch("zone", gained, style.fill, party, "gained"))
        if style.sparse and found[-1].look != "before":  # what was held before keeps its tint, sparse or not
            found.append(Patch("zone", found[-1].geometry.intersection(still.sparse), style.sparse, party, "sparse"))
    return measure_patches(clean_patches(found + _doubtful(frame, now)), frame.camera.map_box)


def _soft_gain(frame: Frame, zone: BaseGeometry, before: Moment, gain: BaseGeometry, party: str) -> BaseGeometry:
    """Return a party's gain between softened zones, without the slivers where one front was softened in two ways.

    `zone` and the answer are in pixels, `gain` in metres.
    """
    to_px, gained = frame.camera.to_px, frame.camera.to_px(gain)
    if not frame.order.soften or gained.is_empty:
        return gained
    parties, sliver = frame.materials.control.parties, SLIVER_M * frame.camera.px_per_m
    old = before.soft_zones.geometry
    allies = [to_px(land) for name, land in old.items() if parties[name].bloc == parties[party].bloc]
    land = zone.difference(_union(allies))
    rough = land.simplify(ROUGH * sliver)  # what is thick is told by far fewer points
    solid = rough.buffer(-sliver, quad_segs=4).buffer(2 * sliver, quad_segs=4)
    parts = shapely.get_parts(land.intersection(solid))
    return _union(part for part in parts if part.intersection(gained).area > 0.5 * part.area)


def _doubtful(frame: Frame, now: Moment) -> list[Patch]:
    """Return contested and claimed land, that of the same two parties in one piece."""
    near: dict[tuple[str, str, str], list[BaseGeometry]] = {}
    for cell, state in now.states[now.states["status"].isin(DOUBTFUL)].iterrows():
        near.setdefault((state["party"], state["status"], state["rival"]), []).append(_reach(frame, now, cell))
    found = []
    for (party, status, rival), lands in near.items():
        style = frame.theme.party(party)
        fill = style.fill if status == "contested" else (style.sparse or style.before or style.fill)
        found.append(Patch("zone", frame.camera.to_px(_union(lands)), fill, party, status, rival))
    return found


def _reach(frame: Frame, now: Moment, cell: object) -> BaseGeometry:
    """Return the part of a doubtful cell near its place."""
    row = now.cells.frame.loc[cell]
    geometry: BaseGeometry = row.geometry
    if not row["place"]:
        return geometry
    near: BaseGeometry = geometry.intersection(
        frame.materials.boundaries.places.geometry[row["place"]].buffer(DOUBT_REACH_M)
    )
    return near


def clean_patches(patches: Iterable[Patch]) -> list[Patch]:
    """Return patches without lines, points and specks; those of nothing else are left out."""
    kept = []
    for patch in patches:
        areal = [
            part
            for part in shapely.get_parts(patch.geometry)
            if part.geom_type == "Polygon" and part.area > MIN_PATCH_PX
        ]
        if areal:
            kept.append(Patch(patch.kind, MultiPolygon(areal), patch.fill, patch.party, patch.look, patch.rival))
    return kept


def measure_patches(patches: Sequence[Patch], map_box: Box) -> list[Patch]:
    """Return patches, the hindmost first, with how much of each is in the frame and how much of that is seen.

    The lands of two parties do not overlap: what covers one is its own, or contested, or claimed.
    """
    shapes = [shapely.clip_by_rect(patch.geometry, *map_box) for patch in patches]
    found = []
    for at, (patch, shape) in enumerate(zip(patches, shapes, strict=True)):
        over = zip(patches[at + 1 :], shapes[at + 1 :], strict=True)
        above = [other for one, other in over if one.party == patch.party or one.look in DOUBTFUL]
        seen = shape.difference(shapely.union_all(above)) if above else shape
        found.append(replace(patch, area_px=float(shape.area), seen_px=float(seen.area)))
    return found


def pattern_lines(patches: Sequence[Patch], theme: Theme, unit: float) -> list[Line]:
    """Return what lies on the fills: a party's pattern, a rival's stripes on contested land, a claim's hatch."""
    found = []
    doubtful = _union(patch.geometry for patch in patches if patch.look in DOUBTFUL)
    for patch in patches:
        style = theme.party(patch.party)
        if patch.look == "contested":
            found += contested(patch.geometry, theme.party(patch.rival).fill, theme.colours["front"], unit)
        elif patch.look == "claimed":
            found += claimed(patch.geometry, theme.colours["front"], unit)
        elif patch.look in {"held", "before"}:  # the whole zone: what was gained or is sparse lies in it
            found += pattern(style, patch.geometry.difference(doubtful), unit)
    return found


@dataclass(frozen=True, slots=True)
class Still:
    """The part of the map that no day changes, in pixels.

    ground       neighbours and lakes
    under, over  the lines below the fronts (governorates, rivers, shores) and above them (coast, borders)
    special      a pixel around the edges of special areas: no front is drawn there
    sparse       land far from any settlement or road
    """

    ground: tuple[Patch, ...]
    under: tuple[Line, ...]
    over: tuple[Line, ...]
    special: BaseGeometry
    sparse: BaseGeometry


def build_still(frame: Frame) -> Still:
    """Return the part of the map that no day changes."""
    unit, colours, to_px = frame.unit, frame.theme.colours, frame.camera.to_px
    boundaries, ground = frame.materials.boundaries, frame.materials.ground
    special = to_px(_union(boundaries.areas.geometry.boundary))
    near_special = special.buffer(1.0)
    country = to_px(boundaries.country)
    borders, coast = split_edges(country, [to_px(geometry) for geometry in _surroundings(frame)])
    inner = to_px(_top_units(boundaries)).difference(country.boundary.buffer(0.5))
    state = borders.difference(near_special)
    under = [
        Line("governorate", inner, colours["governorate"], 1.1 * unit),
        *_rivers(frame),
        Line("shore", to_px(_union(ground.lakes.geometry.boundary)), colours["river"], 0.7 * unit),
    ]
    over = [
        Line("coast", coast, colours["coast"], 1.1 * unit),
        Line("border", state, colours["border"], 1.7 * unit, (), colours["casing"], 4.4 * unit),
        *disputed_lines(frame, special),
    ]
    sparse = to_px(ground.sparse)
    shapely.prepare(near_special)
    return Still(tuple(ground_patches(frame)), tuple(_drawn(under)), tuple(_drawn(over)), near_special, sparse)


def _drawn(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if not line.geometry.is_empty]


def front_lines(frame: Frame, still: Still, now: Moment, before: Moment) -> list[Line]:
    """Return today's fronts and the old one, in pixels."""
    unit, colours, to_px = frame.unit, frame.theme.colours, frame.camera.to_px
    known, guessed = (_outside(to_px(part), still.special) for part in _by_evidence(frame, now))
    fronts = _union([known, guessed])
    reach = fronts.buffer(OLD_FRONT_M * frame.camera.px_per_m, quad_segs=4)
    shapely.prepare(reach)
    old = _outside(_outside(to_px(_union(before.soft_fronts.geometry)), still.special), reach)
    ticks = front_ticks(frame, now, known) if frame.order.ticks else shapely.MultiLineString()
    if "front-guess" not in frame.signs:  # no room in the key: all fronts look alike
        known, guessed = fronts, shapely.MultiLineString()
    if "front-before" not in frame.signs:
        old = shapely.MultiLineString()
    found = [
        Line("front-before", old, colours["front"], 2.0 * unit, (1.0, 1.7), colours["card"], 3.4 * unit),
        Line("front", known, colours["front"], 1.8 * unit),
        Line("front-guess", guessed, colours["front"], 1.8 * unit, (4.0, 2.6)),
        Line("front-tick", ticks, colours["front"], WIDTH * unit),
    ]
    return _drawn(found)


def _outside(lines: BaseGeometry, area: BaseGeometry) -> BaseGeometry:
    """Return lines without what lies in an area; only those that meet it are cut."""
    parts = shapely.get_parts(lines)
    met = shapely.intersects(area, parts)
    cut = shapely.get_parts(shapely.difference(parts[met], area))
    kept = np.concatenate([parts[~met], cut])
    merged: Any = shapely.line_merge(shapely.multilinestrings(kept[~shapely.is_empty(kept)]))
    return cast("BaseGeometry", merged)


def _by_evidence(frame: Frame, now: Moment) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the fronts near places that the table knows, and those so far from any that the line is a guess."""
    lines = shapely.segmentize(now.soft_fronts.geometry.to_numpy(), GUESS_STEP_M)
    ends, line = shapely.get_coordinates(lines, return_index=True)
    joined = line[1:] == line[:-1]
    pieces = np.stack([ends[:-1][joined], ends[1:][joined]], axis=1)
    near = shapely.contains_xy(_known_land(frame.materials, now.cells), pieces.mean(axis=1))
    return _joined(pieces[near]), _joined(pieces[~near])


@lru_cache(maxsize=8)
def _known_land(materials: Materials, cells: Cells) -> BaseGeometry:
    """Return the land near the places that the table knows on the days of these cells, and near lines it names or drew.

    Those are the borders of administrative units and the edges of polygons.
    """
    named = cells.frame["place"].to_numpy(dtype=object)
    places = materials.boundaries.places.geometry.loc[named[named != ""]].to_numpy()
    borders = shapely.buffer(np.array(list_borders(materials.boundaries, cells), dtype=object), BORDER_M, quad_segs=2)
    edges = shapely.buffer(np.array(list_drawn_edges(materials.control, cells), dtype=object), DRAWN_M)
    land: BaseGeometry = shapely.union_all([*shapely.buffer(places, GUESS_M, quad_segs=8), *borders, *edges])
    shapely.prepare(land)
    return land


def _joined(pieces: NDArray[np.float64]) -> BaseGeometry:
    """Return straight pieces joined to lines: neighbours in the array first, then lines that meet."""
    if not len(pieces):
        return shapely.MultiLineString()
    first = np.concatenate([[True], (pieces[1:, 0] != pieces[:-1, 1]).any(axis=1)])
    at = np.flatnonzero(first)
    points = np.insert(pieces[:, 1], at, pieces[at, 0], axis=0)
    line = np.repeat(np.arange(len(at)), np.diff([*at, len(pieces)]) + 1)
    runs: Any = shapely.linestrings(points, indices=line)
    merged: Any = shapely.line_merge(shapely.multilinestrings(runs))
    return cast("BaseGeometry", merged)


def _rivers(frame: Frame) -> list[Line]:
    """Return the rivers, the larger the wider (rank 1 is the largest)."""
    colour, rivers = frame.theme.colours["river"], frame.materials.ground.rivers
    found = []
    for rank in sorted(rivers["rank"].unique()):
        lines = _union(rivers[rivers["rank"] == rank].geometry)
        found.append(Line("river", frame.camera.to_px(lines), colour, max(2.2 - 0.5 * int(rank), 0.7) * frame.unit))
    return found


def _top_units(boundaries: Boundaries) -> BaseGeometry:
    """Return the borders of the highest level that has several units."""
    levels = boundaries.units["level"]
    counts = levels.value_counts().sort_index()
    top = next((level for level, number in counts.items() if number > 1), levels.min())
    return _union(boundaries.units[levels == top].geometry.boundary)


def split_edges(country: BaseGeometry, neighbours: Sequence[BaseGeometry]) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the borders (edges that two states share) and the coast (edges of one state only), in pixels.

    Outlines of one source share their edges to the vertex. An outline from elsewhere does not: there an edge of the
    country within three pixels of a neighbour counts as border.
    """
    own = _segments(country)
    others = [_segments(geometry) for geometry in neighbours]
    edges, counts = np.unique(np.concatenate([own, *others]), axis=0, return_counts=True)
    shared = edges[counts > 1]
    alone = edges[counts == 1]
    middles = shapely.points((alone[:, :2] + alone[:, 2:]) / 2)
    outline = country.boundary
    shapely.prepare(outline)
    mine = shapely.dwithin(middles, outline, 0.01)
    border = mine & shapely.dwithin(middles, _union(neighbours), 3.0)
    double = ~mine & shapely.dwithin(middles, country, 3.0)
    return _merge(np.concatenate([shared, alone[border]])), _merge(alone[~border & ~double])


def _segments(geometry: BaseGeometry) -> NDArray[np.float64]:
    pieces = []
    for ring in shapely.get_rings(shapely.get_parts(geometry)):
        points = shapely.get_coordinates(ring).round(3)
        ahead = (points[:-1, 0] < points[1:, 0]) | (
            (points[:-1, 0] == points[1:, 0]) & (points[:-1, 1] < points[1:, 1])
        )
        start = np.where(ahead[:, None], points[:-1], points[1:])
        end = np.where(ahead[:, None], points[1:], points[:-1])
        pieces.append(np.column_stack([start, end]))
    return np.concatenate(pieces) if pieces else np.empty((0, 4))


def _merge(segments: NDArray[np.float64]) -> BaseGeometry:
    return _joined(segments.reshape(-1, 2, 2))


def _union(geometries: Iterable[BaseGeometry]) -> BaseGeometry:
    return shapely.union_all(list(geometries))
