"""What is written and read by nothing: remedies, questions, metrics, thresholds."""

from collections.abc import Iterator

from salesdx.answers.relevance import conditions
from salesdx.errors import Said
from salesdx.knowledge.answered import asked
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node, leaves, names
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.code_names import read_by_code
from salesdx.workbench.lint.places import found

SAY_WHY = Said("say why under `unused`", "объясните зачем в поле `unused`")


def check_usage(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Entries that nothing reads and that do not say why."""
    nodes = every_condition(knowledge)
    read = read_by_rules(knowledge, nodes) | _read_elsewhere(knowledge)
    read |= {n.partition(":")[2] for n in read if n.startswith("gap:")}
    remedies = _handed_out(knowledge)
    for remedy in knowledge.remedies:
        if remedy not in remedies and knowledge.is_top("remedies", remedy):
            yield found(knowledge, "remedies", remedy, "unused-remedy", Said(
                f"no cause names remedy {remedy!r}",
                f"ни одна причина не назначает меру «{remedy}»",
            ))  # fmt: skip
    for question in knowledge.questions.values():
        if question.id not in read and question.unused is None:
            yield from _unread(
                knowledge, "questions", question.id, "question-asked-by-no-rule",
                f"вопрос «{question.id}» не читает ни одно правило",
            )  # fmt: skip
    for metric in knowledge.metrics.values():
        if metric.id not in read and metric.unused is None:
            yield from _unread(
                knowledge, "metrics", metric.id, "unused-metric",
                f"показатель «{metric.id}» не читает ни одно правило",
            )  # fmt: skip
    marks = _marks_read(knowledge, nodes) | read_by_code(knowledge.benchmarks)
    for mark in knowledge.benchmarks.values():
        if mark.id not in marks and mark.unused is None:
            yield from _unread(
                knowledge, "benchmarks", mark.id, "unused-benchmark",
                f"ориентир «{mark.id}» не читает ни одно правило",
            )  # fmt: skip


def _unread(
    knowledge: KnowledgeBase, kind: str, name: str, code: str, ru: str
) -> Iterator[Finding]:
    """Told to the one who can mend it: an overlay may leave shipped entries unread."""
    if knowledge.is_top(kind, name):
        said = Said(f"no rule reads {name!r}", ru)
        yield found(knowledge, kind, name, code, said, SAY_WHY)


def every_condition(knowledge: KnowledgeBase) -> list[Node]:
    """All conditions there are: of rules, gates, symptoms, remedies and questions."""
    found_ = []
    for cause in knowledge.causes.values():
        found_ += cause.nodes
    found_ += [s.node for s in knowledge.symptoms.values()]
    return [*found_, *knowledge.in_place.values(), *conditions(knowledge).values()]


def read_by_rules(knowledge: KnowledgeBase, nodes: list[Node]) -> set[str]:
    """Names that conditions read, and those that a cause needs."""
    needed = {n for c in knowledge.causes.values() for n in c.spec.needs}
    return needed | {n for node in nodes for n in names(node)}


def _read_elsewhere(knowledge: KnowledgeBase) -> set[str]:
    """Questions behind figures, figures behind questions and controls of actions."""
    read = {i for m in knowledge.metrics.values() for i in asked(m)}
    read |= {r.kpi.metric for r in knowledge.remedies.values() if r.kpi}
    return read | {q.metric for q in knowledge.questions.values() if q.metric}


def _handed_out(knowledge: KnowledgeBase) -> set[str]:
    named = {r for c in knowledge.causes.values() for r in c.spec.remedies}
    for remedy in knowledge.remedies.values():
        if remedy.blocked_while:
            named.add(remedy.id)
        named.update(remedy.needs_first)
    return named


def _marks_read(knowledge: KnowledgeBase, nodes: list[Node]) -> set[str]:
    """Thresholds that a condition compares with or that an action aims at."""
    aims = (r.kpi.target for r in knowledge.remedies.values() if r.kpi)
    return {a for a in aims if a} | {b for n in nodes for b in marks_of(n)}


def marks_of(node: Node) -> set[str]:
    """Names of the benchmarks that a condition compares with."""
    return {name for leaf in leaves(node) for name in leaf.comparison.thresholds}
