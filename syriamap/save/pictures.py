"""A figure to the bytes of a PNG, an SVG or a PDF, the same ones every time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from PIL import Image, PngImagePlugin

from ..errors import UnknownNameError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..picture import Page

FORMATS = ("png", "svg", "pdf")
COMPRESSION = 6


def encode_picture(figure: Figure, scene: Page, form: str) -> bytes:
    """Return the picture as a file of the form "png", "svg" or "pdf". Raises UnknownNameError for another one."""
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    settings: Any = {
        "text.hinting": "no_hinting",
        "svg.hashsalt": "syriamap",
        "svg.fonttype": "path",
        "pdf.fonttype": 42,
        "path.simplify": False,
        "savefig.facecolor": "auto",
    }
    with mpl.rc_context(settings):
        return ENCODERS[form](figure, scene)


def _encode_png(figure: Figure, scene: Page) -> bytes:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    words = PngImagePlugin.PngInfo()
    for key, text in (("Title", scene.words.title), ("Description", scene.words.alt), ("Source", scene.words.sources)):
        words.add_itxt(key, text)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=words, dpi=(scene.size.dpi, scene.size.dpi), compress_level=COMPRESSION)
    return file.getvalue()


def _encode_svg(figure: Figure, scene: Page) -> bytes:
    file = io.StringIO()
    metadata = {"Date": None, "Title": scene.words.title, "Description": scene.words.alt, "Creator": "syriamap"}
    FigureCanvasSVG(figure).print_svg(file, metadata=metadata)
    width, height = scene.size.width_px, scene.size.height_px
    text = file.getvalue().replace(f'width="{width}pt" height="{height}pt"', f'width="{width}" height="{height}"', 1)
    return text.encode("utf-8")


def _encode_pdf(figure: Figure, scene: Page) -> bytes:
    file = io.BytesIO()
    words = {"Title": scene.words.title, "Subject": scene.words.alt, "Creator": "syriamap", "CreationDate": None}
    FigureCanvasPdf(figure).print_pdf(file, metadata=words)
    return file.getvalue()


ENCODERS = {"png": _encode_png, "svg": _encode_svg, "pdf": _encode_pdf}
