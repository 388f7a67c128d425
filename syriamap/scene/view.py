"""What a map shows: a named view of the theatre, a unit, the surroundings of a place, or a box of degrees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ..errors import UnknownNameError, ViewError
from ..names import Names, find_places, name_places
from .camera import GEOD, to_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..model import Boundaries, Materials

EDGE_SHARE = 0.05  # of a unit's width and height: air left around it
LEAST_KM, MOST_KM = 8.0, 500.0  # half the width of what a map can show
NUMBER = r"[-+]?\d+(?:\.\d+)?"


@dataclass(frozen=True, slots=True)
class View:
    """A view: the frame that must be seen (west, south, east, north in degrees), its roads, and who is named first.

    `facilities` are the ids of the ports and fields shown, `bases` of the air bases shown besides those lost in the
    offensive (empty = all in the frame); `sign_scale` shrinks signs where the map is crowded; a `dated` view prints the
    days of capture and adds the places that were taken to those it lists; no map goes out without the names of those
    in `priority`; `axis` tells whether the axis of the advance is drawn. `about` is the name of the unit or place that
    a view shows, in the language of the map, `title` the phrase for it.
    """

    name: str
    frame: tuple[float, float, float, float]
    main_road: str
    roads: tuple[str, ...]
    places: tuple[str, ...]
    facilities: tuple[str, ...]
    bases: tuple[str, ...]
    sign_scale: float
    dated: bool
    priority: tuple[str, ...] = ()
    axis: bool = False
    title: str = "title"
    about: str = ""
    sides: Mapping[str, str] = field(default_factory=dict)


def get_view(name: str, materials: Materials) -> View:
    """Return a view: its name in the theatre, a unit's name or code, "PLACE:KM", or "WEST,SOUTH,EAST,NORTH" in degrees.

    Raises UnknownNameError with the nearest right names, ViewError for a box or a radius that no map can show.
    """
    views = materials.theatre["views"]
    if name in views:
        return _named(name, views[name])
    boundaries = materials.boundaries
    if re.fullmatch(rf"\s*{NUMBER}(?:\s*,\s*{NUMBER}){{3}}\s*", name):
        return _free(name, _box(name, boundaries), materials, "title", "")
    wanted, _, radius = name.rpartition(":")
    if wanted:
        place = _find_place(wanted, boundaries)
        row = boundaries.places.loc[place]
        return _free(name, _around(row["lon"], row["lat"], _radius(radius, name)), materials, "title_at", row["name"])
    try:
        unit = _find_unit(name, boundaries)
    except UnknownNameError as error:
        raise UnknownNameError("view", name, [*views, *boundaries.units["slug"]], hint=FORMS) from error
    return _free(name, _unit_frame(unit, boundaries), materials, "title_in", boundaries.units.loc[unit, "name"])


FORMS = "a unit, PLACE:KM and WEST,SOUTH,EAST,NORTH work too"


def _named(name: str, entry: Mapping[str, Any]) -> View:
    frame = entry["frame"]
    return View(
        name=name,
        frame=(frame["west"], frame["south"], frame["east"], frame["north"]),
        main_road=entry["main_road"],
        roads=tuple(entry["roads"]),
        places=tuple(entry["places"]),
        facilities=tuple(entry["facilities"]),
        bases=tuple(entry["bases"]),
        sign_scale=float(entry["sign_scale"]),
        dated=bool(entry["dated"]),
        priority=tuple(entry["priority"]),
        axis=bool(entry["axis"]),
        sides=entry["sides"],
    )


def _free(name: str, frame: tuple[float, float, float, float], materials: Materials, title: str, about: str) -> View:
    """Return a view of any frame: every place with a name, the larger first, and all that the theatre draws."""
    entry, places = materials.theatre["free_view"], materials.boundaries.places
    west, south, east, north = frame
    inside = places["lon"].between(west, east) & places["lat"].between(south, north) & places["label"]
    towns = places[inside & places["kind"].isin(entry["kinds"])]
    towns = towns.sort_values(["rank", "population"], ascending=[True, False], kind="stable")
    return View(
        name=name,
        frame=frame,
        main_road=entry["main_road"],
        roads=tuple(materials.ground.roads.index),
        places=tuple(map(str, towns.index)),
        facilities=tuple(map(str, places.index[inside & places["kind"].isin(entry["facilities"])])),
        bases=(),
        sign_scale=float(entry["sign_scale"]),
        dated=True,
        title=title,
        about=about,
    )


def _find_place(name: str, boundaries: Boundaries) -> str:
    """Return the id of a place by any of its spellings."""
    found = find_places(name, boundaries, areas=False)
    if not found:
        raise UnknownNameError("place", name, (), hint=name_places(boundaries, areas=False).hint(name))
    return found[0]


def _find_unit(name: str, boundaries: Boundaries) -> str:
    """Return the code of a unit by any of its spellings."""
    units = boundaries.units
    rows = zip(units.index, units["slug"], units["name"], units["name_ar"], strict=True)
    known = Names({str(code): spellings for code, *spellings in rows})
    found = known.find(name)
    if not found:
        raise UnknownNameError("unit", name, (), hint=known.hint(name))
    return min(found, key=lambda code: int(units.loc[code, "level"]))


def _unit_frame(unit: str, boundaries: Boundaries) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = boundaries.units.geometry[unit].bounds
    dx, dy = EDGE_SHARE * (x1 - x0), EDGE_SHARE * (y1 - y0)
    xs, ys = np.meshgrid(np.linspace(x0 - dx, x1 + dx, 9), np.linspace(y0 - dy, y1 + dy, 9))
    lons, lats = to_map(boundaries.crs).transform(xs, ys, direction="INVERSE")
    return float(lons.min()), float(lats.min()), float(lons.max()), float(lats.max())


def _around(lon: float, lat: float, km: float) -> tuple[float, float, float, float]:
    """Return the box of degrees that holds a circle of `km` around a point."""
    lons, lats, _ = GEOD.fwd([lon] * 4, [lat] * 4, [0, 90, 180, 270], [km * 1000] * 4)
    return float(lons[3]), float(lats[2]), float(lons[1]), float(lats[0])


def _radius(text: str, name: str) -> float:
    number = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:km)?\s*", text)
    if not number or not LEAST_KM <= float(number[1]) <= MOST_KM:
        raise ViewError(
            f"view {name!r}: radius {text!r}; expected {LEAST_KM:g} to {MOST_KM:g} km, "
            f"such as {name.partition(':')[0]}:40"
        )
    return float(number[1])


def _box(name: str, boundaries: Boundaries) -> tuple[float, float, float, float]:
    west, south, east, north = (float(part) for part in name.split(","))
    if west >= east or south >= north:
        raise ViewError(
            f"view {name!r}: expected WEST,SOUTH,EAST,NORTH in degrees, west before east, south before north"
        )
    x0, y0, x1, y1 = boundaries.country.bounds
    lons, lats = to_map(boundaries.crs).transform([x0, x1], [y0, y1], direction="INVERSE")
    xs, ys = to_map(boundaries.crs).transform([west, east, east, west], [south, south, north, north])
    seen = shapely.Polygon(np.column_stack([xs, ys]))
    if not seen.intersects(boundaries.country):
        raise ViewError(
            f"view {name!r} shows none of the country; expected a part of "
            f"{lons[0]:.1f},{lats[0]:.1f},{lons[1]:.1f},{lats[1]:.1f}"
        )
    half = GEOD.inv(west, (south + north) / 2, east, (south + north) / 2)[2] / 2000
    if not LEAST_KM <= half <= MOST_KM:
        raise ViewError(f"view {name!r} is {2 * half:.0f} km wide; expected {2 * LEAST_KM:g} to {2 * MOST_KM:g} km")
    return west, south, east, north
