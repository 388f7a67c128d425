"""The locator: where in the country the map lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from ..model import Box
from ..picture import Line
from .ground import add_box
from .shapes import add_fill, add_line
from .text import add_texts

if TYPE_CHECKING:
    from ..picture import Inset
    from ..theme import Theme
    from .board import Board


def add_inset(board: Board, inset: Inset, theme: Theme, unit: float) -> None:
    """Draw the country, the frame of the map and the capital."""
    add_fill(board, inset.country, theme.colours["rule"], clip=inset.box)
    add_line(board, Line("inset", inset.country, theme.colours["border"], unit), clip=inset.box)
    frame, accent = inset.frame, theme.colours["accent"]
    at, size = (frame.x0, frame.y0), (frame.width, frame.height)
    board.put(Rectangle(at, *size, facecolor=accent, alpha=0.16, linewidth=0))
    board.put(Rectangle(at, *size, fill=False, edgecolor=accent, linewidth=2 * unit))
    if inset.capital:
        (x, y), r = inset.capital, 3.6 * unit
        add_box(board, Box(x - r, y - r, x + r, y + r), theme.colours["ink"])
    add_texts(board, inset.runs, theme)
