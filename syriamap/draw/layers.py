"""The layers of a picture, back to front: each a way to draw and all that its ink depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..model import Box
from .control import add_control, add_point
from .furniture import add_entry, add_piece, add_scale_bar
from .ground import add_backdrop, add_box, add_ground, add_lines, add_water
from .inset import add_inset
from .marks import add_arrow, add_label, add_shield, add_sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..picture import KeyEntry, Label, Line, Patch, Scene, TextRun
    from ..theme import Theme
    from .board import Board

AIR = 6.0  # units: the most that the ink of a sign or a text reaches beyond its box


@dataclass(frozen=True, slots=True)
class Layer:
    """Something to draw: `add` puts it on a board, `parts` are the rest of its arguments. Same parts, same ink.

    `reach` is a box that holds all of its ink; None is the whole picture, for what is drawn anew with every day.
    `item` is what of its layer it is, where that has a name.
    """

    name: str
    add: Callable[..., None]
    parts: tuple[Any, ...]
    reach: Box | None = None
    item: str = ""


def list_layers(scene: Scene, theme: Theme, page: str) -> Iterator[Layer]:
    """Yield the layers of a scene, the hindmost first, on a page of a colour, or on none when it is ""."""
    land, sea = _patches(scene, "neighbour", "land"), theme.colours["sea"]
    yield Layer("ground", _add_base, (scene.canvas, page, land, sea, scene.map_box), scene.canvas)
    yield from _list_control(scene)
    yield from list_signs(scene, theme)
    yield from _around_map(scene, theme)


def list_land(scene: Scene, theme: Theme) -> Iterator[Layer]:
    """Yield the land of a map with its waters and lines, sea and neighbours first."""
    land = _patches(scene, "neighbour", "land")
    yield Layer("ground", add_ground, (land, theme.colours["sea"], scene.map_box))
    yield from _list_control(scene)


def _list_control(scene: Scene) -> Iterator[Layer]:
    """Yield the zones, the waters, the fronts, the borders and the roads."""
    yield Layer("control", add_control, (scene.control, scene.patterns, scene.map_box))
    if scene.backdrop and scene.backdrop.ink:
        yield Layer("basemap", add_backdrop, (scene.backdrop.ink, scene.map_box), scene.map_box)
    water = (_lines(scene, "governorate", "river"), _patches(scene, "lake"), _lines(scene, "shore"), scene.map_box)
    yield Layer("water", add_water, water, scene.map_box)
    fronts = _lines(scene, "front-before", "front", "front-guess", "front-tick")
    yield Layer("fronts", add_lines, (fronts, scene.map_box))
    yield Layer("borders", add_lines, (_lines(scene, "coast", "border", "disputed"), scene.map_box), scene.map_box)
    yield Layer("roads", add_lines, (scene.road_lines, scene.map_box))


def list_signs(scene: Scene, theme: Theme) -> Iterator[Layer]:
    """Yield arrows, dots, signs and names."""
    unit, ink, card = scene.size.unit, theme.colours["ink"], theme.colours["card"]
    for arrow in scene.arrows:
        yield Layer("arrows", add_arrow, (arrow, ink, card, unit), item=arrow.id)
    for point in scene.points:
        yield Layer("points", add_point, (point, scene.map_box), item=point.place)
    rings = [marker for marker in scene.markers if marker.kind == "next"]  # below the signs that they surround
    for marker in (*rings, *(one for one in scene.markers if one.kind not in ("next", "point"))):
        reach = marker.box.grow(AIR * unit + 0.2 * marker.radius)
        yield Layer("markers", add_sign, (marker, theme), reach, marker.id)
    for shield in scene.shields:
        yield Layer("shields", add_shield, (shield, theme, unit), shield.box.grow(AIR * unit), shield.ref)
    for label in scene.labels:
        yield Layer("labels", add_label, (label, theme, unit), _label_reach(label).grow(AIR * unit), label.id)


def _around_map(scene: Scene, theme: Theme) -> Iterator[Layer]:
    """Yield the scale bar, the words around the map, the key and the locator."""
    unit, bar = scene.size.unit, scene.scale_bar
    yield Layer("scale", add_scale_bar, (bar, theme, unit), bar.box.grow(2 * AIR * unit))
    for piece in scene.furniture:
        yield Layer(piece.kind, add_piece, (piece, theme, unit), _around(piece.box, piece.runs).grow(AIR * unit))
    for entry in scene.key:
        yield Layer("key", add_entry, (entry, theme, unit), _entry_reach(entry).grow(AIR * unit), entry.row.id)
    if scene.inset:
        reach = _around(scene.inset.box, scene.inset.runs).grow(AIR * unit)
        yield Layer("inset", add_inset, (scene.inset, theme, unit), reach)


def _add_base(board: Board, canvas: Box, page: str, land: tuple[Patch, ...], sea: str, map_box: Box) -> None:
    if page:
        add_box(board, canvas, page, "page")
    add_ground(board, land, sea, map_box)


def _lines(scene: Scene, *kinds: str) -> tuple[Line, ...]:
    """Return the lines of some kinds, kind after kind."""
    return tuple(line for kind in kinds for line in scene.lines if line.kind == kind)


def _patches(scene: Scene, *kinds: str) -> tuple[Patch, ...]:
    return tuple(patch for patch in scene.ground if patch.kind in kinds)


def _around(box: Box, runs: tuple[TextRun, ...]) -> Box:
    """Return the box that holds a box and some texts."""
    boxes = [box, *(run.box for run in runs)]
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))


def _label_reach(label: Label) -> Box:
    x, y = zip(*label.leader, strict=True) if label.leader else ((label.box.x0,), (label.box.y0,))
    led = Box(min(x), min(y), max(x), max(y))
    box = Box(*map(min, label.box[:2], led[:2]), *map(max, label.box[2:], led[2:]))
    return _around(box, label.runs)


def _entry_reach(entry: KeyEntry) -> Box:
    return _around(entry.swatch, entry.runs)
