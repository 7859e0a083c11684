"""The planning meeting as a talk: six questions, finding by finding (P-06, DO-12)."""

from collections.abc import Sequence

from salesdx import meeting
from salesdx.answers.keeping import AnswerStore
from salesdx.conversation.interview import Ground, Interview
from salesdx.conversation.sitting import Sitting
from salesdx.facts import slice_of
from salesdx.interview.agenda import Ask
from salesdx.interview.kept import Place
from salesdx.interview.standing import Standing, of_list
from salesdx.language import Language
from salesdx.result import Loss


class Meeting(Interview):
    """The six questions of the planning meeting, finding by finding."""

    counted = True

    def __init__(
        self, ground: Ground, role: str, by: str, findings: Sequence[Loss],
        store: AnswerStore, *, sitting: Sitting | None = None,
    ) -> None:  # fmt: skip
        self._findings = findings
        super().__init__(ground, role, by, "full", store, sitting=sitting)

    def place(self, ask: Ask, lang: Language) -> str:
        """The figure and the slice, as on the agenda."""
        where = dict(ask.about)
        loss = next(x for x in self._findings if meeting.about(x) == where)
        return f"{', '.join(loss.slice.values())}: {loss.title.in_(lang)}"

    def _look(self) -> Standing:
        asks = meeting.asks(self.knowledge, self.log, self._findings, self.by)
        return of_list(asks, self.log, self.by, self._passed)

    def _is_mine(self, where: Place) -> bool:
        return where[1] in {slice_of(**meeting.about(x)) for x in self._findings}
