"""Thresholds: the shipped ones, and those that fit one company."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from salesdx.company import Company
from salesdx.content import content, shipped
from salesdx.errors import Said
from salesdx.knowledge.models import Benchmark, Benchmarks, Scope


def thresholds(
    benchmarks: Mapping[str, Benchmark], company: Company
) -> dict[str, float | None]:
    """The value of every benchmark for one company, in the benchmark's unit.

    The company's own value comes first, then the narrowest variant that fits, then the
    general one. None where the company lies outside the scope: a figure is not held
    against a norm of another trade (A-17, G-08, G-09).
    """
    found = {i: _value(b, company) for i, b in sorted(benchmarks.items())}
    return found | company.benchmarks


def scoped(benchmarks: Mapping[str, Benchmark]) -> dict[str, Benchmark]:
    """The benchmarks whose value depends on who the company is."""
    return {
        i: b for i, b in sorted(benchmarks.items()) if b.variants or b.scope != Scope()
    }


def scope_words(benchmarks: Mapping[str, Benchmark]) -> tuple[str, ...]:
    """The words that scopes look for in an industry, casefolded.

    Companies of one sales model whose industries hold the same of them have the same
    thresholds.
    """
    scopes = [
        s
        for b in benchmarks.values()
        for s in (b.scope, *(v.scope for v in b.variants))
    ]
    return tuple(sorted({w.casefold() for s in scopes for w in s.industry}))


def _value(benchmark: Benchmark, company: Company) -> float | None:
    fitting = [v for v in benchmark.variants if _fits(v.scope, company) is True]
    if fitting:  # the first of the narrowest
        return max(fitting, key=lambda v: _narrow(v.scope)).value
    return None if _fits(benchmark.scope, company) is False else benchmark.value


def _fits(scope: Scope, company: Company) -> bool | None:
    """Whether a company lies within a scope; None where it does not say."""
    funnel = company.funnels[0].kind if company.funnels else None
    trade = company.industry.casefold() if company.industry else None
    states: list[bool | None] = []
    if scope.sales_model:
        said = company.sales_model
        states.append(None if said is None else said == scope.sales_model)
    if scope.funnel:
        states.append(None if funnel is None else funnel in scope.funnel)
    if scope.industry:
        words = [w.casefold() for w in scope.industry]
        states.append(None if trade is None else any(w in trade for w in words))
    return False if False in states else None if None in states else True


def _narrow(scope: Scope) -> int:
    return bool(scope.sales_model) + bool(scope.funnel) + bool(scope.industry)


@lru_cache(maxsize=1)
def shipped_settings() -> Mapping[str, float]:
    """Value of every shipped benchmark by its id.

    Raises:
        KnowledgeError: a file of benchmarks is damaged.
    """
    found: dict[str, float] = {}
    for path in sorted((content("knowledge_base") / "benchmarks").glob("*.yaml")):
        what = Said("the benchmarks are damaged", "файлы ориентиров повреждены")
        part = shipped(Benchmarks, path, what)
        found |= {b.id: b.value for b in part.benchmarks}
    return MappingProxyType(found)
