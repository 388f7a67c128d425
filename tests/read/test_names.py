"""Names: any spelling finds its id, a wrong one the nearest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syriamap.names import Names, find_places, fold, name_units


@pytest.fixture
def names() -> Names:
    return Names(
        {
            "old-town": ["Old Town", "البلدة القديمة"],
            "new-town": ["New Town"],
            "P01": ["Old Town"],
            "saint-elie": ["Saint-Élie", "St. Elie"],
        }
    )


@pytest.mark.parametrize("text", ["old-town", "Old Town", "OLD_TOWN", "البلدة القديمة", "البَلدة القديمة"])
def test_spellings_find_their_id(names, text):
    assert "old-town" in names.find(text)


def test_one_spelling_of_two_things_finds_both(names):
    assert names.find("old town") == ("old-town", "P01")
    assert names.hint("Old Town") == "did you mean old-town or P01 (Old Town)?"


def test_accents_and_stops_do_not_matter(names):
    assert names.find("st elie") == names.find("Saint Elie") == ("saint-elie",)
    assert fold("Ma'arat  al-Nu’man") == "maarat al numan"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("حماة", "حماه"),
        ("مصطفى", "مصطفي"),
        ("إدلب", "ادلب"),
        ("حلـب", "حلب"),
        ("Rıfat", "Rifat"),
        ("Кам\u02bcя", "Камя"),
    ],
)
def test_letters_that_one_hand_writes_for_another_do_not_matter(one, other):
    assert fold(one) == fold(other)


def test_a_place_is_found_by_its_own_name_before_one_it_is_an_alias_of(squares):
    """An alias of a larger place must not take the name from a smaller one."""
    kinds = ["city", *["village"] * (len(squares.places) - 1)]
    aliases = ["New Town", *squares.places["aliases"].iloc[1:]]
    places = squares.places.assign(aliases=aliases, kind=kinds, rank=range(len(kinds)), population=float("nan"))
    first = str(places.index[0])
    assert first != "new-town"
    both = replace(squares, places=places)
    assert find_places("New Town", both) == ["new-town", first]
    assert find_places(first, both) == [first]
    assert find_places("Nowhere", both) == []


def test_nearest_of_a_misspelling(names):
    assert names.nearest("nwe town")[0] == "new-town"
    assert names.hint("nw-town").startswith("did you mean new-town")


def test_no_near_name_lists_known_ones(names):
    assert names.hint("qqq") == "known: old-town, new-town, P01, saint-elie"
    many = Names({f"place-{number}": [] for number in range(100)})
    assert many.hint("qqq").endswith("... (100 in all)")


def test_units_are_places_with_land_codes_and_areas(squares):
    units = name_units(squares)
    assert set(units.ids) == {"old-town", "new-town", "bridge", "A1", "A2", "A3", "A4", "park"}
    assert units.find("Vieille Ville") == ("old-town",)
