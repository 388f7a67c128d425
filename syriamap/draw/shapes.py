"""Shapely geometry in pixels to matplotlib paths, and the three ways to put them on the axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from ..model import Box
    from ..picture import Line
    from .board import Board


def path_of(geometry: BaseGeometry) -> Path:
    """Return one compound path of all rings and lines of a geometry."""
    rings = [shapely.get_coordinates(part) for part in _parts(geometry)]
    rings = [ring for ring in rings if len(ring) > 1]
    if not rings:
        return Path(np.empty((0, 2)))
    codes = [_codes(ring) for ring in rings]
    return Path(np.concatenate(rings), np.concatenate(codes))


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    found: list[BaseGeometry] = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            found += [part.exterior, *part.interiors]
        elif part.geom_type in {"LineString", "LinearRing"}:
            found.append(part)
        elif part.geom_type != "Point":
            found += _parts(part)
    return found


def _codes(ring: np.ndarray) -> np.ndarray:
    codes = np.full(len(ring), Path.LINETO, dtype=Path.code_type)
    codes[0] = Path.MOVETO
    if np.array_equal(ring[0], ring[-1]):
        codes[-1] = Path.CLOSEPOLY
    return codes


def add_fill(board: Board, geometry: BaseGeometry, colour: str, *, clip: Box, edge: float = 0.0) -> None:
    """Fill an area; `edge` widens it by a hairline of its own colour, against cracks between neighbours."""
    patch = PathPatch(path_of(geometry), facecolor=colour, edgecolor=colour if edge else "none", linewidth=edge)
    _put(board, patch, clip)


def add_line(board: Board, line: Line, *, clip: Box, cap: str = "round") -> None:
    """Stroke a line, its casing first; the casing and dashes end where the line does, the rest as `cap` says."""
    path = path_of(line.geometry)
    if line.casing_width:
        casing = PathPatch(path, fill=False, edgecolor=line.casing, linewidth=line.casing_width)
        _put(board, casing, clip, cap="butt")
    core = PathPatch(path, fill=False, edgecolor=line.colour, linewidth=line.width)
    if line.dash:
        core.set_linestyle((0, line.dash))
    _put(board, core, clip, cap="butt" if line.dash else cap)


def _put(board: Board, patch: PathPatch, clip: Box, cap: str = "round") -> None:
    patch.set_snap(False)  # snapping would swallow dots, which are strokes of almost no length
    patch.set_joinstyle("round")
    patch.set_capstyle(cap)  # type: ignore[arg-type]
    board.put(patch, clip)
