"""The grounds of a condition: the figures and answers that make it what it is."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from salesdx.explanation.phrases import condition, limits
from salesdx.explanation.wording import Wording, both, joined
from salesdx.facts import COMPANY, Fact, Slice
from salesdx.inference.infer import Inference
from salesdx.knowledge.conditions import Group, Leaf, Outcome
from salesdx.language import Text


class Part(BaseModel):
    """A piece of an explanation, for people and for programs."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Value(Part):
    """A figure or an answer behind a line, in words; `name` is its id."""

    name: str
    text: Text
    by: Text
    confidence: int


def values(
    outcome: Outcome, here: Slice, found: Inference, wording: Wording, *,
    wanted: bool = True, marks: bool = True,
) -> list[Value]:  # fmt: skip
    """Known figures and answers that make a condition what it is, each once.

    With the slice unless it is `here`, and with `marks` the threshold of a figure: what
    it has to be for the condition to be as `wanted`.
    """
    told: dict[str, tuple[Text, Fact, list[Text]]] = {}
    view = found.case.at(COMPANY)
    for leaf, needed in bearing(outcome, found, wanted):
        fact, node = leaf.fact, leaf.node
        if fact is None or (fact.value is None and not fact.dont_know):
            continue
        text = _leaf_text(leaf, fact, wording)
        where = wording.where(fact.slice) if fact.slice != here else None
        if where is not None:
            text = both(f"{text.en} ({where.en})", f"{text.ru} ({where.ru})")
        held = told.setdefault(text.en, (text, fact, []))[2]
        mark = None
        if marks and isinstance(node, Leaf):
            mark = limits(node, wording, view, needed)
        if mark is not None and mark not in held:
            held.append(mark)
    return [
        Value(
            name=fact.name, text=_against(text, held), by=wording.by(fact),
            confidence=fact.confidence,
        )
        for text, fact, held in told.values()
    ]  # fmt: skip


def _against(text: Text, marks: list[Text]) -> Text:
    """A figure with the thresholds it was held against."""
    if not marks:
        return text
    told = joined(marks, ", ", ", ")
    return both(f"{text.en}; threshold: {told.en}", f"{text.ru}; порог: {told.ru}")


def _leaf_text(leaf: Outcome, fact: Fact, wording: Wording) -> Text:
    if fact.name.startswith(("gap:", "cause:")):
        return condition(leaf.node, wording, wanted=leaf.state is not False)
    return wording.said(fact)


def bearing(
    outcome: Outcome, found: Inference, wanted: bool = True
) -> Iterator[tuple[Outcome, bool]]:
    """The leaves that make a condition what it is, symptoms opened.

    With each what it has to be for the whole to be as `wanted`.
    """
    if outcome.parts:
        turned = isinstance(outcome.node, Group) and outcome.node.kind == "not"
        alike = [p for p in outcome.parts if p.state is outcome.state]
        for part in outcome.parts if turned or not alike else alike:
            yield from bearing(part, found, wanted is not turned)
        return
    fact = outcome.fact
    if fact is not None and fact.name.startswith("symptom:"):
        inside = found.symptoms.get((fact.name.removeprefix("symptom:"), fact.slice))
        if inside is not None:
            yield from bearing(inside.outcome, found, wanted)
        return
    yield outcome, wanted
