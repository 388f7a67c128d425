"""Names of areas: parties on their land, states, waters, occupied land."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import Polygon

from ..model import Box
from ..picture import Label
from .place import Candidate, Item
from .spots import Avoided, along_leader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from ..beneath import Beneath
    from .frame import Frame
    from .text import Pen

LEADING = 1.15
PARTY_TURN, OCCUPIED_TURN, AREA_TURN, NAME_TURN = 8, 9, 38, 40
STEP, MOST_TRIES = 7.0, 400  # units between the positions tried; about so many in one part of the land
LONGEST_LINE = 150  # units: a longer party name is set in two lines
NUDGES = ((0, 0), (0, -14), (0, 14), (-24, 0), (24, 0))  # units around a point that a name is to stand at
AIR = 0.16  # of the size of the text: room around a name, its halo counted
ON_COUNTRY = 200.0  # a name with a leader that hides the country may be read as the name of what it hides
FAR = 20.0  # units from the middle of its land cost a name as much as 1
SECOND_LAND = 4.0
STRUCK = 1000.0
SHORTENED = 12.0
LED_COST, LED_IN, LED_LEAST = 60.0, 5.0, 0.004  # units into the land; share of the map
LED_REACH, LED_WAYS = (10, 20, 30, 40, 55, 70, 85, 105, 130, 160, 200, 250), 72  # units; directions
OTHER_PART, MOST_PARTS = 6.0, 3
LINE_COST = 20.0  # a party's name keeps off lines that other labels may cross

Text = tuple[list[str], str]  # the lines of a name and their role


def party_items(
    frame: Frame,
    lands: Mapping[str, Sequence[BaseGeometry]],
    avoid: Avoided,
    *,
    led: bool = False,
) -> tuple[list[Item], dict[str, list[Text]]]:
    """Return the party names, to be set inside the party's land, nearest to its middle first; and their wordings.

    `lands` are areas in pixels for each party, the first one liked best; of the wordings the longest is. With
    `led` a name may stand off its land with a line that leads there. The key of a candidate begins with the number of
    its wording.
    """
    items, texts = [], {}
    for party, areas in lands.items():
        wordings = _wordings(frame, party)
        candidates = [
            replace(one, cost=one.cost + SECOND_LAND * turn + SHORTENED * number, key=f"{number}:{turn}:{one.key}")
            for number, lines in enumerate(wordings)
            for turn, land in enumerate(areas)
            for one in _inside(frame, land, lines, "party", avoid)
        ]
        for number, lines in enumerate(wordings if led else ()):
            candidates += [
                replace(one, cost=one.cost + SHORTENED * number, key=f"{number}:{one.key}")
                for one in _led(frame, areas[0], lines)
            ]
        if candidates:
            key = f"party:{party}"
            items.append(Item(key, PARTY_TURN, tuple(candidates)))
            texts[key] = [(lines, "party") for lines in wordings]
    return items, texts


def _led(frame: Frame, land: BaseGeometry, lines: Sequence[str]) -> list[Candidate]:
    """Return places for a party's name around the largest parts of its land, each with a line that leads into one."""
    box = frame.camera.map_box
    parts = _largest(shapely.clip_by_rect(land, *box))
    large = [part for part in parts if part.area >= LED_LEAST * box.width * box.height]
    return [
        replace(one, cost=one.cost + OTHER_PART * rank)
        for rank, part in enumerate(large)
        for one in _led_to(frame, part, lines)
    ]


def _led_to(frame: Frame, land: Polygon, lines: Sequence[str]) -> list[Candidate]:
    """Return places for a name around a part of its land, near ones first."""
    unit, room = frame.unit, frame.labelled
    inner, middle = land.buffer(-LED_IN * unit), shapely.maximum_inscribed_circle(land, 2 * unit)
    size, air = text_size(lines, "party", frame.pen), AIR * frame.pen.px("party")
    ways = list(product(LED_REACH, np.linspace(0, 2 * np.pi, LED_WAYS, endpoint=False).tolist()))
    reach, angle = np.array(ways).T
    (x0, y0), (half_w, half_h) = middle.coords[0], (size[0] / 2, size[1] / 2)
    xs, ys = x0 + (half_w + reach * unit) * np.cos(angle), y0 + (half_h + reach * unit) * np.sin(angle)
    left, top, right, bottom = xs - half_w - air, ys - half_h - air, xs + half_w + air, ys + half_h + air
    shapely.prepare(land)
    free = ~shapely.intersects(land, shapely.box(left, top, right, bottom))
    free &= (left >= room.x0) & (top >= room.y0) & (right <= room.x1) & (bottom <= room.y1)
    target = middle if inner.is_empty else inner
    shapely.prepare(target)
    ends = shapely.shortest_line(target, shapely.points(xs[free], ys[free]))
    found = []
    for number, end in zip(np.flatnonzero(free).tolist(), ends, strict=True):
        (x, y), words = end.coords[0], _around((float(xs[number]), float(ys[number])), size)
        start = (min(max(x, words.x0), words.x1), min(max(y, words.y0), words.y1))
        line = [box for box in along_leader((start, (x, y)), unit) if room.holds(box)]
        key = f"9:{ways[number][0]}:{ways[number][1]:.2f}:{x:.2f} {y:.2f}"
        found.append(Candidate((words.grow(air), *line), LED_COST + ways[number][0] / 10, key))
    return found


def _wordings(frame: Frame, party: str) -> list[list[str]]:
    """Return the lines of a party's name in all languages of the map, then of a shorter wording where there is one."""
    noun, pen = frame.materials.control.parties[party], frame.pen
    short, also = _in_lines(pen.capitals(noun.short), pen), _in_lines(pen.capitals(noun.also), pen) if noun.also else []
    abbreviation = frame.phrases.get("abbreviations", {}).get(party, "")
    longer = [[*short, *also], [*_balanced(" ".join(short)), *also]]
    briefer = [[abbreviation]] if abbreviation else [short] if also else []
    return [lines for number, lines in enumerate((*longer, *briefer)) if lines not in longer[:number]]


def area_items(frame: Frame) -> tuple[list[Item], dict[str, Text]]:
    """Return the names of special areas that are wide enough in the frame to hold them."""
    items, texts = [], {}
    for area, row in frame.materials.boundaries.areas.iterrows():
        lines = [*_balanced(row["name"]), *_balanced(row["also"])]
        if candidates := _inside(frame, frame.camera.to_px(row.geometry), lines, "facility", Avoided(())):
            items.append(Item(f"area:{area}", AREA_TURN, tuple(candidates)))
            texts[f"area:{area}"] = (lines, "facility")
    return items, texts


def _inside(frame: Frame, land: BaseGeometry, lines: Sequence[str], role: str, avoid: Avoided) -> list[Candidate]:
    """Return the boxes of a text that lie wholly in the largest part of the land, the one nearest its middle first."""
    found: list[Candidate] = []
    for rank, area in enumerate(_largest(shapely.clip_by_rect(land, *frame.camera.map_box))):
        for one in _in_part(frame, area, lines, role, avoid):
            found.append(replace(one, cost=one.cost + OTHER_PART * rank, key=f"{rank}:{one.key}"))
    return found


def _in_part(frame: Frame, area: Polygon, lines: Sequence[str], role: str, avoid: Avoided) -> list[Candidate]:
    """Return the boxes of a text that lie wholly in one part of the land."""
    step = max(STEP * frame.unit, float(np.sqrt(area.area / MOST_TRIES)))
    width, height = text_size(lines, role, frame.pen)
    x0, y0, x1, y1 = area.bounds if not area.is_empty else (0, 0, 0, 0)
    if x1 - x0 <= width or y1 - y0 <= height:
        return []
    grid = np.meshgrid(np.arange(x0, x1 - width, step), np.arange(y0, y1 - height, step))
    xs, ys = grid[0].ravel(), grid[1].ravel()
    shapely.prepare(area)
    fits = shapely.contains(area, shapely.box(xs - 2, ys - 2, xs + width + 2, ys + height + 2))
    middle = shapely.maximum_inscribed_circle(area, 4 * frame.unit).coords[0]
    xs, ys = xs[fits], ys[fits]
    boxes = [Box(x, y, x + width, y + height) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    far = np.hypot(xs + width / 2 - middle[0], ys + height / 2 - middle[1]) / (FAR * frame.unit)
    costs, air = far + LINE_COST * avoid.costs(boxes), AIR * frame.pen.px(role)
    return [
        Candidate((box.grow(air),), cost, f"{number:06d}")
        for number, (box, cost) in enumerate(zip(boxes, costs.tolist(), strict=True))
    ]


def _largest(area: BaseGeometry) -> list[Polygon]:
    """Return the few largest parts of an area, the largest first."""
    parts = [part for part in shapely.get_parts(area) if isinstance(part, Polygon)]
    return sorted(parts, key=lambda part: -part.area)[:MOST_PARTS]


def _in_lines(text: str, pen: Pen) -> list[str]:
    return _balanced(text) if pen.width(text, "party") > LONGEST_LINE * pen.size.unit else [text]


def _balanced(text: str) -> list[str]:
    """Return a text in the two lines that are most alike in length; one word stays alone."""
    words = text.split()
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    return list(min(splits, key=lambda pair: max(map(len, pair)))) if splits else [text]


def text_size(lines: Sequence[str], role: str, pen: Pen) -> tuple[float, float]:
    """Return width and height of lines set one below the other."""
    px = pen.px(role)
    width = max(pen.width(line, role) for line in lines)
    return width, px * (0.74 + LEADING * (len(lines) - 1) + pen.script.below - 0.02)


def name_items(frame: Frame) -> tuple[list[Item], dict[str, Text]]:
    """Return the names of states, waters and occupied land, each with its possible points; and their lines.

    A name that stands beside its area leads to it: the key of its candidate ends in the pixel it leads to.
    """
    items, texts = [], {}
    for number, entry in enumerate(frame.materials.theatre["names"]):
        target = _target(frame, entry)
        if target is None:
            continue
        lines = [*entry["lines"], *entry["also"]]
        size = text_size(lines, entry["kind"], frame.pen)
        air = AIR * frame.pen.px(entry["kind"])
        spots = [*_at_points(frame, entry["at"], size, target, air), *_beside(frame, target, size, air)]
        if target:  # better a line through a name than an area that nobody names
            spots = [_with_leader(frame, one, target, air) for one in spots] + [
                replace(one, cost=one.cost + STRUCK) for one in spots
            ]
        key = f"name:{entry['id']}"
        items.append(Item(key, OCCUPIED_TURN if target else NAME_TURN + number, tuple(spots)))
        texts[key] = (lines, entry["kind"])
    return items, texts


def _at_points(
    frame: Frame, points: Sequence[tuple[float, float]], size: tuple[float, float], target: str, air: float
) -> list[Candidate]:
    found = []
    for turn, (lon, lat) in enumerate(points):
        x, y = frame.camera.lonlat(lon, lat)
        for nudge, (dx, dy) in enumerate(NUDGES):
            box = _around((x + dx * frame.unit, y + dy * frame.unit), size)
            found.append(Candidate((box.grow(air),), turn * 10.0 + nudge, f"{turn}:{nudge}:{target}"))
    return found


def _around(middle: tuple[float, float], size: tuple[float, float]) -> Box:
    (x, y), (width, height) = middle, size
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _beside(frame: Frame, target: str, size: tuple[float, float], air: float) -> list[Candidate]:
    """Return positions west and east of the point that a name leads to: off the country, and near, if possible."""
    if not target:
        return []
    x, y = (float(value) for value in target.split())
    reach, unit = 70 * frame.unit + size[0] / 2, frame.unit
    edge = size[0] / 2 + air + unit
    land = frame.camera.to_px(frame.materials.boundaries.country)
    middles = (max(x - reach, frame.labelled.x0 + edge), min(x + reach, frame.labelled.x1 - edge))
    found = []
    for number, (step, middle) in enumerate((step, middle) for step in range(-240, 241, 20) for middle in middles):
        box = _around((middle, y + step * unit), size)
        hidden = shapely.clip_by_rect(land, *box).area / (size[0] * size[1])
        cost = 100.0 + abs(step) / 10 + ON_COUNTRY * hidden
        found.append(Candidate((box.grow(air),), cost, f"{number:03d}:beside:{target}"))
    return found


def _with_leader(frame: Frame, one: Candidate, target: str, air: float) -> Candidate:
    """Return a position that also covers the line to where the name leads."""
    words = one.boxes[0].grow(-air)
    x, y = (float(value) for value in target.split())
    start = (min(max(x, words.x0), words.x1), min(max(y, words.y0), words.y1))
    line = [box for box in along_leader((start, (x, y)), frame.unit) if frame.labelled.holds(box)]
    return replace(one, boxes=(*one.boxes, *line))


def _target(frame: Frame, entry: Mapping[str, Any]) -> str | None:
    """Return the pixel that a name leads to as "x y", "" when it leads nowhere, None when its area is out of sight."""
    if "area" not in entry:
        return ""
    areas = frame.materials.boundaries.areas
    if entry["area"] not in areas.index:
        return None
    shape = shapely.clip_by_rect(frame.camera.to_px(areas.geometry[entry["area"]]), *frame.camera.map_box)
    if shape.is_empty:
        return None
    point = shape.representative_point()
    return f"{point.x:.2f} {point.y:.2f}"


def area_label(key: str, text: Text, chosen: Candidate, pen: Pen, beneath: Beneath) -> Label:
    """Return a name of an area set in its box, its lines centred, with a leader where it stands beside the area."""
    (lines, role) = text
    box = chosen.boxes[0].grow(-AIR * pen.px(role))
    target = chosen.key.split(":")[-1].split()
    own = role == "party" and len(target) != 2  # a name beside its land stands on that of another
    colour = pen.theme.party(key.removeprefix("party:")).on_land if own else ""
    runs = []
    for index, line in enumerate(lines):
        x = (box.x0 + box.x1 - pen.width(line, role)) / 2
        y = box.y0 + (0.74 + index * LEADING) * pen.px(role)
        ground = beneath.halo(pen.line_box(line, role, x, y))
        runs.append(pen.run(line, role, x, y, ground=ground, halo=ground, colour=colour))
    if len(target) != 2:
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        return Label(key, role, " ".join(lines), tuple(runs), box, middle)
    end = (float(target[0]), float(target[1]))
    start = (min(max(end[0], box.x0), box.x1), min(max(end[1], box.y0), box.y1))
    return Label(key, role, " ".join(lines), tuple(runs), box, end, leader=(start, end))
