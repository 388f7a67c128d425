"""Basemaps that lie in a file: the embedded relief, a GeoTIFF, tiles in one MBTiles or PMTiles. No network is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BasemapError, suggest
from .archives import describe_archive, read_archive
from .geotiff import describe_geotiff, read_geotiff, read_relief
from .judge import Refused
from .sources import Source, plain_words

if TYPE_CHECKING:
    from .grid import Grid, Raster

KINDS = {".tif": "geotiff", ".tiff": "geotiff", ".mbtiles": "mbtiles", ".pmtiles": "pmtiles"}
READERS = {"geotiff": read_geotiff, "mbtiles": read_archive, "pmtiles": read_archive}
LEAST_SHARE = 0.01  # of the map that a file must cover


def open_source(path: Path, credit: str) -> Source:
    """Return the source that a file of the user's is. Raises BasemapError for one that is missing or nobody's."""
    if not path.is_file():
        beside = sorted(one.name for suffix in KINDS for one in path.parent.glob(f"*{suffix}"))
        near = f"; {suggest(path.name, beside)}" if beside else ""
        raise BasemapError(f"the basemap {path} is not there; expected a file{near}")
    kind, status = KINDS[path.suffix.casefold()], path.stat()
    try:
        said, zooms = (describe_geotiff(path), (0, 0)) if kind == "geotiff" else describe_archive(path)
    except Refused as refused:
        raise BasemapError(f"the basemap {path.name} {refused}") from refused
    maker = credit.strip() or plain_words(said)
    if not maker:
        raise BasemapError(
            f"nobody is credited for the basemap {path.name}, and it names nobody itself; say whose map it is with "
            "--basemap-credit TEXT: it is printed on the map"
        )
    return Source(kind, path.name, str(path), maker, zooms, stamp=(status.st_mtime_ns, status.st_size))


def read_file(source: Source, grid: Grid) -> Raster:
    """Return what a file shows on a grid. Raises BasemapError for one that is broken or shows nothing there."""
    try:
        raster = _read(source, grid)
    except Refused as refused:
        raise BasemapError(f"{source.name} {refused}; choose another basemap, or --basemap relief") from refused
    if (raster.pixels[:, :, 3] > 0).mean() < LEAST_SHARE:
        west, south, east, north = grid.degrees()
        raise BasemapError(
            f"{source.name} shows nothing where the map is, {west:.2f} to {east:.2f} degrees east and {south:.2f} to "
            f"{north:.2f} north; expected a file of there; choose another basemap, or --basemap relief"
        )
    return raster


def _read(source: Source, grid: Grid) -> Raster:
    if source.kind == "relief":
        return read_relief(Path(source.place), source.edges, grid)
    return READERS[source.kind](Path(source.place), source.zooms, grid)
