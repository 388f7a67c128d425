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
}
SWITCHES = {  # by what they are when nobody asks, and the flag that asks for the other
    "repair": (False, "--repair"),
    "soften": (True, "--no-soften"),
    "mark_next": (False, "--next"),
    "ticks": (False, "--ticks"),
    "carry": (False, "--carry"),
    "transparent": (False, "--transparent"),
    "outlines": (False, "--outlines"),
}
OF_ONE_FORM = {"outlines": "svg"}  # switches that change nothing in any other


class OwnData(TypedDict, total=False):
    """The user's own data in place of ours; everything has a default.

    project                   a folder with the data of another theatre, as `syriamap new` lays it out
    control                   a control table, or a folder of them
    boundaries                a file of administrative areas; FILE:LAYER where it has several layers
    code_column, name_column  what the file's columns of codes and of names are called, where they cannot be told
    repair                    mend faults of the areas' geometry instead of refusing them; the sidecar says how
    worldview                 whose view of disputed lines is drawn
    """

    project: Path | None
    control: Path | None
    boundaries: Path | str | None
    code_column: str | None
    name_column: str | None
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
        code, name = (str(choices.get(key) or "") for key in ("code_column", "name_column"))
        areas = AreaFile(path, layer, code, name, bool(choices.get("repair")))
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
    """Return a choice as a command names it: a file of the user's by its bare name."""
    if not is_file(key, value):
        return str(value)
    path = Path(str(value))
    return path.name or path.resolve().name


def is_file(key: str, value: object) -> bool:
    """Return whether a choice is a file or a folder of the user's."""
    return bool(value) and (key in FILES or (key == "theme" and str(value).endswith(".toml")))


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
