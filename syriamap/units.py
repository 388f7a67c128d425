"""A user's administrative areas: read any vector file, find its codes and names, report every fault, make it tile."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from .coverage import find_overlaps, keep_polygons, merge_groups, repair, tile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from .coverage import Geometries
    from .faults import Faults
    from .model import AreaFile

SUFFIXES = (".geojson", ".json", ".shp", ".gpkg", ".zip", ".fgb", ".kml", ".topojson", ".gml")

# What publishers call the code of an area; {n} stands for its level. The first pattern found on the deepest level wins.
_CODES = ("adm{n}_pcode", "admin{n}pcode", "admin{n}pcod", "adm{n}pcode", "adm{n}_code", "adm{n}_id", "gid_{n}")
_CODES_ALONE = ("pcode", "p_code", "code", "unit", "shapeid", "iso_3166_2", "id", "shapeiso", "hasc", "iso", "osm_id")
_NAMES = ("adm{n}_en", "adm{n}_name", "admin{n}name_en", "admin{n}name", "adm{n}name", "name_{n}")
_NAMES_ALONE = ("name_en", "name", "shapename", "label")
_ARABIC = ("adm{n}_ar", "adm{n}_name1", "admin{n}name_ar", "nl_name_{n}")
_ARABIC_ALONE = ("name_ar", "name1", "label_ar")
_LEVELS = (5, 4, 3, 2, 1, 0)
_OFFSHORE_M = 25_000.0  # islands and generous borders may lie this far from our outline
_FEW = 20  # features named one by one when they lie outside the country


@dataclass(frozen=True)
class Units:
    """Administrative areas that tile: `frame` as in Boundaries.units, and what was mended on the way, in words."""

    frame: gpd.GeoDataFrame
    repairs: tuple[str, ...]


@dataclass(frozen=True)
class _Columns:
    """Which columns of the file hold what; "" = none. `parents` are (level, code, name, Arabic name)."""

    level: int
    code: str
    name: str
    name_ar: str
    parents: tuple[tuple[int, str, str, str], ...]


@dataclass(frozen=True)
class _Country:
    """The land on which areas must lie, in metres of `crs`."""

    land: BaseGeometry
    crs: str


def read_units(areas: AreaFile, land: BaseGeometry | None, crs: str, faults: Faults) -> Units | None:
    """Return the areas of a user's file in `crs`, tiling exactly; None after noting every fault.

    `land` is the country, in `crs`, on which the areas must lie, None where they are the country.
    The line of a fault is the number of the feature, from 1. Areas of the deepest level tile; a file that names their
    parents brings those too.
    """
    path, before = areas.path, len(faults.found)
    file = str(path)
    frame = _open(path, file, faults)
    if frame is None:
        return None
    columns = _find_columns(frame, file, faults)
    repairs: list[str] = []
    shapes = _check_shapes(frame, file, faults, repairs)
    if columns:
        _check_codes(_texts(frame, columns.code), columns.code, file, faults)
    if frame.crs is None:
        faults.add(file, None, _describe_missing_crs(frame, path))
    elif shapes is not None:
        shapes = _project(shapes, frame.crs, crs)
        if land is not None:
            _check_land(shapes, frame, _Country(land, crs), file, faults)
        _check_overlaps(shapes, _labels(frame, columns), file, faults)
    if shapes is None or columns is None or len(faults.found) > before:
        return None
    tiles = tile(shapes)
    if tiles is not shapes:
        repairs.append("slivers between neighbours were closed so that the areas tile")
    return Units(_build(frame, columns, tiles, crs), tuple(repairs))


# Reading


def _open(path: Path, file: str, faults: Faults) -> gpd.GeoDataFrame | None:
    import geopandas as gpd

    if not path.exists():
        faults.add(file, None, f"no such file; expected a vector file such as GeoJSON{_nearest_vector(path)}")
        return None
    try:
        frame = gpd.read_file(path, layer=_choose_layer(path))
    except (ValueError, OSError, RuntimeError) as error:  # pyogrio's own errors are RuntimeErrors
        reason = " ".join(str(error).split()).removesuffix(".")
        faults.add(
            file, None, f"cannot be read as a vector file: {reason}; expected GeoJSON, a shapefile or GeoPackage"
        )
        return None
    if not isinstance(frame, gpd.GeoDataFrame):
        faults.add(file, None, f"holds a table without geometry; expected polygons{_nearest_vector(path)}")
        return None
    if frame.empty:
        faults.add(file, None, "holds no features; expected one polygon for each administrative area")
        return None
    return frame


def _nearest_vector(path: Path) -> str:
    """Return "; did you mean ...?" with the vector files beside (or in) a path that is none."""
    from difflib import get_close_matches

    folder = path if path.is_dir() else path.parent
    beside = sorted(other.name for other in folder.iterdir() if other.suffix in SUFFIXES) if folder.is_dir() else []
    near = beside[:3] if path.is_dir() else get_close_matches(path.name, beside, n=2)
    return f"; did you mean {' or '.join(str(folder / name) for name in near)}?" if near else ""


def _choose_layer(path: Path) -> str | None:
    """Return the layer of polygons on the deepest level, of a file with several; None for the only one."""
    import pyogrio

    layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind and "Polygon" in kind]
    if len(layers) < 2:
        return layers[0] if layers else None
    infos = {name: pyogrio.read_info(path, layer=name) for name in layers}
    return max(layers, key=lambda name: (_deepest(infos[name]["fields"])[0], infos[name]["features"]))


# Columns


def _deepest(fields: Iterable[str]) -> tuple[int, str]:
    """Return the deepest level whose code stands in a column, and that column; (-1, "") when none does."""
    by_fold = {str(field).casefold(): str(field) for field in fields}
    for level in _LEVELS:
        for pattern in _CODES:
            if pattern.format(n=level) in by_fold:
                return level, by_fold[pattern.format(n=level)]
    return -1, ""


def _find_columns(frame: gpd.GeoDataFrame, file: str, faults: Faults) -> _Columns | None:
    fields = [str(name) for name in frame.columns if name != frame.geometry.name]
    level, code = _deepest(fields)
    if not code:
        code = _find_code_alone(frame, fields)
        level = _guess_level(frame, fields)
    if not code:
        known = "id, pcode, adm1_pcode, shapeID, GID_1, iso_3166_2"
        shown = ", ".join(fields[:12]) or "no columns at all"
        faults.add(file, None, f"no column holds codes ({shown}); expected one such as {known}; rename yours to id")
        return None
    parents = []
    for upper in range(level):
        found = _code_of(fields, upper)
        if found:
            parents.append((upper, found, _first(fields, _NAMES, (), upper), _find_arabic(frame, fields, upper)))
    name = _first(fields, _NAMES, _NAMES_ALONE, level)
    return _Columns(level, code, name, _find_arabic(frame, fields, level), tuple(parents))


def _code_of(fields: Sequence[str], level: int) -> str:
    return _first(fields, _CODES, (), level)


def _first(fields: Iterable[str], patterns: Iterable[str], alone: Iterable[str], level: int) -> str:
    by_fold = {field.casefold(): field for field in fields}
    wanted = [pattern.format(n=level) for pattern in patterns] + list(alone)
    return next((by_fold[name] for name in wanted if name in by_fold), "")


def _find_code_alone(frame: pd.DataFrame, fields: Sequence[str]) -> str:
    """Return the first usual column whose values are complete and differ, else the first usual column, else ""."""
    by_fold = {field.casefold(): field for field in fields}
    usual = [by_fold[name] for name in _CODES_ALONE if name in by_fold]
    sound = (name for name in usual if all(_texts(frame, name)) and frame[name].is_unique)
    return next(sound, usual[0] if usual else "")


def _guess_level(frame: pd.DataFrame, fields: Sequence[str]) -> int:
    """Return the level that a column states ("ADM2", 2), else 1."""
    by_fold = {field.casefold(): field for field in fields}
    for name in ("shapetype", "level", "adm_level", "admlevel"):
        if name in by_fold:
            digits = re.findall(r"[0-5]", " ".join(_texts(frame, by_fold[name])))
            if digits:
                return max(int(digit) for digit in digits)
    return 1


def _find_arabic(frame: pd.DataFrame, fields: Sequence[str], level: int) -> str:
    """Return the column of Arabic names: one of the usual names, provided that its values are Arabic."""
    by_fold = {field.casefold(): field for field in fields}
    usual = [pattern.format(n=level) for pattern in _ARABIC] + list(_ARABIC_ALONE)
    columns = (by_fold[name] for name in usual if name in by_fold)
    return next((name for name in columns if re.search("[\u0600-\u06ff]", "".join(_texts(frame, name)))), "")


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column as stripped texts, "" for nothing; whole numbers lose their ".0"."""
    if not column:
        return [""] * len(frame)
    return [_text(value) for value in frame[column].tolist()]


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


# Faults


def _check_codes(codes: Sequence[str], column: str, file: str, faults: Faults) -> None:
    first: dict[str, int] = {}
    for number, code in enumerate(codes, start=1):
        if not code:
            faults.add(file, number, f"{column} is empty; expected the code of the area")
        elif code in first:
            faults.add(file, number, f"{column} {code!r} stands in feature {first[code]} too; expected every code once")
        first.setdefault(code, number)


def _check_shapes(frame: gpd.GeoDataFrame, file: str, faults: Faults, repairs: list[str]) -> Geometries | None:
    """Return valid polygons in the file's own CRS, or None after noting each feature that has none."""
    raw: Geometries = np.asarray(frame.geometry.array, dtype=object)
    kinds = {shape.geom_type for shape in raw if shape is not None}
    if kinds and not any("Polygon" in kind for kind in kinds):
        found = " and ".join(sorted(kinds))
        faults.add(file, None, f"holds {len(raw)} features of {found}; expected polygons of administrative areas")
        return None
    before = len(faults.found)
    shapes = [_check_shape(shape, number, file, faults, repairs) for number, shape in enumerate(raw, start=1)]
    if len(faults.found) > before:
        return None
    return np.array(shapes, dtype=object)


def _check_shape(
    shape: BaseGeometry | None, number: int, file: str, faults: Faults, repairs: list[str]
) -> BaseGeometry | None:
    if shape is None or shape.is_empty:
        state = "missing" if shape is None else "empty"
        faults.add(file, number, f"the geometry is {state}; expected a polygon")
        return None
    if "Polygon" not in shape.geom_type:
        faults.add(file, number, f"the geometry is a {shape.geom_type}; expected a Polygon or MultiPolygon")
        return None
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        faults.add(file, number, "a coordinate is no number; expected finite coordinates")
        return None
    if shape.is_valid:
        return shapely.force_2d(shape)
    reason = shapely.is_valid_reason(shape)
    mended = repair(shapely.force_2d(shape))
    if mended is None:
        faults.add(file, number, f"the polygon is invalid ({reason}) and cannot be repaired without changing its land")
        return None
    repairs.append(f"feature {number} was repaired: {reason}")
    return mended


def _describe_missing_crs(frame: gpd.GeoDataFrame, path: Path) -> str:
    west, south, east, north = frame.total_bounds
    degrees = west >= -180 and east <= 180 and south >= -90 and north <= 90
    hint = "the coordinates look like degrees: EPSG:4326" if degrees else "the coordinates look like metres"
    where = "a .prj file beside the shapefile" if path.suffix == ".shp" else "a CRS in the file"
    return f"the file has no CRS; expected {where}; {hint}"


def _check_land(shapes: Geometries, frame: gpd.GeoDataFrame, country: _Country, file: str, faults: Faults) -> None:
    """Note areas that do not lie on the country at all: one fault for the file, or one for each of a few."""
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=1)  # what lies off the globe has no place in the map's CRS
    near = np.zeros(len(shapes), dtype=bool)
    near[finite] = shapely.dwithin(shapes[finite], country.land, _OFFSHORE_M)
    off = np.flatnonzero(~near)
    if len(off) == len(shapes):
        faults.add(file, None, f"lies nowhere over the country; {_describe_place(frame, country)}")
    elif len(off) > _FEW:
        example = f"feature {off[0] + 1}"
        faults.add(file, None, f"{len(off)} of {len(shapes)} features lie outside the country, such as {example}")
    else:
        for at in off:
            faults.add(file, int(at) + 1, "the area lies outside the country; expected areas of the country alone")


def _describe_place(frame: gpd.GeoDataFrame, country: _Country) -> str:
    """Return where a misplaced file lies, and why that may be so."""
    west, south, east, north = frame.total_bounds
    where = f"its coordinates run from {west:g}, {south:g} to {east:g}, {north:g} in {frame.crs.name}"
    if frame.crs.is_geographic and max(abs(west), abs(east), abs(south), abs(north)) > 360:
        return f"{where}; they look like metres: the file states the wrong CRS"
    swapped = _project(np.array([shapely.box(south, west, north, east)], dtype=object), frame.crs, country.crs)
    if np.isfinite(shapely.bounds(swapped)).all() and shapely.intersects(swapped, country.land).all():
        return f"{where}; longitude comes first, then latitude: the two are swapped"
    return where


def _project(shapes: Geometries, source: object, crs: str) -> Geometries:
    from pyproj import Transformer

    transformer = Transformer.from_crs(source, crs, always_xy=True)
    moved: Geometries = shapely.transform(shapes, transformer.transform, interleaved=False)  # type: ignore[arg-type]
    return moved


def _check_overlaps(shapes: Geometries, labels: Sequence[str], file: str, faults: Faults) -> None:
    if not np.isfinite(shapely.bounds(shapes)).all():
        return
    for pair in find_overlaps(shapes):
        other = f"feature {pair.first + 1} ({labels[pair.first]})"
        land = f"{pair.area_km2:,.1f} km2 of {labels[pair.second]} lie in {other} too"
        faults.add(file, pair.second + 1, f"{land}; expected areas that do not overlap")


def _labels(frame: pd.DataFrame, columns: _Columns | None) -> list[str]:
    if columns is None:
        return [f"feature {number}" for number in range(1, len(frame) + 1)]
    return [code or f"feature {at}" for at, code in enumerate(_texts(frame, columns.code), start=1)]


# The frame


def _build(frame: gpd.GeoDataFrame, columns: _Columns, tiles: Geometries, crs: str) -> gpd.GeoDataFrame:
    """Return the areas of every level the file knows, the upper levels first."""
    rows: list[tuple[str, int, str, str, BaseGeometry]] = []
    for level, code, name, name_ar in columns.parents:
        keys = _texts(frame, code)
        names = dict(zip(keys, zip(_texts(frame, name), _texts(frame, name_ar), strict=True), strict=True))
        if all(keys):
            rows += [(key, level, *names[key], shape) for key, shape in merge_groups(tiles, keys).items()]
    own = (_texts(frame, column) for column in (columns.code, columns.name, columns.name_ar))
    for (code, name, name_ar), shape in zip(zip(*own, strict=True), tiles, strict=True):
        rows.append((code, columns.level, name or code, name_ar, shape))
    return build_units(rows, crs)


def build_units(rows: Sequence[tuple[str, int, str, str, BaseGeometry]], crs: str) -> gpd.GeoDataFrame:
    """Return rows of (code, level, name, Arabic name, polygon in `crs`) as Boundaries.units."""
    import geopandas as gpd
    import pandas as pd

    codes, levels, names, arabic, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"level": levels, "slug": [slugify(name) for name in names], "name": names, "name_ar": arabic},
        geometry=[keep_polygons(shape) for shape in shapes],
        index=pd.Index(codes, name="code"),
        crs=crs,
    )


def slugify(name: str) -> str:
    """Return a name in lower-case ASCII, words joined by "-"."""
    from .names import fold

    return "-".join(re.findall("[a-z0-9]+", fold(name)))
