"""Pixels to the bytes of a PNG, a figure to those of an SVG or a PDF, the same ones every time."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from PIL import Image, PngImagePlugin

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..picture import Page

FORMATS = ("png", "svg", "pdf")
COMPRESSION = 1  # of PNG: more makes these pictures slower to write and hardly smaller


def encode_pixels(pixels: NDArray[np.uint8], scene: Page, *, packet: bytes = b"") -> bytes:
    """Return a picture's pixels (rows, columns, RGBA, all opaque) as a PNG with an XMP packet."""
    image = Image.fromarray(np.ascontiguousarray(pixels[:, :, :3]))
    words = PngImagePlugin.PngInfo()
    for key, text in (("Title", scene.words.title), ("Description", scene.words.alt), ("Source", scene.words.sources)):
        words.add_itxt(key, text)
    if packet:
        words.add_itxt("XML:com.adobe.xmp", packet.decode("utf-8"))
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=words, dpi=(scene.size.dpi, scene.size.dpi), compress_level=COMPRESSION)
    return file.getvalue()


def encode_figure(figure: Figure, scene: Page, form: str, *, packet: bytes = b"") -> bytes:
    """Return a figure as a file of the form "svg" or "pdf", an SVG with an XMP packet."""
    settings: Any = {
        "text.hinting": "no_hinting",
        "svg.hashsalt": "syriamap",
        "svg.fonttype": "path",
        "pdf.fonttype": 42,
        "path.simplify": False,
        "savefig.facecolor": "auto",
    }
    with mpl.rc_context(settings):
        content = ENCODERS[form](figure, scene)
    if packet and form == "svg":
        metadata = b"<metadata>" + packet + b"</metadata>"
        content = re.sub(rb"<metadata>.*?</metadata>", lambda _: metadata, content, count=1, flags=re.DOTALL)
    return content


def _encode_svg(figure: Figure, scene: Page) -> bytes:
    file = io.StringIO()
    metadata = {"Date": None, "Title": scene.words.title, "Description": scene.words.alt, "Creator": "syriamap"}
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    FigureCanvasSVG(figure).print_svg(file, metadata=metadata)
    width, height = scene.size.width_px, scene.size.height_px
    text = file.getvalue().replace(f'width="{width}pt" height="{height}pt"', f'width="{width}" height="{height}"', 1)
    return text.encode("utf-8")


def _encode_pdf(figure: Figure, scene: Page) -> bytes:
    from matplotlib.backends.backend_pdf import FigureCanvasPdf

    file = io.BytesIO()
    words = {"Title": scene.words.title, "Subject": scene.words.alt, "Creator": "syriamap", "CreationDate": None}
    FigureCanvasPdf(figure).print_pdf(file, metadata=words)
    return file.getvalue()


ENCODERS = {"svg": _encode_svg, "pdf": _encode_pdf}
