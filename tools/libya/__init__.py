"""The second theatre, examples/libya/: what its scripts share. It proves that the engine knows no country."""

from __future__ import annotations

import tomllib

from tools.common import ROOT

FOLDER = ROOT / "examples" / "libya"
DECIMALS = 4  # of degrees: 11 m, far below what Natural Earth knows

_THEATRE = tomllib.loads((FOLDER / "theatre.toml").read_text("utf-8"))
MAP_CRS: str = _THEATRE["crs"]["map"]
AREA_CRS: str = _THEATRE["crs"]["area"]
