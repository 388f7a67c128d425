"""What the columns of a file of areas hold: codes, names, spellings and parents, by what publishers call them."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from .names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import pandas as pd

    from .faults import Faults
    from .model import AreaFile

# What publishers call the code of an area; {n} stands for its level. The first pattern found on the deepest level wins.
_CODES = ("adm{n}_pcode", "admin{n}pcode", "admin{n}pcod", "adm{n}pcode", "adm{n}_code", "adm{n}_id", "gid_{n}")
_CODES_ALONE = (
    *("pcode", "p_code", "code", "unit", "shapeid", "iso_3166_2", "iso3166-2", "id", "shapeiso", "hasc", "iso"),
    *("osm_id", "@id", "full_id", "ref"),
)
_NAMES = ("adm{n}_en", "adm{n}_name", "admin{n}name_en", "admin{n}name", "adm{n}name", "name_{n}")
_NAMES_ALONE = ("name_en", "name:en", "name", "shapename", "label")
_ARABIC = ("adm{n}_ar", "adm{n}_name1", "admin{n}name_ar", "nl_name_{n}")
_ARABIC_ALONE = ("name_ar", "name:ar", "name1", "label_ar", "name")
_ALIASES = ("varname_{n}", "adm{n}_ref", "adm{n}_ref_n", "adm{n}alt{a}", "adm{n}_name2", "adm{n}_name3", "name_{n}")
_ALTERNATIVES = ("1en", "2en", "1ar", "2ar")  # {a} above
_ALIASES_ALONE = (
    *("name", "varname", "aliases", "alt_name", "name_alt", "name_local", "int_name", "official_name", "old_name"),
)
_IN_A_LANGUAGE = re.compile(r"(alt_|official_|old_)?name[:_][a-z]{2,3}")
_LEVELS = (5, 4, 3, 2, 1, 0)
_LEVEL_COLUMNS = ("shapetype", "level", "adm_level", "admlevel")
_OSM_LEVELS = {2: 0, 3: 1, 4: 1, 5: 2, 6: 3, 7: 4, 8: 4, 9: 5, 10: 5}  # of admin_level
_NOTHING = ("", "NA", "N/A")  # what some publishers write where there is no name


@dataclass(frozen=True)
class Parent:
    """A level above: its number and the columns of its codes and names; "" = none."""

    level: int
    code: str
    name: str
    name_ar: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Which columns of a file hold what; "" = none. Without a column of codes, codes are made of the names."""

    level: int
    code: str
    name: str
    name_ar: str
    aliases: tuple[str, ...]
    parents: tuple[Parent, ...]


def find_columns(frame: gpd.GeoDataFrame, areas: AreaFile, faults: Faults) -> Columns | None:
    """Return what the columns hold, those that the user names first; None after noting every fault."""
    file = str(areas.path)
    fields = [str(name) for name in frame.columns if name != frame.geometry.name]
    code, name = (_asked(one, fields, file, faults) for one in (areas.code_column, areas.name_column))
    if code is None or name is None:
        return None
    _check_one_level(frame, fields, file, faults)
    level, code = _find_code(frame, fields, code)
    name = name or _first(fields, _NAMES, _NAMES_ALONE, level)
    if not code and not name:
        known = "id, pcode, adm1_pcode, shapeID, GID_1, iso_3166_2"
        shown = ", ".join(fields[:12]) or "no columns at all"
        hint = f"expected one such as {known}; name yours by --code-column or --name-column"
        faults.add(file, None, f"no column holds codes ({shown}); {hint}")
        return None
    arabic = _find_arabic(frame, fields, level)
    if not arabic and _is_arabic(read_texts(frame, name)):
        arabic = name
    parents = [one for upper in range(level) if (one := _find_parent(frame, fields, upper))]
    return Columns(level, code, name, arabic, _find_aliases(fields, level, alone=True), tuple(parents))


def deepest_level(fields: Iterable[str]) -> int:
    """Return the deepest level whose codes stand in a column, -1 when none does."""
    return _deepest([str(field) for field in fields])[0]


def level_in(name: str) -> int:
    """Return the level that the name of a layer tells ("syr_admbnda_adm2", 2), -1 for none."""
    found = re.findall(r"adm(?:in)?_?([0-5])", name.casefold())
    return int(found[-1]) if found else -1


def read_texts(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column as stripped texts, "" for nothing; whole numbers lose their ".0"."""
    if not column:
        return [""] * len(frame)
    return [_text(value) for value in frame[column].tolist()]


def read_codes(frame: pd.DataFrame, columns: Columns) -> list[str]:
    """Return the code of every feature, "" for none: as written, else made of its name."""
    if columns.code:
        return read_texts(frame, columns.code)
    return [make_code(name, columns.level) for name in read_texts(frame, columns.name)]


def read_aliases(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return all further spellings of every feature."""
    found = [read_texts(frame, column) for column in columns]
    every = zip(*found, strict=True) if found else ((),) * len(frame)
    return [tuple(dict.fromkeys(part for text in row for part in _split(text))) for row in every]


def make_code(name: str, level: int) -> str:
    """Return the code of an area that has a name alone: "adm1-hama"."""
    slug = fold(name).replace(" ", "-")
    return f"adm{level}-{slug}" if slug else ""


def check_codes(codes: Sequence[str], columns: Columns, file: str, faults: Faults) -> None:
    """Note codes that are missing or stand twice."""
    first: dict[str, int] = {}
    column = columns.code or columns.name
    wanted = "the code" if columns.code else "the name"
    doubled = Counter(codes)
    for number, code in enumerate(codes, start=1):
        if not code:
            faults.add(file, number, f"{column} is empty; expected {wanted} of the area")
        elif code in first:
            said = f"{column} {code!r} stands in feature {first[code]} too; expected every code once"
            if not columns.code:
                said = f"two areas have the name of {code!r} (feature {first[code]}); name a column by --code-column"
            elif doubled[code] < len(codes):
                said += "; --repair joins the parts of an area"
            faults.add(file, number, said)
        first.setdefault(code, number)


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[|;]", text) if part.strip() not in _NOTHING]


# Finding


def _asked(name: str, fields: Sequence[str], file: str, faults: Faults) -> str | None:
    """Return the column that the user names, whatever its case; "" for none named, None after noting that it lacks."""
    by_fold = {field.casefold(): field for field in fields}
    if not name or name.casefold() in by_fold:
        return name if name in fields else by_fold.get(name.casefold(), "")
    near = [by_fold[one] for one in get_close_matches(name.casefold(), list(by_fold), n=3)]
    hint = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(fields[:12]) or 'none at all'}"
    faults.add(file, None, f"has no column {name!r}; {hint}")
    return None


def _find_code(frame: pd.DataFrame, fields: Sequence[str], asked: str) -> tuple[int, str]:
    """Return the level and the column of the codes, the one that is asked for first."""
    if asked:
        digits = re.findall(r"[0-5]", asked)
        return int(digits[0]) if digits else _guess_level(frame, fields), asked
    level, code = _deepest([field for field in fields if any(read_texts(frame, field))])
    iso = _first(fields, (), ("iso_3166_2",), level)
    if code.casefold() == "adm1_code" and iso and _is_sound(frame, iso):
        return level, iso
    if code:
        return level, code
    return _guess_level(frame, fields), _find_code_alone(frame, fields)


def _check_one_level(frame: pd.DataFrame, fields: Sequence[str], file: str, faults: Faults) -> None:
    """Note areas of several levels in one layer: they lie on one another."""
    by_fold = {field.casefold(): field for field in fields}
    for name in (*_LEVEL_COLUMNS, "admin_level"):
        if name in by_fold:
            counts = Counter(text for text in read_texts(frame, by_fold[name]) if text)
            if len(counts) > 1:
                found = ", ".join(f"{number} of {text}" for text, number in sorted(counts.items()))
                said = f"{by_fold[name]} tells of several levels ({found}); expected areas of one"
                faults.add(file, None, f"{said}; save each level as a layer of its own, and name one as FILE:LAYER")


def _deepest(fields: Iterable[str]) -> tuple[int, str]:
    """Return the deepest level whose code stands in a column, and that column; (-1, "") when none does."""
    by_fold = {field.casefold(): field for field in fields}
    for level in _LEVELS:
        for pattern in _CODES:
            if pattern.format(n=level) in by_fold:
                return level, by_fold[pattern.format(n=level)]
    return -1, ""


def _find_parent(frame: pd.DataFrame, fields: Sequence[str], level: int) -> Parent | None:
    """Return the columns of a level above, which has codes, or at the top names alone."""
    code, name = _first(fields, _CODES, (), level), _first(fields, _NAMES, (), level)
    if not code and (not name or level != 1):
        return None
    return Parent(level, code, name, _find_arabic(frame, fields, level, alone=False), _find_aliases(fields, level))


def _first(fields: Iterable[str], patterns: Iterable[str], alone: Iterable[str], level: int) -> str:
    by_fold = {field.casefold(): field for field in fields}
    wanted = [pattern.format(n=level) for pattern in patterns] + list(alone)
    return next((by_fold[name] for name in wanted if name in by_fold), "")


def _find_code_alone(frame: pd.DataFrame, fields: Sequence[str]) -> str:
    """Return the first usual column whose values are complete and differ, else the first that has any, else ""."""
    by_fold = {field.casefold(): field for field in fields}
    usual = [by_fold[name] for name in _CODES_ALONE if name in by_fold]
    sound = (name for name in usual if _is_sound(frame, name))
    return next(sound, next((name for name in usual if any(read_texts(frame, name))), ""))


def _is_sound(frame: pd.DataFrame, column: str) -> bool:
    texts = read_texts(frame, column)
    return all(texts) and len(set(texts)) == len(texts)


def _guess_level(frame: pd.DataFrame, fields: Sequence[str]) -> int:
    """Return the level that a column states ("ADM2", 2; OpenStreetMap's 4, 1), else 1."""
    by_fold = {field.casefold(): field for field in fields}
    for name in _LEVEL_COLUMNS:
        if name in by_fold:
            digits = re.findall(r"[0-5]", " ".join(read_texts(frame, by_fold[name])))
            if digits:
                return max(int(digit) for digit in digits)
    if "admin_level" in by_fold:
        stated = [int(text) for text in read_texts(frame, by_fold["admin_level"]) if text.isdecimal()]
        return max((_OSM_LEVELS.get(level, 1) for level in stated), default=1)
    return 1


def _find_arabic(frame: pd.DataFrame, fields: Sequence[str], level: int, *, alone: bool = True) -> str:
    """Return the column of Arabic names: one of the usual names, provided that its values are Arabic."""
    by_fold = {field.casefold(): field for field in fields}
    usual = [pattern.format(n=level) for pattern in _ARABIC] + (list(_ARABIC_ALONE) if alone else [])
    columns = (by_fold[name] for name in usual if name in by_fold)
    return next((name for name in columns if _is_arabic(read_texts(frame, name))), "")


def _is_arabic(texts: Iterable[str]) -> bool:
    return bool(re.search("[\u0600-\u06ff]", "".join(texts)))


def _find_aliases(fields: Sequence[str], level: int, *, alone: bool = False) -> tuple[str, ...]:
    """Return the columns of further spellings: variants, references, names in other languages."""
    wanted = {pattern.format(n=level, a=way) for pattern in _ALIASES for way in _ALTERNATIVES}
    found = [field for field in fields if field.casefold() in wanted]
    if alone:
        usual = (field for field in fields if field.casefold() in _ALIASES_ALONE)
        found += [*usual, *(field for field in fields if _IN_A_LANGUAGE.fullmatch(field.casefold()))]
    return tuple(dict.fromkeys(found))
