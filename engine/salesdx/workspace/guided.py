"""What a guided interview shows beside its question, gathered from the talk.

What another respondent said is told after this one has answered, never before: neither
his answer nor a line of a bill that rests on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.conversation.interview import Interview
from salesdx.explanation.account import Line
from salesdx.explanation.wording import Wording
from salesdx.interview.agenda import Ask, sections_of
from salesdx.interview.finding import named, search
from salesdx.interview.kept import FindOut
from salesdx.interview.standing import place
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import QuestionEntry
from salesdx.language import Language
from salesdx.result import Disagreement
from salesdx.workspace.interviewees import address
from salesdx.workspace.live_causes import Live
from salesdx.workspace.naming import who

_PLACES = 12


@dataclass(frozen=True, slots=True)
class Differs:
    """What others said, or what was measured, against an answer just given."""

    said: tuple[tuple[str, str], ...]  # who, what
    metric: str
    figure: str


def of_ask(ask: Ask) -> str:
    """A question at its place, as an address."""
    if not ask.about:
        return ask.question.id
    return f"{ask.question.id}~{address(' '.join(v for _, v in ask.about))}"


def at(talk: Interview, wanted: str) -> Ask | None:
    """The question of an address, if it may be put to this respondent."""
    question, _, _ = wanted.partition("~")
    if question not in talk.knowledge.questions:
        return None
    return next((a for a in talk.asks_of(question) if of_ask(a) == wanted), None)


def once(talk: Interview, question: str) -> list[Ask]:
    """A question once, though asked per manager: at the first place not answered."""
    asks = talk.asks_of(question)
    return ([a for a in asks if talk.former(a) is None] or asks)[:1]


def beside(talk: Interview, ask: Ask) -> list[Ask]:
    """The same question about others."""
    found = [a for a in talk.asks_of(ask.question.id) if a.about != ask.about]
    return found[:_PLACES]


def found(talk: Interview, text: str) -> list[Ask]:
    """The questions of this respondent that are meant by an id or by words."""
    exact = named(text, talk.knowledge)
    questions = [exact] if exact else search(text, talk.knowledge)
    return [a for q in questions for a in once(talk, q.id)]


def of_section(talk: Interview, section: str) -> list[Ask]:
    """The questions of a subject that may be put to this respondent."""
    questionnaire = talk.knowledge.questionnaires.get(section)
    listed: Sequence[QuestionEntry] = questionnaire.questions if questionnaire else ()
    return [a for q in listed for a in once(talk, q.id)]


def catalogue(knowledge: KnowledgeBase, text: str) -> list[QuestionEntry]:
    """The questions that are meant by an id or by words, whoever answers them."""
    exact = named(text, knowledge)
    return [exact] if exact else search(text, knowledge)


def subject(talk: Interview, ask: Ask, lang: Language) -> str:
    """The title of the subject a question belongs to."""
    section = sections_of(talk.knowledge).get(ask.question.id, "")
    entry = talk.knowledge.questionnaires.get(section)
    return entry.title.in_(lang) if entry else ""


def differs(talk: Interview, ask: Ask, lang: Language) -> list[Differs]:
    """Where others or figures say something else; nothing before there is an answer."""
    former = talk.former(ask)
    if former is None or former.state != "answered":
        return []
    return [_differs(talk, ask, row, lang) for row in talk.differs(ask)]


def _differs(talk: Interview, ask: Ask, row: Disagreement, lang: Language) -> Differs:
    words = Wording(talk.knowledge, talk.ground.case.company.currency, {})
    if row.metric is None:
        return Differs(tuple(
            (name_of(talk, v.by, lang), words.words(ask.question.id, v.value, lang))
            for v in row.values if v.by != talk.by
        ), "", "")  # fmt: skip
    said = {v.by: v.value for v in row.values}
    return Differs(
        (), talk.knowledge.metrics[row.metric].title.in_(lang),
        words.words(row.metric, said["data"], lang),
    )  # fmt: skip


def name_of(talk: Interview, by: str, lang: Language) -> str:
    """A respondent: name and role."""
    if by == talk.by and by not in talk.log.respondents:
        by = talk.role
    return who(by, talk.log.respondents, talk.knowledge.roles, lang)


def value(talk: Interview, ask: Ask, lang: Language) -> str:
    """What this respondent answered, in words; "" where he named no value."""
    former = talk.former(ask)
    if former is None or former.state != "answered":
        return ""
    words = Wording(talk.knowledge, talk.ground.case.company.currency, {})
    return words.words(ask.question.id, former.value, lang)


def to_find_out(talk: Interview) -> list[FindOut]:
    """What this respondent did not know and nobody has told since."""
    return [t for t in talk.standing().find_out if talk.by in t.by]


def hidden(talk: Interview, row: Live) -> set[str]:
    """Rules of a bill that rest on what others said to questions still open here."""
    open_ = {place(a)[0] for a in talk.standing().left}
    return {line.rule for line in row.account.lines if _rests_on(line, open_)}


def _rests_on(line: Line, open_: set[str]) -> bool:
    return any(v.name in open_ for v in line.values)
