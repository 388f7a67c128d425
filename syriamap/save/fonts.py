"""Fonts for a picture that carries its own: the letters it needs, no more."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..picture import Face


@lru_cache(maxsize=64)
def embed_font(face: Face) -> str:
    """Return a rule of CSS that holds a font. Letters join, stack and are spaced as in the whole one."""
    lightest, heaviest = face.weights
    weight = str(lightest) if lightest == heaviest else f"{lightest} {heaviest}"
    data = base64.b64encode(_subset(face.file, face.letters)).decode("ascii")
    return (
        f"@font-face{{font-family:'{face.family}';font-weight:{weight};"
        f"font-style:{'italic' if face.italic else 'normal'};"
        f"src:url(data:font/woff;base64,{data}) format('woff')}}"
    )


@lru_cache(maxsize=64)
def _subset(file: str, letters: str) -> bytes:
    """Return a font of some letters as WOFF, without the hints that no browser uses at these sizes."""
    from fontTools import subset  # a tenth of a second that pictures of pixels do without

    options = subset.Options(hinting=False, flavor="woff", drop_tables=["DSIG", "STAT", "MATH"])
    options.layout_features.append("mset")  # marks of Arabic in older fonts; the others are kept by themselves
    written = io.BytesIO()
    with subset.load_font(file, options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=letters)
        subsetter.subset(font)
        subset.save_font(font, written, options)
    return written.getvalue()
