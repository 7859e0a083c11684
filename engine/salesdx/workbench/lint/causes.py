"""Causes: whether they can be reached, what they hang on, what is done about them."""

from collections.abc import Iterable, Iterator

from salesdx.errors import Said
from salesdx.inference.points import LIKELY, SINGLE_CAP, Item, total
from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadyRule
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found
from salesdx.workbench.reach import unreachable

UNREACHABLE = "unreachable-cause"


def check_causes(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Causes that cannot become likely, hang on one rule, or lead to no action."""
    rest = []
    for cause in knowledge.causes.values():
        if knowledge.is_off("causes", cause.id):
            continue
        best = _points(_speaking_for(cause))
        if best < LIKELY:
            yield _too_few(knowledge, cause, best)
        else:
            rest.append(cause.id)
            yield from _one_group(knowledge, cause)
        if not cause.spec.remedies:
            yield found(knowledge, "causes", cause.id, "cause-without-remedy", Said(
                f"{cause.id} names no remedy",
                f"у причины {cause.id} нет ни одной меры",
            ))  # fmt: skip
    yield from _never_likely(knowledge, rest)


def _speaking_for(cause: ReadyCause) -> list[ReadyRule]:
    return [r for r in cause.rules if r.direction == "for"]


def _points(rules: Iterable[ReadyRule]) -> int:
    """The most that these rules can add together."""
    return total(
        Item(r.id, r.direction, r.points, r.points, r.group, r.single, True)
        for r in rules
    ).points


def _too_few(knowledge: KnowledgeBase, cause: ReadyCause, best: int) -> Finding:
    return found(
        knowledge, "causes", cause.id, UNREACHABLE,
        Said(
            f"{cause.id} reaches {best} points at most",
            f"{cause.id} набирает самое большее {best} баллов",
        ),
        Said(
            f"likely is {LIKELY}; single answers add {SINGLE_CAP} together",
            f"«вероятно» — от {LIKELY}; одиночные ответы вместе дают не больше "
            f"{SINGLE_CAP}",
        ),
    )  # fmt: skip


def _one_group(knowledge: KnowledgeBase, cause: ReadyCause) -> Iterator[Finding]:
    """A verdict that hangs on one group of evidence, whatever else is found.

    Without the group the cause cannot be likely, and nothing stands beside it but
    single answers, which are hints; or the group is enough by itself.
    """
    rules = _speaking_for(cause)
    for group in sorted({r.group for r in rules}):
        inside = [r for r in rules if r.group == group]
        others = [r for r in rules if r.group != group]
        if _points(others) >= LIKELY:
            continue
        if all(r.single for r in others) or _points(inside) >= LIKELY:
            names = ", ".join(r.id for r in inside if not r.single) or group
            first = next((r for r in inside if not r.single and r.path), None)
            yield found(
                knowledge, "causes", cause.id, "decided-by-one-rule",
                Said(
                    f"without {names} nothing makes {cause.id} likely",
                    f"без правила {names} причина {cause.id} не станет вероятной",
                ),
                Said(
                    "add evidence of another kind: a figure, a symptom, a document",
                    "добавьте свидетельство другого рода: показатель, симптом, "
                    "документ",
                ),
                (*first.path, "id") if first else ("evidence",),
            )  # fmt: skip


def _never_likely(knowledge: KnowledgeBase, rest: list[str]) -> Iterator[Finding]:
    """Causes with points enough on paper that no facts are found to make likely."""
    for attempt in unreachable(knowledge, rest):
        en, ru = ("; ".join(b.in_(x) for b in attempt.because) for x in ("en", "ru"))
        yield found(
            knowledge, "causes", attempt.cause, UNREACHABLE,
            Said(
                f"no answers and figures were found that make {attempt.cause} likely: "
                f"{en}",
                f"не нашлось ответов и показателей, при которых {attempt.cause} "
                f"становится вероятной: {ru}",
            ),
            at=("evidence",),
        )  # fmt: skip
