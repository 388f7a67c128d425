"""Obey: turn a decided scene into ink. The only rooms that draw with matplotlib."""

from .canvas import draw_map
from .paint import paint_map
from .text import make_measure

__all__ = ["draw_map", "make_measure", "paint_map"]
