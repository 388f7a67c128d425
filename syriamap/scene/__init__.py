"""Decide: everything on the picture, as plain data. Nothing here draws, reads or asks the clock."""

from .composition import compose
from .view import View, get_view

__all__ = ["View", "compose", "get_view"]
