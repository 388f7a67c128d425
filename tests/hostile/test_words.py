"""Text of the user's stays text: in a picture no markup and no formula of mathematics, in a table none of a sheet."""

from __future__ import annotations

import csv
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from pypdf import PdfReader

from syriamap.cli.tag import _guard_added

from ..cli.conftest import run
from .land import DAY, lay_out_land, list_land

MARKUP = "</text><script>alert(1)</script> &amp; ]]> <!-- {0} %s"
MATHS = r"$\frac{1}{0}$ $x$"
FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tx", "＝1"]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return the folder with a map as SVG whose headline, second line and credit are hostile."""
    folder = tmp_path_factory.mktemp("drawn")
    lay_out_land(folder / "land", list_land())
    words = ["--title", MATHS, "--subtitle", MARKUP, "--credit", MATHS, "--overwrite", "--project", folder / "land"]
    for kind in ("svg", "pdf"):
        result = run("render", DAY, *words, "-o", folder / f"map.{kind}")
        assert result.exit_code == 0, result.output
    return folder


def test_words_never_become_elements_of_an_svg(drawn):
    elements = list(ET.parse(drawn / "map.svg").getroot().iter())
    assert not [one.tag for one in elements if one.tag.rpartition("}")[2] in ("script", "a", "foreignObject", "image")]
    assert not [key for one in elements for key in one.attrib if key.rpartition("}")[2].startswith("on")]
    said = " ".join(" ".join(one.itertext()) for one in elements if one.tag.endswith(("}desc", "}title", "}li")))
    assert MATHS in said


def test_words_never_become_mathematics(drawn):
    assert MATHS in PdfReader(drawn / "map.pdf").pages[0].extract_text()


def test_what_tag_adds_is_no_formula_and_the_cells_of_the_user_stay():
    frame = pd.DataFrame({"own": FORMULAS, "place_name": FORMULAS})
    guarded = _guard_added(frame, 1)
    assert guarded["own"].tolist() == FORMULAS
    assert guarded["place_name"].tolist() == [f"'{text}" for text in FORMULAS]


def test_tag_leaves_formulas_of_the_user_as_they_are(tmp_path):
    rows = [["36.75", "35.13", text] for text in FORMULAS]
    with (tmp_path / "mine.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["lon", "lat", "name"], *rows])
    result = run("tag", tmp_path / "mine.csv", "--date", "2024-12-05", "-o", tmp_path / "tagged.csv")
    assert result.exit_code == 0, result.output
    with (tmp_path / "tagged.csv").open(encoding="utf-8", newline="") as file:
        assert [row[:3] for row in csv.reader(file)][1:] == rows
