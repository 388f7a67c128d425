"""What a worker of a series does: draw some days of one view, size and language, and hand the bytes back.

A task needs nothing but this package where it is done: it names embedded data by their hashes and brings the user's own
files with it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from . import __version__
from .atlas import pack_map, render_map
from .boundaries import list_boundary_files
from .catalog import data_dir
from .control import list_control_files
from .errors import SeriesError
from .inputs import list_inputs, list_theme_files
from .model import AreaFile
from .request import is_file, split_layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from .atlas import Choices
    from .model import Input

DRAWING = Lock()  # matplotlib draws one picture at a time in a process
PARCELS = 4  # kept unpacked in a process


@dataclass(frozen=True, slots=True)
class Parcel:
    """The user's own files: `starts` where each choice of them lies, `files` their bytes by path, `key` their hash."""

    key: str
    starts: Mapping[str, str]
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Task:
    """Days to draw with one set of choices, each into pictures of some names; `inputs` and `version` must agree."""

    choices: Choices
    days: tuple[tuple[date, tuple[str, ...]], ...]
    inputs: tuple[Input, ...]
    version: str = __version__
    parcel: Parcel | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished picture: the name of its file, its bytes and those of its sidecar."""

    name: str
    picture: bytes
    sidecar: bytes


def draw_task(task: Task) -> list[Drawn]:
    """Return all pictures of a task. Raises SeriesError when this is another version or has other data."""
    return list(draw_days(task))


def draw_days(task: Task) -> Iterator[Drawn]:
    """Yield the pictures of a task one by one."""
    if task.version != __version__:
        raise SeriesError(f"a worker has syriamap {__version__}; expected {task.version}: install the same everywhere")
    with DRAWING:
        choices = _unpack(task)
        _compare(list_inputs(choices), task.inputs)
    for on, names in task.days:
        with DRAWING:
            made = render_map(on, **choices)
            drawn = [Drawn(name, *pack_map(made, name)) for name in names]
        yield from drawn


def _compare(found: tuple[Input, ...], expected: tuple[Input, ...]) -> None:
    odd = sorted({one.path for one in set(found) ^ set(expected)})
    if odd:
        more = f" and {len(odd) - 1} more" if odd[1:] else ""
        raise SeriesError(
            f"{odd[0]}{more}: a worker has another file of that name, or it changed while the series was drawn; "
            "expected the same; install one version everywhere and start again"
        )


# Files of the user's


def pack_parcel(choices: Choices) -> Parcel | None:
    """Return the user's own files among the choices, to travel with a task; None without any.

    Fonts and logo of a house style travel too, unless it names them by their whole path.
    """
    starts: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for key, value in choices.items():
        if is_file(key, value) and not Path(str(value)).is_relative_to(data_dir()):
            start = Path(os.path.abspath(str(value)))  # noqa: PTH100  # resolve would follow links out of the folder
            own = [Path(os.path.abspath(path)) for path in _own_files(key, start)]  # noqa: PTH100
            root = Path(os.path.commonpath([start.parent, *(path.parent for path in own)]))
            starts[key] = f"{key}/{start.relative_to(root).as_posix()}"
            files |= {f"{key}/{path.relative_to(root).as_posix()}": path.read_bytes() for path in own}
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name} {len(content)} ".encode() + content)
    return Parcel(digest.hexdigest(), starts, files) if starts else None


def _own_files(key: str, start: Path) -> list[Path]:
    return [path for path in _list_own(key, start) if not path.is_relative_to(data_dir())]


def _list_own(key: str, start: Path) -> Iterable[Path]:
    """Return the files that a choice of the user's leads to."""
    if key == "theme":
        return list_theme_files(str(start))
    if key == "boundaries":
        return list_boundary_files(AreaFile(split_layer(str(start))[0]))
    if key == "project":
        return sorted(path for path in start.rglob("*") if path.is_file())
    return list_control_files(start) if key == "control" else [start]  # wordings, a basemap


class _Unpacked:
    """The parcels that lie unpacked in this process, the latest last; each in a private folder that goes with it."""

    def __init__(self) -> None:
        self.folders: OrderedDict[str, Path] = OrderedDict()
        self.owner = 0

    def find(self, parcel: Parcel) -> Path:
        """Return the folder of a parcel, unpacked once: what is read from it stays valid."""
        if self.owner != os.getpid():  # a forked process leaves the folders of its parent alone
            self.folders, self.owner = OrderedDict(), os.getpid()
            Finalize(None, self.clear, exitpriority=0)  # a worker's process ends without the usual cleaning up
        if parcel.key not in self.folders:
            folder = Path(tempfile.mkdtemp(prefix="syriamap-"))
            for name, content in parcel.files.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            self.folders[parcel.key] = folder
        self.folders.move_to_end(parcel.key)
        while len(self.folders) > PARCELS:
            shutil.rmtree(self.folders.popitem(last=False)[1], ignore_errors=True)
        return self.folders[parcel.key]

    def clear(self) -> None:
        """Remove all folders of this process."""
        while self.owner == os.getpid() and self.folders:
            shutil.rmtree(self.folders.popitem()[1], ignore_errors=True)


UNPACKED = _Unpacked()


def _unpack(task: Task) -> Choices:
    """Return the choices with the user's files where they lie on this machine."""
    if task.parcel is None:
        return task.choices
    folder = UNPACKED.find(task.parcel)
    choices: Any = {**task.choices, **{key: folder / start for key, start in task.parcel.starts.items()}}
    found: Choices = choices
    return found
