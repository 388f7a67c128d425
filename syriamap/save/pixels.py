"""Pixels to the bytes of a PNG, a WebP or a JPEG, within the weight that their size allows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, PngImagePlugin

from .palette import OPAQUE, Paletted, reduce_colours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from ..picture import Page

    Pixels = NDArray[np.uint8]

FAST, SMALL = 1, 9  # compression of PNG: more than the first makes these pictures slower to write and hardly smaller
QUALITIES = (95, 90, 85, 80, 75, 70, 60, 50, 40, 30)
EFFORT = 60  # of 100, for a WebP without loss
X_RESOLUTION, Y_RESOLUTION, UNIT, INCH = 0x011A, 0x011B, 0x0128, 2  # of Exif


def encode_png(pixels: Pixels, page: Page, *, flat: Iterable[str], packet: bytes) -> bytes:
    """Return pixels (rows, columns, RGBA) as a PNG of at most 256 colours, or of all where so few would show."""
    few = reduce_colours(pixels, flat)
    image, more = (_as_image(pixels), {}) if few is None else _as_paletted(few)
    words = PngImagePlugin.PngInfo()
    for key, text in (("Title", page.words.title), ("Description", page.words.alt), ("Source", page.words.sources)):
        words.add_itxt(key, text)
    if packet:
        words.add_itxt("XML:com.adobe.xmp", packet.decode("utf-8"))
    more |= {"pnginfo": words, "dpi": (page.size.dpi, page.size.dpi)}
    return _first_light((_save(image, "PNG", compress_level=level, **more) for level in (FAST, SMALL)), page)


def encode_webp(pixels: Pixels, page: Page, *, flat: Iterable[str], packet: bytes) -> bytes:
    """Return pixels as a WebP: without loss where that is light enough, else in few colours, else with loss."""
    return _first_light(_list_webps(pixels, page, flat, packet), page)


def _list_webps(pixels: Pixels, page: Page, flat: Iterable[str], packet: bytes) -> Iterator[bytes]:
    exif = Image.Exif()
    exif[X_RESOLUTION] = exif[Y_RESOLUTION] = float(page.size.dpi)
    exif[UNIT] = INCH
    common: dict[str, Any] = {"exif": exif, "method": 4} | ({"xmp": packet} if packet else {})
    image, whole = _as_image(pixels), {"lossless": True, "quality": EFFORT}
    yield _save(image, "WEBP", **whole, **common)
    if few := reduce_colours(pixels, flat):
        yield _save(_as_image(few.colours[few.numbers]), "WEBP", **whole, **common)
    for quality in QUALITIES:
        yield _save(image, "WEBP", quality=quality, **common)


def encode_jpeg(pixels: Pixels, page: Page, *, flat: Iterable[str], packet: bytes) -> bytes:
    """Return pixels as a JPEG with all its colours (4:4:4), as good as the weight allows."""
    image, dots = _as_image(pixels), (page.size.dpi, page.size.dpi)
    common: dict[str, Any] = {"dpi": dots, "subsampling": 0} | ({"xmp": packet} if packet else {})
    return _first_light((_save_jpeg(image, quality=quality, **common) for quality in QUALITIES), page)


def _save_jpeg(image: Image.Image, **options: Any) -> bytes:  # noqa: ANN401  # of Pillow
    """Return a JPEG that comes into view as it loads, which is a tenth lighter too."""
    try:
        return _save(image, "JPEG", optimize=True, progressive=True, **options)
    except OSError:  # what is mostly noise is more than Pillow holds at once
        return _save(image, "JPEG", **options)


def _first_light(ways: Iterable[bytes], page: Page) -> bytes:
    """Return the first file that is light enough for its size, or the last one; those after it are never made."""
    content = b""
    for content in ways:
        if not page.size.max_bytes or len(content) <= page.size.max_bytes:
            break
    return content


def _save(image: Image.Image, form: str, **options: Any) -> bytes:  # noqa: ANN401  # of Pillow
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def _as_image(pixels: Pixels) -> Image.Image:
    """Return pixels as an image, without alpha where all are opaque."""
    channels = 3 if (pixels[:, :, 3] == OPAQUE).all() else 4
    return Image.fromarray(np.ascontiguousarray(pixels[:, :, :channels]))


def _as_paletted(few: Paletted) -> tuple[Image.Image, dict[str, Any]]:
    """Return an image of few colours, and what its file has to say of their alpha."""
    image = Image.fromarray(few.numbers, "P")
    image.putpalette(few.colours[:, :3].tobytes())
    alpha = few.colours[:, 3]
    return image, {} if (alpha == OPAQUE).all() else {"transparency": alpha.tobytes()}
