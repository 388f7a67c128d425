"""What needs more than the sidecar: pixels, inputs, a second drawing; and sidecars that are none."""

import json
import shlex
import shutil
import struct
import zlib
from copy import deepcopy
from datetime import date
from types import SimpleNamespace

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from PIL import Image, ImageDraw

from syriamap.atlas import render_map, save_map
from syriamap.cli import main
from syriamap.errors import DataError
from syriamap.lint import CHECKS, Verdict, find_maps, lint_map, read_sidecar
from syriamap.lint.files import check_again
from syriamap.lint.geometry import judge_zones

RULES = {check.number: check for check in CHECKS}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A real map as the command line makes it."""
    picture = tmp_path_factory.mktemp("drawn") / "map.png"
    result = CliRunner().invoke(main, ["render", "2024-12-05", "--title", "Two words", "-o", str(picture)])
    assert result.exit_code == 0, result.output
    return picture


@pytest.fixture
def said(drawn):
    return deepcopy(read_sidecar(drawn.with_suffix(".json")))


@pytest.fixture
def copied(drawn, tmp_path):
    """The map in a folder of its own."""
    for path in (drawn, drawn.with_suffix(".json")):
        shutil.copy(path, tmp_path)
    return tmp_path / "map.png"


# 12: the pixels of the key


def test_swatches_are_the_colours_of_the_map(said, drawn):
    finding = RULES[12].find(said, drawn)
    assert finding.verdict is Verdict.PASS, finding.faults
    assert finding.figure.startswith("9 colours of 6 swatches")


def test_a_small_swatch_may_have_more_stripes_than_fill(tmp_path):
    picture, beside = save_map(render_map(date(2024, 12, 2), size="400x300"), tmp_path / "map.png")
    small = read_sidecar(beside)
    assert "contested" in {row["id"] for row in small["legend"]}
    assert RULES[12].find(small, picture).faults == ()


def test_a_swatch_of_another_colour_is_a_fault(said, copied):
    with Image.open(copied) as file:
        image = file.convert("RGB")
    ImageDraw.Draw(image).rectangle(said["legend"][0]["swatch_px"], fill="#3366CC")
    image.save(copied)
    finding = RULES[12].find(said, copied)
    assert finding.verdict is Verdict.FAULT
    assert "is drawn #3366CC; expected" in finding.faults[0]


def test_a_fill_that_is_nowhere_on_the_map_is_a_fault(said, copied):
    with Image.open(copied) as file:
        image = file.convert("RGB")
    ImageDraw.Draw(image).rectangle(said["map_box_px"], fill="#FFFFFF")
    image.save(copied)
    assert any("is nowhere on the map" in fault for fault in RULES[12].find(said, copied).faults)


@pytest.mark.parametrize(("picture", "why"), [(None, "the picture is not there"), ("map.svg", "a SVG has no pixels")])
def test_without_pixels_the_sidecar_is_compared(said, tmp_path, picture, why):
    picture = picture and tmp_path / picture
    finding = RULES[12].find(said, picture)
    assert finding.verdict is Verdict.PASS
    assert why in finding.figure
    said["legend"][0]["colours"][0] = "#3366CC"
    assert "expected one of" in RULES[12].find(said, picture).faults[0]


# 21: the zones built again


def test_zones_are_built_again(said, drawn):
    finding = RULES[21].find(said, drawn)
    assert finding.verdict is Verdict.PASS
    assert "14 zones" in finding.figure


def test_changed_inputs_cannot_be_judged(said, drawn):
    said["inputs"][0]["sha256"] = "0" * 64
    finding = RULES[21].find(said, drawn)
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert "1 input changed" in finding.figure


def test_a_users_table_is_looked_for_beside_the_map(here_table, said):
    picture, table = here_table
    finding = RULES[21].find(read_sidecar(picture.with_suffix(".json")), picture)
    assert finding.verdict is Verdict.PASS, finding
    table.unlink()
    finding = RULES[21].find(read_sidecar(picture.with_suffix(".json")), picture)
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert finding.figure == "mine.csv is neither beside the map nor here"


@pytest.fixture
def here_table(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("date,unit,controller,source\n2024-12-05,hama,sdf,Reuters\n", "utf-8")
    words = ["render", "2024-12-05", "--control", str(table), "-o", str(tmp_path / "mine.png")]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    return tmp_path / "mine.png", table


def zones(*boxes):
    return {"exact": gpd.GeoDataFrame(geometry=[shapely.box(*box) for box in boxes], index=list("ab")[: len(boxes)])}


COUNTRY = shapely.box(0, 0, 100, 100)


@pytest.mark.parametrize(
    ("boxes", "told"),
    [
        ([(0, 0, 50, 100), (50, 0, 100, 100)], ""),
        ([(0, 0, 50.05, 100), (50, 0, 100, 100)], ""),
        ([(0, 0, 50.2, 100), (50, 0, 100, 100)], "exact zones overlap by 0.200%"),
        ([(0, 0, 49.8, 100), (50, 0, 100, 100)], "exact zones miss or exceed 0.200%"),
        ([(0, 0, 50, 100), (50, 0, 100.2, 100)], "exact zones miss or exceed 0.200%"),
    ],
)
def test_zones_tile_the_country(boxes, told):
    answer = judge_zones(zones(*boxes), COUNTRY)
    assert (answer.verdict is Verdict.PASS) == (not told)
    assert told in " ".join(answer.faults)


def test_invalid_zones_are_a_fault():
    bow = gpd.GeoDataFrame(geometry=[shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])], index=["a"])
    assert "zone of a is invalid" in judge_zones({"exact": bow}, COUNTRY).faults[0]


# 23: drawn again


def test_again_gives_the_same_bytes(said, drawn):
    answer = check_again(said, drawn)
    assert answer.verdict is Verdict.PASS, answer.faults


def test_a_retouched_picture_is_a_fault(said, copied):
    copied.write_bytes(copied.read_bytes() + b"retouched")
    answer = check_again(said, copied)
    assert answer.verdict is Verdict.FAULT
    assert len(answer.faults) == 1
    assert "map.png has other bytes" in answer.faults[0]


def test_an_edited_sidecar_is_a_fault(said, copied):
    beside = copied.with_suffix(".json")
    beside.write_text(beside.read_text("utf-8").replace("2024-12-05", "2024-12-06", 1), "utf-8")
    assert "map.json has other bytes" in check_again(said, copied).faults[0]


def test_a_command_that_fails_is_a_fault(said, drawn):
    said["command"] = "syriamap render 2024-12-05 --view nowhere"
    assert "unknown view 'nowhere'" in check_again(said, drawn).faults[0]


@pytest.mark.parametrize(
    ("words", "odd"),
    [
        (["compare", "ours", "ours", "2024-12-05", "-o", "VICTIM", "--overwrite"], "compare"),
        (["series", "2024-12-05", "--sheet", "VICTIM"], "series"),
        (["stats", "2024-12-05", "--chart", "VICTIM", "--overwrite"], "stats"),
        (["render", "2024-12-05", "--output=VICTIM", "--overwrite"], "--output=VICTIM"),
        (["render", "2024-12-05", "-oVICTIM"], "-oVICTIM"),
        (["render", "2024-12-05", "--theme=VICTIM"], "--theme=VICTIM"),
        (["render", "2024-12-05", "--title", "--next", "--overwrite"], "--overwrite"),
    ],
)
def test_a_strangers_sidecar_runs_no_other_command(said, copied, tmp_path, words, odd):
    victim = tmp_path / "precious.csv"
    victim.write_text("precious")
    said["command"] = shlex.join(["syriamap", *(word.replace("VICTIM", str(victim)) for word in words)])
    (fault,) = check_again(said, copied).faults
    assert repr(odd.replace("VICTIM", str(victim))) in fault
    assert victim.read_text() == "precious"


def test_a_comparison_is_drawn_again_by_its_own_command_alone(said, copied, tmp_path):
    said["compare"] = {}
    for words in (["render", "2024-12-05"], ["compare", "ours", "-", "2024-12-05", "-o", "differences.csv"]):
        said["command"] = shlex.join(["syriamap", *words])
        assert "it was edited" in check_again(said, copied).faults[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.json", "map.png"]


def test_an_opened_socket_is_a_fault(said, drawn, monkeypatch):
    from syriamap.lint import files

    monkeypatch.setattr(files, "AGAIN", files.AGAIN.replace("main()", "import socket; socket.socket()"))
    assert "a socket was opened" in check_again(said, drawn).faults[0]


def test_what_cannot_be_repeated_is_not_applicable(said, drawn):
    assert "not there" in check_again(said, None).figure
    assert RULES[23].find(said, drawn).figure == "not asked for: --again"
    said["command"] = ""
    assert "made from Python" in check_again(said, drawn).figure


# Sidecars


def test_a_map_is_found_by_picture_and_by_sidecar(drawn):
    by_picture, by_sidecar = (lint_map(path) for path in (drawn, drawn.with_suffix(".json")))
    assert by_picture.findings == by_sidecar.findings
    assert [finding.number for finding in by_picture.findings] == list(range(1, 27))


def test_a_folder_holds_maps_once_each(copied, tmp_path):
    (tmp_path / "alone.svg").write_text("")
    (tmp_path / "notes.txt").write_text("")
    assert [path.name for path in find_maps([tmp_path, copied])] == ["alone.svg", "map.json"]
    assert "expected the sidecar" in lint_map(tmp_path / "alone.svg").error


def test_broken_json_is_said(tmp_path):
    path = tmp_path / "map.json"
    path.write_text("{")
    with pytest.raises(DataError, match="is no JSON"):
        read_sidecar(path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda said: said.pop("labels"), r"sidecar\.labels is missing"),
        (lambda said: said["labels"][3].pop("texts"), r"sidecar\.labels\[3\]\.texts is missing"),
        (lambda said: said.update(dpi="96"), r'sidecar\.dpi is "96"; expected int'),
        (lambda said: said.update(softened=1), r"sidecar\.softened is 1; expected bool"),
        (lambda said: said.update(min_px=True), r"sidecar\.min_px is true; expected float"),
        (lambda said: said.update(extent=[]), r"sidecar\.extent is \[\]; expected an object"),
        (lambda said: said.update(priority={}), r"sidecar\.priority is {}; expected list"),
        (lambda said: said["bases"][0].update(lost_on=5), r"lost_on is 5; expected str or NoneType"),
        (lambda said: said["palette"]["colours"].update(ink=0), r"sidecar\.palette\.colours\[ink\] is 0; expected str"),
    ],
)
def test_what_breaks_the_contract_is_named(said, tmp_path, change, told):
    change(said)
    path = tmp_path / "map.json"
    path.write_text(json.dumps(said))
    with pytest.raises(DataError, match=told):
        read_sidecar(path)


def test_halos_reach_as_far_as_they_are_drawn():
    from syriamap.draw.text import HALO_WIDTH
    from syriamap.picture import HALO_REACH

    assert pytest.approx(2 * HALO_REACH) == HALO_WIDTH


def test_a_base_is_vouched_for_by_how_it_was_lost(said):
    lost = next(base for base in said["bases"] if base["status"] == "lost")
    assert lost["confidence"] in ("high", "medium", "low")
    assert lost["source"]


def test_roads_take_over_the_casing_beneath_them(said):
    lines = {line["kind"]: line for line in said["lines"]}
    assert lines["road-piece"]["casing"] == said["palette"]["colours"]["casing"]
    assert "main-road" not in lines, "the stretches cover it"


def test_small_windows_have_colours_too():
    from syriamap.beneath import Beneath
    from syriamap.model import Box

    patches = (
        SimpleNamespace(geometry=shapely.box(0, 0, 50, 100), fill="#111111", party="a"),
        SimpleNamespace(geometry=shapely.box(20, 0, 50, 100), fill="#222222", party="b"),
    )
    beneath, window = Beneath(patches, "#333333"), Box(0, 0, 100, 100)
    assert beneath.parties_at((x, 50) for x in (10, 30, 70)) == ["a", "b", ""]
    assert beneath.around([Box(15, 40, 25, 60), Box(60, 40, 70, 60)], window) == [["#111111", "#222222"], ["#333333"]]
    assert beneath.around([], window) == []
    line = SimpleNamespace(geometry=shapely.LineString([(50, 10), (50, 90)]), width=2.0, casing_width=0.0)
    assert beneath.beside([[line]], window) == [["#222222", "#333333"]]


# Sidecars of the right shape that hold what no map has


@pytest.mark.parametrize("change", [
    {"as_of": ""}, {"crs": "#12"}, {"crs": ""}, {"safe_px": []}, {"size_px": []}, {"safe_px": [0, 0, 1e999, 9]},
    {"lang": ""}, {"lang": "xx"},
], ids=str)  # fmt: skip
def test_values_that_no_map_has_are_faults(change, drawn, tmp_path):
    said = json.loads(drawn.with_suffix(".json").read_text("utf-8")) | change
    (tmp_path / "map.json").write_text(json.dumps(said), "utf-8")
    report = lint_map(tmp_path / "map.json")
    assert report.error or Verdict.FAULT in {one.verdict for one in report.findings}


def test_a_sidecar_without_end_is_none(tmp_path):
    (tmp_path / "map.json").write_text("[" * 100_000, "utf-8")
    assert "is no JSON" in lint_map(tmp_path / "map.json").error


def test_a_picture_of_more_pixels_than_a_map_is_not_unpacked(copied):
    content = copied.read_bytes()
    head = content[12:16] + struct.pack(">II", 60_000, 60_000) + content[24:29]
    copied.write_bytes(content[:12] + head + struct.pack(">I", zlib.crc32(head)) + content[33:])
    assert "has 3,600,000,000 px in all; expected 80,000,000 at most" in lint_map(copied).error
