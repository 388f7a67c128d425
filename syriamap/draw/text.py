"""Text: the embedded fonts, how wide a line comes out, and lines of text with halos."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patheffects import Stroke
from matplotlib.text import Text
from matplotlib.textpath import TextToPath

from ..catalog import data_file
from ..picture import TextSize

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..picture import TextRun
    from ..theme import Theme, TypeStyle

FAMILIES = ("Source Sans 3", "Noto Sans Arabic")
HALO_WIDTH = 0.24  # of the size of the text, on both sides together


@cache
def register_fonts() -> bool:
    """Make the embedded fonts known; no font of the machine is ever used."""
    for path in sorted(data_file("fonts").glob("*.ttf")):
        fontManager.addfont(path)
    return True


@cache
def font_for(weight: int, italic: bool) -> FontProperties:
    """Return the embedded font of a weight and slant."""
    register_fonts()
    return FontProperties(family=list(FAMILIES), weight=weight, style="italic" if italic else "normal")


@cache
def _measure(text: str, weight: int, italic: bool) -> tuple[float, float, float]:
    prop = font_for(weight, italic).copy()
    prop.set_size(100)
    width, height, descent = TextToPath().get_text_width_height_descent(text, prop, False)
    return width / 100, (height - descent) / 100, descent / 100


def measure_text(text: str, px: float, style: TypeStyle) -> TextSize:
    """Return the size of one line of text in pixels, unhinted, tracking included."""
    width, above, below = _measure(text, style.weight, style.italic)
    tracked = style.tracking * max(len(text) - 1, 0)
    return TextSize((width + tracked) * px, above * px, below * px)


def add_text(axes: Axes, run: TextRun, theme: Theme, *, zorder: float) -> None:
    """Add one line of text; tracked text is set letter by letter, since matplotlib has no tracking."""
    style = theme.type[run.role]
    if not style.tracking:
        _add_line(axes, run.text, run.x, run, style, zorder)
        return
    for index, letter in enumerate(run.text):
        before = measure_text(run.text[: index + 1], run.px, style).width - measure_text(letter, run.px, style).width
        _add_line(axes, letter, run.x + before, run, style, zorder)


def _add_line(axes: Axes, text: str, x: float, run: TextRun, style: TypeStyle, zorder: float) -> None:
    prop = font_for(style.weight, style.italic).copy()
    prop.set_size(run.px)  # a point is a pixel here: the figure has 72 dots to the inch
    if run.halo:  # beneath, as an artist of its own: the text itself stays text, which a PDF can be searched for
        halo = Text(x, run.y, text, color=run.halo, fontproperties=prop, va="baseline", ha="left", parse_math=False)
        stroke = Stroke(linewidth=HALO_WIDTH * run.px, foreground=run.halo, alpha=0.9, joinstyle="round")
        halo.set(path_effects=[stroke], zorder=zorder - 0.1)
        axes.add_artist(halo)
    line = Text(x, run.y, text, color=run.colour, fontproperties=prop, va="baseline", ha="left", parse_math=False)
    line.set_zorder(zorder)
    axes.add_artist(line)
