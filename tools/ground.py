"""Sets places on the ground: inside the country, in their governorate, out of the special areas, apart."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import shapely
from shapely import Point
from shapely.ops import nearest_points

from tools.common import read_layer, to_degrees, to_metres
from tools.factbook import read_table
from tools.place import Place, skeleton

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SNAP_LIMIT_M = 3_000.0  # farther outside the country, a point is an error
SNAP_DEPTH_M = 150.0  # how far inside a snapped point is set
GOVERNORATE_LIMIT_M = 2_000.0  # within this, the governorate that was reported is kept
CLOSE_M = 500.0  # nearer units must be merged or kept on purpose
TWIN_M = 3_000.0  # units of one name nearer than this too


@cache
def country() -> BaseGeometry:
    """Return the outline in metres."""
    return to_metres(read_layer("boundaries/country.geojson").geometry.iloc[0])


@cache
def governorates() -> dict[str, BaseGeometry]:
    """Return the governorates in metres by id."""
    layer = read_layer("boundaries/units.geojson")
    return {str(key): to_metres(shape) for key, shape in layer.geometry.items()}


@cache
def areas() -> dict[str, BaseGeometry]:
    """Return the special areas in metres by id."""
    layer = read_layer("boundaries/areas.geojson")
    return {str(key): to_metres(shape) for key, shape in layer.geometry.items()}


def governorate_at(lon: float, lat: float) -> str:
    """Return the governorate nearest to a point."""
    return nearest_governorate(to_metres(Point(lon, lat)))


def nearest_governorate(spot: BaseGeometry) -> str:
    """Return the governorate nearest to a point in metres."""
    return min(governorates(), key=lambda key: governorates()[key].distance(spot))


def settle(place: Place, problems: list[str]) -> Place:
    """Return the place just inside the country, its governorate checked; faults are added to `problems`."""
    spot = place.point
    outside = country().distance(spot)
    if outside > SNAP_LIMIT_M:
        problems.append(f"{place.id}: {outside / 1000:.1f} km outside the country")
    if outside > 0:
        inner = country().buffer(-SNAP_DEPTH_M)
        spot = nearest_points(inner, spot)[0]
    area = special_area(spot)
    governorate = nearest_governorate(spot) if area else place.governorate
    away = governorates()[governorate].distance(spot)
    if away > GOVERNORATE_LIMIT_M:
        lies = nearest_governorate(spot)
        problems.append(f"{place.id}: reported in {governorate}, lies {away / 1000:.1f} km away in {lies}")
    back = shapely.get_coordinates(to_degrees(spot))[0]
    lon, lat = (float(back[0]), float(back[1])) if outside > 0 else (place.lon, place.lat)
    return replace(place, lon=lon, lat=lat, governorate=governorate, role="marker" if area else place.role)


def special_area(spot: Point) -> str:
    """Return the special area that a point lies in, or nothing."""
    return next((key for key, shape in areas().items() if shape.covers(spot)), "")


def find_undecided(places: list[Place], units: set[str]) -> list[str]:
    """Return the pairs of units that stand too near each other, or share a name nearby, without a decision."""
    decided = {frozenset((row["a"], row["b"])) for row in read_table("pairs")}
    ours = [place for place in places if place.id in units]
    spots = [place.point for place in ours]
    tree = shapely.STRtree(spots)
    out = []
    for at, place in enumerate(ours):
        for other in sorted(int(i) for i in tree.query(spots[at].buffer(TWIN_M)) if int(i) > at):
            metres = spots[at].distance(spots[other])
            twins = skeleton(place.name) == skeleton(ours[other].name) and metres < TWIN_M
            if (metres < CLOSE_M or twins) and frozenset((place.id, ours[other].id)) not in decided:
                out.append(f"{place.id} and {ours[other].id}: {metres:.0f} m apart, merge or keep?")
    return out
