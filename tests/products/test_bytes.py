"""The same bytes wherever, whenever and in whatever locale a product is made."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import syriamap

CODE = """
from datetime import date
from syriamap.products import write_animation, write_page, write_sheet
days = [date(2024, 12, 7), date(2024, 12, 8)]
choices = {"view": "country", "size": "640x480"}
write_sheet(days, "sheet.pdf", **choices)
write_animation(days, "film.webp", **choices)
write_page(days, "page.html", **choices)
"""


def make(folder, **environment):
    folder.mkdir()
    paths = (str(Path(syriamap.__file__).parents[1]), os.environ.get("PYTHONPATH", ""))
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **environment}
    subprocess.run([sys.executable, "-c", CODE], check=True, cwd=folder, env=known)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_products_are_the_same_anywhere(tmp_path):
    one = make(tmp_path / "here", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    two = make(tmp_path / "there", PYTHONHASHSEED="77", TZ="Asia/Damascus", LC_ALL="C")
    assert sorted(one) == ["film.json", "film.webp", "page.html", "page.json", "sheet.json", "sheet.pdf"]
    assert one == two
