"""A sheet: many small maps on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .furniture import add_entry, add_piece, add_scale_bar
from .ground import add_box
from .layers import Layer, list_land, list_signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..picture import MultiplesScene
    from ..theme import Theme


def list_multiples_layers(scene: MultiplesScene, theme: Theme, paper: str) -> Iterator[Layer]:
    """Yield the layers of a sheet, the hindmost first, on a page of a colour, or on none when it is ""."""
    page, unit = scene.page, scene.page.size.unit
    if paper:
        yield Layer("page", add_box, (page.canvas, paper), page.canvas)
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
