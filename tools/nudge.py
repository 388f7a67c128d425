"""Push lines where the places of the fact tables prove them wrong, by small documented tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tools.common import TABLES, to_degrees, to_metres


def nudge(lines: BaseGeometry, table: str) -> BaseGeometry:
    """Return lon/lat lines pushed by the rows of tables/<table>.

    A push is a smooth field, (1 - (r/R)^2)^2 times the row's east and north kilometres, zero from the radius on; so
    lines that met still meet and nothing farther away moves.
    """
    rows = pd.read_csv(TABLES / table)
    moved = shapely.segmentize(to_metres(lines), 500.0)
    for row in rows.itertuples():
        centre = shapely.get_coordinates(to_metres(shapely.Point(row.lon, row.lat)))[0]
        push = np.array([row.east_km, row.north_km]) * 1000.0
        moved = shapely.transform(moved, lambda p, c=centre, v=push, r=row.radius_km * 1000.0: p + field(p, c, r) * v)
    return to_degrees(shapely.simplify(moved, 5.0))


def field(points: NDArray[np.float64], centre: NDArray[np.float64], radius_m: float) -> NDArray[np.float64]:
    """Return the strength of a push at each point as a column: 1 at the centre, 0 from the radius on."""
    near = np.clip(1.0 - ((points - centre) ** 2).sum(axis=1) / radius_m**2, 0.0, None)
    strength: NDArray[np.float64] = near[:, None] ** 2
    return strength
