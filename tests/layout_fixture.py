"""A crowded result for the layout: two hundred findings, a long appendix, full maps."""

import render_fixture as made
from render_fixture import both

from salesdx.result import AnswerRow, Loss, MetricRow, ResultDocument

_PEOPLE = (
    "Белова", "Виноградов", "Громов", "Егорова", "Зайцев", "Ковалёв", "Лебедев",
    "Мельникова", "Никитин", "Орлова", "Павлов", "Соколова",
)  # fmt: skip
_WORK = (
    ("Promises kept", "Выполненные обещания"),
    ("Requests without an answer", "Заявки без ответа"),
    ("Calls after which a next step is agreed",
     "Звонки, после которых назначен следующий шаг"),
    ("Quotes sent when promised", "КП, отправленные в обещанный срок"),
    ("Deals without a task or an owner", "Сделки без задачи или ответственного"),
)  # fmt: skip
_CHANNELS = ("Мессенджер", "Почта", "Телефон", "Форма на сайте")


def crowded(findings: int = 200) -> ResultDocument:
    """As `rich`, with everything that a year of a large department brings."""
    base = made.rich()
    causes = [
        base.causes[i % 2].model_copy(update={
            "id": f"cause-{i}", "title": both(f"Cause number {i}: nobody answers",
                                              f"Причина {i}: никто не отвечает"),
            "leads_to": [f"cause-{(i * 7 + 1) % findings}"], "points": 90 - i % 40,
        })
        for i in range(findings)
    ]  # fmt: skip
    return base.model_copy(update={
        "causes": causes, "losses": _losses(base), "metrics": _metrics(base),
        "answers": [_answer(i) for i in range(110)],
        "fine": [base.fine[0].model_copy(update={"id": f"f{i}", "title": both(
            f"A thing that is in order, number {i}", f"Всё в порядке, пункт {i}")})
            for i in range(30)],
    })  # fmt: skip


def _losses(base: ResultDocument) -> list[Loss]:
    row = base.losses[-1]
    found = [
        row.model_copy(update={
            "id": f"w{i}-{who}", "metric": f"work.{i}", "title": both(en, ru),
            "slice": {"manager": who}, "scope": "service", "money": None,
            "state": "confirmed" if (i + j) % 17 == 0 else "noise", "share": None,
        })
        for i, (en, ru) in enumerate(_WORK * 4)
        for j, who in enumerate(_PEOPLE)
    ]  # fmt: skip
    for dimension, values in (("manager", _PEOPLE), ("channel", _CHANNELS)):
        found += [
            base.losses[30].model_copy(update={
                "id": f"s-{value}", "slice": {dimension: value}, "scope": "sales",
                "state": "noise" if i else "confirmed",
            })
            for i, value in enumerate(values)
        ]  # fmt: skip
    return found


def _metrics(base: ResultDocument) -> list[MetricRow]:
    row = base.metrics[0]
    return [
        row.model_copy(update={"id": f"m{i}", "title": both(
            f"A figure of the company, number {i}", f"Показатель компании номер {i}")})
        for i in range(130)
    ] + [
        row.model_copy(update={"id": "conversion.at-horizon", "title": both(
            "Conversion", "Конверсия"), "slice": {"manager": who}})
        for who in _PEOPLE
    ]  # fmt: skip


def _answer(i: int) -> AnswerRow:
    return AnswerRow(
        question=f"q{i}", ref=[], by=f"seller-{i % 3}",
        title=both(f"Does everybody know what happens after step {i} of the sale?",
                   f"Все ли знают, что происходит после шага {i} в продаже?"),
        state="answered", value=bool(i % 4), confidence=100 if i % 9 else 60,
    )  # fmt: skip
