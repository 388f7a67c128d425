"""The pictures as other programs read them; `make test-all` installs the Debian packages these tests need."""

import json
import shutil
import subprocess
from datetime import date

import numpy as np
import pytest
from PIL import Image

from syriamap import render_map, save_map


def needs(tool):
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    made = render_map(date(2024, 12, 5))
    for form in ("png", "svg", "pdf"):
        save_map(made, folder / form / f"map.{form}")
    return folder, made


@needs("rsvg-convert")
def test_the_svg_looks_like_the_png_in_another_renderer(files, tmp_path):
    folder, _ = files
    target = tmp_path / "svg.png"
    subprocess.run(["rsvg-convert", str(folder / "svg/map.svg"), "-o", str(target)], check=True)
    with Image.open(target) as svg, Image.open(folder / "png/map.png") as png:
        assert svg.size == png.size
        apart = np.abs(np.asarray(svg.convert("RGB"), dtype=int) - np.asarray(png, dtype=int))
    assert apart.mean() < 2.0
    assert (apart.max(axis=2) > 100).mean() < 0.005


@needs("exiftool")
def test_other_programs_read_title_and_description(files):
    folder, made = files
    words = ["exiftool", "-j", "-charset", "UTF8", str(folder / "png/map.png")]
    told = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)[0]
    assert told["Title"] == made.scene.words.title
    assert told["Description"] == made.scene.words.alt
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
    words = ["pdftoppm", "-png", "-r", "72", "-singlefile", str(folder / "pdf/map.pdf"), str(tmp_path / "pdf")]
    subprocess.run(words, check=True)
    with Image.open(tmp_path / "pdf.png") as pdf, Image.open(folder / "png/map.png") as png:
        assert pdf.size == png.size
        apart = np.abs(np.asarray(pdf.convert("RGB"), dtype=int) - np.asarray(png, dtype=int))
    assert apart.mean() < 3.0
