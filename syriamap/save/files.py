"""Atomic writing: a file is there whole or not at all, and an existing one is kept unless told otherwise."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ..errors import OutputError


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raise OutputError when `path` cannot be written: it exists and is to be kept, or it is a folder."""
    if path.is_dir():
        raise OutputError(f"{path} is a folder; name a file in it, such as {path / 'map.png'}")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists and is kept; add --overwrite to replace it or name another file with -o")


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path` through a temporary file beside it, so that a crash leaves no half file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise OutputError(
            f"cannot write to {path.parent}: {error.strerror or error}; choose another folder with -o"
        ) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
