"""Text tables: physical lines, every fault of the form, cells as written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syriamap.faults import Faults
from syriamap.tables import read_table, write_table


def read(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    faults = Faults()
    table = read_table(path, faults, known=("date", "unit"))
    return table, [str(fault).replace(f"{path.parent}/", "") for fault in faults.in_order()]


def rows_of(table):
    return [tuple(row) for row in table.frame.itertuples(index=False, name=None)]


@pytest.fixture
def csv_path(tmp_path):
    return tmp_path / "t.csv"


def test_lines_are_physical_though_quoted_cells_hold_newlines(csv_path):
    table, faults = read(csv_path, 'date,unit\n"a\nb\n\nc",x\n\n2,"y, ""q"""\n3,z')
    assert faults == []
    assert rows_of(table) == [("a\nb\n\nc", "x"), ("2", 'y, "q"'), ("3", "z")]
    assert table.lines.tolist() == [2, 7, 8]


def test_bom_crlf_and_words_like_na_stay_out_of_the_cells(csv_path):
    table, faults = read(csv_path, b"\xef\xbb\xbfdate,unit\r\nNA,null\r\n007,1.50\r\n")
    assert faults == []
    assert list(table.frame.columns) == ["date", "unit"]
    assert rows_of(table) == [("NA", "null"), ("007", "1.50")]


def test_old_mac_line_ends(csv_path):
    table, faults = read(csv_path, b"date,unit\r1,2\r3,4\r")
    assert (faults, rows_of(table), table.lines.tolist()) == ([], [("1", "2"), ("3", "4")], [2, 3])


def test_stray_quotes_inside_words_are_letters(csv_path):
    table, faults = read(csv_path, 'date,unit\n1,5" nails\n2,x\n')
    assert (faults, rows_of(table)) == ([], [("1", '5" nails'), ("2", "x")])


def test_ragged_rows_are_named_and_left_out(csv_path):
    table, faults = read(csv_path, 'date,unit\n1,2,3\n"a\nb",x\n4\n5,6\n')
    assert faults == [
        "t.csv:2: the row has 3 fields; expected 2 as in the header; too many by 1: "
        "put a text that holds commas in quotes, after '2'",
        "t.csv:5: the row has 1 field; expected 2 as in the header; nothing for unit: "
        "add the values, or commas up to the end of the row",
    ]
    assert rows_of(table) == [("a\nb", "x"), ("5", "6")]
    assert table.lines.tolist() == [3, 6]


def test_quote_that_never_closes(csv_path):
    _, faults = read(csv_path, 'date,unit\n1,2\n3,"x\n4,5\n')
    assert faults == [
        't.csv:3: a quote (") opens in the row that begins here and never closes; expected a closing quote; '
        'double the quotes inside a text ("")'
    ]


def test_text_behind_a_closing_quote(csv_path):
    _, faults = read(csv_path, 'date,unit\n1,"a"b"\n2,3\n4\n')
    assert [fault.split(";")[0] for fault in faults] == [
        't.csv:2: text follows a closing quote (")',
        "t.csv:4: the row has 1 field",
    ]


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_wrong_delimiter_is_said_and_the_rows_are_read_all_the_same(csv_path, sign, name):
    table, faults = read(csv_path, f"date{sign}unit\n1{sign}2\n")
    assert faults == [
        f"t.csv:1: the columns are separated by {name} ({sign!r}); expected commas; save the table with commas"
    ]
    assert rows_of(table) == [("1", "2")]


@pytest.mark.parametrize(
    ("encoding", "text", "likely", "byte"),
    [("cp1256", "حلب", "Windows-1256 (Arabic)", "0xcd"), ("cp1252", "Café", "Windows-1252 (Western)", "0xe9")],
)
def test_not_utf8_says_byte_line_and_likely_encoding(csv_path, encoding, text, likely, byte):
    table, faults = read(csv_path, f"date,unit\n1,2\n3,{text}\n".encode(encoding))
    assert table is None
    column = 3 if encoding == "cp1256" else 6
    assert faults == [
        f"t.csv:3: byte {byte} (byte {column} of the line, {column + 14} of the file) is not UTF-8; "
        f"the text looks like {likely}; save it as CSV in UTF-8"
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "t.csv:1: the file is empty; expected a header line and at least one row"),
        (b" \n\n", "t.csv:1: the file is empty; expected a header line and at least one row"),
        (b"date,unit\n", "t.csv:1: the table has a header and no rows; expected at least one row below it"),
        (b"PK\x03\x04zip", "t.csv: the file is binary (a zipped file such as .xlsx); expected a text table"),
        (b"date,unit\n1,\x00\n", "t.csv: the file is binary (it holds zero bytes); expected a text table"),
        ("date,unit\n".encode("utf-16"), "t.csv: the text is in UTF-16; expected UTF-8"),
    ],
)
def test_files_that_are_no_tables(csv_path, content, said):
    _, faults = read(csv_path, content)
    assert len(faults) == 1
    assert faults[0].startswith(said)


def test_missing_file_offers_the_nearest(tmp_path):
    (tmp_path / "control.csv").write_text("date\n1\n")
    faults = Faults()
    assert read_table(tmp_path / "contrl.csv", faults) is None
    assert "No such file" in str(faults.found[0])
    assert str(faults.found[0]).endswith(f"did you mean {tmp_path / 'control.csv'}?")


def test_same_fault_in_many_lines_is_counted(csv_path):
    faults = Faults()
    faults.add_lines("t.csv", range(2, 102), "wrong")
    assert len(faults.found) == 21
    assert str(faults.found[-1]) == "t.csv:22: wrong (and in 79 more lines, the last is 101)"


cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from('\n,";\t'), max_size=8)


@given(st.lists(st.tuples(cells, cells, st.just("end")), min_size=1, max_size=6))
def test_what_is_written_is_read_back_cell_by_cell(tmp_path_factory, rows):
    import pandas as pd

    path = tmp_path_factory.getbasetemp() / "round.csv"
    path.write_text(write_table(pd.DataFrame(rows, columns=["date", "unit", "c"])), "utf-8", newline="")
    faults = Faults()
    table = read_table(path, faults)
    assert faults.found == []
    assert rows_of(table) == rows
    text = path.read_text("utf-8").split("\n")
    assert all(line <= len(text) for line in table.lines)


@settings(max_examples=2000)
@given(st.text(st.sampled_from('ab,"\n\r \t;'), max_size=40))
def test_the_fast_path_reads_what_the_careful_one_reads(text):
    from syriamap.tables.text import _split_fast, _split_slowly

    fast = _split_fast(text, ",") if text.strip() else None
    if fast is None or fast[0].shape[1] == 1:  # a column of blanks alone is read in two ways
        return
    faults = Faults()
    slow = _split_slowly(text, ",", "t.csv", faults)
    assert faults.found == []
    assert slow is not None
    assert fast[0].to_numpy().tolist() == slow[0].to_numpy().tolist()
    assert fast[1].tolist() == slow[1].tolist()
