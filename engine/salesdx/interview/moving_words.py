"""What is said of moved answers: why, what was answered, and that there is more."""

from collections.abc import Mapping
from dataclasses import replace

from salesdx.answers.carried import Carried, Why
from salesdx.answers.entries import InterviewEntry
from salesdx.answers.values import BadValue, read_value
from salesdx.explanation.wording import Wording, both
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import LANGUAGES, Language, Text

WHY: Mapping[Why, Text] = {
    "reask": both(
        "the question has another meaning now", "у вопроса изменился смысл"
    ),
    "relevance": both(
        "it is asked under another condition now",
        "вопрос теперь задают при другом условии",
    ),
    "unit": both(
        "the answer is wanted in another unit", "ответ нужен в других единицах"
    ),
    "scale": both("the scale has changed", "изменилась шкала"),
    "type": both(
        "another kind of answer is wanted now", "теперь нужен ответ другого вида"
    ),
    "option": both(
        "what was chosen is no longer on the list",
        "выбранного варианта больше нет в списке",
    ),
    "outside": both(
        "the number is outside the new bounds", "число не укладывается в новые границы"
    ),
    "unreadable": both(
        "the answer does not fit the question any more",
        "ответ больше не подходит к вопросу",
    ),
    "gone": both("no longer asked", "вопрос больше не задают"),
    "off": both(
        "switched off in your own knowledge base",
        "вопрос отключён в вашей базе знаний",
    ),
    "about": both("asked of something else now", "теперь об этом спрашивают иначе"),
}  # fmt: skip
_STATES = {
    "dont_know": both("don't know", "не знаю"),
    "refused": both("would not say", "отказ отвечать"),
    "not_applicable": both("does not apply", "к нам не относится"),
    "later": both("put off", "отложено"),
}


def former(carried: Carried, knowledge: KnowledgeBase, currency: str = "") -> Text:
    """What was answered, in the words in which it was asked."""
    entry = carried.entry
    if entry.state != "answered":
        return _STATES[entry.state]
    asked = carried.asked or knowledge.questions.get(carried.question or "")
    value = read_value(asked, entry.value) if asked else entry.value
    if asked is None or isinstance(value, BadValue):
        return both(str(entry.value), str(entry.value))
    words = Wording(replace(knowledge, questions={asked.id: asked}), currency)

    def told(lang: Language) -> str:
        text = words.words(asked.id, value, lang)
        if asked.type == "scale":
            text += f" {'из' if lang == 'ru' else 'of'} {asked.max or 5:g}"
        return text

    return both(*(told(lang) for lang in LANGUAGES))


def again(carried: Carried, knowledge: KnowledgeBase, currency: str = "") -> Text:
    """What the interview shows above a question that was answered in another form."""
    said, why = former(carried, knowledge, currency), WHY[carried.why]
    if carried.fits:
        return both(
            f"Answered before: {said.en}. Confirm it or answer anew: {why.en}.",
            f"Раньше ответили: {said.ru}. Подтвердите или ответьте заново: {why.ru}.",
        )
    return both(
        f"Answered before: {said.en}. Answer anew: {why.en}.",
        f"Раньше ответили: {said.ru}. Ответьте заново: {why.ru}.",
    )


def newer(talk: InterviewEntry, knowledge: KnowledgeBase, case: str) -> Text:
    """That there are newer questions than those of an interview, in one sentence."""
    old, new = talk.questionnaire, knowledge.pinned.version
    command = f"salesdx move-interview {case}"
    if old == new:
        return both(
            "The questions have changed since this interview began; it goes on with "
            f"its own. What moving it would change: {command}",
            "С начала интервью вопросы изменились, но оно продолжается по прежним. "
            f"Что даст переход на новые: {command}",
        )
    return both(
        f"There is a newer questionnaire ({new}); this interview goes on with its own "
        f"({old}). What moving it would change: {command}",
        f"Вышел новый опросник ({new}), но это интервью продолжается по прежнему "
        f"({old}). Что даст переход: {command}",
    )
