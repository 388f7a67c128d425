"""Phrases for any country stand in data/words/; what speaks of this one and its war, in data/names/."""

import re
import string
import tomllib
import unicodedata
from functools import cache

import pytest

from syriamap.catalog import data_file
from syriamap.language import NAMES, OPEN, list_languages
from syriamap.names import fold
from tests.test_engine_knows_no_country import PLAIN_WORDS, read_names

LANGS = list_languages()
WORDS, OURS = (
    {lang: tomllib.loads(data_file(f"{folder}/{lang}.toml").read_text("utf-8")) for lang in LANGS}
    for folder in ("words", "names")
)
END = "(?![a-z0-9\u0400-\u04ff\u0600-\u06ff])"  # of a word: Chinese has none
SHORTEST = {"zh": 2}  # letters: in others a name of less than four would be found inside any text
ALSO_WORDS = {"الخريطه": "the map, and a village", "birin": "cut, and a village"}  # the word is meant, not the place
LOCAL = {  # beginnings of words that tell this country, this war or its land, folded as names are
    "en": ["syria", "rebel", "opposition", "army", "russia", "desert", "hts"],
    "ar": ["سوري", "معارض", "فصائل", "جيش", "روسي", "بادية"],
    "de": ["syri", "rebell", "opposition", "armee", "russ", "wüste", "hts"],
    "es": ["siri", "rebeld", "oposici", "ejército", "rusi", "desiert", "hts"],
    "fr": ["syri", "rebell", "opposition", "armée", "russi", "désert", "hts"],
    "ku": ["sûriye", "opozîsyon", "çekdar", "artêş", "rûsya", "çol", "htş"],
    "ru": ["сири", "повстан", "оппозиц", "арми", "росси", "пустын", "хтш"],
    "tr": ["suriye", "muhalif", "ordu", "rusya", "çöl", "htş"],
    "uk": ["сирі", "повстан", "опозиц", "армі", "росі", "пустел", "хтш"],
    "zh": ["叙利亚", "反对派", "政府军", "俄", "荒漠", "沙姆", "hts"],
}


def begin(word):
    """Return the pattern of what stands before a word: in Arabic an article may, in Chinese anything."""
    return "" if unicodedata.name(word[0]).startswith("CJK") else r"(?<!\w)(?:[وفبلك]?(?:ال|لل)?)?"


def texts_of(table):
    """Yield every text of a table, its keys left out."""
    for value in table.values() if isinstance(table, dict) else table:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            yield from texts_of(value)


@cache
def names_of(lang):
    """Return the names of this theatre in a language, folded."""
    told = {fold(text) for key in NAMES for text in texts_of(OURS[lang].get(key, {}))}
    long = {name for name in told if len(name.replace(" ", "")) >= SHORTEST.get(lang, 4)}
    return {*read_names(), *long} - {*PLAIN_WORDS, *ALSO_WORDS, *(fold(party["label"]) for party in unknown(lang))}


def unknown(lang):
    """Yield the party of land that no statement reaches: every table has one."""
    yield from (party for key, party in OURS[lang].get("parties", {}).items() if key == "unknown")


def find_local(lang, text):
    """Return what in a text tells of this country and this war."""
    text = fold(text.replace("syriamap", ""))
    found = [
        name for name in names_of(lang) if name in text and re.search(f"{begin(name)}{re.escape(name)}{END}", text)
    ]
    starts = [(word, fold(word)) for word in LOCAL[lang]]
    return found + [word for word, start in starts if re.search(begin(start) + re.escape(start), text)]


def phrases_of(table, at=()):
    """Yield every phrase of a table by its path."""
    for key, value in table.items():
        if not at and key in OPEN:
            continue
        if isinstance(value, dict):
            yield from phrases_of(value, (*at, key))
        else:
            yield (*at, key), value


def fields_of(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("lang", LANGS)
def test_phrases_for_any_country_name_nothing_of_this_one(lang):
    texts = list(texts_of(WORDS[lang]))
    assert len(texts) > 150
    assert {text: found for text in texts if (found := find_local(lang, text))} == {}


@pytest.mark.parametrize("lang", LANGS)
def test_the_search_finds_what_it_should(lang):
    """Whatever stands in place of a phrase for any country tells of this one, but for wordings that agree with it."""
    theirs = dict(phrases_of(WORDS[lang]))
    changed = [str(text) for path, text in phrases_of(OURS[lang]) if text != theirs[path] and "months" not in path[0]]
    assert len(changed) >= 20
    assert sum(not find_local(lang, text) for text in changed) <= 3  # those that name a place alone
    assert find_local(lang, " ".join(texts_of(OURS[lang]["headlines"])))


@pytest.mark.parametrize("lang", LANGS)
def test_no_language_forgets_what_this_theatre_words_otherwise(lang):
    ours, root = (dict(phrases_of(OURS[code])) for code in (lang, "en"))
    assert set(root) - set(ours) == set()
    assert set(ours) - set(dict(phrases_of(WORDS[lang]))) == set()
    assert set(ours) - set(root) == ({("months",), ("months_short",)} if lang == "ar" else set())


@pytest.mark.parametrize("lang", LANGS)
def test_headlines_and_abbreviations_are_the_theatre_s_own(lang):
    assert WORDS[lang]["headlines"] == WORDS[lang]["abbreviations"] == {}
    assert not set(NAMES) & set(WORDS[lang])
    days = {view: list(lines) for view, lines in OURS["en"]["headlines"].items()}
    assert {view: list(lines) for view, lines in OURS[lang]["headlines"].items()} == days


@pytest.mark.parametrize("lang", LANGS)
def test_every_wording_is_filled_in_with_the_same(lang):
    root = {path: text for path, text in phrases_of(WORDS["en"]) if isinstance(text, str)}
    for table in (WORDS[lang], OURS[lang]):
        told = {path: fields_of(text) for path, text in phrases_of(table) if path in root and "day" not in path[0]}
        assert told == {path: fields_of(root[path]) for path in told}
