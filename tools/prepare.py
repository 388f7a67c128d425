"""Compute data/prepared/ from the files of data/: what every map needs, in the form that loads fastest.

python -m tools.prepare           (`python -m tools.sources` does it too, before it hashes what comes out)
"""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from syriamap.boundaries import key_boundaries, verify_boundaries
from syriamap.cells import compute_cells, key_cells, list_named
from syriamap.colour import VISIONS, compute_seen, key_colours
from syriamap.control import key_control, verify_control
from syriamap.ground import LAYERS, compute_ground, key_ground
from syriamap.prepared import FOLDER, pack
from tools.common import DATA, write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shapely.geometry.base import BaseGeometry


def build() -> None:
    """Write every prepared file; the bytes are the same every time."""
    for name, content in prepare():
        write_bytes(DATA / FOLDER / f"{name}.bin", content)


def prepare() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of every prepared file, computed from the other files alone."""
    boundaries, _ = verify_boundaries()
    yield (
        "boundaries",
        pack(
            key_boundaries(),
            {
                "country": _list_shapes([boundaries.country]),
                "units": boundaries.units,
                "areas": boundaries.areas,
                "places": boundaries.places,
                "barriers": _list_shapes(boundaries.barriers),
            },
        ),
    )
    control, _ = verify_control(boundaries=boundaries)
    words = {
        "parties": pd.DataFrame([asdict(party) for party in control.parties.values()]),
        "outlets": pd.DataFrame([asdict(outlet) for outlet in control.outlets.values()]),
    }
    yield "control", pack(key_control(boundaries), {"statements": control.statements, **words})
    ground = compute_ground()
    layers = {name: getattr(ground, name) for name in (*LAYERS, "bases")}
    yield "ground", pack(key_ground(), {**layers, "sparse": _list_shapes([ground.sparse])})
    named, units = list_named(boundaries, control)
    cells = compute_cells(boundaries, named, units)
    yield "colours", pack(key_colours(), {"seen": _list_colours()})
    yield "cells", pack(key_cells(boundaries, named, units), {"cells": cells.frame})


def _list_colours() -> pd.DataFrame:
    """Return every colour of the themes as each vision sees it."""
    texts = (path.read_text("utf-8").lower() for path in (DATA / "themes").glob("*.toml"))
    colours = sorted({colour for text in texts for colour in re.findall(r"#[0-9a-f]{6}\b", text)})
    seen = {vision: [compute_seen(colour, vision) for colour in colours] for vision in VISIONS[1:]}
    return pd.DataFrame({"normal": colours, **seen})


def _list_shapes(shapes: Iterable[BaseGeometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes))


if __name__ == "__main__":
    build()
