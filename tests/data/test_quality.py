"""The report on the quality of the data is that of the data."""

from pathlib import Path

from tools.quality import build_quality

REPORT = Path(__file__).parents[2] / "docs" / "data-quality.md"


def test_the_report_is_that_of_the_data():
    assert REPORT.read_text("utf-8") == build_quality()
