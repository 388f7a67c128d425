"""Texts of the data stay texts in every product: no markup, no formula, no link of another kind, no path."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from pypdf import PdfReader

from syriamap.atlas import compose_map, render_map, save_map
from syriamap.catalog import describe_input
from syriamap.checks import check_project
from syriamap.errors import DataError, EditionError, OutputError, WordsError
from syriamap.export import export_day
from syriamap.numbers import compare_tables, control_stats, encode_table, list_changes, render_chart, save_chart
from syriamap.products import write_animation, write_page, write_sheet
from syriamap.request import name_picture
from syriamap.save import check_target
from syriamap.save.embedded import find_packet
from syriamap.scene import check_printable
from syriamap.series import render_series
from syriamap.verify import verify_map

from ..cli.conftest import run
from .land import ACTORS, DAY, OUTLETS, PLACES, SOURCES, STATEMENTS, STYLE, THEATRE, WORDINGS, lay_out_land, list_land

SCRIPT, IMAGE = "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>"
QUOTE, MATHS = "\"onload='alert(1)' x=\"", r"$\frac{1}{0}$"
FORMULA, LINK, PATH = "=cmd|' /C calc'!A0", "javascript:alert(1)", "../../x"
PARTY, VIEW = 'red"><script>', "../a/b"
DAYS = [date(2024, 1, 2), date.fromisoformat(DAY)]
FORMS = ("svg", "pdf", "png", "webp", "jpg")
EXPORTS = ("geojson", "gpkg", "topojson", "kml")
LEADS = ("=", "+", "-", "@", "\t", "\r")


def cell(text):
    return '"' + text.replace('"', '""') + '"'


def lay_out_hostile(folder):
    """Write the project with hostile texts in place of every word of it."""
    told = json.dumps
    actors = ACTORS.replace("red,Red Party,Red", f"{cell(PARTY)},{cell(SCRIPT)},{cell(QUOTE)}")
    actors = (
        actors.replace("an example", cell(MATHS))
        .replace("Blue Party,Blue", f"{FORMULA},{FORMULA}")
        .replace(",red,,", ",@SUM(1),,")
    )
    statements = STATEMENTS.replace(",red,", f",{cell(PARTY)},").replace("a report", cell("@SUM(1)\n</td><b>"))
    statements = statements.replace("https://gazette.example/4", LINK).replace(
        "https://gazette.example/5", cell(f"https://x.example/{QUOTE}")
    )
    places = PLACES.replace("Fieldham Airfield", PATH).replace("Fieldham", PATH).replace("Eastham", "+1 &amp; <b>")
    outlets = OUTLETS.replace("The Gazette", cell(f"-1 {IMAGE}")).replace("The Herald", cell(f"@SUM {SCRIPT}"))
    names = WORDINGS.replace('"Who held what"', told(f"{SCRIPT} ]]>")).replace('"Milltown"', told(FORMULA))
    names = (
        names.replace("[parties.red]", f"[parties.{told(PARTY)}]")
        .replace('"Reds"', told(SCRIPT))
        .replace('"Red"', told(QUOTE))
    )
    names = names.replace('"Lines are as one sees them."', told(f"{IMAGE} &amp; {MATHS}")).replace(
        '"rebels"', told(MATHS)
    )
    theatre = THEATRE.replace("[views.country]", f"[views.{told(VIEW)}]").replace('["red"]', '["@SUM(1)"]')
    theatre = theatre.replace('"ABROAD"', told("<svg>")).replace('"One."', told(IMAGE))
    texts = {
        "theatre.toml": theatre,
        "theme.toml": STYLE.replace("party.red", f"party.{told(PARTY)}").replace(
            '"the desk"', told(f"{FORMULA} {IMAGE}")
        ),
        "names/en.toml": names,
        "sources.toml": SOURCES.replace('"the surveyors"', told(f"{SCRIPT} {QUOTE}")),
        "control/actors.csv": actors,
        "control/outlets.csv": outlets,
        "control/statements.csv": statements,
        "places/places.csv": places,
    }
    lay_out_land(folder, list_land() | {path: text.lstrip().encode() for path, text in texts.items()})


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a folder with the hostile project, `land`, and everything that can be made of it."""
    folder = tmp_path_factory.mktemp("hostile")
    land = folder / "land"
    lay_out_hostile(land)
    drawn = render_map(DAYS[1], project=land, size="web-small", mark_next=True)
    for form in FORMS:
        save_map(drawn, folder / form / f"map.{form}")
    save_chart(render_chart(*DAYS, project=land, size="web-small"), folder / "chart.svg")
    write_page(DAYS, folder / "page.html", project=land, size="web-small")
    write_sheet(DAYS, folder / "sheet.svg", project=land)
    write_animation(DAYS, folder / "film.webp", project=land, size="web-small")
    for form in EXPORTS:
        export_day(DAYS[1], folder / f"day.{form}", project=land)
    return folder


def texts_of(root):
    return " ".join(" ".join(one.itertext()) for one in root.iter())


@pytest.mark.parametrize("name", ["svg/map.svg", "chart.svg", "sheet.svg"])
def test_no_element_and_no_event_of_an_svg_is_of_the_data(made, name):
    root = ET.parse(made / name).getroot()
    found = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert not found & {"script", "a", "foreignObject", "image", "img", "b", "iframe"}
    keys = {key.rpartition("}")[2] for one in root.iter() for key in one.attrib}
    assert not [key for key in keys if key.startswith("on") or key in ("href", "src")]
    assert SCRIPT in texts_of(root)


class Page(HTMLParser):
    """Collects what a browser would see: elements, attributes, links, and the text of scripts."""

    def __init__(self):
        super().__init__()
        self.elements, self.keys, self.links, self.scripts, self.within = set(), set(), [], [], ""

    def handle_starttag(self, tag, attrs):
        self.within = tag
        self.elements.add(tag)
        self.keys |= {key for key, _ in attrs}
        self.links += [value for key, value in attrs if key in ("href", "src")]

    def handle_endtag(self, tag):
        self.within = ""

    def handle_data(self, data):
        if self.within == "script":
            self.scripts.append(data)


def test_a_page_has_only_its_own_script_and_links_of_the_web(made):
    text = (made / "page.html").read_text("utf-8")
    page = Page()
    page.feed(text)
    assert len(page.scripts) == 1
    assert "alert" not in page.scripts[0]
    assert not page.elements & {"b", "iframe", "svg", "object", "embed", "form"}
    assert not [key for key in page.keys if key.startswith("on")]
    assert {link.partition(":")[0] for link in page.links if not link.startswith("#")} <= {"https", "http", "data"}
    assert all(link.startswith(("data:image/png;base64,", "#", "https://")) for link in page.links)
    assert "default-src 'none'" in text


def test_a_pdf_says_the_texts_as_they_are(made):
    reader = PdfReader(made / "pdf" / "map.pdf")
    assert SCRIPT in reader.metadata.title
    assert FORMULA in reader.metadata.author
    assert not [key for key in ("/OpenAction", "/AA", "/Names") if key in reader.trailer["/Root"]]
    assert list(reader.pages[0].get("/Annots", [])) == []
    assert MATHS in " ".join(reader.pages[0].extract_text().split())


@pytest.mark.parametrize("name", [*(f"{form}/map.{form}" for form in FORMS), "film.webp", "sheet.svg"])
def test_the_packet_of_a_picture_is_whole_and_says_the_texts(made, name):
    root = ET.fromstring(find_packet(made / name))
    assert SCRIPT in texts_of(root)
    assert {one.tag.rpartition("}")[2] for one in root.iter()}.isdisjoint({"script", "img", "b"})


@pytest.mark.parametrize("form", FORMS)
def test_pictures_are_those_that_their_sidecars_speak_of(made, form):
    found = verify_map(made / form / f"map.{form}")
    assert (found.error, found.picture.state, found.packet.state) == ("", "same", "same")


def test_chunks_of_a_png_are_texts(made):
    with Image.open(made / "png" / "map.png") as image:
        assert SCRIPT in image.info["Title"]
        assert all("\0" not in str(text) for text in image.text.values())


def test_a_sidecar_says_the_texts_as_they_are(made):
    said = json.loads((made / "png" / "map.json").read_text("utf-8"))
    assert {SCRIPT, FORMULA} <= {row["label"] for row in said["controllers"]}
    assert f"{SCRIPT} ]]>" in said["headline"]
    assert said["view"] == VIEW


def test_kml_has_texts_alone_and_its_description_is_no_markup(made):
    root = ET.parse(made / "day.kml").getroot()
    tags = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert tags.isdisjoint({"script", "img", "b", "NetworkLink", "href", "Link"})
    page = Page()
    page.feed(root.findtext(".//{*}Document/{*}description"))
    assert page.elements == set()


@pytest.mark.parametrize("form", ["geojson", "topojson"])
def test_exported_json_says_the_texts_as_they_are(made, form):
    text = json.dumps(json.loads((made / f"day.{form}").read_text("utf-8")), ensure_ascii=False)
    assert json.dumps(SCRIPT)[1:-1] in text


def test_styles_of_a_geopackage_are_whole(made):
    with sqlite3.connect(made / "day.gpkg") as file:
        styles = file.execute("SELECT styleQML, styleSLD FROM layer_styles").fetchall()
    file.close()
    assert len(styles) == 3
    tags = {one.tag for pair in styles for text in pair for one in ET.fromstring(text).iter()}
    assert not tags & {"script", "img"}
    assert SCRIPT in styles[0][0] or any("script" in text for pair in styles for text in pair)


def test_no_cell_of_a_csv_is_a_formula(made):
    land = made / "land"
    tables = [
        control_stats(*DAYS, project=land),
        list_changes(*DAYS, project=land),
        compare_tables(None, land / "control" / "statements.csv", DAYS[1], project=land).table,
    ]
    assert len(tables[0]) > 2
    assert len(tables[1]) > 0
    for table in tables:
        rows = list(csv.reader(io.StringIO(encode_table(table, "csv", {}).decode("utf-8"))))
        cells = [one for row in rows for one in row]
        assert not [one for one in cells if one.startswith(LEADS) and not is_number(one)]
    assert f"'{FORMULA}" in encode_table(tables[0], "csv", {}).decode("utf-8")


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_the_name_of_a_picture_is_no_path(made):
    name = name_picture(DAYS[1], {"project": made / "land"}, ".png")
    assert "/" not in name
    assert "\\" not in name
    assert not name.startswith(".")


def test_a_view_whose_name_is_a_path_is_drawn_where_it_is_asked_for(made, tmp_path):
    done = run(
        "series", DAY, DAY, "--project", made / "land", "--size", "web-small", "--jobs", 1, "-o", tmp_path / "out"
    )
    assert done.exit_code == 0, done.output
    assert [one.parent for one in tmp_path.rglob("*.png")] == [tmp_path / "out"]


def test_explain_prints_a_link_of_any_kind_as_text(made):
    done = run("explain", DAY, "milltown", "--project", made / "land")
    assert done.exit_code == 0, done.output
    assert LINK in done.output


# What no product could carry is refused where it is read, by file, line and letter

SIGNS = {"control": "\x01", "nul": "\0", "override": "\u202e", "half": "\ud800", "break": "\n", "escape": "\x1b[2J"}
SPOTS = {
    "control/actors.csv": ("Red Party", 2),
    "control/outlets.csv": ("The Herald", 3),
    "control/statements.csv": ("herald", 4),
    "places/places.csv": ("Eastham", 3),
    "places/bases.csv": ("Fieldham", 2),
}
TOMLS = {"theatre.toml": ("ABROAD", 73), "names/en.toml": ("Milltown", 11), "theme.toml": ("the desk", 2)}
TOMLS |= {"sources.toml": ("the surveyors", 8)}


def faults_of(folder, path, old, new):
    files = list_land()
    assert old.encode() in files[path]
    files[path] = files[path].replace(old.encode(), new.encode("utf-8", "surrogatepass"), 1)
    lay_out_land(folder, files)
    return [str(fault) for report in check_project(folder) for fault in report.faults]


@pytest.mark.parametrize(("path", "sign"), [*zip(SPOTS, SIGNS, strict=False), ("places/places.csv", "escape")])
def test_a_table_with_such_a_sign_is_refused_by_line_and_letter(tmp_path, path, sign):
    old, line = SPOTS[path]
    found = faults_of(tmp_path, path, old, f'"{old[:3]}{SIGNS[sign]}{old[3:]}"')
    if sign == "nul":
        assert "zero bytes" in found[0]
    elif sign == "half":
        assert f"{path}:{line}: byte" in found[0]
    else:
        where = f"{tmp_path / path}:{line}: "
        assert [one for one in found if one.startswith(where) and f"holds U+{ord(SIGNS[sign][0]):04X}" in one], found
        assert "as letter 4" in found[0]


@pytest.mark.parametrize(("path", "sign"), [*zip(TOMLS, ("\\u0001", "\\u202E", "\\n", "\\u2028"), strict=True)])
def test_a_toml_file_with_such_a_sign_is_refused_by_line_and_letter(tmp_path, path, sign):
    old, line = TOMLS[path]
    found = faults_of(tmp_path, path, old, f"{old[:3]}{sign}{old[3:]}")
    assert found[0].startswith(f"{tmp_path / path}:{line}: ")
    assert "as letter 4" in found[0]


@pytest.mark.parametrize("path", ["boundaries/units.geojson", "boundaries/areas.geojson", "roads/highways.geojson"])
def test_a_layer_with_such_a_sign_is_refused_by_feature_and_letter(tmp_path, path):
    found = faults_of(tmp_path, path, '"name": "', '"name": "\\u202e')
    assert found[0].startswith(f"{tmp_path / path}:1: name holds U+202E (a sign that turns letters round) as letter 1")


@pytest.mark.parametrize("key", ["title", "subtitle", "credit", "alt", "caption", "description", "boundaries_credit"])
def test_words_with_such_a_sign_are_refused(key):
    for sign in ("\x01", "\0", "\u202e", "\ud800"):
        with pytest.raises(WordsError, match=f"the {key.replace('_', ' ')} holds U\\+{ord(sign):04X}"):
            check_printable({key: f"abc{sign}"})
    if key in ("caption", "description"):
        check_printable({key: "two\nlines"})
    else:
        with pytest.raises(WordsError, match="a line break"):
            check_printable({key: "two\nlines"})


def test_every_way_to_draw_asks_for_printable_words(tmp_path):
    odd = {"title": "\u202etxt.exe"}
    with pytest.raises(WordsError, match="U\\+202E"):
        render_map(date(2024, 12, 5), **odd)
    with pytest.raises(WordsError, match="U\\+202E"):
        render_chart(date(2024, 12, 5), **odd)
    with pytest.raises(WordsError, match="U\\+202E"):
        render_series(dates=[date(2024, 12, 5)], folder=tmp_path, **odd)
    with pytest.raises(EditionError, match="U\\+202E"):
        render_map(date(2024, 12, 5), edition=2, correction="\u202etxt.exe")
    with pytest.raises(OutputError, match=r"U\+0001"):
        check_target(tmp_path / "a\x01.png", overwrite=False)
    path = tmp_path / "a\u202e.csv"
    path.write_text(STATEMENTS, "utf-8")
    with pytest.raises(DataError, match=r"the name of the file holds U\+202E"):
        describe_input(path)


def test_marks_that_arabic_needs_stay(tmp_path):
    marked = "\u2067\u0628\u0644\u062f\u0629\u2069 \u200fX\u200e"
    assert faults_of(tmp_path, "places/places.csv", "Eastham", marked) == []
    drawn = compose_map(DAYS[1], project=tmp_path, size="web-small", title=marked)
    assert marked in [label.text for label in drawn.labels]
    assert drawn.words.title == marked


def test_a_note_may_have_lines_but_steers_no_terminal(tmp_path):
    assert faults_of(tmp_path, "control/statements.csv", "a report", '"two\nlines"') == []
    found = faults_of(tmp_path, "control/statements.csv", "a report", '"\x1b[2J"')
    assert "note holds U+001B (a control character) as letter 1; expected printable text;" in found[0]


def test_messages_spell_out_what_steers_a_terminal(tmp_path):
    (tmp_path / "mine.csv").write_text("\x1b[2Jdate,unit\n1,2\n", "utf-8")
    done = run("check", tmp_path / "mine.csv")
    assert done.exit_code == 1
    assert "\x1b" not in done.output


def test_words_of_data_that_leave_no_room_are_refused(tmp_path):
    assert faults_of(tmp_path, "sources.toml", "the surveyors", "long " * 2000) == []
    with pytest.raises(WordsError, match=r"leave it \d+ x \d+ px; expected 40 px"):
        compose_map(DAYS[1], project=tmp_path, size="web-small")
