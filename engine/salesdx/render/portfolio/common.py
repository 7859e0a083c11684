"""What is common: causes, one programme for all, causes that travel together."""

from collections.abc import Sequence

from salesdx.portfolio.model import Cause, Pair, PortfolioDocument
from salesdx.render.portfolio.blocks import figure
from salesdx.render.portfolio.charts import cause_bars
from salesdx.render.portfolio.words import Words
from salesdx.render.report import (
    Block,
    Bullets,
    Column,
    Group,
    Para,
    Section,
    Table,
)

_REMEDIES = 6


def section(document: PortfolioDocument, words: Words) -> Section:
    """The chapter."""
    seen = [c for c in document.causes if c.likely or c.possible]
    blocks: list[Block] = []
    if seen:
        shown = seen[: cause_bars.MOST]
        drawing = cause_bars.draw(shown, words)
        caption = words.t("common.caption")
        blocks.append(figure(drawing, caption, cause_table(shown, words)))
        rest = len(seen) - len(shown)
        if rest:
            more = words.t("common.more", n=words.count("other-causes", rest))
            blocks.append(Para(more, "muted"))
    else:
        blocks.append(Para(words.t("common.none")))
    blocks += _programme(document, words)
    blocks += _together(document, words)
    return Section("common", words.t("common.title"), blocks)


def cause_table(causes: Sequence[Cause], words: Words) -> Table:
    """A row a cause: the four states, the share of those examined, its interval."""
    t = words.t
    columns = [
        Column(t("col.cause"), 6, strong=True),
        *(Column(t(f"col.{c}"), 2, "right") for c in (
            "likely", "possible", "not-likely", "unknown", "examined",
            "share-examined", "interval",
        )),
    ]  # fmt: skip
    rows = [
        [
            words.cause(c.id), *(words.number(n) for n in cause_bars.counts(c)),
            words.number(c.examined), words.percent(c.share), words.span(c.interval),
        ]
        for c in causes
    ]  # fmt: skip
    return Table(columns, rows)


def _programme(document: PortfolioDocument, words: Words) -> list[Block]:
    if not document.remedies:
        return []
    t, ill = words.t, document.size.ill
    columns = [
        Column(t("col.action"), 5, strong=True), Column(t("col.treats"), 6),
        Column(t("col.companies"), 2, "right"), Column(t("col.of-ill"), 2, "right"),
    ]  # fmt: skip
    likely = {c.id for c in document.causes if c.likely}
    rows = [
        [
            words.remedy(r.id),
            "; ".join(words.cause(c) for c in r.causes if c in likely),
            words.number(r.companies),
            words.percent(r.companies / ill if ill else None),
        ]
        for r in document.remedies[:_REMEDIES]
    ]  # fmt: skip
    blocks: list[Block] = [Para(t("programme.lead")), Table(columns, rows)]
    if len(document.programme) > 1:
        blocks += [Para(t("programme.order")), Bullets(_steps(document, words), True)]
    return [Group(t("programme.title"), blocks)]


def _steps(document: PortfolioDocument, words: Words) -> list[str]:
    lines = []
    for place, step in enumerate(document.programme):
        key = "programme.next" if place else "programme.first"
        reached, adds = (words.count("companies", n) for n in (step.reached, step.adds))
        lines.append(words.said(
            key, remedy=words.remedy(step.remedy), n=reached, adds=adds,
            more=words.number(step.adds), reached=words.number(step.reached),
        ))  # fmt: skip
    return lines


def _together(document: PortfolioDocument, words: Words) -> list[Block]:
    found = document.together
    if not found.pairs:
        return []
    blocks: list[Block] = [
        Para(words.t("together.note")),
        Bullets([_pair(p, words) for p in found.pairs]),
    ]
    more = found.found - len(found.pairs)
    if more > 0:
        blocks.append(Para(words.t("together.more", n=words.number(more)), "muted"))
    return [Group(words.t("together.title"), blocks)]


def _pair(pair: Pair, words: Words) -> str:
    said = words.said(
        "together.row", one=words.quoted(words.cause(pair.one)),
        other=words.quoted(words.cause(pair.other)),
        both=words.count("in-companies", pair.both), times=words.times(pair.lift),
    )  # fmt: skip
    notes = [words.t("together.linked")] if pair.linked else []
    notes += [words.t("together.shared")] if pair.shared else []
    return " ".join([said, *notes])
