"""Basemaps in files: they lie where they belong, and are read without a network."""

import sqlite3

import mercantile
import numpy as np
import pytest
import rasterio
from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from pyproj import Transformer
from rasterio import Affine

from syriamap.basemap import find_source, read_basemap
from syriamap.catalog import data_file
from syriamap.errors import BasemapError

from .conftest import GRID, colour_of, good_tile
from .test_tiles import check_places

STEP = 0.02  # degrees
EDGES = (34.0, 31.0, 44.0, 39.0)
TILES = list(mercantile.tiles(34.5, 31.5, 43.5, 38.5, 7))

pytestmark = pytest.mark.usefixtures("no_network")


def read(path, credit="Test"):
    return read_basemap(find_source(path, credit), GRID)


def write_tiff(path, bands, *, edges=EDGES, crs="EPSG:4326", tags=(), colours=None, **more):
    bands = np.asarray(bands)
    height, width = bands.shape[1:]
    west, south, east, north = edges
    place = {"transform": Affine((east - west) / width, 0, west, 0, (south - north) / height, north)} if crs else {}
    shape = {"driver": "GTiff", "count": len(bands), "height": height, "width": width, "dtype": bands.dtype}
    with rasterio.open(path, "w", **shape, crs=crs, **place, **more) as file:
        file.write(bands)
        file.update_tags(**dict(tags))
        if colours:
            file.write_colormap(1, colours)
    return path


def places(step=STEP):
    """Return three bands of the colours of places, in lon/lat."""
    lon, lat = np.meshgrid(np.arange(34 + step / 2, 44, step), np.arange(39 - step / 2, 31, -step))
    return np.moveaxis(np.rint(colour_of(lon, lat)).astype(np.uint8), 2, 0)


def test_a_geotiff_lies_where_it_belongs(tmp_path):
    raster = read(write_tiff(tmp_path / "ground.tif", places()))
    check_places(raster, GRID)
    assert (raster.zoom, raster.tiles) == (None, 0)


def test_a_geotiff_in_another_crs_too(tmp_path):
    bands = places(0.05)
    from rasterio.warp import reproject

    found = np.zeros((3, 900, 1000), np.uint8)
    edges = (-200_000.0, 3_400_000.0, 800_000.0, 4_300_000.0)
    there = Affine(1000, 0, edges[0], 0, -1000, edges[3])
    here = Affine(0.05, 0, 34, 0, -0.05, 39)
    reproject(bands, found, src_transform=here, src_crs="EPSG:4326", dst_transform=there, dst_crs="EPSG:32637")
    raster = read(write_tiff(tmp_path / "utm.TIF", found, edges=edges, crs="EPSG:32637"))
    inside = raster.pixels[80:-80, 80:-80]
    assert (inside[:, :, 3] == 255).all()
    whole = read(write_tiff(tmp_path / "ground.tif", bands)).pixels[80:-80, 80:-80]
    assert np.abs(inside.astype(int) - whole).max() <= 2


def test_alpha_nodata_and_grey(tmp_path):
    rgb = places(0.05)
    half = np.where(np.arange(rgb.shape[2]) < 100, 255, 0).astype(np.uint8)  # west of 39 degrees
    alpha = np.broadcast_to(half, rgb.shape[1:])
    with_alpha = read(write_tiff(tmp_path / "a.tif", [*rgb, alpha], photometric="RGB", alpha="YES"))
    grey = np.where(alpha, rgb[0], 0)
    without = read(write_tiff(tmp_path / "b.tif", [grey], nodata=0))
    for raster in (with_alpha, without):
        assert raster.pixels[220, 40, 3] == 255
        assert raster.pixels[220, 450, 3] == 0
    assert len(set(without.pixels[220, 40, :3].tolist())) == 1


def test_a_table_of_colours_is_looked_up(tmp_path):
    numbers = np.full((1, 160, 200), 7, np.uint8)
    path = write_tiff(tmp_path / "c.tif", numbers, colours={7: (10, 200, 30, 255)})
    assert read(path).pixels[200, 200].tolist() == [10, 200, 30, 255]


def test_what_lies_beside_a_geotiff_is_no_part_of_it(tmp_path):
    path = write_tiff(tmp_path / "ground.tif", places(0.05))
    before = read(path).pixels
    (tmp_path / "ground.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
    (tmp_path / "ground.tif.aux.xml").write_text("<PAMDataset><SRS>EPSG:3857</SRS></PAMDataset>")
    assert (read(path).pixels == before).all()


BAD_TIFFS = {
    "elsewhere": (lambda path: write_tiff(path, places(0.1), edges=(0, 0, 10, 8)), "shows nothing where the map is"),
    "heights": (lambda path: write_tiff(path, places(0.1).astype(np.float32)), "numbers of float32; expected bytes"),
    "nowhere": (lambda path: Image.new("RGB", (50, 50)).save(path), "does not say where it lies"),
    "many bands": (lambda path: write_tiff(path, np.zeros((6, 9, 9), np.uint8)), "has 6 bands"),
}


@pytest.mark.parametrize("name", BAD_TIFFS)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_geotiffs_that_are_none(tmp_path, name):
    write, said = BAD_TIFFS[name]
    write(tmp_path / "odd.tif")
    with pytest.raises(BasemapError, match=rf"odd\.tif .*{said}"):
        read(tmp_path / "odd.tif")


def test_files_that_are_of_another_kind(tmp_path):
    for name in ("x.tif", "x.mbtiles", "x.pmtiles"):
        (tmp_path / name).write_bytes(b"not at all" * 50)
        with pytest.raises(BasemapError, match=f"{name} cannot be read as"):
            read(tmp_path / name)


def test_a_cut_geotiff_is_refused(tmp_path):
    path = write_tiff(tmp_path / "cut.tif", places(0.02))
    path.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(BasemapError, match=r"cut.tif"):
        read(path)


def test_a_missing_file_is_answered_with_near_ones(tmp_path):
    write_tiff(tmp_path / "ground.tif", places(0.1))
    with pytest.raises(BasemapError, match=r"grund.tif is not there; expected a file; did you mean ground.tif"):
        read(tmp_path / "grund.tif")


# Tiles in a file


def write_mbtiles(path, tiles, **said):
    file = sqlite3.connect(path)
    with file:
        file.execute("CREATE TABLE metadata (name text, value text)")
        file.execute("CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        file.executemany("INSERT INTO metadata VALUES (?, ?)", {"format": "png", **said}.items())
        rows = [(tile.z, tile.x, 2**tile.z - 1 - tile.y, body) for tile, body in tiles.items()]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    file.close()
    return path


def write_pmtiles(path, tiles, kind=TileType.PNG, **said):
    with path.open("wb") as file:
        writer = Writer(file)
        for tile, body in sorted(tiles.items(), key=lambda one: zxy_to_tileid(*(one[0].z, one[0].x, one[0].y))):
            writer.write_tile(zxy_to_tileid(tile.z, tile.x, tile.y), body)
        head = {"tile_type": kind, "tile_compression": Compression.NONE, "center_zoom": 7}
        edges = {"min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 0, "max_lat_e7": 0}
        writer.finalize({**head, **edges, "center_lon_e7": 0, "center_lat_e7": 0}, said)
        writer.tile_f.close()
    return path


WRITERS = {"mbtiles": write_mbtiles, "pmtiles": write_pmtiles}


@pytest.mark.parametrize("kind", WRITERS)
def test_tiles_in_a_file_lie_where_they_belong(tmp_path, kind):
    tiles = {tile: good_tile(tile.z, tile.x, tile.y) for tile in TILES}
    path = WRITERS[kind](tmp_path / f"ground.{kind}", tiles, attribution='<a href="x">&copy; Us</a>')
    raster = read(path)
    check_places(raster, GRID)
    assert raster.zoom == 7
    assert find_source(path).credit == "© Us"
    if kind == "mbtiles":
        assert [one.name for one in tmp_path.iterdir()] == ["ground.mbtiles"]  # no journal beside it


@pytest.mark.parametrize("kind", WRITERS)
def test_tiles_that_a_file_lacks_are_left_out(tmp_path, kind):
    some = {tile: good_tile(tile.z, tile.x, tile.y) for tile in TILES if tile.x > TILES[0].x + 1}
    pixels = read(WRITERS[kind](tmp_path / f"ground.{kind}", some)).pixels
    assert pixels[200, 15, 3] == 0
    assert pixels[200, 460, 3] == 255


@pytest.mark.parametrize("kind", WRITERS)
def test_tiles_in_a_file_are_judged_too(tmp_path, kind):
    tiles = {tile: good_tile(tile.z, tile.x, tile.y) for tile in TILES}
    middle = mercantile.tile(37.5, 35, 7)
    broken = {**tiles, middle: tiles[middle][:200]}
    with pytest.raises(BasemapError, match=r"odd\..* has a tile 7/\d+/\d+ that is a broken image of 200 bytes"):
        read(WRITERS[kind](tmp_path / f"odd.{kind}", broken))
    with pytest.raises(BasemapError, match="shows nothing where the map is"):
        read(WRITERS[kind](tmp_path / f"far.{kind}", {mercantile.Tile(0, 0, 7): good_tile(7, 0, 0)}))


def test_vectors_are_no_pictures(tmp_path):
    tiles = {mercantile.Tile(0, 0, 0): b"x"}
    with pytest.raises(BasemapError, match="holds vectors"):
        read(write_mbtiles(tmp_path / "v.mbtiles", tiles, format="pbf"))
    with pytest.raises(BasemapError, match="holds tiles of the kind MVT"):
        read(write_pmtiles(tmp_path / "v.pmtiles", tiles, TileType.MVT))


# Whose they are


def test_a_file_needs_a_credit_unless_it_has_one(tmp_path):
    path = write_tiff(tmp_path / "ground.tif", places(0.1))
    with pytest.raises(BasemapError, match=r"nobody is credited for the basemap ground.tif.*--basemap-credit"):
        find_source(path)
    assert find_source(path, "Us").credit == "Us"
    named = write_tiff(tmp_path / "named.tif", places(0.1), tags={"TIFFTAG_COPYRIGHT": "Them"}.items())
    assert find_source(named).credit == "Them"
    assert find_source(named, "Us").credit == "Us"


# The relief


def test_the_relief_lies_where_it_belongs():
    raster = read_basemap(find_source("relief"), GRID)
    grey = np.asarray(Image.open(data_file("relief/relief.png"))).astype(float)
    to_metres = Transformer.from_crs("EPSG:4326", GRID.crs, always_xy=True)
    for lon, lat in [(36.1, 33.6), (38.5, 36.9), (41.8, 36.3), (40.0, 33.0), (36.2, 35.1)]:
        x, y = to_metres.transform(lon, lat)
        column, row = int((x - GRID.extent.west) / GRID.metres), int((GRID.extent.north - y) / GRID.metres)
        at = int((40 - lat) * 30), int((lon - 32) * 30)
        near = grey[at[0] - 1 : at[0] + 2, at[1] - 1 : at[1] + 2]
        assert near.min() - 4 <= raster.pixels[row, column, 0] <= near.max() + 4
