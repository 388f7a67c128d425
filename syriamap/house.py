"""A look as a file: ours, or a house style that stands on one of ours. Every fault of it is found at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .errors import DataError, suggest
from .limits import PICTURE_PIXELS
from .tomls import TomlFile, load_toml, merge_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

ROOT = "light"  # the look that all others stand on
PATTERNS = ("stripes", "backstripes", "lines", "bars", "dots", "crosses", "grid")
MARKS = (*PATTERNS, "ring")  # on dots
TABLES = ("colours", "party", "type", "fonts")
KEYS = ("extends", "credit", "logo", *TABLES)
PARTY_KEYS = ("fill", "text", "name", "before", "sparse", "pattern", "pattern_colour", "mark")
TYPE_KEYS = ("size", "weight", "colour", "italic", "tracking")
FONT_KEYS = ("files", "family")
PNG = b"\x89PNG\r\n\x1a\n"
FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true")  # how a TrueType or OpenType font begins

Table = dict[str, Any]


def read_look(path: Path, themes: Path) -> Table:
    """Return the tables of a look: those of the theme of the folder `themes` that it extends, with its own over them.

    Fonts and logo come as whole paths, `logo_size` is the logo's width and height in its own pixels. Raises DataError
    with every fault: unknown keys, wrong values, files that are missing or of another kind.
    """
    text, own = load_toml(path, "a theme")
    look = TomlFile(str(path), text)
    base = _base(look, own, path, themes)
    look.names((), own, KEYS)
    for table in [table for table in TABLES if not isinstance(own.get(table, {}), dict)]:
        look.fault((table,), own.pop(table), f"expected a table [{table}]")
    merged = merge_tables(base, own)
    _check_colours(look, own, base)
    _check_parties(look, own, merged, base)
    _check_type(look, own, merged, base)
    look.value(("credit",), own, _is_text, "a text")
    merged |= _check_files(look, own, path.parent)
    if look.faults:
        raise DataError(sorted(look.faults, key=lambda fault: fault.line or 0))
    return merged


def _base(look: TomlFile, own: Table, path: Path, themes: Path) -> Table:
    """Return the look that this one stands on; the root stands on nothing."""
    known = sorted(other.stem for other in themes.glob("*.toml"))
    if path == themes / f"{ROOT}.toml":
        return {table: own.get(table, {}) for table in TABLES}
    name = own.get("extends", ROOT)
    if name not in known:
        look.fault(("extends",), name, f"unknown theme; {suggest(str(name), known)}")
        name = ROOT
    return read_look(themes / f"{name}.toml", themes)


# The rules


def _check_colours(look: TomlFile, own: Table, base: Table) -> None:
    colours = own.get("colours", {})
    look.names(("colours",), colours, list(base["colours"]))
    for key in colours:
        look.value(("colours", key), colours, _is_colour, 'a colour as "#RRGGBB"')


def _check_parties(look: TomlFile, own: Table, merged: Table, base: Table) -> None:
    for party, style in own.get("party", {}).items():
        at = ("party", party)
        if not isinstance(style, dict):
            look.fault(at, style, f"expected a table [party.{party}]")
            continue
        look.names(at, style, PARTY_KEYS)
        for key in ("fill", "text", "name", "before", "sparse", "pattern_colour"):
            look.value((*at, key), style, _is_colour if key in {"fill", "text"} else _may_colour, 'a colour "#RRGGBB"')
        for key, known in (("pattern", PATTERNS), ("mark", MARKS)):
            pattern = style.get(key)
            if pattern is not None and pattern not in ("", *known):
                look.fault((*at, key), pattern, f"unknown {key}; {suggest(str(pattern), known)}")
        whole = merged["party"][party]
        if not {"fill", "text"} <= set(whole):
            look.fault(at, None, f"a party of your own needs fill and text; {suggest(party, list(base['party']))}")
        if whole.get("pattern") and not whole.get("pattern_colour"):
            look.fault((*at, "pattern"), whole["pattern"], "a pattern needs a pattern_colour")


def _check_type(look: TomlFile, own: Table, merged: Table, base: Table) -> None:
    rules: dict[str, tuple[Callable[[object], bool], str]] = {
        "size": (lambda value: _is_number(value) and 0 < float(str(value)) <= 200, "units of the picture, 1 to 200"),
        "weight": (lambda value: _is_number(value) and 100 <= float(str(value)) <= 900, "a weight of 100 to 900"),
        "colour": (lambda value: value in merged["colours"], f"one of: {', '.join(base['colours'])}"),
        "italic": (lambda value: isinstance(value, bool), "true or false"),
        "tracking": (_is_number, "a share of the size, such as 0.1"),
    }
    look.names(("type",), own.get("type", {}), list(base["type"]))
    for role, style in own.get("type", {}).items():
        if not isinstance(style, dict):
            look.fault(("type", role), style, "expected { size = ..., weight = ..., colour = ... } or a part of it")
            continue
        look.names(("type", role), style, TYPE_KEYS)
        for key, (fits, expected) in rules.items():
            look.value(("type", role, key), style, fits, expected)


def _check_files(look: TomlFile, own: Table, folder: Path) -> Table:
    """Return the fonts and the logo by their whole paths, the size of the logo measured."""
    found: Table = {}
    fonts = own.get("fonts", {})
    look.names(("fonts",), fonts, FONT_KEYS)
    look.value(("fonts", "family"), fonts, _is_text, "the name of the family, such as My Font")
    look.value(("fonts", "files"), fonts, _is_list, "a list of font files")
    if fonts and not set(FONT_KEYS) <= set(fonts):
        look.fault(("fonts",), None, "needs both files and family")
    files = fonts.get("files", ())
    for name in files if _is_list(files) else ():
        _find(look, ("fonts", "files"), folder, name, FONTS, "a TrueType or OpenType font (.ttf, .otf)")
    if files and not look.faults:
        found["fonts"] = {"files": tuple(str(folder / name) for name in files), "family": fonts["family"]}
    if own.get("logo"):
        head = _find(look, ("logo",), folder, own["logo"], (PNG,), "a PNG")
        found["logo"] = folder / str(own["logo"])
        wide, high = (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big"))
        if wide * high > PICTURE_PIXELS:
            look.fault(("logo",), own["logo"], f"has {wide} x {high} px; expected {PICTURE_PIXELS:,} px in all at most")
        found["logo_size"] = (wide, high)
    return found


def _find(look: TomlFile, keys: Sequence[str], folder: Path, name: object, magic: Sequence[bytes], kind: str) -> bytes:
    """Return the first bytes of a file beside the look, after noting why it is none of its kind."""
    try:
        with (folder / str(name)).open("rb") as file:
            head = file.read(24)
    except OSError:
        beside = sorted(other.name for other in folder.iterdir() if other.is_file())
        look.fault(keys, name, f"no such file in {folder}; {suggest(str(name), beside)}")
        return b""
    if not head.startswith(tuple(magic)):
        look.fault(keys, name, f"expected {kind}")
    return head


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(_is_text(one) for one in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"#[0-9A-Fa-f]{6}", value) is not None


def _may_colour(value: object) -> bool:
    return value == "" or _is_colour(value)
