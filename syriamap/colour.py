"""How colours compare: contrast, distance, and both as people with a colour vision deficiency see them.

The formulas that every map needs are written out: the library that knows all others takes a tenth of a second to load.
"""

from __future__ import annotations

from functools import cache
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import TYPE_CHECKING

from .catalog import data_file, describe_input
from .prepared import make_key, read_prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .prepared import Key

VISIONS = ("normal", "protan", "deutan", "tritan")
_TO_XYZ = (  # from linear sRGB; the second row are the shares in luminance
    (0.41239079926595934, 0.357584339383878, 0.1804807884018343),
    (0.21263900587151027, 0.715168678767756, 0.07219231536073371),
    (0.01933081871559182, 0.11919477979462598, 0.9505321522496607),
)
_WHITE = (0.3127 / 0.3290, 1.0, (1 - 0.3127 - 0.3290) / 0.3290)  # D65


@cache
def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours "#rrggbb", 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def luminance(colour: str) -> float:
    """Return the relative luminance of a colour "#rrggbb", 0 to 1 (WCAG 2.2)."""
    return sum(share * value for share, value in zip(_TO_XYZ[1], _channels(colour), strict=True))


def _channels(colour: str) -> tuple[float, float, float]:
    """Return linear red, green and blue, 0 to 1."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


@cache
def lightness(colour: str) -> float:
    """Return the lightness of a colour "#rrggbb", 0 to 100 (CIE L*)."""
    return _lab(colour)[0]


@cache
def seen_as(colour: str, vision: str) -> str:
    """Return a colour "#rrggbb" as one of VISIONS sees it, wholly deficient (Machado, Oliveira, Fernandes 2009)."""
    known = _read_seen().get(colour.lower(), {})
    return colour if vision == "normal" else known.get(vision) or compute_seen(colour, vision)


def compute_seen(colour: str, vision: str) -> str:
    """Return the same from the library."""
    from coloraide import Color

    return str(Color(colour).filter(vision, 1, method="machado").convert("srgb").fit().to_string(hex=True))


@cache
def _read_seen() -> Mapping[str, Mapping[str, str]]:
    """Return the colours of our themes as each vision sees them, computed beforehand; nothing when that is stale."""
    ready = read_prepared("colours", key_colours())
    rows = [] if ready is None else ready.frame("seen").to_dict("records")
    return {row["normal"]: row for row in rows}


def key_colours() -> Key:
    """Return all that the colours of our themes are computed from."""
    return make_key(map(describe_input, sorted(data_file("themes").glob("*.toml"))))


@cache
def distance(one: str, other: str, vision: str = "normal") -> float:
    """Return how far apart two colours "#rrggbb" look to one of VISIONS (CIEDE2000)."""
    return _ciede2000(_lab(seen_as(one, vision)), _lab(seen_as(other, vision)))


@cache
def _lab(colour: str) -> tuple[float, float, float]:
    """Return a colour in CIE L*a*b* under D65."""
    red, green, blue = _channels(colour)
    x, y, z = (r * red + g * green + b * blue for r, g, b in _TO_XYZ)
    fx, fy, fz = (_cube_root(value / white) for value, white in zip((x, y, z), _WHITE, strict=True))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _cube_root(share: float) -> float:
    return share ** (1 / 3) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116


def _ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Return the difference of two colours as Sharma, Wu and Dalal (2005) write it out."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma7 = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    grey = 1.5 - 0.5 * sqrt(chroma7 / (chroma7 + 25**7))
    c1, c2 = hypot(grey * a1, b1), hypot(grey * a2, b2)
    h1, h2 = degrees(atan2(b1, grey * a1)) % 360, degrees(atan2(b2, grey * a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    turn = 180.0 if turn == -180 and h2 > h1 else turn
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = h1 + h2 if c1 * c2 == 0 else ((h1 + h2) / 2 + (180 if abs(h1 - h2) > 180 else 0)) % 360
    waves = ((0.17, 1, 30), (-0.24, 2, 0), (-0.32, 3, -6), (0.20, 4, 63))
    tint = 1 - sum(size * cos(radians(times * mean_h - at)) for size, times, at in waves)
    apart_l = (l2 - l1) / (1 + 0.015 * (mean_l - 50) ** 2 / sqrt(20 + (mean_l - 50) ** 2))
    apart_c = (c2 - c1) / (1 + 0.045 * mean_c)
    apart_h = 2 * sqrt(c1 * c2) * sin(radians(turn) / 2) / (1 + 0.015 * mean_c * tint)
    bend = -2 * sqrt(mean_c**7 / (mean_c**7 + 25**7)) * sin(radians(60 * exp(-(((mean_h - 275) / 25) ** 2))))
    return sqrt(apart_l**2 + apart_c**2 + apart_h**2 + bend * apart_c * apart_h)


def least_distance(one: str, other: str) -> tuple[float, str]:
    """Return the smallest distance of two colours over all of VISIONS, and whose it is."""
    return min((distance(one, other, vision), vision) for vision in VISIONS)
