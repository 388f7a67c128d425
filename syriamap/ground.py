"""Read what lies around and under the zones: neighbours, water, roads, sparse land, air bases."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Polygon

from .catalog import data_file, describe_input
from .coverage import keep_polygons
from .errors import DataError, Fault
from .faults import Faults
from .features import LAND, LINES, Layer, read_layer
from .model import Ground
from .prepared import make_key, read_prepared
from .tables import check_heads, read_table
from .theatre import FILE, read_theatre
from .theatre_file import check_ids

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from .model import Boundaries
    from .prepared import Key

LAYERS = {
    "neighbours": "boundaries/neighbours.geojson",
    "lakes": "water/lakes.geojson",
    "rivers": "water/rivers.geojson",
    "roads": "roads/highways.geojson",
}
SPARSE, BASES = "boundaries/sparse.geojson", "places/bases.csv"
NAMED = {"name": None, "name_ar": ""}
HOLDS = {  # what the layers of a project hold
    "neighbours": Layer(LAND, NAMED),
    "lakes": Layer(LAND, NAMED),
    "rivers": Layer(LINES, {**NAMED, "rank": 3}),
    "roads": Layer(LINES, {"ref": "", "name": None, "class": "", "accuracy_km": 0, "length_km": 0}),
}
STRETCH_M = 3000.0  # two outlines of one country may lie this far apart
BASE_COLUMNS = ("name", "name_ar", "icao", "user", "stays")
BASES_NEED = ("place", "name", "user")


def read_ground(home: Path | None = None) -> Ground:
    """Return the layers around the zones, ours or a project's, in metres of the map's CRS."""
    return compute_ground(home) if home else _read_ours()


@cache
def _read_ours() -> Ground:
    ready = read_prepared("ground", key_ground())
    if ready is None:
        return compute_ground()
    crs = read_theatre()["crs"]["map"]
    layers: dict[str, Any] = {name: ready.frame(name, crs) for name in LAYERS}
    return Ground(**layers, sparse=ready.shapes("sparse")[0], bases=ready.frame("bases"))


def compute_ground(home: Path | None = None) -> Ground:
    """Return the same from the files themselves; a layer that is not there is empty.

    Raises DataError with the faults of a project's layer.
    """
    layers: dict[str, Any] = {name: _read_layer(name, home) for name in LAYERS}
    return Ground(**layers, sparse=_read_sparse(home), bases=_read_bases(home))


def check_known(ground: Ground, boundaries: Boundaries, home: Path | None) -> None:
    """Raise DataError for air bases of a theatre that are no places, and for ids in its file that nothing has."""
    file, places = str(data_file(BASES, home)), boundaries.places.index
    said = "is none of places/places.csv; expected the id of a place there, such as one with the role marker"
    if lost := [f"place {key!r} {said}" for key in ground.bases.index if key not in places]:
        raise DataError(Fault(file, None, one) for one in lost)
    known = {"place": places, "air base": ground.bases.index, "road": ground.roads.index}
    check_ids(data_file(FILE, home), read_theatre(home), {**known, "special area": boundaries.areas.index})


def fit_ground(ground: Ground, country: BaseGeometry, ours: BaseGeometry) -> Ground:
    """Return the ground round a user's outline of the country: neighbours and sparse land that end where it does.

    Land that only our outline holds goes to the neighbour beside it, unless it lies along the sea.
    """
    beyond = shapely.difference(country, ours)
    sparse = ground.sparse.union(beyond.intersection(ground.sparse.buffer(STRETCH_M)))
    shapes = _fit_neighbours([*ground.neighbours.geometry], country, ours)
    return replace(ground, neighbours=ground.neighbours.set_geometry(shapes), sparse=keep_polygons(sparse))


def _fit_neighbours(lands: list[BaseGeometry], country: BaseGeometry, ours: BaseGeometry) -> list[BaseGeometry]:
    if not lands:
        return []
    lost = shapely.difference(ours, country)
    frame = shapely.box(*country.union(ours).bounds).buffer(2 * STRETCH_M).bounds
    shapes: list[BaseGeometry] = []
    for land in lands:
        beside = shapely.clip_by_rect(land, *frame).simplify(STRETCH_M / 30).buffer(STRETCH_M, quad_segs=2)
        grown = land.union(lost.intersection(beside))
        shapes.append(grown.difference(shapely.union_all([country, *shapes])))
    inland = shapely.intersection(lost, lost.buffer(-STRETCH_M).buffer(2 * STRETCH_M))  # no strip along the sea
    for part in shapely.get_parts(shapely.difference(inland, shapely.union_all(shapes))):
        nearest = int(np.argmin(shapely.distance(np.array(shapes, dtype=object), part)))
        shapes[nearest] = shapes[nearest].union(part)
    return [keep_polygons(shape) for shape in shapes]


def list_ground_files(home: Path | None = None) -> list[Path]:
    """Return the files that the ground is computed from, those that are there."""
    files = (data_file(path, home) for path in (*LAYERS.values(), SPARSE, BASES))
    return [file for file in files if file.is_file()]


def key_ground() -> Key:
    """Return all that our ground is computed from."""
    return make_key(map(describe_input, list_ground_files()), crs=read_theatre()["crs"]["map"])


def _read_layer(name: str, home: Path | None) -> gpd.GeoDataFrame:
    file, crs = data_file(LAYERS[name], home), read_theatre(home)["crs"]["map"]
    if not file.is_file():
        empty = pd.DataFrame(columns=list(HOLDS[name].columns), index=pd.Index([], name="id", dtype=object))
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=crs))
    if home:
        return read_layer(file, HOLDS[name], crs)
    return gpd.read_file(file, engine="pyogrio").set_index("id").to_crs(crs)


def _read_sparse(home: Path | None) -> BaseGeometry:
    file = data_file(SPARSE, home)
    if not file.is_file():
        return Polygon()
    crs = read_theatre(home)["crs"]["map"]
    frame = read_layer(file, Layer(LAND), crs) if home else gpd.read_file(file, engine="pyogrio").to_crs(crs)
    land: BaseGeometry = frame.union_all()
    return land


def _read_bases(home: Path | None) -> pd.DataFrame:
    file = data_file(BASES, home)
    if not file.is_file():
        return pd.DataFrame(columns=list(BASE_COLUMNS), index=pd.Index([], name="place", dtype=object), dtype=str)
    if home:
        return _verify_bases(file)
    return pd.read_csv(file, dtype=str, keep_default_na=False).set_index("place")


def _verify_bases(file: Path) -> pd.DataFrame:
    """Return a project's table of air bases, columns that it leaves out empty. Raises DataError."""
    faults = Faults()
    table = read_table(file, faults, may_be_empty=True, drawn=True)
    faults.raise_any()
    assert table is not None  # a table that is not there is a fault
    frame = table.frame
    if not check_heads(table, BASES_NEED, faults):
        faults.raise_any()
    for row in np.flatnonzero(frame["place"].duplicated() | (frame["place"] == "")):
        said = f"place {frame['place'].iloc[row]!r} is doubled or empty; expected every place once"
        faults.add(table.file, int(table.lines[row]), said)
    faults.raise_any()
    return frame.assign(**{name: "" for name in BASE_COLUMNS if name not in frame}).set_index("place")
