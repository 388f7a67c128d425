"""A sheet: many small maps on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .canvas import draw_layers
from .furniture import add_entry, add_piece, add_scale_bar
from .ground import add_box
from .layers import Layer, list_land, list_signs
from .paint import paint_layers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..picture import MultiplesScene
    from ..theme import Theme


def draw_multiples(scene: MultiplesScene, theme: Theme) -> Figure:
    """Return the figure of a sheet. Its axes are the canvas in pixels, y down."""
    return draw_layers(_list_layers(scene, theme), scene.page.size)


def paint_multiples(scene: MultiplesScene, theme: Theme) -> NDArray[np.uint8]:
    """Return the pixels of a sheet: rows, columns, RGBA; every one opaque."""
    return paint_layers(_list_layers(scene, theme), scene.page.size)


def _list_layers(scene: MultiplesScene, theme: Theme) -> Iterator[Layer]:
    page, unit = scene.page, scene.page.size.unit
    yield Layer("page", add_box, (page.canvas, theme.colours["page"]), page.canvas)
    for panel in scene.panels:
        yield from list_land(panel, theme)
        yield from list_signs(panel, theme)
    for box in scene.rules:
        yield Layer("rule", add_box, (box, theme.colours["ink"]))
    yield Layer("scale", add_scale_bar, (page.scale_bar, theme, unit))
    for piece in page.furniture:
        yield Layer(piece.kind, add_piece, (piece, theme, unit))
    for entry in page.key:
        yield Layer("key", add_entry, (entry, theme, unit))
