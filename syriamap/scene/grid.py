"""How many maps stand side by side on a page, and how large the page must be for them to be read."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from ..errors import ProductError
from ..model import Box
from ..sizes import REFERENCE_PX, Size

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_PANELS = 16
PAGE = Size("sheet", 1600, 1200, 1200, 96, "column")  # where no size is asked for
LEAST_WIDTH, LEAST_HEIGHT = 17.0, 12.5  # of a panel's map, in the smallest text of the page
STEPS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)  # how much larger a page on a screen may grow to hold its maps
PAPER_DPI = 300  # a page of paper cannot grow
EMPTY_COST = 0.2  # what a page full of empty panels would lose
WIDEST, TALLEST = 1.5, 1.7  # of a panel's map: so much wider or taller than what must be seen
GUTTER = (14, 24)  # units between panels, across and down


@dataclass(frozen=True, slots=True)
class Grid:
    """Panels on a page: the whole box of each, and that of its map below the words."""

    columns: int
    panels: tuple[Box, ...]
    maps: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class GrownSize(Size):
    """A page larger than the size asked for, its text as large as there: all that it gains goes to the maps."""

    factor: float = 1.0

    @property
    def unit(self) -> float:
        """Return the unit of the size asked for."""
        left, top, right, bottom = self.safe
        area = (self.width_px - left - right) * (self.height_px - top - bottom)
        return math.sqrt(area) / REFERENCE_PX / self.factor


def page_size(size: Size | None, factor: float) -> Size:
    """Return the page for a sheet: ours, or the size asked for; on a screen larger by a factor, its text alike."""
    size = size or PAGE
    layout = "column" if size.width_px > size.height_px else "stack"
    if factor == 1.0:
        return replace(size, layout=layout)
    width, height, css = (round(side * factor) for side in (size.width_px, size.height_px, size.css_width))
    left, top, right, bottom = (edge * factor for edge in size.safe)
    name, safe = f"{width}x{height}", (left, top, right, bottom)
    kb = round(size.max_kb * factor**2)
    return GrownSize(name, width, height, css, size.dpi, layout, size.title, safe, kb, factor)


def page_steps(size: Size | None) -> Sequence[float]:
    """Return the factors by which a page may grow, the smallest first."""
    return STEPS if size is None or size.dpi < PAPER_DPI else STEPS[:1]


def lay_grid(number: int, box: Box, head: float, aspect: float, size: Size) -> Grid:
    """Return the grid in which the maps come out largest; `aspect` is the width of what must be seen over its height.

    `head` is the height of the words over each map, which must find room there.
    """
    across, down = (gap * size.unit for gap in GUTTER)

    def cell(columns: int) -> tuple[float, float]:
        rows = -(-number // columns)
        return (box.width - (columns - 1) * across) / columns, (box.height - (rows - 1) * down) / rows - head

    def worth(columns: int) -> float:
        rows = -(-number // columns)
        width, height = cell(columns)
        empty = (columns * rows - number) / (columns * rows)
        narrow = min(width / (LEAST_WIDTH * size.min_px), 1.0)
        return min(width / aspect, height) * (1 - EMPTY_COST * empty) * narrow**2

    columns = max(range(1, number + 1), key=lambda count: (round(worth(count), 3), -count))
    rows = -(-number // columns)
    width, height = cell(columns)
    wide, high = min(width, WIDEST * aspect * height), min(height, TALLEST * width / aspect)
    across += (width - wide) * columns / (columns - 1) if columns > 1 else 0.0
    down += min((height - high) * rows / (rows - 1), 2.5 * down) if rows > 1 else 0.0
    places = list(product(range(rows), range(columns)))[:number]
    corners = [(box.x0 + column * (wide + across), box.y0 + row * (head + high + down)) for row, column in places]
    panels = tuple(Box(x, y, x + wide, y + head + high) for x, y in corners)
    return Grid(columns, panels, tuple(Box(panel.x0, panel.y0 + head, panel.x1, panel.y1) for panel in panels))


def is_readable(grid: Grid, size: Size) -> bool:
    """Return whether the maps of a grid are large enough for their words."""
    one = grid.maps[0]
    return one.width >= LEAST_WIDTH * size.min_px and one.height >= LEAST_HEIGHT * size.min_px


def refuse(number: int, size: Size | None) -> ProductError:
    """Return the error that says how many maps do not fit on a page, and the way out."""
    name = size.name if size else PAGE.name
    return ProductError(
        f"{number} maps on one sheet of the size {name} cannot be read; expected fewer days, or a larger size such as"
        f" print-page or {2 * PAGE.width_px}x{2 * PAGE.height_px}"
    )
