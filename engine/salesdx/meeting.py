"""The planning meeting: finding by finding, why, what, who and by when (P-06, DO-12).

The agenda is the list of figures below the average; what is said goes into the answers,
and comes back as evidence and as a protocol. Pure: nothing is written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from salesdx.answers.file import AnswerEntry
from salesdx.answers.findings import METRIC
from salesdx.answers.log import AnswerLog
from salesdx.facts import Slice, slice_of
from salesdx.interview.agenda import Ask
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.result import AnswerRow, Loss, MeetingRow

WHY, REASONS, EXPLAINED = "loss.why-below", "loss.named-reason", "loss.data-explains"
WHAT, WHO, UNTIL = "loss.what-to-do", "loss.who-does", "loss.until"
QUESTIONS = (WHY, REASONS, EXPLAINED, WHAT, WHO, UNTIL)  # in the order of the talk
_STATES = ("confirmed", "suspected", "noise")
_SCOPES = ("sales", "step", "service")
TO_DISCUSS = ("confirmed", "suspected")


def agenda(losses: Iterable[Loss]) -> list[Loss]:
    """Figures below the average, what is proven and dear first.

    Those in the state `noise` come last: chance explains them, and below average alone
    is no finding (G-02).
    """
    listed = [x for x in losses if x.below_average and x.state in _STATES]
    return sorted(listed, key=lambda x: (
        _STATES.index(x.state), _SCOPES.index(x.scope),
        -(x.money.expected if x.money else 0.0), x.id,
    ))  # fmt: skip


def chosen(listed: Sequence[Loss], address: str) -> Loss | None:
    """The finding of an address: its id, or its number on the agenda."""
    for number, loss in enumerate(listed, 1):
        if address in (loss.id, str(number)):
            return loss
    return None


def about(loss: Loss) -> dict[str, str]:
    """How an answer addresses a finding."""
    return {METRIC: loss.metric, **loss.slice}


def asks(
    knowledge: KnowledgeBase, log: AnswerLog, findings: Sequence[Loss], by: str
) -> list[Ask]:
    """What one respondent has not yet said of these findings, finding by finding."""
    done = {
        (a.question, a.where) for a in log.latest() if a.by == by and a.state != "later"
    }
    found = []
    for loss in findings:
        where = slice_of(**about(loss))
        for name in QUESTIONS:
            question = knowledge.questions.get(name)
            if question is None or (name, where) in done:
                continue
            if name != EXPLAINED or "manager" in loss.slice:  # nobody to clear else
                found.append(Ask(question, where))
    return found


def entries(
    loss: Loss, by: str, said: Mapping[str, str | Sequence[str] | None]
) -> list[AnswerEntry]:
    """The answers that record what was said of a finding; of silence, none."""
    return [
        AnswerEntry(question=name, by=by, value=_plain(said[name]), about=about(loss))
        for name in QUESTIONS
        if said.get(name) is not None and said[name] != ""
    ]


def _plain(value: str | Sequence[str] | None) -> str | list[str] | None:
    return value if value is None or isinstance(value, str) else list(value)


def protocol(
    rows: Iterable[AnswerRow],
    losses: Iterable[Loss],
    knowledge: KnowledgeBase,
) -> list[MeetingRow]:
    """What was written down, one row a finding and respondent, as the agenda stands."""
    told: dict[tuple[Slice, str], dict[str, AnswerRow]] = {}
    for row in rows:
        if row.question in QUESTIONS and METRIC in row.about:
            place = slice_of(**row.about), row.by
            told.setdefault(place, {})[row.question] = row
    known = {slice_of(**about(x)): x for x in losses}
    order = [x.id for x in agenda(known.values())]
    notes = [_row(where, by, said, known, knowledge)
             for (where, by), said in told.items()]  # fmt: skip
    last = len(order)
    return sorted(notes, key=lambda n: (
        order.index(n.finding) if n.finding in order else last, n.finding, n.by,
    ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """Values of one respondent on one finding; what was not answered is empty."""

    rows: Mapping[str, AnswerRow]
    knowledge: KnowledgeBase

    def text(self, name: str) -> str:
        value = self._value(name)
        return value if isinstance(value, str) else ""

    def codes(self, name: str) -> list[str]:
        value = self._value(name)
        return list(value) if isinstance(value, tuple | list) else []

    def shown(self, name: str) -> Text | None:
        codes = self.codes(name)
        if not codes:
            return None
        options = self.knowledge.questions[name].options
        titles = [o.title for o in options if o.code in codes]
        return Text(
            en="; ".join(t.en for t in titles), ru="; ".join(t.ru for t in titles)
        )

    def _value(self, name: str) -> object:
        row = self.rows.get(name)
        return row.value if row is not None and row.state == "answered" else None


def _row(
    where: Slice,
    by: str,
    rows: Mapping[str, AnswerRow],
    losses: Mapping[Slice, Loss],
    knowledge: KnowledgeBase,
) -> MeetingRow:
    said = _Said(rows, knowledge)
    metric = dict(where)[METRIC]
    place = {d: v for d, v in where if d != METRIC}
    loss = losses.get(where)
    title = loss.measure or loss.title if loss else knowledge.metrics[metric].title
    return MeetingRow(
        finding=loss.id if loss else _id(metric, place), metric=metric, title=title,
        slice=place,
        listed=loss is not None and loss.below_average, by=by,
        why=said.text(WHY), what=said.text(WHAT), who=said.text(WHO),
        until=said.text(UNTIL) or None,
        reasons=said.codes(REASONS), reasons_shown=said.shown(REASONS),
        explained_by=said.codes(EXPLAINED), explained_shown=said.shown(EXPLAINED),
    )  # fmt: skip


def _id(metric: str, place: Mapping[str, str]) -> str:
    """The id that the loss map would give to a figure on a slice."""
    return f"{metric}:" + ",".join(f"{d}={v}" for d, v in sorted(place.items()))
