"""Files are whole or absent, kept unless told otherwise, and the same bytes every time."""

import errno
import hashlib
import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from syriamap import render_map, save_map
from syriamap.errors import OutputError, UnknownNameError
from syriamap.save import files, write_whole


@pytest.fixture(scope="module")
def made():
    return render_map(date(2024, 12, 5))


def test_png_has_the_size_and_words_of_the_scene(made, tmp_path):
    picture, _ = save_map(made, tmp_path / "map.png")
    with Image.open(picture) as image:
        assert image.size == (1280, 900)
        assert image.mode == "P"
        assert image.text["Description"] == made.scene.words.alt
        assert image.info["dpi"] == pytest.approx((96, 96), abs=0.1)


def test_svg_is_well_formed_and_of_the_right_size(made, tmp_path):
    picture, _ = save_map(made, tmp_path / "map.svg")
    root = ET.fromstring(picture.read_text("utf-8"))
    assert (root.get("width"), root.get("height")) == ("1280", "900")
    assert root.get("viewBox") == "0 0 1280 900"


def test_pdf_is_one_page_without_a_date(made, tmp_path):
    content = save_map(made, tmp_path / "map.pdf")[0].read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"CreationDate" not in content
    (page,) = PdfReader(io.BytesIO(content)).pages
    assert [float(side) for side in page.mediabox] == [0, 0, 960, 675]  # 1280 x 900 dots, 96 to the inch


def test_sidecar_says_what_the_picture_shows(made, tmp_path):
    picture, beside = save_map(made, tmp_path / "map.png", command=["syriamap", "render", "2024-12-05"])
    said = json.loads(beside.read_text("utf-8"))
    assert said["as_of"] == "2024-12-05"
    assert said["since"] == "2024-11-27"
    assert said["size_px"] == [1280, 900]
    assert said["output"] == {"path": "map.png", "sha256": hashlib.sha256(picture.read_bytes()).hexdigest()}
    assert said["command"] == "syriamap render 2024-12-05"
    assert {entry["path"] for entry in said["inputs"]} >= {"control/statements.csv", "places/places.csv"}
    assert all(len(entry["sha256"]) == 64 for entry in said["inputs"])
    assert sum(base["status"] == "lost" for base in said["bases"]) == 6
    whole = sum(row["area_km2"] for row in said["controllers"])
    assert whole == pytest.approx(185_000, rel=0.02)
    assert said["extent"]["west"] < 36
    assert said["extent"]["east"] > 38


def test_an_existing_file_is_kept_unless_told(made, tmp_path):
    target = tmp_path / "map.png"
    target.write_bytes(b"mine")
    with pytest.raises(OutputError, match="--overwrite"):
        save_map(made, target)
    assert target.read_bytes() == b"mine"
    save_map(made, target, overwrite=True)
    assert target.read_bytes().startswith(b"\x89PNG")


def test_an_existing_sidecar_is_kept_too(made, tmp_path):
    (tmp_path / "map.json").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match=r"map\.json"):
        save_map(made, tmp_path / "map.png")
    assert not (tmp_path / "map.png").exists()


def test_an_unknown_format_leaves_nothing(made, tmp_path):
    with pytest.raises(UnknownNameError, match="png"):
        save_map(made, tmp_path / "map.pgn")
    assert list(tmp_path.iterdir()) == []


def test_a_crash_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "map.png"
    target.write_bytes(b"old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OutputError, match="choose another folder"):
        write_whole(tmp_path / "file" / "map.png", b"")


SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from syriamap import render_map, save_map
made = render_map(date(2024, 12, 5))
for form in ("png", "svg", "pdf", "webp", "jpg"):
    save_map(made, Path(sys.argv[1]) / f"map.{form}", overwrite=True)
clear = render_map(date(2024, 12, 5), transparent=True, outlines=True, size="400x300")
for form in ("png", "svg", "pdf", "webp"):
    save_map(clear, Path(sys.argv[1]) / f"clear.{form}", overwrite=True)
both = render_map(date(2024, 12, 5), lang="ar+zh", digits="arabic", size="square")
for form in ("png", "svg", "pdf"):
    save_map(both, Path(sys.argv[1]) / f"both.{form}", overwrite=True)
"""


def test_same_bytes_in_another_folder_zone_locale_and_hash_seed(tmp_path):
    hashes = []
    for name, zone, seed, locale in (("a", "UTC", "1", "C"), ("b", "Asia/Damascus", "2", "C.UTF-8")):
        folder = tmp_path / name
        folder.mkdir()
        more = {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": locale}
        subprocess.run([sys.executable, "-c", SCRIPT, str(folder)], env=os.environ | more, cwd=folder, check=True)
        hashes.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())})
    forms = ("png", "svg", "pdf", "webp")
    made = {f"{name}.{form}" for name in ("map", "clear") for form in (*forms, "json")}
    assert set(hashes[0]) == {*made, "map.jpg", "both.png", "both.svg", "both.pdf", "both.json"}
    assert hashes[0] == hashes[1]


def test_files_have_the_rights_of_the_folder_not_of_temporaries(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a", b"one")
        write_whole(tmp_path / "a", b"two")
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == b"two"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("missing", ["O_TMPFILE", "folder", "proc"])
def test_where_files_must_have_names_they_are_written_beside(tmp_path, monkeypatch, missing):
    if missing == "O_TMPFILE":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    else:

        def refuse(*_, **__):
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")

        monkeypatch.setattr(files, "_name" if missing == "proc" else "_open_nameless", refuse)
    for content in (b"one", b"two"):
        write_whole(tmp_path / "a", content)
        assert (tmp_path / "a").read_bytes() == content
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~files._umask()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_a_killed_program_left_is_no_hindrance(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    files.hidden_name(tmp_path / "a").write_bytes(b"left")
    write_whole(tmp_path / "a", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"new"}


OPENED = """
import sys
from datetime import date
from pathlib import Path
opened = set()
sys.addaudithook(lambda event, args: opened.add(args[0]) if event == "open" and isinstance(args[0], str) else None)
from syriamap import catalog, render_map
catalog._hash_file = lambda *_: ""  # to hash is to open, and is not what is asked for
made = render_map(date(2024, 12, 5), theme="dark", view="country", size="400x300")
root = catalog.data_dir()
paths = [Path(name) for name in opened]
print(*(path.relative_to(root).as_posix() for path in paths if path.is_relative_to(root) and path.is_file()))
print(*(one.path for one in made.scene.inputs))
"""


def test_whatever_a_map_opens_is_among_its_inputs():
    done = subprocess.run([sys.executable, "-c", OPENED], capture_output=True, text=True, check=True)
    opened, listed = (set(line.split()) for line in done.stdout.splitlines())
    made_from_others = {path for path in opened if path.startswith("prepared/")}  # keyed by the hashes of those
    assert opened - listed == made_from_others
    assert {
        "theatre.toml",
        "themes/dark.toml",
        "themes/light.toml",
        "words/en.toml",
        "names/en.toml",
        "control/statements.csv",
    } <= opened
    by_other_means = {
        "water/lakes.geojson",
        "water/rivers.geojson",
        "roads/highways.geojson",
        "boundaries/sparse.geojson",
    }
    assert listed >= by_other_means
