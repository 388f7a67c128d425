"""Maps in other languages: furniture that turns round, a map that does not, two languages, digits, wordings."""

from datetime import date
from functools import cache

import numpy as np
import pytest

from syriamap.atlas import compose_map, read_materials
from syriamap.catalog import data_file
from syriamap.errors import DataError, GlyphError, UnknownNameError
from syriamap.language import list_languages, read_language, translate
from syriamap.model import Box
from syriamap.scene.text import script_of
from syriamap.scripts import MARK, as_rtl, break_text, is_joined, is_rtl, plain_digits

ON = date(2024, 12, 5)
SIZES = ("web", "og", "portrait", "print-1col")
PIECES = ("accent", "title", "as-of", "subtitle", "notes", "sources", "data")  # each begins where lines begin
ARABIC_DIGITS = set("٠١٢٣٤٥٦٧٨٩")


@cache
def scene_in(lang, size="web", view="advance", on=ON, **choices):
    return compose_map(on, lang=lang, size=size, view=view, **choices)


def runs_of(scene):
    """Return every line of text of a picture."""
    yield from (run for label in scene.labels for run in label.runs)
    yield from (run for piece in scene.furniture for run in piece.runs)
    yield from (run for entry in scene.key for run in entry.runs)
    yield from scene.scale_bar.runs
    yield from (shield.run for shield in scene.shields)
    yield from scene.inset.runs if scene.inset else ()


# From right to left


@pytest.mark.parametrize("size", SIZES)
def test_what_begins_at_the_left_in_english_begins_at_the_right_in_arabic(size):
    wide = scene_in("en", size).size.width_px
    starts = {kind: piece.box.x0 for piece in scene_in("en", size).furniture for kind in [piece.kind]}
    for piece in scene_in("ar", size).furniture:
        if piece.kind in PIECES and piece.kind in starts and piece.kind in ("accent", "title"):
            assert piece.box.x1 == pytest.approx(wide - starts[piece.kind], abs=0.5)


@pytest.mark.parametrize("size", SIZES)
def test_lines_of_a_piece_are_flush_at_the_right(size):
    for piece in scene_in("ar", size).furniture:
        if piece.kind in ("title", "notes", "sources", "data"):
            starts = {round(run.box.x1, 1) for run in piece.runs[1:]}  # the first may go on from another piece
            assert len(starts) <= 1, piece.kind


@pytest.mark.parametrize("size", SIZES)
def test_swatches_stand_right_of_their_words_and_run_from_right_to_left(size):
    told = {entry.row.id: entry for entry in scene_in("ar", size).key}
    for entry in told.values():
        words = [run for run in entry.runs if run.role != "chip"]
        assert all(run.box.x1 <= entry.swatch.x0 for run in words)
    gained = told["opposition_hts"]
    assert gained.row.colours[0] == scene_in("en", size).key[1].row.colours[0], "before comes first"
    assert gained.colours == gained.row.colours[::-1], "and first is right"


@pytest.mark.parametrize("view", ["advance", "country"])
def test_the_map_is_never_mirrored(view):
    for lang in ("en", "ar"):
        scene = scene_in(lang, view=view)
        at = {marker.id: marker.at for marker in scene.markers}
        assert at["aleppo"][1] < at["homs"][1], "north is up"
        assert at["latakia"][0] < at["aleppo"][0], "west is left"
        assert scene.degrees.west < scene.degrees.east
        bar = scene.scale_bar
        assert all(run.x > bar.x for run in bar.runs), "the bar begins at the left, its words stand at its right end"


def test_the_card_on_the_map_stands_within_it():
    scene = scene_in("ar", "portrait")
    assert all(scene.map_box.holds(piece.box) for piece in scene.furniture if piece.kind == "card")


def test_lines_of_an_arabic_map_run_from_right_to_left():
    odd = [run.text for run in runs_of(scene_in("ar")) if not is_rtl(run.text) and run.role != "shield"]
    assert odd == []


def test_no_joined_letters_are_spaced_out():
    from syriamap.draw.text import tracking_of

    scene = scene_in("ar")
    roles = {run.role for run in runs_of(scene) if is_joined(run.text)}
    from syriamap.theme import get_theme

    style = get_theme("light").type["party"]
    assert "party" in roles
    assert style.tracking > 0
    assert tracking_of("حلب", style) == 0


# Two languages


@pytest.mark.parametrize("lang", ["en+ar", "ar+en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_label_in_two_languages_is_one_box(lang, size):
    labels = [label for label in scene_in(lang, size).labels if label.kind in ("place", "base", "facility")]
    assert labels
    for label in labels:
        first, second = (run for run in label.runs if run.role != "chip")
        assert is_joined(first.text) != is_joined(second.text)
        assert first.y < second.y
        assert first.px >= second.px
        assert Box(*label.box).grow(1).holds(second.box.grow(-0.3 * second.px))
        assert " ".join(label.text.split()) == " ".join(run.text.replace(MARK, "") for run in (first, second))


def test_states_and_waters_are_named_in_both():
    texts = {label.id: label.text for label in scene_in("en+ar", "portrait", "country").labels}
    assert texts["name:Golan Heights, Israeli-occupied"] == "Golan Heights Israeli-occupied الجولان المحتل"
    assert texts["party:government"] == "GOVERNMENT الحكومة"


def test_furniture_is_in_the_first_language_alone():
    pieces = [piece for piece in scene_in("en+ar").furniture if piece.runs]
    assert not any(is_joined(run.text) for piece in pieces for run in piece.runs)


@pytest.mark.parametrize("lang", ["ar", "en+ar"])
@pytest.mark.parametrize("view", ["advance", "country"])
def test_names_stay_put_from_day_to_day(lang, view):
    seen = {}
    for day in (date(2024, 11, 29), ON, date(2024, 12, 8)):
        for label in scene_in(lang, view=view, on=day).labels:
            if label.kind in ("place", "base", "facility", "country", "water"):
                seen.setdefault(label.id, set()).add(label.runs[0].box)
    assert all(len(boxes) == 1 for boxes in seen.values())


# Digits


def test_one_system_of_digits_on_a_map():
    latin, arabic = scene_in("ar"), scene_in("ar", digits="arabic")
    for run in runs_of(latin):
        assert not ARABIC_DIGITS & set(run.text)
    shields = {shield.run.text for shield in arabic.shields}
    for run in runs_of(arabic):
        bare = run.text.replace("M5", "").replace("M4", "") if run.text not in shields else ""
        assert not set("0123456789") & set(bare), run.text
    assert {shield.ref for shield in arabic.shields} == {shield.ref for shield in latin.shields}
    assert plain_digits(arabic.words.alt) == latin.words.alt
    assert "M5" in arabic.words.subtitle


def test_levantine_months():
    assert "كانون الأول" in scene_in("ar").words.as_of
    assert "ديسمبر" not in scene_in("ar").words.description


def test_unknown_digits_and_languages_are_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="'roman'"):
        compose_map(ON, digits="roman")
    with pytest.raises(UnknownNameError, match=r"'xx'.*known: ar"):
        compose_map(ON, lang="xx")
    with pytest.raises(UnknownNameError, match="at most two"):
        compose_map(ON, lang="en+en")


# Every language


@pytest.mark.parametrize("lang", list_languages())
def test_every_language_says_all_and_has_its_letters(lang):
    for view in ("advance", "country"):
        scene = scene_in(lang, view=view)  # a missing phrase or letter raises
        assert scene.words.title
        assert scene.words.subtitle
        assert len({run.text for run in runs_of(scene)}) > 30


@pytest.mark.parametrize("lang", [lang for lang in list_languages() if lang != "en"])
def test_nothing_is_left_in_english(lang):
    theirs, ours = scene_in(lang).words, scene_in("en").words
    for name in ("title", "subtitle", "as_of", "notes", "alt", "description", "caption", "disclaimer"):
        if getattr(ours, name):
            assert getattr(theirs, name) != getattr(ours, name), name


def test_arabic_names_whatever_has_a_name():
    """Of places that a map of ours can name, and of all parties."""
    told = translate(read_materials(), read_language("ar"))
    places = told.boundaries.places
    shown = places[(places["rank"] <= 4) & places["label"]]
    assert [name for name in shown["name"] if not is_rtl(name)] == []
    for party in told.control.parties.values():
        assert is_rtl(party.label)
        assert is_rtl(party.short)
        assert not party.gloss or is_rtl(party.gloss)


# Wordings of one's own


def test_wordings_of_ones_own_go_before_ours(tmp_path):
    file = tmp_path / "words.toml"
    file.write_text(
        'advance = "The push south"\n[parties.government]\nlabel = "Damascus"\nshort = "Damascus"\n'
        '[places]\naleppo = "Halab"\n[rows]\nport = "Harbour"\n',
        "utf-8",
    )
    scene = scene_in("en", names=file)
    texts = {label.text for label in scene.labels}
    assert {"Halab", "DAMASCUS"} <= texts
    assert any(text.startswith("The push south") for text in texts)
    assert "Damascus" in {entry.row.label for entry in scene.key}
    assert "Damascus" in scene.words.alt
    assert "words.toml" in {entry.path for entry in scene.inputs}
    assert "Halab" not in {label.text for label in scene_in("en").labels}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('advnce = "x"', r"words.toml:1: advnce: unknown phrase; did you mean advance"),
        ("title = 5", r"title = 5: expected str"),
        ('[parties.government]\nlable = "x"', r"words.toml:2: lable: unknown key; did you mean label"),
        ("[places]\naleppo = 3", r"places.aleppo = 3: expected a name"),
        ('places = "Aleppo"', r"expected a table \[places\]"),
        ('title = "x', r"is no TOML"),
    ],
)
def test_faults_of_wordings_are_told_with_their_line(tmp_path, text, said):
    file = tmp_path / "words.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(DataError, match=said):
        read_language("en", names=file)


def test_a_file_of_wordings_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_language("en", names=tmp_path / "none.toml")


def test_a_letter_that_no_font_has_is_refused():
    with pytest.raises(GlyphError, match="no font has '𐎀' \\(UGARITIC LETTER ALPA\\)"):
        compose_map(ON, title="Ugarit 𐎀")


def test_a_phrase_that_is_missing_is_told(tmp_path, monkeypatch):
    words = tmp_path / "words"
    words.mkdir()
    ours = data_file("words/en.toml").read_text("utf-8")
    (words / "en.toml").write_text(ours, "utf-8")
    (words / "xx.toml").write_text(
        ours.replace("\nadvance =", "\n#advance =").replace("\nplay =", "\n#play ="), "utf-8"
    )
    monkeypatch.setattr("syriamap.language.data_file", lambda path: tmp_path / path)
    with pytest.raises(DataError, match=r"(?s)advance is not translated.*page.play is not translated"):
        read_language("xx")


# Lines


def test_where_lines_may_end():
    assert break_text("since 27 November: © Maker") == [
        (" ", "since"),
        (" ", "27 November:"),
        (" ", "© Maker"),
    ]
    assert [piece for _, piece in break_text("控制区，至12月5日。")] == ["控", "制", "区，", "至", "12月", "5日。"]
    assert "".join(glue + piece for glue, piece in break_text("a b 5 c")).strip() == "a b 5 c"


def test_a_line_is_marked_only_where_its_first_letter_would_not_tell():
    assert as_rtl("حلب M5") == "حلب M5"
    assert as_rtl("M5 حلب") == MARK + "M5 حلب"
    assert as_rtl("") == ""
    assert is_rtl(as_rtl("29–30/11"))


def test_boxes_of_lines_hold_their_letters():
    """No line of an Arabic map runs out of the picture or over its own column."""
    for size in SIZES:
        scene = scene_in("ar", size)
        edges = np.array([run.box for run in runs_of(scene)])
        assert edges[:, 0].min() >= 0
        assert edges[:, 2].max() <= scene.size.width_px


@pytest.mark.parametrize("size", ["web", "portrait"])
def test_in_arabic_hama_stands_beside_its_sign_and_the_road_to_homs_is_told(size):
    made = scene_in("ar", size)
    (hama,) = (label for label in made.labels if label.id == "hama")
    assert not hama.leader
    assert [arrow.kind for arrow in made.arrows] == ["advance", "possible"]


@pytest.mark.parametrize("lang", list_languages())
def test_the_lines_beside_an_arrow_do_not_touch(lang):
    script, labels = script_of(read_language(lang)), [one for one in scene_in(lang).labels if one.kind == "axis"]
    assert labels
    for label in labels:
        upper, lower = label.runs
        assert lower.y - upper.y > script.below * upper.px + script.above * lower.px
