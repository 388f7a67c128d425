"""Where data live, for a wheel, an editable install and a checkout alike; what every file is and whence it came.

`home` is the folder of a project, laid out as data/ is; None means data/ itself.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from .errors import DataError, Fault
from .model import Input, SourceFile
from .scripts import describe_unprintable

PACKAGE = Path(__file__).parent


@cache
def data_dir() -> Path:
    """Return the folder of the embedded data, which is never written to."""
    for folder in (PACKAGE / "data", PACKAGE.parent / "data"):
        if (folder / "theatre.toml").is_file():
            return folder
    raise DataError([Fault("data", None, "the embedded data are missing; install syriamap again")])


def data_file(path: str, home: Path | None = None) -> Path:
    """Return a file by its path below data/, or below the folder of a project."""
    return (home or data_dir()) / path


@cache
def read_sources() -> tuple[SourceFile, ...]:
    """Return the entry of every embedded file in the order of data/sources.toml."""
    table = tomllib.loads(data_file("sources.toml").read_text("utf-8"))
    return tuple(SourceFile(**{**entry, "taken": str(entry["taken"])}) for entry in table["file"])


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; read again only when its size or time of change is another."""
    status = path.stat()
    return _hash_file(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=512)
def _hash_file(path: Path, *_: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe_input(path: Path, home: Path | None = None) -> Input:
    """Return a file as the sidecar names it: relative to data/ or to its project, else by its bare name.

    Raises DataError for a name that no sidecar can say.
    """
    folder = next((one for one in (home, data_dir()) if one and path.is_relative_to(one)), path.parent)
    name = path.relative_to(folder).as_posix()
    if said := describe_unprintable(name, lines=True):
        raise DataError([Fault(str(path), None, f"the name of the file {said}")])
    return Input(name, hash_file(path))
