"""How a map looks: palettes and type, read from data/ and frozen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .catalog import data_file
from .errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PartyStyle:
    """Colours of one party: land, land held before, sparse land, text on its own land, a pattern where it has one."""

    fill: str
    text: str
    before: str = ""
    sparse: str = ""
    pattern: str = ""
    pattern_colour: str = ""


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """One role of text: size in units of the picture, weight, slant, colour token, tracking as a share of the size."""

    size: float
    weight: int
    colour: str
    italic: bool = False
    tracking: float = 0.0


@dataclass(frozen=True, slots=True)
class Theme:
    """A look: colour tokens, party colours and the type scale."""

    name: str
    colours: Mapping[str, str]
    parties: Mapping[str, PartyStyle]
    type: Mapping[str, TypeStyle]

    def party(self, party: str) -> PartyStyle:
        """Return a party's colours; a party that the theme has never seen looks like unknown land with a pattern."""
        if party in self.parties:
            return self.parties[party]
        plain = self.parties["unknown"]
        return PartyStyle(plain.fill, plain.text, pattern="stripes", pattern_colour=plain.text)


def get_theme(name: str) -> Theme:
    """Return a theme by name. Raises UnknownNameError with the nearest right ones."""
    known = sorted(path.stem for path in data_file("themes").glob("*.toml"))
    if name not in known:
        raise UnknownNameError("theme", name, known)
    return _read_theme(name)


@cache
def _read_theme(name: str) -> Theme:
    table: dict[str, Any] = tomllib.loads(data_file(f"themes/{name}.toml").read_text("utf-8"))
    return Theme(
        name=name,
        colours=MappingProxyType(table["colours"]),
        parties=MappingProxyType({key: PartyStyle(**style) for key, style in table["party"].items()}),
        type=MappingProxyType({key: TypeStyle(**style) for key, style in table["type"].items()}),
    )
