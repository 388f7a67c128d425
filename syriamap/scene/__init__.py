"""Decide: everything on the picture, as plain data. Nothing here draws, reads or asks the clock."""

from .age import check_stale
from .backdrop import backdrop_grid, lay_under
from .composition import Setting, compose, lay_out
from .points import check_style
from .view import View, get_view
from .words import check_alt, check_printable, check_room

__all__ = [
    "Setting",
    "View",
    "backdrop_grid",
    "check_alt",
    "check_printable",
    "check_room",
    "check_stale",
    "check_style",
    "compose",
    "get_view",
    "lay_out",
    "lay_under",
]
