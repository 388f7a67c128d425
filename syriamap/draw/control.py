"""Who holds what: the fills of the zones, their patterns and the fronts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.patches import Circle, Wedge

from .shapes import add_fill, add_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..model import Box
    from ..picture import Line, Patch, Point
    from .board import Board

CAPS = {
    "contested": "butt",
    "differs": "butt",
    "dot-half": "butt",
}  # wide stripes with round ends would bulge out of their area


def add_control(board: Board, patches: Iterable[Patch], patterns: Iterable[Line], clip: Box) -> None:
    """Fill the zones in the order of the scene, then lay stripes and dots on them."""
    for patch in patches:
        name = "-".join(part for part in ("control", patch.party, patch.look, patch.rival) if part)
        add_fill(board, patch.geometry, patch.fill, clip=clip, edge=0.6, name=name)
    for line in patterns:
        add_line(board, line, clip=clip, cap=CAPS.get(line.kind, "round"))


def add_point(board: Board, point: Point, clip: Box) -> None:
    """Draw the dot of a place."""
    style = {"facecolor": point.fill, "edgecolor": point.edge, "linewidth": point.width}
    add_dot(board, point.at, point.radius, half=point.half, clip=clip, **style)
    for line in point.lines:
        add_line(board, line, clip=clip, cap=CAPS.get(line.kind, "round"))


def add_dot(
    board: Board,
    at: tuple[float, float],
    radius: float,
    *,
    half: str,
    clip: Box,
    **style: Any,  # noqa: ANN401
) -> None:
    """Draw one dot; `half` is the colour of its right half, "" for that of the whole."""
    board.put(Circle(at, radius, **style), clip)
    if half:
        board.put(Wedge(at, radius, -90, 90, **(style | {"facecolor": half})), clip)
