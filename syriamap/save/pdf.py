"""A figure to the bytes of a PDF: text stays text, with its fonts."""

from __future__ import annotations

import io
import re
from functools import partial
from typing import TYPE_CHECKING, Any
from unicodedata import combining

import matplotlib as mpl

from ..scripts import list_codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure
    from pypdf import PdfWriter
    from pypdf.generic import IndirectObject

    from ..picture import Page

SETTINGS: Any = {
    "text.hinting": "no_hinting",
    "pdf.fonttype": 42,
    "path.simplify": False,
    "savefig.facecolor": "auto",
}
RANGE = re.compile(rb"<(\w{4})> <(\w{4})> \[(.*?)\]")
PROGRAM = "syriamap"
VERSION = "%PDF-1.4"  # the first with a language and a packet


def encode_pdf(figure: Figure, page: Page, packet: bytes) -> bytes:
    """Return a figure as a PDF as large on paper as the dots of the picture's size make it."""
    from matplotlib.backends.backend_pdf import FigureCanvasPdf

    file, words = io.BytesIO(), page.words
    told = {"Title": words.title, "Subject": words.alt, "Author": words.credit, "Creator": PROGRAM}
    with mpl.rc_context(SETTINGS):
        FigureCanvasPdf(figure).print_pdf(file, metadata={**told, "CreationDate": None})
    return _complete(file, page, packet)


def _complete(file: io.BytesIO, page: Page, packet: bytes) -> bytes:
    """Return a PDF with what matplotlib does not write: the language, the size on paper and an XMP packet."""
    from pypdf import PdfWriter  # a seventh of a second that pictures of pixels do without
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=file)
    writer.pdf_header = VERSION
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(list_codes(page.lang)[0])
    shown = {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    root[NameObject("/ViewerPreferences")] = DictionaryObject(shown)
    if packet:  # as it is, so that programs that do not read PDF find it too
        root[NameObject("/Metadata")] = _add_stream(writer, packet, {"/Type": "/Metadata", "/Subtype": "/XML"})
    _scale(writer, page)
    _tell_once(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _scale(writer: PdfWriter, page: Page) -> None:
    """Make the only page as large as its size in dots; what is drawn stays as it is, between two more streams."""
    from pypdf.generic import ArrayObject, NameObject, RectangleObject

    sheet, scale = writer.pages[0], 72 / page.size.dpi
    whole = (0, 0, scale * page.size.width_px, scale * page.size.height_px)
    sheet[NameObject("/MediaBox")] = RectangleObject(tuple(round(side, 3) for side in whole))
    before, after = (_add_stream(writer, text) for text in (b"q %.6f 0 0 %.6f 0 0 cm\n" % (scale, scale), b"\nQ"))
    sheet[NameObject("/Contents")] = ArrayObject([before, sheet.raw_get("/Contents"), after])


def _tell_once(writer: PdfWriter) -> None:
    """Make every joined letter read once: its dots are signs of their own, and matplotlib calls each by the letter.

    Such signs have no width; in the table from signs to letters they become nothing. Real marks over letters stay.
    """
    fonts: Any = writer.pages[0]["/Resources"]
    for font in fonts.get("/Font", {}).values():
        if "/ToUnicode" in font and "/DescendantFonts" in font:
            widths = _read_widths(font["/DescendantFonts"][0]["/W"])
            table = font["/ToUnicode"]
            table.set_data(RANGE.sub(partial(_mend_range, widths), table.get_data()))


def _mend_range(widths: Mapping[int, float], found: re.Match[bytes]) -> bytes:
    """Return the letters of some signs in a row, none for those that only complete another."""
    first, letters = int(found[1], 16), re.findall(rb"<(\w*)>", found[3])
    told = [
        letter if widths.get(code, 1.0) or combining(chr(int(letter[:4], 16))) else b""
        for code, letter in enumerate(letters, start=first)
    ]
    return b"<%s> <%s> [%s]" % (found[1], found[2], b" ".join(b"<%s>" % letter for letter in told))


def _read_widths(table: Sequence[Any]) -> dict[int, float]:
    """Return the width of every sign: the table says a code and then the widths from that one on."""
    found: dict[int, float] = {}
    for code, widths in zip(table[::2], table[1::2], strict=True):
        found |= {int(code) + turn: float(width) for turn, width in enumerate(widths)}
    return found


def _add_stream(writer: PdfWriter, content: bytes, kind: Mapping[str, str] | None = None) -> IndirectObject:
    from pypdf.generic import DecodedStreamObject, NameObject

    stream = DecodedStreamObject()
    stream.set_data(content)
    stream.update({NameObject(key): NameObject(name) for key, name in (kind or {}).items()})
    return writer._add_object(stream)  # the only way there is
