"""Vectors to the bytes of an SVG that needs nothing else: it brings its words, its fonts and its origin."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ..scripts import list_codes
from .fonts import embed_font

if TYPE_CHECKING:
    from ..picture import Page, Vectors

RULES = (
    "text{white-space:pre;font-synthesis:none}",
    ".halo{pointer-events:none;-webkit-user-select:none;user-select:none}",
)


def encode_svg(drawn: Vectors, page: Page, packet: bytes) -> bytes:
    """Return a picture as an SVG: title and description first, which readers of screens tell, then a group a layer."""
    width, height, lang = page.size.width_px, page.size.height_px, quoteattr(list_codes(page.lang)[0])
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" aria-labelledby="picture-title picture-desc" lang={lang} xml:lang={lang}>',
        f'<title id="picture-title">{escape(page.words.title)}</title>',
        f'<desc id="picture-desc">{escape(page.words.alt)}</desc>',
        f"<metadata>{packet.decode('utf-8')}</metadata>" if packet else "",
        "<style>",
        *(embed_font(face) for face in drawn.faces),
        *RULES,
        "</style>",
        f"<defs>{drawn.clips}</defs>",
        drawn.ink,
        "</svg>\n",
    ]
    return "\n".join(part for part in parts if part).encode("utf-8")
