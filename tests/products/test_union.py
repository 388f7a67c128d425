"""One key for all days: nothing of it moves, and it explains every colour of every day."""

import pytest

from syriamap.atlas import compose_map
from syriamap.scene.key import LOOKS

from .conftest import DAYS

CHOICES = [{}, {"style": "points"}, {"view": "advance", "size": "x"}, {"size": "square", "theme": "print"}]


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_the_key_and_the_panels_behind_it_are_the_same_on_all_days(series, choices):
    scenes = series(**choices).scenes
    assert len({scene.key for scene in scenes}) == 1
    fixed = [[piece for piece in scene.furniture if piece.kind in {"card", "rule"}] for scene in scenes]
    assert all(pieces == fixed[0] for pieces in fixed)


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_its_rows_are_the_union_of_the_days_rows_with_all_their_colours(series, choices):
    united = {entry.row.id: set(entry.row.colours) for entry in series(**choices).scenes[0].key}
    alone = {}
    for day in DAYS:
        for entry in compose_map(day, **{"view": "country", **choices}).key:
            if entry.row.kind != "base":  # a sign has one colour
                alone.setdefault(entry.row.id, set()).update(entry.row.colours)
    doubts = {"contested", "claimed"}
    assert set(united) >= set(alone)
    assert {row: united[row] for row in alone if row not in doubts} == {
        row: colours for row, colours in alone.items() if row not in doubts
    }


def test_a_row_stands_where_it_stands_on_the_map_of_one_day(series):
    united = {entry.row.id: entry for entry in series().scenes[0].key}
    for day in DAYS:
        for entry in compose_map(day, view="country").key:
            if entry.row.kind != "date":
                assert united[entry.row.id].swatch == entry.swatch
                assert united[entry.row.id].runs[0].x == entry.runs[0].x


def test_the_key_counts_nothing_that_changes_from_day_to_day(series):
    labels = {entry.row.id: entry.row.label for entry in series().scenes[0].key}
    assert not any(letter.isdigit() for letter in labels["base-lost"])


def test_colours_stand_in_the_order_of_their_looks(series):
    made = series()
    by_fill = {}
    for scene in made.scenes:
        for patch in scene.control:
            if patch.look in LOOKS:
                by_fill.setdefault((patch.party, patch.fill), LOOKS.index(patch.look))
    for entry in made.scenes[0].key:
        order = [by_fill[entry.row.id, colour] for colour in entry.row.colours if (entry.row.id, colour) in by_fill]
        assert order == sorted(order)


def test_only_the_key_changes(series):
    made = series()
    alone = compose_map(DAYS[2], view="country")
    assert made.scenes[2].labels == alone.labels
    assert made.scenes[2].words == alone.words
    assert made.scenes[2].markers == alone.markers
