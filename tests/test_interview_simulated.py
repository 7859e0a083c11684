"""Simulated interviews of the benchmark: the order changes the way, not the end."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from salesdx.answers.facts import settle
from salesdx.facts import Fact
from salesdx.knowledge.base import KnowledgeBase

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
COMPANIES = 4


@pytest.fixture(scope="module")
def simulation() -> Any:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import interview

        yield interview
    finally:
        sys.path.remove(str(BENCHMARKS))


def company(simulation: ModuleType, seed: int, **setting: Any) -> Any:
    _, maker = simulation.shared()
    return maker.company(seed, simulation.Setting("test", **setting))


def test_the_adaptive_order_is_sooner_and_ends_at_the_same_diagnosis(
    simulation: ModuleType,
) -> None:
    parts = [simulation.Part(simulation.Setting("plain"), 1.0, simulation.MAIN)]
    results = simulation.simulate(parts, COMPANIES, seed=11, processes=1)
    assert results.companies == COMPANIES
    assert results.different == 0
    for reading in ("diagnosis", "points"):
        author = results.rows[0, "author", reading].summary()
        adaptive = results.rows[0, "adaptive", reading].summary()
        assert adaptive["questions"] < author["questions"]


def test_the_same_seed_makes_the_same_company(simulation: ModuleType) -> None:
    assert company(simulation, 5) == company(simulation, 5)
    assert company(simulation, 5) != company(simulation, 6)


def test_companies_have_one_to_four_causes(simulation: ModuleType) -> None:
    sizes = {len(company(simulation, i).causes) for i in range(12)}
    assert sizes <= {1, 2, 3, 4}
    assert len(sizes) > 1


def test_figures_are_known_only_where_there_is_a_crm(simulation: ModuleType) -> None:
    assert company(simulation, 5).figures == ()
    assert company(simulation, 5, measured=0.25).figures


def test_nobody_is_asked_what_does_not_apply(simulation: ModuleType) -> None:
    running = sys.modules["interview_running"]
    setup, _ = simulation.shared()
    one = company(simulation, 5, models=("b2b",))
    interview = running.Interview(setup, one, "owner")
    while left := list(interview.left()):
        assert left[0].id not in interview.off
        assert "owner" in left[0].who
        interview.ask(left[0].id)
    assert interview.asked


def test_answers_are_read_as_those_of_a_case(simulation: ModuleType) -> None:
    """The facts are those that a log of the same answers gives."""
    running = sys.modules["interview_running"]
    setup, _ = simulation.shared()
    interview = running.Interview(setup, company(simulation, 5), None)
    for question in list(interview.left())[:60]:
        interview.ask(question.id)
    heard = settle(interview.log(), _knowledge(simulation))
    given = {f.name: f for f in interview.given.values()}
    assert {f.name: _said(f) for f in heard.facts} == {
        n: _said(f) for n, f in given.items()
    }


def _knowledge(simulation: ModuleType) -> KnowledgeBase:
    setup, _ = simulation.shared()
    found: KnowledgeBase = setup.knowledge
    return found


def _said(fact: Fact) -> tuple[object, ...]:
    return fact.value, fact.slice, fact.confidence, fact.dont_know, fact.origin


def test_an_interview_without_questions_stands_as_it_began(
    simulation: ModuleType,
) -> None:
    measures = sys.modules["interview_measures"]
    judging = sys.modules["interview_judging"]
    states = [
        judging.Standing(first, frozenset(), None, frozenset())
        for first in (None, "a", "b", "a", "a")
    ]
    get = measures.KEYS["diagnosis"]
    assert measures.stable(states, get) == 3
    assert measures.stable(states[:1], get) == 0


def test_the_ratio_of_medians_has_an_interval(simulation: ModuleType) -> None:
    measures = sys.modules["interview_measures"]
    value, low, high = measures.ratio([5.0] * 9, [10.0] * 9, seed=1)
    assert (value, low, high) == (0.5, 0.5, 0.5)
