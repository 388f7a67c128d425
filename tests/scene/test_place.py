"""The placement of labels: laws on random items."""

from hypothesis import given, settings
from hypothesis import strategies as st

from syriamap.model import Box
from syriamap.scene.place import Candidate, Item, place_items

BOUNDS = Box(0, 0, 400, 300)


@st.composite
def boxes(draw):
    x, y = draw(st.integers(-20, 390)), draw(st.integers(-20, 290))
    return Box(x, y, x + draw(st.integers(5, 90)), y + draw(st.integers(5, 30)))


@st.composite
def items(draw):
    found = []
    for number in range(draw(st.integers(1, 14))):
        spots = draw(st.lists(boxes(), min_size=1, max_size=5))
        candidates = tuple(Candidate((box,), draw(st.integers(0, 9)), str(i)) for i, box in enumerate(spots))
        sign = draw(st.none() | boxes())
        found.append(Item(f"i{number}", draw(st.integers(0, 5)), candidates, sign, draw(st.booleans())))
    return found


def taken(items, chosen):
    """Return who stands where: every box of a placed item, and the signs that stand anyway."""
    for item in items:
        if item.id in chosen:
            yield from ((item.id, box) for box in chosen[item.id].boxes)
        if item.sign is not None and (item.fixed or item.id in chosen):
            yield item.id, item.sign


@given(items(), st.lists(boxes(), max_size=3))
@settings(max_examples=150)
def test_nothing_overlaps(items, obstacles):
    chosen = place_items(items, obstacles, BOUNDS)
    labels = [(name, box) for name, one in chosen.items() for box in one.boxes]
    for name, box in labels:
        assert BOUNDS.holds(box)
        assert not any(box.overlaps(obstacle) for obstacle in obstacles)
        assert not any(box.overlaps(other) for owner, other in taken(items, chosen) if owner != name)


@given(items(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_the_items_does_not_matter(items, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    assert place_items(items, [], BOUNDS) == place_items(shuffled, [], BOUNDS)


def one(name, priority, *candidates, **more):
    return Item(name, priority, tuple(Candidate((box,), cost, str(cost)) for box, cost in candidates), **more)


def test_the_first_in_the_queue_gets_the_place():
    place = Box(10, 10, 60, 30)
    chosen = place_items([one("later", 2, (place, 0)), one("first", 1, (place, 0))], [], BOUNDS)
    assert set(chosen) == {"first"}


def test_a_settled_item_moves_over_for_one_that_would_be_dropped():
    left, right = Box(10, 10, 60, 30), Box(70, 10, 120, 30)
    chosen = place_items([one("first", 1, (left, 0), (right, 1)), one("second", 2, (left, 0))], [], BOUNDS)
    assert chosen["first"].boxes == (right,)
    assert chosen["second"].boxes == (left,)


def test_a_settled_item_does_not_move_far_for_another():
    left, right = Box(10, 10, 60, 30), Box(70, 10, 120, 30)
    chosen = place_items([one("first", 1, (left, 0), (right, 8)), one("second", 2, (left, 0))], [], BOUNDS)
    assert chosen["first"].boxes == (left,)
    assert "second" not in chosen


def test_a_settled_item_moves_far_for_a_needed_one():
    left, right = Box(10, 10, 60, 30), Box(70, 10, 120, 30)
    first, lesser = one("first", 1, (left, 0), (right, 8)), one("lesser", 3, (right, 0))
    chosen = place_items([first, one("second", 2, (left, 0), needed=True), lesser], [], BOUNDS)
    assert {name: where.boxes[0] for name, where in chosen.items()} == {"first": right, "second": left}


def test_a_needed_item_takes_the_place_of_one_that_is_not():
    left, right = Box(10, 10, 60, 30), Box(70, 10, 120, 30)
    first, needed = one("first", 1, (left, 0)), one("needed", 2, (left, 0), (right, 3), needed=True)
    chosen = place_items([one("blocks", 1, (right, 0), needed=True), first, needed], [], BOUNDS)
    assert {name: where.boxes[0] for name, where in chosen.items()} == {"blocks": right, "needed": left}


def test_an_item_keeps_off_the_sign_of_one_still_to_come():
    over, beside = Box(10, 10, 60, 30), Box(10, 60, 60, 80)
    sign = Box(20, 15, 30, 25)
    queue = [one("first", 1, (over, 0), (beside, 2)), one("second", 2, (Box(70, 10, 120, 30), 0), sign=sign)]
    chosen = place_items(queue, [], BOUNDS)
    assert chosen["first"].boxes == (beside,)
    assert "second" in chosen
