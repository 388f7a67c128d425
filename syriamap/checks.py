"""Verify whole files, ours or a user's, and say of each what is in it or everything that is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import shapely

from .boundaries import read_boundaries, verify_boundaries
from .catalog import data_dir, data_file, hash_file, read_sources
from .control import speaks_of_control, verify_control
from .errors import DataError, Fault, UnknownNameError
from .faults import count
from .ground import check_known, list_ground_files, read_ground
from .house import ROOT
from .language import read_language
from .model import AreaFile
from .request import split_layer
from .theatre import COMMON, FILE, SOURCES, read_origins, read_theatre
from .theme import STYLE, get_theme
from .vector import is_vector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from .model import Boundaries, Control

WHOLE = 0.97  # of the country: what outlines of one country differ by


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: what is in a sound file (`summary`, `notes`), or every fault."""

    file: str
    kind: str
    summary: str
    notes: tuple[str, ...]
    faults: tuple[Fault, ...]


def check_files(
    paths: Sequence[Path],
    *,
    home: Path | None = None,
    code_column: str = "",
    name_column: str = "",
    repair: bool = False,
) -> tuple[Report, ...]:
    """Return a report on each file: vector files are boundaries unless they have a controller, all else control tables.

    Tables are read against the first sound boundaries among the files, else against the project's, else against ours.
    A layer is named as FILE:LAYER; the rest is as of AreaFile.
    """
    reports: dict[Path, Report] = {}
    boundaries: Boundaries | None = None
    for path in paths:
        file, layer = split_layer(str(path))
        if is_vector(file) and not speaks_of_control(file):
            areas = AreaFile(file, layer, code_column, name_column, repair)
            reports[path], found = _check_boundaries(areas, str(path), home)
            boundaries = boundaries or found
    for path in paths:
        if path not in reports:
            boundaries = boundaries or read_boundaries(project=home)
            reports[path] = _check_control(path, str(path), boundaries, home)
    return tuple(reports[path] for path in paths)


def check_embedded() -> tuple[Report, ...]:
    """Return a report on each part of the embedded data: boundaries, control table, layers, sources."""
    report, boundaries = _check_boundaries(None, "data/boundaries")
    reports = [report]
    if boundaries is not None:
        reports.append(_check_control(None, "data/control", boundaries))
    layers = [path for path in _list_data() if path.endswith(".geojson")]
    reports.extend(_report(f"data/{path}", "layer", partial(_check_layer, path)) for path in layers)
    reports.append(_report("data/sources.toml", "sources", _check_sources))
    return tuple(reports)


def check_project(home: Path) -> tuple[Report, ...]:
    """Return a report on each part of a project: theatre, areas with places, layers, table, colours, words, sources.

    What cannot be told while another part is faulty is left for the next time.
    """
    reports = [_report(str(home / FILE), "theatre", partial(_check_theatre, home))]
    if reports[0].faults:
        return tuple(reports)
    report, boundaries = _check_boundaries(None, str(home / "boundaries"), home)
    reports.append(report)
    if boundaries is not None:
        reports.append(_report(str(home), "layers", partial(_check_ground, home, boundaries)))
        reports.append(_check_control(None, str(home / "control"), boundaries, home))
        reports.append(_report(str(home / STYLE), "theme", partial(_check_colours, home, boundaries)))
    names = sorted((home / "names").glob("*.toml"))
    reports.extend(_report(str(path), "names", partial(_check_names, path, home)) for path in names)
    reports.append(_report(str(home / SOURCES), "sources", partial(_check_papers, home)))
    return tuple(reports)


def _check_theatre(home: Path) -> tuple[str, tuple[str, ...]]:
    theatre = read_theatre(home)
    return f"{count(len(theatre['views']), 'view')}: {', '.join(theatre['views'])}", ()


def _check_ground(home: Path, boundaries: Boundaries) -> tuple[str, tuple[str, ...]]:
    """Return how many files the ground is read from."""
    check_known(read_ground(home), boundaries, home)
    return f"{count(len(list_ground_files(home)), 'file')} of neighbours, water, roads, sparse land and air bases", ()


def _check_colours(home: Path, boundaries: Boundaries) -> tuple[str, tuple[str, ...]]:
    """Return how many parties have colours, and those that have none."""
    theme, control = get_theme(ROOT, home), verify_control(boundaries=boundaries, home=home)[0]
    bare = [party for party in control.parties if party not in theme.parties]
    notes = tuple(f"{party} has no colours and is drawn striped; add [party.{party}] to {STYLE}" for party in bare)
    return f"colours for {len(control.parties) - len(bare)} of {len(control.parties)} parties", notes


def _check_names(path: Path, home: Path) -> tuple[str, tuple[str, ...]]:
    """Return whose language a file of wordings is."""
    try:
        return f"wordings in {read_language(path.stem, home=home).code}", ()
    except UnknownNameError as error:
        raise DataError([Fault(str(path), None, f"is the file of no language: {error}")]) from error


def _check_papers(home: Path) -> tuple[str, tuple[str, ...]]:
    """Return how many files have their papers; DataError for hashes that differ and files that are not there."""
    own = [one for one in read_origins(home) if not one.path.startswith(COMMON)]
    there = {one.path: data_file(one.path, home) for one in own}
    faults = [
        Fault(str(home / SOURCES), None, f"{path} has an entry and no file")
        for path, file in there.items()
        if not file.is_file()
    ]
    faults += [
        Fault(str(there[one.path]), None, f"its hash differs from {SOURCES} ({one.sha256[:12]}...)")
        for one in own
        if one.sha256 and there[one.path].is_file() and hash_file(there[one.path]) != one.sha256
    ]
    if faults:
        raise DataError(faults)
    used = [path.relative_to(home).as_posix() for path in list_ground_files(home)]
    notes = tuple(f"{path} has no entry: nobody is credited for it" for path in used if path not in there)
    return f"{count(len(own), 'file')} with their makers", notes


def _report(file: str, kind: str, check: Callable[[], tuple[str, tuple[str, ...]]]) -> Report:
    """Return the report on a check that returns a summary and notes, or raises its faults."""
    try:
        summary, notes = check()
    except DataError as error:
        return Report(file, kind, "", (), error.faults)
    return Report(file, kind, summary, notes, ())


def _check_boundaries(areas: AreaFile | None, file: str, home: Path | None = None) -> tuple[Report, Boundaries | None]:
    found: list[Boundaries] = []

    def check() -> tuple[str, tuple[str, ...]]:
        boundaries, repairs = verify_boundaries(areas, home)
        found.append(boundaries)
        return _describe_boundaries(boundaries), (*repairs, *(_tell_part(boundaries, home) if areas else ()))

    return _report(file, "boundaries", check), found[0] if found else None


def _tell_part(boundaries: Boundaries, home: Path | None) -> tuple[str, ...]:
    """Return how much of the country a user's areas cover, when that is not all of it."""
    ours = read_boundaries(project=home).country
    share = ours.intersection(boundaries.country).area / ours.area
    said = f"they cover {100 * share:.0f} % of the country; the rest will be drawn as abroad"
    return () if share > WHOLE else (said,)


def _check_control(path: Path | None, file: str, boundaries: Boundaries, home: Path | None = None) -> Report:
    def check() -> tuple[str, tuple[str, ...]]:
        control, notes = verify_control(path, boundaries=boundaries, home=home)
        return _describe_control(control), notes

    return _report(file, "control", check)


def _describe_boundaries(boundaries: Boundaries) -> str:
    levels = boundaries.units["level"].value_counts(sort=False)
    units = ", ".join(f"{count(number, 'area')} of level {level}" for level, number in levels.items())
    return f"{units}; {count(len(boundaries.areas), 'special area')}; {count(len(boundaries.places), 'place')}"


def _describe_control(control: Control) -> str:
    rows = control.statements
    said = f"{count(len(rows), 'statement')} about {count(rows['unit'].nunique(), 'unit')}"
    return f"{said}, {control.first} to {control.last}, {len(control.parties)} parties"


# Our own layers and their papers


def _list_data() -> list[str]:
    """Return every file of data/ by its path, in order."""
    root = data_dir()
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def _check_layer(path: str) -> tuple[str, tuple[str, ...]]:
    """Return how many features a layer has; DataError for unreadable, empty or invalid ones and doubled ids."""
    file = f"data/{path}"
    try:
        features = json.loads((data_dir() / path).read_text("utf-8"))["features"]
    except (ValueError, KeyError) as error:
        raise DataError([Fault(file, None, f"is no GeoJSON: {error}")]) from error
    faults = list(_check_features(file, features))
    if faults:
        raise DataError(faults)
    return count(len(features), "feature"), ()


def _check_features(file: str, features: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    if not features:
        yield Fault(file, None, "holds no features")
    seen: set[str] = set()
    for number, feature in enumerate(features, start=1):
        key = str(feature["properties"].get("id", ""))
        if not key or key in seen:
            yield Fault(file, number, f"id {key!r} is empty or doubled; expected every id once")
        seen.add(key)
        shape = shapely.geometry.shape(feature["geometry"]) if feature.get("geometry") else None
        if shape is None or shape.is_empty:
            yield Fault(file, number, f"{key}: the geometry is missing or empty")
        elif not shape.is_valid:
            yield Fault(file, number, f"{key}: the geometry is invalid ({shapely.is_valid_reason(shape)})")


def _check_sources() -> tuple[str, tuple[str, ...]]:
    """Return how many files have their papers; DataError for files without, papers without a file, wrong hashes."""
    file = "data/sources.toml"
    try:
        entries = {entry.path: entry for entry in read_sources()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError([Fault(file, None, f"cannot be read: {error}")]) from error
    present = [path for path in _list_data() if path != "sources.toml"]
    faults = [Fault(f"data/{path}", None, "has no entry in sources.toml") for path in present if path not in entries]
    for path, entry in entries.items():
        if path not in present:
            faults.append(Fault(file, None, f"{path} has an entry and no file"))
        elif hash_file(data_dir() / path) != entry.sha256:
            faults.append(Fault(f"data/{path}", None, f"its hash differs from sources.toml ({entry.sha256[:12]}...)"))
    if faults:
        raise DataError(faults)
    return f"{count(len(entries), 'file')} with licence, credit and hash", ()
