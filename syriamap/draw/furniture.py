"""Everything off the map: title, key, scale bar, notes, panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.image import BboxImage, imread
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ..model import Box
from ..picture import Line, Marker, swatch_dots
from .control import CAPS, add_dot
from .ground import add_box
from .marks import add_rounded, add_sign
from .shapes import add_line
from .text import add_texts

if TYPE_CHECKING:
    from ..picture import Furniture, KeyEntry, ScaleBar
    from ..theme import Theme
    from .board import Board

FILLS = {"accent": "accent", "rule": "rule", "panel": "page"}  # pieces that are one colour, by the name of that


def add_piece(board: Board, piece: Furniture, theme: Theme, unit: float) -> None:
    """Draw a panel, a rule or some of the words around the map."""
    colours = theme.colours
    if piece.kind in FILLS:
        add_box(board, piece.box, colours[FILLS[piece.kind]])
    elif piece.kind == "logo":
        add_logo(board, piece, theme)
    elif piece.kind == "card":
        add_rounded(board, piece.box, 2 * unit, colours["card"], colours["rule"], 1.2 * unit)
    add_texts(board, piece.runs, theme)


def add_logo(board: Board, piece: Furniture, theme: Theme) -> None:
    """Draw the house's logo into its box, as large as its proportions allow, in the middle of the box."""
    if theme.logo is None:
        return
    box, (wide, high) = piece.box, theme.logo_size
    scale = min(box.width / wide, box.height / high)
    left, top = (box.x0 + box.x1 - scale * wide) / 2, (box.y0 + box.y1 - scale * high) / 2
    where = board.display(Box(left, top, left + scale * wide, top + scale * high))
    image = BboxImage(where, origin="upper", interpolation="antialiased")
    image.set_data(imread(theme.logo))
    board.put(image)


def add_entry(board: Board, entry: KeyEntry, theme: Theme, unit: float) -> None:
    """Draw a row of the key."""
    _SWATCHES.get(entry.row.kind, _add_sign)(board, entry, theme, unit)
    add_texts(board, entry.runs, theme)


def _add_swatch(board: Board, entry: KeyEntry, theme: Theme, unit: float) -> None:
    box, row = entry.swatch, entry.row
    width = box.width / len(row.colours)
    for index, colour in enumerate(entry.colours):
        x = box.x0 + index * width
        add_box(board, Box(x, box.y0, x + width, box.y1), colour)
    for line in entry.lines:
        add_line(board, line, clip=box, cap=CAPS.get(line.kind, "round"))
    edge = Rectangle((box.x0, box.y0), box.width, box.height, fill=False, edgecolor=theme.colours["front"])
    edge.set(linewidth=unit)
    board.put(edge)


def _add_stale(board: Board, entry: KeyEntry, theme: Theme, unit: float) -> None:
    """Draw what lies on old news: on a piece of land, or around a dot."""
    if entry.row.pattern.startswith("dashes"):
        _add_swatch(board, entry, theme, unit)
        return
    for line in entry.lines:
        add_line(board, line, clip=entry.swatch.grow(unit))


def _add_dots(board: Board, entry: KeyEntry, theme: Theme, unit: float) -> None:
    """Draw the dots of a row side by side, as on the map."""
    row, box = entry.row, entry.swatch
    kind, _, colour = row.pattern.partition(":")
    edge = colour if kind == "hollow" else theme.colours["front"]
    for (at, radius), fill in zip(swatch_dots(box, len(row.colours)), entry.colours, strict=True):
        half = colour if kind == "half" else ""
        style = {"facecolor": fill, "edgecolor": edge, "linewidth": (2.2 if kind == "hollow" else 1.2) * unit}
        add_dot(board, at, radius, half=half, clip=box.grow(2 * unit), **style)
    for line in entry.lines:
        add_line(board, line, clip=box, cap=CAPS.get(line.kind, "round"))


def _add_stroke(board: Board, entry: KeyEntry, theme: Theme, unit: float) -> None:
    box, row = entry.swatch, entry.row
    y = (box.y0 + box.y1) / 2
    if row.kind == "road":
        whole = shapely.LineString([(box.x0, y), (box.x1, y)])
        style = ((), theme.colours["rule"], 9 * unit)
        add_line(board, Line("road", whole, entry.colours[0], 5 * unit, *style), clip=box.grow(5 * unit))
        for number, colour in enumerate(entry.colours[1:], start=1):
            start = box.x0 + box.width * number / len(row.colours)
            rest = shapely.LineString([(start, y), (box.x1, y)])
            add_line(board, Line("road", rest, colour, 5 * unit), clip=box)
        return
    dash = {"front": (), "front-before": (1.0, 1.7), "front-guess": (4.0, 2.6)}[row.kind]
    line = shapely.LineString([(box.x0, y), (box.x1, y)])
    add_line(board, Line(row.kind, line, row.colour, 2 * unit, dash), clip=box)


def _add_cut(board: Board, entry: KeyEntry, theme: Theme, unit: float) -> None:
    box = entry.swatch
    y, middle = (box.y0 + box.y1) / 2, (box.x0 + box.x1) / 2
    road = shapely.LineString([(box.x0, y), (box.x1, y)])
    stroke = shapely.LineString([(middle, y - 8 * unit), (middle, y + 8 * unit)])
    for line in (
        Line("road", road, theme.colours["road"], 2.3 * unit),
        Line("cut", stroke, entry.row.colour, 2.6 * unit, (), theme.colours["casing"], 5.4 * unit),
    ):
        add_line(board, line, clip=box)


def _add_date(board: Board, entry: KeyEntry, theme: Theme, unit: float) -> None:
    add_rounded(board, entry.swatch, 4 * unit, theme.colours["card"], entry.row.colour, 1.2 * unit)


def _add_sign(board: Board, entry: KeyEntry, theme: Theme, unit: float) -> None:
    box, row = entry.swatch, entry.row
    at = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    state = "lost" if row.id == "base-lost" else "held"
    marker = Marker(row.id, row.kind, at, box, box.height / 2, state, row.colour)
    add_sign(board, marker, theme)


_SWATCHES = {
    "fill": _add_swatch,
    "stale": _add_stale,
    "point": _add_dots,
    "road": _add_stroke,
    "front": _add_stroke,
    "front-before": _add_stroke,
    "front-guess": _add_stroke,
    "date": _add_date,
    "cut": _add_cut,
}


def add_scale_bar(board: Board, bar: ScaleBar, theme: Theme, unit: float) -> None:
    """Draw the bar: kilometres ticked upwards, miles downwards, on one line."""
    tick = 8 * unit
    ink, page = theme.colours["ink"], theme.colours["page"]
    strokes = [
        [(bar.x, bar.y - tick), (bar.x, bar.y + tick)],
        [(bar.x, bar.y), (bar.x + bar.px, bar.y), (bar.x + bar.px, bar.y - tick)],
        [(bar.x + bar.miles_px, bar.y), (bar.x + bar.miles_px, bar.y + tick)],
    ]
    for width, colour in ((4.6 * unit, page), (1.6 * unit, ink)):
        for stroke in strokes:
            style = {"edgecolor": colour, "linewidth": width, "capstyle": "butt"}
            board.put(PathPatch(Path(np.array(stroke)), fill=False, **style))
    add_texts(board, bar.runs, theme)
