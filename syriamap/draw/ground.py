"""What lies under and between the zones: sea, neighbours, governorate lines, water, borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from .shapes import add_fill, add_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..picture import Scene
    from ..theme import Theme


def add_ground(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Fill the whole frame with sea, then lay the land of the neighbours on it."""
    box = scene.map_box
    sea = Rectangle((box.x0, box.y0), box.width, box.height, facecolor=theme.colours["sea"], linewidth=0, zorder=0)
    axes.add_artist(sea)
    for patch in scene.ground:
        if patch.kind in {"neighbour", "land"}:
            add_fill(axes, patch.geometry, patch.fill, clip=box, zorder=1, edge=0.6)


def add_water(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw governorate lines, rivers and lakes over the zones."""
    for line in scene.lines:
        if line.kind in {"governorate", "river"}:
            add_line(axes, line, clip=scene.map_box, zorder=4 if line.kind == "governorate" else 5)
    for patch in scene.ground:
        if patch.kind == "lake":
            add_fill(axes, patch.geometry, patch.fill, clip=scene.map_box, zorder=6)
    for line in scene.lines:
        if line.kind == "shore":
            add_line(axes, line, clip=scene.map_box, zorder=6.5)


def add_borders(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw the coast, then the borders of states, disputed ones dashed, and the edges of special areas."""
    order = {"coast": 8, "border": 8.2, "disputed": 8.4, "area": 8.4}
    for line in scene.lines:
        if line.kind in order:
            add_line(axes, line, clip=scene.map_box, zorder=order[line.kind])
