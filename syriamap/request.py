"""How a map is asked for: the command that makes it again, and the name of its file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from .catalog import read_theatre
from .edition import settle_edition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

PROGRAM = ("syriamap", "render")
OUTPUTS = "outputs"  # where pictures go when nobody says where
FORM = "png"
SAME = {"jpeg": "jpg"}  # suffixes of a form that has two
DEFAULTS: dict[str, object] = {
    "view": "advance",
    "size": "web",
    "lang": "en",
    "digits": "latin",
    "theme": "light",
    "style": "zones",
}
FILES = ("control", "boundaries", "names")
VALUES = {  # in the order in which a command names them
    "view": "--view",
    "since": "--since",
    "size": "--size",
    "lang": "--lang",
    "digits": "--digits",
    "names": "--names",
    "theme": "--theme",
    "control": "--control",
    "boundaries": "--boundaries",
    "title": "--title",
    "subtitle": "--subtitle",
    "credit": "--credit",
    "caption": "--caption",
    "alt": "--alt",
    "description": "--description",
    "style": "--style",
    "edition": "--version",
    "supersedes": "--supersedes",
    "correction": "--correction",
}
SWITCHES = {  # by what they are when nobody asks, and the flag that asks for the other
    "soften": (True, "--no-soften"),
    "mark_next": (False, "--next"),
    "ticks": (False, "--ticks"),
    "carry": (False, "--carry"),
    "transparent": (False, "--transparent"),
    "outlines": (False, "--outlines"),
}
OF_ONE_FORM = {"outlines": "svg"}  # switches that change nothing in any other


def write_command(on: date, choices: Mapping[str, object], form: str = FORM) -> tuple[str, ...]:
    """Return the words that make a map again, the same ones however it was asked for.

    What is as by default is left out, options stand in a fixed order, files have their bare names.
    """
    words, choices = [*PROGRAM, on.isoformat()], {**choices, **settle_words(choices)}
    for key, option in VALUES.items():
        value = choices.get(key)
        if value and value != DEFAULTS.get(key) and not _is_usual(key, value):
            words += [option, bare_name(key, value)]
    asked = [key for key, (usual, _) in SWITCHES.items() if choices.get(key, usual) != usual]
    words += [SWITCHES[key][1] for key in asked if OF_ONE_FORM.get(key, form) == form]
    return (*words, "--format", SAME.get(form, form)) if form != FORM else tuple(words)


def settle_words(choices: Mapping[str, object]) -> dict[str, object]:
    """Return what is said of the version as a command says it, whatever the folder: a file by its name and hash."""
    edition = settle_edition(choices)
    return {"edition": edition.number, "supersedes": edition.supersedes, "correction": edition.correction}


def _is_usual(key: str, value: object) -> bool:
    """Return whether a day is the one that gains are counted from anyway."""
    return bool(key == "since" and value == read_theatre()["time"]["offensive_start"])


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

    Style and theme are named where they are not ours. `ending` is ".png" or what else comes last.
    """
    view, size, lang = (choices.get(key) or DEFAULTS[key] for key in ("view", "size", "lang"))
    theme, style = (choices.get(key) or DEFAULTS[key] for key in ("theme", "style"))
    special = [word for word in (style, Path(str(theme)).stem) if word not in (DEFAULTS["style"], DEFAULTS["theme"])]
    words = "_".join(map(str, ["syriamap", view, days, size, lang, *special]))
    return re.sub(r"[^\w.-]+", "-", words) + ending
