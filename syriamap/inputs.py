"""Which files a map is made from, each with its hash; found without reading what they say."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from .boundaries import list_boundary_files
from .catalog import data_file, describe_input
from .control import list_control_files
from .ground import list_ground_files
from .house import ROOT
from .language import list_language_files
from .request import RELIEF, is_raster, take_own
from .theatre import FILE, SOURCES
from .theme import get_theme, project_theme

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .model import Input, Own


def list_inputs(choices: Mapping[str, object]) -> tuple[Input, ...]:
    """Return every file that a map of these choices is made from, ours and the user's, in a fixed order.

    Raises FileNotFoundError for a table or boundaries that are not there, UnknownNameError for a theme or a language,
    DataError for faults of a house style.
    """
    home = take_own(choices).project
    return tuple(dict.fromkeys(describe_input(path, home) for path in list_files(choices)))


def list_land_inputs(own: Own) -> tuple[Input, ...]:
    """Return the files that decide who holds which land."""
    return tuple(describe_input(path, own.project) for path in _land(own))


def list_files(choices: Mapping[str, object]) -> Iterator[Path]:
    """Yield the paths of all files that a map of these choices is made from."""
    own = take_own(choices)
    yield from _land(own)
    yield from (path for name in (FILE, SOURCES) if (path := data_file(name, own.project)).is_file())
    yield data_file("sizes.toml")
    yield from list_ground_files(own.project)
    yield from list_theme_files(str(choices.get("theme") or ROOT))
    if (style := project_theme(own.project, str(choices.get("theme") or ROOT))) is not None:
        yield style
    yield from list_language_files(str(choices.get("lang", "en")), own.project)
    if choices.get("names"):
        yield Path(str(choices["names"]))
    yield from list_basemap_files(str(choices.get("basemap") or ""), own.project)
    yield from sorted(data_file("fonts").glob("*.ttf"))


def list_basemap_files(name: str, home: Path | None = None) -> Iterator[Path]:
    """Yield the file of a basemap that is one, the theatre's or the user's."""
    if name.casefold() == RELIEF:
        yield data_file(f"{RELIEF}/{RELIEF}.png", home)
    elif is_raster(name):
        yield Path(name)


def _land(own: Own) -> Iterator[Path]:
    yield from list_boundary_files(own.areas, own.project)
    yield from list_control_files(own.control, own.project)


def list_theme_files(name: str) -> Iterator[Path]:
    """Yield the files of a theme: its own, those it stands on, a house's fonts and logo."""
    theme, root = get_theme(name), data_file(f"themes/{ROOT}.toml")
    path = Path(name) if name.endswith(".toml") else data_file(f"themes/{name}.toml")
    yield path
    while path != root:
        path = data_file(f"themes/{tomllib.loads(path.read_text('utf-8')).get('extends', ROOT)}.toml")
        yield path
    yield from map(Path, theme.fonts)
    if theme.logo:
        yield theme.logo
