"""The locator: where in the country the map lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from ..picture import Line
from .shapes import add_fill, add_line
from .text import add_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..picture import Scene
    from ..theme import Theme


def add_inset(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw the country, the frame of the map and the capital."""
    inset = scene.inset
    if inset is None:
        return
    add_fill(axes, inset.country, theme.colours["rule"], clip=inset.box, zorder=41)
    unit = scene.size.unit
    outline = Line("inset", inset.country, theme.colours["border"], unit)
    add_line(axes, outline, clip=inset.box, zorder=41.5)
    frame, accent = inset.frame, theme.colours["accent"]
    at, size = (frame.x0, frame.y0), (frame.width, frame.height)
    axes.add_artist(Rectangle(at, *size, facecolor=accent, alpha=0.16, linewidth=0, zorder=42))
    axes.add_artist(Rectangle(at, *size, fill=False, edgecolor=accent, linewidth=2 * unit, zorder=42.5))
    (x, y), r = inset.capital, 3.6 * unit
    axes.add_artist(Rectangle((x - r, y - r), 2 * r, 2 * r, facecolor=theme.colours["ink"], linewidth=0, zorder=43))
    for run in inset.runs:
        add_text(axes, run, theme, zorder=44)
