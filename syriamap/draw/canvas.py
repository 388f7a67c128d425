"""The picture as a figure, for vector formats and for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .board import POINTS_PER_INCH, AxesBoard, drawing_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

    from ..sizes import Size
    from .layers import Layer


def draw_layers(layers: Iterable[Layer], size: Size) -> Figure:
    """Return the figure of layers, the hindmost first."""
    from matplotlib.figure import Figure  # a sixth of a second that a picture of pixels does without

    wide, high = size.width_px, size.height_px
    with drawing_rules():
        figure = Figure(figsize=(wide / POINTS_PER_INCH, high / POINTS_PER_INCH), dpi=POINTS_PER_INCH)
        figure.patch.set_visible(False)  # the page is a layer
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, wide), ylim=(high, 0))
        axes.set_axis_off()
        board = AxesBoard(axes)
        for layer in layers:
            layer.add(board, *layer.parts)
        return figure
