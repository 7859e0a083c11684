"""The answers as they count: who said what, how sure, and with which note."""

from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.analysis import Analysis
from salesdx.language import Language
from salesdx.render.words import Words
from salesdx.result import AnswerRow
from salesdx.workspace.once import once, told


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer in words."""

    question: str
    title: str
    about: str
    who: str
    value: str
    sure: str
    notes: Sequence[str]

    @property
    def searched(self) -> str:
        """Where words of a search are looked for."""
        return f"{self.question}\n{self.title}\n{self.who}".casefold()


def answer_list(
    found: Analysis, lang: Language, search: str = ""
) -> tuple[Sequence[AnswerLine], int]:
    """The answers that hold the words of a search, and how many there are at all."""
    it = told(found, lang)
    lines = once(
        found, ("answers", lang),
        lambda: [_line(a, it.words) for a in it.document.answers],
    )  # fmt: skip
    words = search.casefold().split()
    return [x for x in lines if all(w in x.searched for w in words)], len(lines)


def _line(row: AnswerRow, words: Words) -> AnswerLine:
    t, answered = words.t, row.state == "answered"
    value = (
        words.given(row.question, row.value, row.unit)
        if answered
        else t.code("answer", row.state)
    )
    notes = [x for x in (row.reason, row.note) if x]
    if row.evidence:
        notes.append(t("answer.evidence", what="; ".join(row.evidence)))
    if row.inactive:
        notes.append(t("answer.inactive"))
    level = "guess" if row.confidence < 60 else "unsure"
    return AnswerLine(
        row.question, words.text(row.title),
        words.where(row.about) if row.about else "",
        words.who(row.by, row.role, row.name), value,
        t(f"sure.{level}") if answered and row.confidence < 100 else "", notes,
    )  # fmt: skip
