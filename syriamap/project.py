"""Lay out a project: a folder with the data of another theatre, which renders at once and waits to be filled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from string import Template
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from .catalog import data_file
from .errors import OutputError
from .faults import Faults
from .save import check_target, write_together
from .tables import write_table
from .theatre import FILE, SOURCES
from .theme import STYLE
from .units import read_areas, read_units, slugify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from .model import AreaFile

TEMPLATE = "template"
ISLAND = ("Exampleland", f"{TEMPLATE}/island.geojson", f"{TEMPLATE}/island_places.csv")
WGS84 = "EPSG:4326"
DECIMALS = 6  # of a degree: a tenth of a metre
AIR = 0.06  # of a country's width and height: left around it
PARALLEL = 1 / 6  # of its height: how far the standard parallels of a conic map lie inside it (Snyder 1987)
FLAT = 8.0  # degrees: a country nearer to the equator than this, on both sides of it, is drawn on a cylinder
START = date(2024, 1, 2)
MOST_PLACES = 30  # units named on the map of a country for which nobody brings places
PLACES = ("id", "name", "name_ar", "kind", "rank", "lon", "lat", "role")
STATEMENTS = ("date", "unit", "controller", "status", "change", "basis", "source", "note")
NOTE = "an example: put your own statement here"


@dataclass(frozen=True, slots=True)
class Country:
    """What a project is about: its deepest units in degrees, the codes and names of all levels, and its places."""

    name: str
    units: gpd.GeoDataFrame
    places: pd.DataFrame
    origin: str
    credit: str
    licence: str
    taken: date


def lay_out_project(
    folder: Path,
    *,
    areas: AreaFile | None = None,
    name: str = "",
    start: date = START,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write the files of a project into a folder and return their paths; `start` is the first day of the offensive.

    `areas` are the administrative areas of the country `name`; without them an invented island stands in. Raises
    DataError for faults of the areas, OutputError when a file exists and `overwrite` is not given; then nothing is
    written.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; expected a folder, new or empty")
    country = _read_country(areas, name) if areas else _read_island(name)
    files = {folder / path: content for path, content in _compose(folder, country, start)}
    for path in files:
        check_target(path, overwrite=overwrite)
    write_together(files)
    return tuple(files)


# The country


def _read_island(name: str) -> Country:
    import geopandas as gpd
    import pandas as pd

    title, units, places = ISLAND
    frame = gpd.read_file(data_file(units), engine="pyogrio")
    table = pd.read_csv(data_file(places), dtype=str, keep_default_na=False)
    return Country(name or title, frame, table, "invented", "an invented island", "public domain", START)


def _read_country(areas: AreaFile, name: str) -> Country:
    """Return the country of a user's file, its areas verified and tiling."""
    faults = Faults()
    raw = read_areas(areas, faults)
    faults.raise_any()
    found = read_units(areas, None, choose_crs(_degrees(raw))[0], faults)
    faults.raise_any()
    assert found is not None
    units = _name_parents(found.frame)
    places = _name_units(found.frame)
    file = areas.path.name
    taken = datetime.fromtimestamp(areas.path.stat().st_mtime, UTC).date()
    return Country(name or areas.path.stem, units, places, file, areas.credit or file, "see its maker's terms", taken)


def _degrees(frame: gpd.GeoDataFrame | None) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a frame; the globe's for one without a CRS, which is refused later."""
    if frame is None or frame.crs is None or not np.isfinite(frame.to_crs(WGS84).total_bounds).all():
        return -180.0, -60.0, 180.0, 80.0
    west, south, east, north = frame.to_crs(WGS84).total_bounds.tolist()
    return west, south, east, north


def _name_parents(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the deepest units in degrees with the codes and names of all levels, as COD-AB calls them."""
    deepest = int(frame["level"].max())
    units = frame[frame["level"] == deepest]
    inner = units.geometry.representative_point()
    found: dict[str, list[str]] = {}
    for level in sorted(frame["level"].unique().tolist()):
        upper = frame[frame["level"] == level]
        at = upper.sindex.nearest(inner, return_all=False)[1] if level < deepest else np.arange(len(units))
        rows = upper.iloc[at]
        found |= {f"adm{level}_pcode": list(map(str, rows.index)), f"adm{level}_name": rows["name"].tolist()}
        found[f"adm{level}_name1"] = rows["name_ar"].tolist()
    import geopandas as gpd

    return gpd.GeoDataFrame(found, geometry=units.geometry.to_numpy(), crs=frame.crs).to_crs(WGS84)


def _name_units(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a marker in the middle of every unit of the highest level that has several, the largest first."""
    import pandas as pd

    counts = frame.groupby("level").size()
    level = next((level for level, count in counts.items() if count > 1), counts.index[-1])
    units = frame[frame["level"] == level].copy()
    units = units.iloc[np.argsort(-units.geometry.area.to_numpy(), kind="stable")].head(MOST_PLACES)
    spots = units.geometry.representative_point().to_crs(WGS84)
    slugs = pd.Series([slugify(one) or "unit" for one in units["name"]])
    slugs = slugs.where(~slugs.duplicated(), slugs + "-" + slugs.groupby(slugs).cumcount().add(1).astype(str))
    rows = zip(slugs, units["name"], units["name_ar"], spots.x, spots.y, strict=True)
    return pd.DataFrame(
        [
            (f"{slug}-area", name, arabic, "district", "4", f"{x:.{DECIMALS}f}", f"{y:.{DECIMALS}f}", "marker")
            for slug, name, arabic, x, y in rows
        ],
        columns=list(PLACES),
    )


# The files


def _compose(folder: Path, country: Country, start: date) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file of a project, those first that others name."""
    west, south, east, north = country.units.total_bounds.tolist()
    dx, dy = AIR * (east - west), AIR * (north - south)
    frame = {"west": west - dx, "south": max(south - dy, -90), "east": east + dx, "north": min(north + dy, 90)}
    map_crs, area_crs = choose_crs((west, south, east, north))
    day = start + timedelta(days=1)
    words = {
        **{edge: f"{value:.2f}" for edge, value in frame.items()},
        "folder": str(folder),
        "name": country.name,
        "start": start.isoformat(),
        "day": day.isoformat(),
        "taken": country.taken.isoformat(),
    }
    texts = {
        "map_crs": map_crs,
        "area_crs": area_crs,
        "origin": country.origin,
        "credit": country.credit,
        "licence": country.licence,
        "places_origin": f"towns or middles of areas: {country.origin}",
        "title": f"Areas of control in {_plain(country.name)}",
        "title_in": f"Areas of control in {{name}}, {_plain(country.name)}",
        "title_at": f"Areas of control around {{name}}, {_plain(country.name)}",
        "telling_map": f"Map of {_plain(country.name)}, {{day}}.",
        "telling_part": f"Map of {_plain(country.name)} ({{places}}), {{day}}.",
    }
    words |= {key: json.dumps(text, ensure_ascii=False) for key, text in texts.items()}
    words["places"] = ", ".join(json.dumps(one) for one in country.places["id"])
    yield "boundaries/units.geojson", _encode_units(country.units)
    yield "places/places.csv", write_table(country.places).encode("utf-8")
    yield "control/statements.csv", write_table(_statements(country.units, start)).encode("utf-8")
    for path, source in (
        ("control/actors.csv", "actors.csv"),
        (STYLE, "theme.toml"),
        ("names/en.toml", "names.toml"),
        (SOURCES, "sources.toml"),
        ("README.md", "README.md"),
        (FILE, "theatre.toml"),
    ):
        yield path, _fill(source, words)


def _plain(name: str) -> str:
    """Return a name as a phrase can hold it: braces stand for what is filled in."""
    return name.replace("{", "(").replace("}", ")")


def _fill(source: str, words: Mapping[str, Any]) -> bytes:
    text = data_file(f"{TEMPLATE}/{source}").read_text("utf-8")
    return Template(text).substitute(words).encode("utf-8") if "$" in text else text.encode("utf-8")


def _encode_units(units: gpd.GeoDataFrame) -> bytes:
    """Return the units as GeoJSON, a feature to a line; borders stay shared, since all points are rounded alike."""
    fields = [name for name in units.columns if name != "geometry"]
    shapes = shapely.transform(units.geometry.to_numpy(), lambda points: np.round(points, DECIMALS))
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(fields, row, strict=True)),
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for row, shape in zip(units[fields].itertuples(index=False, name=None), shapes, strict=True)
    ]
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def _statements(units: gpd.GeoDataFrame, start: date) -> pd.DataFrame:
    """Return three example rows: two parties hold a unit each, then one takes a third, its neighbour."""
    import pandas as pd

    codes = _codes(units)
    land = units.to_crs(choose_crs(_degrees(units))[1]).geometry
    first = int(np.argmax(land.area.to_numpy()))
    away = land.distance(land.iloc[first]).to_numpy()
    near = [at for at in np.argsort(away, kind="stable").tolist() if at != first] or [first]
    taken, other = near[0], near[-1]
    before, day = (start - timedelta(days=1)).isoformat(), (start + timedelta(days=1)).isoformat()
    rows = [
        (before, codes[first], "party_a", "held", "initial", "background", "background", NOTE),
        (before, codes[other], "party_b", "held", "initial", "background", "background", NOTE),
        (day, codes[taken], "party_a", "held", "captured", "background", "background", NOTE),
    ]
    return pd.DataFrame(rows, columns=list(STATEMENTS))


def _codes(units: gpd.GeoDataFrame) -> list[str]:
    """Return the codes of the deepest level."""
    column = max((name for name in units.columns if str(name).endswith("_pcode")), default="id")
    return [str(code) for code in units[column]]


def choose_crs(degrees: tuple[float, float, float, float]) -> tuple[str, str]:
    """Return a conformal and an equal-area CRS in metres for a country within west, south, east and north.

    Lambert's conic with its parallels a sixth inside the country (Snyder 1987), Mercator along the equator; Lambert's
    azimuthal equal-area about the middle.
    """
    west, south, east, north = degrees
    lon, lat, inset = (west + east) / 2, (south + north) / 2, PARALLEL * (north - south)
    tail = "+datum=WGS84 +units=m +no_defs"
    low, high = south + inset, north - inset
    conic = f"+proj=lcc +lat_1={low:.1f} +lat_2={high:.1f} +lat_0={lat:.1f} +lon_0={lon:.1f} {tail}"
    flat = abs(low + high) < FLAT
    conformal = f"+proj=merc +lat_ts={max(abs(low), abs(high)):.1f} +lon_0={lon:.1f} {tail}" if flat else conic
    return conformal, f"+proj=laea +lat_0={lat:.1f} +lon_0={lon:.1f} {tail}"
