"""A sheet: many small maps on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .canvas import POINTS_PER_INCH
from .control import add_control, add_fronts, add_points
from .furniture import add_furniture, add_key, add_scale_bar
from .ground import add_borders, add_ground, add_water
from .marks import add_labels, add_markers

if TYPE_CHECKING:
    from ..picture import MultiplesScene
    from ..theme import Theme

ON_PANELS = (
    add_ground,
    add_control,
    add_water,
    add_fronts,
    add_borders,
    add_points,
    add_markers,
    add_labels,
)


def draw_multiples(scene: MultiplesScene, theme: Theme) -> Figure:
    """Return the figure of a sheet. Its axes are the canvas in pixels, y down."""
    page = scene.page
    with mpl.rc_context({"text.hinting": "no_hinting", "text.usetex": False, "path.simplify": False}):
        figure = Figure(
            figsize=(page.size.width_px / POINTS_PER_INCH, page.size.height_px / POINTS_PER_INCH),
            dpi=POINTS_PER_INCH,
            facecolor=theme.colours["page"],
        )
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, page.size.width_px), ylim=(page.size.height_px, 0))
        axes.set_axis_off()
        for panel in scene.panels:
            for add in ON_PANELS:
                add(axes, panel, theme)
        for box in scene.rules:
            rule = Rectangle((box.x0, box.y0), box.width, box.height, facecolor=theme.colours["ink"], linewidth=0)
            rule.set_zorder(38)
            axes.add_artist(rule)
        for add in (add_scale_bar, add_furniture, add_key):
            add(axes, page, theme)
        return figure
