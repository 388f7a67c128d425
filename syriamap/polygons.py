"""Polygons that the rows of a control table have drawn: check them, fit them to the country, make units of them.

A polygon is one unit wherever it stands again: equal geometry is the same land. Its edge is where the user drew it,
save along the outline of the country: what lies beyond is cut off, and a strip along the outline that is narrower than
RIM_M belongs to it too, because two outlines of one country differ by as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from .coverage import keep_polygons
from .model import ZONE_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from .faults import Faults
    from .model import Boundaries
    from .statements import Checked
    from .tables import Table

    Geometries = npt.NDArray[np.object_]

RIM_M = 1500.0
SPILL_KM2 = 1.0  # land outside the country below which nobody wants to hear of it
FAR_KM = 25.0  # a point this far from the place that its row names is worth a note
GRID_M = 0.01  # as cells are noded
DEGREES = "EPSG:4326"


@dataclass(frozen=True, eq=False)
class Drawn:
    """What polygons add to a table: `zones` as in Control (None = no polygon), the `units` of each table's rows."""

    zones: gpd.GeoDataFrame | None
    units: tuple[npt.NDArray[np.object_], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Row:
    """A row that speaks about its own polygon: `at` in its table, its `land` in the map's CRS."""

    table: int
    at: int
    unit: str
    statement: str
    day: np.datetime64
    file: str
    line: int
    land: BaseGeometry


def draw_zones(tables: Sequence[Table], checked: Sequence[Checked], boundaries: Boundaries, faults: Faults) -> Drawn:
    """Return the polygons of all tables as units that cells can be cut by; faults go to `faults`, by feature."""
    notes: list[str] = []
    rows: list[_Row] = []
    for number, (table, found) in enumerate(zip(tables, checked, strict=True)):
        if found.shapes is not None:
            lands = _check_table(table, found, boundaries, faults, notes)
            rows += [_make_row(number, at, table, found, land) for at, land in lands.items()]
    units = [found.rows["unit"].to_numpy(dtype=object).copy() for found in checked]
    if not rows:
        return Drawn(None, tuple(units), tuple(notes))
    zones, ids = _make_zones(rows, boundaries)
    for row, name in zip(rows, ids, strict=True):
        units[row.table][row.at] = name
    return Drawn(zones, tuple(units), tuple(notes))


def _make_row(number: int, at: int, table: Table, found: Checked, land: BaseGeometry) -> _Row:
    said = found.rows.iloc[at]
    day = found.rows["date"].to_numpy()[at]
    return _Row(number, at, said["unit"], said["id"], day, table.path.name, int(said["line"]), land)


# Checks


def _check_table(
    table: Table, found: Checked, boundaries: Boundaries, faults: Faults, notes: list[str]
) -> dict[int, BaseGeometry]:
    """Return the land of each row that speaks about its own polygon, in the map's CRS, uncut, after noting faults."""
    assert found.shapes is not None
    drawn = [at for at, shape in enumerate(found.shapes) if shape is not None and not shape.is_empty]
    if not drawn:
        return {}
    if table.crs is None:
        faults.add(table.file, None, _describe_missing_crs(found.shapes[drawn], table))
        return {}
    sound = [at for at in drawn if _check_shape(found, at, table, boundaries, faults)]
    shapes = dict(zip(sound, _project(found.shapes[sound], table.crs, boundaries.crs), strict=True))
    lands = {at: shapes[at] for at in sound if found.own[at]}
    notes += _note_beside(table, found, {at: shapes[at] for at in sound if not found.own[at]}, boundaries)
    before = len(faults.found)
    _check_land(table, found, lands, boundaries, faults, notes)
    return lands if len(faults.found) == before else {}


def _check_shape(found: Checked, at: int, table: Table, boundaries: Boundaries, faults: Faults) -> bool:
    """Return whether the geometry of a row can be used, after noting why not."""
    assert found.shapes is not None
    shape, line = found.shapes[at], int(found.rows["line"].iloc[at])
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        faults.add(table.file, line, "a coordinate is no number; expected finite coordinates")
        return False
    if not found.own[at]:
        return True
    if "Polygon" not in shape.geom_type:
        faults.add(table.file, line, _describe_other(shape, table, boundaries))
        return False
    if not shape.is_valid:
        faults.add(table.file, line, _describe_invalid(shape, table))
        return False
    return True


def _describe_other(shape: BaseGeometry, table: Table, boundaries: Boundaries) -> str:
    said = f"the geometry is a {shape.geom_type} and unit is empty; expected a Polygon, or what it stands for in unit"
    if shape.geom_type != "Point":
        return said
    places = boundaries.places[(boundaries.places["role"] == "place").to_numpy()]
    away = places.geometry.distance(_project(np.array([shape]), table.crs, boundaries.crs)[0])
    if not len(away) or not np.isfinite(away.min()):
        return said
    return f"{said}; the nearest place is {away.idxmin()}, {away.min() / 1000:.1f} km away"


def _describe_invalid(shape: BaseGeometry, table: Table) -> str:
    """Return why a polygon is none, and where in degrees."""
    reason, _, where = shapely.is_valid_reason(shape).partition("[")
    numbers = [float(number) for number in where.rstrip("]").split()][:2]
    if len(numbers) == 2:
        point = _project(np.array([shapely.Point(numbers)]), table.crs, DEGREES)[0]
        reason = f"{reason.strip()} at {point.x:.5f},{point.y:.5f}"
    way = "mend it where you drew it, such as with Fix geometries or Make valid"
    return f"the polygon is invalid ({reason}); expected an edge that does not meet itself; {way}"


def _describe_missing_crs(shapes: Geometries, table: Table) -> str:
    west, south, east, north = shapely.total_bounds(shapes)
    degrees = west >= -180 and east <= 180 and south >= -90 and north <= 90
    where = "a .prj file beside the shapefile" if table.path.suffix == ".shp" else "a CRS in the file"
    hint = "degrees: EPSG:4326" if degrees else "metres"
    return f"the file has no CRS; expected {where}; the coordinates look like {hint}"


def _check_land(
    table: Table,
    found: Checked,
    lands: dict[int, BaseGeometry],
    boundaries: Boundaries,
    faults: Faults,
    notes: list[str],
) -> None:
    """Note what lies outside the country; a fault where the whole file does, or where the axes are swapped."""
    country = boundaries.country
    away = [at for at, land in lands.items() if not _meets(land, country)]
    if away and len(away) == len(lands):
        assert found.shapes is not None
        faults.add(table.file, None, _describe_place(found.shapes[away], table.crs, boundaries))
        return
    for at, land in lands.items():
        line = int(found.rows["line"].iloc[at])
        if at in away:
            notes.append(f"{table.file}:{line}: the polygon lies outside the country and says nothing")
            continue
        beyond = shapely.difference(land, country).area / 1e6
        if beyond > SPILL_KM2:
            notes.append(f"{table.file}:{line}: {beyond:,.0f} km2 outside the country are left out")


def _meets(shape: BaseGeometry, country: BaseGeometry) -> bool:
    return bool(np.isfinite(shape.bounds).all() and shapely.intersects(shape, country))


def _describe_place(shapes: Geometries, crs: Any, boundaries: Boundaries) -> str:  # noqa: ANN401
    """Return where misplaced polygons lie, and why that may be so."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    said = f"its polygons lie nowhere over the country: they run from {west:g}, {south:g} to {east:g}, {north:g}"
    where = f"{said} in {crs.name}"
    if not crs.is_geographic:
        return f"{where}; expected the CRS that the coordinates are in"
    if max(abs(west), abs(east), abs(south), abs(north)) > 360:
        return f"{where}; they look like metres: the file states the wrong CRS"
    swapped = _project(np.array([shapely.box(south, west, north, east)]), crs, boundaries.crs)[0]
    if _meets(swapped, boundaries.country):
        return f"{where}; longitude comes first, then latitude: the two are swapped"
    return f"{where}; expected polygons over the country"


def _note_beside(
    table: Table, found: Checked, shapes: dict[int, BaseGeometry], boundaries: Boundaries
) -> Iterator[str]:
    """Yield where a row names a unit that we know and has drawn something else."""
    for at, shape in shapes.items():
        said = found.rows.iloc[at]
        where, unit = f"{table.file}:{said['line']}", said["unit"]
        if "Polygon" in shape.geom_type:
            yield f"{where}: unit {unit!r} is known and decides, not the polygon; leave unit empty to speak about that"
        elif unit in boundaries.places.index and np.isfinite(shape.bounds).all():
            away = float(boundaries.places.geometry[unit].distance(shape)) / 1000
            if away > FAR_KM:
                yield f"{where}: the geometry lies {away:,.0f} km from {unit!r}, which decides"


def _project(shapes: Geometries, source: object, crs: object) -> Geometries:
    from pyproj import Transformer

    transformer = Transformer.from_crs(source, crs, always_xy=True)
    flat = shapely.force_2d(shapes)
    moved: Geometries = shapely.transform(flat, transformer.transform, interleaved=False)  # type: ignore[arg-type]
    return moved


# Units


def _make_zones(rows: Sequence[_Row], boundaries: Boundaries) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return one unit for each different polygon, and the unit of each row."""
    import geopandas as gpd
    import pandas as pd

    keys = [_fingerprint(row.land) for row in rows]
    first = dict(zip(reversed(keys), reversed(rows), strict=True))
    order = list(dict.fromkeys(keys))
    taken = {*boundaries.units.index, *boundaries.areas.index, *boundaries.places.index}
    ids: dict[str, str] = {}
    for key in order:
        ids[key] = _name(first[key], taken)
        taken.add(ids[key])
    days = [min(row.day for row, mine in zip(rows, keys, strict=True) if mine == key) for key in order]
    lands = _fit_all(np.array([first[key].land for key in order], dtype=object), np.array(days), boundaries.country)
    names = [_describe(first[key]) for key in order]
    frame = gpd.GeoDataFrame(
        {"level": ZONE_LEVEL, "slug": "", "name": names, "name_ar": ""},
        geometry=lands,
        index=pd.Index([ids[key] for key in order], name=boundaries.units.index.name, dtype=object),
        crs=boundaries.crs,
    )
    return frame[[not land.is_empty for land in lands]], [ids[key] for key in keys]


def _fingerprint(land: BaseGeometry) -> str:
    """Return what two drawings of one polygon share: the same edge to the centimetre, wherever it begins."""
    return str(shapely.to_wkb(shapely.normalize(shapely.transform(land, lambda at: np.round(at / GRID_M))), hex=True))


def _name(row: _Row, taken: set[str]) -> str:
    """Return the id of a zone: its unit, or its file and feature where it has none or another polygon has that one."""
    stem = row.unit or row.file.rpartition(".")[0]
    tries = [row.unit, f"{stem}#{row.line}", f"{row.file}#{row.line}"]
    more = (f"{row.file}#{row.line}.{number}" for number in range(2, len(taken) + 3))
    return next(name for name in chain(tries, more) if name and name not in taken)


def _describe(row: _Row) -> str:
    zone = f"zone of statement {row.statement} in {row.file}, feature {row.line}"
    return f"{row.unit}, {zone}" if row.unit else zone


# Fitting


def _fit_all(lands: Geometries, days: npt.NDArray[np.datetime64], country: BaseGeometry) -> Geometries:
    """Return polygons cut at the outline and stretched to it, never over land that others have drawn by their day."""
    shapely.prepare(country)
    inside = [
        keep_polygons(shapely.intersection(land, country)) if _meets(land, country) else shapely.Polygon()
        for land in lands
    ]
    outline = country.boundary
    shapely.prepare(outline)
    tree = shapely.STRtree(inside)
    fitted = []
    for at, land in enumerate(inside):
        rim = _find_rim(land, country, outline)
        others = [other for other in tree.query(rim, predicate="intersects") if other != at]
        drawn = shapely.union_all([inside[other] for other in others if days[other] <= days[at]])
        free = keep_polygons(rim.difference(drawn))
        fitted.append(land if free.is_empty else keep_polygons(shapely.union(land, free, grid_size=GRID_M)))
    return np.array(fitted, dtype=object)


def _find_rim(land: BaseGeometry, country: BaseGeometry, outline: BaseGeometry) -> BaseGeometry:
    """Return the land between a polygon and the outline in which no disc of RIM_M finds room."""
    nothing = shapely.Polygon()
    if land.is_empty or not shapely.dwithin(outline, land, RIM_M):
        return nothing
    west, south, east, north = land.bounds
    room = 4 * RIM_M
    near = shapely.clip_by_rect(country, west - room, south - room, east + room, north + room)
    rest = keep_polygons(shapely.make_valid(near)).difference(land)
    wide = rest.buffer(-RIM_M / 2).buffer(RIM_M / 2 + 1)
    strips = [
        part
        for part in shapely.get_parts(keep_polygons(rest.difference(wide)))
        if part.length > 4 * RIM_M and part.distance(land) < GRID_M and part.distance(outline) < GRID_M
    ]
    return keep_polygons(shapely.union_all(strips).intersection(land.buffer(RIM_M))) if strips else nothing
