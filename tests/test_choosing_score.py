"""The score kept answer by answer is that of an inference of the same facts."""

import random
from dataclasses import replace

import pytest

from salesdx.diagnosis import diagnose
from salesdx.facts import DIMENSIONS, Fact, FactBase
from salesdx.inference.infer import infer
from salesdx.inference.possible import Values
from salesdx.inference.reference import ReferenceExecutor
from salesdx.interview.scoring import Scorer, Standing
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def values(base: KnowledgeBase) -> Values:
    return Values(base)


def same(standing: Standing, base: KnowledgeBase, model: str | None) -> None:
    """Points, interval, coverage, who counted what, harm, verdict: all the same."""
    found = infer(base, standing.base, ReferenceExecutor(), sales_model=model)
    company = {i: o for (i, where), o in found.causes.items() if not where}
    assert set(standing.rows) == set(company)
    for name, row in standing.rows.items():
        other = company[name]
        assert (row.total, row.harm) == (other.total, other.harm), name
        assert row.verdict == other.verdict, name
    if not any(where for _, where in standing.base):
        assert list(standing.order) == [d.id for d in diagnose(found, [])]


def measured(
    base: KnowledgeBase, values: Values, chance: random.Random, *, slices: bool
) -> FactBase:
    facts = []
    for name, entry in base.metrics.items():
        if chance.random() < 0.4 and values.of(name, ()):
            facts.append(chance.choice(values.of(name, ())))
        for where in [((d, v),) for d in entry.grain if d in DIMENSIONS for v in "AB"]:
            if slices and chance.random() < 0.3:
                facts.append(replace(chance.choice(values.of(name, where))))
            if slices and entry.loss and chance.random() < 0.3:
                gap = chance.choice(["confirmed", "noise", "suspected"])
                facts.append(Fact(f"gap:{name}", gap, where, origin="gap"))
    return FactBase.of(facts)


def said(name: str, values: Values, chance: random.Random) -> Fact:
    if chance.random() < 0.1:
        return Fact(name, None, origin="answer", dont_know=True)
    return replace(
        chance.choice(values.of(name, ())), confidence=chance.choice([100, 60, 30]),
        disagree=chance.random() < 0.05,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seed", "model", "slices"),
    [(1, "b2b", False), (2, "b2c", False), (3, None, False), (4, "b2b", True)],
)
def test_answer_by_answer_it_equals_an_inference(
    base: KnowledgeBase, values: Values, seed: int, model: str | None, slices: bool
) -> None:
    chance = random.Random(seed)
    scorer = Scorer(base, sales_model=model)
    standing = scorer.standing(measured(base, values, chance, slices=slices))
    same(standing, base, model)
    asked = [q for q, e in base.questions.items() if e.about is None]
    chance.shuffle(asked)
    for i, name in enumerate(asked[:150]):
        standing = scorer.after(standing, said(name, values, chance))
        if i % 15 == 0:
            same(standing, base, model)


def test_an_answer_taken_back_leaves_no_trace(
    base: KnowledgeBase, values: Values
) -> None:
    chance = random.Random(5)
    scorer = Scorer(base)
    before = scorer.standing(measured(base, values, chance, slices=False))
    after = scorer.after(before, *(said(q, values, chance) for q in [*base.questions]
                                   if base.questions[q].about is None))  # fmt: skip
    again = scorer.at(after, before.base)
    assert after.rows != before.rows
    assert (again.rows, again.order) == (before.rows, before.order)
