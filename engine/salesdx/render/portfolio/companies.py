"""Which companies to look at, and why: those with most reasons, then list by list."""

from salesdx.portfolio.model import Company, Listed, Listing, PortfolioDocument
from salesdx.render.portfolio.blocks import reasons
from salesdx.render.portfolio.words import Words
from salesdx.render.report import Block, Column, Group, Para, Section, Table

_FIRST, _LISTED = 12, 10  # rows; the rest is in the workbook and in the JSON
_SHARES = {"rare": "rare", "hardly-examined": "low_coverage"}  # that a list speaks of
_ABOUT = ("most-money", "nearly-likely", "rare", "above-group", "below-group",
          "hardly-examined")  # fmt: skip


def section(document: PortfolioDocument, words: Words) -> Section:
    """The chapter."""
    t = words.t
    if not document.lists:
        return Section("companies", t("first.title"), [Para(t("first.none"))])
    blocks: list[Block] = []
    if document.first:
        columns = [
            Column(t("col.company"), 4, strong=True), *_groups_column(document, words),
            Column(t("col.sum"), 2, "right"), Column(t("col.coverage"), 2, "right"),
            Column(t("col.why"), 8),
        ]  # fmt: skip
        rows = [[*_who(x.company, document, words), reasons(x, words)]
                for x in document.first[:_FIRST]]  # fmt: skip
        blocks += [Para(t("first.lead")), Table(columns, rows)]
    blocks += [_listing(x, document, words) for x in document.lists]
    return Section("companies", t("first.title"), blocks)


def sum_of(company: Company, words: Words) -> str:
    """What it loses, or a dash."""
    if company.loss is None:
        return "\u2014"
    return words.money(company.loss, company.currency)


def _groups_column(document: PortfolioDocument, words: Words) -> list[Column]:
    return [Column(words.t("col.group"), 3)] if document.size.groups else []


def _who(company: Company, document: PortfolioDocument, words: Words) -> list[str]:
    group = words.group(company.group) if company.group else "\u2014"
    return [
        words.company(company), *([group] if document.size.groups else []),
        sum_of(company, words), words.percent(company.coverage),
    ]  # fmt: skip


def _listing(listing: Listing, document: PortfolioDocument, words: Words) -> Block:
    t = words.t
    columns = [
        Column(t("col.company"), 4, strong=True), *_groups_column(document, words),
        Column(t("col.sum"), 2, "right"), Column(t("col.coverage"), 2, "right"),
        Column(t("col.why"), 5), Column(t("col.strongest"), 5),
    ]  # fmt: skip
    rows = [_row(x, document, words) for x in listing.rows[:_LISTED]]
    blocks: list[Block] = [Para(_about(listing, document, words), "muted")]
    return Group(t(f"why.{listing.why}"), [*blocks, Table(columns, rows)])


def _row(listed: Listed, document: PortfolioDocument, words: Words) -> list[str]:
    company = listed.company
    strongest = words.cause(company.strongest) if company.strongest else "\u2014"
    return [
        *_who(company, document, words), reasons(listed, words), strongest,
    ]  # fmt: skip


def _about(listing: Listing, document: PortfolioDocument, words: Words) -> str:
    n, shown = (
        words.count("companies", listing.companies),
        min(len(listing.rows), _LISTED),
    )
    parts = [words.t("list.count", n=n)]
    if shown < listing.companies:
        parts = [words.t("list.shown", n=n, shown=words.number(shown))]
    if listing.why in _ABOUT:
        name = _SHARES.get(listing.why)
        share = getattr(document.marks, name) if name else 0.0
        parts.append(words.said(f"about.{listing.why}", share=words.percent(share)))
    return " ".join(parts)
