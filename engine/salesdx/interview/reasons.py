"""Why a question comes next, and why to stop: for the interviewer, in words.

Words of verdicts and titles only: what the algorithm believes is no probability to be
shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesdx.interview.scoring import Row
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text, quoted
from salesdx.result import Verdict

_NOW: Mapping[Verdict, Text] = {
    "likely": Text(en="likely so far", ru="пока вероятна"),
    "possible": Text(en="possible so far", ru="пока возможна"),
    "open": Text(en="still open", ru="пока под вопросом"),
    "unlikely": Text(en="unlikely so far", ru="пока маловероятна"),
    "ruled_out": Text(en="ruled out so far", ru="пока исключена"),
    "cannot_judge": Text(en="not yet to be judged", ru="судить пока нельзя"),
}
# What an answer can still do for a cause, by where it stands.
_ONE: Mapping[Verdict, Text] = {
    "likely": Text(
        en="Firms up or shakes what looks likely: {}.",
        ru="Подкрепит или поколеблет то, что пока вероятно: {}.",
    ),
    "possible": Text(
        en="Confirms or clears what is possible: {}.",
        ru="Подтвердит или снимет то, что пока возможно: {}.",
    ),
    "open": Text(en="Shows whether it is this: {}.", ru="Покажет, в этом ли дело: {}."),
    "unlikely": Text(
        en="Could bring back what looks unlikely: {}.",
        ru="Может вернуть то, что пока маловероятно: {}.",
    ),
    "ruled_out": Text(
        en="Could bring back what is ruled out: {}.",
        ru="Может вернуть то, что пока исключено: {}.",
    ),
    "cannot_judge": Text(
        en="Without it this cannot be judged: {}.",
        ru="Без этого не понять, так ли это: {}.",
    ),
}
IDLE = Text(
    en="No cause rests on it: it completes the picture.",
    ru="На вывод о причинах не влияет: вопрос для полноты картины.",
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A cause that a question moves, and whether another is moved the other way."""

    row: Row
    apart: bool = False


def question_reason(knowledge: KnowledgeBase, moved: Sequence[Moved]) -> Text:
    """What an answer would do, from the causes it moves most."""
    if not moved:
        return IDLE
    if len(moved) == 1:
        row = moved[0].row
        told, title = _ONE[row.verdict], _quoted(knowledge.causes[row.cause].spec.title)
        return Text(en=told.en.format(title.en), ru=told.ru.format(title.ru))
    a, b = (_titled(knowledge, m.row) for m in moved[:2])
    if moved[1].apart:
        return Text(en=f"Tells {a.en} from {b.en}.", ru=f"Отличит {a.ru} от {b.ru}.")
    if len(moved) == 2:
        return Text(
            en=f"Bears on two causes: {a.en} and {b.en}.",
            ru=f"Проверит сразу две причины: {a.ru} и {b.ru}.",
        )
    return Text(
        en=f"Bears on several causes: {a.en}, {b.en} and others.",
        ru=f"Проверит сразу несколько причин: {a.ru}, {b.ru} и другие.",
    )


def opening_reason(knowledge: KnowledgeBase, question: str) -> Text:
    """Of a question that decides whether another one is put."""
    title = _quoted(knowledge.questions[question].title)
    return Text(
        en=f"Decides whether to ask: {title.en}",
        ru=f"Покажет, нужен ли вопрос: {title.ru}",
    )


def _titled(knowledge: KnowledgeBase, row: Row) -> Text:
    title, now = _quoted(knowledge.causes[row.cause].spec.title), _NOW[row.verdict]
    return Text(en=f"{title.en} ({now.en})", ru=f"{title.ru} ({now.ru})")


def _quoted(title: Text) -> Text:
    return Text(en=quoted(title.en, "en"), ru=quoted(title.ru, "ru"))


@dataclass(frozen=True, slots=True)
class Grounds:
    """What speaks for going on or for stopping."""

    leader: str | None
    settled: bool
    core: int
    answered: int
    fewest: int
    steady: bool
    thin: Sequence[str]
    left: int


def stop_reason(knowledge: KnowledgeBase, grounds: Grounds) -> Text:
    """The first ground that keeps the interview going; else why it may end."""
    title = _title(knowledge, grounds.leader)
    if not grounds.left:
        return Text(en="Nothing is left to ask.", ru="Вопросов не осталось.")
    if grounds.settled:
        return _settled(title)
    if grounds.core:
        return Text(
            en=f"Core questions still to be asked: {grounds.core}.",
            ru=f"Ещё не задано основных вопросов: {grounds.core}.",
        )
    if grounds.answered < grounds.fewest:
        return Text(
            en=f"Too few answers yet: {grounds.answered} of {grounds.fewest}.",
            ru=f"Ответов пока мало: {grounds.answered} из {grounds.fewest}.",
        )
    if title is None:
        return Text(
            en="No cause stands out yet.", ru="Пока ни одна причина не выделилась."
        )
    if not grounds.steady:
        return Text(
            en=f"The answers left may still replace {title.en} in the first place.",
            ru=f"Оставшиеся ответы ещё могут сместить {title.ru} с первого места.",
        )
    thin = _title(knowledge, grounds.thin[0] if grounds.thin else None)
    if thin is not None:
        return Text(
            en=f"Too little has been asked about {thin.en} yet.",
            ru=f"О причине {thin.ru} спросили пока слишком мало.",
        )
    return Text(
        en=f"{title.en} holds the first place firmly: the rest would add detail only.",
        ru=f"{title.ru} прочно на первом месте: остальные вопросы лишь уточнят детали.",
    )


def _settled(title: Text | None) -> Text:
    if title is None:
        return Text(
            en="No answer left can bring out a cause.",
            ru="Ни один из оставшихся ответов не укажет на причину.",
        )
    return Text(
        en=f"No answer left can move {title.en} from the first place.",
        ru=f"Ни один из оставшихся ответов не сместит {title.ru} с первого места.",
    )


def _title(knowledge: KnowledgeBase, cause: str | None) -> Text | None:
    if cause is None:
        return None
    return _quoted(knowledge.causes[cause].spec.title)
