"""The page as text: whole, self-contained, and safe whatever the data says."""

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from PIL import Image

from syriamap.atlas import Map
from syriamap.errors import OutputError, UnknownNameError
from syriamap.products import write_page
from syriamap.products.contract import ProductSidecar
from syriamap.products.page import build_page, page_words

from .conftest import DAYS

EVIL = """</script><script>alert("1")</script>'&<img src=x onerror=alert(2)> $title ${day}"""


class Reader(HTMLParser):
    """Collects the elements of a page, what they say, and what is left open."""

    VOID = ("meta", "img", "input", "link", "br")

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.texts = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def html(series):
    made = series()
    return build_page(made, page_words(made))


@pytest.fixture(scope="module")
def page(html):
    return Reader(html)


def test_every_element_is_closed_and_every_id_is_one(page):
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.elements:
        for key in ("aria-labelledby", "aria-describedby", "for"):
            assert attrs.get(key) is None or attrs[key] in ids


def test_the_page_asks_for_nothing_from_anywhere(page, html):
    assert not page.all("link")
    assert all("src" not in attrs for attrs in page.all("script"))
    assert all(attrs["src"].startswith("data:image/") for attrs in page.all("img"))
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_this_style_and_this_script_alone(page, html):
    policy = next(attrs["content"] for attrs in page.all("meta") if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)[1]
        found = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
        assert f"{tag}-src 'sha256-{found}'" in policy
    assert not any(name == "style" or name.startswith("on") for _, attrs in page.elements for name in attrs)


def test_every_day_has_its_map_and_its_words_without_a_script(page, series):
    articles = [attrs["id"] for attrs in page.all("article")]
    assert articles == [day.isoformat() for day in DAYS]
    told = " ".join(" ".join(page.texts).split())
    for scene in series().scenes:
        for words in (scene.words.title, scene.words.as_of, *scene.words.description.splitlines(), *scene.words.notes):
            assert words in told
        for credit in scene.credits:
            assert credit.title in told
        assert scene.words.disclaimer in told
        assert scene.words.credit in told
    assert {attrs["href"] for attrs in page.all("a") if attrs["href"].startswith("#")} == {
        f"#{day}" for day in articles
    }


def test_every_picture_has_its_alt_text_its_size_and_is_the_map_of_its_day(page, series):
    made = series()
    for attrs, scene in zip(page.all("img"), made.scenes, strict=True):
        assert attrs["alt"] == scene.words.alt
        content = base64.b64decode(attrs["src"].partition(",")[2])
        with Image.open(io.BytesIO(content)) as image:
            assert image.format.lower() == attrs["src"][len("data:image/") :].partition(";")[0]
            assert [int(attrs["width"]), int(attrs["height"])] == list(image.size)
        assert content == Map(scene, made.theme).encode("png")


def test_the_table_has_area_and_places_of_every_party(html, series):
    for scene in series().scenes:
        article = html[html.index(f'<article class="day" id="{scene.on}"') :].partition("</article>")[0]
        rows = re.findall(r'<tr data-party="(\w+)">.*?<td>([\d,]+)</td><td>([\d,]+)</td>', article)
        found = {party: (int(area.replace(",", "")), int(places.replace(",", ""))) for party, area, places in rows}
        assert found == {one.id: (round(one.area_km2), one.places) for one in scene.controllers}
        for one in scene.controllers:
            if one.places:
                said = rf"{re.escape(one.label)}: [^.]*\(number: {one.places}[;)]"
                assert re.search(said, article), "the words say what the table says"


def test_captures_stand_under_their_taker_with_their_days(html):
    article = html[html.index('<article class="day" id="2024-12-08"') :].partition("</article>")[0]
    told = re.search(r"<dt>Taken by HTS-led opposition</dt>\s*<dd>(.*?)</dd>", article, re.DOTALL)[1]
    assert told.replace("\u00a0", " ").startswith("Damascus (8 Dec), Homs (7–8 Dec)")


def test_a_page_names_places_in_its_language(tmp_path):
    path, _ = write_page([date(2024, 12, 4), date(2024, 12, 5)], tmp_path / "page.html", lang="ar")
    html = path.read_text("utf-8")
    assert 'dir="rtl"' in html
    assert "حماة" in html
    assert not re.search(r"\b(Hama|Salamiyah|Government)\b", re.sub(r"<[^>]*>", " ", html))


def test_words_of_the_data_stay_words(series):
    made = series(size="web-small")
    scene = made.scenes[-1]
    words = replace(scene.words, title=EVIL, subtitle=EVIL, alt=EVIL, description=EVIL, credit=EVIL, as_of=EVIL)
    credits = tuple(replace(one, title=EVIL, url="javascript:alert(1)") for one in scene.credits[:1])
    credits += tuple(replace(one, url='https://example.org/"><script>alert(1)</script>') for one in scene.credits[1:2])
    odd = replace(scene, words=words, credits=credits)
    places = made.materials.boundaries.places.copy()
    places["name"] = EVIL
    boundaries = replace(made.materials.boundaries, places=places)
    control = made.materials.control
    parties = {key: replace(party, label=EVIL) for key, party in control.parties.items()}
    materials = replace(made.materials, boundaries=boundaries, control=replace(control, parties=parties))
    harmed = replace(made, days=DAYS[-1:], scenes=(odd,), materials=materials)
    page = Reader(build_page(harmed, (EVIL, EVIL, EVIL)))
    assert len(page.all("script")) == 1
    assert len(page.all("img")) == 1
    assert page.all("img")[0]["alt"] == EVIL
    assert not any(attrs["href"].startswith("javascript") for attrs in page.all("a"))
    assert EVIL in " ".join(page.texts)
    assert page.open == []


@pytest.mark.parametrize(("theme", "scheme"), [("light", "light"), ("dark", "dark")])
def test_the_page_follows_the_theme(series, theme, scheme):
    made = series(theme=theme)
    html = build_page(replace(made, days=made.days[:1], scenes=made.scenes[:1]), ("a", "b", "c"))
    assert f"color-scheme:{scheme}" in html
    assert f"--page:{made.theme.colours['page']};" in html


def test_the_same_bytes_and_a_whole_sidecar(tmp_path):
    first = write_page(DAYS[2:3], tmp_path / "one/page.html", view="country")
    again = write_page(DAYS[2:3], tmp_path / "two/page.html", view="country")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    told = json.loads(first[1].read_text("utf-8"))
    assert set(told) == set(ProductSidecar.__annotations__)
    assert told["kind"] == "page"
    assert told["output"]["sha256"] == hashlib.sha256(first[0].read_bytes()).hexdigest()
    assert str(tmp_path) not in first[0].read_text("utf-8")


def test_what_cannot_be_is_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="unknown format of a page 'pdf'"):
        write_page(DAYS, tmp_path / "a.pdf")
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "a.html").write_text("mine")
    with pytest.raises(OutputError, match="exists and is kept"):
        write_page(DAYS, tmp_path / "a.html")
