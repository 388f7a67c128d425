"""Check the Euphrates by the places whose bank is known: by name, by the note of their row, by their subdistrict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely
from shapely.ops import split

from tools.common import read_layer, read_points, to_metres
from tools.factbook import read_table

if TYPE_CHECKING:
    import geopandas as gpd

NEAR_M = 15_000.0  # places farther from the river prove nothing


def known_banks() -> gpd.GeoDataFrame:
    """Return the points of the fact tables with `bank`: left or right of the Euphrates, looking downstream.

    A place named in tables/banks.csv comes first, then the note of its row, then the subdistrict of its coordinates.
    """
    rules: dict[str, dict[str, str]] = {"place": {}, "note": {}, "subdistrict": {}}
    for row in read_table("banks"):
        rules[row["kind"]][row["name"]] = row["bank"]
    points = read_points()
    by_place = points.place.map(rules["place"])
    notes = points.note.fillna("")
    by_note = pd.Series(None, index=points.index, dtype="str")
    for words, bank in rules["note"].items():
        by_note = by_note.mask(by_note.isna() & notes.str.contains(words, regex=False), bank)
    subdistrict = points.coord_source.fillna("").str.extract(r"\(([^()]+)\)$")[0]
    points["bank"] = by_place.fillna(by_note).fillna(subdistrict.map(rules["subdistrict"]))
    return points[points.bank.notna()].drop_duplicates("place")


def check_banks() -> gpd.GeoDataFrame:
    """Return the known places within 15 km of the barrier: `side` (left or right), `km` from it, `agrees`."""
    barrier = read_layer("water/barriers.geojson").geometry.iloc[0]
    country = read_layer("boundaries/country.geojson").geometry.iloc[0]
    halves = shapely.get_parts(split(country, barrier))
    left = max(halves, key=lambda half: half.bounds[2])  # the north-east reaches farther east
    points = known_banks()
    line = to_metres(barrier)
    points["km"] = [to_metres(point).distance(line) / 1000.0 for point in points.geometry]
    points = points[points.km * 1000.0 < NEAR_M]
    points["side"] = ["left" if left.distance(point) == 0 else "right" for point in points.geometry]
    points["agrees"] = points.side == points.bank
    return points


if __name__ == "__main__":
    found = check_banks()
    print(f"{len(found)} places with a known bank, {(~found.agrees).sum()} on the wrong side")
    print(found.loc[~found.agrees, ["place", "lon", "lat", "bank", "km", "coord_source"]].to_string(index=False))
