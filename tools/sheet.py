"""Put the pictures of the matrix on one sheet: a row for each layout, a column for each day.

python -m tools.sheet            (with --only country portrait, one layout large, its days in reading order)

The pictures must be there: run tools.matrix first. The exit code is 1 when one is missing; its cell says so.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from syriamap.catalog import data_file
from syriamap.errors import UnknownNameError
from syriamap.sizes import get_size
from tools.grid import Grid, Layout, add_options, make_grid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

FONT = "fonts/SourceSans3-Semibold.ttf"
PAPER, INK, FAINT = "#FFFFFF", "#1A1A1A", "#E4E1DC"
COLUMNS_OF_ONE = 4  # of a sheet of one layout


@dataclass(frozen=True, slots=True)
class Style:
    """Measures of a sheet in pixels: a picture fits a cell of `wide` by `high` below a caption."""

    wide: int
    high: int
    margin: int
    gap: int
    caption: int


class Cell(NamedTuple):
    """A picture on the sheet: where it lies, what stands above it, its upper left corner and size in pixels."""

    path: Path
    caption: str
    x: int
    y: int
    wide: int
    high: int


class Heading(NamedTuple):
    """Words of several lines at the left of a row."""

    lines: tuple[str, ...]
    x: int
    y: int


WHOLE = Style(wide=280, high=340, margin=136, gap=14, caption=18)
ONE = Style(wide=960, high=1380, margin=20, gap=20, caption=34)


def main() -> int:
    """Write the sheet and print what is on it; return 1 when a picture is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--only", nargs=2, metavar=("VIEW", "SIZE"), help="one layout, larger")
    given = parser.parse_args()
    grid, layout = make_grid(given), Layout(*given.only) if given.only else None
    try:
        cells = list(place_one(grid, layout) if layout else place_all(grid))
    except UnknownNameError as error:
        parser.error(str(error))
    absent = [cell.path for cell in cells if not cell.path.exists()]
    if len(absent) == len(cells):
        print(f"no picture of the matrix in {grid.folder}; run python -m tools.matrix first", file=sys.stderr)
        return 1
    target = grid.folder / (f"sheet_{layout.view}_{layout.size}.png" if layout else "sheet.png")
    sheet = draw_sheet(cells, [] if layout else list(head_rows(grid)), ONE if layout else WHOLE)
    sheet.save(target, compress_level=6)
    print(f"{target}\npictures: {len(cells) - len(absent)}\nmissing pictures: {len(absent)}")
    print(f"size: {sheet.width} x {sheet.height} px\nweight, MB: {target.stat().st_size / 1e6:.1f}")
    return int(bool(absent))


# Placing


def place_all(grid: Grid) -> Iterator[Cell]:
    """Yield the cells of the whole matrix."""
    for layout, y in _rows(grid):
        wide, high = _fit(layout, WHOLE)
        for number, on in enumerate(grid.days):
            x = WHOLE.margin + number * (WHOLE.wide + WHOLE.gap)
            yield Cell(grid.picture(layout, on), _say_day(on), x, y + WHOLE.caption, wide, high)


def head_rows(grid: Grid) -> Iterator[Heading]:
    """Yield what stands at the left of each row."""
    for layout, y in _rows(grid):
        size = get_size(layout.size)
        pixels = f"{size.width_px} x {size.height_px}"
        yield Heading((layout.view, layout.size, pixels), WHOLE.gap, y + WHOLE.caption)


def place_one(grid: Grid, layout: Layout) -> Iterator[Cell]:
    """Yield the cells of one layout, its days in reading order."""
    wide, high = _fit(layout, ONE)
    for number, on in enumerate(grid.days):
        down, across = divmod(number, COLUMNS_OF_ONE)
        x = ONE.margin + across * (wide + ONE.gap)
        y = ONE.gap + down * (high + ONE.caption + ONE.gap) + ONE.caption
        yield Cell(grid.picture(layout, on), f"{_say_day(on)}, {layout}", x, y, wide, high)


def _rows(grid: Grid) -> Iterator[tuple[Layout, int]]:
    """Yield each layout with the upper edge of its row."""
    y = WHOLE.gap
    for layout in grid.layouts:
        yield layout, y
        y += WHOLE.caption + _fit(layout, WHOLE)[1] + WHOLE.gap


def _fit(layout: Layout, style: Style) -> tuple[int, int]:
    """Return the largest size of a layout's picture that a cell holds."""
    size = get_size(layout.size)
    scale = min(style.wide / size.width_px, style.high / size.height_px)
    return round(size.width_px * scale), round(size.height_px * scale)


def _say_day(on: date) -> str:
    return f"{on.day} {on:%b}"


# Drawing


def draw_sheet(cells: list[Cell], headings: list[Heading], style: Style) -> Image.Image:
    """Return the sheet."""
    corner = max(cell.x + cell.wide for cell in cells), max(cell.y + cell.high for cell in cells)
    sheet = Image.new("RGB", (corner[0] + style.gap, corner[1] + style.gap), PAPER)
    pen = ImageDraw.Draw(sheet)
    for cell in cells:
        pen.text((cell.x, cell.y - 4), cell.caption, INK, _font(style.caption - 3), anchor="ls")
        _add_picture(sheet, pen, cell, style)
    for heading in headings:
        for number, line in enumerate(heading.lines):
            pen.text((heading.x, heading.y + 24 * number), line, INK, _font(22 if number < 2 else 16), anchor="la")
    return sheet


def _add_picture(sheet: Image.Image, pen: ImageDraw.ImageDraw, cell: Cell, style: Style) -> None:
    frame = (cell.x - 1, cell.y - 1, cell.x + cell.wide, cell.y + cell.high)
    pen.rectangle(frame, fill=FAINT, outline=INK)
    if not cell.path.exists():
        pen.text((cell.x + cell.wide / 2, cell.y + cell.high / 2), "missing", INK, _font(style.caption), anchor="mm")
        return
    with Image.open(cell.path) as picture:
        small = picture.convert("RGB").resize((cell.wide, cell.high), Image.Resampling.LANCZOS, reducing_gap=2.0)
    sheet.paste(small, (cell.x, cell.y))


@cache
def _font(px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(data_file(FONT), px)


if __name__ == "__main__":
    sys.exit(main())
