"""Roads, markers, shields and labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path

from .shapes import add_line, path_of
from .text import add_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..model import Box
    from ..picture import Marker, Scene
    from ..theme import Theme

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


def add_roads(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw the roads of the story, casing under core, the main road last."""
    for index, line in enumerate(scene.road_lines):
        add_line(axes, line, clip=scene.map_box, zorder=11 + index * 0.02)


def add_arrows(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw what happened as a full arrow, what could follow as a dashed outline."""
    unit, ink, card = scene.size.unit, theme.colours["ink"], theme.colours["card"]
    for arrow in scene.arrows:
        path = path_of(arrow.geometry)
        happened = arrow.kind == "advance"
        halo = PathPatch(path, facecolor=card, edgecolor=card, linewidth=3.6 * unit, alpha=0.85, zorder=15)
        body = PathPatch(path, facecolor=ink if happened else "none", edgecolor=ink, joinstyle="miter", zorder=15.1)
        body.set_linewidth(0 if happened else 2 * unit)
        if not happened:
            body.set_linestyle((0, (2.6, 1.6)))
        for patch in (halo, body):
            axes.add_artist(patch)


def add_markers(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw the sign of every place, base and facility."""
    for index, marker in enumerate(scene.markers):
        if marker.kind == "point":
            continue  # its dot is drawn with the others
        draw = SIGNS[marker.kind]
        draw(axes, marker, theme, 21 + index * 0.001)


def add_square(axes: Axes, marker: Marker, theme: Theme, zorder: float) -> None:
    """Draw a city: a square with a light edge."""
    (x, y), r = marker.at, marker.radius
    square = Rectangle((x - r, y - r), 2 * r, 2 * r, facecolor=marker.colour, edgecolor=theme.colours["casing"])
    square.set(linewidth=0.28 * r, zorder=zorder)
    axes.add_artist(square)


def add_disc(axes: Axes, marker: Marker, theme: Theme, zorder: float) -> None:
    """Draw a town: a disc with a light edge."""
    style = {"facecolor": marker.colour, "edgecolor": theme.colours["casing"], "linewidth": 0.36 * marker.radius}
    axes.add_artist(Circle(marker.at, marker.radius, zorder=zorder, **style))


def add_base(axes: Axes, marker: Marker, theme: Theme, zorder: float) -> None:
    """Draw an air base: held is a full disc, lost a ring with a slash in the taker's colour."""
    (x, y), r, lost = marker.at, marker.radius, marker.state == "lost"
    card, ink = theme.colours["card"], theme.colours["ink"]
    edge = marker.colour if lost else card
    face = card if lost else marker.colour
    ring = Circle((x, y), r, facecolor=face, edgecolor=edge, linewidth=0.19 * r if lost else 0.12 * r, zorder=zorder)
    axes.add_artist(ring)
    half = np.array(PLANE, dtype=float)
    outline = np.concatenate([half, half[::-1] * (-1, 1)]) * (r / 15.5) + (x, y)
    axes.add_artist(PathPatch(Path(outline), facecolor=ink if lost else card, linewidth=0, zorder=zorder + 0.0002))
    if lost:
        reach = 0.68 * r
        slash = Path([(x - reach, y + reach), (x + reach, y - reach)])
        for width, colour in ((0.36 * r, card), (0.19 * r, marker.colour)):
            axes.add_artist(PathPatch(slash, fill=False, edgecolor=colour, linewidth=width, zorder=zorder + 0.0004))


def add_anchor_sign(axes: Axes, marker: Marker, theme: Theme, zorder: float) -> None:
    """Draw a port: an anchor on a disc."""
    _add_ground(axes, marker, theme, zorder)
    (x, y), k = marker.at, marker.radius / 15.5
    strokes: list[list[tuple[float, float]]] = [
        [(0, -6.5), (0, 9)],
        [(-4, -2.5), (4, -2.5)],
        [(-8, 3), (-6.2, 6.2), (-3, 8.5), (0, 9.2), (3, 8.5), (6.2, 6.2), (8, 3)],
    ]
    _add_strokes(axes, strokes, (x, y), k, theme, zorder)
    style = {"facecolor": "none", "edgecolor": theme.colours["card"], "linewidth": 2 * k}
    axes.add_artist(Circle((x, y - 8.6 * k), 2.1 * k, zorder=zorder + 0.0004, **style))


def add_field(axes: Axes, marker: Marker, theme: Theme, zorder: float) -> None:
    """Draw an oil or gas field: a derrick on a disc."""
    _add_ground(axes, marker, theme, zorder)
    strokes: list[list[tuple[float, float]]] = [
        [(-5.5, 9), (0, -9.5), (5.5, 9)],
        [(-3.2, 1.5), (4.6, 5.8)],
        [(3.2, 1.5), (-4.6, 5.8)],
        [(-8, 9), (8, 9)],
    ]
    _add_strokes(axes, strokes, marker.at, marker.radius / 15.5, theme, zorder)


def add_diamond(axes: Axes, marker: Marker, theme: Theme, zorder: float) -> None:
    """Draw a dam, refinery or crossing: a diamond with a light edge."""
    (x, y), r = marker.at, marker.radius
    outline = Path([(x, y - r), (x + r, y), (x, y + r), (x - r, y), (x, y - r)])
    style = {"facecolor": marker.colour, "edgecolor": theme.colours["casing"], "linewidth": 0.3 * r}
    axes.add_artist(PathPatch(outline, zorder=zorder, **style))


def add_ring(axes: Axes, marker: Marker, theme: Theme, zorder: float) -> None:
    """Draw the mark around a place that is named as next: a dashed ring on a light one."""
    r = marker.radius
    for width, colour, dash in ((0.34 * r, theme.colours["casing"], ()), (0.15 * r, marker.colour, (2.2, 1.3))):
        ring = Circle(marker.at, 0.86 * r, fill=False, edgecolor=colour, linewidth=width, zorder=zorder - 0.5)
        if dash:
            ring.set(linestyle=(0, dash), zorder=zorder - 0.49)
        axes.add_artist(ring)


SIGNS = {
    "next": add_ring,
    "square": add_square,
    "disc": add_disc,
    "base": add_base,
    "port": add_anchor_sign,
    "field": add_field,
    "diamond": add_diamond,
}


def _add_ground(axes: Axes, marker: Marker, theme: Theme, zorder: float) -> None:
    style = {"facecolor": marker.colour, "edgecolor": theme.colours["card"], "linewidth": 0.12 * marker.radius}
    axes.add_artist(Circle(marker.at, marker.radius, zorder=zorder, **style))


def _add_strokes(
    axes: Axes,
    strokes: list[list[tuple[float, float]]],
    at: tuple[float, float],
    scale: float,
    theme: Theme,
    zorder: float,
) -> None:
    for stroke in strokes:
        path = Path(np.array(stroke, dtype=float) * scale + at)
        style = {"edgecolor": theme.colours["card"], "linewidth": 2 * scale, "capstyle": "round"}
        axes.add_artist(PathPatch(path, fill=False, zorder=zorder + 0.0004, **style))


def add_shields(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw road numbers on their roads."""
    edge = 1.8 * scene.size.unit
    for shield in scene.shields:
        box = shield.box
        add_rounded(axes, box, 0.25 * box.height, theme.colours["shield"], theme.colours["casing"], edge, zorder=24)
        add_text(axes, shield.run, theme, zorder=24.5)


def add_labels(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw leaders, chips and names."""
    unit = scene.size.unit
    for label in scene.labels:
        if label.leader:
            path = Path(np.array(label.leader))
            axes.add_artist(
                PathPatch(path, fill=False, edgecolor=theme.colours["ink"], linewidth=1.3 * unit, zorder=26)
            )
        if label.chip:
            add_rounded(axes, label.chip.box, 4 * unit, theme.colours["card"], label.chip.edge, 1.2 * unit, zorder=30)
        for run in label.runs:
            add_text(axes, run, theme, zorder=31)


def add_rounded(axes: Axes, box: Box, radius: float, face: str, edge: str, width: float, *, zorder: float) -> None:
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
        zorder=zorder,
    )
    axes.add_artist(patch)
