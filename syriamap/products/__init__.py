"""The products of a series: many days on one sheet, in one animation, on one page."""

from .animation import write_animation
from .sheet import write_sheet

__all__ = ["write_animation", "write_sheet"]
