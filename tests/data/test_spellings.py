"""Every spelling of every place means the same place at every door: explain, a view around it, a control table."""

import re
from datetime import date

import pandas as pd
import pytest

from syriamap.atlas import read_materials
from syriamap.control import read_control
from syriamap.errors import DataError
from syriamap.names import find_places, fold, name_units
from syriamap.points import explain, tag_points
from syriamap.scene.view import _find_place, get_view
from tests.cli.conftest import run
from tests.data.tables import read

DAY = date(2024, 12, 5)
PLACES = {place["id"]: place for place in read("places/places.csv")}
SPELLINGS = {
    key: [key, place["name"], *filter(None, [place["name_ar"], *place["aliases"].split(";")])]
    for key, place in PLACES.items()
}
IDS: dict[str, set[str]] = {}
for _key, _texts in SPELLINGS.items():
    for _text in _texts:
        IDS.setdefault(fold(_text), set()).add(_key)
SAME_NAME = 60  # spellings that several places share, such as six villages of one Arabic name


@pytest.fixture(scope="module")
def boundaries():
    return read_materials().boundaries


def all_spellings():
    return [(key, text) for key, texts in SPELLINGS.items() for text in dict.fromkeys(texts)]


def test_every_spelling_finds_its_place(boundaries):
    assert len(all_spellings()) > 6000
    assert [(text, key) for key, text in all_spellings() if key not in find_places(text, boundaries)] == []
    own = {text: find_places(text, boundaries) for texts in SPELLINGS.values() for text in texts}
    assert [(text, found) for text, found in own.items() if len(found) == 1 and set(found) != IDS[fold(text)]] == []


def test_few_spellings_mean_more_than_one_place(boundaries):
    assert 0 < sum(len(ids) > 1 for ids in IDS.values()) <= SAME_NAME


def test_a_place_is_found_by_its_own_name_before_another_that_it_is_an_alias_of(boundaries):
    """Where the first found is another place, that has the very same name."""
    names = {key: {fold(key), fold(place["name"]), fold(place["name_ar"])} for key, place in PLACES.items()}
    for key, place in PLACES.items():
        for text in filter(None, (place["name"], place["name_ar"])):
            first = find_places(text, boundaries)[0]
            assert fold(text) in names.get(first, {fold(text)}), (text, key, first)
        assert find_places(key, boundaries)[0] == key


def test_a_view_around_a_spelling_stands_on_the_place_that_explain_means(boundaries):
    for _, text in all_spellings():
        means = [key for key in find_places(text, boundaries) if key in PLACES]
        assert _find_place(text, boundaries) == means[0], text


def test_the_frame_of_such_a_view_lies_around_that_place(boundaries):
    materials = read_materials()
    for key in some("123"):
        lon, lat = float(PLACES[key]["lon"]), float(PLACES[key]["lat"])
        for text in own_spellings(key):
            west, south, east, north = get_view(f"{text}:40", materials).frame
            assert (west + east) / 2 == pytest.approx(lon, abs=1e-3), text
            assert (south + north) / 2 == pytest.approx(lat, abs=2e-3), text


def test_a_control_table_knows_every_spelling(boundaries):
    """A spelling that means several things is told the ids that it may mean."""
    known = name_units(boundaries)
    for key, text in all_spellings():
        if PLACES[key]["role"] == "place":
            assert key in known.find(text), text
            assert key in re.split(r"[ ?]", known.hint(text, most=9)), text


def test_a_table_means_by_a_spelling_what_explain_means_or_is_told_of_it(boundaries, tmp_path):
    asked = [(key, text) for key in some("123") for text in own_spellings(key) if text != key]
    file = tmp_path / "own.csv"

    def write(rows):
        lines = [f'2024-12-04,"{text}",government,notes\n' for _, text in rows]
        file.write_text("date,unit,controller,source\n" + "".join(lines), "utf-8")

    write(asked)
    with pytest.raises(DataError) as told:
        read_control(file, boundaries=boundaries)
    faults = {fault.line: fault.message for fault in told.value.faults}
    for line, message in faults.items():
        key, text = asked[line - 2]
        assert f"unit '{text}' means several: " in message
        assert f"{key} (" in message
    sound = [row for line, row in enumerate(asked, start=2) if line not in faults]
    write(sound)
    assert read_control(file, boundaries=boundaries).statements["unit"].tolist() == [key for key, _ in sound]
    assert len(sound) > 200
    assert len(faults) > 20


def test_points_on_places_are_tagged_with_what_explain_says_of_their_names(boundaries):
    """The doors meet: a place found by name has the holder that its point has."""
    control, towns = read_materials().control, some("12")
    table = pd.DataFrame({column: [float(PLACES[key][column]) for key in towns] for column in ("lon", "lat")})
    tagged = tag_points(table, DAY, boundaries=boundaries, control=control)["controller"]
    for key, holder in zip(towns, tagged, strict=True):
        found = [explain(text, DAY, boundaries=boundaries, control=control) for text in own_spellings(key)]
        assert {(one.found, one.controller) for one in found} == {(key, holder)}


def some(ranks):
    """Return the places with land of some ranks."""
    return [key for key, place in PLACES.items() if place["rank"] in ranks and place["role"] == "place"]


def own_spellings(key):
    """Return a few spellings that mean one place alone: its id, its names, an alias."""
    return [text for text in SPELLINGS[key] if IDS[fold(text)] == {key}][:4]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("حماه", "hama"),
        ("حماة", "hama"),
        ("إدلب", "idlib"),
        ("ادلب", "idlib"),
        ("اعزاز", "azaz"),
        ("الحسكه", "hasakah"),
        ("حلـــب", "aleppo"),
        ("Tell Rıfat", "tell-rifaat"),
        ("TEL RIFAAT", "tell-rifaat"),
        ("Deir Ezzor", "deir-ez-zor"),
        ("Deir al-Zor", "deir-ez-zor"),
        ("Lattakia", "latakia"),
        ("Tartous", "tartus"),
        ("Kobanê", "kobani"),
        ("Qamishlo", "qamishli"),
        ("Hasaka", "hasakah"),
        ("Hassakeh", "hasakah"),
        ("Sweida", "suwayda"),
        ("Deraa", "daraa"),
        ("Saraqeb", "saraqib"),
        ("Maarat al-Nu'man", "maarat-al-numan"),
        ("Khan Sheikhoun", "khan-shaykhun"),
        ("Khan Sheikhun", "khan-shaykhun"),
        ("Jisr al-Shughour", "jisr-al-shughur"),
        ("Al-Qusayr", "al-qusayr"),
        ("Qusair", "al-qusayr"),
        ("Rastan", "rastan"),
        ("Al-Rastan", "rastan"),
        ("Salamiyeh", "salamiyah"),
        ("Abu Kamal", "abu-kamal"),
        ("Albu Kamal", "abu-kamal"),
        ("Al-Bukamal", "abu-kamal"),
        ("Boukamal", "abu-kamal"),
        ("Manbij", "manbij"),
        ("Idleb", "idlib"),
        ("Hmeimim", "hmeimim-air-base"),
        ("Khmeimim", "hmeimim-air-base"),
        ("Abu Hardub", "abu-hardub"),
        ("Aqrabat", "aqrabat"),
    ],
)
def test_usual_spellings_of_newsrooms(text, place, boundaries):
    assert find_places(text, boundaries)[:1] == [place]


def test_the_command_line_finds_them_too():
    for text in ("حماة", "Hamah", "hama"):
        assert run("explain", "2024-12-05", text).stdout.startswith("Hama, end of 2024-12-05")
