"""Boundaries: ours tile exactly; a user's file is verified feature by feature and made to tile."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import mapping

from syriamap.boundaries import read_boundaries, verify_boundaries
from syriamap.coverage import NOISE_M
from syriamap.errors import MissingError
from syriamap.model import AreaFile
from syriamap.theatre import read_theatre
from syriamap.vector import SUFFIXES

from ..reference import COD_AB, needs_cod_ab
from .conftest import faults_of

WEST, SOUTH = 36.0, 34.6  # well inside the country


def square(column, row, size=0.5):
    return shapely.box(WEST + column * size, SOUTH + row * size, WEST + (column + 1) * size, SOUTH + (row + 1) * size)


def write_features(path, *features):
    """Write (geometry, properties) pairs as GeoJSON; None stays a missing geometry."""
    made = [
        {"type": "Feature", "properties": words, "geometry": None if shape is None else mapping(shape)}
        for shape, words in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}))
    return path


@pytest.fixture
def geojson(tmp_path):
    return lambda *features: write_features(tmp_path / "mine.geojson", *features)


def refused(path):
    return faults_of(read_boundaries, path)


# Ours


def test_ours_tile_the_country(embedded):
    units = np.asarray(embedded.units.geometry.array, dtype=object)
    assert shapely.coverage_is_valid(units)
    assert shapely.coverage_union_all(units).equals(embedded.country)
    assert embedded.country.is_valid
    assert embedded.units["level"].unique().tolist() == [1]
    assert embedded.crs == read_theatre()["crs"]["map"]


def test_ours_have_names_in_both_languages(embedded):
    for frame in (embedded.units, embedded.areas):
        assert (frame["name"] != "").all()
        assert (frame["name_ar"] != "").all()


def test_our_ids_are_one_namespace(embedded):
    every = [*embedded.units.index, *embedded.areas.index, *embedded.places.index]
    assert len(every) == len(set(every))


def test_barriers_cross_the_country(embedded):
    for barrier in embedded.barriers:
        assert barrier.geom_type == "LineString"
        assert not embedded.country.contains(shapely.Point(barrier.coords[0]))
        assert not embedded.country.contains(shapely.Point(barrier.coords[-1]))


def test_special_areas_lie_apart_inside_the_country(embedded):
    shapes = list(embedded.areas.geometry)
    for at, shape in enumerate(shapes):
        assert shapely.difference(shape, embedded.country).area < 1e4
        assert all(shape.intersection(other).area < 1e4 for other in shapes[at + 1 :])


# A user's file


def test_users_areas_replace_units_and_outline(geojson):
    path = geojson(
        (square(0, 0), {"id": "one", "name": "One", "name_ar": "واحد"}),
        (square(1, 0), {"id": "two", "name": "Two", "name_ar": "اثنان"}),
    )
    mine = read_boundaries(path)
    assert mine.units.index.tolist() == ["one", "two"]
    assert mine.units["name"].tolist() == ["One", "Two"]
    assert mine.units["name_ar"].tolist() == ["واحد", "اثنان"]
    assert mine.units["slug"].tolist() == ["one", "two"]
    assert mine.country.equals(shapely.union_all(mine.units.geometry.array))
    assert mine.inputs[0].path == "mine.geojson"
    assert "boundaries/units.geojson" not in {file.path for file in mine.inputs}


@pytest.mark.parametrize(
    ("words", "code", "level"),
    [
        ({"ADM2_PCODE": "X0101", "ADM2_EN": "A", "ADM1_PCODE": "X01", "ADM1_EN": "B"}, "X0101", 2),
        ({"adm1_pcode": "X01", "adm1_name": "A", "adm0_pcode": "X", "adm0_name": "B"}, "X01", 1),
        ({"shapeID": "9-B1", "shapeName": "A", "shapeISO": "", "shapeType": "ADM3"}, "9-B1", 3),
        ({"GID_2": "X.1.1_1", "NAME_2": "A", "GID_1": "X.1_1", "NAME_1": "B"}, "X.1.1_1", 2),
        ({"iso_3166_2": "XX-A", "name": "A"}, "XX-A", 1),
        ({"pcode": 17, "name_en": "A", "name": "ا"}, "17", 1),
        ({"id": "a1", "name": "A"}, "a1", 1),
    ],
)
def test_codes_names_and_levels_are_found(geojson, words, code, level):
    units = read_boundaries(geojson((square(0, 0), words))).units
    assert units.index[-1] == code
    assert units["level"].iloc[-1] == level
    assert units["name"].iloc[-1] == "A"
    assert units["level"].tolist() == list(range(level - len(units) + 1, level + 1))


@pytest.mark.parametrize(
    ("words", "code", "level", "name", "arabic", "aliases"),
    [
        (
            {"ADM2_EN": "Hama", "ADM2_AR": "حماة", "ADM2_PCODE": "X1", "ADM2_REF": "Hamah", "ADM2ALT1EN": "Hamath"},
            *("X1", 2, "Hama", "حماة", {"Hamah", "Hamath"}),
        ),
        (
            {
                "adm3_name": "Hama",
                "adm3_name1": "حماة",
                "adm3_name2": "Hama",
                "adm3_pcode": "X1",
                "adm3_ref_n": "H",
            },
            *("X1", 3, "Hama", "حماة", {"Hama", "H"}),
        ),
        ({"admin1Name_en": "Hama", "admin1Name_ar": "حماة", "admin1Pcode": "X1"}, "X1", 1, "Hama", "حماة", set()),
        (
            {"GID_1": "X.5_1", "NAME_1": "Hama", "VARNAME_1": "Hamah|Hamat", "NL_NAME_1": "حماة|حماه", "GID_0": "X"},
            *("X.5_1", 1, "Hama", "حماة", {"Hama", "Hamah", "Hamat"}),
        ),
        (
            {"GID_2": "X.5.1_1", "NAME_2": "Hama", "VARNAME_2": "NA", "NL_NAME_2": "NA"},
            *("X.5.1_1", 2, "Hama", "", {"Hama"}),
        ),
        (
            {"shapeName": "Hama", "shapeISO": "XX-HM", "shapeID": "9-B1", "shapeGroup": "XXX", "shapeType": "ADM2"},
            *("9-B1", 2, "Hama", "", set()),
        ),
        (
            {
                "adm1_code": "X-12",
                "iso_3166_2": "X-HM",
                "name": "Hamah",
                "name_en": "Hama",
                "name_ar": "حماة",
                "name_de": "Hama",
            },
            *("X-HM", 1, "Hama", "حماة", {"Hama", "Hamah", "حماة"}),
        ),
        (
            {"osm_id": -12, "admin_level": "5", "name": "حماة", "name:en": "Hama", "alt_name": "Hamah;Hamat"},
            *("-12", 2, "Hama", "حماة", {"Hama", "Hamah", "Hamat", "حماة"}),
        ),
        ({"@id": "relation/12", "name": "حماة", "admin_level": "4"}, "relation/12", 1, "حماة", "حماة", {"حماة"}),
        ({"NAME": "Hama Governorate"}, "adm1-hama-governorate", 1, "Hama Governorate", "", {"Hama Governorate"}),
        ({"ADM0_PCODE": "X", "ADM0_EN": "Land"}, "X", 0, "Land", "", set()),
    ],
)
def test_publishers_are_recognised(geojson, words, code, level, name, arabic, aliases):
    mine = read_boundaries(geojson((square(0, 0), words)))
    row = mine.units.loc[code]
    assert (row["level"], row["name"], row["name_ar"]) == (level, name, arabic)
    assert set(mine.aliases.get(code, ())) == aliases


def test_a_parent_that_has_a_name_alone_is_kept(geojson):
    path = geojson(
        (square(0, 0), {"GID_2": "X.1.1_1", "NAME_2": "A", "NAME_1": "West"}),
        (square(1, 0), {"GID_2": "X.1.2_1", "NAME_2": "B", "NAME_1": "West"}),
    )
    units = read_boundaries(path).units
    assert units.index.tolist() == ["adm1-west", "X.1.1_1", "X.1.2_1"]
    assert units["name"].tolist() == ["West", "A", "B"]


def test_columns_that_the_user_names(geojson):
    path = geojson((square(0, 0), {"id": "a1", "key": "K9", "name": "One", "titre": "Un"}))
    units = read_boundaries(AreaFile(path, code_column="key", name_column="titre")).units
    assert (units.index[0], units["name"].iloc[0]) == ("K9", "Un")


def test_parquet_needs_its_reader(tmp_path, monkeypatch):
    path = tmp_path / "mine.parquet"
    path.touch()

    def lack(_):
        raise ImportError

    monkeypatch.setattr("syriamap.vector.weigh_parquet", lack)
    with pytest.raises(MissingError, match=r"GeoParquet needs pyarrow, .*pip install 'syriamap\[parquet\]'"):
        read_boundaries(path)


def test_parents_are_the_union_of_their_children(geojson):
    units = read_boundaries(
        geojson(
            (square(0, 0), {"ADM2_PCODE": "X11", "ADM1_PCODE": "X1", "ADM1_EN": "West"}),
            (square(0, 1), {"ADM2_PCODE": "X12", "ADM1_PCODE": "X1", "ADM1_EN": "West"}),
            (square(1, 0), {"ADM2_PCODE": "X21", "ADM1_PCODE": "X2", "ADM1_EN": "East"}),
        )
    ).units
    assert units.index.tolist() == ["X1", "X2", "X11", "X12", "X21"]
    children = shapely.union_all([units.geometry["X11"], units.geometry["X12"]])
    assert units.geometry["X1"].equals(children)
    assert units["name"].tolist() == ["West", "East", "X11", "X12", "X21"]


def test_slivers_are_closed_to_an_exact_coverage(geojson):
    left = shapely.box(36.0, 34.6, 36.5, 35.1)
    right = shapely.Polygon([(36.5008, 34.6), (37, 34.6), (37, 35.1), (36.4997, 35.1)])
    path = geojson((left, {"id": "left"}), (right, {"id": "right"}))
    gap, overlap = refused(path)
    assert gap.startswith("mine.geojson:1: left: 1.5 km2 at 36.5002, 34.78")
    assert gap.endswith(
        " between left (feature 1) and right (feature 2) belong to no area; expected areas that meet; "
        "--repair gives the strip to one of them"
    )
    assert overlap.startswith("mine.geojson:2: right: 0.2 km2 lie in left (feature 1) too, at 36.4999, 35.03")
    mine, repairs = verify_boundaries(AreaFile(path, repair=True))
    assert shapely.coverage_is_valid(np.asarray(mine.units.geometry.array, dtype=object))
    assert mine.country.geom_type == "Polygon"
    assert len(repairs) == 2
    assert all(repair.endswith("; the strip went to one of them") for repair in repairs)
    assert mine.repairs == repairs


def test_noise_along_a_border_goes_without_a_word(geojson):
    left = shapely.box(36.0, 34.6, 36.5, 35.1)
    right = shapely.Polygon([(36.5001, 34.6), (37, 34.6), (37, 35.1), (36.4999, 35.1)])  # nine metres off at the ends
    mine, repairs = verify_boundaries(geojson((left, {"id": "left"}), (right, {"id": "right"})))
    assert repairs == ()
    assert shapely.coverage_is_valid(np.asarray(mine.units.geometry.array, dtype=object))
    assert mine.country.geom_type == "Polygon"
    meant = gpd.GeoSeries([left, right], crs="EPSG:4326").to_crs(mine.crs)
    assert all(
        got.boundary.hausdorff_distance(said.boundary) < NOISE_M
        for got, said in zip(mine.units.geometry, meant, strict=True)
    )


def test_a_sound_coverage_is_left_untouched(geojson):
    mine, repairs = verify_boundaries(geojson((square(0, 0), {"id": "a1"}), (square(1, 0), {"id": "b1"})))
    assert repairs == ()
    assert mine.units.geometry.count_coordinates().tolist() == [5, 5]


def test_a_small_knot_is_repaired_and_said(geojson):
    knot = shapely.Polygon(
        [(36, 34.6), (37, 34.6), (37, 35.6), (36.5, 35.6), (36.51, 35.61), (36.5, 35.61), (36.51, 35.6), (36, 35.6)]
    )
    assert not knot.is_valid
    path = geojson((knot, {"id": "knot"}))
    assert refused(path) == [
        "mine.geojson:1: knot: the outline crosses itself at 36.5050, 35.6050 (Self-intersection); "
        "expected an outline that never does; --repair mends it"
    ]
    mine, repairs = verify_boundaries(AreaFile(path, repair=True))
    assert mine.country.is_valid
    assert len(repairs) == 1
    assert repairs[0].startswith("knot (feature 1): the outline crosses itself at 36.5050, 35.6050 (Self-intersection)")


def test_special_area_follows_the_users_outline(embedded, tmp_path):
    path = tmp_path / "wider.gpkg"
    wider = embedded.country.buffer(1000)
    gpd.GeoDataFrame({"id": ["all"]}, geometry=[wider], crs=embedded.crs).to_file(path)
    mine = read_boundaries(path)
    assert mine.areas.index.equals(embedded.areas.index)
    assert all(new.area > old.area - 1e4 for new, old in zip(mine.areas.geometry, embedded.areas.geometry, strict=True))
    shapes = list(mine.areas.geometry)
    assert all(one.intersection(two).area < 1 for at, one in enumerate(shapes) for two in shapes[at + 1 :])
    assert mine.country.difference(shapely.union_all(shapes)).is_valid


# Faults


def test_missing_file_offers_the_nearest(geojson, tmp_path):
    geojson((square(0, 0), {"id": "a1"}))
    found = refused(tmp_path / "mien.geojson")
    assert found[0].startswith("mien.geojson: no such file; expected a vector file such as GeoJSON; did you mean ")
    assert "mine.geojson?" in found[0]


@pytest.mark.parametrize("content", ["", "not json", '{"type": "FeatureCollection"', "id,name\n1,2\n"])
def test_unreadable_file(tmp_path, content):
    path = tmp_path / "mine.geojson"
    path.write_text(content)
    found = refused(path)
    assert len(found) == 1
    assert found[0].startswith("mine.geojson: cannot be read as a vector file: ")
    assert found[0].endswith("; expected GeoJSON, a shapefile or GeoPackage")


def test_file_without_features(geojson):
    assert "holds no features; expected one polygon for each administrative area" in refused(geojson())[0]


def test_points_in_place_of_polygons(geojson):
    found = refused(geojson((shapely.Point(36, 35), {"id": "a1"}), (shapely.Point(36, 35.1), {"id": "b1"})))
    assert found == ["mine.geojson: holds 2 features of Point; expected polygons of administrative areas"]


def test_no_column_of_codes(geojson):
    found = refused(geojson((square(0, 0), {"nom": "a", "note": "b"})))
    assert len(found) == 1
    assert "no column holds codes (nom, note); expected one such as id, pcode, adm1_pcode" in found[0]


def test_shapefile_without_crs(tmp_path):
    path = tmp_path / "mine.shp"
    gpd.GeoDataFrame({"id": ["a1"]}, geometry=[square(0, 0)], crs="EPSG:4326").to_file(path)
    path.with_suffix(".prj").unlink()
    found = refused(path)
    assert found == [
        "mine.shp: the file has no CRS; expected a .prj file beside the shapefile; "
        "the coordinates look like degrees: EPSG:4326; --repair takes them for degrees"
    ]
    assert read_boundaries(AreaFile(path, repair=True)).repairs == (
        "the file has no CRS; its coordinates were taken for degrees (EPSG:4326)",
    )


def test_every_feature_with_a_fault_is_named(geojson):
    bow_tie = shapely.Polygon([(36, 34.6), (36.4, 35), (36.4, 34.6), (36, 35)])
    found = refused(
        geojson(
            (square(0, 0), {"id": "a1"}),
            (None, {"id": "b1"}),
            (shapely.Polygon(), {"id": "c1"}),
            (shapely.LineString([(36, 35), (36.5, 35)]), {"id": "a1"}),
            (bow_tie, {"id": ""}),
        )
    )
    assert [fault.split(": ")[0] for fault in found] == [f"mine.geojson:{line}" for line in (2, 3, 4, 4, 5, 5)]
    assert "the geometry is missing; expected a polygon" in found[0]
    assert "the geometry is empty; expected a polygon" in found[1]
    text = "\n".join(found)
    assert "the geometry is a LineString; expected a Polygon or MultiPolygon" in text
    assert "id 'a1' stands in feature 1 too; expected every code once" in text
    assert (
        "the outline crosses itself at 36.2000, 34.8007 (Self-intersection) "
        "and cannot be repaired without changing its land; draw it again" in text
    )
    assert "id is empty; expected the code of the area" in text


def test_overlap_over_the_tolerance(geojson):
    found = refused(geojson((square(0, 0), {"id": "a1"}), (square(0.5, 0), {"id": "b1"})))
    assert len(found) == 1
    assert found[0].startswith("mine.geojson:2: b1: 1,26")
    assert " km2 lie in a1 (feature 1) too, at 36.3750, 34.85" in found[0]
    assert found[0].endswith("expected areas that do not overlap; too much to be a slip: say whose it is")


def test_file_of_another_country(geojson):
    found = refused(geojson((shapely.box(10, 50, 11, 51), {"id": "a1"})))
    assert found == ["mine.geojson: lies nowhere over the country; its coordinates run from 10, 50 to 11, 51 in WGS 84"]


def test_latitude_before_longitude(geojson):
    found = refused(geojson((shapely.box(34, 38, 35, 39), {"id": "a1"})))
    assert found[0].endswith("longitude comes first, then latitude: the two are swapped; --repair swaps them")


def test_metres_said_to_be_degrees(geojson):
    found = refused(geojson((shapely.box(4_000_000, 4_100_000, 4_100_000, 4_200_000), {"id": "a1"})))
    assert "the file states the wrong CRS" in found[0]


def test_one_area_abroad(geojson):
    found = refused(geojson((square(0, 0), {"id": "a1"}), (shapely.box(10, 50, 11, 51), {"id": "b1"})))
    assert found == [
        "mine.geojson:2: b1: the area lies outside the country; expected areas of the country alone; "
        "--repair leaves it out"
    ]


def test_code_that_is_also_a_place(geojson, embedded):
    place = str(embedded.places.index[0])
    found = refused(geojson((square(0, 0), {"id": place})))
    assert len(found) == 1
    assert f"{place!r} is the code of an area and the id of a place" in found[0]


def test_geopackage_with_layers_takes_the_deepest(tmp_path):
    path = tmp_path / "mine.gpkg"
    for layer, code in (("adm0", "adm0_pcode"), ("adm2", "adm2_pcode"), ("adm1", "adm1_pcode")):
        frame = gpd.GeoDataFrame({code: [layer]}, geometry=[square(0, 0)], crs="EPSG:4326")
        frame.to_file(path, layer=layer)
    assert read_boundaries(path).units.index.tolist() == ["adm2"]


def test_other_crs_is_projected(tmp_path):
    path = tmp_path / "mine.gpkg"
    frame = gpd.GeoDataFrame({"id": ["a1"]}, geometry=[square(0, 0)], crs="EPSG:4326").to_crs("EPSG:32637")
    frame.to_file(path)
    mine = read_boundaries(path)
    expected = gpd.GeoSeries([square(0, 0)], crs="EPSG:4326").to_crs(mine.crs).iloc[0]
    assert mine.country.symmetric_difference(expected).area < 1e-3 * expected.area


def test_suffixes_are_lower_case():
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)


# Real files, as users bring them


@needs_cod_ab
@pytest.mark.parametrize(("level", "counts"), [(0, [1]), (1, [1, 14]), (2, [1, 14, 62]), (3, [1, 14, 62, 272])])
def test_cod_ab_shapefiles(level, counts):
    mine, repairs = verify_boundaries(COD_AB / f"syr_admin{level}.shp")
    assert repairs == ()
    assert mine.units["level"].value_counts().sort_index().tolist() == counts
    deepest = mine.units[mine.units["level"] == level]
    assert shapely.coverage_is_valid(np.asarray(deepest.geometry.array, dtype=object))
    assert (deepest["name_ar"] != "").all()
    assert mine.country.is_valid
    assert {file.path for file in mine.inputs} > {f"syr_admin{level}.shp", f"syr_admin{level}.dbf"}
    assert all((area.difference(mine.country).area < 1e4) for area in mine.areas.geometry)


@needs_cod_ab
def test_cod_ab_capitals_are_no_areas():
    assert "holds 266 features of Point" in refused(COD_AB / "syr_admincapitals.shp")[0]
