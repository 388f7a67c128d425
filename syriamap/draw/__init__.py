"""Obey: turn a decided scene into ink. The only rooms that draw with matplotlib."""

from .canvas import draw_map
from .multiples import draw_multiples
from .text import make_measure

__all__ = ["draw_map", "draw_multiples", "make_measure"]
