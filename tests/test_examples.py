"""The examples run as they stand, offline, in a folder of their own, and give what they say."""

import base64
import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from PIL import Image, ImageChops

import syriamap
from syriamap.catalog import data_file

EXAMPLES = Path(__file__).parent.parent / "examples"
NOTEBOOK = EXAMPLES / "notebook.ipynb"


@pytest.fixture
def work(tmp_path, monkeypatch):
    """An empty folder to work in, beside nobody's own settings."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    return folder


def run(script, folder, *words):
    command = [sys.executable, str(EXAMPLES / script), "out", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_story_has_a_map_and_its_words_in_every_language_and_size(work):
    langs = ["en", *sorted(path.stem for path in data_file("words").glob("*.toml") if path.stem != "en")[:1]]
    told = run("story.py", work, *langs).splitlines()
    pictures = [f"hama_{lang}_{size}.png" for lang in langs for size in ("web", "square", "story")]
    assert [line.partition(": ")[0] for line in told] == pictures
    sizes = []
    for picture in pictures:
        with Image.open(work / "out" / picture) as drawn:
            sizes.append(drawn.size)
        beside = json.loads((work / "out" / picture).with_suffix(".json").read_text("utf-8"))
        assert list(drawn.size) == beside["size_px"]
        assert beside["lang"] == picture.split("_")[1]
        assert f"{picture}: {beside['alt']}" in told
    assert len(set(sizes)) == 3


def test_a_series_has_maps_a_table_and_a_chart(work):
    told = run("series.py", work)
    assert told.startswith("3 maps of one frame")
    days = pd.date_range("2024-12-03", "2024-12-05")
    maps = [work / "out" / f"syriamap_advance_{day:%Y-%m-%d}_web-small_en.png" for day in days]
    assert all(path.is_file() for path in maps)
    table = pd.read_csv(work / "out" / "areas.csv", index_col="date", parse_dates=True)
    assert list(table.index) == list(days)
    areas = syriamap.control_stats(date(2024, 12, 3), date(2024, 12, 5)).groupby("date")["area_km2"].sum()
    assert table.sum(axis=1).to_numpy() == pytest.approx(areas.to_numpy(), abs=0.5)
    with Image.open(work / "out" / "areas.png") as chart:
        assert chart.format == "PNG"


def test_points_and_a_table_of_ones_own(work):
    run("own_data.py", work)
    tagged = gpd.read_file(work / "out" / "hospitals.geojson").set_index("name")
    assert tagged.crs.to_epsg() == 4326
    ours, theirs = tagged["controller"].to_dict(), tagged["by_own_table"].to_dict()
    assert ours == theirs == {
        "Hospital in Hama": "opposition_hts",
        "Clinic in Morek": "opposition_hts",
        "Clinic in Masyaf": "government",
    }  # fmt: skip
    beside = json.loads((work / "out" / "own.json").read_text("utf-8"))
    assert {entry["path"] for entry in beside["inputs"]} >= {"own_control.csv"}


def test_the_notebook_is_kept_without_outputs_and_byte_for_byte():
    text = NOTEBOOK.read_text("utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * len(code)
    assert nbformat.writes(notebook, indent=1) + "\n" == text
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.language_info == {"name": "python"}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """The outputs of every code cell of the notebook by its id, from a kernel of its own."""
    with pytest.MonkeyPatch.context() as patch:
        folder = work.__wrapped__(tmp_path_factory.mktemp("notebook"), patch)
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        where = {"metadata": {"path": str(folder)}}
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


def picture_of(output):
    with Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"]))) as picture:
        return picture.convert("RGB")


def where_they_differ(one, content):
    """Return in which box of two pictures pixels differ, None where none does, and by how much."""
    with Image.open(io.BytesIO(content)) as picture:
        apart = ImageChops.difference(one, picture.convert("RGB"))
    return apart.getbbox(), apart.getextrema()


def test_a_notebook_shows_a_map_by_itself(outputs):
    (shown,) = outputs["map"]
    assert shown["output_type"] == "execute_result"
    made = syriamap.render_map(date(2024, 12, 5), size="web-small").encode("png")
    same = base64.b64decode(shown["data"]["image/png"]) == made
    assert same, where_they_differ(picture_of(shown), made)


def test_a_notebook_shows_zones_as_a_geodataframe(outputs):
    (table,), (told,) = outputs["layers"], outputs["shares"]
    assert "HTS-led opposition" in table["data"]["text/html"]
    kind, epsg, area, _ = told["text"].split()
    assert (kind, epsg) == ("GeoDataFrame", "4326")
    assert int(area) == pytest.approx(syriamap.control_stats(date(2024, 12, 5))["area_km2"].sum(), abs=1)


def test_a_notebook_shows_points_where_the_map_has_them(outputs):
    """Golden stars stand on the figure, and none is on the map as it is saved."""
    (shown,) = outputs["points"]
    gold = (255, 215, 0)
    assert sum(count for count, colour in picture_of(shown).getcolors(1 << 24) if colour == gold) > 100
    assert gold not in {colour for _, colour in picture_of(outputs["map"][0]).getcolors(1 << 24)}


def test_a_notebook_has_the_map_as_svg_too(outputs):
    """What a notebook keeps is sharp at any size: its front end may choose the SVG."""
    drawn = outputs["map"][0]["data"]["image/svg+xml"]
    assert ElementTree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert "Hama" in drawn
