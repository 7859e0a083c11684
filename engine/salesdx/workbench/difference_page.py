"""The text of `kb diff`: what can change verdicts, what the plan, what only texts."""

from collections.abc import Iterator, Sequence

from salesdx.explanation.wording import both, form
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Language, Text
from salesdx.workbench.difference_words import Words, named
from salesdx.workbench.differences import Edit
from salesdx.workbench.meanings import Bearing

MARKS = {"added": "+", "removed": "−", "changed": "~"}
_PARTS: tuple[tuple[Bearing, Text], ...] = (
    ("verdict", both("Can change a verdict", "Могут изменить выводы")),
    ("plan", both("Change the plan or what is shown", "Меняют план или то, что видно")),
    ("text", both("Texts only", "Только тексты")),
)


def page(
    edits: Sequence[Edit], old: KnowledgeBase, new: KnowledgeBase,
    names: tuple[str, str], language: Language,
) -> Iterator[str]:  # fmt: skip
    """The whole page, line by line."""
    ru = language == "ru"
    words = Words(old, new)
    yield f"{names[0]} → {names[1]}"
    yield counts(edits).in_(language)
    for bearing, head in _PARTS:
        mine = [e for e in edits if e.bearing == bearing]
        if not mine:
            continue
        yield ""
        yield head.in_(language) + ":"
        for edit in mine:
            yield from _edit(edit, words, language)
    if not edits:
        yield (
            "Различий нет: обе версии говорят одно и то же." if ru
            else "No difference: both versions say the same."
        )  # fmt: skip


def _edit(edit: Edit, words: Words, language: Language) -> Iterator[str]:
    inside = list(words.details(edit)) if edit.bearing != "text" else []
    # a tree or a list is told below, so the line above only names what it is about
    short = len(inside) <= 1
    if short:
        head = words.headline(edit, title=True).in_(language)
    else:
        title = named(words.title(edit), language)
        head = words.name(edit).in_(language) + title
    yield f"  {MARKS[edit.change]} {head}"
    if not short:
        yield from (f"      {line.in_(language)}" for line in inside)
    yield f"      {places(edit)}"


def places(edit: Edit) -> str:
    """`file:line → file:line`, or the one side there is."""
    return " → ".join(p for p in dict.fromkeys((edit.old, edit.new)) if p)


def counts(edits: Sequence[Edit]) -> Text:
    """How many differences, and what they can change."""
    n = {b: sum(e.bearing == b for e in edits) for b, _ in _PARTS}
    total = len(edits)
    return both(
        f"{total} difference{'s' * (total != 1)}: {n['verdict']} can change a verdict, "
        f"{n['plan']} the plan or what is shown, {n['text']} only texts.",
        f"{total} {form(total, 'различие', 'различия', 'различий')}: могут изменить "
        f"выводы — {n['verdict']}, план или то, что видно, — {n['plan']}, "
        f"только тексты — {n['text']}.",
    )
