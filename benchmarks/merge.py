"""Time the merge of ten thousand cells with a million statements against a plain groupby in the same run.

Run with `python -m benchmarks.merge`. The plain way sorts what is known on the day and keeps the last row of each
unit: no areas, no marks, no `since`.
"""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import box

from syriamap.cells import build_cells
from syriamap.merge import control_on, read_ledger
from syriamap.model import Boundaries, Control, Party
from syriamap.points import tag_points
from syriamap.zones import build_fronts, build_zones

if TYPE_CHECKING:
    from collections.abc import Callable

SIDE, COUNT, ROWS, DAYS, POINTS = 500_000.0, 100, 1_000_000, 1_000, 100_000
CRS = "+proj=lcc +lat_1=33.2 +lat_2=36.4 +lat_0=35 +lon_0=37 +datum=WGS84 +units=m +no_defs"
FIRST = date(2024, 1, 1)
COLUMNS = ["rival", "change", "basis", "precision", "confidence", "source", "url", "source2", "url2", "note"]


def make_country(rng: np.random.Generator) -> Boundaries:
    """Return a square country of twenty-five provinces with ten thousand places, jittered off a grid."""
    step = SIDE / COUNT
    grid = np.stack(np.meshgrid(np.arange(COUNT), np.arange(COUNT)), axis=-1).reshape(-1, 2)
    spots = (grid + rng.uniform(0.1, 0.9, grid.shape)) * step
    places = gpd.GeoDataFrame(
        {"role": "place", "reach_km": np.nan, "name": "", "name_ar": "", "aliases": ""},
        geometry=gpd.points_from_xy(*spots.T, crs=CRS),
        index=[f"p{number}" for number in range(len(spots))],
    )
    wide = SIDE / 5
    squares = [box(x * wide, y * wide, (x + 1) * wide, (y + 1) * wide) for x in range(5) for y in range(5)]
    words = {"level": 1, "name": "", "name_ar": ""}
    units = gpd.GeoDataFrame(words, geometry=squares, crs=CRS, index=[f"u{n}" for n in range(25)])
    areas = gpd.GeoDataFrame({"name": [], "name_ar": []}, geometry=[], crs=CRS)
    return Boundaries(box(0, 0, SIDE, SIDE), units, areas, places, (), CRS)


def make_table(rng: np.random.Generator, boundaries: Boundaries) -> Control:
    """Return a million statements over a thousand days; every place is named on the first."""
    names = np.append(boundaries.places.index.to_numpy(), boundaries.units.index.to_numpy())
    unit = np.append(names, rng.choice(names, ROWS - len(names)))
    day = np.append(np.zeros(len(names), dtype=int), np.sort(rng.integers(0, DAYS, ROWS - len(names))))
    table = pd.DataFrame({"id": [f"s{row}" for row in range(ROWS)], "unit": unit})
    table["date"] = (np.datetime64(FIRST) + day).astype("datetime64[s]")
    table["controller"] = rng.choice(["red", "blue", "green"], ROWS)
    table["status"] = rng.choice(["held", "contested"], ROWS, p=[0.95, 0.05])
    table["until"] = pd.Series(pd.NaT, index=table.index, dtype="datetime64[s]")
    table[COLUMNS] = ""
    parties = {name: Party(name, name, name, name) for name in ("red", "blue", "green", "unknown")}
    return Control(table, parties, {}, FIRST, FIRST + timedelta(days=DAYS - 1))


def take_plain(control: Control, on: date) -> pd.DataFrame:
    """Return the newest row of each unit the plain way."""
    table = control.statements
    known = table.loc[table["date"] <= pd.Timestamp(on), ["unit", "date", "id", "controller", "status"]]
    return known.sort_values("date", kind="stable").groupby("unit").last()


def clock(work: Callable[[], object], *, times: int = 3) -> float:
    """Return the shortest of some runs in seconds."""
    spent = []
    for _ in range(times):
        start = perf_counter()
        work()
        spent.append(perf_counter() - start)
    return min(spent)


def main() -> None:
    """Print every time in seconds and its ratio to the plain groupby."""
    rng = np.random.default_rng(5)
    boundaries = make_country(rng)
    control = make_table(rng, boundaries)
    last = control.last
    yard = clock(lambda: take_plain(control, last))
    build = clock(lambda: build_cells(boundaries, control, last), times=1)
    cells = build_cells(boundaries, control, last)
    sort = clock(lambda: read_ledger.__wrapped__(control), times=1)
    control_on(cells, control, last)
    merge = clock(lambda: control_on(cells, control, last))
    middle = clock(lambda: control_on(cells, control, FIRST + timedelta(days=DAYS // 2)))
    states = control_on(cells, control, last)
    points = gpd.GeoDataFrame(geometry=shapely.points(rng.uniform(0, SIDE, (POINTS, 2))), crs=CRS)
    rows = {
        f"plain groupby of {ROWS:,} rows": yard,
        f"build_cells, {len(cells.frame):,} cells, once": build,
        "sort the table, once": sort,
        "control_on, last day": merge,
        "control_on, middle day": middle,
        "build_zones": clock(lambda: build_zones(cells, states)),
        "build_fronts, edges known": clock(lambda: build_fronts(cells, states)),
        f"tag_points, {POINTS:,} points": clock(
            lambda: tag_points(points, last, boundaries=boundaries, control=control), times=1
        ),
    }
    for name, seconds in rows.items():
        print(f"{name:44s}{seconds:8.3f} s{seconds / yard:8.2f} x plain")


if __name__ == "__main__":
    main()
