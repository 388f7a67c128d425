"""What must not be published is refused."""

import re
import zipfile
from pathlib import Path

import pytest

from tools import release
from tools.release import ReleaseError

KEPT = ["syriamap/a.py", "data/b.csv"]
METADATA = """Metadata-Version: 2.4
Name: syriamap
Version: {version}
License-Expression: MIT
License-File: LICENSE
License-File: data/LICENCES.md
Requires-Python: >=3.11
Description-Content-Type: text/markdown
"""


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


def test_metadata_say_what_the_project_says():
    project = release.read_project()
    release.check_metadata(METADATA.format(version=project["version"]), project, project["version"])
    with pytest.raises(ReleaseError, match="Version is '9' in the wheel"):
        release.check_metadata(METADATA.format(version="9"), project, project["version"])
    wrong = METADATA.format(version=project["version"]).replace(": MIT", ": GPL-3.0")
    with pytest.raises(ReleaseError, match=r"License-Expression is 'GPL-3\.0'"):
        release.check_metadata(wrong, project, project["version"])


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
    pins = release.list_lowest(release.read_project())
    assert len(pins) >= 18
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", pin) for pin in pins), pins


def test_a_command_that_fails_says_all_it_said():
    with pytest.raises(ReleaseError, match="no such"):
        release.run("sh", "-c", "echo no such >&2; exit 3", cwd=Path.cwd())
