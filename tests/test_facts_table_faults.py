"""What is wrong with a table is told: a row's faults beside it, a column's at once."""

import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salesdx.errors import DataError, UsageError
from salesdx.knowledge.load import load
from salesdx.portfolio.chunk import Reject
from salesdx.portfolio.facts_table import FactsTable, open_table
from salesdx.portfolio.facts_table import source as sources

KNOWN = load()
SHARE, COUNT, DAYS = "conversion.mature", "clients.count", "cycle.won-mean"
MULTI = next(i for i, q in KNOWN.questions.items() if q.type == "multi")
YESNO, CODE = "base.stock-checked", MULTI
OPTIONS = [o.code for o in KNOWN.questions[MULTI].options][:2]
NUMBER = next(i for i, q in KNOWN.questions.items() if q.unit == "percent")
SCALE = next(i for i, q in KNOWN.questions.items() if q.type == "scale")
COUNT = next(i for i, m in KNOWN.metrics.items() if m.type == "count")
FLAG = next(i for i, m in KNOWN.metrics.items() if m.type == "flag")
DATE = next(i for i, q in KNOWN.questions.items() if q.type == "date")
TEXT = next(i for i, q in KNOWN.questions.items() if q.type == "text")


def parquet(folder: Path, columns: dict[str, Any], **options: Any) -> FactsTable:
    path = folder / "t.parquet"
    pq.write_table(pa.table(columns), path)
    return open_table(path, KNOWN, scratch=folder, **options)


def rejects(table: FactsTable) -> list[Reject]:
    return [r for i in range(table.chunks) for r in table.chunk(i).rejects]


def csv(folder: Path, text: str, **options: Any) -> FactsTable:
    path = folder / "t.csv"
    path.write_bytes(text.encode())
    return open_table(path, KNOWN, scratch=folder, **options)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (SHARE, 35.0, "35 % is 0.35"),
        (SHARE, -0.1, "from 0 to 1"),
        (SHARE, math.nan, "leave the cell empty"),
        (DAYS, math.inf, "leave the cell empty"),
        (DAYS, -1.0, "below zero"),
        ("loss.money", 1.7e308, "too large"),
        ("benchmark:main-stage.norm", -1e19, "too large"),
        (DAYS, "soon", "not a number"),
        (DAYS, "35 %", "without units"),
        (SHARE, "135 %", "35 % is 0.35"),
        (SHARE, "#N/A", "leave the cell empty"),
        (COUNT, 2.5, "whole number"),
        (FLAG, 2, "1 if it is so"),
        (YESNO, "maybe", "yes or no"),
        (NUMBER, 120, "outside 0 … 100"),
        (SCALE, 2.5, "whole number"),
        (MULTI, "nonsense", "no option 'nonsense'"),
        (MULTI, [OPTIONS[0], None], "empty"),
        (MULTI, f"{OPTIONS[0]};;", "empty"),
        (DATE, "30.06.2026", "is a date"),
        (TEXT, "a" * 40_000, "longer than a cell"),
        ("name", "a" * 1_001, "at most 1000 letters"),
        ("sales_model", "b2g", "b2b or b2c"),
        ("currency", "roubles", "three capital letters"),
        ("gap:churn.rate", "yes", "confirmed, suspected"),
        ("benchmark:main-stage.norm", math.inf, "leave the cell empty"),
    ],
)
def test_a_row_is_left_out_with_its_reason(
    tmp_path: Path, column: str, value: Any, reason: str
) -> None:
    table = parquet(tmp_path, {"id": ["a", "b", "c"], column: [None, value, None]})
    assert table.chunk(0).keys.id == ["a", "c"]
    (reject,) = rejects(table)
    assert (reject.row, reject.id, reject.column) == (2, "b", column)
    assert reason in reject.reason.en and reject.reason.ru != reject.reason.en
    assert len(reject.value) <= 80
    with pytest.raises(DataError, match="row 2 cannot be used"):
        table.find("b")


def test_a_row_tells_all_that_is_wrong_but_not_without_end(tmp_path: Path) -> None:
    figures = [i for i, m in KNOWN.metrics.items() if m.type == "share"][:30]
    table = parquet(tmp_path, {"id": ["a"], **{f: [7.0] for f in figures}})
    found = rejects(table)
    assert [r.column for r in found] == [*figures[:10], ""]
    assert found[-1].reason.en.endswith(": 20")


def test_ids_are_there_once_and_on_one_line(tmp_path: Path) -> None:
    ids = ["a", None, "b\nc", "x" * 201, " a ", "d\u202ee", "", "f", "f"]
    table = parquet(tmp_path, {"id": ids}, chunk_rows=2)
    kept = [i for n in range(table.chunks) for i in table.chunk(n).keys.id]
    assert kept == ["a", "f"]
    assert [r.row for r in rejects(table)] == [2, 3, 4, 5, 6, 7, 9]
    twice = [r for r in rejects(table) if r.row in (5, 9)]
    assert [r.reason.en[:30] for r in twice] == [
        "the id stands in row 1 already", "the id stands in row 8 already",
    ]  # fmt: skip
    assert all("\n" not in r.id + r.value for r in rejects(table))
    assert table.find("f").row == 8


def test_whole_numbers_are_ids(tmp_path: Path) -> None:
    assert parquet(tmp_path, {"id": [7, 8]}).chunk(0).keys.id == ["7", "8"]


def test_typed_columns_say_the_same_as_words(tmp_path: Path) -> None:
    import datetime as dt

    days = [dt.date(2026, 6, 30), None]
    typed = parquet(tmp_path, {
        "id": ["a", "b"], FLAG: [True, None], YESNO: [1, 0], DATE: days,
        MULTI: [OPTIONS, []], SHARE: pa.array([0.5, None]).dictionary_encode(),
    }).chunk(0)  # fmt: skip
    options = "|".join(OPTIONS)
    written = csv(tmp_path, (
        f"id;{FLAG};{YESNO};{DATE};{MULTI};{SHARE}\n"
        f"a;1;да;2026-06-30;{options};0,5\nb;;no;;[];\n"
    )).chunk(0)  # fmt: skip
    for name in (FLAG, YESNO, DATE, MULTI, SHARE):
        one, two = (c.batch.levels[""].columns[name] for c in (typed, written))
        assert one.known.tolist() == two.known.tolist()
        for row in one.known.nonzero()[0]:
            values = [
                c.values[row] if c.kinds is None else c.kinds[c.values[row]]
                for c in (one, two)
            ]
            assert values[0] == values[1], name


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.large_string()), pa.large_list(pa.large_string()),
        pa.large_list(pa.dictionary(pa.int32(), pa.large_string())),
    ],
)  # fmt: skip
def test_lists_of_large_texts_are_lists(tmp_path: Path, kind: pa.DataType) -> None:
    cells = pa.array([OPTIONS, []], kind)
    chunk = parquet(tmp_path, {"id": ["a", "b"], MULTI: cells}).chunk(0)
    column = chunk.batch.levels[""].columns[MULTI]
    assert column.kinds is not None
    assert [column.kinds[c] for c in column.values] == [tuple(OPTIONS), ()]


def test_views_of_texts_are_texts(tmp_path: Path) -> None:
    views = {
        n: pa.array(v, pa.string_view())
        for n, v in {"id": ["a", "b"], YESNO: ["yes", None], SHARE: ["0,5", ""]}.items()
    }
    chunk = parquet(tmp_path, views).chunk(0)
    assert chunk.keys.id == ["a", "b"] and chunk.rejects == ()


def test_cells_are_read_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    chunk = csv(tmp_path, (
        f"id;{SHARE};{NUMBER};loss.money;{YESNO}\n"
        "a;35%;40 %;1 250 000;не знаю\n"
        "b;42,5\u00a0%;40;1\u00a0250\u202f000,5;Неприменимо\n"
    )).chunk(0)  # fmt: skip
    assert chunk.rejects == ()
    columns = chunk.batch.levels[""].columns
    for name, values in (
        (SHARE, [0.35, 0.425]), (NUMBER, [40, 40]), ("loss.money", [1.25e6, 1250000.5]),
    ):  # fmt: skip
        assert columns[name].values.tolist() == values, name
    assert not columns[YESNO].known.any()


def test_a_reason_does_not_repeat_the_column(tmp_path: Path) -> None:
    (reject,) = rejects(csv(tmp_path, f"id,{YESNO}\na,perhaps\n"))
    assert reject.reason.ru == "не удалось понять ответ «perhaps»; да или нет"


def test_all_unusable_columns_are_told_at_once(tmp_path: Path) -> None:
    table = pa.Table.from_arrays(
        [pa.array([v]) for v in (1, "x", 1.0, 1.0, {"a": 1}, 1.0, True, [1.0])],
        ["key", "name", "conversion.matur", SHARE, DAYS, SHARE, NUMBER, COUNT],
    )
    pq.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(DataError) as caught:
        open_table(tmp_path / "t.parquet", KNOWN, scratch=tmp_path)
    told = caught.value.text("en")
    for part in (
        "no-id", "'key'", f"did you mean '{SHARE}'?", f"2 columns are called '{SHARE}'",
        f"'{DAYS}' cannot hold", f"'{NUMBER}' cannot hold", f"'{COUNT}' cannot hold",
    ):  # fmt: skip
        assert part in told
    assert "нет колонки `id`" in caught.value.text("ru")


def test_columns_may_be_left_out(tmp_path: Path) -> None:
    columns = {"id": ["a"], "remarks": ["-"], SHARE: [0.5]}
    with pytest.raises(DataError, match="remarks"):
        parquet(tmp_path, columns)
    table = parquet(tmp_path, columns, ignore=["remarks"])
    assert set(table.chunk(0).batch.levels[""].columns) == {SHARE}


def test_a_broken_line_is_one_row_less(tmp_path: Path) -> None:
    table = csv(
        tmp_path,
        f"id;{SHARE};name\na;0,1;x\nb;0,2\n;;\nc;0,3;y;z\n\nd;0,4;w\ne;7;v\nd;;\n",
        chunk_rows=2,
    )
    kept = [i for n in range(table.chunks) for i in table.chunk(n).keys.id]
    assert kept == ["a", "d"]
    found = [(r.row, r.column, r.value, r.reason.en[:24]) for r in rejects(table)]
    assert found == [
        (2, "", "b;0,2", "the line has fewer cells"),
        (4, "", "c;0,3;y;z", "the line has more cells "),
        (7, SHARE, "7", "a share is a number from"),
        (8, "id", "d", "the id stands in row 6 a"),
    ]
    assert table.find("d").row == 6


def test_a_quote_that_is_not_closed_ends_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="never closed"):
        csv(tmp_path, f'id;{SHARE}\na;0,1\n"b;0,2\nc;0,3\n')


def test_a_header_and_nothing_else(tmp_path: Path) -> None:
    table = csv(tmp_path, f"id;{SHARE}\n")
    assert (table.rows, table.chunks) == (0, 0)
    with pytest.raises(UsageError):
        table.find("a")


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    one = parquet(tmp_path, {"id": ["a"], SHARE: [0.5]})
    assert parquet(tmp_path, {"id": ["a"], SHARE: [0.5]}).fingerprint == one.fingerprint
    assert parquet(tmp_path, {"id": ["a"], SHARE: [0.6]}).fingerprint != one.fingerprint


def test_text_that_is_not_utf8_is_a_fault_of_its_row(tmp_path: Path) -> None:
    broken = pa.array([b"yes", b"\xff\xfe", b"no"]).cast(pa.binary())
    texts = pa.StringArray.from_buffers(3, broken.buffers()[1], broken.buffers()[2])
    table = parquet(tmp_path, {"id": ["a", "b", "c"], YESNO: texts, "name": texts})
    assert table.chunk(0).keys.id == ["a", "c"]
    assert [r.column for r in rejects(table)] == ["name", YESNO]
    assert all("not UTF-8" in r.reason.en for r in rejects(table))


def test_few_bytes_that_stand_for_many_are_not_spread_out(tmp_path: Path) -> None:
    """A megabyte in every row would be 24 GB."""
    long = pa.DictionaryArray.from_arrays(
        pa.array([0] * 8_192, pa.int8()), ["a" * 1_000_000]
    )
    ids = [str(i) for i in range(8_192)]
    table = parquet(tmp_path, {"id": ids, "name": long, TEXT: long, DAYS: long})
    chunk = table.chunk(0)
    assert not chunk.keys.id and len(chunk.rejects) == 3 * 8_192


def test_what_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = parquet(tmp_path, {"id": ["a"] * 100})
    monkeypatch.setattr(sources, "MAX_TEXT", 10)
    with pytest.raises(DataError, match="unpack to more than"):
        table.chunk(0)


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    many = {f"c{i}": [1] for i in range(5_001)}
    with pytest.raises(DataError, match="at most 5000 are read"):
        parquet(tmp_path, {"id": ["a"], **many})
    with pytest.raises(DataError, match="at most 5000 are read"):
        csv(tmp_path, ";".join(["id", *many]) + "\n")


@pytest.mark.parametrize("content", [b"PAR1 and nothing", b"\x00\x01\x02", b""])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataError):
        open_table(path, KNOWN, scratch=tmp_path)
    with pytest.raises(DataError, match="missing"):
        open_table(tmp_path / "missing", KNOWN, scratch=tmp_path)
