"""Control in numbers: km2, places and people by party and day, km of highways by holder, what changed hands."""

from .changes import compare_days, list_changes, sum_changes
from .chart import Drawing, render_chart, save_chart
from .compare import Comparison, compare_tables
from .contrast import render_comparison
from .stats import control_stats, count_day, list_days, road_stats
from .writing import FORMATS, encode_table, lay_table

__all__ = [
    "FORMATS",
    "Comparison",
    "Drawing",
    "compare_days",
    "compare_tables",
    "control_stats",
    "count_day",
    "encode_table",
    "lay_table",
    "list_changes",
    "list_days",
    "render_chart",
    "render_comparison",
    "road_stats",
    "save_chart",
    "sum_changes",
]
