"""A respondent at the terminal, by pipes: reads questions, types answers, is killed.

An answer is acknowledged when the next question is shown.
"""

import os
import random
import re
import select
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kept_places import InFolder, Place
from killing import Moment, Outcome, Pace, forked, kill, processor_time

from salesdx.answers.file import AnswerEntry
from salesdx.answers.values import BadValue
from salesdx.cli.typed import Given, Order, read
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import QuestionEntry
from salesdx.language import Language

ROLE = "head_of_sales"
PATIENCE = 60.0
_TYPED: Mapping[str, tuple[str, ...]] = {
    "yesno": ("yes", "no", "да", "нет?"), "scale": ("1", "2", "3"),
    "enum": ("1", "2"), "multi": ("1", "1, 2", "-"), "number": ("3", "12", "40?"),
    "date": ("2026-01-31", "2025-12-01"), "text": ("Ромашка", "so it is: «да» # 1"),
}  # fmt: skip


_WAITING = re.compile(r"\?(?: for a hint| — подсказка)\)\n")


def typed(seed: int, question: QuestionEntry) -> str:
    """What this respondent answers to the question, always the same."""
    chance = random.Random(f"{seed}/{question.id}")
    if chance.random() < 0.15:
        return chance.choice(("dunno", "na too small for that", "refuse"))
    line = chance.choice(_TYPED[question.type])
    return "dunno" if isinstance(read(line, question), BadValue) else line


def is_answer(entry: AnswerEntry, question: QuestionEntry, line: str) -> bool:
    """Whether what is kept is what was typed."""
    meant = read(line, question)
    if isinstance(meant, Order):
        return (entry.question, entry.state, entry.reason) == (
            question.id, meant.word, meant.text,
        )  # fmt: skip
    assert isinstance(meant, Given)
    value = list(meant.value) if isinstance(meant.value, tuple) else meant.value
    return (entry.question, entry.state, entry.value, entry.confidence) == (
        question.id, "answered", value, meant.confidence,
    )  # fmt: skip


def command(place: Place, lang: Language) -> list[str]:
    """What a user types to talk on."""
    case, where = str(place.folder), ["--mode", "full", "--as", ROLE]
    if not isinstance(place, InFolder):
        case, where = place.case, [*where, "--db", place.address]
    return ["--lang", lang, "interview", case, *where]


def talk_on(words: list[str]) -> None:
    """The command in this process, which has imported everything."""
    from salesdx.cli import run

    run(words)


def talk_cold(words: list[str]) -> None:
    """The command as a user starts it, in a Python of its own."""
    os.execv(sys.executable, [sys.executable, "-m", "salesdx", *words])


@dataclass
class Talks:
    """Interviews of one respondent; each question must come in its place, always.

    `order` is the question that follows so many answers: after a kill the next process
    must show the one that the killed one showed or would have shown.
    """

    knowledge: KnowledgeBase
    seed: int
    lang: Language = "en"
    order: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._titles = {
            " ".join(q.title.in_(self.lang).split()): q
            for q in self.knowledge.questions.values()
        }

    def killed(
        self,
        place: Place,
        moment: Moment,
        before: int,
        pace: Pace,
        start: Callable[[list[str]], None] = talk_on,
    ) -> Outcome:
        """Talk until the moment, kill, and see what is kept."""
        to_child, typing = os.pipe()
        screen, to_screen = os.pipe()
        started = time.perf_counter()

        def work() -> None:
            os.dup2(to_child, 0)
            os.dup2(to_screen, 1)
            for end in (typing, screen):
                os.close(end)
            sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
            sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
            start(command(place, self.lang))

        process = forked(work)
        os.close(to_child)
        os.close(to_screen)
        count, ready, used = before, None, None
        opening = moment.answers is None
        end = started + (pace.until(moment) if opening else PATIENCE)
        text, typed_at = "", started
        while (left := end - time.perf_counter()) > 0:
            if not select.select([screen], [], [], left)[0]:
                break
            piece = os.read(screen, 65536)
            if not piece:
                raise AssertionError(f"the interview ended by itself: {text}")
            text += piece.decode(errors="replace")
            asked = self._asked(text)
            if asked is None:
                continue
            text = ""
            now = time.perf_counter()
            if ready is None:
                ready, used = now - started, processor_time(process)
                pace.opened(ready)
            else:
                count += 1
                pace.answered(now - typed_at)
            self._in_its_place(count, asked)
            os.write(typing, typed(self.seed, asked).encode() + b"\n")
            typed_at = time.perf_counter()
            if count - before == moment.answers:
                end = typed_at + pace.until(moment)
        else:
            assert end - started != PATIENCE, f"the next question never came: {text}"
        kill(process)
        while piece := os.read(screen, 65536):
            text += piece.decode(errors="replace")
        if (asked := self._asked(text)) and ready is not None:
            count += 1
            self._in_its_place(count, asked)
        os.close(screen)
        os.close(typing)
        return Outcome(moment, before, count, self.found(place), ready, used)

    def found(self, place: Place) -> int:
        """How many answers are kept; each to its question, each as typed."""
        answers = place().file().answers
        for n, entry in enumerate(answers):
            question = self.knowledge.questions[self.order[n]]
            line = typed(self.seed, question)
            assert is_answer(entry, question, line), (n, entry, line)
        return len(answers)

    def _asked(self, text: str) -> QuestionEntry | None:
        """The question on the screen, once it is waiting for an answer."""
        if not _WAITING.search(text):
            return None
        shown = " ".join(text.split())
        titles = [t for t in self._titles if t in shown]
        return self._titles[max(titles, key=lambda t: (shown.rfind(t), len(t)))]

    def _in_its_place(self, count: int, asked: QuestionEntry) -> None:
        meant = self.order.setdefault(count, asked.id)
        assert asked.id == meant, (count, asked.id, meant)


def remember_knowledge() -> KnowledgeBase:
    """Load the knowledge once for all forked processes."""
    import salesdx.analysis
    from salesdx.knowledge.load import load

    knowledge = load()

    def loaded(overlays: list[Path]) -> KnowledgeBase:
        return load(overlays) if overlays else knowledge

    salesdx.analysis.load = loaded  # type: ignore[attr-defined]
    return knowledge


def warm() -> None:
    """Import what the forked processes need, without starting any thread."""
    from salesdx.cli import (  # noqa: F401
        checkout,
        conversation,
        interview,
        interview_start,
    )
    from salesdx.interview import choosing  # noqa: F401
    from salesdx.storage import checkout as _  # noqa: F401
