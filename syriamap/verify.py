"""Whether a picture is still the one that its sidecar speaks of, and its inputs are still those it was made from."""

from __future__ import annotations

import json
import shlex
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .catalog import data_file, hash_file
from .errors import PictureError, SyriaMapError
from .inputs import list_theme_files
from .limits import SIDECAR_BYTES, read_within
from .request import is_bare
from .save.contract import Told
from .save.embedded import find_packet
from .save.packet import list_facts, read_packet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAME, CHANGED, MISSING, NOT_FOUND = "same", "changed", "missing", "not found"
NO_PACKETS = (".gif", ".mp4", ".html", ".htm")  # kinds of product that carry none


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was compared: `state` is same, changed, missing or not found, `note` says what differs."""

    what: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of a picture: the picture itself, the packet inside it, its inputs.

    `superseded_by` names the pictures that replace it, as far as their sidecars lie beside it; `error` says why nothing
    could be compared.
    """

    path: str
    as_of: str = ""
    edition: int = 0
    picture: Checked = Checked("picture", MISSING)
    packet: Checked = Checked("packet", MISSING)
    inputs: tuple[Checked, ...] = ()
    superseded_by: tuple[str, ...] = ()
    error: str = ""

    @property
    def sound(self) -> bool:
        """Return whether all is as it was and nothing replaces the picture."""
        checked = (self.picture, self.packet, *self.inputs)
        return not self.error and not self.superseded_by and all(one.state == SAME for one in checked)


def verify_map(path: Path) -> Verification:
    """Return whether a picture matches its sidecar, the packet inside it and its inputs.

    `path` is the picture or its sidecar; maps, charts, sheets, animations and pages alike. The user's own inputs are
    looked for beside the picture and in the working folder. What cannot be compared at all is told in `error`.
    """
    path = Path(path)
    try:
        beside, said = find_sidecar(path)
    except PictureError as error:
        return Verification(str(path), error=str(error))
    picture = beside.with_name(said["output"]["path"])
    own = said["output"]["sha256"]
    return Verification(
        str(path),
        said["as_of"],
        said["edition"],
        picture=_check_picture(picture, own),
        packet=_check_packet(picture, said),
        inputs=tuple(_check_input(entry, said, beside.parent) for entry in said["inputs"]),
        superseded_by=tuple(_list_newer(beside, picture.name, own)),
    )


# Sidecars


def find_sidecar(path: Path) -> tuple[Path, dict[str, Any]]:
    """Return the sidecar of a picture and what it says. Raises PictureError when there is none that is its own."""
    if not path.exists():
        raise PictureError(f"{path} is not there; expected a picture with its sidecar beside it")
    if path.is_dir():
        raise PictureError(f"{path} is a folder; expected a picture, such as {path / '*.png'}")
    if path.suffix.casefold() == ".json":
        return path, _read(path)
    near = [path.with_suffix(".json"), *sorted(path.parent.glob(f"{_escape(path.stem)}.*.json"))]
    found = [one for one in near if one.is_file()]
    if not found:
        raise PictureError(f"{path} has no sidecar {near[0].name} beside it; put it back or render the map again")
    said = [(one, _read(one)) for one in found]
    mine = [pair for pair in said if pair[1]["output"]["path"] == path.name]
    if not mine:
        other = said[0][1]["output"]["path"]
        raise PictureError(f"{found[0]} speaks of {other}, not of {path.name}; expected the sidecar of this picture")
    return mine[0]


def _escape(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)


def _read(sidecar: Path) -> dict[str, Any]:
    """Return what a sidecar says. Raises PictureError when it lacks what every sidecar has."""
    try:
        said = json.loads(read_within(sidecar, SIDECAR_BYTES))
    except (ValueError, RecursionError) as error:
        raise PictureError(f"{sidecar} is no JSON ({error}); expected the sidecar of a picture") from None
    odd = _name_odd(said)
    if odd:
        raise PictureError(f"{sidecar} is no sidecar of a picture: {odd}; expected one of syriamap {WANTED}")
    return cast("dict[str, Any]", said)


WANTED = "as `render`, `series` or `stats` writes it"


def _name_odd(said: object) -> str:
    """Return what keeps a file from being a sidecar, "" for nothing."""
    if not isinstance(said, dict):
        return "it holds no fields"
    missing = [field for field in (*Told.__annotations__, "output") if field not in said]
    if missing:
        return f"it has no {missing[0]!r}"
    try:
        list_facts(cast("Told", said))
        texts = [said["output"]["path"], said["output"]["sha256"], said["as_of"], said["command"]]
        texts += [entry[key] for entry in said["inputs"] for key in ("path", "sha256")]
    except (TypeError, KeyError, AttributeError) as error:
        return f"a field is of another kind ({error})"
    if not all(isinstance(text, str) for text in texts):
        return "a field is of another kind"
    return "" if is_bare(texts[0]) else f"its picture has no bare name, but {texts[0][:40]!r}"


# What is compared


def _check_picture(picture: Path, expected: str) -> Checked:
    if not picture.is_file():
        return Checked("picture", MISSING, f"{picture.name} is not beside its sidecar")
    found = hash_file(picture)
    if found == expected:
        return Checked("picture", SAME)
    return Checked("picture", CHANGED, f"its hash is {found[:12]}, the sidecar says {expected[:12]}")


def _check_packet(picture: Path, said: dict[str, Any]) -> Checked:
    """Return whether the packet inside a picture says what its sidecar says."""
    if picture.suffix.casefold() in NO_PACKETS:
        return Checked("packet", SAME, "none: this kind of file carries none")
    try:
        packet = find_packet(picture) if picture.is_file() else b""
        if not packet:
            return Checked("packet", MISSING, "the picture carries no XMP packet; it was saved anew or stripped")
        odd = list(read_packet(packet).list_differences(list_facts(cast("Told", said))))
    except PictureError as error:
        return Checked("packet", CHANGED, str(error))
    return Checked("packet", CHANGED, "; ".join(odd)) if odd else Checked("packet", SAME)


def _check_input(entry: dict[str, str], said: dict[str, Any], folder: Path) -> Checked:
    """Return whether an input is as it was: embedded data, else a file of that name that lies near."""
    name, expected = entry["path"], entry["sha256"]
    near = list(_list_candidates(name, said["command"], folder))
    if not near:
        return Checked(name, NOT_FOUND, "neither among the data nor beside the picture nor here")
    if any(hash_file(one) == expected for one in near):
        return Checked(name, SAME)
    return Checked(name, CHANGED, f"its hash is {hash_file(near[0])[:12]}, the sidecar says {expected[:12]}")


def _list_candidates(name: str, command: str, folder: Path) -> Iterator[Path]:
    """Yield the files that an input may be: in data/, beside the picture, here, in what the command names there.

    That is a folder of tables, or a house style with its fonts and logo.
    """
    parts = Path(name).parts
    if Path(name).is_absolute() or ".." in parts or not all(map(is_bare, parts)):
        return
    named = [place / word for place in (folder, Path()) for word in _list_words(command)]
    places = [data_file(""), folder, Path(), *(one for one in named if one.is_dir())]
    yield from (place / name for place in places if (place / name).is_file())
    for style in named:
        if style.suffix == ".toml" and style.is_file():
            with suppress(SyriaMapError):  # a house style that has been broken since
                yield from (one for one in list_theme_files(str(style)) if one.name == name and one.is_file())


def _list_words(command: str) -> Sequence[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        return []
    return [word for word in words if is_bare(word)]


def _list_newer(sidecar: Path, name: str, sha256: str) -> Iterator[str]:
    """Yield the pictures whose sidecars, beside this one, say that they supersede it."""
    for other in sorted(sidecar.parent.glob("*.json")):
        replaced, hashed, newer = _read_replaced(other, other.stat().st_mtime_ns)
        if other != sidecar and replaced in (name, sidecar.name) and hashed in ("", sha256):
            yield newer


@lru_cache(maxsize=4096)  # a folder is looked through for each of its pictures
def _read_replaced(sidecar: Path, _: int) -> tuple[str, str, str]:
    """Return the picture that a sidecar's own one replaces, its hash, and the own one; empty for none."""
    try:
        said = json.loads(read_within(sidecar, SIDECAR_BYTES))
        return said["supersedes"]["path"], said["supersedes"]["sha256"], said["output"]["path"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "", "", ""


def to_dict(found: Verification) -> dict[str, Any]:
    """Return what was found as plain data, `ok` first."""
    return {"ok": found.sound, **asdict(found)}
