"""What must not be published is refused."""

import os
import re
import zipfile
from pathlib import Path

import pytest

from tests.conftest import NEEDS_CHECKOUT
from tools import release
from tools.index_page import LINK, detach
from tools.release import ReleaseError

pytestmark = pytest.mark.checkout

KEPT = ["syriamap/a.py", "data/b.csv"]
PROJECT = release.read_project()
README = "# syriamap\n\nA date in, a sourced map out.\n"


def metadata(**changed):
    """What a wheel says of itself, as the project does."""
    extras = PROJECT["optional-dependencies"]
    told = {
        "Name": PROJECT["name"],
        "Version": PROJECT["version"],
        "Summary": PROJECT["description"],
        "License-Expression": PROJECT["license"],
        "Requires-Python": PROJECT["requires-python"],
        "Description-Content-Type": "text/markdown",
        "Classifier": PROJECT["classifiers"],
        "License-File": PROJECT["license-files"],
        "Requires-Dist": [
            *PROJECT["dependencies"],
            *(f"{one}; extra == '{name}'" for name in extras for one in extras[name]),
        ],
        **changed,
    }
    fields = (
        (name, value) for name, values in told.items() for value in ([values] if isinstance(values, str) else values)
    )
    return "".join(f"{name}: {value}\n" for name, value in fields) + f"\n{README}"


def test_a_wheel_holds_the_package_and_its_data_and_nothing_else():
    expected = release.list_expected([*KEPT, "tools/c.py"])
    assert expected == {"syriamap/a.py", "syriamap/data/b.csv"}
    release.check_contents([*expected, "syriamap-1.dist-info/RECORD"], expected)
    with pytest.raises(ReleaseError, match=re.escape("does not keep: outputs/map.png")):
        release.check_contents([*expected, "outputs/map.png"], expected)
    with pytest.raises(ReleaseError, match=re.escape("lacks syriamap/data/b.csv")):
        release.check_contents(["syriamap/a.py"], expected)


def test_what_is_too_heavy_is_refused(tmp_path):
    path = tmp_path / "one.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"0" * 200_000)
    release.check_weight(path, 1.0)
    with pytest.raises(ReleaseError, match=re.escape("one.whl has 0.2 MB; expected 0.1 at most")):
        release.check_weight(path, 0.1)


def test_an_sdist_holds_what_is_kept_of_what_is_included():
    expected = release.list_packed([*KEPT, "tools/c.py", "database/d.csv"], ["/syriamap", "/data", "/README.md"])
    assert expected == {*KEPT, "PKG-INFO", ".gitignore", "pyproject.toml"}
    release.check_contents(expected, expected, "sdist")
    with pytest.raises(ReleaseError, match=re.escape("the sdist holds what the repository does not keep: data/.notes")):
        release.check_contents([*expected, "data/.notes"], expected, "sdist")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Version": "9"}, "Version is '9' in the wheel"),
        ({"License-Expression": "GPL-3.0"}, r"License-Expression is 'GPL-3\.0'"),
        ({"Summary": "maps"}, "Summary is 'maps'"),
        ({"Requires-Python": ">=3.9"}, "Requires-Python is '>=3.9'"),
        ({"Classifier": ["Typing :: Typed"]}, r"Classifier is \['Typing :: Typed'\] in the wheel"),
        ({"License-File": ["LICENSE"]}, "License-File is"),
        ({"Requires-Dist": ["geopandas"]}, "Requires-Dist is"),
    ],
)
def test_metadata_say_what_the_project_says(changed, said):
    release.check_metadata(metadata(), PROJECT, PROJECT["version"], README)
    with pytest.raises(ReleaseError, match=said):
        release.check_metadata(metadata(**changed), PROJECT, PROJECT["version"], README)


def test_the_description_is_the_whole_readme_and_leads_nowhere_else():
    with pytest.raises(ReleaseError, match="the description in the wheel is not README"):
        release.check_metadata(metadata(), PROJECT, PROJECT["version"], f"{README}more\n")
    linked = f"{README}[guide](docs/guide.md)\n"
    with pytest.raises(ReleaseError, match=r"leads to docs/guide\.md, which a package index does not have"):
        release.check_metadata(f"{metadata()}[guide](docs/guide.md)\n", PROJECT, PROJECT["version"], linked)


def test_links_to_files_become_their_words_on_an_index_page():
    text = "![A map](docs/map.png) and [a guide](docs/guide.md), [a site](https://example.org)\n"
    block = "```md\n[kept](as/it.is)\n```"
    assert detach(text + block) == f"*A map* and a guide, [a site](https://example.org)\n{block}"
    readme = (release.ROOT / "README.md").read_text("utf-8")
    assert LINK.search(readme)
    assert not LINK.search(detach(readme))
    assert len(detach(readme)) > 0.9 * len(readme)


def test_the_bound_of_python_is_the_lowest_that_is_named():
    assert release.check_pythons(PROJECT)[0] == "3.11"
    with pytest.raises(ReleaseError, match=r"requires-python is >=3\.9; the classifiers begin with 3\.11"):
        release.check_pythons({**PROJECT, "requires-python": ">=3.9"})


@pytest.fixture
def pythons(tmp_path, monkeypatch):
    """Two versions of Python that only say who they are, of pyenv; on the path one that leads nowhere."""
    for place, says in (("shims", "exit 127"), ("versions/9.1.2/bin", "echo 9.1"), ("versions/9.2.0/bin", "echo 8.0")):
        for name in ("python9.1", "python9.2"):
            program = tmp_path / place / name
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(f"#!/bin/sh\n{says}\n", "utf-8")
            program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'shims'}:{os.environ['PATH']}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    return tmp_path


def test_a_python_is_one_that_runs_and_is_of_its_version(pythons):
    assert release.find_python("9.1") == str(pythons / "versions/9.1.2/bin/python9.1")
    assert release.find_python("9.2") is None
    assert release.find_python("9.3") is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"WHEEL": "Tag: cp311-cp311-linux\n"}, "the wheel is for cp311-cp311-linux"),
        ({"entry_points.txt": "[console_scripts]\nmap = a:b\n"}, "the wheel has the commands"),
        ({"licenses/LICENSE": "none"}, "LICENSE in the wheel is not that of the repository"),
    ],
)
def test_what_stands_beside_the_package_is_ours(tmp_path, changed, said):
    parts = {"WHEEL": "Tag: py3-none-any\n", "entry_points.txt": "[console_scripts]\nsyriamap = syriamap.cli:main\n"}
    parts |= {f"licenses/{name}": (release.ROOT / name).read_bytes() for name in PROJECT["license-files"]}
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        for name, content in {**parts, **changed}.items():
            archive.writestr(f"syriamap-1.dist-info/{name}", content)
        if not said:
            release.check_wheel(archive, PROJECT)
            return
    with zipfile.ZipFile(tmp_path / "a.whl") as archive, pytest.raises(ReleaseError, match=said):
        release.check_wheel(archive, PROJECT)


def test_tests_that_are_left_to_the_checkout_need_it():
    needs = re.compile(r"^(from|import) (tools|benchmarks)\b", re.MULTILINE)
    texts = {path: path.read_text("utf-8") for path in (release.ROOT / "tests").rglob("*.py")}
    assert [path for path, text in texts.items() if bool(needs.search(text)) != bool(NEEDS_CHECKOUT.search(text))] == []
    assert release.NEEDS_CHECKOUT == NEEDS_CHECKOUT


@pytest.mark.parametrize(("name", "licence", "fine"), [
    ("one", "MIT", True), ("one", "BSD License", True), ("one", "Apache-2.0 OR GPL-2.0", True),
    ("one", "BSD-3-Clause AND 0BSD AND MIT", True), ("certifi", "MPL-2.0", True), ("certifi", "GPL-3.0", False),
    ("one", "MPL-2.0", False), ("one", "GPL-3.0-or-later", False), ("one", "MIT AND LGPL-2.1", False),
    ("one", "", False), ("one", "MIT AND Proprietary", False),
])  # fmt: skip
def test_licences_are_permissive_and_known(name, licence, fine):
    package = {"name": name, "licence": licence}
    if fine:
        release.check_licences([package])
    else:
        with pytest.raises(ReleaseError, match="expected a permissive one"):
            release.check_licences([package])


def test_every_dependency_has_a_lowest_version():
    pins = release.list_lowest(PROJECT)
    assert {"distributed==2025.1", "openpyxl==3.1", "pyarrow==18"} <= set(pins)
    assert len(pins) >= 21
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", pin) for pin in pins), pins


def test_a_command_that_fails_says_all_it_said():
    with pytest.raises(ReleaseError, match="no such"):
        release.run("sh", "-c", "echo no such >&2; exit 3", cwd=Path.cwd())
