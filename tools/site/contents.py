"""The table of contents: the groups of docs/contents.toml, then every page that nobody has put into one."""

from __future__ import annotations

import tomllib
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
INDEX = "index"


def list_groups() -> dict[str, list[str]]:
    """Return the pages by the title of their group; pages that no group names come last."""
    groups: dict[str, list[str]] = tomllib.loads((DOCS / "contents.toml").read_text("utf-8"))
    named = {page for pages in groups.values() for page in pages}
    others = sorted({page.stem for page in DOCS.glob("*.md")} - named - {INDEX})
    return {**groups, "More": others} if others else groups


def tell_contents() -> str:
    """Return the toctrees of the site."""
    return "\n\n".join(
        "\n".join(["```{toctree}", f":caption: {title}", ":hidden:", "", *pages, "```"])
        for title, pages in list_groups().items()
    )
