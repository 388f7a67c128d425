"""The pixels that a basemap is wanted on, and those that came."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pyproj import Transformer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..model import Extent

STEPS = 33  # points asked for along each way across a grid


class Grid(NamedTuple):
    """`width` x `height` pixels that fill `extent`, in metres of `crs`; the first row is the northernmost."""

    crs: str
    extent: Extent
    width: int
    height: int

    @property
    def metres(self) -> float:
        """Return the side of a pixel."""
        return self.extent.width / self.width

    def degrees(self) -> tuple[float, float, float, float]:
        """Return the smallest and largest longitude and latitude: west, south, east, north."""
        west, south, east, north = self.extent
        xs, ys = np.meshgrid(np.linspace(west, east, STEPS), np.linspace(south, north, STEPS))
        lons, lats = to_degrees(self.crs).transform(xs, ys)
        return float(lons.min()), float(lats.min()), float(lons.max()), float(lats.max())


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """What a source shows on a grid: pixels (rows, columns, RGBA), transparent where it shows nothing.

    `zoom` is the level of its tiles, None where it has none, and `tiles` their number.
    """

    pixels: NDArray[np.uint8]
    zoom: int | None = None
    tiles: int = 0


@cache
def to_degrees(crs: str) -> Transformer:
    """Return the way from metres of a map to longitude and latitude."""
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
