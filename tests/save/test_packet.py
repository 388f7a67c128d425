"""The packet says what the sidecar says, whatever the words are, and comes back from the picture as it was."""

import hashlib
import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from syriamap import render_chart, render_map, save_chart, save_map
from syriamap.errors import PictureError
from syriamap.lint import read_sidecar
from syriamap.save.embedded import find_packet
from syriamap.save.packet import DATA_DRIVEN, INSTEAD, NO_XML, Facts, list_facts, read_packet, write_packet

FORMS = ("png", "svg", "jpg", "webp", "pdf")
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=60)
HASH = st.binary(max_size=3).map(lambda some: hashlib.sha256(some).hexdigest())


def tell(**words):
    """Return what a picture says of itself."""
    return {
        "as_of": "2024-12-05",
        "lang": "en",
        "headline": "A headline",
        "caption": "A caption",
        "description": "A description",
        "alt": "An alt text",
        "credit": "Map: syriamap",
        "rights": "Map data: somebody (ODbL-1.0).",
        "digital_source_type": DATA_DRIVEN,
        "edition": 1,
        "supersedes": None,
        "correction": "",
        "sources": [{"title": "Reuters", "url": "https://example.org", "licence": "facts", "date": "2024-12-05"}],
        "inputs": [{"path": "control/statements.csv", "sha256": "0" * 64}],
        "generator": {"name": "syriamap", "version": "0.1.0"},
        "command": "syriamap render 2024-12-05",
        **words,
    }


TOLD = st.fixed_dictionaries(
    {
        **dict.fromkeys(("headline", "caption", "description", "alt", "credit", "rights", "correction"), WORDS),
        "lang": st.sampled_from(["en", "ar", "ku-Latn"]),
        "command": WORDS,
        "edition": st.integers(1, 99),
        "supersedes": st.none() | st.fixed_dictionaries({"path": PLAIN, "sha256": HASH | st.just("")}),
        "inputs": st.lists(st.fixed_dictionaries({"path": PLAIN, "sha256": HASH}), max_size=3),
    }
).map(lambda words: tell(**words))


@given(TOLD)
@example(tell(headline="""<b> & "quotes" 'single' ]]> <!-- -->"""))
@example(tell(headline="\x00\x1b[31m\x7f\ufffe\r\n\t end ", command="a\rb"))
@example(tell(headline="حماة: سقطت المدينة", lang="ar", caption="🗺️ 👩‍👩‍👧 \U0010ffff"))
def test_facts_come_back_from_the_packet_as_they_are_told(told):
    facts = list_facts(told)
    assert read_packet(write_packet(told)) == facts
    assert facts.headline == NO_XML.sub(INSTEAD, told["headline"])
    assert facts.inputs == tuple(f"{one['path']} {one['sha256']}" for one in told["inputs"])


@given(TOLD)
def test_a_packet_is_one_well_formed_piece_with_nothing_of_the_words_in_its_structure(told):
    root = ET.fromstring(write_packet(told))
    plain = ET.fromstring(write_packet(tell(supersedes={"path": "a.png", "sha256": ""}, correction="Some")))
    assert {one.tag for one in root.iter()} <= {one.tag for one in plain.iter()}
    assert write_packet(told) == write_packet(dict(reversed(told.items())))


@given(PLAIN)
def test_what_xml_can_hold_is_told_letter_by_letter(text):
    assert read_packet(write_packet(tell(headline=text, correction=text))).correction == text


def test_the_day_of_the_data_is_the_date_and_the_clock_is_not_read():
    packet = write_packet(tell())
    assert read_packet(packet).created == "2024-12-05"
    assert b"CreateDate" not in packet
    assert b"ModifyDate" not in packet


def test_only_outlets_are_the_source():
    holder = {"title": "A holder", "url": "", "licence": "ODbL-1.0", "date": "2026-01-01"}
    assert list_facts(tell(sources=[*tell()["sources"], holder])).source == "Reuters"


def test_a_packet_finds_room_in_a_jpeg():
    inputs = [{"path": f"tables/{turn}.csv", "sha256": f"{turn:064x}"} for turn in range(2000)]
    told = tell(inputs=inputs, description="ü" * 15_000)
    packet, facts = write_packet(told), list_facts(told)
    assert len(packet) < 65_502
    assert read_packet(packet) == facts
    assert facts.inputs[0].startswith("2000 files ")
    assert list_facts(tell(inputs=inputs[::-1])).inputs != facts.inputs


ATTRIBUTES = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Headline="One"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>
<rdf:li xml:lang="en">Two</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF>"""


def test_packets_of_other_programs_are_read():
    assert read_packet(ATTRIBUTES) == Facts(headline="One", title="Two")


@pytest.mark.parametrize("packet", [b"", b"<x", b"\x00\x01", b'<?xml version="1.0" encoding="none"?><x/>'])
def test_what_is_no_packet_is_said(packet):
    with pytest.raises(PictureError, match="XMP packet cannot be read"):
        read_packet(packet)


# In pictures


@pytest.fixture(scope="module")
def made():
    return render_map(date(2024, 12, 5), title='Two <words> & "more", حماة')


@pytest.mark.parametrize("form", FORMS)
def test_the_picture_of_a_map_says_what_its_sidecar_says(made, form, tmp_path):
    picture, beside = save_map(made, tmp_path / f"map.{form}")
    said, facts = read_sidecar(beside), read_packet(find_packet(picture))
    assert facts == list_facts(said)
    assert (facts.title, facts.created) == ('Two <words> & "more", حماة', "2024-12-05")
    assert facts.command == said["command"] != ""
    assert "(ODbL-1.0)" in facts.rights
    assert "Reuters" in facts.source


def test_a_chart_carries_its_packet_too(tmp_path):
    drawn = render_chart(date(2024, 12, 4), date(2024, 12, 5))
    picture, _ = save_chart(drawn, tmp_path / "chart.png", command=["syriamap", "stats"])
    facts = read_packet(find_packet(picture))
    assert (facts.as_of, facts.command, facts.alt) == ("2024-12-05", "syriamap stats", drawn.chart.words.alt)


def test_a_picture_without_a_packet_has_none(tmp_path):
    Image.new("RGB", (2, 2)).save(tmp_path / "a.png")
    Image.new("RGB", (2, 2)).save(tmp_path / "a.jpg")
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert {find_packet(tmp_path / f"a.{form}") for form in ("png", "jpg", "svg")} == {b""}


@pytest.mark.parametrize("form", ["png", "jpg", "webp"])
def test_packets_are_found_in_pixels_of_every_kind(form, tmp_path):
    from PIL import PngImagePlugin

    packet, path = write_packet(tell()), tmp_path / f"a.{form}"
    words = PngImagePlugin.PngInfo()
    words.add_itxt("XML:com.adobe.xmp", packet.decode("utf-8"))
    Image.new("RGB", (2, 2)).save(path, **({"pnginfo": words} if form == "png" else {"xmp": packet}))
    assert find_packet(path) == packet


def test_packets_are_found_in_a_pdf(tmp_path):
    from pypdf import PdfWriter

    packet, writer = write_packet(tell()), PdfWriter()
    writer.add_blank_page(10, 10)
    writer.xmp_metadata = packet
    writer.write(tmp_path / "a.pdf")
    assert read_packet(find_packet(tmp_path / "a.pdf")) == list_facts(tell())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"hello world", "begins with b'hello wo'"),
        (b"%PDF-1.4 nothing", "damaged or cut short"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><g>", "damaged or cut short"),
        (b"RIFF0000WEBP", "damaged or cut short"),
    ],
)
def test_what_is_no_picture_is_said(content, told, tmp_path):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(PictureError, match=told):
        find_packet(tmp_path / "a.png")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_picture_that_is_cut_short_is_said(made, share, tmp_path):
    content = save_map(made, tmp_path / "map.png")[0].read_bytes()
    (tmp_path / "cut.png").write_bytes(content[: int(share * len(content))])
    with pytest.raises(PictureError, match="damaged or cut short"):
        find_packet(tmp_path / "cut.png")


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_of_two_languages_each_stands_as_one_and_texts_are_in_the_first(form, tmp_path):
    picture, _ = save_map(render_map(date(2024, 12, 5), lang="en+ar"), tmp_path / f"map.{form}")
    packet = find_packet(picture)
    assert read_packet(packet).lang == ("en", "ar")
    langs = set(re.findall(rb'xml:lang="([^"]*)"', packet))
    assert langs == {b"x-default", b"en"}
    if form == "svg":
        assert b' lang="en" xml:lang="en">' in picture.read_bytes()
