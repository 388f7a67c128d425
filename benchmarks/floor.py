"""The floor under any frame: fill the cells that changed hands in a picture that is there already, and encode it."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from PIL import Image, ImageDraw

from syriamap.save.pixels import FAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from syriamap.model import Day

Rings = list[list[tuple[float, float]]]


def list_changes(days: Sequence[Day], width: int, height: int) -> list[Rings]:
    """Return, for each day after the first, the rings of the cells that changed hands, in pixels."""
    return [_trace(before, after, width, height) for before, after in pairwise(days)]


def _trace(before: Day, after: Day, width: int, height: int) -> Rings:
    changed = (before.states["party"] != after.states["party"]).to_numpy()
    west, south, east, north = after.cells.frame.total_bounds

    def place(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((points - (west, north)) * (width / (east - west), height / (south - north)))

    parts = shapely.get_parts(after.cells.frame.geometry.to_numpy()[changed])
    return [shapely.get_coordinates(shapely.transform(part.exterior, place)).tolist() for part in parts]


def fill(picture: Image.Image, rings: Rings) -> bytes:
    """Return the picture with some rings filled, as a PNG with our own settings."""
    pen = ImageDraw.Draw(picture)
    for ring in rings:
        pen.polygon([(x, y) for x, y in ring], fill=(79, 138, 91))
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=FAST)
    return file.getvalue()
