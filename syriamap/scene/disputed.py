"""Disputed lines: the edges of special areas, each drawn as the worldview of a map says. Ink only: no area changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from ..picture import Edge, Line, Worldview
from ..theatre_file import DASHED, INSIDE, SOLID, THIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..model import Materials
    from .frame import Frame

ON_EDGE_M = 1.0  # edges that two areas share are the same to the vertex
DASH, THIN_DASH = (3.0, 2.2), (3.0, 2.6)
WIDTHS = {DASHED: (1.4, 2.6), THIN: (1.1, 2.0)}  # units: the line, and its casing


class Piece(NamedTuple):
    """All of one edge, in metres."""

    edge: Edge
    line: BaseGeometry


def disputed_lines(frame: Frame, whole: BaseGeometry) -> list[Line]:
    """Return the edges of special areas in pixels, those that are a state border to this worldview as borders.

    `whole` are all these edges, in pixels: where each is dashed they are one line, in whose dashes is no seam.
    """
    colours, unit, pieces = frame.theme.colours, frame.unit, list_pieces(frame.materials)
    found = []
    if any(one.edge.style == SOLID for one in pieces):
        solid = frame.camera.to_px(_join(pieces, SOLID))
        found.append(Line("border", solid, colours["border"], 1.7 * unit, (), colours["casing"], 4.4 * unit))
    for style, dash in ((DASHED, DASH), (THIN, THIN_DASH)):
        width, casing = WIDTHS[style]
        same = all(one.edge.style == style for one in pieces)
        line = whole if same else frame.camera.to_px(_join(pieces, style))
        found.append(Line("disputed", line, colours["border"], width * unit, dash, colours["casing"], casing * unit))
    return found


def tell_worldview(frame: Frame) -> Worldview:
    """Return the worldview of a map with the edges that it shows, or leaves out, in its frame."""
    view, window = frame.materials.theatre["worldview"], frame.camera.window
    pieces = [one.edge for one in list_pieces(frame.materials) if one.line.intersects(window)]
    return Worldview(view["id"], view["policy"], tuple(pieces))


def disclaimer_of(materials: Materials, phrases: Mapping[str, Any]) -> str:
    """Return what the picture says beside a disputed line: that of the worldview, else that no line is endorsed."""
    key = materials.theatre["worldview"]["disclaimer"]
    return str(phrases.get("disclaimers", {}).get(key) or phrases["disclaimer"])


@lru_cache(maxsize=8)
def list_pieces(materials: Materials) -> tuple[Piece, ...]:
    """Return every edge of every special area, the shared ones with the first of the two, by what lies across."""
    edges, found, taken = materials.theatre["worldview"]["edges"], [], shapely.MultiLineString()
    for area, outline in materials.boundaries.areas.geometry.boundary.items():
        segments = _segments(outline)
        middles = shapely.points(segments.mean(axis=1))
        fresh = ~shapely.dwithin(middles, taken, ON_EDGE_M)
        across = _name_across(middles, materials)
        for towards in dict.fromkeys(across[fresh].tolist()):
            style = edges.get(str(area), {}).get(towards, DASHED)
            mine = shapely.multilinestrings(shapely.linestrings(segments[fresh & (across == towards)]))
            found.append(Piece(Edge(str(area), towards, style), shapely.line_merge(mine)))
        taken = shapely.union(taken, outline)
    return tuple(found)


def _name_across(middles: NDArray[np.object_], materials: Materials) -> NDArray[np.object_]:
    """Return what lies across an edge at each point of it: the nearest neighbour, or INSIDE the country."""
    neighbours = materials.ground.neighbours
    found = np.full(len(middles), INSIDE, dtype=object)
    outer = shapely.dwithin(middles, materials.boundaries.country.boundary, ON_EDGE_M)
    if len(neighbours) and outer.any():
        far = shapely.distance(middles[outer][:, None], neighbours.geometry.to_numpy()[None, :])
        found[outer] = neighbours.index.to_numpy(dtype=object)[far.argmin(axis=1)]
    return found


def _segments(outline: BaseGeometry) -> NDArray[np.float64]:
    """Return the straight pieces of an outline: n x 2 ends x 2."""
    points, part = shapely.get_coordinates(shapely.get_parts(outline), return_index=True)
    joined = part[1:] == part[:-1]
    return np.stack([points[:-1][joined], points[1:][joined]], axis=1)


def _join(pieces: Sequence[Piece], style: str) -> BaseGeometry:
    return shapely.line_merge(shapely.union_all([one.line for one in pieces if one.edge.style == style]))
