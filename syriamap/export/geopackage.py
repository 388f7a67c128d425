"""GeoPackage: all layers in one file, with the styles in which they open and a table of their sources."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio

from .styles import make_qml, make_sld

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from ..theme import Theme

CLOCK = "OGR_CURRENT_DATE"  # what the driver writes instead of the time of day
LISTED = ("table_name", "data_type", "identifier", "description", "last_change")
STYLED = (
    *("f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML", "styleSLD"),
    *("useAsDefault", "description", "owner", "update_time"),
)
STYLES = """CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""


def encode_geopackage(layers: Mapping[str, gpd.GeoDataFrame], about: Mapping[str, Any], theme: Theme) -> bytes:
    """Return the layers as one GeoPackage in full precision; every time stamp is the day of the data."""
    moment = f"{about['as_of']}T00:00:00.000Z"
    told = {"as_of": about["as_of"], "metadata": json.dumps(about, ensure_ascii=False)}
    with tempfile.TemporaryDirectory() as folder, _stopped_clock(moment):
        path = Path(folder) / "layers.gpkg"
        for name, frame in layers.items():
            pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", layer_metadata=told, append=path.exists())
        sources = pd.DataFrame(about["sources"], columns=["title", "url", "licence", "date"]).astype(str)
        pyogrio.write_dataframe(sources, path, layer="sources", driver="GPKG", append=True)
        _add_styles(path, layers, theme, moment)
        return path.read_bytes()


@contextmanager
def _stopped_clock(moment: str) -> Iterator[None]:
    """Let the driver believe that it is a given moment."""
    before = pyogrio.get_gdal_config_option(CLOCK)
    pyogrio.set_gdal_config_options({CLOCK: moment})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({CLOCK: before})


def _add_styles(path: Path, layers: Mapping[str, gpd.GeoDataFrame], theme: Theme, moment: str) -> None:
    """Add the table in which desktop GIS looks for styles."""
    listed = ("layer_styles", "attributes", "layer_styles", "", moment)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(STYLES)
        base.execute(f"INSERT INTO gpkg_contents ({', '.join(LISTED)}) VALUES (?,?,?,?,?)", listed)
        for name, frame in layers.items():
            drawn = make_qml(name, frame, theme), make_sld(name, frame, theme)
            style = ("", "", name, "geom", theme.name, *drawn, 1, "", "", moment)
            base.execute(f"INSERT INTO layer_styles ({', '.join(STYLED)}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", style)
