"""Dated control maps: boundaries and a control table in, a sourced map out.

    from datetime import date
    import syriamap

    made = syriamap.render_map(date(2024, 12, 5), view="country")
    syriamap.save_map(made, "country.png")

Names load when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .atlas import compose_map, render_map, save_map
    from .boundaries import read_boundaries
    from .cells import build_cells
    from .control import read_control
    from .errors import SyriaMapError
    from .merge import control_on
    from .points import explain, tag_points
    from .series import render_series
    from .zones import build_fronts, build_gains, build_zones

__version__ = "0.1.0"

__all__ = [
    "SyriaMapError",
    "build_cells",
    "build_fronts",
    "build_gains",
    "build_zones",
    "compose_map",
    "control_on",
    "explain",
    "read_boundaries",
    "read_control",
    "render_map",
    "render_series",
    "save_map",
    "tag_points",
]

_HOMES = {
    "SyriaMapError": "errors",
    "build_cells": "cells",
    "build_fronts": "zones",
    "build_gains": "zones",
    "build_zones": "zones",
    "compose_map": "atlas",
    "control_on": "merge",
    "explain": "points",
    "read_boundaries": "boundaries",
    "read_control": "control",
    "render_map": "atlas",
    "render_series": "series",
    "save_map": "atlas",
    "tag_points": "points",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'syriamap' has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
