"""Build roads/: the highways of the fact table as smooth lines through their waypoints."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from tools.common import WGS84, slugify, to_degrees, to_metres, write_layer
from tools.factbook import Row, read_facts, read_table

SAMPLE_M = 250.0  # a vertex of the curve before it is thinned
THIN_M = 20.0  # far below the accuracy of any waypoint; leaves about a vertex per kilometre

Array = NDArray[np.float64]


def build() -> None:
    """Write one line for each road."""
    waypoints = read_waypoints()
    keys = dict.fromkeys((row["ref"], row["name"], row["class"]) for row in waypoints)
    roads = [
        build_road(key, [row for row in waypoints if (row["ref"], row["name"], row["class"]) == key]) for key in keys
    ]
    frame = gpd.GeoDataFrame(pd.DataFrame(roads), geometry="geometry", crs=WGS84)
    assert frame.id.is_unique, "two roads with one id"
    write_layer("roads/highways.geojson", frame)


def read_waypoints() -> list[Row]:
    """Return the waypoints of the fact table, road by road in order, with the corrections of tables/road_fixes.csv.

    A correction without a point drops its waypoint.
    """
    fixes = {(fix["name"], fix["place"]): fix for fix in read_table("road_fixes")}
    rows = []
    for row in sorted(read_facts("highways"), key=lambda row: int(row["order"])):
        fix = fixes.pop((row["name"], row["place"]), None)
        rows.append(row if fix is None else {**row, **{key: fix[key] for key in ("lon", "lat", "accuracy_km")}})
    assert not fixes, f"no such waypoint: {sorted(fixes)}"
    return [row for row in rows if row["lon"]]


def build_road(key: tuple[str, str, str], rows: list[Row]) -> dict[str, object]:
    """Return a road as a row: the worst accuracy of its waypoints in km, its geodesic length in km."""
    ref, name, kind = key
    points = shapely.get_coordinates(to_metres(shapely.LineString([(float(r["lon"]), float(r["lat"])) for r in rows])))
    line = to_degrees(shapely.simplify(shapely.LineString(curve(points)), THIN_M))
    stem = re.sub(r"\(.*?\)", "", name).split(" - ")
    return {
        "id": slugify(f"{ref} {stem[0]} {stem[-1]}" if len(stem) > 1 else f"{ref} {stem[0]}"),
        "ref": ref,
        "name": name,
        "class": kind,
        "accuracy_km": max(float(row["accuracy_km"]) for row in rows),
        "length_km": round(Geod(ellps="WGS84").geometry_length(line) / 1000.0, 1),
        "geometry": line,
    }


def curve(points: Array) -> Array:
    """Return a centripetal Catmull-Rom curve through points in metres: no loops between unevenly spaced waypoints.

    The formula is the pyramid of Barry and Goldman with knots spaced by the square root of the chord; a phantom point
    continues the first and the last chord.
    """
    whole = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    spans = [span(whole[i : i + 4]) for i in range(len(points) - 1)]
    return np.vstack([points[:1], *spans])


def span(p: Array) -> Array:
    """Return the curve from the second to the third of four points, without its first point."""
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(p, axis=0).T)))])
    steps = max(2, int(np.hypot(*(p[2] - p[1])) / SAMPLE_M))
    t = np.linspace(knots[1], knots[2], steps + 1)[1:, None]

    def blend(a: Array, b: Array, i: int, j: int) -> Array:
        mixed: Array = (a * (knots[j] - t) + b * (t - knots[i])) / (knots[j] - knots[i])
        return mixed

    first, second, third = blend(p[0], p[1], 0, 1), blend(p[1], p[2], 1, 2), blend(p[2], p[3], 2, 3)
    return blend(blend(first, second, 0, 2), blend(second, third, 1, 3), 1, 2)


if __name__ == "__main__":
    build()
