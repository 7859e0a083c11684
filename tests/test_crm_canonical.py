"""Canonical tables: every row in is accepted or rejected with a reason."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesdx.company import Company
from salesdx.crm.canonical import read_table
from salesdx.crm.reasons import reason_text
from salesdx.errors import DataError
from salesdx.tables import TABLES

ACME = Company(format=1, name="Acme")
HEAD = "deal_id,entered_at,status,closed_at,amount\n"


def deals(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "deals.csv"
    path.write_bytes(text.encode(encoding))
    return read_table(path, TABLES["deals"], ACME)


def good(count):
    return "".join(f"d{i},2026-01-{i % 28 + 1:02d},won,,1\n" for i in range(count))


def test_columns_get_the_types_that_metrics_read(tmp_path):
    read = deals(tmp_path, HEAD + "1,2026-01-02,won,2026-02-01,5\n")
    assert {f.name: f.type for f in read.arrow.schema} == {
        "deal_id": pa.string(), "entered_at": pa.timestamp("s"),
        "status": pa.string(), "closed_at": pa.timestamp("s"), "amount": pa.float64(),
    }  # fmt: skip


def test_ids_of_nineteen_digits_survive(tmp_path):
    read = deals(tmp_path, HEAD + "1234567890123456789,2026-01-02,won,,\n")
    assert read.arrow["deal_id"].to_pylist() == ["1234567890123456789"]


def test_a_russian_export_with_decimal_commas_is_read(tmp_path):
    text = "deal_id;status;amount\n1;Сделка успешна;1 234,56\n2;Отказ;\n"
    read = deals(tmp_path, text, "cp1251")
    assert read.arrow["amount"].to_pylist() == [1234.56, None]
    assert read.arrow["status"].to_pylist() == ["won", "lost"]


def test_unreadable_cells_become_unknown_and_are_counted_with_their_rows(tmp_path):
    read = deals(tmp_path, HEAD + "1,soon,won,,many\n2,2026-01-01,won,,3\n")
    assert read.arrow["amount"].to_pylist() == [None, 3]
    assert read.bad_values["entered_at"].examples == ((2, "soon"),)
    assert read.bad_values["amount"].count == 1


def test_rows_without_key_or_status_and_repeated_keys_are_rejected(tmp_path):
    faulty = (
        ",2026-01-01,won,,\nx,2026-01-01,,,\ny,2026-01-01,hm,,\nd0,2027-01-01,won,,\n"
    )
    read = deals(tmp_path, HEAD + good(40) + faulty)
    assert [(r.row, r.reason) for r in read.rejected] == [
        (42, "no-deal_id"), (43, "no-status"), (44, "unreadable-status"),
        (45, "duplicate-key"),
    ]  # fmt: skip
    assert read.rows_in == 44 == read.arrow.num_rows + len(read.rejected)


def test_every_reason_has_words_in_both_languages(tmp_path):
    for reason in ("no-status", "unreadable-status", "duplicate-key", "copy-of-row"):
        assert reason_text(reason).en != reason_text(reason).ru


@pytest.mark.parametrize(("faulty", "fails"), [(20, False), (21, True)])
def test_more_than_a_fifth_of_unusable_rows_is_an_error(tmp_path, faulty, fails):
    text = HEAD + good(100 - faulty) + "x,2026-01-01,,,\n" * faulty
    if not fails:
        assert len(deals(tmp_path, text).rejected) == 20
        return
    with pytest.raises(DataError, match=r"21 of 100 rows .*no-status 21 \(row 81\)"):
        deals(tmp_path, text)


def test_exact_copies_are_left_out_but_are_not_an_error(tmp_path):
    read = deals(tmp_path, HEAD + good(10) + good(10))
    assert (read.arrow.num_rows, len(read.rejected)) == (10, 10)


def test_a_missing_key_column_is_named_with_what_was_found(tmp_path):
    with pytest.raises(DataError, match=r"'deal_id'.*did you mean 'deal id'.*import"):
        deals(tmp_path, "Deal ID,status\n1,won\n")


@pytest.mark.parametrize("text", ["", "deal_id,status\n", "whatever\n"])
def test_an_empty_file_is_a_table_without_rows(tmp_path, text):
    read = deals(tmp_path, text)
    assert read.empty
    assert read.arrow.num_rows == 0


def test_unknown_columns_are_kept_as_text(tmp_path):
    read = deals(tmp_path, "deal_id,status,Shop\n1,won,007\n")
    assert read.extra == ("shop",)
    assert read.arrow["shop"].to_pylist() == ["007"]


CELL = st.sampled_from(
    ["", "1", "2", "won", "lost", "2026-01-01", "x;y", '"', "да", "9,5"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=6), max_size=30))
def test_rows_in_are_always_accepted_or_rejected(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("rows") / "deals.csv"
    text = HEAD + "".join(",".join(line) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    try:
        read = read_table(path, TABLES["deals"], ACME)
    except DataError:
        return
    assert read.rows_in == read.arrow.num_rows + len(read.rejected)
