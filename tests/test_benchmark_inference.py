"""The neutral base of the benchmark says the same in every executor and the floor."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from salesdx.inference.columnar.judging import judge
from salesdx.inference.executors import choose, durable_available

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
RULES, CASES = 30, 50


@pytest.fixture(scope="module")
def modules() -> Iterator[Any]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import inference_bases as bases
        import inference_floor as floor
        import inference_many as many
        import inference_ours as ours

        yield SimpleNamespace(bases=bases, floor=floor, many=many, ours=ours)
    finally:
        sys.path.remove(str(BENCHMARKS))


def test_all_executors_fire_the_rules_of_the_floor(
    modules: Any, tmp_path: Path
) -> None:
    base = modules.bases.make_base(RULES)
    cases = modules.bases.make_cases(base, CASES)
    right = list(map(modules.floor.floor(base), cases))
    assert len(frozenset().union(*right)) > RULES * 0.8
    known, ours = modules.ours.knowledge_of(base, tmp_path), modules.ours
    for name in ["reference", *(["durable"] if durable_available() else [])]:
        fire = ours.by_executor(base, known, choose(known, name))
        assert list(map(fire, cases)) == right
    assert ours.fired(judge(known, ours.columns_of(base, cases))) == right
    assert ours.by_columns(base, known)(cases[0]) == right[0]


def test_drawn_columns_are_judged_as_the_reference_judges_their_rows(
    modules: Any,
) -> None:
    source = modules.many.neutral(RULES)
    batch = source.batch(CASES)
    found = judge(source.knowledge, batch)
    reference = choose(source.knowledge, "reference")
    modules.many.check(source, batch, found, reference, CASES)


def test_without_not_a_condition_is_true_where_it_was(modules: Any) -> None:
    bases = modules.bases
    facts = {"number0": "number", "yesno0": "yesno", "choice0": "choice"}
    parts = (
        bases.Test("number0", "<", 5),
        bases.Test("yesno0", "in", (True,)),
        bases.Test("choice0", "in", ("a", "b")),
    )
    turned = bases.positive(bases.Join("not", (bases.Join("any", parts),)), facts)
    assert turned == bases.Join("all", (
        bases.Test("number0", ">=", 5),
        bases.Test("yesno0", "in", (False,)),
        bases.Test("choice0", "in", ("c", "d", "e")),
    ))  # fmt: skip
