"""The page in a real browser, opened from the disk; `make test-all` installs what these tests need."""

import json
import shutil
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from syriamap.products.page import build_page

from .conftest import DAYS
from .test_page import EVIL

TOOLS = ("chromium", "chromedriver")
missing = [tool for tool in TOOLS if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"{' and '.join(missing)} not installed")
WORDS = ["26 November 2024", "30 November 2024", "5 December 2024", "8 December 2024"]
NAMED = """
const name = (element) => (element.getAttribute('aria-label') || element.textContent.trim()
    || Array.from(element.labels || []).map((label) => label.textContent.trim()).join(' '));
return Array.from(document.querySelectorAll('button, input, a, [role=region]'))
    .filter((element) => !name(element)).map((element) => element.outerHTML);
"""
FAINT = """
const lum = (text) => { const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ground = (element) => { for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour !== 'rgba(0, 0, 0, 0)') { return colour; } } return 'rgb(255, 255, 255)'; };
return Array.from(document.querySelectorAll('body *')).filter((element) =>
    element.offsetParent && !element.disabled && !element.closest(':disabled') &&
    Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.textContent.trim()))
    .map((element) => { const [one, two] = [getComputedStyle(element).color, ground(element)].map(lum);
        return [(Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05), element.outerHTML.slice(0, 80)]; })
    .filter(([ratio]) => ratio < 4.5);
"""


@pytest.fixture(scope="module")
def browser():
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--window-size=1200,900",
    ):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pages(series, tmp_path_factory):
    """Return the addresses of two pages: a plain one, and a dark one whose data tries to be a script."""
    folder = tmp_path_factory.mktemp("pages")
    plain, dark = series(), series(theme="dark")
    odd = [replace(scene, words=replace(scene.words, title=EVIL, alt=EVIL)) for scene in dark.scenes]
    made = {
        "plain": build_page(plain, ("Title", "Alt", "")),
        "odd": build_page(replace(dark, scenes=odd), (EVIL, EVIL, "")),
    }
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, "utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in made}


@pytest.fixture
def at(browser, pages):
    """Open a page anew and return the browser."""

    def open_page(name="plain", fragment=""):
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get(pages[name] + fragment)
        return browser

    return open_page


def find(browser, what):
    return browser.find_element("css selector", what)


def state(browser):
    """Return what is shown and said: the day in words, the ids of the articles in sight, the line below the range."""
    seen = [one.get_attribute("id") for one in browser.find_elements("css selector", ".day") if one.is_displayed()]
    return find(browser, "#day").get_attribute("aria-valuetext"), seen, find(browser, "#said").text


def press(browser, *keys, on="#day"):
    from selenium.webdriver.common.keys import Keys

    for key in keys:
        find(browser, on).send_keys(getattr(Keys, key))


def wait_for(check):
    for _ in range(200):
        if check():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("name", ["plain", "odd"])
def test_it_opens_from_the_disk_without_a_request_or_a_complaint(at, name):
    browser = at(name)
    assert state(browser)[1] == [DAYS[-1].isoformat()]
    press(browser, "HOME", "END")
    assert browser.get_log("browser") == []
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {one["params"]["request"]["url"] for one in sent if one["method"] == "Network.requestWillBeSent"}
    assert {url for url in urls if not url.startswith(("data:", "about:"))} == {browser.current_url.partition("#")[0]}
    entries = browser.execute_script("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert all(name.startswith("data:") for name in entries)


def test_words_of_the_data_run_nothing(at):
    from selenium.common.exceptions import NoAlertPresentException

    browser = at("odd")
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert
    assert browser.title == " ".join(EVIL.split())
    assert EVIL in find(browser, ".day.now h2").text


def test_keys_move_the_day_the_picture_and_the_words(at):
    browser = at()
    seen = []
    for key in ("HOME", "ARROW_RIGHT", "ARROW_RIGHT", "ARROW_RIGHT"):
        press(browser, key)
        words, articles, said = state(browser)
        picture = find(browser, ".day.now img")
        assert picture.is_displayed()
        assert browser.execute_script("return arguments[0].naturalWidth", picture) == 1280
        assert browser.current_url.endswith(f"#{articles[0]}")
        assert said.startswith(words)
        assert find(browser, "#shown").text == words
        seen.append((words, articles, said, picture.get_attribute("src"), picture.get_attribute("alt")))
    assert [one[0] for one in seen] == WORDS
    assert [one[1] for one in seen] == [[day.isoformat()] for day in DAYS]
    for part in (2, 3, 4):
        assert len({one[part] for one in seen}) == len(DAYS)
    press(browser, "ARROW_LEFT")
    assert state(browser)[0] == WORDS[2]
    press(browser, "END")
    assert state(browser)[0] == WORDS[3]


def test_keys_work_wherever_the_reader_is_on_the_page(at):
    browser = at()
    press(browser, "HOME", on="body")
    assert state(browser)[0] == WORDS[0]
    press(browser, "ARROW_RIGHT", on="body")
    assert state(browser)[0] == WORDS[1]


def test_buttons_step_and_rest_at_the_ends(at):
    browser = at(fragment="#2024-11-30")
    find(browser, "#previous").click()
    assert state(browser)[0] == WORDS[0]
    assert not find(browser, "#previous").is_enabled()
    find(browser, "#next").click()
    assert state(browser)[0] == WORDS[1]
    assert find(browser, "#previous").is_enabled()


def test_a_link_opens_its_day_at_the_top_and_a_wrong_one_the_last(at):
    browser = at(fragment="#2024-12-05")
    assert state(browser)[:2] == (WORDS[2], ["2024-12-05"])
    assert browser.execute_script("return window.scrollY") == 0
    browser.execute_script("location.hash = '2024-11-30'")
    assert wait_for(lambda: state(browser)[0] == WORDS[1])
    assert state(at(fragment="#1999-01-01"))[0] == WORDS[3]


def test_it_plays_when_asked_and_stops_at_the_end(at):
    browser = at()
    play = find(browser, "#play")
    time.sleep(0.1)
    assert play.text == "Play"
    browser.execute_script("document.getElementById('day').dataset.seconds = '0.15'")
    press(browser, "SPACE")
    assert play.text == "Pause"
    assert find(browser, "#said").get_attribute("aria-live") == "off"
    assert wait_for(lambda: play.text == "Play")
    assert state(browser)[0] == WORDS[3]
    assert find(browser, "#said").get_attribute("aria-live") == "polite"
    play.click()
    play.click()
    assert play.text == "Play"


def test_nothing_plays_for_readers_who_want_no_motion(at):
    browser = at()
    reduced = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", reduced)
    try:
        assert wait_for(lambda: not find(browser, "#play").is_displayed())
        press(browser, "HOME", "SPACE")
        time.sleep(0.1)
        assert state(browser)[0] == WORDS[0]
        assert find(browser, "#said").get_attribute("aria-live") == "polite"
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.mark.parametrize("name", ["plain", "odd"])
def test_everyone_can_use_it(at, name):
    browser = at(name)
    assert browser.execute_script("return document.documentElement.lang") == "en"
    assert browser.execute_script(NAMED) == []
    assert browser.execute_script("return Array.from(document.images).filter((one) => !one.alt).length") == 0
    assert browser.execute_script(FAINT) == []
    for landmark in ("header", "main", "footer"):
        assert len(browser.find_elements("css selector", f"body > {landmark}")) == 1
    headings = [int(one.tag_name[1]) for one in browser.find_elements("css selector", "h1,h2,h3") if one.is_displayed()]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    said = find(browser, "#said")
    assert (said.get_attribute("role"), said.get_attribute("aria-live")) == ("status", "polite")


def test_what_has_the_focus_is_seen(at):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    browser = at()
    browser.execute_script("document.getElementById('previous').click()")  # so that no button rests
    met = set()
    for _ in range(5):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        met.add(browser.switch_to.active_element.get_attribute("id") or "map")
        style = "const style = getComputedStyle(document.activeElement);return [style.outlineStyle, style.outlineWidth]"
        assert browser.execute_script(style) == ["solid", "3px"]
    assert met == {"previous", "play", "next", "day", "map"}


@pytest.mark.parametrize("width", [320, 360, 768, 1600])
def test_it_fits_the_screen(at, width):
    browser = at()
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    try:
        assert browser.execute_script("return innerWidth") == width
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        for button in browser.find_elements("css selector", "button"):
            assert min(button.size["width"], button.size["height"]) >= 44
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_without_a_script_all_days_are_there(at, browser, pages):
    height = "cssContentSize"
    alone = at().execute_cdp_cmd("Page.getLayoutMetrics", {})[height]["height"]
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get("about:blank")
        browser.get(pages["plain"])
        assert browser.execute_cdp_cmd("Page.getLayoutMetrics", {})[height]["height"] > 2.5 * alone
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_on_paper_there_are_no_controls(at):
    browser = at()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not find(browser, "#controls").is_displayed()
        assert find(browser, ".day.now img").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
