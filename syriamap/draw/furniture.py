"""Everything off the map: title, key, scale bar, notes, panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.image import AxesImage, imread
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ..picture import Line, Marker, swatch_dots
from .control import CAPS, add_dot
from .marks import SIGNS, add_rounded
from .shapes import add_line
from .text import add_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..model import Box
    from ..picture import Furniture, KeyEntry, Page, Scene
    from ..theme import Theme


def add_furniture(axes: Axes, scene: Page, theme: Theme) -> None:
    """Draw panels, rules and the words around the map."""
    unit = scene.size.unit
    for piece in scene.furniture:
        if piece.kind == "accent":
            _add_box(axes, piece.box, theme.colours["accent"], zorder=38)
        elif piece.kind == "rule":
            _add_box(axes, piece.box, theme.colours["rule"], zorder=38)
        elif piece.kind == "panel":
            _add_box(axes, piece.box, theme.colours["page"], zorder=37)
        elif piece.kind == "logo":
            add_logo(axes, piece, theme)
        elif piece.kind == "card":
            add_rounded(axes, piece.box, 2 * unit, theme.colours["card"], theme.colours["rule"], 1.2 * unit, zorder=37)
        for run in piece.runs:
            add_text(axes, run, theme, zorder=40)


def add_logo(axes: Axes, piece: Furniture, theme: Theme) -> None:
    """Draw the house's logo into its box, as large as its proportions allow, in the middle of the box."""
    if theme.logo is None:
        return
    box, (wide, high) = piece.box, theme.logo_size
    scale = min(box.width / wide, box.height / high)
    left, top = (box.x0 + box.x1 - scale * wide) / 2, (box.y0 + box.y1 - scale * high) / 2
    extent = (left, left + scale * wide, top + scale * high, top)
    image = AxesImage(axes, extent=extent, origin="upper", interpolation="antialiased", zorder=39)
    image.set_data(imread(theme.logo))
    axes.add_artist(image)


def _add_box(axes: Axes, box: Box, colour: str, *, zorder: float) -> None:
    axes.add_artist(Rectangle((box.x0, box.y0), box.width, box.height, facecolor=colour, linewidth=0, zorder=zorder))


def add_key(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw the key, row by row."""
    for entry in scene.key:
        _SWATCHES.get(entry.row.kind, _add_sign)(axes, entry, theme, scene.size.unit)
        for run in entry.runs:
            add_text(axes, run, theme, zorder=40)


def _add_swatch(axes: Axes, entry: KeyEntry, theme: Theme, unit: float) -> None:
    box, row = entry.swatch, entry.row
    width = box.width / len(row.colours)
    for index, colour in enumerate(row.colours):
        x = box.x0 + index * width
        axes.add_artist(Rectangle((x, box.y0), width, box.height, facecolor=colour, linewidth=0, zorder=39))
    for line in entry.lines:
        add_line(axes, line, clip=box, zorder=39.3, cap=CAPS.get(line.kind, "round"))
    edge = Rectangle((box.x0, box.y0), box.width, box.height, fill=False, edgecolor=theme.colours["front"])
    edge.set(linewidth=unit, zorder=39.6)
    axes.add_artist(edge)


def _add_dots(axes: Axes, entry: KeyEntry, theme: Theme, unit: float) -> None:
    """Draw the dots of a row side by side, as on the map."""
    row, box = entry.row, entry.swatch
    kind, _, colour = row.pattern.partition(":")
    edge = colour if kind == "hollow" else theme.colours["front"]
    for (at, radius), fill in zip(swatch_dots(box, len(row.colours)), row.colours, strict=True):
        half = colour if kind == "half" else ""
        style = {"facecolor": fill, "edgecolor": edge, "linewidth": (2.2 if kind == "hollow" else 1.2) * unit}
        add_dot(axes, at, radius, half=half, zorder=39, clip=box.grow(2 * unit), **style)
    for line in entry.lines:
        add_line(axes, line, clip=box, zorder=39.3, cap=CAPS.get(line.kind, "round"))


def _add_stroke(axes: Axes, entry: KeyEntry, theme: Theme, unit: float) -> None:
    box, row = entry.swatch, entry.row
    y = (box.y0 + box.y1) / 2
    if row.kind == "road":
        whole = shapely.LineString([(box.x0, y), (box.x1, y)])
        style = ((), theme.colours["rule"], 9 * unit)
        add_line(axes, Line("road", whole, row.colour, 5 * unit, *style), clip=box.grow(5 * unit), zorder=39)
        for number, colour in enumerate(row.colours[1:], start=1):
            start = box.x0 + box.width * number / len(row.colours)
            rest = shapely.LineString([(start, y), (box.x1, y)])
            add_line(axes, Line("road", rest, colour, 5 * unit), clip=box.grow(0), zorder=39 + number / 10)
        return
    dash = {"front": (), "front-before": (1.0, 1.7), "front-guess": (4.0, 2.6)}[row.kind]
    line = shapely.LineString([(box.x0, y), (box.x1, y)])
    add_line(axes, Line(row.kind, line, row.colour, 2 * unit, dash), clip=box, zorder=39)


def _add_cut(axes: Axes, entry: KeyEntry, theme: Theme, unit: float) -> None:
    box = entry.swatch
    y, middle = (box.y0 + box.y1) / 2, (box.x0 + box.x1) / 2
    road = shapely.LineString([(box.x0, y), (box.x1, y)])
    stroke = shapely.LineString([(middle, y - 8 * unit), (middle, y + 8 * unit)])
    for line in (
        Line("road", road, theme.colours["road"], 2.3 * unit),
        Line("cut", stroke, entry.row.colour, 2.6 * unit, (), theme.colours["casing"], 5.4 * unit),
    ):
        add_line(axes, line, clip=box, zorder=39)


def _add_date(axes: Axes, entry: KeyEntry, theme: Theme, unit: float) -> None:
    add_rounded(axes, entry.swatch, 4 * unit, theme.colours["card"], entry.row.colour, 1.2 * unit, zorder=39)


def _add_sign(axes: Axes, entry: KeyEntry, theme: Theme, unit: float) -> None:
    box, row = entry.swatch, entry.row
    at = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    state = "lost" if row.id == "base-lost" else "held"
    marker = Marker(row.id, row.kind, at, box, box.height / 2, state, row.colour)
    SIGNS[row.kind](axes, marker, theme, 39)


_SWATCHES = {
    "fill": _add_swatch,
    "point": _add_dots,
    "road": _add_stroke,
    "front": _add_stroke,
    "front-before": _add_stroke,
    "front-guess": _add_stroke,
    "date": _add_date,
    "cut": _add_cut,
}


def add_scale_bar(axes: Axes, scene: Scene, theme: Theme) -> None:
    """Draw the bar: kilometres ticked upwards, miles downwards, on one line."""
    bar, unit = scene.scale_bar, scene.size.unit
    tick = 8 * unit
    ink, page = theme.colours["ink"], theme.colours["page"]
    strokes = [
        [(bar.x, bar.y - tick), (bar.x, bar.y + tick)],
        [(bar.x, bar.y), (bar.x + bar.px, bar.y), (bar.x + bar.px, bar.y - tick)],
        [(bar.x + bar.miles_px, bar.y), (bar.x + bar.miles_px, bar.y + tick)],
    ]
    for width, colour, zorder in ((4.6 * unit, page, 29.0), (1.6 * unit, ink, 29.2)):
        for stroke in strokes:
            path = Path(np.array(stroke))
            style = {"edgecolor": colour, "linewidth": width, "capstyle": "butt"}
            axes.add_artist(PathPatch(path, fill=False, zorder=zorder, **style))
    for run in bar.runs:
        add_text(axes, run, theme, zorder=29.5)
