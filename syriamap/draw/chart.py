"""A decided chart to ink."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import shapely
from matplotlib.figure import Figure

from .control import CAPS
from .furniture import add_furniture
from .shapes import add_fill, add_line
from .text import add_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..diagram import Chart, Panel
    from ..theme import Theme

POINTS_PER_INCH = 72  # one point is one pixel, as on a map


def draw_chart(chart: Chart, theme: Theme) -> Figure:
    """Return the figure of a chart. Its axes are the canvas in pixels, y down."""
    with mpl.rc_context({"text.hinting": "no_hinting", "text.usetex": False, "path.simplify": False}):
        wide, high = chart.size.width_px, chart.size.height_px
        size = (wide / POINTS_PER_INCH, high / POINTS_PER_INCH)
        figure = Figure(figsize=size, dpi=POINTS_PER_INCH, facecolor=theme.colours["page"])
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, wide), ylim=(high, 0))
        axes.set_axis_off()
        for panel in chart.panels:
            _add_bands(axes, panel, chart)
            _add_labels(axes, panel, chart, theme)
            for run in panel.runs:
                add_text(axes, run, theme, zorder=40)
        add_furniture(axes, chart, theme)
        return figure


def _add_bands(axes: Axes, panel: Panel, chart: Chart) -> None:
    """Fill the bands, lay their patterns on them and draw the lines between them."""
    for band in panel.bands:
        add_fill(axes, band.geometry, band.fill, clip=panel.box, zorder=2)
    for line in panel.patterns:
        add_line(axes, line, clip=panel.box, zorder=3, cap=CAPS.get(line.kind, "round"))
    for line in panel.lines:
        add_line(axes, line, clip=chart.canvas, zorder=4)


def _add_labels(axes: Axes, panel: Panel, chart: Chart, theme: Theme) -> None:
    """Draw leader, swatch and words of every party."""
    for label in panel.labels:
        add_line(axes, label.leader, clip=chart.canvas, zorder=5)
        square = shapely.box(*label.swatch)
        add_fill(axes, square, theme.party(label.party).fill, clip=chart.canvas, zorder=6)
        for line in label.patterns:
            add_line(axes, line, clip=label.swatch, zorder=6.3, cap=CAPS.get(line.kind, "round"))
        edge = panel.lines[0]
        add_line(axes, type(edge)("swatch", square.exterior, edge.colour, edge.width), clip=chart.canvas, zorder=6.6)
        add_text(axes, label.run, theme, zorder=40)
