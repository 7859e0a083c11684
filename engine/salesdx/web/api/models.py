"""What the API takes and gives; unknown keys and loose types are refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from salesdx.answers.file import AnswerEntry
from salesdx.company import Respondent
from salesdx.language import Language
from salesdx.render import Audience

_ID = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
_LINE = r"^[^\x00-\x1f\x7f\s][^\x00-\x1f\x7f]*$"
MOST_ANSWERS = 500

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=_LINE)]
Note = Annotated[str, Field(max_length=4_000)]
Small = Annotated[str, Field(max_length=200)]
Scalar = str | bool | int | float
Format = Literal["html", "pdf", "docx", "md", "json", "xlsx"]


class Closed(BaseModel):
    """Base: nothing else may be there, and a number is no text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Case(Closed):
    """A case of the server."""

    id: str
    name: str
    added_at: str = Field(description="UTC, ISO 8601")
    closed_at: str | None
    files: int
    answers: int
    last_answer: str = Field(description="UTC, ISO 8601; empty without answers")


class Cases(Closed):
    """The cases that this token sees."""

    cases: list[Case]


class NewCase(Closed):
    """A company whose case begins."""

    id: Annotated[str, Field(min_length=1, max_length=80, pattern=_ID)]
    name: Line = Field(description="What the company is called")


class Speaker(Closed):
    """Whose answers they are.

    `role` is needed once, unless `id` is a role itself; `manager` is the id of the
    salesperson in the data, for questions about oneself.
    """

    id: Line
    role: Small | None = None
    name: Small | None = None
    manager: Small | None = None


class NewAnswer(Closed):
    """An answer as in answers.yaml, without `by`, `at` and `interview`."""

    question: Line = Field(description="Id of the question, or a ref like Q-ODC-06")
    value: Scalar | list[str] | None = None
    state: Literal["answered", "dont_know", "not_applicable", "later", "refused"] = (
        "answered"
    )
    confidence: Literal["sure", "unsure", "guess"] = "sure"
    about: dict[Small, Small] = Field(
        {}, max_length=4, description='What it is about, like {"manager": "M7"}'
    )
    agreed: bool = Field(False, description="Settles what others answered differently")
    note: Note = ""
    reason: Note = Field("", description="Needed with not_applicable")
    evidence: Annotated[list[Note], Field(max_length=20)] = []
    key: Small = Field(
        "", description="Of your choice: what is sent again with it is added once"
    )


class NewAnswers(Closed):
    """Answers of one respondent: all are added, or none."""

    respondent: Speaker
    answers: Annotated[list[NewAnswer], Field(min_length=1, max_length=MOST_ANSWERS)]


class Added(Closed):
    """What became of the answers."""

    added: int
    repeated: int = Field(description="Sent before with the same key: not added again")


class Answers(Closed):
    """Everything that was answered, in order; nothing is ever removed."""

    respondents: dict[str, Respondent]
    answers: list[AnswerEntry]


class State(Closed):
    """Whether the figures of a case are at hand."""

    state: Literal["measuring", "ready"]
    result: str = Field(description="Where the result is, or will be")


class ReportQuery(BaseModel):
    """Which copy of a report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Language = "en"
    audience: Audience = "consultant"
    anonymise: Literal["true", "false"] = "false"
    since: str = Field(
        default="",
        max_length=200,
        description="A saved result to compare with, by its file name; `none` for no "
        "comparison; by default the newest that differs.",
    )


class FaultDetail(Closed):
    """One thing that is wrong, and where."""

    at: str = Field(description="Like answers[2].value")
    code: str
    message: str


class Fault(Closed):
    """What is wrong, and what to do."""

    status: int
    message: str
    do: str
    details: list[FaultDetail]


class Failed(Closed):
    """The answer to everything that could not be done."""

    error: Fault
