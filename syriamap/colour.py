"""How colours compare: contrast, distance, and both as people with a colour vision deficiency see them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coloraide import Color

VISIONS = ("normal", "protan", "deutan", "tritan")
_SHARES = (0.21263900587151036, 0.7151686787677559, 0.07219231536073371)  # of red, green and blue in luminance (sRGB)


@cache
def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours "#rrggbb", 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def luminance(colour: str) -> float:
    """Return the relative luminance of a colour "#rrggbb", 0 to 1 (WCAG 2.2)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return sum(share * _linear(value) for share, value in zip(_SHARES, channels, strict=True))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _read(colour: str) -> Color:
    from coloraide import Color  # takes a tenth of a second: only checks and tests of colour vision need it

    return Color(colour)


@cache
def lightness(colour: str) -> float:
    """Return the lightness of a colour "#rrggbb", 0 to 100 (CIE L*)."""
    return float(_read(colour).convert("lab-d65")["lightness"])


@cache
def seen_as(colour: str, vision: str) -> str:
    """Return a colour "#rrggbb" as one of VISIONS sees it, wholly deficient (Machado, Oliveira, Fernandes 2009)."""
    if vision == "normal":
        return colour
    return str(_read(colour).filter(vision, 1, method="machado").convert("srgb").fit().to_string(hex=True))


@cache
def distance(one: str, other: str, vision: str = "normal") -> float:
    """Return how far apart two colours "#rrggbb" look to one of VISIONS (CIEDE2000)."""
    return float(_read(seen_as(one, vision)).delta_e(_read(seen_as(other, vision)), method="2000"))


def least_distance(one: str, other: str) -> tuple[float, str]:
    """Return the smallest distance of two colours over all of VISIONS, and whose it is."""
    return min((distance(one, other, vision), vision) for vision in VISIONS)
