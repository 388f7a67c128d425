"""Text: the embedded fonts, how wide a line comes out, and lines of text with halos."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.patheffects import Stroke
from matplotlib.text import Text
from matplotlib.textpath import TextToPath

from ..catalog import data_file
from ..errors import DataError, Fault, GlyphError, suggest
from ..picture import TextSize
from ..scripts import is_joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.ft2font import FT2Font

    from ..picture import Measure, TextRun
    from ..theme import Theme, TypeStyle
    from .board import Board

FAMILIES = ("Source Sans 3", "Noto Sans Arabic", "Noto Sans SC")
UPRIGHT, UPRIGHT_WEIGHT = ("Noto Sans Arabic",), 500  # no italic: what is slanted elsewhere is lighter here
HALO_WIDTH = 0.24  # of the size of the text, on both sides together
HALO_ALPHA = 0.9


@cache
def register_fonts(files: tuple[str, ...] = (), family: str = "") -> bool:
    """Make the embedded fonts and a house's own known; no font of the machine is ever used.

    Raises DataError when a file is no font that can be drawn with, or when none of the files is of the family.
    """
    own = (*FAMILIES, family)  # the machine may have other files of a family: maps would differ from desk to desk
    fontManager.ttflist = [font for font in fontManager.ttflist if font.name not in own]
    ours = {_register(str(path)) for path in sorted(data_file("fonts").glob("*.ttf"))}
    bold = next((font for font in fontManager.ttflist if font.name == FAMILIES[-1] and font.weight == 700), None)
    if bold is None or not ours.issuperset(FAMILIES):
        raise DataError([Fault(str(data_file("fonts")), None, "fonts of ours are missing; install syriamap again")])
    fontManager.ttflist.append(replace(bold, weight=600))  # the Chinese have no semibold of their own
    families = [_register(path) for path in files]
    if files and family not in families:
        said = f"the family is not {family!r}; {suggest(family, list(dict.fromkeys(families)))}"
        raise DataError([Fault(files[0], None, said)])
    return True


def _register(path: str) -> str:
    """Make a font known and return the family it says it is of."""
    try:
        fontManager.addfont(path)
        return str(get_font(path).family_name)
    except (OSError, RuntimeError) as error:  # what FreeType says to a broken file
        raise DataError([Fault(path, None, f"cannot be drawn with: {error}; expected a whole font")]) from error


def make_measure(theme: Theme) -> Measure:
    """Return how wide and high texts come out in a theme's own fonts. Raises DataError as `register_fonts`."""
    register_fonts(theme.fonts, theme.family)
    return measure_text


def families_of(style: TypeStyle) -> tuple[str, ...]:
    """Return the families of a text, each for the letters that none before it has."""
    return (style.family, *FAMILIES) if style.family else FAMILIES


@cache
def font_for(weight: int, italic: bool, family: str = "") -> FontProperties:
    """Return the font of a weight and slant: the house's family where it has the letter, elsewhere the embedded."""
    register_fonts()
    families = [family, *FAMILIES] if family else list(FAMILIES)
    return FontProperties(family=families, weight=weight, style="italic" if italic else "normal")


def find_font(prop: FontProperties) -> FT2Font:
    """Return the font of some properties with those it falls back on; matplotlib looks them up for every size anew."""
    return get_font(_find_files(tuple(prop.get_family()), prop.get_style(), prop.get_weight()))


@cache
def _find_files(families: tuple[str, ...], style: Any, weight: int) -> tuple[str, ...]:  # noqa: ANN401  # matplotlib's
    light = min(weight, UPRIGHT_WEIGHT) if style == "italic" else weight
    every = [
        FontProperties(family=[family], style=style, weight=light if family in UPRIGHT else weight)
        for family in families
    ]
    return tuple(str(fontManager.findfont(prop, fallback_to_default=False)) for prop in every)


def font_files(prop: FontProperties) -> tuple[tuple[str, frozenset[int]], ...]:
    """Return the files of the families of a font, in their order, each with the letters that it has."""
    files = _find_files(tuple(prop.get_family()), prop.get_style(), prop.get_weight())
    return tuple((file, _letters_of(file)) for file in files)


@cache
def _letters_of(file: str) -> frozenset[int]:
    return frozenset(get_font(file).get_charmap())


class _Quill(TextToPath):
    """Measures text and turns it into outlines with fonts that are found once."""

    def _get_font(self, prop: FontProperties) -> FT2Font:
        font = find_font(prop)
        font.set_size(self.FONT_SCALE, self.DPI)
        return font


QUILL = _Quill()


def _check_letters(text: str, prop: FontProperties) -> None:
    """Raise GlyphError for a letter that no font has; marks without ink need none."""
    known = [letters for _, letters in font_files(prop)]
    odd = [
        sign
        for sign in text
        if unicodedata.category(sign) != "Cf" and not any(ord(sign) in letters for letters in known)
    ]
    if odd:
        name = unicodedata.name(odd[0], f"U+{ord(odd[0]):04X}")
        raise GlyphError(
            f"no font has {odd[0]!r} ({name}) of {text!r}; write it otherwise, or name a font that has it in a theme "
            "of your own (--theme FILE.toml with [fonts])"
        )


@lru_cache(maxsize=20_000)
def _measure(text: str, weight: int, italic: bool, family: str) -> tuple[float, float, float]:
    prop = font_for(weight, italic, family).copy()
    _check_letters(text, prop)
    prop.set_size(100)
    width, height, descent = QUILL.get_text_width_height_descent(text, prop, False)
    return width / 100, (height - descent) / 100, descent / 100


def measure_text(text: str, px: float, style: TypeStyle) -> TextSize:
    """Return the size of one line of text in pixels, unhinted, tracking included."""
    width, above, below = _measure(text, style.weight, style.italic, style.family)
    tracked = tracking_of(text, style) * max(len(text) - 1, 0)
    return TextSize((width + tracked) * px, above * px, below * px)


def tracking_of(text: str, style: TypeStyle) -> float:
    """Return the space between letters as a share of the size: none where they join."""
    return 0.0 if is_joined(text) else style.tracking


def add_texts(board: Board, runs: Iterable[TextRun], theme: Theme) -> None:
    """Add lines of text, the halos of all below the letters of any."""
    board.write(tuple(runs), theme)


def list_lines(runs: Sequence[TextRun], theme: Theme) -> Iterator[Text]:
    """Yield lines of text as artists, the halos of all before the letters of any.

    Tracked text is set letter by letter, since matplotlib has no tracking.
    """
    for run in runs:  # artists of their own: the text itself stays text, which a PDF can be searched for
        yield from list_halos(run, theme.type[run.role])
    for run in runs:
        yield from list_letters(run, theme.type[run.role])


def list_halos(run: TextRun, style: TypeStyle) -> Iterator[Text]:
    """Yield the halo of a line, piece by piece as its letters; nothing when it has none."""
    if not run.halo:
        return
    for text, x in _pieces(run, style):
        halo = _line(text, x, run, style, run.halo)
        stroke = Stroke(linewidth=HALO_WIDTH * run.px, foreground=run.halo, alpha=HALO_ALPHA, joinstyle="round")
        halo.set_path_effects([stroke])
        yield halo


def list_letters(run: TextRun, style: TypeStyle) -> Iterator[Text]:
    """Yield a line, in pieces where it is tracked."""
    for text, x in _pieces(run, style):
        yield _line(text, x, run, style, run.colour)


def _pieces(run: TextRun, style: TypeStyle) -> Iterator[tuple[str, float]]:
    """Yield what is set in one go, with its left edge: the whole line, or letter by letter."""
    if not tracking_of(run.text, style):
        yield run.text, run.x
        return
    for index, letter in enumerate(run.text):
        before = measure_text(run.text[: index + 1], run.px, style).width - measure_text(letter, run.px, style).width
        yield letter, run.x + before


def _line(text: str, x: float, run: TextRun, style: TypeStyle, colour: str) -> Text:
    prop = font_for(style.weight, style.italic, style.family).copy()
    prop.set_size(run.px)  # a point is a pixel here: the figure has 72 dots to the inch
    return Text(x, run.y, text, color=colour, fontproperties=prop, va="baseline", ha="left", parse_math=False)
