"""Rows that have drawn the land they speak about: which rows do, what is refused, how polygons become units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon, box

from syriamap.cells import build_cells
from syriamap.control import verify_control
from syriamap.merge import control_on
from syriamap.model import ZONE_LEVEL
from syriamap.points import explain, tag_points
from syriamap.polygons import RIM_M

from .conftest import CRS, KM, faults_of, make_squares
from .test_tables_forms import write_geojson

HEAD = ["date", "unit", "controller", "source"]
WEST, EAST = box(0, 0, 40 * KM, 100 * KM), box(40 * KM, 0, 100 * KM, 100 * KM)


@pytest.fixture(scope="module")
def squares():
    """Return the country of four squares with all that cells are cut by."""
    made = make_squares()
    return replace(made, places=made.places.assign(reach_km=np.nan))


@pytest.fixture
def read(tmp_path, squares):
    """Return a function that writes rows (date, unit, controller, polygon in metres) and returns table and notes."""

    def read_rows(*rows, name="z.geojson"):
        path = write_rows(tmp_path / name, *rows)
        control, notes = verify_control(path, boundaries=squares)
        return control, [note.replace(f"{tmp_path}/", "") for note in notes]

    return read_rows


def write_rows(path, *rows):
    said = [[f"2024-12-{day:02}", unit, party, "Reuters"] for day, unit, party, _ in rows]
    write_geojson(path, said, HEAD, [shape for *_, shape in rows])
    return path


def write_plain(path, shape, crs, **more):
    words = {"date": ["2024-12-01"], "controller": "sdf", "source": "Reuters", **more}
    gpd.GeoDataFrame(words, geometry=[shape], crs=crs).to_file(path)
    return path


@pytest.fixture
def faults(tmp_path, squares):
    return lambda *rows: faults_of(verify_control, write_rows(tmp_path / "z.geojson", *rows), boundaries=squares)


def states_on(control, boundaries, on):
    cells = build_cells(boundaries, control, on)
    return cells.frame.assign(party=control_on(cells, control, on)["party"])


def test_a_row_without_a_unit_speaks_about_its_polygon(read, squares):
    control, notes = read((1, "", "sdf", WEST), (1, "", "government", EAST))
    assert notes == []
    assert control.statements["unit"].tolist() == control.zones.index.tolist() == ["z#1", "z#2"]
    assert control.zones["name"].tolist()[1] == "zone of statement z-2 in z.geojson, feature 2"
    assert (control.zones["level"] == ZONE_LEVEL).all()
    frame = states_on(control, squares, date(2024, 12, 1))
    west = frame[frame["party"] == "sdf"].union_all()
    assert west.symmetric_difference(WEST).area < 1e3  # degrees and back; edges are straight in metres


def test_a_unit_nobody_knows_is_the_name_of_the_polygon(read):
    control, _ = read((1, "west bank", "sdf", WEST), (1, "old-town", "government", Point(10 * KM, 10 * KM)))
    assert control.statements["unit"].tolist() == ["west bank", "old-town"]
    assert control.zones["name"].tolist() == ["west bank, zone of statement z-1 in z.geojson, feature 1"]


def test_the_same_polygon_is_one_unit_and_another_of_that_name_is_another(read):
    turned = Polygon(np.roll(np.array(WEST.exterior.coords)[:-1], 2, axis=0)[::-1])
    control, _ = read(
        (1, "w", "sdf", WEST), (2, "w", "government", turned), (3, "w", "sdf", EAST), (4, "", "sdf", EAST)
    )
    assert control.statements["unit"].tolist() == ["w", "w", "w#3", "w#3"]
    assert control.zones.index.tolist() == ["w", "w#3"]


def test_a_unit_that_is_known_decides_and_a_note_says_so(read):
    control, notes = read((1, "A1", "sdf", WEST), (1, "old-town", "sdf", Point(80 * KM, 80 * KM)), (1, "", "sdf", EAST))
    assert control.statements["unit"].tolist() == ["A1", "old-town", "z#3"]
    assert notes == [
        "z.geojson:1: unit 'A1' is known and decides, not the polygon; leave unit empty to speak about that",
        "z.geojson:2: the geometry lies 99 km from 'old-town', which decides",
    ]


def test_names_of_polygons_never_clash(tmp_path, squares):
    rows = [(1, "harbour", "sdf", WEST), (1, "", "sdf", EAST)]
    write_rows(tmp_path / "z.geojson", *rows)
    write_plain(tmp_path / "z.gpkg", box(0, 0, KM, KM), CRS, unit="z#2", id="other")
    control, _ = verify_control(tmp_path, boundaries=squares)
    assert control.statements["unit"].tolist() == ["harbour#1", "z#2", "z#2#1"]
    assert control.zones.index.is_unique


# What is refused


def test_points_and_lines_alone_say_nothing(faults):
    found = faults((1, "", "sdf", Point(61 * KM, 60 * KM)), (1, "", "sdf", LineString([(0, 0), (5 * KM, 0)])))
    said = "and unit is empty; expected a Polygon, or what it stands for in unit"
    assert found == [
        f"z.geojson:1: the geometry is a Point {said}; the nearest place is new-town, 1.0 km away",
        f"z.geojson:2: the geometry is a LineString {said}",
    ]


def test_a_point_with_a_name_nobody_knows_is_an_unknown_unit(faults):
    (found,) = faults((1, "old-twn", "sdf", Point(61 * KM, 60 * KM)))
    assert found.startswith("z.geojson:1: unit 'old-twn' is not known")


def test_an_edge_that_crosses_itself_is_told_with_its_place(faults):
    bow = Polygon([(10 * KM, 10 * KM), (30 * KM, 30 * KM), (30 * KM, 10 * KM), (10 * KM, 30 * KM)])
    (found,) = faults((1, "", "sdf", bow))
    assert found.startswith("z.geojson:1: the polygon is invalid (Self-intersection at 37.21")
    assert "; mend it where you drew it" in found


def test_swapped_axes_are_told(tmp_path, squares):
    flipped = gpd.GeoSeries([WEST], crs=CRS).to_crs(4326)
    flipped = gpd.GeoSeries(shapely.transform(flipped.array, np.fliplr), crs=4326).to_crs(CRS)
    path = write_rows(tmp_path / "z.geojson", (1, "", "sdf", flipped.iloc[0]))
    (found,) = faults_of(verify_control, path, boundaries=squares)
    assert found.endswith("in WGS 84; longitude comes first, then latitude: the two are swapped")


def test_metres_that_are_said_to_be_degrees_are_told(tmp_path, squares):
    path = write_plain(tmp_path / "z.gpkg", WEST, "EPSG:4326")
    (found,) = faults_of(verify_control, path, boundaries=squares)
    assert "lie nowhere over the country: they run from 0, 0 to 40000, 100000" in found
    assert found.endswith("they look like metres: the file states the wrong CRS")


def test_a_file_without_a_crs_is_refused(tmp_path, squares):
    path = write_plain(tmp_path / "z.shp", WEST, CRS)
    path.with_suffix(".prj").unlink()
    (found,) = faults_of(verify_control, path, boundaries=squares)
    assert found == (
        "z.shp: the file has no CRS; expected a .prj file beside the shapefile; the coordinates look like metres"
    )


def test_a_geometry_that_is_missing_leaves_an_empty_unit(tmp_path, squares):
    path = tmp_path / "z.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null, "properties": '
        '{"date": "2024-12-01", "unit": "", "controller": "sdf", "source": "x"}}]}'
    )
    (found,) = faults_of(verify_control, path, boundaries=squares)
    assert found.startswith("z.geojson:1: unit is empty; expected the id of a place")


def test_the_example_of_the_guide_is_sound(tmp_path, embedded):
    guide = (Path(__file__).parents[2] / "docs" / "control-tables.md").read_text("utf-8")
    (tmp_path / "my_zones.geojson").write_text(guide.split("```json")[1].split("```")[0], "utf-8")
    control, _ = verify_control(tmp_path / "my_zones.geojson", boundaries=embedded)
    assert control.zones.index.tolist() == ["my_zones#1", "north pocket"]


# Fitting


def test_land_abroad_is_left_out_and_noted(read):
    abroad = box(200 * KM, 0, 210 * KM, 10 * KM)
    control, notes = read((1, "", "sdf", box(-20 * KM, 0, 40 * KM, 100 * KM)), (1, "", "sdf", abroad))
    assert control.zones.geometry.iloc[0].symmetric_difference(WEST).area < 1e3
    assert control.zones.index.tolist() == ["z#1"]
    assert notes[0] == "z.geojson:1: 2,000 km2 outside the country are left out"
    assert notes[1:] == ["z.geojson:2: the polygon lies outside the country and says nothing"]


def test_a_strip_along_the_outline_goes_with_the_polygon_beside_it(read):
    short = box(0.8 * RIM_M, 0.8 * RIM_M, 40 * KM, 100 * KM)
    control, _ = read((1, "", "sdf", short))
    assert WEST.difference(control.zones.geometry.iloc[0]).area < 0.3e6
    assert control.zones.geometry.iloc[0].difference(WEST).area < 0.5e6
    far = box(1.5 * RIM_M, 1.5 * RIM_M, 40 * KM, 100 * KM)
    again, _ = read((1, "", "sdf", far))
    assert again.zones.geometry.iloc[0].area == pytest.approx(far.area, rel=1e-4)


def test_a_strip_that_another_has_drawn_by_then_is_his(read):
    strip, rest = box(0, 0, 0.8 * RIM_M, 100 * KM), box(0.8 * RIM_M, 0, 40 * KM, 100 * KM)
    control, _ = read((2, "late", "sdf", strip), (1, "rest", "government", rest))
    assert control.zones.area["rest"] == pytest.approx(WEST.area, rel=1e-3)
    control, _ = read((1, "early", "sdf", strip), (2, "rest", "government", rest))
    assert control.zones.area["rest"] == pytest.approx(rest.area, rel=1e-3)


# What is said of them


def test_tags_and_explanations_name_the_zone(read, squares):
    control, _ = read(
        (1, "", "sdf", WEST), (1, "east", "government", EAST), (2, "", "government", box(0, 0, 9 * KM, 9 * KM))
    )
    points = gpd.GeoDataFrame(geometry=[Point(30 * KM, 90 * KM), Point(70 * KM, 1 * KM)], crs=CRS)
    tags = tag_points(points, date(2024, 12, 2), boundaries=squares, control=control)
    assert tags["controller"].tolist() == ["sdf", "government"]
    assert tags["place"].tolist() == ["z#1", "east"]
    told = explain("37.04,35.04", date(2024, 12, 2), boundaries=squares, control=control)
    assert told.deciding.unit_name == "zone of statement z-3 in z.geojson, feature 3"
    assert [reason.unit for reason in told.overridden] == ["z#1"]
    named = explain("east", date(2024, 12, 2), boundaries=squares, control=control)
    assert (named.found, named.controller) == ("east", "government")
