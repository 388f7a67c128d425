"""A user's file of areas in any vector format: which layers it has, which one is meant, its features as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast
from zipfile import BadZipFile, ZipFile

from .columns import deepest_level
from .errors import MissingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd

    from .faults import Faults
    from .model import AreaFile

PARQUET = (".parquet", ".geoparquet")
SUFFIXES = (".geojson", ".json", ".shp", ".gpkg", ".zip", ".fgb", ".kml", ".topojson", ".gml", *PARQUET)
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")  # the files of a shapefile
_EXPECTED = "expected GeoJSON, a shapefile or GeoPackage"
_NO_CODE_PAGE = (0, 3, 0x57)  # what writers put into a DBF when they say nothing about its letters
_DBF_LANGUAGE = 29  # where a DBF says it


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a file: `source` is what GDAL opens, `level` the deepest level that its columns or name tell."""

    name: str
    source: str
    level: int
    features: int
    polygons: bool


def is_vector(path: Path) -> bool:
    """Return whether a file is one of areas, by its suffix; a Parquet file only when it says where its geometry is."""
    suffix = path.suffix.casefold()
    if suffix in PARQUET and path.is_file():
        return b'"primary_column"' in path.read_bytes()
    return suffix in SUFFIXES


def list_parts(path: Path) -> list[Path]:
    """Return a file; of a shapefile, all files that belong to it, whatever the case of their suffixes."""
    if path.suffix.casefold() != ".shp" or not path.parent.is_dir():
        return [path]
    beside = {other.suffix.casefold(): other for other in path.parent.iterdir() if other.stem == path.stem}
    return [path, *(beside[part] for part in PARTS[1:] if part in beside)]


def read_layer(areas: AreaFile, faults: Faults) -> gpd.GeoDataFrame | None:
    """Return the features of the layer that is named, else of the deepest level; None after noting why there are none.

    Raises MissingError for GeoParquet without pyarrow.
    """
    import geopandas as gpd

    path, file = areas.path, str(areas.path)
    if not path.is_file():
        found = "is a folder; expected a file" if path.is_dir() else "no such file; expected a vector file"
        faults.add(file, None, f"{found} such as GeoJSON{_nearest_vector(path)}")
        return None
    try:
        frame = _read_parquet(path) if path.suffix.casefold() in PARQUET else _read(areas, faults)
    except (ValueError, OSError, RuntimeError, BadZipFile) as error:  # pyogrio's own errors are RuntimeErrors
        reason = " ".join(str(error).split()).removesuffix(".")
        faults.add(file, None, f"cannot be read as a vector file: {reason}; {_EXPECTED}{_missing_parts(path)}")
        return None
    if frame is None:
        return None
    if not isinstance(frame, gpd.GeoDataFrame):
        faults.add(file, None, f"holds a table without geometry; expected polygons{_nearest_vector(path)}")
        return None
    if frame.empty:
        faults.add(file, None, "holds no features; expected one polygon for each administrative area")
        return None
    return frame


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    try:
        return gpd.read_parquet(path)
    except ImportError as error:
        raise MissingError("GeoParquet", "pyarrow", "parquet") from error


def _read(areas: AreaFile, faults: Faults) -> gpd.GeoDataFrame | None:
    import geopandas as gpd

    layers = list(_list_layers(areas.path))
    if not layers:
        found = "holds no vector file" if _is_zip(areas.path) else "holds no layer"
        faults.add(str(areas.path), None, f"{found}; {_EXPECTED}")
        return None
    layer = _choose(layers, areas.layer)
    if layer is None:
        known = [one.name for one in layers]
        near = get_close_matches(areas.layer, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        said = f"has no layer {areas.layer!r}; expected one of {', '.join(known)}{hint}"
        faults.add(str(areas.path), None, said)
        return None
    frame = gpd.read_file(layer.source, layer=layer.name, encoding=_encoding(areas.path))
    return cast("gpd.GeoDataFrame", frame)


# Layers


def _list_layers(path: Path) -> Iterator[Layer]:
    import pyogrio

    for source in _sources(path):
        for name, kind in pyogrio.list_layers(source):
            if kind:
                about = pyogrio.read_info(source, layer=name)
                level = max(deepest_level(about["fields"]), _level_in(str(name)))
                yield Layer(str(name), source, level, int(about["features"]), "Polygon" in kind or kind == "Unknown")


def _sources(path: Path) -> list[str]:
    """Return what GDAL opens for a file: itself, or every vector file in a zip, in whatever folder."""
    if not _is_zip(path):
        return [str(path)]
    with ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.startswith("__MACOSX")]
    inner = [name for name in names if name.casefold().endswith(tuple(set(SUFFIXES) - {".zip", *PARQUET}))]
    return [f"/vsizip/{path.resolve()}/{name}" for name in sorted(inner)]


def _is_zip(path: Path) -> bool:
    return path.suffix.casefold() == ".zip"


def _choose(layers: Sequence[Layer], name: str) -> Layer | None:
    """Return the layer of a name, whatever its case; without a name the layer of polygons on the deepest level."""
    if name:
        exact = [layer for layer in layers if layer.name == name]
        return next(iter([*exact, *(layer for layer in layers if layer.name.casefold() == name.casefold())]), None)
    return max(layers, key=lambda layer: (layer.polygons, layer.level, layer.features))


def _level_in(name: str) -> int:
    """Return the level that a layer's name tells ("syr_admbnda_adm2", 2), -1 for none."""
    found = re.findall(r"adm(?:in)?_?([0-5])", name.casefold())
    return int(found[-1]) if found else -1


def _encoding(path: Path) -> str | None:
    """Return UTF-8 for a shapefile that does not say how its letters are written and is in UTF-8; else None."""
    parts = {part.suffix.casefold(): part for part in list_parts(path)}
    if ".dbf" not in parts or ".cpg" in parts:
        return None
    table = parts[".dbf"].read_bytes()
    try:
        table[_DBF_LANGUAGE + 3 :].decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "UTF-8" if table[_DBF_LANGUAGE] in _NO_CODE_PAGE else None


# Ways out


def _nearest_vector(path: Path) -> str:
    """Return "; did you mean ...?" with the vector files beside (or in) a path that is none."""
    folder = path if path.is_dir() else path.parent
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    beside = [other.name for other in files if other.suffix.casefold() in SUFFIXES and other.is_file()]
    near = beside[:3] if path.is_dir() else get_close_matches(path.name, beside, n=2)
    return f"; did you mean {' or '.join(str(folder / name) for name in near)}?" if near else ""


def _missing_parts(path: Path) -> str:
    """Return what a shapefile lacks, "" for any other file."""
    if path.suffix.casefold() != ".shp":
        return ""
    there = {part.suffix.casefold() for part in list_parts(path)}
    lacking = [part for part in PARTS[1:4] if part not in there]
    return f"; {' and '.join(lacking)} should stand beside it" if lacking else ""
