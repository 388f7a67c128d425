"""TopoJSON: every edge once, shared by the zones on both sides and by the front along it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from .layers import DIGITS, list_properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from ..theme import Theme

Spot = tuple[int, int]  # a vertex in steps of the grid
Path = list[Spot]

STEPS = 10**DIGITS  # to the degree


@dataclass(slots=True)
class Arcs:
    """The edges met so far, each once; `junctions` are the vertices at which edges are cut."""

    junctions: set[Spot]
    number: dict[tuple[Spot, ...], int] = field(default_factory=dict)

    def add(self, path: Path) -> int:
        """Return the number of an edge, or ~number where it was met the other way round."""
        ahead, back = tuple(path), tuple(reversed(path))
        key = min(ahead, back)
        number = self.number.setdefault(key, len(self.number))
        return number if key == ahead else ~number

    def cut(self, path: Path) -> list[int]:
        """Return the edges that a line or a closed ring is made of."""
        if path[0] == path[-1]:
            path = self._turn(path)
        ends = [0, *(at for at in range(1, len(path) - 1) if path[at] in self.junctions), len(path) - 1]
        return [self.add(path[start : end + 1]) for start, end in pairwise(ends)]

    def _turn(self, ring: Path) -> Path:
        """Return a ring that begins at a junction, or at its least vertex where it has none."""
        open_ring = ring[:-1]
        start = next((at for at, spot in enumerate(open_ring) if spot in self.junctions), None)
        at = open_ring.index(min(open_ring)) if start is None else start
        return [*open_ring[at:], *open_ring[: at + 1]]


def encode_topojson(layers: Mapping[str, gpd.GeoDataFrame], about: Mapping[str, Any], theme: Theme) -> bytes:
    """Return the layers as the objects of one topology, on a grid of seven decimals of a degree."""
    paths = {name: [_list_paths(geometry) for geometry in frame.geometry] for name, frame in layers.items()}
    arcs = Arcs(_find_junctions(path for parts in paths.values() for part in parts for path in _flatten(part)))
    low = np.floor(np.min([frame.total_bounds[:2] for frame in layers.values() if len(frame)], axis=0) * STEPS)
    origin = (int(low[0]), int(low[1]))
    objects = {
        name: {"type": "GeometryCollection", "geometries": _list_geometries(frame, paths[name], arcs, origin)}
        for name, frame in layers.items()
    }
    transform = {"scale": [1 / STEPS, 1 / STEPS], "translate": [origin[0] / STEPS, origin[1] / STEPS]}
    topology = {
        "type": "Topology",
        "metadata": dict(about),
        "transform": transform,
        "objects": objects,
        "arcs": [_to_steps(arc, origin) for arc in arcs.number],
    }
    return (json.dumps(topology, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode("utf-8")


def _list_geometries(frame: gpd.GeoDataFrame, paths: Sequence[Any], arcs: Arcs, origin: Spot) -> list[dict[str, Any]]:
    found = []
    for told, geometry, parts in zip(list_properties(frame), frame.geometry, paths, strict=True):
        kind = geometry.geom_type
        shape: dict[str, Any]
        if kind == "Point":
            shape = {"coordinates": [parts[0][0] - origin[0], parts[0][1] - origin[1]]}
        elif kind == "LineString":
            shape = {"arcs": arcs.cut(parts[0])}
        else:
            rings = [[arcs.cut(ring) for ring in polygon] for polygon in parts]
            shape = {"arcs": rings if kind == "MultiPolygon" else rings[0]}
        found.append({"type": kind, **shape, "properties": told})
    return found


def _list_paths(geometry: BaseGeometry) -> list[Any]:
    """Return a point's vertex, a line's vertices, or the rings of every polygon, in steps of the grid."""
    if geometry.geom_type == "Point":
        return _to_spots(geometry)
    if geometry.geom_type == "LineString":
        return [_to_spots(geometry)]
    return [
        [_to_spots(ring) for ring in (part.exterior, *part.interiors)]
        for part in map(_orient, shapely.get_parts(geometry))
    ]


def _orient(polygon: BaseGeometry) -> Any:  # noqa: ANN401  # a polygon
    """Return a polygon with its outer ring clockwise, as TopoJSON's readers expect."""
    return shapely.orient_polygons(polygon, exterior_cw=True)


def _to_spots(line: BaseGeometry) -> Path:
    """Return vertices on the grid, none twice in a row."""
    steps = np.round(shapely.get_coordinates(line) * STEPS).astype(np.int64)
    kept = np.append(True, (steps[1:] != steps[:-1]).any(axis=1))
    return [(int(x), int(y)) for x, y in steps[kept]]


def _flatten(parts: list[Any]) -> Iterator[Path]:
    """Yield every line and ring among the paths of a geometry."""
    for part in parts:
        if part and isinstance(part[0], list):
            yield from part
        elif part and isinstance(part[0], tuple):
            yield part


def _find_junctions(paths: Iterator[Path]) -> set[Spot]:
    """Return the vertices where lines end or where two paths part: their neighbours differ from path to path."""
    beside: dict[Spot, tuple[Spot, Spot]] = {}
    found: set[Spot] = set()
    for path in paths:
        closed = path[0] == path[-1] and len(path) > 2
        inner = path[:-1] if closed else path
        if not closed:
            found |= {path[0], path[-1]}
        for at, spot in enumerate(inner):
            if not closed and at in (0, len(inner) - 1):
                continue
            one, other = inner[at - 1], inner[(at + 1) % len(inner)]
            pair = (one, other) if one < other else (other, one)
            if beside.setdefault(spot, pair) != pair:
                found.add(spot)
    return found


def _to_steps(arc: Sequence[Spot], origin: Spot) -> list[list[int]]:
    """Return an edge as its first vertex and the way from each vertex to the next."""
    points = np.array(arc, dtype=np.int64) - np.array(origin)
    steps: list[list[int]] = np.concatenate([points[:1], np.diff(points, axis=0)]).tolist()
    return steps
