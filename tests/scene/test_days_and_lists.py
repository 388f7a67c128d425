"""Days and lists are written as each language writes them."""

from datetime import date

import pytest

from syriamap.language import read_phrases
from syriamap.scene.words import chip_text, join, long_day
from syriamap.scripts import break_text


@pytest.mark.parametrize(
    ("lang", "day", "span"),
    [
        ("en", "1 December 2024", "1–5 Dec"),
        ("fr", "1er décembre 2024", "1er–5 déc."),
        ("de", "1.\u00a0Dezember 2024", "1.–5.\u00a0Dez."),
        ("es", "1 de diciembre de 2024", "1–5 dic"),
    ],
)
def test_days_are_written_as_the_language_does(lang, day, span):
    phrases = read_phrases(lang)
    assert long_day(date(2024, 12, 1), phrases) == day
    assert chip_text(date(2024, 12, 1), date(2024, 12, 5), phrases) == span


@pytest.mark.parametrize(
    ("lang", "last", "told"),
    [("es", "Idlib", "Hama e Idlib"), ("es", "Homs", "Hama y Homs"), ("fr", "Idleb", "Hama et Idleb")],
)
def test_and_is_the_one_that_goes_before_the_word(lang, last, told):
    assert join(["Hama", last], read_phrases(lang)) == told


def test_a_line_never_ends_at_a_no_break_space():
    assert [piece for _, piece in break_text("Sources\u00a0: deux")] == ["Sources\u00a0:", "deux"]
