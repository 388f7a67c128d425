"""The theatre: which country, which war and which views data are about. Ours, or that of a project."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from .catalog import data_file, read_sources
from .errors import DataError, UnknownNameError, WordsError
from .limits import TOML_BYTES, read_within
from .model import SourceFile
from .tomls import TomlFile, load_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .model import AreaFile

    Table = dict[str, Any]

FILE, SOURCES = "theatre.toml", "sources.toml"
REPLACED = ("boundaries/units.geojson", "boundaries/country.geojson")  # by a user's areas
OWN_AREAS = "own boundaries"  # the layer of a user's areas among the sources
COMMON = ("fonts/", "words/", "themes/", "sizes.toml")  # what every theatre takes from data/

# What a project may leave out. None: it has to be said.
DEFAULTS: dict[str, dict[str, Any]] = {
    "crs": {"map": None, "area": ""},
    "time": {"offensive_start": None, "base_date": None, "mark_days": 3, "carry_days": 7},
    "bases": {"story": [], "losing_users": []},
    "control": {"unknown": "unknown"},
    "country": {"capital": ""},
    "credits": {"drawn": ["boundaries", "water", "roads", "places"]},
    "gains": {"blocs": []},
    "free_view": {
        "main_road": "",
        "kinds": ["city", "town", "district", "village"],
        "facilities": ["port", "oil-field", "gas-field", "refinery", "dam", "crossing"],
        "sign_scale": 0.9,
    },
}
VIEW: Table = {
    "frame": None,
    "main_road": "",
    "roads": [],
    "places": [],
    "facilities": [],
    "bases": [],
    "sign_scale": 1.0,
    "dated": True,
    "priority": [],
    "axis": False,
    "sides": {},
}
FREE = ("views", "axis", "next", "names", "relief", "worldviews")  # tables that a theatre fills as it likes
WORLDVIEW: Table = {"policy": "", "disclaimer": "", "edges": {}, "names": {}, "plain": []}
INSIDE = "inside"  # what lies across an edge of a special area where it is no neighbour
DASHED, SOLID, THIN = "dashed", "solid", "thin"
STYLES = (SOLID, DASHED, THIN, "none")  # how such an edge is drawn
EDGES = ("west", "south", "east", "north")
KINDS: dict[type, str] = {str: "a text", list: "a list", bool: "true or false", dict: "a table"}


def read_theatre(home: Path | None = None) -> Mapping[str, Any]:
    """Return theatre.toml of a project, or ours: what makes the engine speak of one country and one war.

    Raises DataError with every fault of a project's file.
    """
    path = data_file(FILE, home)
    return _read(path, read_within(path, TOML_BYTES) if path.is_file() else b"", home is not None)


@lru_cache(maxsize=8)
def _read(path: Path, content: bytes, own: bool) -> Table:
    return _verify(path) if own else tomllib.loads(content.decode("utf-8"))


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
    view = {**WORLDVIEW, **known.get(chosen, {}), "id": chosen}
    return {**theatre, "worldview": view, "names": [_rename(one, view["names"]) for one in theatre["names"]]}


def _rename(entry: Table, names: Mapping[str, Table]) -> Table:
    """Return the name of an area as a worldview has it."""
    own = names.get(entry.get("area", ""))
    return {**{key: value for key, value in entry.items() if key != "lines"}, **own} if own else entry


def default_worldview(home: Path | None = None) -> str:
    """Return the worldview of a theatre that is drawn when nobody names one: its first, "" where it has none."""
    return str(next(iter(read_theatre(home).get("worldviews", {})), ""))


# A project's file


def _verify(path: Path) -> Table:
    """Return what a project's file says, what it leaves out filled in."""
    text, told = load_toml(path, "a theatre")
    file = TomlFile(str(path), text)
    file.names((), told, (*DEFAULTS, *FREE))
    filled: Table = {key: told[key] for key in FREE if key in told}
    for name, usual in DEFAULTS.items():
        filled[name] = _fill(file, (name,), told.get(name, {}), usual)
    filled["views"] = {
        name: _check_view(file, name, entry) for name, entry in _table(file, ("views",), told.get("views", {})).items()
    }
    if not filled["views"]:
        frame = "frame = { west = ..., south = ..., east = ..., north = ... }"
        file.fault(("views",), None, f"no view; expected at least one [views.NAME] with {frame}")
    filled["names"] = told.get("names", [])
    for name, entry in _table(file, ("worldviews",), told.get("worldviews", {})).items():
        _check_worldview(file, name, entry)
    _check_time(file, filled["time"])
    if file.faults:
        raise DataError(sorted(file.faults, key=lambda fault: fault.line or 0))
    return filled


def _table(file: TomlFile, at: tuple[str, ...], value: object) -> Table:
    if isinstance(value, dict):
        return value
    file.fault(at, value, f"expected a table [{'.'.join(at)}]")
    return {}


def _fill(file: TomlFile, at: tuple[str, ...], value: object, usual: Table) -> Table:
    """Return a table with what it leaves out; unknown keys and values of another kind are noted."""
    own = _table(file, at, value)
    file.names(at, own, list(usual))
    for key, fallback in usual.items():
        kind = type(fallback)
        if kind in (int, float):
            file.value((*at, key), own, lambda one: isinstance(one, int | float) and one >= 0, "a number from 0 on")
        elif kind in KINDS:
            file.value((*at, key), own, partial(_is_a, kind), KINDS[kind])
    return {**usual, **{key: one for key, one in own.items() if key in usual}}


def _check_view(file: TomlFile, name: str, entry: object) -> Table:
    at = ("views", name)
    view = _fill(file, at, entry, VIEW)
    if not _is_frame(view["frame"]):
        expected = "expected { west = ..., south = ..., east = ..., north = ... } in degrees, west before east"
        file.fault((*at, "frame"), view["frame"], expected)
    return view


def _check_worldview(file: TomlFile, name: str, entry: object) -> None:
    at = ("worldviews", name)
    view = _fill(file, at, entry, WORLDVIEW)
    for area, edges in view["edges"].items():
        for towards, style in _table(file, (*at, "edges", area), edges).items():
            if style not in STYLES:
                file.fault((*at, "edges", area, towards), style, f"expected one of {', '.join(STYLES)}")


def _is_a(kind: type, value: object) -> bool:
    return isinstance(value, kind)


def _is_frame(value: object) -> bool:
    """Return whether a value is a box of degrees."""
    if not isinstance(value, dict) or not all(isinstance(value.get(edge), int | float) for edge in EDGES):
        return False
    west, south, east, north = (float(value[edge]) for edge in EDGES)
    return -180 <= west < east <= 180 and -90 <= south < north <= 90


def _check_time(file: TomlFile, time: Table) -> None:
    start = time["offensive_start"]
    for key in ("offensive_start", "base_date"):
        given = time[key]
        if (given is None and key == "offensive_start") or (given is not None and type(given) is not date):
            file.fault(("time", key), given, "expected a day such as 2024-12-05, without quotes")
    if time["base_date"] is None and type(start) is date:
        time["base_date"] = start - timedelta(days=1)


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
    for entry in told.get("file", []):
        file.names(("file",), entry, known)
        for key in ("path", "layer", "credit"):
            if not str(entry.get(key, "")).strip():
                file.fault(("file", key), entry.get(key), f"expected a text in the entry of {entry.get('path', '?')!r}")
        if type(entry.get("taken")) is not date:
            expected = f"expected a day such as 2024-12-05, without quotes, in the entry of {entry.get('path', '?')!r}"
            file.fault(("file", "taken"), entry.get("taken"), expected)
        texts = {key: str(entry.get(key, "")) for key in known}
        found.append(SourceFile(**texts))
    if file.faults:
        raise DataError(file.faults)
    return tuple(found)
