"""How a map is asked for: the command that makes it again, and the name of its file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from .edition import settle_edition
from .errors import DataError, Fault
from .model import AreaFile, Own
from .theatre import FILE, default_view, default_worldview, read_theatre

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

PROGRAM = ("syriamap", "render")
OUTPUTS = "outputs"  # where pictures go when nobody says where
FORM = "png"
SAME = {"jpeg": "jpg"}  # suffixes of a form that has two
DEFAULTS: dict[str, object] = {
    "size": "web",
    "lang": "en",
    "digits": "latin",
    "theme": "light",
    "style": "zones",
}
FILES = ("project", "control", "boundaries", "names")
RELIEF, RASTERS = "relief", (".tif", ".tiff", ".mbtiles", ".pmtiles")  # basemaps: ours, and files that can be one
HIDDEN = "***"
PLACE = r"(\{-?\w+\})+"
NAME_BYTES = 255  # of the name of a file, on every system that is in use
TOKEN = 20  # letters and figures in a row, some of each, that are taken for a key
VALUES = {  # in the order in which a command names them
    "view": "--view",
    "since": "--since",
    "size": "--size",
    "lang": "--lang",
    "digits": "--digits",
    "names": "--names",
    "theme": "--theme",
    "project": "--project",
    "control": "--control",
    "boundaries": "--boundaries",
    "code_column": "--code-column",
    "name_column": "--name-column",
    "boundaries_credit": "--boundaries-credit",
    "worldview": "--worldview",
    "title": "--title",
    "subtitle": "--subtitle",
    "credit": "--credit",
    "caption": "--caption",
    "alt": "--alt",
    "description": "--description",
    "style": "--style",
    "stale": "--stale",
    "edition": "--version",
    "supersedes": "--supersedes",
    "correction": "--correction",
    "basemap": "--basemap",
    "basemap_credit": "--basemap-credit",
}
SWITCHES = {  # by what they are when nobody asks, and the flag that asks for the other
    "repair": (False, "--repair"),
    "soften": (True, "--no-soften"),
    "mark_next": (False, "--next"),
    "ticks": (False, "--ticks"),
    "carry": (False, "--carry"),
    "transparent": (False, "--transparent"),
    "outlines": (False, "--outlines"),
    "basemap_private": (False, "--basemap-private"),
    "strict": (False, "--strict"),
}
OF_ONE_FORM = {"outlines": "svg"}  # switches that change nothing in any other


class OwnData(TypedDict, total=False):
    """The user's own data in place of ours; everything has a default.

    project                   a folder with the data of another theatre, as `syriamap new` lays it out
    control                   a control table, or a folder of them
    boundaries                a file of administrative areas; FILE:LAYER where it has several layers
    code_column, name_column  what the file's columns of codes and of names are called, where they cannot be told
    boundaries_credit         whom the map names as the maker of these areas (default: the name of the file)
    repair                    mend faults of the areas' geometry instead of refusing them; the sidecar says how
    worldview                 whose view of disputed lines is drawn
    """

    project: Path | None
    control: Path | None
    boundaries: Path | str | None
    code_column: str | None
    name_column: str | None
    boundaries_credit: str | None
    repair: bool
    worldview: str | None


def take_own(choices: Mapping[str, object]) -> Own:
    """Return the user's own data among the choices. Raises DataError for a project that is none."""
    project, control = (Path(str(choices[key])) if choices.get(key) else None for key in ("project", "control"))
    if project is not None:
        _check_project(project)
    areas = None
    if choices.get("boundaries"):
        path, layer = split_layer(str(choices["boundaries"]))
        code, name, credit = (
            str(choices.get(key) or "") for key in ("code_column", "name_column", "boundaries_credit")
        )
        areas = AreaFile(path, layer, code, name, bool(choices.get("repair")), credit)
    return Own(project, control, areas, str(choices.get("worldview") or ""))


def _check_project(folder: Path) -> None:
    if not (folder / FILE).is_file():
        found = "has no " + FILE if folder.is_dir() else "is no folder"
        said = f"{found}; expected the folder of a project; `syriamap new {folder}` lays one out"
        raise DataError([Fault(str(folder), None, said)])


def split_layer(text: str) -> tuple[Path, str]:
    """Return the file and the layer of FILE:LAYER; "" where no layer is named."""
    path = Path(text)
    file, _, layer = path.name.rpartition(":")
    if not file or path.exists():
        return path, ""
    return path.with_name(file), layer


def write_command(on: date, choices: Mapping[str, object], form: str = FORM) -> tuple[str, ...]:
    """Return the words that make a map again, the same ones however it was asked for.

    What is as by default is left out, options stand in a fixed order, files have their bare names.
    """
    words, choices = [*PROGRAM, on.isoformat()], {**choices, **settle_words(choices)}
    home = take_own(choices).project
    for key, option in VALUES.items():
        value = choices.get(key)
        if value and value != DEFAULTS.get(key) and not _is_usual(key, value, home):
            words += [option, bare_name(key, value)]
    asked = [key for key, (usual, _) in SWITCHES.items() if choices.get(key, usual) != usual]
    words += [SWITCHES[key][1] for key in asked if OF_ONE_FORM.get(key, form) == form]
    return (*words, "--format", SAME.get(form, form)) if form != FORM else tuple(words)


def settle_words(choices: Mapping[str, object]) -> dict[str, object]:
    """Return what is said of the version as a command says it, whatever the folder: a file by its name and hash."""
    edition = settle_edition(choices)
    return {"edition": edition.number, "supersedes": edition.supersedes, "correction": edition.correction}


def _is_usual(key: str, value: object, home: Path | None) -> bool:
    """Return whether a view, a worldview or a day is the one that the theatre has anyway."""
    if key == "view":
        return value == default_view(home)
    if key == "worldview":
        return value == default_worldview(home)
    return bool(key == "since" and value == read_theatre(home)["time"]["offensive_start"])


def bare_name(key: str, value: object) -> str:
    """Return a choice as a command names it: a file of the user's by its bare name, an address without its secrets."""
    if not is_file(key, value):
        return hide_secrets(str(value)) if key == "basemap" else str(value)
    path = Path(str(value))
    return path.name or path.resolve().name


def is_bare(name: str) -> bool:
    """Return whether a text can be the name of a file, without any folder."""
    letters = name.encode("utf-8", "surrogatepass")
    return Path(name).name == name != "" and b"\0" not in letters and len(letters) <= NAME_BYTES


def is_file(key: str, value: object) -> bool:
    """Return whether a choice is a file or a folder of the user's."""
    ending = (key == "theme" and str(value).endswith(".toml")) or (key == "basemap" and is_raster(str(value)))
    return bool(value) and (key in FILES or ending)


def is_raster(text: str) -> bool:
    """Return whether a basemap is named as a file."""
    return "://" not in text and text.casefold().endswith(RASTERS)


def hide_secrets(address: str) -> str:
    """Return the address of tiles as anybody may read it; any other text as it is.

    Whatever may be a key is hidden: names and passwords before the host, all values after a question mark but open
    places such as {x}, parts of the path that look like one.
    """
    if "://" not in address:
        return address
    address, _, query = address.partition("#")[0].partition("?")
    scheme, _, rest = address.partition("://")
    host, *path = rest.split("/")
    shown = [HIDDEN if _is_token(part) else part for part in path]
    told = "/".join([f"{scheme}://{host.rpartition('@')[2]}", *shown])
    values = [_hide_value(pair) for pair in query.split("&") if pair]
    return told + ("?" + "&".join(values) if values else "")


def _hide_value(pair: str) -> str:
    key, is_, value = pair.partition("=")
    return f"{key}={value if re.fullmatch(PLACE, value) else HIDDEN}" if is_ else HIDDEN


def _is_token(part: str) -> bool:
    runs = re.findall(rf"[\w~+=-]{{{TOKEN},}}", part)
    return any(re.search(r"\d", run) and re.search(r"[A-Za-z]", run) for run in runs)


def name_picture(days: str | date, choices: Mapping[str, object], ending: str) -> str:
    """Return the name of the picture of a day, or of what is made of several days.

    Style, theme and worldview are named where they are not ours. `ending` is ".png" or what else comes last.
    """
    home = take_own(choices).project
    view, worldview = choices.get("view") or default_view(home), choices.get("worldview") or default_worldview(home)
    size, lang = (choices.get(key) or DEFAULTS[key] for key in ("size", "lang"))
    theme, style = (choices.get(key) or DEFAULTS[key] for key in ("theme", "style"))
    usual = (DEFAULTS["style"], DEFAULTS["theme"], default_worldview(home))
    special = [word for word in (style, Path(str(theme)).stem, worldview) if word not in usual]
    words = "_".join(map(str, ["syriamap", view, days, size, lang, *special]))
    return re.sub(r"[^\w.-]+", "-", words) + ending
