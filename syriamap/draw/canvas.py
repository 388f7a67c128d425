"""The picture as a figure, for vector formats and for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .board import POINTS_PER_INCH, AxesBoard, drawing_rules
from .layers import list_layers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..picture import Scene
    from ..theme import Theme


def draw_map(scene: Scene, theme: Theme) -> Figure:
    """Return the figure of a scene. Its axes are the canvas in pixels, y down."""
    from matplotlib.figure import Figure  # a sixth of a second that a picture of pixels does without

    with drawing_rules():
        figure = Figure(
            figsize=(scene.size.width_px / POINTS_PER_INCH, scene.size.height_px / POINTS_PER_INCH),
            dpi=POINTS_PER_INCH,
            facecolor=theme.colours["page"],
        )
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, scene.size.width_px), ylim=(scene.size.height_px, 0))
        axes.set_axis_off()
        board = AxesBoard(axes)
        for layer in list_layers(scene, theme):
            layer.add(board, *layer.parts)
        return figure
