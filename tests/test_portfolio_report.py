import dataclasses
import os
import random
import zipfile
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import docx
import hostile
import openpyxl
import portfolio_fixture as made
import pyarrow as pa
import pyarrow.parquet as pq
import pypdfium2
import pytest
from portfolio_fixture import BLIND, DEADLINE, DISCOUNTS, LIKELY, STEP, Bill, Row

from salesdx.errors import DataError, UsageError
from salesdx.knowledge.load import load
from salesdx.portfolio import overview
from salesdx.portfolio.model import PortfolioDocument
from salesdx.portfolio.overview import table as reading
from salesdx.render.portfolio import FORMATS, write

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture
def knowledge():
    return load()


@pytest.fixture
def document(tmp_path, knowledge) -> PortfolioDocument:
    path = made.table(made.two_regions(), tmp_path / "result.parquet")
    return overview.of(path, knowledge, rejected=2)


def of(rows, tmp_path, knowledge, **more) -> PortfolioDocument:
    path = tmp_path / f"r{len(list(tmp_path.iterdir()))}.parquet"
    return overview.of(made.table(rows, path, **more), knowledge)


def cause(document, name):
    return next(c for c in document.causes if c.id == name)


def listing(document, why):
    return next((x for x in document.lists if x.why == why), None)


def ids(rows):
    return [r.company.id for r in rows]


def test_the_size_and_how_much_was_examined(document):
    size = document.size
    assert (size.companies, size.rejected, size.groups, size.ill) == (24, 2, 2, 13)
    models = [(m.code, m.companies) for m in size.sales_models]
    assert models == [("b2b", 18), ("b2c", 6)]
    seen = size.coverage
    assert (seen.low, seen.median, seen.high) == (0.5, 0.5, 0.5)
    assert (seen.hardly, seen.nothing, seen.tenths[1], seen.tenths[5]) == (1, 0, 1, 23)


def test_a_cause_is_counted_in_four_states_and_shared_among_the_examined(document):
    deadline = cause(document, DEADLINE)
    states = (deadline.likely, deadline.possible, deadline.not_likely, deadline.unknown)
    # what is open and could not become likely any more is settled; 50 could
    assert states == (13, 0, 10, 1)
    assert (deadline.judged, deadline.examined, deadline.likely_examined) == (
        24,
        23,
        13,
    )
    assert deadline.share == pytest.approx(13 / 23, abs=1e-6)
    # Wilson: 13 of 23 at 95 %
    assert deadline.interval == (pytest.approx(0.3681, abs=2e-4),
                                 pytest.approx(0.7437, abs=2e-4))  # fmt: skip
    discounts = cause(document, DISCOUNTS)
    assert (discounts.unknown, discounts.examined, discounts.blind) == (24, 0, 24)
    assert discounts.share is None and discounts.interval is None
    assert document.unknown.nowhere == [DISCOUNTS]


def test_the_money_is_told_currency_by_currency(document):
    rub, *others = document.money
    assert [m.currency for m in document.money] == ["RUB", "KZT", None]
    assert (rub.companies, rub.known, rub.total, rub.median) == (21, 20, 21_000, 1_050)
    assert rub.top_tenth == pytest.approx(3_900 / 21_000, abs=1e-6)
    assert rub.half == 6  # 2000 + 1900 + … + 1500 is 10500
    parts = [(s.of, s.companies, s.amount) for s in rub.strongest]
    assert parts == [(None, 7, 11_900), (DEADLINE, 13, 9_100)]
    assert [(s.of, s.amount) for s in rub.groups] == [("Юг", 13_200), ("Север", 7_800)]
    assert [(m.known, m.total) for m in others] == [(2, 4e6), (1, 500)]
    assert document.unknown.without_sum == 1
    assert [(a.currency, a.amount) for a in cause(document, DEADLINE).money] == [
        ("RUB", 9_100)
    ]


def test_no_format_adds_currencies(document):
    for lang in ("en", "ru"):
        page = write(document, "md", lang).decode()
        for mixed in ("4 021", "4,021", "4.02", "4,02"):
            assert mixed not in page.replace("\u00a0", " ")


def test_one_remedy_for_many_counts_companies_and_not_causes(document):
    remedies = {r.id: r.companies for r in document.remedies}
    assert remedies["deadline-rules"] == 13
    assert remedies["call-and-next-step"] == 4
    # both remedies of the deadline reach the same thirteen: one is enough
    assert [(s.adds, s.reached) for s in document.programme] == [(13, 13)]
    # and of two that reach as many it is the one that the cause names first
    assert document.programme[0].remedy == document.remedies[0].id == "deadline-rules"


def test_a_difference_between_groups_survives_only_if_it_is_no_chance(document):
    found = {(d.group, d.cause): d for d in document.groups.differences}
    north = found["Север", DEADLINE]
    assert (north.likely, north.examined, north.more) == (12, 12, True)
    assert (north.elsewhere_likely, north.elsewhere_examined) == (1, 11)
    # of two groups one says all; two causes are likely
    assert document.groups.comparisons == 2 and not any(g == "Юг" for g, _ in found)


def test_alike_groups_show_no_difference_and_small_ones_are_not_compared(
    tmp_path, knowledge
):
    alike = [
        Row(f"a{i}", group=f"G{i % 3}", causes={DEADLINE: LIKELY if i % 2 else BLIND})
        for i in range(60)
    ]
    found = of(alike, tmp_path, knowledge).groups
    assert found.comparisons == 3 and not found.differences
    small = [
        Row(f"a{i}", group=f"G{i // 7}",
            causes={DEADLINE: LIKELY if i < 7 else made.UNLIKELY})
        for i in range(14)
    ]  # fmt: skip
    found = of(small, tmp_path, knowledge).groups
    assert (found.too_small, found.compared, found.differences) == (2, 0, [])


def test_who_is_looked_at_and_why(document):
    money = listing(document, "most-money")
    # in each currency by itself; one or two companies with a sum make no ranking
    assert money.companies == 20
    # the foremost tenth, three at least
    assert ids(money.rows) == ["c19", "c18", "c17"]
    assert money.rows[0].reasons[0].share == pytest.approx(2_000 / 21_000, abs=1e-6)
    assert [r.reasons[0].place for r in money.rows] == [1, 2, 3]
    most = listing(document, "most-causes")
    assert most.companies == 13 and ids(most.rows) == ["c00", "c01", "c02"]
    assert most.rows[0].reasons[0].count == 2
    nearly = listing(document, "nearly-likely")
    assert nearly.companies == 2 and ids(nearly.rows) == ["c04", "c05"]
    assert ids(listing(document, "hardly-examined").rows) == ["c23"]
    # by place in the list of the reason; to be hardly examined is none by itself
    assert ids(document.first) == ["c19", "c00", "c04", "c18", "c01", "c05"]


def test_two_reasons_come_before_one_and_currencies_have_lists_of_their_own(
    tmp_path, knowledge
):
    rows = [Row(f"r{i}", 10.0 * i) for i in range(1, 6)]
    rows += [Row(f"k{i}", 1e6 * i, currency="KZT") for i in range(1, 4)]
    rows[2] = dataclasses.replace(rows[2], coverage=0.1)
    found = of(rows, tmp_path, knowledge)
    money = listing(found, "most-money")
    assert ids(money.rows) == ["r5", "r4", "r3", "k3", "k2", "k1"]
    assert [r.reasons[0].place for r in money.rows] == [1, 2, 3, 1, 2, 3]
    assert ids(found.first)[:3] == ["r3", "k3", "r5"]
    assert [r.why for r in found.first[0].reasons] == ["most-money", "hardly-examined"]


def test_a_cause_is_rare_where_enough_companies_were_examined(tmp_path, knowledge):
    def rows(n: int) -> list[Row]:
        return [
            Row(f"c{i:03}", causes={STEP: LIKELY if i == 0 else made.UNLIKELY})
            for i in range(n)
        ]

    assert listing(of(rows(19), tmp_path, knowledge), "rare") is None
    assert listing(of(rows(20), tmp_path, knowledge), "rare") is None  # 5 % is not less
    rare = listing(of(rows(21), tmp_path, knowledge), "rare")
    assert ids(rare.rows) == ["c000"] and rare.rows[0].reasons[0].causes == [STEP]


def test_a_loss_far_from_its_group_is_told_of_eight_companies_at_least(
    tmp_path, knowledge
):
    usual = [100.0, 110.0, 120.0, 130.0, 140.0, 150.0, 160.0]
    rows = [Row(f"a{i}", x, "Many") for i, x in enumerate([*usual, 9_000.0, 2.0])]
    rows += [Row(f"b{i}", x, "Few") for i, x in enumerate([*usual[:6], 9_000.0])]
    rows += [Row(f"n{i}", 50.0 if i else 1e9, "Same") for i in range(9)]
    found = of(rows, tmp_path, knowledge)
    above, below = (listing(found, f"{x}-group") for x in ("above", "below"))
    assert ids(above.rows) == ["a7"] and ids(below.rows) == ["a8"]
    # nine losses, the fifth is 130; the median distance is ln(130/110)
    reason = above.rows[0].reasons[0]
    assert reason.factor == pytest.approx(9_000 / 130, rel=1e-3)
    assert reason.score == pytest.approx(0.6745 * 4.2374 / 0.16705, abs=0.02)


def test_causes_that_travel_together(tmp_path, knowledge):
    def row(i: int) -> Row:
        both = LIKELY if i < 20 else made.UNLIKELY
        alone = LIKELY if i % 4 == 0 else made.UNLIKELY
        causes = {DEADLINE: both, STEP: both, DISCOUNTS: alone}
        return Row(f"c{i:03}", causes=causes)

    found = of([row(i) for i in range(80)], tmp_path, knowledge).together
    (pair,) = found.pairs
    assert (pair.one, pair.other, pair.both, pair.examined) == (DEADLINE, STEP, 20, 80)
    assert pair.lift == 4.0 and pair.shared > 0
    assert found.tried == 1  # five have both with the third: too few to tell


def test_neither_order_nor_size_of_what_is_read_changes_anything(
    tmp_path, knowledge, document, monkeypatch
):
    rows = made.two_regions()
    random.Random(4).shuffle(rows)
    plain = of(rows, tmp_path, knowledge)
    monkeypatch.setattr(reading, "ROWS", 5)
    parts = of(rows, tmp_path, knowledge, row_group=7)
    assert plain.to_json() == parts.to_json()
    again = document.model_copy(update={"size": plain.size})
    assert again.to_json() == plain.to_json()


def test_the_document_is_read_back_as_it_was_written(document):
    assert PortfolioDocument.model_validate_json(document.to_json()) == document
    assert '"schema": "salesdx/portfolio/1"' in document.to_json()


def test_what_is_no_result_table_is_refused(tmp_path, knowledge):
    text = tmp_path / "a.parquet"
    text.write_text("no")
    other = tmp_path / "b.parquet"
    pq.write_table(pa.table({"id": ["a"]}), other)
    for path in (text, other, tmp_path / "none.parquet"):
        with pytest.raises(DataError, match="no result table"):
            overview.of(path, knowledge)


def test_an_unknown_format_is_refused(document):
    with pytest.raises(UsageError, match="unknown report format"):
        write(document, "doc", "en")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_format_names_the_companies(document, lang):
    made_ = {f: write(document, f, lang) for f in FORMATS}
    name = "Компания 19"
    assert name in made_["html"].decode() and name in made_["md"].decode()
    assert name in made_["json"].decode()
    pdf = pypdfium2.PdfDocument(made_["pdf"])
    assert name in "".join(p.get_textpage().get_text_range() for p in pdf)
    pdf.close()
    words = docx.Document(BytesIO(made_["docx"]))
    assert any(name in c.text for t in words.tables for r in t.rows for c in r.cells)
    book = openpyxl.load_workbook(BytesIO(made_["xlsx"]))
    sheet = book.worksheets[4]
    losses = {r[2].value: r[4].value for r in sheet.iter_rows(min_row=2)}
    assert losses[name] == 2_000  # a number


def test_nothing_known_is_said_and_not_drawn(tmp_path, knowledge):
    rows = [Row(f"c{i}", coverage=0.0, causes={DEADLINE: BLIND}) for i in range(3)]
    found = of(rows, tmp_path, knowledge)
    assert not found.money and not found.remedies and found.size.ill == 0
    for lang, said in (("en", "No cause is likely"), ("ru", "нельзя назвать")):
        assert said in write(found, "md", lang).decode()
        for fmt in FORMATS:
            assert write(found, fmt, lang)
    nobody = of([], tmp_path, knowledge)
    assert nobody.size.companies == 0
    for fmt in FORMATS:
        assert write(nobody, fmt, "ru")


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, sorted(name for name, _ in attrs)))


def _named(rows, say):
    return [
        dataclasses.replace(
            r, name=say(2 * i), group=say(i // 12),
            currency=r.currency and say(40 + i // 22),
        )
        for i, r in enumerate(rows)
    ]  # fmt: skip


def test_hostile_names_do_nothing_in_any_format(tmp_path, knowledge):
    def hostile_text(i: int) -> str:
        return [*hostile.PAYLOADS, "Щ" * 300, "株式会社"][i % 42]

    loud = of(_named(made.two_regions(), hostile_text), tmp_path, knowledge)
    calm = of(
        _named(made.two_regions(), lambda i: hostile.twin(hostile_text(i))),
        tmp_path, knowledge,
    )  # fmt: skip
    page = write(loud, "html", "ru").decode()
    pages = page, write(calm, "html", "ru").decode()
    kinds = [{t for t, _ in _Tags(p).tags} for p in pages]
    assert kinds[0] == kinds[1] and "script" not in kinds[0]
    assert not any(a.startswith("on") for _, names in _Tags(page).tags for a in names)
    text = write(loud, "md", "en").decode()
    assert "<script" not in text.replace("\\<", "") and "](javascript" not in text
    for fmt in ("pdf", "docx", "json"):
        assert write(loud, fmt, "en")
    book = openpyxl.load_workbook(BytesIO(write(loud, "xlsx", "en")))
    assert not any(
        c.data_type == "f" for s in book.worksheets for r in s.iter_rows() for c in r
    )
    with zipfile.ZipFile(BytesIO(write(loud, "docx", "ru"))) as parts:
        assert "fldSimple" not in parts.read("word/document.xml").decode()


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_words_are_those_agreed(document, lang):
    """UPDATE_SNAPSHOTS=1 writes them anew: read the difference before committing."""
    known = document.knowledge.model_copy(update={"hash": "sha256:0", "version": "1"})
    unknown = document.unknown.model_copy(update={"facts": document.unknown.facts[:1]})
    told = document.model_copy(update={"knowledge": known, "unknown": unknown})
    words = write(told, "md", lang).decode()
    path = SNAPSHOTS / f"portfolio-{lang}.md"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(words, "utf-8")
    assert words == path.read_text("utf-8")


def test_equal_input_gives_equal_bytes(document):
    for fmt in FORMATS:
        assert write(document, fmt, "ru") == write(document, fmt, "ru")


def test_a_bill_of_another_executor_is_read_the_same(tmp_path, knowledge, document):
    """Verdicts may come as plain texts: Spark writes no dictionaries."""
    path = made.table(made.two_regions(), tmp_path / "a.parquet")
    read = pq.read_table(path)
    columns = {n: read.column(n) for n in read.column_names}
    for name in columns:
        if name.endswith(".verdict"):
            columns[name] = columns[name].cast(pa.string())
    flat = pa.table(columns)
    pq.write_table(flat, tmp_path / "b.parquet", store_schema=False)
    found = overview.of(tmp_path / "b.parquet", knowledge, rejected=2)
    assert found.to_json() == document.to_json()


def test_a_possible_cause_that_cannot_turn_is_not_nearly_likely(tmp_path, knowledge):
    settled = Bill("possible", 20, 10, 41)
    found = of([Row("a", causes={STEP: settled})], tmp_path, knowledge)
    assert listing(found, "nearly-likely") is None
