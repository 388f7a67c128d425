"""The five forms of a picture, read back with what newsrooms read them with."""

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from syriamap import render_map, render_series, save_map
from syriamap.draw import ink_map
from syriamap.draw.paint import paint_layers
from syriamap.errors import OutputError, UnknownNameError
from syriamap.save import encode_picture
from syriamap.sizes import get_size

PIXELS, VECTORS = ("png", "webp", "jpg"), ("svg", "pdf")
SVG = "{http://www.w3.org/2000/svg}"
PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights>حلب</dc:rights></rdf:Description></rdf:RDF>'
    '</x:xmpmeta><?xpacket end="w"?>'
).encode()


@pytest.fixture(scope="module")
def made():
    return render_map(date(2024, 12, 5))


@pytest.fixture(scope="module")
def small():
    return render_map(date(2024, 12, 5), size="print-1col", theme="dark")


@pytest.fixture(scope="module")
def painted(made):
    return ink_map(made.scene, made.theme).paint()[:, :, :3]


def read(content):
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image


def as_array(content, mode="RGB"):
    return np.asarray(read(content).convert("RGBA").convert(mode))


@pytest.mark.parametrize("form", PIXELS)
def test_pixels_and_dots_are_those_of_the_size(small, form):
    image = read(small.encode(form))
    assert image.size == (1087, 1358)
    dpi = image.info.get("dpi") or [image.getexif()[tag] for tag in (0x011A, 0x011B)]
    assert [float(dots) for dots in dpi] == pytest.approx([300, 300], abs=0.5)


def test_a_webp_is_the_picture_to_the_last_bit(made, painted):
    assert np.array_equal(as_array(made.encode("webp")), painted)


def test_a_jpeg_is_near_and_keeps_its_colours_at_full_size(made, painted):
    content = made.encode("jpg")
    image = read(content)
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert {layer[1:3] for layer in image.layer} == {(1, 1)}  # 4:4:4
    assert np.abs(as_array(content).astype(int) - painted).mean() < 1.5
    assert made.encode("jpeg") == content


@pytest.mark.parametrize("form", PIXELS)
@pytest.mark.parametrize(("size", "view"), [("web", "country"), ("og", "advance")])
def test_it_is_as_light_as_its_size_asks(form, size, view):
    content = render_map(date(2024, 12, 8), size=size, view=view).encode(form)
    assert 0 < len(content) <= get_size(size).max_bytes


class Noise:
    """Ink that no encoder can make light: a photograph would be no worse."""

    flat = ("#ffffff",)

    def paint(self, *, transparent=False):
        wild = np.random.default_rng(7).integers(0, 256, (900, 1280, 4), dtype=np.uint8)
        wild[:, :, 3] = 255
        return wild


@pytest.mark.parametrize("form", ["webp", "jpg"])
def test_what_is_heavy_loses_quality_until_it_is_light(made, form):
    content = encode_picture(Noise(), made.scene, form)
    unlimited = replace(made.scene, size=replace(made.scene.size, max_kb=0))
    best = encode_picture(Noise(), unlimited, form)
    assert read(content).size == read(best).size == (1280, 900)
    assert len(content) < len(best) / 2


@pytest.mark.parametrize("size", ["web", "print-1col", "story"])
@pytest.mark.parametrize("view", ["advance", "country"])
def test_an_svg_is_light(size, view):
    assert len(render_map(date(2024, 12, 5), size=size, view=view).encode("svg")) <= 1_500_000


def test_an_svg_tells_what_it_shows(made):
    root = ET.fromstring(made.encode("svg"))
    words = made.scene.words
    assert (root.get("role"), root.get("lang"), root.get("viewBox")) == ("img", "en", "0 0 1280 900")
    named = {element.get("id"): element for element in root if element.get("id")}
    told = [named[name] for name in root.get("aria-labelledby").split()]
    assert [(one.tag.removeprefix(SVG), one.text) for one in told] == [("title", words.title), ("desc", words.alt)]


def test_an_svg_asks_for_nothing_from_elsewhere(made):
    text = made.encode("svg").decode("utf-8")
    assert set(re.findall(r"url\((\w*[:#]).*?\)", text)) <= {"data:", "#"}
    assert "href" not in text
    assert re.findall(r"https?://[^\s\"]+", text) == ["http://www.w3.org/2000/svg"]


def test_a_notebook_shows_it(made):
    assert made._repr_svg_().encode("utf-8") == made.encode("svg")
    assert made._repr_png_() == made.encode("png")


def test_a_pdf_says_title_author_and_language(made):
    found = PdfReader(io.BytesIO(made.encode("pdf")))
    words = made.scene.words
    assert (found.metadata.title, found.metadata.subject) == (words.title, words.alt)
    assert (found.metadata.author, found.metadata.creator) == (words.credit, "syriamap")
    assert (found.root_object["/Lang"], found.root_object["/ViewerPreferences"]["/DisplayDocTitle"]) == ("en", True)
    assert words.title in found.pages[0].extract_text()
    assert {str(font.get_object()["/Subtype"]) for font in found.pages[0]["/Resources"]["/Font"].values()} == {"/Type0"}


def test_a_pdf_is_as_large_on_paper_as_its_dots(small):
    (page,) = PdfReader(io.BytesIO(small.encode("pdf"))).pages
    millimetres = [float(side) / 72 * 25.4 for side in page.mediabox[2:]]
    assert millimetres == pytest.approx([92.0, 115.0], abs=0.1)


def packet_of(content, form):
    if form == "pdf":
        return PdfReader(io.BytesIO(content)).root_object["/Metadata"].get_data()
    if form == "svg":
        root = ET.fromstring(content)
        assert [element.tag.removeprefix(SVG) for element in root][:3] == ["title", "desc", "metadata"]
        return re.search(rb"<metadata>(.*?)</metadata>", content, re.DOTALL)[1]
    said = read(content).info
    return said["XML:com.adobe.xmp"].encode("utf-8") if form == "png" else said["xmp"]


@pytest.mark.parametrize("form", [*PIXELS, *VECTORS])
def test_a_packet_comes_back_as_it_was_and_only_when_given(made, form):
    content = made.encode(form, packet=PACKET)
    assert packet_of(content, form) == PACKET
    plain = made.encode(form)
    assert b"xpacket" not in plain
    assert len(plain) < len(content)


def test_a_png_keeps_its_words_beside_the_packet(made):
    said = read(made.encode("png", packet=PACKET)).text
    words = made.scene.words
    assert (said["Title"], said["Description"], said["Source"]) == (words.title, words.alt, words.sources)


@pytest.mark.parametrize("form", ["png", "webp"])
def test_without_a_page_it_lies_on_any(made, form):
    """Laid on the page's own colour it is the picture again; the map stays opaque, the page is gone."""
    theme_page = made.theme.colours["page"]
    clear = read(made.encode(form, transparent=True)).convert("RGBA")
    alpha = np.asarray(clear)[:, :, 3]
    x0, y0, x1, y1 = (round(edge) for edge in made.scene.map_box)
    assert (alpha[y0 + 2 : y1 - 2, x0 + 2 : x1 - 2] == 255).all()
    assert alpha[0, 0] == alpha[-1, -1] == 0
    assert (alpha == 0).mean() > 0.2
    laid = Image.new("RGBA", clear.size, theme_page)
    laid.alpha_composite(clear)
    whole = as_array(made.encode(form)).astype(int)
    apart = np.abs(np.asarray(laid.convert("RGB")).astype(int) - whole)
    assert apart.mean() < 0.8
    assert (apart.max(axis=2) > 40).mean() < 0.0005


def test_alpha_is_recovered_exactly(made):
    """On white and on black the transparent pixels are what is painted there."""
    ink = ink_map(made.scene, made.theme)
    clear = ink.paint(transparent=True).astype(float)
    for page, shade in (("#ffffff", 255.0), ("#000000", 0.0)):
        wanted = paint_layers(ink.list_on(page), ink.size)[:, :, :3].astype(float)
        share = clear[:, :, 3:] / 255
        assert np.abs(clear[:, :, :3] * share + shade * (1 - share) - wanted).max() <= 2.0


def test_a_pdf_and_an_svg_without_a_page(made):
    assert 'id="page"' in made.encode("svg").decode("utf-8")
    assert 'id="page"' not in made.encode("svg", transparent=True).decode("utf-8")
    whole, clear = (
        PdfReader(io.BytesIO(made.encode("pdf", transparent=clear))).pages[0].get_contents().get_data()
        for clear in (False, True)
    )
    corners = re.compile(rb"0 900 m\s+1280 900 l\s+1280 0 l|0 0 m\s+1280 0 l\s+1280 900 l|0 0 1280 900 re\s+f")
    assert (len(corners.findall(whole)), corners.findall(clear)) == (1, [])


@pytest.mark.parametrize("form", ["jpg", "jpeg"])
def test_a_jpeg_without_a_page_is_refused(made, form, tmp_path):
    with pytest.raises(OutputError, match=r"no transparency; expected \.png"):
        made.encode(form, transparent=True)
    clear = render_map(date(2024, 12, 5), transparent=True)
    with pytest.raises(OutputError, match="no transparency"):
        save_map(clear, tmp_path / f"map.{form}")
    assert list(tmp_path.iterdir()) == []


def test_choices_are_those_of_the_files(tmp_path):
    clear = render_map(date(2024, 12, 5), transparent=True, outlines=True)
    svg = clear.encode("svg").decode("utf-8")
    assert "<text" not in svg
    assert 'id="page"' not in svg
    assert "<text" in clear.encode("svg", outlines=False).decode("utf-8")
    assert 'id="page"' in clear.encode("svg", transparent=False).decode("utf-8")


def test_a_form_nobody_knows_is_told_with_those_that_are(made):
    with pytest.raises(UnknownNameError, match="did you mean webp"):
        made.encode("wepb")


def test_a_series_refuses_what_a_form_cannot_be_before_it_draws(tmp_path):
    with pytest.raises(OutputError, match="no transparency"):
        render_series(date(2024, 12, 5), formats=("png", "jpg"), folder=tmp_path, transparent=True)
    assert list(tmp_path.iterdir()) == []
