"""Placing: give every item the best of its free positions, the most important first.

Greedy by priority, then repair: an item left without a place may push aside less settled ones that can move elsewhere.
The answer depends on the items alone, never on their order or on chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..model import Box


COVERED = 5.0  # the cost of standing on the sign of an item that has yet to be placed
WORSE = 2.0  # a settled item moves for another only to a position that costs so little more


@dataclass(frozen=True, slots=True)
class Candidate:
    """One position of an item: the boxes it would cover and what it costs (0 = the best there is)."""

    boxes: tuple[Box, ...]
    cost: float
    key: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to place. A lower `priority` goes first.

    `sign` is the box of its own marker: it may touch that, and needs it free. A `fixed` sign stands even when the item
    finds no place.
    """

    id: str
    priority: int
    candidates: tuple[Candidate, ...]
    sign: Box | None = None
    fixed: bool = False


class _Board:
    """Who stands where: boxes as an array, with the owner of each."""

    def __init__(self, obstacles: Sequence[Box]) -> None:
        self.boxes: list[Box] = list(obstacles)
        self.owners: list[str] = ["#"] * len(self.boxes)

    def blockers(self, boxes: Sequence[Box], me: set[str]) -> set[str]:
        found: set[str] = set()
        array = np.array(self.boxes, dtype=float).reshape(-1, 4)
        for box in boxes:
            hit = _hits(array, box)
            found |= {self.owners[i] for i in np.flatnonzero(hit)}
        return found - me

    def put(self, owner: str, boxes: Sequence[Box]) -> None:
        self.boxes += boxes
        self.owners += [owner] * len(boxes)

    def take(self, owner: str) -> None:
        kept = [(box, who) for box, who in zip(self.boxes, self.owners, strict=True) if who != owner]
        self.boxes = [box for box, _ in kept]
        self.owners = [who for _, who in kept]


def _hits(array: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    x0, y0, x1, y1 = array.T
    hit: NDArray[np.bool_] = (x0 < box.x1) & (box.x0 < x1) & (y0 < box.y1) & (box.y0 < y1)
    return hit


def place_items(items: Sequence[Item], obstacles: Sequence[Box], bounds: Box) -> dict[str, Candidate]:
    """Return the chosen position of every item that found one; what is missing was dropped."""
    board = _Board(obstacles)
    queue = sorted(items, key=lambda item: (item.priority, item.id))
    for item in queue:
        if item.sign is not None and item.fixed:
            board.put(_sign(item), [item.sign])
    free = {item.id: _sparing(item, _inside(item, bounds), queue) for item in queue}
    by_id = {item.id: item for item in queue}
    chosen: dict[str, Candidate] = {}
    for item in queue:
        if not _settle(item, free[item.id], board, chosen):
            _push_in(item, by_id, free, board, chosen)
    for item in queue:  # room that others left when they moved, or that lesser ones took
        if item.id not in chosen and not _settle(item, free[item.id], board, chosen):
            _oust(item, by_id, free[item.id], board, chosen)
    return chosen


def _sign(item: Item) -> str:
    return f"{item.id}/sign"


def _inside(item: Item, bounds: Box) -> list[Candidate]:
    fitting = [one for one in item.candidates if all(bounds.holds(box) for box in one.boxes)]
    return sorted(fitting, key=lambda one: (one.cost, one.key))


def _sparing(item: Item, candidates: list[Candidate], queue: Sequence[Item]) -> list[Candidate]:
    """Return the candidates, those dearer that would cover the sign of another item still to come."""
    others = [other.sign for other in queue if other.sign is not None and other.priority > item.priority]
    boxes = [(number, box) for number, one in enumerate(candidates) for box in one.boxes]
    if not others or not boxes:
        return candidates
    covered = np.zeros(len(candidates))
    owners = np.array([number for number, _ in boxes])
    x0, y0, x1, y1 = np.array([box for _, box in boxes], dtype=float).T
    for sign in others:
        np.add.at(covered, owners, (x0 < sign.x1) & (sign.x0 < x1) & (y0 < sign.y1) & (sign.y0 < y1))
    found = [
        replace(one, cost=one.cost + COVERED * extra) if extra else one
        for one, extra in zip(candidates, covered.tolist(), strict=True)
    ]
    return sorted(found, key=lambda one: (one.cost, one.key))


def _needs(item: Item, one: Candidate) -> list[Box]:
    return list(one.boxes) if item.sign is None or item.fixed else [*one.boxes, item.sign]


def _blockers(item: Item, one: Candidate, board: _Board) -> set[str]:
    return board.blockers(_needs(item, one), {item.id, _sign(item)})


def _stand(item: Item, one: Candidate, board: _Board, chosen: dict[str, Candidate]) -> None:
    board.put(item.id, _needs(item, one))
    chosen[item.id] = one


def _settle(item: Item, candidates: Sequence[Candidate], board: _Board, chosen: dict[str, Candidate]) -> bool:
    for one in candidates:
        if not _blockers(item, one, board):
            _stand(item, one, board, chosen)
            return True
    return False


def _push_in(
    item: Item, items: dict[str, Item], free: dict[str, list[Candidate]], board: _Board, chosen: dict[str, Candidate]
) -> None:
    """Find the item a place by moving one or two settled ones to positions hardly worse than their own."""
    for one in free[item.id]:
        blockers = _blockers(item, one, board)
        if blockers <= chosen.keys() and len(blockers) <= 2:
            moving = [items[name] for name in sorted(blockers)]
            old = [chosen[other.id] for other in moving]
            for other in moving:
                board.take(other.id)
            _stand(item, one, board, chosen)
            if all(
                _settle(other, _near(other, was, free), board, chosen) for other, was in zip(moving, old, strict=True)
            ):
                return
            board.take(item.id)
            del chosen[item.id]
            for other, was in zip(moving, old, strict=True):
                board.take(other.id)
                _stand(other, was, board, chosen)


def _oust(
    item: Item, items: dict[str, Item], candidates: Sequence[Candidate], board: _Board, chosen: dict[str, Candidate]
) -> None:
    """Give the item the best place that only lesser ones hold; their own turn to look for another comes later."""
    for one in candidates:
        blockers = _blockers(item, one, board)
        if blockers <= chosen.keys() and all(items[name].priority > item.priority for name in blockers):
            for name in blockers:
                board.take(name)
                del chosen[name]
            _stand(item, one, board, chosen)
            return


def _near(item: Item, was: Candidate, free: dict[str, list[Candidate]]) -> list[Candidate]:
    return [one for one in free[item.id] if one.cost <= was.cost + WORSE]
