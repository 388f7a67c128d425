"""The formulas written out for speed are those of the library that the checks use."""

from __future__ import annotations

import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from syriamap.colour import (
    VISIONS,
    _read_seen,
    compute_seen,
    contrast,
    distance,
    lightness,
    luminance,
    seen_as,
)
from syriamap.theme import get_theme

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(COLOURS)
def test_luminance(colour):
    assert luminance(colour) == pytest.approx(Color(colour).luminance(), abs=1e-12)


@given(COLOURS, COLOURS)
def test_contrast(one, other):
    assert contrast(one, other) == pytest.approx(Color(one).contrast(Color(other)), abs=1e-10)
    assert contrast(one, other) == contrast(other, one)


def test_the_ends_of_the_scale():
    assert luminance("#000000") == 0
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@given(COLOURS)
def test_lightness(colour):
    assert lightness(colour) == pytest.approx(Color(colour).convert("lab-d65")["lightness"], abs=1e-9)


@given(COLOURS, COLOURS)
def test_distance(one, other):
    assert distance(one, other) == pytest.approx(Color(one).delta_e(Color(other), method="2000"), abs=1e-7)


@given(COLOURS, st.sampled_from(VISIONS[1:]))
def test_other_colours_are_seen_as_the_library_says(colour, vision):
    assert seen_as(colour, vision) == compute_seen(colour, vision)
    assert seen_as(colour, "normal") == colour


def test_the_colours_of_our_themes_are_known_beforehand():
    for name in ("light", "dark", "print"):
        theme = get_theme(name)
        for colour in {*theme.colours.values(), *(style.fill for style in theme.parties.values())}:
            known = _read_seen()[colour.lower()]
            assert {vision: known[vision] for vision in VISIONS[1:]} == {
                vision: compute_seen(colour, vision) for vision in VISIONS[1:]
            }
