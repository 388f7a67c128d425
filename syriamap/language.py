"""The language of a map: its phrases, and the names of everything, put into the data that a scene is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .catalog import data_file
from .errors import DataError, Fault, UnknownNameError, suggest
from .limits import TOML_BYTES, read_within
from .scripts import BOTH, list_codes
from .tomls import find_line, load_toml, merge_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from .model import Materials, Party

ROOT = "en"  # the language whose files say what every other has to say
NUMERALS = {"latin": "0123456789", "arabic": "٠١٢٣٤٥٦٧٨٩"}
NAMES = ("places", "bases", "areas", "states", "units", "parties")  # tables of names: id to name
OPEN = (
    "headlines",
    "abbreviations",
    "disclaimers",
    *NAMES,
)  # tables whose keys are no phrases: each language has its own
PARTY_KEYS = ("label", "short", "gloss")
COUNTED = ("months", "months_short", "numbers")  # lists that are looked up by number
DAYS = ("day_long", "day_plain", "day_short", "day_year", "days_short")
DAY_PLACES = ("day", "month", "mon", "year", "n")  # what may be filled into a day

Table = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """The phrases of a map and its tables of names, those of the second language in `also`. Equal when the same object.

    `code` is as asked for: "ar", "en+ar"; `numerals` the ten digits that numbers are written with.
    """

    code: str
    phrases: Mapping[str, Any]
    names: Mapping[str, Mapping[str, Any]]
    also: Language | None = None

    @property
    def base(self) -> str:
        """Return the code of the language itself, without a second one."""
        return list_codes(self.code)[0]


def list_languages() -> list[str]:
    """Return the codes of all languages, in alphabetical order."""
    return sorted(path.stem for path in data_file("words").glob("*.toml"))


def list_language_files(lang: str, home: Path | None = None) -> Iterator[Path]:
    """Yield the files of a language, or of two: phrases for any country, then what the theatre says in it.

    `home` is as for `read_language`, which says what is raised.
    """
    for code in _codes(lang):
        yield from (path for path in (_words_file(code), _theatre_file(code, home)) if path.is_file())


def read_phrases(lang: str, *, home: Path | None = None) -> Mapping[str, Any]:
    """Return the phrases of a language, as `read_language` does."""
    return read_language(lang, home=home).phrases


def list_wordings(lang: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the phrases of a language as our theatre words them, and as one does that has no words of its own."""
    return read_phrases(lang), MappingProxyType(_read(_codes(lang)[0]))


def read_language(lang: str, *, names: Path | None = None, digits: str = "latin", home: Path | None = None) -> Language:
    """Return a language by its code, or two as "en+ar": the second names again what the first has named on the map.

    `home` is the folder with the data of a theatre (None = ours): its names/CODE.toml goes before our phrases for any
    country, which stand where it has none. `names` is a file of wordings that go before both: a part of a language
    file. `digits` are latin or arabic. Raises UnknownNameError with the codes there are, DataError with every fault of
    a file.
    """
    if digits not in NUMERALS:
        raise UnknownNameError("kind of digits", digits, list(NUMERALS))
    theirs = [_theatre_file(code, home) for code in _codes(lang)] if home else []
    files = [path for path in (names, *theirs) if path]
    stamp = tuple(read_within(path, TOML_BYTES) if path.is_file() else b"" for path in files)
    return _build(lang, home, names, stamp, digits)


def _codes(lang: str) -> list[str]:
    """Return the one or two codes of a language."""
    codes, known = list_codes(lang), list_languages()
    for code in codes:
        if code not in known:
            raise UnknownNameError("language", code, known, hint=f"two as {ROOT}{BOTH}{known[0]}")
    if len(codes) > 2 or len(set(codes)) < len(codes):
        raise UnknownNameError("language", lang, known, hint=f"at most two different ones, as {ROOT}{BOTH}{known[0]}")
    return codes


def _words_file(code: str) -> Path:
    """Return the file of a language with the phrases for any country."""
    return data_file(f"words/{code}.toml")


def _theatre_file(code: str, home: Path | None) -> Path:
    """Return the file of a language with what a theatre says in it; a theatre need not have one."""
    return home / "names" / f"{code}.toml" if home else data_file(f"names/{code}.toml")


@lru_cache(maxsize=16)
def _build(lang: str, home: Path | None, names: Path | None, _: tuple[bytes, ...], digits: str) -> Language:
    code, *second = _codes(lang)
    whole = merge_tables(_read(code), _read_theatre(code, home))
    if names:
        whole = merge_tables(whole, _read_own(names)[1])
    phrases = {key: value for key, value in whole.items() if key not in NAMES} | {"numerals": NUMERALS[digits]}
    tables = {key: MappingProxyType(whole.get(key, {})) for key in NAMES}
    also = read_language(second[0], digits=digits, home=home) if second else None
    return Language(lang, MappingProxyType(phrases), MappingProxyType(tables), also)


@cache
def _read(code: str) -> Table:
    """Return the phrases of a language for any country. Raises DataError when one is missing."""
    path = _words_file(code)
    text, table = load_toml(path, "phrases")
    if code != ROOT:
        _demand(path, text, table, _read(ROOT))
    return table


def _read_theatre(code: str, home: Path | None) -> Table:
    """Return what a theatre says in a language: nothing where a user's has no file for it; ours has one for each."""
    if not home:
        return _read_ours(code)
    path = _theatre_file(code, home)
    return _read_own(path)[1] if path.is_file() else {}


@cache
def _read_ours(code: str) -> Table:
    """Return what our theatre says in a language. Raises DataError for a phrase that it has in English alone."""
    path = _theatre_file(code, None)
    text, table = _read_own(path)
    if code != ROOT:
        _demand(path, text, table, _read_ours(ROOT))
    return table


def _demand(path: Path, text: str, table: Table, root: Table) -> None:
    """Raise DataError for every phrase that a file of ours lacks; `root` is what the file of ROOT beside it says."""
    missing = sorted(set(_paths(root)) - set(_paths(table)))
    if missing:
        said = f"is not translated; expected a phrase as in {path.parent.name}/{ROOT}.toml"
        raise DataError([Fault(str(path), find_line(text, key), f"{'.'.join(key)} {said}") for key in missing])


def _paths(table: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every phrase."""
    for key, value in table.items():
        if not at and key in OPEN:
            continue
        if isinstance(value, dict):
            yield from _paths(value, (*at, key))
        else:
            yield (*at, key)


def _read_own(path: Path) -> tuple[str, Table]:
    """Return the text of a file of wordings and what it says. Raises DataError for what no language file has."""
    text, table = load_toml(path, "names, with tables such as [parties.ID] and [places]")
    faults = [Fault(str(path), find_line(text, key), said) for key, said in _odd(table, _read(ROOT))]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line or 0))
    return text, table


def _odd(table: Mapping[str, Any], known: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[Any, str]]:
    """Yield the path of every entry that is none of a language file, with what is wrong about it."""
    for key, value in table.items():
        here = (*at, key)
        if not at and key in OPEN:
            yield from _odd_names(here, value)
        elif key not in known:
            yield here, f"{'.'.join(here)}: unknown phrase; {suggest(key, [*known, *(() if at else NAMES)])}"
        elif isinstance(known[key], dict) and isinstance(value, dict):
            yield from _odd(value, known[key], here)
        elif type(value) is not type(known[key]):
            yield here, f"{'.'.join(here)} = {value!r}: expected {type(known[key]).__name__}, as {known[key]!r}"
        elif said := _odd_phrase(key, value, known[key]):
            yield here, f"{'.'.join(here)} = {value!r}: expected {said}"


def _odd_phrase(key: str, value: Any, known: Any) -> str:  # noqa: ANN401  # a text or a list of texts
    """Return what a phrase should be that cannot be filled in as ours is, "" for any other."""
    if isinstance(value, list):
        most = len(known) if key in COUNTED else 1
        texts = all(isinstance(one, str) for one in value)
        return "" if texts and len(value) >= most else f"a list of texts, {most} at least"
    if key == "direction":
        return "" if value in ("ltr", "rtl") else "ltr or rtl"
    places = dict.fromkeys(_places(known)) | (dict.fromkeys(DAY_PLACES) if key in DAYS else {})
    try:
        odd = [name for name in _places(value) if name not in places]
    except ValueError:  # a brace alone
        return "every { closed by a }, and {{ for a brace"
    shown = ", ".join(f"{{{name}}}" for name in places) or "no {braces}"
    return f"{shown} filled in, and not {{{odd[0]}}}" if odd else ""


def _places(phrase: str) -> list[str]:
    """Return what is filled into a phrase, with signs that ask for more than that. Raises ValueError for odd braces."""
    return [
        name + (f"!{turned}" if turned else "") + (f":{form}" if form else "")
        for _, name, form, turned in Formatter().parse(phrase)
        if name is not None
    ]


def _odd_names(at: tuple[str, ...], table: object) -> Iterator[tuple[Any, str]]:
    """Yield what is wrong with a table of names; ids are checked where they are used: a user's table has its own."""
    if not isinstance(table, dict):
        yield at, f"{at[0]} = {table!r}: expected a table [{at[0]}]"
        return
    for key, value in table.items():
        here = (*at, key)
        if at in (("parties",), ("headlines",)):
            yield from _odd_entries(here, value, PARTY_KEYS if at == ("parties",) else ())
        elif not _is_name(value) and not (
            at == ("states",) and isinstance(value, list) and value and all(map(_is_name, value))
        ):
            yield here, f"{'.'.join(here)} = {value!r}: expected a name"


def _odd_entries(at: tuple[str, ...], table: object, known: Sequence[str]) -> Iterator[tuple[Any, str]]:
    """Yield what is wrong with the names of one party, which has `known` ones alone, or the headlines of one view."""
    if not isinstance(table, dict):
        yield at, f"{'.'.join(at)} = {table!r}: expected a table [{'.'.join(at)}]"
        return
    for key, value in table.items():
        here = (*at, key)
        if known and key not in known:
            yield here, f"{key}: unknown key; {suggest(key, known)}"
        elif not isinstance(value, str):
            yield here, f"{'.'.join(here)} = {value!r}: expected a text"


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)


# Names in the data


@lru_cache(maxsize=8)
def translate(materials: Materials, language: Language) -> Materials:
    """Return the materials with names in a language: what it has no name for keeps that of the table.

    The tables of places, areas, units and bases get a column `also`: the name in the second language, else "".
    """
    bounds, theatre = materials.boundaries, dict(materials.theatre)
    theatre["names"] = [_state(entry, language) for entry in theatre["names"]]
    tables = {key: _named(getattr(bounds, key), key, language) for key in ("places", "areas", "units")}
    worldview = theatre["worldview"]
    tables["areas"] = _renamed(tables["areas"], worldview["names"], language)
    parties = {key: _party(party, language) for key, party in materials.control.parties.items()}
    parties |= {key: replace(parties[key], label=parties[key].short) for key in worldview["plain"] if key in parties}
    return replace(
        materials,
        boundaries=replace(bounds, **tables),
        control=replace(materials.control, parties=parties),
        ground=replace(materials.ground, bases=_named(materials.ground.bases, "bases", language)),
        theatre=theatre,
    )


def _named(frame: pd.DataFrame, table: str, language: Language) -> Any:  # noqa: ANN401  # with geometry or without
    """Return a table with names in a language, in the columns `name` and `also`."""
    names = _column(frame, table, language)
    second = _column(frame, table, language.also) if language.also else [""] * len(frame)
    told = frame.assign(name=names, also=["" if one == two else two for one, two in zip(names, second, strict=True)])
    if "aliases" in frame:  # a view may still be asked for by the name that the table has
        told["aliases"] = frame["aliases"] + ";" + frame["name"]
    return told


def _renamed(areas: Any, names: Mapping[str, Any], language: Language) -> Any:  # noqa: ANN401  # with geometry
    """Return special areas with the names that a worldview has for some of them."""
    told = {area: _state(entry, language) for area, entry in names.items()}
    frame = areas.copy()
    for area in frame.index.intersection(list(told)):
        frame.loc[area, ["name", "also"]] = [" ".join(told[area][key]) for key in ("lines", "also")]
    return frame


def _column(frame: pd.DataFrame, table: str, language: Language) -> list[str]:
    """Return the name of every row: our own of the language, else that of the table's column for it, else its name."""
    own = language.names[table]
    column = f"name_{language.base}" if f"name_{language.base}" in frame else "name"
    rows = zip(frame.index, frame[column], frame["name"], strict=True)
    return [str(own.get(str(key), theirs or name)) for key, theirs, name in rows]


def _party(party: Party, language: Language) -> Party:
    """Return a party with its names in a language."""
    own, base = language.names["parties"].get(party.id, {}), language.base
    told = {
        key: own.get(key) or getattr(party, f"{key}_{base}", "") or getattr(party, key) for key in ("label", "short")
    }
    second = _party(party, language.also).short if language.also else ""
    return replace(party, **told, gloss=own.get("gloss", party.gloss), also=second if second != told["short"] else "")


def _state(entry: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return the name of a state or a water: its `id`, its `lines`, and `also` those in the second language."""
    told = {key: value for key, value in entry.items() if key not in ("name", "lines")}
    second = _lines(entry, language.also) if language.also else []
    return told | {"id": str(entry["name"][ROOT]), "lines": _lines(entry, language), "also": second}


def _lines(entry: Mapping[str, Any], language: Language) -> list[str]:
    name, base = str(entry["name"][ROOT]), language.base
    own = language.names["states"].get(name)
    if own is None:
        known = base if base in entry["name"] else ROOT
        own = entry.get("lines", {}).get(known, entry["name"][known])
    return [own] if isinstance(own, str) else list(own)
