"""The score kept answer by answer is that of an inference of the same facts."""

import random
from dataclasses import replace

import numpy as np
import pytest

from salesdx.diagnosis import diagnose
from salesdx.facts import DIMENSIONS, Fact, FactBase
from salesdx.inference.infer import infer
from salesdx.inference.possible import Values
from salesdx.inference.reference import ReferenceExecutor
from salesdx.interview.belief import coherent, nats
from salesdx.interview.outlook import normal
from salesdx.interview.prospects import Reckoner
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


def test_with_nothing_open_the_expected_score_is_the_score(
    base: KnowledgeBase, values: Values
) -> None:
    chance = random.Random(6)
    reckoner = Reckoner(Scorer(base, sales_model="b2b"))
    facts = measured(base, values, chance, slices=True)
    for name, entry in base.questions.items():
        if entry.about is None and chance.random() < 0.6:
            facts = facts.with_facts([said(name, values, chance)])
    now = reckoner.at(facts, {})
    for name, row in now.standing.rows.items():
        found = now.expected[name]
        assert found.points == pytest.approx(row.total.points), name
        assert found.low == found.high == pytest.approx(row.total.points), name
        assert found.decided == 1.0


def test_an_open_question_widens_the_bounds_and_its_answer_lies_within(
    base: KnowledgeBase, values: Values
) -> None:
    chance = random.Random(7)
    reckoner = Reckoner(Scorer(base))
    asked = [q for q in reckoner.layout.questions if values.of(q, ())]
    open_ = dict.fromkeys(asked, 0.9)
    before = reckoner.at(FactBase(), open_).expected.copy()
    facts = FactBase.of(chance.choice(values.of(q, ())) for q in asked)
    for name, row in reckoner.scorer.standing(facts).rows.items():
        low, high = before[name].low, before[name].high
        assert low <= row.total.points <= high, name


def test_twenty_points_are_one_nat_and_outcomes_add_none_on_average() -> None:
    before = np.zeros(2)
    a, b = nats(np.array([0.0, 20.0]), before)
    assert b - a == pytest.approx(1.0)
    share, cell = np.array([0.25, 0.75]), np.array([0, 0])
    shift = coherent(np.array([40.0, -10.0]), share, cell, 1)
    assert (share * np.exp(shift)).sum() == pytest.approx(1.0)
    assert shift[0] > 0 > shift[1]


@pytest.mark.parametrize(("x", "p"), [(0, 0.5), (1, 0.8413), (-2, 0.0228)])
def test_the_normal_distribution_is_near_enough(x: float, p: float) -> None:
    assert normal(np.array([float(x)]))[0] == pytest.approx(p, abs=0.001)
