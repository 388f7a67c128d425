"""Writing a product and the sidecar beside it: what `contract` promises."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..catalog import hash_file
from ..limits import SIDECAR_BYTES, read_within
from ..save import check_target, tell_basemap, write_together
from ..save.contract import FileEntry, GeneratorEntry
from ..save.telling import sign, tell
from .contract import FrameEntry, ProductSidecar, RowEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ..model import Input
    from ..picture import KeyRow, Scene, SourceCredit
    from ..save.contract import Told


GENERATOR = GeneratorEntry(name="syriamap", version=__version__)


def sidecar_path(path: Path, kind: str) -> Path:
    """Return where the sidecar of a product goes: NAME.json, or NAME.KIND.json where that is another file's."""
    beside = path.with_suffix(".json")
    return path.with_suffix(f".{kind}.json") if beside.exists() and _owner(beside) != path.name else beside


def _owner(sidecar: Path) -> str:
    """Return the name of the file that a sidecar speaks of, "" for a file that is no sidecar."""
    return str(_read(sidecar).get("output", {}).get("path", ""))


def check_targets(path: Path, kind: str, *, overwrite: bool) -> Path:
    """Return the path of the sidecar. Raises OutputError when it or the product exists and is to be kept."""
    beside = sidecar_path(path, kind)
    for target in (path, beside):
        check_target(target, overwrite=overwrite)
    return beside


def is_fresh(path: Path, kind: str, command: Sequence[str], inputs: Sequence[Input]) -> bool:
    """Return whether a product is there as a command and its inputs make it with this version, and unchanged."""
    said = _read(sidecar_path(path, kind))
    made_so = said.get("command") == shlex.join(command) and said.get("inputs") == _list(inputs)
    whole = (said.get("basemap") or {}).get("used", True)  # one that had to do without its basemap is made again
    return bool(made_so and whole) and said.get("generator") == GENERATOR and is_ours(path, kind)


def is_ours(path: Path, kind: str) -> bool:
    """Return whether a product and its sidecar are there as we made them: nothing in it can be lost."""
    said = _read(sidecar_path(path, kind))
    if said.get("kind") != kind or not path.is_file():
        return False
    return bool(said["output"] == {"path": path.name, "sha256": hash_file(path)})


def _read(sidecar: Path) -> dict[str, Any]:
    """Return what a sidecar says, nothing where it is no sidecar."""
    try:
        found = json.loads(read_within(sidecar, SIDECAR_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("output"), dict) else {}


def _list(inputs: Iterable[Input]) -> list[FileEntry]:
    return [FileEntry(path=entry.path, sha256=entry.sha256) for entry in inputs]


def write_both(path: Path, content: bytes, beside: Path, sidecar: ProductSidecar) -> list[Path]:
    """Write a product and its sidecar, each whole or not at all; return both paths."""
    told = json.dumps(sidecar, ensure_ascii=False, indent=1) + "\n"
    write_together({path: content, beside: told.encode("utf-8")})
    return [path, beside]


def build_product_sidecar(
    kind: str,
    scenes: Sequence[Scene],
    legend: Iterable[KeyRow],
    *,
    content: bytes,
    name: str,
    words: tuple[str, str, str],
    seconds: float = 0.0,
    command: Sequence[str] = (),
) -> ProductSidecar:
    """Return the sidecar of a product; `words` are its title, alt text and description."""
    last = scenes[-1]
    told = tell_product(scenes, words, command)
    return ProductSidecar(
        kind=kind,
        as_of=told["as_of"],
        days=[scene.on.isoformat() for scene in scenes],
        since=last.since.isoformat(),
        view=last.view,
        lang=last.lang,
        theme=last.theme,
        style=last.style,
        size=last.size.name,
        size_px=[last.size.width_px, last.size.height_px],
        seconds=seconds,
        title=told["headline"],
        frames=[_frame(scene) for scene in scenes],
        legend=[_row(row) for row in legend],
        statements=sorted({statement for scene in scenes for statement in scene.statements}),
        newest_statement=max((one.date for scene in scenes for one in scene.evidence), default=""),
        basemap=tell_basemap(last.backdrop),
        **sign(told, name, content),
    )


def tell_product(scenes: Sequence[Scene], words: tuple[str, str, str], command: Sequence[str] = ()) -> Told:
    """Return what a product says of itself, in its sidecar and in its packet; its day is the last one."""
    last, (title, alt, description) = scenes[-1], words
    return tell(
        replace(last.words, title=title, alt=alt, description=description, caption=description),
        on=last.on,
        lang=last.lang,
        credits=unite_credits(scenes),
        inputs=last.inputs,
        edition=last.edition,
        command=command,
    )


def unite_credits(scenes: Iterable[Scene]) -> list[SourceCredit]:
    """Return every credited source of any scene once, with its newest day, in the order of the last scene first."""
    found: dict[str, SourceCredit] = {}
    for scene in reversed(list(scenes)):
        for credit in scene.credits:
            known = found.get(credit.title)
            if known is None or credit.date > known.date:
                found[credit.title] = credit
    return list(found.values())


def _frame(scene: Scene) -> FrameEntry:
    return FrameEntry(as_of=scene.on.isoformat(), title=scene.words.title, alt=scene.words.alt)


def _row(row: KeyRow) -> RowEntry:
    return RowEntry(
        id=row.id,
        kind=row.kind,
        label=row.label,
        gloss=row.gloss,
        colours=list(row.colours),
        pattern=row.pattern,
    )
