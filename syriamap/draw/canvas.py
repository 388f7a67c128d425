"""The picture, back to front."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

from .control import add_control, add_fronts, add_points
from .furniture import add_furniture, add_key, add_scale_bar
from .ground import add_borders, add_ground, add_water
from .inset import add_inset
from .marks import add_arrows, add_labels, add_markers, add_roads, add_shields

if TYPE_CHECKING:
    from ..picture import Scene
    from ..theme import Theme

POINTS_PER_INCH = 72  # one point is one pixel: every width, size and offset of the scene is in pixels


def draw_map(scene: Scene, theme: Theme) -> Figure:
    """Return the figure of a scene. Its axes are the canvas in pixels, y down."""
    with mpl.rc_context({"text.hinting": "no_hinting", "text.usetex": False, "path.simplify": False}):
        figure = Figure(
            figsize=(scene.size.width_px / POINTS_PER_INCH, scene.size.height_px / POINTS_PER_INCH),
            dpi=POINTS_PER_INCH,
            facecolor=theme.colours["page"],
        )
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, scene.size.width_px), ylim=(scene.size.height_px, 0))
        axes.set_axis_off()
        for add in (
            add_ground,
            add_control,
            add_water,
            add_fronts,
            add_borders,
            add_roads,
            add_arrows,
            add_points,
            add_markers,
            add_shields,
            add_labels,
            add_scale_bar,
            add_furniture,
            add_key,
            add_inset,
        ):
            add(axes, scene, theme)
        return figure
