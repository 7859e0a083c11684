"""What a new version does to answers that were given to an old one.

Breaking is what would leave given answers without meaning: a question or an option that
is gone, another type, asked of something else. migrations.yaml of the new version may
say what becomes of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from salesdx.answers.changes import BREAKING, Change, changes, worth
from salesdx.explanation.wording import both, form
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.migrations import Followed, way
from salesdx.knowledge.models import QuestionEntry
from salesdx.language import Language, Text, quoted

Grade = Literal["harmless", "confirm", "off", "migrated", "breaking"]
ORDER: tuple[Grade, ...] = ("breaking", "migrated", "off", "confirm", "harmless")
_HEADS: dict[Grade, Text] = {
    "breaking": both(
        "No longer count: migrations.yaml does not say what becomes of them",
        "Перестанут идти в расчёт: в migrations.yaml не сказано, что с ними стало",
    ),
    "migrated": both("Led on by migrations.yaml", "Переносятся по migrations.yaml"),
    "off": both("Switched off: kept, not counted", "Отключены: хранятся, но не в счёт"),
    "confirm": both("To be confirmed", "Надо будет подтвердить"),
    "harmless": both("Kept as they are", "Сохраняются как есть"),
}
_CHANGES: dict[str, Text] = {
    "gone": both("no longer asked", "больше не задают"),
    "off": both("switched off", "отключён"),
    "reask": both("another meaning (reask)", "другой смысл (reask)"),
    "words": both("other words", "другие слова"),
    "wider": both("wider bounds", "границы шире"),
    "options-added": both("more options", "новые варианты"),
    "relevance": both("asked under another condition", "другое условие показа"),
    "unit": both("another unit", "другие единицы"),
    "scale": both("another scale", "другая шкала"),
    "tighter": both("narrower bounds", "границы уже"),
    "type": both("another type", "другой тип"),
    "options-gone": both("options are gone", "убраны варианты"),
    "about": both("asked of something else", "спрашивают о другом"),
    "rename": both("another id", "другой код"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """Answers to one question of the old version; `now` is its id in the new one."""

    question: str
    title: Text
    grade: Grade
    changes: tuple[str, ...]
    now: str | None


def answers_given(old: KnowledgeBase, new: KnowledgeBase) -> list[Given]:
    """Every old question that is not the same, the worst first."""
    road = way(new.migrations, old.pinned.version, old.pinned)
    found = []
    for name, question in old.questions.items():
        if old.is_off("questions", name):
            continue
        led = {"relevant_if": road.lead(question.relevant_if)}
        one = _given(question.model_copy(update=led), road.follow(name), new)
        if one is not None:
            found.append(one)
    found.sort(key=lambda g: (ORDER.index(g.grade), g.question))
    return found


def _given(old: QuestionEntry, to: Followed, new: KnowledgeBase) -> Given | None:
    def told(grade: Grade, what: Sequence[str], now: str | None) -> Given:
        return Given(old.id, old.title, grade, tuple(what), now)

    if to.dropped:
        return told("migrated", ["gone"], None)
    asked = new.questions.get(to.question)
    if asked is None:
        return told("breaking", ["gone"], None)
    if new.is_off("questions", asked.id):
        return told("off", ["off"], None)  # meant so, and can be taken back
    found = changes(old, asked)
    left = _left(old, asked, to, found)
    names: list[str] = sorted(found)
    if to.question != old.id:
        names.insert(0, "rename")
    if not names:
        return None
    if left & BREAKING:
        return told("breaking", names, asked.id)
    if found & BREAKING or to.question != old.id:
        return told("migrated", names, asked.id)
    if to.reask:
        return told("confirm", ["reask", *names], asked.id)
    graded = worth(found)
    return told("confirm" if graded == "confirm" else "harmless", names, asked.id)


def _left(
    old: QuestionEntry, new: QuestionEntry, to: Followed, found: frozenset[Change]
) -> set[Change]:
    """Changes that the migrations say nothing of; a question asked anew settles all."""
    if to.reask:
        return set()
    left = set(found)
    kept = {o.code for o in new.options}
    before = ["yes", "no"] if old.type == "yesno" else [o.code for o in old.options]
    settled = before and all(to.code(c) in kept for c in before)
    return left - {"options-gone", "type"} if settled else left


def lost(given: Sequence[Given]) -> list[Given]:
    """Those whose answers no migration takes on."""
    return [g for g in given if g.grade == "breaking"]


def lines(given: Sequence[Given], language: Language) -> Iterator[str]:
    """The part of the page on answers given; nothing where no question differs."""
    if not given:
        return
    n = len(given)
    yield ""
    yield both(
        f"Answers already given, to {n} question{'s' * (n != 1)} that differ"
        f"{'s' * (n == 1)}:",
        f"Уже данные ответы: {form(n, 'изменился', 'изменились', 'изменилось')} {n} "
        f"{form(n, 'вопрос', 'вопроса', 'вопросов')}:",
    ).in_(language)
    for grade in ORDER:
        mine = [g for g in given if g.grade == grade]
        if not mine:
            continue
        yield f"  {_HEADS[grade].in_(language)}: {len(mine)}"
        if grade == "harmless":  # nobody need look
            continue
        for g in mine:
            where = f" → {g.now}" if g.now not in (None, g.question) else ""
            why = ", ".join(_CHANGES[c].in_(language) for c in g.changes)
            title = quoted(g.title.in_(language), language)
            yield f"    {g.question}{where} {title}: {why}"


def given_data(given: Sequence[Given]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {"question": g.question, "title": g.title.en, "title_ru": g.title.ru,
         "answers": g.grade, "changes": list(g.changes), "now": g.now}
        for g in given
    ]  # fmt: skip
