"""Decide: everything on the picture, as plain data. Nothing here draws, reads or asks the clock."""

from .composition import compose
from .points import check_style
from .view import View, get_view

__all__ = ["View", "check_style", "compose", "get_view"]
