"""Text: which font sets which letters at which weight, whatever fonts the machine has."""

import logging
import shutil
from pathlib import Path

import pytest
from matplotlib.font_manager import FontProperties, fontManager

from syriamap.catalog import data_file
from syriamap.draw.text import FAMILIES, font_for, measure_text, register_fonts
from syriamap.theme import get_theme

CHINESE = "阿勒颇"
STYLES = sorted(get_theme("light").type.items())


@pytest.fixture
def known_fonts():
    """Return what registers the embedded fonts anew; the fonts known before are known again afterwards."""
    register_fonts()
    before = list(fontManager.ttflist)
    yield register_fonts.__wrapped__
    fontManager.ttflist = before


def found(family, weight, style="normal"):
    prop = FontProperties(family=[family], weight=weight, style=style)
    return Path(fontManager.findfont(prop, fallback_to_default=False, rebuild_if_missing=False))


@pytest.mark.parametrize(("name", "style"), STYLES, ids=[name for name, _ in STYLES])
def test_every_style_of_a_map_sets_chinese_signs_on_squares(name, style):
    tracked = style.tracking * 100 * (len(CHINESE) - 1)
    assert measure_text(CHINESE, 100, style).width == pytest.approx(100 * len(CHINESE) + tracked)


@pytest.mark.parametrize(
    ("weight", "file"), [(400, "NotoSansSC-Regular.ttf"), (600, "NotoSansSC-Bold.ttf"), (700, "NotoSansSC-Bold.ttf")]
)
def test_chinese_is_set_in_two_weights_without_a_complaint(weight, file, caplog):
    register_fonts()
    with caplog.at_level(logging.WARNING):
        assert found(FAMILIES[-1], weight) == data_file("fonts") / file
    assert caplog.records == []


@pytest.mark.parametrize("name", ["SourceSans3-Bold.ttf", "NotoSansArabic-Bold.ttf", "NotoSansSC-Bold.ttf"])
def test_another_file_of_our_families_on_the_machine_is_not_used(name, known_fonts, tmp_path):
    theirs = tmp_path / name
    shutil.copyfile(data_file("fonts") / name, theirs)
    fontManager.addfont(theirs)
    fontManager.ttflist.insert(0, fontManager.ttflist.pop())  # fonts of the machine are known before ours
    family = fontManager.ttflist[0].name
    known_fonts()
    assert found(family, 700) == data_file("fonts") / name


def test_registering_again_leaves_every_font_of_our_families_known_once(known_fonts):
    known_fonts()
    ours = [(font.name, font.weight, font.style) for font in fontManager.ttflist if font.name in FAMILIES]
    assert len(ours) == len(set(ours)) == 13  # 6 Latin, 4 Arabic, 2 Chinese, one of them at two weights


def test_latin_letters_and_digits_are_never_those_of_the_other_fonts():
    assert font_for(400, False).get_family() == list(FAMILIES)
    plain = measure_text("Aleppo 2024", 100, get_theme("light").type["key"]).width
    both = measure_text("Aleppo 2024" + CHINESE, 100, get_theme("light").type["key"]).width
    assert both == pytest.approx(plain + 300, abs=1)
