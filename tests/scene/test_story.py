"""The story of the offensive, as the maps of single days must tell it. Names and days are those of the fact tables."""

from datetime import date

import pandas as pd
import pytest
import shapely

from syriamap.atlas import build_day, read_materials

OPPOSITION, GOVERNMENT = "opposition", "government"


@pytest.fixture(scope="module")
def bloc_of():
    materials = read_materials()

    def bloc(place, day):
        party = build_day(materials, date.fromisoformat(day)).places.loc[place, "party"]
        return materials.control.parties[party].bloc

    return bloc


@pytest.mark.parametrize("place", ["aleppo", "saraqib", "maarat-al-numan", "khan-shaykhun", "hama"])
def test_taken_by_5_december(bloc_of, place):
    assert bloc_of(place, "2024-11-26") == GOVERNMENT
    assert bloc_of(place, "2024-12-05") == OPPOSITION


@pytest.mark.parametrize("place", ["homs", "tartus", "latakia", "damascus", "rastan", "talbiseh"])
def test_held_on_5_december(bloc_of, place):
    assert bloc_of(place, "2024-12-05") == GOVERNMENT


def test_days_of_hama_rastan_homs_and_damascus(bloc_of):
    assert bloc_of("hama", "2024-12-04") == GOVERNMENT
    for place in ("rastan", "talbiseh"):
        assert bloc_of(place, "2024-12-06") == OPPOSITION
    for place in ("homs", "damascus"):
        assert bloc_of(place, "2024-12-07") == GOVERNMENT
        assert bloc_of(place, "2024-12-08") == OPPOSITION


@pytest.mark.parametrize(
    ("day", "lost"),
    [
        ("2024-11-29", set()),
        ("2024-11-30", {"abu-al-duhur", "nayrab", "kuweires", "jirah"}),
        ("2024-12-01", {"abu-al-duhur", "nayrab", "kuweires", "jirah", "menagh"}),
        ("2024-12-04", {"abu-al-duhur", "nayrab", "kuweires", "jirah", "menagh"}),
        ("2024-12-05", {"abu-al-duhur", "nayrab", "kuweires", "jirah", "menagh", "hama"}),
    ],
)
def test_air_bases_lost(scene, day, lost):
    bases = {base.place.removesuffix("-air-base"): base for base in scene(day).bases}
    assert {name for name, base in bases.items() if base.status == "lost"} == lost
    for name in ("hmeimim", "shayrat", "t4"):
        assert bases[name].status == "held"


def test_takers_and_days_of_the_six(scene):
    fates = {base.place.removesuffix("-air-base"): (base.lost_on, base.lost_to) for base in scene("2024-12-05").bases}
    assert fates["abu-al-duhur"] == ("2024-11-30", "opposition_hts")
    assert fates["nayrab"] == ("2024-11-30", "opposition_hts")
    assert fates["kuweires"] == ("2024-11-30", "opposition_sna")
    assert fates["jirah"] == ("2024-11-30", "sdf")
    assert fates["menagh"] == ("2024-12-01", "opposition_sna")
    assert fates["hama"] == ("2024-12-05", "opposition_hts")


@pytest.mark.parametrize("size", ["web", "portrait"])
def test_the_map_of_5_december_names_and_dates_the_story(scene, size):
    made = scene("2024-12-05", "advance", size)
    dates = {label.text: label.runs[-1].text for label in made.labels if label.chip}
    assert dates["Hama"] == "5 Dec"
    assert dates["Aleppo"] == "29–30 Nov"
    for town in ("Saraqib", "Maarat al-Numan", "Khan Shaykhun"):
        assert town in dates
    named = {label.text for label in made.labels}
    assert {"Homs", "Tartus", "Latakia", "Hmeimim"} <= named
    lost = {marker.id for marker in made.markers if marker.kind == "base" and marker.state == "lost"}
    assert len(lost) == 6
    assert "Six air bases lost since 27 November" in made.words.subtitle
    assert "Abu al-Duhur, Nayrab, Kuweires and Jirah on 30 Nov, Menagh on 1 Dec, Hama on 5 Dec" in made.words.subtitle
    assert "The M5 is rebel-held from Aleppo to Hama." in made.words.subtitle


def test_the_main_road_does_not_end_with_the_map(scene):
    assert scene("2024-12-06").words.subtitle.startswith("The M5 is rebel-held from Aleppo to Talbiseh.")
    assert scene("2024-12-08").words.subtitle.startswith("The M5 is rebel-held from Aleppo to Damascus.")
    assert "M5" not in scene("2024-12-08", "hasakah").words.subtitle


def test_the_country_view_shows_what_could_be_next(scene):
    made = scene("2024-12-05", "country")
    signs = {marker.id: marker.kind for marker in made.markers}
    assert signs["tartus-port"] == "port"
    assert signs["hmeimim-air-base"] == "base"
    assert sum(kind == "field" for kind in signs.values()) >= 5
    named = {label.id for label in made.labels}
    assert {"tartus-port", "hmeimim-air-base", "damascus", "al-omar-oil-field"} <= named


def test_facilities_of_the_country_view_have_their_holders(bloc_of):
    for place in ("shaer-gas-field", "jazal-oil-field", "thawra-oil-field", "baniyas-refinery"):
        assert bloc_of(place, "2024-12-05") == GOVERNMENT, place
    for place in ("al-omar-oil-field", "conoco-gas-field", "tabqa-dam"):
        assert bloc_of(place, "2024-12-05") == "sdf", place


def test_the_m5_is_rebel_held_from_aleppo_to_past_hama_then_the_armys_to_homs(scene):
    made, materials = scene("2024-12-05"), read_materials()
    road = next(road for road in made.roads if road.main)
    line = materials.ground.roads.geometry[road.id]
    at = materials.boundaries.places.geometry
    where = {place: line.project(at[place]) for place in ("aleppo", "hama", "homs")}
    zones = build_zones_of(materials, "2024-12-05")

    def bloc(along):
        point = line.interpolate(along)
        return next(bloc for bloc, zone in zones.items() if zone.dwithin(point, 0.1))

    south_of_hama = where["hama"] + 0.1 * (where["homs"] - where["hama"])
    for share in (0.02, 0.2, 0.4, 0.6, 0.8, 1.0):
        assert bloc(where["aleppo"] + share * (south_of_hama - where["aleppo"])) == OPPOSITION, share
    for share in (0.4, 0.6, 0.8, 1.0):
        assert bloc(where["hama"] + share * (where["homs"] - where["hama"])) == GOVERNMENT, share
    assert road.cut
    assert sum(road.km_by_controller.values()) == pytest.approx(materials.ground.roads["length_km"][road.id], rel=0.01)


def build_zones_of(materials, day):
    state = build_day(materials, date.fromisoformat(day))
    blocs = state.states["party"].map({party.id: party.bloc for party in materials.control.parties.values()})
    return {
        bloc: shapely.coverage_union_all(state.cells.frame.geometry[(blocs == bloc).to_numpy()].to_numpy())
        for bloc in blocs.unique()
    }


def test_at_least_three_story_roads_meet_at_hama(scene):
    materials = read_materials()
    hama = materials.boundaries.places.geometry["hama"]
    roads = [road.id for road in scene("2024-12-05").roads]
    near = [road for road in roads if materials.ground.roads.geometry[road].dwithin(hama, 5000)]
    assert len(near) >= 3


def test_gains_only_grow_from_the_day_they_are_counted_from(scene):
    looks = {patch.look for patch in scene("2024-11-26").control}
    assert "gained" not in looks
    assert any(patch.look == "gained" for patch in scene("2024-11-30").control)


def test_every_statement_used_is_in_the_table_and_not_later(scene):
    table = read_materials().control.statements.set_index("id")
    for day in ("2024-11-27", "2024-12-05", "2024-12-08"):
        used = table.loc[list(scene(day, "country").statements)]
        assert (used["date"] <= pd.Timestamp(day)).all()
