"""Read what lies around and under the zones: neighbours, water, roads, sparse land, air bases."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import Polygon

from .catalog import data_file, describe_input, read_theatre
from .model import Ground
from .prepared import make_key, read_prepared

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from .prepared import Key

LAYERS = {
    "neighbours": "boundaries/neighbours.geojson",
    "lakes": "water/lakes.geojson",
    "rivers": "water/rivers.geojson",
    "roads": "roads/highways.geojson",
}
SPARSE, BASES = "boundaries/sparse.geojson", "places/bases.csv"


@cache
def read_ground() -> Ground:
    """Return the embedded layers around the zones, in metres of the map's CRS."""
    ready = read_prepared("ground", key_ground())
    if ready is None:
        return compute_ground()
    crs = read_theatre()["crs"]["map"]
    layers: dict[str, Any] = {name: ready.frame(name, crs) for name in LAYERS}
    return Ground(**layers, sparse=ready.shapes("sparse")[0], bases=ready.frame("bases"))


def compute_ground() -> Ground:
    """Return the same from the files themselves."""
    layers: dict[str, Any] = {name: _read_layer(path) for name, path in LAYERS.items()}
    bases = pd.read_csv(data_file(BASES), dtype=str, keep_default_na=False).set_index("place")
    return Ground(**layers, sparse=_read_sparse(), bases=bases)


def key_ground() -> Key:
    """Return all that the ground is computed from."""
    files = [data_file(path) for path in (*LAYERS.values(), SPARSE, BASES)]
    return make_key(map(describe_input, filter(lambda file: file.is_file(), files)), crs=read_theatre()["crs"]["map"])


def _read_layer(path: str) -> gpd.GeoDataFrame:
    frame = gpd.read_file(data_file(path), engine="pyogrio")
    return frame.set_index("id").to_crs(read_theatre()["crs"]["map"])


def _read_sparse() -> BaseGeometry:
    return _read_layer(SPARSE).union_all() if data_file(SPARSE).exists() else Polygon()
