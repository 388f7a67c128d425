"""The theatre: which country, which war and which views data are about. Ours, or that of a project."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .catalog import data_file, read_sources
from .errors import DataError, Fault, UnknownNameError, WordsError
from .limits import TOML_BYTES, read_within
from .model import SourceFile
from .theatre_file import WORLDVIEW, fill_in, read_theatre_file
from .tomls import TomlFile, find_line, load_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .model import AreaFile

    Table = dict[str, Any]

FILE, SOURCES = "theatre.toml", "sources.toml"
REPLACED = ("boundaries/units.geojson", "boundaries/country.geojson")  # by a user's areas
OWN_AREAS = "own boundaries"  # the layer of a user's areas among the sources
COMMON = ("fonts/", "words/", "themes/", "sizes.toml")  # what every theatre takes from data/


def read_theatre(home: Path | None = None) -> Mapping[str, Any]:
    """Return theatre.toml of a project, or ours: what makes the engine speak of one country and one war.

    Raises DataError with every fault of a project's file.
    """
    path = data_file(FILE, home)
    return _read(path, read_within(path, TOML_BYTES) if path.is_file() else b"", home is not None)


@lru_cache(maxsize=8)
def _read(path: Path, content: bytes, own: bool) -> Table:
    return read_theatre_file(path) if own else tomllib.loads(content.decode("utf-8"))


def default_view(home: Path | None = None) -> str:
    """Return the view of a theatre that is drawn when nobody names one: its first."""
    return str(next(iter(read_theatre(home)["views"])))


def check_next(theatre: Mapping[str, Any]) -> None:
    """Raise WordsError where a theatre names nothing that could be next."""
    if "next" not in theatre:
        way_out = "add a table [next] with day, places and source to theatre.toml, or leave it out"
        raise WordsError(f"this theatre names nothing that could be next; {way_out}")


def choose_worldview(theatre: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a theatre that sees disputed lines as a worldview does, by default as the first of its own.

    Its table `worldview` says how, and has the id; its names of special areas are those of the worldview. Raises
    UnknownNameError for a worldview that the theatre does not have.
    """
    known = theatre.get("worldviews", {})
    if name and name not in known:
        none = f"this theatre has none: its {FILE} needs a table [worldviews.{name}]"
        raise UnknownNameError("worldview", name, list(known), hint="" if known else none)
    chosen = name or next(iter(known), "")
    view = {**fill_in(WORLDVIEW), **known.get(chosen, {}), "id": chosen}
    return {**theatre, "worldview": view, "names": [_rename(one, view["names"]) for one in theatre["names"]]}


def _rename(entry: Table, names: Mapping[str, Table]) -> Table:
    """Return the name of an area as a worldview has it."""
    own = names.get(entry.get("area", ""))
    return {**{key: value for key, value in entry.items() if key != "lines"}, **own} if own else entry


def default_worldview(home: Path | None = None) -> str:
    """Return the worldview of a theatre that is drawn when nobody names one: its first, "" where it has none."""
    return str(next(iter(read_theatre(home).get("worldviews", {})), ""))


# Sources


def read_origins(home: Path | None = None, areas: AreaFile | None = None) -> tuple[SourceFile, ...]:
    """Return where every file of a theatre's data comes from, in the order of its sources.toml.

    A project's file comes first, then what it takes from data/. A user's `areas` stand before all, in place of the
    theatre's. Raises DataError with every fault of a project's.
    """
    if areas is not None:
        kept = (one for one in read_origins(home) if one.path not in REPLACED)
        name = areas.path.name
        theirs = SourceFile(name, "", name, OWN_AREAS, name, "", "", areas.credit or name)
        return (theirs, *kept)
    if home is None:
        return read_sources()
    path = data_file(SOURCES, home)
    own = _read_own(path, read_within(path, TOML_BYTES)) if path.is_file() else ()
    return (*own, *(one for one in read_sources() if one.path.startswith(COMMON)))


@lru_cache(maxsize=8)
def _read_own(path: Path, _: bytes) -> tuple[SourceFile, ...]:
    text, told = load_toml(path, "an entry [[file]] for every file")
    file = TomlFile(str(path), text)
    file.names((), told, ("file",))
    known = ("path", "sha256", "title", "layer", "origin", "taken", "licence", "credit", "note")
    found = []
    entries = told.get("file", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DataError(
            [Fault(str(path), find_line(text, ("file",)), "file: expected an entry [[file]] for every file")]
        )
    for number, entry in enumerate(entries):
        file.names(("file", number), entry, known)
        for key in ("path", "layer", "credit"):
            if not str(entry.get(key, "")).strip():
                file.fault(
                    ("file", number, key), entry.get(key), f"expected a text in the entry of {entry.get('path', '?')!r}"
                )
        if type(entry.get("taken")) is not date:
            expected = f"expected a day such as 2024-12-05, without quotes, in the entry of {entry.get('path', '?')!r}"
            file.fault(("file", number, "taken"), entry.get("taken"), expected)
        texts = {key: str(entry.get(key, "")) for key in known}
        found.append(SourceFile(**texts))
    if file.faults:
        raise DataError(file.faults)
    return tuple(found)
