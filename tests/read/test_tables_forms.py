"""Control tables as CSV, Excel, Parquet and vector files: one meaning, every fault with row, value and way out."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from openpyxl.worksheet.formula import ArrayFormula
from pandas.testing import assert_frame_equal

from syriamap.checks import check_files
from syriamap.control import list_control_files, read_control, verify_control
from syriamap.errors import MissingError
from syriamap.faults import Faults
from syriamap.inputs import list_inputs
from syriamap.request import write_command
from syriamap.tables import read_table
from syriamap.tasks import pack_parcel

from .conftest import CRS, KM, faults_of

HEAD = ["id", "date", "unit", "controller", "source", "until", "status", "rival", "note"]
ROWS = [
    ["a", "2024-12-01", "old-town", "government", "Reuters", "", "", "", "007"],
    ["b", "2024-12-02", "new-town", "sdf", "background", "", "", "", ""],
    ["c", "2024-12-03", "A1", "opposition_hts", "My desk", "", "held", "", "three, with a comma"],
    ["d", "2024-12-03", "bridge", "sdf", "Reuters", "2024-12-09", "contested", "government", ""],
    ["e", "2024-12-04", "park", "israel", "Reuters", "", "", "", 'a "quote"'],
    ["f", "2024-12-05", "old-town", "opposition_hts", "Reuters", "", "", "", "ثلاثة"],
]
TEXTS = ["id", "unit", "controller", "source", "until", "status", "rival", "note"]


def write_csv(path, rows=ROWS, head=HEAD):
    pd.DataFrame(rows, columns=head).to_csv(path, index=False)


def write_excel(path, rows=ROWS, head=HEAD, *, sheets=("Sheet1",)):
    """Write days as Excel's own dates; other sheets hold words that are no table."""
    book = openpyxl.Workbook()
    book.active.title = sheets[0]
    for name in sheets[1:]:
        book.create_sheet(name).append(["what this is", "and who made it"])
    book[sheets[0]].append(head)
    for row in rows:
        book[sheets[0]].append([as_date(value) or None for value in row])
    book.save(path)


def as_date(value):
    return datetime.fromisoformat(value) if str(value).startswith("2024-") else value


def write_parquet(path, rows=ROWS, head=HEAD):
    frame = pd.DataFrame(rows, columns=head)
    frame["date"] = [date.fromisoformat(day) for day in frame["date"]]
    frame.replace({"": None}).to_parquet(path)


def make_geo(rows=ROWS, head=HEAD, shapes=None):
    """Return rows as features in degrees, without geometry unless `shapes` (in metres) are given."""
    degrees = gpd.GeoSeries(shapes or [shapely.Point(10 * KM, 10 * KM)] * len(rows), crs=CRS).to_crs("EPSG:4326")
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=head), geometry=degrees)


def write_geojson(path, rows=ROWS, head=HEAD, shapes=None):
    frame = make_geo(rows, head, shapes)
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(head, row, strict=True)),
            "geometry": shapely.geometry.mapping(shape),
        }
        for row, shape in zip(rows, frame.geometry, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


WRITERS = {
    "csv": write_csv,
    "xlsx": write_excel,
    "parquet": write_parquet,
    "geojson": write_geojson,
    "gpkg": lambda path: make_geo().to_file(path, layer="said"),
    "shp": lambda path: make_geo().to_file(path, encoding="utf-8"),
    "fgb": lambda path: make_geo().to_file(path, SPATIAL_INDEX="NO"),
    "geoparquet": lambda path: make_geo().to_parquet(path),
}


@pytest.mark.parametrize("form", [form for form in WRITERS if form != "csv"])
def test_one_table_means_the_same_in_every_form(form, tmp_path, squares):
    write_csv(tmp_path / "t.csv")
    WRITERS[form](tmp_path / f"t.{form}")
    one = read_control(tmp_path / "t.csv", boundaries=squares)
    other = read_control(tmp_path / f"t.{form}", boundaries=squares)
    assert_frame_equal(one.statements.drop(columns=["file", "line"]), other.statements.drop(columns=["file", "line"]))
    assert (one.outlets, one.parties, one.first, one.last) == (other.outlets, other.parties, other.first, other.last)
    first = 2 if form in ("csv", "xlsx") else 1
    assert other.statements["line"].tolist() == list(range(first, first + 6))
    assert set(other.statements["file"]) == {f"t.{form}"}
    assert other.zones is None
    assert other.inputs[0].path == f"t.{form}"


WRONG = [
    ["a", "2024-12-01", "old-twn", "government", "Reuters", "", "", "", ""],
    ["b", "2024-12-01", "old-town", "goverment", "", "", "", "", ""],
]


@pytest.mark.parametrize(("form", "first"), [("csv", 2), ("xlsx", 2), ("parquet", 1), ("geojson", 1)])
def test_faults_are_told_by_line_row_or_feature(form, first, tmp_path, squares):
    path = tmp_path / f"t.{form}"
    WRITERS[form](path, WRONG)
    found = faults_of(read_control, path, boundaries=squares)
    assert [fault.split(";")[0] for fault in found] == [
        f"t.{form}:{first}: unit 'old-twn' is not known",
        f"t.{form}:{first + 1}: controller 'goverment' is not known",
        f"t.{form}:{first + 1}: source is empty",
    ]


@pytest.mark.parametrize("form", ["xlsx", "parquet", "geojson", "gpkg"])
def test_a_missing_file_names_the_one_beside_it(form, tmp_path, squares):
    (tmp_path / f"tables.{form}").write_bytes(b"")
    found = faults_of(read_control, tmp_path / f"table.{form}", boundaries=squares)
    assert len(found) == 1
    assert f"did you mean tables.{form}?" in found[0]


@pytest.mark.parametrize("form", ["xlsx", "parquet", "geojson", "gpkg", "shp"])
def test_a_broken_file_is_a_fault(form, tmp_path, squares):
    (tmp_path / f"t.{form}").write_bytes(b"nothing of the kind")
    (found,) = faults_of(read_control, tmp_path / f"t.{form}", boundaries=squares)
    assert found.startswith(f"t.{form}: cannot be read")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_sheet_of_a_form_without_sheets(form, tmp_path, squares):
    WRITERS[form](tmp_path / f"t.{form}")
    (found,) = faults_of(read_control, Path(f"{tmp_path}/t.{form}:Said"), boundaries=squares)
    assert found == f"t.{form}: 'Said' names a sheet or a layer, which a file of this form does not have; leave it out"


@pytest.mark.parametrize(
    ("form", "module", "said"),
    [
        ("xlsx", "openpyxl", "an Excel table needs openpyxl, which is not installed; pip install 'syriamap[excel]'"),
        (
            "parquet",
            "pyarrow.parquet",
            "a Parquet table needs pyarrow, which is not installed; pip install 'syriamap[parquet]'",
        ),
    ],
)
def test_a_package_that_is_missing_is_named(form, module, said, tmp_path, squares, monkeypatch):
    WRITERS[form](tmp_path / f"t.{form}")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingError) as caught:
        read_control(tmp_path / f"t.{form}", boundaries=squares)
    assert str(caught.value) == said


# Excel


@pytest.fixture
def book(tmp_path):
    """Return a workbook with one good row, to be spoilt, and the path to save it as."""
    found = openpyxl.Workbook()
    found.active.append(["date", "unit", "controller", "source", "note"])
    found.active.append([datetime(2024, 12, 1), "old-town", "sdf", "Reuters", 7])
    return found, tmp_path / "t.xlsx"


def read_sheet(book, path, **more):
    book.save(path)
    faults = Faults()
    table = read_table(path, faults, file=path.name, known=("date", "unit", "controller", "source", "note"), **more)
    return table, [str(fault) for fault in faults.in_order()]


def rows_of(table):
    return [tuple(row) for row in table.frame.itertuples(index=False, name=None)]


def test_rows_are_counted_as_excel_counts_them(book):
    sheet = book[0].active
    sheet.insert_rows(1, 3)
    sheet["A1"] = "Control of the four squares"
    sheet["A8"], sheet["B8"], sheet["C8"], sheet["D8"] = "2024-12-02", " A1 ", "sdf", 12.0
    table, faults = read_sheet(*book)
    assert faults == []
    assert table.lines.tolist() == [5, 8]
    assert rows_of(table) == [
        ("2024-12-01", "old-town", "sdf", "Reuters", "7"),
        ("2024-12-02", " A1 ", "sdf", "12", ""),
    ]


def test_a_time_of_day_is_no_day(book, squares):
    book[0].active["A2"] = datetime(2024, 12, 1, 14, 30)
    book[0].save(book[1])
    (found,) = faults_of(read_control, book[1], boundaries=squares)
    assert found.startswith("t.xlsx:2: date '2024-12-01 14:30:00' is not an ISO day")
    assert found.endswith("did you mean 2024-12-01?")


def test_a_cell_merged_over_rows_stands_in_each(book):
    sheet = book[0].active
    sheet.append([None, "A1", "sdf", "Reuters"])
    sheet.append([None, "A2", "sdf", "Reuters"])
    sheet.merge_cells("A2:A4")
    table, faults = read_sheet(*book)
    assert faults == []
    assert table.frame["date"].tolist() == ["2024-12-01"] * 3


def test_formulas_count_by_their_saved_values(book, monkeypatch):
    """A workbook written by openpyxl holds no results; one that a spreadsheet program saved does."""
    sheet = book[0].active
    sheet["E2"] = "=1+1"
    sheet["D2"] = ArrayFormula("D2", "=UPPER(B2)")
    _, faults = read_sheet(*book)
    assert [fault.split(";")[0] for fault in faults] == [
        "t.xlsx:2: cell D2 holds a formula whose result was not saved",
        "t.xlsx:2: cell E2 holds a formula whose result was not saved",
    ]
    sheet["D2"] = "Reuters"
    results = openpyxl.Workbook()
    results.active.title = sheet.title
    results.active["E2"] = 2.0
    load = openpyxl.load_workbook
    monkeypatch.setattr(
        openpyxl, "load_workbook", lambda path, *, data_only: results if data_only else load(path, data_only=False)
    )
    table, faults = read_sheet(*book)
    assert faults == []
    assert table.frame["note"].tolist() == ["2"]


def test_errors_of_excel_and_columns_without_a_name(book):
    sheet = book[0].active
    sheet["E2"] = "#N/A"
    sheet["G2"] = "by hand"
    _, faults = read_sheet(*book)
    assert faults == [
        "t.xlsx:2: cell E2 holds the error #N/A; expected a value, or nothing",
        "t.xlsx:2: cell G2 holds 'by hand' in a column without a header; name the column, or move what is no part of "
        "the table",
    ]


def test_the_sheet_is_the_one_whose_header_fits_or_the_one_named(tmp_path, squares):
    path = tmp_path / "t.xlsx"
    write_excel(path, sheets=("Said", "Read me", "Notes"))
    assert len(read_control(path, boundaries=squares).statements) == 6
    assert len(read_control(Path(f"{path}:said"), boundaries=squares).statements) == 6
    found = faults_of(read_control, Path(f"{path}:Sayd"), boundaries=squares)
    assert found == ["t.xlsx: has no sheet 'Sayd'; expected one of Said, Read me, Notes"]
    assert list_control_files(Path(f"{path}:Said"))[0] == path


def test_two_sheets_that_fit_must_be_told_apart(book, squares):
    book[0].copy_worksheet(book[0].active).title = "Later"
    book[0].save(book[1])
    (found,) = faults_of(read_control, book[1], boundaries=squares)
    assert found == "t.xlsx: several sheets look like the table (Sheet, Later); name the sheet: t.xlsx:Sheet"
    assert len(read_control(Path(f"{book[1]}:Later"), boundaries=squares).statements) == 1


def test_an_empty_sheet_and_a_header_alone(book):
    book[0].active.delete_rows(2)
    assert read_sheet(*book)[1] == ["t.xlsx:1: the table has a header and no rows; expected at least one row below it"]
    book[0].active.delete_rows(1)
    assert read_sheet(*book)[1] == [
        "t.xlsx:1: sheet 'Sheet' is empty; expected a header row and at least one row below it"
    ]


def test_an_old_excel_file_is_told_from_a_broken_one(tmp_path, squares):
    (tmp_path / "t.xlsx").write_bytes(b"\xd0\xcf\x11\xe0 and so on")
    (found,) = faults_of(read_control, tmp_path / "t.xlsx", boundaries=squares)
    assert "it is an old Excel file, or locked with a password; save it as .xlsx without a password" in found


# Folders and layers


def test_a_folder_mixes_forms_and_leaves_out_what_is_no_table(tmp_path, squares):
    write_excel(tmp_path / "a.xlsx", ROWS[:2])
    write_csv(tmp_path / "b.csv", ROWS[2:4])
    make_geo(ROWS[4:]).to_file(tmp_path / "c.shp")
    squares.units.reset_index().to_crs(4326).to_file(tmp_path / "areas.geojson")
    (tmp_path / "~$a.xlsx").write_bytes(b"open elsewhere")
    control, notes = verify_control(tmp_path, boundaries=squares)
    assert control.statements["id"].tolist() == list("abcdef")
    assert control.statements["file"].tolist() == ["a.xlsx"] * 2 + ["b.csv"] * 2 + ["c.shp"] * 2
    assert control.statements["line"].tolist() == [2, 3, 2, 3, 1, 2]
    assert [one.path for one in control.inputs if one.path.startswith("c.")] == [
        "c.shp",
        "c.shx",
        "c.dbf",
        "c.prj",
        "c.cpg",
    ]
    assert [note.replace(f"{tmp_path}/", "") for note in notes] == [
        "areas.geojson: left out: it has no column controller, so it is no control table"
    ]


def test_the_layer_of_a_geopackage(tmp_path, squares):
    path = tmp_path / "t.gpkg"
    squares.units.reset_index().to_file(path, layer="areas")
    make_geo().to_file(path, layer="said")
    make_geo(ROWS[:1]).to_file(path, layer="older")
    assert len(read_control(Path(f"{path}:older"), boundaries=squares).statements) == 1
    assert len(read_control(path, boundaries=squares).statements) == 6
    (found,) = faults_of(read_control, Path(f"{path}:sayd"), boundaries=squares)
    assert found == "t.gpkg: has no layer 'sayd'; expected one of areas, said, older; did you mean said?"


def test_shapefiles_as_people_pass_them_on(tmp_path, squares):
    """In capitals and without a word on their letters, or in a folder of a zip."""
    make_geo().to_file(tmp_path / "t.shp", encoding="utf-8")
    (tmp_path / "t.cpg").unlink()
    with ZipFile(tmp_path / "z.zip", "w") as archive:
        make_geo().to_file(tmp_path / "inner.gpkg")
        archive.write(tmp_path / "inner.gpkg", "data/2024/inner.gpkg")
    for part in tmp_path.glob("t.*"):
        part.rename(tmp_path / part.name.upper())
    for name in ("T.SHP", "z.zip"):
        assert read_control(tmp_path / name, boundaries=squares).statements["note"].iloc[-1] == "ثلاثة"
    assert [one.name for one in list_control_files(tmp_path / "T.SHP")[:4]] == ["T.SHP", "T.SHX", "T.DBF", "T.PRJ"]


def test_a_missing_table_of_features_may_be_one_of_another_form(tmp_path, squares):
    write_csv(tmp_path / "tables.csv")
    (found,) = faults_of(read_control, tmp_path / "table.shp", boundaries=squares)
    assert found.endswith("no such file; expected a vector file such as GeoJSON; did you mean tables.csv?")


def test_a_vector_file_with_a_controller_is_a_control_table(tmp_path):
    write_geojson(tmp_path / "t.geojson", [["x", "2024-12-01", "hama", "sdf", "Reuters", "", "", "", ""]])
    (report,) = check_files([tmp_path / "t.geojson"])
    assert (report.kind, report.faults) == ("control", ())


def test_the_fast_way_of_csv_is_still_taken(tmp_path, monkeypatch):
    from syriamap.tables import text

    monkeypatch.setattr(text, "_split_slowly", None)
    write_csv(tmp_path / "t.csv")
    table = read_table(tmp_path / "t.csv", Faults())
    assert table.lines.dtype == np.int64
    assert table.shapes is None


# Where files travel by their bare names


def test_a_sheet_stays_named_in_commands_inputs_and_parcels(tmp_path):
    path = Path(f"{tmp_path}/t.xlsx:Said")
    write_excel(tmp_path / "t.xlsx", sheets=("Said", "Notes"))
    choices = {"control": path}
    command = write_command(date(2024, 12, 5), choices)
    assert command[command.index("--control") + 1] == "t.xlsx:Said"
    assert "t.xlsx" in {one.path for one in list_inputs(choices)}
    parcel = pack_parcel(choices)
    assert parcel.starts == {"control": "control/t.xlsx:Said"}
    assert list(parcel.files) == ["control/t.xlsx"]


def test_a_shapefile_travels_with_all_its_parts(tmp_path):
    make_geo().to_file(tmp_path / "t.shp")
    parcel = pack_parcel({"control": tmp_path / "t.shp"})
    assert sorted(parcel.files) == [f"control/t.{part}" for part in ("cpg", "dbf", "prj", "shp", "shx")]
