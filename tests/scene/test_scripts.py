"""Where lines of scripts without spaces may end, how their sentences follow, and how their days are told."""

from datetime import date

import pytest

from syriamap.language import read_phrases
from syriamap.scene.multiples_words import span_words
from syriamap.scripts import break_text, run_on


def test_a_line_ends_neither_before_a_closing_mark_nor_inside_a_number_with_its_unit() -> None:
    pieces = [piece for _, piece in break_text("截至2024年12月5日（12月3–5日）。")]
    assert pieces == ["截", "至", "2024年", "12月", "5日", "（12月", "3–5日）。"]


def test_a_wide_mark_holds_the_space_after_it() -> None:
    assert [glue for glue, _ in break_text("甲。 乙")][1:] == [""]
    assert run_on(["甲。", "", "乙。"]) == "甲。乙。"
    assert run_on(["One.", "", "Two."]) == "One. Two."


@pytest.mark.parametrize(
    ("lang", "first", "last", "told"),
    [
        ("en", date(2024, 12, 1), date(2024, 12, 5), "1–5 Dec 2024"),
        ("en", date(2024, 11, 26), date(2024, 12, 8), "26 Nov–8 Dec 2024"),
        ("en", date(2024, 12, 26), date(2025, 1, 8), "26 Dec 2024–8 Jan 2025"),
        ("zh", date(2024, 12, 1), date(2024, 12, 5), "2024年12月1–5日"),
        ("zh", date(2024, 11, 26), date(2024, 12, 8), "2024年11月26日–12月8日"),
    ],
)
def test_a_span_names_its_year_where_the_language_does(lang, first, last, told):
    assert span_words([first, last], read_phrases(lang)) == told
