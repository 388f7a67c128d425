"""Who holds what: the fills of the zones, their patterns and the fronts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .shapes import add_fill, add_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..picture import Scene
    from ..theme import Theme

CAPS = {"contested": "butt"}  # wide stripes with round ends would bulge out of their area


def add_control(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Fill the zones in the order of the scene, then lay stripes and dots on them."""
    for patch in scene.control:
        add_fill(axes, patch.geometry, patch.fill, clip=scene.map_box, zorder=2, edge=0.6)
    for line in scene.patterns:
        add_line(axes, line, clip=scene.map_box, zorder=3, cap=CAPS.get(line.kind, "round"))


def add_fronts(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw the front of the base day, then today's over it."""
    for line in scene.lines:
        if line.kind in {"front-before", "front", "front-guess"}:
            add_line(axes, line, clip=scene.map_box, zorder=7 if line.kind == "front-before" else 7.5)
