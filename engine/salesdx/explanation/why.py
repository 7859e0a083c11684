"""why: the bill of a cause, line by line, what it needs, and what is still unknown."""

from collections.abc import Iterator, Sequence
from typing import Literal

from salesdx.citation import cited
from salesdx.explanation.account import (
    Account,
    Lacking,
    Line,
    Requirement,
    Rival,
)
from salesdx.explanation.grounds import Part, Value
from salesdx.explanation.plain import plain_account
from salesdx.explanation.wording import VERDICTS, form
from salesdx.inference.points import LIKELY
from salesdx.inference.verdicts import SEPARATION
from salesdx.language import Language, percent
from salesdx.result import CauseRow, Tuned

Audience = Literal["consultant", "owner"]
_MARKS = {"true": "✓", "false": "✗", "unknown": "?"}
_VALUES = 9  # figures and answers listed under a line
_UNKNOWN = 10


class Why(Part):
    """All rows of one cause, the strongest first; `accounts` stand beside the rows."""

    cause: str
    rows: list[CauseRow]
    accounts: list[Account]

    def only(self, rows: Sequence[CauseRow]) -> "Why":
        """The same for some of the rows."""
        kept = [r.slice for r in rows]
        accounts = [a for a in self.accounts if a.slice in kept]
        return Why(cause=self.cause, rows=list(rows), accounts=accounts)

    def text(self, language: Language, audience: Audience = "consultant") -> str:
        """The bill in words; for the owner without rules and points."""
        tell = plain_account if audience == "owner" else _account
        return "\n\n".join(
            "\n".join(tell(a, language)) for a in self.accounts
        )  # fmt: skip


def _account(told: Account, language: Language) -> Iterator[str]:
    yield headline(told, language)
    yield _weight(told, language)
    ru = language == "ru"
    for title, lines in (
        ("За:" if ru else "For:", [x for x in told.lines if x.direction == "for"]),
        (
            "Против:" if ru else "Against:",
            [x for x in told.lines if x.direction != "for"],
        ),
    ):
        if lines:
            yield title
        for line in lines:
            yield from _line(line, language)
    yield from _requirements(told.requirements, language)
    if told.rivals:
        yield "Похожие причины:" if ru else "Causes that look alike:"
    yield from (_rival(r, language) for r in told.rivals)
    if told.lacks:
        yield "До «вероятно» не хватает:" if ru else "Lacking for “likely”:"
    yield from (f"  · {x.in_(language)}" for x in told.lacks)
    yield from _missing(told.missing, language)
    yield ("Как проверить: " if ru else "How to verify: ") + told.verify.in_(language)


def headline(told: Account, language: Language) -> str:
    """`Title (manager Ivanov): likely`."""
    where = f" ({told.where.in_(language)})" if told.where else ""
    verdict = VERDICTS[told.verdict].in_(language)
    return f"{told.title.in_(language)}{where}: {verdict}"


def _weight(told: Account, language: Language) -> str:
    share = percent(told.coverage, language, 0)
    same = told.worst == told.best
    if language == "ru":
        ends = "" if same else f", с учётом неизвестного от {told.worst} до {told.best}"
        return (
            f"Вес свидетельств {told.points} (для «вероятно» нужно {LIKELY}){ends}. "
            f"Проверено {share} свидетельств."
        )
    ends = "" if same else f", with the unknown from {told.worst} to {told.best}"
    return (
        f"Weight of evidence {told.points} (“likely” takes {LIKELY}){ends}. "
        f"{share} of the evidence looked at."
    )


def _line(line: Line, language: Language) -> Iterator[str]:
    ru = language == "ru"
    where = f" ({line.where.in_(language)})" if line.where else ""
    yield f"  {line.points:+4d}  {line.because.in_(language)}{where}"
    note = _note(line, language)
    if note:
        yield f"        {note}"
    for change in line.tuned:
        yield f"        {changed(change, language)}"
    yield from _values(line.values, language)
    for text in line.misleading_when:
        lead = "Обманчиво, если: " if ru else "Misleading when: "
        yield f"        {lead}{text.in_(language)}"
    source = ", ".join(cited(line.source, language))
    refs = " ".join(line.ref)
    known = " · ".join(x for x in (refs, line.grade, source) if x)
    yield f"        [{line.rule}] {known}"


def changed(change: Tuned, language: Language) -> str:
    """`my-knowledge: weight strong → moderate (40 → 10). Why: …`."""
    what = change.text.in_(language).rpartition(": ")[2]
    lead = "Почему: " if language == "ru" else "Why: "
    why = f". {lead}{change.why.in_(language)}" if change.why else ""
    return f"{change.layer}: {what}{why}"


def _note(line: Line, language: Language) -> str:
    """Why a line counts for less than it weighs."""
    ru = language == "ru"
    if line.counted == line.points:
        return ""
    if line.under:
        return (
            f"учтено {line.counted}: о том же говорит более сильное {line.under} "
            f"(группа {line.group})"
            if ru
            else f"counted {line.counted}: {line.under} says the same and is stronger "
            f"(group {line.group})"
        )
    if line.capped:
        return (
            f"учтено {line.counted}: одиночные ответы вместе дают не больше 20"
            if ru
            else f"counted {line.counted}: single answers add at most 20 together"
        )
    return f"учтено {line.counted}" if ru else f"counted {line.counted}"


def _values(values: Sequence[Value], language: Language) -> Iterator[str]:
    for value in values[:_VALUES]:
        unsure = ""
        if value.confidence < 100:
            n = value.confidence
            unsure = f", не уверены: {n} %" if language == "ru" else f", unsure: {n}%"
        by = value.by.in_(language) + unsure
        yield f"        • {value.text.in_(language)} ({by}; {value.name})"
    left = len(values) - _VALUES
    if left > 0:
        yield f"        • … {f'и ещё {left}' if language == 'ru' else f'{left} more'}"


def _requirements(rows: Sequence[Requirement], language: Language) -> Iterator[str]:
    """Conditions by kind, each with its state and the figures behind it."""
    ru = language == "ru"
    for kinds, title in (
        (("gate",), "Обязательные условия:" if ru else "Required:"),
        (("unless", "rules_out"),
         "Возражения, которые могли бы снять вывод:" if ru
         else "Objections that could undo it:"),
    ):  # fmt: skip
        here = [r for r in rows if r.kind in kinds]
        if here:
            yield title
        for row in here:
            text = row.text.in_(language)
            same = [v for v in row.values if v.text == row.text]
            by = f" ({same[0].by.in_(language)}; {same[0].name})" if same else ""
            yield f"  {_MARKS[row.state]} {text}{_state(row, ru)}{by}"
            yield from _values([v for v in row.values if v not in same], language)


def _state(row: Requirement, ru: bool) -> str:
    if row.state == "unknown":
        return " — неизвестно" if ru else " — not known"
    if row.state == "false":
        return " — это не так" if ru else " — not so"
    return ""


def _rival(rival: Rival, language: Language) -> str:
    ru = language == "ru"
    verdict = VERDICTS[rival.verdict].in_(language)
    by = f" ({', '.join(rival.by)})" if rival.by else ""
    n = abs(rival.apart)
    points = f"{n} {form(n, 'балл', 'балла', 'баллов')}" if ru else f"{n} points"
    if n >= SEPARATION:
        apart = f"различает их {points}{by}" if ru else f"told apart by {points}{by}"
    elif n:
        apart = (
            f"различает их только {points}{by}, нужно {SEPARATION}"
            if ru
            else f"told apart by {points}{by} only, it takes {SEPARATION}"
        )
    else:
        apart = "пока ничто их не различает" if ru else "nothing tells them apart yet"
    return f"  · {rival.title.in_(language)}: {verdict}, {rival.points}; {apart}"


def _missing(rows: Sequence[Lacking], language: Language) -> Iterator[str]:
    ru = language == "ru"
    if rows:
        yield "Неизвестно:" if ru else "Not known:"
    for row in rows[:_UNKNOWN]:
        could = ""
        if row.could_add:
            could = f" — до {row.could_add}" if ru else f" — up to {row.could_add}"
        source = f"{row.source.in_(language)}; {row.name}"
        yield f"  ? {row.title.in_(language)}{could} ({source})"
    left = len(rows) - _UNKNOWN
    if left > 0:
        yield f"  … {f'и ещё {left}' if ru else f'{left} more'}"
