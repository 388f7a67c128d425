"""How a map looks: palettes and type, read from data/ and frozen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from .catalog import data_file
from .errors import UnknownNameError
from .house import ROOT, read_look
from .limits import TOML_BYTES, read_within

if TYPE_CHECKING:
    from collections.abc import Mapping

STYLE = "theme.toml"  # of a project


@dataclass(frozen=True, slots=True)
class PartyStyle:
    """Colours of one party: land, land held before, sparse land, dates and rings, a pattern where it has one.

    `name` is the colour of its name on its own land where `text` would be too faint, "" elsewhere. `mark` is the
    pattern whose stroke its dots bear where its land has no pattern.
    """

    fill: str
    text: str
    name: str = ""
    before: str = ""
    sparse: str = ""
    pattern: str = ""
    pattern_colour: str = ""
    mark: str = ""

    @property
    def on_land(self) -> str:
        """Return the colour of the party's name on its own land."""
        return self.name or self.text

    @property
    def dot_mark(self) -> str:
        """Return the pattern whose stroke is on the party's dots, "" for none."""
        return self.mark or self.pattern


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """One role of text: size in units of the picture, weight, slant, colour token, tracking as a share of the size.

    `family` is the house's own, "" for the embedded one.
    """

    size: float
    weight: int
    colour: str
    italic: bool = False
    tracking: float = 0.0
    family: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """A look: colour tokens, party colours and the type scale. Two are equal when they are the same object.

    A house may add its fonts (files, and the family they belong to), its logo (a PNG; `logo_size` is its width and
    height in its own pixels) and its credit.
    """

    name: str
    colours: Mapping[str, str]
    parties: Mapping[str, PartyStyle]
    type: Mapping[str, TypeStyle]
    fonts: tuple[str, ...] = ()
    family: str = ""
    logo: Path | None = None
    logo_size: tuple[int, int] = (0, 0)
    credit: str = ""

    @property
    def flat(self) -> tuple[str, ...]:
        """Return every colour that an area, a line or a swatch can have, in order."""
        found = set(self.colours.values())
        for style in self.parties.values():
            found |= {style.fill, style.before, style.sparse, style.pattern_colour, style.text, style.name}
        return tuple(sorted({colour.lower() for colour in found if colour}))

    def party(self, party: str) -> PartyStyle:
        """Return a party's colours; a party that the theme has never seen looks like unknown land with a pattern."""
        if party in self.parties:
            return self.parties[party]
        plain = self.parties["unknown"]
        return PartyStyle(plain.fill, plain.text, pattern="stripes", pattern_colour=plain.text)


def get_theme(name: str | Path, home: Path | None = None) -> Theme:
    """Return a theme by name, or the house style of a TOML file (anything that ends in .toml), which is named by it.

    The style of a project lies over a theme of ours: its themes/NAME.toml, else its theme.toml. Raises
    UnknownNameError with the nearest right names, DataError with every fault of a file.
    """
    theme = _find_theme(name)
    style = project_theme(home, theme.name)
    return theme if style is None else _lay_over(theme, style, read_within(style, TOML_BYTES))


def project_theme(home: Path | None, name: str) -> Path | None:
    """Return the file with the colours of a project's parties in a theme, None where it has none."""
    paths = (home / "themes" / f"{Path(name).stem}.toml", home / STYLE) if home else ()
    return next((path for path in paths if path.is_file()), None)


@lru_cache(maxsize=8)
def _lay_over(theme: Theme, style: Path, content: bytes) -> Theme:
    """Return a theme with the parties of a project's style; with all of it where the style stands on that very theme.

    Unknown land looks as in the theme that was asked for.
    """
    look = _read_house(style, content)  # first: it says what is wrong with the file
    own = tomllib.loads(content.decode("utf-8"))
    parties = {key: look.parties[key] for key in own.get("party", {})}
    plain = theme.name in _list_names() and theme.name == own.get("extends", ROOT)
    base = replace(look, name=theme.name) if plain else theme
    parties = parties if plain else {key: one for key, one in parties.items() if key != "unknown"}
    return replace(base, parties=MappingProxyType({**base.parties, **parties}))


def _list_names() -> list[str]:
    return sorted(path.stem for path in data_file("themes").glob("*.toml"))


def _find_theme(name: str | Path) -> Theme:
    if isinstance(name, Path) or name.endswith(".toml"):
        return _read_house(Path(name), _text_of(Path(name)))  # a desk tries colours in a notebook
    known = _list_names()
    if name not in known:
        raise UnknownNameError("theme", name, known)
    return _read_theme(name)


def _text_of(path: Path) -> bytes:
    """Return what a file holds, so that a style that has changed is read anew; nothing for a file that is missing."""
    return read_within(path, TOML_BYTES) if path.is_file() else b""


@lru_cache(maxsize=8)
def _read_house(path: Path, _: bytes) -> Theme:
    return _build_theme(path.name, path)


@cache
def _read_theme(name: str) -> Theme:
    return _build_theme(name, data_file(f"themes/{name}.toml"))


def _build_theme(name: str, path: Path) -> Theme:
    look = read_look(path, data_file("themes"))
    fonts = look.get("fonts") or {"files": (), "family": ""}
    family = str(fonts["family"])
    return Theme(
        name=name,
        colours=MappingProxyType(look["colours"]),
        parties=MappingProxyType({key: PartyStyle(**style) for key, style in look["party"].items()}),
        type=MappingProxyType({key: TypeStyle(**style, family=family) for key, style in look["type"].items()}),
        fonts=tuple(fonts["files"]),
        family=family,
        logo=look.get("logo"),
        logo_size=look.get("logo_size", (0, 0)),
        credit=look.get("credit", ""),
    )
