"""A server of tiles on this machine, and tiles whose colours say where they lie."""

from __future__ import annotations

import io
import math
import re
import threading
from collections import Counter
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mercantile
import numpy as np
import pytest
from PIL import Image

from syriamap.atlas import make_backdrop
from syriamap.basemap import Grid, tiles
from syriamap.basemap.patience import Patience
from syriamap.model import Extent

CRS = "+proj=lcc +lat_1=33.2 +lat_2=36.4 +lat_0=35 +lon_0=37 +datum=WGS84 +units=m +no_defs"
GRID = Grid(CRS, Extent(-140_000, -300_000, 500_000, 270_000), 480, 428)
HASTY = Patience(connect_s=1.0, read_s=0.25, total_s=6.0, tries=3, pause_s=0.01)
WEST, EAST, SOUTH, NORTH = 34.0, 44.0, 31.0, 39.0  # degrees: red tells the longitude, green the latitude
RADIUS = 6378137.0
Answer = tuple[int, dict[str, str], bytes]


def colour_of(lon, lat):
    """Return red, green and blue at a place."""
    red = np.clip((lon - WEST) / (EAST - WEST), 0, 1) * 255
    green = np.clip((lat - SOUTH) / (NORTH - SOUTH), 0, 1) * 255
    return np.stack([red, green, 0 * red + 90], axis=-1)


def place_of(rgb):
    """Return longitude and latitude that colours tell."""
    return WEST + rgb[..., 0] / 255 * (EAST - WEST), SOUTH + rgb[..., 1] / 255 * (NORTH - SOUTH)


def encode(rgb, form="PNG"):
    """Return pixels as a file."""
    file = io.BytesIO()
    Image.fromarray(np.rint(rgb).astype(np.uint8)).save(file, form)
    return file.getvalue()


@cache
def good_tile(z, x, y, side=256):
    """Return a tile of places."""
    box = mercantile.xy_bounds(x, y, z)
    steps = (np.arange(side) + 0.5) / side
    lon = np.degrees((box.left + steps * (box.right - box.left)) / RADIUS)
    lat = np.degrees(2 * np.arctan(np.exp((box.top - steps * (box.top - box.bottom)) / RADIUS)) - math.pi / 2)
    return encode(colour_of(*np.meshgrid(lon, lat)))


def good(z, x, y, turn) -> Answer:
    """Answer with the right tile."""
    return 200, {"Content-Type": "image/png"}, good_tile(z, x, y)


class TileServer(ThreadingHTTPServer):
    """Answers with what `answer` returns for zoom, column, row and how often that tile has been asked for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.asked, self.heads = good, Counter(), []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/{{z}}/{{x}}/{{y}}.png"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server: TileServer = self.server
        server.heads.append(dict(self.headers))
        found = re.fullmatch(r"/(\d+)/(\d+)/(\d+)[@\w]*\.png(\?.*)?", self.path)
        server.asked[self.path] += 1
        tile = tuple(map(int, found.groups()[:3])) if found else (0, 0, 0)
        status, heads, body = server.answer(*tile, server.asked[self.path])
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **heads}.items():
            self.send_header(key, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # the other side has had enough
            self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def _server():
    server = TileServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def server(_server, kept):
    """A server of good tiles whose answers a test may change."""
    _server.answer, _server.asked, _server.heads = good, Counter(), []
    return _server


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """An empty folder for tiles; no source has failed, nobody is waited for."""
    folder = tmp_path / "kept"
    monkeypatch.setenv("SYRIAMAP_CACHE", str(folder))
    monkeypatch.setattr(tiles, "PATIENCE", HASTY)
    tiles._failed.clear()
    make_backdrop.cache_clear()
    return folder


@pytest.fixture
def no_network(monkeypatch):
    """Fail whenever a socket is opened."""

    def refuse(*args, **kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
