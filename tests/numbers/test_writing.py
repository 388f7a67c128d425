"""Every form tells the same numbers; no text becomes a formula; land never stands without places."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date

import pandas as pd
import pytest
from pyarrow import parquet

from syriamap import control_stats
from syriamap.errors import UnknownNameError
from syriamap.numbers import FORMATS, encode_table, lay_table, sum_changes
from syriamap.numbers.writing import describe_table, lay_changes, lay_stats
from syriamap.tables import guard

from .conftest import changes, materials, stats

DAY = date(2024, 12, 5)


def about():
    return describe_table("stats", DAY, None, {}, by="party")


def read(form, content):
    """Return a table as the library that people use reads it."""
    if form == "csv":
        return pd.read_csv(io.BytesIO(content), keep_default_na=False)
    if form == "json":
        return pd.DataFrame(json.loads(content)["rows"])
    return parquet.read_table(io.BytesIO(content)).to_pandas()


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_tells_the_same_numbers(form):
    frame = control_stats(DAY)
    found = read(form, encode_table(frame, form, about()))
    assert list(found.columns) == list(frame.columns)
    assert set(found["date"].astype(str)) == {"2024-12-05"}
    assert found["party"].tolist() == frame["party"].tolist()
    for column in frame.columns[4:]:
        assert found[column].tolist() == pytest.approx(frame[column].tolist(), abs=0.005 if "km2" in column else 5e-5)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("by", ["party", "bloc"])
def test_no_share_of_land_without_a_share_of_places(form, by):
    found = read(form, encode_table(control_stats(DAY, by=by), form, about()))
    columns = list(found.columns)
    assert columns.index("places_share") - columns.index("area_share") == 2  # beside it, with its number between
    assert found["places_share"].sum() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("by", ["party", "bloc"])
def test_the_text_shows_land_with_places_and_what_is_not_known(by):
    head, *rows, note = lay_stats(control_stats(DAY, by=by))
    assert head.index("of land") < head.index("of places")
    assert all(row.count("%") == 3 for row in rows)
    assert note == "people: of the 122 places whose number of people is known; 1298 have none"


def test_json_and_parquet_say_where_they_come_from():
    told = json.loads(encode_table(control_stats(DAY), "json", about()))
    assert (told["kind"], told["from"], told["to"], told["by"]) == ("stats", "2024-12-05", "2024-12-05", "party")
    assert any("OpenStreetMap" in one["title"] and "ODbL" in one["licence"] for one in told["sources"])
    assert {"path", "sha256"} == set(told["inputs"][0])
    schema = parquet.read_schema(io.BytesIO(encode_table(control_stats(DAY), "parquet", about())))
    assert json.loads(schema.metadata[b"syriamap"]) == {key: told[key] for key in told if key != "rows"}


def test_changes_in_every_form():
    frame = changes()
    for form in FORMATS:
        found = read(form, encode_table(frame, form, about(), more={"totals": sum_changes(frame)}))
        assert found["statement"].tolist() == frame["statement"].tolist()
        assert found["name_ar"].tolist() == frame["name_ar"].tolist()
        assert found["area_km2"].sum() == pytest.approx(frame["area_km2"].sum(), abs=0.01 * len(frame))
    told = json.loads(encode_table(frame, "json", about(), more={"totals": sum_changes(frame)}))
    assert {"date", "from_party", "to_party", "area_km2", "places", "recut_km2"} == set(told["totals"][0])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_becomes_a_formula(text):
    frame = pd.DataFrame({"note": [text, "a=b"], "area_km2": [-1.5, 2.0]})
    rows = list(csv.reader(io.StringIO(encode_table(frame, "csv", {}).decode("utf-8"), newline="")))
    assert rows[1] == ["'" + text.replace("\r", " "), "-1.5"]  # a number stays one
    assert rows[2] == ["a=b", "2.0"]
    assert guard("Hama") == "Hama"


def test_text_holds_no_signs_that_move_a_terminal():
    lines = lay_table(pd.DataFrame({"name": ["a\x1b[2Jb\nc"]}), {"name": "name"})
    assert lines == ["name", "a [2Jb c"]


def test_changes_as_text():
    names = {party.id: party.label for party in materials().control.parties.values()}
    frame = changes()[changes()["date"] == "2024-12-05"]
    lines = lay_changes(frame, sum_changes(frame), names)
    line = next(line for line in lines if " hama-2024-12-05 " in line)
    assert "Government" in line
    assert "HTS-led opposition" in line
    assert "DW; Syriac Press" in line
    assert lines[-2].split()[-1] == "34"
    assert lay_changes(frame.iloc[:0], sum_changes(frame.iloc[:0]), names) == ["nothing changed hands"]


def test_an_unknown_form_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="unknown format 'parket'; did you mean parquet"):
        encode_table(stats(), "parket", {})


def test_without_pyarrow_the_message_says_what_to_install():
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "import pandas as pd\n"
        "from syriamap.numbers import encode_table\n"
        "from syriamap.errors import MissingError\n"
        "try: encode_table(pd.DataFrame({'a': [1]}), 'parquet', {})\n"
        "except MissingError as error: print(error)\n"
    )
    told = subprocess.check_output([sys.executable, "-c", code], text=True).strip()
    assert told == "Parquet needs pyarrow, which is not installed; pip install 'syriamap[parquet]'"
