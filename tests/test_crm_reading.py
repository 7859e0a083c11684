"""Any file to rows of text: read right, or refused with a place and advice."""

import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesdx.crm.delimited import sniff
from salesdx.crm.reading import read_rows
from salesdx.crm.rows import normalise_header, unique_headers
from salesdx.errors import DataError

RUSSIAN = "ид;имя\n1;Пётр\n2;Анна\n"


def rows_of(tmp_path, raw, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return read_rows(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_russian_text_reads_the_same_in_every_usual_encoding(tmp_path, encoding):
    rows = rows_of(tmp_path, RUSSIAN.encode(encoding))
    assert rows.table.to_pydict() == {"ид": ["1", "2"], "имя": ["Пётр", "Анна"]}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("id;nom\n1;café été déjà\n", "latin-1"), (RUSSIAN, "cp866"), (RUSSIAN, "koi8-r")],
)
def test_an_encoding_that_cannot_be_told_is_refused_not_guessed(
    tmp_path, text, encoding
):
    with pytest.raises(DataError, match="UTF-8"):
        rows_of(tmp_path, text.encode(encoding))


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_the_delimiter_is_found(tmp_path, mark):
    text = "a;b;c\n1;x y;3\n".replace(";", mark)
    assert rows_of(tmp_path, text).table.column_names == ["a", "b", "c"]


def test_decimal_commas_do_not_win_over_semicolons():
    assert sniff("id;sum\n1;1 234,56\n2;5,5\n") == ";"


def test_the_line_that_excel_writes_about_its_separator_is_no_header(tmp_path):
    rows = rows_of(tmp_path, "sep=;\na;b\n1;2\n")
    assert (rows.table.column_names, rows.numbers.tolist()) == (["a", "b"], [3])


@pytest.mark.parametrize("raw", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_rows_and_no_columns(tmp_path, raw):
    rows = rows_of(tmp_path, raw)
    assert (rows.rows_in, rows.table.column_names) == (0, [])


def test_a_header_without_rows_keeps_its_columns(tmp_path):
    assert rows_of(tmp_path, "a,b").table.column_names == ["a", "b"]


def test_ragged_rows_are_broken_with_their_number_and_blank_ones_are_nothing(tmp_path):
    rows = rows_of(tmp_path, "a;b\n1;2\n3\n\n;\n4;5;6\n7;8")
    assert [(r.row, r.reason) for r in rows.broken] == [
        (3, "too-few-cells"),
        (6, "too-many-cells"),
    ]
    assert rows.numbers.tolist() == [2, 7]
    assert rows.rows_in == 4


def test_a_line_break_inside_quotes_is_part_of_the_cell(tmp_path):
    rows = rows_of(tmp_path, 'a,b\n1,"x\ny"\n2,z\n')
    assert rows.table["b"].to_pylist() == ["x\ny", "z"]


@pytest.mark.parametrize("text", ['a,b\n1,"x\n2,3\n4,5\n', 'a,b\n"1,x\n2,3\n4,5\n'])
def test_a_quote_never_closed_is_refused_with_its_row(tmp_path, text):
    with pytest.raises(DataError, match=r"row 2.*quote"):
        rows_of(tmp_path, text)


def test_too_many_columns_are_refused(tmp_path):
    with pytest.raises(DataError, match="1001 columns"):
        rows_of(tmp_path, ",".join(f"c{i}" for i in range(1001)) + "\n")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"no\.csv"):
        read_rows(tmp_path / "no.csv")


@pytest.mark.parametrize(
    "raw", [b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n0", b"a\x00b,c\n1,2"]
)
def test_what_is_no_table_is_refused(tmp_path, raw):
    with pytest.raises(DataError):
        rows_of(tmp_path, raw)


def test_headers_compare_without_case_spaces_and_yo():
    assert normalise_header(" Счёт\u00a0 № * ") == "счет no"
    assert unique_headers(["Источник", "источник", ""]) == [
        "источник", "источник.2", "column 3",
    ]  # fmt: skip


def test_the_html_table_that_bitrix_calls_xls_is_read(tmp_path):
    html = (
        "<html><body><table><tr><th>ID</th><th>Сумма</th></tr>"
        "<tr><td>1</td><td>1&nbsp;234,50</td></tr><tr><td>2<td></table></body></html>"
    )
    rows = rows_of(tmp_path, html, "DEAL_20260101.xls")
    assert rows.table.to_pydict() == {"id": ["1", "2"], "сумма": ["1\xa0234,50", None]}


def test_a_web_page_without_a_table_is_refused(tmp_path):
    with pytest.raises(DataError, match="without a table"):
        rows_of(tmp_path, "<html><p>Sign in</p></html>", "x.xls")


def excel(tmp_path, *records):
    book = openpyxl.Workbook()
    for record in records:
        book.active.append(record)
    book.save(tmp_path / "book.xlsx")
    return read_rows(tmp_path / "book.xlsx")


def test_excel_cells_become_text_and_rows_keep_their_numbers(tmp_path):
    import datetime as dt

    rows = excel(
        tmp_path, ["id", "at", "sum", "ok"],
        [7, dt.datetime(2026, 1, 2, 3, 4), 1.5, True], [None, None, None, None],
        ["8", dt.date(2026, 1, 3), 2, False],
    )  # fmt: skip
    assert rows.table.to_pydict() == {
        "id": ["7", "8"], "at": ["2026-01-02 03:04:00", "2026-01-03"],
        "sum": ["1.5", "2"], "ok": ["true", "false"],
    }  # fmt: skip
    assert rows.numbers.tolist() == [2, 4]


def test_a_long_number_that_excel_has_cut_does_not_look_like_an_id(tmp_path):
    rows = excel(tmp_path, ["id"], [1234567890123456789])
    assert "e+" in rows.table["id"][0].as_py()


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(DataError, match="unpacks to"):
        rows_of(tmp_path, raw.getvalue(), "bomb.xlsx")


@pytest.mark.parametrize("raw", [b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0junk"])
def test_a_damaged_excel_file_is_refused(tmp_path, raw):
    with pytest.raises(DataError, match="Excel"):
        rows_of(tmp_path, raw, "x.xlsx")


def test_parquet_keeps_ids_and_writes_whole_floats_without_a_point(tmp_path):
    table = pa.table(
        {
            "id": pa.array([1234567890123456789, 2], pa.int64()),
            "manager": pa.array([7.0, None]),
            "kind": pa.array(["a", "b"]).dictionary_encode(),
            "sum": pa.array([1.5, float("nan")]),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    rows = read_rows(tmp_path / "t.parquet")
    assert rows.table.to_pydict() == {
        "id": ["1234567890123456789", "2"], "manager": ["7", None],
        "kind": ["a", "b"], "sum": ["1.5", None],
    }  # fmt: skip


def test_a_damaged_parquet_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="Parquet"):
        rows_of(tmp_path, b"PAR1junk", "t.parquet")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_never_crash(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("fuzz") / "x.csv"
    path.write_bytes(raw)
    try:
        rows = read_rows(path)
    except DataError:
        return
    assert rows.rows_in == len(rows.numbers) + len(rows.broken)
