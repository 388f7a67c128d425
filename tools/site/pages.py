"""Fills the pages of docs/: parts of other files, and what is told from the program itself.

A page says `<!-- include: README.md#Start -->` for a section of another file (without # the whole of it, without its
title) and `<!-- made: commands -->` for what a function of this folder tells.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tools.site.commands import tell_commands
from tools.site.contents import tell_contents
from tools.site.dictionary import tell_dictionary, tell_schema
from tools.site.gallery import tell_gallery
from tools.site.layers import tell_layers
from tools.site.python import tell_python
from tools.site.structure import tell_structure

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MADE: dict[str, Callable[[], str]] = {
    "commands": tell_commands,
    "contents": tell_contents,
    "dictionary": tell_dictionary,
    "gallery": tell_gallery,
    "layers": tell_layers,
    "python": tell_python,
    "schema": tell_schema,
    "structure": tell_structure,
}
HOMES = {  # files outside docs/ whose words a page of the site holds
    "README.md": "start.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "measurements.md",
    "data/LICENCES.md": "licences.md",
}

_MARK = re.compile(r"^<!-- (include|made): (.+?) -->$", re.MULTILINE)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)")
_FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) +(.+?) *$", re.MULTILINE)


def fill(text: str) -> str:
    """Return a page of docs/ with every mark filled and every link one that the site can follow."""
    return _relink(_MARK.sub(lambda mark: _fill_one(mark[1], mark[2]), text), ".")


def _fill_one(kind: str, what: str) -> str:
    if kind == "made":
        if what not in MADE:
            raise ValueError(f"made: {what}; expected one of {', '.join(MADE)}")
        return MADE[what]()
    path, _, title = what.partition("#")
    found = cut_section((ROOT / path).read_text("utf-8"), title, path)
    return _relink(found, os.path.relpath(PurePosixPath(path).parent, "docs"))


def cut_section(text: str, title: str, path: str = "") -> str:
    """Return what stands below a heading, up to the next one of its level; below the first one without a title."""
    bare = _FENCED.sub(lambda block: re.sub("[^\n]", " ", block[0]), text)  # a # in code is no heading
    headings = list(_HEADING.finditer(bare))
    at = next((n for n, one in enumerate(headings) if not title or one[2] == title), None)
    if at is None:
        raise ValueError(f"{path}: no heading {title!r}; it has {', '.join(one[2] for one in headings)}")
    level = len(headings[at][1])
    end = next((one.start() for one in headings[at + 1 :] if len(one[1]) <= level), len(text))
    return text[headings[at].end() : end].strip()


def _relink(text: str, folder: str) -> str:
    """Return text of a file in a folder (told from docs/) with its links as a page of docs/ has them."""
    parts = _FENCED.split(text)
    parts[::2] = [_LINK.sub(lambda link: _move(link, folder), part) for part in parts[::2]]
    return "".join(parts)


def _move(link: re.Match[str], folder: str) -> str:
    mark, words, target, anchor = link[1], link[2], link[3], link[4] or ""
    if not target or ":" in target:
        return link[0]
    place = os.path.normpath(f"docs/{folder}/{target}")
    bare = words.strip("`") == target  # a path that stands for itself
    if (ROOT / place).is_dir():
        return f"`{place}/`" if bare else f"{words} (`{place}/`)"
    if bare and place.endswith(".md"):
        words = read_title(ROOT / place)
    if place in HOMES:
        return f"[{words}]({HOMES[place]}{anchor})"
    return f"{mark}[{words}]({os.path.relpath(place, 'docs')}{anchor})"


def read_title(page: Path) -> str:
    """Return what stands in the first heading of a page."""
    found = _HEADING.search(page.read_text("utf-8"))
    assert found, f"{page} has no heading"
    return found[2]
