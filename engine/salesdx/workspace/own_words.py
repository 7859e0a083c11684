"""What one respondent said: to take along, and to be erased when he asks for it."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from salesdx.analysis import Analysis
from salesdx.errors import DataError, Said
from salesdx.language import Language
from salesdx.storage import consents, links, unsaying
from salesdx.storage.moments import written
from salesdx.workspace import kept_talks
from salesdx.workspace.desk import Desk

_LINK = ("id", "role", "mode", "made_at", "expires_at", "used_at", "finished_at",
         "revoked_at")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Erasable:
    """What of a respondent would go, and what would stay until somebody sees to it."""

    who: str
    counts: dict[str, int]
    results: int  # saved results and reports, which may quote him
    in_company: bool  # company.yaml names him


def erasable(desk: Desk, found: Analysis, case: str, who: str) -> Erasable:
    """What there is of a respondent.

    Raises:
        DataError: nobody of this name has answered or was invited.
    """
    counts = unsaying.said_of(desk.engine, case, who)
    in_company = who in desk.company(case).respondents
    if not any(counts.values()) and not in_company and who not in _heard(found):
        raise _nobody(who)
    results = unsaying.written_of(desk.engine, case)
    return Erasable(who, counts, results, in_company)


def erase(
    desk: Desk, case: str, who: str, *, results: bool, at: str, actor: str
) -> unsaying.Unsaid:
    """Delete it in the database, and in what this server remembers.

    Raises:
        DataError: the rows are gone, but traces could not be swept; to be repeated.
    """
    before = desk.version(case)
    try:
        return unsaying.unsay(desk.engine, case, who, at, actor, results)
    finally:
        kept_talks.forget(desk, case)
        desk.forget_said(before)


def export(
    desk: Desk, found: Analysis, case: str, who: str, lang: Language, now: dt.datetime
) -> dict[str, Any]:
    """All that the database holds of a respondent, with the questions as asked today.

    Raises:
        DataError: there is nothing of him.
    """
    if not any(unsaying.said_of(desk.engine, case, who).values()):
        raise _nobody(who)
    file, questions = desk.answers(case).file(), found.knowledge.questions
    person = file.respondents.get(who) or desk.company(case).respondents.get(who)
    sent = [x for x in links.links_of(desk.engine, case) if x.by == who]
    return {
        "format": 1, "at": written(now), "company": desk.company(case).name,
        "respondent": {"id": who, **(person.model_dump(mode="json") if person else {})},
        "links": [
            {
                **{name: getattr(link, name) for name in _LINK},
                "consents": [
                    asdict(c) for c in consents.consents_of(desk.engine, link.id)
                ],
            }
            for link in sent
        ],
        "interviews": [t.model_dump() for t in file.interviews if t.by == who],
        "answers": [
            {
                "title": questions[a.question].title.in_(lang)
                if a.question in questions else a.question,
                **a.model_dump(mode="json"),
            }
            for a in file.answers if a.by == who
        ],
    }  # fmt: skip


def _heard(found: Analysis) -> set[str]:
    return {a.by for a in found.log.answers}


def _nobody(who: str) -> DataError:
    return DataError(Said(f"nothing is kept of {who}", f"о {who} ничего не хранится"))
