"""Figures that people name: what no table holds, or no table of this company.

A named figure is shown as said, not measured. Rules do not read it: they read the
answer, with the weight an answer has.
"""

from collections.abc import Iterator, Sequence

from salesdx.facts import COMPANY, Fact, FactBase, Measurement
from salesdx.knowledge.answered import address, asked, fits, scale
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import MetricEntry, QuestionEntry
from salesdx.language import Text

SAID = Text(en="said, not measured", ru="со слов, не измерено")
_OTHER_MODEL = Text(
    en="not asked in this sales model", ru="для этой модели продаж не спрашиваем"
)


def with_said(
    figures: Sequence[Measurement],
    facts: FactBase,
    knowledge: KnowledgeBase,
    sales_model: str | None = None,
) -> list[Measurement]:
    """The measured figures, and those that people named where none was measured.

    Args:
        figures: what was measured; a known value is never replaced.
        facts: the answers in force.
        knowledge: which question stands for which figure.
        sales_model: b2b or b2c: some questions are asked in one of them only.
    """
    known = {(m.metric, m.slice) for m in figures if not m.period and _is_known(m)}
    told: dict[tuple[str, object], Measurement] = {}
    for entry in knowledge.metrics.values():
        for said in _said(entry, facts, knowledge, sales_model):
            place = said.metric, said.slice
            measured = place not in told and place not in known
            if measured and (said.value is not None or not entry.needs):
                told[place] = said
    kept = [m for m in figures if m.period or (m.metric, m.slice) not in told]
    return [*kept, *told.values()]


def _is_known(m: Measurement) -> bool:
    return m.value is not None


def _said(
    entry: MetricEntry, facts: FactBase, knowledge: KnowledgeBase, model: str | None
) -> Iterator[Measurement]:
    questions = [knowledge.questions[i] for i in asked(entry)]
    if not questions:
        return
    if not fits(entry, knowledge, model):
        yield _unknown(entry, _OTHER_MODEL)
    elif entry.yes_of:
        yield _share_of_yes(entry, questions, facts)
    else:
        yield from _numbers(entry, questions[0], facts)


def _numbers(
    entry: MetricEntry, question: QuestionEntry, facts: FactBase
) -> Iterator[Measurement]:
    factor = scale(question, entry)
    answers = [f for (name, _), f in facts.items() if name == question.id]
    for fact in sorted(answers, key=lambda f: f.slice):
        if factor is not None and isinstance(fact.value, int | float):
            yield Measurement(
                entry.id, float(fact.value) * factor, fact.slice, reason=SAID,
                said_by=fact.by,
            )  # fmt: skip
    yield _unknown(entry, _not_said([(question, facts.fact(question.id))]))


def _share_of_yes(
    entry: MetricEntry, questions: Sequence[QuestionEntry], facts: FactBase
) -> Measurement:
    """Yes over yes and no; a question that does not apply to the company stays out."""
    given = [(q, facts.fact(q.id)) for q in questions]
    judged = [(q, f) for q, f in given if not f.not_applicable]
    open_ = [(q, f) for q, f in judged if not isinstance(f.value, bool)]
    if open_ or not judged:
        return _unknown(entry, _not_said(open_ or given))
    yes = sum(f.value is True for _, f in judged)
    by = sorted({f.by for _, f in judged})
    return Measurement(
        entry.id, yes / len(judged), COMPANY, len(judged), float(yes),
        float(len(judged)), reason=SAID, said_by=", ".join(by),
    )  # fmt: skip


def _unknown(entry: MetricEntry, reason: Text) -> Measurement:
    return Measurement(entry.id, None, state="unknown", reason=reason)


def _not_said(open_: Sequence[tuple[QuestionEntry, Fact]]) -> Text:
    """Why nobody's answer gives the figure, with the questions by title and code."""
    unsure = all(f.dont_know for _, f in open_)
    en, ru = (
        ("was asked, and nobody knows: ", "спросили, но никто не знает: ")
        if unsure
        else ("only an answer can tell: ", "узнать можно только из ответа: ")
    )
    return Text(
        en=en + ", ".join(f"“{q.title.en}” ({address(q)})" for q, _ in open_),
        ru=ru + ", ".join(f"«{q.title.ru}» ({address(q)})" for q, _ in open_),
    )
