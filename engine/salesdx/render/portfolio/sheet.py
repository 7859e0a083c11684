"""XLSX: page one in short, then the tables in full; numbers stay numbers."""

from typing import Any

from salesdx.portfolio.model import Amount as Sum
from salesdx.portfolio.model import PortfolioDocument
from salesdx.render.office import paint
from salesdx.render.portfolio.blocks import reasons
from salesdx.render.portfolio.edition import PortfolioEdition
from salesdx.render.portfolio.words import Words
from salesdx.render.sheet import place
from salesdx.render.sheet_book import Book
from salesdx.render.sheet_formats import Amount, Cell
from salesdx.render.sheet_front import summary
from salesdx.render.sheet_pages import Head, Page

_NUMBER, _NAME = 12, 44


def write(edition: PortfolioEdition) -> bytes:
    """The workbook; money has the currency in a column beside it, not in its format."""
    document, words = edition.document, edition.words
    book = Book(
        edition.lang, "XXX", edition.day, paint(edition.look, edition.lang), words.t
    )
    report = edition.report
    book.named(f"{report.company} · {report.kicker}")
    made = [
        _causes(document, words), _remedies(document, words), _money(document, words),
        _companies(document, words), _groups(document, words), _facts(document, words),
    ]  # fmt: skip
    pages = [p for p in made if p.rows]
    summary(book, report, [p.name for p in pages])
    for page in pages:
        place(book, page)
    return book.close()


def _heads(*keys: str | tuple[str, float]) -> list[Head]:
    return [Head(k, _NUMBER) if isinstance(k, str) else Head(k[0], k[1]) for k in keys]


def _share(value: float | None) -> Cell:
    return None if value is None else Amount(value, "ratio")


def _sum(value: float | None) -> Cell:
    return None if value is None else Amount(value, "money")


def _causes(document: PortfolioDocument, words: Words) -> Page:
    heads = _heads(
        ("col.cause", _NAME), "col.likely", "col.possible", "col.not-likely",
        "col.unknown", "col.examined", "col.share-examined", "col.low", "col.high",
        ("col.id", 30),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            words.cause(c.id), c.likely, c.possible, c.not_likely, c.unknown,
            c.examined, _share(c.share), *map(_share, c.interval or (None, None)), c.id,
        ]
        for c in document.causes if c.judged
    ]  # fmt: skip
    return Page("causes", heads, rows)


def _remedies(document: PortfolioDocument, words: Words) -> Page:
    ill = document.size.ill
    heads = _heads(
        ("col.action", _NAME), ("col.treats", 70), "col.companies", "col.of-ill",
        ("col.id", 30),
    )  # fmt: skip
    likely = {c.id for c in document.causes if c.likely}
    rows: list[list[Cell]] = [
        [
            words.remedy(r.id),
            "; ".join(words.cause(c) for c in r.causes if c in likely),
            r.companies, _share(r.companies / ill if ill else None), r.id,
        ]
        for r in document.remedies
    ]  # fmt: skip
    return Page("remedies", heads, rows)


def _money(document: PortfolioDocument, words: Words) -> Page:
    heads = _heads(
        "col.currency", ("col.kind", 24), ("col.what", _NAME), "col.companies",
        ("col.money", 18), "col.part",
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for money in document.money:
        code, t = words.currency(money.currency), words.t
        total = Sum(currency=None, companies=money.known, amount=money.total)
        rows.append(_part(code, t("kind.total"), "", total, 1.0))
        for share in money.strongest:
            name = words.cause(share.of) if share.of else t("money.strongest.none")
            rows.append(_part(code, t("kind.strongest"), name, share, share.share))
        for share in money.groups:
            name = words.group(share.of)
            rows.append(_part(code, t("kind.group"), name, share, share.share))
    for cause in document.causes:
        for amount in cause.traced:
            code, name = words.currency(amount.currency), words.cause(cause.id)
            rows.append(_part(code, words.t("kind.traced"), name, amount, None))
    return Page("money", heads, rows, fixed=0)


def _part(code: str, kind: str, name: str, one: Any, share: float | None) -> list[Cell]:
    return [code, kind, name, one.companies, _sum(one.amount), _share(share)]


def _companies(document: PortfolioDocument, words: Words) -> Page:
    heads = _heads(
        ("col.list", 30), "col.place", ("col.company", 34), ("col.group", 24),
        ("col.sum", 18), "col.currency", "col.coverage", ("col.why", 50),
        ("col.strongest", _NAME), ("col.id", 24),
    )  # fmt: skip
    rows: list[list[Cell]] = []
    lists = [(words.t("actions.title"), document.first)]
    lists += [(words.t(f"why.{x.why}"), x.rows) for x in document.lists]
    for title, listed in lists:
        for at, one in enumerate(listed, 1):
            who = one.company
            rows.append([
                title, at, who.name or who.id, who.group or "", _sum(who.loss),
                who.currency or "", _share(who.coverage), reasons(one, words),
                words.cause(who.strongest) if who.strongest else "", who.id,
            ])  # fmt: skip
    return Page("look", heads, rows, fixed=3)


def _groups(document: PortfolioDocument, words: Words) -> Page:
    heads = _heads(
        ("col.group", 30), ("col.cause", _NAME), "col.how", "col.here", "col.examined",
        "col.low", "col.high", "col.elsewhere",
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            d.group, words.cause(d.cause),
            words.t("groups.more" if d.more else "groups.less"), _share(d.share),
            d.examined, *map(_share, d.interval), _share(d.elsewhere),
        ]
        for d in document.groups.differences
    ]  # fmt: skip
    return Page("groups", heads, rows)


def _facts(document: PortfolioDocument, words: Words) -> Page:
    heads = _heads(
        ("col.fact", 70), ("col.column", 34), "col.causes-waiting", "col.waiting"
    )
    rows: list[list[Cell]] = [
        [words.text(f.title), f.id, f.causes, f.blind] for f in document.unknown.facts
    ]
    return Page("facts", heads, rows)
