"""Check 26: every letter is in the fonts, and letters that join are shaped and stand the right way round."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont, features

from ..catalog import data_file
from ..scripts import is_joined
from ..theme import get_theme
from .verdicts import Answer, weigh
from .words import list_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..save.contract import Sidecar, TextEntry

    Ink = NDArray[np.float64]

VECTOR = (".svg", ".pdf")
MOST = 12  # lines that are compared, the largest first
LIKE, LIKER = 0.65, 0.1  # how like the engine's own line must be, and how much more than the line turned round
NARROW = 0.1  # of the size of a text: no letter takes less on the average of a word
SLACK = 0.3  # of the size of a text: how far from its box its letters are looked for
NEAR, FAR = 30.0, 110.0  # how far a pixel's colour is from that of the letters: ink, and no ink
SMALL, FINE = 40.0, 2  # letters up to this size are bent by hints; parts of a pixel, each way
HEAVY = ("city", "town", "axis")  # roles of more than a common weight


def check_letters(said: Sidecar, picture: Path | None) -> Answer:
    """No letter is missing; lines of joined letters look as the shaping engine sets them, not the other way round.

    The engine is libraqm with HarfBuzz, asked through Pillow (Unicode annex 9; the picture's own way is matplotlib's).
    """
    every = list(list_texts(said))
    faults = [fault for what, text in every for fault in _strange(what, text, _letters(said["theme"]))]
    joined = [text for _, text in every if is_joined(text["text"])]
    if not joined:
        return weigh(f"{len(every)} lines of text, no letter missing", faults)
    if picture is None or picture.suffix.casefold() in VECTOR or not features.check("raqm"):
        return weigh(f"{len(every)} lines of text, no letter missing; no pixels to compare the shapes of", faults)
    with Image.open(picture) as file:
        image = np.asarray(file.convert("RGB"), dtype=float)
    compared = _comparable(joined)
    scores = [(text, *_compare(image, text)) for text in compared]
    faults += [
        f"{text['text']!r} is {right:.2f} like the engine's own line and {wrong:.2f} like it turned round; expected at "
        f"least {LIKE} and {LIKER} more; it is not shaped, or set the wrong way round"
        for text, right, wrong in scores
        if right < LIKE or right < wrong + LIKER
    ]
    worst = min((right for _, right, _ in scores), default=1.0)
    return weigh(f"{len(every)} lines, no letter missing; {len(scores)} compared, the least like {worst:.2f}", faults)


# Letters


@cache
def _letters(theme: str) -> frozenset[int]:
    """Return the codes of all letters that the fonts of a theme have; a house's file may be out of reach."""
    files = [str(path) for path in sorted(data_file("fonts").glob("*.ttf"))]
    if not theme.endswith(".toml"):
        files += get_theme(theme).fonts
    found: set[int] = set()
    for file in files:
        with TTFont(file, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def _strange(what: str, text: TextEntry, known: frozenset[int]) -> Iterable[str]:
    """Yield what is said of the letters of a line that no font has; marks without ink need none."""
    odd = [sign for sign in text["text"] if ord(sign) not in known and unicodedata.category(sign) != "Cf"]
    if odd:
        name = unicodedata.name(odd[0], "a sign without a name")
        yield f"{what}: no font has {odd[0]!r} ({name}) of {text['text']!r}; expected letters that can be drawn"


# Shapes


def _comparable(texts: Sequence[TextEntry]) -> list[TextEntry]:
    """Return the largest lines that are one word of joined letters: what is in one font alone can be set again."""
    words = [text for text in texts if all(unicodedata.bidirectional(sign) in ("AL", "NSM") for sign in text["text"])]
    unlike = [text for text in words if len(set(text["text"])) > 1]
    return sorted(unlike, key=lambda text: -text["font_px"])[:MOST]


def _compare(image: Ink, text: TextEntry) -> tuple[float, float]:
    """Return how like the picture is to a word as the engine sets it, and to the word turned round."""
    high, wide = image.shape[:2]
    if text["font_px"] > high or NARROW * text["font_px"] * len(text["text"]) > wide:
        raise ValueError(f"{len(text['text'])} letters of {text['font_px']} px in a picture of {wide} x {high} px")
    slack = SLACK * text["font_px"]
    x0, y0, x1, y1 = text["box_px"]
    left, top = max(int(x0 - slack), 0), max(int(y0 - slack), 0)
    cut = image[top : int(y1 + slack) + 1, left : int(x1 + slack) + 1]
    colour = [int(text["colour"][at : at + 2], 16) for at in (1, 3, 5)]
    away = np.abs(cut - colour).max(axis=-1)
    ink = np.clip((FAR - away) / (FAR - NEAR), 0, 1)
    right, wrong = (
        max(_best(ink, set_) for set_ in _set_word(word, text)) for word in (text["text"], text["text"][::-1])
    )
    return right, wrong


def _set_word(word: str, text: TextEntry) -> Iterator[Ink]:
    """Yield the ink of a word as the shaping engine sets it, at every part of a pixel.

    Small letters are set much larger and made smaller: the engine's hints would bend them, and maps have none.
    """
    fine = FINE if text["font_px"] <= SMALL else 1
    weight = "Bold" if text["bold"] else "SemiBold" if text["role"] in HEAVY else "Medium"
    file = str(data_file(f"fonts/NotoSansArabic-{weight}.ttf"))
    font = ImageFont.truetype(file, fine * text["font_px"], layout_engine=ImageFont.Layout.RAQM)
    x0, y0, x1, y1 = font.getbbox(word, direction="rtl")
    wide, high = (int((end - start) / fine) + 3 for start, end in ((x0, x1), (y0, y1)))
    for across, down in product(range(fine), repeat=2):
        image = Image.new("L", (fine * wide, fine * high))
        where = (fine + across - x0, fine + down - y0)
        ImageDraw.Draw(image).text(where, word, fill=255, font=font, direction="rtl")
        yield np.asarray(image, dtype=float).reshape(high, fine, wide, fine).mean(axis=(1, 3)) / 255


def _best(ink: Ink, word: Ink) -> float:
    """Return the correlation of a word with the ink beneath it, where it fits best."""
    high, wide = word.shape
    if high > ink.shape[0] or wide > ink.shape[1]:
        ink = np.pad(ink, ((0, max(high - ink.shape[0], 0)), (0, max(wide - ink.shape[1], 0))))
    windows = np.lib.stride_tricks.sliding_window_view(ink, word.shape)
    alike = np.einsum("yxhw,hw->yx", windows, word - word.mean())
    spread = windows.std(axis=(2, 3)) * word.std() * word.size
    return float(np.divide(alike, spread, out=np.zeros_like(alike), where=spread > 0).max())
