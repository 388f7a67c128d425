"""A user's administrative areas: read any vector file, find its codes and names, report every fault, make it tile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from .columns import check_codes, deepest_level, find_columns, level_in, make_code, read_aliases, read_codes, read_texts
from .coverage import keep_polygons, merge_groups
from .names import fold
from .scripts import describe_unprintable
from .survey import Country, Survey, check_place, check_presence, check_tiling, check_validity, join_parts
from .vector import read_features

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from .columns import Columns, Parent
    from .coverage import Geometries
    from .faults import Faults
    from .model import AreaFile
    from .vector import Layer

Texts = npt.NDArray[np.object_]

_MOST_REPAIRS = 30  # told one by one; the rest is counted


@dataclass(frozen=True)
class Units:
    """Administrative areas that tile: `frame` as in Boundaries.units.

    `aliases` are further spellings by code, `repairs` what was mended on the way, in words.
    """

    frame: gpd.GeoDataFrame
    repairs: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    """One area: what stands in its row of the frame, and its further spellings."""

    code: str
    level: int
    name: str
    name_ar: str
    aliases: tuple[str, ...]
    shape: BaseGeometry


def read_units(areas: AreaFile, land: BaseGeometry | None, crs: str, faults: Faults) -> Units | None:
    """Return the areas of a user's file in `crs`, tiling exactly; None after noting every fault.

    `land` is the country, in `crs`, on which the areas must lie, None where they are the country.
    The line of a fault is the number of the feature, from 1. Areas of the deepest level tile; a file that names their
    parents brings those too. What is wrong with the geometry is mended only when the user asks for it. Raises
    MissingError for a format whose reader is not installed.
    """
    before = len(faults.found)
    frame = read_areas(areas, faults)
    if frame is None:
        return None
    columns = find_columns(frame, areas, faults)
    if columns:
        _check_letters(frame, columns, str(areas.path), faults)
    codes = np.array(read_codes(frame, columns) if columns else [""] * len(frame), dtype=object)
    survey = Survey(str(areas.path), _labels(frame, columns, codes), Country(land, crs), faults, areas.repair)
    if columns and not (areas.repair and columns.code and all(codes)):  # those of one code are joined
        check_codes(codes.tolist(), columns, survey.file, faults)
    tiles = _check_geometry(frame, codes, survey)
    if tiles is None or columns is None or len(faults.found) > before:
        return None
    there = ~shapely.is_missing(tiles)
    rows = list(_list_rows(frame[there], columns, codes[there], tiles[there]))
    _check_levels(rows, survey)
    if len(faults.found) > before:
        return None
    units = build_units([(row.code, row.level, row.name, row.name_ar, row.shape) for row in rows], crs)
    return Units(units, _shorten(survey.repairs), {row.code: row.aliases for row in rows if row.aliases})


def _check_letters(frame: gpd.GeoDataFrame, columns: Columns, file: str, faults: Faults) -> None:
    """Note codes and names of which no map can carry every letter."""
    every: list[Columns | Parent] = [columns, *columns.parents]
    used = [name for one in every for name in (one.code, one.name, one.name_ar, *one.aliases) if name]
    for name in dict.fromkeys(used):
        for row, text in enumerate(read_texts(frame, name)):
            if said := describe_unprintable(text):
                faults.add(file, row + 1, f"{name} {said}")


def read_areas(areas: AreaFile, faults: Faults) -> gpd.GeoDataFrame | None:
    """Return the features of the layer that is named, else of the deepest level; None after noting why there are none.

    Raises MissingError for GeoParquet without pyarrow.
    """
    import geopandas as gpd

    file = str(areas.path)
    frame = read_features(areas.path, file, faults, _rate_layer, layer=areas.layer)
    if frame is None:
        return None
    if not isinstance(frame, gpd.GeoDataFrame):
        faults.add(file, None, "holds a table without geometry; expected polygons")
        return None
    if frame.empty:
        faults.add(file, None, "holds no features; expected one polygon for each administrative area")
        return None
    return frame


def _rate_layer(layer: Layer) -> tuple[bool, int, int]:
    """Return by what the layer of areas is known: polygons, the deepest level in its columns or name, most features."""
    polygons = "Polygon" in layer.kind or layer.kind == "Unknown"
    return polygons, max(deepest_level(layer.fields), level_in(layer.name)), layer.features


def _check_geometry(frame: gpd.GeoDataFrame, codes: Texts, survey: Survey) -> Geometries | None:
    """Return areas that tile, None for features that are left out; None after noting faults."""
    before = len(survey.faults.found)
    shapes = check_presence(np.asarray(frame.geometry.array, dtype=object), survey)
    if shapely.is_missing(shapes).all():
        return None
    moved = check_place(shapes, frame.crs, survey)
    if moved is None:
        return None
    moved = check_validity(moved, survey)
    if survey.mend:
        moved = join_parts(moved, codes, survey)
    if len(survey.faults.found) > before:
        return None
    there = ~shapely.is_missing(moved)
    moved[there] = check_tiling(moved[there], survey.keep(there))
    return moved


def _labels(frame: gpd.GeoDataFrame, columns: Columns | None, codes: Texts) -> list[str]:
    """Return how faults name every area: "SY05 (Hama)", its code alone, or "" for none."""
    names = read_texts(frame, columns.name if columns and columns.code else "")
    named = zip(codes, names, strict=True)
    return [f"{code} ({name})" if code and name not in ("", code) else code or name for code, name in named]


def _shorten(repairs: Sequence[str]) -> tuple[str, ...]:
    if len(repairs) <= _MOST_REPAIRS:
        return tuple(repairs)
    return (*repairs[:_MOST_REPAIRS], f"and {len(repairs) - _MOST_REPAIRS} more repairs")


# The frame


def _list_rows(frame: gpd.GeoDataFrame, columns: Columns, codes: Texts, tiles: Geometries) -> Iterator[_Row]:
    """Yield the areas of every level the file knows, the upper levels first."""
    for parent in columns.parents:
        yield from _list_parents(frame, parent, tiles)
    names, arabic = read_texts(frame, columns.name), read_texts(frame, columns.name_ar)
    aliases = read_aliases(frame, columns.aliases)
    for code, name, name_ar, more, shape in zip(codes, names, arabic, aliases, tiles, strict=True):
        yield _Row(code, columns.level, name or code, _one(name_ar), more, shape)


def _list_parents(frame: gpd.GeoDataFrame, parent: Parent, tiles: Geometries) -> Iterator[_Row]:
    """Yield the areas of a level above as the unions of theirs; none when a feature does not say where it belongs."""
    names, arabic = read_texts(frame, parent.name), read_texts(frame, parent.name_ar)
    keys = read_texts(frame, parent.code) if parent.code else [make_code(name, parent.level) for name in names]
    if not all(keys):
        return
    told = dict(zip(keys, zip(names, arabic, read_aliases(frame, parent.aliases), strict=True), strict=True))
    for key, shape in merge_groups(tiles, keys).items():
        name, name_ar, aliases = told[key]
        yield _Row(key, parent.level, name or key, _one(name_ar), aliases, shape)


def _one(name: str) -> str:
    """Return the first of several names in one cell."""
    return name.split("|", maxsplit=1)[0].strip()


def _check_levels(rows: Sequence[_Row], survey: Survey) -> None:
    """Note codes that mean areas of two levels."""
    level: dict[str, int] = {}
    for row in rows:
        if level.setdefault(row.code, row.level) != row.level:
            said = f"code {row.code!r} means areas of level {level[row.code]} and of level {row.level}"
            survey.faults.add(survey.file, None, f"{said}; expected every code once; choose another by --code-column")


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
    return "-".join(re.findall("[a-z0-9]+", fold(name)))
