"""What changed hands: it adds up to the difference of the days, and says what nobody reported."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriamap import list_changes, sum_changes
from syriamap.cells import same_cells
from syriamap.errors import DateError
from syriamap.numbers import compare_days, count_day
from syriamap.numbers.changes import COLUMNS, EVENTS

from ..engine.little import LAWS, World, day, make_boundaries, make_control, worlds
from .conftest import build, changes, materials, stats


def differences(moved, parties):
    """Return what each party won less what it lost."""
    won, lost = (moved.groupby(end)[["area_km2", "places"]].sum() for end in ("to_party", "from_party"))
    return won.reindex(parties, fill_value=0) - lost.reindex(parties, fill_value=0)


@LAWS
@given(worlds(), st.integers(0, 10))
def test_changes_add_up_to_the_difference_of_the_days(world: World, number):
    control = world.control
    eve = max(day(number), control.first)
    after = pd.Timestamp(eve) + pd.Timedelta(days=1)
    days = [build(world.boundaries, control, on) for on in (eve, after.date())]
    found = compare_days(*days, world.boundaries, control)
    assert list(found.columns) == list(COLUMNS)
    assert set(found["event"]) <= set(EVENTS)
    then, now = (count_day(one, world.boundaries, control).set_index("party")[["area_km2", "places"]] for one in days)
    apart = differences(found, list(control.parties)) - (now - then)
    assert apart["area_km2"].abs().max() < 0.02
    assert apart["places"].abs().max() == 0
    if same_cells(days[0].cells, days[1].cells):
        assert "recut" not in set(found["event"])
    told = found[found["event"].isin(["holder", "status"])]
    dates = control.statements.set_index("id")["date"]
    assert (dates[told["statement"]] == after).all()
    assert (found["from_party"] != found["to_party"]).eq(found["event"].isin(["holder", "recut"])).all()


def test_land_cut_anew_is_told_from_what_was_taken():
    """A place named late takes land from its neighbour's cell: nobody reported that land as lost."""
    boundaries = make_boundaries({"west": (20, 50), "east": (80, 50), "late": (55, 50)})
    control = make_control([(0, "west", "red"), (0, "east", "blue"), (1, "late", "blue")])
    days = [build(boundaries, control, day(number)) for number in (0, 1)]
    found = compare_days(*days, boundaries, control)
    assert found["event"].tolist() == ["recut"]  # late lay in blue's land before: it did not change hands
    assert found[["from_party", "to_party", "place", "places"]].iloc[0].tolist() == ["red", "blue", "late", 0]
    assert found["area_km2"].iloc[0] == pytest.approx((50 - 37.5) * 100, rel=1e-3)
    assert sum_changes(found)["recut_km2"].iloc[0] == pytest.approx(found["area_km2"].iloc[0])


def test_marks_come_and_go():
    boundaries = make_boundaries({"a": (25, 25), "b": (75, 75)})
    rows = [(0, "a", "red"), (0, "b", "blue"), (1, "a", "red", {"status": "contested", "rival": "blue"})]
    control = make_control(rows)
    days = [build(boundaries, control, day(number)) for number in range(5)]
    told = [compare_days(one, other, boundaries, control) for one, other in pairwise(days)]
    assert [list(frame["event"]) for frame in told] == [["status"], [], [], ["lapsed"]]
    row = told[0].iloc[0]
    assert (row["to_status"], row["to_rival"], row["statement"], row["name"]) == ("contested", "blue", "s2", "A")
    assert told[3].iloc[0]["from_status"] == "contested"
    assert sum_changes(told[0]).empty


def test_left_land_is_told():
    boundaries = make_boundaries({"a": (25, 25), "b": (75, 75)})
    control = make_control([(0, "a", "red"), (0, "b", "blue"), (1, "a", "unknown", {"status": "vacated"})])
    found = compare_days(*(build(boundaries, control, day(number)) for number in (0, 1)), boundaries, control)
    assert found[["event", "from_party", "to_party", "to_status"]].iloc[0].tolist() == [
        "holder",
        "red",
        "unknown",
        "vacated",
    ]


def test_a_unit_handed_over_gives_a_row_for_every_cell():
    boundaries = make_boundaries({"a": (10, 10), "b": (40, 40), "c": (75, 75)})
    control = make_control([(0, name, "red") for name in "abc"] + [(0, "SW", "red"), (1, "SW", "blue")])
    found = compare_days(*(build(boundaries, control, day(number)) for number in (0, 1)), boundaries, control)
    assert sorted(found["place"]) == ["a", "b"]
    assert set(found["unit"]) == {"SW"}
    assert found["area_km2"].sum() == pytest.approx(2500)


def test_the_embedded_changes_add_up():
    moved, frame = changes(), stats()
    for column in ("area_km2", "places"):
        by_day = frame.pivot(index="date", columns="party", values=column).diff().iloc[1:]
        for on, difference in by_day.iterrows():
            found = differences(moved[moved["date"] == on], list(by_day.columns))[column]
            assert found.to_dict() == pytest.approx(difference.to_dict(), abs=0.01)


def test_a_famous_day():
    found = changes()[changes()["date"] == "2024-12-05"]
    city = found[found["place"] == "hama"].iloc[0]
    assert (city["from_party"], city["to_party"], city["event"]) == ("government", "opposition_hts", "holder")
    assert (city["confidence"], city["statement"], city["kind"]) == ("high", "hama-2024-12-05", "city")
    assert city["name_ar"] == "حماة"
    assert city["sources"]
    assert city["urls"].startswith("http")


def test_every_base_lost_on_a_map_is_flagged_on_its_day(scene):
    lost = {(base.name, base.lost_on) for base in scene("2024-12-08", "country").bases if base.status == "lost"}
    moved = changes()[changes()["date"] <= "2024-12-08"]
    flagged = {
        (name, row.date.date().isoformat())
        for row in moved[moved["bases_lost"] != ""].itertuples()
        for name in row.bases_lost.split("; ")
    }
    assert len(lost) > 10
    assert lost <= flagged  # a base lost, won back and lost again is flagged twice


def test_no_outlet_that_is_not_printable_is_credited():
    outlets = materials().control.outlets.values()
    never = {one.name for one in outlets if not one.printable} - {one.name for one in outlets if one.printable}
    credited = {name for row in changes()["sources"] for name in row.split("; ")}
    assert not credited & (never - {"background"})


def test_nothing_changes_between_a_day_and_itself():
    assert list_changes(date(2024, 12, 5), date(2024, 12, 5)).empty
    assert sum_changes(list_changes(date(2024, 12, 5), date(2024, 12, 5))).empty
    with pytest.raises(DateError, match="name the earlier day first"):
        list_changes(date(2024, 12, 5), date(2024, 12, 4))
