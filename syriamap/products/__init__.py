"""The products of a series: many days on one sheet, in one animation, on one page."""

from .animation import write_animation
from .page import write_page
from .sheet import write_sheet

__all__ = ["write_animation", "write_page", "write_sheet"]
