"""Obey: turn a decided scene into ink. The only rooms that draw with matplotlib."""

from .canvas import draw_map
from .text import measure_text

__all__ = ["draw_map", "measure_text"]
