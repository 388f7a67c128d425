"""Few colours: flat ones exactly, edges nearly, and none of it when it would show."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriamap import render_map
from syriamap.draw import ink_map
from syriamap.save.palette import MOST, reduce_colours

LOOKS = [
    {},
    {"view": "country", "theme": "dark"},
    {"view": "country", "theme": "print", "size": "og"},
    {"style": "points", "size": "square"},
]


def unfold(few):
    return few.colours[few.numbers]


def pack(pixels):
    return np.ascontiguousarray(pixels).view("<u4")[:, :, 0]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("transparent", [False, True])
def test_flat_colours_of_maps_are_exact_and_edges_near(look, transparent):
    made = render_map(date(2024, 12, 5), **look)
    ink = ink_map(made.scene, made.theme)
    pixels = ink.paint(transparent=transparent)
    few = reduce_colours(pixels, ink.flat)
    assert few is not None
    assert len(few.colours) <= MOST
    drawn = {patch.fill for patch in (*made.scene.ground, *made.scene.control)}
    drawn |= {colour for entry in made.scene.key for colour in entry.row.colours}
    drawn |= {made.theme.colours[token] for token in ("page", "sea", "land", "card")}
    before, after = pack(pixels), pack(unfold(few))
    for colour in sorted(drawn):
        word = int.from_bytes(bytes([*bytes.fromhex(colour[1:]), 255]), "little")
        assert (after[before == word] == word).all(), colour
    shown, meant = unfold(few).astype(float), pixels.astype(float)
    light = [one[:, :, :3] * one[:, :, 3:] / 255 for one in (shown, meant)]
    assert np.abs(light[0] - light[1]).mean() < 1.0
    clear = pixels[:, :, 3]
    assert (few.colours[few.numbers][:, :, 3][clear == 255] == 255).all()
    assert (few.colours[few.numbers][:, :, 3][clear == 0] == 0).all()


def test_common_colours_are_exact_although_nobody_named_them():
    pixels = np.full((200, 200, 4), 255, dtype=np.uint8)
    pixels[50:150, 20:180, :3] = (97, 131, 203)
    pixels[60:90, 30:90, :3] = (98, 131, 203)
    assert np.array_equal(unfold(reduce_colours(pixels, [])), pixels)


def test_a_photograph_keeps_all_its_colours():
    wild = np.random.default_rng(1).integers(0, 256, (200, 300, 4), dtype=np.uint8)
    wild[:, :, 3] = 255
    assert reduce_colours(wild, ["#ffffff"]) is None


def test_a_large_photograph_on_a_map_keeps_all_its_colours():
    made = render_map(date(2024, 12, 5), size="640x480")
    ink = ink_map(made.scene, made.theme)
    pixels = ink.paint().copy()
    across, down = np.meshgrid(np.linspace(0, 255, 320), np.linspace(0, 255, 240))
    pixels[:240, :320, :3] = np.dstack([across, down, (across * down) % 256]).astype(np.uint8)
    assert reduce_colours(pixels, ink.flat) is None


@given(st.integers(0, 2**32 - 1), st.integers(1, 400), st.booleans())
def test_any_picture_comes_back_within_the_limit_or_not_at_all(seed, number, clear):
    dice = np.random.default_rng(seed)
    known = dice.integers(0, 256, (number, 4), dtype=np.uint8)
    if not clear:
        known[:, 3] = 255
    pixels = known[dice.integers(0, number, (40, 40))]
    few = reduce_colours(pixels, ["#ffffff", "#112233"])
    if few is None:
        return
    assert few.numbers.max() < len(few.colours) <= MOST
    shown, meant = unfold(few).astype(float), pixels.astype(float)
    light = [one[:, :, :3] * one[:, :, 3:] / 255 for one in (shown, meant)]
    assert np.abs(light[0] - light[1]).mean() <= 4.5  # half a bin, and the mean that is allowed
    assert (shown[:, :, 3][meant[:, :, 3] == 255] == 255).all()


def test_the_same_picture_gives_the_same_colours():
    pixels = np.random.default_rng(3).integers(0, 256, (9, 4), dtype=np.uint8)[
        np.random.default_rng(4).integers(0, 9, (64, 64))
    ]
    one, other = (reduce_colours(pixels.copy(), ["#ffffff"]) for _ in range(2))
    assert np.array_equal(one.numbers, other.numbers)
    assert np.array_equal(one.colours, other.colours)
