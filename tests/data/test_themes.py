"""The laws of colour that every theme keeps, computed from the theme; house styles and their faults."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pytest
from coloraide import Color
from PIL import Image

from syriamap.atlas import build_days, build_moment, compose_map, read_materials
from syriamap.catalog import data_file
from syriamap.colour import contrast, distance, least_distance
from syriamap.draw import make_measure
from syriamap.draw.board import PixelBoard
from syriamap.draw.furniture import add_logo
from syriamap.errors import DataError
from syriamap.model import Box
from syriamap.picture import Furniture
from syriamap.theme import get_theme

if TYPE_CHECKING:
    from syriamap.theme import Theme

THEMES = ("light", "dark", "print")
PLAIN, NEIGHBOURS = 10.0, 15.0  # CIEDE2000
TINT = 8.5  # of a tint and the party's own fill
BESIDE = {"light": 7.4, "dark": 8.0, "print": 8.5}  # of a tint and another party's land
TEXT, SIGN = 4.5, 3.0  # contrast

every_theme = pytest.mark.parametrize("name", THEMES)


def lands(theme: Theme, party: str) -> dict[str, str]:
    """Return the colours of a party's land by their role."""
    style = theme.parties[party]
    return {role: colour for role in ("fill", "before", "sparse") if (colour := getattr(style, role))}


def every_land(theme: Theme) -> dict[str, str]:
    return {f"{party}.{role}": colour for party in theme.parties for role, colour in lands(theme, party).items()}


@cache
def fronts() -> set[frozenset[str]]:
    """Return the pairs of parties that share a front on any day of the table."""
    materials = read_materials()
    moments = [build_moment(materials, day.on, soften=False) for day in build_days(materials)]
    pairs = {frozenset(pair) for one in moments for pair in zip(one.fronts["left"], one.fronts["right"], strict=True)}
    assert frozenset({"government", "opposition_hts"}) in pairs
    return pairs


def test_every_theme_is_tried():
    assert sorted(THEMES) == sorted(path.stem for path in data_file("themes").glob("*.toml"))


# Colours of the land


@every_theme
def test_parties_are_told_apart_by_everybody(name):
    theme = get_theme(name)
    close = []
    for one, other in combinations(read_materials().control.parties, 2):
        a, b = theme.parties[one], theme.parties[other]
        apart, vision = least_distance(a.fill, b.fill)
        needed = NEIGHBOURS if frozenset({one, other}) in fronts() else PLAIN
        if a.pattern == b.pattern and apart < needed:
            close.append(f"{one} and {other}: {apart:.1f} of {needed} ({vision})")
    assert close == []


@every_theme
def test_a_tint_differs_from_its_own_fill(name):
    theme = get_theme(name)
    for party in theme.parties:
        fill, *tints = lands(theme, party).items()
        for role, colour in tints:
            assert least_distance(fill[1], colour)[0] >= TINT, f"{party}.{role}"


@every_theme
def test_a_tint_differs_from_the_land_beside_it(name):
    """Of parties that share a front; one with a pattern of its own is told apart by that."""
    theme = get_theme(name)
    close = []
    for pair in fronts():
        one, other = sorted(pair)
        if theme.parties[one].pattern != theme.parties[other].pattern:
            continue
        for role, colour in lands(theme, one).items():
            for role2, colour2 in lands(theme, other).items():
                apart, vision = least_distance(colour, colour2)
                if apart < BESIDE[name] and not never_beside(one, role, other, role2):
                    close.append(f"{one}.{role} and {other}.{role2}: {apart:.1f} ({vision})")
    assert close == []


def never_beside(*land: str) -> bool:
    """Return whether two kinds of land share no front: one party holds no land far from people."""
    return ("opposition_sna", "sparse") in {land[:2], land[2:]}


@every_theme
def test_before_and_sparse_of_one_party_differ(name):
    theme = get_theme(name)
    for party in theme.parties:
        land = lands(theme, party)
        if {"before", "sparse"} <= set(land):
            assert least_distance(land["before"], land["sparse"])[0] >= 5.5, party


def test_print_reads_without_its_colours():
    theme = get_theme("print")
    plain = {party for party in theme.parties if not theme.parties[party].pattern}
    assert plain == {"government", "opposition_hts"}
    patterned = [style.pattern for style in theme.parties.values() if style.pattern]
    assert len(set(patterned)) == len(patterned)
    grey = [greyed(colour) for party in sorted(plain) for colour in lands(theme, party).values()]
    assert min(distance(one, other) for one, other in combinations(grey, 2)) >= 7.5


def greyed(colour: str) -> str:
    lightness = Color(colour).convert("lab-d65")["lightness"]
    return str(Color("lab-d65", [lightness, 0, 0]).convert("srgb").fit().to_string(hex=True))


@every_theme
def test_patterns_are_seen_on_their_land(name):
    theme = get_theme(name)
    for party, style in theme.parties.items():
        if style.pattern:
            for role, colour in lands(theme, party).items():
                assert least_distance(style.pattern_colour, colour)[0] >= 10, f"{party}.{role}"


# Words


@every_theme
def test_ink_is_read_on_every_land(name):
    theme = get_theme(name)
    grounds = every_land(theme) | {key: theme.colours[key] for key in ("page", "card", "paper", "sea", "lake", "rule")}
    faint = {key: round(contrast(theme.colours["ink"], ground), 2) for key, ground in grounds.items()}
    assert {key: value for key, value in faint.items() if value < TEXT} == {}


@every_theme
def test_a_party_is_read_on_its_own_land_and_on_a_card(name):
    theme = get_theme(name)
    for party, style in theme.parties.items():
        for role, colour in lands(theme, party).items():
            assert contrast(style.on_land, colour) >= TEXT, f"name of {party} on {role}"
        assert contrast(style.text, theme.colours["card"]) >= TEXT, party


# Where a colour of text can stand, the shares of "every land" above apart.
GROUNDS = {
    "ink2": ("page", "card"),
    "ink3": ("page", "card"),
    "accent": ("card", "page"),
    "sea_name": ("sea", "lake", "government.fill", "government.sparse", "sdf.fill", "sdf.sparse"),
    "neighbour_name": ("paper",),
    "shield_text": ("shield",),
}


@every_theme
def test_other_words_are_read_where_they_stand(name):
    theme = get_theme(name)
    colours = {**theme.colours, **every_land(theme)}
    for text, grounds in GROUNDS.items():
        for ground in grounds:
            assert contrast(colours[text], colours[ground]) >= TEXT, f"{text} on {ground}"
    assert {style.colour for style in theme.type.values()} <= {"ink", *GROUNDS}


# Lines and signs: the sign or its casing stands out from what lies around it


def faint_on_land(theme: Theme, sign: str, casing: str) -> list[str]:
    return [
        f"{key}: {max(contrast(sign, land), contrast(casing, land)):.2f}"
        for key, land in every_land(theme).items()
        if max(contrast(sign, land), contrast(casing, land)) < SIGN
    ]


@every_theme
def test_lines_stand_out_from_every_land(name):
    theme = get_theme(name)
    colours = theme.colours
    assert faint_on_land(theme, colours["front"], colours["front"]) == []
    assert faint_on_land(theme, colours["front"], colours["card"]) == []
    assert faint_on_land(theme, colours["border"], colours["casing"]) == []
    assert contrast(colours["border"], colours["casing"]) >= SIGN
    for ground in ("paper", "sea"):
        assert max(contrast(colours[line], colours[ground]) for line in ("border", "casing")) >= SIGN


@every_theme
def test_signs_stand_out_from_every_land(name):
    theme = get_theme(name)
    colours = theme.colours
    assert faint_on_land(theme, colours["ink"], colours["casing"]) == []
    assert faint_on_land(theme, colours["shield"], colours["casing"]) == []
    for party, style in theme.parties.items():
        assert faint_on_land(theme, style.text, colours["card"]) == [], f"air base of {party}"
        assert contrast(style.text, colours["card"]) >= SIGN


@every_theme
def test_roads_stand_out_from_the_land_of_their_holder(name):
    theme = get_theme(name)
    for party, style in theme.parties.items():
        for role, land in lands(theme, party).items():
            casing = theme.colours["casing"]
            assert max(contrast(style.text, land), contrast(casing, land)) >= SIGN, f"{party}.{role}"
            assert contrast(style.text, casing) >= SIGN


# House styles


@pytest.fixture
def house(tmp_path):
    """A function that writes a house style beside a font and a logo and returns its file."""
    shutil.copy(data_file("fonts/SourceSans3-Bold.ttf"), tmp_path / "Desk-Bold.ttf")
    Image.new("RGB", (30, 12), "#aa0000").save(tmp_path / "logo.png")

    def write(text):
        (tmp_path / "desk.toml").write_text(text, "utf-8")
        return tmp_path / "desk.toml"

    return write


def test_a_house_style_stands_on_a_theme(house):
    text = """
        extends = "dark"
        credit = "The Daily Example"
        logo = "logo.png"
        [colours]
        accent = "#AA0000"
        [party.sdf]
        fill = "#886600"
        [party.guards]
        fill = "#222222"
        text = "#EEEEEE"
        [type]
        headline = { size = 44 }
        [fonts]
        files = ["Desk-Bold.ttf"]
        family = "Source Sans 3"
    """
    theme, dark = get_theme(house(text)), get_theme("dark")
    assert theme.name == "desk.toml"
    assert theme.colours == {**dark.colours, "accent": "#AA0000"}
    assert theme.parties["sdf"] == replace(dark.parties["sdf"], fill="#886600")
    assert theme.parties["guards"].text == "#EEEEEE"
    assert theme.type["headline"] == replace(dark.type["headline"], size=44, family="Source Sans 3")
    assert (theme.credit, theme.family, theme.logo_size) == ("The Daily Example", "Source Sans 3", (30, 12))
    assert [path.rsplit("/", 1)[-1] for path in theme.fonts] == ["Desk-Bold.ttf"]
    assert theme.logo is not None
    assert theme.logo.name == "logo.png"


def test_an_empty_house_style_is_the_light_theme(house):
    ours, theirs = get_theme("light"), get_theme(house(""))
    assert all(getattr(ours, each.name) == getattr(theirs, each.name) for each in fields(ours) if each.name != "name")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('extends = "ligth"', 1, "extends = 'ligth': unknown theme; did you mean light?"),
        ('logoo = "logo.png"', 1, "logoo: unknown key; did you mean logo?"),
        ('[colours]\npage = "white"', 2, "colours.page = 'white': expected a colour as \"#RRGGBB\""),
        ('[colours]\nsee = "#112233"', 2, "colours.see: unknown key; did you mean sea?"),
        ('[party.sdf]\nfil = "#112233"', 2, "party.sdf.fil: unknown key; did you mean fill?"),
        ('[party.sfd]\nbefore = "#112233"', 1, "party.sfd: a party of your own needs fill and text; did you mean s"),
        ('[party.sdf]\npattern = "stripe"', 2, "unknown pattern; did you mean stripes"),
        ('[party.sdf]\npattern = "grid"', 2, "a pattern needs a pattern_colour"),
        ("[party]\nsdf = 3", 2, "party.sdf = 3: expected a table [party.sdf]"),
        ("[type]\nhedline = { size = 3 }", 2, "type.hedline: unknown key; did you mean headline?"),
        ('[type]\ntown = { size = "big" }', 2, "type.town.size = 'big': expected units of the picture"),
        ("[type.town]\nitalic = 1", 2, "type.town.italic = 1: expected true or false"),
        ('[type.town]\ncolour = "red"', 2, "type.town.colour = 'red': expected one of: page"),
        ('[fonts]\nfamily = "Desk"', 1, "fonts: needs both files and family"),
        ('[fonts]\nfamily = "Desk"\nfiles = ["Desk-Bol.ttf"]', 3, "did you mean Desk-Bold.ttf?"),
        ('[fonts]\nfamily = "Desk"\nfiles = ["logo.png"]', 3, "expected a TrueType or OpenType font"),
        ('logo = "Desk-Bold.ttf"', 1, "logo = 'Desk-Bold.ttf': expected a PNG"),
        ("credit = 3", 1, "credit = 3: expected a text"),
        ("colours = 3", 1, "colours = 3: expected a table [colours]"),
        ("[colours", 1, "is no TOML"),
    ],
)
def test_a_fault_of_a_house_style_is_named(house, text, line, said):
    with pytest.raises(DataError) as caught:
        get_theme(house(text))
    (fault,) = [fault for fault in caught.value.faults if said in str(fault)]
    assert fault.line == line
    assert fault.file.endswith("desk.toml")


def test_all_faults_of_a_house_style_are_named_at_once(house):
    with pytest.raises(DataError) as caught:
        get_theme(house('loggo = "x"\n[colours]\npage = "white"\nsee = "#112233"\n'))
    assert [fault.line for fault in caught.value.faults] == [1, 3, 4]


def test_a_missing_house_style_is_answered_with_the_nearest(house):
    beside = house("")
    with pytest.raises(DataError, match=r"did you mean desk\.toml"):
        get_theme(beside.with_name("dsek.toml"))


def test_a_family_that_no_file_is_of_is_refused(house):
    theme = get_theme(house('[fonts]\nfiles = ["Desk-Bold.ttf"]\nfamily = "Source Sens 3"'))
    with pytest.raises(DataError, match="did you mean Source Sans 3"):
        make_measure(theme)


def test_only_the_houses_own_files_are_of_its_family(house):
    """Matplotlib brings four cuts of this family; the house has one, and every weight is set in it."""
    family = "STIXGeneral"
    bold = Path(mpl.get_data_path()) / "fonts/ttf/STIXGeneralBol.ttf"
    style = house(f'[fonts]\nfiles = ["Own.ttf"]\nfamily = "{family}"\n')
    shutil.copy(bold, style.with_name("Own.ttf"))
    theme = get_theme(style)
    measure = make_measure(theme)
    widths = {measure("Hamburg", 20, replace(theme.type["town"], weight=weight)).width for weight in (400, 700)}
    assert len(widths) == 1
    embedded = get_theme("light").type["town"]
    assert widths != {measure("Hamburg", 20, embedded).width}


def test_a_house_style_is_drawn_with_its_credit(house):
    style = house('credit = "The Daily Example"\n[colours]\nsea = "#CCDDEE"')
    assert compose_map(date(2024, 12, 5), theme=style).words.credit.startswith("The Daily Example")
    assert compose_map(date(2024, 12, 5), theme=str(style), credit="Mine").words.credit.startswith("Mine")


def test_the_logo_fills_its_box_in_its_own_proportions(house):
    theme = get_theme(house('logo = "logo.png"'))
    board = PixelBoard(200, 100)
    add_logo(board, Furniture("logo", Box(20, 10, 180, 90)), theme)
    red = (board.pixels[:, :, 0] > 128) & (board.pixels[:, :, 1] < 128)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    assert (columns[0], columns[-1]) == pytest.approx((20, 179), abs=1)
    assert (rows[0], rows[-1]) == pytest.approx((18, 81), abs=1)
