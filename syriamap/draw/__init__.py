"""Obey: turn a decided scene into ink. The only rooms that draw with matplotlib."""

from .canvas import draw_map
from .chart import draw_chart, paint_chart
from .multiples import draw_multiples, paint_multiples
from .paint import paint_map
from .text import make_measure

__all__ = [
    "draw_chart",
    "draw_map",
    "draw_multiples",
    "make_measure",
    "paint_chart",
    "paint_map",
    "paint_multiples",
]
