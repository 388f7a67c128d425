"""Points to be named: towns, air bases, facilities; their signs, and how a name with its date can stand beside one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from ..model import Box
from ..picture import HALO_REACH, Chip, Label, Marker
from .frame import facility_sign
from .place import Candidate, Item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..beneath import Beneath
    from ..model import Moment
    from ..picture import Base, TextRun
    from .frame import Frame
    from .text import Pen

SIDE_COST = {"e": 0.0, "w": 0.6, "n": 1.2, "s": 1.6, "ne": 1.4, "se": 1.8, "nw": 2.0, "sw": 2.2}
RINGS = (0.0, 5.0, 12.0)  # units between a sign and its name, beyond the nearest they can stand
RING_COST = 2.0
LEADERS = (20.0, 34.0, 50.0)  # units: the distances at which a name stands off with a line that leads to its sign
LEADER_COST = 12.0
LED_AIR = 12.0  # units between a name that stands off and the sign of another: nearer it would be read as that one's
PREFERRED = 8.0  # what the side that a view asks for is worth
CHIP_BESIDE = 1.0  # a date below its name reads a little better than one beside it
CHIP_ABOVE = 2.5  # a date between two towns may be read with the wrong one: it stands below its name where it can
RADIUS = {"square": 6.6, "disc": 4.8, "base": 13.5, "port": 11.0, "field": 9.5, "diamond": 6.0}
NAME_LEADING, SECOND = 1.15, 0.86  # of a name in the second language: distance of its line, size beside the first
EDGE = 1.15  # of a sign's radius: what its light edge adds
NEXT_ROOM = 6.0  # units around a sign
MOST_PLACES = 30
TURNS = {"next": 10, "story": 14, "base": 20, "facility": 22}  # places count from 0


@dataclass(frozen=True, slots=True)
class Spot:
    """A point to be named: its sign, its words, the dates its chip shows on any day, and its turn in the queue.

    `ring` is the room in pixels that a mark around the sign takes; `also` the name in the map's second language, which
    stands below.
    """

    id: str
    kind: str
    name: str
    role: str
    sign: Marker
    priority: int
    chips: tuple[str, ...] = ()
    prefer: str = ""
    ring: float = 0.0
    also: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines of the name."""
        return (self.name, self.also) if self.also else (self.name,)


@dataclass(frozen=True, slots=True)
class Block:
    """A name with its chip, set beside a point: where the name begins, what it covers, where the chip stands.

    `both` is the box of name and chip, `box` the same with the halo.
    """

    name: tuple[float, float]
    words: Box
    chip: Box | None
    both: Box
    box: Box


def place_spots(frame: Frame) -> list[Spot]:
    """Return the towns to name: those of the view first, then, where dates are printed, dated ones by rank."""
    places = frame.materials.boundaries.places
    dated = places[(places["rank"] <= 4) & places["kind"].isin(["city", "town"]) & places["label"]]
    dated = dated[dated.index.isin(list(frame.chips))].sort_values("rank", kind="stable")
    queue = dict.fromkeys([*(p for p in frame.view.places if p in places.index), *map(str, dated.index)])
    found: list[Spot] = []
    for place in queue:
        row = places.loc[place]
        at = frame.camera.point(row.geometry.x, row.geometry.y)
        if frame.sees(at) and len(found) < MOST_PLACES:
            found.append(_place_spot(frame, place, row, at, len(found)))
    return found


def _place_spot(frame: Frame, place: str, row: Any, at: tuple[float, float], turn: int) -> Spot:  # noqa: ANN401  # a row of any dtypes
    rank = int(row["rank"])
    kind = "square" if rank <= 2 else "disc"
    radius = RADIUS[kind] * frame.order.size.sign_unit * (0.86 if rank == 2 else 1.0)
    role = {1: "capital", 2: "city"}.get(rank, "town")
    sign = _sign(place, kind, at, radius, "", frame.theme.colours["ink"])
    chips = tuple(frame.chips.get(place, ()))
    return Spot(place, "place", row["name"], role, sign, turn, chips, frame.view.sides.get(place, ""), also=row["also"])


def _sign(place: str, kind: str, at: tuple[float, float], radius: float, state: str, colour: str) -> Marker:
    (x, y), edge = at, radius * EDGE
    return Marker(place, kind, at, Box(x - edge, y - edge, x + edge, y + edge), radius, state, colour)


def base_spots(frame: Frame, bases: Mapping[str, str]) -> list[Spot]:
    """Return the air bases of the view (of all that can be lost, id to name), their signs without a state."""
    story = frame.materials.theatre["bases"]["story"]
    found = []
    for place, name in bases.items():
        geometry = frame.materials.boundaries.places.geometry[place]
        at = frame.camera.point(geometry.x, geometry.y)
        wanted = not frame.view.bases or place in frame.view.bases or place in story
        if not wanted or not frame.sees(at):
            continue
        radius = RADIUS["base"] * frame.order.size.sign_unit * frame.view.sign_scale
        sign = _sign(place, "base", at, radius, "", frame.theme.colours["ink"])
        turn = TURNS["story" if place in story else "base"]
        side, chips = frame.view.sides.get(place, ""), tuple(frame.chips.get(place, ()))
        also = str(frame.materials.ground.bases.loc[place, "also"])
        found.append(Spot(place, "base", name, "base", sign, turn, chips, side, also=also))
    return found


def dress_bases(frame: Frame, spots: Sequence[Spot], bases: Sequence[Base], keepers: Mapping[str, str]) -> list[Spot]:
    """Return the spots, the signs of air bases in the state and the colour of the day.

    A lost base takes the colour of its taker, one still held that of its keeper on the evening before the advance.
    """
    by_place, found = {base.place: base for base in bases}, []
    for spot in spots:
        if spot.kind != "base":
            found.append(spot)
            continue
        base = by_place[spot.id]
        party = base.lost_to if base.status == "lost" else keepers[base.place]
        statement = base.statements[-1] if base.statements else ""
        sign = replace(spot.sign, state=base.status, colour=frame.theme.party(party).text, statement=statement)
        found.append(replace(spot, sign=sign))
    return found


def facility_spots(frame: Frame) -> list[Spot]:
    """Return the ports, fields and other facilities that the view shows."""
    places = frame.materials.boundaries.places
    found: list[Spot] = []
    for place in frame.view.facilities:
        if place not in places.index:
            continue
        row = places.loc[place]
        at = frame.camera.point(row.geometry.x, row.geometry.y)
        kind = facility_sign(row["kind"])
        radius = RADIUS[kind] * frame.order.size.sign_unit * frame.view.sign_scale
        if frame.sees(at) and kind in frame.signs:
            sign = _sign(place, kind, at, radius, row["kind"], frame.theme.colours["ink2"])
            turn, side = TURNS["facility"] + len(found), frame.view.sides.get(place, "")
            found.append(Spot(place, "facility", row["name"], "facility", sign, turn, (), side, also=row["also"]))
    return found


def ringed(frame: Frame, spots: Sequence[Spot]) -> list[Spot]:
    """Return the spots, those that could be marked as next with room for the mark, whatever the day."""
    if not frame.order.mark_next:
        return list(spots)
    room, named = NEXT_ROOM * frame.order.size.sign_unit, frame.materials.theatre["next"]["places"]
    return [
        replace(
            spot,
            ring=room,
            sign=replace(spot.sign, box=spot.sign.box.grow(room)),
            priority=min(spot.priority, TURNS["next"]),
        )
        if spot.id in named
        else spot
        for spot in spots
    ]


def next_marks(frame: Frame, now: Moment, spots: Sequence[Spot]) -> list[Marker]:
    """Return a ring around every place that an analysis names as next, from its day on, while it is not yet taken."""
    named, blocs = frame.materials.theatre.get("next"), frame.materials.theatre["gains"]["blocs"]
    if not frame.order.mark_next or not named or now.on < named["day"]:
        return []
    parties, found = frame.materials.control.parties, []
    for spot in spots:
        if spot.ring and parties[now.held[spot.id].party].bloc not in blocs:
            radius = spot.sign.box.width / 2
            found.append(replace(spot.sign, kind="next", radius=radius, state="", colour=frame.theme.colours["ink"]))
    return found


def stand_apart(spots: Sequence[Spot], gap: float) -> list[Spot]:
    """Return the spots with the sign of every base and facility pushed off those before it, along its true bearing."""
    settled: list[Spot] = []
    for spot in spots:
        sign = spot.sign
        for other in [*settled, *settled[::-1]] if spot.kind != "place" else []:  # the last push may go onto the first
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
    return replace(sign, at=at, box=sign.box.shift(at[0] - sign.at[0], at[1] - sign.at[1]))


def chip_size(text: str, pen: Pen) -> tuple[float, float]:
    """Return width and height of a date chip."""
    return pen.width(text, "chip") + 10 * pen.size.unit, 1.28 * pen.px("chip")


@lru_cache(maxsize=1024)
def _extents(spot: Spot, pen: Pen) -> tuple[float, float, float]:
    """Return the width of a name, and width and height of the widest of its dates, for which its label keeps room.

    0 where a place never shows a date.
    """
    widest = max(spot.chips, key=lambda text: pen.width(text, "chip"), default="")
    width = max(pen.width(line, spot.role, _px(spot, at, pen)) for at, line in enumerate(spot.lines))
    return width, *(chip_size(widest, pen) if widest else (0.0, 0.0))


def block_at(spot: Spot, side: str, ring: float, pen: Pen) -> Block:
    """Return the name and widest chip of a spot on one side of its sign, `ring` units further out than the nearest.

    The name stands next to the sign, with a chip or without, so it never moves when a chip appears. A side that ends
    in "+" has the chip beside the name instead of below or above it.
    """
    if side.endswith("+"):
        return _beside(spot, side[0], ring, pen)
    px, unit = pen.px(spot.role), pen.size.unit
    gap = spot.sign.radius * EDGE + spot.ring + (3.5 + ring) * unit
    high, below, tall = 0.72 * px, pen.script.below * px, _pitch(spot, pen)
    width, chip_w, chip_h = _extents(spot, pen)
    chip = bool(spot.chips)
    under, full = chip_h + 1.5 * unit if chip else 0.0, max(width, chip_w)
    left, base = _corner(spot.sign.at, side, gap, full, (high, below, tall))
    shift = 0.0 if "e" in side else 1.0 if "w" in side else 0.5
    name_x, chip_x = left + shift * (full - width), left + shift * (full - chip_w)
    above, ceiling = "n" in side, base - high - 0.06 * px
    floor = base + tall + below
    top = ceiling - under if above else floor + 1.5 * unit
    words = _words((name_x, base), width, tall, px, pen)
    both = Box(left, min(ceiling, top), left + full, floor + (0 if above else under))
    chip_box = Box(chip_x, top, chip_x + chip_w, top + chip_h) if chip else None
    return Block((name_x, base), words, chip_box, both, _around(both, words, px))


def _around(box: Box, words: Box, px: float) -> Box:
    """Return a box that also holds the halo of the words."""
    halo = words.grow(HALO_REACH * px)
    return Box(min(box.x0, halo.x0), min(box.y0, halo.y0), max(box.x1, halo.x1), max(box.y1, halo.y1))


def _pitch(spot: Spot, pen: Pen) -> float:
    """Return the distance between the baselines of the first and the last line of a name."""
    return NAME_LEADING * _px(spot, 1, pen) if spot.also else 0.0


def _words(start: tuple[float, float], width: float, tall: float, px: float, pen: Pen) -> Box:
    """Return the box of a name whose first baseline starts at a point."""
    x, y = start
    return Box(x, y - pen.script.above * px, x + width, y + tall + pen.script.below * px)


def _beside(spot: Spot, side: str, ring: float, pen: Pen) -> Block:
    """Return name and chip on one line, east or west of the sign."""
    px, unit = pen.px(spot.role), pen.size.unit
    gap = spot.sign.radius * EDGE + spot.ring + (3.5 + ring) * unit
    width, chip_w, chip_h = _extents(spot, pen)
    (x, y), space = spot.sign.at, 0.3 * px
    name_x = x + gap if side == "e" else x - gap - width
    chip_x = name_x + width + space if side == "e" else name_x - space - chip_w
    tall = _pitch(spot, pen)
    base = y + 0.36 * px - tall / 2
    words = _words((name_x, base), width, tall, px, pen)
    top, bottom = y - max(chip_h / 2, 0.42 * px + tall / 2), y + max(chip_h / 2, 0.6 * px + tall / 2)
    both = Box(min(name_x, chip_x), top, max(name_x + width, chip_x + chip_w), bottom)
    chip = Box(chip_x, y - chip_h / 2, chip_x + chip_w, y + chip_h / 2)
    return Block((name_x, base), words, chip, both, _around(both, words, px))


def _corner(
    at: tuple[float, float], side: str, gap: float, width: float, reach: tuple[float, float, float]
) -> tuple[float, float]:
    """Return the left edge and the first baseline of a name on one side of a point.

    `reach` is how high it stands above its first baseline, how deep below its last, and what is between the two.
    """
    (x, y), (high, below, tall) = at, reach
    near = 0.72 * gap if len(side) == 2 else gap  # a corner may come closer than an edge
    left = x + near if "e" in side else x - near - width if "w" in side else x - width / 2
    base = y - near - below - tall if "n" in side else y + near + high if "s" in side else y + (high - tall) / 2
    return left, base


def spot_item(spot: Spot, pen: Pen, avoid: Avoided, signs: NDArray[np.float64]) -> Item:
    """Return a spot as something to place: eight sides at three distances, dearer where lines run beneath.

    `signs` are the boxes of the signs that stand when it is placed: a name stands nearest to its own, or has a line
    that leads there.
    """
    ways = list(_list_ways(spot))
    blocks = [block_at(spot, way.side, way.ring, pen) for way in ways]
    misleads, crowds = _misleads(blocks, spot, signs), _crowds(blocks, spot, signs, pen)
    found = []
    for number, (way, block) in enumerate(zip(ways, blocks, strict=True)):
        if way.led and not crowds[number].any():
            leader = along_leader(_leader(spot, block, pen), pen.size.unit)
            found.append(Candidate((block.box, *leader), way.cost, f"{way.side}:{way.ring}:leader"))
        elif not way.led and not misleads[number].any():
            found.append(Candidate((block.box,), way.cost, f"{way.side}:{way.ring}:"))
    crossed = avoid.costs([one.boxes[0] for one in found]) / pen.size.unit
    dear = (replace(one, cost=one.cost + extra) for one, extra in zip(found, crossed.tolist(), strict=True))
    return Item(spot.id, spot.priority, tuple(dear), spot.sign.box, fixed=spot.kind == "base")


class _Way(NamedTuple):
    """Where a name can stand: the side of its sign, how far out, whether a line leads there, and what it costs."""

    side: str
    ring: float
    led: bool
    cost: float


def _list_ways(spot: Spot) -> Iterator[_Way]:
    inline = {"e+": SIDE_COST["e"] + CHIP_BESIDE, "w+": SIDE_COST["w"] + CHIP_BESIDE} if spot.chips else {}
    for side, liked in (SIDE_COST | inline).items():
        cost = liked - (PREFERRED if side.strip("+") == spot.prefer else 0.0)
        cost += CHIP_ABOVE if spot.chips and "n" in side else 0.0
        yield from (_Way(side, ring, False, cost + RING_COST * number) for number, ring in enumerate(RINGS))
        yield from (_Way(side, ring, True, cost + LEADER_COST + ring / 10) for ring in LEADERS)


def _misleads(blocks: Sequence[Block], spot: Spot, signs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which signs are nearer to which names, alone or with their chips, than the spot's own (names x signs)."""
    own, found = np.array([spot.sign.box]), np.zeros((len(blocks), len(signs)), dtype=bool)
    for boxes in ([block.both for block in blocks], [block.words for block in blocks]):
        found |= _away(boxes, signs) < _away(boxes, own) - 1e-6
    return found


def _crowds(blocks: Sequence[Block], spot: Spot, signs: NDArray[np.float64], pen: Pen) -> NDArray[np.bool_]:
    """Return which signs of others are so near to which names that these, standing off, would seem to be theirs."""
    others = (signs != np.array(spot.sign.box)).any(axis=1)
    near: NDArray[np.bool_] = others & (_away([block.both for block in blocks], signs) < LED_AIR * pen.size.unit)
    return near


def standing_signs(spots: Sequence[Spot], spot: Spot, firm: Collection[str]) -> NDArray[np.float64]:
    """Return the boxes of the signs that stand when a spot is placed: those before it in the queue, bases, `firm` ones.

    No map goes out without the `firm` ones.
    """
    before = (spot.priority, spot.id)
    there = [one for one in spots if one.kind == "base" or one.id in firm or (one.priority, one.id) <= before]
    return np.array([one.sign.box for one in there])


def intruders(spots: Sequence[Spot], chosen: Mapping[str, Candidate], pen: Pen) -> list[str]:
    """Return the spots whose sign came to stand nearer to the name of one before them than that one's own sign.

    The last in the queue comes last.
    """
    queue = sorted((spot for spot in spots if spot.id in chosen), key=lambda spot: (spot.priority, spot.id))
    found: set[str] = set()
    for number, spot in enumerate(queue):
        side, ring, led = chosen[spot.id].key.split(":")
        block = block_at(spot, side, float(ring), pen)
        later = queue[number + 1 :] if spot.id not in found else []
        signs = np.array([one.sign.box for one in later]).reshape(-1, 4)
        near = _crowds([block], spot, signs, pen) if led else _misleads([block], spot, signs)
        found |= {
            one.id for one, is_near in zip(later, near[0].tolist(), strict=True) if is_near and one.kind != "base"
        }
    return [spot.id for spot in queue if spot.id in found]


def _away(boxes: Sequence[Box], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far boxes lie from others (boxes x others)."""
    x0, y0, x1, y1 = np.array(boxes).T[:, :, None]
    left, top, right, bottom = others.T[:, None, :]
    dx = np.maximum(np.maximum(x0 - right, left - x1), 0)
    dy = np.maximum(np.maximum(y0 - bottom, top - y1), 0)
    away: NDArray[np.float64] = np.hypot(dx, dy)
    return away


def _leader(spot: Spot, block: Block, pen: Pen) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the line from a name to the edge of its sign."""
    (x, y), words = spot.sign.at, block.words.grow(1.5 * pen.size.unit)
    start = (min(max(x, words.x0), words.x1), min(max(y, words.y0), words.y1))
    length = float(np.hypot(x - start[0], y - start[1]))
    share = max(length - spot.sign.radius * EDGE - pen.size.unit, 0.0) / max(length, 1e-9)
    return start, (start[0] + share * (x - start[0]), start[1] + share * (y - start[1]))


def along_leader(leader: tuple[tuple[float, float], tuple[float, float]], unit: float) -> list[Box]:
    """Return small boxes that cover a leader."""
    (x0, y0), (x1, y1) = leader
    number, half = max(int(math.hypot(x1 - x0, y1 - y0) / (4 * unit)), 1), 1.2 * unit
    steps = [*(step * (1 / number) for step in range(number)), 1.0]
    points = [(x0 + step * (x1 - x0), y0 + step * (y1 - y0)) for step in steps]
    return [Box(x - half, y - half, x + half, y + half) for x, y in points]


class Avoided:
    """Lines that labels keep off where they can: what a pixel of a line costs, piece by piece."""

    def __init__(self, lines: Sequence[tuple[BaseGeometry, float]]) -> None:
        pieces, weights = [np.empty((0, 2, 2))], [np.empty(0)]
        for geometry, weight in lines:
            points, part = shapely.get_coordinates(shapely.get_parts(geometry), return_index=True)
            joined = part[1:] == part[:-1]
            pieces.append(np.stack([points[:-1][joined], points[1:][joined]], axis=1))
            weights.append(np.full(int(joined.sum()), weight))
        self.pieces, self.weights = np.concatenate(pieces), np.concatenate(weights)
        self._tree = shapely.STRtree(np.asarray(shapely.linestrings(self.pieces), dtype=object))

    def costs(self, boxes: Sequence[Box]) -> NDArray[np.float64]:
        """Return the weighted length of the lines under each box, in pixels (Liang and Barsky 1984)."""
        edges = np.array(boxes, dtype=float).reshape(-1, 4)
        box, piece = self._tree.query(shapely.box(*edges.T))
        start, way = self.pieces[piece, 0], self.pieces[piece, 1] - self.pieces[piece, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = (edges[box].reshape(-1, 2, 2) - start[:, None, :]) / way[:, None, :]
        level = way == 0  # along an axis: in the strip on the whole way, or nowhere
        apart = (start < edges[box, :2]) | (start > edges[box, 2:])
        low = np.where(level, np.where(apart, np.inf, -np.inf), reach.min(axis=1)).max(axis=1)
        high = np.where(level, np.where(apart, -np.inf, np.inf), reach.max(axis=1)).min(axis=1)
        inside = np.maximum(np.minimum(high, 1.0) - np.maximum(low, 0.0), 0.0) * np.hypot(*way.T)
        return np.bincount(box, weights=inside * self.weights[piece], minlength=len(edges)).astype(float)


def _name_runs(spot: Spot, side: str, block: Block, pen: Pen, ground: str) -> list[TextRun]:
    """Return the lines of a name, each flush with the side that is next to its sign."""
    (x, y), width, runs = block.name, block.words.width, []
    for number, line in enumerate(spot.lines):
        slack = width - pen.width(line, spot.role, _px(spot, number, pen))
        left = x + slack * (0.0 if "e" in side else 1.0 if "w" in side else 0.5)
        down = y + number * _pitch(spot, pen)
        runs.append(pen.run(line, spot.role, left, down, ground=ground, halo=ground, px=_px(spot, number, pen)))
    return runs


def _px(spot: Spot, line: int, pen: Pen) -> float:
    """Return the size of a line of a name: the second language is a little smaller."""
    px = pen.px(spot.role)
    return max(SECOND * px, pen.size.min_px) if line else px


def spot_label(spot: Spot, chosen: Candidate, chip: str, chip_colour: str, pen: Pen, beneath: Beneath) -> Label:
    """Return the label of a spot in the position chosen for it, with today's chip ("" = none)."""
    side, ring, led = chosen.key.split(":")
    block = block_at(spot, side, float(ring), pen)
    box, leader = block.words, _leader(spot, block, pen) if led else ()
    ground = beneath.halo(box)
    runs, text = _name_runs(spot, side, block, pen, ground), " ".join(spot.lines)
    plain = Label(spot.id, spot.kind, text, tuple(runs), box, spot.sign.at, leader=leader, priority=spot.priority)
    if not chip or block.chip is None:
        return plain
    wide, high = chip_size(chip, pen)
    slack = block.chip.width - wide
    left = block.chip.x0 + (0 if "e" in side else slack if "w" in side else slack / 2)
    mark = Chip(Box(left, block.chip.y0, left + wide, block.chip.y0 + high), chip_colour)
    at = (left + 5 * pen.size.unit, block.chip.y0 + high / 2 + 0.34 * pen.px("chip"))
    runs.append(pen.run(chip, "chip", *at, ground=pen.theme.colours["card"], colour=chip_colour))
    both = Box(*np.minimum(box[:2], mark.box[:2]).tolist(), *np.maximum(box[2:], mark.box[2:]).tolist())
    return replace(plain, runs=tuple(runs), box=both, chip=mark)
