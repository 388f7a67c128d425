"""Names by language: whom they name, whether any is missing, and in which letters they are written."""

import re
import tomllib
import unicodedata

import pytest

from syriamap.atlas import build_days, read_materials
from syriamap.catalog import data_file
from syriamap.language import NAMES, list_languages
from syriamap.theatre import read_theatre
from tests.data.tables import read

PATHS = sorted(data_file("names").glob("*.toml"))
FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in PATHS}
TABLES = {lang: {key: file[key] for key in NAMES if key in file} for lang, file in FILES.items() if lang != "en"}
PLACES = {place["id"]: place for place in read("places/places.csv")}
BASES = {base["place"]: base for base in read("places/bases.csv")}
PARTIES = {party["id"]: party for party in read("control/actors.csv")}
RENAMED = [entry for view in read_theatre()["worldviews"].values() for entry in view.get("names", {}).values()]
STATES = {entry["name"]["en"]: entry for entry in [*read_theatre()["names"], *RENAMED]}
WHOLE = ("ru", "uk", "zh")  # written in letters of their own: nothing may fall back on English
SCRIPTS = {"ar": "ARABIC", "ru": "CYRILLIC", "uk": "CYRILLIC", "zh": "CJK"}
LATIN = {"HTS", "SNA", "SFA", "SDF", "T4"}  # abbreviations that newsrooms of these languages print as they are


def named_in_the_theatre():
    theatre = read_theatre()
    views = list(theatre["views"].values())
    yield from (place for view in views for column in ("places", "facilities", "bases") for place in view[column])
    yield from (*theatre["bases"]["story"], *theatre["next"]["places"], theatre["country"]["capital"])
    yield from (place for leg in theatre["axis"]["legs"] for place in leg.values())


def dated():
    """Return the places whose chip a map prints on some day."""
    return {str(place) for day in build_days(read_materials()) for place in day.places.index[day.places["chip"] != ""]}


def printed():
    """Return the places that a map of ours can name."""
    ranked = {key for key, place in PLACES.items() if int(place["rank"]) <= 4 and place["label"] == "yes"}
    towns = {key for key in dated() if PLACES[key]["kind"] in ("city", "town") and key in ranked}
    return {*named_in_the_theatre(), *ranked, *towns, *BASES} & set(PLACES)


def texts(table):
    """Return every name of a table with the place it stands in; a name in lines once a line."""
    for section, entries in table.items():
        for key, value in entries.items():
            for part in value.items() if isinstance(value, dict) else [("", value)]:
                for text in part[1] if isinstance(part[1], list) else [part[1]]:
                    yield f"{section}.{key}.{part[0]}".rstrip("."), text


def scripts_of(text):
    return {unicodedata.name(sign).split()[0] for sign in text if sign.isalpha()}


def test_there_is_a_table_for_every_language_but_english() -> None:
    assert list(FILES) == list_languages()
    assert [lang for lang, table in TABLES.items() if "places" not in table or "parties" not in table] == []
    assert not set(NAMES) & set(FILES["en"])  # its names are those of the tables


@pytest.mark.parametrize("lang", TABLES)
def test_every_id_exists(lang: str) -> None:
    table = TABLES[lang]
    known = {
        "places": PLACES,
        "bases": BASES,
        "areas": read_materials().boundaries.areas.index,
        "states": STATES,
        "units": read_materials().boundaries.units.index,
        "parties": PARTIES,
    }
    assert set(table) <= set(known)
    assert {section: set(table[section]) - set(known[section]) for section in table} == {s: set() for s in table}


@pytest.mark.parametrize("lang", TABLES)
def test_no_name_is_empty_or_has_loose_spaces(lang: str) -> None:
    assert [where for where, text in texts(TABLES[lang]) if not text or text != " ".join(text.split())] == []


@pytest.mark.parametrize("lang", TABLES)
def test_no_name_of_a_place_is_that_of_the_english_map(lang: str) -> None:
    table = TABLES[lang]
    assert [key for key, name in table["places"].items() if name == PLACES[key]["name"]] == []
    assert [key for key, name in table.get("bases", {}).items() if name == BASES[key]["name"] != "T4"] == []


@pytest.mark.parametrize("lang", TABLES)
def test_every_party_has_a_label_a_short_name_and_a_gloss(lang: str) -> None:
    parties = TABLES[lang]["parties"]
    assert list(parties) == list(PARTIES)
    assert {key: list(party) for key, party in parties.items()} == {key: ["label", "short", "gloss"] for key in PARTIES}
    column = "short_ar" if lang == "ar" else "short"  # no abbreviation of Latin letters is a measure for Arabic
    assert [key for key, party in parties.items() if len(party["short"]) > len(PARTIES[key][column]) + 5] == []


@pytest.mark.parametrize("lang", [lang for lang in TABLES if lang != "ar"])
def test_every_state_water_and_area_has_a_name(lang: str) -> None:
    assert set(TABLES[lang]["states"]) == set(STATES)
    assert set(TABLES[lang]["areas"]) == set(read_materials().boundaries.areas.index)
    lines = {key for key, name in TABLES[lang]["states"].items() if isinstance(name, list)}
    assert lines == {key for key, entry in STATES.items() if "lines" in entry}


@pytest.mark.parametrize("lang", WHOLE)
def test_every_name_that_a_map_prints_is_there(lang: str) -> None:
    table = TABLES[lang]
    assert printed() - set(table["places"]) == set()
    assert set(BASES) - set(table["bases"]) == set()
    assert set(table["units"]) == set(read_materials().boundaries.units.index)


def test_arabic_has_every_name_in_its_own_columns_or_in_the_table() -> None:
    boundaries = read_materials().boundaries
    assert {key for key in printed() if not PLACES[key]["name_ar"]} - set(TABLES["ar"]["places"]) == set()
    assert [key for key, base in BASES.items() if not base["name_ar"]] == []
    assert [entry for entry in STATES.values() if not entry["name"].get("ar")] == []
    assert [key for frame in (boundaries.units, boundaries.areas) for key in frame.index[frame["name_ar"] == ""]] == []


def test_the_arabic_table_repeats_no_column() -> None:
    assert [key for key in TABLES["ar"]["places"] if PLACES[key]["name_ar"]] == []


@pytest.mark.parametrize("lang", SCRIPTS)
def test_names_are_written_in_the_letters_of_the_language(lang: str) -> None:
    odd = [(where, text, scripts_of(bare)) for where, text in texts(TABLES[lang]) if (bare := _without_latin(text))]
    assert [(where, text) for where, text, scripts in odd if scripts - {SCRIPTS[lang]}] == []


def _without_latin(text: str) -> str:
    """Return a name without the abbreviations that stand in Latin letters everywhere."""
    return re.sub(r"[A-Za-z]+\d?", lambda found: "" if found[0] in LATIN else found[0], text)


@pytest.mark.parametrize("lang", TABLES)
def test_ids_stand_in_alphabetical_order(lang: str) -> None:
    for section in ("places", "bases"):
        keys = list(TABLES[lang].get(section, {}))
        assert keys == sorted(keys)


def test_ukrainian_and_russian_keep_to_their_own_letters() -> None:
    assert [where for where, text in texts(TABLES["ru"]) if re.search("[іїєґ’]", text.casefold())] == []
    assert [where for where, text in texts(TABLES["uk"]) if re.search("[ыэёъ]", text.casefold())] == []
