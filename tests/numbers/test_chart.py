"""The chart: what is decided is what the table says, land never without places, nothing too small or on another."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import shapely
from PIL import Image

from syriamap import control_stats, render_chart, save_chart
from syriamap.errors import OutputError
from syriamap.lint import find_maps
from syriamap.scene.chart import spread
from syriamap.theme import get_theme

FIRST, LAST = date(2024, 11, 26), date(2024, 12, 10)
SIZES = ("web", "web-small", "x", "og", "square", "portrait", "story", "wire", "print-1col", "print-2col", "print-page")


@cache
def chart(size="web", theme="light", first=FIRST, last=LAST):
    return render_chart(first, last, size=size, theme=theme).chart


def test_two_panels_so_that_neither_stands_alone():
    land, places = chart().panels
    assert (land.id, places.id) == ("area_share", "places_share")
    assert (land.box.y0, land.box.y1) == (places.box.y0, places.box.y1)
    assert land.box.x1 < places.box.x0


def test_bands_are_as_high_as_the_shares():
    frame = control_stats(FIRST, LAST)
    for panel in chart().panels:
        assert sum(band.geometry.area for band in panel.bands) == pytest.approx(panel.box.width * panel.box.height)
        for band in panel.bands:
            mean = frame[frame["party"] == band.party][panel.id].mean()
            assert band.geometry.area / panel.box.width / panel.box.height == pytest.approx(mean)
            assert band.fill == get_theme("light").party(band.party).fill


@pytest.mark.parametrize("size", SIZES)
def test_every_word_is_large_enough_inside_and_apart(size):
    made = chart(size)
    runs = [run for panel in made.panels for run in (*panel.runs, *(label.run for label in panel.labels))]
    around = [run for piece in made.furniture for run in piece.runs]
    for run in (*runs, *around):
        assert run.px >= made.size.min_px - 1e-9
        assert made.canvas.holds(run.box), run.text
    for panel in made.panels:
        rows = [label.run for label in panel.labels]
        assert all(other.y - one.y >= 0.95 * one.px for one, other in pairwise(rows))
        assert panel.box.width > 0.12 * made.canvas.width
        assert panel.box.height > 0.2 * made.canvas.height
    boxes = shapely.box(*np.array([run.box for run in runs if not run.text.endswith("%") or " " in run.text[:-2]]).T)
    for panel in made.panels:  # names of parties and titles lie on no band
        inside = shapely.intersects(boxes, shapely.box(*panel.box))
        assert not inside.any()


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_colours_and_patterns_are_those_of_the_theme(theme):
    made, look = chart(theme=theme), get_theme(theme)
    for panel in made.panels:
        for label in panel.labels:
            assert bool(label.patterns) == bool(look.party(label.party).pattern)
        assert {line.colour for line in panel.patterns} == {
            look.party(label.party).pattern_colour
            for label, band in zip(panel.labels, panel.bands, strict=True)
            if look.party(label.party).pattern and not band.geometry.is_empty
        }


def test_labels_say_the_share_of_the_last_day():
    made = chart(last=date(2024, 12, 5))
    land, places = ({label.party: label.run.text for label in panel.labels} for panel in made.panels)
    assert land["government"] == "Government 55 %"
    assert places["government"] == "Government 33 %"
    assert land["undof"] == "UN zone <1 %"  # what is there is never nought
    assert "unknown" not in land  # a party with nothing on all days has no band


def test_words_say_days_sources_and_credit():
    made = chart()
    assert made.words.as_of == "At the end of each day, 26 November to 10 December 2024"
    assert chart(first=date(2024, 12, 5), last=date(2024, 12, 5)).words.as_of == "At the end of 5 December 2024"
    assert not any("last recorded" in note for note in made.words.notes)
    assert chart(last=date(2024, 12, 12)).words.notes[-1] == "After 10 December 2024: as last recorded."
    printed = " ".join(run.text for piece in made.furniture for run in piece.runs)
    for words in ("Sources: ", "OpenStreetMap", "Map: syriamap", "10 December 2024", "do not imply endorsement"):
        assert words in printed
    assert made.words.alt.startswith("Chart: ")
    assert 40 <= len(made.words.alt) <= 250
    assert "of land" in made.words.alt
    assert "of places" in made.words.alt


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_files_and_the_sidecar_beside_them(form, tmp_path):
    drawn = render_chart(FIRST, LAST)
    picture, beside = save_chart(drawn, tmp_path / "a" / f"chart.{form}")
    told = json.loads(beside.read_text("utf-8"))
    assert (told["kind"], told["since"], told["as_of"]) == ("chart", "2024-11-26", "2024-12-10")
    assert told["output"] == {"path": picture.name, "sha256": hashlib.sha256(picture.read_bytes()).hexdigest()}
    assert all({"area_share", "places_share"} <= set(row) for row in told["rows"])
    assert len(told["rows"]) == 15 * len(control_stats(FIRST))
    assert told["smallest_px"] >= told["min_px"]
    assert told["alt"]
    assert told["sources"]
    assert told["inputs"]
    again = save_chart(render_chart(FIRST, LAST), tmp_path / "b" / f"chart.{form}")
    assert [path.read_bytes() for path in again] == [picture.read_bytes(), beside.read_bytes()]
    with pytest.raises(OutputError, match="exists and is kept"):
        save_chart(drawn, picture)


def test_the_picture_shows_the_bands(tmp_path):
    drawn = render_chart(FIRST, LAST)
    picture, _ = save_chart(drawn, tmp_path / "chart.png")
    with Image.open(picture) as image:
        assert image.size == (1280, 900)
        assert image.text["Description"] == drawn.chart.words.alt
        for panel in drawn.chart.panels:
            for band in (band for band in panel.bands if not get_theme("light").party(band.party).pattern):
                if band.geometry.area > 2000:
                    spot = shapely.maximum_inscribed_circle(band.geometry).coords[0]
                    red, green, blue = image.convert("RGB").getpixel(tuple(map(int, spot)))
                    assert f"#{red:02X}{green:02X}{blue:02X}" == band.fill


def test_a_chart_is_no_map_to_check(tmp_path):
    save_chart(render_chart(FIRST, LAST), tmp_path / "chart.png")
    (tmp_path / "table.json").write_text('{"kind": "stats"}')
    (tmp_path / "map.png").write_bytes(b"")
    assert find_maps([tmp_path]) == [tmp_path / "map.png"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([10, 50, 90], [10, 50, 90]),
        ([50, 50, 50], [40, 50, 60]),
        ([0, 0, 5], [0, 10, 20]),
        ([100, 100], [90, 100]),
        ([20, 21, 60, 61], [15.5, 25.5, 55.5, 65.5]),
    ],
)
def test_labels_push_one_another_apart(wanted, expected):
    assert spread(wanted, 10, 0, 100) == pytest.approx(expected)


def test_where_there_is_too_little_room_labels_share_it():
    assert spread([5, 5, 5], 10, 0, 10) == pytest.approx([0, 5, 10])
