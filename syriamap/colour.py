"""How colours compare: contrast, distance, and both as people with a colour vision deficiency see them."""

from __future__ import annotations

from functools import cache

from coloraide import Color

VISIONS = ("normal", "protan", "deutan", "tritan")


@cache
def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours "#rrggbb", 1 to 21 (WCAG 2.2)."""
    return float(Color(one).contrast(Color(other)))


@cache
def luminance(colour: str) -> float:
    """Return the relative luminance of a colour "#rrggbb", 0 to 1 (WCAG 2.2)."""
    return float(Color(colour).luminance())


@cache
def lightness(colour: str) -> float:
    """Return the lightness of a colour "#rrggbb", 0 to 100 (CIE L*)."""
    return float(Color(colour).convert("lab-d65")["lightness"])


@cache
def seen_as(colour: str, vision: str) -> str:
    """Return a colour "#rrggbb" as one of VISIONS sees it, wholly deficient (Machado, Oliveira, Fernandes 2009)."""
    if vision == "normal":
        return colour
    return str(Color(colour).filter(vision, 1, method="machado").convert("srgb").fit().to_string(hex=True))


@cache
def distance(one: str, other: str, vision: str = "normal") -> float:
    """Return how far apart two colours "#rrggbb" look to one of VISIONS (CIEDE2000)."""
    return float(Color(seen_as(one, vision)).delta_e(Color(seen_as(other, vision)), method="2000"))


def least_distance(one: str, other: str) -> tuple[float, str]:
    """Return the smallest distance of two colours over all of VISIONS, and whose it is."""
    return min((distance(one, other, vision), vision) for vision in VISIONS)
