"""Cut the country into cells, the smallest areas that change hands: exact, without gap or overlap.

Special areas come out first, each as one solid cell. The rest falls into regions: the banks of the barriers, cut again
at the border of every administrative unit that a statement names. Polygons that rows of a table have drawn are units
too, and cut special areas as well: whoever draws land speaks about that land. In each region the land goes to the
nearest of the region's places. A user's areas are the atoms of a region: one is shared out only among the places in it.
All edges are noded in one snap-rounding and every face is given to one cell, so that the result is a valid coverage by
construction. docs/merge.md tells the reasons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from .coverage import keep_polygons
from .model import ZONE_LEVEL, Cells
from .prepared import read_prepared
from .slivers import close_slivers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from .model import Boundaries, Control
    from .prepared import Key

    Coordinates = NDArray[np.float64]
    Geometries = NDArray[np.object_]
    Numbers = NDArray[np.int64]
    RegionKey = tuple[str, tuple[str, ...], tuple[int, ...]]

GRID_M = 0.01  # one centimetre: far below any accuracy here, far above the noise of floating point
OVERSHOOT_M = 1.0  # edges run this far past a region's border, so that noding always finds the crossing
BEYOND = " of "  # in the name of a cell, before the place of another region that it goes with
KM = 1000.0
NEAR_M = 0.1  # a face lies in a region when its inner point is at most so far off: rounding, not geography


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Land that is shared out among its own places: a special area, or one bank's part of one set of named units.

    `units` are what statements reach it by, the smallest first; the special area is one of them. `atoms` are the user's
    areas in it, none where no user's areas are in use; `peers` the named places to which one without any goes as a
    whole; `bank` is the side of every barrier it lies on.
    """

    area: str
    units: tuple[str, ...]
    land: BaseGeometry
    seeds: tuple[str, ...] = ()
    atoms: tuple[BaseGeometry, ...] = ()
    peers: tuple[str, ...] = ()
    bank: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """Land and the places that it is shared out among, each with how far it reaches in metres (0 = all the way)."""

    land: BaseGeometry
    ids: NDArray[np.object_]
    points: Geometries
    reach: NDArray[np.float64]


def build_cells(boundaries: Boundaries, control: Control, on: date) -> Cells:
    """Return the cells of a day: they grow round the places that the table has named by then.

    The same object comes back for every day with the same named places and units, so what hangs on it can be kept.
    """
    days = _first_days(control)
    boundaries = add_zones(boundaries, control)
    return _build_after(boundaries, control, int((days <= np.datetime64(on)).sum()))


@lru_cache(maxsize=8)
def add_zones(boundaries: Boundaries, control: Control) -> Boundaries:
    """Return boundaries whose units are also the polygons that rows of the table have drawn."""
    if control.zones is None:
        return boundaries
    units = pd.concat([boundaries.units, control.zones])
    return replace(boundaries, units=gpd.GeoDataFrame(units, crs=boundaries.units.crs), inputs=())


def list_drawn_edges(control: Control, cells: Cells) -> list[BaseGeometry]:
    """Return the edges of the polygons of a table that cut some cells."""
    if control.zones is None:
        return []
    cut = {name for chain in cells.frame["chain"] for name in chain}
    return list(control.zones.geometry[control.zones.index.isin(cut)].boundary)


@lru_cache(maxsize=64)
def _build_after(boundaries: Boundaries, control: Control, count: int) -> Cells:
    """Return the cells after the table has named some units for the first time; many days have the same."""
    return _build(boundaries, *list_named(boundaries, control, count))


def list_named(boundaries: Boundaries, control: Control, count: int | None = None) -> tuple[tuple[str, ...], ...]:
    """Return the places and the administrative units among the first units that a table names (default: all)."""
    named = _first_units(control)[:count]
    places, units = boundaries.places, boundaries.units
    seeds = places.index[(places["role"] == "place").to_numpy() & places.index.isin(named)]
    return tuple(seeds), tuple(units.index[units.index.isin(named)])


@lru_cache(maxsize=8)
def _first_units(control: Control) -> pd.Index[Any]:
    """Return the units in the order of the days on which the table first speaks about them."""
    table = control.statements
    order = np.argsort(table["date"].to_numpy(), kind="stable")
    return pd.Index(pd.unique(table["unit"].take(order)))


@lru_cache(maxsize=8)
def _first_days(control: Control) -> NDArray[np.datetime64]:
    """Return the day on which the table first speaks about each unit, in order."""
    first = control.statements.groupby("unit", sort=False)["date"].min()
    return np.sort(first.to_numpy())


@lru_cache(maxsize=8)
def _build(boundaries: Boundaries, named: tuple[str, ...], units: tuple[str, ...]) -> Cells:
    ready = read_prepared("cells", key_cells(boundaries, named, units)) if boundaries.inputs else None
    if ready is None:
        return compute_cells(boundaries, named, units)
    return Cells(ready.frame("cells", boundaries.crs), boundaries.crs, boundaries.area_crs)


def key_cells(boundaries: Boundaries, named: tuple[str, ...], units: tuple[str, ...]) -> Key:
    """Return all that cells are computed from: not the files, but what was made of them."""
    places = boundaries.places
    borders = [boundaries.country, *boundaries.areas.geometry, *boundaries.units.geometry, *boundaries.barriers]
    words = (*named, "", *units, "", *places.index, *places["role"], *boundaries.areas.index, *["own"] * boundaries.own)
    parts = (
        "\n".join(words).encode("utf-8"),
        *shapely.to_wkb(borders, byte_order=1),
        shapely.get_coordinates(places.geometry.to_numpy()).tobytes(),
        places["reach_km"].to_numpy(dtype=np.float64).tobytes(),
    )
    crs = (boundaries.crs, boundaries.area_crs)
    return {"sha256": sha256(b"".join(parts)).hexdigest(), "crs": crs, "grid_m": GRID_M}


def compute_cells(boundaries: Boundaries, named: tuple[str, ...], units: tuple[str, ...]) -> Cells:
    """Return the cells that grow round the named places, cut at the borders of the named units."""
    regions = _plant(boundaries, cut_regions(boundaries, units), named)
    shares = [share_out(region, boundaries.places) for region in regions]
    every = [*chain.from_iterable(shares)]
    faces = _polygonize(
        [*_borders(every, once=boundaries.own), *(line for share in every for line in _share_edges(share))]
    )
    inner = shapely.point_on_surface(faces)
    owner = locate(inner, np.array([share.land for share in every]), within_m=NEAR_M)
    frames, number = [], 0
    for rest, (region, mine) in enumerate(zip(regions, shares, strict=True)):
        seeds, land = [], []
        for share in mine:
            land.append(owner == number)
            seeds.append(_nearest_seeds(share, inner[land[-1]]))
            number += 1
        found = np.concatenate([faces[one] for one in land])
        frames.append(_region_cells(region, _name_rest(region, rest), np.concatenate(seeds), found))
    return _assemble(boundaries, pd.concat(frames), named)


def list_borders(boundaries: Boundaries, cells: Cells) -> list[BaseGeometry]:
    """Return the borders of the administrative units that the table names on the days of these cells."""
    named = {name for chain in cells.frame["chain"] for name in chain}
    units = boundaries.units
    return list(units.geometry[units.index.isin(named)].boundary)


def same_cells(one: Cells, other: Cells) -> bool:
    """Return whether two days have the same cells, be it as one object or built anew after it was forgotten."""
    if one is other:
        return True
    land, again = one.frame.geometry.to_numpy(), other.frame.geometry.to_numpy()
    return one.frame.index.equals(other.frame.index) and bool(shapely.equals_identical(land, again).all())


def locate(points: Geometries, lands: Geometries, *, within_m: float = np.inf) -> Numbers:
    """Return for every point the position of the land it lies in, else of the nearest, -1 beyond `within_m` metres."""
    found = np.full(len(points), len(lands), dtype=np.int64)
    land, point = STRtree(points).query(lands, predicate="intersects")
    np.minimum.at(found, point, land)
    lost = np.flatnonzero(found == len(lands))
    if len(lost) and within_m > 0:
        limit = within_m if np.isfinite(within_m) else None
        near = STRtree(lands).query_nearest(points[lost], max_distance=limit)
        np.minimum.at(found, lost[near[0]], near[1])
    return np.where(found == len(lands), -1, found)


# Regions


def cut_regions(boundaries: Boundaries, units: tuple[str, ...] = ()) -> list[Region]:
    """Return the country cut along special areas, barriers and the borders of some units, in a stable order."""
    faces = _polygonize(_region_lines(boundaries, units))
    inner = shapely.point_on_surface(faces)
    inside = shapely.intersects_xy(boundaries.country, shapely.get_x(inner), shapely.get_y(inner))
    faces, inner = faces[inside], inner[inside]
    area = _covering(inner, boundaries.areas.geometry)
    unit = _covering(inner, _small_first(boundaries.units.loc[list(units)]))
    banks = list(zip(*(_banks(faces, barrier) for barrier in boundaries.barriers), strict=True))
    keys: list[RegionKey] = []
    for number in range(len(faces)):
        special = area[number][0] if area[number] else ""
        keys.append((special, (special,), ()) if special else ("", unit[number], banks[number] if banks else ()))
    keys = _draw_zones(faces, keys, unit, boundaries, units)
    parts: dict[RegionKey, list[BaseGeometry]] = {}
    for key, face in zip(keys, faces, strict=True):
        parts.setdefault(key, []).append(face)
    found = [Region(key[0], key[1], shapely.union_all(parts[key]), bank=key[2]) for key in sorted(parts)]
    return [_cut_atoms(region, boundaries) for region in found] if boundaries.own else found


def _cut_atoms(region: Region, boundaries: Boundaries) -> Region:
    """Return a region with the parts of the user's areas in it, of the deepest level; a special area stays whole."""
    deepest = list_deepest(boundaries)
    if region.area or any(unit in deepest.index for unit in region.units):
        return region
    grown = region.land.buffer(NEAR_M)  # a region was noded on the grid, the areas not yet
    shapely.prepare(grown)
    near = deepest[shapely.intersects(grown, deepest.to_numpy())]
    whole = shapely.contains(grown, near.to_numpy())
    parts = [one if all_of_it else _cut_atom(one, region.land) for one, all_of_it in zip(near, whole, strict=True)]
    return replace(region, atoms=tuple(part for part in parts if not part.is_empty))


def _cut_atom(atom: BaseGeometry, land: BaseGeometry) -> BaseGeometry:
    """Return the part of an area on a land, which is clipped to its surroundings first: noding all of it is slow."""
    near = shapely.clip_by_rect(land, *shapely.box(*atom.bounds).buffer(KM).bounds)
    return keep_polygons(shapely.intersection(near, atom, grid_size=GRID_M))


def list_deepest(boundaries: Boundaries) -> gpd.GeoSeries:
    """Return the land of the administrative units of the deepest level, which tile the country."""
    units = boundaries.units[boundaries.units["level"] != ZONE_LEVEL]
    return units.geometry[units["level"] == units["level"].max()]


def _draw_zones(
    faces: Geometries,
    keys: list[RegionKey],
    unit: list[tuple[str, ...]],
    boundaries: Boundaries,
    units: tuple[str, ...],
) -> list[RegionKey]:
    """Return the keys of faces with the drawn polygons they lie in, slivers closed; as they are without any."""
    table = boundaries.units.loc[list(units)]
    zones = table.geometry[(table["level"] == ZONE_LEVEL).to_numpy()]
    if zones.empty:
        return keys
    drawn = [tuple(name for name in names if name in zones.index) for names in unit]
    fixed = [(area, tuple(name for name in names if name not in zones.index), banks) for area, names, banks in keys]
    drawn = close_slivers(faces, fixed, drawn, zones)
    order = [*_small_first(table).index]
    sizes = table.geometry.area
    for name, size in boundaries.areas.geometry.area.items():
        order.insert(int((sizes <= size).sum()), str(name))
        sizes[name] = size
    rank = {name: at for at, name in enumerate(order)}
    return [
        (area, tuple(sorted((*names, *mine), key=rank.__getitem__)), banks)
        for (area, names, banks), mine in zip(fixed, drawn, strict=True)
    ]


def _region_lines(boundaries: Boundaries, units: tuple[str, ...]) -> list[BaseGeometry]:
    """Return every line that no cell may cross: outline, special areas, named units and barriers."""
    near = boundaries.country.buffer(OVERSHOOT_M)
    borders = [*boundaries.areas.geometry, *boundaries.units.geometry.loc[list(units)]]
    barriers = [near.intersection(barrier) for barrier in boundaries.barriers]
    return [boundaries.country.boundary, *(border.boundary for border in borders), *barriers]


def _small_first(units: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the units' land, the smallest first; of two of the same size the finer level first."""
    order = np.lexsort((-units["level"].to_numpy(dtype=np.int64), units.geometry.area.to_numpy()))
    return units.geometry.iloc[order]


def _covering(points: Geometries, lands: gpd.GeoSeries) -> list[tuple[str, ...]]:
    """Return for every point the names of the lands it lies in, in the order of the lands."""
    names: list[list[str]] = [[] for _ in points]
    land, point = STRtree(points).query(lands.to_numpy(), predicate="contains")
    for row in np.argsort(land, kind="stable"):
        names[point[row]].append(str(lands.index[land[row]]))
    return [tuple(row) for row in names]


def _banks(faces: Geometries, barrier: BaseGeometry) -> list[int]:
    """Return for every face 1 on the left of a barrier, -1 on its right and 0 where the barrier does not part it.

    A face that does not touch the barrier, such as an island, goes with the nearest one that does.
    """
    score, touch = _ride_along(faces, barrier)
    side = np.where(np.abs(score) > 0.9 * touch, np.sign(score), 0).astype(np.int64)
    shore, inland = np.flatnonzero(touch > OVERSHOOT_M), np.flatnonzero(touch <= OVERSHOOT_M)
    if len(shore) and len(inland):
        side[inland] = side[shore[STRtree(faces[shore]).nearest(shapely.point_on_surface(faces[inland]))]]
    return [int(bank) for bank in side]


def _ride_along(faces: Geometries, barrier: BaseGeometry) -> tuple[Coordinates, Coordinates]:
    """Return how far each face's edge runs with a barrier less how far against it, and how far both ways, in metres.

    A face keeps its land on the left of its edge: what runs with the barrier has its land on the barrier's left.
    """
    rings, face = shapely.get_rings(shapely.orient_polygons(faces), return_index=True)
    ends, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    start, step, face = ends[:-1][joined], (ends[1:] - ends[:-1])[joined], face[ring[:-1][joined]]
    middle = np.asarray(shapely.points(start + step / 2), dtype=object)
    course = shapely.get_coordinates(barrier)
    pieces = np.asarray(shapely.linestrings(np.stack([course[:-1], course[1:]], axis=1)), dtype=object)
    edge, piece = STRtree(pieces).query_nearest(middle, max_distance=2 * GRID_M, all_matches=False)
    length, face = np.hypot(*step[edge].T), face[edge]
    ahead = np.sign((step[edge] * np.diff(course, axis=0)[piece]).sum(axis=1)) * length
    score, touch = (np.bincount(face, weights, len(faces)).astype(np.float64) for weights in (ahead, length))
    return score, touch


# Seeds and the land nearest to them


def _plant(boundaries: Boundaries, regions: list[Region], named: tuple[str, ...]) -> list[Region]:
    """Return the regions with their seeds: the named places and, inside named units, every other place too.

    A drawn polygon stays whole until a place in it is named. Where two places share a point, the first one grows the
    cell.
    """
    places = boundaries.places[boundaries.places["role"] == "place"]
    home = locate(places.geometry.to_numpy(), np.array([region.land for region in regions]))
    crowded = _list_crowded(boundaries, regions, home[places.index.isin(named)])[home]
    special = np.array([bool(region.area) for region in regions])[home]
    grows = (places.index.isin(named) | crowded) & ~special
    order = np.argsort(~places.index.isin(named), kind="stable")
    order = order[grows[order]]
    spots = pd.Series(_spots(places.geometry.iloc[order]))
    order = np.sort(order[~spots.duplicated().to_numpy()])
    ids, home = places.index[order], home[order]
    planted = [replace(region, seeds=tuple(ids[home == number])) for number, region in enumerate(regions)]
    return [_find_peers(region, planted, named) for region in planted] if boundaries.own else planted


def _find_peers(region: Region, regions: list[Region], named: tuple[str, ...]) -> Region:
    """Return a region with the named places that its empty atoms may go to: those of its bank, or of its named unit.

    So what is said about one of the user's areas never changes land outside it.
    """
    if not region.atoms:
        return region
    beside = [region] if region.units else [one for one in regions if not one.area and one.bank == region.bank]
    known = set(named)
    return replace(region, peers=tuple(seed for one in beside for seed in one.seeds if seed in known))


def _list_crowded(boundaries: Boundaries, regions: list[Region], spoken: Numbers) -> NDArray[np.bool_]:
    """Return in which regions every place grows a cell: a named one among them keeps a town's land and no more.

    `spoken` are those where a named place lies. Where a user's areas are in use, only in one that a statement itself
    names: elsewhere a place has its area.
    """
    if boundaries.own:
        deepest = list_deepest(boundaries).index
        return np.array([any(unit in deepest for unit in region.units) for region in regions], dtype=bool)
    zones = set(boundaries.units.index[(boundaries.units["level"] == ZONE_LEVEL).to_numpy()])
    named = np.isin(np.arange(len(regions)), spoken)
    return np.array(
        [
            bool(region.units) and (here or not zones.issuperset(region.units))
            for region, here in zip(regions, named, strict=True)
        ],
        dtype=bool,
    )


def share_out(region: Region, places: gpd.GeoDataFrame) -> list[Share]:
    """Return the lands of a region with the places that each is shared out among: the region, or its atoms.

    An atom is shared out among its own places. One without any goes as a whole to the nearest place of the region;
    so does what the enclaves of an atom do not reach.
    """
    own, peers = (_list_seeds(seeds, places) for seeds in (region.seeds, region.peers))
    open_ = np.flatnonzero(peers.reach == 0)
    if not region.atoms or not len(open_):
        return [replace(own, land=region.land)]
    home = locate(own.points, np.array(region.atoms, dtype=object))
    middles = shapely.point_on_surface(np.array(region.atoms, dtype=object))
    nearest = open_[STRtree(peers.points[open_]).nearest(middles)]
    found = []
    for number, atom in enumerate(region.atoms):
        mine = np.flatnonzero(home == number)
        share = Share(atom, own.ids[mine], own.points[mine], own.reach[mine])
        found.append(share if (share.reach == 0).any() else _add(share, peers, nearest[number]))
    return found


def _list_seeds(seeds: tuple[str, ...], places: gpd.GeoDataFrame) -> Share:
    """Return places as a share without land yet."""
    rows = places.loc[list(seeds)]
    reach = rows["reach_km"].fillna(0).to_numpy(dtype=np.float64) * 1000
    return Share(shapely.Polygon(), np.array(seeds, dtype=object), rows.geometry.to_numpy(), reach)


def _add(share: Share, peers: Share, at: int) -> Share:
    """Return a share with one more place."""
    ids, points = np.append(share.ids, peers.ids[at]), np.append(share.points, peers.points[at])
    return replace(share, ids=ids, points=points, reach=np.append(share.reach, peers.reach[at]))


def _borders(shares: list[Share], *, once: bool) -> Geometries:
    """Return the outlines of all shares; `once`, what two share vertex by vertex only once, which halves the noding."""
    outlines = shapely.boundary(np.array([share.land for share in shares], dtype=object))
    if not once:
        return outlines
    points, ring = shapely.get_coordinates(shapely.get_parts(outlines), return_index=True)
    start, end, joined = points[:-1], points[1:], ring[1:] == ring[:-1]
    ahead = (start[:, 0] < end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] < end[:, 1]))
    pieces = np.where(ahead[:, None], np.hstack([start, end]), np.hstack([end, start]))
    fresh = np.flatnonzero(joined)[~pd.DataFrame(pieces[joined]).duplicated().to_numpy()]
    begins = np.append(True, np.diff(fresh) != 1)
    line, first = np.cumsum(begins) - 1, np.flatnonzero(begins)
    course = np.insert(end[fresh], first, start[fresh[first]], axis=0)
    found: Any = shapely.linestrings(course, indices=np.insert(line, first, line[first]))
    return np.asarray(found, dtype=object)


def _share_edges(share: Share) -> list[BaseGeometry]:
    """Return the edges between the places of a share and the rims of its enclaves, a metre beyond its borders."""
    points, reach = share.points, share.reach
    if len(points) < 2 and not (reach > 0).any():
        return []
    near = share.land.buffer(OVERSHOOT_M)
    edges = _clip(_voronoi_edges(points[reach == 0], near), near)
    if not (reach > 0).any():
        return [*edges]
    discs = _disc(points, reach)[reach > 0]
    land = shapely.union_all(discs).buffer(OVERSHOOT_M)
    peers = points[shapely.dwithin(points, land, reach.max())]  # farther ones are nearest to nothing in there
    inner = _clip(_voronoi_edges(peers, near), land)
    return [*edges, *_clip(inner, near), *_clip(shapely.boundary(discs), near)]


def _disc(points: Geometries, reach: NDArray[np.float64]) -> Geometries:
    return np.asarray(shapely.buffer(points, reach, quad_segs=32))


def _voronoi_edges(points: Geometries, land: BaseGeometry) -> Geometries:
    """Return the lines that are as far from one point as from another, all over a land."""
    if len(points) < 2:
        return np.array([], dtype=object)
    lines = shapely.voronoi_polygons(shapely.union_all(points), extend_to=land, only_edges=True)
    return shapely.get_parts(lines)


def _clip(lines: Geometries, land: BaseGeometry) -> Geometries:
    """Return the parts of lines inside a land."""
    shapely.prepare(land)
    inside = shapely.contains_properly(land, lines)
    cut = shapely.intersection(shapely.multilinestrings(shapely.get_parts(lines[~inside])), land)
    return np.append(lines[inside], shapely.get_parts(cut))


def _nearest_seeds(share: Share, inner: Geometries) -> NDArray[np.object_]:
    """Return for every point of a share the id of the place that it belongs to, "" where there is none."""
    found = np.full(len(inner), "", dtype=object)
    points, reach, ids = share.points, share.reach, share.ids
    if (reach == 0).any():
        found = ids[reach == 0][STRtree(points[reach == 0]).nearest(inner)]
    if (reach > 0).any():
        nearest = STRtree(points).nearest(inner)
        within = (reach[nearest] > 0) & shapely.contains(_disc(points, reach)[nearest], inner)
        found[within] = ids[nearest[within]]
    return found


# From faces to cells


def _polygonize(lines: Iterable[BaseGeometry]) -> Geometries:
    """Return the faces between lines, noded in one snap-rounding."""
    return shapely.get_parts(shapely.polygonize([shapely.union_all(list(lines), grid_size=GRID_M)]))


def _region_cells(region: Region, rest: str, seeds: NDArray[np.object_], faces: Geometries) -> pd.DataFrame:
    """Return the cells of one region: place, area, units and land, indexed by their names.

    Land that goes to a place of another region is a cell of its own: only what is said of that place reaches it.
    """
    foreign = ~np.isin(seeds, ["", *region.seeds])
    names = np.where(seeds == "", rest, np.where(foreign, rest + BEYOND + seeds, seeds))
    order = np.argsort(names, kind="stable")
    cells, begins = np.unique(names[order], return_index=True)
    land = [_join(parts) for parts in np.split(faces[order], begins[1:])]
    rows = pd.DataFrame({"geometry": land}, index=pd.Index(cells, dtype=object))
    rows["place"] = np.where(rows.index.isin(region.seeds), rows.index, "")
    rows["area"] = region.area
    ruled = [place or str(name).partition(BEYOND)[2] for name, place in rows["place"].items()]
    rows["chain"] = [tuple(filter(None, (place, *region.units))) for place in ruled]
    return rows


def _name_rest(region: Region, number: int) -> str:
    """Return the name of land in a region that is no place's."""
    if not region.area:
        return f"rest-{number}"
    return region.area if len(region.units) == 1 else f"{region.area}-part-{number}"


def _join(faces: Geometries) -> BaseGeometry:
    land: BaseGeometry = faces[0] if len(faces) == 1 else shapely.coverage_union_all(faces)
    return land


def _assemble(boundaries: Boundaries, rows: pd.DataFrame, named: tuple[str, ...]) -> Cells:
    """Return the cells in their order: special areas, places in the order of their table, land without a place."""
    order = {name: number for number, name in enumerate([*boundaries.areas.index, *boundaries.places.index])}
    rows = rows.iloc[np.argsort([order.get(name, len(order)) for name in rows.index], kind="stable")].copy()
    rows["chain"] = _share_points(boundaries, rows["chain"], named)
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=boundaries.crs).rename_axis("cell")
    true = frame.geometry.to_crs(boundaries.area_crs) if boundaries.area_crs else frame.geometry
    frame["area_km2"] = true.area / 1e6
    return Cells(frame[["place", "area", "chain", "area_km2", "geometry"]], boundaries.crs, boundaries.area_crs)


def _share_points(boundaries: Boundaries, chains: pd.Series[Any], named: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the chains with the named places that stand on the very point of a cell's place."""
    spots = pd.Series(_spots(boundaries.places.geometry.loc[list(named)]), index=list(named))
    twins = spots[spots.duplicated(keep=False)]
    twin_of = {name: tuple(twins.index[(twins == spot) & (twins.index != name)]) for name, spot in twins.items()}
    return [(*chain[:1], *twin_of.get(chain[0], ()), *chain[1:]) if chain else chain for chain in chains]


def _spots(points: gpd.GeoSeries) -> list[tuple[int, int]]:
    """Return points to the centimetre: what shares one cannot have a cell each."""
    return [(round(x / GRID_M), round(y / GRID_M)) for x, y in shapely.get_coordinates(points.to_numpy())]
