"""A picture in any of its five forms, the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..errors import OutputError, UnknownNameError
from .pdf import encode_pdf
from .pixels import encode_jpeg, encode_png, encode_webp
from .svg import encode_svg

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..picture import Page, Vectors

ENCODERS = {"png": encode_png, "webp": encode_webp, "jpg": encode_jpeg, "jpeg": encode_jpeg}
FORMATS = ("png", "svg", "pdf", "webp", "jpg", "jpeg")
OPAQUE_FORMATS = ("jpg", "jpeg")


class Ink(Protocol):
    """What a picture is encoded from: it is drawn in the way that the form wants."""

    @property
    def flat(self) -> tuple[str, ...]:
        """Return the colours that areas, lines and swatches can have."""
        ...

    def paint(self, *, transparent: bool = False) -> NDArray[np.uint8]:
        """Return the pixels: rows, columns, RGBA."""
        ...

    def draw(self, *, transparent: bool = False) -> Figure:
        """Return the figure."""
        ...

    def write(self, *, transparent: bool = False, outlines: bool = False) -> Vectors:
        """Return the vectors."""
        ...


def check_form(form: str, *, transparent: bool = False) -> str:
    """Return a form. Raises UnknownNameError for one nobody knows, OutputError for one that cannot be transparent."""
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    if transparent and form in OPAQUE_FORMATS:
        raise OutputError(f"a .{form} has no transparency; expected .png, .webp, .svg or .pdf")
    return form


def encode_picture(
    ink: Ink,
    page: Page,
    form: str,
    *,
    packet: bytes = b"",
    transparent: bool = False,
    outlines: bool = False,
) -> bytes:
    """Return a picture as a file of a form, one of FORMATS; `packet` is an XMP packet that it carries.

    `transparent` leaves the page out; `outlines` makes shapes of the letters of an SVG, which then needs no fonts.
    Raises what `check_form` raises.
    """
    check_form(form, transparent=transparent)
    if form == "svg":
        return encode_svg(ink.write(transparent=transparent, outlines=outlines), page, packet)
    if form == "pdf":
        return encode_pdf(ink.draw(transparent=transparent), page, packet)
    return ENCODERS[form](ink.paint(transparent=transparent), page, flat=ink.flat, packet=packet)
