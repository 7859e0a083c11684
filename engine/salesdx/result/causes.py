"""Symptoms and causes, with the whole bill of evidence."""

from typing import Any, Literal

from pydantic import Field

from salesdx.language import Text
from salesdx.result.case import Tuned
from salesdx.result.part import Money, Part, Role, Verdict, Where


class SymptomRow(Part):
    """One symptom: true, false or unknown, and the leaf values that say so."""

    id: str
    ref: list[str]
    title: Text
    slice: Where = Field({})
    state: Literal["true", "false", "unknown"]
    because: Text


class FactValue(Part):
    """One value behind a piece of evidence; `shown` are the titles of options."""

    value: Any
    unit: str | None = None
    by: str | None = None
    confidence: int = 100
    shown: Text | None = None


class Evidence(Part):
    """One line of the bill: a rule that holds, its points, counted or overshadowed."""

    rule: str
    ref: list[str]
    direction: Literal["for", "against"]
    points: int
    counted: int
    group: str
    because: Text
    source: dict[str, str]
    grade: str
    facts: dict[str, FactValue]
    tuned: list[Tuned] = Field([])


class Missing(Part):
    """An unknown that could move the verdict."""

    question: str | None = None
    metric: str | None = None
    title: Text
    could_add: int


class Check(Part):
    """A gate or a cancelling condition of a cause, and how it stands."""

    kind: Literal["gate", "unless", "rules_out", "rival", "no_harm", "two_groups"]
    state: Literal["true", "false", "unknown"]
    text: Text


class CauseRow(Part):
    """One cause on one slice, with its bill."""

    id: str
    ref: list[str]
    kind: str
    title: Text
    summary: Text
    slice: Where = Field({})
    verdict: Verdict
    points: int
    worst: int
    best: int
    coverage: float
    rank: int
    role: Role
    hygiene: bool = False
    evidence: list[Evidence]
    checks: list[Check]
    missing: list[Missing]
    remedies: list[str]
    verify: Text
    explains: list[str]
    losses: list[str]
    money: Money | None
    leads_to: list[str]
    aggravates: list[str]
    rivals: list[str]
