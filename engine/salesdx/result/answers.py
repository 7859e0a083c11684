"""What people said, what differs, what is fine and what is still open."""

from typing import Any, Literal

from pydantic import Field

from salesdx.language import Text
from salesdx.result.part import Part, Where, nothing


class SaidBy(Part):
    """Who said what; `by` is `data` for a measured figure.

    `shown` are the titles of the chosen options; None where the value says it all.
    `unit` is that of a number as the question names it; a claim against a figure is in
    the unit of the figure, and has none here. `role` and `name` say who it is in words.
    """

    by: str
    value: Any
    shown: Text | None = None
    unit: str | None = Field(None, exclude_if=nothing)
    role: Text | None = Field(None, exclude_if=nothing)
    name: str = Field("", exclude_if=nothing)


class Disagreement(Part):
    """Respondents, or a claim and a figure, that differ."""

    question: str | None = None
    metric: str | None = None
    title: Text
    about: Where = Field({})
    values: list[SaidBy]
    effect: Text


class NextQuestion(Part):
    """What to ask next, and what it would settle.

    `value` is how useful the answer is beside that to the best question, which has 100.
    """

    question: str
    title: Text
    value: int
    why: Text


class NotChecked(Part):
    """What could not be looked at and what would supply it."""

    id: str
    title: Text
    reason: Text
    supply: Text


class AnswerRow(Part):
    """One answer as it counts; `shown` are the titles of the chosen options.

    `unit` is that of a number, as the question names it (`percent` is 0..100). Left out
    where there is nothing to tell: `reason` why the question does not apply, `evidence`
    what was shown to the interviewer, `role` and `name` of a respondent who is more
    than a role, `inactive` where the answer is kept and not read, because the question
    does not apply any more.
    """

    question: str
    ref: list[str]
    title: Text
    about: Where = Field({})
    by: str
    state: str
    value: Any
    confidence: int
    note: str = ""
    shown: Text | None = None
    unit: str | None = None
    reason: str = Field("", exclude_if=nothing)
    evidence: list[str] = Field([], exclude_if=nothing)
    role: Text | None = Field(None, exclude_if=nothing)
    name: str = Field("", exclude_if=nothing)
    inactive: bool = Field(default=False, exclude_if=nothing)


class Fine(Part):
    """Something looked at and found in order."""

    id: str
    title: Text
    because: Text


class Subject(Part):
    """How one questionnaire stands: which answers point at a problem and which do not.

    `questions` are those that apply to the company and can point at a problem; the
    lists hold ids. What is asked and not known is never in order, and what is not asked
    is in no list. `few` have too few judged answers to speak of a share.
    """

    id: str
    title: Text
    questions: int
    problems: list[str]
    in_order: list[str]
    not_known: list[str]
    state: Literal["judged", "few", "open"]

    @property
    def judged(self) -> int:
        """How many answers say that something is a problem, or that it is in order."""
        return len(self.problems) + len(self.in_order)

    @property
    def asked(self) -> int:
        """How many questions were asked or measured."""
        return self.judged + len(self.not_known)


class MeetingRow(Part):
    """What one respondent put down on one finding at the planning meeting.

    `finding` is the id of the row of the loss map; `listed` says that it still lags.
    `reasons` and `explained_by` are codes, with their titles beside them; `until` is an
    ISO date.
    """

    finding: str
    metric: str
    title: Text
    slice: Where
    listed: bool
    by: str
    why: str
    reasons: list[str]
    reasons_shown: Text | None
    explained_by: list[str]
    explained_shown: Text | None
    what: str
    who: str
    until: str | None


class ClaimedLoss(Part):
    """What an author claims that a mistake costs: his figure, never ours, never added.

    `mistake` says how sure it is that the company makes it; `hinted` is evidence that
    falls short of a verdict. `low` alone is "at least", `high` alone "up to" that share
    of revenue. Money is a month's: the share of the `revenue` that `said_by` named.
    """

    id: str
    ref: list[str]
    text: Text
    base: Text | None
    source: dict[str, str]
    grade: str
    causes: list[str]
    title: Text
    mistake: Literal["likely", "possible", "hinted"]
    low: float | None
    high: float | None
    revenue: float | None
    said_by: str | None
    money_low: float | None
    money_high: float | None


class LostClients(Part):
    """Profit that went with lost clients, and the claimed price of winning others.

    Both are a year's, and stand side by side: `profit` is measured, or said by
    `profit_by`; `winning` is clients x `keeping_cost` x `ratio`, where the ratio is the
    claim of `text`. It is left out where the measured profit holds the real cost
    (`winning_measured`).
    """

    clients: float | None
    clients_by: str | None
    profit: float | None
    profit_by: str | None
    winning_measured: bool
    winning: float | None
    keeping_cost: float | None
    cost_by: str | None
    ratio: float
    text: Text
    ref: list[str]
