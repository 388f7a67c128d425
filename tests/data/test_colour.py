"""The formulas written out for speed are those of the library that the checks use."""

from __future__ import annotations

import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from syriamap.colour import contrast, luminance

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
