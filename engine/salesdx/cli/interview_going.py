"""Where a word leads: a number of what is listed, an id or a ref, words of a title."""

from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.cli.wording import say
from salesdx.conversation.interview import Interview
from salesdx.interview.agenda import Ask
from salesdx.interview.finding import MOST, named, search


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Why a word leads to no question."""

    told: str


def going(talk: Interview, text: str, listed: Sequence[Ask]) -> list[Ask] | Nowhere:
    """The questions that are meant: one to go to, several to choose from."""
    if not text:
        return Nowhere(say("Where to? go N, go ID or go WORDS",
                           "Куда? к НОМЕР, к КОД или к СЛОВА"))  # fmt: skip
    if text.isdigit():
        if 1 <= int(text) <= len(listed):
            return [listed[int(text) - 1]]
        return Nowhere(say(f"Nothing is listed under {text}.",
                           f"Под номером {text} ничего нет."))  # fmt: skip
    exact = named(text, talk.knowledge)
    questions = [exact] if exact else search(text, talk.knowledge)
    found = [a for q in questions for a in _once(talk, q.id)]
    if not found:
        return Nowhere(say(f"No question found by {text!r}.",
                           f"Вопроса по словам «{text}» нет."))  # fmt: skip
    return found[:MOST]


def asks_of_section(talk: Interview, text: str) -> list[Ask] | Nowhere:
    """The questions of a subject, by its number in the list or words of its title."""
    rows = talk.standing().sections
    titles = {r.id: talk.knowledge.questionnaires[r.id].title for r in rows}
    if text.isdigit():
        picked = [r.id for r in rows[int(text) - 1 : int(text)]] if int(text) else []
    else:
        low = text.lower()
        picked = [
            i for i, t in titles.items()
            if low in (i, t.en.lower(), t.ru.lower())
            or low in t.en.lower() or low in t.ru.lower()
        ]  # fmt: skip
    if not picked:
        return Nowhere(say(f"No subject {text!r}.", f"Раздела «{text}» нет."))
    questions = talk.knowledge.questionnaires[picked[0]].questions
    return [a for q in questions for a in _once(talk, q.id)]


def _once(talk: Interview, question: str) -> list[Ask]:
    """A question once, though asked per manager: at the first place not answered."""
    asks = talk.asks_of(question)
    return ([a for a in asks if talk.former(a) is None] or asks)[:1]
