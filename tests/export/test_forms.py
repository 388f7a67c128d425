"""Every form, read back with the libraries that people use: same land, same parties, no gaps, fronts along edges."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from datetime import date
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from pyarrow import parquet

from syriamap import build_zones, control_stats, export_day, layers_on
from syriamap.atlas import build_day, read_materials
from syriamap.errors import NoControlError, OutputError, UnknownNameError
from syriamap.export import FORMATS, LAYERS
from syriamap.export.topojson import encode_topojson
from syriamap.theatre import read_theatre
from syriamap.theme import get_theme

from .conftest import DAY

WHOLE = ("gpkg", "parquet")  # they keep full precision
HIDE = "import sys; sys.modules['pyarrow'] = None;"  # as where it is not installed: pandas keeps texts otherwise then
KML = "{http://www.opengis.net/kml/2.2}"


def read(files, form, layer):
    """Return a layer as geopandas reads it, in WGS 84."""
    if form == "parquet":
        return gpd.read_parquet(files[form][LAYERS.index(layer)])
    if form == "geojson":
        frame = gpd.read_file(files[form][0])
        return frame[frame["layer"] == layer].reset_index(drop=True)
    frame = gpd.read_file(files[form][0], layer=layer)
    return frame.set_crs("EPSG:4326") if frame.crs is None else frame  # the driver of TopoJSON says none


@pytest.mark.parametrize("form", FORMATS)
def test_zones_have_the_land_of_their_parties(form, files):
    zones = read(files, form, "zones")
    assert zones.crs.to_epsg() in (4326, 4979) or zones.crs.to_authority() == ("OGC", "CRS84")
    true = zones.to_crs(read_theatre()["crs"]["area"])
    assert true.is_valid.all()
    stats = control_stats(DAY).set_index("party")
    stats = stats[stats["area_km2"] > 0]
    assert set(zones["party"]) == set(stats.index)
    land = true.dissolve("party").area / 1e6
    assert land.to_dict() == pytest.approx(stats["area_km2"].to_dict(), abs=0.01)
    assert zones.astype({"area_km2": float}).groupby("party")["area_km2"].sum().to_dict() == pytest.approx(
        stats["area_km2"].to_dict(), abs=0.001
    )
    assert zones.astype({"places": int}).groupby("party")["places"].sum().to_dict() == stats["places"].to_dict()
    assert dict(zip(zones["party"], zones["label"], strict=True)) == stats["label"].to_dict()


@pytest.mark.parametrize("form", FORMATS)
def test_zones_tile_the_country(form, files):
    zones = read(files, form, "zones")
    placed = zones.to_crs(read_theatre()["crs"]["map"])
    land = placed.geometry.to_numpy()
    if form in WHOLE:
        assert shapely.coverage_is_valid(land)
    assert shapely.coverage_is_valid(zones.geometry.to_numpy())
    country = read_materials().boundaries.country
    assert shapely.area(shapely.symmetric_difference(shapely.coverage_union_all(land), country)) < 1e-6 * country.area


@pytest.mark.parametrize("form", FORMATS)
def test_fronts_run_along_the_edges_of_two_zones(form, files):
    zones, fronts = (read(files, form, layer).to_crs(read_theatre()["crs"]["map"]) for layer in ("zones", "fronts"))
    land = zones.dissolve("party").geometry
    assert len(fronts) > 5
    for front in fronts.itertuples():
        for side in (front.left, front.right):
            assert (
                shapely.hausdorff_distance(
                    front.geometry, shapely.intersection(front.geometry, land[side].boundary.buffer(0.05))
                )
                < 0.1
            )
    assert not (fronts["left"] == fronts["right"]).any()


@pytest.mark.parametrize("form", FORMATS)
def test_places_stand_where_they_are_with_their_holders(form, files):
    places = read(files, form, "places")
    known = read_materials().boundaries.places
    assert len(places) == len(known)
    names = places["Name"] if form == "kml" else places["name"]
    city = places[places["id"] == "hama"].iloc[0]
    assert (names[places["id"] == "hama"].iloc[0], city["name_ar"]) == ("Hama", "حماة")
    assert (city["party"], city["status"], city["statement"]) == ("opposition_hts", "held", "hama-2024-12-05")
    assert str(city["since"])[:10] == str(city["as_of"])[:10] == "2024-12-05"
    assert "DW" in city["sources"]
    assert np.allclose([city.geometry.x, city.geometry.y], known.loc["hama", ["lon", "lat"]].astype(float), atol=1e-6)


def test_days_are_iso_texts(files):
    features = json.loads(files["geojson"][0].read_text("utf-8"))["features"]
    assert {feature["properties"]["as_of"] for feature in features} == {"2024-12-05"}
    with sqlite3.connect(files["gpkg"][0]) as base:
        assert base.execute("SELECT DISTINCT as_of FROM zones").fetchall() == [("2024-12-05",)]


def test_geojson_keeps_its_standard(files):
    text = files["geojson"][0].read_text("utf-8")
    found = json.loads(text)
    assert "crs" not in found
    assert {feature["properties"]["layer"] for feature in found["features"]} == set(LAYERS)
    for feature in found["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert (np.abs(shapely.get_coordinates(shape) * 1e7 % 1 - 0.5) > 0.499).all()
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":  # the right-hand rule
                assert part.exterior.is_ccw
                assert not any(hole.is_ccw for hole in part.interiors)
    assert found["metadata"]["as_of"] == "2024-12-05"


def test_every_form_says_its_sources(files):
    told = json.loads(files["geojson"][0].read_text("utf-8"))["metadata"]
    assert any("ODbL" in one["licence"] for one in told["sources"])
    assert told["disclaimer"]
    assert json.loads(files["topojson"][0].read_text("utf-8"))["metadata"] == told
    for path, layer in zip(files["parquet"], LAYERS, strict=True):
        assert json.loads(parquet.read_schema(path).metadata[b"syriamap"]) == {"layer": layer, **told}
    document = ET.parse(files["kml"][0]).find(f"{KML}Document")
    assert all(one["title"] in document.findtext(f"{KML}description") for one in told["sources"])
    table = pyogrio.read_dataframe(files["gpkg"][0], layer="sources")
    assert table.to_dict("records") == told["sources"]
    for layer in LAYERS:
        said = pyogrio.read_info(files["gpkg"][0], layer=layer)["layer_metadata"]
        assert (said["as_of"], json.loads(said["metadata"])) == ("2024-12-05", told)


def test_geopackage_opens_in_the_colours_of_the_map(files):
    look = get_theme("light")
    with sqlite3.connect(files["gpkg"][0]) as base:
        rows = base.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML, styleSLD FROM layer_styles ORDER BY id"
        ).fetchall()
        columns = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stamps = {row[0] for row in base.execute("SELECT last_change FROM gpkg_contents")}
    assert stamps == {"2024-12-05T00:00:00.000Z"}
    assert [row[0] for row in rows] == list(LAYERS)
    for layer, column, default, qml, sld in rows:
        assert (columns[layer], default) == (column, 1)
        root = ET.fromstring(qml)
        ET.fromstring(sld)
        colours = {option.get("value") for option in root.iter("Option")}
        if layer == "fronts":
            assert rgb(look.colours["front"]) in colours
        else:
            frame = gpd.read_file(files["gpkg"][0], layer=layer)
            assert {rgb(look.party(party).fill) for party in frame["party"]} <= colours
            assert len(root.findall(".//category")) == len(root.findall("renderer-v2/symbols/symbol"))
            assert look.party("government").fill in sld


def rgb(colour):
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def test_every_zone_has_its_category_and_doubt_is_never_a_plain_fill(files):
    with sqlite3.connect(files["gpkg"][0]) as base:
        (qml,) = base.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = 'zones'").fetchone()
    root, zones = ET.fromstring(qml), gpd.read_file(files["gpkg"][0], layer="zones")
    symbols = {symbol.get("name"): symbol for symbol in root.findall("renderer-v2/symbols/symbol")}
    categories = {one.get("value"): symbols[one.get("symbol")] for one in root.iter("category")}
    assert set(categories) == {":".join(row) for row in zones[["party", "status", "rival"]].itertuples(index=False)}
    assert {"contested", "claimed"} <= set(zones["status"])
    for value, symbol in categories.items():
        kinds = [layer.get("class") for layer in symbol.findall("layer")]
        doubt = value.split(":")[1] in ("contested", "claimed")
        assert kinds == (["SimpleFill", "LinePatternFill"] if doubt else ["SimpleFill"])


def test_kml_has_a_style_for_everything_in_the_colours_of_the_map(files):
    document = ET.parse(files["kml"][0]).find(f"{KML}Document")
    styles = {style.get("id"): style for style in document.findall(f"{KML}Style")}
    used = {mark.findtext(f"{KML}styleUrl").removeprefix("#") for mark in document.iter(f"{KML}Placemark")}
    assert used <= set(styles)
    assert [folder.findtext(f"{KML}name") for folder in document.findall(f"{KML}Folder")] == list(LAYERS)
    fill = get_theme("light").party("government").fill.lower()
    assert styles["zones-government"].findtext(f"{KML}PolyStyle/{KML}color") == f"b2{fill[5:7]}{fill[3:5]}{fill[1:3]}"


def test_topojson_holds_every_edge_once(files):
    found = json.loads(files["topojson"][0].read_text("utf-8"))
    assert set(found["objects"]) == set(LAYERS)
    arcs = found["arcs"]
    uses = [0] * len(arcs)

    def count(value, zones):
        for one in value:
            if isinstance(one, list):
                count(one, zones)
            elif zones:
                uses[one if one >= 0 else ~one] += 1
            else:
                assert uses[one if one >= 0 else ~one] == 2  # a front runs between two zones

    for layer in ("zones", "fronts"):
        for shape in found["objects"][layer]["geometries"]:
            count(shape["arcs"], layer == "zones")
    assert set(uses) == {1, 2}  # the outline has one side
    spots = [np.cumsum(arc, axis=0) for arc in arcs]
    pieces = np.concatenate(
        [np.sort(np.stack([one[:-1], one[1:]], axis=1).view("i8,i8")[..., 0], axis=1) for one in spots]
    )
    assert len(np.unique(pieces, axis=0)) == len(pieces)


def test_topojson_of_a_ring_without_junctions():
    lake, hole = shapely.box(2, 2, 3, 3), shapely.box(0, 0, 9, 9).difference(shapely.box(2, 2, 3, 3))
    frame = gpd.GeoDataFrame({"party": ["a", "b"]}, geometry=[lake, hole], crs=4326)
    found = json.loads(encode_topojson({"zones": frame}, {}, get_theme("light")))
    one, other = found["objects"]["zones"]["geometries"]
    assert len(found["arcs"]) == 2
    assert other["arcs"][1] == [~one["arcs"][0][0]]


@pytest.mark.parametrize("form", FORMATS)
def test_same_bytes_in_another_folder_zone_and_seed_and_without_what_is_optional(form, files, tmp_path):
    code = "" if form == "parquet" else HIDE
    code += (
        "import sys; from datetime import date; from pathlib import Path; from syriamap import export_day;"
        "export_day(date.fromisoformat(sys.argv[1]), Path(sys.argv[2]))"
    )
    environment = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    target = tmp_path / "other" / f"day.{form}"
    subprocess.run([sys.executable, "-c", code, str(DAY), str(target)], check=True, env=environment)
    written = sorted(target.parent.iterdir())
    assert [path.name for path in written] == sorted(path.name for path in files[form])
    for path in files[form]:
        assert (
            hashlib.sha256((target.parent / path.name).read_bytes()).digest()
            == hashlib.sha256(path.read_bytes()).digest()
        )


def test_layers_are_the_cells_as_they_are(layers):
    materials = read_materials()
    day = build_day(materials, DAY)
    exact = build_zones(day.cells, day.states)
    mine = layers["zones"].to_crs(day.cells.crs).dissolve("party").geometry
    for party, zone in exact.geometry.items():
        assert shapely.area(shapely.symmetric_difference(zone, mine[party], grid_size=0.01)) < 1000  # m2: rounding


def test_one_layer_alone(tmp_path):
    assert export_day(DAY, tmp_path / "z.parquet", layers=["zones"]) == (tmp_path / "z.parquet",)
    (path,) = export_day(DAY, tmp_path / "f.gpkg", layers=["fronts"])
    assert set(pyogrio.list_layers(path)[:, 0]) == {"fronts", "sources", "layer_styles"}


def test_another_theme_colours_the_styles(tmp_path):
    (path,) = export_day(DAY, tmp_path / "d.kml", layers=["zones"], theme="dark")
    fill = get_theme("dark").party("sdf").fill.lower()
    assert f"b2{fill[5:7]}{fill[3:5]}{fill[1:3]}" in path.read_text("utf-8")


def test_signs_that_xml_cannot_hold_are_left_out(layers, files):
    from syriamap.export.kml import encode_kml

    odd = layers["places"].head(1).assign(name="a\x0b<b> & \ud7ffc")
    about = json.loads(files["geojson"][0].read_text("utf-8"))["metadata"]
    mark = next(ET.fromstring(encode_kml({"places": odd}, about, get_theme("light"))).iter(f"{KML}Placemark"))
    assert mark.findtext(f"{KML}name") == "a <b> & \ud7ffc"


def test_existing_files_are_kept_and_folders_made(tmp_path):
    target = tmp_path / "new" / "d.parquet"
    first = export_day(DAY, target, layers=["zones", "fronts"])
    assert [path.name for path in first] == ["d_zones.parquet", "d_fronts.parquet"]
    first[0].unlink()
    with pytest.raises(OutputError, match=r"d_fronts.parquet exists and is kept"):
        export_day(DAY, target, layers=["zones", "fronts"])
    assert not first[0].exists()  # all files or none
    assert export_day(DAY, target, layers=["zones", "fronts"], overwrite=True) == first


def test_what_there_is_not_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(UnknownNameError, match="unknown format 'geojsn'; did you mean geojson"):
        export_day(DAY, tmp_path / "d.geojsn")
    with pytest.raises(UnknownNameError, match="unknown layer 'zone'; did you mean zones"):
        export_day(DAY, tmp_path / "d.kml", layers=["zone"])
    with pytest.raises(LookupError, match="no statement on or before"):
        export_day(date(2024, 11, 25), tmp_path / "d.kml")
    assert not list(tmp_path.iterdir())


def test_without_pyarrow_the_message_says_what_to_install(tmp_path):
    code = HIDE + "from syriamap.cli import main; main()"
    words = ["export", str(DAY), "-o", str(tmp_path / "d.parquet")]
    told = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr == "Error: GeoParquet needs pyarrow, which is not installed; pip install 'syriamap[parquet]'\n"
    assert not list(tmp_path.iterdir())


def test_layers_of_a_day_are_what_a_file_holds(files, layers):
    """What the library gives is what it writes: the same rows, the same land, in WGS 84."""
    given = layers_on(DAY)
    assert list(given) == list(LAYERS)
    for name, frame in given.items():
        assert frame.crs.to_epsg() == 4326
        assert frame.drop(columns="geometry").equals(layers[name].drop(columns="geometry"))
        written = gpd.read_file(files["gpkg"][0], layer=name)
        assert len(written) == len(frame)
        assert shapely.area(written.geometry.to_numpy()) == pytest.approx(shapely.area(frame.geometry.to_numpy()))


def test_layers_of_ones_own_table_are_those_of_the_table(tmp_path):
    (tmp_path / "own.csv").write_text("date,unit,controller,source\n2024-12-04,SY05,government,notes\n", "utf-8")
    zones = layers_on(DAY, control=tmp_path / "own.csv")["zones"]
    assert set(zones["party"]) == {"government", "unknown"}
    with pytest.raises(NoControlError):
        layers_on(date(2025, 1, 5), control=tmp_path / "own.csv")
