"""Setting text: lines and wrapped paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model import Box
from ..picture import TextRun

if TYPE_CHECKING:
    from ..picture import Measure
    from ..sizes import Size
    from ..theme import Theme


@dataclass(frozen=True, slots=True)
class Pen:
    """What is needed to set text: theme, size and the measure of the drawing library."""

    theme: Theme
    size: Size
    measure: Measure

    def px(self, role: str) -> float:
        """Return the size of a role's text in this picture, never below the smallest that can be read."""
        return max(self.theme.type[role].size * self.size.unit, self.size.min_px)

    def width(self, text: str, role: str, px: float | None = None) -> float:
        """Return the width of a line in pixels."""
        return self.measure(text, px or self.px(role), self.theme.type[role]).width

    def line_box(self, text: str, role: str, x: float, y: float, px: float | None = None) -> Box:
        """Return the box of a line whose left end of the baseline is at (x, y): full height of capitals and tails."""
        style = self.theme.type[role]
        px = px or self.px(role)
        tall = self.measure("Hgjpl", px, style)
        return Box(x, y - tall.above, x + self.measure(text, px, style).width, y + tall.below)

    def run(
        self, text: str, role: str, x: float, y: float, *, ground: str, px: float | None = None, **extra: str
    ) -> TextRun:
        """Return a line of text in its role's colour on `ground`; `colour` and `halo` may be given."""
        px = px or self.px(role)
        colour = extra.get("colour") or self.theme.colours[self.theme.type[role].colour]
        box = self.line_box(text, role, x, y, px)
        return TextRun(text, role, x, y, px, colour, box, extra.get("halo", ""), ground)

    def wrap(self, text: str, role: str, width: float, *, first: float | None = None) -> list[str]:
        """Return the text in lines no wider than `width`, broken at spaces; the first has `first` pixels of room.

        Where not even one word fits into that, the first line is empty.
        """
        lines: list[str] = []
        rough, space = 0.0, self.width("n n", role) - 2 * self.width("n", role)
        for word in text.split():
            wide = self.width(word, role)
            empty = not lines or not lines[-1]
            longer = word if empty else f"{lines[-1]} {word}"
            whole = wide if empty else rough + space + wide
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
        words = [self.width(word, role) for word in text.split()]
        for share in range(50, 100, 2):
            narrow = width * share / 100
            if narrow >= max(words, default=0.0) and len(found := self.wrap(text, role, narrow)) <= len(lines):
                return found
        return lines
