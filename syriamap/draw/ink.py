"""A decided picture, ready to be drawn in any of three ways: as pixels, as vectors or as a figure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from .canvas import draw_layers
from .chart import list_chart_layers
from .layers import list_layers
from .multiples import list_multiples_layers
from .paint import paint_layers, recover_alpha
from .vectors import write_layers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..diagram import Chart
    from ..picture import MultiplesScene, Scene, Vectors
    from ..sizes import Size
    from ..theme import Theme
    from .layers import Layer

WHITE, BLACK = "#ffffff", "#000000"


@dataclass(frozen=True, slots=True)
class Ink:
    """All layers of a picture: `list_on` lists them on a page of a colour, or on none when it is ""."""

    list_on: Callable[[str], Iterable[Layer]]
    theme: Theme
    size: Size

    @property
    def flat(self) -> tuple[str, ...]:
        """Return the colours that areas, lines and swatches can have."""
        return self.theme.flat

    def paint(self, *, transparent: bool = False) -> NDArray[np.uint8]:
        """Return the pixels: rows, columns, RGBA; every one opaque, unless there is to be no page."""
        if transparent:
            return recover_alpha(*(paint_layers(self.list_on(page), self.size) for page in (WHITE, BLACK)))
        return paint_layers(self.list_on(self.theme.colours["page"]), self.size)

    def draw(self, *, transparent: bool = False) -> Figure:
        """Return the figure. Its axes are the canvas in pixels, y down."""
        return draw_layers(self.list_on(self._page(transparent)), self.size)

    def write(self, *, transparent: bool = False, outlines: bool = False) -> Vectors:
        """Return the vectors; `outlines` makes shapes of letters."""
        return write_layers(self.list_on(self._page(transparent)), self.size, outlines=outlines)

    def _page(self, transparent: bool) -> str:
        return "" if transparent else self.theme.colours["page"]


def ink_map(scene: Scene, theme: Theme) -> Ink:
    """Return the ink of a map."""
    return Ink(partial(list_layers, scene, theme), theme, scene.size)


def ink_chart(chart: Chart, theme: Theme) -> Ink:
    """Return the ink of a chart."""
    return Ink(partial(list_chart_layers, chart, theme), theme, chart.size)


def ink_multiples(scene: MultiplesScene, theme: Theme) -> Ink:
    """Return the ink of a sheet."""
    return Ink(partial(list_multiples_layers, scene, theme), theme, scene.page.size)
