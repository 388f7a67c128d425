"""A decided chart to ink."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from ..picture import Line
from .control import CAPS
from .furniture import add_piece
from .ground import add_box
from .layers import Layer
from .shapes import add_fill, add_line
from .text import add_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..diagram import Chart, Panel
    from ..theme import Theme
    from .board import Board


def list_chart_layers(chart: Chart, theme: Theme, page: str) -> Iterator[Layer]:
    """Yield the layers of a chart, the hindmost first, on a page of a colour, or on none when it is ""."""
    if page:
        yield Layer("page", add_box, (chart.canvas, page), chart.canvas)
    for panel in chart.panels:
        yield Layer("panel", _add_panel, (panel, chart, theme), item=panel.id)
    for piece in chart.furniture:
        yield Layer(piece.kind, add_piece, (piece, theme, chart.size.unit))


def _add_panel(board: Board, panel: Panel, chart: Chart, theme: Theme) -> None:
    _add_bands(board, panel, chart)
    _add_labels(board, panel, chart, theme)
    add_texts(board, panel.runs, theme)


def _add_bands(board: Board, panel: Panel, chart: Chart) -> None:
    """Fill the bands, lay their patterns on them and draw the lines between them."""
    for band in panel.bands:
        add_fill(board, band.geometry, band.fill, clip=panel.box)
    for line in panel.patterns:
        add_line(board, line, clip=panel.box, cap=CAPS.get(line.kind, "round"))
    for line in panel.lines:
        add_line(board, line, clip=chart.canvas)


def _add_labels(board: Board, panel: Panel, chart: Chart, theme: Theme) -> None:
    """Draw leader, swatch and words of every party."""
    for label in panel.labels:
        add_line(board, label.leader, clip=chart.canvas)
        add_box(board, label.swatch, theme.party(label.party).fill)
        for line in label.patterns:
            add_line(board, line, clip=label.swatch, cap=CAPS.get(line.kind, "round"))
        edge = panel.lines[0]
        around = Line("swatch", shapely.box(*label.swatch).exterior, edge.colour, edge.width)
        add_line(board, around, clip=chart.canvas)
        add_texts(board, [label.run], theme)
