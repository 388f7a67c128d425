"""The picture as vectors for the web and for desks: a group for every layer, text that stays text."""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox
from PIL import Image

from ..picture import Face, Vectors
from ..scripts import MARK, is_joined, is_rtl
from .board import draw_artist, draw_line, drawing_rules
from .text import (
    HALO_ALPHA,
    HALO_WIDTH,
    QUILL,
    families_of,
    font_files,
    font_for,
    list_lines,
    measure_text,
    tracking_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.artist import Artist
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.transforms import BboxBase, Transform
    from numpy.typing import NDArray

    from ..model import Box
    from ..picture import TextRun, Underlay
    from ..sizes import Size
    from ..theme import Theme, TypeStyle
    from .layers import Layer

DOTS = 100  # to a pixel: points lie on them
CAPS = {"projecting": "square"}  # what SVG calls otherwise
STEPS = {1: ("m", 1), 2: ("l", 1), 3: ("q", 2), 4: ("c", 3), 79: ("z", 1)}  # by code of matplotlib, and their points
IMAGE_DOTS = 3.0  # pixels of an image to a pixel of the picture
MOST_IMAGE_BYTES, COARSEST = 550_000, 8  # of a picture of the ground; how many of its pixels become one
PLAIN = {"stroke_linecap": "butt", "stroke_linejoin": "miter"}  # what goes without saying


def write_layers(layers: Iterable[Layer], size: Size, *, outlines: bool = False) -> Vectors:
    """Return the vectors of layers, the hindmost first. `outlines` makes shapes of letters, which need no font."""
    board = VectorBoard(size.width_px, size.height_px, outlines=outlines)
    with drawing_rules():
        for layer in layers:
            board.enter(layer.name, layer.item)
            layer.add(board, *layer.parts)
    return board.finish()


class VectorBoard:
    """Takes artists and writes them as SVG at once; a line of text is a `<text>`, its halo another below it."""

    def __init__(self, width: int, height: int, *, outlines: bool = False) -> None:
        self._pen = _Pen(width, height)
        self._outlines = outlines
        self._to_display = Affine2D.from_values(1, 0, 0, -1, 0, height)
        self._height = height
        self._layer, self._item = "", ""
        self._faces: dict[tuple[str, bool], _Used] = {}

    def enter(self, layer: str, item: str = "") -> None:
        """Go on with a layer, and with something in it that has a name of its own."""
        if layer != self._layer:
            self._leave()
            self._layer = layer
            self._pen.add("<g", id=self._pen.name(layer))
        elif self._item:
            self._pen.lines.append("</g>")
        self._item = item
        if item:
            self._pen.add("<g", id=self._pen.name(f"{layer.removesuffix('s')}-{item}"))

    def _leave(self) -> None:
        self._pen.lines += ["</g>"] * (bool(self._layer) + bool(self._item))
        self._layer = self._item = ""

    def put(self, artist: Artist, clip: Box | None = None) -> None:
        """Write an artist now."""
        draw_artist(artist, self._pen, self._to_display, self.display(clip) if clip else None)

    def write(self, runs: Sequence[TextRun], theme: Theme) -> None:
        """Write lines of text, the halos of all below the letters of any."""
        if self._outlines:
            for text in list_lines(runs, theme):
                draw_line(text, self._pen, self._to_display)
            return
        for run in runs:
            if run.halo:
                self._write_line(run, theme.type[run.role], halo=True)
        for run in runs:
            self._write_line(run, theme.type[run.role])

    def _write_line(self, run: TextRun, style: TypeStyle, *, halo: bool = False) -> None:
        """Write a line or its halo. A line from right to left is tied to its right edge, where its reading begins."""
        text, rtl = run.text.replace(MARK, ""), is_rtl(run.text)
        italic = style.italic and not is_joined(text)
        self._use(text, style, italic)
        look = {"class": "halo", "aria-hidden": "true", "fill": "none", "stroke": run.halo, "stroke-linejoin": "round"}
        look |= {"stroke-width": _round(HALO_WIDTH * run.px), "stroke-opacity": f"{HALO_ALPHA:g}"}
        self._pen.add(
            "<text",
            x=_round(run.x + measure_text(run.text, run.px, style).width if rtl else run.x),
            y=_round(run.y),
            direction="rtl" if rtl else "",
            font_family=", ".join([*(f"'{name}'" for name in families_of(style)), "sans-serif"]),
            font_size=_round(run.px),
            font_weight=str(style.weight),
            font_style="italic" if italic else "",
            letter_spacing=_round(space) if (space := tracking_of(text, style) * run.px) else "",
            content=text,
            **(look if halo else {"fill": run.colour}),
        )

    def _use(self, text: str, style: TypeStyle, italic: bool) -> None:
        """Note which letters each file of fonts has to have: those that no file before it has."""
        rest = set(text)
        files = font_files(font_for(style.weight, style.italic, style.family))
        for (file, known), family in zip(files, families_of(style), strict=True):
            mine = {letter for letter in rest if ord(letter) in known}
            if mine:
                self._faces.setdefault((file, italic), _Used(family)).take(mine, style.weight)
            rest -= mine

    def lay(self, picture: Underlay, clip: Box) -> None:
        """Write a picture now, coarser where it would be too heavy."""
        pen: Any = self._pen.new_gc()
        pen.set_clip_rectangle(self.display(clip))
        self._pen.embed(picture, pen)

    def display(self, box: Box) -> BboxBase:
        """Return a box in pixels, y up."""
        return Bbox([[box.x0, self._height - box.y1], [box.x1, self._height - box.y0]])

    def finish(self) -> Vectors:
        """Return all that was written."""
        self._leave()
        faces = tuple(used.as_face(*key) for key, used in sorted(self._faces.items()))
        return Vectors("\n".join(self._pen.lines), "\n".join(self._pen.clips.values()), faces)


class _Used:
    """What of a file of fonts is used: its letters and the weights that it stands for."""

    def __init__(self, family: str) -> None:
        self._family = family
        self._letters: set[str] = set()
        self._weights: set[int] = set()

    def take(self, letters: set[str], weight: int) -> None:
        self._letters |= letters
        self._weights.add(weight)

    def as_face(self, file: str, italic: bool) -> Face:
        lightest, heaviest = min(self._weights), max(self._weights)
        return Face(file, self._family, (lightest, heaviest), italic, "".join(sorted(self._letters)))


class _Pen(RendererBase):
    """What artists draw with: it writes elements of SVG, y down."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._text2path = QUILL
        self._size = width, height
        self._flip = Affine2D.from_values(1, 0, 0, -1, 0, height)
        self._names: dict[str, int] = {}
        self._gid = ""
        self.lines: list[str] = []
        self.clips: dict[str, str] = {}

    def add(self, tag: str, *, content: str | None = None, **attributes: str) -> None:
        """Write an element: its tag, with "/" where nothing is in it, and those of its attributes that say anything."""
        words = "".join(
            f" {key.replace('_', '-')}={quoteattr(value)}" for key, value in attributes.items() if value != ""
        )
        end = "/>" if tag.endswith("/") else ">"
        text = "" if content is None else f"{escape(content)}</{tag[1:]}>"
        self.lines.append(f"{tag.removesuffix('/')}{words}{end}{text}")

    def name(self, wish: str) -> str:
        """Return a name that no other element has."""
        plain = re.sub(r"[^\w.-]+", "-", wish).strip("-")
        self._names[plain] = number = self._names.get(plain, 0) + 1
        return plain if number == 1 else self.name(f"{plain}-{number}")

    def open_group(self, s: str, gid: str | None = None) -> None:
        self._gid = gid or ""

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._size

    def get_image_magnification(self) -> float:
        return IMAGE_DOTS

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: ANN401, N803  # matplotlib's
    ) -> None:
        tag, shape = _shape(path, transform + self._flip)
        if tag:
            name, self._gid = self.name(self._gid) if self._gid else "", ""
            self.add(tag, id=name, **shape, **_fill(gc, rgbFace), **_stroke(gc), clip_path=self._clip(gc))

    def draw_image(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        im: Any,  # noqa: ANN401  # pixels (rows, columns, RGBA)
        transform: Any = None,  # noqa: ANN401  # matplotlib's
    ) -> None:
        high, wide = im.shape[:2]
        file = io.BytesIO()
        Image.fromarray(im[::-1]).save(file, "PNG", optimize=True)
        width, height = wide / IMAGE_DOTS, high / IMAGE_DOTS
        where = {"x": x, "y": self._size[1] - y - height, "width": width, "height": height}
        data = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
        self.add("<image/", **{key: _round(value) for key, value in where.items()}, href=data)

    def embed(self, picture: Underlay, gc: GraphicsContextBase) -> None:
        """Write a picture of few colours, in as many of its pixels as are light enough."""
        file = b""
        for step in range(1, COARSEST + 1):
            file = _encode_few(picture.numbers[::step, ::step], picture.colours)
            if len(file) <= MOST_IMAGE_BYTES:
                break
        box = picture.box
        where = {"x": box.x0, "y": box.y0, "width": box.width, "height": box.height}
        data = f"data:image/png;base64,{base64.b64encode(file).decode('ascii')}"
        sizes = {key: _round(value) for key, value in where.items()}
        self.add("<image/", **sizes, preserveAspectRatio="none", clip_path=self._clip(gc), href=data)

    def _clip(self, gc: GraphicsContextBase) -> str:
        """Return what cuts a path off; its name says the box, so that one document may hold several pictures."""
        box = gc.get_clip_rectangle()
        if box is None:
            return ""
        top, low = self._size[1] - box.y1, self._size[1] - box.y0
        edges = [_round(value) for value in (box.x0, top, box.x1, low)]
        name = "clip_" + "_".join(edges)
        x, y, width, height = edges[0], edges[1], _round(box.width), _round(box.height)
        rect = f'<rect x="{x}" y="{y}" width="{width}" height="{height}"/>'
        self.clips.setdefault(name, f'<clipPath id="{name}">{rect}</clipPath>')
        return f"url(#{name})"


def _encode_few(numbers: NDArray[np.uint8], colours: NDArray[np.uint8]) -> bytes:
    """Return a PNG of numbered colours."""
    file, image = io.BytesIO(), Image.fromarray(numbers, "P")
    image.putpalette(colours[:, :3].tobytes())
    image.save(file, "PNG", optimize=True, transparency=colours[:, 3].tobytes())
    return file.getvalue()


def _shape(path: Path, transform: Transform) -> tuple[str, dict[str, str]]:
    """Return the element that a path is, and its form; no element where there is nothing to draw."""
    if path is Path.unit_circle():  # what matplotlib draws all circles from
        matrix = transform.get_matrix()
        (x, y), radius = matrix[:2, 2], abs(matrix[0, 0])
        return "<circle/", {"cx": _round(x), "cy": _round(y), "r": _round(radius)}
    ink = path_data(path.transformed(transform))
    return ("<path/", {"d": ink}) if ink else ("", {})


def _fill(gc: GraphicsContextBase, face: Any) -> dict[str, str]:  # noqa: ANN401  # a colour, or None
    """Return how a path is filled."""
    if face is None or (len(face) > 3 and face[3] == 0):
        return {"fill": "none"}
    alpha = gc.get_alpha() if gc.get_forced_alpha() else face[3] if len(face) > 3 else 1.0
    return {"fill": to_hex(face), "fill_opacity": _alpha(alpha)}


def _stroke(gc: GraphicsContextBase) -> dict[str, str]:
    """Return how a path is stroked; nothing when it is not."""
    red, green, blue, alpha = gc.get_rgb()
    if not gc.get_linewidth() or not alpha:
        return {}
    dashes: Any = gc.get_dashes()[1]
    found = {
        "stroke": to_hex((red, green, blue)),
        "stroke_width": _round(gc.get_linewidth()),
        "stroke_opacity": _alpha(alpha),
        "stroke_dasharray": " ".join(map(_round, dashes)) if dashes is not None else "",
        "stroke_linecap": CAPS.get(gc.get_capstyle(), gc.get_capstyle()),
        "stroke_linejoin": gc.get_joinstyle(),
    }
    return {key: value for key, value in found.items() if value != PLAIN.get(key)}


def _alpha(alpha: float) -> str:
    return "" if alpha == 1 else f"{alpha:.3g}"


def _round(value: float) -> str:
    """Return a number of pixels to the hundredth."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# Paths


def path_data(path: Path) -> str:
    """Return a path as the `d` of SVG: steps from point to point on a grid of hundredths of a pixel."""
    points = np.rint(np.asarray(path.vertices, dtype=float) * DOTS).astype(int).tolist()
    codes: Any = path.codes
    kinds = [1] + [2] * (len(points) - 1) if codes is None else codes.tolist()
    found: list[str] = []
    here = start = [0, 0]
    last, turn = "", 0
    while turn < len(points):
        letter, number = STEPS[kinds[turn]]
        steps = [(x - here[0], y - here[1]) for x, y in points[turn : turn + number]]
        if letter == "z":
            here = start
        elif letter != "l" or any(steps[0]) or last == "m":  # a line of no length is a dot where its ends are round
            here = points[turn + number - 1]
        else:
            letter = ""
        if letter:
            numbers = "".join(_short(number) for step in steps for number in step) if letter != "z" else ""
            found.append(numbers if letter == last and letter != "m" else letter + numbers.lstrip())
            last = letter
        start = here if letter == "m" else start
        turn += number
    return "".join(found)


@lru_cache(maxsize=100_000)
def _short(dots: int) -> str:
    """Return so many dots in pixels, with a space before it where it would run into the number before."""
    size = f"{abs(dots) / DOTS:.2f}".rstrip("0").rstrip(".").removeprefix("0" if abs(dots) < DOTS else "") or "0"
    return f"-{size}" if dots < 0 else f" {size}"
