"""One cause laid open on one slice: all that was weighed, and what would change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesdx.analysis import Analysis
from salesdx.citation import cited
from salesdx.explanation.account import Account, Line, Requirement
from salesdx.explanation.why_not import WhyNot
from salesdx.inference.points import LIKELY
from salesdx.language import Language, Text
from salesdx.render.page_one import kpi_line
from salesdx.render.words import Words
from salesdx.result import CauseRow, PlanAction
from salesdx.workspace.findings import place_of
from salesdx.workspace.once import once, told

_MISSING = 8
_NOT = "not: ", "не так: "


@dataclass(frozen=True, slots=True)
class Place:
    """The cause on one slice."""

    place: str
    title: str
    row: CauseRow


@dataclass(frozen=True, slots=True)
class Mend:
    """An action that mends the cause; `planned` where it stands in the plan."""

    id: str
    title: str
    meta: str
    kpi: str
    planned: bool


@dataclass(frozen=True, slots=True)
class OneCause:
    """Everything that the page of a cause says."""

    row: CauseRow
    account: Account
    places: Sequence[Place]
    place: str
    for_: Sequence[Line]
    against: Sequence[Line]
    gates: Sequence[Requirement]
    objections: Sequence[Requirement]
    missing: int  # how many unknowns are shown
    asked: frozenset[str]  # those of them that somebody can tell
    measured: bool  # whether a table can tell some
    mends: Sequence[Mend]
    sources: Mapping[str, str]  # rule -> where it is from
    needed: int = LIKELY


def one_cause(
    found: Analysis, lang: Language, cause: str, place: str = ""
) -> OneCause | None:
    """The page of a cause; None where there is no such cause, or not on that slice."""
    if cause not in {c.id for c in found.document.causes}:
        return None
    why = once(found, ("why", cause), lambda: found.why(cause))
    it = told(found, lang)
    rows = [c for c in it.document.causes if c.id == cause]
    places = [Place(place_of(r.slice), it.words.where(r.slice), r) for r in rows]
    n = next((i for i, p in enumerate(places) if place in ("", p.place)), None)
    if n is None:
        return None
    account = why.accounts[n]
    lines, names = account.lines, {m.name for m in account.missing[:_MISSING]}
    asked = frozenset(names & set(found.knowledge.questions))
    return OneCause(
        rows[n], account, places, places[n].place,
        [x for x in lines if x.direction == "for"],
        [x for x in lines if x.direction != "for"],
        [r for r in account.requirements if r.kind == "gate"],
        [r for r in account.requirements if r.kind != "gate"],
        _MISSING, asked, bool(names - asked), _mends(found, rows[n], it.words),
        {x.rule: ", ".join(cited(x.source, lang)) for x in lines},
    )  # fmt: skip


def _mends(found: Analysis, row: CauseRow, words: Words) -> list[Mend]:
    """What the cause is mended with: planned actions first, each with its day."""
    plan = {a.id: a for a in found.document.plan}
    known = found.knowledge.remedies
    mends = [
        _planned(plan[i], words) if i in plan
        else Mend(i, words.text(known[i].title), "", "", planned=False)
        for i in row.remedies if i in plan or i in known
    ]  # fmt: skip
    return sorted(mends, key=lambda m: not m.planned)


def _planned(action: PlanAction, words: Words) -> Mend:
    day = words.day(action.start_day + action.days, "day.until")
    until = words.t("action.until", day=day)
    return Mend(
        action.id, words.text(action.title),
        f"{words.text(action.owner_title)} · {until}",
        kpi_line(action.kpi, words) if action.kpi else "", planned=True,
    )  # fmt: skip


def what_keeps(found: Analysis, cause: str) -> list[WhyNot]:
    """What keeps a cause from being likely; the search takes seconds, so once."""
    return once(found, ("why-not", cause), lambda: found.why_not(cause))


def requirement_text(row: Requirement, say: Words) -> tuple[str, bool]:
    """What had to be examined, and whether it was turned around to be said plainly."""
    text = say.text(row.text)
    for lead in _NOT:
        if text.startswith(lead):
            return text.removeprefix(lead), True
    return text, False


def names_in(it: OneCause) -> list[tuple[str, Text]]:
    """Figures and answers that the verdict hangs on: the addresses a what-if takes.

    What is said of a slice is addressed there; what is unknown is offered too.
    """
    values = [v for x in it.account.lines for v in x.values]
    values += [v for r in it.account.requirements for v in r.values]
    found = {v.name: v.text for v in values if not v.name.startswith(("gap:", "="))}
    for row in it.account.missing:
        if not row.name.startswith("gap:"):
            found.setdefault(row.name, row.title)
    return list(found.items())
