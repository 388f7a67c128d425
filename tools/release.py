"""Build the wheel and the sdist as they would be published, look into them and try the wheel as a user would.

python -m tools.release                   (what `make release-check` runs)
python -m tools.release --python python3.12 --newest
python -m tools.release --oldest          (with the lowest versions that pyproject.toml allows)
python -m tools.release --tests tests     (the whole suite against the wheel; a core of it by default)

Everything happens in a temporary folder, with the sources out of reach. The first fault ends it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.common import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

WHEEL_MB, SDIST_MB = 6.0, 8.0  # 4.7 and 5.4 today: a quarter more is growth, twice as much is something that slipped in
CORE = ("tests/cli", "tests/read", "tests/project", "tests/test_public.py")  # what a user meets first
TESTED = ("tests", "examples", "docs", "README.md", "pyproject.toml")  # all that tests read beside the package
TEST_TOOLS = ("pytest", "pytest-xdist", "hypothesis", "jsonschema", "pyarrow", "openpyxl", "distributed")
SPDX = [
    "MIT",
    "MIT-CMU",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "ISC",
    "Apache-2.0",
    "PSF-2.0",
    "HPND",
    "Zlib",
    "CC0-1.0",
]
WORDS = (
    "MIT License",
    "BSD License",
    "Apache Software License",
    "Python Software Foundation License",
    "BSD",
    "New BSD",
)
PERMISSIVE = frozenset([*SPDX, *WORDS, "ISC License (ISCL)", "CMU License (MIT-CMU)"])  # words of older packages, too
OLD = ("-W", "ignore::DeprecationWarning")  # old packages warn of one another
ALLOWED = {"certifi": "MPL-2.0", "tqdm": "MPL-2.0 AND MIT"}  # used as they are; their files stay under their own terms
SMOKE = (
    ("--version",),
    ("render", "2024-12-05", "-o", "map.png"),
    ("lint", "map.png"),
    ("verify", "map.png"),
    ("explain", "2024-12-05", "Hama"),
    ("stats", "2024-12-05"),
    ("check",),
    ("sources",),
    ("new", "island"),
    ("render", "2024-01-03", "--project", "island", "-o", "island.svg"),
)


class ReleaseError(Exception):
    """Something that must not be published."""


# Building


def build(folder: Path) -> tuple[Path, Path]:
    """Return the sdist and the wheel, the wheel built from the sdist."""
    pinned = {"PIP_CONSTRAINT": str(ROOT / "constraints.txt")}  # the program that builds, too
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder, env=pinned)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


def run(*words: object, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Return what a command says on stdout. Raises ReleaseError with all it said when it fails."""
    hidden = ("PYTHONPATH", "VIRTUAL_ENV", "PIP_CONSTRAINT")
    clean = {name: value for name, value in os.environ.items() if name not in hidden} | dict(env or {})
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ReleaseError(f"{' '.join(map(str, words))}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def check_same(first: Sequence[Path], second: Sequence[Path]) -> None:
    """Refuse files that were made twice and differ."""
    for one, other in zip(first, second, strict=True):
        if one.read_bytes() != other.read_bytes():
            raise ReleaseError(f"{one.name} and {other.name} differ; expected the same bytes")


# Looking into them


def list_expected(tracked: Iterable[str]) -> set[str]:
    """Return what a wheel must hold of the files that the repository keeps."""
    package = {name for name in tracked if name.startswith("syriamap/")}
    return package | {f"syriamap/{name}" for name in tracked if name.startswith("data/")}


def check_contents(found: Iterable[str], expected: set[str]) -> None:
    """Refuse a wheel that holds anything else than the package, its data and what describes it."""
    names = {name for name in found if ".dist-info/" not in name}
    if stray := sorted(names - expected):
        raise ReleaseError(f"the wheel holds what the repository does not keep: {', '.join(stray[:5])}")
    if missing := sorted(expected - names):
        raise ReleaseError(f"the wheel lacks {', '.join(missing[:5])}")


def check_weight(path: Path, most_mb: float) -> None:
    """Refuse a file that is heavier than a release has any reason to be."""
    if (found := path.stat().st_size / 1e6) > most_mb:
        raise ReleaseError(f"{path.name} has {found:.1f} MB; expected {most_mb} at most")


def check_metadata(text: str, project: Mapping[str, Any], version: str) -> None:
    """Refuse metadata that do not say what pyproject.toml and the package say."""
    told = Parser().parsestr(text)
    expected = {"Name": project["name"], "Version": version, "Requires-Python": project["requires-python"]}
    expected |= {"License-Expression": project["license"], "Description-Content-Type": "text/markdown"}
    for field, value in expected.items():
        if told[field] != value:
            raise ReleaseError(f"{field} is {told[field]!r} in the wheel; expected {value!r}")
    if project["version"] != version:
        raise ReleaseError(f"pyproject.toml has version {project['version']}, the package {version}")
    if sorted(told.get_all("License-File", [])) != sorted(project["license-files"]):
        raise ReleaseError(f"the wheel has the licences {told.get_all('License-File')}")


def check_licences(installed: Iterable[Mapping[str, Any]]) -> None:
    """Refuse packages that a user gets with ours whose licence is not known to be permissive."""
    for package in installed:
        licence = package["licence"]
        fine = is_permissive(licence) or ALLOWED.get(package["name"].casefold()) == licence
        if not fine:
            raise ReleaseError(f"{package['name']}: licence {licence or 'unknown'!r}; expected a permissive one")


def is_permissive(licence: str) -> bool:
    """Return whether every part of an SPDX expression is, or of parts joined by OR any."""
    parts = licence.replace("(", "").replace(")", "").split(" AND ") if licence not in PERMISSIVE else [licence]
    return all(any(one.strip() in PERMISSIVE for one in part.split(" OR ")) for part in parts)


def inspect(sdist: Path, wheel: Path) -> dict[str, int]:
    """Check what the files hold and weigh; return how many files each has."""
    tracked = run("git", "ls-files", "syriamap", "data", cwd=ROOT).split("\n")[:-1]
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        told = archive.read(metadata).decode("utf-8")
    check_contents(names, list_expected(tracked))
    check_weight(wheel, WHEEL_MB)
    check_weight(sdist, SDIST_MB)
    with tarfile.open(sdist) as packed:
        inside = packed.getnames()
    lacking = [name for name in tracked if f"{sdist.name.removesuffix('.tar.gz')}/{name}" not in inside]
    if lacking:
        raise ReleaseError(f"the sdist lacks {', '.join(lacking[:5])}")
    project = read_project()
    version = re.search(r'__version__ = "(.+)"', (ROOT / "syriamap" / "__init__.py").read_text("utf-8"))
    check_metadata(told, project, version[1] if version else "")
    return {"wheel": len(names), "sdist": len(inside)}


def read_project() -> dict[str, Any]:
    """Return the table `project` of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def list_lowest(project: Mapping[str, Any]) -> list[str]:
    """Return the lowest version that is allowed of each package, as pins."""
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["parquet"], *extras["excel"]]
    return [one.replace(">=", "==") for one in wanted]


# Trying the wheel


LIST_INSTALLED = """
import importlib.metadata, json

def tell(told):
    kinds = [line.split(" :: ")[-1] for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    licence = told.get("License-Expression") or " AND ".join(kinds) or (told.get("License") or "").strip()
    return {"name": told["Name"], "licence": licence.replace("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0")}

print(json.dumps([tell(one.metadata) for one in importlib.metadata.distributions()]))
"""


def install(python: str, wheel: Path, folder: Path, pins: Sequence[str]) -> Path:
    """Return the programs of a fresh environment with the wheel in it, and with what is pinned."""
    run(python, "-m", "venv", folder / "venv", cwd=folder)
    programs = folder / "venv" / "bin"
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, wheel, *pins, cwd=folder)
    return programs


def try_commands(programs: Path, folder: Path) -> Path:
    """Run what a user would run in an empty folder; return the map."""
    folder.mkdir()
    for words in SMOKE:
        run(programs / "syriamap", *words, cwd=folder)
    return folder / "map.png"


def check_map(made: Path, asked: argparse.Namespace) -> str:
    """Refuse a map that is not the checkout's where the versions of all packages are the same; return what was seen."""
    if asked.oldest or asked.newest or asked.python != sys.executable:
        return "made with other versions, not compared"
    ours = made.with_name("ours.png")
    run(Path(sys.executable).with_name("syriamap"), "render", "2024-12-05", "-o", ours, cwd=made.parent)
    check_same([made], [ours])
    return "byte for byte that of the checkout"


def try_tests(programs: Path, folder: Path, asked: argparse.Namespace) -> str:
    """Run tests against the wheel, with neither package nor data beside them; return their last line."""
    folder.mkdir()
    for name in TESTED:
        one = ROOT / name
        (shutil.copytree if one.is_dir() else shutil.copy)(one, folder / name)
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, *TEST_TOOLS, *list_pins(asked), cwd=folder)
    pytest = (programs / "python", "-m", "pytest", "-n", "auto", "--dist", "loadfile", "-v")
    told = run(*pytest, *(OLD if asked.oldest else ()), *asked.tests, cwd=folder)
    return told.rstrip().splitlines()[-1].strip("= ")


def list_pins(asked: argparse.Namespace) -> list[str]:
    """Return what is installed beside the wheel to hold versions."""
    if asked.oldest:
        return list_lowest(read_project())
    return [] if asked.newest else ["-c", str(ROOT / "constraints.txt")]


def main() -> int:
    """Check the release and say what each step showed; return the exit code."""
    parser = argparse.ArgumentParser(description="Check what would be published.")
    parser.add_argument("--python", default=sys.executable, help="which Python gets the wheel")
    parser.add_argument("--oldest", action="store_true", help="with the lowest versions that are allowed")
    parser.add_argument("--newest", action="store_true", help="with the newest versions, without constraints.txt")
    parser.add_argument("--tests", nargs="*", default=CORE, help="tests to run against the wheel")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        try:
            check(Path(name), asked)
        except ReleaseError as error:
            print(f"Error: {error}", file=sys.stderr)
            return 1
    return 0


def check(folder: Path, asked: argparse.Namespace) -> None:
    """Take every step in turn, in a folder that is thrown away. Raises ReleaseError."""
    for part in ("first", "second", "installed"):
        (folder / part).mkdir()
    sdist, wheel = build(folder / "first")
    check_same((sdist, wheel), build(folder / "second"))
    inside = inspect(sdist, wheel)
    for kind, made in (("wheel", wheel), ("sdist", sdist)):
        print(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB, {inside[kind]} files, the same when built twice")
    programs = install(asked.python, wheel, folder / "installed", list_pins(asked))
    installed = json.loads(run(programs / "python", "-c", LIST_INSTALLED, cwd=folder))
    check_licences(one for one in installed if one["name"] not in ("syriamap", "pip", "setuptools"))
    print(f"{len(installed)} packages installed, with licences that allow everything")
    made = try_commands(programs, folder / "user")
    print(f"{len(SMOKE)} commands done; the map is {check_map(made, asked)}")
    if asked.tests:
        print(try_tests(programs, folder / "tests", asked))


if __name__ == "__main__":
    raise SystemExit(main())
