"""What one respondent's own answers come to, for his own eyes.

Nothing else is read: no figure, and nothing that others said, not even to leave out
what they say is done already. No cause that blames a person is told here at all: one
person's word is no ground for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.answers.facts import settle
from salesdx.answers.log import AnswerLog
from salesdx.answers.relevance import active
from salesdx.conversation.interview import Interview
from salesdx.conversation.selfcheck import SelfCheck
from salesdx.diagnosis import Diagnosed, diagnose
from salesdx.explanation.account import Account, Line, account
from salesdx.explanation.plain import VERDICT_SENTENCES
from salesdx.explanation.wording import Wording
from salesdx.facts import FactBase
from salesdx.inference.infer import Inference, infer
from salesdx.interview.kept import last_of
from salesdx.language import Text
from salesdx.result import Verdict
from salesdx.selfcheck import (
    FirstAction,
    FormResult,
    check,
    first_actions,
    in_place,
    pointed_at,
    worth_telling,
)
from salesdx.workspace.desk import Ground

_TOLD = 3  # grounds of one cause: a phone is small
FIRM = ("likely", "possible")


@dataclass(frozen=True, slots=True)
class OwnCause:
    """A cause in plain words: no points, no codes."""

    title: Text
    verdict: Verdict
    sentence: Text
    pro: tuple[Text, ...]
    contra: tuple[Text, ...]
    verify: Text


@dataclass(frozen=True, slots=True)
class OwnResult:
    """The short result. `form` is set where one was answered; `unknown` are titles."""

    answered: int
    causes: tuple[OwnCause, ...]
    actions: tuple[FirstAction, ...]
    unknown: tuple[Text, ...]
    form: FormResult | None = None

    @property
    def firm(self) -> bool:
        """Whether the answers make anything likely or possible."""
        return any(c.verdict in FIRM for c in self.causes)


def own_result(talk: Interview) -> OwnResult:
    """Judge what the respondent of a talk has answered, and nothing else."""
    ground = talk.ground
    assert isinstance(ground, Ground)
    form = talk.form if isinstance(talk, SelfCheck) else None
    wanted = None if form is None else set(form.questions)
    own = _own(talk.log, talk.by, wanted)
    found = _judged(own, talk, ground)
    told = _unknown(talk, wanted)
    if form is not None:
        result = check(
            form, talk.knowledge, own, talk.by, ground.executor,
            sales_model=ground.case.company.sales_model, benchmarks=ground.benchmarks,
        )  # fmt: skip
        names = [c.cause for c in result.causes]
        by_name = {d.id: d for d in diagnose(found, []) if not d.outcome.where}
        rows = [by_name[n] for n in names if n in by_name]
        return OwnResult(
            result.answered, _causes(rows, found, ground), tuple(result.actions), told,
            result,
        )  # fmt: skip
    touched = [
        d for d in diagnose(found, []) if pointed_at(d) and not d.outcome.where
    ]  # fmt: skip
    done = in_place(talk.knowledge, own, ground.case.company.sales_model)
    said = sum(a.state != "later" for a in own.latest())
    return OwnResult(
        said, _causes(worth_telling(touched), found, ground),
        tuple(first_actions(touched, talk.knowledge, done)), told,
    )  # fmt: skip


def _own(log: AnswerLog, by: str, wanted: set[str] | None) -> AnswerLog:
    mine = tuple(
        a for a in log.answers
        if a.by == by and (wanted is None or a.question in wanted)
    )  # fmt: skip
    people = {i: p for i, p in log.respondents.items() if i == by}
    return AnswerLog(respondents=people, answers=mine)


def _judged(own: AnswerLog, talk: Interview, ground: Ground) -> Inference:
    knowledge, model = talk.knowledge, ground.case.company.sales_model
    facts = active(FactBase.of(settle(own, knowledge).facts), knowledge, model)
    return infer(
        knowledge, facts, ground.executor, sales_model=model,
        benchmarks=ground.benchmarks,
    )  # fmt: skip


def _causes(
    rows: Sequence[Diagnosed], found: Inference, ground: Ground
) -> tuple[OwnCause, ...]:
    words = Wording(ground.knowledge, ground.case.company.currency, {})
    return tuple(_cause(account(d.outcome, found, words)) for d in rows)


def _cause(told: Account) -> OwnCause:
    return OwnCause(
        told.title, told.verdict, VERDICT_SENTENCES[told.verdict],
        _grounds([x for x in told.lines if x.counted > 0]),
        _grounds([x for x in told.lines if x.counted < 0]), told.verify,
    )  # fmt: skip


def _grounds(lines: Sequence[Line]) -> tuple[Text, ...]:
    texts = {x.because.ru: x.because for x in lines}
    return tuple(texts.values())[:_TOLD]


def _unknown(talk: Interview, wanted: set[str] | None) -> tuple[Text, ...]:
    """What the respondent did not know or put off, in the order it came up."""
    asked = talk.knowledge.questions
    return tuple(
        asked[question].title
        for (question, _), a in last_of(talk.log, talk.by).items()
        if a.state in ("dont_know", "later")
        and (wanted is None or question in wanted)
    )  # fmt: skip
