"""What the script of a text asks for: which way a line runs, and whether its letters join."""

from __future__ import annotations

import unicodedata

MARK = "\u200f"  # makes a line run from right to left whatever its first letter; no ink
STRONG = {"L": False, "R": True, "AL": True}  # classes of letters that set the way of a line (Unicode annex 9)


def is_rtl(text: str) -> bool:
    """Return whether a line runs from right to left: its first letter with a way of its own says so."""
    ways = (STRONG.get(unicodedata.bidirectional(letter)) for letter in text)
    return next((way for way in ways if way is not None), False)


def is_joined(text: str) -> bool:
    """Return whether a text has letters that join: it is never spaced out nor slanted."""
    return any(unicodedata.bidirectional(letter) == "AL" for letter in text)


def as_rtl(text: str) -> str:
    """Return a line that runs from right to left, marked where its first letter would not tell."""
    return text if not text or is_rtl(text) else MARK + text
