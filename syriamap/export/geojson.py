"""GeoJSON (RFC 7946): one collection, each feature with its `layer`; `metadata` says where it comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shapely.geometry import mapping

from .layers import list_properties, round_degrees

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from ..theme import Theme


def encode_geojson(layers: Mapping[str, gpd.GeoDataFrame], about: Mapping[str, Any], theme: Theme) -> bytes:
    """Return the layers as one FeatureCollection: degrees of WGS 84 with seven decimals, one feature a line."""
    lines = [
        _encode({"type": "Feature", **feature}) for name, frame in layers.items() for feature in _list(name, frame)
    ]
    head = f'{{"type":"FeatureCollection",\n"metadata":{_encode(about)},\n"features":[\n'
    return (head + ",\n".join(lines) + "\n]}\n").encode("utf-8")


def _list(layer: str, frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    placed = round_degrees(frame)
    return [
        {"properties": {"layer": layer, **told}, "geometry": mapping(geometry)}
        for told, geometry in zip(list_properties(frame), placed.geometry, strict=True)
    ]


def _encode(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
