"""Renew the pinned pictures, the few maps that the tests compare pixel by pixel. Look at each before you commit it.

python -m tools.pin

A pinned picture is the map at half its pixels, in 64 steps of each channel. It holds for the matplotlib of
constraints.txt, which draws it.
"""

from __future__ import annotations

import io
import re
import sys
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageOps

from syriamap.atlas import render_map
from syriamap.draw import ink_map
from tools.common import ROOT, write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from syriamap.atlas import Map

FOLDER = ROOT / "tests" / "pinned"
REDUCE = 2
BITS = 6  # of each channel that are kept, so that the files stay small: the repository carries every version
NEAR = 8  # of 255: a pixel whose channels all differ by no more than this is the same
MOST_FAR = 0.0002  # of the pixels; a small name that moves changes more (the test of that is beside the comparison)
MOST_MEAN = 0.2  # of 255
LEGIBLE = 4  # how much stronger the difference picture shows what differs


@dataclass(frozen=True, slots=True)
class Pin:
    """A map whose picture is pinned."""

    view: str
    size: str
    on: str
    theme: str

    def __str__(self) -> str:
        return f"{self.view}_{self.size}_{self.on}_{self.theme}"

    @property
    def path(self) -> Path:
        """Return where its picture lies."""
        return FOLDER / f"{self}.png"


PINS = (  # to pin another map or theme, change a row and run this script
    Pin("advance", "web", "2024-12-05", "light"),
    Pin("country", "web", "2024-12-08", "light"),
    Pin("advance", "portrait", "2024-12-05", "dark"),
    Pin("country", "print-1col", "2024-12-05", "print"),
)


def main() -> int:
    """Render and write every pinned picture, take away those that the table no longer names."""
    if not is_pinned_version():
        print(f"matplotlib {version('matplotlib')} is not that of constraints.txt; install it first", file=sys.stderr)
        return 1
    for pin in PINS:
        write_bytes(pin.path, _encode(draw_small(render_pin(pin))))
        print(f"{pin.path.relative_to(ROOT)}: {pin.path.stat().st_size / 1e3:.0f} kB")
    for stale in sorted(set(FOLDER.glob("*.png")) - {pin.path for pin in PINS}):
        stale.unlink()
        print(f"{stale.relative_to(ROOT)}: taken away")
    return 0


def is_pinned_version() -> bool:
    """Return whether the matplotlib at hand is the one that the pinned pictures were drawn with."""
    pinned = re.search(r"^matplotlib==(\S+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    return bool(pinned and pinned[1] == version("matplotlib"))


def render_pin(pin: Pin) -> Map:
    """Return the map of a pin."""
    return render_map(date.fromisoformat(pin.on), view=pin.view, size=pin.size, theme=pin.theme)


def draw_small(made: Map) -> Image.Image:
    """Return the picture of a map at half its pixels, each the mean of four, in fewer steps."""
    picture = Image.fromarray(ink_map(made.scene, made.theme).paint())
    return ImageOps.posterize(picture.convert("RGB").reduce(REDUCE), BITS)


def compare(pinned: Image.Image, drawn: Image.Image) -> str:
    """Return how far two pictures are apart when it is too far, "" when they are the same to the eye."""
    if pinned.size != drawn.size:
        return f"{drawn.size} px; expected {pinned.size}"
    apart = np.abs(np.asarray(pinned, dtype=int) - np.asarray(drawn, dtype=int))
    far, mean = float((apart.max(axis=2) > NEAR).mean()), float(apart.mean())
    if far <= MOST_FAR and mean < MOST_MEAN:
        return ""
    return f"{far:.4%} of the pixels differ, {mean:.3f} in the mean; expected {MOST_FAR:.4%} and {MOST_MEAN} at most"


def show_difference(pinned: Image.Image, drawn: Image.Image) -> Image.Image:
    """Return the pinned picture, the one drawn now and what differs, dark on white and stronger, side by side."""
    differing = ImageChops.difference(pinned, drawn.resize(pinned.size)).convert("L")
    dark = differing.point([255 - min(255, LEGIBLE * value) for value in range(256)]).convert("RGB")
    whole = Image.new("RGB", (2 * pinned.width + drawn.width, max(pinned.height, drawn.height)), "white")
    for x, picture in ((0, pinned), (pinned.width, drawn), (pinned.width + drawn.width, dark)):
        whole.paste(picture, (x, 0))
    return whole


def _encode(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
