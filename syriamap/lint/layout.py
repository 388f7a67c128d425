"""Checks 1 to 6: whether all that stands on the picture stands well."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

from ..faults import count
from ..model import Box
from .verdicts import Answer, not_applicable, weigh
from .words import ROUNDING_PX, covered_boxes, list_texts, map_area, share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..save.contract import LabelEntry, MarkerEntry, Sidecar, TextEntry

MARGIN_SHARE = 0.01  # of the width
LABEL_SHARE = 0.17  # of the map
PRINT_PT = 6.0
PRINT_DPI = 300
AREA_KINDS = ("party", "country", "water", "occupied", "axis")
AREA_IDS = ("party:", "area:", "name:")


def check_labels_apart(said: Sidecar) -> Answer:
    """No two labels overlap, halos and chips included (PerceptPPO 2024: readers mind overlap more than position).

    Nor do two lines of the words around the map.
    """
    covered = [(label["text"], covered_boxes(label)) for label in said["labels"]]
    pairs = [
        (name, other)
        for (name, boxes), (other, others) in combinations(covered, 2)
        if any(one.overlaps(two) for one in boxes for two in others)
    ]
    faults = [
        f"{a!r} overlaps {b!r}; expected free space between labels; drop or move the lesser one" for a, b in pairs
    ]
    lines = [(text["text"], Box(*text["box_px"]).grow(-ROUNDING_PX)) for text in _around_map(said)]
    crossed = [(name, other) for (name, one), (other, two) in combinations(lines, 2) if one.overlaps(two)]
    faults += [f"the line {a!r} runs over {b!r}; expected free space between lines; shorten one" for a, b in crossed]
    told = f"{count(len(pairs) + len(crossed), 'overlapping pair')} of {count(len(covered), 'label')}"
    return weigh(f"{told} and {count(len(lines), 'line')} around the map", faults)


def _around_map(said: Sidecar) -> Iterator[TextEntry]:
    """Yield the lines of text that stand around the map, but the sample of a date in the key."""
    for entry in (*said["furniture"], *said["legend"]):
        yield from (text for text in entry["texts"] if text["role"] != "chip")


def check_labels_on_signs(said: Sidecar) -> Answer:
    """No label stands on a marker not its own, a shield or furniture (our judgement: what is hidden is not told)."""
    standing = [(marker["place"], f"the sign of {marker['place']}", marker["box_px"]) for marker in said["markers"]]
    standing += [("", f"the shield {shield['ref']}", shield["box_px"]) for shield in said["shields"]]
    standing += [("", f"the {piece['kind']}", piece["box_px"]) for piece in said["furniture"]]
    standing.append(("", "the scale bar", said["scale_bar"]["box_px"]))
    faults = [
        f"{label['text']!r} stands on {what}; expected it free; move the label"
        for label in said["labels"]
        for owner, what, box in standing
        if owner != label["place"] and any(Box(*box).overlaps(one) for one in covered_boxes(label))
    ]
    return weigh(f"{count(len(faults), 'label')} on a sign or furniture, of {len(said['labels'])}", faults)


def check_inside(said: Sidecar) -> Answer:
    """Words keep 1 % of the width from the edges and off what apps cut off; labels stay in the map (their guides)."""
    width, height = said["size_px"]
    left, top, right, bottom = said["safe_px"]
    margin = MARGIN_SHARE * width - ROUNDING_PX
    edges = (max(left, margin), max(top, margin), width - max(right, margin), height - max(bottom, margin))
    safe, map_box = Box(*edges), Box(*said["map_box_px"]).grow(ROUNDING_PX)
    texts = list(list_texts(said))
    faults = [
        f"{owner}: {text['text'][:40]!r} at {text['box_px']} leaves the safe area {[round(edge) for edge in safe]}; "
        "expected it inside; shorten the words or move them"
        for owner, text in texts
        if not safe.holds(Box(*text["box_px"]))
    ]
    faults += [
        f"label {label['text']!r} at {label['box_px']} leaves the map {said['map_box_px']}; expected it inside; move it"
        for label in said["labels"]
        if not map_box.holds(Box(*label["box_px"]))
    ]
    return weigh(f"{len(faults)} outside, of {count(len(texts), 'line')} of text", faults)


def check_nearest_sign(said: Sidecar) -> Answer:
    """Of all signs a label's own is the nearest, unless a leader leads there (Imhof 1975: clear allocation).

    Names of areas belong to no sign and are exempt.
    """
    owned = [label for label in said["labels"] if not label["leader"] and not _names_area(label)]
    if not owned:
        return not_applicable("no label names a point")
    strays = [(label, near) for label in owned if (near := _stranger(label, said["markers"]))]
    faults = [
        f"{label['text']!r} ({label['place']}) is nearest to {near}; expected its own sign; "
        "move the label nearer or give it a leader"
        for label, near in strays
    ]
    return weigh(f"{len(owned) - len(strays)} of {count(len(owned), 'label')} nearest to their own sign", faults)


def _names_area(label: LabelEntry) -> bool:
    return label["kind"] in AREA_KINDS or label["place"].startswith(AREA_IDS)


def _stranger(label: LabelEntry, markers: list[MarkerEntry]) -> str:
    """Return what stands nearer to a label than its own sign, "" for nothing."""
    box = Box(*label["box_px"])
    away = sorted((_distance(box, Box(*marker["box_px"])), marker["place"]) for marker in markers)
    own = min((far for far, place in away if place == label["place"]), default=math.inf)
    if own == math.inf:
        return "no sign of its own"
    nearest, place = away[0]
    return f"the sign of {place} ({nearest:.1f} px away, its own {own:.1f} px)" if nearest < own - ROUNDING_PX else ""


def _distance(box: Box, other: Box) -> float:
    """Return how far two boxes lie apart."""
    return math.hypot(max(box.x0 - other.x1, other.x0 - box.x1, 0), max(box.y0 - other.y1, other.y0 - box.y1, 0))


def check_priority(said: Sidecar) -> Answer:
    """The places no map goes without are named; labels cover 17 % of the map at most (readers like 12.5-17 %)."""
    named = {label["place"] for label in said["labels"]}
    faults = [
        f"{place} has no label; expected one; widen the view or drop lesser labels"
        for place in said["priority"]
        if place not in named
    ]
    labels = sum(Box(*label["box_px"]).width * Box(*label["box_px"]).height for label in said["labels"])
    crowded = labels > LABEL_SHARE * map_area(said)
    covered = share(labels, map_area(said))
    if crowded:
        faults.append(f"labels cover {covered} of the map; expected {LABEL_SHARE:.0%} at most; drop the least of them")
    present = len(said["priority"]) - len(faults) + crowded
    return weigh(f"{present} of {count(len(said['priority']), 'priority place')} named; labels cover {covered}", faults)


def check_text_size(said: Sidecar) -> Answer:
    """No text is smaller than 12 css px at the width at which the size is shown, nor 6 pt in print (our judgement)."""
    needed = max(need for need in _needed_px(said))
    texts = list(list_texts(said))
    faults = [
        f"{owner}: {text['text'][:40]!r} is set in {text['font_px']} px; expected {needed:.2f} px at least; "
        "shorten the words or choose a larger size"
        for owner, text in texts
        if text["font_px"] < needed - ROUNDING_PX
    ]
    smallest = min((text["font_px"] for _, text in texts), default=0.0)
    return weigh(f"smallest text {smallest:.2f} px, needed {needed:.2f} px", faults)


def _needed_px(said: Sidecar) -> Iterator[float]:
    yield said["min_px"]
    if said["dpi"] >= PRINT_DPI and said["size"].startswith("print"):
        yield PRINT_PT / 72 * said["dpi"]
