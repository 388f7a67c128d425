"""Vector files of any format: which layers they have, which one is meant, its features as they are."""

from __future__ import annotations

import warnings
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import IO, TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from .errors import MissingError
from .faults import suggest_file
from .limits import VECTOR_BYTES, VERTICES, find_lie, weigh, weigh_parquet, weigh_zip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from .faults import Faults

LAYERED = (".geojson", ".json", ".shp", ".gpkg", ".zip", ".fgb", ".kml", ".topojson", ".gml")  # as GDAL opens them
PARQUET = (".parquet", ".geoparquet")
SUFFIXES = (*LAYERED, *PARQUET)
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")  # the files of a shapefile
_FAILED = (ValueError, OSError, RuntimeError, BadZipFile, EOFError, zlib.error)  # pyogrio's own are RuntimeErrors
_EXPECTED = "expected GeoJSON, a shapefile or GeoPackage"
_COARSER = "leave out layers or simplify its lines, such as with mapshaper -simplify 10%"
_NO_CODE_PAGE = (0, 3, 0x57)  # what writers put into a DBF when they say nothing about its letters
_DBF_LANGUAGE = 29  # where a DBF says it
_HEAD = 65_536  # bytes in which a file says of what kind it is
_ELSEWHERE = (b"<ogrvrt", b"<ogrwfs", b"gdal_streamed_alg")  # how files begin that name others, here or on a network
_PACKED = {b"PK\x03\x04": "a zip", b"\x1f\x8b": "a gzip"}
_AT_HOME = {"GML_DOWNLOAD_SCHEMA": "NO"}  # for GDAL: a GML may name a server that describes it


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a file: `source` is what GDAL opens, `kind` its type of geometry, "" for a table without."""

    name: str
    source: str
    kind: str
    fields: tuple[str, ...]
    features: int


def is_vector(path: Path) -> bool:
    """Return whether a file is one of features, by its suffix; Parquet only when it says where its geometry is."""
    suffix = path.suffix.casefold()
    if suffix in PARQUET and path.is_file():
        return not weigh(path, VECTOR_BYTES) and b'"primary_column"' in path.read_bytes()
    return suffix in SUFFIXES


def list_parts(path: Path) -> list[Path]:
    """Return a file; of a shapefile, all files that belong to it, whatever the case of their suffixes."""
    if path.suffix.casefold() != ".shp" or not path.parent.is_dir():
        return [path]
    beside = {other.suffix.casefold(): other for other in path.parent.iterdir() if other.stem == path.stem}
    return [path, *(beside[part] for part in PARTS[1:] if part in beside)]


def list_fields(path: Path) -> tuple[str, ...]:
    """Return the names of the columns of all layers, none for a file that cannot be read or is too large."""
    try:
        return () if _judge(path) else tuple(field for layer in _list_layers(path) for field in layer.fields)
    except _FAILED:
        return ()


def read_features(
    path: Path,
    file: str,
    faults: Faults,
    rate: Callable[[Layer], Any],
    *,
    layer: str = "",
    others: Sequence[str] = (),
) -> pd.DataFrame | None:
    """Return the features of the `layer` that is named, else of the one that `rate` puts highest, the first of equals.

    None after noting why there are none, under the name `file`; for a file that is missing those of `others`, suffixes
    that the caller reads elsewhere, may be meant too. A table without geometry is a plain frame; a geometry that no
    program could make sense of (a ring that is not closed) is None. Raises MissingError for GeoParquet without pyarrow.
    """
    if not path.is_file():
        found = "is a folder; expected a file" if path.is_dir() else "no such file; expected a vector file"
        faults.add(file, None, f"{found} such as GeoJSON{suggest_file(path, (*SUFFIXES, *others))}")
        return None
    try:
        if said := _judge(path):
            faults.add(file, None, said)
            return None
        frame = (
            _read_parquet(path, file, faults)
            if path.suffix.casefold() in PARQUET
            else _read(path, file, faults, rate, layer)
        )
    except _FAILED as error:
        reason = " ".join(str(error).split()).removesuffix(".")
        faults.add(file, None, f"cannot be read as a vector file: {reason}; {_EXPECTED}{_missing_parts(path)}")
        return None
    if said := _count_points(frame):
        faults.add(file, None, f"{said}; {_COARSER}")
        return None
    return frame


# Before it is read


def _judge(path: Path) -> str:
    """Return why a file is not given to whoever reads its form: too large, packed or unpacked, or no data; else ""."""
    if said := next(filter(None, (weigh(part, VECTOR_BYTES) for part in list_parts(path))), ""):
        return f"{said}; {_COARSER}"
    if path.suffix.casefold() in PARQUET:
        return ""  # weighed where it is read
    if not _is_zip(path):
        return _judge_head(path.open("rb"))
    with ZipFile(path) as archive:
        if said := weigh_zip(archive):
            return f"{said}; {_COARSER}"
        if said := find_lie(archive):
            return said
        heads = (_judge_head(archive.open(name)) for name in _list_inner(archive))
        return next(filter(None, heads), "")


def _judge_head(opened: IO[bytes]) -> str:
    """Return why a file is none of data, by how it begins, whatever its name; else ""."""
    with opened as file:
        head = file.read(_HEAD)
    if packed := next((kind for magic, kind in _PACKED.items() if head.startswith(magic)), ""):
        return f"is {packed}; {_EXPECTED}: unpack it"
    if any(mark in head.lower() for mark in _ELSEWHERE):
        return f"only names where data are, here or on a network; {_EXPECTED}: make one with ogr2ogr"
    return ""


def _count_points(frame: pd.DataFrame | None) -> str:
    """Return what to say of features with more points than are drawn, "" for any other."""
    import geopandas as gpd
    import shapely

    if not isinstance(frame, gpd.GeoDataFrame):
        return ""
    points = int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    return f"has {points:,} points in its lines; expected {VERTICES:,} at most" if points > VERTICES else ""


def _read_parquet(path: Path, file: str, faults: Faults) -> pd.DataFrame | None:
    import geopandas as gpd

    try:
        if said := weigh_parquet(path):
            faults.add(file, None, f"{said}; {_COARSER}")
            return None
        frame: pd.DataFrame = gpd.read_parquet(path)
    except ImportError as error:
        raise MissingError("GeoParquet", "pyarrow", "parquet") from error
    return frame


def _read(path: Path, file: str, faults: Faults, rate: Callable[[Layer], Any], name: str) -> pd.DataFrame | None:
    import geopandas as gpd

    layers = list(_list_layers(path))
    if not layers:
        faults.add(file, None, f"holds no {'vector file' if _is_zip(path) else 'layer'}; {_EXPECTED}")
        return None
    layer = _find(layers, name) if name else max(layers, key=rate)
    if layer is None:
        known = [one.name for one in layers]
        near = get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        faults.add(file, None, f"has no layer {name!r}; expected one of {', '.join(known)}{hint}")
        return None
    encoding = _encoding(path)
    with _at_home():
        frame: pd.DataFrame = gpd.read_file(layer.source, layer=layer.name, encoding=encoding, on_invalid="ignore")
    return frame


# Layers


def _list_layers(path: Path) -> Iterator[Layer]:
    import pyogrio

    for source in _sources(path):
        with _at_home():
            named = pyogrio.list_layers(source)
        for name, kind in named:
            with _at_home():
                about = pyogrio.read_info(source, layer=name)
            fields = tuple(str(field) for field in about["fields"])
            yield Layer(str(name), source, kind or "", fields, int(about["features"]))


@contextmanager
def _at_home() -> Iterator[None]:
    """Keep GDAL from servers that a file names while it reads that, and leave its settings as they were."""
    import pyogrio

    before = {name: pyogrio.get_gdal_config_option(name) for name in _AT_HOME}
    pyogrio.set_gdal_config_options(_AT_HOME)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "GFS file saving")  # nothing is to be written beside a GML
            yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _sources(path: Path) -> list[str]:
    """Return what GDAL opens for a file: itself, or every vector file in a zip, in whatever folder.

    Beside a GML it would write what it has learned of it; a part of a file, here the whole, has no such place.
    """
    if path.suffix.casefold() == ".gml":
        return [f"/vsisubfile/0,{path.resolve()}"]
    if not _is_zip(path):
        return [str(path)]
    with ZipFile(path) as archive:
        return [f"/vsizip/{path.resolve()}/{name}" for name in _list_inner(archive)]


def _list_inner(archive: ZipFile) -> list[str]:
    """Return the vector files in a zip, those aside that a Mac puts beside them."""
    names = [name for name in archive.namelist() if not name.startswith("__MACOSX")]
    return sorted(name for name in names if name.casefold().endswith(tuple(set(LAYERED) - {".zip"})))


def _is_zip(path: Path) -> bool:
    return path.suffix.casefold() == ".zip"


def _find(layers: Sequence[Layer], name: str) -> Layer | None:
    """Return the layer of a name, as it is written if there is such a one, else whatever its case."""
    exact = [layer for layer in layers if layer.name == name]
    return next(iter([*exact, *(layer for layer in layers if layer.name.casefold() == name.casefold())]), None)


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


def _missing_parts(path: Path) -> str:
    """Return what a shapefile lacks, "" for any other file."""
    if path.suffix.casefold() != ".shp":
        return ""
    there = {part.suffix.casefold() for part in list_parts(path)}
    lacking = [part for part in PARTS[1:4] if part not in there]
    return f"; {' and '.join(lacking)} should stand beside it" if lacking else ""
