"""The words of every language are neutral: none that takes a side, in phrases, headlines and names of parties."""

import csv
import re
import tomllib

import pytest

from syriamap.catalog import data_file
from syriamap.names import fold

LOADED = {  # beginnings of words, folded as names are
    "en": [
        "regime",
        "terror",
        "liberat",
        "martyr",
        "occupation forces",
        "militia",
        "jihad",
        "gang",
        "puppet",
        "infidel",
    ],
    "ar": ["نظام", "إرهاب", "تحرير", "محرر", "شهيد", "شهداء", "عصاب", "ميليشي", "مليشي", "مرتزق", "تكفير", "شبيح"],
    "tr": ["rejim", "terör", "kurtar", "özgürleş", "şehit", "şehid", "milis", "çete", "mücahit"],
    "ru": ["режим", "террор", "освобо", "мученик", "шахид", "боевик", "банд", "ополчен"],
    "uk": ["режим", "терор", "звільн", "визвол", "мученик", "шахід", "бойовик", "банд"],
    "ku": ["rejîm", "rejim", "teror", "terör", "rizgar", "azad", "şehîd", "şehid", "milîs", "çete"],
    "kmr": ["rejîm", "rejim", "teror", "terör", "rizgar", "azad", "şehîd", "şehid", "milîs", "çete"],
    "ckb": ["ڕژێم", "رژێم", "تیرۆر", "ئازاد", "ڕزگار", "شەهید", "چەتە"],
    "fr": ["régime", "terror", "libér", "libèr", "martyr", "milici", "milice", "djihad"],
    "de": ["regime", "terror", "befrei", "märtyrer", "miliz", "dschihad"],
    "es": ["régimen", "terror", "liber", "mártir", "milicia", "yihad"],
    "zh": ["政权", "恐怖", "解放", "烈士", "匪", "民兵", "圣战", "傀儡", "伪", "叛军", "占领军"],
    "fa": ["رژیم", "ترور", "آزادساز", "آزاد شد", "شهید", "شهدا"],
}
UNSPACED = {"zh"}  # a word begins anywhere
NAMES = {
    "هيئة تحرير الشام",
    "تحرير الشام",
    "沙姆解放组织",
    "Artêşa Sûriya Azad",
}  # what a party calls itself is its name, whatever it means
LANGS = [path.stem for path in sorted(data_file("words/en.toml").parent.glob("*.toml"))]
FOLDERS = ("words", "names")  # phrases for any country, then what this theatre says


def texts_of(table, path=""):
    """Yield every phrase with its key."""
    for key, value in table.items() if isinstance(table, dict) else enumerate(table):
        if isinstance(value, str):
            yield f"{path}{key}", value
        elif isinstance(value, dict | list):
            yield from texts_of(value, f"{path}{key}.")


def find_loaded(lang, text):
    """Return the loaded words of a language in a text."""
    for name in NAMES:
        text = text.replace(name, "")
    return [
        word
        for word in LOADED[lang]
        if (lang in UNSPACED and fold(word) in fold(text))
        or re.search(rf"(?<!\w)(?:[وفبلك]?(?:ال|لل)?)?{re.escape(fold(word))}", fold(text))
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_no_phrase_takes_a_side(lang):
    assert lang in LOADED, f"expected a list of loaded words of {lang!r}"
    tables = {folder: tomllib.loads(data_file(f"{folder}/{lang}.toml").read_text("utf-8")) for folder in FOLDERS}
    phrases = dict(texts_of(tables))
    assert sum(key.startswith("words.") for key in phrases) > 100
    assert sum(key.startswith("names.headlines.") for key in phrases) > 20
    assert {key: found for key, text in phrases.items() if (found := find_loaded(lang, text))} == {}


@pytest.mark.parametrize(("lang", "columns"), [("en", ("label", "short", "gloss")), ("ar", ("label_ar", "short_ar"))])
def test_no_party_is_called_names(lang, columns):
    with data_file("control/actors.csv").open(encoding="utf-8", newline="") as file:
        names = [row[column] for row in csv.DictReader(file) for column in columns]
    assert [name for name in names if find_loaded(lang, name)] == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The regime's lines"),
        ("en", "Terrorists"),
        ("en", "Aleppo liberated"),
        ("ar", "قوات النظام"),
        ("ar", "تحرير حلب"),
        ("ar", "والنظام"),
        ("ru", "Освобождение"),
        ("uk", "Звільнення Алеппо"),
        ("zh", "叙利亚政权军队"),
        ("tr", "Rejim güçleri"),
        ("fr", "Les forces du régime"),
        ("de", "Terroristen"),
        ("es", "Alepo liberada"),
    ],
)
def test_the_search_finds_what_it_should(lang, text):
    assert find_loaded(lang, text)
