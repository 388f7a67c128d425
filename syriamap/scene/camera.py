"""From metres on the ground to pixels of the picture."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod, Proj, Transformer

from ..model import Box, Extent

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

GEOD = Geod(ellps="WGS84")


MOST_CONVERGENCE = 1.0  # degrees between the map's north and the true one in the middle of a map


@dataclass(frozen=True, slots=True)
class Turn:
    """The rotation from the CRS of the data to that of a map: x' = cos x - sin y + dx, y' = sin x + cos y + dy."""

    cos: float = 1.0
    sin: float = 0.0
    dx: float = 0.0
    dy: float = 0.0

    def apply(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points of the data's CRS in that of the map."""
        x, y = points[:, 0], points[:, 1]
        return np.column_stack([self.cos * x - self.sin * y + self.dx, self.sin * x + self.cos * y + self.dy])

    def undo(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points of the map's CRS in that of the data."""
        x, y = points[:, 0] - self.dx, points[:, 1] - self.dy
        return np.column_stack([self.cos * x + self.sin * y, self.cos * y - self.sin * x])


@dataclass(frozen=True, slots=True)
class Camera:
    """The frame: `extent` of the map in metres of `crs` fills `map_box` on the canvas.

    Geometry comes in metres of the data's CRS; `turn` leads from there to `crs`.
    """

    crs: str
    extent: Extent
    map_box: Box
    turn: Turn = Turn()

    @property
    def px_per_m(self) -> float:
        """Return the scale in pixels to the metre."""
        return self.map_box.width / self.extent.width

    @property
    def window(self) -> BaseGeometry:
        """Return the frame in metres of the data's CRS."""
        return shapely.transform(shapely.box(*self.extent), self.turn.undo)

    def to_px(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in pixels, clipped to a little beyond the map."""
        edge = 40 / self.px_per_m
        west, south, east, north = self.extent
        if self.turn != Turn():
            geometry = shapely.transform(geometry, self.turn.apply)
        clipped = shapely.clip_by_rect(geometry, west - edge, south - edge, east + edge, north + edge)
        return shapely.transform(clipped, self._points)

    def _points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        scale = self.px_per_m
        x = self.map_box.x0 + (points[:, 0] - self.extent.west) * scale
        y = self.map_box.y0 + (self.extent.north - points[:, 1]) * scale
        return np.column_stack([x, y])

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the ground in pixels."""
        px, py = self._points(self.turn.apply(np.array([[x, y]])))[0]
        return float(px), float(py)

    def shift(self, dx_px: float, dy_px: float) -> Camera:
        """Return the camera moved so that everything lies further right and down by so many pixels."""
        dx, dy = -dx_px / self.px_per_m, dy_px / self.px_per_m
        west, south, east, north = self.extent
        return replace(self, extent=Extent(west + dx, south + dy, east + dx, north + dy))

    def lonlat(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a point given in degrees in pixels."""
        px, py = self._points(np.array([to_map(self.crs).transform(lon, lat)]))[0]
        return float(px), float(py)

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
    """Return the camera that shows all of `frame` (degrees) in the middle of the map's box, without distortion.

    Where the map's north would lean too far, the map is drawn in the same projection about a nearer meridian.
    """
    west, south, east, north = frame
    crs, turn = _upright(crs, (west + east) / 2, (south + north) / 2)
    lons, lats = np.meshgrid(np.linspace(west, east, 9), np.linspace(south, north, 9))
    xs, ys = to_map(crs).transform(lons, lats)
    x0, x1, y0, y1 = xs.min(), xs.max(), ys.min(), ys.max()
    scale = min(map_box.width / (x1 - x0), map_box.height / (y1 - y0))
    half_w, half_h = map_box.width / scale / 2, map_box.height / scale / 2
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    extent = Extent(float(x - half_w), float(y - half_h), float(x + half_w), float(y + half_h))
    return Camera(crs, extent, map_box, turn)


@cache
def _upright(crs: str, lon: float, lat: float) -> tuple[str, Turn]:
    """Return the CRS about a meridian near `lon`, and the way there; the given one where its north is right enough.

    A conic projection about another meridian is the same picture turned: two points tell the rotation, a third
    proves it.
    """
    leaning = Proj(crs).get_factors(lon, lat).meridian_convergence
    other = re.sub(r"\+lon_0=\S+", f"+lon_0={round(2 * lon) / 2:g}", crs)
    if abs(leaning) <= MOST_CONVERGENCE or other == crs:
        return crs, Turn()
    lons, lats = np.array([lon - 1, lon + 1, lon]), np.array([lat, lat, lat + 1])
    here, there = (np.array(to_map(name).transform(lons, lats)).T for name in (crs, other))
    one, two = here[1] - here[0], there[1] - there[0]
    angle = float(np.arctan2(two[1], two[0]) - np.arctan2(one[1], one[0]))
    turned = Turn(float(np.cos(angle)), float(np.sin(angle)))
    dx, dy = (there[0] - turned.apply(here[:1])[0]).tolist()
    turn = replace(turned, dx=dx, dy=dy)
    return (other, turn) if np.abs(turn.apply(here) - there).max() < 1.0 else (crs, Turn())
