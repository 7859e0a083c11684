"""What is not known: how far companies were examined, what nobody looked at."""

from salesdx.portfolio.model import PortfolioDocument
from salesdx.render.portfolio.blocks import figure
from salesdx.render.portfolio.charts import coverage
from salesdx.render.portfolio.words import Words
from salesdx.render.report import Block, Bullets, Column, Group, Para, Section, Table


def section(document: PortfolioDocument, words: Words) -> Section:
    """The chapter."""
    t, size = words.t, document.size
    blocks: list[Block] = []
    if size.companies:
        tenths = size.coverage.tenths
        drawing = coverage.draw(tenths, document.marks.low_coverage, words)
        caption = t("unknown.coverage.caption")
        columns = [Column(t("col.coverage"), 3), Column(t("col.companies"), 3, "right")]
        names = coverage.tenths_said(words)
        rows = [[name, words.number(n)]
                for name, n in zip(names, tenths, strict=True)]  # fmt: skip
        blocks.append(figure(drawing, caption, Table(columns, rows)))
    blocks += _lines(document, words)
    nowhere = document.unknown.nowhere
    if nowhere:
        blocks.append(Group(t("unknown.nowhere"), [
            Para(t("unknown.nowhere.lead")),
            Bullets(sorted(words.cause(c) for c in nowhere)),
        ]))  # fmt: skip
    blocks += _facts(document, words)
    return Section("unknown", t("unknown.title"), blocks)


def _lines(document: PortfolioDocument, words: Words) -> list[Block]:
    size, t = document.size, words.t
    lines = list(gaps(document, words))
    if size.coverage.nothing:
        n = words.count("in-companies", size.coverage.nothing)
        lines.append(t("unknown.nothing", n=n))
    if size.rejected:
        lines.append(t("unknown.rejected", n=words.count("rows", size.rejected)))
    never = len(document.unknown.never_judged)
    if never:
        lines.append(t("unknown.never", n=words.count("causes", never)))
    return [Bullets(lines)] if lines else []


def gaps(document: PortfolioDocument, words: Words) -> list[str]:
    """What is missing, in a sentence each; page one says the same."""
    t, size, lines = words.t, document.size, list[str]()
    if document.unknown.without_sum and document.money:
        n = words.count("of-companies", document.unknown.without_sum)
        lines.append(t("short.no-sum", n=n))
    if size.coverage.hardly:
        lines.append(words.said(
            "short.hardly", n=words.count("companies", size.coverage.hardly),
            share=words.percent(document.marks.low_coverage),
        ))  # fmt: skip
    if document.unknown.nowhere:
        n = words.count("causes", len(document.unknown.nowhere))
        lines.append(t("short.nowhere", n=n))
    return lines


def _facts(document: PortfolioDocument, words: Words) -> list[Block]:
    facts = document.unknown.facts
    if not facts:
        return []
    t = words.t
    columns = [
        Column(t("col.fact"), 7, strong=True), Column(t("col.column"), 4),
        Column(t("col.causes-waiting"), 2, "right"),
        Column(t("col.waiting"), 3, "right"),
    ]  # fmt: skip
    rows = [
        [words.text(f.title), f.id, words.number(f.causes), words.number(f.blind)]
        for f in facts
    ]
    blocks: list[Block] = [Para(t("unknown.facts.lead")), Table(columns, rows)]
    return [Group(t("unknown.facts"), blocks)]
