"""The README shows what the program does: its picture is what `make map` draws, no command is missing. Its blocks
and links are tried with those of docs/, in tests/docs."""

import tomllib
from datetime import date
from pathlib import Path

import numpy as np
from click.testing import CliRunner
from PIL import Image

from syriamap import render_map, save_map
from syriamap.catalog import data_file
from syriamap.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_picture_is_what_make_map_draws(tmp_path):
    picture, _ = save_map(render_map(date(2024, 12, 5)), tmp_path / "map.png")
    with Image.open(picture) as drawn, Image.open(ROOT / "docs/map.png") as shown:
        assert drawn.size == shown.size
        one, other = (np.asarray(image.convert("RGB"), dtype=int) for image in (drawn, shown))
    apart = np.abs(one - other)
    assert apart.mean() < 0.05, "the README's picture is out of date: run make picture"


def test_every_command_is_shown():
    assert all(f"syriamap {name} " in README for name in main.list_commands(None) if name != "sources")
    assert "syriamap sources" in README


def test_every_size_is_named():
    sizes = tomllib.loads(data_file("sizes.toml").read_text("utf-8"))
    told = " ".join(CliRunner().invoke(main, ["render", "--help"]).output.split())
    assert all(name in README and name in told for name in sizes)
