"""The picture as pixels. What has been painted once is kept: a further day of a series paints what it changes.

Every layer that stays put is painted alone, on nothing, and laid over what is below it, whether it was kept or not: so
a map is the same to the byte alone and in a series.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from .board import PixelBoard, drawing_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ..sizes import Size
    from .layers import Layer

    Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What a layer covers, on nothing: the pixels it touches, their colours times their alpha, and what shines through.

    at     positions in the picture, row by row (int32, n)
    ink    red, green, blue (uint8, n x 3)
    clear  255 - alpha (uint16, n x 1)
    """

    at: NDArray[np.int32]
    ink: Pixels
    clear: NDArray[np.uint16]


def paint_layers(layers: Iterable[Layer], size: Size) -> Pixels:
    """Return the pixels of layers, rows, columns, RGBA, the hindmost first; that one is opaque."""
    width, height = size.width_px, size.height_px
    with drawing_rules():
        ground, *above = layers
        board = PixelBoard(width, height)
        board.pixels[:] = _paint_ground(ground, width, height)
        flat = board.pixels.reshape(-1, 4)
        for layer in above:
            if layer.reach is None:
                layer.add(board, *layer.parts)
            else:
                _lay(_paint_sheet(layer, width, height), flat)
    return board.pixels


@lru_cache(maxsize=4)  # whole pictures: a few megabytes each
def _paint_ground(layer: Layer, width: int, height: int) -> Pixels:
    """Return the opaque layer below all others."""
    board = PixelBoard(width, height)
    layer.add(board, *layer.parts)
    return board.pixels


@lru_cache(maxsize=320)  # twice what the fullest map has
def _paint_sheet(layer: Layer, width: int, height: int) -> Sheet:
    """Return a layer on nothing, in a picture of some size."""
    assert layer.reach is not None
    x0, y0, x1, y1 = layer.reach
    left, top = max(int(np.floor(x0)), 0), max(int(np.floor(y0)), 0)
    right, bottom = min(int(np.ceil(x1)), width), min(int(np.ceil(y1)), height)
    board = PixelBoard(max(right - left, 1), max(bottom - top, 1), left, top)
    layer.add(board, *layer.parts)
    row, column = np.nonzero(board.pixels[:, :, 3])
    rgba = board.pixels[row, column].astype(np.uint16)
    at = ((row + top) * width + column + left).astype(np.int32)
    return Sheet(at, _by_255(rgba[:, :3] * rgba[:, 3:]).astype(np.uint8), 255 - rgba[:, 3:])


def _lay(sheet: Sheet, flat: Pixels) -> None:
    """Lay a sheet over pixels (n x 4), in place."""
    below = flat[sheet.at, :3]
    flat[sheet.at, :3] = sheet.ink + _by_255(below * sheet.clear).astype(np.uint8)


def _by_255(products: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return products of two bytes divided by 255, rounded, without leaving 16 bits (Blinn 1995)."""
    lifted = products + np.uint16(128)
    whole: NDArray[np.uint16] = (lifted + (lifted >> np.uint16(8))) >> np.uint16(8)
    return whole


def recover_alpha(on_white: Pixels, on_black: Pixels) -> Pixels:
    """Return what lies on a page that is not there, from how it looks on a white one and on a black one.

    On black a pixel is its colour times its alpha; on white the rest of 255 is added to that.
    """
    light, dark = on_white[:, :, :3].astype(np.int16), on_black[:, :, :3].astype(np.int16)
    alpha = 255 - (light - dark).max(axis=2)
    found = np.zeros_like(on_black)
    seen = alpha > 0
    ink = dark[seen] * 255.0 / alpha[seen][:, None]
    found[seen] = np.column_stack([np.minimum(np.rint(ink), 255), alpha[seen]]).astype(np.uint8)
    return found
