"""From metres on the ground to pixels of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod, Transformer

from ..model import Box, Extent

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Camera:
    """The frame: `extent` of the map in metres of `crs` fills `map_box` on the canvas."""

    crs: str
    extent: Extent
    map_box: Box

    @property
    def px_per_m(self) -> float:
        """Return the scale in pixels to the metre."""
        return self.map_box.width / self.extent.width

    def to_px(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in pixels, clipped to a little beyond the map."""
        edge = 40 / self.px_per_m
        west, south, east, north = self.extent
        clipped = shapely.clip_by_rect(geometry, west - edge, south - edge, east + edge, north + edge)
        return shapely.transform(clipped, self._points)

    def _points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        scale = self.px_per_m
        x = self.map_box.x0 + (points[:, 0] - self.extent.west) * scale
        y = self.map_box.y0 + (self.extent.north - points[:, 1]) * scale
        return np.column_stack([x, y])

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the ground in pixels."""
        px, py = self._points(np.array([[x, y]]))[0]
        return float(px), float(py)

    def lonlat(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a point given in degrees in pixels."""
        return self.point(*to_map(self.crs).transform(lon, lat))

    def degrees_at(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Return longitude and latitude of a pixel."""
        x = self.extent.west + (x_px - self.map_box.x0) / self.px_per_m
        y = self.extent.north - (y_px - self.map_box.y0) / self.px_per_m
        lon, lat = to_map(self.crs).transform(x, y, direction="INVERSE")
        return float(lon), float(lat)

    def degrees(self) -> Extent:
        """Return the smallest and largest longitude and latitude along the frame."""
        box = self.map_box
        steps = np.linspace(0, 1, 21)
        xs = np.concatenate([box.x0 + steps * box.width] * 2 + [np.full(21, box.x0), np.full(21, box.x1)])
        ys = np.concatenate([np.full(21, box.y0), np.full(21, box.y1)] + [box.y0 + steps * box.height] * 2)
        found = np.array([self.degrees_at(x, y) for x, y in zip(xs, ys, strict=True)])
        (west, south), (east, north) = found.min(axis=0), found.max(axis=0)
        return Extent(float(west), float(south), float(east), float(north))


@cache
def to_map(crs: str) -> Transformer:
    """Return the way from degrees to metres of the map."""
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


def aim(frame: tuple[float, float, float, float], map_box: Box, crs: str) -> Camera:
    """Return the camera that shows all of `frame` (degrees) in the middle of the map's box, without distortion."""
    west, south, east, north = frame
    lons, lats = np.meshgrid(np.linspace(west, east, 9), np.linspace(south, north, 9))
    xs, ys = to_map(crs).transform(lons, lats)
    x0, x1, y0, y1 = xs.min(), xs.max(), ys.min(), ys.max()
    scale = min(map_box.width / (x1 - x0), map_box.height / (y1 - y0))
    half_w, half_h = map_box.width / scale / 2, map_box.height / scale / 2
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return Camera(crs, Extent(float(x - half_w), float(y - half_h), float(x + half_w), float(y + half_h)), map_box)


def length_km(line: BaseGeometry, crs: str) -> float:
    """Return the length of lines on the ellipsoid in km."""
    total = 0.0
    for part in shapely.get_parts(line):
        x, y = shapely.get_coordinates(part).T
        lons, lats = to_map(crs).transform(x, y, direction="INVERSE")
        total += GEOD.line_length(lons, lats)
    return total / 1000
