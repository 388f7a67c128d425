"""Places with their date chips, air bases held or lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriamap.cells import build_cells
from syriamap.merge import control_on
from syriamap.model import Cells, Held
from syriamap.states import base_states, find_cells, list_held, place_states, write_chip

from .little import LAWS, day, make_boundaries, make_control, worlds

FOUR = {"sw": (25, 25), "se": (75, 25), "nw": (25, 75), "ne": (75, 75)}
START = [(0, name, "red", {"change": "initial"}) for name in FOUR]
FIGHT = {"status": "contested", "rival": "blue", "change": "captured"}


def places_on(number, rows, *, boundaries=None):
    """Return the states of places on a day."""
    boundaries = boundaries or make_boundaries(FOUR)
    control = make_control([*START, *rows])
    cells = build_cells(boundaries, control, day(number))
    return place_states(boundaries, cells, control_on(cells, control, day(number), carry=True), control)


@LAWS
@given(worlds(), st.integers(0, 9))
def test_every_place_has_the_state_of_the_cell_it_lies_in(world, number):
    control = world.control
    cells = build_cells(world.boundaries, control, day(number))
    if cells.frame.empty or day(number) < control.first:
        return
    states = control_on(cells, control, day(number), carry=True)
    places = place_states(world.boundaries, cells, states, control)
    assert places.index.equals(world.boundaries.places.index)
    for name, row in places.iterrows():
        assert row["party"] == states.at[row["cell"], "party"]
        assert row["cell"] == name or name not in cells.frame.index
        point = world.boundaries.places.geometry[name]
        assert cells.frame.geometry[row["cell"]].distance(point) < max(
            1.0, world.boundaries.country.distance(point) + 1
        )
    chips = places[places["chip"] != ""]
    assert (chips["chip_to"] == chips["since"]).all()
    assert (chips["chip_from"] <= chips["chip_to"]).all()
    assert (chips["chip_to"] <= pd.Timestamp(day(number))).all()


def test_all_that_is_told_of_places():
    little = {name: (*spot, {"reach_km": 3.0}) for name, spot in FOUR.items()}
    boundaries = make_boundaries({"far": (50, 50, {"role": "marker"}), "by": (24, 25)} | little)
    area = {"basis": "area", "precision": "by", "confidence": "low"}
    claim = {"status": "claimed", "rival": "red", "confidence": "medium"}
    rows = [
        (3, "ne", "red", FIGHT),
        (4, "ne", "blue", {"confidence": "high"}),
        (2, "se", "blue", area),
        (4, "nw", "green", claim),
    ]
    never, taken = np.datetime64("NaT", "s"), np.datetime64(day(4), "s")
    expected = {
        "cell": ["rest-0", "sw", "sw", "se", "nw", "ne"],
        "party": ["unknown", "red", "red", "blue", "green", "blue"],
        "status": ["unknown", "held", "held", "held", "claimed", "held"],
        "rival": ["", "", "", "", "red", ""],
        "since": np.array(["NaT", day(0), day(0), day(2), day(4), day(4)], dtype="datetime64[s]"),
        "statement": ["", "s0", "s0", "s6", "s7", "s5"],
        "basis": ["", "named", "named", "area", "named", "named"],
        "precision": ["", "day", "day", "by", "day", "day"],
        "confidence": ["", "", "", "low", "medium", "high"],
        "chip": ["", "", "", "", "", "29–30 Nov"],
        "chip_from": np.array([*[never] * 5, day(3)], dtype="datetime64[s]"),
        "chip_to": np.array([*[never] * 5, taken], dtype="datetime64[s]"),
    }
    places = places_on(4, rows, boundaries=boundaries)
    pd.testing.assert_frame_equal(places, pd.DataFrame(expected, index=boundaries.places.index), check_dtype=False)
    days = ["since", "chip_from", "chip_to"]
    assert places[days].dtypes.tolist() == [np.dtype("datetime64[s]")] * 3


def test_a_place_has_its_own_cell_wherever_that_lies():
    boundaries, control = make_boundaries(FOUR), make_control(START)
    cells = build_cells(boundaries, control, day(0))
    turned = Cells(cells.frame.set_geometry(cells.frame.geometry.to_numpy()[::-1]), cells.crs)
    assert find_cells(boundaries, turned).to_dict() == {name: name for name in FOUR}


def test_a_marker_takes_the_state_of_the_land_it_stands_on_and_has_no_chip():
    boundaries = make_boundaries(FOUR | {"sign": (80, 80, {"role": "marker"})})
    places = places_on(3, [(3, "ne", "blue")], boundaries=boundaries)
    assert places.loc["sign", ["cell", "party", "chip"]].tolist() == ["ne", "blue", ""]
    assert places.loc["ne", ["basis", "precision", "chip"]].tolist() == ["named", "day", "29 Nov"]


@pytest.mark.parametrize(
    ("row", "chip"),
    [
        ({}, "30 Nov"),
        ({"change": "withdrawn"}, "30 Nov"),
        ({"basis": "area"}, ""),
        ({"basis": "inferred"}, ""),
        ({"precision": "by"}, ""),
        ({"precision": "about"}, ""),
        ({"change": "initial"}, ""),
        ({"status": "claimed", "rival": "red"}, ""),
    ],
)
def test_a_chip_needs_a_report_that_names_the_place_and_the_day(row, chip):
    assert places_on(5, [(4, "ne", "blue", row)]).at["ne", "chip"] == chip


def test_a_statement_about_the_province_gives_its_towns_no_chip():
    assert (places_on(5, [(4, "NE", "blue")])["chip"] == "").all()


def test_the_chip_is_the_first_day_of_the_present_holding():
    rows = [(1, "ne", "blue"), (2, "ne", "red"), (4, "ne", "blue"), (6, "ne", "blue", {"basis": "area"})]
    assert [places_on(number, rows).at["ne", "chip"] for number in (0, 1, 2, 3, 4, 7)] == [
        "",
        "27 Nov",
        "28 Nov",
        "28 Nov",
        "30 Nov",
        "30 Nov",
    ]


def test_days_of_fighting_that_led_to_the_capture_stand_on_the_chip():
    rows = [(3, "ne", "red", FIGHT), (4, "ne", "blue")]
    chip = places_on(4, rows).loc["ne"]
    assert chip["chip"] == "29–30 Nov"
    assert (chip["chip_from"], chip["chip_to"]) == (pd.Timestamp(day(3)), pd.Timestamp(day(4)))
    assert places_on(3, rows).at["ne", "chip"] == ""
    assert places_on(5, [(4, "ne", "red", FIGHT), (5, "ne", "blue")]).at["ne", "chip"] == "30 Nov – 1 Dec"


def test_fighting_that_ended_before_or_was_another_s_does_not_stand_on_the_chip():
    assert places_on(8, [(1, "ne", "red", FIGHT), (8, "ne", "blue")]).at["ne", "chip"] == "4 Dec"
    assert places_on(4, [(3, "ne", "red", FIGHT | {"rival": "green"}), (4, "ne", "blue")]).at["ne", "chip"] == "30 Nov"
    rows = [(2, "ne", "red", FIGHT), (3, "ne", "red"), (4, "ne", "blue")]
    assert places_on(4, rows).at["ne", "chip"] == "30 Nov"


def test_fighting_is_found_for_every_place_as_one_by_one():
    rng = np.random.default_rng(7)
    places = {f"p{number}": (5 + 10 * (number % 10), 5 + 10 * (number // 10)) for number in range(40)}
    boundaries = make_boundaries(places)
    rows = [(0, name, "red") for name in places]
    for at in range(1, 9):
        for name in rng.choice(list(places), 12, replace=False):
            holder, other = rng.permutation(["red", "blue"])
            rows.append((at, name, holder, {"status": "contested", "rival": other} if rng.random() < 0.6 else {}))
    control = make_control(rows)
    lengths = set()
    for number in range(9):
        cells = build_cells(boundaries, control, day(number))
        states = place_states(boundaries, cells, control_on(cells, control, day(number)), control)
        for name in places:
            first, last = find_fighting(rows, name, number)
            found = states.loc[name, ["chip_from", "chip_to"]].tolist()
            assert found == [pd.Timestamp(day(first)), pd.Timestamp(day(last))], (name, number)
            lengths.add(last - first)
    assert len(lengths) > 3


def find_fighting(rows, name, number):
    """Return the days of the chip of a place as one reads them off its rows: a mark stands for three days."""
    ruled = {at: (holder, *more) for at, unit, holder, *more in rows if unit == name and at <= number}
    days = sorted(ruled, reverse=True)
    holder = ruled[days[0]][0]
    held = [at for number, at in enumerate(days) if all(ruled[other][0] == holder for other in days[: number + 1])]
    first = last = held[-1]
    for at in (at for at in days if at < last):
        said = dict(*ruled[at][1:])
        if said.get("status") != "contested" or said["rival"] != holder or at + 2 < first - 1:
            break
        first = at
    return first, last


def test_write_chip_across_a_year():
    assert write_chip(pd.Timestamp("2024-12-31"), pd.Timestamp("2025-01-01")) == "31 Dec – 1 Jan"


def bases_on(number, rows, *, user="red", stays="", base_day=0):
    """Return what became of the base at ne."""
    bases = pd.DataFrame({"name": ["Base"], "user": [user], "stays": [stays]}, index=["ne"])
    return all_bases_on(number, rows, bases, base_day=base_day).loc["ne"]


def all_bases_on(number, rows, bases, *, boundaries=None, base_day=0):
    """Return what became of bases."""
    boundaries = boundaries or make_boundaries(FOUR)
    control = make_control([*START, *rows])
    cells = build_cells(boundaries, control, day(number))
    return base_states(
        bases, cells, control, day(number), boundaries=boundaries, base_day=day(base_day), losing_users=("red", "ally")
    )


def test_bases_are_told_in_their_order_with_all_that_became_of_them():
    bases = pd.DataFrame({"name": ["One", "Two", "Three"], "user": ["ally", "red", "nobody"]}, index=["se", "ne", "nw"])
    rows = [(1, "nw", "blue"), (3, "ne", "blue"), (4, "nw", "green")]
    frame = all_bases_on(4, rows, bases)
    lost_on = np.array(["NaT", "2024-11-29", "NaT"], dtype="datetime64[s]")
    expected = {
        "name": ["One", "Two", "Three"],
        "user": ["ally", "red", "nobody"],
        "status": ["held", "lost", "other"],
        "holder": ["red", "blue", "green"],
        "bloc": ["red", "allies", "allies"],
        "lost_on": lost_on,
        "lost_to": ["", "blue", ""],
        "statements": [("s1",), ("s3", "s5"), ("s6",)],
    }
    pd.testing.assert_frame_equal(frame, pd.DataFrame(expected, index=bases.index))


def test_a_base_is_lost_on_the_very_day():
    assert bases_on(2, [(2, "ne", "blue")])["lost_on"] == pd.Timestamp(day(2))


def test_a_base_on_land_that_no_statement_reaches_is_other():
    little = {name: (*spot, {"reach_km": 3.0}) for name, spot in FOUR.items()}
    boundaries = make_boundaries(little | {"far": (50, 50, {"role": "marker"})})
    bases = pd.DataFrame({"name": ["Base"], "user": ["red"]}, index=["far"])
    fate = all_bases_on(1, [], bases, boundaries=boundaries).loc["far"]
    assert fate.tolist() == ["Base", "red", "other", "unknown", "", pd.NaT, "", ()]


def test_a_base_is_lost_when_its_holder_changed_to_another_bloc():
    rows = [(2, "ne", "blue"), (5, "ne", "green")]
    assert bases_on(1, rows)["status"] == "held"
    lost = bases_on(6, rows)
    assert lost[["status", "holder", "bloc", "lost_to"]].tolist() == ["lost", "green", "allies", "blue"]
    assert lost["lost_on"] == pd.Timestamp(day(2))
    assert lost["statements"] == ("s3", "s4", "s5")


def test_a_base_that_was_retaken_is_held_and_one_lost_again_counts_from_the_second_time():
    rows = [(2, "ne", "blue"), (3, "ne", "red"), (5, "ne", "blue")]
    assert bases_on(4, rows)["status"] == "held"
    assert bases_on(9, rows)["lost_on"] == pd.Timestamp(day(5))


def test_a_base_nobody_could_lose_there_is_other():
    assert bases_on(5, [(2, "ne", "blue")], user="none")["status"] == "other"
    assert bases_on(5, [(2, "ne", "blue")], user="ally")["status"] == "lost"


def test_a_base_whose_user_stayed_is_never_lost():
    base = bases_on(5, [(2, "ne", "blue")], stays="yes")
    assert base["status"] == "held"
    assert base["holder"] == "blue"


def test_a_base_left_to_nobody_known_is_lost_to_who_came_first():
    rows = [(2, "ne", "unknown", {"status": "vacated"}), (4, "ne", "blue")]
    assert bases_on(3, rows)[["status", "lost_to"]].tolist() == ["lost", "unknown"]
    assert bases_on(5, rows)[["status", "lost_to", "lost_on"]].tolist() == ["lost", "blue", pd.Timestamp(day(2))]


def test_within_a_bloc_no_base_is_lost():
    rows = [(0, "ne", "blue"), (2, "ne", "green")]
    assert bases_on(5, rows, user="ally")["status"] == "held"


def test_what_is_held_is_asked_place_by_place():
    claim = {"status": "claimed", "rival": "red"}
    places = places_on(4, [(3, "ne", "red", FIGHT), (4, "ne", "blue"), (4, "nw", "blue", claim)])
    held = list_held(places)
    assert list(held) == ["sw", "se", "nw", "ne"]
    assert held["ne"] == Held("blue", "held", "", "s5", "29–30 Nov", day(3), day(4))
    assert held["nw"] == Held("blue", "claimed", "red", "s6", "", None, None)
