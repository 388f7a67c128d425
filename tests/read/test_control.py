"""Control tables: every fault at once, each with file, line, value and the way out; minimal tables are enough."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from syriamap.catalog import data_file
from syriamap.control import read_control, verify_control
from syriamap.statements import COLUMNS, rate_confidence

from .conftest import faults_of

HEAD = "date,unit,controller,source"
FULL = "date,unit,controller,rival,status,until,source,source2"
SOUND = "2024-12-05,old-town,government,Reuters"


@pytest.fixture
def write(tmp_path):
    def write_table(*rows, head=HEAD, name="t.csv"):
        path = tmp_path / name
        path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
        return path

    return write_table


@pytest.fixture
def faults(write, squares):
    return lambda *rows, head=HEAD: faults_of(read_control, write(*rows, head=head), boundaries=squares)


@pytest.fixture
def read(write, squares):
    return lambda *rows, head=HEAD: read_control(write(*rows, head=head), boundaries=squares)


# What a minimal table becomes


def test_four_columns_are_enough(read):
    control = read(SOUND, "2024-12-01,A1,sdf,My own reporter", "2024-12-02,park,israel,background")
    first, second, third = control.statements.to_dict("records")
    assert list(control.statements.columns) == [*COLUMNS, "file", "line"]
    assert first["id"] == "t-2"
    assert (first["file"], first["line"]) == ("t.csv", 2)
    assert {name: first[name] for name in ("precision", "status", "change", "basis", "rival", "url", "note")} == {
        "precision": "day",
        "status": "held",
        "change": "captured",
        "basis": "named",
        "rival": "",
        "url": "",
        "note": "",
    }
    assert first["date"] == pd.Timestamp("2024-12-05")
    assert pd.isna(first["until"])
    assert (first["source"], first["confidence"]) == ("reuters", "medium")
    assert (second["source"], second["confidence"]) == ("My own reporter", "medium")
    assert (third["basis"], third["confidence"]) == ("background", "medium")
    assert (control.first, control.last) == (date(2024, 12, 1), date(2024, 12, 5))


def test_types_are_as_promised(read):
    rows = read(SOUND).statements
    assert rows["date"].dtype == rows["until"].dtype == "datetime64[s]"
    assert rows["line"].dtype == np.int64
    assert isinstance(rows.index, pd.RangeIndex)
    assert not rows.drop(columns="until").isna().any().any()


def test_unlisted_outlet_is_known_by_its_name(read):
    control = read("2024-12-05,old-town,government,The Village Post")
    outlet = control.outlets["The Village Post"]
    assert (outlet.kind, outlet.printable) == ("unknown", True)


def test_header_takes_any_case_and_blanks(read):
    assert (
        len(read(" 2024-12-05 , old-town , government , Reuters ", head="Date, Unit ,CONTROLLER,source").statements)
        == 1
    )


def test_rows_of_commas_alone_are_skipped(read):
    assert read(SOUND, ",,,", SOUND.replace("05", "06")).statements["line"].tolist() == [2, 4]


def test_unknown_columns_are_ignored_and_said(write, squares):
    path = write(f"{SOUND},x,y", head=f"{HEAD},remarks by desk,editor")
    control, notes = verify_control(path, boundaries=squares)
    assert "editor" not in control.statements
    assert notes == (f"{path}: columns ignored: remarks by desk, editor",)


# Confidence


@pytest.mark.parametrize(
    ("source", "source2", "rest", "rate"),
    [
        ("reuters", "ap", "", "high"),
        ("reuters", "", "", "medium"),
        ("reuters", "reuters", "", "medium"),
        ("reuters", "Reuters", "", "medium"),
        ("My reporter", "AP", "", "high"),
        ("background", "", "", "medium"),
        ("background", "", "named", "low"),
        ("reuters", "ap", "area", "low"),
        ("reuters", "ap", "inferred", "low"),
    ],
)
def test_confidence_counts_independent_printable_outlets(read, source, source2, rest, rate):
    rows = read(f"2024-12-05,old-town,government,{source},{source2},{rest}", head=f"{HEAD},source2,basis").statements
    assert rows["confidence"].tolist() == [rate]


def test_relays_of_one_agency_are_one_source(read):
    outlets = read(SOUND).outlets
    relay = next(o for o in outlets.values() if o.printable and o.parent and outlets[o.parent].printable)
    row = f"2024-12-05,old-town,government,{relay.id},{relay.parent}"
    assert read(row, head=f"{HEAD},source2").statements["confidence"].tolist() == ["medium"]


def test_outlet_that_cannot_be_printed_counts_for_nothing(read):
    silent = next(outlet for outlet in read(SOUND).outlets.values() if not outlet.printable)
    assert read(f"2024-12-05,old-town,government,{silent.id}").statements["confidence"].tolist() == ["low"]


def test_dispute_lowers_and_a_stated_confidence_never_raises(read):
    head = f"{HEAD},source2,status,rival,confidence,note"
    rows = read(
        "2024-12-05,old-town,government,reuters,ap,contested,sdf,high,",
        "2024-12-05,new-town,government,reuters,ap,,,low,",
        "2024-12-05,bridge,government,reuters,,,,high,",
        "2024-12-05,A1,government,reuters,ap,,,,the day is disputed",
        head=head,
    ).statements
    assert rows["confidence"].tolist() == ["low", "low", "medium", "low"]


# Faults, one by one


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "2024-02-30,old-town,government,x",
            "date '2024-02-30' is no such day; expected YYYY-MM-DD; did you mean 2024-02-29?",
        ),
        ("05/12/2024,old-town,government,x", "did you mean 2024-12-05 or 2024-05-12?"),
        (",old-town,government,x", "date is empty; expected a day such as 2024-12-05"),
        (
            "2024-12-05,Old Twon,government,x",
            "unit 'Old Twon' is not known; expected the id of a place, the code of an area or",
        ),
        ("2024-12-05,Old Twon,government,x", "did you mean old-town?"),
        ("2024-12-05,altstatd,government,x", "did you mean old-town?"),
        ("2024-12-05,nwe-town,government,x", "did you mean new-town"),
        ("2024-12-05,a11,government,x", "did you mean A1"),
        ("2024-12-05,Soutth,government,x", "did you mean A3 (South)?"),
        ("2024-12-05,,government,x", "unit is empty; expected the id of a place"),
        ("2024-12-05,harbour,government,x", "unit 'harbour' is a marker, which takes the state of the land around it"),
        (
            "2024-12-05,old-town,goverment,x",
            "controller 'goverment' is not known; expected the id of a party; did you mean government",
        ),
        ("2024-12-05,old-town,HTS-led opposition,x", "did you mean opposition_hts"),
        ("2024-12-05,old-town,,x", "controller is empty; expected the id of a party; known: government, "),
        (
            "2024-12-05,old-town,government,",
            "source is empty; expected an outlet, or 'background' for general knowledge",
        ),
    ],
)
def test_fault_of_a_cell(faults, row, said):
    found = faults(row)
    assert len(found) == 1
    assert found[0].startswith("t.csv:2: ")
    assert said in found[0]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("precision", "days", "precision 'days' is not known; expected day, by, about; did you mean day?"),
        (
            "status",
            "hold",
            "status 'hold' is not known; expected held, contested, claimed, vacated; did you mean held?",
        ),
        ("change", "capture", "did you mean captured?"),
        (
            "basis",
            "area report",
            "basis 'area report' is not known; expected named, area, inferred, background; did you mean area?",
        ),
        ("confidence", "hihg", "confidence 'hihg' is not known; expected high, medium, low; did you mean high?"),
        ("status", "xyz", "status 'xyz' is not known; expected held, contested, claimed, vacated"),
    ],
)
def test_fault_of_a_fixed_word(faults, column, value, said):
    found = faults(f"{SOUND},{value}", head=f"{HEAD},{column}")
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (",contested,", "status contested without a rival; expected the id of the other party in the column rival"),
        (",claimed,", "status claimed without a rival"),
        (
            "sdf,held,",
            "rival 'sdf' in a row that is not disputed; expected none; leave it empty, or say status contested",
        ),
        ("sdf,,", "rival 'sdf' in a row that is not disputed"),
        ("government,contested,", "rival is the controller; expected the other party"),
        ("sfd,contested,", "rival 'sfd' is not known; expected the id of a party; did you mean sdf"),
        (",vacated,", "status vacated with a controller; expected 'unknown', or status held"),
        (
            "sdf,contested,2024-12-01",
            "until 2024-12-01 is before the date 2024-12-05; expected the same day or a later one",
        ),
        (
            "sdf,contested,8 Dec 2024",
            "until '8 Dec 2024' is not an ISO day; expected YYYY-MM-DD; did you mean 2024-12-08?",
        ),
        (",held,2024-12-08", "until in a row that is not disputed; expected status contested or claimed, or nothing"),
    ],
)
def test_fault_of_rival_status_and_until(faults, rest, said):
    found = faults(f"2024-12-05,old-town,government,{rest},Reuters,", head=FULL)
    assert len(found) == 1
    assert found[0].startswith("t.csv:2: ")
    assert said in found[0]


def test_doubled_ids_name_the_first_line(faults):
    found = faults(f"a,{SOUND}", f"b,{SOUND}", f"a,{SOUND}", head=f"id,{HEAD}")
    assert found == ["t.csv:4: id 'a' stands in line 2 too; expected every id once; leave it out or number it"]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("date,unit,controler,source", "column 'controler' is not known; did you mean controller?"),
        ("date,unit,controller,source,source", "column 'source' stands 2 times; expected once"),
        (
            "date,place,controller,source",
            "column 'unit' is missing; expected at least date, unit, controller, source; did you mean it by 'place'?",
        ),
        ("date,unit,controller,url", "column 'source' is missing; expected at least"),
        ("date,unit,controller,source,satus", "column 'satus' is not known; did you mean status?"),
    ],
)
def test_fault_of_the_header(write, squares, head, said):
    row = "2024-12-05,old-town,government,Reuters" + ",held" * (head.count(",") - 3)
    found = faults_of(read_control, write(row, head=head), boundaries=squares)
    assert found[0].startswith("t.csv:1: ")
    assert any(said in fault for fault in found)


def test_every_fault_of_every_row_at_once(faults):
    found = faults(
        "2024-02-30,old-town,government,x",
        '"2024-12-05","old-town",government,"a source\nof two lines"',
        "2024-12-05,Old Twon,goverment,",
        "2024-12-05,old-town",
        "5 Dec 2024,bridge,sdf,Reuters",
    )
    assert [fault.split(": ")[0] for fault in found] == [
        "t.csv:2",
        "t.csv:3",
        "t.csv:5",
        "t.csv:5",
        "t.csv:5",
        "t.csv:6",
        "t.csv:7",
    ]
    assert "source holds U+000A (a line break) as letter 9" in found[1]
    assert "the row has 2 fields" in found[5]


def test_wrong_delimiter_does_not_hide_the_other_faults(faults):
    found = faults("2024-02-30;old-town;government;x", head=HEAD.replace(",", ";"))
    assert len(found) == 2
    assert "separated by semicolons" in found[0]
    assert "2024-02-30" in found[1]


def test_million_same_faults_are_counted_not_listed(faults):
    found = faults(*["2024-12-05,old-town,goverment,x"] * 500)
    assert len(found) == 21
    assert found[-1].endswith("(and in 479 more lines, the last is 501)")


# Files and folders


def test_folder_reads_its_tables_in_order_and_brings_its_outlets(write, tmp_path, squares):
    write("2024-12-05,old-town,sdf,post", name="b.csv")
    write("2024-12-05,old-town,government,post", name="a.csv")
    (tmp_path / "outlets.csv").write_text("id,name,kind,printable,parent\npost,The Post,newspaper,no,reuters\n")
    control = read_control(tmp_path, boundaries=squares)
    assert control.statements["file"].tolist() == ["a.csv", "b.csv"]
    assert control.statements["controller"].tolist() == ["government", "sdf"]
    assert control.statements["confidence"].tolist() == ["low", "low"]
    assert control.outlets["post"].name == "The Post"
    assert {"a.csv", "b.csv", "outlets.csv", "control/outlets.csv"} <= {file.path for file in control.inputs}


def test_folder_may_bring_a_party(write, tmp_path, squares):
    write("2024-12-05,old-town,blue,post")
    head = "id,label,short,label_ar,short_ar,bloc,pattern,gloss"
    (tmp_path / "actors.csv").write_text(f"{head}\nblue,Blue side,Blue,,,blue,,\n")
    control = read_control(tmp_path, boundaries=squares)
    assert control.parties["blue"].label == "Blue side"
    assert "government" in control.parties


def test_ids_doubled_across_files(write, tmp_path, squares):
    write(f"a,{SOUND}", head=f"id,{HEAD}", name="one.csv")
    write(f"a,{SOUND}", head=f"id,{HEAD}", name="two.csv")
    found = faults_of(read_control, tmp_path, boundaries=squares)
    assert len(found) == 1
    assert found[0].startswith("two.csv:2: id 'a' stands in")


def test_folder_without_tables(tmp_path, squares):
    (tmp_path / "table.txt").write_text("x")
    found = faults_of(read_control, tmp_path, boundaries=squares)
    assert "the folder has no table of statements (it holds table.txt); expected a file like x.csv" in found[0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("a,A,agency,maybe,", "outlets.csv:2: printable 'maybe'; expected yes or no"),
        ("a,A,agency,yes,reutres", "outlets.csv:2: parent 'reutres' is not listed; did you mean reuters"),
        ("a,A,agency,yes,b\nb,B,agency,yes,a", "relays itself by its parents"),
        ("a,A,agency,yes,\na,A,agency,yes,", "outlets.csv:3: id 'a' stands in line 2 too"),
    ],
)
def test_faults_of_a_users_outlets(write, tmp_path, squares, rows, said):
    write(SOUND)
    (tmp_path / "outlets.csv").write_text(f"id,name,kind,printable,parent\n{rows}\n")
    assert any(said in fault for fault in faults_of(read_control, tmp_path, boundaries=squares))


# Our own


def test_embedded_table_is_sound_and_rates_itself_as_its_rows_say(embedded):
    control = read_control(boundaries=embedded)
    written = pd.read_csv(data_file("control/statements.csv"), dtype=str, na_filter=False)
    assert written["confidence"].tolist() == control.statements["confidence"].tolist()
    assert rate_confidence(written.assign(confidence=""), control.outlets).tolist() == written["confidence"].tolist()
    assert {file.path for file in control.inputs} == {
        "control/statements.csv",
        "control/actors.csv",
        "control/outlets.csv",
    }


def test_parties_have_both_languages_and_a_bloc(embedded):
    parties = read_control(boundaries=embedded).parties
    assert list(parties)[-1] == "unknown"
    assert all(party.label and party.short and party.label_ar and party.short_ar for party in parties.values())
    blocs = {party.bloc for party in parties.values()}
    assert blocs == {"government", "opposition", "sdf", "israel", "undof", "unknown"}


def test_words_that_take_sides_are_not_used(embedded):
    parties = read_control(boundaries=embedded).parties.values()
    words = " ".join(f"{party.label} {party.short} {party.gloss}" for party in parties).casefold()
    assert not any(word in words for word in ("regime", "terrorist", "liberat", "mercenar"))
