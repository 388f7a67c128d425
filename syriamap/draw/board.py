"""What a map is drawn on: axes that keep every artist, for vector formats, or pixels that take its ink at once."""

from __future__ import annotations

import codecs
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.image import BboxImage
from matplotlib.patheffects import PathEffectRenderer
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

from .text import QUILL, find_font, list_halos, list_letters, list_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font
    from matplotlib.text import Text
    from matplotlib.transforms import BboxBase, Transform
    from numpy.typing import NDArray

    from ..model import Box
    from ..picture import TextRun, Underlay
    from ..theme import Theme

POINTS_PER_INCH = 72  # one point is one pixel: every width, size and offset of the scene is in pixels


def drawing_rules() -> AbstractContextManager[None]:
    """Return the settings that a map is drawn with, whatever the user's own are."""
    rules = {"text.hinting": "no_hinting", "text.usetex": False, "path.simplify": False}
    return mpl.rc_context(rules)  # type: ignore[arg-type]


class _Renderer(RendererAgg):
    """Agg with fonts that are found once."""

    def _prepare_font(self, font_prop: FontProperties) -> FT2Font:
        font = find_font(font_prop)
        font.clear()
        font.set_size(font_prop.get_size_in_points(), self.dpi)
        return font


class Board(Protocol):
    """Takes artists, the hindmost first; their coordinates are pixels of the picture, y down."""

    def put(self, artist: Artist, clip: Box | None = None) -> None:
        """Draw an artist over what is there, cut off at the edges of a box."""
        ...

    def write(self, runs: Sequence[TextRun], theme: Theme) -> None:
        """Write lines of text over what is there, the halos of all below the letters of any."""
        ...

    def lay(self, picture: Underlay, clip: Box) -> None:
        """Lay a picture over what is there, cut off at the edges of a box."""
        ...

    def display(self, box: Box) -> BboxBase:
        """Return a box of the picture in the display's own coordinates, for artists that want those."""
        ...


class _Span(Artist):
    """Tells a PDF that the letters drawn one by one until the next span read as a text; "" is the end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def draw(self, renderer: Any) -> None:  # noqa: ANN401  # of any backend; others have no such spans
        file: Any = getattr(renderer, "file", None)
        if not hasattr(file, "currentstream"):
            return
        said = codecs.BOM_UTF16_BE + self._text.encode("utf-16-be")
        file.write(b"/Span <</ActualText <%s>>> BDC\n" % said.hex().encode() if self._text else b"EMC\n")


class AxesBoard:
    """Axes that keep the artists in their order."""

    def __init__(self, axes: Axes) -> None:
        self._axes = axes
        self._count = 0

    def put(self, artist: Artist, clip: Box | None = None) -> None:
        """Add an artist above all others."""
        self._count += 1
        artist.set_zorder(self._count)
        self._axes.add_artist(artist)
        if clip:
            artist.set_clip_box(self.display(clip))

    def write(self, runs: Sequence[TextRun], theme: Theme) -> None:
        """Add lines of text above all else."""
        for run in runs:
            for halo in list_halos(run, theme.type[run.role]):
                self.put(halo)
        for run in runs:
            letters = list(list_letters(run, theme.type[run.role]))
            for artist in letters if len(letters) == 1 else (_Span(run.text), *letters, _Span("")):
                self.put(artist)

    def lay(self, picture: Underlay, clip: Box) -> None:
        """Add a picture above all others, as large as the axes are drawn."""
        image = BboxImage(self.display(picture.box), origin="upper", interpolation="nearest")
        image.set_data(picture.colours[picture.numbers])
        self.put(image, clip)

    def display(self, box: Box) -> BboxBase:
        """Return a box in display coordinates, which follow the axes."""
        return TransformedBbox(Bbox([[box.x0, box.y0], [box.x1, box.y1]]), self._axes.transData)


class PixelBoard:
    """Pixels (rows, columns, RGBA) of a part of the picture whose upper left corner is (left, top), whole pixels.

    A part has the very pixels that the whole picture has there.
    """

    def __init__(self, width: int, height: int, left: int = 0, top: int = 0) -> None:
        self._renderer: Any = _Renderer(width, height, POINTS_PER_INCH)  # type: ignore[no-untyped-call]
        self._renderer._text2path = QUILL
        rgba = self._renderer.buffer_rgba()  # type: ignore[no-untyped-call]
        self.pixels: NDArray[np.uint8] = np.asarray(rgba)
        self._left, self._foot = left, height + top
        self._to_display = Affine2D.from_values(1, 0, 0, -1, -left, self._foot)

    def put(self, artist: Artist, clip: Box | None = None) -> None:
        """Draw an artist now."""
        draw_artist(artist, self._renderer, self._to_display, self.display(clip) if clip else None)

    def write(self, runs: Sequence[TextRun], theme: Theme) -> None:
        """Draw lines of text now."""
        for text in list_lines(runs, theme):
            draw_line(text, self._renderer, self._to_display)

    def lay(self, picture: Underlay, clip: Box) -> None:
        """Draw a picture now, its pixels on those of the part."""
        pen, where = self._renderer.new_gc(), self.display(picture.box)
        pen.set_clip_rectangle(self.display(clip))
        pixels = np.ascontiguousarray(picture.colours[picture.numbers][::-1])  # matplotlib begins at the foot
        self._renderer.draw_image(pen, where.x0, where.y0, pixels)
        pen.restore()

    def display(self, box: Box) -> BboxBase:
        """Return a box in pixels of this part, y up."""
        low, high = self._foot - box.y1, self._foot - box.y0
        return Bbox([[box.x0 - self._left, low], [box.x1 - self._left, high]])


def draw_artist(artist: Artist, renderer: Any, to_display: Transform, clip: BboxBase | None) -> None:  # noqa: ANN401
    """Draw an artist with any renderer of matplotlib, cut off at the edges of a box of the display."""
    if isinstance(artist, BboxImage):
        artist.set_figure(_sheet_of_images())
    artist.set_transform(to_display)
    if clip:
        artist.set_clip_box(clip)
    artist.draw(renderer)


def draw_line(text: Text, renderer: Any, to_display: Transform) -> None:  # noqa: ANN401  # any renderer of matplotlib
    """Draw one upright line that begins at its point: nothing about it needs to be laid out."""
    x, y = to_display.transform(text.get_position())
    _, height = renderer.get_canvas_width_height()
    pen = renderer.new_gc()
    pen.set_foreground(to_rgba(text.get_color()), isRGBA=True)
    effects = text.get_path_effects()
    printer = PathEffectRenderer(effects, renderer) if effects else renderer
    printer.draw_text(pen, x, height - y, text.get_text(), text.get_fontproperties(), 0)
    pen.restore()


@cache
def _sheet_of_images() -> Figure:
    """Return the figure that tells images how many dots an inch has; nothing is drawn on it."""
    from matplotlib.figure import Figure

    return Figure(figsize=(1, 1), dpi=POINTS_PER_INCH)
