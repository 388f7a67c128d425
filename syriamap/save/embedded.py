"""Find the XMP packet inside a picture of any of our formats."""

from __future__ import annotations

import io
import re
import struct
import warnings
import xml.etree.ElementTree as ET
import zlib
from typing import TYPE_CHECKING, Any

from PIL import Image

from ..errors import PictureError
from ..limits import PICTURE_BYTES, PICTURE_PIXELS, weigh
from .packet import META, RDF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PNG_KEY = "XML:com.adobe.xmp"
SVG = "http://www.w3.org/2000/svg"
KNOWN = "PNG, JPEG, WebP, GIF, SVG and PDF"
SMALLER = "is it another picture than you meant?"
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)  # what readers of pictures raise


def check_size(path: Path) -> None:
    """Raise PictureError for a picture of more bytes or pixels than are unpacked; nothing is said of what is none."""
    if said := weigh(path, PICTURE_BYTES):
        raise PictureError(f"{path} {said}; expected one of {KNOWN}")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)  # its bound lies above ours
        try:
            with Image.open(path) as image:
                pixels = image.width * image.height
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            pixels = int(next(iter(re.findall(r"\d+", str(error))), PICTURE_PIXELS + 1))  # the first is its size
        except _BROKEN:  # told by whoever reads it
            return
    if pixels > PICTURE_PIXELS:
        raise PictureError(f"{path} has {pixels:,} px in all; expected {PICTURE_PIXELS:,} at most; {SMALLER}")


def find_packet(path: Path) -> bytes:
    """Return the XMP packet inside a picture, b"" where there is none.

    Raises PictureError for a file that is damaged, cut short, too large or no picture.
    """
    check_size(path)
    content = path.read_bytes()
    return _choose(content, path)(content, path)


def _choose(content: bytes, path: Path) -> Callable[[bytes, Path], bytes]:
    """Return what reads a file, by its first bytes: a name may lie."""
    if content.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF", b"GIF8")):
        return _find_in_pixels
    if content.startswith(b"%PDF"):
        return _find_in_pdf
    if b"<svg" in content[:4096]:
        return _find_in_svg
    found = "is empty" if not content else f"begins with {content[:8]!r}"
    raise PictureError(f"{path} is no picture that can be read: it {found}; expected one of {KNOWN}")


def _find_in_pixels(content: bytes, path: Path) -> bytes:
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            packet: str | bytes = image.info.get("xmp") or image.info.get(PNG_KEY) or b""
    except _BROKEN as error:
        raise PictureError(_damaged(path, error)) from None
    return packet.encode("utf-8") if isinstance(packet, str) else bytes(packet).rstrip(b"\0")


def _find_in_svg(content: bytes, path: Path) -> bytes:
    root = read_svg(content, path)
    for tag in (f"{{{META}}}xmpmeta", f"{{{RDF}}}RDF"):
        if (found := next(root.iter(tag), None)) is not None:
            return bytes(ET.tostring(found, encoding="utf-8"))
    return b""


def read_svg(content: bytes, path: Path) -> ET.Element:
    """Return the root of an SVG. Raises PictureError when it is no whole XML."""
    try:
        return ET.fromstring(content)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise PictureError(_damaged(path, error)) from None


def _find_in_pdf(content: bytes, path: Path) -> bytes:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        metadata: Any = PdfReader(io.BytesIO(content)).root_object.get("/Metadata")
        return b"" if metadata is None else bytes(metadata.get_object().get_data())
    except (PyPdfError, AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise PictureError(_damaged(path, error)) from None


def _damaged(path: Path, error: Exception) -> str:
    return f"{path} is damaged or cut short ({error}); expected a whole picture: copy it again or render it again"
