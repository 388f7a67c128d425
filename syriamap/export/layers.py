"""The layers of a day as tables with geometry in WGS 84: zones, fronts and places, from the cells as they are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ..lengths import measure_km
from ..origins import name_outlets
from ..zones import build_fronts, build_zones

if TYPE_CHECKING:
    import geopandas as gpd

    from ..model import Control, Day, Materials

LAYERS = ("zones", "fronts", "places")
WGS84 = "EPSG:4326"
STATE = ["party", "status", "rival"]
DIGITS = 7  # of degrees: about a centimetre, as the cells are noded


def build_layers(day: Day, materials: Materials) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a day by name; all days are ISO texts, "" = none.

    zones   the land of each party, parted by status. Columns: party, label, bloc, status, rival, area_km2 (true area),
            places (how many), sources (credited outlets, the most used first), as_of
    fronts  the lines between two parties. Columns: left, right, left_label, right_label, km (ellipsoid), as_of
    places  every named place. Columns: id, name, name_ar, kind, role, party, label, bloc, status, rival, since,
            population (NaN = not known), statement, confidence, sources, as_of
    """
    return {
        "zones": _build_zones(day, materials),
        "fronts": _build_fronts(day, materials),
        "places": _build_places(day, materials),
    }


def _build_zones(day: Day, materials: Materials) -> gpd.GeoDataFrame:
    """Return the zones in the order of the parties' table; they tile the country with shared edges."""
    keys = day.states[STATE].agg("\t".join, axis=1)
    zones = build_zones(day.cells, day.states.assign(party=keys)).reset_index(names="key")
    zones[STATE] = zones["key"].str.split("\t", expand=True).set_axis(STATE, axis=1)
    counted = (materials.boundaries.places["role"] == "place").to_numpy()
    places = day.places.loc[counted, STATE].agg("\t".join, axis=1).value_counts()
    zones["places"] = zones["key"].map(places).fillna(0).astype("int64")
    zones["sources"] = zones["key"].map(lambda key: _cite(day, materials.control, (keys == key).to_numpy()))
    zones = _name_parties(zones, materials.control).sort_values(["rank", "status", "rival"], kind="stable")
    columns = ["party", "label", "bloc", "status", "rival", "area_km2", "places", "sources"]
    return _finish(zones[[*columns, "geometry"]].round({"area_km2": 4}), day)


def _cite(day: Day, control: Control, mine: np.ndarray) -> str:
    """Return the credited outlets of the statements that decide some cells, the most used first."""
    rows = day.states["row"].to_numpy()[mine]
    said = control.statements.iloc[np.unique(rows[rows >= 0])]
    uses = Counter([*said["source"], *said["source2"]])
    return name_outlets([one for one, _ in sorted(uses.items(), key=lambda use: (-use[1], use[0]))], control)


def _build_fronts(day: Day, materials: Materials) -> gpd.GeoDataFrame:
    fronts = build_fronts(day.cells, day.states)
    for side in ("left", "right"):
        labels = {party.id: party.label for party in materials.control.parties.values()}
        fronts[f"{side}_label"] = fronts[side].map(labels)
    fronts["km"] = [round(measure_km(line, day.cells.crs), 3) for line in fronts.geometry]
    return _finish(fronts[["left", "right", "left_label", "right_label", "km", "geometry"]], day)


def _build_places(day: Day, materials: Materials) -> gpd.GeoDataFrame:
    places, control = materials.boundaries.places, materials.control
    state = day.places.loc[places.index]
    frame = places[["name", "name_ar", "kind", "role", "population", "geometry"]].join(state[[*STATE, "since"]])
    frame["since"] = frame["since"].dt.strftime("%Y-%m-%d").fillna("")
    frame["statement"], frame["confidence"] = state["statement"], state["confidence"]
    said = control.statements.set_index("id").reindex(state["statement"])
    pairs = zip(said["source"].fillna(""), said["source2"].fillna(""), strict=True)
    frame["sources"] = [name_outlets(pair, control) for pair in pairs]
    frame = _name_parties(frame.rename_axis("id").reset_index(), control)
    columns = ["id", "name", "name_ar", "kind", "role", "party", "label", "bloc", "status", "rival", "since"]
    columns += ["population", "statement", "confidence", "sources"]
    return _finish(frame[[*columns, "geometry"]], day)


def _name_parties(frame: gpd.GeoDataFrame, control: Control) -> gpd.GeoDataFrame:
    parties = control.parties.values()
    table = pd.DataFrame([(one.id, one.label, one.bloc) for one in parties], columns=["party", "label", "bloc"])
    return frame.merge(table.assign(rank=range(len(table))), on="party", how="left")


def _finish(frame: gpd.GeoDataFrame, day: Day) -> gpd.GeoDataFrame:
    """Return a layer in WGS 84 with the day in every row."""
    placed = frame.set_geometry("geometry", crs=day.cells.crs).to_crs(WGS84).reset_index(drop=True)
    columns = [*(name for name in placed.columns if name != "geometry"), "as_of", "geometry"]
    return placed.assign(as_of=day.on.isoformat())[columns]


def round_degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer on a grid of DIGITS decimals, land on the left of its edges (RFC 7946); shared edges stay so."""
    land = frame.geometry.to_numpy()
    placed = shapely.transform(land, lambda points: np.round(points, DIGITS))
    return frame.set_geometry(shapely.orient_polygons(placed), crs=frame.crs)


def list_properties(frame: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Return the attributes of every row as plain values; what is not known is None, whole numbers are int."""
    rows = frame.drop(columns="geometry").to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return None if np.isnan(value) else int(value) if value.is_integer() else value
    return value
