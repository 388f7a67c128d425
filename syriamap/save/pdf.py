"""A figure to the bytes of a PDF: text stays text, with its fonts."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    root[NameObject("/Lang")] = TextStringObject(page.lang)
    shown = {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    root[NameObject("/ViewerPreferences")] = DictionaryObject(shown)
    if packet:  # as it is, so that programs that do not read PDF find it too
        root[NameObject("/Metadata")] = _add_stream(writer, packet, {"/Type": "/Metadata", "/Subtype": "/XML"})
    _scale(writer, page)
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


def _add_stream(writer: PdfWriter, content: bytes, kind: Mapping[str, str] | None = None) -> IndirectObject:
    from pypdf.generic import DecodedStreamObject, NameObject

    stream = DecodedStreamObject()
    stream.set_data(content)
    stream.update({NameObject(key): NameObject(name) for key, name in (kind or {}).items()})
    return writer._add_object(stream)  # the only way there is
