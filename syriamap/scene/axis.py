"""The axis of the advance: an arrow beside its road as far as places were taken, and a dashed one where it could go on.

An arrow tells of movement that happened, so it runs between places that changed hands and stops short of the last; what
has not happened is dashed and stops short of what is not taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import LineString
from shapely.ops import substring

from ..model import Box
from ..picture import HALO_REACH, Arrow, Label
from .camera import GEOD
from .furniture import MILES_PER_KM
from .place import Candidate, Item
from .words import chip_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

    from ..beneath import Beneath
    from ..model import Moment
    from .frame import Frame
    from .text import Pen

NEAR_M = 6000.0  # a place so near the road is on it
AIR = 20.0  # units along the road between the tip of an arrow and the place it stops short of
ENDS = (18.0, 40.0, 52.0, 24.0)  # units along the road kept free after the first place, after and before one where two
# legs meet (its name stands there; more where letters are taller), and before the last
TOWN_RANK = 4  # the least rank of a place that distances are counted from
SHORTEST = 40.0  # units: a shorter arrow is not drawn
WIDTH = (4.0, 14.0)  # units at the tail and at the neck of what happened
HEAD = (34.0, 30.0)  # units: width and length of the head
POSSIBLE = 12.0  # units: the width of what could follow
SMOOTH = 40.0  # units: what the road does on a shorter way does not bend the arrow
LEADING = 1.12  # of the words beside an arrow
TURN = 11  # in the queue for labels


@dataclass(frozen=True)
class Leg:
    """A stretch of the axis in pixels: the way beside the road, and what stands along it (pixels from its start)."""

    line: LineString
    start: str
    end: str
    first: bool
    last: bool
    places: tuple[tuple[float, str], ...]

    @cached_property
    def length(self) -> float:
        """Return the length in pixels."""
        return float(self.line.length)


def axis_legs(frame: Frame) -> list[Leg]:
    """Return the legs of the axis that lie wholly in the frame; those between places nobody knows are left out."""
    axis, places = frame.materials.theatre.get("axis"), frame.materials.boundaries.places
    if not frame.view.axis or not axis or axis["road"] not in frame.materials.ground.roads.index:
        return []
    road = shapely.line_merge(frame.materials.ground.roads.geometry[axis["road"]])
    if not isinstance(road, LineString):  # of several pieces: nothing leads from one to the next
        return []
    on_road = places[places.geometry.dwithin(road, NEAR_M) & places["label"] & (places["role"] == "place")]
    found = []
    for leg in axis["legs"]:
        if not {leg["from"], leg["to"]} <= set(places.index):
            continue
        ends = [road.project(places.geometry[leg[key]]) for key in ("from", "to")]
        if ends[0] == ends[1]:
            continue
        stretch = _between(road, *ends)
        beside = _beside(frame.camera.to_px(stretch), axis["side"], axis["offset"] * frame.unit, SMOOTH * frame.unit)
        if not all(frame.sees((x, y)) for x, y in beside.coords):
            continue
        low, high = sorted(ends)
        along = {str(place): road.project(point) for place, point in on_road.geometry.items()}
        inside = {place: abs(at - ends[0]) / (high - low) for place, at in along.items() if low <= at <= high}
        stops = sorted((share * beside.length, place) for place, share in inside.items())
        found.append(Leg(beside, leg["from"], leg["to"], leg == axis["legs"][0], leg == axis["legs"][-1], tuple(stops)))
    return found


def _between(road: Any, start: float, end: float) -> LineString:  # noqa: ANN401  # one line of any class
    line: Any = substring(road, min(start, end), max(start, end))
    return LineString(line.coords if start <= end else line.coords[::-1])


def _beside(line: BaseGeometry, side: str, offset: float, smooth: float) -> LineString:
    """Return a smooth line at a distance on one side of the map ("e", "w") of a line."""
    steps = max(int(line.length // 4), 8)
    along = np.linspace(0, 1, steps + 1)
    points = shapely.get_coordinates([line.interpolate(share, normalized=True) for share in along.tolist()])
    sigma = max(smooth / (line.length / steps), 1.0)
    points = _smoothed(points, sigma)
    ahead = np.gradient(points, axis=0)
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.hypot(*ahead.T)[:, None]
    wanted = 1.0 if side == "e" else -1.0
    normal *= np.sign(normal[:, 0].mean() * wanted) or 1.0
    return LineString(points + offset * normal)


def _smoothed(points: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Return points averaged with their neighbours by a Gaussian of `sigma` points, the ends kept by reflection."""
    reach = int(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    pad = (
        np.pad(points, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd") if reach < len(points) else points
    )
    if pad is points:
        return points
    return np.column_stack([np.convolve(column, kernel, mode="valid") for column in pad.T])


def build_arrows(frame: Frame, now: Moment, legs: Sequence[Leg]) -> list[Arrow]:
    """Return the arrows of a day: of every leg what was taken since gains are counted, then what could follow."""
    found: list[Arrow] = []
    for leg in legs:
        taken = _taken(frame, now, leg)
        started = now.held[leg.start].chip and _gaining(frame, now, leg.start)
        if not started:
            break
        found += [arrow for arrow in (_solid(frame, now, leg, taken),) if arrow]
        if not taken or taken[-1][1] != leg.end:
            follow = _possible(frame, now, leg, taken)
            return [*found, follow] if found and follow else found
    return found


def _gaining(frame: Frame, now: Moment, place: str) -> bool:
    party = frame.materials.control.parties[now.held[place].party]
    return party.bloc in frame.materials.theatre["gains"]["blocs"]


def _taken(frame: Frame, now: Moment, leg: Leg) -> list[tuple[float, str]]:
    """Return the stops of a leg taken without a gap from its start on, since gains are counted."""
    found = []
    for at, place in leg.places:
        if not _gaining(frame, now, place):
            break
        began = now.held[place].chip_from
        if began and began >= frame.order.since and place != leg.start:
            found.append((at, place))
    return found


def _span(leg: Leg, pen: Pen) -> tuple[float, float]:
    """Return where arrows can begin and end along a leg."""
    tail = ENDS[0] if leg.first else pen.script.tallness * ENDS[1]
    tip = ENDS[3] if leg.last else pen.script.scale * pen.script.tallness * ENDS[2]
    return tail * pen.size.unit, leg.length - tip * pen.size.unit


def _solid(frame: Frame, now: Moment, leg: Leg, taken: Sequence[tuple[float, str]]) -> Arrow | None:
    if not taken:
        return None
    unit = frame.unit
    tail, most = _span(leg, frame.pen)
    tip = min(taken[-1][0] - AIR * unit, most)
    if tip - tail < SHORTEST * unit:
        return None
    outline = _outline(leg.line, tail, tip, (WIDTH[0] * unit, WIDTH[1] * unit), unit)
    names = (leg.start, *(place for _, place in taken))
    statements = tuple(dict.fromkeys(now.held[name].statement for name in names))
    since = frame.order.since
    last = now.held[taken[-1][1]].chip_to or since
    first = since if leg.first else now.held[leg.start].chip_to or since
    words = (frame.phrases["advance"], chip_text(first, last, frame.phrases))
    return Arrow("advance", f"{leg.start}:{leg.end}", outline, words, statements)


def _possible(frame: Frame, now: Moment, leg: Leg, taken: Sequence[tuple[float, str]]) -> Arrow | None:
    """Return the dashed arrow over what is left of a leg: from the last place taken to short of its end."""
    unit, places = frame.unit, frame.materials.boundaries.places
    begin, end = _span(leg, frame.pen)
    tail = max([begin, *(at + AIR / 2 * unit for at, _ in taken)])
    if leg.first or end - tail < SHORTEST * unit:
        return None
    outline = _outline(leg.line, tail, end, (POSSIBLE * unit, POSSIBLE * unit), unit)
    known = [leg.start, *(place for _, place in taken if places.loc[place, "rank"] <= TOWN_RANK)]
    metres = GEOD.inv(*places.loc[known[-1], ["lon", "lat"]], *places.loc[leg.end, ["lon", "lat"]])[2]
    km = metres / 1000 if metres < 20_000 else 5 * round(metres / 5000)  # between cities no nearer than 5 km
    distance = frame.phrases["distance"].format(km=f"{km:.0f}", miles=f"{km * MILES_PER_KM:.0f}")
    words = (frame.phrases["road_to"].format(place=places.loc[leg.end, "name"]), distance)
    return Arrow("possible", f"{leg.start}:{leg.end}", outline, words, ())


def _outline(line: LineString, tail: float, tip: float, widths: tuple[float, float], unit: float) -> Polygon:
    """Return an arrow along a line from `tail` to `tip` (pixels), its shaft tapering between two widths."""
    head_width, head_length = (min(side * unit, 0.55 * (tip - tail)) for side in HEAD)
    neck = tip - head_length
    along = np.linspace(tail, neck, 40)
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    ahead = np.gradient(points, axis=0)
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.hypot(*ahead.T)[:, None]
    half = np.linspace(widths[0], widths[1], len(points))[:, None] / 2
    point = shapely.get_coordinates(line.interpolate(tip))[0]
    barb = normal[-1] * head_width / 2
    left, right = points + normal * half, points - normal * half
    ring = [*left, points[-1] + barb, point, points[-1] - barb, *right[::-1]]
    return shapely.Polygon(ring)


def corridor(legs: Sequence[Leg], pen: Pen) -> list[Box]:
    """Return boxes that cover every arrow that a day can have: labels keep off them on all days."""
    found = []
    half = (HEAD[0] / 2 + 1) * pen.size.unit
    for leg in legs:
        for along in np.arange(*_span(leg, pen), 0.6 * half):
            x, y = leg.line.interpolate(along).coords[0]
            found.append(Box(x - half, y - half, x + half, y + half))
    return found


def axis_items(frame: Frame, legs: Sequence[Leg]) -> list[Item]:
    """Return the words of every arrow that a day can have, to be set beside it, the middle first.

    Without its words no arrow is drawn.
    """
    items = []
    for leg in legs:
        width, height = _words_size(frame, leg)
        reach = (HEAD[0] / 2 + 6) * frame.unit
        candidates, air = [], HALO_REACH * frame.pen.px("axis")
        for share in np.arange(0.2, 0.96, 0.05):
            x, y = leg.line.interpolate(share, normalized=True).coords[0]
            for number, left in enumerate((x + reach, x + 2 * reach, x - reach - width)):
                box = Box(left, y - height / 2, left + width, y + height / 2)
                cost = 20 * abs(share - 0.5) + 6 * number
                candidates.append(Candidate((box.grow(air),), float(cost), f"{share:.2f}:{number}"))
        items.append(Item(f"axis:{leg.start}:{leg.end}", TURN, tuple(candidates), needed=True))
    return items


def _words_size(frame: Frame, leg: Leg) -> tuple[float, float]:
    """Return the room that the words beside a leg can need on any day."""
    places, phrases = frame.materials.boundaries.places, frame.phrases
    chips = [text for name in (leg.start, leg.end) for text in frame.chips.get(name, ())]
    first, last = frame.order.since, frame.materials.control.last
    heads = [phrases["advance"], phrases["road_to"].format(place=places.loc[leg.end, "name"])]
    tails = [phrases["distance"].format(km="000", miles="000"), _longest(first, last, phrases), *chips]
    widths = [frame.pen.width(text, "axis") for text in heads] + [frame.pen.width(text, "axis_gloss") for text in tails]
    return max(widths), (1.08 + _pitch(frame.pen)) * frame.pen.px("axis")


def _pitch(pen: Pen) -> float:
    """Return the distance of the two baselines beside an arrow, as a share of the size: marks above do not touch."""
    return LEADING * pen.script.tallness


def _longest(first: date, last: date, phrases: Mapping[str, Any]) -> str:
    return chip_text(first, last.replace(day=10), phrases)


def axis_labels(
    frame: Frame, arrows: Sequence[Arrow], chosen: Mapping[str, Candidate], beneath: Beneath
) -> list[Label]:
    """Return the words beside the arrows of a day."""
    found, pen = [], frame.pen
    px = pen.px("axis")
    for arrow in arrows:
        key = f"axis:{arrow.id}"
        if key not in chosen:
            continue
        box = chosen[key].boxes[0].grow(-HALO_REACH * px)
        runs = []
        for at, (role, text) in enumerate(zip(("axis", "axis_gloss"), arrow.words, strict=True)):
            y = box.y0 + (0.85 + at * _pitch(pen)) * px
            x = box.x1 - pen.width(text, role) if pen.script.rtl else box.x0
            ground = beneath.halo(pen.line_box(text, role, x, y))
            runs.append(pen.run(text, role, x, y, ground=ground, halo=ground))
        wide = Box(min(run.box.x0 for run in runs), box.y0, max(run.box.x1 for run in runs), box.y1)
        middle = arrow.geometry.representative_point()
        found.append(Label(key, "axis", " ".join(arrow.words), tuple(runs), wide, (middle.x, middle.y)))
    return found
