"""Tables of data/ in the form that loads fastest, computed beforehand from files that stay the truth.

A prepared file is a line of JSON and then bytes. The line holds the key, which names all that the tables were computed
from with its hashes, and where in the bytes each column lies. A file whose key is not exactly the one asked for, or
whose hash is not the one of sources.toml, is never used: the reader then does the work. tools/prepare.py writes them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .catalog import data_file, read_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from .model import Input

    Key = Mapping[str, Any]

FOLDER = "prepared"
BETWEEN, WITHIN = "\x1f", "\x1e"  # the separators of values and of the parts of a value: no text of ours holds one
NUMBERS = ("<f8", "<i8", "<i4", "|b1", "<M8[s]")


@dataclass(frozen=True)
class Prepared:
    """The tables of one file, decoded when they are asked for."""

    tables: Mapping[str, Mapping[str, Any]]
    data: memoryview

    def frame(self, name: str, crs: str = "") -> Any:  # noqa: ANN401  # a GeoDataFrame when there is geometry
        """Return a table as it was packed; `crs` is that of its geometry."""
        table = self.tables[name]
        columns = {column: self._decode(where) for column, *where in table["columns"]}
        index = None if table["index"] is None else self._index(*table["index"])
        if "geometry" in columns:
            return gpd.GeoDataFrame(columns, geometry="geometry", index=index, crs=crs or None)
        return pd.DataFrame(columns, index=index)

    def shapes(self, name: str) -> NDArray[np.object_]:
        """Return the geometries of a table that has nothing else."""
        found: NDArray[np.object_] = self._decode(self.tables[name]["columns"][0][1:])
        return found

    def _index(self, name: str | None, *where: Any) -> pd.Index[Any]:  # noqa: ANN401
        found: pd.Index[Any] = pd.Index(self._decode(where), name=name, dtype=object if where[0] == "object" else None)
        return found

    def _decode(self, where: Sequence[Any]) -> Any:  # noqa: ANN401
        """Return the values of a column: a list of texts or tuples, an array of all else."""
        kind, count, start, end = where
        part = self.data[start:end]
        if kind in NUMBERS:
            return np.frombuffer(part, dtype=kind).copy()
        if kind == "wkb":
            return _read_shapes(part, count)
        texts = str(part, "utf-8").split(BETWEEN) if count else []
        return [tuple(text.split(WITHIN)) for text in texts] if kind == "tuple" else texts


def read_prepared(name: str, key: Key) -> Prepared | None:
    """Return the tables computed beforehand from exactly what the key names, or None."""
    path = f"{FOLDER}/{name}.bin"
    hashes = {file.path: file.sha256 for file in read_sources() if file.path == path}
    if not hashes or not data_file(path).is_file():
        return None
    data = data_file(path).read_bytes()
    head, _, rest = data.partition(b"\n")
    if sha256(data).hexdigest() != hashes[path]:
        return None
    found = json.loads(head)
    return Prepared(found["tables"], memoryview(rest)) if found["key"] == json.loads(json.dumps(key)) else None


def make_key(inputs: Iterable[Input], **settings: Any) -> Key:  # noqa: ANN401  # plain values
    """Return the key of what is computed from some files and settings."""
    return {"files": {one.path: one.sha256 for one in inputs}, **settings}


def pack(key: Key, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return tables as a prepared file. Raises ValueError for a column that would not come back as it is."""
    blocks: list[bytes] = []
    head = {"key": key, "tables": {name: _pack_table(frame, blocks) for name, frame in tables.items()}}
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    return b"\n".join([line.encode("utf-8"), b"".join(blocks)])


def _pack_table(frame: pd.DataFrame, blocks: list[bytes]) -> dict[str, Any]:
    plain = isinstance(frame.index, pd.RangeIndex)
    keys = pd.Series(frame.index.to_numpy(), dtype=frame.index.dtype)  # to_series would infer the type anew
    index = None if plain else [frame.index.name, *_pack_values(keys, blocks)]
    return {"index": index, "columns": [[name, *_pack_values(frame[name], blocks)] for name in frame.columns]}


def _pack_values(values: pd.Series[Any], blocks: list[bytes]) -> list[Any]:
    """Add the bytes of a column; return its kind, its length and where its bytes begin and end."""
    start = sum(map(len, blocks))
    kind = _find_kind(values)
    if kind in NUMBERS:
        blocks.append(values.to_numpy().astype(kind).tobytes())
    elif kind == "wkb":
        blocks.append(_write_shapes(values.to_numpy()))
    else:
        rows = values.tolist() if kind == "tuple" else [(value,) for value in values]
        if any(BETWEEN in text or WITHIN in text for row in rows for text in row):
            raise ValueError(f"{values.name}: a text holds a control character; expected none")
        blocks.append(BETWEEN.join(WITHIN.join(row) for row in rows).encode("utf-8"))
    return [kind, len(values), start, start + len(blocks[-1])]


def _find_kind(values: pd.Series[Any]) -> str:
    if values.dtype == "geometry":
        return "wkb"
    found = next((kind for kind in NUMBERS if values.dtype == np.dtype(kind)), "")
    if found:
        return found
    if len(values) and all(isinstance(value, tuple) and value and all(value) for value in values):
        return "tuple"
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{values.name}: {values.dtype} holds other things than texts; expected texts or numbers")
    return "object" if values.dtype == object else "text"


# Geometry: the length of each shape in bytes, then the shapes as WKB, coordinates to the last bit


def _write_shapes(shapes: NDArray[np.object_]) -> bytes:
    found = [bytes(shape) for shape in shapely.to_wkb(shapes, byte_order=1)]
    return np.array([len(shape) for shape in found], dtype="<i8").tobytes() + b"".join(found)


def _read_shapes(part: memoryview, count: int) -> NDArray[np.object_]:
    ends = 8 * count + np.cumsum(np.frombuffer(part[: 8 * count], dtype="<i8"))
    starts = [8 * count, *ends[:-1].tolist()]
    shapes = [bytes(part[start:end]) for start, end in zip(starts, ends.tolist(), strict=True)]
    return np.asarray(shapely.from_wkb(np.array(shapes, dtype=object)), dtype=object)
