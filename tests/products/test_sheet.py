"""The sheet: the same map on every day, one key for all, few names that stay put."""

import json
from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest
from PIL import Image
from shapely.affinity import translate

from syriamap.colour import luminance
from syriamap.errors import OutputError, ProductError, UnknownNameError
from syriamap.model import Box
from syriamap.products import write_sheet
from syriamap.products.contract import ProductSidecar

from .conftest import DAYS

CHOICES = [{}, {"size": "square", "theme": "dark"}, {"view": "advance", "size": "og", "theme": "print"}]
POINTS = {"style": "points"}


@pytest.mark.parametrize("choices", [*CHOICES, POINTS], ids=str)
def test_every_panel_has_the_same_map_elsewhere(sheet, choices):
    first, *others = sheet(**choices).panels
    for panel in others:
        dx, dy = panel.map_box.x0 - first.map_box.x0, panel.map_box.y0 - first.map_box.y0
        assert panel.extent == first.extent
        assert (panel.map_box.width, panel.map_box.height) == pytest.approx((first.map_box.width, first.map_box.height))
        for one, other in zip(first.ground, panel.ground, strict=True):
            assert translate(one.geometry, dx, dy).equals_exact(other.geometry, 1e-6)


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_the_key_has_the_parties_and_doubts_that_the_panels_show(sheet, choices):
    made = sheet(**choices)
    shown, doubts = set(), set()
    for panel in made.panels:
        window = Box(*panel.map_box)
        inside = [patch for patch in panel.control if Box(*patch.geometry.bounds).overlaps(window)]
        shown |= {patch.party for patch in inside if patch.look not in ("contested", "claimed")}
        doubts |= {patch.look for patch in inside} & {"contested", "claimed"}
    assert {entry.row.id for entry in made.page.key} == shown | doubts


def test_swatches_have_the_fills_of_the_land(sheet):
    made = sheet()
    fills = {(patch.party, patch.fill) for panel in made.panels for patch in panel.control}
    for entry in made.page.key:
        if entry.row.id not in ("contested", "claimed"):
            assert all((entry.row.id, colour) in fills for colour in entry.row.colours)


def test_a_party_that_gained_shows_before_gained_and_sparse_side_by_side(sheet, series):
    style = series().theme.party("opposition_hts")
    row = next(entry.row for entry in sheet().page.key if entry.row.id == "opposition_hts")
    assert row.colours == (style.before, style.fill, style.sparse)
    assert row.gloss


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_names_stand_inside_their_panel_and_apart(sheet, choices):
    for panel in sheet(**choices).panels:
        for label in panel.labels:
            assert panel.map_box.holds(label.box)
            others = [marker.box for marker in panel.markers if marker.id != label.id]
            assert not any(label.box.overlaps(box) for box in others)
        for one, other in combinations(panel.labels, 2):
            assert not one.box.overlaps(other.box)


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_a_place_has_the_same_spot_in_every_panel(sheet, choices):
    spots = {}
    for panel in sheet(**choices).panels:
        for label in panel.labels:
            x, y = label.box.x0 - panel.map_box.x0, label.box.y0 - panel.map_box.y0
            assert spots.setdefault(label.id, (x, y)) == pytest.approx((x, y))


def test_the_story_is_marked_everywhere_and_named_first_and_when_it_changes_hands(sheet):
    panels = sheet().panels
    story = set(panels[0].priority)
    for panel in panels:
        assert story <= {marker.id for marker in panel.markers}
    assert story <= {label.id for label in panels[0].labels}
    assert "aleppo" in {label.id for label in panels[1].labels}
    assert "damascus" not in {label.id for label in panels[2].labels}
    assert {"hama"} <= {label.id for label in panels[2].labels}
    assert {"homs", "damascus"} <= {label.id for label in panels[3].labels}


@pytest.mark.parametrize("choices", [*CHOICES, POINTS], ids=str)
def test_words_are_large_enough_inside_the_page_and_apart(sheet, choices):
    page = sheet(**choices).page
    runs = [run for piece in page.furniture for run in piece.runs] + [run for entry in page.key for run in entry.runs]
    left, top, right, bottom = page.size.safe
    safe = Box(left, top, page.size.width_px - right, page.size.height_px - bottom)
    for run in runs:
        assert run.px >= page.size.min_px - 0.01
        assert safe.holds(run.box), run.text
    for one, other in combinations(runs, 2):
        assert not one.box.grow(-0.15 * one.px).overlaps(other.box.grow(-0.15 * other.px)), (one.text, other.text)
    for panel in sheet(**choices).panels:
        for label in panel.labels:
            assert all(run.px >= page.size.min_px - 0.01 for run in label.runs)


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_names_stand_out_from_their_halo(sheet, choices):
    for panel in sheet(**choices).panels:
        for label in panel.labels:
            for run in label.runs:
                assert contrast(run.colour, run.halo) >= 4.0  # as the names on the dark map itself


def test_every_panel_has_its_day_and_a_line_and_the_as_of_has_the_span(sheet):
    made = sheet()
    dates = [piece.text for piece in made.page.furniture if piece.kind == "panel-date"]
    assert dates == ["26 Nov", "30 Nov", "5 Dec", "8 Dec"]
    lines = [piece.text for piece in made.page.furniture if piece.kind == "panel-line"]
    assert tuple(lines) == made.lines
    assert lines[2].startswith("Hama")
    assert made.page.words.as_of == "Areas of control at the end of each day, 26 Nov–8 Dec 2024"


def test_no_panel_uses_a_later_statement(sheet):
    for panel in sheet().panels:
        assert panel.evidence
        assert max(one.date for one in panel.evidence) <= panel.on.isoformat()


def test_the_same_sheet_is_written_to_the_same_bytes_with_a_whole_sidecar(tmp_path):
    days, choices = DAYS[2:], {"view": "country", "size": "web"}
    first = write_sheet(days, tmp_path / "one/sheet.png", **choices)
    again = write_sheet(reversed(days), tmp_path / "two/sheet.png", **choices)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert [path.name for path in first] == ["sheet.png", "sheet.json"]
    told = json.loads(first[1].read_text("utf-8"))
    assert set(told) == set(ProductSidecar.__annotations__)
    assert told["days"] == ["2024-12-05", "2024-12-08"]
    assert told["kind"] == "sheet"
    assert [frame["as_of"] for frame in told["frames"]] == told["days"]
    with Image.open(first[0]) as image:
        assert list(image.size) == told["size_px"]
        assert image.info["Description"] == told["alt"]
        colours = {tuple(colour) for colour in np.asarray(image.convert("RGB")).reshape(-1, 3)}
    for row in told["legend"]:
        assert all(tuple(bytes.fromhex(colour[1:])) in colours for colour in row["colours"])


def test_svg_and_pdf_are_written_and_a_sidecar_of_another_file_is_kept(tmp_path):
    svg, beside = write_sheet(DAYS[2:3], tmp_path / "a.svg", view="country")
    pdf, other = write_sheet(DAYS[2:3], tmp_path / "a.pdf", view="country")
    assert svg.read_bytes().startswith(b"<?xml")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert (beside.name, other.name) == ("a.json", "a.sheet.json")
    assert json.loads(beside.read_text("utf-8"))["output"]["path"] == "a.svg"


def test_what_cannot_be_is_refused_before_anything_is_drawn(tmp_path):
    (tmp_path / "there.png").write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists and is kept"):
        write_sheet(DAYS, tmp_path / "there.png")
    assert (tmp_path / "there.png").read_bytes() == b"mine"
    with pytest.raises(UnknownNameError, match="unknown format of a sheet 'gif'"):
        write_sheet(DAYS, tmp_path / "a.gif")
    with pytest.raises(ProductError, match="no day given"):
        write_sheet([], tmp_path / "a.png")
    with pytest.raises(ProductError, match="expected fewer days, or a larger size"):
        write_sheet([DAYS[0] + timedelta(days=turn) for turn in range(7)], tmp_path / "a.png", size="print-1col")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there.png"]
