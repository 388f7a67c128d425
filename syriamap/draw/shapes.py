"""Shapely geometry in pixels to matplotlib paths, and the three ways to put them on the axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..model import Box
    from ..picture import Line
    from .board import Board


MULTI, AREAL = 4, 2  # from this type on a geometry has parts; the dimension of areas


def path_of(geometry: BaseGeometry) -> Path:
    """Return one compound path of all rings and lines of a geometry."""
    points, part = shapely.get_coordinates(_parts(geometry), return_index=True)
    if not len(points):
        return Path(np.empty((0, 2)))
    first = np.flatnonzero(np.diff(part, prepend=-1))
    last = np.append(first[1:], len(points)) - 1
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    codes[first] = Path.MOVETO
    closed = (points[first] == points[last]).all(axis=1) & (last > first)
    codes[last[closed]] = Path.CLOSEPOLY
    return Path(points, codes)


def _parts(geometry: BaseGeometry) -> NDArray[np.object_]:
    """Return the rings and lines of a geometry, polygon by polygon."""
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) >= MULTI).any():
        parts = shapely.get_parts(parts)
    areal = shapely.get_dimensions(parts) == AREAL
    if not areal.any():
        return np.asarray(parts[shapely.get_dimensions(parts) == 1])
    return np.concatenate([shapely.get_rings(parts[areal]), parts[shapely.get_dimensions(parts) == 1]])


def add_fill(
    board: Board, geometry: BaseGeometry, colour: str, *, clip: Box, edge: float = 0.0, name: str = ""
) -> None:
    """Fill an area; `edge` widens it by a hairline of its own colour, against cracks between neighbours.

    `name` is what a file calls it that names its parts.
    """
    patch = PathPatch(path_of(geometry), facecolor=colour, edgecolor=colour if edge else "none", linewidth=edge)
    patch.set_gid(name or None)
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
