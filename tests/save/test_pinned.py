"""A few maps are the pictures that were looked at and kept, down to what the eye can see."""

from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

from syriamap.atlas import Map
from syriamap.model import Box
from tools import pin

PER_PICTURE_KB = 200
pytestmark = [
    pytest.mark.checkout,
    pytest.mark.skipif(
        not pin.is_pinned_version(), reason="the pictures are pinned for the matplotlib of constraints.txt"
    ),
]


@pytest.fixture(scope="module")
def made():
    return cache(pin.render_pin)


def read(one):
    assert one.path.is_file(), f"{one.path} is missing; make it with python -m tools.pin"
    with Image.open(one.path) as picture:
        return picture.convert("RGB")


@pytest.mark.parametrize("one", pin.PINS, ids=str)
def test_the_picture_is_the_pinned_one(one, made, tmp_path):
    pinned, drawn = read(one), pin.draw_small(made(one))
    if said := pin.compare(pinned, drawn):
        shown = tmp_path / f"{one}_difference.png"
        pin.show_difference(pinned, drawn).save(shown)
        pytest.fail(
            f"{one}: {said}\npinned, drawn and difference: {shown}\n"
            "when the new picture is meant, renew the pinned ones: python -m tools.pin",
            pytrace=False,
        )


def test_the_pinned_pictures_are_those_of_the_table_and_light():
    assert {path.name for path in pin.FOLDER.iterdir()} == {one.path.name for one in pin.PINS}
    assert max(one.path.stat().st_size for one in pin.PINS) < 1000 * PER_PICTURE_KB


def shift(label, by):
    """Return a label moved to the right by some pixels of the map, with all that belongs to it."""

    def move(box):
        return Box(box.x0 + by, box.y0, box.x1 + by, box.y1)

    runs = tuple(replace(run, x=run.x + by, box=move(run.box)) for run in label.runs)
    chip = label.chip and replace(label.chip, box=move(label.chip.box))
    return replace(label, runs=runs, box=move(label.box), chip=chip)


@pytest.mark.parametrize("one", pin.PINS, ids=str)
def test_the_shortest_name_moved_by_its_height_is_noticed(one, made):
    whole = made(one)
    moved = min(whole.scene.labels, key=lambda label: len(label.text))
    labels = tuple(shift(label, moved.runs[0].px) if label is moved else label for label in whole.scene.labels)
    scene = replace(whole.scene, labels=labels)
    drawn = pin.draw_small(Map(scene, whole.theme))
    assert pin.compare(pin.draw_small(whole), drawn), f"{moved.text!r} moved and nothing was noticed"
