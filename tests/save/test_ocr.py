"""Arabic on a finished map, read by a program that has never heard of it."""

import io
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image

from syriamap import render_map
from syriamap.atlas import Map
from syriamap.scripts import is_joined

HEIGHTS, COPIES = (36, 48, 64), (1, 3)  # a reader of pages does better on some sizes, and on more than a word
MARGIN = 0.12  # of the size of the text, around its box
NEAR, FAR = 40, 110  # how far a pixel's colour is from that of the letters: ink, and no ink

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


@pytest.fixture(scope="module")
def made():
    return render_map(date(2024, 12, 5), lang="ar")


def largest(scene):
    runs = [run for label in scene.labels for run in label.runs if is_joined(run.text)]
    return sorted(runs, key=lambda run: -run.px)[:6]


def cut_out(picture, run):
    """Return a line of text alone, black on white."""
    margin = MARGIN * run.px
    x0, y0, x1, y1 = (round(edge) for edge in run.box.grow(margin))
    colour = [int(run.colour[at : at + 2], 16) for at in (1, 3, 5)]
    away = np.abs(picture[y0:y1, x0:x1].astype(int) - colour).max(axis=-1)
    return Image.fromarray(np.clip(255 * (away - NEAR) / (FAR - NEAR), 0, 255).astype(np.uint8))


def read_words(line, folder):
    """Return every word that the reader sees, however large the line is and how often it stands there."""
    found = set()
    for height in HEIGHTS:
        word = line.resize((round(line.width * height / line.height), height), Image.Resampling.LANCZOS)
        for copies in COPIES:
            step = word.width + height // 3
            sheet = Image.new("L", (step * copies + 60, height + 60), 255)
            for number in range(copies):
                sheet.paste(word, (30 + number * step, 30))
            sheet.save(folder / "line.png")
            words = ["tesseract", str(folder / "line.png"), "-", "-l", "ara", "--psm", "7"]
            env = os.environ | {"OMP_THREAD_LIMIT": "1"}
            told = subprocess.run(words, check=True, capture_output=True, env=env).stdout.decode("utf-8")
            found.update("".join(sign if sign.isalpha() else " " for sign in told).split())
    return found


def recognised(shown, runs, folder):
    """Return the texts among some that are read on a map."""
    picture = np.asarray(Image.open(io.BytesIO(shown.encode("png"))).convert("RGB"))
    return {run.text for run in runs if set(run.text.split()) <= read_words(cut_out(picture, run), folder)}


def test_the_largest_names_are_read(made, tmp_path):
    runs = largest(made.scene)
    assert len({run.text for run in runs}) == 6
    assert recognised(made, runs, tmp_path) == {run.text for run in runs}


def test_names_set_the_wrong_way_round_are_not_read(made, tmp_path):
    runs = largest(made.scene)
    labels = [
        replace(label, runs=tuple(replace(run, text=run.text[::-1]) if run in runs else run for run in label.runs))
        for label in made.scene.labels
    ]
    wrong = Map(replace(made.scene, labels=tuple(labels)), made.theme)
    assert recognised(wrong, runs, tmp_path) == set()
