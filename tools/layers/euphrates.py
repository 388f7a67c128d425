"""Find the middle of the Euphrates: the cheapest path that stays near the river of two independent sources.

OpenStreetMap's river surface is known only in pieces of a 1.8 km grid; the WDB II line is complete but older than the
dams and about half a kilometre off. A path over a 100 m grid pays for the square of its distance from both. The places
whose bank is known then check it, and tables/river_nudges.csv pushes it where they prove it wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

STEP_M = 100.0
CORRIDOR_M = 4_000.0  # the path never leaves the line of the older source by more
FAR_KM = 1.2  # beyond this a piece of surface says nothing: the surface has gaps
BASE = 0.1  # what a kilometre costs on the river itself; small, so that a meander is followed rather than cut

Array = NDArray[np.float64]


def trace(line: BaseGeometry, surface: BaseGeometry) -> shapely.LineString:
    """Return the path from the first to the last point of `line`, near it and near `surface`; all in metres."""
    cells = corridor(line)
    price = cell_price(cells, line, surface)
    first, last = (int(np.hypot(*(cells - end).T).argmin()) for end in shapely.get_coordinates(line)[[0, -1]])
    _, trees = dijkstra(graph(cells, price), indices=np.array([first]), return_predecessors=True)
    path = [last]
    while path[-1] != first:
        path.append(int(trees[0, path[-1]]))
    return smooth(shapely.LineString(cells[path[::-1]]))


def corridor(line: BaseGeometry) -> Array:
    """Return the centres of the grid's cells near a line, in row order."""
    west, south, east, north = (np.array(line.bounds) + np.array([-1, -1, 1, 1]) * CORRIDOR_M) // STEP_M
    x, y = np.meshgrid(np.arange(west, east) * STEP_M, np.arange(south, north) * STEP_M)
    cells = np.column_stack([x.ravel(), y.ravel()])
    area = shapely.buffer(line, CORRIDOR_M)
    shapely.prepare(area)
    inside: Array = cells[shapely.contains_xy(area, cells)]
    return inside


def cell_price(cells: Array, line: BaseGeometry, surface: BaseGeometry) -> Array:
    """Return what a kilometre costs in each cell: the squares of the distances in km from line and surface."""
    points = shapely.points(cells)
    shapely.prepare(line)
    shapely.prepare(surface)
    from_line, from_surface = shapely.distance(points, line) / 1000.0, shapely.distance(points, surface) / 1000.0
    price: Array = BASE + from_line**2 + np.minimum(from_surface, FAR_KM) ** 2
    return price


def graph(cells: Array, price: Array) -> sparse.csr_array:
    """Return the graph of neighbouring cells, an edge costing its length times the mean price."""
    steps = np.round(cells / STEP_M).astype(np.int64)
    width = int(np.ptp(steps[:, 0])) + 3
    keys = (steps[:, 1] - steps[:, 1].min()) * width + steps[:, 0] - steps[:, 0].min()
    starts, ends, costs = [], [], []
    for dx, dy in ((1, 0), (0, 1), (1, 1), (-1, 1), (2, 1), (1, 2), (-2, 1), (-1, 2)):
        at = np.searchsorted(keys, keys + dy * width + dx).clip(max=len(keys) - 1)
        a = np.flatnonzero(keys[at] == keys + dy * width + dx)
        starts.append(a)
        ends.append(at[a])
        costs.append(np.hypot(dx, dy) * (price[a] + price[at[a]]) / 2)
    index = (np.concatenate(starts + ends), np.concatenate(ends + starts))
    return sparse.csr_array((np.concatenate(costs + costs), index), shape=(len(cells), len(cells)))


def smooth(line: shapely.LineString) -> shapely.LineString:
    """Return a path without the corners of its grid: simplified, then its corners cut three times (Chaikin)."""
    points = shapely.get_coordinates(shapely.simplify(line, 1.2 * STEP_M))
    for _ in range(3):
        cut = np.column_stack([points[:-1] * 0.75 + points[1:] * 0.25, points[:-1] * 0.25 + points[1:] * 0.75]).reshape(
            -1, 2
        )
        points = np.vstack([points[:1], cut, points[-1:]])
    return shapely.simplify(shapely.LineString(points), 15.0)
