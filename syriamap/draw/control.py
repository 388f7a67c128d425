"""Who holds what: the fills of the zones, their patterns and the fronts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.patches import Circle, Wedge

from .shapes import add_fill, add_line, clip_to

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

    from ..model import Box
    from ..picture import Scene
    from ..theme import Theme

FRONTS = ("front-before", "front", "front-guess", "front-tick")
CAPS = {"contested": "butt", "dot-half": "butt"}  # wide stripes with round ends would bulge out of their area


def add_control(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Fill the zones in the order of the scene, then lay stripes and dots on them."""
    for patch in scene.control:
        add_fill(axes, patch.geometry, patch.fill, clip=scene.map_box, zorder=2, edge=0.6)
    for line in scene.patterns:
        add_line(axes, line, clip=scene.map_box, zorder=3, cap=CAPS.get(line.kind, "round"))


def add_fronts(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw the front of the base day, then today's over it."""
    for line in scene.lines:
        if line.kind in FRONTS:
            add_line(axes, line, clip=scene.map_box, zorder=7 if line.kind == "front-before" else 7.5)


def add_points(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw the dots of the places, the largest last."""
    for index, point in enumerate(scene.points):
        zorder = 20 + index * 0.0005
        style = {"facecolor": point.fill, "edgecolor": point.edge, "linewidth": point.width}
        add_dot(axes, point.at, point.radius, half=point.half, zorder=zorder, clip=scene.map_box, **style)
        for line in point.lines:
            add_line(axes, line, clip=scene.map_box, zorder=zorder + 0.0002, cap=CAPS.get(line.kind, "round"))


def add_dot(
    axes: Axes,
    at: tuple[float, float],
    radius: float,
    *,
    half: str,
    zorder: float,
    clip: Box,
    **style: Any,  # noqa: ANN401
) -> None:
    """Draw one dot; `half` is the colour of its right half, "" for that of the whole."""
    parts: list[Patch] = [Circle(at, radius, zorder=zorder, **style)]
    if half:
        parts.append(Wedge(at, radius, -90, 90, zorder=zorder, **(style | {"facecolor": half})))
    for part in parts:
        clip_to(axes, part, clip)
