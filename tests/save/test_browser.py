"""The SVG in a real browser; `make test-all` installs what these tests need."""

import io
import shutil
import time
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from syriamap import render_map, save_map
from syriamap.draw.board import PixelBoard, drawing_rules
from syriamap.draw.text import measure_text
from syriamap.draw.vectors import VectorBoard
from syriamap.model import Box
from syriamap.picture import TextRun
from syriamap.save.svg import encode_svg
from syriamap.scripts import MARK, is_rtl
from syriamap.theme import get_theme

TOOLS = ("chromium", "chromedriver")
missing = [tool for tool in TOOLS if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"{' and '.join(missing)} not installed")
LINES = ("Aleppo", "حلب", "حمص – 5 كانون الأول", f"{MARK}M5: حلب – حماة (45 km)", "AVATAR fi")
SPACE = 60
SELECTED = """
const range = document.createRange();
range.selectNodeContents(arguments[0]);
getSelection().removeAllRanges();
getSelection().addRange(range);
return getSelection().toString();
"""
BOXES = """
return Array.from(document.querySelectorAll('text:not(.halo)')).map((one) => {
    const box = one.getBBox();
    return [box.x, box.x + box.width, one.getStartPositionOfChar(0).x,
        one.getEndPositionOfChar(one.getNumberOfChars() - 1).x];
});
"""


@pytest.fixture(scope="module")
def browser():
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(word)
    options.add_argument("--window-size=1400,1100")
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


def wait_for(check):
    for _ in range(200):
        if check():
            return True
        time.sleep(0.05)
    return False


def open_page(browser, path):
    browser.get(path.as_uri())
    assert wait_for(lambda: browser.execute_script("return document.fonts.status") == "loaded")
    return browser


def shoot(browser, size):
    """Return what is seen of a picture, in grey."""
    with Image.open(io.BytesIO(browser.get_screenshot_as_png())) as image:
        return np.asarray(image.convert("RGB").crop((0, 0, *size)), dtype=int)


@pytest.fixture(scope="module")
def made():
    return render_map(date(2024, 12, 5))


@pytest.fixture
def shown(browser, made, tmp_path):
    return open_page(browser, save_map(made, tmp_path / "map.svg")[0])


def test_title_description_and_layers_are_there(shown, made):
    root = shown.find_element("css selector", "svg")
    assert (root.get_attribute("role"), root.get_attribute("lang")) == ("img", "en")
    assert shown.title == made.scene.words.title
    assert root.accessible_name == f"{made.scene.words.title} {made.scene.words.alt}"
    for layer in ("ground", "control", "water", "fronts", "borders", "roads", "markers", "labels", "title", "key"):
        (group,) = shown.find_elements("css selector", f"svg > g[id='{layer}']")
        assert group.size["width"] > 0


def test_words_can_be_selected_and_halos_cannot(shown):
    label = shown.find_element("css selector", "#label-aleppo text:not(.halo)")
    assert shown.execute_script(SELECTED, label) == "Aleppo"
    whole = shown.execute_script(SELECTED, shown.find_element("css selector", "#labels"))
    assert whole.count("Aleppo") == 1, "the halo says it again"
    assert shown.execute_script("getSelection().removeAllRanges(); return window.find('Jisr al-Shughur')")


def test_its_own_fonts_are_used(shown):
    faces = shown.execute_script("return Array.from(document.fonts).map((one) => [one.family, one.status])")
    assert len(faces) >= 4
    assert {status for _, status in faces} == {"loaded"}
    assert {family.strip("'\"") for family, _ in faces} <= {"Source Sans 3", "Noto Sans Arabic"}
    assert shown.get_log("browser") == []


def test_lines_are_as_wide_as_they_were_measured(shown, made):
    runs = [run for label in made.scene.labels for run in label.runs]
    found = shown.execute_script(
        "return Array.from(document.querySelectorAll('#labels text:not(.halo)'))"
        ".map((one) => [one.textContent, one.getComputedTextLength()])"
    )
    for text, width in found:
        measured = [advance(run) for run in runs if run.text == text]  # a town and its air base may have one name
        assert any(width == pytest.approx(one, rel=0.01, abs=0.3) for one in measured), (text, width, measured)


def advance(run):
    """Return the width of a line as a browser has it: tracking follows the last letter too."""
    style = get_theme("light").type[run.role]
    return measure_text(run.text, run.px, style).width + style.tracking * run.px


def test_it_looks_like_the_png(shown, made):
    with Image.open(io.BytesIO(made.encode("png"))) as image:
        wanted = np.asarray(image.convert("RGB"), dtype=int)
    seen = shoot(shown, (1280, 900))
    small = [one.reshape(225, 4, 320, 4, 3).mean(axis=(1, 3)) for one in (seen, wanted)]
    assert np.abs(small[0] - small[1]).mean() < 2.0


def test_outlines_look_like_the_png_too(browser, made, tmp_path):
    (tmp_path / "map.svg").write_bytes(made.encode("svg", outlines=True))
    with Image.open(io.BytesIO(made.encode("png"))) as image:
        wanted = np.asarray(image.convert("RGB"), dtype=int)
    seen = shoot(open_page(browser, tmp_path / "map.svg"), (1280, 900))
    small = [one.reshape(225, 4, 320, 4, 3).mean(axis=(1, 3)) for one in (seen, wanted)]
    assert np.abs(small[0] - small[1]).mean() < 1.0


@pytest.fixture
def lines(browser, tmp_path):
    """Lines of both scripts, each with its left edge at 40: in the browser, and as pixels."""
    theme = get_theme("light")
    runs = [
        TextRun(text, "town", 40.0, SPACE * (turn + 1), 30.0, "#000000", Box(40, 0, 400, 10), "#ffffff" if turn else "")
        for turn, text in enumerate(LINES)
    ]
    size = SimpleNamespace(width_px=600, height_px=SPACE * (len(LINES) + 1))
    boards = [VectorBoard(size.width_px, size.height_px), PixelBoard(size.width_px, size.height_px)]
    with drawing_rules():
        boards[0].enter("labels")
        for board in boards:
            board.write(runs, theme)
    page = SimpleNamespace(size=size, lang="ar", words=SimpleNamespace(title="T", alt="A"))
    (tmp_path / "lines.svg").write_bytes(encode_svg(boards[0].finish(), page, b""))
    widths = [measure_text(text, 30.0, theme.type["town"]).width for text in LINES]
    return open_page(browser, tmp_path / "lines.svg"), widths, boards[1].pixels


def test_lines_stand_where_they_belong_whatever_their_script(lines):
    browser, widths, _ = lines
    for text, width, (left, right, start, end) in zip(LINES, widths, browser.execute_script(BOXES), strict=True):
        assert (left, right) == pytest.approx((40, 40 + width), abs=1.0), text
        begins = right if is_rtl(text) else left
        assert start == pytest.approx(begins, abs=40 if text.startswith(MARK) else 1.0), text  # M5 runs its own way
        assert (start > end) == is_rtl(text), text


def test_arabic_is_shaped_as_in_the_pixels(lines):
    """Letters joined, in the right order: the ink of every line lies where that of the pixels lies."""
    browser, _, pixels = lines
    seen = 255 - shoot(browser, (600, SPACE * (len(LINES) + 1))).min(axis=2)
    wanted = pixels[:, :, 3].astype(int) * (255 - pixels[:, :, :3].min(axis=2).astype(int)) // 255
    for turn, text in enumerate(LINES):
        rows = slice(SPACE * turn + 20, SPACE * (turn + 1) + 20)
        one, other = (ink[rows].reshape(SPACE // 2, 2, 300, 2).mean(axis=(1, 3)) for ink in (seen, wanted))
        alike = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        mirrored = np.corrcoef(one.ravel(), other[:, ::-1].ravel())[0, 1]
        assert alike > 0.9 > mirrored, text
