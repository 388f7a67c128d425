"""Push lines where the places of the fact tables prove them wrong, by small documented tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from tools.common import to_degrees, to_metres
from tools.factbook import read_table

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry


def nudge(lines: BaseGeometry, table: str) -> BaseGeometry:
    """Return lon/lat lines pushed by the rows of a table of hand decisions.

    A push is a smooth field, (1 - (r/R)^2)^2 times the row's east and north kilometres, zero from the radius on; so
    lines that met still meet and nothing farther away moves.
    """
    moved = shapely.segmentize(to_metres(lines), 500.0)
    for row in read_table(table):
        centre = shapely.get_coordinates(to_metres(shapely.Point(float(row["lon"]), float(row["lat"]))))[0]
        push = np.array([float(row["east_km"]), float(row["north_km"])]) * 1000.0
        moved = push_lines(moved, centre, float(row["radius_km"]) * 1000.0, push)
    return to_degrees(shapely.simplify(moved, 5.0))


def push_lines(
    lines: BaseGeometry, centre: NDArray[np.float64], radius_m: float, push: NDArray[np.float64]
) -> BaseGeometry:
    """Return lines in metres after one push."""
    moved: BaseGeometry = shapely.transform(lines, lambda points: points + field(points, centre, radius_m) * push)
    return moved


def field(points: NDArray[np.float64], centre: NDArray[np.float64], radius_m: float) -> NDArray[np.float64]:
    """Return the strength of a push at each point as a column: 1 at the centre, 0 from the radius on."""
    near = np.clip(1.0 - ((points - centre) ** 2).sum(axis=1) / radius_m**2, 0.0, None)
    strength: NDArray[np.float64] = near[:, None] ** 2
    return strength
