"""A small interview for tests: a base of questions, a chooser that obeys."""

from collections.abc import Sequence
from pathlib import Path

from knowledge_fixture import TEXT, cause, metric, question, rule, write

from salesdx.answers.log import AnswerLog
from salesdx.facts import FactBase
from salesdx.interview.agenda import Ask
from salesdx.interview.candidate import Candidate, StopAdvice
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.language import Text

OPTIONS = [
    {"code": c, "title": {"en": c, "ru": c}} for c in ("heads", "sheets", "crm", "none")
]
QUESTIONS = [
    question("a.core", core=True, seconds=30),
    question("a.deadline", who=["head", "owner"], title={
        "en": "Is there a deadline?", "ru": "Есть ли срок у предложения?"}),
    question("a.kept", relevant_if={"a.deadline": "yes"}, seconds=60),
    question("a.crm", "enum", options=OPTIONS, ref=["Q-A-01"]),
    question("a.reports", relevant_if={"a.crm": "crm"}, seconds=40),
    question("a.share", "number", unit="percent", metric="m.share", core=True),
    question("a.own", about="manager"),
    question("a.words", "text"),
]  # fmt: skip


def base(folder: Path) -> KnowledgeBase:
    """Questions on two subjects: `all`, and `more` with one question."""
    write(
        folder,
        causes=[cause("x", [rule("r", {"a.core": "no"})])],
        questions=QUESTIONS, metrics=[metric("m.share")],
    )  # fmt: skip
    (folder / "questionnaires" / "more.yaml").write_text(
        "format: 1\nid: more\ntitle: {en: More, ru: Ещё}\nintro: {en: m, ru: м}\n"
        "questions:\n- {id: b.more, title: {en: Anything more?, ru: Что ещё?}, "
        "type: yesno, who: [head], why: {en: w, ru: з}, source: {seed: '1'}}\n",
        encoding="utf-8",
    )
    return load(folder=folder)


class Told:
    """Prefers the questions named, in this order; advises to stop after so many."""

    def __init__(self, *names: str, stop_after: int = 99) -> None:
        self._names, self._stop_after = names, stop_after

    def candidates(
        self, facts: FactBase, log: AnswerLog, asks: Sequence[Ask], *,
        role: str | None, section: str | None = None, most: int = 5,
    ) -> list[Candidate]:  # fmt: skip
        """The named ones first, those that wait for another one last."""
        order = {n: i for i, n in enumerate(self._names)}
        usual = len(order)
        rows = sorted(asks, key=lambda a: (
            order.get(a.question.id, usual + (a.question.relevant_if is not None))
        ))  # fmt: skip
        return [
            Candidate(a, 1.0, a.question.seconds, reason(a.question.id), ("x",))
            for a in rows[:most]
        ]

    def stop(
        self, facts: FactBase, log: AnswerLog, asks: Sequence[Ask], *,
        role: str | None,
    ) -> StopAdvice:  # fmt: skip
        """Advised once enough is answered."""
        enough = len(log.answers) >= self._stop_after
        told = Text(en="X leads by far.", ru="Первой идёт X, и с запасом.")
        return StopAdvice(enough, False, 0.01, "x", told)


def reason(name: str) -> Text:
    """A reason that can be found again."""
    return Text(en=f"settles x by {name}", ru=f"решит про x: {name}")


__all__ = ["OPTIONS", "QUESTIONS", "TEXT", "Told", "base", "reason"]
