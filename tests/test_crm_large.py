"""Large files: read block by block, the same as whole; texts aside, nothing left."""

import io
import tempfile

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesdx.company import Company
from salesdx.crm import amounts, decoding, delimited, staging, times
from salesdx.crm.canonical import to_table
from salesdx.crm.delimited import read_csv
from salesdx.crm.importing import plan_import, run_import
from salesdx.crm.merging import merge
from salesdx.crm.repeats import repeats
from salesdx.crm.rows import trim, trimmed
from salesdx.crm.writing import rejects_writer, table_writer, write_all
from salesdx.errors import DataError
from salesdx.tables import TABLES

LINES = st.lists(
    st.sampled_from([
        "Пётр;1\n", "Счёт выставлен;2\r\n", "plain;3\n", "café;4\n", "\n", "№ 5;—\r",
        "ПРОДАЖИ и ещё", "x", "\u00a0", "naïve été ;",
    ]),
    max_size=12,
)  # fmt: skip
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16", "koi8-r"])
TAIL = st.sampled_from([b"", b"", b"\xe9", b"\x98", b"\x00", b"\xd0", b"\xff\xfe"])


def whole(raw, name):
    """What decoding all bytes at once says; block by block must say the same."""
    boms = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    for bom, encoding in boms.items():
        if raw.startswith(bom):
            try:
                return raw.decode(encoding), encoding
            except UnicodeDecodeError as error:
                return f"{name}: damaged {encoding} text at byte {error.start}"
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return whole_cp1251(raw, name, error.start)
    return f"{name}: not a text file" if "\x00" in text else (text, "utf-8")


def whole_cp1251(raw, name, start):
    line = raw.count(b"\n", 0, start) + 1
    unknown = f"{name}:{line}: the encoding is neither"
    try:
        text = raw.decode("cp1251")
    except UnicodeDecodeError:
        return unknown
    sample = text[: decoding._SAMPLE] if start < decoding._SAMPLE else text
    foreign = sum(ord(c) > 127 for c in decoding._LETTERS.findall(sample))
    russian = len(decoding._RUSSIAN.findall(sample))
    words = len(decoding._WORD.findall(sample))
    odd = len(decoding._ODD.findall(sample))
    good = russian >= 0.9 * foreign and odd <= 0.1 * words and b"\x00" not in raw
    return (text, "cp1251") if good else unknown


def blockwise(raw, name, block):
    file = io.BytesIO(raw)
    try:
        encoding = decoding.look_through(file, name, block=block).encoding
    except DataError as error:
        return str(error)
    return b"".join(decoding.utf8(file, encoding, block)).decode(), encoding


@settings(max_examples=300, deadline=None)
@given(LINES, ENCODINGS, TAIL, st.integers(1, 9), st.sampled_from([4, 30, 1_000]))
def test_any_block_size_decodes_as_the_whole_file(lines, encoding, tail, block, sample):
    raw = "".join(lines).encode(encoding, errors="replace") + tail
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "_SAMPLE", sample)
        expected, found = whole(raw, "f"), blockwise(raw, "f", block)
    if isinstance(expected, str):
        assert isinstance(found, str)
        assert found.startswith(expected)
    else:
        assert found == expected


def test_a_bad_byte_at_the_very_end_decides_how_the_first_line_reads(tmp_path):
    start = "id;n\n" + "1;plain\n" * 300_000
    path = tmp_path / "late.csv"
    path.write_bytes(start.encode() + "2;Пётр\n".encode("cp1251"))
    rows = read_csv(path)
    assert (rows.encoding, rows.table["n"][-1].as_py()) == ("cp1251", "Пётр")
    path.write_bytes(start.encode() + b"2;caf\xe9\n")
    with pytest.raises(DataError, match=r"late\.csv:300002: the encoding"):
        read_csv(path)


CELLS = st.sampled_from([
    "1", "Сделка № 7", "", " ", '"a;b"', '"две\nстроки"', '"две\r\nстроки"', '"-""-"',
    "\u00a0x ", "длинное имя", '""', "7,5",
])  # fmt: skip
ROWS = st.lists(st.tuples(st.lists(CELLS, min_size=1, max_size=4)), max_size=30)


@settings(max_examples=150, deadline=None)
@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.integers(60, 200), st.booleans())
def test_rows_on_the_borders_of_blocks_are_split_as_in_one_block(
    tmp_path_factory, rows, end, block, russian
):
    text = end.join(["ид;имя;сумма", *(";".join(cells) for (cells,) in rows)])
    path = tmp_path_factory.mktemp("blocks") / "x.csv"
    path.write_bytes(text.encode("cp1251" if russian else "utf-8"))
    one, many = read_csv(path), read_csv(path, blocks=(block, delimited.LONGEST))
    assert many.table.to_pydict() == one.table.to_pydict()
    assert many.numbers.tolist() == one.numbers.tolist()
    assert (many.broken, many.rows_in) == (one.broken, one.rows_in)


@settings(max_examples=200, deadline=None)
@given(st.text('";\\a\n', max_size=40), st.integers(1, 9))
def test_quotes_written_twice_are_found_across_blocks(text, block):
    raw = text.encode()
    blocks = (raw[i : i + block] for i in range(0, len(raw), block))
    assert delimited._doubled(blocks) == bool(delimited._DOUBLED.search(raw))


def test_a_quote_never_closed_in_a_large_file_is_named_by_its_row(tmp_path):
    lines = ["sep=;", "a;b", *(["1;2"] * 300), "", "x", '3;"4', *(["5;6"] * 300)]
    (tmp_path / "q.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="row 305: a quote"):
        read_csv(tmp_path / "q.csv", blocks=(128, 1_024))


@pytest.mark.parametrize("text", ["a;" * 5_000, "a;b\n1;2\n3;" + "x" * 9_000])
def test_a_line_without_end_is_refused_before_it_is_read(text):
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size=-1):
            assert 0 <= size <= 1_024
            self.taken += size
            return super().read(size)

    file = Counting(text.encode() * 100)
    with pytest.raises(DataError, match=r"f:\d: a line of more than"):
        decoding.look_through(file, "f", longest=4_000, block=1_024)
    assert file.taken < 10_000


@pytest.fixture
def aside(monkeypatch, tmp_path):
    """Every table goes to a temporary file; the folder of these files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for name in ("KEPT", "_KEPT_COLUMN", "_BATCH"):
        monkeypatch.setattr(staging, name, 0)
    return folder


TEXT = "ID;Стадия сделки;Сумма;Дата создания;Комментарий\n" + "".join(
    f"{i};{('Новая', 'Сделка успешна')[i % 2]};{i},5;{i % 28 + 1:02}.02.2026;«{i}»\n"
    for i in [*range(500), *range(40)]
)


def case_of(folder):
    folder.mkdir(exist_ok=True)
    (folder / "company.yaml").write_text("format: 1\nname: Acme\n")


def imported(folder, text=TEXT):
    case_of(folder)
    (folder / "x.csv").write_text(text, encoding="cp1251")
    run_import(plan_import(folder, [folder / "x.csv"]))
    return (folder / "data/deals.csv").read_bytes()


def test_what_is_set_aside_is_imported_the_same(tmp_path, monkeypatch, request):
    plain = imported(tmp_path / "plain")
    folder = request.getfixturevalue("aside")
    assert imported(tmp_path / "aside") == plain
    assert imported(tmp_path / "aside") == plain  # again, into what is there
    backwards = [TEXT.splitlines()[0], *TEXT.splitlines()[:300:-1]]
    assert imported(tmp_path / "aside", "\n".join(backwards)) == plain
    assert not list(folder.iterdir())


def test_texts_set_aside_take_no_memory(aside, tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n" + "1,some text\n" * 200_000)
    before = pa.total_allocated_bytes()
    rows = read_csv(tmp_path / "x.csv")
    assert rows.table.get_total_buffer_size() > 3_000_000
    assert pa.total_allocated_bytes() - before < 1_000_000


def test_no_room_for_temporary_files_is_said_so(aside, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such folder"))
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"temporary files.*TMPDIR"):
        read_csv(tmp_path / "x.csv")


def test_ctrl_c_while_writing_leaves_the_old_file_and_no_other(tmp_path):
    (tmp_path / "a.csv").write_text("old")

    def interrupted(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_all({tmp_path / "a.csv": interrupted, tmp_path / "b.csv": interrupted})
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.csv": "old"}


def test_a_table_written_in_steps_is_that_written_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("salesdx.crm.writing._STEP", 3)
    table = pa.table({"a": [f'"{i}"' for i in range(10)], "b": [None, *range(9)]})
    at_once = io.BytesIO()
    arrow_csv.write_csv(table, at_once)
    for size in (0, 10):
        write_all({tmp_path / "t.csv": table_writer(table.slice(0, size), ".csv")})
        lines = (tmp_path / "t.csv").read_bytes().splitlines()
        assert lines == at_once.getvalue().splitlines()[: size + 1]


def test_rejected_rows_are_safe_in_a_spreadsheet(tmp_path):
    rows = [(2, "no-status", ["=1+1", None]), (5, "too-few-cells", ())]
    write_all({tmp_path / "r.csv": rejects_writer(["a", "b"], lambda: rows)})
    assert (tmp_path / "r.csv").read_bytes().decode("utf-8-sig").split("\r\n") == [
        "row,reason,a,b", "2,no-status,'=1+1,", "5,too-few-cells", "",
    ]  # fmt: skip


DIGITS = st.sampled_from("0123456789")
TIMES = st.one_of(
    st.from_regex(r"[0-3]\d[./-][01]\d[./-](19|20)\d\d", fullmatch=True),
    st.from_regex(r"(19|20)\d\d[./-][01]\d[./-][0-3]\d[T ,]\d\d:\d\d", fullmatch=True),
    st.from_regex(
        r"[0-3]\d\.[0-3]\d\.2\d{3}[T ][0-2]\d:[0-6]\d[:.]\d\d", fullmatch=True
    ),
    st.sampled_from(["2026-03-29 02:30:00", "1.2.2026", "5 мая 2026", "x", "46000"]),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.none() | TIMES, min_size=1, max_size=8),
    st.sampled_from(["day-first", "month-first"]), st.sampled_from([None, "UTC"]),
)  # fmt: skip
def test_times_in_full_are_read_as_all_others_are(texts, order, written_in):
    column = pa.array(texts, pa.string())
    found = times.parse_times(column, order, "Europe/Moscow", written_in)
    known = column.drop_null()
    seconds, read = times._otherwise(known, order, "Europe/Moscow", written_in)
    expected = iter(
        np.datetime64(int(s), "s").astype(object) if r else None
        for s, r in zip(seconds, read, strict=True)
    )
    assert found.to_pylist() == [None if t is None else next(expected) for t in texts]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.none() | st.text("0123456789.,,. -\u00a0₽%", max_size=9), max_size=8)
)
def test_numbers_read_at_once_are_those_read_step_by_step(texts):
    column = pa.array([t.strip() or None if t else None for t in texts], pa.string())
    found = amounts.parse_numbers(column).to_pylist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(amounts, "_PLAIN", np.zeros(256, bool))
        assert amounts.parse_numbers(column).to_pylist() == found


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.none() | st.sampled_from(["1", "01", "2", "x", "7"]))))
def test_repeated_keys_are_found_whatever_the_chunks(chunks):
    later, first, seen = [], [], {}
    for place, key in enumerate(k for chunk in chunks for k in chunk):
        if key is not None and seen.setdefault(key, place) != place:
            later.append(place)
            first.append(seen[key])
    found = repeats(pa.chunked_array(chunks, pa.string()))
    assert [places.tolist() for places in found] == [later, first]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.none() | st.text(" \t\n\u00a0\u2003\u3000\x85aя—₽", max_size=4)))
def test_cells_are_trimmed_as_arrow_trims_them(texts):
    cells = pa.array(["", *texts], pa.string())[1:]  # a slice: offsets from elsewhere
    expected = [t or None for t in pc.utf8_trim_whitespace(cells).to_pylist()]
    assert trim(cells).to_pylist() == expected
    assert trimmed(pa.chunked_array([cells, cells])).to_pylist() == expected * 2


def test_merging_takes_rows_column_by_column(aside, monkeypatch):
    monkeypatch.setattr("salesdx.crm.merging._STEP", 2)
    old = pa.table({"deal_id": list("abcd"), "status": ["open"] * 4})
    new = pa.table({"deal_id": list("ecb"), "status": ["won", "lost", "won"]})
    assert merge(old, new, TABLES["deals"]).to_pydict() == {
        "deal_id": list("abcde"), "status": ["open", "won", "lost", "open", "won"],
    }  # fmt: skip


def test_progress_ends_where_the_work_ends(tmp_path):
    told = []
    case_of(tmp_path)
    (tmp_path / "x.csv").write_text(TEXT, encoding="cp1251")
    plan = plan_import(
        tmp_path, [tmp_path / "x.csv"], progress=lambda *a: told.append(a)
    )
    assert told[-1][1:] == ((tmp_path / "x.csv").stat().st_size,) * 2
    run_import(plan, progress=lambda *a: told.append(a))
    assert {str(what) for what, _, _ in told} == {
        "Reading", "Reading the columns", "Writing",
    }  # fmt: skip
    assert all(0 <= done <= total for _, done, total in told)


def test_faulty_cells_are_counted_across_chunks(aside, tmp_path):
    lines = ["deal_id,status,amount", *(f"{i},won,{i}" for i in range(50))]
    lines[10], lines[40] = "9,won,many", "39,won,-"
    (tmp_path / "x.csv").write_text("\n".join(lines))
    rows = read_csv(tmp_path / "x.csv", blocks=(64, 1_024))
    read = to_table(rows, TABLES["deals"], Company(format=1, name="Acme"))
    assert read.arrow["amount"].null_count == 2
    assert read.bad_values["amount"].examples == ((11, "many"),)
