"""Which questions stand in for a figure that no table holds, and in which unit."""

from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import MetricEntry, QuestionEntry

# (unit of the question, unit of the figure) -> what one is of the other
_SCALES = {
    ("percent", "ratio"): 0.01,
    ("hours", "seconds"): 3600.0,
    ("days", "seconds"): 86_400.0,
    ("hours", "days"): 1 / 24,
    ("count", "factor"): 1.0,
}


def asked(entry: MetricEntry) -> list[str]:
    """Ids of the questions whose answers give the figure, [] for a measured one."""
    return [entry.question] if entry.question else list(entry.yes_of)


def fits(entry: MetricEntry, knowledge: KnowledgeBase, sales_model: str | None) -> bool:
    """Whether the questions behind a figure are asked in this sales model."""
    models = [knowledge.questions[i].applies_to for i in asked(entry)]
    return not sales_model or all(not m or sales_model in m for m in models)


def scale(question: QuestionEntry, entry: MetricEntry) -> float | None:
    """By what an answer is multiplied to become the figure; None where it cannot."""
    if question.type not in ("number", "scale"):
        return None
    unit = question.unit or ("score" if question.type == "scale" else "")
    return 1.0 if unit == entry.unit else _SCALES.get((unit, entry.unit))


def address(question: QuestionEntry) -> str:
    """How people find the question in a questionnaire: `Q-OWN-12.vacancies`."""
    if not question.ref:
        return question.id
    return f"{question.ref[0]}.{question.part}" if question.part else question.ref[0]
