"""From answers to facts: whose answer counts, and where people differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from salesdx.answers.claims import habit_denied, off_the_mark
from salesdx.answers.differing import differing
from salesdx.answers.findings import of_slices
from salesdx.answers.log import Answer, AnswerLog
from salesdx.facts import COMPANY, Fact, Measurement, Slice
from salesdx.knowledge.answered import scale
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import MetricEntry, QuestionEntry
from salesdx.language import Text
from salesdx.result import AnswerRow, Disagreement, SaidBy

UNSURE = 60
DATA = "data"  # who says what is measured
Place = tuple[str, Slice]


@dataclass(frozen=True, slots=True)
class Said:
    """Facts of the answers, the answers that count, and the disagreements."""

    facts: tuple[Fact, ...]
    rows: tuple[AnswerRow, ...]
    disagreements: tuple[Disagreement, ...]


def settle(
    log: AnswerLog,
    knowledge: KnowledgeBase,
    measured: Mapping[Place, Measurement] | None = None,
) -> Said:
    """Choose one answer a question and slice; mark what others say differently.

    An `agreed` answer wins, whatever its state; else the first role of the question's
    `who` among those who gave a value, taken as unsure where the values differ (as
    `differing` says: a mark more or less is no difference). A claim that the measured
    figure denies is a disagreement too. The order in which questions were answered
    changes nothing.
    """
    places: dict[Place, list[Answer]] = {}
    for answer in log.latest():
        if answer.state != "later":
            places.setdefault((answer.question, answer.where), []).append(answer)
    facts: list[Fact] = []
    rows: list[AnswerRow] = []
    differ: list[Disagreement] = []
    for place in sorted(places):
        asked = knowledge.questions[place[0]]
        answers = sorted(places[place], key=lambda a: _rank(a, asked))
        fact = _fact(place, answers, asked)
        rows += [_row(a, asked, knowledge, log) for a in answers]
        if fact.disagree:
            differ.append(_people_differ(asked, answers, knowledge, log))
        figure = (measured or {}).get((asked.metric or "", place[1]))
        if figure is not None:
            claim = _claim(fact, asked, figure, knowledge, log)
            if claim is not None:
                fact, row = claim
                differ.append(row)
        facts.append(fact)
    facts += [*_of_company(facts, knowledge), *of_slices(facts, knowledge)]
    return Said(tuple(facts), tuple(rows), tuple(differ))


def _rank(answer: Answer, question: QuestionEntry) -> tuple[bool, bool, int, str]:
    who = question.who
    order = who.index(answer.role) if answer.role in who else len(who)
    return not answer.agreed, answer.state != "answered", order, answer.by


def _fact(place: Place, answers: list[Answer], question: QuestionEntry) -> Fact:
    first = answers[0]
    values = [a.value for a in answers if a.state == "answered"]
    differ = not first.agreed and differing(question, values)
    return Fact(
        place[0], first.value, place[1],
        min(first.confidence, UNSURE) if differ else first.confidence,
        "answer", first.by, first.state == "dont_know", differ,
        not_applicable=first.state == "not_applicable",
    )  # fmt: skip


def _row(
    answer: Answer, question: QuestionEntry, knowledge: KnowledgeBase, log: AnswerLog
) -> AnswerRow:
    role = knowledge.roles.get(answer.role)  # what-if has none
    return AnswerRow(
        question=question.id, ref=question.ref, title=question.title,
        about=dict(answer.where), by=answer.by, state=answer.state,
        value=answer.value, confidence=answer.confidence, note=answer.note,
        shown=_shown(question, answer.value), unit=question.unit,
        reason=answer.reason, evidence=list(answer.evidence),
        role=role.title if role and answer.by != answer.role else None,
        name=_name(answer.by, log),
    )  # fmt: skip


def _name(by: str, log: AnswerLog) -> str:
    person = log.respondents.get(by)
    return (person.name or "") if person else ""


def _shown(question: QuestionEntry, value: Any) -> Text | None:
    """The titles of the chosen options; None where the value is no option."""
    titles = {o.code: o.title for o in question.options}
    codes = value if isinstance(value, tuple | list) else [value]
    if not codes or not all(isinstance(c, str) and c in titles for c in codes):
        return None
    return Text(
        en=", ".join(titles[c].en for c in codes),
        ru=", ".join(titles[c].ru for c in codes),
    )


def _people_differ(
    question: QuestionEntry,
    answers: list[Answer],
    knowledge: KnowledgeBase,
    log: AnswerLog,
) -> Disagreement:
    """Everybody's answer, that which counts first."""
    role = _title(answers[0].role, knowledge)
    return Disagreement(
        question=question.id, title=question.title, about=dict(answers[0].where),
        values=[
            _said_by(a, question, knowledge, log) for a in answers
            if a.value is not None
        ],
        effect=Text(
            en=f"Until they agree, this answer counts, as unsure: {_small(role.en)}.",
            ru="Пока не договорились, в расчёт идёт, как неуверенный, ответ: "
               f"{_small(role.ru)}.",
        ),
    )  # fmt: skip


def _said_by(
    answer: Answer, question: QuestionEntry, knowledge: KnowledgeBase, log: AnswerLog
) -> SaidBy:
    return SaidBy(
        by=answer.by, value=answer.value, shown=_shown(question, answer.value),
        unit=question.unit, role=_title(answer.role, knowledge),
        name=_name(answer.by, log),
    )  # fmt: skip


def _title(role: str, knowledge: KnowledgeBase) -> Text:
    """A role in words; what-if supposes answers of nobody."""
    known = knowledge.roles.get(role)
    return known.title if known else Text(en=role, ru=role)


def _small(title: str) -> str:
    """A title inside a sentence: `руководитель отдела продаж`, but `IT`."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _claim(
    fact: Fact,
    question: QuestionEntry,
    measured: Measurement,
    knowledge: KnowledgeBase,
    log: AnswerLog,
) -> tuple[Fact, Disagreement] | None:
    """What people claim against the figure measured from the data."""
    entry = knowledge.metrics[measured.metric]
    said = _contradicted(fact, question, entry, measured)
    if said is None:
        return None
    row = Disagreement(
        question=question.id, metric=measured.metric, title=question.title,
        about=dict(fact.slice),
        values=[
            _claimed_by(fact, said, knowledge, log),
            SaidBy(by=DATA, value=measured.value),
        ],
        effect=Text(
            en="What is said differs from what is measured; the figure counts.",
            ru="Сказанное расходится с измеренным; в расчёт идёт цифра из данных.",
        ),
    )  # fmt: skip
    changed = Fact(
        fact.name, fact.value, fact.slice, min(fact.confidence, UNSURE), "answer",
        fact.by, fact.dont_know, True,
    )  # fmt: skip
    return changed, row


def _claimed_by(
    fact: Fact, said: float | bool, knowledge: KnowledgeBase, log: AnswerLog
) -> SaidBy:
    """The claim, in the unit of the figure."""
    person = log.respondents.get(fact.by)
    return SaidBy(
        by=fact.by, value=said,
        role=_title(person.role if person else fact.by, knowledge),
        name=_name(fact.by, log),
    )  # fmt: skip


def _contradicted(
    fact: Fact, question: QuestionEntry, entry: MetricEntry, measured: Measurement
) -> float | bool | None:
    """The claim, in the unit of the figure, where the figure denies it; else None."""
    if measured.value is None or measured.state != "ok":
        return None
    low, high = measured.interval or (measured.value, measured.value)
    if isinstance(fact.value, bool):
        wrong = entry.type == "share" and habit_denied(fact.value, entry, low, high)
        return fact.value if wrong else None
    factor = scale(question, entry)
    if factor is None or not isinstance(fact.value, int | float):
        return None
    said = round(float(fact.value) * factor, 9)
    return said if off_the_mark(said, low, high, measured.value) else None


def _of_company(facts: list[Fact], knowledge: KnowledgeBase) -> list[Fact]:
    """Questions asked per slice, read for the company: one value, or a difference."""
    whole = {f.name for f in facts if f.slice == COMPANY}
    asked = sorted({f.name for f in facts if f.slice != COMPANY} - whole)
    found = []
    for name in asked:
        said = [f for f in facts if f.name == name and f.value is not None]
        if not said or knowledge.questions[name].about in (None, "finding"):
            continue
        values = [f.value for f in said]
        same = all(v == values[0] for v in values)
        found.append(Fact(
            name, said[0].value if same else None, COMPANY,
            min(f.confidence for f in said), "answer", "all",
            disagree=differing(knowledge.questions[name], values),
        ))  # fmt: skip
    return found
