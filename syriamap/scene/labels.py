"""Everything that is named on the map, placed together: first what stays put on all days, then the parties' names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely

from .names import area_items, area_label, name_items, party_items
from .place import place_items
from .roads import build_shields, shield_items
from .spots import base_spots, facility_spots, place_spots, spot_item, spot_label, stand_apart
from .text import Beneath
from .words import chip_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from ..model import Box, Moment
    from ..picture import Base, Label, Line, Marker, Patch, Road, Shield
    from .frame import Frame
    from .place import Candidate
    from .spots import Spot

# What a pixel of a line under a label costs: lines that stay, and those that move from day to day. Names that stay put
# through a series look at the first kind only.
LASTING = {"border": 0.05, "main-road": 0.10, "road": 0.05}
FLEETING = {"front": 0.06, "front-guess": 0.06, "front-before": 0.02}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The map as it lies under its labels."""

    ground: tuple[Patch, ...]
    control: tuple[Patch, ...]
    lines: tuple[Line, ...]
    roads: tuple[Road, ...]
    road_lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What is named and marked, and what found no room, by priority."""

    markers: tuple[Marker, ...]
    labels: tuple[Label, ...]
    shields: tuple[Shield, ...]
    dropped: tuple[str, ...]


def name_map(
    frame: Frame, sheet: Sheet, now: Moment, bases: Sequence[Base], keepers: Mapping[str, str], furniture: Sequence[Box]
) -> Names:
    """Return the labels, signs and shields of a day; `furniture` stands on the map and is kept free."""
    hidden, spots = _spots(frame, bases, keepers, furniture)
    roads = _avoided(sheet, LASTING)
    items = [spot_item(spot, frame.pen, roads) for spot in spots]
    names, texts = name_items(frame)
    areas, area_texts = area_items(frame)
    shields = shield_items(frame, sheet.roads, [spot.sign.at for spot in spots])
    lasting = [*items, *names, *areas, *shields]
    chosen = place_items(lasting, furniture, frame.labelled)
    taken = [box for one in chosen.values() for box in one.boxes] + [spot.sign.box for spot in spots]
    parties, party_texts = party_items(frame, sheet.control, _avoided(sheet, LASTING | FLEETING))
    chosen |= place_items(parties, [*furniture, *taken], frame.labelled)
    missing = sorted((item for item in [*lasting, *parties] if item.id not in chosen), key=lambda item: item.priority)
    beneath = Beneath([*sheet.ground, *sheet.control], frame.theme.colours["sea"])
    labels = _spot_labels(frame, now, spots, chosen, beneath)
    for key, text in (texts | area_texts | party_texts).items():
        if key in chosen:
            labels.append(area_label(key, text, chosen[key], frame.pen, beneath))
    return Names(
        markers=tuple(spot.sign for spot in spots if spot.id in chosen or spot.kind == "base"),
        labels=tuple(labels),
        shields=tuple(build_shields(chosen, sheet.roads, frame.pen)),
        dropped=(*(item.id for item in missing if item not in names), *(spot.id for spot in hidden)),
    )


def _spots(
    frame: Frame, bases: Sequence[Base], keepers: Mapping[str, str], furniture: Sequence[Box]
) -> tuple[list[Spot], list[Spot]]:
    """Return the spots that furniture hides, and the others, their signs apart."""
    spots = [*place_spots(frame), *base_spots(frame, bases, keepers), *facility_spots(frame)]
    hidden = [spot for spot in spots if any(spot.sign.box.overlaps(box) for box in furniture)]
    return hidden, stand_apart([spot for spot in spots if spot not in hidden], 2 * frame.unit)


def _spot_labels(
    frame: Frame, now: Moment, spots: Sequence[Spot], chosen: Mapping[str, Candidate], beneath: Beneath
) -> list[Label]:
    found = []
    for spot in spots:
        if spot.id in chosen:
            taker = frame.theme.party(str(now.places.loc[spot.id, "party"])).text
            label = spot_label(spot, chosen[spot.id], _chip(frame, spot, now), taker, frame.pen, beneath)
            found.append(replace(label, statement=str(now.places.loc[spot.id, "statement"]) if label.chip else ""))
    return found


def _chip(frame: Frame, spot: Spot, now: Moment) -> str:
    """Return the dates of a capture since the day that gains are counted from; a base still held shows none."""
    row = now.places.loc[spot.id]
    silent = spot.kind == "facility" or (spot.kind == "base" and spot.sign.state != "lost")
    if silent or not spot.chips or not row["chip"] or row["chip_to"].date() < frame.order.since:
        return ""
    return chip_text(row["chip_from"].date(), row["chip_to"].date(), frame.phrases)


def _avoided(sheet: Sheet, weights: Mapping[str, float]) -> list[tuple[BaseGeometry, float]]:
    """Return the lines that labels keep off where they can, with the cost of a pixel of each."""
    found = []
    for kind, weight in weights.items():
        geometries = [line.geometry for line in (*sheet.lines, *sheet.road_lines) if line.kind == kind]
        if geometries:
            found.append((shapely.union_all(geometries), weight))
    return found
