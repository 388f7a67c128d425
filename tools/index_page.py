"""The README as a package index shows it: there, links to files of the repository and its picture would lead nowhere.

hatchling runs this when it builds (pyproject.toml, `tool.hatch.metadata.hooks.custom`); it needs nothing else of ours.
"""

from __future__ import annotations

import re
from pathlib import Path

LINK = re.compile(r"(!?)\[([^\]\n]+)\]\((?![a-z]+:)([^)\s]+)\)")  # to a file beside, of a picture with "!" before
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def get_metadata_hook() -> type:
    """Return what gives the metadata their long description; hatchling asks for it by this name."""
    from hatchling.metadata.plugin.interface import MetadataHookInterface

    class IndexPage(MetadataHookInterface):  # type: ignore[misc]  # there where something is built
        def update(self, metadata: dict[str, object]) -> None:
            text = (Path(self.root) / "README.md").read_text("utf-8")
            metadata["readme"] = {"content-type": "text/markdown", "text": detach(text)}

    return IndexPage


def detach(text: str) -> str:
    """Return Markdown whose links to files beside it are their words alone; code blocks stay as they are."""
    parts, end = [], 0
    for block in CODE.finditer(text):
        parts += [_unlink(text[end : block.start()]), block[0]]
        end = block.end()
    return "".join([*parts, _unlink(text[end:])])


def _unlink(text: str) -> str:
    return LINK.sub(lambda found: f"*{found[2]}*" if found[1] else found[2], text)
