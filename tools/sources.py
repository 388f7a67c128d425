"""Write data/sources.toml: every file of data/ with its title, origin, licence, credit and hash.

python -m tools.sources

Prepares data/prepared/ anew first. tools/sources_in.toml holds the entries by hand, without hashes. A file without an
entry, an entry without a file, an empty field or a licence that is not allowed stops the build.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from syriamap.catalog import hash_file
from tools import prepare
from tools.common import DATA, ROOT, TOOLS, write_text

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = ("path", "sha256", "title", "layer", "origin", "taken", "licence", "credit", "note")
OPTIONAL = ("note",)
LICENCES = frozenset(
    [
        "MIT",  # our own tables and settings
        "ODbL-1.0",
        "CC-BY-4.0",
        "OFL-1.1",
        "LGPL-3.0-or-later",
        "public domain",
        "facts",  # dated statements with their sources; no sentence is anybody's
    ]
)


def build(entries_in: str = "sources_in.toml", folder: Path = DATA) -> None:
    """Write sources.toml of a folder from the entries of a file of tools/, or stop with the whole list of faults."""
    table = tomllib.loads((TOOLS / entries_in).read_text("utf-8"))["file"]
    entries = [one for entry in table for one in expand(entry, folder)]
    faults = find_faults(entries, folder)
    if faults:
        raise SystemExit(f"tools/{entries_in}:\n" + "\n".join(faults))
    ordered = sorted(entries, key=lambda entry: str(entry["path"]))
    what = f"Every file of {folder.relative_to(ROOT).as_posix()}/"
    text = f"# {what}: whence it came, under which licence, whom to credit. Written by tools/sources.py.\n\n"
    write_text(folder / "sources.toml", text + "\n".join(format_entry(entry, folder) for entry in ordered))


def expand(entry: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """Return an entry for each file that a path with a "*" stands for; any other entry as it is."""
    path = str(entry.get("path", ""))
    if "*" not in path:
        return [entry]
    return [{**entry, "path": file.relative_to(folder).as_posix()} for file in sorted(folder.glob(path))]


def find_faults(entries: list[dict[str, Any]], folder: Path) -> list[str]:
    """Return what is wrong with the entries, or with the files that they should describe."""
    paths = [entry.get("path", "") for entry in entries]
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"sources.toml"}
    faults = [f"{path}: no entry" for path in sorted(present - set(paths))]
    faults += [f"{path}: no such file" for path in sorted(set(paths) - present)]
    faults += [f"{path}: more than one entry" for path in sorted({path for path in paths if paths.count(path) > 1})]
    needed = [name for name in FIELDS if name not in (*OPTIONAL, "sha256")]
    faults += [f"{entry.get('path')}: no {name}" for entry in entries for name in needed if not entry.get(name)]
    faults += [
        f"{entry.get('path')}: unknown field {name}" for entry in entries for name in entry if name not in FIELDS
    ]
    parts = [(entry.get("path"), part) for entry in entries for part in str(entry.get("licence")).split(" and ")]
    return faults + [f"{path}: licence {part!r} is not allowed" for path, part in parts if part not in LICENCES]


def format_entry(entry: dict[str, Any], folder: Path) -> str:
    """Return an entry as TOML with its hash, the fields in one order."""
    whole = {**entry, "sha256": hash_file(folder / entry["path"])}
    lines = [f"{name} = {format_value(name, whole[name])}" for name in FIELDS if whole.get(name)]
    return "[[file]]\n" + "\n".join(lines) + "\n"


def format_value(name: str, value: object) -> str:
    """Return a TOML value: a date bare, all else as a basic string, whose escapes JSON shares."""
    return str(value) if name == "taken" else json.dumps(str(value), ensure_ascii=False)


if __name__ == "__main__":
    prepare.build()
    build()
