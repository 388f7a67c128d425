"""Checks 19 to 21: whether the map is true to the ground."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from pyproj import CRS, Geod, Proj, Transformer

from ..errors import SyriaMapError
from ..faults import count
from ..inputs import list_land_inputs
from .files import find_inputs, read_options, read_own
from .verdicts import Answer, not_applicable, weigh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..model import Own
    from ..save.contract import Sidecar, TextEntry

GEOD = Geod(ellps="WGS84")
MILES_PER_KM = 0.621371
BAR_SHARE = 0.005
BARLESS = (3857, 4326)  # EPSG codes of web Mercator and plain degrees
SCALE_LOW, SCALE_HIGH = 0.995, 1.005
TURN_MOST, TURN_CENTRE = 3.5, 1.5  # degrees
GRID = 9
HOLES_SHARE = 0.001  # of the country
DRIFT_PX = 0.5
EDGES: tuple[Literal["west", "south", "east", "north"], ...] = ("west", "south", "east", "north")
EXTENT_OFF = 0.02  # degrees: the extremes may lie between the points of the grid


def check_scale_bar(said: Sidecar) -> Answer:
    """The bar is within 0.5 % of the geodesic at its place, in km and in miles, and says the numbers it shows.

    Karney (2013) on WGS 84. Web Mercator and plain degrees have no scale and may have no bar.
    """
    bar = said["scale_bar"]
    faults = [
        f"a scale bar in EPSG:{code}; expected none; draw the map in a metric projection"
        for code in BARLESS
        if CRS(said["crs"]).to_epsg() == code
    ]
    if faults:
        return weigh("a bar where scale means nothing", faults)
    km, miles = _length_km(said, bar["px"]), _length_km(said, bar["miles_px"]) * MILES_PER_KM
    off = [(km / bar["km"] - 1, "km", bar["km"], km), (miles / bar["miles"] - 1, "mi", bar["miles"], miles)]
    faults = [
        f"the bar of {says:g} {unit} measures {is_:.2f} {unit}; expected {BAR_SHARE:.1%} off at most; draw it anew"
        for share, unit, says, is_ in off
        if abs(share) > BAR_SHARE
    ]
    told = [_number(text) for text in bar["texts"]]
    if told != [bar["km"], bar["miles"]]:
        faults.append(f"the bar says {told}; expected {[bar['km'], bar['miles']]}; mend its words")
    if not (lat := _degrees_at(said, bar["x"], bar["y"])[1]) or abs(lat - bar["lat"]) > 0.01:
        faults.append(f"the bar lies at {lat:.3f} degrees north; expected {bar['lat']}, where it was measured; move it")
    return weigh(f"{bar['km']:g} km {off[0][0]:+.2%}, {bar['miles']:g} mi {off[1][0]:+.2%}", faults)


def _number(text: TextEntry) -> float:
    """Return the number that a text says, in whatever digits."""
    digits = [str(unicodedata.decimal(letter)) for letter in text["text"] if letter.isdecimal()]
    return float("".join(digits) or "nan")


def _length_km(said: Sidecar, px: float) -> float:
    bar = said["scale_bar"]
    start, end = (_degrees_at(said, bar["x"] + along, bar["y"]) for along in (0.0, px))
    return float(GEOD.inv(*start, *end)[2]) / 1000


def _degrees_at(said: Sidecar, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of a pixel of the map."""
    edges, (x0, y0, x1, y1) = said["extent_m"], said["map_box_px"]
    east = edges["west"] + (x - x0) / (x1 - x0) * (edges["east"] - edges["west"])
    north = edges["north"] - (y - y0) / (y1 - y0) * (edges["north"] - edges["south"])
    lon, lat = _to_degrees(said["crs"]).transform(east, north)
    return float(lon), float(lat)


@cache
def _to_degrees(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def check_projection(said: Sidecar) -> Answer:
    """Scale is true within 0.5 %, north is up within 3.5 degrees and within 1.5 at the centre, pixels are square.

    Snyder (1987), Map projections: a working manual; computed by PROJ over the frame.
    """
    if CRS(said["crs"]).is_geographic:
        return weigh("plain degrees", ["the map is drawn in plain degrees; expected a metric projection; choose one"])
    x0, y0, x1, y1 = said["map_box_px"]
    points = [_degrees_at(said, x, y) for x in np.linspace(x0, x1, GRID) for y in np.linspace(y0, y1, GRID)]
    factors = Proj(said["crs"]).get_factors(*np.array(points).T)
    scales = np.concatenate([factors.meridional_scale, factors.parallel_scale])
    turns = np.abs(factors.meridian_convergence)
    low, high, most, centre = scales.min(), scales.max(), turns.max(), turns[len(turns) // 2]
    faults = [*_bent(low, high, most, centre), *_framed_wrongly(said, np.array(points))]
    return weigh(f"scale {low:.4f}-{high:.4f}; north off by {most:.2f} degrees, {centre:.2f} at the centre", faults)


def _framed_wrongly(said: Sidecar, points: NDArray[np.float64]) -> Iterator[str]:
    """Yield what the extent says and the frame does not: its edges in degrees, its shape."""
    (x0, y0, x1, y1), edges = said["map_box_px"], said["extent_m"]
    across, down = (edges["east"] - edges["west"]) / (x1 - x0), (edges["north"] - edges["south"]) / (y1 - y0)
    if abs(across / down - 1) * max(x1 - x0, y1 - y0) > DRIFT_PX:
        yield f"a pixel is {across:.1f} m wide and {down:.1f} m high; expected squares; mend the frame"
    (west, south), (east, north), told = points.min(axis=0), points.max(axis=0), said["extent"]
    found = {"west": west, "south": south, "east": east, "north": north}
    if any(abs(found[edge] - told[edge]) > EXTENT_OFF for edge in EDGES):
        runs = ", ".join(f"{edge} {found[edge]:.2f}" for edge in EDGES)
        yield f"the frame runs {runs}; expected the extent {told}; render the map again"


def _bent(low: float, high: float, most: float, centre: float) -> Iterator[str]:
    way_out = "centre the projection on the view"
    if low < SCALE_LOW or high > SCALE_HIGH:
        yield f"scale runs from {low:.4f} to {high:.4f}; expected {SCALE_LOW} to {SCALE_HIGH}; {way_out}"
    if most > TURN_MOST or centre > TURN_CENTRE:
        yield (
            f"north is off by {most:.2f} degrees, {centre:.2f} at the centre; expected {TURN_MOST} and "
            f"{TURN_CENTRE} at most; {way_out}"
        )


def check_zones(said: Sidecar, picture: Path | None) -> Answer:
    """The zones, built again from the inputs, are valid; overlaps and gaps are below 0.1 % of the country.

    OGC simple features and coverages. Not applicable when an input has changed or is not found by its name beside the
    map or in the working folder.
    """
    from ..atlas import build_moment, read_materials

    if said["compare"] is not None:
        return not_applicable("two sources are compared: the zones of neither are drawn")
    given, missing = find_inputs(said, picture)
    if missing:
        return not_applicable(f"{missing} is neither beside the map nor here")
    try:
        own = read_own(said, given)
        materials = read_materials(own)
        if reason := _changed(said, own):
            return not_applicable(reason)
        carry = "--carry" in read_options(said)
        moment = build_moment(materials, date.fromisoformat(said["as_of"]), soften=said["softened"], carry=carry)
    except SyriaMapError as error:
        return not_applicable(f"the zones cannot be built again: {error}")
    return judge_zones({"exact": moment.zones, "drawn": moment.soft_zones}, materials.boundaries.country)


def _changed(said: Sidecar, own: Own) -> str:
    """Return which file that decides about land is no longer what the map was made from, "" for none."""
    now = {one.path: one.sha256 for one in list_land_inputs(own)}
    was = {entry["path"]: entry["sha256"] for entry in said["inputs"]}
    gone = [path for path in was if path not in now and "/" not in path and path.endswith(".csv")]
    odd = [*(path for path in now if was.get(path) != now[path]), *gone]
    return f"{count(len(odd), 'input')} changed since the map was made, such as {odd[0]}" if odd else ""


def judge_zones(kinds: dict[str, gpd.GeoDataFrame], country: BaseGeometry) -> Answer:
    """Return whether zones are valid and tile a country."""
    faults, worst = [], 0.0
    for kind, zones in kinds.items():
        land = zones.geometry.to_numpy()
        whole = shapely.union_all(shapely.make_valid(land))
        overlap = float(shapely.area(land).sum() - whole.area) / country.area
        gap = float(country.symmetric_difference(whole).area) / country.area
        worst = max(worst, overlap, gap)
        bad = zones.index[~shapely.is_valid(land)]
        faults += [
            f"the {kind} zone of {party} is invalid; expected valid polygons; check the boundaries" for party in bad
        ]
        faults += [
            f"{kind} zones {what} {size:.3%} of the country; expected less than {HOLES_SHARE:.1%}; check the boundaries"
            for what, size in (("overlap by", overlap), ("miss or exceed", gap))
            if size >= HOLES_SHARE
        ]
    zones_count = sum(len(zones) for zones in kinds.values())
    return weigh(f"{count(zones_count, 'zone')}, exact and drawn; overlaps and gaps {worst:.5%} at most", faults)
