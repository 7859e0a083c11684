"""Effort that buys nothing: time asked of people, days of work nothing justifies."""

from collections.abc import Iterator

from salesdx.errors import Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found

_CODE = "effort-without-questions"
SHORTEST, LONGEST = 3, 600  # seconds: a glance; a table that somebody has to look up


def check_effort(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Empty questionnaires, impossible times, actions that nothing calls for."""
    for sheet in knowledge.questionnaires.values():
        if not sheet.questions:
            yield found(
                knowledge, "questionnaires", sheet.id, _CODE,
                Said(
                    f"questionnaire {sheet.id!r} asks nothing",
                    f"в опроснике «{sheet.id}» нет вопросов",
                ),
                at=("questions",),
            )  # fmt: skip
    for question in knowledge.questions.values():
        if not SHORTEST <= question.seconds <= LONGEST:
            yield found(
                knowledge, "questions", question.id, _CODE,
                Said(
                    f"nobody answers {question.id!r} in {question.seconds} s",
                    f"на «{question.id}» не отвечают за {question.seconds} с",
                ),
                Said(
                    f"seconds lie between {SHORTEST} and {LONGEST}; split what takes "
                    "longer",
                    f"seconds — от {SHORTEST} до {LONGEST}; что дольше, разбейте на "
                    "части",
                ),
                ("seconds",),
            )  # fmt: skip
    yield from _needless_days(knowledge)


def _needless_days(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Actions that only precede others, and that nothing can tell to be done already.

    A cause that names an action says when it is needed; without one only `unless` can.
    """
    called_for = {r for c in knowledge.causes.values() for r in c.spec.remedies}
    first = {i: r.id for r in knowledge.remedies.values() for i in r.needs_first}
    for remedy in knowledge.remedies.values():
        if remedy.id in called_for or remedy.unless or remedy.id not in first:
            continue
        yield found(
            knowledge, "remedies", remedy.id, _CODE,
            Said(
                f"{remedy.id!r} takes {remedy.days} days before {first[remedy.id]!r}, "
                "and nothing tells whether it is needed",
                f"«{remedy.id}» занимает {remedy.days} дн. перед «{first[remedy.id]}», "
                "но ничто не покажет, нужна ли эта мера",
            ),
            Said(
                "say under `unless` when it is done already, or name it in a cause",
                "укажите в `unless`, когда это уже сделано, или назначьте меру в "
                "причине",
            ),
            ("days",),
        )  # fmt: skip
