"""Maps with a basemap: what is under them, what they say of it, and what happens when it does not come."""

import json
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from matplotlib.image import BboxImage

from syriamap.atlas import compose_map, make_backdrop, render_map, save_map
from syriamap.basemap import Grid, find_source, read_basemap, tiles
from syriamap.colour import contrast, distance
from syriamap.draw import ink_map
from syriamap.draw.layers import list_layers
from syriamap.draw.vectors import VectorBoard
from syriamap.errors import BasemapError, BasemapWarning
from syriamap.inputs import list_inputs
from syriamap.lint import Verdict, lint_map
from syriamap.model import Box, Extent
from syriamap.picture import Underlay
from syriamap.products.series import compose_series
from syriamap.products.sheet import compose_sheet
from syriamap.save import build_sidecar
from syriamap.scene.backdrop import STEP, STEPS, backdrop_grid, tone
from syriamap.scene.camera import Camera
from syriamap.series import render_series
from syriamap.tasks import UNPACKED, Task, draw_task, pack_parcel
from syriamap.theme import get_theme
from tests.cli.conftest import here, run

from .conftest import GRID, colour_of, encode, good
from .test_files import places, write_tiff

DAY = date(2024, 12, 5)
SMALL = {"view": "country", "size": "640x450"}
SECRET = "?key=s3cret"
MAKER = "Natural Earth"  # of the relief too: maps of one credit share their layout

__all__ = ["here"]


def furniture(scene, kind):
    return " ".join(piece.text for piece in scene.furniture if piece.kind == kind)


def faults(path):
    return {one.number: one.faults for one in lint_map(path).findings if one.verdict is Verdict.FAULT}


@pytest.fixture
def asked(server):
    """The choices of a small map with the tiles of the server."""
    return {**SMALL, "basemap": server.url, "basemap_credit": MAKER}


# What lies under a map


def test_tiles_lie_under_the_map_where_they_belong(asked):
    scene = compose_map(DAY, **asked)
    ink, camera = scene.backdrop.ink, Camera(scene.crs, scene.extent, scene.map_box)
    colours = ink.colours[ink.numbers]
    for lon, lat in [(36.2, 34.2), (41.5, 33.3), (39.0, 37.1), (37.5, 32.5)]:  # around the country
        x, y = camera.lonlat(lon, lat)
        red, green, blue, alpha = colours[int(y - ink.box.y0), int(x - ink.box.x0)].astype(int)
        true = colour_of(np.array(lon), np.array(lat))
        assert np.abs(np.array([red, green, blue]) - true).max() < 20  # few colours stand for many
        assert 40 < alpha < 130


def test_pixels_and_metres_belong_together_on_a_turned_map_too():
    scene = compose_map(DAY, view="hasakah", size="640x450")
    camera = Camera(scene.crs, scene.extent, scene.map_box)
    box, extent = backdrop_grid(camera)
    assert (box.x0, box.width % 1, box.height % 1) == (int(box.x0), 0, 0)
    assert extent.width / box.width == pytest.approx(extent.height / box.height)
    lon, lat = Grid(camera.crs, extent, int(box.width), int(box.height)).degrees()[:2]
    assert camera.lonlat(lon, lat)[1] >= box.y1 - 40
    x = box.x0 + (scene.extent.west - extent.west) * camera.px_per_m
    assert x == pytest.approx(scene.map_box.x0, abs=1e-6)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_land_keeps_its_colour_in_the_mean_and_somewhere_exactly(theme):
    scene, look = compose_map(DAY, **SMALL, theme=theme, basemap="relief"), get_theme(theme)
    ink = scene.backdrop.ink
    alpha = ink.colours[ink.numbers].astype(float)
    bare = ink_map(replace(scene, backdrop=None), look).paint()
    x0, y0 = int(ink.box.x0), int(ink.box.y0)
    part = bare[y0 : y0 + ink.numbers.shape[0], x0 : x0 + ink.numbers.shape[1], :3]
    for patch in scene.control:
        rgb = np.array([int(patch.fill[at : at + 2], 16) for at in (1, 3, 5)])
        here = (part == rgb).all(axis=2)
        if here.sum() < 4000:
            continue
        over = alpha[here]
        share = over[:, 3:] / 255
        mean = (over[:, :3] * share + rgb * (1 - share)).mean(axis=0)
        assert distance(patch.fill, "#{:02x}{:02x}{:02x}".format(*np.rint(mean).astype(int))) < 2.0
        assert (over[:, 3] == 0).mean() > 0.1


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_fronts_stand_out_from_the_darkest_and_the_lightest_shade(theme):
    look, most = get_theme(theme), STEP * STEPS
    for style in look.parties.values():
        for fill in filter(None, (style.fill, style.before, style.sparse)):
            for ink in (0, 255):
                rgb = [round(int(fill[at : at + 2], 16) * (1 - most) + ink * most) for at in (1, 3, 5)]
                assert contrast(look.colours["front"], "#{:02x}{:02x}{:02x}".format(*rgb)) >= 3


def test_names_of_a_basemap_do_not_stand_among_ours():
    words = np.full((200, 300, 4), (240, 238, 230, 255), np.uint8)
    words[:, 150:, :3] = (170, 211, 223)  # an area
    words[20:180:10, 20:120, :3] = 40  # strokes
    inside = np.ones((200, 300), bool)
    numbers, colours = tone(words, inside, inside, np.ones((200, 300)), unit=1.0, dark=False)
    assert len(np.unique(numbers[:, 20:100])) < 4
    assert (colours[numbers[:, 160:180]][..., 3] > 0).any()  # the area shades


def test_a_light_basemap_is_dark_in_a_dark_theme(asked, server):
    light = np.full((256, 256, 3), (242, 239, 233))
    light[::7, ::5] = (200, 230, 180)
    server.answer = lambda z, x, y, turn: (200, {}, encode(np.roll(light, (x, y), (0, 1)) - (x % 8, y % 8, 0)))
    ink = compose_map(DAY, **asked, theme="dark").backdrop.ink
    own = ink.colours[2 * STEPS + 1 :]
    assert own[:, :3].max() < 120


# What is said of it


@pytest.mark.parametrize(
    "choices",
    [
        {"lang": "en+ar", "style": "points", "theme": "dark", "size": "og", "basemap": "relief"},
        {"view": "country"},
        {"theme": "print", "size": "og", "lang": "ar"},
    ],
    ids=str,
)
def test_maps_with_basemaps_pass_the_checks(tmp_path, server, choices):
    noise = np.random.default_rng(5).integers(-25, 25, (256, 256, 1)) + np.array([130, 110, 80])
    if "size" not in choices:  # what is hard to make light: an image from space
        server.answer = lambda z, x, y, turn: (200, {}, encode(np.roll(noise, x * 31 + y * 7, axis=0)))
    tiles = {"basemap": server.url, "basemap_credit": "© The Testers"}
    made = render_map(DAY, **{**tiles, **choices}, strict=True)
    assert made.scene.backdrop.ink is not None
    picture, _ = save_map(made, tmp_path / "map.png")
    assert faults(picture) == {}


@cache
def with_relief():
    return render_map(DAY, **SMALL, basemap="relief")


def test_an_svg_and_a_figure_hold_the_picture():
    root = ET.fromstring(with_relief().encode("svg"))
    image = next(root.iter("{http://www.w3.org/2000/svg}image"))
    box = with_relief().scene.backdrop.ink.box
    assert [float(image.get(key)) for key in ("x", "y", "width", "height")] == [box.x0, box.y0, box.width, box.height]
    assert image.get("clip-path").startswith("url(#clip_")
    images = [one for one in with_relief().figure.axes[0].get_children() if isinstance(one, BboxImage)]
    assert [one.get_array().shape for one in images] == [(box.height, box.width, 4)]


def test_without_a_page_the_map_is_as_with_one():
    ink = ink_map(with_relief().scene, with_relief().theme)
    both = ink.paint(transparent=True), ink.paint()
    x0, y0, x1, y1 = (round(edge) for edge in with_relief().scene.map_box)
    clear, whole = (found[y0 + 2 : y1 - 2, x0 + 2 : x1 - 2].astype(int) for found in both)
    assert np.abs(clear - whole).max() < 3


def test_a_heavy_picture_is_coarser_in_an_svg():
    numbers = np.random.default_rng(5).integers(0, 200, (1200, 1500)).astype(np.uint8)
    colours = np.random.default_rng(6).integers(0, 255, (200, 4)).astype(np.uint8)
    board = VectorBoard(1600, 1300)
    board.lay(Underlay(Box(0, 0, 1500, 1200), numbers, colours), Box(0, 0, 1500, 1200))
    assert 100_000 < len(board.finish().ink) < 750_000


def test_the_credit_is_on_the_map_and_its_key_is_nowhere(tmp_path, asked, server):
    made = render_map(DAY, **{**asked, "basemap": server.url + SECRET, "basemap_credit": "The Testers"})
    scene = made.scene
    assert "The Testers" in furniture(scene, "data")
    assert "The Testers" in scene.words.rights
    picture, beside = save_map(made, tmp_path / "map.png")
    assert b"s3cret" not in picture.read_bytes() + beside.read_bytes()
    basemap = json.loads(beside.read_text("utf-8"))["basemap"]
    assert {**basemap, "sha256": len(basemap["sha256"])} == {
        "name": "127.0.0.1",
        "source": server.url + "?key=***",
        "credit": "The Testers",
        "zoom": scene.backdrop.zoom,
        "tiles": len(server.asked),
        "sha256": 64,
        "used": True,
        "reason": "",
    }


def test_the_same_bytes_twice_and_from_what_is_kept(tmp_path, asked, server, monkeypatch):
    first = save_map(render_map(DAY, **asked), tmp_path / "a" / "map.png")
    make_backdrop.cache_clear()
    asked_for = server.asked.total()
    server.answer = lambda *_: (500, {}, b"")
    monkeypatch.setattr("socket.socket.connect", None)
    again = save_map(render_map(DAY, **asked), tmp_path / "b" / "map.png")
    assert [one.read_bytes() for one in first] == [one.read_bytes() for one in again]
    assert server.asked.total() == asked_for


# When it does not come


@pytest.fixture
def forbidden(server):
    server.answer = lambda *_: (403, {"Content-Type": "text/html"}, b"<h1>Access blocked</h1>")
    return server


def test_without_its_tiles_a_map_is_drawn_on_our_own_ground(asked, forbidden):
    with pytest.warns(BasemapWarning, match=r"drawn without its basemap: 127.0.0.1: tile \d+/\d+/\d+: HTTP 403"):
        scene = compose_map(DAY, **{**asked, "basemap_credit": "The Testers"})
    assert "The Testers" not in furniture(scene, "data") + scene.words.rights
    assert not any(layer.name == "basemap" for layer in list_layers(scene, get_theme("light"), ""))
    basemap = build_sidecar(scene, get_theme("light"), picture=b"", name="x.png", command=[])["basemap"]
    assert not basemap["used"]
    assert "403" in basemap["reason"]
    assert (basemap["sha256"], basemap["zoom"], basemap["tiles"]) == ("", None, 0)


def test_strict_draws_no_map_without_them(asked, forbidden):
    with pytest.raises(BasemapError, match="403"):
        compose_map(DAY, **asked, strict=True)


def test_the_command_warns_and_goes_on_or_refuses(here, forbidden):
    words = ["render", DAY, "--size", "640x450", "--view", "country", "--basemap", forbidden.url + SECRET]
    words += ["--basemap-credit", MAKER]
    done = run(*words, "-o", "map.png")
    assert done.exit_code == 0
    assert done.stderr.count("warning: the map is drawn without its basemap: 127.0.0.1: tile ") == 1
    assert "HTTP 403 Forbidden; expected 200 with a PNG" in done.stderr
    assert "s3cret" not in done.output + (here / "map.json").read_text("utf-8")
    refused = run(*words, "-o", "strict.png", "--strict")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: 127.0.0.1: tile ")
    assert not (here / "strict.png").exists()


def test_a_command_with_words_that_are_wrong_draws_nothing(here):
    for words, said in [(["--basemap", "Mapnik"], "OpenStreetMap.Mapnik"), (["--basemap", "no.tif"], "is not there")]:
        done = run("render", DAY, *words)
        assert done.exit_code == 1
        assert said in done.stderr
    assert not list(here.iterdir())


# Without a network


def test_relief_and_files_need_no_network(tmp_path, no_network):
    path = write_tiff(tmp_path / "ground.tif", places(0.05))
    for name in ("relief", path):
        scene = compose_map(DAY, **SMALL, basemap=name, basemap_credit=MAKER, strict=True)
        assert scene.backdrop.ink is not None
        assert any(one.path in ("relief/relief.png", "ground.tif") for one in scene.inputs)
    source = find_source("relief")
    assert read_basemap(source, GRID._replace(extent=Extent(0, 0, 1000, 1000))).pixels.any()


# Series


def test_a_series_is_drawn_again_when_its_basemap_was_missing(tmp_path, asked, forbidden):
    del asked["view"], asked["size"]
    ask = {**asked, "dates": [DAY], "views": ["country"], "sizes": ["640x450"], "folder": tmp_path}
    with pytest.warns(BasemapWarning):
        frames = render_series(**ask)
    assert not json.loads(frames[0].sidecar.read_text("utf-8"))["basemap"]["used"]
    forbidden.answer = good
    tiles._failed.clear()
    assert [frame.what for frame in render_series(**ask)] == ["drawn"]
    assert [frame.what for frame in render_series(**ask)] == ["fresh"]
    assert json.loads(frames[0].sidecar.read_text("utf-8"))["basemap"]["used"]


def test_a_file_travels_with_a_task(tmp_path):
    path = write_tiff(tmp_path / "ground.tif", places(0.1))
    choices = {**SMALL, "basemap": str(path), "basemap_credit": MAKER, "lang": "en", "strict": True}
    parcel, inputs = pack_parcel(choices), list_inputs(choices)
    shutil.move(path, tmp_path / "elsewhere.tif")
    drawn = draw_task(Task(choices, ((DAY, ("map.png",)),), inputs, parcel=parcel))[0]
    UNPACKED.clear()
    said = json.loads(drawn.sidecar)
    assert said["basemap"]["used"]
    assert said["basemap"]["source"] == "ground.tif"
    assert "--basemap ground.tif" in said["command"]


def test_a_sheet_has_it_under_every_map():
    series = compose_series([DAY, date(2024, 12, 6)], {"basemap": "relief", "view": "country"})
    sheet = compose_sheet(series, sized=False)
    inks = [panel.backdrop.ink for panel in sheet.panels]
    assert inks[0].numbers is inks[1].numbers  # drawn once
    for panel, ink in zip(sheet.panels, inks, strict=True):
        apart = np.subtract(panel.map_box, ink.box)
        assert np.abs(apart).max() < 2
    assert "Natural Earth" in sheet.page.words.data
