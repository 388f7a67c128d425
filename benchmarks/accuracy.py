"""Measure how true the cells are: leave out every named place in turn and let the others tell who held it.

Run with `python -m benchmarks.accuracy`. "Plain" gives a place's point to the nearest other place of the whole country;
"ours" does what the cells do: special areas first, then enclaves within their reach, then the nearest place on the same
bank. The other ideas were measured in the same way; README.md beside this file tells which were taken. The areas that
a user brings are measured with COD-AB, where its files lie in ../shared/reference/cod-ab or in a folder that is named.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from syriamap.boundaries import read_boundaries
from syriamap.catalog import data_file
from syriamap.cells import build_cells, cut_regions, locate
from syriamap.control import read_control
from syriamap.merge import control_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from syriamap.model import Boundaries, Control

    Floats = NDArray[np.float64]
    Picks = NDArray[np.int64]

COD_AB = Path("../shared/reference/cod-ab")
NOISE = 0.3  # points that areas may tell less than the default does
SPREAD = 40  # neighbours that a changed distance may choose among


@dataclass(frozen=True, eq=False)
class Trial:
    """The places that grow cells, with their holders day by day: a row of `holders` for each day."""

    boundaries: Boundaries
    places: gpd.GeoDataFrame
    days: list[str]
    holders: NDArray[np.object_]
    away: Floats
    region: Picks

    @property
    def reach(self) -> Floats:
        """Return how far each enclave reaches in metres, 0 for other places."""
        return np.asarray(self.places["reach_km"].fillna(0), dtype=np.float64) * 1000

    @property
    def banked(self) -> Floats:
        """Return the distances between places of one region, infinite between regions."""
        return np.where(self.region[:, None] == self.region[None, :], self.away, np.inf)


def read_trial() -> Trial:
    """Return the embedded table as a trial."""
    boundaries = read_boundaries()
    control = read_control(boundaries=boundaries)
    cells = build_cells(boundaries, control, control.first)
    names = cells.frame.index[(cells.frame["place"] != "").to_numpy()]
    days = [control.first + timedelta(days=number) for number in range((control.last - control.first).days + 1)]
    holders = [control_on(build_cells(boundaries, control, on), control, on)["party"][names] for on in days]
    places = boundaries.places.loc[names]
    spots = shapely.get_coordinates(places.geometry.to_numpy())
    away = np.hypot(*(spots[:, None] - spots[None, :]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    regions = np.array([region.land for region in cut_regions(boundaries)], dtype=object)
    home = locate(np.asarray(places.geometry.array, dtype=object), regions)
    return Trial(boundaries, places, [on.isoformat() for on in days], np.array(holders), away, home)


def pick(trial: Trial, cost: Floats, away: Floats | None = None) -> Picks:
    """Return for each row of costs whose land it is: an enclave's within its reach, else the nearest other place's."""
    away = trial.away if away is None else away
    nearest = cost.argmin(axis=1)
    open_ = np.where(trial.reach[None, :] > 0, np.inf, cost).argmin(axis=1)
    lines = np.arange(len(cost))
    small = (trial.reach[nearest] > 0) & (away[lines, nearest] <= trial.reach[nearest])
    return np.asarray(np.where(small, nearest, open_), dtype=np.int64)


def share(trial: Trial, picks: Picks) -> Floats:
    """Return the share of places told right on each day, in percent."""
    return np.asarray(100 * (trial.holders[:, picks] == trial.holders).mean(axis=1), dtype=np.float64)


# Areas that a user brings


def keep_to_areas(trial: Trial, boundaries: Boundaries) -> Picks:
    """Share each area out among its own places alone; one without any goes as a whole to the nearest place."""
    atoms = [(number, atom) for number, region in enumerate(cut_regions(boundaries)) for atom in region.atoms]
    lands = np.array([atom for _, atom in atoms], dtype=object)
    points = np.asarray(trial.places.geometry.array, dtype=object)
    home, cost = locate(points, lands), trial.banked
    open_ = trial.reach == 0
    for atom in np.unique(home):
        mine = home == atom
        spot = shapely.distance(points, shapely.point_on_surface(lands[atom]))
        for row in np.flatnonzero(mine):
            peers = mine & np.isfinite(cost[row])
            if not (peers & open_).any():
                peers[np.where(np.isfinite(cost[row]) & open_, spot, np.inf).argmin()] = True
            cost[row, ~peers] = np.inf
    return pick(trial, cost)


def measure_areas(trial: Trial, folder: Path) -> dict[str, Floats]:
    """Return the shares with the areas of each level of COD-AB, none where the files are not there."""
    files = {f"areas of level {level}": folder / f"syr_admin{level}.shp" for level in (0, 1, 2, 3)}
    there = {name: read_boundaries(file) for name, file in files.items() if file.is_file()}
    return {name: share(trial, keep_to_areas(trial, boundaries)) for name, boundaries in there.items()}


# Other ideas


def cross(trial: Trial, lines: shapely.Geometry, *, add_m: float) -> Picks:
    """Make the way to a place on the other side of some lines longer."""
    cost = trial.banked
    near = np.argsort(cost, axis=1)[:, :SPREAD]
    rows = np.repeat(np.arange(len(cost)), SPREAD)
    spots = shapely.get_coordinates(trial.places.geometry.to_numpy())
    ways = shapely.linestrings(np.stack([spots[rows], spots[near.ravel()]], axis=1))
    longer = np.full_like(cost, np.inf)
    longer[rows, near.ravel()] = cost[rows, near.ravel()] + add_m * shapely.intersects(ways, lines)
    return pick(trial, longer)


def vote(trial: Trial, *, most: int, power: float) -> Floats:
    """Let some neighbours vote, the nearer the heavier: no cell could show it."""
    cost = trial.banked
    near = np.argsort(cost, axis=1)[:, :most]
    weight = 1 / np.maximum(np.take_along_axis(cost, near, axis=1), 300.0) ** power
    shares = []
    for holders in trial.holders:
        parties = np.unique(holders.astype(str))
        score = np.array([(weight * (holders[near] == party)).sum(axis=1) for party in parties])
        shares.append(100 * (parties[score.argmax(axis=0)] == holders).mean())
    return np.array(shares)


def along_roads(trial: Trial, *, factor: float, reach_m: float = 5000.0) -> Picks:
    """Let a kilometre of highway count as `factor` kilometres, entered and left anywhere along it."""
    cost = trial.banked.copy()
    roads = _read_layer("roads/highways.geojson", trial.boundaries.crs)
    points = np.asarray(trial.places.geometry.array, dtype=object)
    for road in roads.geometry:
        off = shapely.distance(points, road)
        on = shapely.line_locate_point(road, points)
        near = np.flatnonzero(off < reach_m)
        way = off[near][:, None] + factor * np.abs(on[near][:, None] - on[near][None, :]) + off[near][None, :]
        block = np.ix_(near, near)
        cost[block] = np.where(np.isfinite(cost[block]), np.minimum(cost[block], way), np.inf)
    return pick(trial, cost)


def favour(trial: Trial, rows: NDArray[np.bool_], factor: float) -> Picks:
    """Multiply the distance to some places."""
    return pick(trial, np.where(rows[None, :], trial.banked * factor, trial.banked))


def try_ideas(trial: Trial) -> dict[str, Floats]:
    """Return the shares of every idea that was measured."""
    units = trial.boundaries.units
    level = units[units["level"] == 1].geometry
    province = locate(np.asarray(trial.places.geometry.array, dtype=object), np.asarray(level.array, dtype=object))
    within = np.where(province[:, None] == province[None, :], trial.banked, np.inf)
    rivers = _read_layer("water/rivers.geojson", trial.boundaries.crs)
    others = shapely.union_all(rivers.geometry[(rivers["rank"] > 1).to_numpy()].to_numpy())
    lakes = shapely.union_all(_read_layer("water/lakes.geojson", trial.boundaries.crs).geometry.to_numpy())
    kind, accuracy = trial.places["kind"], trial.places["accuracy_km"].fillna(1.0).to_numpy(dtype=np.float64)
    ideas: dict[str, Callable[[], Floats]] = {
        "cells cut at governorate borders": lambda: share(trial, pick(trial, within)),
        "other rivers, crossing costs 2 km": lambda: share(trial, cross(trial, others, add_m=2000)),
        "other rivers as barriers": lambda: share(trial, cross(trial, others, add_m=1e6)),
        "lakes as barriers": lambda: share(trial, cross(trial, lakes, add_m=1e6)),
        "highways count 0.7": lambda: share(trial, along_roads(trial, factor=0.7)),
        "highways count 0.5": lambda: share(trial, along_roads(trial, factor=0.5)),
        "uncertain points 0.5 km further per km": lambda: share(trial, pick(trial, trial.banked + 500 * accuracy)),
        "towns and cities 0.8 as far": lambda: share(trial, favour(trial, kind.isin(["town", "city"]).to_numpy(), 0.8)),
        "bases 1.2 as far": lambda: share(trial, favour(trial, kind.isin(["base", "airbase"]).to_numpy(), 1.2)),
        "six neighbours vote by 1/d^1.5": lambda: vote(trial, most=6, power=1.5),
    }
    return {name: work() for name, work in ideas.items()}


def _read_layer(path: str, crs: str) -> gpd.GeoDataFrame:
    return gpd.read_file(data_file(path)).to_crs(crs)


# Tables


def count_agreement(trial: Trial, control: Control, points: int = 20_000) -> float:
    """Return the share of random points at which the trial's rule and the cells themselves name the same place."""
    rng = np.random.default_rng(3)
    west, south, east, north = trial.boundaries.country.bounds
    spots = np.asarray(shapely.points(rng.uniform((west, south), (east, north), (points, 2))), dtype=object)
    frame = build_cells(trial.boundaries, control, control.last).frame
    home = locate(spots, np.asarray(frame.geometry.array, dtype=object), within_m=0.0)
    regions = cut_regions(trial.boundaries)
    region = locate(spots, np.array([region.land for region in regions], dtype=object), within_m=0.0)
    mine = (home >= 0) & (region >= 0) & ~np.isin(region, [at for at, part in enumerate(regions) if part.area])
    spots, home, region = spots[mine], home[mine], region[mine]
    at = shapely.get_coordinates(spots)
    away = np.hypot(*(at[:, None] - shapely.get_coordinates(trial.places.geometry)[None, :]).transpose(2, 0, 1))
    cost = np.where(region[:, None] == trial.region[None, :], away, np.inf)
    return float((trial.places.index[pick(trial, cost, away)] == frame.index[home]).mean())


def main() -> int:
    """Print the tables; return 1 when ours is below plain on any day, or areas of a user's are 0.3 below ours."""
    trial = read_trial()
    control = read_control(boundaries=trial.boundaries)
    plain, ours = trial.away.argmin(axis=1), pick(trial, trial.banked)
    print(f"{len(trial.places)} named places, {len(trial.days)} days; percent told right by the others\n")
    by_day = pd.DataFrame({"plain": share(trial, plain), "ours": share(trial, ours)}, index=trial.days)
    print(by_day.round(2).to_string(), "\n")
    print(_by_governorate(trial, plain, ours).round(2).to_string(), "\n")
    ideas = {"plain": by_day["plain"].to_numpy(), "ours": by_day["ours"].to_numpy(), **try_ideas(trial)}
    rows = {name: _summarise(shares, by_day["ours"].to_numpy()) for name, shares in ideas.items()}
    print(pd.DataFrame(rows).T.to_string(), "\n")
    areas = measure_areas(trial, Path(sys.argv[1]) if len(sys.argv) > 1 else COD_AB)
    rows = {name: _summarise(shares, by_day["ours"].to_numpy()) for name, shares in areas.items()}
    print(f"{pd.DataFrame(rows).T.to_string()}\n" if rows else f"no areas to measure in {COD_AB}\n")
    print(f"the cells agree with this rule at {100 * count_agreement(trial, control):.2f} % of random points")
    worse = any(shares.mean() < by_day["ours"].mean() - NOISE for shares in areas.values())
    return int((by_day["ours"] < by_day["plain"]).any() or worse)


def _by_governorate(trial: Trial, plain: Picks, ours: Picks) -> pd.DataFrame:
    right = {
        name: (trial.holders[:, p] == trial.holders).mean(axis=0) * 100
        for name, p in (("plain", plain), ("ours", ours))
    }
    frame = pd.DataFrame({"places": 1, **right})
    groups = frame.groupby(trial.places["governorate"].to_numpy())
    return groups.agg({"places": "sum", "plain": "mean", "ours": "mean"})


def _summarise(shares: Floats, ours: Floats) -> dict[str, str]:
    """Return the mean over the days, its distance from ours and on how many days it is better or worse."""
    better, worse = int((shares > ours + 1e-9).sum()), int((shares < ours - 1e-9).sum())
    return {
        "mean": f"{shares.mean():.2f}",
        "to ours": f"{shares.mean() - ours.mean():+.2f}",
        "days": f"+{better} -{worse}",
    }


if __name__ == "__main__":
    sys.exit(main())
