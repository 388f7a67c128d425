"""Build the wheel and the sdist as they would be published, look into them and try the wheel as a user would.

python -m tools.release                   (what `make release-check` runs)
python -m tools.release --every           (with each Python that pyproject.toml names and this machine has)
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
from configparser import ConfigParser
from contextlib import suppress
from email.parser import Parser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.common import ROOT
from tools.index_page import LINK, detach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

WHEEL_MB, SDIST_MB = 6.0, 8.0  # 4.7 and 5.4 today: a quarter more is growth, twice as much is something that slipped in
CORE = ("tests/cli", "tests/read", "tests/project", "tests/test_public.py")  # what a user meets first
TESTED = ("tests", "examples", "docs", "README.md", "pyproject.toml")  # all that tests read beside the package
TEST_TOOLS = ("pytest", "pytest-xdist", "hypothesis", "jsonschema", "nbclient", "ipykernel", "selenium")
EXTRAS = ("dask", "excel", "parquet")  # those of users
ADDED = ("PKG-INFO", ".gitignore", "pyproject.toml")  # what an sdist holds beside what it is told to
NEEDS_CHECKOUT = re.compile(r"^pytestmark = \[?\s*pytest\.mark\.checkout", re.MULTILINE)  # as tests/conftest.py
PYTHON = "Programming Language :: Python :: "
NOWHERE = {"HOME": "/nonexistent", "TMPDIR": os.devnull, "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""}  # for one map
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


def list_packed(tracked: Iterable[str], included: Iterable[str]) -> set[str]:
    """Return what an sdist must hold: what the repository keeps of what is included, and what every sdist has."""
    roots = [name.strip("/") for name in included]
    return {*ADDED, *(name for name in tracked if any(name == root or name.startswith(f"{root}/") for root in roots))}


def check_contents(found: Iterable[str], expected: set[str], what: str = "wheel") -> None:
    """Refuse a wheel, or an sdist, that holds anything else than it must."""
    names = {name for name in found if ".dist-info/" not in name}
    if stray := sorted(names - expected):
        raise ReleaseError(f"the {what} holds what the repository does not keep: {', '.join(stray[:5])}")
    if missing := sorted(expected - names):
        raise ReleaseError(f"the {what} lacks {', '.join(missing[:5])}")


def check_weight(path: Path, most_mb: float) -> None:
    """Refuse a file that is heavier than a release has any reason to be."""
    if (found := path.stat().st_size / 1e6) > most_mb:
        raise ReleaseError(f"{path.name} has {found:.1f} MB; expected {most_mb} at most")


def check_metadata(text: str, project: Mapping[str, Any], version: str, readme: str) -> None:
    """Refuse metadata that do not say what pyproject.toml, the package and its README say."""
    told = Parser().parsestr(text)
    expected = {"Name": project["name"], "Version": version, "Requires-Python": project["requires-python"]}
    expected |= {"License-Expression": project["license"], "Description-Content-Type": "text/markdown"}
    expected |= {"Summary": project["description"]}
    for field, value in expected.items():
        if told[field] != value:
            raise ReleaseError(f"{field} is {told[field]!r} in the wheel; expected {value!r}")
    if project["version"] != version:
        raise ReleaseError(f"pyproject.toml has version {project['version']}, the package {version}")
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *(f"{one}; extra == '{name}'" for name in extras for one in extras[name])]
    fields = {"Classifier": project["classifiers"], "License-File": project["license-files"], "Requires-Dist": needed}
    for field, values in fields.items():
        if sorted(told.get_all(field, [])) != sorted(values):
            raise ReleaseError(f"{field} is {told.get_all(field, [])} in the wheel; expected {values}")
    if str(told.get_payload()).strip() != readme.strip():
        raise ReleaseError("the description in the wheel is not README.md")
    if found := LINK.search(readme):
        raise ReleaseError(f"the description leads to {found[3]}, which a package index does not have")


def check_pythons(project: Mapping[str, Any]) -> list[str]:
    """Return the Pythons that pyproject.toml names, such as "3.11". Refuse a bound that is none of them."""
    named = [one.removeprefix(PYTHON) for one in project["classifiers"] if one.startswith(PYTHON)]
    lowest = min(named, key=lambda one: tuple(map(int, one.split("."))))
    if project["requires-python"] != f">={lowest}":
        raise ReleaseError(f"requires-python is {project['requires-python']}; the classifiers begin with {lowest}")
    return named


def check_wheel(archive: zipfile.ZipFile, project: Mapping[str, Any]) -> None:
    """Refuse a wheel for some machines alone, with other commands than pyproject.toml, or with other licences."""
    (folder,) = {name.partition("/")[0] for name in archive.namelist() if ".dist-info/" in name}
    about = Parser().parsestr(archive.read(f"{folder}/WHEEL").decode("utf-8"))
    if about["Tag"] != "py3-none-any":
        raise ReleaseError(f"the wheel is for {about['Tag']}; expected py3-none-any")
    commands = ConfigParser()
    commands.read_string(archive.read(f"{folder}/entry_points.txt").decode("utf-8"))
    if dict(commands["console_scripts"]) != project["scripts"]:
        raise ReleaseError(f"the wheel has the commands {dict(commands['console_scripts'])}")
    for name in project["license-files"]:
        if archive.read(f"{folder}/licenses/{name}") != (ROOT / name).read_bytes():
            raise ReleaseError(f"{name} in the wheel is not that of the repository")


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
    """Check what the files hold, say and weigh; return how many files each has."""
    tracked = run("git", "ls-files", cwd=ROOT).split("\n")[:-1]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project, version = settings["project"], re.search(r'__version__ = "(.+)"', _read("syriamap/__init__.py"))
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        check_wheel(archive, project)
        told = archive.read(metadata).decode("utf-8")
    with tarfile.open(sdist) as packed:
        inside = [one.name.partition("/")[2] for one in packed if one.isfile()]
        others = [one.name for one in packed if not one.isfile()]
    check_contents(names, list_expected(tracked))
    included = settings["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    check_contents([*inside, *others], list_packed(tracked, included), "sdist")
    check_weight(wheel, WHEEL_MB)
    check_weight(sdist, SDIST_MB)
    check_metadata(told, project, version[1] if version else "", detach(_read("README.md")))
    return {"wheel": len(names), "sdist": len(inside)}


def _read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def read_project() -> dict[str, Any]:
    """Return the table `project` of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads(_read("pyproject.toml"))["project"]
    return table


def list_lowest(project: Mapping[str, Any]) -> list[str]:
    """Return the lowest version that is allowed of each package, as pins."""
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(one for name in EXTRAS for one in extras[name])]
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


def install(python: str, wheel: Path, folder: Path) -> Path:
    """Return the programs of a fresh environment with the wheel in it, its packages held by `folder`/pins.txt."""
    run(python, "-m", "venv", folder / "venv", cwd=folder)
    programs = folder / "venv" / "bin"
    add(programs, folder, wheel)
    return programs


def add(programs: Path, folder: Path, *packages: object) -> None:
    """Install packages beside the wheel."""
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "-c", folder / "pins.txt", *packages, cwd=folder)


def try_commands(programs: Path, folder: Path) -> Path:
    """Run what a user would run in an empty folder, once without a home and a place for what is temporary.

    Returns the map.
    """
    folder.mkdir()
    for words in SMOKE:
        run(programs / "syriamap", *words, cwd=folder)
    run(programs / "syriamap", *SMOKE[1][:-1], "bare.png", cwd=folder, env=NOWHERE)
    check_same([folder / "map.png"], [folder / "bare.png"])
    return folder / "map.png"


def check_map(made: Path, asked: argparse.Namespace, python: str) -> str:
    """Refuse a map that is not the checkout's where the versions of all packages are the same; return what was seen."""
    version = run(python, "-c", ASK_VERSION, cwd=made.parent).strip()
    if asked.oldest or asked.newest or version != "{}.{}".format(*sys.version_info):
        return "made with other versions, not compared"
    ours = made.with_name("ours.png")
    command = Path(sys.executable).with_name("syriamap")
    run(command, "render", "2024-12-05", "-o", ours, cwd=made.parent, env={"PYTHONPATH": str(ROOT)})
    check_same([made], [ours])
    return "byte for byte that of the checkout"


def try_tests(programs: Path, folder: Path, asked: argparse.Namespace) -> str:
    """Run tests against the wheel, with neither package nor data beside them; return what they counted."""
    folder.mkdir()
    for name in TESTED:
        one = ROOT / name
        (shutil.copytree if one.is_dir() else shutil.copy)(one, folder / name)
    add(programs, folder.parent, *TEST_TOOLS)
    pytest = (programs / "python", "-m", "pytest", "-n", asked.jobs, "--dist", "loadfile", "-v")
    told = run(*pytest, *(OLD if asked.oldest else ()), *asked.tests, cwd=folder)
    left = [path for path in folder.glob("tests/**/*.py") if NEEDS_CHECKOUT.search(path.read_text("utf-8"))]
    return f"{told.rstrip().splitlines()[-1].strip('= ')}; {len(left)} files of tests need the checkout"


def list_pins(asked: argparse.Namespace) -> str:
    """Return what holds the versions of packages, in the form of pip's constraints."""
    if asked.oldest:
        return "\n".join(list_lowest(read_project()))
    return "" if asked.newest else _read("constraints.txt")


def find_python(version: str) -> str | None:
    """Return a Python of a version, on the path or of pyenv, that runs and can make environments; None for none."""
    name = f"python{version}"
    home = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for one in (shutil.which(name), *sorted(home.glob(f"versions/{version}*/bin/{name}"), reverse=True)):
        with suppress(ReleaseError):  # pyenv puts names on the path that lead nowhere
            if one and run(one, "-c", ASK_VERSION, cwd=Path.cwd()).strip() == version:
                return str(one)
    return None


ASK_VERSION = "import ensurepip, sys, venv; print('{}.{}'.format(*sys.version_info))"


def main() -> int:
    """Check the release and say what each step showed; return the exit code."""
    parser = argparse.ArgumentParser(description="Check what would be published.")
    parser.add_argument("--python", default=sys.executable, help="which Python gets the wheel")
    parser.add_argument("--every", action="store_true", help="each Python that pyproject.toml names, in turn")
    parser.add_argument("--oldest", action="store_true", help="with the lowest versions that are allowed")
    parser.add_argument("--newest", action="store_true", help="with the newest versions, without constraints.txt")
    parser.add_argument("--tests", nargs="*", default=CORE, help="tests to run against the wheel")
    parser.add_argument("--jobs", default="auto", help="processes of the tests")
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
    versions = check_pythons(read_project())
    for part in ("first", "second"):
        (folder / part).mkdir()
    sdist, wheel = build(folder / "first")
    check_same((sdist, wheel), build(folder / "second"))
    inside = inspect(sdist, wheel)
    for kind, made in (("wheel", wheel), ("sdist", sdist)):
        print(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB, {inside[kind]} files, the same when built twice")
    pythons = {one: find_python(one) for one in versions} if asked.every else {asked.python: asked.python}
    for name, python in pythons.items():
        if python is None:
            print(f"Python {name}: not found on the path or among those of pyenv; left out", flush=True)
        else:
            (folder / Path(name).name).mkdir()
            try_wheel(wheel, folder / Path(name).name, python, asked)


def try_wheel(wheel: Path, folder: Path, python: str, asked: argparse.Namespace) -> None:
    """Install the wheel for a Python, run commands and tests, and say what was seen. Raises ReleaseError."""
    version = run(python, "--version", cwd=folder).strip()
    (folder / "pins.txt").write_text(list_pins(asked), "utf-8")
    programs = install(python, wheel, folder)
    made = try_commands(programs, folder / "user")
    print(f"{version}: {len(SMOKE)} commands done; the map is {check_map(made, asked, python)}", flush=True)
    add(programs, folder, f"{wheel}[{','.join(EXTRAS)}]")
    installed = json.loads(run(programs / "python", "-c", LIST_INSTALLED, cwd=folder))
    check_licences(one for one in installed if one["name"] not in ("syriamap", "pip", "setuptools"))
    print(f"{version}: {len(installed)} packages with all extras, with licences that allow everything", flush=True)
    if asked.tests:
        print(f"{version}: {try_tests(programs, folder / 'tests', asked)}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
