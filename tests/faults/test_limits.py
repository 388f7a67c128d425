"""What is absurdly large is refused before it is read, with what was found, the limit and the way out."""

import gzip
import sqlite3
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rasterio
import shapely
from mercantile import Tile

from syriamap import limits
from syriamap.basemap.archives import describe_archive, read_archive
from syriamap.basemap.files import open_source, read_file
from syriamap.basemap.geotiff import read_relief
from syriamap.basemap.judge import Refused, judge_tile
from syriamap.basemap.warp import edges_transform
from syriamap.boundaries import read_boundaries
from syriamap.cli.group import Refusal
from syriamap.control import read_control
from syriamap.errors import (
    BasemapError,
    DataError,
    Fault,
    LimitError,
    PictureError,
    SizeError,
    UnknownNameError,
    WordsError,
)
from syriamap.faults import Faults
from syriamap.lint import read_sidecar
from syriamap.point_tables import read_point_table
from syriamap.save.embedded import find_packet
from syriamap.scene.words import check_room
from syriamap.series import list_days, plan_series, render_series
from syriamap.sizes import get_size
from syriamap.tables import read_table
from syriamap.theme import get_theme
from syriamap.vector import read_features
from syriamap.verify import verify_map

from .conftest import run

GIGABYTE = 1 << 30


def sparse(path, size=GIGABYTE):
    """Make a file of a gigabyte that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def told(read, path, *words):
    """Return what is said of a file that cannot be read."""
    faults = Faults()
    assert read(path, *words, faults) is None
    (fault,) = faults.found
    return fault.message


def read_areas(path, faults):
    return read_features(path, path.name, faults, lambda _: 0)


def test_a_size_out_of_bounds():
    with pytest.raises(SizeError, match="expected sides of 300 to 8000 px"):
        get_size("900000x900000")


# Files of a gigabyte


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.parquet", "a.gpkg", "a.geojson", "a.zip", "a.shp"])
def test_a_table_of_a_gigabyte_is_not_read(tmp_path, name):
    assert "is 1,074 MB large; expected 200 MB at most; split it" in told(read_table, sparse(tmp_path / name))


@pytest.mark.parametrize("name", ["a.parquet", "a.gpkg", "a.geojson", "a.zip", "a.shp"])
def test_areas_of_a_gigabyte_are_not_read(tmp_path, name):
    assert "1,074 MB large; expected 200 MB at most; leave out" in told(read_areas, sparse(tmp_path / name))


MEASURED = """
import re, sys
from pathlib import Path
from syriamap.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print(end.code, re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process from /proc")
def test_a_gigabyte_takes_no_memory(tmp_path):
    sparse(tmp_path / "table.csv")
    words = [sys.executable, "-c", MEASURED, "render", "2024-12-05", "--control", "table.csv"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    code, peak_kb = done.stdout.split()
    assert code == "1"
    assert int(peak_kb) < 700_000


def test_a_sidecar_of_a_gigabyte(tmp_path):
    path = sparse(tmp_path / "map.json")
    assert "1,074 MB large; expected 50 MB" in verify_map(path).error
    with pytest.raises(DataError, match="1,074 MB large"):
        read_sidecar(path)


def test_a_picture_of_a_gigabyte(tmp_path):
    path = sparse(tmp_path / "map.png")
    with pytest.raises(PictureError, match="1,074 MB large"):
        find_packet(path)


# What is small until it is unpacked


def bomb(path, name):
    """Make a zip of half a megabyte that unpacks to half a gigabyte, without packing that."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as file:
        for _ in range(400):
            file.write(bytes(1_000_000))
    assert path.stat().st_size < limits.MB
    return path


def test_zips_that_unpack_without_end(tmp_path):
    path = bomb(tmp_path / "a.zip", "a.shp")
    assert "400 MB large when unpacked; expected 300 MB at most" in told(read_areas, path)
    path.rename(tmp_path / "a.xlsx")
    assert "400 MB large when unpacked; expected 60 MB at most" in told(read_table, tmp_path / "a.xlsx")


def lie(path, size):
    """Make all entries of a zip that have a size say that a byte comes out of them."""
    content = path.read_bytes()
    assert content.count(struct.pack("<I", size)) >= 2  # before the entry and in the list of all
    path.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", 1)))
    return path


@contextmanager
def little_memory(most_mb):
    """Hold what is done to so much memory of Python's."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most_mb * limits.MB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("name", "read"), [("a.zip", read_areas), ("a.gpkg.zip", read_areas), ("a.xlsx", read_table)])
def test_zips_that_lie_about_what_comes_out_of_them(tmp_path, name, read):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a.gpkg", bytes(50_000_001))
    lie(path, 50_000_001)
    with little_memory(10):
        assert told(read, path) == "says that a.gpkg unpacks to 1 bytes; it has more; zip it again"


def test_zips_packed_in_ways_that_are_unpacked_without_bounds(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", bytes(1000))
    assert "holds xl/workbook.xml packed by method 12; expected deflate" in told(read_table, tmp_path / "a.xlsx")


@pytest.mark.parametrize(("suffix", "magic", "kind"), [("geojson", b"PK\x03\x04", "zip"), ("gml", b"\x1f\x8b", "gzip")])
def test_what_is_packed_under_another_name(tmp_path, suffix, magic, kind):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(magic + bytes(100))
    assert f"is a {kind}; expected GeoJSON" in told(read_areas, path)


def test_a_folder_of_tables_that_are_too_large_together(tmp_path):
    for name in "abcd":
        sparse(tmp_path / f"{name}.csv", 150 * limits.MB)
    with pytest.raises(DataError, match=r"the folder holds tables of 600 MB; expected 400 MB at most; leave out"):
        read_control(tmp_path, boundaries=read_boundaries())


def test_a_file_of_a_folder_that_is_too_large_to_be_looked_into(tmp_path):
    sparse(tmp_path / "a.geojson", 201 * limits.MB)
    with pytest.raises(DataError, match="is 201 MB large; expected 200 MB at most; split it"):
        read_control(tmp_path, boundaries=read_boundaries())


def test_points_without_end(tmp_path, monkeypatch):
    path = sparse(tmp_path / "a.csv")
    with pytest.raises(DataError, match="1,074 MB large; expected 200 MB at most; tag it in several parts"):
        read_point_table(path)
    path.write_text("lon,lat\n" + "37,35\n" * 101, "utf-8")
    monkeypatch.setattr("syriamap.point_tables.POINTS", 100)
    with pytest.raises(DataError, match="has 101 rows; expected 100 at most; tag it in several parts"):
        read_point_table(path)


@pytest.mark.parametrize("kind", ["spread", "merged"])
def test_workbooks_that_spread_without_end(tmp_path, kind):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["date", "place", "party"])
    book.active.append(["2024-12-01", "Hama", "hts"])
    if kind == "spread":
        book.active["XFD1048576"] = "x"
    book.save(path)
    if kind == "merged":
        merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>'
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        with zipfile.ZipFile(path, "w") as new:
            for name, part in parts.items():
                new.writestr(name, part.replace(b"</sheetData>", merge))
    assert "expected 3,000,000" in told(read_table, path)


def test_a_parquet_of_few_bytes_and_many_rows(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"note": ["x" * 90_000] * 100}).to_parquet(path)
    monkeypatch.setattr("syriamap.limits.TABLE_BYTES", 50_000)
    assert "100 rows of" in told(read_table, path)


@pytest.mark.parametrize("kind", ["text", "cells"])
def test_a_parquet_that_repeats_what_stands_in_it_once(tmp_path, kind):
    """A file of kilobytes, which says so: laid out it has gigabytes."""
    if kind == "text":
        rows = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * 900_000]))
        columns, shown = {"note": rows}, "holds 20,000 rows of 1 columns, 18,000 MB when unpacked"
    else:
        columns = {str(at): pa.nulls(1_000_000) for at in range(31)}
        shown = "holds 1,000,000 rows of 31 columns"
    pq.write_table(pa.table(columns), tmp_path / "a.parquet", dictionary_pagesize_limit=2_000_000)
    assert (tmp_path / "a.parquet").stat().st_size < limits.MB
    for read in (read_table, read_areas):
        said = told(read, tmp_path / "a.parquet")
        assert shown in said
        assert "expected 200 MB and 30,000,000 cells at most" in said


def test_a_parquet_that_repeats_bytes_of_a_fixed_length(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"note": pa.array([b"x" * 1000] * 1000, pa.binary(1000))}), path)
    assert path.stat().st_size < 10_000
    monkeypatch.setattr("syriamap.limits.TABLE_BYTES", 500_000)
    assert "holds 1,000 rows of 1 columns, 1 MB when unpacked; expected 0.5 MB" in told(read_table, path)


def test_cells_that_are_too_long(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"date,place\n2024-12-01,{'a' * 1_000_000}\n2024-12-02,Hama\n", "utf-8")
    faults = Faults()
    assert read_table(path, faults) is not None
    (fault,) = faults.found
    assert fault.line == 2
    assert "place has 1,000,000 letters; expected 10,000 at most" in fault.message


def test_areas_of_millions_of_points(tmp_path, monkeypatch):
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame(geometry=[shapely.Point(37, 35).buffer(1, quad_segs=500)], crs=4326).to_file(path)
    monkeypatch.setattr("syriamap.vector.VERTICES", 2000)
    assert "has 2,001 points in its lines; expected 2,000 at most; leave out" in told(read_areas, path)


# Pictures


def png_head(path, wide, high):
    """Write the head of a PNG that says it is so large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    body = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body + struct.pack(">I", 0) + b"IDAT" + bytes(4))
    return path


@pytest.mark.parametrize("side", [9_000, 10_000, 60_000])
def test_a_relief_that_is_a_bomb(tmp_path, side):
    with pytest.raises(Refused, match="expected 80,000,000 px in all at most"):
        read_relief(png_head(tmp_path / "relief.png", side, side), (35, 32, 42, 37), None)


@pytest.mark.parametrize("side", [9_000, 10_000, 60_000])
def test_a_picture_of_ours_that_is_a_bomb(tmp_path, side):
    with pytest.raises(PictureError, match=rf"map.png has {side**2:,} px in all; expected 80,000,000 at most"):
        find_packet(png_head(tmp_path / "map.png", side, side))


def test_a_logo_that_is_a_bomb(tmp_path):
    png_head(tmp_path / "logo.png", 60_000, 60_000)
    (tmp_path / "house.toml").write_text('extends = "light"\nlogo = "logo.png"\n', "utf-8")
    with pytest.raises(DataError, match="has 60000 x 60000 px; expected 80,000,000 px"):
        get_theme(str(tmp_path / "house.toml"))


def test_a_geotiff_without_overviews_that_is_a_bomb(tmp_path):
    path = tmp_path / "a.tif"
    frame = {"crs": "EPSG:4326", "transform": edges_transform((35, 32, 42, 37), 60_000, 60_000)}
    shape = {"width": 60_000, "height": 60_000, "count": 1, "dtype": "uint8", "tiled": True, "sparse_ok": True}
    with rasterio.open(path, "w", driver="GTiff", **shape, **frame):
        pass
    with pytest.raises(BasemapError, match="60,000 x 60,000 px and no overviews"):
        read_file(open_source(path, "Somebody"), None)


def test_tiles_that_are_bombs(tmp_path, monkeypatch):
    path = tmp_path / "a.mbtiles"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name, value)")
        file.execute("INSERT INTO metadata VALUES ('attribution', 'Somebody'), ('json', zeroblob(20000000))")
        file.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        file.execute("INSERT INTO tiles VALUES (0, 0, 0, zeroblob(20000000))")
    file.close()
    monkeypatch.setattr("syriamap.basemap.tiles.plan_tiles", lambda *_: (0, [Tile(0, 0, 0)]))
    with pytest.raises(Refused, match="a tile 0/0/0 of more than 5,000,000 bytes"):
        read_archive(path, (0, 0), None)


def webp_head(wide, high):
    size = b"".join((side - 1).to_bytes(3, "little") for side in (wide, high))
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_head(wide, high):
    frame = struct.pack(">BHHB", 8, high, wide, 1) + bytes([1, 0x11, 0])
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xda" + bytes(10)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "gzip"])
def test_a_tile_that_is_a_bomb_is_not_unpacked(tmp_path, kind):
    made = {
        "png": lambda: png_head(tmp_path / "a.png", 16_000, 16_000).read_bytes(),
        "jpeg": lambda: jpeg_head(16_000, 16_000),
        "webp": lambda: webp_head(16_000, 16_000),
        "gzip": lambda: gzip.compress(bytes(20_000_000)),
    }[kind]()
    said = "expected a PNG, JPEG or WebP of 256 or 512 px"
    with little_memory(1), pytest.raises(Refused, match=said):
        judge_tile(made)


@pytest.mark.parametrize("part", ["words", "list"])
def test_parts_of_pmtiles_that_unpack_without_end(tmp_path, monkeypatch, part):
    bomb, plain = gzip.compress(bytes(50_000_000)) * 2, gzip.compress(b"{}")
    tiles, words = (plain, bomb) if part == "words" else (bomb, plain)
    lies = (127, len(tiles), 127 + len(tiles), len(words), 0, 0, 0, 0, 0, 0, 0)
    kinds = bytes([0, 2, 1, 2, 0, 0]) + bytes(25)  # gzip, tiles as they are, PNG
    path = tmp_path / "a.pmtiles"
    path.write_bytes(b"PMTiles" + bytes([3]) + struct.pack("<11Q", *lies) + kinds + tiles + words)
    monkeypatch.setattr("syriamap.basemap.tiles.plan_tiles", lambda *_: (0, [Tile(0, 0, 0)]))
    said = "a part of more than 5,000,000 bytes when unpacked; expected 5,000,000 at most"
    with little_memory(20), pytest.raises(Refused, match=said):
        read_archive(path, (0, 0), None)


def test_parts_of_pmtiles_that_are_bombs(tmp_path):
    path = tmp_path / "a.pmtiles"
    head = b"PMTiles" + bytes([3]) + struct.pack("<4Q", 127, 10, 127, 1 << 30)  # its words take a gigabyte
    counts = bytes(8 * 7)
    path.write_bytes(head + counts + bytes([0, 1, 1, 2, 0, 0]) + bytes(25) + bytes(2000))
    with pytest.raises(Refused, match="a part of 1,073,741,824 bytes"):
        describe_archive(path)


# Orders


def test_a_series_without_end():
    with pytest.raises(LimitError, match="3,652,059 maps; expected 10,000 at most; name fewer days"):
        list_days(date.min, date.max)
    with pytest.raises(LimitError, match="20,000 maps"):
        plan_series(
            [date.fromordinal(700_000 + at) for at in range(5_000)],
            views=("advance", "country"),
            sizes=("web", "square"),
            langs=("en",),
            formats=("png",),
            folder=None,
        )


def test_more_processes_than_maps_are_not_started(monkeypatch, tmp_path):
    code, _, err = run("series", "2024-12-04", "2024-12-06", "--jobs", "100000", cwd=tmp_path)
    assert code == 2
    assert "100000 is not in the range 1<=x<=256" in err
    hired = []
    monkeypatch.setattr("syriamap.series.share_out", lambda _, workers, *__: hired.append(workers) or [])
    render_series(date(2024, 12, 4), date(2024, 12, 6), sizes=["400x300"], folder=tmp_path, jobs=200)
    assert hired == [3]
    render_series(date(2024, 12, 4), date(2024, 12, 4), sizes=["400x300"], folder=tmp_path, jobs=200)  # all is there


def test_faults_without_end_are_counted(capsys):
    Refusal(DataError(Fault("a.csv", line, "is wrong") for line in range(1500))).show()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1002
    assert lines[-2:] == ["... and 500 faults more", "Error: 1,500 faults found; mend and try again"]


def test_words_that_leave_no_room():
    with pytest.raises(WordsError, match="2,000 letters together; expected 1,000 at most"):
        check_room("a" * 1000, None, "b" * 1000)
    assert check_room("a" * 400, None, "b" * 600) is None


def test_a_name_of_a_million_letters_is_told_in_short():
    error = UnknownNameError("view", "a" * 1_000_000, ["advance", "country"])
    assert len(str(error)) < 200


def test_every_limit_is_told():
    docs = (Path(__file__).parents[2] / "docs" / "limits.md").read_text("utf-8")
    for name in ("200 MB", "300 MB", "60 MB", "3,000,000", "5 MB", "50 MB", "80,000,000", "400,000,000", "10,000"):
        assert name in docs
    for name in ("5,000,000", "1,000", "256", "400 MB", "2,000,000", "30,000,000", "2 MB"):
        assert name in docs
