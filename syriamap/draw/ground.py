"""What lies under and between the zones: sea, neighbours, governorate lines, water, borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from .shapes import add_fill, add_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..model import Box
    from ..picture import Line, Patch, Underlay
    from .board import Board


def add_box(board: Board, box: Box, colour: str, name: str = "") -> None:
    """Fill a box; `name` is what a file calls it that names its parts."""
    patch = Rectangle((box.x0, box.y0), box.width, box.height, facecolor=colour, linewidth=0)
    patch.set_gid(name or None)
    board.put(patch)


def add_ground(board: Board, patches: Iterable[Patch], sea: str, clip: Box) -> None:
    """Fill the whole frame with sea, then lay the land on it."""
    add_box(board, clip, sea, "sea")
    for patch in patches:
        add_fill(board, patch.geometry, patch.fill, clip=clip, edge=0.6)


def add_backdrop(board: Board, underlay: Underlay, clip: Box) -> None:
    """Lay the picture of a basemap, pixel on pixel."""
    board.lay(underlay, clip)


def add_water(board: Board, rivers: Iterable[Line], lakes: Iterable[Patch], shores: Iterable[Line], clip: Box) -> None:
    """Draw governorate lines and rivers over the zones, then the lakes."""
    add_lines(board, rivers, clip)
    for lake in lakes:
        add_fill(board, lake.geometry, lake.fill, clip=clip)
    add_lines(board, shores, clip)


def add_lines(board: Board, lines: Iterable[Line], clip: Box) -> None:
    """Draw lines in their order, each casing under its core."""
    for line in lines:
        add_line(board, line, clip=clip)
