"""A self-assessment: the questions of one form, then what the answers come to."""

from collections.abc import Mapping

from salesdx.answers.keeping import AnswerStore
from salesdx.conversation.interview import Ground, Interview
from salesdx.conversation.sitting import Sitting
from salesdx.inference.program import Executor
from salesdx.interview.agenda import agenda
from salesdx.interview.kept import Place
from salesdx.interview.standing import Standing, of_list
from salesdx.knowledge.forms import Form
from salesdx.selfcheck import FormResult, check


class SelfCheck(Interview):
    """The questions of one form, whoever usually answers them; then its result."""

    counted = True

    def __init__(
        self, ground: Ground, role: str, by: str, form: Form, store: AnswerStore, *,
        executor: Executor, benchmarks: Mapping[str, float | None],
        sitting: Sitting | None = None,
    ) -> None:  # fmt: skip
        self.form = form
        self._executor, self._benchmarks = executor, benchmarks
        super().__init__(ground, role, by, "quick", store, sitting=sitting, alone=True)

    def result(self) -> FormResult:
        """What the answers on disk come to."""
        return check(
            self.form, self.knowledge, self.log, self.by, self._executor,
            sales_model=self.ground.case.company.sales_model,
            benchmarks=self._benchmarks,
        )  # fmt: skip

    def _look(self) -> Standing:
        asks = agenda(
            self.knowledge, self.log, self.facts, role=None, by=self.by, mode="form",
            sales_model=self.ground.case.company.sales_model, values={},
            first=self.form.questions,
        )  # fmt: skip
        return of_list(asks, self.log, self.by, self._passed)

    def _is_mine(self, where: Place) -> bool:
        return where[0] in self.form.questions
