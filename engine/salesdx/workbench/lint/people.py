"""Blame: who judges a person must first rule out the figures and the process."""

from collections.abc import Iterator

from salesdx.errors import Said
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import Node, names
from salesdx.knowledge.rules import opened
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found, found_at_rule

_OF_PEOPLE = ("manager", "finding")


def check_blame(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Causes that blame people without a gate, or by what was not said of them."""
    for cause in knowledge.causes.values():
        person = cause.spec.for_each == "manager"
        if person or cause.spec.kind == "people":
            yield from _gate(knowledge, cause)
        if person:
            yield from _answers(knowledge, cause)


def _gate(knowledge: KnowledgeBase, cause: ReadyCause) -> Iterator[Finding]:
    def fault(en: str, ru: str, at: str) -> Finding:
        return found(
            knowledge, "causes", cause.id, "people-without-gate", Said(en, ru),
            Said(
                "gate it by a symptom of `kind: check`, such as deals-enough",
                "поставьте в `gate` симптом с `kind: check`, например deals-enough",
            ),
            (at,),
        )  # fmt: skip

    if not cause.gate:
        yield fault(
            f"{cause.id} blames people without a gate",
            f"{cause.id} обвиняет людей, а защитных условий (`gate`) нет", "id",
        )  # fmt: skip
    elif not any(_guards(knowledge, node) for node in cause.gate):
        yield fault(
            f"the gate of {cause.id} checks neither the figures nor the process",
            f"`gate` причины {cause.id} не проверяет ни цифры, ни процесс", "gate",
        )  # fmt: skip


def _guards(knowledge: KnowledgeBase, gate: Node) -> bool:
    """Whether a gate asks for a check, itself or inside a symptom."""
    symptoms = knowledge.symptoms
    checks = {f"symptom:{s.id}" for s in symptoms.values() if s.spec.kind == "check"}
    return bool(checks & opened(gate, {i: s.node for i, s in symptoms.items()}))


def _answers(knowledge: KnowledgeBase, cause: ReadyCause) -> Iterator[Finding]:
    """Answers without a person never blame one."""
    for rule in cause.rules:
        for name in names(rule.node) if rule.direction == "for" else ():
            question = knowledge.questions.get(name)
            if question is not None and question.about not in _OF_PEOPLE:
                yield found_at_rule(
                    knowledge, rule, "blame-without-person",
                    Said(
                        f"{cause.id}/{rule.id} blames a manager by {name!r}",
                        f"{cause.id}/{rule.id} обвиняет менеджера по ответу «{name}», "
                        "который не о нём",
                    ),
                    Said(
                        "ask it with `about: manager`",
                        "задайте вопрос о каждом менеджере: `about: manager`",
                    ),
                    "if",
                )  # fmt: skip
