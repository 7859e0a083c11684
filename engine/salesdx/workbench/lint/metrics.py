"""Where a figure comes from: tables, or answers in its unit."""

from collections.abc import Iterator

from salesdx.errors import Said
from salesdx.knowledge.answered import asked, scale
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import MetricEntry
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found
from salesdx.workbench.lint.usage import every_condition, read_by_rules


def check_metrics(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Figures that nothing supplies, or that an unfit answer would supply."""
    read = read_by_rules(knowledge, every_condition(knowledge))
    for metric in knowledge.metrics.values():
        yield from _metric(knowledge, metric, metric.id in read)


def _metric(
    knowledge: KnowledgeBase, metric: MetricEntry, read: bool
) -> Iterator[Finding]:
    questions = [knowledge.questions[i] for i in asked(metric)]
    if not metric.needs and not questions:
        yield found(
            knowledge, "metrics", metric.id, "metric-without-source",
            Said(
                f"nothing supplies {metric.id!r}",
                f"показатель «{metric.id}» не из чего взять",
            ),
            Said(
                "name the tables (`needs`) or the question (`question`)",
                "назовите таблицы (`needs`) или вопрос (`question`)",
            ),
        )  # fmt: skip
    if metric.yes_of:
        unfit = [q.id for q in questions if q.type != "yesno"]
    else:
        unfit = [q.id for q in questions if scale(q, metric) is None]
    for name in unfit:
        yield found(
            knowledge, "metrics", metric.id, "question-does-not-fit",
            Said(
                f"an answer to {name!r} is no figure in {metric.unit} for "
                f"{metric.id!r}",
                f"ответ на «{name}» не переводится в единицу {metric.unit} показателя "
                f"«{metric.id}»",
            ),
            at=("yes_of",) if metric.yes_of else ("question",),
        )  # fmt: skip
    if read and questions and not metric.needs:
        names = ", ".join(q.id for q in questions)
        yield found(
            knowledge, "metrics", metric.id, "rule-reads-said-figure",
            Said(
                f"a rule reads {metric.id!r}, which only an answer gives",
                f"правило читает «{metric.id}», а это лишь пересказ ответа",
            ),
            Said(f"read the answer: {names}", f"читайте сам ответ: {names}"),
        )  # fmt: skip
