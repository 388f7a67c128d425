"""Merge cells with their states: the land of each party, the fronts between them, what was gained since a day.

Zones and fronts are exact: unions of cells, a valid coverage, edges shared point by point. Softening them for the eye
is ink and happens elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import MultiPolygon

from .cells import same_cells
from .model import NOBODY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from .model import Cells, Party

GRID_M = 0.01  # as the cells are noded
SLIVER_M = 0.5  # land thinner than this lies between two tessellations of one line


@dataclass(frozen=True, slots=True, eq=False)
class Seams:
    """The straight pieces of edge between two cells: `start`, `end`, the cells to the `left` and to the `right`."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]


def build_zones(cells: Cells, states: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the land of every party, the largest first: a valid coverage of the country in metres of the cells' CRS.

    Index: party. Columns: area_km2 (true area), geometry.
    """
    return _unite(cells, states["party"].to_numpy())


def build_fronts(cells: Cells, states: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the lines between the zones of two parties, cut where three meet; never an outline, which has one side.

    RangeIndex. Columns: left, right (the parties on either side in the direction of the line, in alphabetical order),
    geometry (LineString in metres of the cells' CRS).
    """
    seams = _read_seams(cells)
    pair, turned, meetings = _pair_sides(seams, states)
    turn = turned[:, None]
    ends = np.stack([np.where(turn, seams.end, seams.start), np.where(turn, seams.start, seams.end)], axis=1)
    rows = [(*names, line) for number, names in meetings.items() for line in _join_lines(ends[pair == number])]
    frame = pd.DataFrame(rows, columns=["left", "right", "geometry"])
    return gpd.GeoDataFrame(frame, crs=cells.crs)


def list_meetings(cells: Cells, states: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the pairs of parties that share a front, each in alphabetical order, without drawing the fronts."""
    return list(_pair_sides(_read_seams(cells), states)[2].values())


def _pair_sides(
    seams: Seams, states: pd.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.bool_], dict[int, tuple[str, str]]]:
    """Return a number for the parties beside each seam, whether the first of them is to its right, and who they are.

    The last tells the two parties by number, for two that are not the same.
    """
    code, parties = pd.factorize(states["party"], sort=True)
    left, right = code[seams.left], code[seams.right]
    low, high = np.minimum(left, right), np.maximum(left, right)
    pair, names = low * len(parties) + high, list(product(parties, repeat=2))
    return pair, left != low, {number: names[number] for number in np.unique(pair[low != high]).tolist()}


def build_gains(
    cells: Cells, states: pd.DataFrame, *, before: tuple[Cells, pd.DataFrame], parties: Mapping[str, Party]
) -> gpd.GeoDataFrame:
    """Return the land that each party holds and that its bloc did not hold `before`, given as cells with their states.

    Index: party, the largest gain first. Columns: bloc, area_km2, geometry. Land left to nobody known is no gain.
    """
    bloc = {party.id: party.bloc for party in parties.values()}
    old_cells, old_states = before
    held = ~states["status"].isin(NOBODY).to_numpy()
    if same_cells(old_cells, cells):
        gained = held & (states["party"].map(bloc) != old_states["party"].map(bloc)).to_numpy()
        gains = _unite(cells, np.where(gained, states["party"], ""))
    else:
        now = _unite(cells, np.where(held, states["party"], ""))
        gains = _subtract(now, _unite(old_cells, old_states["party"].map(bloc).to_numpy()), bloc, cells)
    return gains.assign(bloc=gains.index.map(bloc))[["bloc", "area_km2", "geometry"]]


def _subtract(now: gpd.GeoDataFrame, then: gpd.GeoDataFrame, bloc: Mapping[str, str], cells: Cells) -> gpd.GeoDataFrame:
    """Return each party's land without what its bloc held then, where the two days have different cells."""
    old = then.geometry.to_dict()
    rest = {party: _cut(zone, old.get(bloc[party])) for party, zone in now.geometry.items()}
    land = gpd.GeoSeries(rest, crs=cells.crs)
    area_km2 = land.to_crs(cells.area_crs or cells.crs).area / 1e6
    return _list_zones(cells, [(party, area_km2[party], rest[party]) for party in rest if area_km2[party]])


def _cut(land: BaseGeometry, old: BaseGeometry | None) -> BaseGeometry:
    """Return land without the old land and without the slivers between two tessellations of one line."""
    rest = land if old is None else shapely.difference(land, old, grid_size=GRID_M)
    parts = [part for part in shapely.get_parts(rest) if part.area > SLIVER_M * part.length]
    return MultiPolygon(parts)


def _unite(cells: Cells, labels: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Return the union of the cells with each label, the largest first; those labelled "" are left out."""
    area = cells.frame["area_km2"].to_numpy()
    groups = {name: np.flatnonzero(labels == name) for name in set(labels) - {""}}
    rows = [(name, area[mine].sum(), _join_cells(cells, mine.tobytes())) for name, mine in groups.items()]
    return _list_zones(cells, rows)


def _list_zones(cells: Cells, rows: list[tuple[str, float, BaseGeometry]]) -> gpd.GeoDataFrame:
    """Return names with their area and land as a table, the largest first."""
    rows = sorted(rows, key=lambda row: (-row[1], row[0]))
    frame = pd.DataFrame(rows, columns=["party", "area_km2", "geometry"]).astype({"party": str, "area_km2": float})
    return gpd.GeoDataFrame(frame.set_index("party"), crs=cells.crs)


@lru_cache(maxsize=128)
def _join_cells(cells: Cells, rows: bytes) -> BaseGeometry:
    """Return the union of some cells: on most days most parties have the land of the day before."""
    land: BaseGeometry = shapely.coverage_union_all(
        cells.frame.geometry.to_numpy()[np.frombuffer(rows, dtype=np.int64)]
    )
    return land


@lru_cache(maxsize=8)
def _read_seams(cells: Cells) -> Seams:
    """Return every edge that two cells share. Rings keep their land on the left, so each edge is met once each way."""
    parts, cell = shapely.get_parts(cells.frame.geometry.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    start, end, owner = points[:-1][joined], points[1:][joined], cell[part[ring[:-1][joined]]]
    ahead = (start[:, 0] < end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] < end[:, 1]))
    low, high = np.where(ahead[:, None], start, end), np.where(ahead[:, None], end, start)
    order = np.lexsort((high[:, 1], high[:, 0], low[:, 1], low[:, 0]))
    one, other = order[:-1], order[1:]
    shared = (low[one] == low[other]).all(axis=1) & (high[one] == high[other]).all(axis=1)
    one, other = one[shared], other[shared]
    return Seams(start[one], end[one], owner[one], owner[other])


def _join_lines(ends: NDArray[np.float64]) -> list[BaseGeometry]:
    """Return straight pieces joined to lines that keep their direction."""
    lines = shapely.line_merge(shapely.multilinestrings(ends), directed=True)
    return list(shapely.get_parts(lines))
