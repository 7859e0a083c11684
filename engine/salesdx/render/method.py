"""Method in plain words, and the appendix: every figure and every answer."""

from salesdx.render.map_pages import loss_table
from salesdx.render.report import (
    Block,
    Bullets,
    Column,
    Group,
    Pairs,
    Para,
    Section,
    Table,
)
from salesdx.render.words import Words
from salesdx.result import MetricRow, ResultDocument

_MOST = 120
_PRINCIPLES = ("maturity", "interval", "states", "money", "weight", "unknown", "claims")
_PLAIN = ("owner", "team")  # readers who are spared codes and weights


def method(document: ResultDocument, words: Words) -> Section:
    """How the figures and verdicts come about, and with which versions."""
    t = words.t
    names = [f"{n}-plain" if words.reader in _PLAIN and n == "weight" else n
             for n in _PRINCIPLES]  # fmt: skip
    knowledge = document.knowledge
    blocks: list[Block] = [
        Bullets([t(f"method.{name}") for name in names]),
        Pairs(_versions(document, words)),
    ]
    if knowledge.tuned:
        blocks += [Para(t("method.tuned")), Bullets(_tuned(document, words))]
    return Section("method", t("method.title"), blocks)


def _versions(document: ResultDocument, words: Words) -> list[tuple[str, str]]:
    """What spoke: its version in words, and for its keeper its mark."""
    t, knowledge = words.t, document.knowledge
    engine = f"salesdx {document.engine.version}"
    pack = t("method.pack-plain", version=knowledge.version)
    if words.reader not in _PLAIN:
        engine += f" ({document.engine.executor})"
        pack = f"{knowledge.pack} {knowledge.version} ({knowledge.hash[:12]})"
        for layer in knowledge.layers:
            pack += " + " + " ".join(filter(None, (layer.id, layer.version)))
    return [(t("method.knowledge"), pack), (t("method.engine"), engine)]


def _tuned(document: ResultDocument, words: Words) -> list[str]:
    """What was not judged as shipped, and why."""
    lines = []
    for row in document.knowledge.tuned:
        why = f". {words.text(row.why)}" if row.why else ""
        lines.append(f"{words.text(row.text)}{why} ({row.layer})")
    return lines


def appendix(document: ResultDocument, words: Words) -> Section:
    """Figures of the company and of slices, the whole loss map, the answers."""
    t = words.t
    blocks: list[Block] = []
    company = [m for m in document.metrics if not m.slice and not m.period]
    sliced = [m for m in document.metrics if m.slice or m.period]
    if company:
        blocks.append(Group(t("appendix.company"), _figures(company, words, False)))
    if sliced:
        blocks.append(Group(t("appendix.slices"), _figures(sliced, words, True)))
    if document.losses:
        rest: list[Block] = [loss_table(document.losses[:_MOST], words)]
        if len(document.losses) > _MOST:
            rest.append(_cut(len(document.losses), words))
        blocks.append(Group(t("appendix.losses"), rest))
    if document.answers:
        blocks.append(Group(t("appendix.answers"), _answers(document, words)))
    return Section("appendix", t("appendix.title"), blocks)


def _figures(rows: list[MetricRow], words: Words, sliced: bool) -> list[Block]:
    t = words.t
    columns = [Column(t("col.figure"), 7, strong=True)]
    if sliced:
        columns.append(Column(t("col.slice"), 6))
    columns += [
        Column(t("col.value"), 4, "right"), Column(t("col.interval"), 5, "right"),
        Column("n", 2, "right"),
    ]  # fmt: skip
    if not sliced:
        columns.append(Column(t("col.benchmark"), 4, "right"))
    shown = []
    for m in rows[:_MOST]:
        known = m.value is not None and m.state == "ok"
        reason = words.text(m.reason) if m.reason else t(f"metric.{m.state}")
        cells = [words.text(m.title)]
        if sliced:
            where = words.where(m.slice) if m.slice else ""
            cells.append(", ".join(filter(None, (where, m.period))))
        cells.append(words.quantity(m.value, m.unit) if known else "\u2014")
        measured = known and m.said_by is None
        cells.append(words.interval(m.interval, m.unit) if measured else reason)
        cells.append("" if m.n is None else words.number(m.n, 0))
        if not sliced:
            norm = m.benchmark
            cells.append("" if norm is None else words.quantity(norm, m.unit))
        shown.append(cells)
    cut: list[Block] = [_cut(len(rows), words)] if len(rows) > _MOST else []
    return [Table(columns, shown), *cut]


def _answers(document: ResultDocument, words: Words) -> list[Block]:
    t = words.t
    columns = [
        Column(t("col.question"), 8, strong=True), Column(t("col.who"), 4),
        Column(t("col.answer"), 5), Column(t("col.sure"), 3),
    ]  # fmt: skip
    rows = []
    for a in document.answers[:_MOST]:
        value = (
            words.given(a.question, a.value, a.unit)
            if a.state == "answered"
            else t.code("answer", a.state)
        )
        title = words.text(a.title)
        if a.about:
            title += f" ({words.where(a.about)})"
        told = [x for x in (a.reason, a.note) if x]
        if a.evidence:
            told.append(t("answer.evidence", what="; ".join(a.evidence)))
        if a.inactive:
            told.append(t("answer.inactive"))
        if told:
            value += f" ({'; '.join(told)})"
        who = words.who(a.by, a.role, a.name)
        rows.append([title, who, value, _sure(a.confidence, words)])
    cut: list[Block] = (
        [_cut(len(document.answers), words)] if len(document.answers) > _MOST else []
    )
    return [Table(columns, rows), *cut]


def _sure(confidence: int, words: Words) -> str:
    level = "sure" if confidence >= 100 else "unsure" if confidence >= 60 else "guess"
    return words.t(f"sure.{level}")


def _cut(total: int, words: Words) -> Para:
    return Para(words.t("appendix.cut", shown=str(_MOST), total=str(total)), "muted")
