"""The frozen nouns that travel between the rooms. To change one, make another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:  # the nouns cost nothing to import
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from shapely import LineString, MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

NOBODY = ("vacated", "unknown")  # states in which nobody is known to hold the land
ZONE_LEVEL = -1  # of a polygon that a row of a control table has drawn: it has no administrative level


class Extent(NamedTuple):
    """Edges of a map in metres of the map's CRS."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """Return west to east in metres."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """Return south to north in metres."""
        return self.north - self.south


class Box(NamedTuple):
    """A rectangle of the picture in pixels; x runs right, y runs down, the origin is the upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Return the width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Return the height in pixels."""
        return self.y1 - self.y0

    def shift(self, dx: float, dy: float) -> Box:
        """Return the same box elsewhere."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def grow(self, by: float) -> Box:
        """Return the box with `by` pixels added on every side."""
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def overlaps(self, other: Box) -> bool:
        """Return whether the two boxes share more than an edge."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def holds(self, other: Box) -> bool:
        """Return whether the other box lies wholly inside this one."""
        return self.x0 <= other.x0 and self.y0 <= other.y0 and other.x1 <= self.x1 and other.y1 <= self.y1


@dataclass(frozen=True, slots=True)
class Party:
    """One side: who may hold land on the map. `bloc` groups allied parties; `pattern` is "", "stripes" or "dots".

    `also` is its short name in a map's second language.
    """

    id: str
    label: str
    short: str
    bloc: str
    label_ar: str = ""
    short_ar: str = ""
    pattern: str = ""
    gloss: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source of statements. Only printable outlets count and are credited; `parent` is whose report it relays."""

    id: str
    name: str
    kind: str
    printable: bool
    parent: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of data/ with its origin: the answer to "where does this come from?"."""

    path: str
    sha256: str
    title: str
    layer: str
    origin: str
    taken: str
    licence: str
    credit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AreaFile:
    """A user's file of administrative areas and how to read it, "" for what the file itself tells.

    layer, code_column, name_column   names in the file
    repair                            mend faults of geometry instead of refusing them
    credit                            whom the map names as their maker
    """

    path: Path
    layer: str = ""
    code_column: str = ""
    name_column: str = ""
    repair: bool = False
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """What a user brings in place of ours: a project's folder, a control table, areas; None for ours.

    `worldview` is whose view of disputed lines the map draws, "" for the theatre's own.
    """

    project: Path | None = None
    control: Path | None = None
    areas: AreaFile | None = None
    worldview: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A file that a map was made from: its path relative to the data (or its bare name) and its hash."""

    path: str
    sha256: str = field(default="")


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """Where things are: the country, its units, its special areas and its named points, verified, in metres of `crs`.

    country   outline, the union of the administrative units
    units     administrative areas that a statement may name. Index: the code statements use (str, e.g. a P-code).
              Columns: level (int), slug, name, name_ar (str), geometry. A level tiles the country; finer ones may stand
              beside it
    areas     special areas, cut out of the tiling first. Index: id (str). Columns: name, name_ar, kind (str), geometry;
              inside the country, not overlapping one another
    places    named points. Index: id (the slug). Columns: name, name_ar, aliases (";"-joined), kind (str), rank (int),
              lon, lat (float, degrees), governorate (str, slug), population (float, NaN = not known), role ("place" or
              "marker"), label (bool), reach_km (float, NaN = as far as it goes), source (str), accuracy_km (float),
              geometry
    barriers  lines that no cell crosses; each enters and leaves the country
    crs       of every geometry: the map's, in metres
    area_crs  an equal-area CRS, for km2 ("" = as `crs`)
    inputs    the files read
    own       whether a user's areas stand in place of the theatre's: those of the deepest level are never cut without
              need
    aliases   further spellings of a user's areas, by code
    repairs   what was mended in a user's areas, in words

    Codes, area ids and place ids are one namespace: no name stands in two of them. Two Boundaries are equal when they
    are the same object.
    """

    country: Polygon | MultiPolygon
    units: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    barriers: tuple[LineString, ...] = ()
    crs: str = ""
    area_crs: str = ""
    inputs: tuple[Input, ...] = ()
    own: bool = False
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """Who said what about whom: the control table, verified, and the words it uses.

    statements  RangeIndex in file order (files by name, rows from top to bottom): on one day and unit the later row
                wins. Columns: id (str), date (datetime64[s]), precision, unit, controller, rival (str, "" = none),
                status, change, basis, confidence, source, url, source2, url2, note (str, "" = empty), until
                (datetime64[s], NaT = `mark_days`), file (str, bare name), line (int, as an editor counts, header = 1)
    parties     by id, in the order of their table
    outlets     by id
    first, last the first and the last day of the table
    unknown     the party of land that no statement reaches
    mark_days   days a contested or claimed mark stands, its own day included
    carry_days  a day further than this beyond `last` is refused
    inputs      the files read
    zones       polygons that rows have drawn and speak about, None without any: in the form of `Boundaries.units`, of
                level ZONE_LEVEL, cut at the outline of the country. They may overlap

    Two Controls are equal when they are the same object.
    """

    statements: pd.DataFrame
    parties: Mapping[str, Party]
    outlets: Mapping[str, Outlet]
    first: date
    last: date
    unknown: str = "unknown"
    mark_days: int = 3
    carry_days: int = 7
    inputs: tuple[Input, ...] = ()
    zones: gpd.GeoDataFrame | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The smallest areas that change hands on a day: they tile the country without gap or overlap.

    frame  GeoDataFrame in the map's CRS. Index `cell` (str): the place's id, the special area's id, or "rest-..." for
           land without any named place; of a special area that a drawn polygon cuts, "ID-part-..." where the polygon
           lies. Columns: place (str, "" = none), area (str, id of the special area, "" = none), chain (tuple of the
           units a statement may reach the cell by, the smallest first), area_km2 (true areas, from `area_crs`),
           geometry (a valid coverage)
    crs    of the geometry; area_crs is the equal-area one behind area_km2

    `build_cells` returns the same object for every day on which the table names the same places and units.
    """

    frame: gpd.GeoDataFrame
    crs: str
    area_crs: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One statement in an explanation: what it says, who says so, and why it did or did not decide.

    `why` is "decides", or why it is overridden: "older", "larger unit" or "earlier row"; a later statement is never
    used. `unit_name` is the English name of what it speaks about.
    """

    why: str
    id: str
    date: date
    precision: str
    unit: str
    unit_name: str
    controller: str
    rival: str
    status: str
    change: str
    basis: str
    confidence: str
    outlets: tuple[Outlet, ...]
    urls: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a place or a point has its colour on a day.

    `asked` holds the words of the question, `found` the id of the place they name ("" for a point), `place` the named
    place whose cell decides ("" = none), `distance_km` the way from the point to it. `deciding` is None where no
    statement reaches; `overridden` holds the others, the newest first; `others` the ids of other places of that name.
    A point outside the country has no cell; its controller is "outside".
    """

    asked: str
    on: date
    lon: float
    lat: float
    found: str
    found_name: str
    cell: str
    place: str
    place_name: str
    distance_km: float
    controller: str
    bloc: str
    status: str
    rival: str
    since: date | None
    deciding: Reason | None
    overridden: tuple[Reason, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What lies around and under the zones, in metres of the map's CRS. Every table has the index `id`.

    neighbours  land of other states: name, name_ar, geometry
    lakes       name, name_ar, geometry
    rivers      name, name_ar, rank (1 = the largest), geometry
    roads       ref, name, class, accuracy_km, length_km, geometry (one LineString each)
    sparse      land far from any settlement or road
    bases       air bases by place: name, icao, user (str)
    """

    neighbours: gpd.GeoDataFrame
    lakes: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    sparse: BaseGeometry
    bases: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """Who held what at the end of one day: cells, their states (`control_on`) and the places' (`place_states`)."""

    on: date
    cells: Cells
    states: pd.DataFrame
    places: pd.DataFrame


class Held(NamedTuple):
    """Who holds a place, as a row of `place_states` says it; `chip_from` and `chip_to` are None where no date is."""

    party: str
    status: str
    rival: str
    statement: str
    chip: str
    chip_from: date | None
    chip_to: date | None


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One day ready to be drawn: its zones (`build_zones`), fronts (`build_fronts`), air bases (`base_states`).

    `held` tells of every place what a map asks most. `soft_zones` and `soft_fronts` are those to draw (`soften_zones`);
    whoever counts or measures uses the others.
    """

    on: date
    cells: Cells
    states: pd.DataFrame
    places: pd.DataFrame
    zones: gpd.GeoDataFrame
    fronts: gpd.GeoDataFrame
    soft_zones: gpd.GeoDataFrame
    soft_fronts: gpd.GeoDataFrame
    bases: pd.DataFrame
    held: Mapping[str, Held]


@dataclass(frozen=True, slots=True, eq=False)
class Materials:
    """All that a map is made from, whatever its day: verified data, the theatre, the origin of every file of its data.

    `home` is the folder of a project that these data come from, None for ours. `embedded` tells whether the control
    table is the theatre's own.
    """

    boundaries: Boundaries
    control: Control
    ground: Ground
    theatre: Mapping[str, Any]
    sources: tuple[SourceFile, ...]
    embedded: bool
    home: Path | None = None
