"""The orders that are compared. Answers never depend on them."""

from collections.abc import Iterable
from random import Random

from interview_running import Interview


class Author:
    """As the questionnaires are written."""

    def next(self, interview: Interview) -> Iterable[str]:
        return [q.id for q in interview.left()][:1]


class Telling:
    """As written, without the questions that no rule reads."""

    def next(self, interview: Interview) -> Iterable[str]:
        read = interview.setup.judge.readers.keys() | interview.setup.deciding
        return [q.id for q in interview.left() if q.id in read][:1]


class Shuffled:
    """Any order, fixed for a company."""

    def __init__(self, seed: int) -> None:
        self._seed = f"order {seed}"
        self._place: dict[str, float] = {}

    def next(self, interview: Interview) -> Iterable[str]:
        if not self._place:
            random = Random(self._seed)
            questions = interview.setup.knowledge.questions
            self._place = {q: random.random() for q in questions}
        left = sorted((self._place[q.id], q.id) for q in interview.left())
        return [name for _, name in left[:1]]
