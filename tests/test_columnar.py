"""The three executors say the same, on any rules and any cases."""

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_inference import bases, build, cases

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from executor_cases import MadeUp, Maker
from executors_agree import judged_by, judged_by_columns

from salesdx.facts import Fact, FactBase
from salesdx.inference.columnar.compiled import compiled
from salesdx.inference.columnar.from_facts import batch_of
from salesdx.inference.columnar.planes import unpack
from salesdx.inference.columnar.world import World
from salesdx.inference.executors import choose, durable_available
from salesdx.inference.world import Case
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import evaluate
from salesdx.knowledge.load import load


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(base=bases(), given_cases=st.lists(cases(), min_size=1, max_size=12))
def test_generated_rules_and_cases(
    tmp_path_factory: pytest.TempPathFactory,
    base: dict[str, Any],
    given_cases: list[list[Fact]],
) -> None:
    known = build(tmp_path_factory.mktemp("kb"), base)
    if known is None:
        return
    made = [MadeUp(FactBase.of(facts)) for facts in given_cases]
    reference = choose(known, "reference")
    right = [judged_by(known, reference, case) for case in made]
    assert judged_by_columns(known, made) == right
    if durable_available():
        durable = choose(known, "durable")
        assert judged_by(known, durable, made[0]) == right[0]
        durable.close()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def maker(shipped: KnowledgeBase) -> Maker:
    return Maker(shipped)


def test_the_shipped_base(shipped: KnowledgeBase, maker: Maker) -> None:
    """A little of `benchmarks/executors_agree.py`, the case without facts first."""
    made = [next(maker.boundaries()), *map(maker.drawn, range(150))]
    reference = choose(shipped, "reference")
    for case, said in zip(made, judged_by_columns(shipped, made), strict=True):
        assert said == judged_by(shipped, reference, case)


def test_every_comparison_at_its_thresholds(
    shipped: KnowledgeBase, maker: Maker
) -> None:
    terms = compiled(shipped).leaves
    compared = 0
    for name, values in maker.edges.items():
        alone = [FactBase.of([Fact(name, value)]) for value in [*values, None]]
        world = World(shipped, batch_of(shipped, alone))
        views = [Case(shipped, facts).at(()) for facts in alone]
        for term in terms:
            if name in term.names:
                plane = world.state(term, "")
                true, known = (unpack(b, len(alone)) for b in (plane.true, plane.known))
                said = [
                    bool(t) if k else None for t, k in zip(true, known, strict=True)
                ]
                assert said == [evaluate(term.node, view).state for view in views]
                compared += len(said)
    assert compared > 3000


def test_no_cases_at_all(shipped: KnowledgeBase) -> None:
    assert judged_by_columns(shipped, []) == []
