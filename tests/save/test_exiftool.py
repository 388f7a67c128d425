"""What a photo desk sees: exiftool reads every property back by its standard name."""

import json
import shutil
import subprocess
from datetime import date

import pytest

from syriamap import render_map, save_map

FORMS = ("png", "svg", "jpg", "webp", "pdf")
TITLE = "Hama <falls> & the “road” to Homs: حماة"
pytestmark = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    old = tmp_path_factory.mktemp("old") / "map.png"
    old.write_bytes(b"an older map")
    return render_map(
        date(2024, 12, 5), title=TITLE, credit="A paper", edition=2, supersedes=old, correction="Rastan & others."
    )


@pytest.mark.parametrize("form", FORMS)
def test_exiftool_reads_what_the_sidecar_says(made, form, tmp_path):
    picture, beside = save_map(made, tmp_path / f"map.{form}")
    words = ["exiftool", "-j", "-G1", "-struct", "-charset", "UTF8", str(picture)]
    told = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)[0]
    said = json.loads(beside.read_text("utf-8"))
    lang = said["lang"]
    in_a_language = {
        "XMP-dc:Title": TITLE,
        "XMP-dc:Description": said["caption"],
        "XMP-dc:Rights": said["rights"],
        "XMP-iptcCore:AltTextAccessibility": said["alt"],
        "XMP-iptcCore:ExtDescrAccessibility": said["description"],
    }
    expected = {
        **in_a_language,
        **{f"{name}-{lang}": text for name, text in in_a_language.items()},
        "XMP-photoshop:Headline": TITLE,
        "XMP-photoshop:Credit": said["credit"],
        "XMP-photoshop:DateCreated": "2024:12:05",  # as exiftool writes days
        "XMP-iptcExt:DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/dataDrivenMedia",
        "XMP-dc:Language": [lang],
        "XMP-xmp:CreatorTool": f"syriamap {said['generator']['version']}",
        "XMP-syriamap:AsOf": "2024-12-05",
        "XMP-syriamap:Command": said["command"],
        "XMP-syriamap:Inputs": [f"{one['path']} {one['sha256']}" for one in said["inputs"]],
        "XMP-syriamap:Edition": 2,
        "XMP-syriamap:Supersedes": f"map.png {said['supersedes']['sha256']}",
        "XMP-syriamap:Correction": "Rastan & others.",
    }
    assert {name: told.get(name) for name in expected} == expected
    outlets = [one["title"] for one in said["sources"] if one["licence"] == "facts"]
    assert told["XMP-photoshop:Source"] == "; ".join(outlets)
    assert said["credit"].startswith("A paper")
    assert not [text for name, text in told.items() if name.endswith("Warning") and "XMP" in str(text)]
