"""Names: any spelling finds its id, a wrong one the nearest."""

from __future__ import annotations

import pytest

from syriamap.names import Names, fold, name_units


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
