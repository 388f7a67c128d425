"""Names to ids: whom a spelling means, and the nearest ids of one that means nobody."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .model import Boundaries

_CANDIDATES = 40  # spellings compared in full, picked by shared pairs of letters: comparing all is slow in long tables
_FEW = 14  # ids listed in full when none is near
KINDS = ("city", "town", "district", "village")  # of several places of one name the first kind is meant
_SILENT = (
    "['`\u2018\u2019\u02bb\u02bc\u02be\u02bf\u0640]"  # apostrophes of all sorts, and the stroke that stretches Arabic
)
_ALIKE = str.maketrans("ةىı", "هيi")  # letters that one hand writes for the other


PLACE, AREA = "place", "area"  # levels of a statement besides adm0, adm1, ...


class Kind(NamedTuple):
    """What an id stands for: its level as a control table says it, and its kind in words ("ADM1", "town")."""

    level: str
    word: str


def fold(text: str) -> str:
    """Return a spelling without case, accents, marks and punctuation, words joined by one space."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", re.sub(_SILENT, "", plain.translate(_ALIKE))))


class Names:
    """Every id with its spellings, in any language. The id itself is always one of them."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self.ids = tuple(names)
        self._name_by_id = {key: next(iter(spellings), "") for key, spellings in names.items()}
        self._ids_by_spelling: dict[str, list[str]] = defaultdict(list)
        for key, spellings in names.items():
            for spelling in dict.fromkeys(fold(text) for text in (key, *spellings) if text):
                self._ids_by_spelling[spelling].append(key)

    def find(self, text: str) -> tuple[str, ...]:
        """Return the ids that a spelling means, whatever its case, accents and punctuation."""
        return tuple(self._ids_by_spelling.get(fold(text), ()))

    def nearest(self, text: str, *, most: int = 3) -> tuple[str, ...]:
        """Return the ids with this spelling, else those with the most similar ones, best first."""
        found = self.find(text)
        if found:
            return found[:most]
        key = fold(text)
        rated = sorted((-_likeness(key, spelling), spelling) for spelling in self._candidates(key))
        ids = (name for rate, spelling in rated if rate <= -0.6 for name in self._ids_by_spelling[spelling])
        return tuple(dict.fromkeys(ids))[:most]

    def hint(self, text: str, *, most: int = 3) -> str:
        """Return "did you mean ...?" with the nearest ids, or the first known ones when none is near."""
        near = self.nearest(text, most=most)
        if near:
            return f"did you mean {' or '.join(self._show(key) for key in near)}?"
        few = len(self.ids) <= _FEW
        return f"known: {', '.join(self.ids if few else self.ids[:5])}" + (
            "" if few else f" ... ({len(self.ids)} in all)"
        )

    def name(self, key: str) -> str:
        """Return the first spelling of an id."""
        return self._name_by_id[key]

    def _show(self, key: str) -> str:
        """Return an id, with its name where the id does not tell it: "SY02 (Aleppo)"."""
        name = self._name_by_id[key]
        return key if fold(name) in ("", fold(key)) else f"{key} ({name})"

    def _candidates(self, key: str) -> list[str]:
        shared: Counter[str] = Counter()
        for pair in _pairs(key):
            shared.update(self._spellings_by_pair.get(pair, ()))
        ranked = sorted(shared, key=lambda spelling: (-shared[spelling] / (len(spelling) + len(key)), spelling))
        return ranked[:_CANDIDATES]

    @cached_property
    def _spellings_by_pair(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for spelling in self._ids_by_spelling:
            for pair in _pairs(spelling):
                index[pair].append(spelling)
        return index


@lru_cache(maxsize=8)
def name_places(boundaries: Boundaries, *, areas: bool = True) -> Names:
    """Return every place, and every special area unless told otherwise, with all its spellings."""
    rows = _rows(boundaries.areas, "name", "name_ar") if areas else ()
    names = {str(key): (name, arabic) for key, name, arabic in rows}
    for key, name, arabic, aliases in _rows(boundaries.places, "name", "name_ar", "aliases"):
        names[str(key)] = (name, arabic, *aliases.split(";"))
    return Names(names)


def find_places(text: str, boundaries: Boundaries, *, areas: bool = True) -> list[str]:
    """Return the places and special areas that a spelling means, the most likely first; none when it means nobody.

    The very id comes first, then places of that name, then those it is an alias of; among these by kind, rank and
    population.
    """
    found = name_places(boundaries, areas=areas).find(text)
    return sorted(found, key=lambda key: _weight(key, text, boundaries))


def _weight(key: str, text: str, boundaries: Boundaries) -> tuple[Any, ...]:
    places = boundaries.places
    if key not in places.index:
        return (text != key, True, len(KINDS) + 1)
    row = places.loc[key]
    kind = KINDS.index(row["kind"]) if row["kind"] in KINDS else len(KINDS)
    people = float(row["population"]) if row["population"] > 0 else 0.0
    alias = fold(text) not in map(fold, (key, row["name"], row["name_ar"]))
    return (text != key, alias, kind, row["rank"], -people, places.index.get_loc(key))


def _rows(frame: Any, *columns: str) -> Any:  # noqa: ANN401  # of any table
    return zip(frame.index, *(frame[name] for name in columns), strict=True)


def name_units(boundaries: Boundaries) -> Names:
    """Return every id that a statement may name (places with land, units, special areas) with all its spellings."""
    places = boundaries.places[boundaries.places["role"] == "place"]
    names: dict[str, tuple[str, ...]] = {}
    for key, name, arabic, aliases in _rows(places, "name", "name_ar", "aliases"):
        names[str(key)] = (name, arabic, *(alias.strip() for alias in aliases.split(";")))
    for frame in (boundaries.units, boundaries.areas):
        for key, name, arabic in _rows(frame, "name", "name_ar"):
            names[str(key)] = (name, arabic, *boundaries.aliases.get(str(key), ()))
    return Names(names)


def kind_units(boundaries: Boundaries) -> dict[str, Kind]:
    """Return of every id that a statement may name what it is."""
    places = boundaries.places[boundaries.places["role"] == "place"]
    kinds = {str(key): Kind(PLACE, str(kind)) for key, kind in zip(places.index, places["kind"], strict=True)}
    levels = boundaries.units["level"].items()
    kinds |= {str(key): Kind(f"adm{level}", f"ADM{level}") for key, level in levels}
    return kinds | {str(key): Kind(AREA, "special area") for key in boundaries.areas.index}


def _pairs(text: str) -> set[str]:
    edged = f" {text} "
    return {edged[at : at + 2] for at in range(len(edged) - 1)}


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
