"""Questions that a form cannot ask, asks twice, or that never count in it."""

from collections.abc import Iterator

from salesdx.errors import Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.forms import Form
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found


def check_forms(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """All faults of the forms for self-assessment."""
    for form in knowledge.forms.values():
        yield from _questions(knowledge, form)
        judged = [i for i in form.questions if knowledge.questions[i].problem]
        if form.bands[-1].problems > len(judged):
            yield found(
                knowledge, "forms", form.id, "form-band-unreachable",
                Said(
                    f"form {form.id!r} has {len(judged)} questions that can be a "
                    "problem",
                    f"в форме «{form.id}» проблемой могут стать только {len(judged)}",
                ),
                at=("bands", len(form.bands) - 1, "problems"),
            )  # fmt: skip


def _questions(knowledge: KnowledgeBase, form: Form) -> Iterator[Finding]:
    seen: set[str] = set()
    for i, part in enumerate(form.parts):
        for j, name in enumerate(part.questions):
            at = ("parts", i, "questions", j)
            if knowledge.questions[name].about:
                yield found(
                    knowledge, "forms", form.id, "form-question-per-slice",
                    Said(
                        f"form {form.id!r} asks {name!r}, which is asked about a slice",
                        f"форма «{form.id}» задаёт «{name}», а его задают по каждому "
                        "срезу",
                    ),
                    at=at,
                )  # fmt: skip
            if name in seen:
                yield found(
                    knowledge, "forms", form.id, "form-question-twice",
                    Said(
                        f"form {form.id!r} asks {name!r} twice",
                        f"форма «{form.id}» задаёт «{name}» дважды",
                    ),
                    at=at,
                )  # fmt: skip
            seen.add(name)
