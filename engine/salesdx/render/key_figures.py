"""The three headline figures of page one: of what is known, what the reader asks first.

What is not known gets no place there: the verdict and the foot speak of it.
"""

from collections.abc import Iterator
from itertools import islice

from salesdx.render.report import Key
from salesdx.render.words import Words
from salesdx.result import MetricRow, ResultDocument

_MOST = 3


def keys(document: ResultDocument, words: Words) -> list[Key]:
    """The loss, how much was examined, the conversion; else what else is known."""
    return list(islice(_known(document, words), _MOST))


def company_figure(document: ResultDocument, metric: str) -> MetricRow | None:
    """The whole-company, whole-period row of a metric, when it is known."""
    for row in document.metrics:
        if row.id == metric and not row.slice and not row.period:
            return row if row.value is not None and row.state == "ok" else None
    return None


def _known(document: ResultDocument, words: Words) -> Iterator[Key]:
    t, loss = words.t, document.summary.loss
    if loss:
        per = t.code("per", loss.per)
        note = t("one.loss.note", span=words.span(loss), per=per)
        yield Key(t("one.loss"), words.short(loss.expected), note)
    share = words.percent(document.summary.coverage, 0)
    yield Key(t("one.coverage"), share, t("one.coverage.note"))
    yield from _conversion(document, words)
    likely, possible = (
        len({c.id for c in document.causes if c.verdict == v})
        for v in ("likely", "possible")
    )
    if likely:
        note = t("one.causes.note", n=str(possible))
        yield Key(t("one.causes"), str(likely), note)
    elif document.fine:
        note = t("one.sound.note")
        yield Key(t("one.sound.key"), str(len(document.fine)), note)
    raw = company_figure(document, "conversion.raw")
    if raw and raw.denominator:
        entries = words.number(raw.denominator, 0)
        yield Key(t("one.entries"), entries, t("one.entries.note"))
    given = sum(a.state == "answered" for a in document.answers)
    note = t("one.answers.note" if given else "one.answers.none")
    yield Key(t("one.answers"), words.number(given, 0), note)


def _conversion(document: ResultDocument, words: Words) -> Iterator[Key]:
    mature = company_figure(document, "conversion.mature")
    raw = company_figure(document, "conversion.raw")
    if mature and mature.value:
        value = words.odds(mature.value)
        note = words.percent(mature.value)
        if raw and raw.value and words.odds(raw.value) != value:
            note = words.t("one.conversion.note", raw=words.odds(raw.value))
        yield Key(words.t("one.conversion"), value, note)
