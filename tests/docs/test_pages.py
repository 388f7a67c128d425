"""The pages of the site: filled from the program, complete, and every link leads somewhere."""

import os
import re
from pathlib import Path

import click
import pytest

from syriamap.catalog import read_sources
from syriamap.cli import main
from syriamap.statements import COLUMNS
from tests.docs.blocks import PAGES, ROOT, read_blocks
from tools.site.commands import list_commands, tell_commands
from tools.site.contents import list_groups
from tools.site.dictionary import KINDS, LISTED, SIDECAR, read_dictionary, read_rows, read_schema, tell_dictionary
from tools.site.gallery import draw_entries, read_entries
from tools.site.layers import tell_layers
from tools.site.pages import MADE, cut_section, fill
from tools.site.python import to_restructured
from tools.site.structure import describe_room, read_layers, tell_structure

pytestmark = pytest.mark.checkout

SITE = {page: fill(page.read_text("utf-8")) for page in PAGES if page.parent == ROOT / "docs"}
PLAIN = {page: page.read_text("utf-8") for page in PAGES}
BARE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
DRAWN = ROOT / "build" / "gallery"


def list_anchors(text):
    """The anchors of a page, as repositories and the site make them of its headings."""
    fenced = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().casefold()).replace(" ", "-") for heading in HEADING.findall(fenced)
    }


def read_anchors(file, pages):
    return list_anchors(pages.get(file) or file.read_text("utf-8"))


def find_broken(page, text, pages):
    """The links of a text that lead nowhere."""
    for target in LINK.findall(BARE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = Path(os.path.normpath(page.parent / name)) if name else page
        if not (file.exists() or file.parent == DRAWN) or (anchor and anchor not in read_anchors(file, pages)):
            yield target


@pytest.mark.parametrize("page", SITE, ids=lambda page: page.stem)
def test_every_link_of_the_site_leads_somewhere(page):
    assert not list(find_broken(page, SITE[page], SITE))


@pytest.mark.parametrize("page", PLAIN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_repository_view_leads_somewhere(page):
    """Anchors of what is filled in are there on the site alone."""
    assert not list(find_broken(page, PLAIN[page], {**PLAIN, **SITE}))


def test_a_broken_link_is_found():
    page = ROOT / "docs" / "index.md"
    broken = list(
        find_broken(page, "[a](start.md) [b](tea.md) [c](start.md#tea) [d](#tea) [e](method.md#how-true-it-is)", SITE)
    )
    assert broken == ["tea.md", "start.md#tea", "#tea"]


def test_every_mark_is_filled():
    assert not [page for page, text in SITE.items() if re.search("^<!-- (include|made)", text, re.MULTILINE)]
    used = {name for text in PLAIN.values() for name in re.findall(r"^<!-- made: (\w+) -->", text, re.MULTILINE)}
    assert used == set(MADE)


def test_a_section_ends_where_the_next_begins():
    text = "# a\n\n```sh\n## no\n```\n\n## c\n\nd\n\n### e\n\nf\n\n## g\n"
    assert cut_section(text, "c") == "d\n\n### e\n\nf"
    assert cut_section(text, "a") == cut_section(text, "") == text[5:].strip()
    with pytest.raises(ValueError, match="no heading 'no'; it has a, c, e, g"):
        cut_section(text, "no")


def test_every_page_stands_once_in_the_contents():
    pages = [page for group in list_groups().values() for page in group]
    assert sorted(pages) == sorted(page.stem for page in SITE if page.stem != "index")


def test_every_option_of_every_command_is_told():
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", tell_commands(), re.MULTILINE | re.DOTALL))
    commands = list_commands(click.Context(main, info_name="syriamap"))
    assert list(sections) == [command.name for command in commands]
    for command in commands:
        told = set(re.findall(r"--?[a-z][a-z-]*", sections[command.name]))
        for option in command.params:
            if isinstance(option, click.Option):
                assert {*option.opts, *option.secondary_opts} <= told, (command.name, option.opts)


def test_every_source_is_told():
    told = tell_layers()
    assert all(f"`{file.path}`" in told and file.licence in told for file in read_sources())


@pytest.mark.parametrize("name", [name for name in read_dictionary() if name != SIDECAR])
def test_the_dictionary_has_the_columns_of_each_table(name):
    table = read_dictionary()[name]
    rows = read_rows(table["file"])
    assert list(table["columns"]) == list(rows[0])
    assert set(LISTED.get(name, ())) <= set(table["columns"])
    assert all(table["columns"].values())


def test_the_dictionary_tells_the_words_that_the_program_takes():
    assert list(read_dictionary()["statements"]["columns"]) == COLUMNS
    told = tell_dictionary()
    row = next(line for line in told.splitlines() if line.startswith("| `status`"))
    assert "`held`, `contested`, `claimed`, `vacated`; empty: `held`" in row


def test_the_dictionary_has_the_fields_of_every_sidecar():
    fields = {name for kind in KINDS.values() for name in read_schema()["$defs"][kind]["properties"]}
    assert set(read_dictionary()[SIDECAR]["columns"]) == fields


def test_the_structure_is_that_of_the_program():
    rooms = {room for layer in read_layers() for room in layer}
    found = {
        path.stem for path in (ROOT / "syriamap").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms == found - {"__init__"}
    told = tell_structure()
    assert all(len(describe_room(room)) > 20 and f"| `{room}` |" in told for room in rooms)


def test_the_gallery_draws_what_it_lists(tmp_path):
    entries = read_entries()
    assert len({entry.picture for entry in entries}) == len(entries) >= 14
    chart = [entry for entry in entries if entry.picture == "chart.png"]
    draw_entries(chart, tmp_path)
    assert [path.name for path in tmp_path.glob("*.png")] == ["chart.png"]


def test_a_table_of_terms_in_a_docstring_becomes_definitions():
    lines = [
        "What.",
        "",
        "one, two   words, which",
        "           go on",
        "three      more_",
        "",
        "**all** of_it_ `*so*`.",
        "",
    ]
    terms = ["`one, two`", "    words, which", "    go on", "`three`", r"    more\_"]
    assert to_restructured(lines) == ["What.", "", *terms, "", r"\*\*all\*\* of_it\_ `*so*`.", ""]


def test_the_start_page_has_all_blocks_of_the_readme():
    ours, shown = read_blocks(ROOT / "README.md"), SITE[ROOT / "docs" / "start.md"]
    assert [block.name for block in ours if block.language != "text" and block.text not in shown] == []


def test_a_path_that_stands_for_itself_becomes_the_title_of_its_page():
    text = "[start.md](start.md), [b](start.md), [../examples/libya](../examples/libya), [c](../examples)"
    assert fill(text) == "[Start](start.md), [b](start.md), `examples/libya/`, c (`examples/`)"
