"""Obey: turn a decided scene into ink. The only rooms that draw with matplotlib."""

from .ink import Ink, ink_chart, ink_map, ink_multiples
from .text import make_measure

__all__ = ["Ink", "ink_chart", "ink_map", "ink_multiples", "make_measure"]
