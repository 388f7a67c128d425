"""The products of a series: many days on one sheet, in one animation, on one page."""

from .animation import write_animation
from .page import write_page
from .sheet import write_sheet
from .sidecar import is_fresh, is_ours, sidecar_path

__all__ = ["is_fresh", "is_ours", "sidecar_path", "write_animation", "write_page", "write_sheet"]
