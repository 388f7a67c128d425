"""Atomic writing: a file is there whole or not at all, and an existing one is kept unless told otherwise."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import OutputError
from ..scripts import describe_unprintable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NAMELESS_UNKNOWN = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT)  # folders without files without names
LINKS_UNKNOWN = (errno.EOPNOTSUPP, errno.EPERM, errno.ENOENT, errno.EACCES, errno.EXDEV, errno.ENOSYS)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOT_TEXT = re.compile(r"[\ud800-\udfff]")  # bytes of a file name that are no UTF-8
TRIES = 3  # another process may be at the same file; after that each takes a name of its own


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raise OutputError when `path` cannot be written: it exists and is to be kept, or it is a folder."""
    if path.is_dir():
        raise OutputError(f"{path} is a folder; name a file in it, such as {path / 'map.png'}")
    if _leads_in_a_circle(path):
        raise OutputError(f"{path} is a link that leads back to itself; remove it or name another file with -o")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} is a device or a pipe; name a file with -o")
    if NOT_TEXT.search(str(path.name)):
        shown = NOT_TEXT.sub("?", path.name)
        raise OutputError(f"the name {shown!r} is not in UTF-8, as its sidecar must say it; name another file with -o")
    if said := describe_unprintable(path.name, lines=True):
        raise OutputError(f"the name {path.name!r} {said}; name another file with -o")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists and is kept; add --overwrite to replace it or name another file with -o")


def _leads_in_a_circle(path: Path) -> bool:
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write files that belong together. When one cannot be written, those before it are again what they were, or gone.

    A program that is killed in the midst leaves the first ones, each whole.
    """
    before: dict[Path, bytes | None] = {}
    with _folders(path.parent for path in contents):
        try:
            for path, content in contents.items():
                old = path.read_bytes() if path.exists() else None
                write_whole(path, content)
                before[path] = old
        except BaseException:
            with suppress(OSError):
                for path, old in before.items():
                    if old is None:
                        Path(os.path.realpath(path)).unlink(missing_ok=True)
                    else:
                        write_whole(path, old)
            raise


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path` whole or not at all, whatever ends the program on the way.

    Where the system can, the file gets its name when it is whole and has none before; elsewhere it is written beside
    under another name and moved. A link stays: what it leads to is written.
    """
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    with _folders([path.parent]):
        try:
            if not _write_nameless(path, content):
                _write_beside(path, content)
        except OSError as error:
            if isinstance(error, OutputError):
                raise
            way_out = "make room or choose another folder" if error.errno in FULL else "name another file"
            raise OutputError(f"cannot write {path}: {error.strerror or error}; {way_out} with -o") from error


@contextmanager
def _folders(wanted: Iterable[Path]) -> Iterator[None]:
    """Make folders for files to be written meanwhile; when that fails, those that were made and are empty go again."""
    made: list[Path] = []
    try:
        for folder in wanted:
            try:
                made += [one for one in (folder, *folder.parents) if not one.exists()]
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutputError(_cannot_write_to(folder, error)) from error
        yield
    except BaseException:
        for one in sorted(made, reverse=True):  # the innermost first
            with suppress(OSError):  # not made, not empty, or gone
                one.rmdir()
        raise


def sweep(path: Path) -> None:
    """Remove what a program that was killed while it replaced `path` may have left: a whole file by another name."""
    hidden_name(path).unlink(missing_ok=True)


def hidden_name(path: Path) -> Path:
    """Return the name that a whole file has for the moment before it replaces `path`."""
    return path.with_name(f".{path.name}.new")


def _cannot_write_to(folder: Path, error: OSError) -> str:
    return f"cannot write to {folder}: {error.strerror or error}; choose another folder with -o"


def _write_nameless(path: Path, content: bytes) -> bool:
    """Write a file without a name and link it where it belongs; return whether that could be done."""
    if not hasattr(os, "O_TMPFILE"):
        return False
    try:
        handle = _open_nameless(path.parent)
    except OSError as error:
        if error.errno in NAMELESS_UNKNOWN:
            return False
        raise OutputError(_cannot_write_to(path.parent, error)) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        return _link(handle, path)


def _open_nameless(folder: Path) -> int:
    return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)


def _link(handle: int, path: Path) -> bool:
    """Give an open file the name `path`, in the place of a file that has it; return whether that could be done."""
    try:
        _name(handle, path)
    except FileExistsError:
        return _replace(handle, path)
    except OSError as error:
        if error.errno not in LINKS_UNKNOWN:
            raise
        return False
    return True


def _name(handle: int, path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:  # a folder's handle makes Python follow the link that /proc has for an open file
        os.link(f"/proc/self/fd/{handle}", path.name, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)


def _replace(handle: int, path: Path) -> bool:
    """Put an open file in the place of the one that has the name `path`; return whether others let it."""
    hidden = hidden_name(path)
    for _ in range(TRIES):
        try:
            sweep(path)
            _name(handle, hidden)
            hidden.replace(path)
        except (FileExistsError, FileNotFoundError):
            continue
        except BaseException:
            hidden.unlink(missing_ok=True)
            raise
        return True
    return False


def _write_beside(path: Path, content: bytes) -> None:
    """Write through a temporary file beside `path`."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise OutputError(_cannot_write_to(path.parent, error)) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
