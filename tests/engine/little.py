"""Little countries made in code: four squares are a country, and what hypothesis grows from them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import Phase, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box, union_all

from syriamap.model import Boundaries, Control, Outlet, Party

FEWER = os.environ.get("SYRIAMAP_LAW_EXAMPLES")  # `make mutants` asks for few, and not why one fails
LAWS = settings(
    derandomize=True,
    deadline=None,
    max_examples=int(FEWER or 40),
    database=None,
    phases=[Phase.explicit, Phase.generate, *([] if FEWER else [Phase.shrink])],
)
CRS = "+proj=lcc +lat_1=33.2 +lat_2=36.4 +lat_0=35 +lon_0=37 +datum=WGS84 +units=m +no_defs"
SIDE = 100_000.0
DAY0 = date(2024, 11, 26)
PARTIES = {
    party.id: party
    for party in (
        Party("red", "Red side", "Red", "red"),
        Party("blue", "Blue side", "Blue", "allies"),
        Party("green", "Green side", "Green", "allies"),
        Party("unknown", "Unclear", "Unclear", "unknown"),
    )
}
OUTLETS = {"wire": Outlet("wire", "The Wire", "agency", printable=True)}
QUARTERS = {"SW": (0, 0), "SE": (1, 0), "NW": (0, 1), "NE": (1, 1)}
TEXTS = ("id", "precision", "unit", "controller", "rival", "status", "change", "basis", "confidence", "source", "url")


def day(number: int) -> date:
    """Return a day of the little war; 0 is its first."""
    return DAY0 + timedelta(days=number)


def make_control(rows, **fields) -> Control:
    """Return a table of rows (day, unit, controller) or (day, unit, controller, {column: value})."""
    records = []
    for number, (when, unit, controller, *more) in enumerate(rows):
        row = dict.fromkeys((*TEXTS, "source2", "url2", "note"), "")
        row |= {"status": "held", "change": "captured", "basis": "named", "precision": "day", "source": "wire"}
        row |= {"id": f"s{number}", "date": day(when), "unit": unit, "controller": controller, "until": None}
        row |= {"file": "little.csv", "line": number + 2}
        records.append(row | (more[0] if more else {}))
    table = pd.DataFrame(records)
    for column in ("date", "until"):
        table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
    days = table["date"].dt.date
    return Control(table, PARTIES, OUTLETS, days.min(), days.max(), **fields)


def make_units() -> gpd.GeoDataFrame:
    """Return four quarters (level 1) and the sixteen squares inside them (level 2)."""
    rows = []
    for level, count in ((1, 2), (2, 4)):
        step = SIDE / count
        for x in range(count):
            for y in range(count):
                name = next(key for key, at in QUARTERS.items() if at == (x * 2 // count, y * 2 // count))
                code = name if level == 1 else f"{name}{x % 2}{y % 2}"
                rows.append((code, level, box(x * step, y * step, (x + 1) * step, (y + 1) * step)))
    frame = gpd.GeoDataFrame(rows, columns=["id", "level", "geometry"], crs=CRS).set_index("id")
    return frame.assign(slug=frame.index.str.lower(), name=frame.index, name_ar="")


def make_places(rows) -> gpd.GeoDataFrame:
    """Return places from {id: (x_km, y_km)} or {id: (x_km, y_km, {column: value})}."""
    records = []
    for name, (x, y, *more) in rows.items():
        row = {"id": name, "name": name.title(), "name_ar": "", "aliases": "", "kind": "town", "rank": 4}
        row |= {"governorate": "", "population": np.nan, "role": "place", "label": True, "reach_km": np.nan}
        row |= {"source": "made", "accuracy_km": 0.5, "geometry": Point(x * 1000, y * 1000)}
        records.append(row | (more[0] if more else {}))
    frame = gpd.GeoDataFrame(records, geometry="geometry", crs=CRS).set_index("id")
    degrees = frame.geometry.to_crs("EPSG:4326")
    return frame.assign(lon=degrees.x, lat=degrees.y)


def make_areas(rows) -> gpd.GeoDataFrame:
    """Return special areas from {id: polygon}."""
    frame = gpd.GeoDataFrame({"id": list(rows)}, geometry=list(rows.values()), crs=CRS).set_index("id")
    return frame.assign(name=[name.title() for name in rows], name_ar="", kind="buffer")


def make_boundaries(places, *, areas=None, barriers=(), units=None, country=None) -> Boundaries:
    """Return a little country with these places."""
    units = make_units() if units is None else units
    land = union_all(units[units["level"] == 1].geometry.to_numpy()) if country is None else country
    return Boundaries(land, units, make_areas(areas or {}), make_places(places), tuple(barriers), CRS)


@dataclass(frozen=True, eq=False, repr=False)
class World:
    """A random country with a random table: what a law is held against."""

    boundaries: Boundaries
    places: dict
    rows: list = field(default_factory=list)

    @property
    def control(self) -> Control:
        """Return the whole table."""
        return make_control(self.rows)

    def __repr__(self) -> str:
        """Return the world as code that makes it again."""
        kinds = {"places": self.places, "areas": self.boundaries.areas.geometry.to_dict()}
        return f"World({kinds}, {self.boundaries.barriers}, {self.boundaries.country.geom_type}, {self.rows})"


STATUSES = st.sampled_from(["held", "held", "held", "contested", "claimed", "vacated"])


@st.composite
def worlds(draw, *, most_places: int = 9, most_rows: int = 20) -> World:
    """Draw a country (perhaps with an island, a river, a special area, enclaves) and a table about it."""
    places = draw_places(draw, most_places)
    river = draw(st.lists(st.integers(5, 95), max_size=4))
    barriers = [LineString(_river(river))] if river else []
    corner = draw(st.none() | st.tuples(st.integers(0, 80), st.integers(0, 80)))
    areas = {"zone": box(*(1000.0 * at for at in (*corner, corner[0] + 17, corner[1] + 13)))} if corner else {}
    units = make_units()
    country = union_all(units[units["level"] == 1].geometry.to_numpy())
    if draw(st.booleans()):  # an island, which belongs to the level's quarter too
        island = box(-9000, 20000, -3000, 26000)
        units.loc["SW", "geometry"] = MultiPolygon([units.geometry["SW"], island])
        country = MultiPolygon([country, island])
    boundaries = make_boundaries(places, areas=areas, barriers=barriers, units=units, country=country)
    names = [*places, *QUARTERS, "SW00", "NE11", *areas]
    rows = draw(st.lists(draw_rows(names), min_size=1, max_size=most_rows))
    return World(boundaries, places, rows)


def draw_places(draw, most: int) -> dict:
    """Draw places on whole kilometres, no two at one spot, some of them enclaves or markers."""
    spots = st.lists(st.tuples(st.integers(-1, 101), st.integers(-1, 101)), min_size=1, max_size=most, unique=True)
    traits = st.sampled_from([{}, {}, {}, {"reach_km": 4.0}, {"role": "marker"}])
    return {f"p{number}": (*spot, draw(traits)) for number, spot in enumerate(draw(spots))}


@st.composite
def draw_rows(draw, names):
    """Draw one row of a table: any day of ten, any unit, any party."""
    status = draw(STATUSES)
    holder = draw(st.sampled_from(["red", "blue", "green"]))
    rival = draw(st.sampled_from([party for party in ("red", "blue", "green") if party != holder]))
    more = {"status": status, "rival": rival if status in ("contested", "claimed") else ""}
    if more["rival"] and draw(st.booleans()):
        more["until"] = pd.Timestamp(day(draw(st.integers(0, 14))))
    return draw(st.integers(0, 9)), draw(st.sampled_from(names)), "unknown" if status == "vacated" else holder, more


def _river(heights) -> list[tuple[float, float]]:
    """Return a river from the western sea to beyond the eastern border through some heights in km."""
    inner = np.linspace(10, 90, len(heights))
    points = [(-20.0, heights[0]), *zip(inner, heights, strict=True), (120.0, heights[-1])]
    return [(x * 1000, y * 1000) for x, y in points]
