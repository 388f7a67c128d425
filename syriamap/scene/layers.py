"""Patches and lines of the map in pixels: neighbours, zones with their gains and doubts, water, borders, fronts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point

from ..picture import Line, Patch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..model import Boundaries, Control, Ground, Moment
    from ..theme import Size, Theme
    from .camera import Camera

DOUBT_REACH_M = 6000  # a contested or claimed place is marked this far around, never over its whole cell
OLD_FRONT_M = 900  # the old front is drawn where it lies further than this from today's
MIN_PATCH_PX = 1.0


def ground_patches(ground: Ground, camera: Camera, theme: Theme) -> list[Patch]:
    """Return the land of the neighbours and the lakes."""
    found = [_patch("neighbour", geometry, theme.colours["paper"], camera) for geometry in ground.neighbours.geometry]
    found += [_patch("lake", geometry, theme.colours["lake"], camera) for geometry in ground.lakes.geometry]
    return _kept(found)


def control_patches(
    moment: Moment,
    gains: gpd.GeoDataFrame,
    ground: Ground,
    control: Control,
    camera: Camera,
    theme: Theme,
    blocs: Sequence[str],
    boundaries: Boundaries,
) -> list[Patch]:
    """Return the fills of the zones: the whole, what was gained, the sparse part of each, then contested and claimed land."""
    sparse = camera.to_px(ground.sparse)
    found: list[Patch] = []
    for party, zone in moment.zones.geometry.items():
        style = theme.party(str(party))
        advancing = control.parties[str(party)].bloc in blocs and bool(style.before)
        look = "before" if advancing else "held"
        found.append(_patch("zone", zone, style.before if advancing else style.fill, camera, str(party), look))
        if advancing and party in gains.index:
            found.append(_patch("zone", gains.geometry[party], style.fill, camera, str(party), "gained"))
        if style.sparse and not sparse.is_empty:
            thin = found[-1].geometry.intersection(sparse)
            found.append(Patch("zone", thin, style.sparse, str(party), "sparse"))
    return _kept(found + _doubtful(moment, camera, theme, boundaries))


def _doubtful(moment: Moment, camera: Camera, theme: Theme, boundaries: Boundaries) -> list[Patch]:
    states = moment.states[moment.states["status"].isin(["contested", "claimed"])]
    found = []
    for cell, state in states.iterrows():
        style = theme.party(state["party"])
        fill = style.fill if state["status"] == "contested" else (style.sparse or style.before or style.fill)
        near = camera.to_px(_reach(moment, cell, boundaries))
        found.append(Patch("zone", near, fill, state["party"], state["status"], state["rival"]))
    return found


def _reach(moment: Moment, cell: object, boundaries: Boundaries) -> BaseGeometry:
    """Return the part of a doubtful cell near its place."""
    row = moment.cells.frame.loc[cell]
    geometry: BaseGeometry = row.geometry
    if not row["place"]:
        return geometry
    at = boundaries.places.geometry[row["place"]]
    return geometry.intersection(Point(at.x, at.y).buffer(DOUBT_REACH_M))


def _patch(kind: str, geometry: BaseGeometry, fill: str, camera: Camera, party: str = "", look: str = "") -> Patch:
    return Patch(kind, camera.to_px(geometry), fill, party, look)


def _kept(patches: Iterable[Patch]) -> list[Patch]:
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


def pattern_lines(patches: Sequence[Patch], theme: Theme, size: Size) -> list[Line]:
    """Return stripes and dots over the patches: a party's own pattern, a rival's stripes, the hatch of a claim."""
    found = []
    for patch in patches:
        style = theme.party(patch.party)
        if patch.look == "contested":
            colour, width = theme.party(patch.rival).fill, 4.5 * size.unit
            found.append(Line("contested", stripes(patch.geometry, 12.7 * size.unit), colour, width))
        elif patch.look == "claimed":
            found.append(Line("claimed", stripes(patch.geometry, 9 * size.unit), style.text, 1.2 * size.unit))
            found.append(Line("claimed", patch.geometry.boundary, style.text, 1.2 * size.unit))
        elif style.pattern == "stripes" and patch.look != "sparse":
            found.append(Line("pattern", stripes(patch.geometry, 10 * size.unit), style.pattern_colour, 3 * size.unit))
        elif style.pattern == "dots" and patch.look != "sparse":
            found.append(Line("pattern", dots(patch.geometry, 9 * size.unit), style.pattern_colour, 2.4 * size.unit))
    return [line for line in found if not line.geometry.is_empty]


def stripes(area: BaseGeometry, pitch: float) -> BaseGeometry:
    """Return parallel lines at 45 degrees over an area, `pitch` pixels apart, in register on the whole canvas."""
    if area.is_empty:
        return area
    x0, y0, x1, y1 = area.bounds
    step = pitch * np.sqrt(2)
    first = np.floor((x0 + y0) / step) * step
    offsets = np.arange(first, x1 + y1 + step, step)
    rays = shapely.linestrings([[(c - y0, y0), (c - y1, y1)] for c in offsets])
    return shapely.intersection(shapely.multilinestrings(rays), area)


def dots(area: BaseGeometry, pitch: float) -> BaseGeometry:
    """Return a grid of dots inside an area as strokes of almost no length (round ends make them dots)."""
    x0, y0, x1, y1 = area.bounds
    xs = np.arange(np.floor(x0 / pitch) * pitch, x1, pitch)
    ys = np.arange(np.floor(y0 / pitch) * pitch, y1, pitch)
    gx, gy = np.meshgrid(xs, ys)
    gx = gx + (np.arange(len(ys)) % 2)[:, None] * pitch / 2
    shapely.prepare(area)
    inside = shapely.contains_xy(area, gx.ravel(), gy.ravel())
    points = np.column_stack([gx.ravel(), gy.ravel()])[inside]
    return shapely.multilinestrings([shapely.LineString([p, p + (0.01, 0)]) for p in points])


def map_lines(
    moment: Moment, before: Moment, boundaries: Boundaries, ground: Ground, camera: Camera, theme: Theme, size: Size
) -> list[Line]:
    """Return every line that lies over the zones, in pixels: governorates, rivers, shores, fronts, coast, borders."""
    unit, colours = size.unit, theme.colours
    special = camera.to_px(_union(boundaries.areas.geometry.boundary))
    near_special = special.buffer(1.0)
    fronts = camera.to_px(_union(moment.fronts.geometry)).difference(near_special)
    reach = OLD_FRONT_M * camera.px_per_m
    old = camera.to_px(_union(before.fronts.geometry)).difference(near_special).difference(fronts.buffer(reach))
    country = camera.to_px(boundaries.country)
    borders, coast = split_edges(country, [camera.to_px(geometry) for geometry in ground.neighbours.geometry])
    shores = camera.to_px(_union(ground.lakes.geometry.boundary))
    inner = camera.to_px(_top_units(boundaries)).difference(country.boundary.buffer(0.5))
    found = [
        Line("governorate", inner, colours["governorate"], 1.1 * unit),
        *_rivers(ground, camera, colours["river"], unit),
        Line("shore", shores, colours["river"], 0.7 * unit),
        Line("front-before", old, colours["front"], 2.0 * unit, (1.0, 1.7), colours["card"], 3.4 * unit),
        Line("front", fronts, colours["front"], 1.8 * unit),
        Line("coast", coast, colours["coast"], 1.1 * unit),
        Line(
            "border", borders.difference(near_special), colours["border"], 1.7 * unit, (), colours["paper"], 4.4 * unit
        ),
        Line("disputed", special, colours["border"], 1.4 * unit, (3.0, 2.2)),
    ]
    return [line for line in found if not line.geometry.is_empty]


def _rivers(ground: Ground, camera: Camera, colour: str, unit: float) -> list[Line]:
    ranks = ground.rivers.groupby("rank")
    return [
        Line("river", camera.to_px(_union(rows.geometry)), colour, (2.2 - 0.5 * float(str(rank))) * unit)
        for rank, rows in ranks
    ]


def _top_units(boundaries: Boundaries) -> BaseGeometry:
    levels = boundaries.units["level"]
    return _union(boundaries.units[levels == levels.min()].geometry.boundary)


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
    near = shapely.dwithin(middles, _union(neighbours), 3.0) & shapely.dwithin(middles, country, 0.01)
    return _merge(np.concatenate([shared, alone[near]])), _merge(alone[~near])


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
    lines = shapely.linestrings(segments.reshape(-1, 2, 2))
    return shapely.line_merge(shapely.multilinestrings(lines))


def _union(geometries: Iterable[BaseGeometry]) -> BaseGeometry:
    return shapely.union_all(list(geometries))
