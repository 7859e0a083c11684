"""A question is addressed by its id, by a ref (`Q-ODC-06`) or a part of a ref."""

from collections.abc import Mapping
from dataclasses import dataclass

from salesdx.content import did_you_mean
from salesdx.errors import Said
from salesdx.knowledge.models import QuestionEntry


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Why an address names no single question."""

    message: str
    hint: str = ""


def resolve(
    address: str, questions: Mapping[str, QuestionEntry]
) -> QuestionEntry | Unresolved:
    """Return the question of an address, or why there is none."""
    if address in questions:
        return questions[address]
    ref, _, part = address.partition(".")
    if part:
        found = [q for q in questions.values() if ref in q.ref and q.part == part]
    else:
        found = [q for q in questions.values() if ref in q.ref]
        whole = [q for q in found if q.part is None]
        found = whole if len(whole) == 1 else found
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(sorted(q.id for q in found))
        several = Said(
            f"{address!r} fits several questions: {names}",
            f"«{address}» подходит к нескольким вопросам: {names}",
        )
        return Unresolved(several, Said("name one", "назовите один из них"))
    none = Said(f"no question {address!r}", f"нет вопроса «{address}»")
    return Unresolved(none, did_you_mean(address, questions))
