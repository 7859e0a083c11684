"""A threshold is used only where it was meant for: trade, sales model, funnel."""

from typing import Any

import pytest

from salesdx.company import Company
from salesdx.facts import COMPANY, Fact, FactBase
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.benchmarks import thresholds
from salesdx.knowledge.load import load
from salesdx.knowledge.models import Benchmark


def benchmark(**more: Any) -> Benchmark:
    words = {"en": "mark", "ru": "порог"}
    return Benchmark.model_validate({
        "id": "mark", "value": 0.2, "unit": "ratio", "title": words,
        "applies_to": words, "source": {"note": "test"}, "grade": "EX",
        "date": "2026-01", **more,
    })  # fmt: skip


def variant(value: float, **scope: Any) -> dict[str, Any]:
    return {
        "value": value, "scope": scope, "source": {"note": "test"}, "grade": "EX",
        "date": "2026-01",
    }  # fmt: skip


def value(mark: Benchmark, **company: Any) -> float | None:
    found = Company.model_validate({"format": 1, "name": "A", **company})
    return thresholds({"mark": mark}, found)["mark"]


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ({}, 0.2),
        ({"sales_model": "b2b"}, 0.1),
        ({"sales_model": "b2c"}, 0.2),
        ({"sales_model": "b2b", "industry": "Оптовая торговля шинами"}, 0.05),
        ({"funnels": [{"kind": "cold"}]}, 0.02),
        ({"sales_model": "b2b", "benchmarks": {"mark": 0.7}}, 0.7),
    ],
    ids=["nothing said", "b2b", "b2c", "b2b wholesaler", "cold funnel", "own value"],
)
def test_the_narrowest_fitting_value_counts(
    company: dict[str, Any], expected: float
) -> None:
    mark = benchmark(variants=[
        variant(0.1, sales_model="b2b"), variant(0.02, funnel=["cold"]),
        variant(0.05, sales_model="b2b", industry=["оптов", "wholesale"]),
    ])  # fmt: skip
    assert value(mark, **company) == expected


def test_outside_its_scope_a_threshold_has_no_value() -> None:
    mark = benchmark(scope={"sales_model": "b2b"})
    assert value(mark, sales_model="b2c") is None
    assert value(mark, sales_model="b2b") == 0.2
    assert value(mark) == 0.2  # not said: the general value, as before


def test_without_a_norm_for_the_trade_a_figure_is_neither_low_nor_fine() -> None:
    knowledge = load()
    facts = FactBase.of([Fact("conversion.mature", 0.02)])
    symptom = "symptom:mature-conversion-low"
    for model, state in (("b2b", True), ("b2c", None)):
        company = Company.model_validate(
            {"format": 1, "name": "A", "sales_model": model}
        )
        found = infer(
            knowledge, facts, ReferenceExecutor(), sales_model=model,
            benchmarks=thresholds(knowledge.benchmarks, company),
        )  # fmt: skip
        assert found.case.at(COMPANY).read(symptom).value is state


@pytest.mark.parametrize("date", ["not", "2026", "2026-13", "2026-01-40", "01.2026"])
def test_a_date_that_is_none_is_refused(date: str) -> None:
    with pytest.raises(ValueError, match="date"):
        benchmark(date=date)
    with pytest.raises(ValueError, match="date"):
        benchmark(variants=[variant(1, sales_model="b2b") | {"date": date}])
