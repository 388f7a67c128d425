"""Write pictures and their sidecars: whole or not at all, and the same bytes for the same map."""

from .chart import build_chart_sidecar, tell_chart
from .contract import ChartSidecar
from .files import check_target, sweep, write_together, write_whole
from .packet import write_packet
from .pictures import FORMATS, OPAQUE_FORMATS, check_form, encode_picture
from .sidecar import build_sidecar, encode_sidecar, tell_basemap
from .telling import tell_map

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
    "tell_basemap",
    "tell_chart",
    "tell_map",
    "write_packet",
    "write_together",
    "write_whole",
]
