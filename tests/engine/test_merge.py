"""Laws of the merge: newest wins, then the smaller unit, then the later row; nothing after the day reaches it."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriamap.cells import build_cells
from syriamap.errors import NoControlError
from syriamap.merge import check_day, control_on, fight_began, trace

from .little import LAWS, day, draw_rows, make_boundaries, make_control, worlds

FOUR = {"sw": (25, 25), "se": (75, 25), "nw": (25, 75), "ne": (75, 75)}
START = [(0, name, "red") for name in FOUR]
DAYS = st.integers(0, 9)


def merge(rows, number, *, boundaries=None, **fields):
    """Return the states of four squares after these rows."""
    boundaries = boundaries or make_boundaries(FOUR)
    control = make_control([*START, *rows], **fields)
    return control_on(build_cells(boundaries, control, day(number)), control, day(number), carry=True)


def states_of(world, number, control=None):
    """Return cells and states of a world, both empty before its first statement."""
    control = control or world.control
    cells = build_cells(world.boundaries, control, day(number))
    return cells, control_on(cells, control, day(number), carry=True)


def slow_history(chain, control, number):
    """Return what ruled a cell day by day, written as the rule is told."""
    table = control.statements
    ruled = []
    for earlier in range(number + 1):
        said = table[(table["date"] == pd.Timestamp(day(earlier))) & table["unit"].isin(chain)]
        if len(said):
            smallest = min(said["unit"], key=chain.index)
            ruled.append(said[said["unit"] == smallest].iloc[-1])
    return ruled


@LAWS
@given(worlds(), DAYS)
def test_the_merge_is_what_the_rule_says(world, number):
    control = world.control
    if day(number) < control.first:
        return
    cells, states = states_of(world, number)
    for cell, chain in cells.frame["chain"].items():
        ruled, state = slow_history(chain, control, number), states.loc[cell]
        assert [control.statements["id"][row] for row in trace(cells, control, cell, day(number))] == [
            row["id"] for row in ruled
        ]
        if not ruled:
            assert state[["party", "status", "statement"]].tolist() == ["unknown", "unknown", ""]
            assert pd.isna(state["since"])
            continue
        last = ruled[-1]
        run = [row for at, row in enumerate(ruled) if all(r["controller"] == last["controller"] for r in ruled[at:])]
        until = last["date"] + timedelta(days=2) if pd.isna(last["until"]) else last["until"]
        marked = last["status"] in ("contested", "claimed") and pd.Timestamp(day(number)) <= until
        plain = "vacated" if last["status"] == "vacated" else "held"
        assert state["party"] == last["controller"]
        assert state["statement"] == last["id"]
        assert state["since"] == run[0]["date"]
        assert control.statements["id"][state["began"]] == run[0]["id"]
        assert state["status"] == (last["status"] if marked else plain)
        assert state["rival"] == (last["rival"] if marked else "")


@LAWS
@given(worlds(), DAYS)
def test_later_rows_never_change_an_earlier_day(world, number):
    control = world.control
    known = [row for row in world.rows if row[0] <= number]
    if not known:
        return
    cells, states = states_of(world, number)
    table = control.statements
    assert (table["date"].iloc[states["row"][states["row"] >= 0]] <= pd.Timestamp(day(number))).all()
    past_cells, past = states_of(world, number, make_control(known))
    plain = [name for name in states if name not in ("row", "began", "statement", "runner_up")]
    pd.testing.assert_frame_equal(states[plain], past[plain])
    assert (cells.frame.geometry.to_wkb() == past_cells.frame.geometry.to_wkb()).all()


@LAWS
@given(worlds(), st.data())
def test_a_row_about_a_unit_changes_only_the_cells_that_it_is_or_contains(world, data):
    named = sorted({unit for _, unit, *_ in world.rows})
    row = data.draw(draw_rows(named))
    rows = [*((0, unit, "red") for unit in named), *world.rows]
    more, less = make_control([*rows, row]), make_control(rows)
    cells, states = states_of(world, 9, more)
    same_cells, before = states_of(world, 9, less)
    assert same_cells is cells
    plain = ["party", "status", "rival", "since", "statement"]
    changed = (states[plain].astype(object).fillna("") != before[plain].astype(object).fillna("")).any(axis=1)
    assert all(row[1] in chain for chain in cells.frame["chain"][changed.to_numpy()])


@LAWS
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_matters_only_within_a_day_and_unit(world, random):
    numbered = [(*row[:3], {**row[3], "id": f"r{at}"}) for at, row in enumerate(world.rows)]
    groups = {}
    for row in numbered:
        groups.setdefault((row[0], row[1]), []).append(row)
    names = list(groups)
    random.shuffle(names)
    places = {key: iter(rows) for key, rows in groups.items()}
    deck = [key for key in names for _ in groups[key]]
    random.shuffle(deck)
    shuffled = make_control([next(places[key]) for key in deck])
    _, states = states_of(world, 9, make_control(numbered))
    _, again = states_of(world, 9, shuffled)
    plain = ["party", "status", "rival", "since", "statement"]
    pd.testing.assert_frame_equal(states[plain], again[plain])


def test_the_newest_statement_wins_whatever_its_unit():
    states = merge([(3, "ne", "blue"), (4, "NE", "green")], 4)
    assert states.at["ne", "party"] == "green"
    assert states.at["nw", "party"] == "red"


def test_on_one_day_the_smaller_unit_wins_and_excepts_a_town_from_its_province():
    boundaries = make_boundaries(FOUR | {"fort": (90, 90)})
    states = merge([(4, "fort", "green"), (4, "NE", "blue")], 4, boundaries=boundaries)
    assert states["party"].to_dict() == {"sw": "red", "se": "red", "nw": "red", "ne": "blue", "fort": "green"}


def test_within_one_unit_the_later_row_wins():
    states = merge([(4, "ne", "green"), (4, "ne", "blue")], 4)
    assert states.at["ne", "party"] == "blue"
    assert states.at["ne", "runner_up"] == "s4"


def test_of_units_of_one_size_the_finer_level_wins():
    boundaries = make_boundaries(FOUR)
    units = pd.concat([boundaries.units, boundaries.units.loc[["NE"]].rename({"NE": "NE1"}).assign(level=2)])
    boundaries = type(boundaries)(boundaries.country, units, boundaries.areas, boundaries.places, (), boundaries.crs)
    assert merge([(4, "NE1", "blue"), (4, "NE", "green")], 4, boundaries=boundaries).at["ne", "party"] == "blue"


@pytest.mark.parametrize("status", ["contested", "claimed"])
def test_a_mark_stands_three_days_and_then_the_plain_state_returns(status):
    rows = [(4, "ne", "red", {"status": status, "rival": "blue"})]
    found = [merge(rows, number).loc["ne", ["party", "status", "rival"]].tolist() for number in (3, 4, 6, 7)]
    assert found == [["red", "held", ""], ["red", status, "blue"], ["red", status, "blue"], ["red", "held", ""]]
    assert merge(rows, 6, mark_days=2).at["ne", "status"] == "held"


def test_a_mark_stands_as_long_as_its_row_says():
    rows = [(2, "ne", "red", {"status": "contested", "rival": "blue", "until": pd.Timestamp(day(7))})]
    assert [merge(rows, number).at["ne", "status"] for number in (7, 8)] == ["contested", "held"]


def test_a_vacated_cell_is_unknown_since_that_day():
    state = merge([(4, "ne", "unknown", {"status": "vacated"})], 6).loc["ne"]
    assert (state["party"], state["status"], state["since"]) == ("unknown", "vacated", pd.Timestamp(day(4)))


def test_a_holding_goes_on_through_contested_days_and_statements_on_other_units():
    rows = [(2, "ne", "blue"), (3, "NE", "blue"), (4, "ne", "blue", {"status": "contested", "rival": "red"})]
    assert merge(rows, 9).at["ne", "since"] == pd.Timestamp(day(2))
    assert merge([*rows, (6, "NE", "red"), (7, "ne", "blue")], 9).at["ne", "since"] == pd.Timestamp(day(7))


def test_a_holding_does_not_reach_back_over_a_day_on_which_a_smaller_unit_was_another_s():
    rows = [(1, "ne", "blue"), (1, "NE", "red"), (3, "NE", "red")]
    assert merge(rows, 4).at["ne", "since"] == pd.Timestamp(day(3))


def test_what_was_overridden_on_its_day_does_not_break_a_holding():
    rows = [(2, "ne", "blue"), (4, "ne", "blue"), (4, "NE", "red")]
    assert merge(rows, 9).at["ne", "since"] == pd.Timestamp(day(2))


def test_land_that_no_statement_reaches_is_unknown():
    boundaries = make_boundaries({"camp": (50, 50, {"reach_km": 3.0})})
    control = make_control([(0, "camp", "red")])
    states = control_on(build_cells(boundaries, control, day(0)), control, day(0))
    assert states["party"].to_dict() == {"camp": "red", "rest-0": "unknown"}


def test_all_that_is_told_of_a_cell():
    """Marks, nobody's land, a statement in another's stead, where each row stands, and the form of it all."""
    boundaries = make_boundaries({name: (*spot, {"reach_km": 3.0}) for name, spot in FOUR.items()})
    fight, left = {"status": "contested", "rival": "red"}, {"status": "vacated"}
    rows = [
        (1, "ne", "blue"),
        (2, "ne", "blue", fight),
        (2, "nw", "unknown", left),
        (1, "se", "blue"),
        (1, "se", "red"),
    ]
    control = make_control([*START, *rows])
    states = control_on(build_cells(boundaries, control, day(2)), control, day(2))
    since = np.array([day(0), day(0), day(2), day(1), "NaT"], dtype="datetime64[s]")
    expected = {
        "party": ["red", "red", "unknown", "blue", "unknown"],
        "status": ["held", "held", "vacated", "contested", "unknown"],
        "rival": ["", "", "", "red", ""],
        "since": since,
        "statement": ["s0", "s8", "s6", "s5", ""],
        "row": [0, 8, 6, 5, -1],
        "began": [0, 1, 6, 4, -1],
        "runner_up": ["", "s7", "s2", "s4", ""],
    }
    index = pd.Index(["sw", "se", "nw", "ne", "rest-0"], name="cell")
    pd.testing.assert_frame_equal(states, pd.DataFrame(expected, index=index), check_index_type=False)


def test_a_statement_about_other_units_stands_in_for_the_one_that_decides():
    assert merge([(1, "NE", "green"), (2, "ne", "blue")], 2).at["ne", "runner_up"] == "s4"
    assert merge([(1, "ne", "green"), (1, "NE", "blue")], 2).at["ne", "runner_up"] == "s5"


def test_the_trace_of_a_cell_has_one_row_a_day():
    boundaries = make_boundaries({"ne": (90, 90), "camp": (10, 10, {"reach_km": 3.0})})
    rows = [(1, "ne", "blue"), (1, "NE11", "red"), (1, "NE", "green"), (2, "NE", "red"), (2, "NE", "blue")]
    control = make_control([(0, "ne", "red"), *rows, (3, "NE11", "red"), (5, "camp", "red")])
    cells = build_cells(boundaries, control, day(4))
    assert cells.frame.at["ne", "chain"] == ("ne", "NE11", "NE")
    assert trace(cells, control, "ne", day(9)).tolist() == [0, 1, 5, 6]
    assert trace(cells, control, "ne", day(2)).tolist() == [0, 1, 5]
    cells = build_cells(boundaries, control, day(5))
    none = trace(cells, control, "camp", day(4))
    assert (none.tolist(), none.dtype) == ([], np.int64)


def test_days_before_1970_are_days_like_all_others():
    boundaries = make_boundaries({"camp": (50, 50, {"reach_km": 3.0})})
    mark = {"status": "contested", "rival": "blue"}
    control = make_control([(-25_000, "camp", "blue"), (-24_999, "camp", "red", mark)])
    states = control_on(build_cells(boundaries, control, day(-24_998)), control, day(-24_998))
    assert states[["party", "status", "rival", "runner_up"]].to_numpy().tolist() == [
        ["red", "contested", "blue", "s0"],
        ["unknown", "unknown", "", ""],
    ]
    assert states["since"].tolist() == [pd.Timestamp(day(-24_999)), pd.NaT]
    later = make_control([(-25_000, "SW", "red"), (-24_990, "sw", "blue")])
    cells = build_cells(make_boundaries(FOUR), later, day(-24_990))
    assert control_on(cells, later, day(-24_991)).at["sw", "party"] == "red"


def test_a_fight_is_not_another_place_s():
    boundaries = make_boundaries({"camp": (25, 50), "fort": (75, 50)})
    fight = {"status": "contested", "rival": "red"}
    for first in (0, -25_000):
        control = make_control([(first, "camp", "red"), (first, "fort", "blue", fight)])
        cells, taken = build_cells(boundaries, control, day(first)), np.array([day(first)], dtype="datetime64[s]")
        began = fight_began(cells, control, np.array([0]), np.array(["red"], dtype=object), taken)
        assert began.tolist() == taken.tolist()


def test_a_day_before_the_first_statement_or_long_after_the_last_is_refused():
    control = make_control([*START, (3, "ne", "blue")])
    cells = build_cells(make_boundaries(FOUR), control, day(3))
    assert len(control_on(cells, control, day(10))) == 4
    early = "no statement on or before 2024-11-25; the first is of 2024-11-26"
    late = (
        "2024-12-07 is more than 7 days after the last statement, of 2024-11-29; "
        "ask for an earlier day, or carry the last state on"
    )
    for number, message in ((-1, early), (11, late)):
        for refuse in (check_day, partial(control_on, cells)):
            with pytest.raises(NoControlError, match=f"^{re.escape(message)}$"):
                refuse(control, day(number))
    with pytest.raises(NoControlError, match=f"^{re.escape(early)}$"):
        control_on(cells, control, day(-1), carry=True)
    assert len(control_on(cells, control, day(11), carry=True)) == 4


def test_long_histories_agree_with_the_slow_rule():
    """Long runs and several units take the shortcuts of the walk back."""
    rng = np.random.default_rng(7)
    units, parties = rng.choice(["ne", "NE", "NE11", "nw"], 300), rng.choice(["red", "blue"], 300, p=[0.9, 0.1])
    rows = list(zip(rng.integers(0, 200, 300).tolist(), units.tolist(), parties.tolist(), strict=True))
    boundaries = make_boundaries(FOUR | {"ne": (90, 90)})
    control = make_control([*START, *rows])
    chain = build_cells(boundaries, control, day(199)).frame.at["ne", "chain"]
    assert chain == ("ne", "NE11", "NE")
    history = slow_history(chain, control, 199)
    for number in range(0, 200, 7):
        cells = build_cells(boundaries, control, day(number))
        states = control_on(cells, control, day(number))
        ruled = [row for row in history if row["date"] <= pd.Timestamp(day(number))]
        breaks = [at for at in range(1, len(ruled)) if ruled[at]["controller"] != ruled[at - 1]["controller"]]
        assert states.at["ne", "since"] == ruled[breaks[-1] if breaks else 0]["date"]
