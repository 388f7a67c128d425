"""Everything that is named on the map, placed together: first what stays put on all days, then the parties' names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely

from ..beneath import Beneath
from .axis import axis_items, axis_labels, corridor
from .names import area_items, area_label, name_items, party_items
from .place import place_items
from .roads import build_shields, shield_items, whole_roads
from .spots import (
    Avoided,
    base_spots,
    dress_bases,
    facility_spots,
    intruders,
    next_marks,
    place_spots,
    ringed,
    spot_item,
    spot_label,
    stand_apart,
    standing_signs,
)
from .words import chip_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from ..model import Box, Moment
    from ..picture import Arrow, Base, Label, Line, Marker, Patch, Point, Road, Shield
    from .axis import Leg
    from .frame import Frame
    from .layers import Still
    from .names import Text
    from .place import Candidate, Item
    from .spots import Spot

# What a pixel of a line under a label costs: lines that stay, and those that move from day to day. Names that stay put
# through a series look at the first kind only.
MOST_COVERED = 0.155  # of the map: names that cover more crowd it
MOST_COVERED_TWICE = 0.147  # in two languages, of whose room more is printed
PRINTED = 0.8  # of the room that is kept for a name with its dates: about so much is printed on a day
LASTING = {"border": 0.05, "main-road": 0.10, "road": 0.05}
FLEETING = {"front": 0.06, "front-guess": 0.06, "front-before": 0.02}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The map as it lies under its labels; `zones` is the land of each party, `marks` lie on what is old news."""

    zones: Mapping[str, BaseGeometry]
    ground: tuple[Patch, ...]
    control: tuple[Patch, ...]
    lines: tuple[Line, ...]
    roads: tuple[Road, ...]
    road_lines: tuple[Line, ...]
    arrows: tuple[Arrow, ...]
    points: tuple[Point, ...] = ()
    marks: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What is named and marked, and what found no room, by priority."""

    markers: tuple[Marker, ...]
    labels: tuple[Label, ...]
    shields: tuple[Shield, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything that stays put on all days stands: what was placed, what it says, and what no name may cover.

    `lines` are those that names of parties keep off on every day, with the cost of a pixel of each.
    """

    spots: tuple[Spot, ...]
    hidden: tuple[Spot, ...]
    items: tuple[Item, ...]
    optional: frozenset[str]
    chosen: Mapping[str, Candidate]
    texts: Mapping[str, list[Text]]
    obstacles: tuple[Box, ...]
    lines: tuple[tuple[BaseGeometry, float], ...]


def name_map(
    frame: Frame, plan: Plan, sheet: Sheet, now: Moment, bases: Sequence[Base], keepers: Mapping[str, str]
) -> Names:
    """Return the labels, signs and shields of a day."""
    spots = dress_bases(frame, plan.spots, bases, keepers)
    shown = [spot for spot in spots if spot.kind != "base" or f"base-{spot.sign.state}" in frame.signs]
    unseen = {spot.id for spot in spots} - {spot.id for spot in shown}
    chosen, texts, parties = _with_parties(frame, sheet, plan, unseen)
    lasting = [item for item in plan.items if not item.id.startswith("party:") and item.id not in unseen]
    missing = sorted((item for item in [*lasting, *parties] if item.id not in chosen), key=lambda item: item.priority)
    beneath = Beneath((*sheet.ground, *sheet.control), frame.theme.colours["sea"])
    labels = _spot_labels(frame, now, shown, chosen, beneath)
    labels += axis_labels(frame, sheet.arrows, chosen, beneath)
    for key, wordings in texts.items():
        if key in chosen:
            text = wordings[int(chosen[key].key.partition(":")[0]) if len(wordings) > 1 else 0]
            labels.append(area_label(key, text, chosen[key], frame.pen, beneath))
    standing = [spot for spot in shown if spot.id in chosen or spot.kind == "base"]
    return Names(
        markers=(*(spot.sign for spot in standing), *next_marks(frame, now, standing)),
        labels=tuple(labels),
        shields=tuple(build_shields(chosen, frame)),
        dropped=(*(item.id for item in missing if item.id not in plan.optional), *(spot.id for spot in plan.hidden)),
    )


def plan_names(
    frame: Frame, still: Still, legs: Sequence[Leg], bases: Mapping[str, str], furniture: Sequence[Box]
) -> Plan:
    """Place what stays put on all days; nothing depends on who holds what.

    `bases` are the air bases that can be lost, id to name; `furniture` stands on the map and is kept free.
    """
    hidden, spots = _spots(frame, bases, furniture)
    roads = _avoided([*still.over, *whole_roads(frame)], LASTING)
    avoided = Avoided(roads)
    firm = frame.view.priority
    needed = {*firm, *(end for leg in legs for end in (leg.start, leg.end))}  # what an arrow runs between has a name
    items = [
        replace(spot_item(spot, frame.pen, avoided, standing_signs(spots, spot, firm)), needed=spot.id in needed)
        for spot in spots
    ]
    names, texts = name_items(frame)
    areas, area_texts = area_items(frame)
    shields = shield_items(frame, [spot.sign.at for spot in spots])
    hearts = {party: [frame.camera.to_px(land) for land in lands] for party, lands in frame.heartlands.items()}
    homes, party_texts = party_items(frame, hearts, avoided)
    obstacles = (*furniture, *corridor(legs, frame.pen))
    lasting = (*items, *axis_items(frame, legs), *homes, *names, *areas, *shields)
    chosen = _placed(lasting, spots, obstacles, frame)
    most = MOST_COVERED_TWICE if frame.order.language.also else MOST_COVERED
    chosen = _fewer(chosen, lasting, most * frame.camera.map_box.width * frame.camera.map_box.height)
    says = {key: [text] for key, text in (texts | area_texts).items()} | party_texts
    optional = frozenset(item.id for item in names)
    placed = tuple(replace(item, candidates=()) for item in lasting)  # thousands of positions that nobody asks again
    return Plan(tuple(spots), tuple(hidden), placed, optional, chosen, says, obstacles, tuple(roads))


def _with_parties(
    frame: Frame, sheet: Sheet, plan: Plan, unseen: Collection[str]
) -> tuple[dict[str, Candidate], dict[str, list[Text]], list[Item]]:
    """Return what stands where today, the names of parties included that have no lasting place, or not on their land.

    A party is never left without its name for the sake of a lesser place: that one's name gives way for the day. What
    is `unseen` today takes no room.
    """
    here = sheet.zones
    strangers = {key for key in plan.texts if key.startswith("party:") and not _at_home(key, plan.chosen, here)}
    homeless = {party: [land] for party, land in here.items() if not _at_home(f"party:{party}", plan.chosen, here)}
    lines = Avoided([*plan.lines, *_avoided(sheet.lines, FLEETING)] if homeless else ())
    parties, texts = party_items(frame, homeless, lines)
    chosen = {key: one for key, one in plan.chosen.items() if key not in strangers and key not in unseen}
    covers = {key: list(one.boxes) for key, one in chosen.items()}
    for spot in plan.spots:
        if spot.id in chosen or (spot.kind == "base" and spot.id not in unseen):
            covers.setdefault(spot.id, []).append(spot.sign.box)
    standing = [*plan.obstacles, *_all(covers.values())]
    found = place_items(parties, standing, frame.labelled)
    if len(found) < len(homeless):  # where the land has no room for it, a name may stand off it
        parties, texts = party_items(frame, homeless, lines, led=True)
        found = place_items(parties, standing, frame.labelled)
    lasting = {*frame.view.priority, *(spot.id for spot in plan.spots if spot.kind == "base")}
    firm = _all(boxes for key, boxes in covers.items() if key in lasting or key.startswith("party:"))
    firm += _all(one.boxes for one in found.values())
    left = [item for item in parties if item.id not in found]
    pushed = place_items(left, [*plan.obstacles, *firm], frame.labelled)
    over = _all(one.boxes for one in pushed.values())
    kept = {key: one for key, one in chosen.items() if not _overlap(covers[key], over)}
    says = {key: text for key, text in plan.texts.items() if key not in strangers} | texts
    return kept | found | pushed, says, parties


def _all(groups: Iterable[Iterable[Box]]) -> list[Box]:
    return [box for group in groups for box in group]


def _overlap(boxes: Sequence[Box], others: Sequence[Box]) -> bool:
    return any(box.overlaps(other) for box in boxes for other in others)


def _placed(
    items: Sequence[Item], spots: Sequence[Spot], obstacles: Sequence[Box], frame: Frame
) -> dict[str, Candidate]:
    """Return the places of items; spots whose sign would then mislead about another's name are left out."""
    wrong: set[str] = set()
    while True:
        chosen = place_items([item for item in items if item.id not in wrong], obstacles, frame.labelled)
        more = intruders(spots, chosen, frame.pen)
        if not more:
            return chosen
        wrong.add(more[-1])


def _at_home(key: str, chosen: Mapping[str, Candidate], lands: Mapping[str, BaseGeometry]) -> bool:
    """Return whether a party's lasting name has a place, and that place is its own today."""
    land = lands.get(key.removeprefix("party:"))
    return land is not None and key in chosen and bool(land.covers(shapely.box(*chosen[key].boxes[0])))


def _fewer(chosen: Mapping[str, Candidate], items: Sequence[Item], room: float) -> dict[str, Candidate]:
    """Return what was placed without the last in the queue, so that names cover no more than `room` px2."""
    queue = sorted((item for item in items if item.id in chosen), key=lambda item: (item.priority, item.id))
    kept, total = {}, 0.0
    for item in queue:
        box = chosen[item.id].boxes[0]
        total += 0.0 if item.id.startswith("shield:") else PRINTED * box.width * box.height
        if total <= room or item.id.startswith("shield:"):
            kept[item.id] = chosen[item.id]
    return kept


def _spots(frame: Frame, bases: Mapping[str, str], furniture: Sequence[Box]) -> tuple[list[Spot], list[Spot]]:
    """Return the spots that furniture hides, and the others, their signs apart."""
    spots = ringed(frame, [*place_spots(frame), *base_spots(frame, bases), *facility_spots(frame)])
    hidden = [spot for spot in spots if any(spot.sign.box.overlaps(box) for box in furniture)]
    return hidden, stand_apart([spot for spot in spots if spot not in hidden], 2 * frame.unit)


def _spot_labels(
    frame: Frame, now: Moment, spots: Sequence[Spot], chosen: Mapping[str, Candidate], beneath: Beneath
) -> list[Label]:
    found = []
    for spot in spots:
        if spot.id in chosen:
            held = now.held[spot.id]
            taker = frame.theme.party(held.party).text
            label = spot_label(spot, chosen[spot.id], _chip(frame, spot, now), taker, frame.pen, beneath)
            found.append(replace(label, statement=held.statement if label.chip else ""))
    return found


def _chip(frame: Frame, spot: Spot, now: Moment) -> str:
    """Return the dates of a capture since the day that gains are counted from; a base still held shows none."""
    first, last = now.held[spot.id][-2:]
    silent = spot.kind == "facility" or (spot.kind == "base" and spot.sign.state != "lost")
    if silent or not spot.chips or not first or not last or last < frame.order.since:
        return ""
    return chip_text(first, last, frame.phrases)


def _avoided(lines: Sequence[Line], weights: Mapping[str, float]) -> list[tuple[BaseGeometry, float]]:
    """Return the lines that labels keep off where they can, with the cost of a pixel of each."""
    found = []
    for kind, weight in weights.items():
        geometries = [line.geometry for line in lines if line.kind == kind]
        if geometries:
            found.append((shapely.union_all(geometries), weight))
    return found
