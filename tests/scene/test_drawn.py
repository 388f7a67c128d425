"""Maps of polygons that a table has drawn: their edges are the fronts, as drawn, softened or not."""

from __future__ import annotations

import json
from datetime import date

import pytest
import shapely

from syriamap.atlas import build_moment, compose_map, read_materials
from syriamap.model import Own

ON = date(2024, 12, 5)
SIDES = {  # beyond the country on all sides but where they meet
    "government": [(34, 32), (43, 32), (43, 35), (37.6, 35.3), (36.9, 34.9), (36.3, 35.1), (34, 35)],
    "opposition_hts": [(34, 35), (36.3, 35.1), (36.9, 34.9), (37.6, 35.3), (38, 38), (34, 38)],
    "sdf": [(38, 38), (37.6, 35.3), (43, 35), (43, 38)],
}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Return a GeoJSON that covers the country with three polygons and names no place."""
    features = [
        {
            "type": "Feature",
            "properties": {"date": "2024-12-05", "controller": party, "source": "My desk"},
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        }
        for party, ring in SIDES.items()
    ]
    path = tmp_path_factory.mktemp("drawn") / "drawn.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_three_polygons_are_three_zones_without_a_crumb(table):
    moment = build_moment(read_materials(Own(control=table)), ON)
    assert set(moment.zones.index) == set(SIDES)
    parts = shapely.get_parts(moment.zones.geometry.to_numpy())
    assert shapely.area(parts).min() > 4e6
    assert set(moment.places["party"]) == set(SIDES)
    assert moment.held["aleppo"].party == "opposition_hts"


def test_softening_leaves_drawn_edges_where_they_are(table):
    moment = build_moment(read_materials(Own(control=table)), ON, soften=True)
    exact, soft = (shapely.union_all(frame.geometry.to_numpy()) for frame in (moment.fronts, moment.soft_fronts))
    assert len(moment.fronts) == len(moment.soft_fronts) > 2
    assert shapely.hausdorff_distance(exact, soft) < 1.0


def test_the_fronts_are_no_guess_and_the_source_is_credited(table):
    scene = compose_map(ON, view="country", control=table)
    kinds = {line.kind for line in scene.lines}
    assert "front" in kinds
    assert "front-guess" not in kinds
    assert "My desk" in scene.words.sources
    assert [one.path for one in scene.inputs if one.path == table.name] == [table.name]
