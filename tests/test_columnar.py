"""The column executor says what the reference says, on any rules and any cases."""

import random
from typing import Any

import pytest
from columnar_fixture import picture, pictures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_inference import bases, build, cases

from salesdx.facts import Fact, FactBase
from salesdx.inference.columnar.from_facts import batch_of
from salesdx.inference.columnar.judging import judge
from salesdx.inference.infer import infer
from salesdx.inference.possible import Values
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.load import load


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(base=bases(), given_cases=st.lists(cases(), min_size=1, max_size=12))
def test_generated_rules_and_cases(
    tmp_path_factory: pytest.TempPathFactory,
    base: dict[str, Any],
    given_cases: list[list[Fact]],
) -> None:
    known = build(tmp_path_factory.mktemp("kb"), base)
    if known is None:
        return
    worlds = [FactBase.of(facts) for facts in given_cases]
    told = pictures(judge(known, batch_of(known, worlds)))
    for facts, said in zip(worlds, told, strict=True):
        assert said == picture(infer(known, facts, ReferenceExecutor()))


def test_the_shipped_base() -> None:
    known = load()
    values, chance = Values(known), random.Random(7)
    names = [*known.metrics, *known.questions]
    worlds, models = [], []
    for _ in range(60):
        facts = []
        share = chance.choice([0.0, 0.1, 0.5, 0.9])
        for name in names:
            for where in (
                (),
                (("manager", "A"),),
                (("manager", "B"),),
                (("segment", "x"),),
            ):
                if where and not all(d in known.grain(name) for d, _ in where):
                    continue
                if chance.random() > share:
                    continue
                found = values.of(name, where)
                if found:
                    facts.append(chance.choice(found))
        worlds.append(FactBase.of(facts))
        models.append(chance.choice([None, "inbound", "outbound"]))
    told = pictures(judge(known, batch_of(known, worlds, None, models)))
    for facts, model, said in zip(worlds, models, told, strict=True):
        right = picture(infer(known, facts, ReferenceExecutor(), sales_model=model))
        assert said == right
