"""Check 24: whether the written picture has its pixels, its dots to the inch, and a weight that can be sent."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image

from ..errors import SyriaMapError
from ..sizes import SVG_MAX_KB, get_size
from .verdicts import Answer, not_applicable, weigh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..save.contract import Sidecar

DPI_APART = 0.5
POINTS = 72  # to the inch
X_RESOLUTION, Y_RESOLUTION = 0x011A, 0x011B  # of Exif


class Measured(NamedTuple):
    """What a file says of itself: pixels, and dots to the inch where its form has them."""

    size: tuple[float, float]
    dpi: tuple[float, float] | None = None


def check_file(said: Sidecar, picture: Path | None) -> Answer:
    """The picture has the pixels of its size, its dots to the inch (300 in print), and is light enough for its use.

    A web picture has 300 kB at most, one for networks 1 MB, an SVG 1.5 MB (CARTOGRAPHY, check 24; our judgement).
    """
    if picture is None:
        return not_applicable("the picture is not there")
    form, weight = picture.suffix.removeprefix(".").casefold(), picture.stat().st_size
    if form not in MEASURES:
        return not_applicable(f"nothing is known of .{form} files")
    try:
        found = MEASURES[form](picture, said)
    except (OSError, ValueError, SyntaxError) as error:
        return weigh(
            "not read", [f"{picture.name} cannot be read ({error}); expected a whole picture; render it again"]
        )
    most = _most_bytes(said, form)
    faults = [*_check_size(found, said), *_check_dpi(found, said)]
    if most and weight > most:
        faults.append(f"{weight / 1000:.0f} kB; expected {most / 1000:.0f} at most; choose another format or size")
    dots = f", {found.dpi[0]:.1f} dpi" if found.dpi else ""
    limit = f" of {most / 1000:.0f}" if most else ""
    return weigh(f"{found.size[0]:g} x {found.size[1]:g} px{dots}, {weight / 1000:.0f} kB{limit}", faults)


def _most_bytes(said: Sidecar, form: str) -> int:
    """Return how heavy a picture may be, 0 for no limit."""
    if form == "svg":
        return 1000 * SVG_MAX_KB
    try:
        return 0 if form == "pdf" else get_size(said["size"]).max_bytes
    except SyriaMapError:  # a size of another version
        return 0


def _check_size(found: Measured, said: Sidecar) -> Iterator[str]:
    if any(abs(one - other) > DPI_APART for one, other in zip(found.size, said["size_px"], strict=True)):
        size, expected = ("{:g} x {:g}".format(*pixels) for pixels in (found.size, said["size_px"]))
        yield f"{size} px; expected {expected}; do not scale the picture, render it in the size that is needed"


def _check_dpi(found: Measured, said: Sidecar) -> Iterator[str]:
    if found.dpi and any(abs(dots - said["dpi"]) > DPI_APART for dots in found.dpi):
        dots = " x ".join(f"{one:.1f}" for one in found.dpi)
        yield f"{dots} dpi; expected {said['dpi']} +- {DPI_APART}; render the picture again"


# What the forms say


def _measure_pixels(picture: Path, said: Sidecar, *, forms: tuple[str, ...]) -> Measured:
    with Image.open(picture, formats=forms) as image:
        image.load()
        dpi = image.info.get("dpi")
        if dpi is None and (exif := image.getexif()):
            dpi = exif.get(X_RESOLUTION), exif.get(Y_RESOLUTION)
        across, down = dpi or (0, 0)
        return Measured(image.size, (float(across or 0), float(down or 0)))


def _measure_svg(picture: Path, said: Sidecar) -> Measured:
    """Return the size that the first element states; width, height and viewBox have to agree."""
    import xml.etree.ElementTree as ET

    root = ET.fromstring(picture.read_bytes())
    stated = [re.fullmatch(r"([\d.]+)(px)?", root.get(side, "")) for side in ("width", "height")]
    box = root.get("viewBox", "").split()
    if None in stated or len(box) != 4:
        raise ValueError("its width, height or viewBox is missing or not in px")
    size = (float(stated[0][1]), float(stated[1][1]))  # type: ignore[index]
    if [float(edge) for edge in box] != [0, 0, *size]:
        raise ValueError(f"its viewBox is {' '.join(box)}, its size {size[0]:g} x {size[1]:g}")
    return Measured(size)


def _measure_pdf(picture: Path, said: Sidecar) -> Measured:
    """Return the size of the only page in dots; how many an inch has follows from how large it is on paper."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = PdfReader(picture).pages
        box, number = pages[0].mediabox, len(pages)
    except (PyPdfError, IndexError) as error:
        raise ValueError(str(error)) from error
    if number != 1:
        raise ValueError(f"it has {number} pages")
    sides = (float(box.width), float(box.height))
    dpi = [pixels * POINTS / side for pixels, side in zip(said["size_px"], sides, strict=True)]
    return Measured(tuple(side * said["dpi"] / POINTS for side in sides), (dpi[0], dpi[1]))  # type: ignore[arg-type]


MEASURES: dict[str, Any] = {
    "png": partial(_measure_pixels, forms=("PNG",)),
    "webp": partial(_measure_pixels, forms=("WEBP",)),
    "jpg": partial(_measure_pixels, forms=("JPEG",)),
    "jpeg": partial(_measure_pixels, forms=("JPEG",)),
    "svg": _measure_svg,
    "pdf": _measure_pdf,
}
