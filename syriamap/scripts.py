"""What the script of a text asks for: which way a line runs, and whether its letters join."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINES = "\t\n\r"  # of these signs, those that a text of several lines has
BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
TURNS = "\u202a\u202b\u202c\u202d\u202e"  # turn letters round and reach beyond their own text; isolates do not
WORD = re.compile("[^ \t\n\r]+")  # no-break spaces hold words together
BOTH = "+"  # between the codes of two languages: the first is that of the map
MARK = "\u200f"  # makes a line run from right to left whatever its first letter; no ink
STRONG = {"L": False, "R": True, "AL": True}  # classes of letters that set the way of a line (Unicode annex 9)


def describe_unprintable(text: str, *, lines: bool = False) -> str:
    """Return what to say of a text that no picture or table can carry as it is, "" for any other.

    Refused are control characters, halves of letters, line breaks and tabs unless it may have several `lines`, and the
    signs that turn letters round, with which a name can read as another. Marks that Arabic needs are not refused:
    U+200E, U+200F and the isolates U+2066 to U+2069.
    """
    if text.isprintable():
        return ""
    found = next((one for one in UNPRINTABLE.finditer(text) if not lines or one[0] not in LINES), None)
    if found is None:
        return ""
    sign, expected = found[0], "printable text" if lines else "printable text on one line"
    what, way_out = "a control character", "take it out"
    if sign in BREAKS:
        what, way_out = "a line break", "put a space there"
    elif sign in TURNS:
        what, way_out = "a sign that turns letters round", "take it out, or use U+2066 to U+2069"
    elif sign == "\t":
        what, way_out = "a tab", "put a space there"
    elif sign > "\uc000":
        what = "no letter"
    return f"holds U+{ord(sign):04X} ({what}) as letter {found.start() + 1}; expected {expected}; {way_out}"


def escape_unprintable(text: str) -> str:
    """Return a text of any lines as a terminal may show it: signs that steer it are spelt out."""
    return text if text.isprintable() else UNPRINTABLE.sub(_spell_out, text)


def _spell_out(found: re.Match[str]) -> str:
    return found[0] if found[0] in "\t\n" else f"\\u{ord(found[0]):04x}"


def list_codes(lang: str) -> list[str]:
    """Return the one or two codes of a map's language, that of its words first."""
    return lang.split(BOTH)


def is_rtl(text: str) -> bool:
    """Return whether a line runs from right to left: its first letter with a way of its own says so."""
    ways = (STRONG.get(unicodedata.bidirectional(letter)) for letter in text)
    return next((way for way in ways if way is not None), False)


def is_joined(text: str) -> bool:
    """Return whether a text has letters that join: it is never spaced out nor slanted."""
    return any(unicodedata.bidirectional(letter) == "AL" for letter in text)


def isolated(text: str) -> str:
    """Return a text from left to right as it stands in one that runs the other way, its signs beside its letters."""
    return text if not text or is_rtl(text) else f"\u2066{text}\u2069"


def break_text(text: str) -> list[tuple[str, str]]:
    """Return the pieces of a text between which a line may end, each with what stands before it on the same line.

    Lines end at spaces, but not between a number, or a sign such as ©, and the word after it; and between the signs of
    scripts that have no spaces, but not before a closing mark or a dash, nor after an opening one or a number. A wide
    mark holds its space.
    """
    found: list[tuple[str, str]] = []
    for word in WORD.findall(text):
        glue = "" if found and _ends_wide(found[-1][1]) else " "
        for piece in _signs(word):
            if found and glue and (found[-1][1].isdigit() or not any(map(str.isalnum, found[-1][1]))):
                found[-1] = found[-1][0], f"{found[-1][1]} {piece}"
            else:
                found.append((glue, piece))
            glue = ""
    return found


def _signs(word: str) -> list[str]:
    """Return a word, or its signs where every one of them is a word of its own."""
    pieces: list[str] = []
    for sign in word:
        wide = unicodedata.east_asian_width(sign) in "WF"
        opens = bool(pieces) and unicodedata.category(pieces[-1][-1]) in ("Ps", "Pi")
        stays = not wide and bool(pieces) and unicodedata.east_asian_width(pieces[-1][-1]) not in "WF"
        counts = bool(pieces) and pieces[-1][-1].isdigit()
        if stays or opens or counts or (pieces and unicodedata.category(sign) in ("Pd", "Pe", "Pf", "Po")):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _ends_wide(text: str) -> bool:
    """Return whether a text ends with a mark as wide as a sign, which holds the space after it."""
    return unicodedata.east_asian_width(text[-1]) in "WF" and unicodedata.category(text[-1]).startswith("P")


def run_on(sentences: Iterable[str]) -> str:
    """Return sentences one after another, with spaces between them where their script has any."""
    text = ""
    for sentence in filter(None, sentences):
        text += f" {sentence}" if text and not _ends_wide(text) else sentence
    return text


def plain_digits(text: str) -> str:
    """Return a text with the digits 0 to 9 in place of those of any script."""
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)


def as_rtl(text: str) -> str:
    """Return a line that runs from right to left, marked where its first letter would not tell."""
    return text if not text or is_rtl(text) else MARK + text
