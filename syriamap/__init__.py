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
    from .export import export_day, layers_on
    from .merge import control_on
    from .model import AreaFile
    from .numbers import (
        compare_tables,
        control_stats,
        list_changes,
        render_chart,
        render_comparison,
        road_stats,
        save_chart,
        sum_changes,
    )
    from .points import explain, tag_points
    from .series import render_series
    from .verify import verify_map
    from .zones import build_fronts, build_gains, build_zones

__version__ = "0.1.0"

__all__ = [
    "AreaFile",
    "SyriaMapError",
    "build_cells",
    "build_fronts",
    "build_gains",
    "build_zones",
    "compare_tables",
    "compose_map",
    "control_on",
    "control_stats",
    "explain",
    "export_day",
    "layers_on",
    "list_changes",
    "read_boundaries",
    "read_control",
    "render_chart",
    "render_comparison",
    "render_map",
    "render_series",
    "road_stats",
    "save_chart",
    "save_map",
    "sum_changes",
    "tag_points",
    "verify_map",
]

_HOMES = {
    "AreaFile": "model",
    "SyriaMapError": "errors",
    "build_cells": "cells",
    "build_fronts": "zones",
    "build_gains": "zones",
    "build_zones": "zones",
    "compare_tables": "numbers",
    "compose_map": "atlas",
    "control_on": "merge",
    "control_stats": "numbers",
    "explain": "points",
    "export_day": "export",
    "layers_on": "export",
    "list_changes": "numbers",
    "read_boundaries": "boundaries",
    "read_control": "control",
    "render_chart": "numbers",
    "render_comparison": "numbers",
    "render_map": "atlas",
    "render_series": "series",
    "road_stats": "numbers",
    "save_chart": "numbers",
    "save_map": "atlas",
    "sum_changes": "numbers",
    "tag_points": "points",
    "verify_map": "verify",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'syriamap' has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
