"""The planning meeting on pages: the agenda, one finding, and the protocol.

Only what the agenda holds is shown: what chance explains has no page, so nobody is
asked to account for it. What is said there changes no figure, so the document of the
first page serves all that follow until the figures change.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesdx.answers.file import AnswerEntry
from salesdx.answers.log import AnswerLog
from salesdx.facts import Slice, slice_of
from salesdx.interview.kept import last_of
from salesdx.knowledge.models import Role
from salesdx.meeting import (
    EXPLAINED,
    QUESTIONS,
    REASONS,
    TO_DISCUSS,
    UNTIL,
    WHAT,
    WHO,
    WHY,
    about,
    agenda,
    protocol,
)
from salesdx.result import Loss, MeetingRow, MetricRow, ResultDocument
from salesdx.workspace.desk import Desk, Version

FIELDS = {
    "why": WHY, "reasons": REASONS, "explained": EXPLAINED, "what": WHAT, "who": WHO,
    "until": UNTIL,
}  # fmt: skip
SPEAKER = "team"  # whose words they are unless told: the meeting speaks as one
_KEPT = 16
Said = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Finding:
    """A row of the agenda: its place, its figure, and what has been said of it."""

    number: int
    address: str
    loss: Loss
    figure: MetricRow | None
    said: tuple[MeetingRow, ...]

    @property
    def settled(self) -> bool:
        """Whether somebody answers for something by a day."""
        return any(r.what and r.who and r.until for r in self.said)

    @property
    def fields(self) -> tuple[str, ...]:
        """What is asked; where no manager is named there is nobody to clear."""
        return tuple(
            f for f in FIELDS if f != "explained" or "manager" in self.loss.slice
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """A planning meeting as it stands; `quiet` figures lag no more than by chance."""

    document: ResultDocument
    log: AnswerLog
    roles: Mapping[str, Role]
    findings: tuple[Finding, ...]
    quiet: int

    def at(self, address: str) -> Finding | None:
        """The finding of an address."""
        return next((f for f in self.findings if f.address == address), None)

    def beside(self, found: Finding, step: int) -> Finding | None:
        """The finding before (-1) or after it (1)."""
        place = found.number - 1 + step
        return self.findings[place] if 0 <= place < len(self.findings) else None

    def speakers(self) -> list[str]:
        """Whose words may be put down: respondents, else the team and its head."""
        people = self.log.respondents
        roles = {p.role for p in people.values()}
        return [SPEAKER, *(i for i in people if i != SPEAKER)] + [
            r for r in ("head_of_sales",) if r not in people and r not in roles
        ]

    def speaker(self) -> str:
        """Who spoke last at this meeting."""
        for answer in reversed(self.log.answers):
            if answer.question in QUESTIONS:
                return answer.by
        return SPEAKER

    def words_of(self, found: Finding, by: str) -> dict[str, object]:
        """What one speaker has said of a finding, by field; nothing where silent."""
        last, where = last_of(self.log, by), slice_of(**about(found.loss))
        told: dict[str, object] = {}
        for name, question in FIELDS.items():
            answer = last.get((question, where))
            if answer is not None and answer.state == "answered":
                value = answer.value
                told[name] = list(value) if isinstance(value, tuple) else value
        return told


class Meetings:
    """The planning meetings of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._documents: OrderedDict[Version, ResultDocument] = OrderedDict()

    def of(self, case: str) -> Meeting:
        """The meeting of a case as it stands."""
        measured = self._desk.measured(case)
        log = self._desk.answers(case).load(measured.knowledge)
        said, _ = measured.said(log)
        document = self._document(case)
        rows = protocol(said.rows, document.losses, measured.knowledge)
        document = document.model_copy(update={"meeting": rows})
        listed = agenda(document.losses)
        talked = [x for x in listed if x.state in TO_DISCUSS]
        figures = {
            (m.id, slice_of(**m.slice)): m for m in document.metrics if not m.period
        }
        found = [
            Finding(
                n, address(x), x, _figure(x, figures),
                tuple(r for r in rows if r.finding == x.id),
            )
            for n, x in enumerate(talked, 1)
        ]  # fmt: skip
        return Meeting(
            document, log, measured.knowledge.roles, tuple(found),
            len(listed) - len(talked),
        )  # fmt: skip

    def _document(self, case: str) -> ResultDocument:
        version = self._desk.version(case)
        found = self._documents.get(version)
        if found is None:
            found = self._documents[version] = self._desk.analysis(case).document
            while len(self._documents) > _KEPT:
                self._documents.popitem(last=False)
        return found


def address(loss: Loss) -> str:
    """The finding in an address: its id may hold a person's name, and any sign."""
    return hashlib.sha256(loss.id.encode()).hexdigest()[:12]


def entries(
    found: Finding, by: str, said: Said, shown: Said, key: str, at: str
) -> list[AnswerEntry]:
    """The answers that record a form: what was left as it was shown is not said anew.

    A field that was emptied takes its answer back.
    """
    return [
        AnswerEntry(
            question=FIELDS[name], by=by, about=about(found.loss), key=key, at=at,
            **({"value": said[name]} if said.get(name) else {"state": "later"}),
        )
        for name in found.fields
        if (said.get(name) or None) != (shown.get(name) or None)
    ]  # fmt: skip


def _figure(
    loss: Loss, figures: Mapping[tuple[str, Slice], MetricRow]
) -> MetricRow | None:
    """The figure with its interval, where it is the one that was compared."""
    found = figures.get((loss.metric, slice_of(**loss.slice)))
    if found is None or found.value is None or loss.measure is not None:
        return None
    same = abs(found.value - loss.actual) <= 1e-6 * max(abs(loss.actual), 1e-9)
    return found if same else None


def decided(rows: Sequence[MeetingRow]) -> list[MeetingRow]:
    """What somebody is to do, the nearest day first; what has no day at the end."""
    todo = [r for r in rows if r.what or r.who]
    return sorted(todo, key=lambda r: (r.until is None, r.until or "", r.finding))
