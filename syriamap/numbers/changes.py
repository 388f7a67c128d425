"""What changed hands, day by day: place by place, with the statements that say so.

Two days can have different cells, because places named for the first time grow cells of their own. Then the two
tilings are laid over each other, so that what was gained and lost adds up to the difference of the days' totals. Land
that goes from one party to another only because it was cut anew stands in rows of its own, `recut`: nobody reported it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..atlas import build_day, read_materials
from ..cells import add_zones, locate, same_cells
from ..origins import name_outlets
from ..request import take_own
from ..states import base_states, find_cells
from .stats import list_days

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from ..model import Boundaries, Cells, Control, Day, Materials
    from .stats import Given

    Numbers = NDArray[np.int64]

EVENTS = ("holder", "status", "lapsed", "recut", "base")
STATE = ["party", "status", "rival"]
SAID = ["unit", "change", "basis", "confidence", "note"]
GRID_M = 0.01  # as the cells are noded
SLIVER_M = 0.5  # land thinner than this lies between two tessellations of one line
COLUMNS = (
    "date",
    "event",
    "place",
    "name",
    "name_ar",
    "kind",
    "from_party",
    "from_status",
    "from_rival",
    "to_party",
    "to_status",
    "to_rival",
    "area_km2",
    "places",
    "bases_lost",
    "statement",
    "unit",
    "change",
    "basis",
    "confidence",
    "sources",
    "urls",
    "note",
)


def list_changes(first: date, last: date, **given: Unpack[Given]) -> pd.DataFrame:
    """Return what changed between the end of the day `first` and the end of the day `last`, day by day.

    One row for each cell and state it had before. Columns: date; event ("holder": a statement of the day gives the land
    to another party; "status": the same party, but now contested, claimed or plainly held by a statement of the day;
    "lapsed": a mark has stood its time; "recut": the land goes with another place since cells were cut anew; "base": an
    air base counts as lost although no land of its cell changed hands that day); place (id of the cell: a place, a
    special area, or "rest-..." for land without a named place), name, name_ar, kind; from_party, from_status,
    from_rival, to_party, to_status, to_rival; area_km2, places (how many on that land); bases_lost (air bases, joined
    by "; "); statement (its id), unit (what it speaks about), change, basis, confidence, sources (outlets that are
    credited, joined by "; "), urls (joined by a space), note. "" = none.

    The areas and places by from_party and to_party add up to the differences between the days of `control_stats`.
    Raises NoControlError for a day that the table says nothing about, DateError when `last` is before `first`.
    """
    materials = read_materials(take_own(given))
    days = [build_day(materials, on, carry=given.get("carry", False)) for on in list_days(first, last)]
    found = [_no_changes()]
    for before, after in pairwise(days):
        found.append(flag_bases(compare_days(before, after, materials.boundaries, materials.control), after, materials))
    return pd.concat([frame for frame in found if len(frame)] or found, ignore_index=True)


def sum_changes(changes: pd.DataFrame) -> pd.DataFrame:
    """Return how much went from whom to whom on each day. Columns: date, from_party, to_party, area_km2, places.

    `recut_km2` is the part of area_km2 that only cells cut anew have moved.
    """
    moved = changes[(changes["from_party"] != changes["to_party"]) & (changes["event"] != "base")]
    moved = moved.assign(recut_km2=moved["area_km2"].where(moved["event"] == "recut", 0.0))
    keys = ["date", "from_party", "to_party"]
    return moved.groupby(keys, sort=True, as_index=False)[["area_km2", "places", "recut_km2"]].sum()


def compare_days(before: Day, after: Day, boundaries: Boundaries, control: Control) -> pd.DataFrame:
    """Return the rows of one day, `after`, against the evening `before`; the columns are those of `list_changes`."""
    pieces = _list_pieces(before, after, boundaries)
    places = _list_moved_places(before, after, boundaries)
    both = pd.concat([pieces, places]).groupby(["new", "old_state"], sort=True)[["area_km2", "places"]].sum()
    if both.empty:
        return _no_changes()
    new, old = both.index.get_level_values("new").to_numpy(), both.index.get_level_values("old_state")
    told = pd.DataFrame(list(old), columns=STATE).add_prefix("from_").rename(columns={"from_rival": "from_rival"})
    now = after.states.iloc[new].reset_index(drop=True)
    frame = told.assign(**{f"to_{name}": now[name] for name in STATE})
    frame["area_km2"], frame["places"] = both["area_km2"].to_numpy(), both["places"].to_numpy().astype("int64")
    frame = frame.assign(date=pd.Timestamp(after.on).as_unit("s"), bases_lost="", statement=now["statement"])
    frame["event"] = _name_events(frame, _state_at_heart(before, after, boundaries, new), now, control, after.on)
    frame = _describe_cells(frame, after.cells, new, add_zones(boundaries, control))
    frame = _describe_statements(frame, now["row"].to_numpy(), control)
    frame = frame[frame["event"] != ""]
    order = frame["event"].map({name: rank for rank, name in enumerate(EVENTS)})
    return frame.iloc[np.lexsort((-frame["area_km2"], order))][list(COLUMNS)].reset_index(drop=True)


def _no_changes() -> pd.DataFrame:
    kinds = {"date": "datetime64[s]", "area_km2": "float64", "places": "int64"}
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "str")) for name in COLUMNS})


# Where the two days differ


def _states_of(day: Day) -> NDArray[np.object_]:
    """Return party, status and rival of every cell as one tuple each."""
    states = np.empty(len(day.states), dtype=object)
    states[:] = list(day.states[STATE].itertuples(index=False, name=None))
    return states


def _list_pieces(before: Day, after: Day, boundaries: Boundaries) -> pd.DataFrame:
    """Return the land whose state differs: position of its cell now, its state before, km2."""
    then, now = _states_of(before), _states_of(after)
    if same_cells(before.cells, after.cells):
        new = old = np.flatnonzero([one != other for one, other in zip(then, now, strict=True)])
        area = after.cells.frame["area_km2"].to_numpy()[new]
    else:
        new, old, area, _ = overlay(before.cells, after.cells, then, now)
    return pd.DataFrame({"new": new, "old_state": then[old], "area_km2": area, "places": 0})


def overlay(
    before: Cells, after: Cells, then: NDArray[np.object_], now: NDArray[np.object_]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64], NDArray[np.object_]]:
    """Return the pairs of cells (now, before) that share land and differ in state, the km2 they share, and that land.

    `then` and `now` hold the state of every cell of either tiling.
    """
    old_land, new_land = before.frame.geometry.to_numpy(), after.frame.geometry.to_numpy()
    new, old = shapely.STRtree(old_land).query(new_land, predicate="intersects")
    apart = np.flatnonzero([then[a] != now[b] for a, b in zip(old, new, strict=True)])
    new, old = new[apart], old[apart]
    shared = shapely.intersection(new_land[new], old_land[old], grid_size=GRID_M)
    parts, piece = shapely.get_parts(shared, return_index=True)
    wide = shapely.area(parts) > SLIVER_M * shapely.length(parts)
    true = gpd.GeoSeries(parts[wide], crs=after.crs)
    km2 = (true.to_crs(after.area_crs) if after.area_crs and wide.any() else true).area.to_numpy() / 1e6
    area = np.bincount(piece[wide], km2, len(new))
    land: Any = shapely.multipolygons(parts[wide], indices=piece[wide], out=np.full(len(new), None, dtype=object))
    return new[area > 0], old[area > 0], area[area > 0].astype(np.float64), land[area > 0]


def _list_moved_places(before: Day, after: Day, boundaries: Boundaries) -> pd.DataFrame:
    """Return the places whose state differs, as `_list_pieces` does."""
    then, now = _states_of(before), _states_of(after)
    counted = boundaries.places["role"] == "place"
    old = before.cells.frame.index.get_indexer(before.places.loc[counted.to_numpy(), "cell"])
    new = after.cells.frame.index.get_indexer(after.places.loc[counted.to_numpy(), "cell"])
    moved = np.flatnonzero([then[a] != now[b] for a, b in zip(old, new, strict=True)])
    return pd.DataFrame({"new": new[moved], "old_state": then[old[moved]], "area_km2": 0.0, "places": 1})


def _state_at_heart(before: Day, after: Day, boundaries: Boundaries, new: Numbers) -> NDArray[np.object_]:
    """Return the state that the place of each cell, or the middle of land without one, had before."""
    rows = after.cells.frame.iloc[new]
    home = np.full(len(new), -1)
    named = (rows["place"] != "").to_numpy()
    cells = find_cells(boundaries, before.cells)
    home[named] = before.cells.frame.index.get_indexer(cells[rows["place"][named]])
    if not named.all():
        hearts = shapely.point_on_surface(rows.geometry.to_numpy()[~named])
        home[~named] = locate(hearts, before.cells.frame.geometry.to_numpy())
    found: NDArray[np.object_] = _states_of(before)[home]
    return found


def _name_events(
    frame: pd.DataFrame, heart: NDArray[np.object_], now: pd.DataFrame, control: Control, on: date
) -> list[str]:
    """Return what happened to each piece of land, "" where only a mark covers other land since cells were cut anew."""
    days = control.statements["date"].to_numpy()[np.maximum(now["row"].to_numpy(), 0)]
    today = (days == np.datetime64(on)) & (now["row"] >= 0).to_numpy()
    told = frame[[f"from_{name}" for name in STATE]].itertuples(index=False, name=None)
    taken = (frame["from_party"] != frame["to_party"]).to_numpy()
    found = []
    for state, was, fresh, other in zip(told, heart, today, taken, strict=True):
        own = state == was
        if other:
            found.append("holder" if own and fresh else "recut")
        else:
            found.append(("status" if fresh else "lapsed") if own else "")
    return found


# What is said about it


def _describe_cells(frame: pd.DataFrame, cells: Cells, new: Numbers, boundaries: Boundaries) -> pd.DataFrame:
    """Return the rows with id, names and kind of their cell; land without a place is called by what is around it."""
    rows = cells.frame.iloc[new]
    known = pd.concat([table[["name", "name_ar", "kind"]] for table in (boundaries.places, boundaries.areas)])
    units = pd.concat(
        [boundaries.units.assign(kind="land")[["name", "name_ar", "kind"]], known.loc[boundaries.areas.index]]
    )
    named = known.reindex(rows.index)
    around = pd.Index([next((name for name in chain if name in units.index), "") for chain in rows["chain"]])
    found = named.where(named["kind"].notna(), units.reindex(around).set_axis(named.index)).fillna("")
    found.loc[found["kind"] == "", "kind"] = "land"
    return frame.assign(place=rows.index.to_numpy(), **{name: found[name].to_numpy() for name in found})


def _describe_statements(frame: pd.DataFrame, row: Numbers, control: Control) -> pd.DataFrame:
    """Return the rows with what the deciding statement says; nothing where there is none."""
    said = control.statements.take(np.maximum(row, 0)).reset_index(drop=True)
    said.loc[row < 0, [*SAID, "source", "source2", "url", "url2"]] = ""
    sources = [name_outlets(pair, control) for pair in zip(said["source"], said["source2"], strict=True)]
    urls = [" ".join(filter(None, pair)) for pair in zip(said["url"], said["url2"], strict=True)]
    return frame.assign(**{name: said[name] for name in SAID}, sources=sources, urls=urls)


# Air bases


def flag_bases(changes: pd.DataFrame, after: Day, materials: Materials) -> pd.DataFrame:
    """Return one day's rows with the air bases lost on it; one whose cell has no such row gets a row of its own."""
    bases = _list_bases(after, materials)
    lost = bases[(bases["lost_on"] == pd.Timestamp(after.on)).to_numpy()]
    frame = changes.copy()
    for base, cell in find_cells(materials.boundaries, after.cells)[lost.index].items():
        mine = frame.index[((frame["place"] == cell) & (frame["event"] == "holder")).to_numpy()]
        name = str(lost.at[str(base), "name"])
        if len(mine):
            frame.loc[mine, "bases_lost"] = [
                f"{told}; {name}" if told else name for told in frame.loc[mine, "bases_lost"]
            ]
        else:
            frame = pd.concat([frame, _base_row(str(base), name, after, materials)], ignore_index=True)
    return frame


def _list_bases(day: Day, materials: Materials) -> pd.DataFrame:
    return base_states(
        materials.ground.bases,
        day.cells,
        materials.control,
        day.on,
        boundaries=materials.boundaries,
        base_day=materials.theatre["time"]["base_date"],
        losing_users=materials.theatre["bases"]["losing_users"],
    )


def _base_row(base: str, name: str, after: Day, materials: Materials) -> pd.DataFrame:
    """Return the row of a base that is lost on land which changed hands on another day."""
    cell = find_cells(materials.boundaries, after.cells)[base]
    at = np.array([after.cells.frame.index.get_loc(cell)])
    now = after.states.iloc[at].reset_index(drop=True)
    state = {f"{end}_{part}": now[part] for end in ("from", "to") for part in STATE}
    frame = pd.DataFrame({"date": pd.Timestamp(after.on).as_unit("s"), "event": "base", **state})
    frame = frame.assign(area_km2=0.0, places=0, bases_lost=name, statement=now["statement"])
    frame = _describe_cells(frame, after.cells, at, add_zones(materials.boundaries, materials.control))
    return _describe_statements(frame, now["row"].to_numpy(), materials.control)[list(COLUMNS)]
