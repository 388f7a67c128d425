"""What the how-to pages say is done as they say it, and gives what they promise."""

import json
import shutil

import pandas as pd
import pytest
from PIL import Image

from tests.docs.blocks import ROOT, follow
from tools import control, factbook

pytestmark = pytest.mark.checkout


def read_beside(picture):
    return json.loads(picture.with_suffix(".json").read_text("utf-8"))


def list_texts(sidecar):
    """The names on a map, and the words of its key."""
    return {one["text"] for one in sidecar["labels"]}, {one["label"] for one in sidecar["legend"]}


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """The folder in which adding.md was followed, with what a checkout has for it."""
    folder = tmp_path_factory.mktemp("adding")
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copytree(ROOT / "tools" / "tables", folder / "tools" / "tables")
    follow("adding", folder)
    return folder


def test_a_day_a_place_and_a_party_in_a_project_of_ones_own(added):
    beside = read_beside(added / "island.png")
    names, key = list_texts(beside)
    assert {"Millbrook", "Westbridge"} <= names
    assert "Millers' League" in key
    held = {one["id"]: one for one in beside["controllers"]}
    assert held["party_c"]["area_km2"] > 0
    assert held["party_c"]["places"] >= 1
    assert beside["palette"]["parties"]["party_c"]["fill"] == "#B9A3D9"
    assert {"westbridge", "millbrook"} <= {one["place"] for one in beside["labels"]}
    dated = {one["place"]: one["first"] for one in beside["events"]}
    assert dated["westbridge"] == dated["millbrook"] == "2024-01-05"
    rows = pd.read_csv(added / "island" / "control" / "statements.csv")
    new = {f"statements-{line + 2}" for line in rows.index[rows["date"] == "2024-01-05"]}
    assert len(new) == 2
    assert new <= set(beside["statements"])


def test_a_day_a_place_and_a_party_in_a_copy_of_our_data(added):
    beside = read_beside(added / "ours.png")
    names, key = list_texts(beside)
    assert {"Orchard farm", "Hama"} <= names
    assert "Town council" in key
    assert "desk-1" in beside["statements"]
    assert next(one for one in beside["controllers"] if one["id"] == "town_council")["area_km2"] > 0
    assert beside["palette"]["parties"]["town_council"]["fill"] == "#C9B8E8"
    assert "Our reporter" in {one["title"] for one in beside["sources"]}
    assert {one["place"]: one["first"] for one in beside["events"]}["orchard-farm"] == "2024-12-05"


def test_the_embedded_table_is_built_with_what_is_added(added, monkeypatch):
    monkeypatch.setattr(factbook, "TABLES", added / "tools" / "tables")
    statements = control.build_statements()
    assert not control.find_faults(statements)
    outlets = control.Outlets(factbook.read_table("outlets"))
    ours = pd.read_csv(ROOT / "data" / "control" / "statements.csv", dtype=str, keep_default_na=False)
    built = pd.DataFrame(control.as_rows(statements, outlets))
    (new,) = built[~built["id"].isin(ours["id"])].to_dict("records")
    assert (new["id"], new["status"], new["source"], new["confidence"]) == (
        "hama-2024-12-10", "contested", "reuters", "low",
    )  # fmt: skip
    assert built[built["id"].isin(ours["id"])].reset_index(drop=True).equals(ours)


def test_wordings_and_a_house_style(added):
    assert "Syrian government" in list_texts(read_beside(added / "worded.png"))[1]
    house = read_beside(added / "house.png")
    assert "The Daily Example" in house["credit"]
    with Image.open(added / "house.png") as picture:
        assert max(picture.convert("RGB").getpixel((2, 2))) < 80  # it stands on the dark theme


def test_a_map_its_checks_and_its_correction(tmp_path):
    said = follow("journalists", tmp_path)
    assert "Hama" in said
    corrected = read_beside(tmp_path / "hama2.png")
    assert corrected["edition"] == 2
    assert corrected["supersedes"]["path"] == "hama.png"


def test_the_scripts_of_researchers(tmp_path):
    said = follow("researchers", tmp_path)
    assert "opposition_hts" in said
    table = pd.read_csv(tmp_path / "control.csv")
    assert set(table["date"]) == {"2024-12-04", "2024-12-05"}
