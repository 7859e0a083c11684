"""Document -> report: which chapters, in which order, for which audience."""

from dataclasses import replace

from salesdx.compare import Comparison
from salesdx.render import (
    actions,
    appendix,
    claimed,
    findings,
    glossary,
    losses,
    map_pages,
    method,
    subjects,
)
from salesdx.render import (
    since as since_chapter,
)
from salesdx.render.audience import Audience
from salesdx.render.page_one import page_one
from salesdx.render.report import Report, Section
from salesdx.render.since_message import message
from salesdx.render.words import Words
from salesdx.result import ResultDocument


def build(
    document: ResultDocument, words: Words, audience: Audience,
    since: Comparison | None = None,
) -> Report:  # fmt: skip
    """Build the report of a fitted document; chapters without content are left out.

    `since` is what changed since an older result, fitted too.
    """
    t = words.t
    sections: list[Section] = [
        losses.where_lost(document, words, money=audience != "team"),
        losses.gate(document, words),
        map_pages.map_section(document, words),
        subjects.section(document, words, since),
        findings.findings(document, words, sources=audience == "consultant"),
        findings.cause_section(document, words),
        actions.plan(document, words),
        *actions.unsettled(document, words, points=audience == "consultant"),
        claimed.section(document, words),
        since_chapter.section(document, words, since, audience == "consultant"),
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
    first = page_one(document, words)
    if since:
        first = replace(first, since=message(document, words, since))
    return Report(
        language=t.language,
        kicker=t("kicker"),
        company=document.case.name,
        meta=meta,
        page_one=first,
        contents_title=t("contents"),
        sections=[s for s in sections if s.blocks],
        footer=t("footer", company=document.case.name),
        page_word=t("page"),
        as_table=t("as-table"),
        skip=t("skip"),
    )
