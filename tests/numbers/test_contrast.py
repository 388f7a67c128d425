"""The map of two sources: what it colours, what its key says, the checks, the bytes."""

import re
from datetime import date

import pytest
import shapely
from click.testing import CliRunner

from syriamap.cli import main
from syriamap.errors import UnknownNameError
from syriamap.language import list_languages, read_language
from syriamap.lint import lint_map, lint_sidecar, read_sidecar
from syriamap.lint.verdicts import Verdict
from syriamap.numbers import compare_tables, render_comparison
from syriamap.save import build_sidecar
from syriamap.theme import get_theme

DAY = date(2024, 12, 5)


@pytest.fixture(scope="module")
def desk(tables):
    return compare_tables("ours", tables / "desk.csv", DAY)


@pytest.fixture(scope="module")
def provinces(tables):
    return compare_tables(tables / "provinces.csv", "ours", DAY)


@pytest.fixture(scope="module")
def scene(desk):
    return render_comparison(desk).scene


def sidecar(scene):
    return build_sidecar(scene, get_theme(scene.theme), picture=b"", name="a.png")


def test_agreed_and_disputed_land_tile_the_country(scene):
    land = [patch.geometry for patch in scene.control]
    assert shapely.union_all(land).area == pytest.approx(sum(one.area for one in land), rel=1e-4)
    assert {patch.look for patch in scene.control} == {"held", "differs", "only-first", "status"}
    pairs = {(patch.party, patch.rival) for patch in scene.control if patch.look == "differs"}
    assert pairs == {("government", "opposition_hts"), ("opposition_hts", "government")}
    assert {line.kind for line in scene.patterns} >= {"differs", "only-first", "status"}


def test_the_view_shows_every_difference_and_their_places_are_named_first(scene):
    assert scene.view == "country", "the first view does not reach Qamishli"
    named = {label.id for label in scene.labels}
    assert {"homs", "hama", "palmyra", "qamishli"} <= named
    halves = {point.place: (point.party, point.rival) for point in scene.points}
    assert halves == {"homs": ("government", "opposition_hts"), "hama": ("opposition_hts", "government")}


def test_words_and_key_say_who_says_what(scene):
    rows = {entry.row.id: entry.row for entry in scene.key}
    assert rows["differs:government:opposition_hts"].label == "A: Government; B: HTS-led opposition"
    assert rows["differs:government:opposition_hts"].gloss.endswith("places: 1")
    assert "contested" not in rows
    assert scene.words.title == "Where two sources disagree"
    assert scene.words.subtitle.startswith("A: syriamap. B: desk.")
    assert "5 December 2024" in scene.words.as_of


def test_the_sidecar_tells_of_both(scene, desk):
    said = sidecar(scene)
    assert said["style"] == "compare"
    both = said["compare"]
    assert [both[side]["name"] for side in ("first", "second")] == ["syriamap", "desk"]
    assert {"d1", "d4"} <= set(both["second"]["statements"])
    assert not {"d1", "d4"} & set(both["first"]["statements"])
    assert [one["kind"] for one in both["totals"]] == ["agreed", "party", "silent", "status"]
    assert sum(one["area_km2"] for one in both["totals"]) == pytest.approx(desk.land_km2, abs=0.3)
    assert [(one["first"], one["second"]) for one in both["pairs"]] == list(
        zip(desk.pairs["first_party"], desk.pairs["second_party"], strict=True)
    )
    names = [entry["path"] for entry in said["inputs"]]
    assert "desk.csv" in names
    assert "control/statements.csv" in names


LOOKS = [{"size": "portrait", "lang": "ar"}, {"size": "og", "theme": "print"}]


@pytest.mark.parametrize("look", LOOKS)
def test_the_checks_pass_with_many_pairs(provinces, look):
    scene = render_comparison(provinces, **look, view="country").scene
    assert [finding for finding in lint_sidecar(sidecar(scene)) if finding.faults] == []
    rows = [entry.row.id for entry in scene.key]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("lang", ["ku", "zh"])
def test_other_languages_have_a_picture(desk, lang):
    scene = render_comparison(desk, lang=lang, view="advance").scene
    assert [finding for finding in lint_sidecar(sidecar(scene)) if finding.faults] == []


@pytest.mark.parametrize("lang", list_languages())
def test_every_language_fills_its_phrases_in_as_english_does(lang):
    words, root = (read_language(one).phrases["compare"] for one in (lang, "en"))
    named = {key: sorted(re.findall(r"{\w+}", text)) for key, text in words.items()}
    assert named == {key: sorted(re.findall(r"{\w+}", text)) for key, text in root.items()}
    assert len(words["alt"]) < 130, "names of two sources, a day and shares come in"


def test_two_tables_that_agree_have_a_map_without_stripes():
    scene = render_comparison(compare_tables("ours", "-", DAY), view="country").scene
    assert {patch.look for patch in scene.control} == {"held"}
    assert "100 %" in scene.words.subtitle
    assert [finding for finding in lint_sidecar(sidecar(scene)) if finding.faults] == []


def test_the_file_is_the_same_twice_and_passes_all_checks(tables, tmp_path, monkeypatch):
    monkeypatch.chdir(tables)
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        picture = tmp_path / name / "a.png"
        said = CliRunner().invoke(main, ["compare", "ours", "desk.csv", str(DAY), "--map", str(picture)])
        assert said.exit_code == 0, said.output
        made.append([path.read_bytes() for path in (picture, picture.with_suffix(".json"))])
    assert made[0] == made[1]
    assert read_sidecar(picture.with_suffix(".json"))["command"] == "syriamap compare ours desk.csv 2024-12-05"
    report = lint_map(picture)
    assert report.sound, report
    assert report.count(Verdict.PASS) >= 18


def test_a_wrong_view_is_answered(desk):
    with pytest.raises(UnknownNameError, match="did you mean country"):
        render_comparison(desk, view="countri")


def test_the_checks_find_what_is_missing(scene):
    said = sidecar(scene)
    row = "differs:government:opposition_hts"
    bare = {**said, "legend": [entry for entry in said["legend"] if entry["id"] != row]}
    faults = {finding.number: finding.faults for finding in lint_sidecar(bare) if finding.faults}
    assert list(faults) == [11]
    assert f"{row!r} is in the frame and not in the key" in faults[11][0]
