"""The noun of the gazetteer: a named point, and when two spellings mean one name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from shapely import Point

from tools.common import slugify, to_metres


@dataclass(frozen=True, slots=True)
class Place:
    """A named point in lon/lat."""

    id: str
    name: str
    lon: float
    lat: float
    governorate: str
    kind: str
    role: str = "place"
    name_ar: str = ""
    aliases: tuple[str, ...] = ()
    rank: str = ""
    population: str = ""
    label: str = "yes"
    reach_km: str = ""
    source: str = ""
    accuracy_km: str = ""
    known: tuple[str, ...] = field(default=(), compare=False)  # names of the fact tables that mean this place

    @property
    def point(self) -> Point:
        """The place in metres of the map's CRS."""
        moved = to_metres(Point(self.lon, self.lat))
        assert isinstance(moved, Point)
        return moved


_ARTICLES = re.compile(r"^(?:al|el|as|ad|at|az|an|ar|ash|adh|ath|esh|ed|es|et|er|en|ez)[ -]+", re.IGNORECASE)


@cache
def skeleton(name: str) -> str:
    """Return the consonants of a name: equal for most transliterations of one Arabic word."""
    words = [_ARTICLES.sub("", w) for w in re.split(r"[ /(),]+", _ARTICLES.sub("", slugify(name).replace("-", " ")))]
    text = "".join(w for w in words if w not in {"al", "el", "as", "ad", "at", "az", "an", "ar", "ash", "ed", "esh"})
    for old, new in (("sh", "S"), ("kh", "X"), ("gh", "G"), ("dh", "d"), ("th", "t"), ("q", "k"), ("ou", "u")):
        text = text.replace(old, new)
    return re.sub(r"(.)\1", r"\1", re.sub("[aeiouyhw]", "", text))
