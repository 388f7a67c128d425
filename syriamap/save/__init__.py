"""Write pictures and their sidecars: whole or not at all, and the same bytes for the same map."""

from .chart import ChartSidecar, build_chart_sidecar
from .files import check_target, sweep, write_whole
from .pictures import FORMATS, OPAQUE_FORMATS, check_form, encode_picture
from .sidecar import build_sidecar, encode_sidecar

__all__ = [
    "FORMATS",
    "OPAQUE_FORMATS",
    "ChartSidecar",
    "build_chart_sidecar",
    "build_sidecar",
    "check_form",
    "check_target",
    "encode_picture",
    "encode_sidecar",
    "sweep",
    "write_whole",
]
