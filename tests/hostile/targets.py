"""Every reader of what strangers write, as one function of bytes: only our own errors, which name the file, may pass.

The tests and `make fuzz` read this one list. A target returns without a word whether the file was right or refused.
"""

from __future__ import annotations

import warnings
from contextlib import ExitStack, chdir, contextmanager
from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from unittest.mock import patch

from click.testing import CliRunner

from syriamap.atlas import choose_theme, compose_map, make_order, read_materials
from syriamap.basemap import Grid, find_source, read_basemap
from syriamap.basemap.judge import Refused, judge_tile
from syriamap.boundaries import read_boundaries
from syriamap.checks import check_project
from syriamap.cli import main
from syriamap.control import read_control
from syriamap.errors import SyriaMapError
from syriamap.faults import Faults
from syriamap.language import read_language
from syriamap.lint import lint_map, lint_maps
from syriamap.model import AreaFile, Extent
from syriamap.point_tables import read_point_table, tag_table
from syriamap.request import take_own
from syriamap.tables import read_table
from syriamap.theme import get_theme
from syriamap.verify import verify_map

from ..read.conftest import CRS, make_squares
from .good import HEADER, LAND, STATEMENT
from .land import DAY, lay_out_land, list_land

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from syriamap.model import Control

    Target = Callable[[bytes, Path], None]

SQUARES = make_squares()
GRID = Grid(CRS, Extent(-140_000, -300_000, 500_000, 270_000), 48, 42)
LAYERS = ("boundaries/neighbours", "boundaries/sparse", "water/lakes", "water/rivers", "roads/highways")
PROJECT = {  # files of a project by the target that breaks them
    "theatre": ["theatre.toml"],
    "sources": ["sources.toml"],
    "style": ["theme.toml"],
    "names": ["names/en.toml"],
    "parties": ["control/actors.csv"],
    "outlets": ["control/outlets.csv"],
    "places": ["places/places.csv"],
    "bases": ["places/bases.csv"],
    "areas": ["boundaries/areas.geojson", "water/barriers.geojson"],
    "layers": [f"{name}.geojson" for name in LAYERS],
}


class BrokenLawError(AssertionError):
    """A reader broke the law: its message does not name the file, or it left something behind."""


def _read(name: str, read: Callable[[Path], object]) -> Target:
    """Return the target that writes the bytes to a file of a name and reads it."""

    def target(data: bytes, folder: Path) -> None:
        path = folder / name
        path.write_bytes(data)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of pyogrio and openpyxl, about files that are odd
                read(path)
        except SyriaMapError as error:
            if name not in str(error):
                raise BrokenLawError(f"the message does not name {name}: {error}") from error
        if left := [one.name for one in folder.iterdir() if one != path]:
            raise BrokenLawError(f"left behind: {left}")

    return target


def _table(path: Path) -> None:
    faults = Faults()
    read_table(path, faults, known=HEADER.split(","))
    faults.raise_any()


@cache
def _control() -> Control:
    return read_control(boundaries=read_boundaries())


def _points(path: Path) -> None:
    tag_table(read_point_table(path), on=date(2024, 12, 5), boundaries=read_boundaries(), control=_control())


def _areas(path: Path) -> None:
    read_boundaries(AreaFile(path))


def _basemap(path: Path) -> None:
    read_basemap(find_source(path, ""), GRID)


def _tile(data: bytes, _: Path) -> None:
    try:
        judge_tile(data)
    except Refused:
        return


# Sidecars and pictures


def _verify(path: Path) -> None:
    if error := verify_map(path).error:
        raise SyriaMapError(error)


def _lint(data: bytes, folder: Path) -> None:
    """Check a sidecar beside a sound one, as maps of one series, and as one picture of it."""
    (folder / "mine.json").write_bytes(data)
    (folder / "other.json").write_bytes(LAND.read_bytes())
    for report in lint_maps([folder / "mine.json", folder / "other.json"]):
        if report.error and "mine.json" not in report.error:
            raise BrokenLawError(f"the message does not name mine.json: {report.error}")


def _picture(data: bytes, folder: Path) -> None:
    """Check and verify a picture beside a sound sidecar; its name is one of its form."""
    name = f"map{'.pdf' if data.startswith(b'%PDF') else '.svg' if b'<svg' in data[:1000] else '.png'}"
    (folder / name).write_bytes(data)
    (folder / "map.json").write_bytes(LAND.read_bytes())
    lint_map(folder / name)
    verify_map(folder / name)


# Projects


def _project(*names: str, compose: bool = True) -> Target:
    """Return the target that lays out a project with the bytes in place of some of its files, checks and composes."""

    def target(data: bytes, folder: Path) -> None:
        lay_out_land(folder, list_land() | dict.fromkeys(names, data))
        before = sorted(folder.rglob("*"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            faults = [fault for report in check_project(folder) for fault in report.faults]
            if odd := [fault for fault in faults if str(folder) not in fault.file]:
                raise BrokenLawError(f"faults that do not name the project: {odd}")
            if compose and not faults:
                _compose(folder)
        if left := set(folder.rglob("*")) - set(before):
            raise BrokenLawError(f"left behind: {left}")

    return target


def _compose(folder: Path) -> None:
    """Compose a map of a project; what its check lets through may still be too much for a map, and is then refused."""
    try:
        compose_map(date.fromisoformat(DAY), project=folder, size="web-small", mark_next=True)
    except SyriaMapError:
        return


# Commands


class DrawnError(SyriaMapError):
    """A command has read its words and its files, and would draw now."""


def _draw(*_: object, **__: object) -> None:
    raise DrawnError("drawn")


def _order(_: date, **choices: object) -> None:
    """Read all that a map is made from, and draw none."""
    choose_theme(choices)
    make_order(read_materials(take_own(choices)), choices)
    raise DrawnError("drawn")


@contextmanager
def _writing_nothing() -> Iterator[None]:
    """Let commands neither draw nor write, nor ask for workers."""
    drawing = ("series._draw", "numbers.render_comparison", "numbers.render_chart", "cluster.connect")
    writing = ("save.write_whole", "export.write_together", "project.write_together")
    with ExitStack() as stack:
        stack.enter_context(patch("syriamap.atlas.render_map", _order))
        for name in drawing:
            stack.enter_context(patch(f"syriamap.{name}", _draw))
        for name in writing:
            stack.enter_context(patch(f"syriamap.{name}", lambda *_: None))
        yield


def _command(data: bytes, folder: Path) -> None:
    """Run a command with words that are one a line, in a folder with a table, points and a sidecar."""
    words = data.decode("utf-8", "replace").splitlines()[:12]
    files = {"mine.csv": f"{HEADER}\n{STATEMENT.replace('A1', 'hama')}\n".encode(), "map.json": LAND.read_bytes()}
    lay_out_land(folder, files | {"points.csv": b"lon,lat,day\n36.75,35.13,2024-12-05\n"})
    before = set(folder.rglob("*"))
    with warnings.catch_warnings(), chdir(folder), _writing_nothing():
        warnings.simplefilter("ignore")
        result = CliRunner().invoke(main, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    if left := set(folder.rglob("*")) - before:
        raise BrokenLawError(f"a command wrote {left}")


TARGETS: dict[str, Target] = {
    "control": _read("mine.csv", lambda path: read_control(path, boundaries=SQUARES)),
    "csv": _read("mine.csv", _table),
    "points": _read("mine.csv", _points),
    "xlsx": _read("mine.xlsx", _table),
    "parquet": _read("mine.parquet", _table),
    "features": _read("mine.geojson", _table),
    "drawn": _read("mine.geojson", lambda path: read_control(path, boundaries=read_boundaries())),
    "zip": _read("mine.zip", _table),
    "geojson": _read("mine.geojson", _areas),
    "shapefile": _read("mine.zip", _areas),
    "geopackage": _read("mine.gpkg", _areas),
    "flatgeobuf": _read("mine.fgb", _areas),
    "geoparquet": _read("mine.parquet", _areas),
    "geotiff": _read("mine.tif", _basemap),
    "mbtiles": _read("mine.mbtiles", _basemap),
    "pmtiles": _read("mine.pmtiles", _basemap),
    "theme": _read("mine.toml", get_theme),
    "names": _read("mine.toml", lambda path: read_language("en", names=path)),
    "sidecar": _read("mine.json", _verify),
    "lint": _lint,
    "picture": _picture,
    "tile": _tile,
    "command": _command,
    **{f"project-{name}": _project(*files) for name, files in PROJECT.items()},
}
QUICK = {f"project-{name}": _project(*files, compose=False) for name, files in PROJECT.items()}  # checked, not composed
