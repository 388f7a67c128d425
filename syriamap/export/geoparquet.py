"""GeoParquet: one layer a file, full precision, what it is in the schema's metadata."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from ..errors import MissingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from ..theme import Theme


def encode_geoparquet(layers: Mapping[str, gpd.GeoDataFrame], about: Mapping[str, Any], theme: Theme) -> bytes:
    """Return the one layer given as GeoParquet. Raises MissingError when pyarrow is not installed."""
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise MissingError("GeoParquet", "pyarrow", "parquet") from error
    ((name, frame),) = layers.items()
    plain = io.BytesIO()
    frame.to_parquet(plain, index=False)
    table = parquet.read_table(plain)
    told = json.dumps({"layer": name, **about}, ensure_ascii=False).encode("utf-8")
    file = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({**table.schema.metadata, b"syriamap": told}), file)
    return file.getvalue()
