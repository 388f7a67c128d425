"""Laws of exported layers on random countries: rounding opens no gap, a topology gives back what went in."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from syriamap.cells import build_cells
from syriamap.export.layers import WGS84, round_degrees
from syriamap.export.topojson import encode_topojson
from syriamap.merge import control_on
from syriamap.theme import get_theme
from syriamap.zones import build_fronts, build_zones

from ..engine.little import LAWS, World, day, worlds


def decode(topology, layer):
    """Return the geometries of a layer as the standard says they are built."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) for arc in topology["arcs"]]

    def walk(numbers):
        ways = [arcs[one] if one >= 0 else arcs[~one][::-1] for one in numbers]
        assert all((one[-1] == other[0]).all() for one, other in pairwise(ways))
        path = np.concatenate([ways[0], *(way[1:] for way in ways[1:])])
        return path * [sx, sy] + [tx, ty]

    for shape in topology["objects"][layer]["geometries"]:
        if shape["type"] == "LineString":
            yield shapely.LineString(walk(shape["arcs"]))
        else:
            polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
            yield shapely.MultiPolygon([(walk(rings[0]), [walk(hole) for hole in rings[1:]]) for rings in polygons])


@LAWS
@given(worlds(), st.integers(0, 14))
def test_rounding_and_topology_keep_the_land(world: World, number):
    control = world.control
    on = max(day(number), control.first)
    cells = build_cells(world.boundaries, control, on)
    states = control_on(cells, control, on, carry=True)
    zones = build_zones(cells, states).reset_index().to_crs(WGS84)
    fronts = build_fronts(cells, states).to_crs(WGS84)
    placed = round_degrees(zones)
    assert placed.is_valid.all()
    assert shapely.coverage_is_valid(placed.geometry.to_numpy())
    topology = json.loads(encode_topojson({"zones": zones, "fronts": fronts}, {}, get_theme("light")))
    again = np.array(list(decode(topology, "zones")), dtype=object)
    assert shapely.is_valid(again).all()
    assert shapely.coverage_is_valid(again)
    assert np.allclose(shapely.area(again), shapely.area(placed.geometry.to_numpy()))
    lines = list(decode(topology, "fronts"))
    assert len(lines) == len(fronts)
    assert np.allclose(shapely.length(lines), shapely.length(fronts.geometry.to_numpy()), atol=1e-5)
