"""How large a picture is: the named sizes of data/sizes.toml and any WIDTHxHEIGHT."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .catalog import data_file
from .errors import SizeError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

REFERENCE_PX = math.sqrt(1080 * 1350)  # a picture of this area has one pixel to the unit
SHORTEST_PX, LONGEST_PX, SLIMMEST = 300, 8000, 2.4  # of a free size: its sides, and the longer over the shorter
WIDE = 1.5  # from this width over height on, the words stand in a column at the left
SMALL_PX = 640  # the narrowest width at which readers are thought to see a picture of a free size
COMMON_TEXT = 20.0  # units: the smallest text in most sizes
TINY_FROM = 30.0  # units
SVG_MAX_KB = 1500  # whatever the size: vectors do not grow with it
BRIEF_FROM = 22.0  # units: where the smallest text is larger than this, there is room for the short notes only


@dataclass(frozen=True, slots=True)
class Size:
    """A format in pixels with the rules of its use.

    `css_width` is the width at which readers see the picture; `layout` where the furniture stands ("column", "left" or
    "stack"); `safe` what may be cut off at the left, top, right and bottom: no word stands there; `max_kb` how heavy a
    picture of pixels may be where it is sent to readers, 0 for no limit.
    """

    name: str
    width_px: int
    height_px: int
    css_width: int
    dpi: int
    layout: str
    title: str = ""
    safe: tuple[float, float, float, float] = (0, 0, 0, 0)
    max_kb: int = 0

    @property
    def max_bytes(self) -> int:
        """Return how heavy a picture of pixels may be, 0 for no limit."""
        return 1000 * self.max_kb

    @property
    def unit(self) -> float:
        """Return how many pixels one unit of the type and line scales has in this picture."""
        left, top, right, bottom = self.safe
        return math.sqrt((self.width_px - left - right) * (self.height_px - top - bottom)) / REFERENCE_PX

    @property
    def min_px(self) -> float:
        """Return the smallest text allowed: 12 css pixels at the width at which readers see the picture."""
        return 12 * self.width_px / self.css_width

    @property
    def sign_unit(self) -> float:
        """Return the unit of the signs: where text is large for its picture, signs grow with it, half as fast."""
        return self.unit * math.sqrt(max(self.min_px / self.unit / COMMON_TEXT, 1.0))

    @property
    def tiny(self) -> bool:
        """Return whether there is room for the most necessary words only."""
        return self.min_px / self.unit > TINY_FROM

    @property
    def brief(self) -> bool:
        """Return whether the words around the map are kept short."""
        return self.layout == "left" or self.min_px / self.unit > BRIEF_FROM


def get_size(name: str) -> Size:
    """Return a size by name or by its pixels, such as "1200x675".

    Raises UnknownNameError with the nearest right names, SizeError for pixels out of bounds.
    """
    table = _read_sizes()
    if name in table:
        return table[name]
    if pixels := re.fullmatch(r"(\d+)\s*[xX×]\s*(\d+)", name.strip()):
        return _free_size(int(pixels[1]), int(pixels[2]))
    raise UnknownNameError("size", name, [*table, "WIDTHxHEIGHT"])


def _free_size(width: int, height: int) -> Size:
    short, long = sorted((width, height))
    if short < SHORTEST_PX or long > LONGEST_PX or long > SLIMMEST * short:
        raise SizeError(
            f"size {width}x{height} is out of bounds; expected sides of {SHORTEST_PX} to {LONGEST_PX} px, the longer at"
            f" most {SLIMMEST} times the shorter, such as 1200x675"
        )
    layout = "stack" if height >= width else "left" if width >= WIDE * height else "column"
    css = min(width, max(SMALL_PX, width // 2))
    return Size(f"{width}x{height}", width, height, css, 96, layout)


@cache
def _read_sizes() -> Mapping[str, Size]:
    table: dict[str, Any] = tomllib.loads(data_file("sizes.toml").read_text("utf-8"))
    found = {}
    for name, entry in table.items():
        left, top, right, bottom = entry.pop("safe", (0, 0, 0, 0))
        found[name] = Size(name=name, safe=(left, top, right, bottom), **entry)
    return MappingProxyType(found)
