"""What a theatre says in a language goes before the phrases for any country, which stand wherever it says nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syriamap.atlas import build_moment, make_order, make_setting, read_materials
from syriamap.catalog import data_dir
from syriamap.errors import DataError
from syriamap.language import list_language_files, list_languages, list_wordings, read_language, read_phrases
from syriamap.scene.composition import compose
from syriamap.zones import build_gains

FRENCH = """title = "Qui tient le littoral"
[telling]
map = "Carte du littoral, {day}."
[headlines.coast]
2020-01-06 = "Le front recule"
[abbreviations]
north = "N."
[places]
harbour = "Le Port"
"""


@pytest.fixture
def home(tmp_path):
    """Return the folder of a theatre that has words of its own in French alone."""
    (tmp_path / "names").mkdir()
    (tmp_path / "names/fr.toml").write_text(FRENCH, "utf-8")
    return tmp_path


def test_a_theatre_words_what_it_names_and_nothing_else(home):
    french, plain = read_language("fr", home=home), list_wordings("fr")[1]
    assert french.phrases["title"] == "Qui tient le littoral"
    assert french.phrases["telling"] == {**plain["telling"], "map": "Carte du littoral, {day}."}
    assert french.phrases["headlines"] == {"coast": {"2020-01-06": "Le front recule"}}
    assert french.phrases["abbreviations"] == {"north": "N."}
    assert french.names["places"] == {"harbour": "Le Port"}
    rest = set(french.phrases) - {"title", "telling", "headlines", "abbreviations", "numerals"}
    assert {key: french.phrases[key] for key in rest} == {key: plain[key] for key in rest}


@pytest.mark.parametrize("lang", [lang for lang in list_languages() if lang != "fr"])
def test_where_it_has_no_words_the_phrases_for_any_country_stand(home, lang):
    told = read_language(lang, home=home)
    ours, plain = list_wordings(lang)
    assert {key: told.phrases[key] for key in plain} == plain
    assert told.phrases["title"] != ours["title"]
    assert not any(told.names.values())
    assert told.phrases["headlines"] == told.phrases["abbreviations"] == {}


def test_the_second_language_is_of_the_same_theatre(home):
    told = read_language("en+fr", home=home)
    assert told.also is not None
    assert told.also.names["places"] == {"harbour": "Le Port"}
    assert told.phrases["title"] == read_phrases("en", home=home)["title"] == "Areas of control"


def test_wordings_of_ones_own_go_before_the_theatre_s(home, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('title = "Le littoral"\n[places]\nquay = "Le Quai"\n', "utf-8")
    told = read_language("fr", names=own, home=home)
    assert told.phrases["title"] == "Le littoral"
    assert told.names["places"] == {"harbour": "Le Port", "quay": "Le Quai"}


@pytest.mark.parametrize("lang", ["fr", "en+fr"])
def test_a_file_that_was_changed_or_came_is_read_again(home, lang):
    def name():
        told = read_language(lang, home=home)
        return (told.also or told).names["places"].get("harbour")

    assert name() == "Le Port"
    assert read_language(lang, home=home) is read_language(lang, home=home)
    (home / "names/fr.toml").write_text(FRENCH.replace("Le Port", "Le Havre"), "utf-8")
    assert name() == "Le Havre"
    (home / "names/fr.toml").unlink()
    assert name() is None


def test_the_files_of_a_language_are_those_that_are_read(home):
    ours = data_dir()
    assert list(list_language_files("fr", home)) == [ours / "words/fr.toml", home / "names/fr.toml"]
    assert list(list_language_files("de", home)) == [ours / "words/de.toml"]
    assert list(list_language_files("en+fr", home))[1:] == [ours / "words/fr.toml", home / "names/fr.toml"]
    assert list(list_language_files("en")) == [ours / "words/en.toml", ours / "names/en.toml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('\ntitel = "x"', r"fr.toml:2: titel: unknown phrase; did you mean title"),
        ("title = 5", r"fr.toml:1: title = 5: expected str"),
        ('[telling]\nmap = "x"\nmapp = "y"', r"fr.toml:3: telling.mapp: unknown phrase; did you mean map"),
        ('[parties.north]\nlable = "x"', r"fr.toml:2: lable: unknown key; did you mean label"),
        ('headlines = "x"', r"fr.toml:1: headlines = 'x': expected a table \[headlines\]"),
        ("[places]\nharbour = 3", r"fr.toml:2: places.harbour = 3: expected a name"),
        ('title = "x', r"fr.toml:1: is no TOML"),
    ],
)
def test_faults_of_a_theatre_s_words_are_told_with_file_and_line(home, text, said):
    (home / "names/fr.toml").write_text(text, "utf-8")
    with pytest.raises(DataError, match=said):
        read_language("fr", home=home)
    assert read_phrases("de", home=home)["title"] == "Kontrollierte Gebiete"


def test_all_faults_are_told_at_once(home):
    (home / "names/fr.toml").write_text('titel = "x"\nadvance = 1\n', "utf-8")
    with pytest.raises(DataError, match=r"(?s)fr.toml:1: titel.*fr.toml:2: advance = 1"):
        read_language("fr", home=home)


def test_what_ours_says_in_english_alone_is_told(tmp_path, monkeypatch):
    for folder in ("words", "names"):
        (tmp_path / folder).mkdir()
        ours = (data_dir() / folder / "en.toml").read_text("utf-8")
        (tmp_path / folder / "en.toml").write_text(ours, "utf-8")
        changed = (
            ours
            if folder == "words"
            else ours.replace("\nroad_cut =", "\n#road_cut =").replace("\nlead =", "\n#lead =")
        )
        (tmp_path / folder / "xy.toml").write_text(changed, "utf-8")
    monkeypatch.setattr("syriamap.language.data_file", lambda path: tmp_path / path)
    with pytest.raises(DataError, match=r"(?s)names.xy.toml: road_cut is not .* in names/en.toml.*telling.lead is not"):
        read_language("xy")


@pytest.mark.parametrize("lang", list_languages())
def test_a_map_in_phrases_for_any_country_is_whole(home, lang):
    """All fit: a line that is too long, a letter that no font has or a phrase that is missing raises."""
    (home / "names/fr.toml").unlink()
    on, materials = date(2024, 12, 5), read_materials()
    order = replace(make_order(materials, {}), language=read_language(lang, home=home))
    now, before = build_moment(materials, on), build_moment(materials, order.since - timedelta(days=1))
    gains = build_gains(now.cells, now.states, before=(before.cells, before.states), parties=materials.control.parties)
    words, phrases = compose(make_setting(materials, order), now, before, gains).words, order.language.phrases
    assert words.title == phrases["title"]
    assert words.notes[-1] == phrases["desert"]
    assert words.alt.startswith(str(phrases["telling"]["map_part"]).split("(")[0].split("（")[0])
    assert 40 <= len(words.alt) <= 250
