"""A layer of a project: features with an id, words and lines or land, every fault with the number of its feature."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from .faults import Faults
from .scripts import describe_unprintable
from .vector import read_features

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

LAND, LINES = ("Polygon", "MultiPolygon"), ("LineString", "MultiLineString")
SAID: dict[tuple[str, ...], str] = {
    LAND: "land: a Polygon or a MultiPolygon",
    LINES: "lines: a LineString or a MultiLineString",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """What a layer holds: its `kind` of geometry, LAND or LINES, and its columns besides id with what stands for none.

    A column for which None stands has to be there; one for which a number stands holds numbers.
    """

    kind: tuple[str, ...]
    columns: Mapping[str, str | float | None] = field(default_factory=dict)


def read_layer(path: Path, layer: Layer, crs: str) -> gpd.GeoDataFrame:
    """Return the features of a file in `crs` by their ids, their words as texts.

    Raises DataError with every fault; its line is the number of the feature, from 1.
    """
    faults = Faults()
    found = _check(path, layer, crs, faults)
    faults.raise_any()
    assert found is not None  # what is not there is a fault
    return found


def _check(path: Path, layer: Layer, crs: str, faults: Faults) -> gpd.GeoDataFrame | None:
    import geopandas as gpd

    file, needed = str(path), ["id", *(name for name, usual in layer.columns.items() if usual is None)]
    frame = read_features(path, file, faults, lambda one: one.features)
    if frame is None:
        return None
    missing = [name for name in needed if name not in frame]
    if missing or not isinstance(frame, gpd.GeoDataFrame):
        said = f"columns missing: {', '.join(missing)}" if missing else "has no geometry"
        faults.add(file, None, f"{said}; expected {SAID[layer.kind]} with the columns {', '.join(needed)}")
        return None
    words = {
        name: _read_words(frame, name, usual, file, faults) for name, usual in {"id": None, **layer.columns}.items()
    }
    _check_ids(words["id"], file, faults)
    shapes = _place(frame, layer, crs, file, faults)
    index = pd.Index(words.pop("id"), name="id", dtype=object)
    return gpd.GeoDataFrame(words, geometry=shapes, index=index, crs=crs)


def _read_words(frame: gpd.GeoDataFrame, name: str, usual: str | float | None, file: str, faults: Faults) -> list[Any]:
    """Return a column, what is usual where it says nothing, after noting numbers that are none and odd letters."""
    values = frame[name] if name in frame else pd.Series([None] * len(frame))
    empty = values.isna().to_numpy()
    if isinstance(usual, int | float):
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
        for row in np.flatnonzero(~np.isfinite(numbers) & ~empty).tolist():
            faults.add(file, row + 1, f"{name} {values.iloc[row]!r} is no number")
        return list(np.where(np.isfinite(numbers), numbers, usual))
    texts = ["" if none else str(value) for none, value in zip(empty, values, strict=True)]
    for row, text in enumerate(texts):
        if said := describe_unprintable(text):
            faults.add(file, row + 1, f"{name} {said}")
    return [text or usual or "" for text in texts]


def _check_ids(ids: list[str], file: str, faults: Faults) -> None:
    seen: set[str] = set()
    for number, key in enumerate(ids, start=1):
        if not key or key in seen:
            faults.add(file, number, f"id {key!r} is empty or doubled; expected every id once")
        seen.add(key)


def _place(frame: gpd.GeoDataFrame, layer: Layer, crs: str, file: str, faults: Faults) -> list[Any]:
    """Return the shapes in a CRS, after noting those that are not of the layer's kind, invalid, or nowhere in it."""
    from pyproj.exceptions import ProjError

    for number, shape in enumerate(frame.geometry, start=1):
        if shape is None or shape.is_empty:
            faults.add(file, number, f"the geometry is missing or empty; expected {SAID[layer.kind]}")
        elif shape.geom_type not in layer.kind:
            faults.add(file, number, f"the geometry is a {shape.geom_type}; expected {SAID[layer.kind]}")
        elif not shape.is_valid:
            faults.add(file, number, f"the geometry is invalid ({shapely.is_valid_reason(shape)}); mend it")
    if faults.found:
        return [None] * len(frame)
    known = frame if frame.crs else frame.set_crs("EPSG:4326")
    try:
        moved = known.geometry.to_crs(crs)
    except (ProjError, ValueError, RuntimeError) as error:
        faults.add(file, None, f"cannot be brought into the CRS of the map: {' '.join(str(error).split())}")
        return [None] * len(frame)
    for number, shape in enumerate(moved, start=1):
        if not np.isfinite(shape.bounds).all():
            faults.add(file, number, "the geometry lies outside of what crs.map of theatre.toml can show")
    return list(moved)
