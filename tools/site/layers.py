"""The sources: every file of data/ with its origin, licence and credit, as `syriamap sources` lists them."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from syriamap.theatre import read_origins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syriamap.model import SourceFile


def tell_layers() -> str:
    """Return a section for each layer of data/, each with a row for all files of which the same is told."""
    return "\n\n".join(_tell_layers())


def _tell_layers() -> Iterator[str]:
    for layer, files in groupby(sorted(read_origins(None), key=attrgetter("layer")), key=attrgetter("layer")):
        head = ["| file | what and where from | licence and credit |", "|---|---|---|"]
        alike: dict[tuple[str, str], list[str]] = {}
        for file in files:
            alike.setdefault(_tell_file(file), []).append(f"`{file.path}`")
        rows = [(", ".join(paths), *told) for told, paths in alike.items()]
        yield f"### {layer}"
        yield "\n".join([*head, *(f"| {' | '.join(map(_cell, row))} |" for row in rows)])


def _tell_file(file: SourceFile) -> tuple[str, str]:
    what = f"{file.title}. {file.note}" if file.note else file.title
    return f"{what}<br>From: {file.origin}, {file.taken}", f"{file.licence}<br>{file.credit}"


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("@", r"\@")
