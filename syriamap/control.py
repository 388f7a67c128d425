"""Who held what, as the table says: read and verify the embedded control table, or a user's in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from .catalog import data_dir, data_file, describe_input
from .faults import Faults
from .limits import TABLES_BYTES, VECTOR_BYTES, weigh, weigh_together
from .model import Control, Outlet, Party
from .names import Names, kind_units, name_units
from .polygons import draw_zones
from .prepared import make_key, read_prepared
from .request import split_layer
from .statements import BACKGROUND, COLUMNS, Vocabulary, check_statements, rate_confidence
from .tables import FORMS, check_heads, list_columns, read_table
from .theatre import read_theatre
from .vector import SUFFIXES, list_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from .model import Boundaries
    from .polygons import Drawn
    from .prepared import Key
    from .statements import Checked
    from .tables import Table

_ACTORS, _OUTLETS = "actors.csv", "outlets.csv"
_ACTOR_COLUMNS = ("id", "label", "short", "label_ar", "short_ar", "bloc", "pattern", "gloss")
_OUTLET_COLUMNS = ("id", "name", "kind", "printable", "parent")
_PATTERNS = ("", "stripes", "dots")
_FOLDER = "control"


def read_control(path: Path | None = None, *, boundaries: Boundaries, project: Path | None = None) -> Control:
    """Return the embedded control table, or the user's: a file or a folder of them; or that of a project.

    A file is CSV, Excel (FILE.xlsx:SHEET where it has several), Parquet or GeoParquet, GeoJSON, a GeoPackage
    (FILE.gpkg:LAYER), a shapefile or FlatGeobuf. It needs the columns date, unit, controller and source; all others
    have defaults. A row with a polygon needs no unit: it speaks about that land. A folder may bring its own outlets.csv
    and actors.csv, which add to ours, or to the project's. DataError holds every fault of every file.
    """
    ready = read_prepared("control", key_control(boundaries)) if path is None and project is None else None
    if ready is None:
        return verify_control(path, boundaries=boundaries, home=project)[0]
    words = [ready.frame(name).to_dict("records") for name in ("parties", "outlets")]
    parties = {row["id"]: Party(**row) for row in words[0]}
    outlets = {row["id"]: Outlet(**row) for row in words[1]}
    return _make(ready.frame("statements"), parties, outlets, list_control_files())


def key_control(boundaries: Boundaries) -> Key:
    """Return all that our table is computed and verified from."""
    files = list_control_files()
    return make_key([*boundaries.inputs, *map(describe_input, files)], unknown=read_theatre()["control"]["unknown"])


def verify_control(
    path: Path | None = None, *, boundaries: Boundaries, home: Path | None = None
) -> tuple[Control, tuple[str, ...]]:
    """Return the control table as `read_control` does, and how it was read, in words: what was ignored or named."""
    faults = Faults()
    files = _list_tables(path, faults, home)
    words, parties = _read_words(path, boundaries, faults, home)
    tables = [table for file in files if (table := _read(file, faults, COLUMNS))]
    checked = [check_statements(table, words, faults) for table in tables]
    _check_across(tables, [found.rows for found in checked], faults)
    drawn = draw_zones(tables, checked, boundaries, faults)
    faults.raise_any()
    notes = [f"{table.file}: {note}" for table, found in zip(tables, checked, strict=True) for note in found.notes]
    rows = _join(checked, drawn)
    outlets = {**words.outlets, **_add_outlets(rows, words.outlets)}
    rows = rows.assign(confidence=rate_confidence(rows, outlets))
    control = _make(rows, parties, outlets, list_control_files(path, home), home, drawn.zones)
    return control, (*notes, *drawn.notes, *_note_left_out(path, files))


def _join(checked: Sequence[Checked], drawn: Drawn) -> pd.DataFrame:
    """Return the rows of all tables; those that speak about their own polygon have its unit."""
    every = [
        found.rows.assign(unit=units) if found.own.any() else found.rows
        for found, units in zip(checked, drawn.units, strict=True)
    ]
    return every[0] if len(every) == 1 else pd.concat(every, ignore_index=True)


def _make(
    rows: pd.DataFrame,
    parties: Mapping[str, Party],
    outlets: Mapping[str, Outlet],
    files: Sequence[Path],
    home: Path | None = None,
    zones: gpd.GeoDataFrame | None = None,
) -> Control:
    theatre = read_theatre(home)
    return Control(
        statements=rows,
        parties=parties,
        outlets=outlets,
        first=rows["date"].min().date(),
        last=rows["date"].max().date(),
        unknown=str(theatre["control"]["unknown"]),
        mark_days=int(theatre["time"]["mark_days"]),
        carry_days=int(theatre["time"]["carry_days"]),
        inputs=tuple(describe_input(file, home) for file in files),
        zones=zones,
    )


def _add_outlets(rows: pd.DataFrame, known: Mapping[str, Outlet]) -> dict[str, Outlet]:
    """Return the outlets that a user's table names and ours does not list: the user answers for them."""
    names = pd.unique(pd.concat([rows["source"], rows["source2"]]))
    fresh = (str(name) for name in names if name not in known and name not in ("", BACKGROUND))
    return {name: Outlet(name, name, "unknown", printable=True) for name in fresh}


# Files


def list_control_files(path: Path | None = None, home: Path | None = None) -> list[Path]:
    """Return the files that a control table is read from: its tables, then those of parties and outlets."""
    words = [file for name in (_ACTORS, _OUTLETS) for file in _word_files(path, name, home)]
    tables = (part for file in _list_tables(path, Faults(), home) for part in list_parts(split_layer(str(file))[0]))
    return [*tables, *words]


def speaks_of_control(path: Path) -> bool:
    """Return whether a vector or a Parquet file is a control table: it has a column `controller`."""
    return "controller" in {name.strip().casefold() for name in list_columns(path)}


def _list_tables(path: Path | None, faults: Faults, home: Path | None = None) -> list[Path]:
    """Return the tables of statements: the file asked for, or those of the folder in the order of their names."""
    folder = data_file(_FOLDER, home) if path is None else path
    if not folder.is_dir():
        return [folder]
    candidates = _list_candidates(folder)
    if said := weigh_together(candidates, TABLES_BYTES):
        faults.add(_label(folder), None, f"the folder {said}; leave out days that are not drawn")
        return []
    tables = [file for file in candidates if _is_table(file)]
    if not tables:
        others = sorted(file.name for file in folder.iterdir())[:5]
        found = f"it holds {', '.join(others)}" if others else "it is empty"
        faults.add(_label(folder), None, f"the folder has no table of statements ({found}); expected a file like x.csv")
    return tables


def _list_candidates(folder: Path) -> list[Path]:
    """Return the files of a folder that have the form of a table, those of words and what programs leave behind aside.

    A program that has a workbook open keeps a file beside it whose name begins with "~$".
    """
    every = sorted(file for file in folder.iterdir() if file.suffix.casefold() in FORMS and file.is_file())
    return [file for file in every if file.name not in (_ACTORS, _OUTLETS) and not file.name.startswith(("~$", "."))]


def _is_table(file: Path) -> bool:
    """Return whether a file is read as a table of statements; one that is too large to be looked into is told so."""
    return file.suffix.casefold() not in SUFFIXES or bool(weigh(file, VECTOR_BYTES)) or speaks_of_control(file)


def _note_left_out(path: Path | None, files: Sequence[Path]) -> list[str]:
    """Return which files of a user's folder were left out, in words."""
    if path is None or not path.is_dir():
        return []
    others = [file for file in _list_candidates(path) if file not in files]
    return [f"{file}: left out: it has no column controller, so it is no control table" for file in others]


def _word_files(path: Path | None, name: str, home: Path | None = None) -> list[Path]:
    """Return the theatre's file of parties or outlets, and the one that the user's folder brings."""
    ours = data_file(f"{_FOLDER}/{name}", home)
    theirs = path / name if path is not None and path.is_dir() else ours
    files = [ours, theirs] if theirs != ours and theirs.is_file() else [ours]
    return files if name == _ACTORS or home is None else [file for file in files if file.is_file()]


def _read(file: Path, faults: Faults, known: Sequence[str]) -> Table | None:
    path, layer = split_layer(str(file))
    return read_table(path, faults, file=_label(path), known=known, layer=layer, drawn=True)


def _label(file: Path) -> str:
    """Return a file as faults name it: ours from data/ on, a user's as it was asked for."""
    return f"data/{file.relative_to(data_dir()).as_posix()}" if file.is_relative_to(data_dir()) else str(file)


def _check_across(tables: Sequence[Table], rows: Sequence[pd.DataFrame], faults: Faults) -> None:
    """Note ids that stand in two files."""
    owner: dict[str, str] = {}
    for table, frame in zip(tables, rows, strict=True):
        for key, line in zip(frame["id"], frame["line"], strict=True) if owner else ():
            if key in owner:
                faults.add(table.file, int(line), f"id {key!r} stands in {owner[key]} too; expected every id once")
        owner |= dict.fromkeys(frame["id"], table.file) if len(tables) > 1 else {}


# Words: parties and outlets


def _read_words(
    path: Path | None, boundaries: Boundaries, faults: Faults, home: Path | None
) -> tuple[Vocabulary, dict[str, Party]]:
    files = _word_files(path, _ACTORS, home)
    parties = {key: party for file in files for key, party in _read_parties(file, faults).items()}
    unknown = str(read_theatre(home)["control"]["unknown"])
    if parties and unknown not in parties:
        hint = "land that no statement reaches is theirs; add a row for it"
        faults.add(_label(files[0]), None, f"party {unknown!r} is missing: {hint}")
    outlets: dict[str, Outlet] = {}
    for file in _word_files(path, _OUTLETS, home):
        outlets |= _read_outlets(file, outlets, faults)
    places = boundaries.places
    spellings = {key: (party.label, party.short, party.label_ar, party.short_ar) for key, party in parties.items()}
    words = Vocabulary(
        units=name_units(boundaries),
        markers=frozenset(places.index[places["role"] != "place"]),
        parties=Names(spellings),
        outlets=outlets,
        unknown=unknown,
        strict=path is None and home is None,
        leave_out=path is None and boundaries.own,
        kinds=kind_units(boundaries),
    )
    return words, parties


def _read_parties(file: Path, faults: Faults) -> dict[str, Party]:
    parties = {}
    for line, row in _read_rows(file, _ACTOR_COLUMNS, faults):
        for name in ("id", "label", "short", "bloc"):
            if not row[name]:
                faults.add(_label(file), line, f"{name} is empty; expected a word for every party")
        if row["pattern"] not in _PATTERNS:
            faults.add(
                _label(file), line, f"pattern {row['pattern']!r} is not known; expected nothing, stripes or dots"
            )
        parties[row["id"]] = Party(**row)
    return parties


def _read_outlets(file: Path, known: Mapping[str, Outlet], faults: Faults) -> dict[str, Outlet]:
    """Return the outlets of a table; their parents may stand in it or be `known`."""
    outlets, lines = {}, {}
    for line, row in _read_rows(file, _OUTLET_COLUMNS, faults):
        if row["printable"] not in ("yes", "no"):
            faults.add(_label(file), line, f"printable {row['printable']!r}; expected yes or no")
        lines[row["id"]] = line
        outlets[row["id"]] = Outlet(row["id"], row["name"], row["kind"], row["printable"] == "yes", row["parent"])
    every = {**known, **outlets}
    for outlet in outlets.values():
        if outlet.parent and outlet.parent not in every:
            hint = Names({key: (one.name,) for key, one in every.items()}).hint(outlet.parent)
            faults.add(_label(file), lines[outlet.id], f"parent {outlet.parent!r} is not listed; {hint}")
        elif _goes_in_circles(outlet, every):
            faults.add(_label(file), lines[outlet.id], f"{outlet.id!r} relays itself by its parents; expected an end")
    return outlets


def _goes_in_circles(outlet: Outlet, outlets: Mapping[str, Outlet]) -> bool:
    seen: set[str] = set()
    while outlet.parent in outlets and outlet.id not in seen:
        seen.add(outlet.id)
        outlet = outlets[outlet.parent]
    return outlet.id in seen


def _read_rows(file: Path, columns: Sequence[str], faults: Faults) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows of a small table as dicts with their lines, after noting missing columns and doubled ids."""
    empty = file.name == _OUTLETS
    table = read_table(file, faults, file=_label(file), known=columns, may_be_empty=empty, drawn=True)
    if table is None:
        return []
    if not check_heads(table, columns, faults):
        return []
    cells = table.frame[list(columns)].to_dict("records")
    rows = [(int(line), {str(k): str(v) for k, v in row.items()}) for line, row in zip(table.lines, cells, strict=True)]
    seen: dict[str, int] = {}
    for line, row in rows:
        if row["id"] in seen:
            faults.add(table.file, line, f"id {row['id']!r} stands in line {seen[row['id']]} too; expected once")
        seen.setdefault(row["id"], line)
    return rows
