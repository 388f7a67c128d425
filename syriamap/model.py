"""The frozen nouns that travel between the rooms. To change one, make another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Extent(NamedTuple):
    """Edges of a map in metres of the map's CRS."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """Return west to east in metres."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """Return south to north in metres."""
        return self.north - self.south


class Box(NamedTuple):
    """A rectangle of the picture in pixels; x runs right, y runs down, the origin is the upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Return the width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Return the height in pixels."""
        return self.y1 - self.y0

    def shift(self, dx: float, dy: float) -> Box:
        """Return the same box elsewhere."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def grow(self, by: float) -> Box:
        """Return the box with `by` pixels added on every side."""
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def overlaps(self, other: Box) -> bool:
        """Return whether the two boxes share more than an edge."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def holds(self, other: Box) -> bool:
        """Return whether the other box lies wholly inside this one."""
        return self.x0 <= other.x0 and self.y0 <= other.y0 and other.x1 <= self.x1 and other.y1 <= self.y1


@dataclass(frozen=True, slots=True)
class Party:
    """One side: who may hold land on the map. `bloc` groups allied parties; `pattern` is "", "stripes" or "dots"."""

    id: str
    label: str
    short: str
    bloc: str
    label_ar: str = ""
    short_ar: str = ""
    pattern: str = ""
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source of statements. Only printable outlets count for confidence and are credited; `parent` is whose report it relays."""

    id: str
    name: str
    kind: str
    printable: bool
    parent: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of data/ with its origin: the answer to "where does this come from?"."""

    path: str
    sha256: str
    title: str
    layer: str
    origin: str
    taken: str
    licence: str
    credit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A special area that is cut out of the tiling first."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Input:
    """A file that a map was made from: its path relative to the data (or its bare name) and its hash."""

    path: str
    sha256: str = field(default="")
