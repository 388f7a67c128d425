"""Vectors: a group for every layer, every line of text once, and paths that say what the artists say."""

import base64
import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest
import shapely
from fontTools.ttLib import TTFont
from matplotlib.patches import Circle
from matplotlib.path import Path
from PIL import Image

from syriamap.draw import ink_map
from syriamap.draw.board import drawing_rules
from syriamap.draw.furniture import add_logo
from syriamap.draw.layers import list_layers
from syriamap.draw.shapes import path_of
from syriamap.draw.text import measure_text
from syriamap.draw.vectors import VectorBoard, path_data
from syriamap.model import Box
from syriamap.picture import Furniture, TextRun
from syriamap.save.fonts import embed_font
from syriamap.scripts import MARK
from syriamap.theme import get_theme

ARABIC, MIXED = "طرطوس", f"{MARK}M5: حلب – حماة"


def read(vectors):
    return ET.fromstring(f"<svg>{vectors.ink}<defs>{vectors.clips}</defs></svg>")


def draw(*runs, theme="light", outlines=False):
    """Return what a board makes of lines of text."""
    board = VectorBoard(600, 200, outlines=outlines)
    with drawing_rules():
        board.enter("labels")
        board.write(runs, get_theme(theme))
    return board.finish()


def line(text, *, role="town", halo="", px=24.0):
    return TextRun(text, role, 40.0, 90.0, px, "#112233", Box(40, 70, 140, 95), halo)


@pytest.mark.parametrize("view", ["advance", "country"])
def test_every_layer_has_its_group_and_no_name_is_twice(scene, view):
    made = scene("2024-12-05", view)
    theme = get_theme("light")
    root = read(ink_map(made, theme).write())
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert [name for name, often in Counter(names).items() if often > 1] == []
    wanted = [name for name, _ in groupby(layer.name for layer in list_layers(made, theme, "#ffffff"))]
    assert [re.sub(r"-\d+$", "", group.get("id")) for group in root.findall("g")] == wanted
    for group, item in (("labels", "label"), ("markers", "marker")):
        inside = [element.get("id") for element in root.find(f"g[@id='{group}']")]
        assert inside
        assert all(name.startswith(f"{item}-") for name in inside)
    assert {re.sub(r"[^\w.-]+", "-", f"label-{label.id}") for label in made.labels} <= set(names)
    assert {"page", "sea", "control-government-held"} <= set(names)


def test_every_line_of_the_map_is_one_text_and_its_halo_is_hidden(scene):
    made = scene("2024-12-05")
    root = read(ink_map(made, get_theme("light")).write())
    texts = list(root.iter("text"))
    runs = [run for one in (*made.labels, *made.furniture, *made.key, made.scale_bar) for run in one.runs]
    runs += [*made.inset.runs, *(shield.run for shield in made.shields)]
    shown = [one.text for one in texts if one.get("aria-hidden") != "true"]
    assert Counter(shown) == Counter(run.text for run in runs)
    hidden = [one for one in texts if one.get("aria-hidden") == "true"]
    assert Counter(one.text for one in hidden) == Counter(run.text for run in runs if run.halo)
    assert all(one.get("fill") == "none" and one.get("class") == "halo" for one in hidden)
    spaced = [one for one in texts if one.get("letter-spacing")]
    assert {"TURKEY", "GOVERNMENT"} <= {one.text for one in spaced}


def test_without_a_page_only_the_page_is_missing(scene):
    made, theme = scene("2024-12-05"), get_theme("dark")
    whole, clear = (ink_map(made, theme).write(transparent=clear).ink.splitlines() for clear in (False, True))
    (missing,) = (line for line in whole if line not in clear)
    assert 'id="page"' in missing
    assert [line for line in whole if line != missing] == clear


def test_outlines_have_no_text_and_no_fonts(scene):
    drawn = ink_map(scene("2024-12-05"), get_theme("light")).write(outlines=True)
    assert list(read(drawn).iter("text")) == []
    assert drawn.faces == ()


def test_a_line_from_right_to_left_begins_at_its_right_edge():
    style = get_theme("light").type["town"]
    for text in (ARABIC, MIXED):
        (element,) = read(draw(line(text))).iter("text")
        assert element.get("direction") == "rtl"
        assert float(element.get("x")) == pytest.approx(40 + measure_text(text, 24, style).width, abs=0.01)
        assert element.text == text.replace(MARK, "")
    (element,) = read(draw(line("Aleppo"))).iter("text")
    assert (element.get("direction"), element.get("x")) == (None, "40")


def test_joined_letters_are_neither_spaced_nor_slanted():
    theme = get_theme("light")
    spaced = next(role for role, style in theme.type.items() if style.tracking)
    slanted = next(role for role, style in theme.type.items() if style.italic)
    drawn = draw(line(ARABIC, role=spaced), line(ARABIC, role=slanted), line("Sea", role=slanted))
    arabic, other, latin = read(drawn).iter("text")
    assert arabic.get("letter-spacing") is None
    assert (other.get("font-style"), latin.get("font-style")) == (None, "italic")
    assert {(face.family, face.italic) for face in drawn.faces} >= {
        ("Noto Sans Arabic", False),
        ("Source Sans 3", True),
    }


def test_fonts_hold_the_letters_and_how_they_join():
    drawn = draw(line(MIXED), line("AVATAR fi"))
    found = {}
    for face in drawn.faces:
        data = re.search(r"base64,([^)]+)\)", embed_font(face))[1]
        with TTFont(io.BytesIO(base64.b64decode(data))) as font:
            assert font.flavor == "woff"
            found[face.family] = (
                set(font.getBestCmap()),
                {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord},
            )
            assert "kern" in {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord} or (
                face.family != "Source Sans 3"
            )
    letters, features = found["Noto Sans Arabic"]
    assert {ord(letter) for letter in MIXED if "\u0600" <= letter <= "\u06ff"} <= letters
    assert {"init", "medi", "fina"} <= features
    assert {ord(letter) for letter in "AVTRfiM5"} <= found["Source Sans 3"][0]


def test_words_are_data_whatever_they_say():
    (element,) = read(draw(line("<script>&\"'"))).iter("text")
    assert element.text == "<script>&\"'"


def follow(data):
    """Return the corners that relative steps lead to, path by path."""
    here, paths = np.zeros(2), []
    for letter, numbers in re.findall(r"([mlz])([^mlz]*)", data):
        steps = np.array(re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers), dtype=float).reshape(-1, 2)
        if letter == "m":
            paths.append([])
        for step in steps:
            here = here + step
            paths[-1].append(tuple(here))
        if letter == "z":
            here = np.array(paths[-1][0])
    return paths


def test_paths_are_true_to_the_hundredth_of_a_pixel():
    wave = [(x * 0.37 - 5, 1000 + 9.123456 * np.sin(x)) for x in range(300)]
    hole = [(10.25, 1000.5), (20.5, 1000.75), (20.755, 1010.0049), (10.25, 1000.5)]
    ring = shapely.Polygon([(0, 990), (400, 990), (400, 1100), (0, 1100)], [hole])
    for geometry in (shapely.LineString(wave), ring, shapely.union_all([ring, shapely.LineString(wave)])):
        path = path_of(geometry)
        ends = [part[:-1] if part[0] == part[-1] else part for part in follow(path_data(path))]
        points = [point for part in ends for point in part]
        drawn = path.vertices[np.asarray(path.codes) != Path.CLOSEPOLY]
        assert np.abs(np.array(points) - drawn).max() <= 0.0051


def test_points_of_no_length_stay_where_round_ends_make_dots_of_them():
    assert path_data(Path([(3, 4), (3, 4)])) == "m3 4l0 0"
    assert path_data(Path([(3, 4), (3, 4), (3.001, 4), (13.5, 3.9)])) == "m3 4l0 0 10.5-.1"


def test_a_circle_is_a_circle():
    board = VectorBoard(100, 80)
    board.enter("points")
    board.put(Circle((30, 20), 4.5, facecolor="#ff0000", edgecolor="#0000ff", linewidth=2), Box(0, 0, 50, 60))
    (element,) = read(board.finish()).iter("circle")
    assert [element.get(key) for key in ("cx", "cy", "r")] == ["30", "20", "4.5"]
    assert [element.get(key) for key in ("fill", "stroke", "stroke-width")] == ["#ff0000", "#0000ff", "2"]
    (clip,) = read(board.finish()).iter("clipPath")
    assert element.get("clip-path") == f"url(#{clip.get('id')})"
    assert [clip[0].get(key) for key in ("x", "y", "width", "height")] == ["0", "0", "50", "60"]


def test_a_logo_is_inside(tmp_path):
    Image.new("RGB", (30, 12), "#aa0000").save(tmp_path / "logo.png")
    theme = replace(get_theme("light"), logo=tmp_path / "logo.png", logo_size=(30, 12))
    board = VectorBoard(200, 100)
    board.enter("logo")
    add_logo(board, Furniture("logo", Box(20, 10, 180, 90)), theme)
    (element,) = read(board.finish()).iter("image")
    x, y, width, height = (float(element.get(key)) for key in ("x", "y", "width", "height"))
    assert (x, y, x + width, y + height) == pytest.approx((20, 18, 180, 82), abs=0.5)
    with Image.open(io.BytesIO(base64.b64decode(element.get("href").partition(",")[2]))) as image:
        assert image.convert("RGB").getpixel((image.width // 2, image.height // 2)) == (170, 0, 0)
