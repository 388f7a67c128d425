"""Check 24: pixels, dots to the inch and weight of real files, and of files that were doctored."""

import json
from datetime import date

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from syriamap import render_map, save_map
from syriamap.lint import CHECKS, Verdict, lint_map, read_sidecar

RULE = {check.number: check for check in CHECKS}[24]


@pytest.fixture(scope="module")
def maps(tmp_path_factory):
    """Return maps in all forms, for the web and for print: the path of a picture by size and form."""
    folder = tmp_path_factory.mktemp("maps")
    found = {}
    for size in ("web", "print-1col"):
        made = render_map(date(2024, 12, 5), size=size)
        for form in ("png", "svg", "pdf", "webp", "jpg"):
            found[size, form] = save_map(made, folder / size / form / f"map.{form}")[0]
    return found


@pytest.fixture
def copied(maps, tmp_path):
    """Return a map of one's own by size and form, with its sidecar as it is read."""

    def copy(size, form):
        source, target = maps[size, form], tmp_path / f"map.{form}"
        target.write_bytes(source.read_bytes())
        target.with_suffix(".json").write_bytes(source.with_suffix(".json").read_bytes())
        return target, read_sidecar(target.with_suffix(".json"))

    return copy


def ask(path, said):
    return RULE.find(said, path)


@pytest.mark.parametrize("form", ["png", "svg", "pdf", "webp", "jpg"])
@pytest.mark.parametrize("size", ["web", "print-1col"])
def test_what_is_rendered_passes(maps, size, form):
    report = lint_map(maps[size, form])
    finding = next(one for one in report.findings if one.number == 24)
    assert finding.verdict is Verdict.PASS, finding.faults
    assert ("1280 x 900 px" if size == "web" else "1087 x 1358 px") in finding.figure
    if form != "svg":
        assert ("96.0 dpi" if size == "web" else "300.0 dpi") in finding.figure
    assert report.sound, [one.faults for one in report.findings]


@pytest.mark.parametrize("form", ["png", "webp", "jpg"])
def test_a_scaled_picture_is_a_fault(copied, form):
    path, said = copied("web", form)
    with Image.open(path) as image:
        image.convert("RGB").resize((1279, 900)).save(path, dpi=(96, 96))
    assert any("1279 x 900 px; expected 1280 x 900" in fault for fault in ask(path, said).faults)


@pytest.mark.parametrize(("form", "dpi"), [("png", 72), ("jpg", 299), ("png", None)])
def test_other_dots_to_the_inch_are_a_fault(copied, form, dpi):
    path, said = copied("print-1col", form)
    with Image.open(path) as image:
        pixels = image.convert("RGB")
    pixels.save(path, **({"dpi": (dpi, dpi)} if dpi else {}))
    finding = ask(path, said)
    assert finding.verdict is Verdict.FAULT
    assert "dpi; expected 300 +- 0.5" in finding.faults[0]


def test_a_webp_that_lost_its_dots_is_a_fault(copied):
    path, said = copied("print-1col", "webp")
    with Image.open(path) as image:
        pixels = image.convert("RGB")
    pixels.save(path, lossless=True)
    assert "0.0 x 0.0 dpi; expected 300" in ask(path, said).faults[0]


@pytest.mark.parametrize(("form", "most"), [("png", 300), ("webp", 300), ("jpg", 300), ("svg", 1500)])
def test_what_is_too_heavy_is_a_fault(copied, form, most):
    path, said = copied("web", form)
    content = path.read_bytes()
    padding = b" " * (1000 * most + 1 - len(content))
    path.write_bytes(content + (b"\n" + padding if form == "svg" else padding))
    finding = ask(path, said)
    assert finding.verdict is Verdict.FAULT
    assert f"kB; expected {most} at most" in finding.faults[0]


def test_print_has_no_limit(copied):
    path, said = copied("print-1col", "png")
    with Image.open(path) as image:
        image.convert("RGB").save(path, dpi=(300, 300), compress_level=0)
    assert path.stat().st_size > 4_000_000
    assert ask(path, said).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('width="1280"', 'width="1281"', "its viewBox is 0 0 1280 900, its size 1281 x 900"),
        ('viewBox="0 0 1280 900"', 'viewBox="0 0 640 450"', "its viewBox is 0 0 640 450"),
        ('height="900"', 'height="100%"', "missing or not in px"),
        ("</svg>", "", "cannot be read"),
    ],
)
def test_a_doctored_svg_is_a_fault(copied, old, new, told):
    path, said = copied("web", "svg")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    finding = ask(path, said)
    assert finding.verdict is Verdict.FAULT
    assert told in finding.faults[0]


def test_a_pdf_of_another_size_or_with_more_pages_is_a_fault(copied):
    path, said = copied("print-1col", "pdf")
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.pages[0].mediabox.right = 400
    writer.write(path)
    assert any("px; expected 1087 x 1358" in fault for fault in ask(path, said).faults)
    writer.add_blank_page()
    writer.write(path)
    assert "it has 2 pages" in ask(path, said).faults[0]


@pytest.mark.parametrize("form", ["png", "pdf", "webp", "jpg", "svg"])
def test_half_a_file_is_a_fault(copied, form):
    path, said = copied("web", form)
    path.write_bytes(path.read_bytes()[:5000])
    finding = ask(path, said)
    assert finding.verdict is Verdict.FAULT
    assert f"map.{form} cannot be read" in finding.faults[0]


def test_one_form_by_the_name_of_another_is_a_fault(copied):
    path, said = copied("web", "png")
    other = path.with_suffix(".jpg")
    other.write_bytes(path.read_bytes())
    assert "cannot be read" in ask(other, said).faults[0]


def test_without_a_picture_it_says_so(copied):
    path, said = copied("web", "png")
    path.unlink()
    finding = next(one for one in lint_map(path.with_suffix(".json")).findings if one.number == 24)
    assert (finding.verdict, finding.figure) == (Verdict.NOT_APPLICABLE, "the picture is not there")
    assert json.loads(path.with_suffix(".json").read_text("utf-8"))["size_px"] == said["size_px"]
