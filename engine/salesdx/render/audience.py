"""Who reads it: the owner, the consultant, or the team (nobody shamed by name)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from salesdx.language import Language, Text
from salesdx.render.anonymise import anonymised, anonymised_since
from salesdx.render.texts import Labels
from salesdx.result import Break, BreakBy, CauseRow, PlanAction, ResultDocument, Summary

if TYPE_CHECKING:
    from salesdx.compare import Comparison

Audience = Literal["owner", "consultant", "team"]
_PERSONAL = {"manager", "client"}
_NAMING = {"mix-turns-the-gap"}  # statements that name slices, people among them
_NAMED = {"likely", "possible"}  # verdicts that the sentence of page one may name


def fit_for(audience: Audience, document: ResultDocument) -> ResultDocument:
    """The team's copy holds no row about a person and no word of who said what."""
    return shown_to(audience, document)[0]


def shown_to(
    audience: Audience, document: ResultDocument, since: Comparison | None = None,
    anonymise: bool = False,
) -> tuple[ResultDocument, Comparison | None]:  # fmt: skip
    """Both as the reader may see them; letters, where there are any, are the same.

    The team's copy is anonymised in any case: a text may still name somebody.
    """
    if (anonymise or audience == "team") and since:
        document, since = anonymised_since(document, since)
    elif anonymise or audience == "team":
        document = anonymised(document)
    if audience != "team":
        return document, since
    return _for_team(document), _team_since(document, since) if since else None


def _for_team(document: ResultDocument) -> ResultDocument:
    causes = [_unsigned(c) for c in document.causes if _is_open(c)]
    kept = {c.id for c in causes}
    people = {c.id for c in document.causes} - kept
    # what is done about one person is between him and his head
    plan = [a for a in document.plan if not a.causes or set(a.causes) - people]
    return document.model_copy(
        update={
            "summary": _summary(document, causes, plan),
            "causes": causes,
            "plan": plan,
            "blocked_actions": [],
            "next_questions": [],
            "losses": [x for x in document.losses if not _PERSONAL & set(x.slice)],
            "metrics": [m for m in document.metrics if not _PERSONAL & set(m.slice)],
            "symptoms": [s for s in document.symptoms if not _PERSONAL & set(s.slice)],
            "breaks": [
                _impersonal(b) for b in document.breaks if not _PERSONAL & set(b.slice)
            ],
            "data_quality": [q for q in document.data_quality if q.id not in _NAMING],
            "disagreements": [],
            "answers": [],
            "meeting": [],
            "claimed_losses": [],
            "lost_clients": None,
        }
    )


def _team_since(document: ResultDocument, since: Comparison) -> Comparison:
    """What changed without any row about a person, and without whose action it was."""
    from salesdx.compare import counted

    causes = [
        c for c in since.causes if c.kind != "people" and not _PERSONAL & set(c.slice)
    ]
    open_ = {c.id for c in causes}
    open_ |= {c.id for c in document.causes if _is_open(c)}
    every = [c.id for c in since.causes] + [c.id for c in document.causes]
    people = set(every) - open_
    return counted(since.model_copy(update={
        "causes": causes,
        "losses": [x for x in since.losses if not _PERSONAL & set(x.slice)],
        "metrics": [
            m.model_copy(update={"by": _others(m.by)})
            for m in since.metrics if not _PERSONAL & set(m.slice)
        ],
        "symptoms": [s for s in since.symptoms if not _PERSONAL & set(s.slice)],
        "actions": [
            a for a in since.actions if not a.causes or set(a.causes) - people
        ],
    }))  # fmt: skip


def _is_open(cause: CauseRow) -> bool:
    """Whether the team may read of it: it is about no person."""
    return cause.kind != "people" and not _PERSONAL & set(cause.slice)


def _others(rows: list[BreakBy]) -> list[BreakBy]:
    return [b for b in rows if b.dimension not in _PERSONAL]


def _unsigned(cause: CauseRow) -> CauseRow:
    """A cause whose evidence does not tell who has said what."""
    lines = []
    for line in cause.evidence:
        facts = {
            name: fact.model_copy(update={"by": "answers"})
            if fact.by not in (None, "data")
            else fact
            for name, fact in line.facts.items()
        }
        lines.append(line.model_copy(update={"facts": facts}))
    return cause.model_copy(update={"evidence": lines})


def _impersonal(found: Break) -> Break:
    """A break without the people who explain it."""
    return found.model_copy(update={"by": _others(found.by)})


def _summary(
    document: ResultDocument, causes: list[CauseRow], plan: list[PlanAction]
) -> Summary:
    """Page one of the team: causes in the process, no sum that is one person's."""
    summary, kept = document.summary, {c.id: c for c in causes}
    top = [i for i in summary.top_causes if i in kept]
    left = {a.id for a in plan}
    changes: dict[str, Any] = {
        "top_causes": top,
        "first_actions": [i for i in summary.first_actions if i in left],
    }
    dropped = {c.id for c in document.causes} - set(kept)
    if any(c.verdict in _NAMED and c.id in dropped for c in document.causes):
        titles = [kept[i].title for i in top]
        changes["verdict"] = Text(en=_verdict(titles, "en"), ru=_verdict(titles, "ru"))
    return summary.model_copy(update=changes)


def _verdict(titles: list[Text], lang: Language) -> str:
    t = Labels(lang)
    if not titles:
        return t("team.verdict.none")
    names = ", ".join(t("quote", text=title.in_(lang)) for title in titles)
    return t("team.verdict", names=names)
