"""Portfolio document -> report: which chapters, in which order."""

from salesdx.portfolio.model import PortfolioDocument
from salesdx.render.portfolio import (
    common,
    companies,
    groups,
    matrix,
    method,
    money,
    unknown,
)
from salesdx.render.portfolio.page_one import page_one
from salesdx.render.portfolio.words import Words
from salesdx.render.report import Report, Section


def build(document: PortfolioDocument, words: Words) -> Report:
    """Chapters without content are left out."""
    t, size = words.t, document.size
    sections: list[Section] = [
        common.section(document, words),
        money.section(document, words),
        companies.section(document, words),
        groups.section(document, words),
        matrix.section(document, words),
        unknown.section(document, words),
        method.section(document, words),
    ]
    meta = [words.count("groups", size.groups)] if size.groups else []
    meta += _models(document, words)
    if size.rejected:
        meta.append(t("meta.rejected", n=words.count("rows", size.rejected)))
    meta.append(t("meta.version", version=document.knowledge.version))
    of_all = words.count("of-companies", size.companies)
    return Report(
        language=t.language, kicker=t("kicker"), company=t("heading", companies=of_all),
        meta=meta, page_one=page_one(document, words), contents_title=t("contents"),
        sections=[s for s in sections if s.blocks],
        footer=t("footer", companies=words.count("companies", size.companies)),
        page_word=t("page"), as_table=t("as-table"), skip=t("skip"),
    )  # fmt: skip


def _models(document: PortfolioDocument, words: Words) -> list[str]:
    models = [m for m in document.size.sales_models if m.code]
    return [f"{m.code.upper()}: {words.number(m.companies)}" for m in models if m.code]
