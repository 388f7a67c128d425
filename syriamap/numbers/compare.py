"""Where two control tables disagree at the end of a day: the land, the places, and the statements behind each side.

The two tables can name different places and so have different cells. Then the two tilings are laid over each other, as
for two days of one table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..atlas import build_day, read_materials
from ..cells import same_cells
from ..origins import describe_origins, list_used, name_outlets
from ..request import take_own
from .changes import overlay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from ..model import Control, Day, Materials, Party
    from .stats import Given

OURS = ("ours", "-")  # names of the table that is there anyway
PARTY, SILENT, STATUS = KINDS = ("party", "silent", "status")
SIDES = ("first", "second")
STATE = ("party", "status", "rival")
SAID = ("statement", "date", "confidence", "sources", "urls")
COLUMNS = (
    "kind",
    *(f"{side}_{what}" for side in SIDES for what in STATE),
    "area_km2",
    "places",
    "place_ids",
    "place_names",
    *(f"{side}_{what}" for side in SIDES for what in SAID),
)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two control tables at the end of a day, and where they disagree.

    names        what the two tables are called: the names of their files
    differences  GeoDataFrame in the map's CRS, a row for all land about which the same two statements disagree, the
                 most land of each kind first. Columns: kind ("party": two holders; "silent": one of the tables knows
                 none; "status": one holder, but held to one and contested or claimed to the other); first_party,
                 first_status, first_rival and the same of the second; area_km2 (true area), places (how many),
                 place_ids, place_names (joined by "; "); first_statement (its id, "" = none), first_date (ISO day),
                 first_confidence, first_sources (joined by "; "), first_urls (joined by a space) and the same of the
                 second; geometry
    land_km2     of the country
    places       of the country
    parties      of both tables, by id
    tables       as they were given
    days, materials   what each table says of every cell, and the data it was read with
    """

    on: date
    names: tuple[str, str]
    differences: gpd.GeoDataFrame
    land_km2: float
    places: int
    parties: Mapping[str, Party]
    tables: tuple[Path | str | None, Path | str | None] = field(repr=False)
    days: tuple[Day, Day] = field(repr=False)
    materials: tuple[Materials, Materials] = field(repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """Return the differences without their land."""
        return pd.DataFrame(self.differences.drop(columns="geometry"))

    @property
    def pairs(self) -> pd.DataFrame:
        """Return km2 and places by kind and the two holders, most land of each kind first."""
        keys = ["kind", "first_party", "second_party"]
        sums = self.table.groupby(keys, as_index=False, sort=True)[["area_km2", "places"]].sum()
        rank = sums["kind"].map({kind: at for at, kind in enumerate(KINDS)})
        return sums.iloc[np.lexsort((-sums["area_km2"], rank))].reset_index(drop=True)

    @property
    def totals(self) -> pd.DataFrame:
        """Return land and places by what the tables make of it: "agreed", then the kinds of difference; with shares."""
        sums = self.table.groupby("kind")[["area_km2", "places"]].sum().reindex(list(KINDS), fill_value=0)
        agreed = {"area_km2": self.land_km2 - sums["area_km2"].sum(), "places": self.places - sums["places"].sum()}
        frame = pd.concat([pd.DataFrame(agreed, index=["agreed"]), sums]).rename_axis("kind").reset_index()
        frame = frame.astype({"area_km2": "float64", "places": "int64"})
        frame["area_share"] = frame["area_km2"] / self.land_km2
        frame["places_share"] = frame["places"] / (self.places or 1)
        return frame


def compare_tables(first: Path | str | None, second: Path | str | None, on: date, **given: Unpack[Given]) -> Comparison:
    """Return where two control tables disagree at the end of a day, and what stands behind it.

    Each is whatever `read_control` reads; "ours", "-" or None is the table that is there anyway: the embedded one, or
    that of the project. Raises NoControlError for a day that one of them says nothing about.
    """
    materials = [read_materials(take_own({**given, "control": table_path(one)})) for one in (first, second)]
    days = [build_day(one, on, carry=given.get("carry", False)) for one in materials]
    parties = {**materials[1].control.parties, **materials[0].control.parties}
    home = take_own(given).project
    counted = int((materials[0].boundaries.places["role"] == "place").sum())
    return Comparison(
        on=on,
        names=(name_table(first, home), name_table(second, home)),
        differences=_find_differences(days[0], days[1], materials[0], materials[1]),
        land_km2=float(days[0].cells.frame["area_km2"].sum()),
        places=counted,
        parties=parties,
        tables=(first, second),
        days=(days[0], days[1]),
        materials=(materials[0], materials[1]),
    )


def table_path(table: Path | str | None) -> Path | None:
    """Return the file or folder of a table, None for the one that is there anyway."""
    return None if table is None or str(table) in OURS else Path(table)


def name_table(table: Path | str | None, home: Path | None = None) -> str:
    """Return what a table is called on the picture: its file without the suffix; ours by us, a project's by its folder.

    `home` is the folder of the project.
    """
    path = table_path(table) or home
    return "syriamap" if path is None else (path.stem or path.resolve().name)


def describe_comparison(found: Comparison) -> dict[str, Any]:
    """Return what a table of differences is: its kind and day, totals, and where each side comes from."""
    told: dict[str, Any] = {"kind": "comparison", "on": found.on.isoformat()}
    for side, name, day, materials in zip(SIDES, found.names, found.days, found.materials, strict=True):
        told[side] = {"name": name} | describe_origins(materials, list_used([day]))
    return told


# Where they differ


def _find_differences(one: Day, other: Day, mine: Materials, theirs: Materials) -> gpd.GeoDataFrame:
    land, places = _pieces(one, other), _differing_places(one, other, mine)
    every = pd.concat([land, places], ignore_index=True)
    keys = [f"{side}_row" for side in SIDES] + [f"{side}_{what}" for side in SIDES for what in STATE]
    rows, shapes, called = [], [], mine.boundaries.places["name"]
    for key, group in every.groupby(keys, sort=True):
        told = dict(zip(keys, cast("tuple[Any, ...]", key), strict=True))
        ids = [place for place in group["place"] if place]
        names = [str(called[place]) for place in ids]
        parts = [part for part in group["land"] if part is not None]
        shapes.append(shapely.union_all(parts, grid_size=0.01) if parts else shapely.MultiPolygon())
        rows.append(told | {"area_km2": group["area_km2"].sum(), "places": len(ids)})
        rows[-1] |= {"place_ids": "; ".join(ids), "place_names": "; ".join(names)}
    frame = pd.DataFrame(rows, columns=[*keys, "area_km2", "places", "place_ids", "place_names"])
    for side, materials in zip(SIDES, (mine, theirs), strict=True):
        frame = frame.assign(**_say(side, frame[f"{side}_row"].to_numpy(dtype=np.int64), materials.control))
    frame["kind"] = _name_kinds(frame, mine.control.unknown)
    found = gpd.GeoDataFrame(_typed(frame), geometry=gpd.GeoSeries(shapes, crs=one.cells.crs), crs=one.cells.crs)
    rank = found["kind"].map({kind: at for at, kind in enumerate(KINDS)})
    order = np.lexsort((found["second_statement"], found["first_statement"], -found["area_km2"], rank))
    return found.iloc[order][[*COLUMNS, "geometry"]].reset_index(drop=True)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in COLUMNS if name not in ("area_km2", "places")]
    return frame.astype(dict.fromkeys(texts, "str") | {"area_km2": "float64", "places": "int64"})


def _name_kinds(frame: pd.DataFrame, unknown: str) -> NDArray[np.object_]:
    """Return what kind of difference each row is; silent is the table that knows of no holder."""
    silent = (frame["first_party"] == unknown) | (frame["second_party"] == unknown)
    apart = frame["first_party"] != frame["second_party"]
    return np.where(~apart, STATUS, np.where(silent, SILENT, PARTY)).astype(object)


def _states(day: Day) -> NDArray[np.object_]:
    """Return party, status and rival of every cell as one tuple each."""
    found = np.empty(len(day.states), dtype=object)
    found[:] = list(day.states[list(STATE)].itertuples(index=False, name=None))
    return found


def _pieces(one: Day, other: Day) -> pd.DataFrame:
    """Return the land whose state differs, pair of cells by pair of cells."""
    mine, theirs = _states(one), _states(other)
    if same_cells(one.cells, other.cells):
        at = here = np.flatnonzero([a != b for a, b in zip(mine, theirs, strict=True)])
        area = other.cells.frame["area_km2"].to_numpy()[at]
        land = other.cells.frame.geometry.to_numpy()[at]
    else:
        at, here, area, land = overlay(one.cells, other.cells, mine, theirs)
    return _sides(one, other, here, at).assign(area_km2=area, land=land, place="")


def _differing_places(one: Day, other: Day, materials: Materials) -> pd.DataFrame:
    """Return the places whose state differs, as `_pieces` does."""
    places = materials.boundaries.places
    counted = (places["role"] == "place").to_numpy()
    here, at = (day.cells.frame.index.get_indexer(day.places.loc[counted, "cell"]) for day in (one, other))
    mine, theirs = _states(one), _states(other)
    apart = np.flatnonzero([mine[a] != theirs[b] for a, b in zip(here, at, strict=True)])
    names = places.index.to_numpy(dtype=object)[counted][apart]
    return _sides(one, other, here[apart], at[apart]).assign(area_km2=0.0, land=None, place=names)


def _sides(one: Day, other: Day, here: NDArray[Any], at: NDArray[Any]) -> pd.DataFrame:
    """Return state and row of the statement of cells of both tables, beside each other."""
    told: dict[str, Any] = {}
    for side, day, cells in zip(SIDES, (one, other), (here, at), strict=True):
        states = day.states.iloc[cells]
        told |= {f"{side}_{what}": states[what].to_numpy(dtype=object) for what in STATE}
        told[f"{side}_row"] = states["row"].to_numpy()
    return pd.DataFrame(told)


def _say(side: str, row: NDArray[np.int64], control: Control) -> dict[str, Any]:
    """Return what the statements of a side say, "" where there is none."""
    said, none = control.statements.take(np.maximum(row, 0)), row < 0
    sources = [name_outlets(pair, control) for pair in zip(said["source"], said["source2"], strict=True)]
    urls = [" ".join(filter(None, pair)) for pair in zip(said["url"], said["url2"], strict=True)]
    days = said["date"].dt.strftime("%Y-%m-%d")
    columns = {
        "statement": said["id"],
        "date": days,
        "confidence": said["confidence"],
        "sources": sources,
        "urls": urls,
    }
    return {f"{side}_{name}": np.where(none, "", np.asarray(values, dtype=object)) for name, values in columns.items()}
