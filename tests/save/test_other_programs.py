"""The pictures as other programs read them; `make test-all` installs the Debian packages these tests need."""

import json
import os
import shutil
import subprocess
from datetime import date
from types import SimpleNamespace
from unicodedata import combining

import numpy as np
import pytest
from PIL import Image

from syriamap import render_map, save_map
from syriamap.catalog import data_file
from syriamap.draw.canvas import draw_layers
from syriamap.draw.layers import Layer
from syriamap.draw.text import add_texts
from syriamap.model import Box
from syriamap.picture import TextRun
from syriamap.save.pdf import encode_pdf
from syriamap.scripts import MARK
from syriamap.theme import get_theme


def needs(tool):
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    made = render_map(date(2024, 12, 5))
    for form in ("png", "svg", "pdf"):
        save_map(made, folder / form / f"map.{form}")
    (folder / "svg/outlines.svg").write_bytes(made.encode("svg", outlines=True))
    return folder, made


def apart(one, other):
    """Return the mean difference of two pictures at a quarter of their size, where subpixels hardly count."""
    with Image.open(one) as first, Image.open(other) as second:
        assert first.size == second.size
        small = [np.asarray(image.convert("RGB").reduce(4), dtype=int) for image in (first, second)]
    return np.abs(small[0] - small[1]).mean()


FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


@needs("rsvg-convert")
@pytest.mark.parametrize("name", ["map", "outlines"])
def test_the_svg_looks_like_the_png_in_another_renderer(files, tmp_path, name):
    """With our fonts installed where this one looks for them; outlines need none."""
    folder, _ = files
    known = FONTS.format(fonts=data_file("fonts") if name == "map" else tmp_path, cache=tmp_path / "cache")
    (tmp_path / "fonts.conf").write_text(known, "utf-8")
    env = os.environ | {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    words = ["rsvg-convert", str(folder / f"svg/{name}.svg"), "-o", str(tmp_path / "svg.png")]
    subprocess.run(words, check=True, env=env)
    assert apart(tmp_path / "svg.png", folder / "png/map.png") < 1.0


@needs("exiftool")
def test_other_programs_read_title_and_description(files):
    folder, made = files
    words = ["exiftool", "-j", "-charset", "UTF8", str(folder / "png/map.png")]
    told = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)[0]
    assert told["Title"] == made.scene.words.title
    assert told["Description"] == made.scene.words.caption
    assert told["AltTextAccessibility"] == made.scene.words.alt
    assert told["ImageSize"] == "1280x900"


@needs("pdftotext")
def test_the_words_of_the_pdf_can_be_searched(files):
    folder, made = files
    text = subprocess.run(["pdftotext", str(folder / "pdf/map.pdf"), "-"], check=True, capture_output=True).stdout
    words = " ".join(text.decode("utf-8").split())
    assert made.scene.words.title in words
    assert "5 December 2024" in words
    for town in ("Aleppo", "Hama", "Homs"):
        assert town in words


@needs("pdftoppm")
def test_the_pdf_looks_like_the_png(files, tmp_path):
    folder, _ = files
    words = ["pdftoppm", "-png", "-r", "96", "-singlefile", str(folder / "pdf/map.pdf"), str(tmp_path / "pdf")]
    subprocess.run(words, check=True)
    assert apart(tmp_path / "pdf.png", folder / "png/map.png") < 2.0  # the map of two days before is 3.0 apart


ARABIC = ("حلب", "الجيش الوطني السوري", "حمص – 5 كانون الأول", f"{MARK}M5: حلب – حماة (45 km)", "جُبَيْل")
BIDI = dict.fromkeys(range(0x202A, 0x202F))


@needs("pdftotext")
def test_joined_and_tracked_words_of_a_pdf_can_be_searched(tmp_path):
    theme = get_theme("light")
    tracked = next(role for role, style in theme.type.items() if style.tracking)
    lines = [*((text, "town") for text in ARABIC), ("GOVERNMENT", tracked)]
    runs = [
        TextRun(text, role, 40.0, 60.0 * (turn + 1), 30.0, "#000000", Box(0, 0, 1, 1), "#ffffff")
        for turn, (text, role) in enumerate(lines)
    ]
    size = SimpleNamespace(width_px=600, height_px=60 * (len(lines) + 1), dpi=96)
    page = SimpleNamespace(size=size, lang="ar", words=SimpleNamespace(title="T", alt="A", credit="C"))
    figure = draw_layers([Layer("labels", add_texts, (runs, theme))], size)
    (tmp_path / "lines.pdf").write_bytes(encode_pdf(figure, page, b""))
    found = subprocess.run(["pdftotext", str(tmp_path / "lines.pdf"), "-"], check=True, capture_output=True).stdout
    told = found.decode("utf-8").translate(BIDI)
    for word in ("حلب", "الجيش الوطني السوري", "حمص", "كانون الأول", "M5", "حماة", "GOVERNMENT"):
        assert word in told, word
    assert told.count("حلب") == 2
    assert told.count("GOVERNMENT") == 1
    marks = [letter for letter in told if combining(letter)]  # pdftotext moves them a letter on; none is lost
    assert ("جبيل" in "".join(letter for letter in told if not combining(letter)), len(marks)) == (True, 3)
