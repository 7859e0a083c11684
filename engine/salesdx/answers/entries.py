"""What answers.yaml holds: respondents, interviews and answers, as written."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from salesdx.company import Respondent

State = Literal["answered", "dont_know", "not_applicable", "later", "refused"]
CONFIDENCE = {"sure": 100, "unsure": 60, "guess": 30}


class AnswerEntry(BaseModel):
    """One entry of the file, as written.

    `evidence` is what was shown to the interviewer, in words or as names of files; `at`
    the time in UTC, ISO 8601; `interview` the id of the interview it belongs to. Two
    entries of one interview with the same `key` are one: a repeated submission.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    by: str
    value: Any = None
    state: State = "answered"
    confidence: Literal["sure", "unsure", "guess"] = "sure"
    about: dict[str, str] = {}
    agreed: bool = False
    note: str = ""
    reason: str = ""
    evidence: list[str] = []
    at: str = ""
    interview: str = ""
    key: str = ""


class InterviewEntry(BaseModel):
    """One interview: who answers, how, and which questionnaire it is pinned to.

    `sha256` is the hash of the pinned questions; `moved_from` the id of the interview
    that it continues with a newer questionnaire.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    by: str
    mode: Literal["full", "quick", "guided", "form"]
    questionnaire: str
    sha256: str
    started: str = ""
    moved_from: str = ""


class AnswerFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    respondents: dict[str, Respondent] = {}
    interviews: list[InterviewEntry] = []
    answers: list[AnswerEntry] = []


Submission = tuple[str, str, str, tuple[tuple[str, str], ...], str]


def submission(entry: AnswerEntry) -> Submission | None:
    """By what a repeated submission is known; None where the entry has no key."""
    if not entry.key:
        return None
    about = tuple(sorted(entry.about.items()))
    return entry.interview, entry.by, entry.question, about, entry.key


def with_more(
    file: AnswerFile,
    entries: list[AnswerEntry],
    respondent: Respondent | None = None,
    interview: InterviewEntry | None = None,
) -> AnswerFile:
    """The file with what is new in it; nothing that is there is changed.

    `respondent` is who gave the entries; one that is known stays as it is, and so does
    an interview whose id is there.
    """
    seen = {submission(e) for e in file.answers} if any(e.key for e in entries) else {}
    fresh: list[AnswerEntry] = []
    said = set(seen)
    for entry in entries:
        name = submission(entry)
        if name is None or name not in said:
            fresh.append(entry)
            said.add(name)
    people = dict(file.respondents)
    if respondent is not None and (entries or interview):
        people.setdefault(speaker(entries, interview), respondent)
    held = list(file.interviews)
    if interview is not None and all(i.id != interview.id for i in held):
        held.append(interview)
    return AnswerFile.model_construct(
        format=1, respondents=people, interviews=held, answers=[*file.answers, *fresh]
    )


def speaker(entries: list[AnswerEntry], interview: InterviewEntry | None) -> str:
    """Whose the entries are, or the interview where there are none yet."""
    return entries[0].by if entries or interview is None else interview.by
