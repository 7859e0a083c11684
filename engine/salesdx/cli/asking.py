"""An interview in progress: what is left to ask once the last answer is on disk."""

from collections.abc import Sequence
from pathlib import Path

from salesdx import meeting
from salesdx.analysis import Analysis
from salesdx.answers.facts import settle
from salesdx.answers.file import AnswerEntry
from salesdx.answers.keeping import AnswerStore
from salesdx.answers.log import AnswerLog
from salesdx.answers.relevance import active
from salesdx.cli.checkout import answers_of, as_typed
from salesdx.cli.wording import say
from salesdx.company import Respondent
from salesdx.diagnosis import diagnose
from salesdx.facts import DIMENSIONS, FactBase
from salesdx.inference.infer import infer
from salesdx.interview.agenda import Ask, agenda
from salesdx.interview.telling import next_questions
from salesdx.knowledge.forms import Form
from salesdx.language import Language
from salesdx.result import Loss
from salesdx.selfcheck import FormResult, check


class Interview:
    """One respondent's questions; every answer is on disk before the next one."""

    def __init__(
        self,
        analysis: Analysis,
        role: str,
        by: str,
        mode: str,
        store: AnswerStore | None = None,
    ) -> None:
        self._start = analysis
        self._mode = mode
        case = analysis.case
        self._store = store or answers_of(case)
        self._log: AnswerLog = analysis.log
        known = analysis.log.respondents.get(by)
        self.role = known.role if known else role
        self.by = by
        self._new = None if known else Respondent(role=role)
        self._passed: set[tuple[str, object]] = set()

    @property
    def folder(self) -> Path:
        """The case that is talked about."""
        return self._start.case.path

    def left(self) -> list[Ask]:
        """Questions still to be asked, the next one first."""
        return [
            a for a in self._agenda() if (a.question.id, a.about) not in self._passed
        ]

    def place(self, ask: Ask, lang: Language) -> str:  # noqa: ARG002
        """What the question is about, in words; empty for the company."""
        return ", ".join(value for _, value in ask.about)

    def over(self) -> str:
        """What is said when nothing is left to ask."""
        return say(
            "\nThat is all for this respondent. "
            f"Next: salesdx diagnose {as_typed(self.folder)}",
            "\nЭтому респонденту больше вопросов нет. "
            f"Дальше: salesdx diagnose {as_typed(self.folder)}",
        )

    def _agenda(self) -> list[Ask]:
        facts, company = self._facts(), self._start.case.company
        return agenda(
            self._start.knowledge, self._log, facts, role=self.role, by=self.by,
            mode=self._mode, sales_model=company.sales_model,
            values={d: facts.values_of(d) for d in DIMENSIONS},
            first=self._first(facts) if self._mode == "guided" else (),
        )  # fmt: skip

    def _facts(self) -> FactBase:
        """All that is known by now, without the answers that do not apply."""
        knowledge, company = self._start.knowledge, self._start.case.company
        said = settle(self._log, knowledge)
        return active(
            self._start.facts.with_facts(said.facts), knowledge, company.sales_model
        )

    def save(self, ask: Ask, entry: AnswerEntry) -> None:
        """Write one answer and read the log again."""
        self._store.append([entry], self._new)
        self._new = None
        if entry.state == "later":
            self._passed.add((ask.question.id, ask.about))
        self._log = self._store.load(self._start.knowledge)

    def _first(self, facts: FactBase) -> Sequence[str]:
        """The most telling questions, judged anew after each answer."""
        start, model = self._start, self._start.case.company.sales_model
        found = infer(
            start.knowledge, facts, start.executor, sales_model=model,
            benchmarks=start.inference.case.benchmarks,
        )  # fmt: skip
        causes = diagnose(found, start.document.losses)
        rows = next_questions(causes, found.case, self._log, model)
        return [r.question for r in rows]


class SelfCheck(Interview):
    """The questions of one form, whoever usually answers them; then its result."""

    def __init__(self, analysis: Analysis, role: str, by: str, form: Form) -> None:
        super().__init__(analysis, role, by, "form")
        self._form = form

    def over(self) -> str:
        """The result follows; nothing else need be said."""
        return ""

    def result(self) -> FormResult:
        """What the answers on disk come to."""
        start, company = self._start, self._start.case.company
        return check(
            self._form, start.knowledge, self._log, self.by, start.executor,
            sales_model=company.sales_model,
            benchmarks=start.inference.case.benchmarks,
        )  # fmt: skip

    def _agenda(self) -> list[Ask]:
        company = self._start.case.company
        return agenda(
            self._start.knowledge, self._log, self._facts(), role=None, by=self.by,
            mode="form", sales_model=company.sales_model, values={},
            first=self._form.questions,
        )  # fmt: skip


class Meeting(Interview):
    """The six questions of the planning meeting, finding by finding."""

    def __init__(
        self, analysis: Analysis, role: str, by: str, findings: Sequence[Loss]
    ) -> None:
        super().__init__(analysis, role, by, "meeting")
        self._findings = findings

    def place(self, ask: Ask, lang: Language) -> str:
        """The figure and the slice, as on the agenda."""
        where = dict(ask.about)
        loss = next(x for x in self._findings if meeting.about(x) == where)
        return f"{', '.join(loss.slice.values())}: {loss.title.in_(lang)}"

    def _agenda(self) -> list[Ask]:
        return meeting.asks(self._start.knowledge, self._log, self._findings, self.by)
