"""A sound file, or nearly one, for each target: what the hostile ones are made from."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import geopandas as gpd
import mercantile
import numpy as np
import pandas as pd
import rasterio
import shapely
from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from .land import draw_box, list_land, write_layer

HEADER = "id,date,unit,controller,status,basis,confidence,source,url,note"
STATEMENT = "a-1,2024-11-27,A1,government,held,named,medium,sana,https://sana.sy/1,text"
EDGES = (34.0, 31.0, 44.0, 39.0)  # degrees, of basemaps
SIDECAR = Path(__file__).parent / "corpus" / "sidecar" / "whole"
LAND = SIDECAR.with_name("land")  # a smaller one, of the project in land.py


def list_good() -> dict[str, bytes]:
    """Return what every target reads rightly, by its name."""
    land = list_land()
    table = f"{HEADER}\n{STATEMENT}\n".encode()
    frame = pd.DataFrame([STATEMENT.split(",")], columns=HEADER.split(","))
    sheet, arrow, image, archive = (io.BytesIO() for _ in range(4))
    frame.to_excel(sheet, index=False)
    frame.to_parquet(arrow)
    Image.new("RGB", (256, 256), "#336699").save(image, "PNG")
    areas = write_layer(({"code": "X1", "name": "West"}, draw_box(36.5, 34.5, 37, 35)))
    said = dict(zip(HEADER.split(","), STATEMENT.split(","), strict=True)) | {"unit": ""}
    with ZipFile(archive, "w") as inside:
        inside.writestr("areas.geojson", areas)
    return {
        "control": table,
        "csv": table,
        "points": b"lon,lat,name\n36.5,34.5,West\n37.1,35.2,North\n",
        "xlsx": sheet.getvalue(),
        "parquet": arrow.getvalue(),
        "geojson": areas,
        "features": areas,
        "drawn": write_layer((said, draw_box(36.5, 34.5, 36.7, 34.7))),
        "zip": archive.getvalue(),
        **write_areas(),
        **write_basemaps(),
        "theme": b'extends = "light"\ncredit = "me"\n[colours]\nink = "#000000"\n[type]\nbody = { size = 9 }\n',
        "names": b'[parties.government]\nlabel = "Damascus"\n[places]\ndamascus = "Damas"\n',
        "sidecar": SIDECAR.read_bytes(),
        "lint": LAND.read_bytes(),
        "picture": write_picture(),
        "tile": image.getvalue(),
        "command": b"stats\n2024-12-05\n--by\nbloc\n--json\n",
        "project-theatre": land["theatre.toml"],
        "project-sources": land["sources.toml"],
        "project-style": land["theme.toml"],
        "project-names": land["names/en.toml"],
        "project-parties": land["control/actors.csv"],
        "project-outlets": land["control/outlets.csv"],
        "project-places": land["places/places.csv"],
        "project-bases": land["places/bases.csv"],
        "project-areas": land["boundaries/areas.geojson"],
        "project-layers": write_layer((_of_every_layer(), draw_box(0.3, 40.7, 0.4, 40.8))),
    }


def _of_every_layer() -> dict[str, object]:
    """Return the words that a feature needs in any layer of a project."""
    words = {"id": "main", "name": "Lake", "name_ar": "", "rank": 1}
    return words | {"ref": "M1", "class": "motorway", "accuracy_km": 1, "length_km": 5}


def write_areas() -> dict[str, bytes]:
    """Return one area as a shapefile in a zip, a GeoPackage, a FlatGeobuf and a GeoParquet."""
    shape = shapely.box(36.5, 34.5, 37, 35)
    frame = gpd.GeoDataFrame({"code": ["X1"], "name": ["West"]}, geometry=[shape], crs=4326)
    found, zipped = {}, io.BytesIO()
    with TemporaryDirectory() as folder:
        for target, name in (("geopackage", "x.gpkg"), ("flatgeobuf", "x.fgb")):
            frame.to_file(Path(folder) / name)
            found[target] = (Path(folder) / name).read_bytes()
        frame.to_parquet(Path(folder) / "x.parquet")
        found["geoparquet"] = (Path(folder) / "x.parquet").read_bytes()
        frame.to_file(Path(folder) / "areas.shp")
        with ZipFile(zipped, "w") as inside:
            for part in sorted(Path(folder).glob("areas.*")):
                inside.write(part, part.name)
    return found | {"shapefile": zipped.getvalue()}


def write_basemaps() -> dict[str, bytes]:
    """Return a small GeoTIFF and the tiles of one zoom as MBTiles and as PMTiles."""
    west, south, east, north = EDGES
    place = rasterio.Affine((east - west) / 40, 0, west, 0, (south - north) / 40, north)
    tiles = {tile: _tile(tile.x, tile.y) for tile in mercantile.tiles(*EDGES, 4)}
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("x.tif", "x.mbtiles", "x.pmtiles")]
        shape = {"count": 3, "width": 40, "height": 40, "dtype": "uint8", "crs": "EPSG:4326", "transform": place}
        with rasterio.open(paths[0], "w", driver="GTiff", **shape) as file:
            file.write(np.arange(4800, dtype=np.uint32).reshape(3, 40, 40).astype(np.uint8))
        with sqlite3.connect(paths[1]) as file:
            file.execute("CREATE TABLE metadata (name text, value text)")
            file.execute("CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
            file.executemany("INSERT INTO metadata VALUES (?, ?)", [("format", "png"), ("attribution", "me")])
            rows = [(one.z, one.x, 2**one.z - 1 - one.y, data) for one, data in tiles.items()]
            file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
        file.close()
        with paths[2].open("wb") as file:
            writer = Writer(file)
            for number, data in sorted((zxy_to_tileid(one.z, one.x, one.y), data) for one, data in tiles.items()):
                writer.write_tile(number, data)
            head = {"tile_type": TileType.PNG, "tile_compression": Compression.NONE, "min_zoom": 4, "max_zoom": 4}
            head |= {"min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 1, "max_lat_e7": 1}
            writer.finalize(head | {"center_zoom": 4, "center_lon_e7": 0, "center_lat_e7": 0}, {"attribution": "me"})
        return dict(zip(("geotiff", "mbtiles", "pmtiles"), (path.read_bytes() for path in paths), strict=True))


def _tile(x: int, y: int) -> bytes:
    file = io.BytesIO()
    image = Image.new("RGB", (256, 256), (x * 9 % 256, y * 7 % 256, 90))
    image.putpixel((x, y), (0, 0, 0))
    image.save(file, "PNG")
    return file.getvalue()


def write_picture() -> bytes:
    """Return a PNG of the size that the sound sidecar speaks of, without any metadata."""
    file = io.BytesIO()
    Image.new("RGB", tuple(json.loads(LAND.read_bytes())["size_px"]), "#336699").save(file, "PNG")
    return file.getvalue()
