"""Document -> report: which chapters, in which order, for which audience."""

from salesdx.render import (
    actions,
    appendix,
    brevity,
    claimed,
    findings,
    glossary,
    losses,
    map_pages,
    method,
)
from salesdx.render.audience import Audience
from salesdx.render.page_one import page_one
from salesdx.render.report import Report, Section
from salesdx.render.words import Words
from salesdx.result import ResultDocument


def build(document: ResultDocument, words: Words, audience: Audience) -> Report:
    """Build the report of a fitted document; chapters without content are left out."""
    t = words.t
    sections: list[Section] = [
        losses.where_lost(document, words, money=audience != "team"),
        losses.gate(document, words),
        brevity.brief(map_pages.map_section(document, words), words),
        findings.findings(document, words, sources=audience == "consultant"),
        findings.cause_section(document, words),
        actions.plan(document, words),
        *actions.unsettled(document, words, points=audience == "consultant"),
        claimed.section(document, words),
        method.method(document, words),
    ]
    sections.append(glossary.section(sections, words))
    if audience == "consultant":
        sections.append(appendix.appendix(document, words))
    period = document.case.period
    meta = []
    if period.from_ and period.to:
        span = {"start": words.iso(period.from_), "end": words.iso(period.to)}
        meta.append(t("period", **span))
    if document.case.as_of:
        meta.append(t("as-of", day=words.iso(document.case.as_of)))
    meta.append(t(f"audience.{audience}"))
    return Report(
        language=t.language,
        kicker=t("kicker"),
        company=document.case.name,
        meta=meta,
        page_one=page_one(document, words),
        contents_title=t("contents"),
        sections=[s for s in sections if s.blocks],
        footer=t("footer", company=document.case.name),
        page_word=t("page"),
        as_table=t("as-table"),
        skip=t("skip"),
    )
