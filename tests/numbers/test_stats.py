"""Land, places and people by party and day: laws on little countries, common sense on the embedded data."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriamap import control_stats, road_stats
from syriamap.errors import DateError, NoControlError, UnknownNameError
from syriamap.numbers import count_day
from syriamap.save import build_sidecar
from syriamap.theme import get_theme

from ..engine.little import LAWS, World, day, make_boundaries, make_control, worlds
from .conftest import FIRST, LAST, build, materials, stats

SHARES = {"area_share": "area_km2", "places_share": "places", "population_share": "population"}


@LAWS
@given(worlds(), st.integers(0, 14))
def test_shares_add_to_one_and_land_to_the_country(world: World, number):
    control = world.control
    on = max(day(number), control.first)
    frame = count_day(build(world.boundaries, control, on), world.boundaries, control)
    assert list(frame["party"]) == list(control.parties)
    for share, of in SHARES.items():
        total = frame[share].sum()
        assert total == pytest.approx(1 if frame[of].sum() else 0)
    assert frame["area_km2"].sum() == pytest.approx(world.boundaries.country.area / 1e6, rel=1e-6)
    assert frame["places"].sum() == (world.boundaries.places["role"] == "place").sum()
    assert (frame["area_contested_km2"] + frame["area_claimed_km2"] <= frame["area_km2"] + 1e-9).all()


@LAWS
@given(worlds(), st.integers(0, 9))
def test_later_rows_never_change_an_earlier_day(world: World, number):
    early = [row for row in world.rows if row[0] <= number]
    if not early:
        return
    known, whole = make_control(early), make_control(world.rows)
    told = [count_day(build(world.boundaries, table, day(number)), world.boundaries, table) for table in (known, whole)]
    pd.testing.assert_frame_equal(*told)


def test_people_are_those_of_places_whose_number_is_known():
    places = {"a": (10, 10, {"population": 300.0}), "b": (20, 20), "c": (90, 90, {"population": 100.0})}
    boundaries = make_boundaries(places)
    control = make_control([(0, "SW", "red"), (0, "NE", "blue")])
    frame = count_day(build(boundaries, control, day(0)), boundaries, control).set_index("party")
    assert frame.loc["red", ["places", "population", "places_uncounted"]].tolist() == [2, 300, 1]
    assert frame.loc["red", "population_share"] == 0.75
    assert frame.loc["unknown", "area_share"] == pytest.approx(0.5)


def test_disputed_places_and_land_are_counted():
    boundaries = make_boundaries({"a": (25, 25), "b": (75, 75)})
    rows = [(0, "SW", "red"), (0, "NE", "blue"), (1, "a", "red", {"status": "contested", "rival": "blue"})]
    control = make_control(rows)
    frame = count_day(build(boundaries, control, day(1)), boundaries, control).set_index("party")
    assert frame.loc["red", "places_contested"] == 1
    assert frame.loc["red", "area_contested_km2"] == pytest.approx(2500.0)
    after = count_day(build(boundaries, control, day(4)), boundaries, control)
    assert after["places_contested"].sum() == 0


@pytest.mark.parametrize("on", ["2024-11-26", "2024-12-05"])
def test_numbers_equal_those_beside_the_map(scene, on):
    """The sidecar of a map counts the same day by its own way."""
    shown = scene(on, "country")
    told = build_sidecar(shown, get_theme("light"), picture=b"", name="map.png")
    frame = control_stats(date.fromisoformat(on)).set_index("party")
    for one in told["controllers"]:
        row = frame.loc[one["id"]]
        assert round(float(row["area_km2"]), 1) == one["area_km2"]
        assert (row["places"], row["population"]) == (one["places"], one["population"])
    rest = frame.drop([one["id"] for one in told["controllers"]])
    assert rest["area_km2"].sum() == rest["places"].sum() == 0
    km = road_stats(date.fromisoformat(on)).set_index(["road", "party"])["km"]
    assert told["roads"]
    for road in told["roads"]:
        assert {party: round(float(of), 1) for party, of in km[road["id"]].items()} == road["km_by_controller"]


def test_the_embedded_days_make_sense():
    frame = stats()
    country = materials().boundaries.country.area / 1e6
    days = frame.groupby("date")
    assert len(days) == (LAST - FIRST).days + 1
    assert days["area_km2"].sum().to_numpy() == pytest.approx(days["area_km2"].sum().iloc[0], rel=1e-12)
    assert days["area_km2"].sum().iloc[0] == pytest.approx(country, rel=0.002)  # the map's CRS is true within 0.1 %
    party = frame.pivot(index="date", columns="party", values="area_share")
    assert 0.6 < party["government"].iloc[0] < 0.7  # as maps of the time had it: about two thirds
    assert 0.2 < party["sdf"].iloc[0] < 0.3
    assert (party["government"].diff().iloc[1:] <= 0.005).all()
    assert party["government"].iloc[-1] == 0


def test_blocs_are_the_sums_of_their_parties():
    parties, blocs = control_stats(date(2024, 12, 5)), control_stats(date(2024, 12, 5), by="bloc")
    assert "party" not in blocs
    for column in ("area_km2", "area_share", "places", "population"):
        assert parties.groupby("bloc")[column].sum().to_dict() == pytest.approx(
            blocs.set_index("bloc")[column].to_dict()
        )


def test_highways_are_held_from_end_to_end():
    frame = road_stats(date(2024, 11, 26), date(2024, 12, 8))
    assert frame.groupby(["date", "road"])["km_share"].sum().to_numpy() == pytest.approx(1)
    long = frame.groupby(["date", "road"])["km"].sum().unstack("date")
    assert np.ptp(long.to_numpy(), axis=1).max() < 0.01
    main = frame[frame["ref"] == "M5"].pivot_table(
        index="date", columns="bloc", values="km", aggfunc="sum", fill_value=0
    )
    assert main.sum(axis=1).between(400, 520).all()  # the road is about 450 km long
    assert main.loc["2024-11-26", "government"] > 0.95 * main.loc["2024-11-26"].sum()
    assert main.loc["2024-12-05", "opposition"] > 130  # Aleppo to Hama by road
    by_bloc = road_stats(date(2024, 12, 5), by="bloc").groupby("bloc")["km"].sum()
    assert by_bloc.to_dict() == pytest.approx(road_stats(date(2024, 12, 5)).groupby("bloc")["km"].sum().to_dict())


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(NoControlError, match="no statement on or before 2024-11-25"):
        control_stats(date(2024, 11, 25))
    with pytest.raises(DateError, match="2024-12-04 is before 2024-12-05; name the earlier day first: 2024-12-04"):
        control_stats(date(2024, 12, 5), date(2024, 12, 4))
    with pytest.raises(UnknownNameError, match="unknown holder 'blocs'; did you mean bloc"):
        control_stats(date(2024, 12, 5), by="blocs")
    with pytest.raises(NoControlError, match="carry the last state on"):
        control_stats(date(2025, 1, 5))
    assert control_stats(date(2025, 1, 5), carry=True)["area_km2"].sum() > 0
