"""Self-assessment: what one person's answers to one form come to.

Pure, and apart from the diagnosis of a case: only the answers of this person to this
form are read, and no figure.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from salesdx.answers.facts import settle
from salesdx.answers.judged import judged
from salesdx.answers.log import AnswerLog
from salesdx.answers.relevance import active, applies, conditions
from salesdx.diagnosis import Diagnosed, diagnose
from salesdx.facts import COMPANY, Fact, FactBase
from salesdx.inference.infer import infer
from salesdx.inference.program import Executor
from salesdx.inference.world import Case, View
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import evaluate
from salesdx.knowledge.forms import Band, Form
from salesdx.knowledge.models import QuestionEntry
from salesdx.language import Text
from salesdx.result import AnswerRow, Verdict

CAUSES, ENOUGH, ACTIONS = 5, 3, 3
_FIRM = ("likely", "possible")
ItemState = Literal["problem", "fine", "unknown", "open", "told"]
LIMITS = (
    Text(
        en="This is one person's view. Ask a second person: where you differ is worth "
        "more than the sum.",
        ru="Это взгляд одного человека. Спросите ещё кого-нибудь: места, где вы "
        "разойдётесь, важнее суммы.",
    ),
    Text(
        en="No figure was looked at. Answers say where to look, not what it costs.",
        ru="Ни одной цифры мы не смотрели. Ответы подсказывают, где искать, но не "
        "сколько это стоит.",
    ),
    Text(
        en="Where the bands lie is an expert judgement, not a measured norm.",
        ru="Границы шкалы — экспертная оценка, а не измеренная норма.",
    ),
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Part):
    """One question of the form.

    `unknown` was asked and nobody knows, `open` is not answered yet, `told` is an
    answer that counts neither way.
    """

    question: str
    title: Text
    part: Text | None
    state: ItemState
    value: bool | float | str | list[str] | None
    unit: str | None
    shown: Text | None
    dont_know: bool


class Touched(_Part):
    """A cause that the answers point to, with the verdict they alone would give."""

    cause: str
    title: Text
    verdict: Verdict
    points: int


class FirstAction(_Part):
    """What to do first, and the first step of it."""

    remedy: str
    title: Text
    owner_title: Text
    days: int
    step: Text
    causes: list[str]


class FormResult(_Part):
    """The result of one form for one person."""

    form: str
    title: Text
    by: str
    minutes: int
    asked: int
    answered: int
    judged: int
    problems: int
    band: Band | None
    items: list[Item]
    causes: list[Touched]
    actions: list[FirstAction]
    limits: list[Text]


def minutes(
    form: Form, knowledge: KnowledgeBase, sales_model: str | None = None
) -> int:
    """About how long the form takes, from the effort of its questions."""
    asked = [knowledge.questions[i] for i in form.questions]
    fitting = [
        q for q in asked
        if not sales_model or not q.applies_to or sales_model in q.applies_to
    ]  # fmt: skip
    return max(1, math.ceil(sum(q.seconds for q in fitting) / 60))


def check(
    form: Form,
    knowledge: KnowledgeBase,
    log: AnswerLog,
    by: str,
    executor: Executor,
    *,
    sales_model: str | None = None,
    benchmarks: Mapping[str, float | None] | None = None,
) -> FormResult:
    """Read the answers that `by` gave to the questions of the form.

    The band is None while too little is known: see `_band`.
    """
    wanted = set(form.questions)
    own = tuple(a for a in log.answers if a.by == by and a.question in wanted)
    said = settle(log.model_copy(update={"answers": own}), knowledge)
    facts = active(FactBase.of(said.facts), knowledge, sales_model)
    found = infer(
        knowledge, facts, executor, sales_model=sales_model,
        benchmarks=benchmarks,
    )  # fmt: skip
    items = _items(
        form, knowledge, facts, said.rows, found.case.at(COMPANY), sales_model
    )
    judged = [i for i in items if i.state in ("problem", "fine")]
    problems = sum(i.state == "problem" for i in judged)
    band = _band(form, items, knowledge)
    touched = [
        d for d in diagnose(found, [])
        if pointed_at(d) and (band or d.outcome.verdict in _FIRM)
    ]  # fmt: skip
    done = in_place(knowledge, log, sales_model)
    return FormResult(
        form=form.id, title=form.title, by=by,
        minutes=minutes(form, knowledge, sales_model),
        asked=len(items), answered=sum(i.state != "open" for i in items),
        judged=len(judged), problems=problems,
        band=band, items=items,
        causes=[_touched(d) for d in worth_telling(touched)],
        actions=first_actions(touched, knowledge, done), limits=list(LIMITS),
    )  # fmt: skip


def in_place(
    knowledge: KnowledgeBase, log: AnswerLog, sales_model: str | None
) -> set[str]:
    """Remedies that are there already, by whatever anybody has answered."""
    said = settle(log, knowledge)
    facts = active(FactBase.of(said.facts), knowledge, sales_model)
    world = Case(knowledge, facts).at(COMPANY)
    return {i for i, node in knowledge.in_place.items() if evaluate(node, world).state}


def _items(
    form: Form,
    knowledge: KnowledgeBase,
    facts: FactBase,
    rows: Sequence[AnswerRow],
    world: View,
    sales_model: str | None,
) -> list[Item]:
    nodes = conditions(knowledge)
    said = {row.question: row for row in rows}
    found = []
    for part in form.parts:
        for name in part.questions:
            question = knowledge.questions[name]
            if applies(question, facts, knowledge, nodes, sales_model) is False:
                continue
            fact, row = facts.fact(name), said.get(name)
            if fact.not_applicable:
                continue
            value = list(fact.value) if isinstance(fact.value, tuple) else fact.value
            found.append(Item(
                question=name, title=question.title, part=part.title, value=value,
                unit=question.unit,
                state=_state(question, fact, row, knowledge, world),
                shown=row.shown if row else None, dont_know=fact.dont_know,
            ))  # fmt: skip
    return found


def _state(
    question: QuestionEntry,
    fact: Fact,
    row: AnswerRow | None,
    knowledge: KnowledgeBase,
    world: View,
) -> ItemState:
    if row is None:
        return "open"
    return judged(question, fact, knowledge, world)


def _band(form: Form, items: Sequence[Item], knowledge: KnowledgeBase) -> Band | None:
    """The band of the problems found; None when it would rest on what is not known.

    Where less than half is answered and the rest could put it into a worse band, a
    good result would be praise for not knowing.
    """
    problems = sum(i.state == "problem" for i in items)
    judged = sum(i.state in ("problem", "fine") for i in items)
    dark = sum(
        i.state in ("unknown", "open")
        and knowledge.questions[i.question].problem is not None
        for i in items
    )
    band, worst = _reached(form, problems), _reached(form, problems + dark)
    return band if judged and (judged >= dark or band == worst) else None


def _reached(form: Form, problems: int) -> Band:
    return [b for b in form.bands if b.problems <= problems][-1]


def worth_telling(rows: list[Diagnosed]) -> list[Diagnosed]:
    """What the answers make possible at least; hints only where that is little."""
    firm = [d for d in rows if d.outcome.verdict in _FIRM]
    return firm[:CAUSES] if len(firm) >= ENOUGH else rows[:ENOUGH]


def pointed_at(row: Diagnosed) -> bool:
    """Whether the answers speak for a cause, were it ever so little."""
    return row.outcome.total.points > 0 and row.outcome.verdict in (
        "likely", "possible", "open",
    )  # fmt: skip


def _touched(row: Diagnosed) -> Touched:
    return Touched(
        cause=row.id, title=row.outcome.cause.spec.title,
        verdict=row.outcome.verdict, points=row.outcome.total.points,
    )  # fmt: skip


def first_actions(
    rows: Iterable[Diagnosed], knowledge: KnowledgeBase, done: Iterable[str] = ()
) -> list[FirstAction]:
    """Where to begin: for each cause in order the first thing that its way out needs.

    What is done already or premature is left out; the second remedies of the causes
    fill up what is missing.
    """
    rows, out = list(rows), set(done)
    firm = [d for d in rows if d.outcome.verdict in _FIRM]
    standing = {d.id for d in firm}
    wanted: dict[str, list[str]] = {}
    for row, remedy in [*_in_turn(firm), *_in_turn([d for d in rows if d not in firm])]:
        name = _first_needed(remedy, knowledge, out)
        if name and not standing & set(knowledge.remedies[name].blocked_while):
            wanted.setdefault(name, []).append(row.id)
    return [_action(name, wanted[name], knowledge) for name in list(wanted)[:ACTIONS]]


def _in_turn(rows: Sequence[Diagnosed]) -> Iterator[tuple[Diagnosed, str]]:
    """The first remedy of every cause, then the second of every cause, and so on."""
    spec = [(d, d.outcome.cause.spec.remedies) for d in rows]
    for place in range(max((len(r) for _, r in spec), default=0)):
        yield from ((d, r[place]) for d, r in spec if place < len(r))


def _first_needed(name: str, knowledge: KnowledgeBase, done: set[str]) -> str | None:
    """What comes before a remedy and is not done yet; None when it is done itself."""
    seen: set[str] = set()
    while name not in done and name not in seen:
        seen.add(name)
        before = [n for n in knowledge.remedies[name].needs_first if n not in done]
        if not before or before[0] in seen:
            return name
        name = before[0]
    return None


def _action(name: str, causes: list[str], knowledge: KnowledgeBase) -> FirstAction:
    remedy = knowledge.remedies[name]
    return FirstAction(
        remedy=name, title=remedy.title, days=remedy.days, step=remedy.steps[0],
        owner_title=knowledge.roles[remedy.owner].title,
        causes=list(dict.fromkeys(causes)),
    )  # fmt: skip
