"""Tiles kept on disk: whole, checked by their hash when read, the least used ones removed when they are too many."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

DIGEST = hashlib.sha256().digest_size
MOST_BYTES = 200_000_000
FOLDER, SIZE = "SYRIAMAP_CACHE", "SYRIAMAP_CACHE_MB"  # of the environment


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of tiles that holds `most_bytes` of them. Where it cannot be written to, nothing is kept.

    A file is named by the hash of what its tile is called, which tells nobody the address with its key, and holds the
    hash of the tile and the tile.
    """

    folder: Path
    most_bytes: int = MOST_BYTES

    def find(self, name: str) -> bytes | None:
        """Return a tile, None when it is not there or not what was written."""
        path = self._path(name)
        try:
            held = path.read_bytes()
        except OSError:
            return None
        if hashlib.sha256(held[DIGEST:]).digest() != held[:DIGEST]:
            return None
        with suppress(OSError):
            os.utime(path)  # the least used are removed first
        return held[DIGEST:]

    def keep(self, name: str, body: bytes) -> None:
        """Keep a tile, whole or not at all."""
        path = self._path(name)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(prefix=".new-", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(body).digest() + body)
                Path(beside).replace(path)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise

    def trim(self) -> None:
        """Remove the tiles that were used longest ago until no more is held than may be."""
        held = []
        for path in self.folder.glob("??/*"):
            with suppress(OSError):  # another process removes some too
                status = path.stat()
                held.append((status.st_mtime_ns, path, status.st_size))
        whole = sum(size for *_, size in held)
        for _, path, size in sorted(held):
            if whole <= self.most_bytes:
                return
            with suppress(OSError):
                path.unlink()
            whole -= size

    def _path(self, name: str) -> Path:
        key = hashlib.sha256(name.encode()).hexdigest()
        return self.folder / key[:2] / key


def usual_cache() -> Cache:
    """Return the cache of this user: SYRIAMAP_CACHE, else where the system keeps such things."""
    folder = os.environ.get(FOLDER) or platformdirs.user_cache_path("syriamap", appauthor=False) / "tiles"
    size = os.environ.get(SIZE, "")
    return Cache(Path(folder), int(float(size) * 1_000_000) if size.replace(".", "", 1).isdigit() else MOST_BYTES)
