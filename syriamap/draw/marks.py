"""Roads, markers, shields and labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path

from .shapes import path_of
from .text import add_texts

if TYPE_CHECKING:
    from ..model import Box
    from ..picture import Arrow, Label, Marker, Shield
    from ..theme import Theme
    from .board import Board

# Half the outline of an aeroplane seen from above, nose up, on a circle of radius 15.5.
PLANE = (
    (0, -11),
    (1.5, -9.2),
    (1.7, -4),
    (10.5, 2.2),
    (10.5, 4.6),
    (1.7, 1.6),
    (1.3, 6.4),
    (4.2, 8.8),
    (4.2, 10.4),
    (0, 9.2),
)


def add_arrow(board: Board, arrow: Arrow, ink: str, card: str, unit: float) -> None:
    """Draw what happened as a full arrow, what could follow as a dashed outline."""
    path = path_of(arrow.geometry)
    happened = arrow.kind == "advance"
    board.put(PathPatch(path, facecolor=card, edgecolor=card, linewidth=3.6 * unit, alpha=0.85))
    body = PathPatch(path, facecolor=ink if happened else "none", edgecolor=ink, joinstyle="miter")
    body.set_linewidth(0 if happened else 2 * unit)
    if not happened:
        body.set_linestyle((0, (2.6, 1.6)))
    board.put(body)


def add_sign(board: Board, marker: Marker, theme: Theme) -> None:
    """Draw the sign of a place, base or facility."""
    SIGNS[marker.kind](board, marker, theme)


def add_square(board: Board, marker: Marker, theme: Theme) -> None:
    """Draw a city: a square with a light edge."""
    (x, y), r = marker.at, marker.radius
    square = Rectangle((x - r, y - r), 2 * r, 2 * r, facecolor=marker.colour, edgecolor=theme.colours["casing"])
    square.set(linewidth=0.28 * r)
    board.put(square)


def add_disc(board: Board, marker: Marker, theme: Theme) -> None:
    """Draw a town: a disc with a light edge."""
    style = {"facecolor": marker.colour, "edgecolor": theme.colours["casing"], "linewidth": 0.36 * marker.radius}
    board.put(Circle(marker.at, marker.radius, **style))


def add_base(board: Board, marker: Marker, theme: Theme) -> None:
    """Draw an air base: held is a full disc, lost a ring with a slash in the taker's colour."""
    (x, y), r, lost = marker.at, marker.radius, marker.state == "lost"
    card, ink = theme.colours["card"], theme.colours["ink"]
    edge = marker.colour if lost else card
    face = card if lost else marker.colour
    board.put(Circle((x, y), r, facecolor=face, edgecolor=edge, linewidth=0.19 * r if lost else 0.12 * r))
    half = np.array(PLANE, dtype=float)
    outline = np.concatenate([half, half[::-1] * (-1, 1)]) * (r / 15.5) + (x, y)
    board.put(PathPatch(Path(outline), facecolor=ink if lost else card, linewidth=0))
    if lost:
        reach = 0.68 * r
        slash = Path([(x - reach, y + reach), (x + reach, y - reach)])
        for width, colour in ((0.36 * r, card), (0.19 * r, marker.colour)):
            board.put(PathPatch(slash, fill=False, edgecolor=colour, linewidth=width))


def add_anchor_sign(board: Board, marker: Marker, theme: Theme) -> None:
    """Draw a port: an anchor on a disc."""
    _add_ground(board, marker, theme)
    (x, y), k = marker.at, marker.radius / 15.5
    strokes: list[list[tuple[float, float]]] = [
        [(0, -6.5), (0, 9)],
        [(-4, -2.5), (4, -2.5)],
        [(-8, 3), (-6.2, 6.2), (-3, 8.5), (0, 9.2), (3, 8.5), (6.2, 6.2), (8, 3)],
    ]
    _add_strokes(board, strokes, (x, y), k, theme)
    style = {"facecolor": "none", "edgecolor": theme.colours["card"], "linewidth": 2 * k}
    board.put(Circle((x, y - 8.6 * k), 2.1 * k, **style))


def add_field(board: Board, marker: Marker, theme: Theme) -> None:
    """Draw an oil or gas field: a derrick on a disc."""
    _add_ground(board, marker, theme)
    strokes: list[list[tuple[float, float]]] = [
        [(-5.5, 9), (0, -9.5), (5.5, 9)],
        [(-3.2, 1.5), (4.6, 5.8)],
        [(3.2, 1.5), (-4.6, 5.8)],
        [(-8, 9), (8, 9)],
    ]
    _add_strokes(board, strokes, marker.at, marker.radius / 15.5, theme)


def add_diamond(board: Board, marker: Marker, theme: Theme) -> None:
    """Draw a dam, refinery or crossing: a diamond with a light edge."""
    (x, y), r = marker.at, marker.radius
    outline = Path([(x, y - r), (x + r, y), (x, y + r), (x - r, y), (x, y - r)])
    style = {"facecolor": marker.colour, "edgecolor": theme.colours["casing"], "linewidth": 0.3 * r}
    board.put(PathPatch(outline, **style))


def add_ring(board: Board, marker: Marker, theme: Theme) -> None:
    """Draw the mark around a place that is named as next: a dashed ring on a light one."""
    r = marker.radius
    for width, colour, dash in ((0.34 * r, theme.colours["casing"], ()), (0.15 * r, marker.colour, (2.2, 1.3))):
        ring = Circle(marker.at, 0.86 * r, fill=False, edgecolor=colour, linewidth=width)
        if dash:
            ring.set(linestyle=(0, dash))
        board.put(ring)


SIGNS = {
    "next": add_ring,
    "square": add_square,
    "disc": add_disc,
    "base": add_base,
    "port": add_anchor_sign,
    "field": add_field,
    "diamond": add_diamond,
}


def _add_ground(board: Board, marker: Marker, theme: Theme) -> None:
    style = {"facecolor": marker.colour, "edgecolor": theme.colours["card"], "linewidth": 0.12 * marker.radius}
    board.put(Circle(marker.at, marker.radius, **style))


def _add_strokes(
    board: Board,
    strokes: list[list[tuple[float, float]]],
    at: tuple[float, float],
    scale: float,
    theme: Theme,
) -> None:
    for stroke in strokes:
        path = Path(np.array(stroke, dtype=float) * scale + at)
        style = {"edgecolor": theme.colours["card"], "linewidth": 2 * scale, "capstyle": "round"}
        board.put(PathPatch(path, fill=False, **style))


def add_shield(board: Board, shield: Shield, theme: Theme, unit: float) -> None:
    """Draw a road number on its road."""
    box, colours = shield.box, theme.colours
    add_rounded(board, box, 0.25 * box.height, colours["shield"], colours["casing"], 1.8 * unit)
    add_texts(board, [shield.run], theme)


def add_label(board: Board, label: Label, theme: Theme, unit: float) -> None:
    """Draw a name with its leader and its chip."""
    if label.leader:
        leader = Path(np.array(label.leader))
        board.put(PathPatch(leader, fill=False, edgecolor=theme.colours["ink"], linewidth=1.3 * unit))
    if label.chip:
        add_rounded(board, label.chip.box, 4 * unit, theme.colours["card"], label.chip.edge, 1.2 * unit)
    add_texts(board, label.runs, theme)


def add_rounded(board: Board, box: Box, radius: float, face: str, edge: str, width: float) -> None:
    """Add a rectangle with rounded corners that fills its box, edge included."""
    inner = box.grow(-width / 2)
    patch = FancyBboxPatch(
        (inner.x0 + radius, inner.y0 + radius),
        max(inner.width - 2 * radius, 0.01),
        max(inner.height - 2 * radius, 0.01),
        boxstyle=f"round,pad={radius},rounding_size={radius}",
        facecolor=face,
        edgecolor=edge,
        linewidth=width,
    )
    board.put(patch)
