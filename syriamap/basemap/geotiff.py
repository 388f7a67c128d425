"""Pictures that know where they lie: a GeoTIFF of the user's, and the embedded relief."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from ..limits import PICTURE_PIXELS, RASTER_PIXELS
from .grid import Raster
from .judge import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .grid import Grid

DEGREES = "EPSG:4326"
BLIND = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}  # to what lies beside a file
MOST_BANDS = 4


def read_relief(path: Path, edges: tuple[float, float, float, float], grid: Grid) -> Raster:
    """Return the relief of a theatre, a picture in degrees between its edges, on a grid."""
    from PIL import Image

    from .warp import edges_transform, warp

    most = f"expected {PICTURE_PIXELS:,} px in all at most; make it smaller"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                if image.width * image.height > PICTURE_PIXELS:
                    raise Refused(f"has {image.width:,} x {image.height:,} px; {most}")
                pixels = np.asarray(image.convert("RGBA"))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused(f"is far too large; {most}") from error
    high, wide = pixels.shape[:2]
    return Raster(warp(pixels, edges_transform(edges, wide, high), DEGREES, grid, smooth=True))


def describe_geotiff(path: Path) -> str:
    """Return whom a file names as its owner, "" for nobody. Raises Refused for no GeoTIFF."""
    with _opened(path) as file:
        return str(file.tags().get("TIFFTAG_COPYRIGHT", ""))


def read_geotiff(path: Path, _: tuple[int, int], grid: Grid) -> Raster:
    """Return a file on a grid, transparent where it has no data. Raises Refused for one that is no picture in place."""
    from rasterio.vrt import WarpedVRT
    from rasterio.warp import Resampling

    from .warp import grid_transform

    with _opened(path) as file:
        table = _check(file)
        way = Resampling.bilinear if table is None else Resampling.nearest
        clear = file.nodata is not None or any(one.name == "alpha" for one in file.colorinterp)
        frame = {"crs": grid.crs, "transform": grid_transform(grid), "width": grid.width, "height": grid.height}
        with WarpedVRT(file, resampling=way, add_alpha=not clear, **frame) as warped:
            bands, mask = warped.read(list(range(1, file.count + 1))), warped.dataset_mask()
    if table is not None:
        pixels = table[bands[0]]
        return Raster(np.dstack([pixels[:, :, :3], np.minimum(pixels[:, :, 3], mask)]))
    colours = bands[:3] if len(bands) >= 3 else np.repeat(bands[:1], 3, axis=0)
    return Raster(np.ascontiguousarray(np.dstack([*colours, mask])))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Give out a file of rasterio. Raises Refused for what is no GeoTIFF or cannot be read to its end."""
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.Env(**BLIND), rasterio.open(path, driver="GTiff") as file:
            yield file
    except RasterioError as error:
        raise Refused("cannot be read as a GeoTIFF; expected a whole one") from error


def _check(file: Any) -> np.ndarray[Any, np.dtype[np.uint8]] | None:  # noqa: ANN401  # of rasterio
    """Return the table of colours of a file that has one (256 x 4). Raises Refused for no picture, or no place."""
    if file.crs is None or file.transform.is_identity:
        raise Refused("does not say where it lies; expected a CRS and edges: gdal_translate -a_srs ... -a_ullr ...")
    if file.width * file.height > RASTER_PIXELS and not file.overviews(1):
        way_out = "gdaladdo gives it some, gdal_translate -outsize makes it smaller"
        size = f"{file.width:,} x {file.height:,} px and no overviews"
        raise Refused(f"has {size}; expected {RASTER_PIXELS:,} px in all at most, or overviews: {way_out}")
    if set(file.dtypes) != {"uint8"}:
        raise Refused(f"has numbers of {file.dtypes[0]}; expected bytes, such as gdal_translate -ot Byte -scale makes")
    if file.count > MOST_BANDS:
        raise Refused(f"has {file.count} bands; expected 1 (grey, or numbers of colours), 3 (RGB) or 4 (RGBA)")
    if file.count > 1 or file.colorinterp[0].name != "palette":
        return None
    colours: Mapping[int, tuple[int, ...]] = file.colormap(1)
    return np.array([colours.get(number, (0, 0, 0, 0)) for number in range(256)], dtype=np.uint8)
