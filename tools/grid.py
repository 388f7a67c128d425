"""The noun of the matrix: layouts by days, the look they share, and where each picture lies."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from syriamap.errors import SyriaMapError
from syriamap.sizes import get_size
from tools.common import ROOT

DAYS = tuple(date(2024, 11, 26) + timedelta(days=number) for number in range(13))
VIEWS = ("advance", "country")
SIZES = (
    "web",
    "x",
    "og",
    "square",
    "portrait",
    "story",
    "wire",
    "print-1col",
    "print-2col",
    "print-page",
)
FOLDER = ROOT / "outputs" / "matrix"


@dataclass(frozen=True, slots=True)
class Layout:
    """What all days of a row share: view and size, by name."""

    view: str
    size: str

    def __str__(self) -> str:
        return f"{self.view} {self.size}"


@dataclass(frozen=True, slots=True)
class Grid:
    """The maps of a run: every layout on every day, in one language and theme, in one folder."""

    folder: Path = FOLDER
    days: tuple[date, ...] = DAYS
    sizes: tuple[str, ...] = SIZES
    views: tuple[str, ...] = VIEWS
    lang: str = "en"
    theme: str = "light"

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """Return the rows: every size of the first view, then of the next."""
        return tuple(Layout(view, size) for view in self.views for size in self.sizes)

    def picture(self, layout: Layout, on: date) -> Path:
        """Return where the picture of a layout on a day lies; its sidecar lies beside it."""
        words = "_".join([layout.view, layout.size, str(on), self.lang, self.theme])
        return self.folder / (re.sub(r"[^\w.-]+", "-", words) + ".png")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose a grid."""
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the pictures (outputs/matrix)")
    parser.add_argument("--days", nargs="+", type=date.fromisoformat, default=DAYS, metavar="DAY", help="ISO days")
    parser.add_argument("--sizes", nargs="+", type=_size, default=SIZES, metavar="SIZE", help="names or WIDTHxHEIGHT")
    parser.add_argument("--views", nargs="+", default=VIEWS, metavar="VIEW", help="such as advance or country")
    parser.add_argument("--lang", default="en", help="language of all words (en)")
    parser.add_argument("--theme", default="light", help="colours and type (light)")


def make_grid(given: argparse.Namespace) -> Grid:
    """Return the grid that the options choose; what is named twice counts once."""
    days, sizes, views = (tuple(dict.fromkeys(words)) for words in (given.days, given.sizes, given.views))
    return Grid(given.out, days, sizes, views, given.lang, given.theme)


def _size(name: str) -> str:
    try:
        get_size(name)
    except SyriaMapError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return name
