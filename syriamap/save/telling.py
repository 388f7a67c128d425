"""What a picture says of itself, gathered before it is drawn: its sidecar and its packet then say the same."""

from __future__ import annotations

import hashlib
import shlex
from typing import TYPE_CHECKING

from .. import __version__
from ..edition import FIRST
from .contract import FileEntry, ReplacedEntry, Signed, Told
from .packet import DATA_DRIVEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ..edition import Edition
    from ..model import Input
    from ..picture import Scene, SourceCredit, Words


def tell_map(scene: Scene, command: Sequence[str] = ()) -> Told:
    """Return what a map says of itself; `command` is the words that make it again."""
    return tell(
        scene.words,
        on=scene.on,
        lang=scene.lang,
        credits=scene.credits,
        inputs=scene.inputs,
        edition=scene.edition,
        command=command,
    )


def tell(
    words: Words,
    *,
    on: date,
    lang: str,
    credits: Iterable[SourceCredit],
    inputs: Iterable[Input],
    edition: Edition,
    command: Sequence[str],
) -> Told:
    """Return what a picture of these words and sources says of itself; `on` is the day of its data, the last one."""
    replaced = ReplacedEntry(path=edition.replaces, sha256=edition.sha256) if edition.replaces else None
    return Told(
        as_of=on.isoformat(),
        lang=lang,
        headline=words.title,
        caption=words.caption,
        description=words.description,
        alt=words.alt,
        credit=words.credit,
        rights=words.rights,
        digital_source_type=DATA_DRIVEN,
        edition=edition.number or FIRST,
        supersedes=replaced,
        correction=edition.correction,
        sources=[{"title": one.title, "url": one.url, "licence": one.licence, "date": one.date} for one in credits],
        inputs=[{"path": entry.path, "sha256": entry.sha256} for entry in inputs],
        generator={"name": "syriamap", "version": __version__},
        command=shlex.join(command),
    )


def sign(told: Told, name: str, content: bytes) -> Signed:
    """Return the end of every sidecar: what a picture says of itself, and the file that says it."""
    output = FileEntry(path=name, sha256=hashlib.sha256(content).hexdigest())
    return Signed(
        sources=told["sources"],
        inputs=told["inputs"],
        output=output,
        headline=told["headline"],
        credit=told["credit"],
        rights=told["rights"],
        digital_source_type=told["digital_source_type"],
        edition=told["edition"],
        supersedes=told["supersedes"],
        correction=told["correction"],
        alt=told["alt"],
        description=told["description"],
        caption=told["caption"],
        generator=told["generator"],
        command=told["command"],
    )
