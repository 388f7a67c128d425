"""Where two control tables disagree: laws that hold for any two tables, and what stands behind each row."""

import io
import json
from datetime import date

import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from syriamap.atlas import read_materials
from syriamap.cli import main
from syriamap.numbers import compare_tables, control_stats
from tests.numbers.conftest import row

DAY = date(2024, 12, 5)
SIDES = ("first", "second")
FIELDS = ("party", "status", "rival", "statement", "date", "confidence", "sources", "urls")


@pytest.fixture(scope="session")
def pairs(tables):
    desk, provinces = tables / "desk.csv", tables / "provinces.csv"
    made = {"desk": ("ours", desk), "provinces": (provinces, "-"), "both": (desk, provinces)}
    return {name: compare_tables(*both, DAY) for name, both in made.items()}


def test_a_table_agrees_with_itself(tables):
    for one in ("ours", tables / "provinces.csv"):
        found = compare_tables(one, one, DAY)
        assert found.table.empty
        assert found.totals["area_km2"].tolist() == [found.land_km2, 0, 0, 0]
        assert found.totals["area_share"].tolist() == [1, 0, 0, 0]
        assert found.totals["places"].tolist() == [found.places, 0, 0, 0]


@pytest.mark.parametrize("name", ["desk", "provinces", "both"])
def test_what_agrees_and_what_differs_is_the_country(pairs, name):
    found = pairs[name]
    assert found.totals["area_km2"].sum() == pytest.approx(found.land_km2)
    assert found.totals["places"].sum() == found.places
    assert found.pairs[["area_km2", "places"]].sum().tolist() == pytest.approx(
        found.table[["area_km2", "places"]].sum()
    )
    land = found.differences.geometry
    assert land.is_valid.all()
    assert shapely.union_all(land.to_numpy()).area == pytest.approx(land.area.sum(), rel=1e-5), "no land twice"
    assert (land.area / 1e6).tolist() == pytest.approx(found.table["area_km2"].tolist(), rel=0.01), (
        "areas are true ones"
    )


@pytest.mark.parametrize("name", ["desk", "provinces", "both"])
def test_differences_explain_what_each_party_has_by_either_table(tables, pairs, name):
    found = pairs[name]
    given = [{} if str(one) in ("ours", "-") else {"control": one} for one in found.tables]
    one, other = (control_stats(DAY, **own).set_index("party")[["area_km2", "places"]] for own in given)
    mine, theirs = (
        found.table.groupby(f"{side}_party")[["area_km2", "places"]].sum().reindex(one.index, fill_value=0)
        for side in ("first", "second")
    )
    gap = (one - other) - (mine - theirs)
    assert gap["area_km2"].abs().max() < 0.05
    assert gap["places"].abs().max() == 0


def test_turned_round_it_says_the_same(tables, pairs):
    found, turned = pairs["provinces"], compare_tables("ours", tables / "provinces.csv", DAY)
    turns = dict(zip(SIDES, SIDES[::-1], strict=True))
    names = {f"{one}_{field}": f"{other}_{field}" for one, other in turns.items() for field in FIELDS}
    keys = ["kind", "first_statement", "second_statement", "first_party", "second_party"]
    back = turned.table.rename(columns=names).sort_values(keys).reset_index(drop=True)[found.table.columns]
    own = found.table.sort_values(keys).reset_index(drop=True)
    pd.testing.assert_frame_equal(back, own, rtol=1e-6)


def test_kinds_are_told_apart_and_rows_stand_behind_them(pairs):
    table = pairs["desk"].table.set_index("second_statement")
    assert table["kind"].to_dict() == {"d1": "party", "d4": "party", "d2": "status", "d3": "silent"}
    assert table.loc["d1", ["first_party", "second_party", "place_ids"]].tolist() == [
        "government",
        "opposition_hts",
        "homs",
    ]
    assert table.loc["d2", ["second_status", "second_rival"]].tolist() == ["contested", "government"]
    assert table.loc["d4", ["second_sources", "second_urls", "second_date"]].tolist() == [
        "Reuters",
        "https://a.org/1",
        str(DAY),
    ]
    first = read_materials().control.statements.set_index("id")
    assert set(table["first_statement"]) <= set(first.index)
    assert first.loc[table.loc["d1", "first_statement"], "unit"] == "homs"


def test_a_party_of_one_table_alone_stays_itself(tables):
    folder = tables / "own"
    folder.mkdir(exist_ok=True)
    columns = ("id", "label", "short", "label_ar", "short_ar", "bloc", "pattern", "gloss")
    parties = read_materials().control.parties.values()
    actors = [{name: getattr(party, name) for name in columns} for party in parties]
    actors.append(
        dict.fromkeys(columns, "") | {"id": "council", "label": "Town council", "short": "Council", "bloc": "c"}
    )
    pd.DataFrame(actors).to_csv(folder / "actors.csv", index=False)
    pd.DataFrame([row("c", "homs", "council")]).to_csv(folder / "rows.csv", index=False)
    found = compare_tables(folder, "ours", DAY)
    assert "council" in set(found.table["first_party"])
    assert found.parties["council"].label == "Town council"


def run(*words):
    return CliRunner().invoke(main, ["compare", *map(str, words)])


def test_the_text_has_sums_pairs_and_rows(tables):
    said = run("ours", tables / "desk.csv", DAY)
    assert said.exit_code == 0
    assert said.output.startswith("end of 2024-12-05: A = syriamap, B = desk\n")
    assert "name two holders" in said.output
    assert "Kurdish-led SDF, contested by Government" in said.output


def test_tables_read_back_as_they_are(tables, pairs, tmp_path):
    for form in ("csv", "json", "parquet"):
        assert run("ours", tables / "desk.csv", DAY, "-o", tmp_path / f"a.{form}").exit_code == 0
    rows = pairs["desk"].table.round({"area_km2": 2})
    csv = pd.read_csv(io.BytesIO((tmp_path / "a.csv").read_bytes()), keep_default_na=False)
    pd.testing.assert_frame_equal(csv, rows, check_dtype=False)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), rows, check_dtype=False)
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert told["rows"] == rows.to_dict("records")
    assert (told["kind"], told["on"]) == ("comparison", str(DAY))
    assert [told[side]["name"] for side in ("first", "second")] == ["syriamap", "desk"]
    assert [one["path"] for one in told["second"]["inputs"] if "/" not in one["path"]] == ["desk.csv"]
    assert [one["kind"] for one in told["totals"]] == ["agreed", "party", "silent", "status"]


def test_misuse_is_answered(tables, tmp_path):
    desk = tables / "desk.csv"
    assert "of a map alone; add --map FILE" in run("ours", desk, DAY, "--size", "x").output
    assert "expected a name that ends in" in run("ours", desk, DAY, "--map", "a.txt").output
    (tmp_path / "a.csv").write_text("kept")
    kept = run("ours", desk, DAY, "-o", tmp_path / "a.csv")
    assert kept.exit_code == 1
    assert (tmp_path / "a.csv").read_text() == "kept"
    assert run("ours", desk, "2020-01-01").exit_code == 1
