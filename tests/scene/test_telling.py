"""A map in words: what its alt text and its long description say, on every day, of what the picture shows."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import shapely
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from syriamap.atlas import build_moment, compose_map, read_materials
from syriamap.catalog import data_file
from syriamap.cells import build_cells
from syriamap.cli import main
from syriamap.errors import WordsError
from syriamap.language import read_phrases
from syriamap.merge import control_on
from syriamap.picture import Age, Controller, Evidence
from syriamap.scene.telling import Facts, list_places, tell_alt, tell_description
from syriamap.scene.words import long_day, short_day
from syriamap.series import render_series
from syriamap.states import list_held, place_states
from tests.engine.little import LAWS, PARTIES, day, make_control, worlds

VIEWS = ("advance", "country")
DAYS = [(date(2024, 11, 26) + timedelta(days=number)).isoformat() for number in range(15)]
ON = date(2024, 12, 5)
MONTHS = read_phrases("en")["months_short"]
ORDER = (
    "Areas of control at",
    "Who holds what",
    "M5",
    "Places on this map",
    "Air bases lost",
    "Contested",
    "Statements",
)
UNSPACED = ("zh",)  # scripts whose sentences have no words to tell apart, only signs
every_day = pytest.mark.parametrize("day", DAYS)
every_view = pytest.mark.parametrize("view", VIEWS)


def leader(made):
    known = [one for one in made.controllers if one.id != "unknown"]
    return max(known, key=lambda one: one.area_km2).label


# The alt text


@every_view
def test_every_alt_text_names_type_day_and_leading_holder(scene, view):
    told = [scene(day, view) for day in DAYS]
    for made in told:
        alt = made.words.alt
        assert 40 <= len(alt) <= 250, alt
        assert alt.startswith("Map of Syria")
        assert long_day(made.on, read_phrases("en")) in alt
        assert leader(made) in alt
        assert alt != made.words.caption
        assert alt.endswith(".")
    assert len({made.words.alt for made in told}) == len(DAYS)


def test_the_two_views_differ_on_every_day(scene):
    assert all(scene(day, "advance").words.alt != scene(day, "country").words.alt for day in DAYS)


@every_view
@every_day
def test_what_an_alt_text_says_was_taken_was_taken_that_day(scene, view, day):
    alt, materials = scene(day, view).words.alt, read_materials()
    held = build_moment(materials, date.fromisoformat(day)).held
    told = re.search(r"Taken that day \((.*?)\): (.*?)(?: and (\d+) more)?\.(?: [A-Z]|$)", alt)
    if told is None:
        assert "Taken that day: no known place." in alt or "Contested: " in alt
        return
    names = materials.boundaries.places["name"]
    labels = {key: party.label for key, party in materials.control.parties.items()}
    taken = {
        str(names[place])
        for place, one in held.items()
        if one.chip_to == date.fromisoformat(day) and labels[one.party] == told[1]
    }
    said = re.split(", | and ", told[2])
    assert set(said) <= taken
    assert len(said) + int(told[3] or 0) <= len(taken)


@pytest.mark.parametrize(
    ("day", "view", "said"),
    [
        ("2024-11-26", "advance", "Taken that day: no known place."),
        ("2024-11-29", "country", "Contested: Aleppo."),
        ("2024-11-30", "advance", "Taken that day (HTS-led opposition): Aleppo and"),
        ("2024-12-05", "advance", "Taken that day (HTS-led opposition): Hama and"),
        ("2024-12-08", "country", "Taken that day (HTS-led opposition): Damascus and"),
        ("2024-12-08", "country", "Most land in Syria: Kurdish-led SDF; most places: HTS-led opposition."),
        ("2024-12-10", "advance", "Taken since 27 Nov (HTS-led opposition): Aleppo and"),
    ],
)
def test_the_key_fact_of_the_day(scene, day, view, said):
    assert said in scene(day, view).words.alt


def test_a_day_after_the_table_says_how_old_its_knowledge_is():
    made = compose_map(date(2024, 12, 14))
    assert "14 December 2024" in made.words.alt
    assert "last recorded on 10 December 2024" in made.words.alt
    assert "last recorded 4 days before, on 10 December 2024" in made.words.description
    assert len(made.words.alt) <= 250


@pytest.mark.parametrize(("view", "part"), [("hama:40", "Hama and around"), ("homs", "Homs"), ("country", "")])
def test_the_part_of_the_country_is_named(view, part):
    alt = compose_map(ON, view=view).words.alt
    assert alt.startswith(f"Map of Syria ({part}), 5 December 2024." if part else "Map of Syria, 5 December 2024.")


def test_a_map_without_a_place_has_its_words_too():
    made = compose_map(ON, view="38.2,33.6,38.6,33.9")
    assert 40 <= len(made.words.alt) <= 250
    assert "The map shows" not in made.words.description
    assert "M5" not in made.words.description, "the road is not on the map"


def test_gains_counted_from_a_later_day_hide_nothing_of_today():
    made = compose_map(date(2024, 11, 30), since=date(2024, 12, 5))
    assert "Taken that day (HTS-led opposition): Aleppo" in made.words.alt
    assert "since" not in made.words.description


# The long description


@every_view
@every_day
def test_facts_stand_in_their_order(scene, view, day):
    told = scene(day, view).words.description
    found = [told.index(head) for head in ORDER if head in told]
    assert found == sorted(found)
    assert ("Places on this map" in told) == ("Air bases lost" in told) == (day >= "2024-11-27")
    assert all(line == line.strip() and line.endswith(".") for line in told.splitlines())
    assert "{" not in told


@every_view
@every_day
def test_the_description_says_what_the_picture_counts(scene, view, day):
    made = scene(day, view)
    told, held = made.words.description, build_moment(read_materials(), made.on).held
    names = {name: place for place, name in read_materials().boundaries.places["name"].items()}
    total = sum(one.places for one in made.controllers)
    for one in made.controllers:
        said = re.search(rf"{one.label}: (\S+ ?%) of the land, (.*?)\.", told)
        assert ("no known place" in said[0]) == (one.places == 0)
        if one.places:
            assert f"(number: {one.places}" in said[0]
            share = said[2].split(" of the")[0]
            assert share == f"{round(100 * one.places / total)} %" or (share == "<1 %" and one.places / total < 0.01)
        largest = re.search(r"largest: (.*?)\)", said[0])
        for name in re.split(", | and ", largest[1]) if largest else ():
            assert held[names[name]].party == one.id
            assert held[names[name]].status == "held"
    lost = [base for base in made.bases if base.status == "lost"]
    assert f"day and taker: {len(lost)}. " in told or not lost
    labels = {key: party.label for key, party in read_materials().control.parties.items()}
    for base in lost:
        day_lost = short_day(date.fromisoformat(base.lost_on), read_phrases("en"))
        assert f"{base.name} ({day_lost}, {labels[base.lost_to]})" in told
    assert f"Statements behind this map: {len(made.evidence)}; " in told
    counts = [sum(one.confidence == name for one in made.evidence) for name in ("high", "medium", "low")]
    assert "high {}, medium {}, low {}.".format(*counts) in told


def test_the_story_of_5_december(scene):
    told = scene("2024-12-05").words.description
    assert "Advance along the M5 since 27 Nov: Aleppo (29–30 Nov), Al-Zirbah (28 Nov), Saraqib (28–29 Nov)" in told
    assert "and Hama (5 Dec). " in told
    assert "Suran and Hama (HTS-led opposition); Rastan, Talbiseh, Homs and Damascus (Government)." in told
    assert "passes from one side to another: Hama–Rastan." in told
    assert "Air bases on this map that are not lost: T4, Shayrat and Hmeimim." in told
    assert "M15 (Kurdish-led SDF " in told


def test_both_sides_of_a_fight_are_named(scene):
    assert "Contested, with holder and rival: Aleppo (Government, HTS-led opposition)." in (
        scene("2024-11-29").words.description
    )
    assert "(contested: Government, HTS-led opposition)" in scene("2024-11-29").words.description


@every_view
@every_day
def test_no_day_later_than_the_maps_is_named(scene, view, day):
    made = scene(day, view)
    for text in (made.words.alt, made.words.description):
        for number, month in re.findall(rf"(\d+) ({'|'.join(MONTHS)})", text):
            assert (MONTHS.index(month) + 1, int(number)) <= (made.on.month, made.on.day), text


@pytest.mark.parametrize("day", ["2024-11-29", "2024-12-05", "2024-12-07"])
@every_view
def test_a_table_cut_at_the_day_tells_the_same(scene, tmp_path, view, day):
    lines = data_file("control/statements.csv").read_text("utf-8").splitlines(keepends=True)
    column = lines[0].split(",").index("date")
    cut = tmp_path / "cut.csv"
    cut.write_text("".join([lines[0], *(line for line in lines[1:] if line.split(",")[column] <= day)]), "utf-8")
    alone, whole = compose_map(date.fromisoformat(day), view=view, control=cut).words, scene(day, view).words
    assert (alone.alt, alone.description) == (whole.alt, whole.description)


# Any country, any language


LANGS = sorted(path.stem for path in data_file("words/en.toml").parent.glob("*.toml"))
NOWHERE = Path("a theatre without words of its own")
NAMES = st.text("abcdefgh ", min_size=1, max_size=120).map(str.strip).filter(bool)


def facts_of(world, number, phrases, names, control=None):
    """Return what there is to tell of a day of a little war in the frame of the country's western half."""
    control = control or world.control
    boundaries = replace(world.boundaries, places=world.boundaries.places.assign(name=names))
    cells = build_cells(world.boundaries, control, day(number))
    states = control_on(cells, control, day(number), carry=True)
    held = list_held(place_states(world.boundaries, cells, states, control))
    counted = [held[place].party for place in list_places(boundaries, (), (), None)]
    controllers = [
        Controller(party.id, party.label, area, counted.count(party.id), 0)
        for party in control.parties.values()
        if (area := float(cells.frame["area_km2"][(states["party"] == party.id).to_numpy()].sum()))
    ]
    theatre = {"gains": {"blocs": ["allies"]}, "free_view": {"kinds": ["town"]}}
    frame = SimpleNamespace(
        materials=SimpleNamespace(boundaries=boundaries, control=control, theatre=theatre),
        phrases=phrases,
        view=SimpleNamespace(about="", priority=(), places=()),
        camera=Window(shapely.box(-10_000, -10_000, 50_000, 110_000)),
        order=SimpleNamespace(since=day(2)),
    )
    evidence = [
        Evidence(row["id"], row["date"].date().isoformat(), "high", "wire")
        for row in control.statements.to_dict("records")
        if row["date"].date() <= day(number)
    ]
    now = SimpleNamespace(on=day(number), held=held)
    stops = {place: names[place] for place in list(boundaries.places.index)[:4]}
    road = SimpleNamespace(
        main=True, ref="R1", km_by_controller={"red": 3.0, "blue": 4.0}, cut=True, pieces=("all of it",)
    )
    age = Age(14, 0.25, 0, 3, 30, {}, 0.0)
    rest = {"bases": (), "markers": (), "lines": (), "outlets": 1, "sparse_share": 0.2, "age": age}
    return Facts(frame, now, controllers, stops, (road, replace_ref(road)), evidence=evidence, **rest)


def replace_ref(road):
    return SimpleNamespace(**{**vars(road), "main": False, "ref": "R2"})


@dataclass(frozen=True)
class Window:
    """All that the telling asks of a camera."""

    window: object


@pytest.mark.parametrize("lang", LANGS)
@settings(LAWS, max_examples=12)  # times ten languages
@given(world=worlds(), number=st.integers(0, 12), data=st.data())
def test_of_any_country_the_words_are_whole(lang, world, number, data):
    if min(row[0] for row in world.rows) > number:
        return
    phrases = read_phrases(lang, home=NOWHERE)
    names = {place: data.draw(NAMES) for place in world.places}
    facts = facts_of(world, number, phrases, names)
    alt, told = tell_alt(facts), tell_description(facts)
    assert 40 <= len(alt) <= 250
    assert long_day(day(number), phrases) in alt
    known = [one for one in facts.controllers if one.id != "unknown"] or facts.controllers
    assert max(known, key=lambda one: one.area_km2).label in alt
    days = (long_day(day(number), phrases), long_day(facts.frame.materials.control.last, phrases))
    spoken = [*names.values(), *map(str, phrases["telling"].values()), *days, short_day(day(2), phrases)]
    spoken += [phrases["and"], *(party.label for party in PARTIES.values())]
    part = r"\w" if lang in UNSPACED else r"\w+"
    words = set(re.findall(part, " ".join(spoken)))
    joined = str(phrases["and"]).strip()  # in some languages a part of the word that follows
    said = [word for word in re.findall(part, alt) if not word.removeprefix(joined).isdigit()]
    assert [word for word in said if not {word, word.removeprefix(joined)} & words] == []
    assert not set("{}") & set(alt + told)
    assert "nan" not in told.casefold().split()


@LAWS
@given(world=worlds(), number=st.integers(0, 9))
def test_later_rows_never_reach_the_words(world, number):
    known = [row for row in world.rows if row[0] <= number]
    if not known or max(row[0] for row in known) < number:
        return  # a table that ends before the day says that it does
    phrases, names = read_phrases("en"), {place: place for place in world.places}
    whole = facts_of(world, number, phrases, names)
    alone = facts_of(world, number, phrases, names, make_control(known))
    assert tell_alt(whole) == tell_alt(alone)
    assert tell_description(whole) == tell_description(alone)


# Words of the user's


def test_users_words_take_the_place_of_ours():
    alt = "A map of the front between two cities, seen from above."
    words = compose_map(ON, caption="Below.", alt=alt, description="One.\nTwo.").words
    assert (words.caption, words.alt, words.description) == ("Below.", alt, "One.\nTwo.")


@pytest.mark.parametrize("letters", [1, 39, 251, 1000])
def test_an_alt_text_of_the_wrong_length_is_refused_with_its_length(letters):
    with pytest.raises(WordsError, match=rf"has {letters} letters; expected 40 to 250"):
        compose_map(ON, alt="x" * letters)


def test_an_alt_text_that_is_the_caption_is_refused():
    with pytest.raises(WordsError, match="the caption again"):
        compose_map(ON, alt="y" * 60, caption="y" * 60)


@pytest.mark.parametrize("letters", [40, 250])
def test_an_alt_text_at_the_limits_is_taken(letters):
    assert compose_map(ON, alt="x" * letters).words.alt == "x" * letters


def test_a_series_asks_for_its_alt_text_before_the_first_map(tmp_path):
    with pytest.raises(WordsError, match="has 5 letters"):
        render_series(ON, folder=tmp_path, alt="short")
    assert list(tmp_path.iterdir()) == []


def test_the_files_say_the_users_words(tmp_path):
    alt, path = "A map of the front between two cities, seen from above.", tmp_path / "map.png"
    asked = ["render", str(ON), "--alt", alt, "--caption", "Below.", "--description", "One.\nTwo.", "-o", str(path)]
    assert CliRunner().invoke(main, asked).exit_code == 0
    said = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert (said["alt"], said["caption"], said["description"]) == (alt, "Below.", "One.\nTwo.")
    with Image.open(path) as image:
        assert image.text["Description"] == alt
    refused = CliRunner().invoke(main, [*asked[:3], "short", "-o", str(tmp_path / "no.png")])
    assert refused.exit_code == 1
    assert "the alt text has 5 letters; expected 40 to 250" in refused.stderr
    assert not (tmp_path / "no.png").exists()
