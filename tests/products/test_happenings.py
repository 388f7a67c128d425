"""The words about a day say what the table says of that very day, and nothing later."""

from datetime import date, timedelta

import pandas as pd
import pytest

from syriamap.language import read_phrases
from syriamap.products.series import happenings_of
from syriamap.scene.happenings import Happenings, tell_happenings

PLACES = pd.DataFrame(
    {"name": ["Alpha", "Beta", "Gamma", "Hamlet"], "rank": [1, 3, 4, 5]}, index=["alpha", "beta", "gamma", "hamlet"]
)
ON = date(2024, 12, 5)


def tell(taken=(), contested=(), *, on=ON, most=1000):
    found = Happenings(taken, contested)
    words = tell_happenings(found, on, date(2024, 11, 27), PLACES, read_phrases("en"), lambda text: len(text) <= most)
    assert len(words[0]) <= most
    return words


def test_every_place_told_was_taken_on_that_day_by_a_statement_of_it(series):
    made = series()
    from syriamap.atlas import build_day

    for scene in made.scenes:
        states = build_day(made.materials, scene.on).places
        for place in happenings_of(made, scene).taken:
            row = states.loc[place]
            assert row["chip_to"].date() == scene.on
            assert (row["basis"], row["precision"]) == ("named", "day")


def test_the_most_important_place_comes_first(series):
    made = series()
    ranks = made.materials.boundaries.places["rank"]
    for scene in made.scenes:
        told = [ranks[place] for place in happenings_of(made, scene).taken]
        assert told == sorted(told)
    assert happenings_of(made, made.scenes[-1]).taken[0] == "damascus"


def test_places_out_of_sight_are_not_told(series):
    near = series(view="hama:40")
    for scene in near.scenes:
        places = near.materials.boundaries.places.loc[list(happenings_of(near, scene).taken)]
        assert places["lon"].between(scene.degrees.west, scene.degrees.east).all()
        assert places["lat"].between(scene.degrees.south, scene.degrees.north).all()


def test_a_sentence_names_what_fits():
    taken = ("alpha", "beta", "gamma", "hamlet")
    assert tell(taken)[0] == "Alpha, Beta, Gamma and 1 more taken"
    assert tell(taken, most=30)[0] == "Alpha, Beta and 2 more taken"
    assert tell(taken, most=16) == ("4 places taken", ())
    assert tell(taken, most=5) == ("", ())


def test_one_or_two_places_are_told_whole():
    assert tell(("alpha",)) == ("Alpha taken", ("alpha",))
    assert tell(("alpha", "beta"))[0] == "Alpha and Beta taken"
    assert tell(("alpha",), ("beta",)) == ("Alpha taken; Beta contested", ("alpha", "beta"))
    assert tell((), ("beta",)) == ("Beta contested", ("beta",))


def test_hamlets_are_counted_and_a_single_one_is_named():
    assert tell(("hamlet", "hamlet"))[0] == "2 places taken"
    assert tell(("hamlet",))[0] == "Hamlet taken"


@pytest.mark.parametrize("on", [date(2024, 11, 26), ON])
def test_a_day_without_news_says_so(on):
    eve = on == date(2024, 11, 27) - timedelta(days=1)
    assert ("counted" in tell(on=on)[0]) is eve
