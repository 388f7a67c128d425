"""Placing: give every item the best of its free positions, the most important first.

Greedy by priority, then repair: an item left without a place may push aside less settled ones that can move elsewhere.
The answer depends on the items alone, never on their order or on chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    finds no place. A `needed` item takes the place of any that is not, else settled ones move to whatever free
    positions they have.
    """

    id: str
    priority: int
    candidates: tuple[Candidate, ...]
    sign: Box | None = None
    fixed: bool = False
    needed: bool = False


class _Board:
    """Who stands where: boxes as an array, with the owner of each."""

    def __init__(self, obstacles: Sequence[Box]) -> None:
        self.boxes = _array(obstacles)
        self.owners = np.full(len(self.boxes), "#", dtype=object)

    def put(self, owner: str, boxes: NDArray[np.float64]) -> None:
        self.boxes = np.concatenate([self.boxes, boxes])
        self.owners = np.append(self.owners, np.full(len(boxes), owner, dtype=object))

    def take(self, owner: str) -> None:
        kept = self.owners != owner
        self.boxes, self.owners = self.boxes[kept], self.owners[kept]


class _Ways:
    """The positions of an item, the cheapest first, with all the boxes that each needs."""

    def __init__(self, item: Item, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self.me = (item.id, _sign(item))
        needs = [_needs(item, one) for one in candidates]
        self.boxes = _array([box for boxes in needs for box in boxes])
        self.starts = np.cumsum([0, *(len(boxes) for boxes in needs)])[:-1]

    def blocked(self, board: _Board) -> NDArray[np.bool_]:
        """Return which of the board's boxes are in the way of which position (positions x boxes)."""
        if not len(self.boxes):
            return np.zeros((0, len(board.boxes)), dtype=bool)
        mine = np.isin(board.owners, self.me)
        hit = _hits(self.boxes, board.boxes) & ~mine
        return hit if len(self.starts) == len(hit) else np.asarray(np.logical_or.reduceat(hit, self.starts, axis=0))

    def needs(self, number: int) -> NDArray[np.float64]:
        """Return the boxes that a position needs."""
        ends = [*self.starts[1:], len(self.boxes)]
        return self.boxes[self.starts[number] : ends[number]]


def _array(boxes: Sequence[Box]) -> NDArray[np.float64]:
    return np.fromiter(chain.from_iterable(boxes), dtype=float).reshape(-1, 4)  # much faster than from named tuples


def _hits(boxes: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which boxes overlap which others (boxes x others)."""
    x0, y0, x1, y1 = boxes.T[:, :, None]
    left, top, right, bottom = others.T[:, None, :]
    hit: NDArray[np.bool_] = (x0 < right) & (left < x1) & (y0 < bottom) & (top < y1)
    return hit


def place_items(items: Sequence[Item], obstacles: Sequence[Box], bounds: Box) -> dict[str, Candidate]:
    """Return the chosen position of every item that found one; what is missing was dropped."""
    board = _Board(obstacles)
    queue = sorted(items, key=lambda item: (item.priority, item.id))
    for item in queue:
        if item.sign is not None and item.fixed:
            board.put(_sign(item), _array([item.sign]))
    free = {item.id: _Ways(item, _sparing(item, _inside(item, bounds), queue)) for item in queue}
    by_id = {item.id: item for item in queue}
    chosen: dict[str, int] = {}
    for item in queue:
        if not _settle(item, free[item.id], board, chosen):
            _push_in(item, by_id, free, board, chosen)
        if item.needed and item.id not in chosen and not _oust(item, by_id, free[item.id], board, chosen):
            _push_in(item, by_id, free, board, chosen, worse=np.inf)
    for item in queue:  # room that others left when they moved, or that lesser ones took
        if item.id not in chosen and not _settle(item, free[item.id], board, chosen):
            _oust(item, by_id, free[item.id], board, chosen)
    return {name: free[name].candidates[number] for name, number in chosen.items()}


def _sign(item: Item) -> str:
    return f"{item.id}/sign"


def _inside(item: Item, bounds: Box) -> list[Candidate]:
    if not item.candidates:
        return []
    boxes = _array([box for one in item.candidates for box in one.boxes])
    starts = np.cumsum([0, *(len(one.boxes) for one in item.candidates)])[:-1]
    inside = (boxes[:, :2] >= bounds[:2]).all(axis=1) & (boxes[:, 2:] <= bounds[2:]).all(axis=1)
    fits = np.logical_and.reduceat(inside, starts)
    fitting = [item.candidates[number] for number in np.flatnonzero(fits)]
    return sorted(fitting, key=lambda one: (one.cost, one.key))


def _sparing(item: Item, candidates: list[Candidate], queue: Sequence[Item]) -> list[Candidate]:
    """Return the candidates, those dearer that would cover the sign of another item still to come."""
    others = [other.sign for other in queue if other.sign is not None and other.priority > item.priority]
    boxes = [(number, box) for number, one in enumerate(candidates) for box in one.boxes]
    if not others or not boxes:
        return candidates
    covered = np.zeros(len(candidates))
    owners = np.array([number for number, _ in boxes])
    x0, y0, x1, y1 = _array([box for _, box in boxes]).T
    for sign in others:
        np.add.at(covered, owners, (x0 < sign.x1) & (sign.x0 < x1) & (y0 < sign.y1) & (sign.y0 < y1))
    found = [
        replace(one, cost=one.cost + COVERED * extra) if extra else one
        for one, extra in zip(candidates, covered.tolist(), strict=True)
    ]
    return sorted(found, key=lambda one: (one.cost, one.key))


def _needs(item: Item, one: Candidate) -> list[Box]:
    return list(one.boxes) if item.sign is None or item.fixed else [*one.boxes, item.sign]


def _stand(item: Item, ways: _Ways, number: int, board: _Board, chosen: dict[str, int]) -> None:
    board.put(item.id, ways.needs(number))
    chosen[item.id] = number


def _settle(item: Item, ways: _Ways, board: _Board, chosen: dict[str, int], *, most: float = np.inf) -> bool:
    """Give the item the best position that is free and costs no more than `most`."""
    for number in np.flatnonzero(~ways.blocked(board).any(axis=1)).tolist():
        if ways.candidates[number].cost <= most:
            _stand(item, ways, number, board, chosen)
            return True
    return False


def _blockers(ways: _Ways, board: _Board) -> Iterator[tuple[int, set[str]]]:
    """Yield every position with the owners of what is in its way, the cheapest first."""
    for number, met in enumerate(ways.blocked(board)):
        yield number, set(board.owners[met].tolist())


def _push_in(
    item: Item,
    items: dict[str, Item],
    free: dict[str, _Ways],
    board: _Board,
    chosen: dict[str, int],
    *,
    worse: float = WORSE,
) -> None:
    """Find the item a place by moving one or two settled ones to positions hardly worse than their own."""
    for number, blockers in list(_blockers(free[item.id], board)):
        if blockers <= chosen.keys() and len(blockers) <= 2:
            moving = [items[name] for name in sorted(blockers)]
            old = [chosen[other.id] for other in moving]
            for other in moving:
                board.take(other.id)
            _stand(item, free[item.id], number, board, chosen)
            if all(
                _settle(other, free[other.id], board, chosen, most=free[other.id].candidates[was].cost + worse)
                for other, was in zip(moving, old, strict=True)
            ):
                return
            board.take(item.id)
            del chosen[item.id]
            for other, was in zip(moving, old, strict=True):
                board.take(other.id)
                _stand(other, free[other.id], was, board, chosen)


def _oust(item: Item, items: dict[str, Item], ways: _Ways, board: _Board, chosen: dict[str, int]) -> bool:
    """Give the item the best place that only lesser ones hold; their own turn to look for another comes later."""
    for number, blockers in _blockers(ways, board):
        if blockers <= chosen.keys() and all(_is_lesser(items[name], item) for name in blockers):
            for name in blockers:
                board.take(name)
                del chosen[name]
            _stand(item, ways, number, board, chosen)
            return True
    return False


def _is_lesser(one: Item, other: Item) -> bool:
    return other.needed if one.needed != other.needed else one.priority > other.priority
