"""Tiles as servers send them: good ones lie where they belong, all others are refused with a reason."""

import socket
import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import mercantile
import numpy as np
import pytest
from pyproj import Transformer

from syriamap.basemap import Grid, find_source, read_basemap
from syriamap.basemap.door import Door, _next_address, is_private_name
from syriamap.basemap.judge import Refused
from syriamap.basemap.patience import Patience
from syriamap.basemap.tiles import plan_tiles
from syriamap.errors import BasemapError
from syriamap.model import Extent

from .conftest import CRS, GRID, HASTY, encode, good, good_tile, place_of

PNG = {"Content-Type": "image/png"}
NOTICE = encode(np.random.default_rng(1).integers(0, 255, (256, 256, 3)))
TURNED = Grid(CRS.replace("lon_0=37", "lon_0=40.5"), Extent(-100_000, 50_000, 150_000, 250_000), 250, 200)


def read(server, grid=GRID, url="", **options):
    source = find_source(url or server.url, "Test", **options)
    return read_basemap(source, grid, patience=HASTY)


def check_places(raster, grid):
    """Hold every pixel against where it lies: single ones within a level of colour, all together much nearer."""
    west, south, east, north = grid.extent
    x = west + (np.arange(grid.width) + 0.5) / grid.width * (east - west)
    y = north - (np.arange(grid.height) + 0.5) / grid.height * (north - south)
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(*np.meshgrid(x, y))
    told = place_of(raster.pixels[:, :, :3].astype(float))
    degrees = grid.metres / 111_000
    for found, true, level in zip(told, (lon, lat), (10 / 255, 8 / 255), strict=True):
        assert np.abs(found - true).max() < level + degrees
        assert abs((found - true).mean()) < 0.2 * degrees, "shifted"
    assert (raster.pixels[:, :, 3] == 255).all()


@pytest.mark.parametrize("grid", [GRID, TURNED], ids=["usual", "turned"])
def test_tiles_lie_where_they_belong(server, grid):
    raster = read(server, grid)
    check_places(raster, grid)
    assert raster.tiles == len(server.asked) > 3
    assert 5 <= raster.zoom <= 9


def test_tiles_counted_from_the_south_lie_there_too(server):
    server.answer = lambda z, x, y, turn: (200, PNG, good_tile(z, x, 2**z - 1 - y))
    check_places(read(server, url=server.url.replace("{y}", "{-y}")), GRID)


def test_sharp_tiles_lie_there_too_and_are_fewer(server):
    server.answer = lambda z, x, y, turn: (200, PNG, good_tile(z, x, y, 512))
    usual = plan_tiles(GRID, (0, 19), 256)[0]
    raster = read(server, url=server.url.replace(".png", "{r}.png"))
    check_places(raster, GRID)
    assert raster.zoom == usual - 1
    assert all("@2x" in path for path in server.asked)


def test_the_zoom_suits_the_scale_and_the_source():
    zoom, tiles = plan_tiles(GRID, (0, 19), 256)
    metres = 156543.03 * np.cos(np.radians(35)) / 2**zoom
    assert 0.7 * GRID.metres < metres < 1.5 * GRID.metres
    assert len(tiles) < 240
    assert plan_tiles(GRID, (0, 5), 256)[0] == 5
    assert plan_tiles(GRID._replace(width=32_000, height=28_500), (0, 19), 256)[0] < 14  # no more tiles than may be
    with pytest.raises(BasemapError, match="tiles of zoom 15, the lowest; expected 240 at most"):
        plan_tiles(GRID, (15, 19), 256)


def test_the_agent_is_stable_and_names_us(server):
    read(server)
    assert {head["User-Agent"].split("/")[0] for head in server.heads} == {"syriamap"}
    assert len({head["User-Agent"] for head in server.heads}) == 1
    assert not any("Cookie" in head for head in server.heads)


# What is refused


def one_in(number, answer):
    """Answer good tiles but for one in so many, from the second on."""
    odd = {(tile.x, tile.y) for tile in plan_tiles(GRID, (0, 19), 256)[1][1::number]}
    return lambda z, x, y, turn: answer if (x, y) in odd else good(z, x, y, turn)


REFUSALS = {
    "forbidden": ((403, {"Content-Type": "text/html"}, b"<h1>no</h1>"), "HTTP 403 Forbidden; expected 200 with a PNG"),
    "missing": ((404, {}, b""), "HTTP 404 Not Found"),
    "page": (
        (200, {"Content-Type": "text/html"}, b"<html>sign in"),
        "no image but text/html that begins '<html>sign in'",
    ),
    "empty": ((200, PNG, b""), "no image but nothing"),
    "gif": ((200, {"Content-Type": "image/gif"}, b"GIF89a...."), "no image but image/gif"),
    "broken": ((200, PNG, NOTICE[:3000]), "a broken image of 3000 bytes"),
    "cut off": ((200, {**PNG, "Content-Length": "9000"}, NOTICE[:3000]), "less than was announced|answer in time"),
    "small": ((200, PNG, encode(np.zeros((100, 100, 3)))), "an image of 100 x 100 px"),
    "oblong": ((200, PNG, encode(np.zeros((256, 512, 3)))), "an image of 512 x 256 px"),
    "bomb": ((200, PNG, encode(np.zeros((4000, 4000, 3)))), "an image of 4000 x 4000 px"),
    "giant": ((200, PNG, b"\x89PNG\r\n\x1a\n" + bytes(2_100_000)), "more than 2 MB"),
    "busy": ((429, {"Retry-After": "0"}, b""), "HTTP 429"),
    "failing": ((503, {}, b""), "HTTP 503"),
    "file": ((302, {"Location": "file:///etc/passwd"}, b""), "redirected to file:"),
    "private": ((302, {"Location": "http://10.0.0.1/1.png"}, b""), "10.0.0.1 has the private address 10.0.0.1"),
    "cloud": ((301, {"Location": "http://169.254.169.254/x"}, b""), "the private address 169.254.169.254"),
    "other name": ((307, {"Location": "http://localhost:1/x"}, b""), "localhost has the private address"),
    "mapped": ((307, {"Location": "http://[::ffff:10.0.0.1]/x"}, b""), "has the private address"),
    "nowhere": ((302, {"Location": "http://[x"}, b""), "an answer that leads nowhere"),
    "circle": ((302, {"Location": "?again"}, b""), "redirected more than 3 times"),
    "other size": ((200, PNG, good_tile(7, 77, 50, 512)), "tiles of 256 px and 512 px"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_one_tile_that_is_none_refuses_the_basemap(server, kept, name):
    answer, said = REFUSALS[name]
    server.answer = one_in(5, answer)
    with pytest.raises(BasemapError, match=f"127.0.0.1: .*({said})") as caught:
        read(server)
    assert "relief" in str(caught.value)  # the way out
    assert not list(kept.glob("*/*"))  # nothing of it is kept


def test_chunks_without_an_end_are_given_up(server):
    server.answer = lambda *_: (200, {**PNG, "Content-Length": "x"}, b"\x89PNG\r\n\x1a\n" + bytes(2_100_000))
    with pytest.raises(BasemapError, match="more than 2 MB"):
        read(server)


def test_the_same_notice_everywhere_is_no_map(server):
    server.answer = lambda *_: (200, PNG, NOTICE)
    with pytest.raises(BasemapError, match=r"tiles \d+/\d+/\d+ and \d+/\d+/\d+ are the same picture, as of a notice"):
        read(server)


def test_the_same_notice_twice_is_no_map(server):
    tiles = plan_tiles(GRID, (0, 19), 256)[1][:2]
    server.answer = lambda z, x, y, turn: (200, PNG, NOTICE) if (x, y) in [t[:2] for t in tiles] else good(z, x, y, 1)
    with pytest.raises(BasemapError, match="the same picture"):
        read(server)


def test_blank_tiles_are_no_map_when_most_are(server):
    blank = encode(np.full((256, 256, 3), 170))
    server.answer = lambda *_: (200, PNG, blank)
    with pytest.raises(BasemapError, match="tiles are blank; expected half of them at most"):
        read(server)


def test_some_blank_tiles_are_sea(server):
    blank = encode(np.full((256, 256, 3), 170))
    server.answer = one_in(3, (200, PNG, blank))
    assert read(server).tiles > 3


# What is asked again


@pytest.mark.parametrize("name", ["busy", "failing", "broken", "cut off"])
def test_what_may_be_better_is_asked_again(server, name):
    first = REFUSALS[name][0]
    server.answer = lambda z, x, y, turn: first if turn == 1 else good(z, x, y, turn)
    check_places(read(server), GRID)
    assert set(server.asked.values()) == {2}


def test_what_will_not_be_better_is_not_asked_again(server):
    server.answer = lambda *_: (403, {}, b"")
    with pytest.raises(BasemapError):
        read(server)
    assert set(server.asked.values()) == {1}
    assert len(server.asked) < 8  # nor are all the others asked for


def test_a_slow_server_is_given_up(server):
    server.answer = lambda *tile: time.sleep(0.6) or good(*tile)
    began = time.monotonic()
    with pytest.raises(BasemapError, match="no answer in time"):
        read(server)
    assert time.monotonic() - began < 5


def test_all_tiles_together_have_so_long(server):
    server.answer = lambda *tile: time.sleep(0.1) or good(*tile)
    hurried = HASTY.__class__(read_s=1.0, total_s=0.25)
    with pytest.raises(BasemapError, match=r"more than 0.25 s in all|no time is left"):
        read_basemap(find_source(server.url, "Test"), GRID, patience=hurried)


def test_a_server_that_says_a_letter_now_and_then_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip():
            talking, _ = listening.accept()
            with talking, suppress(OSError):
                talking.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                for _ in range(100):
                    time.sleep(0.05)
                    talking.sendall(b"x")

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/{{z}}/{{x}}/{{y}}.png"
        began = time.monotonic()
        with pytest.raises(BasemapError):
            read_basemap(find_source(url, "T"), GRID, patience=Patience(read_s=2.0, total_s=0.4, tries=1, at_once=1))
        assert time.monotonic() - began < 2
        dripping.join()


def test_nobody_at_home(server):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(BasemapError, match="the connection was refused"):
        read(server, url=f"http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}.png")


def test_a_source_that_failed_is_left_alone_for_a_while(server):
    server.answer = lambda *_: (403, {}, b"")
    for _ in range(2):
        with pytest.raises(BasemapError, match="403"):
            read(server)
        asked = server.asked.total()
    assert server.asked.total() == asked < 8


# Redirections and private networks


def test_a_redirection_is_followed(server):
    server.answer = lambda z, x, y, turn: (
        good(z, x, y, turn) if turn > 1 else (302, {"Location": f"/{z}/{x}/{y}.png"}, b"")
    )
    check_places(read(server), GRID)


@pytest.fixture
def public_name(server, monkeypatch):
    """A public name that leads to this machine."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **options: real("127.0.0.1" if "." in host else host, *more, **options),
    )
    return server.url.replace("127.0.0.1", "tiles.example.org")


def test_a_public_name_that_leads_to_a_private_network_is_refused(server, public_name):
    with pytest.raises(BasemapError, match=r"tiles.example.org has the private address 127.0.0.1; .*--basemap-private"):
        read(server, url=public_name)
    assert not server.asked


def test_unless_that_is_asked_for(server, public_name):
    check_places(read(server, url=public_name, private=True), GRID)


def test_a_name_that_leads_elsewhere_the_second_time_is_refused(server, public_name, monkeypatch):
    monkeypatch.setattr("syriamap.basemap.door._resolve", lambda *_: [])  # as if it had been public when asked
    with pytest.raises(BasemapError, match="private address"):
        read(server, url=public_name)
    assert not server.asked  # it was connected to, and nothing was sent


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "::1", "[fe80::1]", "localhost", "tiles", "map.lan"])
def test_names_of_private_networks(host):
    assert is_private_name(host)


@pytest.mark.parametrize("host", ["tile.openstreetmap.org", "8.8.8.8", "2a00:1450::1"])
def test_names_of_others(host):
    assert not is_private_name(host)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:image/png;base64,x"])
def test_other_schemes_are_never_opened(url):
    with pytest.raises(Refused, match="expected http or https"):
        Door("127.0.0.1", HASTY).fetch(url)


def test_a_secure_address_leads_to_no_other():
    answer = SimpleNamespace(headers={"Location": "http://tiles.example.org/1.png"})
    with pytest.raises(Refused, match="redirected from https to http"):
        _next_address("https://tiles.example.org/1.png", answer)
    assert _next_address("http://tiles.example.org/1.png", answer) == "http://tiles.example.org/1.png"


# What is kept


def test_what_is_kept_needs_no_server(server, kept, monkeypatch):
    first = read(server)
    server.answer = lambda *_: (500, {}, b"")
    monkeypatch.setattr("socket.socket.connect", None)
    again = read(server)
    assert (again.pixels == first.pixels).all()
    assert len(list(kept.glob("*/*"))) == first.tiles


def test_what_is_kept_tells_nobody_the_key(server, kept):
    read(server, url=server.url + "?key=s3cret")
    assert not any("s3cret" in str(path) or b"s3cret" in path.read_bytes() for path in kept.glob("*/*"))


def test_a_broken_file_is_fetched_again(server, kept):
    read(server)
    for path, content in zip(sorted(kept.glob("*/*"))[:2], [b"", b"x" * 50_000], strict=True):
        path.write_bytes(content)
    server.asked.clear()
    check_places(read(server), GRID)
    assert server.asked.total() == 2


def test_the_least_used_are_removed(server, kept, monkeypatch):
    monkeypatch.setenv("SYRIAMAP_CACHE_MB", "0.005")
    read(server)
    held = sum(path.stat().st_size for path in kept.glob("*/*"))
    assert 0 < held <= 5_000
    assert held < sum(len(good_tile(t.z, t.x, t.y)) for t in plan_tiles(GRID, (0, 19), 256)[1])


def test_a_folder_that_cannot_be_written_to_keeps_nothing(server, kept):
    kept.write_text("a file")
    check_places(read(server), GRID)


def test_mercantile_counts_rows_from_the_north():
    assert mercantile.tile(37, 35, 7).y < mercantile.tile(37, 33, 7).y
