"""The report on the quality of the data is that of the data, and says why what looks odd is right."""

from pathlib import Path

import pytest

from tools.factbook import read_table
from tools.quality import Reasons, build_quality

pytestmark = pytest.mark.checkout

REPORT = Path(__file__).parents[2] / "docs" / "data-quality.md"


def test_the_report_is_that_of_the_data():
    assert REPORT.read_text("utf-8") == build_quality()


def test_an_island_without_a_reason_stops_the_report():
    reasons = Reasons(read_table("oddities"))
    assert "morning of 9 Dec" in reasons.tell("part", "Al-Daliyah")
    with pytest.raises(LookupError, match="no reason for the part at 'Nowhere'"):
        reasons.tell("part", "Nowhere")


def test_a_reason_for_what_is_gone_stops_the_report():
    reasons = Reasons([{"what": "flicker", "place": "Nowhere", "why": "it came back"}])
    with pytest.raises(ValueError, match="Nowhere"):
        reasons.check()
