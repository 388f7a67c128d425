"""From the CRS that a basemap comes in to that of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rasterio import Affine
from rasterio.crs import CRS
from rasterio.warp import Resampling, reproject

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .grid import Grid

    Pixels = NDArray[np.uint8]


def grid_transform(grid: Grid) -> Any:  # noqa: ANN401  # affine, of rasterio
    """Return the way from pixels of a grid to its metres."""
    return edges_transform(grid.extent, grid.width, grid.height)


def edges_transform(edges: tuple[float, float, float, float], width: int, height: int) -> Any:  # noqa: ANN401
    """Return the way from so many pixels to what lies between edges: west, south, east, north."""
    west, south, east, north = edges
    return Affine((east - west) / width, 0.0, west, 0.0, (south - north) / height, north)


def warp(pixels: Pixels, transform: Any, crs: str, grid: Grid, *, smooth: bool = False) -> Pixels:  # noqa: ANN401
    """Return pixels (rows, columns, RGBA) of some CRS on a grid; `smooth` rounds those that are coarser than it."""
    alpha = pixels[:, :, 3:].astype(np.float32) / 255
    source = np.moveaxis(np.concatenate([pixels[:, :, :3] * alpha, alpha], axis=2), 2, 0)
    found = np.zeros((4, grid.height, grid.width), dtype=np.float32)
    reproject(
        np.ascontiguousarray(source, dtype=np.float32),
        found,
        src_transform=transform,
        src_crs=CRS.from_user_input(crs),
        dst_transform=grid_transform(grid),
        dst_crs=CRS.from_user_input(grid.crs),
        resampling=Resampling.cubic if smooth else Resampling.bilinear,
        num_threads=1,
    )
    cover = found[3]
    colours = found[:3] / np.maximum(cover, 1e-6)
    whole = np.concatenate([colours, 255 * cover[None]])
    warped: Pixels = np.moveaxis(np.clip(np.rint(whole), 0, 255), 0, 2).astype(np.uint8)
    return np.ascontiguousarray(warped)
