"""Setting text: lines and wrapped paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..model import Box
from ..picture import TextRun
from ..scripts import as_rtl, break_text

if TYPE_CHECKING:
    from ..language import Language
    from ..picture import Measure
    from ..sizes import Size
    from ..theme import Theme

LATIN = "0123456789"
NUMBER = re.compile(r"(?<![A-Za-z\d])\d+(?![A-Za-z])")  # not the figures of a road number such as M5

LATIN_ABOVE, LATIN_BELOW = 0.78, 0.24  # how far letters reach from their baseline, as shares of their size


@dataclass(frozen=True, slots=True)
class Script:
    """How a language is set: from right to left or not, its digits, how much larger than Latin letters look equal.

    `headline` is the same for headlines; `above` and `below` say how far a name reaches from its baseline, as shares of
    its size. The capital of a `dotted` i has its dot.
    """

    rtl: bool = False
    numerals: str = LATIN
    scale: float = 1.0
    headline: float = 1.0
    above: float = LATIN_ABOVE
    below: float = LATIN_BELOW
    dotted: bool = False

    @property
    def tallness(self) -> float:
        """Return how much more height a line needs than one of Latin letters of the same size."""
        return (self.above + self.below) / (LATIN_ABOVE + LATIN_BELOW)


def script_of(language: Language) -> Script:
    """Return how a language is set."""
    phrases = language.phrases
    return Script(rtl=phrases["direction"] == "rtl", numerals=phrases["numerals"], **phrases["script"])


@dataclass(frozen=True, slots=True)
class Pen:
    """What is needed to set text: theme, size, the measure of the drawing library, and how the language is set.

    Words around the map are set as if from left to right; what is finished is turned over where the language runs the
    other way. The map itself is never turned.
    """

    theme: Theme
    size: Size
    measure: Measure
    script: Script = Script()

    def px(self, role: str) -> float:
        """Return the size of a role's text in this picture, never below the smallest that can be read."""
        scale = self.script.headline if role == "headline" else self.script.scale
        return max(self.theme.type[role].size * self.size.unit * scale, self.size.min_px)

    def figures(self, text: str) -> str:
        """Return a text with its numbers in the digits of the map; a road keeps those of its number."""
        if self.script.numerals == LATIN:
            return text
        return NUMBER.sub(lambda found: found[0].translate(str.maketrans(LATIN, self.script.numerals)), text)

    def letters(self, text: str) -> str:
        """Return a text as it is written: in the digits of the map, and so that it runs the way of the language."""
        return as_rtl(self.figures(text)) if self.script.rtl else self.figures(text)

    def capitals(self, text: str) -> str:
        """Return a text in capitals where its letters have any."""
        return (text.replace("i", "İ") if self.script.dotted else text).upper()

    def turn(self, box: Box) -> Box:
        """Return a box where it belongs: mirrored where the language runs from right to left."""
        wide = self.size.width_px
        return Box(wide - box.x1, box.y0, wide - box.x0, box.y1) if self.script.rtl else box

    def turn_run(self, run: TextRun) -> TextRun:
        """Return a line of text where it belongs, upright as ever."""
        box = self.turn(run.box)
        return replace(run, box=box, x=box.x0) if self.script.rtl else run

    def width(self, text: str, role: str, px: float | None = None) -> float:
        """Return the width of a line in pixels."""
        return self.measure(self.letters(text), px or self.px(role), self.theme.type[role]).width

    def line_box(self, text: str, role: str, x: float, y: float, px: float | None = None) -> Box:
        """Return the box of a line whose left end of the baseline is at (x, y): full height of capitals and tails."""
        style = self.theme.type[role]
        px = px or self.px(role)
        tall = self.measure("Hgjpl", px, style)
        return Box(x, y - tall.above, x + self.width(text, role, px), y + tall.below)

    def run(
        self, text: str, role: str, x: float, y: float, *, ground: str, px: float | None = None, **extra: str
    ) -> TextRun:
        """Return a line of text in its role's colour on `ground`; `colour` and `halo` may be given."""
        px, text = px or self.px(role), self.letters(text)
        colour = extra.get("colour") or self.theme.colours[self.theme.type[role].colour]
        box = self.line_box(text, role, x, y, px)
        return TextRun(text, role, x, y, px, colour, box, extra.get("halo", ""), ground)

    def wrap(self, text: str, role: str, width: float, *, first: float | None = None) -> list[str]:
        """Return the text in lines no wider than `width`, broken where its script allows.

        The first line has `first` pixels of room. Where not even one word fits into that, the first line is empty.
        """
        if first is None and text and self.width(text, role) <= width:
            return [text]
        lines: list[str] = []
        rough, space = 0.0, self.width("n n", role) - 2 * self.width("n", role)
        for glue, word in break_text(text):
            wide = self.width(word, role)
            empty = not lines or not lines[-1]
            longer = word if empty else f"{lines[-1]}{glue}{word}"
            whole = wide if empty else rough + space * len(glue) + wide
            room = first if first is not None and len(lines) <= 1 else width
            if (lines or first is not None) and self._fits(longer, role, room, whole):
                lines[-1:] = [longer]
                rough = whole
                continue
            if not lines and first is not None:
                lines.append("")
            lines.append(word)
            rough = wide
        return lines

    def _fits(self, text: str, role: str, room: float, rough: float) -> bool:
        """Return whether a text is no wider than a room; what its words add up to settles it unless that is close."""
        if abs(rough - room) > 0.05 * room + self.px(role):
            return rough < room
        return self.width(text, role) <= room

    def balance(self, text: str, role: str, width: float) -> list[str]:
        """Return the text in as few lines as `wrap` needs, the lines as even as that allows."""
        lines = self.wrap(text, role, width)
        words = [self.width(word, role) for _, word in break_text(text)]
        for share in range(50, 100, 2):
            narrow = width * share / 100
            if narrow >= max(words, default=0.0) and len(found := self.wrap(text, role, narrow)) <= len(lines):
                return found
        return lines
