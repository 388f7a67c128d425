"""Vector files as tables: the properties of a feature are the columns of a row, its number is the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .table import Table
from .values import count_known, nearest_file, write_frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..faults import Faults

VECTORS = (".geojson", ".json", ".shp", ".gpkg", ".zip", ".fgb", ".kml", ".topojson", ".gml")
_FAILED = (ValueError, OSError, RuntimeError)  # pyogrio's own errors are RuntimeErrors


def read_features(path: Path, file: str, faults: Faults, known: Sequence[str], layer: str) -> Table | None:
    """Return the features as rows with their geometry, or None after noting why there are none.

    Without a `layer` the only one is read, else the one with most of the `known` columns.
    """
    import geopandas as gpd

    if not path.exists():
        faults.add(file, None, f"no such file; expected a vector file such as GeoJSON{nearest_file(path)}")
        return None
    try:
        chosen = layer or _choose_layer(path, known)
        # a ring that is not closed becomes a missing geometry, which is a fault of its own feature
        frame = gpd.read_file(path, layer=chosen, on_invalid="ignore")
    except _FAILED as error:
        reason = " ".join(str(error).split()).removesuffix(".")
        faults.add(file, None, f"cannot be read as a vector file: {reason}{_name_layers(path)}")
        return None
    if frame.empty:
        faults.add(file, None, "holds no features; expected one for each statement")
        return None
    lines = np.arange(1, len(frame) + 1)
    if not isinstance(frame, gpd.GeoDataFrame):
        return Table(path, file, write_frame(frame), lines)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    return Table(path, file, write_frame(frame.drop(columns=frame.geometry.name)), lines, shapes, frame.crs)


def _choose_layer(path: Path, known: Sequence[str]) -> str | None:
    """Return the layer with most known columns of a file with several, the first of equals; None for the only one."""
    import pyogrio

    layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    if len(layers) < 2:
        return None
    return max(layers, key=lambda name: count_known(pyogrio.read_info(path, layer=name)["fields"], known))


def _name_layers(path: Path) -> str:
    """Return "; its layers are ..." of a file with several, else what was expected."""
    import pyogrio

    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    except _FAILED:
        layers = []
    return f"; its layers are {', '.join(layers)}" if layers[1:] else "; expected GeoJSON, a shapefile or GeoPackage"


def list_fields(path: Path) -> tuple[str, ...]:
    """Return the names of the columns of all layers, none for a file that cannot be read."""
    import pyogrio

    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        return tuple(str(field) for name in layers for field in pyogrio.read_info(path, layer=name)["fields"])
    except _FAILED:
        return ()


def list_parts(path: Path) -> list[Path]:
    """Return a file, or of a shapefile all the files that belong to it."""
    if path.suffix.casefold() != ".shp":
        return [path]
    parts = (path.with_suffix(suffix) for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"))
    return [part for part in parts if part.is_file()] or [path]
