"""Write pictures and their sidecars: whole or not at all, and the same bytes for the same map."""

from .chart import ChartSidecar, build_chart_sidecar
from .files import check_target, sweep, write_whole
from .pictures import FORMATS, encode_figure, encode_pixels
from .sidecar import build_sidecar, encode_sidecar

__all__ = [
    "FORMATS",
    "ChartSidecar",
    "build_chart_sidecar",
    "build_sidecar",
    "check_target",
    "encode_figure",
    "encode_pixels",
    "encode_sidecar",
    "sweep",
    "write_whole",
]
