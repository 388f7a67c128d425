"""Where things are: read and verify the embedded layers, or a user's administrative areas in their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely

from .catalog import data_file, describe_input
from .coverage import keep_polygons, merge_groups
from .faults import Faults
from .features import LAND, LINES, Layer, read_layer
from .model import AreaFile, Boundaries
from .prepared import make_key, read_prepared
from .tables import check_heads, read_table
from .theatre import read_theatre
from .units import Units, build_units, read_units
from .vector import list_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry import LineString, MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

    from .model import Input
    from .prepared import Key

_UNITS = "boundaries/units.geojson"
_AREAS = "boundaries/areas.geojson"
_BARRIERS = "water/barriers.geojson"
_PLACES = "places/places.csv"
_HOLDS = {  # what the layers of a project hold
    _AREAS: Layer(LAND, {"name": None, "name_ar": "", "kind": "occupied"}),
    _BARRIERS: Layer(LINES),
}
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
_NEEDED = ("id", "name", "lon", "lat")  # of a project's places
_USUAL = {"kind": "town", "rank": "4", "role": "place", "label": "yes"}


def read_boundaries(areas: AreaFile | Path | None = None, *, project: Path | None = None) -> Boundaries:
    """Return the embedded boundaries, with the user's administrative areas and outline when a file is given.

    `project` is the folder of another theatre. Everything is in metres of the theatre's map CRS. DataError holds every
    fault; its line is the number of the feature from 1 (in places.csv: of the line).
    """
    ready = read_prepared("boundaries", key_boundaries()) if areas is None and project is None else None
    if ready is None:
        return verify_boundaries(areas, project)[0]
    crs = str(read_theatre()["crs"]["map"])
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
    return make_key(_describe(_OURS), crs=str(read_theatre()["crs"]["map"]))


def _describe(names: Iterable[str]) -> tuple[Input, ...]:
    return tuple(describe_input(data_file(name)) for name in names)


def verify_boundaries(
    areas: AreaFile | Path | None = None, home: Path | None = None
) -> tuple[Boundaries, tuple[str, ...]]:
    """Return the boundaries as `read_boundaries` does, and what was repaired on the way, in words."""
    faults = Faults()
    file = areas if isinstance(areas, AreaFile) or areas is None else AreaFile(Path(areas))
    crs = str(read_theatre(home)["crs"]["map"])
    ours = _read_units(crs, faults, home)
    faults.raise_any()
    mine = None if file is None else read_units(file, _union_deepest(ours.frame), crs, faults)
    faults.raise_any()
    boundaries = _assemble(ours.frame, mine, faults, file, home)
    faults.raise_any()
    return boundaries, boundaries.repairs


# The theatre's own layers


def _assemble(
    ours: gpd.GeoDataFrame, mine: Units | None, faults: Faults, file: AreaFile | None, home: Path | None
) -> Boundaries:
    theatre, units = read_theatre(home), ours if mine is None else mine.frame
    crs, our_land = str(theatre["crs"]["map"]), _union_deepest(ours)
    country = our_land if mine is None else _union_deepest(units)
    areas = _read_areas(crs, country, our_land, home)
    places = _read_places(crs, faults, home)
    _check_namespace(units, areas, places, str(file.path) if file else _label(_UNITS, home), faults)
    return Boundaries(
        country=country,
        units=units,
        areas=areas,
        places=places,
        barriers=tuple(cast("LineString", shape) for _, shape in _read_features(_BARRIERS, crs, home)),
        crs=crs,
        area_crs=str(theatre["crs"]["area"]),
        inputs=tuple(describe_input(one, home) for one in list_boundary_files(file, home)),
        own=mine is not None,
        aliases={} if mine is None else mine.aliases,
        repairs=() if mine is None else mine.repairs,
    )


def _union_deepest(units: gpd.GeoDataFrame) -> Polygon | MultiPolygon:
    """Return the outline: the union of the areas of the deepest level, which tile it."""
    deepest = units[units["level"] == units["level"].max()]
    outline = merge_groups(np.asarray(deepest.geometry.array, dtype=object), [""] * len(deepest))[""]
    return cast("Polygon | MultiPolygon", outline)


def _read_units(crs: str, faults: Faults, home: Path | None) -> Units:
    """Return the areas of the theatre; those of a project are read as any user's are."""
    if home is not None:
        mine = read_units(AreaFile(data_file(_UNITS, home)), None, crs, faults)
        faults.raise_any()
        assert mine is not None
        return mine
    rows = [
        (str(words["code"]), int(words["level"]), str(words["name"]), str(words["name_ar"]), shape)
        for words, shape in _read_features(_UNITS, crs)
    ]
    if not rows:
        faults.add(_label(_UNITS), None, "holds no features; expected the administrative areas")
        faults.raise_any()
    return Units(build_units(rows, crs))


def _read_areas(crs: str, country: BaseGeometry, ours: BaseGeometry, home: Path | None) -> gpd.GeoDataFrame:
    """Return the special areas, fitted to the outline: a user's may leave one out."""
    import geopandas as gpd
    import pandas as pd

    features = _read_features(_AREAS, crs, home)
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


def _read_features(name: str, crs: str, home: Path | None = None) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """Return the properties and the geometry, in `crs`, of every feature of a GeoJSON; a project may have none."""
    file = data_file(name, home)
    if home is not None:
        frame = read_layer(file, _HOLDS[name], crs) if file.is_file() else None
        words = [] if frame is None else frame.drop(columns="geometry").reset_index().to_dict("records")
        return [] if frame is None else list(zip(words, frame.geometry, strict=True))
    features = json.loads(file.read_text("utf-8"))["features"]
    shapes = shapely.transform(
        np.array([shapely.geometry.shape(feature["geometry"]) for feature in features], dtype=object),
        _projector(crs),
        interleaved=False,
    )
    return [(feature["properties"], shape) for feature, shape in zip(features, shapes, strict=True)]


def _projector(crs: str) -> Callable[..., Any]:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform


def _label(name: str, home: Path | None = None) -> str:
    """Return a file of the theatre as faults name it."""
    return str(home / name) if home else f"data/{name}"


def list_boundary_files(areas: AreaFile | None = None, home: Path | None = None) -> list[Path]:
    """Return the files that boundaries are read from, the user's in place of the theatre's areas when given."""
    ours = [data_file(name, home) for name in (_AREAS, _BARRIERS, _PLACES)]
    kept = ours if home is None else [file for file in ours if file.is_file()]
    return [*list_parts(areas.path if areas else data_file(_UNITS, home)), *kept]


# Places


def _read_places(crs: str, faults: Faults, home: Path | None = None) -> gpd.GeoDataFrame:
    """Return places.csv as Boundaries.places, after noting every fault; a project's may leave most columns out."""
    import geopandas as gpd
    import pandas as pd

    file = _label(_PLACES, home)
    table = read_table(data_file(_PLACES, home), faults, file=file, drawn=True)
    faults.raise_any()
    assert table is not None
    needed = _PLACE_COLUMNS if home is None else _NEEDED
    if not check_heads(table, needed, faults):
        faults.raise_any()
    frame = table.frame if home is None else _fill_places(table.frame)
    frame = frame[list(_PLACE_COLUMNS)]
    _check_places(frame, table.lines.tolist(), file, faults)
    faults.raise_any()
    frame = frame.assign(**{name: pd.to_numeric(frame[name]) for name in _NUMBERS}, label=frame["label"] == "yes")
    x, y = _projector(crs)(frame["lon"].to_numpy(), frame["lat"].to_numpy())
    return gpd.GeoDataFrame(frame, geometry=shapely.points(x, y), crs=crs).set_index("id")


def _fill_places(frame: pd.DataFrame) -> pd.DataFrame:
    """Return places with what a project's table leaves out."""
    filled = {name: frame.get(name, "") for name in _PLACE_COLUMNS}
    usual = {
        name: frame[name].mask(frame[name] == "", word) if name in frame else word for name, word in _USUAL.items()
    }
    return frame.assign(**{**filled, **usual})


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
