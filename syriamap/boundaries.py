"""Where things are: read and verify the embedded layers, or a user's administrative areas in their place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely

from .catalog import data_dir, data_file, describe_input, read_theatre
from .coverage import keep_polygons, merge_groups
from .faults import Faults
from .model import Boundaries
from .prepared import make_key, read_prepared
from .tables import read_table
from .units import Units, build_units, read_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry import LineString, MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

    from .model import Input
    from .prepared import Key

_UNITS = "boundaries/governorates.geojson"
_AREAS = "boundaries/areas.geojson"
_BARRIERS = "water/barriers.geojson"
_PLACES = "places/places.csv"
_OURS = (_UNITS, _AREAS, _BARRIERS, _PLACES)
_STRETCH_M = 3000.0  # two outlines of one country may lie this far apart
_PLACE_COLUMNS = [
    "id",
    "name",
    "name_ar",
    "aliases",
    "kind",
    "rank",
    "lon",
    "lat",
    "governorate",
    "population",
    "role",
    "label",
    "reach_km",
    "source",
    "accuracy_km",
]
_NUMBERS = ("rank", "lon", "lat", "population", "reach_km", "accuracy_km")
_OPTIONAL = ("population", "reach_km", "accuracy_km")
_WORDS = {"role": ("place", "marker"), "label": ("yes", "no")}


def read_boundaries(path: Path | None = None) -> Boundaries:
    """Return the embedded boundaries, with the user's administrative areas and outline when a file is given.

    Everything is in metres of the theatre's map CRS. DataError holds every fault; its line is the number of the feature
    from 1 (in places.csv: of the line).
    """
    ready = read_prepared("boundaries", key_boundaries()) if path is None else None
    if ready is None:
        return verify_boundaries(path)[0]
    crs = _map_crs()
    return Boundaries(
        country=ready.shapes("country")[0],
        units=ready.frame("units", crs),
        areas=ready.frame("areas", crs),
        places=ready.frame("places", crs),
        barriers=tuple(ready.shapes("barriers")),
        crs=crs,
        area_crs=str(read_theatre()["crs"]["area"]),
        inputs=_describe(_OURS),
    )


def key_boundaries() -> Key:
    """Return all that our boundaries are computed from."""
    return make_key(_describe(_OURS), crs=_map_crs())


def _describe(names: Iterable[str]) -> tuple[Input, ...]:
    return tuple(describe_input(data_file(name)) for name in names)


def verify_boundaries(path: Path | None = None) -> tuple[Boundaries, tuple[str, ...]]:
    """Return the boundaries as `read_boundaries` does, and what was repaired on the way, in words."""
    faults = Faults()
    crs = _map_crs()
    ours = _read_units(crs, faults)
    mine = None if path is None else read_units(path, _union_deepest(ours), crs, faults)
    faults.raise_any()
    boundaries = _assemble(ours, mine, faults, path)
    faults.raise_any()
    return boundaries, mine.repairs if mine else ()


# Our own layers


def _map_crs() -> str:
    return str(read_theatre()["crs"]["map"])


def _assemble(ours: gpd.GeoDataFrame, mine: Units | None, faults: Faults, path: Path | None) -> Boundaries:
    crs, units = _map_crs(), ours if mine is None else mine.frame
    our_land = _union_deepest(ours)
    country = our_land if mine is None else _union_deepest(units)
    areas = _read_areas(crs, country, our_land)
    places = _read_places(crs, faults)
    _check_namespace(units, areas, places, _label(_UNITS) if path is None else str(path), faults)
    return Boundaries(
        country=country,
        units=units,
        areas=areas,
        places=places,
        barriers=tuple(cast("LineString", shape) for _, shape in _read_features(_BARRIERS, crs)),
        crs=crs,
        area_crs=str(read_theatre()["crs"]["area"]),
        inputs=tuple(describe_input(file) for file in list_boundary_files(path)),
    )


def _union_deepest(units: gpd.GeoDataFrame) -> Polygon | MultiPolygon:
    """Return the outline: the union of the areas of the deepest level, which tile it."""
    deepest = units[units["level"] == units["level"].max()]
    outline = merge_groups(np.asarray(deepest.geometry.array, dtype=object), [""] * len(deepest))[""]
    return cast("Polygon | MultiPolygon", outline)


def _read_units(crs: str, faults: Faults) -> gpd.GeoDataFrame:
    rows = [
        (str(words["code"]), int(words["level"]), str(words["name"]), str(words["name_ar"]), shape)
        for words, shape in _read_features(_UNITS, crs)
    ]
    if not rows:
        faults.add(_label(_UNITS), None, "holds no features; expected the administrative areas")
        faults.raise_any()
    return build_units(rows, crs)


def _read_areas(crs: str, country: BaseGeometry, ours: BaseGeometry) -> gpd.GeoDataFrame:
    """Return the special areas, fitted to the outline: a user's may leave one out."""
    import geopandas as gpd
    import pandas as pd

    features = _read_features(_AREAS, crs)
    shapes = [shape for _, shape in features]
    if country is not ours:
        shapes = _fit_areas(shapes, country, ours)
    kept = [(words, shape) for (words, _), shape in zip(features, shapes, strict=True) if not shape.is_empty]
    return gpd.GeoDataFrame(
        {column: [str(words[column]) for words, _ in kept] for column in ("name", "name_ar", "kind")},
        geometry=[shape for _, shape in kept],
        index=pd.Index([str(words["id"]) for words, _ in kept], name="id", dtype=object),
        crs=crs,
    )


def _fit_areas(shapes: list[Any], country: BaseGeometry, ours: BaseGeometry) -> list[Any]:
    """Return the areas cut at another outline, or stretched to it where they end at ours a little short of it."""
    beyond = shapely.difference(country, ours)
    fitted: list[Any] = []
    for shape in shapes:
        stretched = shape.union(beyond.intersection(shape.buffer(_STRETCH_M))).intersection(country)
        fitted.append(keep_polygons(stretched.difference(shapely.union_all([*shapes, *fitted]).difference(shape))))
    return fitted


def _read_features(name: str, crs: str) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """Return the properties and the geometry, in `crs`, of every feature of an embedded GeoJSON."""
    features = json.loads(data_file(name).read_text("utf-8"))["features"]
    shapes = shapely.transform(
        np.array([shapely.geometry.shape(feature["geometry"]) for feature in features], dtype=object),
        _projector(crs),
        interleaved=False,
    )
    return [(feature["properties"], shape) for feature, shape in zip(features, shapes, strict=True)]


def _projector(crs: str) -> Callable[..., Any]:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform


def _label(name: str) -> str:
    """Return an embedded file as faults name it."""
    return f"data/{name}"


def list_boundary_files(path: Path | None = None) -> list[Path]:
    """Return the files that boundaries are read from: ours, the user's in place of our areas when a file is given."""
    ours = [data_file(name) for name in (_AREAS, _BARRIERS, _PLACES)]
    return [*([data_file(_UNITS)] if path is None else _list_parts(path)), *ours]


def _list_parts(path: Path) -> list[Path]:
    """Return the user's file; of a shapefile, all files that belong to it."""
    if path.suffix != ".shp":
        return [path]
    parts = (path.with_suffix(suffix) for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"))
    return [part for part in parts if part.is_file()]


# Places


def _read_places(crs: str, faults: Faults) -> gpd.GeoDataFrame:
    """Return places.csv as Boundaries.places, after noting every fault."""
    import geopandas as gpd
    import pandas as pd

    file = _label(_PLACES)
    table = read_table(data_dir() / _PLACES, faults, file=file)
    faults.raise_any()
    assert table is not None
    missing = [name for name in _PLACE_COLUMNS if name not in table.frame.columns]
    if missing:
        faults.add(file, 1, f"columns missing: {', '.join(missing)}; expected {', '.join(_PLACE_COLUMNS)}")
        faults.raise_any()
    frame = table.frame[list(_PLACE_COLUMNS)]
    _check_places(frame, table.lines.tolist(), file, faults)
    faults.raise_any()
    frame = frame.assign(**{name: pd.to_numeric(frame[name]) for name in _NUMBERS}, label=frame["label"] == "yes")
    x, y = _projector(crs)(frame["lon"].to_numpy(), frame["lat"].to_numpy())
    return gpd.GeoDataFrame(frame, geometry=shapely.points(x, y), crs=crs).set_index("id")


def _check_places(frame: pd.DataFrame, lines: list[int], file: str, faults: Faults) -> None:
    import pandas as pd

    at = np.array(lines)
    for name in _NUMBERS:
        empty = frame[name] == ""
        wrong = pd.to_numeric(frame[name], errors="coerce").isna() & ~(empty if name in _OPTIONAL else empty & False)
        for row in np.flatnonzero(wrong):
            faults.add(file, int(at[row]), f"{name} {frame[name].iloc[row]!r} is no number")
    for name, words in _WORDS.items():
        for row in np.flatnonzero(~frame[name].isin(words)):
            faults.add(file, int(at[row]), f"{name} {frame[name].iloc[row]!r}; expected {' or '.join(words)}")
    for row in np.flatnonzero(frame["id"].duplicated() | (frame["id"] == "")):
        faults.add(file, int(at[row]), f"id {frame['id'].iloc[row]!r} is doubled or empty; expected every id once")
    for name, low, high in (("lon", -180, 180), ("lat", -90, 90)):
        for row in np.flatnonzero(~pd.to_numeric(frame[name], errors="coerce").fillna(0).between(low, high)):
            faults.add(file, int(at[row]), f"{name} {frame[name].iloc[row]!r}; expected {low} to {high} degrees")


def _check_namespace(
    units: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, places: gpd.GeoDataFrame, file: str, faults: Faults
) -> None:
    """Note ids that mean two things: a statement could not tell them apart."""
    for one, frame, other, beside in (
        ("code of an area", units, "place", places),
        ("code of an area", units, "special area", areas),
        ("special area", areas, "place", places),
    ):
        for key in frame.index.intersection(beside.index):
            message = f"{key!r} is the {one} and the id of a {other}; expected one meaning: use a code such as a P-code"
            faults.add(file, None, message)
