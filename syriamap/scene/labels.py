"""Names on the map: places with their dates, air bases, facilities, parties, states and waters, and their signs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ..model import Box
from ..picture import Chip, Label, Marker
from .place import Candidate, Item
from .words import chip_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from ..picture import Base, Patch
    from .camera import Camera
    from .text import Beneath, Pen
    from .view import View

SIDES = ("e", "w", "n", "s", "ne", "se", "nw", "sw")
SIDE_COST = {"e": 0.0, "w": 0.6, "n": 1.2, "s": 1.6, "ne": 1.4, "se": 1.8, "nw": 2.0, "sw": 2.2}
RADIUS = {"square": 6.6, "disc": 4.8, "base": 13.5, "port": 11.0, "field": 9.5, "diamond": 6.0}
FACILITY_SIGN = {"port": "port", "oil-field": "field", "gas-field": "field"}
CHIP_ABOVE = 2.5  # a date between two towns may be read with the wrong one, so it stands below its name where it can
MOST_PLACES = 30


@dataclass(frozen=True, slots=True)
class Spot:
    """A point to be named: its sign, its words, the dates its chip shows on any day, and its turn in the queue."""

    id: str
    kind: str
    name: str
    role: str
    sign: Marker
    priority: int
    chips: tuple[str, ...] = ()
    prefer: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A name with its chip, set beside a point: where the name begins, where the chip stands, what both cover."""

    name: tuple[float, float]
    chip: Box | None
    box: Box


def place_spots(
    places: pd.DataFrame, view: View, camera: Camera, pen: Pen, chips: Mapping[str, Sequence[str]], frame: Box
) -> list[Spot]:
    """Return the towns to name: those of the view first, then dated ones by rank."""
    listed = [place for place in view.places if place in places.index]
    dated = places[
        (places["rank"] <= 4) & (places["role"] == "place") & places["label"] & places.index.isin(list(chips))
    ]
    dated = dated[dated["kind"].isin(["city", "town"])].sort_values(["rank"], kind="stable")
    queue = list(dict.fromkeys([*listed, *(str(place) for place in dated.index if view.dated)]))
    found = []
    for place in queue:
        row = places.loc[place]
        at = camera.point(row.geometry.x, row.geometry.y)
        if frame.holds(Box(*at, *at)) and len(found) < MOST_PLACES:
            found.append(_place_spot(place, row, at, len(found), view, pen, chips.get(place, ())))
    return found


def _place_spot(
    place: str, row: Any, at: tuple[float, float], turn: int, view: View, pen: Pen, chips: Sequence[str]
) -> Spot:
    rank = int(row["rank"])
    kind = "square" if rank <= 2 else "disc"
    radius = RADIUS[kind] * pen.size.unit * (0.86 if rank == 2 else 1.0)
    role = "capital" if rank == 1 else "city" if rank == 2 else "town"
    sign = _sign(place, kind, at, radius, "", pen.theme.colours["ink"])
    return Spot(place, "place", row["name"], role, sign, turn, tuple(chips), view.sides.get(place, ""))


def _sign(place: str, kind: str, at: tuple[float, float], radius: float, state: str, colour: str) -> Marker:
    x, y = at
    edge = radius * 1.15
    return Marker(place, kind, at, Box(x - edge, y - edge, x + edge, y + edge), radius, state, colour)


def base_spots(
    bases: Sequence[Base],
    keepers: Mapping[str, str],
    places: pd.DataFrame,
    view: View,
    camera: Camera,
    pen: Pen,
    chips: Mapping[str, Sequence[str]],
    frame: Box,
    story: Sequence[str],
) -> list[Spot]:
    """Return the air bases of the view and those of the `story`, which the map is about, first.

    A lost base takes the colour of its taker, one still held that of its keeper on the evening before the advance.
    """
    found = []
    for base in bases:
        row = places.loc[base.place]
        at = camera.point(row.geometry.x, row.geometry.y)
        wanted = not view.bases or base.place in view.bases or base.place in story
        if base.status == "other" or not wanted or not frame.holds(Box(*at, *at)):
            continue
        lost = base.status == "lost"
        colour = pen.theme.party(base.lost_to if lost else keepers[base.place]).text
        sign = _sign(base.place, "base", at, RADIUS["base"] * pen.size.unit * view.sign_scale, base.status, colour)
        sign = replace(sign, statement=base.statements[-1] if base.statements else "")
        dates = tuple(chips.get(base.place, ()))
        found.append(
            Spot(
                base.place,
                "base",
                base.name,
                "base",
                sign,
                14 if base.place in story else 20,
                dates,
                view.sides.get(base.place, ""),
            )
        )
    return found


def facility_spots(places: pd.DataFrame, view: View, camera: Camera, pen: Pen, frame: Box) -> list[Spot]:
    """Return the ports, fields and other facilities that the view shows."""
    rows = places.loc[[place for place in view.facilities if place in places.index]]
    found = []
    for place, row in rows.iterrows():
        at = camera.point(row.geometry.x, row.geometry.y)
        kind = FACILITY_SIGN.get(row["kind"], "diamond")
        if frame.holds(Box(*at, *at)):
            sign = _sign(
                str(place),
                kind,
                at,
                RADIUS[kind] * pen.size.unit * view.sign_scale,
                row["kind"],
                pen.theme.colours["ink2"],
            )
            found.append(
                Spot(
                    str(place),
                    "facility",
                    row["name"],
                    "facility",
                    sign,
                    22 + len(found),
                    prefer=view.sides.get(str(place), ""),
                )
            )
    return found


def stand_apart(spots: Sequence[Spot], gap: float) -> list[Spot]:
    """Return the spots with the sign of every base and facility pushed off the towns beside it, along its true bearing."""
    settled: list[Spot] = []
    for spot in spots:
        sign = spot.sign
        for other in settled if spot.kind != "place" else []:
            sign = _pushed(sign, other.sign, gap)
        settled.append(replace(spot, sign=sign))
    return settled


def _pushed(sign: Marker, other: Marker, gap: float) -> Marker:
    dx, dy = sign.at[0] - other.at[0], sign.at[1] - other.at[1]
    distance = float(np.hypot(dx, dy))
    ux, uy = (dx / distance, dy / distance) if distance > 0.01 else (-1.0, 0.0)
    reach = (sign.box.width + other.box.width) / 2 + gap
    need = reach / max(abs(ux), abs(uy))  # from here on the two boxes are apart
    if distance >= need:
        return sign
    at = (other.at[0] + ux * need, other.at[1] + uy * need)
    return replace(_sign(sign.id, sign.kind, at, sign.radius, sign.state, sign.colour), statement=sign.statement)


def chip_size(text: str, pen: Pen) -> tuple[float, float]:
    """Return width and height of a date chip."""
    return pen.width(text, "chip") + 10 * pen.size.unit, 1.28 * pen.px("chip")


def block_at(spot: Spot, side: str, ring: float, chip: str, pen: Pen) -> Block:
    """Return the name and chip of a spot set on one side of its sign, `ring` pixels further out than the nearest."""
    px, unit = pen.px(spot.role), pen.size.unit
    gap = spot.sign.radius * 1.15 + 3.5 * unit + ring
    width, high = pen.width(spot.name, spot.role), 0.72 * px
    chip_w, chip_h = chip_size(chip, pen) if chip else (0.0, 0.0)
    below = 0.24 * px
    under = chip_h + 1.5 * unit if chip else 0.0
    (x, y), full = spot.sign.at, max(width, chip_w)
    if side in {"e", "w"}:
        left, base = (x + gap, y + high / 2) if side == "e" else (x - gap - full, y + high / 2)
    elif side in {"n", "s"}:
        left = x - full / 2
        base = y - gap - below if side == "n" else y + gap + high
    else:
        left = x + 0.72 * gap if "e" in side else x - 0.72 * gap - full
        base = y - 0.72 * gap - below if "n" in side else y + 0.72 * gap + high
    shift = 0.0 if "e" in side else 1.0 if "w" in side else 0.5
    name_x, chip_x = left + shift * (full - width), left + shift * (full - chip_w)
    above = "n" in side  # the name stands next to its sign, with a chip or without
    ceiling = base - high - 0.06 * px
    top = ceiling - under if above else base + below + 1.5 * unit
    box = Box(left, min(ceiling, top), left + full, base + below + (0 if above else under))
    return Block((name_x, base), Box(chip_x, top, chip_x + chip_w, top + chip_h) if chip else None, box)


def spot_item(spot: Spot, pen: Pen, avoid: Sequence[tuple[BaseGeometry, float]]) -> Item:
    """Return a spot as something to place: eight sides at three distances, dearer where lines run beneath."""
    widest = max(spot.chips, key=lambda text: pen.width(text, "chip"), default="")
    candidates = []
    for number, ring in enumerate((0.0, 5 * pen.size.unit, 12 * pen.size.unit)):
        for side in SIDES:
            block = block_at(spot, side, ring, widest, pen)
            cost = SIDE_COST[side] + 2.0 * number - (6.0 if side == spot.prefer else 0.0)
            cost += CHIP_ABOVE if widest and "n" in side else 0.0
            cost += sum(weight * _crossed(block.box, lines) / pen.size.unit for lines, weight in avoid)
            candidates.append(Candidate((block.box,), cost, f"{side}:{ring}"))
    return Item(spot.id, spot.priority, tuple(candidates), spot.sign.box, fixed=spot.kind == "base")


def _crossed(box: Box, lines: BaseGeometry) -> float:
    return float(shapely.clip_by_rect(lines, *box).length)


def spot_label(spot: Spot, chosen: Candidate, chip: str, chip_colour: str, pen: Pen, beneath: Beneath) -> Label:
    """Return the label of a spot in the position chosen for it, with today's chip."""
    side, ring = chosen.key.split(":")
    widest = max(spot.chips, key=lambda text: pen.width(text, "chip"), default="")
    block = block_at(spot, side, float(ring), widest, pen)
    name_box = pen.line_box(spot.name, spot.role, *block.name)
    ground = beneath.halo(name_box)
    runs = [pen.run(spot.name, spot.role, *block.name, ground=ground, halo=ground)]
    mark = None
    px = pen.px(spot.role)
    box = Box(
        block.name[0],
        block.name[1] - 0.78 * px,
        block.name[0] + pen.width(spot.name, spot.role),
        block.name[1] + 0.24 * px,
    )
    if chip and block.chip:
        wide, high = chip_size(chip, pen)
        slack = block.chip.width - wide
        left = block.chip.x0 + (0 if "e" in side else slack if "w" in side else slack / 2)
        mark = Chip(Box(left, block.chip.y0, left + wide, block.chip.y0 + high), chip_colour)
        at = (left + 5 * pen.size.unit, block.chip.y0 + high / 2 + 0.34 * pen.px("chip"))
        runs.append(pen.run(chip, "chip", *at, ground=pen.theme.colours["card"], colour=chip_colour))
        box = Box(min(box.x0, left), min(box.y0, mark.box.y0), max(box.x1, left + wide), max(box.y1, mark.box.y1))
    return Label(spot.id, spot.kind, spot.name, tuple(runs), box, spot.sign.at, mark, (), spot.priority)


def chips_of(days: Sequence[pd.DataFrame], first: date, phrases: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return every date that a place's chip shows on any day from `first` on."""
    found: dict[str, list[str]] = {}
    for places in days:
        shown = places[(places["chip"] != "") & (places["chip_to"] >= np.datetime64(first))]
        for place, start, end in zip(shown.index, shown["chip_from"], shown["chip_to"], strict=True):
            text = chip_text(start.date(), end.date(), phrases)
            if text not in found.setdefault(str(place), []):
                found[str(place)].append(text)
    return found


def party_items(
    patches: Sequence[Patch],
    names: Mapping[str, str],
    pen: Pen,
    map_box: Box,
    avoid: Sequence[tuple[BaseGeometry, float]],
) -> tuple[list[Item], dict[str, list[str]]]:
    """Return the party names, to be set inside the party's land, nearest to its middle first; and their lines."""
    items, lines = [], {}
    for party in dict.fromkeys(patch.party for patch in patches):
        geometry = _land(patches, party, map_box)
        name = names[party].upper()
        text = _balanced(name) if pen.width(name, "party") > 150 * pen.size.unit else [name]
        candidates = _party_candidates(geometry, text, pen, avoid=avoid)
        if candidates:
            items.append(Item(f"party:{party}", 11, tuple(candidates)))
            lines[f"party:{party}"] = text
    return items, lines


def _land(patches: Sequence[Patch], party: str, map_box: Box) -> BaseGeometry:
    whole = shapely.union_all([patch.geometry for patch in patches if patch.party == party])
    return _largest(shapely.clip_by_rect(whole, *map_box))


def _largest(area: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area) if parts else shapely.Polygon()


def _party_candidates(
    area: BaseGeometry,
    text: Sequence[str],
    pen: Pen,
    role: str = "party",
    avoid: Sequence[tuple[BaseGeometry, float]] = (),
) -> list[Candidate]:
    if area.is_empty:
        return []
    width = max(pen.width(line, role) for line in text)
    px, step = pen.px(role), 14 * pen.size.unit
    height = px * (0.74 + 1.15 * (len(text) - 1)) + 0.2 * px
    middle = shapely.maximum_inscribed_circle(area, 4 * pen.size.unit).coords[0]
    x0, y0, x1, y1 = area.bounds
    xs, ys = np.meshgrid(np.arange(x0, x1 - width, step), np.arange(y0, y1 - height, step))
    xs, ys = xs.ravel(), ys.ravel()
    if not len(xs):
        return []
    shapely.prepare(area)
    inside = shapely.contains(area, shapely.box(xs - 4, ys - 4, xs + width + 4, ys + height + 4))
    found = [
        Box(float(x), float(y), float(x + width), float(y + height))
        for x, y in zip(xs[inside], ys[inside], strict=True)
    ]
    reach = [np.hypot((b.x0 + b.x1) / 2 - middle[0], (b.y0 + b.y1) / 2 - middle[1]) for b in found]
    lines = [sum(400 * weight * _crossed(box, line) for line, weight in avoid) for box in found]
    costs = [float(far) + crossed for far, crossed in zip(reach, lines, strict=True)]
    return [Candidate((box,), cost, f"{index:06d}") for index, (box, cost) in enumerate(zip(found, costs, strict=True))]


def _balanced(text: str) -> list[str]:
    words = text.split()
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    return list(min(splits, key=lambda pair: max(len(pair[0]), len(pair[1])))) if splits else [text]


def name_items(
    names: Sequence[Mapping[str, Any]], lang: str, camera: Camera, pen: Pen, areas: gpd.GeoDataFrame
) -> tuple[list[Item], dict[str, tuple[list[str], str]]]:
    """Return the names of states, waters and occupied land, each with its possible points; and their lines and kinds.

    A name that stands beside its area leads to it: the candidate's key ends in the point it leads to.
    """
    items, lines = [], {}
    for number, entry in enumerate(names):
        target = _target(entry, areas, camera)
        if target is None:
            continue
        text = list(entry.get("lines", {}).get(lang, [entry["name"][lang]]))
        key, role = f"name:{entry['name']['en']}", entry["kind"]
        width = max(pen.width(line, role) for line in text)
        px = pen.px(role)
        height = px * (0.74 + 1.15 * (len(text) - 1)) + 0.22 * px
        candidates = []
        for turn, (lon, lat) in enumerate(entry["at"]):
            x, y = camera.lonlat(lon, lat)
            for nudge, (dx, dy) in enumerate(((0, 0), (0, -14), (0, 14), (-24, 0), (24, 0))):
                left, top = x - width / 2 + dx * pen.size.unit, y - height / 2 + dy * pen.size.unit
                candidates.append(
                    Candidate(
                        (Box(left, top, left + width, top + height),), turn * 10.0 + nudge, f"{turn}:{nudge}:{target}"
                    )
                )
        candidates += _beside(target, (width, height), pen)
        items.append(Item(key, 9 if "area" in entry else 40 + number, tuple(candidates)))
        lines[key] = (text, role)
    return items, lines


def _beside(target: str, size: tuple[float, float], pen: Pen) -> list[Candidate]:
    """Return positions west, then east of the point that a name leads to, nearest first."""
    if not target:
        return []
    x, y = (float(value) for value in target.split())
    width, height = size
    found = []
    for number, (side, step) in enumerate(
        (side, step) for step in (0, -40, 40, -80, 80, -130, 130) for side in (-1, 1)
    ):
        left = x - (70 * pen.size.unit + width if side < 0 else -70 * pen.size.unit)
        top = y - height / 2 + step * pen.size.unit
        box = Box(left, top, left + width, top + height)
        found.append(Candidate((box,), 100.0 + 10 * number, f"{number}:beside:{target}"))
    return found


def _target(entry: Mapping[str, Any], areas: gpd.GeoDataFrame, camera: Camera) -> str | None:
    """Return the pixel that a name leads to as "x y", "" for a name that leads nowhere, None when its area is not in sight."""
    if "area" not in entry:
        return ""
    shape = (
        shapely.clip_by_rect(camera.to_px(areas.geometry[entry["area"]]), *camera.map_box)
        if entry["area"] in areas.index
        else None
    )
    if shape is None or shape.is_empty:
        return None
    point = shape.representative_point()
    return f"{point.x:.2f} {point.y:.2f}"


def area_items(
    areas: gpd.GeoDataFrame, camera: Camera, pen: Pen
) -> tuple[list[Item], dict[str, tuple[list[str], str]]]:
    """Return the names of special areas that are wide enough in the frame to hold them."""
    items, lines = [], {}
    for area, row in areas.iterrows():
        shape = shapely.clip_by_rect(camera.to_px(row.geometry), *camera.map_box)
        text = _balanced(row["name"])
        if candidates := _party_candidates(_largest(shape), text, pen, "facility"):
            items.append(Item(f"area:{area}", 38, tuple(candidates)))
            lines[f"area:{area}"] = (text, "facility")
    return items, lines


def area_label(
    item: str, role: str, lines: Sequence[str], chosen: Candidate, pen: Pen, beneath: Beneath, colour: str = ""
) -> Label:
    """Return a name of an area set in its box, its lines centred, with a leader where it stands beside the area."""
    px, box = pen.px(role), chosen.boxes[0]
    runs = []
    for index, line in enumerate(lines):
        x = (box.x0 + box.x1 - pen.width(line, role)) / 2
        y = box.y0 + 0.74 * px + index * 1.15 * px
        ground = beneath.halo(pen.line_box(line, role, x, y))
        runs.append(pen.run(line, role, x, y, ground=ground, halo=ground, colour=colour))
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    target = chosen.key.split(":")[-1].split()
    if len(target) != 2:
        return Label(item, role, " ".join(lines), tuple(runs), box, middle)
    end = (float(target[0]), float(target[1]))
    start = (min(max(end[0], box.x0), box.x1), min(max(end[1], box.y0), box.y1))
    return Label(item, role, " ".join(lines), tuple(runs), box, end, leader=(start, end))
