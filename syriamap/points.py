"""Ask the map about points: who held each of them on a day, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .cells import build_cells, locate
from .errors import DataError, Fault, NoControlError, UnknownNameError
from .merge import check_day, control_on
from .model import Explanation, Outlet, Reason
from .names import find_places, name_places

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Any

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from .model import Boundaries, Cells, Control

    Days = NDArray[np.datetime64]

OUTSIDE = "outside"  # the controller and bloc of a point in another country or at sea
SHORE_M = 100.0  # a point this near to the country is in it: outlines are no finer
TAGS = ("controller", "bloc", "status", "since", "place", "place_name", "statement")


def tag_points(
    points: pd.DataFrame,
    on: date | pd.Series[Any],
    *,
    boundaries: Boundaries,
    control: Control,
    carry: bool = False,
    columns: tuple[str, str] = ("lon", "lat"),
    file: str = "points",
    lines: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Return a table of points with the state of the land that each lies on, rows and columns kept as they are.

    `points` has geometry in any CRS, or longitude and latitude in degrees in two `columns`; `on` is a day or each row's
    own. Adds controller, bloc ("outside", both, for a point not within 100 m of the country), status, since
    (datetime64[s]), place (the unit whose statement decides: a place's slug or an area's code), place_name, statement
    (id). A name that the table already uses is added as "syriamap_" and the name. Raises DataError with every bad
    coordinate or day by `lines` of `file` (default: row 0 is line 2); NoControlError as `check_day` does.
    """
    numbers = list(range(2, len(points) + 2)) if lines is None else list(lines)
    where, bad = _read_points(points, columns, boundaries.crs)
    faults = [Fault(file, numbers[row], message) for row, message in bad.items()]
    days, late = _read_days(len(points), on, control, carry=carry)
    faults += [Fault(file, numbers[row], message) for row, message in late.items()]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line or 0))
    tags = _tag(where, days, boundaries, control)
    tags.index = points.index
    return points.assign(**{name if name not in points else f"syriamap_{name}": tags[name] for name in TAGS})


def _read_points(
    points: pd.DataFrame, columns: tuple[str, str], crs: str
) -> tuple[NDArray[np.object_], dict[int, str]]:
    """Return the rows as points of a CRS, and by row what is wrong with a coordinate."""
    if isinstance(points, gpd.GeoDataFrame):
        known = points.geometry if points.crs else points.geometry.set_crs("EPSG:4326")
        shapes = np.asarray(known.to_crs(crs).array, dtype=object)
        empty = np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes)).tolist()
        return shapely.point_on_surface(shapes), dict.fromkeys(empty, "the geometry is empty; expected a point")
    bad: dict[int, str] = {}
    degrees = []
    for column, most in zip(columns, (180, 90), strict=True):
        values = pd.to_numeric(points[column], errors="coerce").to_numpy(dtype=np.float64)
        for row in np.flatnonzero(~(np.abs(values) <= most)).tolist():
            said = f"{column} is {_show(points[column].iloc[row])}"
            bad.setdefault(row, f"{said}; expected degrees from -{most} to {most}")
        degrees.append(np.where(np.abs(values) <= most, values, 0.0))
    return np.asarray(gpd.GeoSeries.from_xy(*degrees, crs="EPSG:4326").to_crs(crs).array, dtype=object), bad


def _show(value: object) -> str:
    return "empty" if str(value) in ("", "nan", "None", "NaT", "<NA>") else repr(value)


def _read_days(count: int, on: date | pd.Series[Any], control: Control, *, carry: bool) -> tuple[Days, dict[int, str]]:
    """Return the day of every row, and by row what is wrong with it; one day for all is checked as such."""
    if not isinstance(on, pd.Series):
        check_day(control, on, carry=carry)
        return np.full(count, np.datetime64(on, "D")), {}
    days = pd.to_datetime(on, errors="coerce").to_numpy().astype("datetime64[D]")
    lost = np.flatnonzero(np.isnat(days)).tolist()
    bad = {row: f"the day is {_show(on.iloc[row])}; expected a day as 2024-12-05" for row in lost}
    for day in np.unique(days[~np.isnat(days)]):
        try:
            check_day(control, day.item(), carry=carry)
        except NoControlError as error:
            bad |= dict.fromkeys(np.flatnonzero(days == day).tolist(), str(error))
    return days, bad


def _tag(points: NDArray[np.object_], days: Days, boundaries: Boundaries, control: Control) -> pd.DataFrame:
    """Return the tags of points, each on its day. Days with the same cells look the points up once."""
    parts = [pd.DataFrame(columns=list(TAGS))]
    homes: dict[Cells, NDArray[np.int64]] = {}
    for day in np.unique(days):
        cells = build_cells(boundaries, control, day.item())
        if cells not in homes:
            homes[cells] = locate(points, np.asarray(cells.frame.geometry.array), within_m=SHORE_M)
        rows = np.flatnonzero(days == day)
        states = control_on(cells, control, day.item(), carry=True)
        parts.append(_look_up(states, homes[cells][rows], boundaries, control).set_axis(rows))
    return pd.concat(parts[1:] or parts).sort_index()


def _look_up(states: pd.DataFrame, home: NDArray[np.int64], boundaries: Boundaries, control: Control) -> pd.DataFrame:
    """Return the tags of the cells at some positions, -1 for outside."""
    bloc = {party.id: party.bloc for party in control.parties.values()}
    unit = control.statements["unit"].take(np.maximum(states["row"].to_numpy(), 0)).to_numpy(dtype=object)
    unit = np.where(states["row"] < 0, "", unit)
    names = _unit_names(boundaries, control)
    tags = pd.DataFrame(
        {
            "controller": states["party"].to_numpy(dtype=object),
            "bloc": [bloc.get(party, party) for party in states["party"]],
            "status": states["status"].to_numpy(dtype=object),
            "since": states["since"].to_numpy(),
            "place": unit,
            "place_name": [names.get(name, "") for name in unit],
            "statement": states["statement"].to_numpy(dtype=object),
        }
    )
    outside = {"controller": OUTSIDE, "bloc": OUTSIDE, **dict.fromkeys(TAGS[2:], ""), "since": pd.NaT}
    return tags.reindex(home).fillna(outside)


def _unit_names(boundaries: Boundaries, control: Control | None = None) -> dict[str, str]:
    """Return the English name of everything that a statement can speak about."""
    drawn = () if control is None or control.zones is None else (control.zones,)
    tables = (boundaries.units, boundaries.areas, boundaries.places, *drawn)
    return {str(key): str(name) for table in tables for key, name in table["name"].items()}


# Explanations


def explain(where: str, on: date, *, boundaries: Boundaries, control: Control, carry: bool = False) -> Explanation:
    """Return why a place, a special area or a point has its colour on a day.

    `where` is a name in English or Arabic, an alias, an id (of a drawn polygon too), or "lon,lat" in degrees. Of
    several places of one name the most important is meant; the others are listed. Raises UnknownNameError with the
    nearest names, NoControlError as `check_day` does.
    """
    check_day(control, on, carry=carry)
    cells = build_cells(boundaries, control, on)
    found, point, others = _find(where, boundaries, control)
    cell = _cell_at(found, point, boundaries, cells)
    lon, lat = gpd.GeoSeries([point], crs=boundaries.crs).to_crs("EPSG:4326").get_coordinates().to_numpy()[0]
    place = "" if cell is None else str(cells.frame.at[cell, "place"])
    names = _unit_names(boundaries, control)
    away = 0.0 if not place else float(shapely.distance(point, boundaries.places.geometry[place])) / 1000
    about: dict[str, Any] = {
        "asked": where,
        "on": on,
        "lon": round(float(lon), 6),
        "lat": round(float(lat), 6),
        "found": found,
        "found_name": names.get(found, ""),
        "cell": cell or "",
        "place": place,
        "place_name": names.get(place, ""),
        "distance_km": round(away, 3),
        "others": others,
    }
    return Explanation(**about, **_account(cell, cells, on, boundaries, control))


def _account(cell: str | None, cells: Cells, on: date, boundaries: Boundaries, control: Control) -> dict[str, Any]:
    """Return the state of a cell and the statements behind it."""
    if cell is None:
        nobody = {"controller": OUTSIDE, "bloc": OUTSIDE, "status": "", "rival": "", "since": None}
        return {**nobody, "deciding": None, "overridden": ()}
    state = control_on(cells, control, on, carry=True).loc[cell]
    reasons = _reasons(cells.frame.at[cell, "chain"], on, boundaries, control)
    party = str(state["party"])
    return {
        "controller": party,
        "bloc": control.parties[party].bloc if party in control.parties else party,
        "status": state["status"],
        "rival": state["rival"],
        "since": None if pd.isna(state["since"]) else state["since"].date(),
        "deciding": reasons[0] if reasons else None,
        "overridden": reasons[1:],
    }


def _reasons(chain: tuple[str, ...], on: date, boundaries: Boundaries, control: Control) -> tuple[Reason, ...]:
    """Return every statement that reaches a cell up to a day, the one that decides first."""
    table = control.statements
    said = table[(table["unit"].isin(chain) & (table["date"] <= pd.Timestamp(on))).to_numpy()]
    rank = said["unit"].map({unit: rank for rank, unit in enumerate(chain)})
    said = said.iloc[np.lexsort((-said.index.to_numpy(), rank, -said["date"].to_numpy().astype(np.int64)))]
    names = _unit_names(boundaries, control)
    return tuple(
        _reason(row, _why(row, said.iloc[0]), names.get(row["unit"], ""), control) for _, row in said.iterrows()
    )


def _why(row: pd.Series[Any], best: pd.Series[Any]) -> str:
    if row.name == best.name:
        return "decides"
    if row["date"] < best["date"]:
        return "older"
    return "earlier row" if row["unit"] == best["unit"] else "larger unit"


def _reason(row: pd.Series[Any], why: str, unit_name: str, control: Control) -> Reason:
    ids = [source for source in (row["source"], row["source2"]) if source]
    same = ("id", "precision", "unit", "controller", "rival", "status", "change", "basis", "confidence", "note")
    return Reason(
        why=why,
        date=row["date"].date(),
        unit_name=unit_name,
        outlets=tuple(control.outlets.get(name, Outlet(name, name, "", printable=False)) for name in ids),
        urls=tuple(url for url in (row["url"], row["url2"]) if url),
        **{name: row[name] for name in same},
    )


def _find(where: str, boundaries: Boundaries, control: Control) -> tuple[str, BaseGeometry, tuple[str, ...]]:
    """Return what is asked for: its id ("" for a point), where it is, and the other places of its name."""
    numbers = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*[,،]\s*(-?\d+(?:\.\d+)?)\s*", where)
    if numbers:
        lon, lat = (float(number) for number in numbers.groups())
        if abs(lon) <= 180 and abs(lat) <= 90:
            return "", gpd.GeoSeries.from_xy([lon], [lat], crs="EPSG:4326").to_crs(boundaries.crs).iloc[0], ()
    found = find_places(where, boundaries)
    if not found and control.zones is not None and where in control.zones.index:
        return where, control.zones.geometry[where].representative_point(), ()
    if not found:
        spoken = name_places(boundaries)
        near = [_unit_names(boundaries).get(key, key) for key in spoken.nearest(where)]
        raise UnknownNameError("place", where, near or list(spoken.ids))
    first, *others = found
    land = boundaries.places.geometry if first in boundaries.places.index else boundaries.areas.geometry
    return first, land[first].representative_point(), tuple(others)


def _cell_at(found: str, point: BaseGeometry, boundaries: Boundaries, cells: Cells) -> str | None:
    """Return the cell of a place, an area or a point, None outside the country."""
    if found in cells.frame.index:
        return found
    reach = np.inf if found in boundaries.places.index else SHORE_M
    at = locate(np.array([point]), cells.frame.geometry.to_numpy(), within_m=reach)[0]
    return None if at < 0 else str(cells.frame.index[at])
