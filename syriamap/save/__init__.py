"""Write pictures and their sidecars: whole or not at all, and the same bytes for the same map."""

from .chart import build_chart_sidecar, tell_chart
from .contract import ChartSidecar
from .files import check_target, sweep, write_whole
from .packet import write_packet
from .pictures import FORMATS, encode_figure, encode_pixels
from .sidecar import build_sidecar, encode_sidecar
from .telling import tell_map

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
    "tell_chart",
    "tell_map",
    "write_packet",
    "write_whole",
]
