"""Answers about findings: what a planning meeting wrote down, as the rules read it.

A finding is a row of the loss map: a figure on a slice. An answer about it names both,
`about: {metric: conversion.at-horizon, manager: M7}`. Rules look at a slice and not at
one figure of it, so what was said of all findings of a slice is read together, and what
was said of any of them is read for the company.
"""

from collections.abc import Iterable, Mapping

from salesdx.content import did_you_mean
from salesdx.errors import Said
from salesdx.facts import COMPANY, DIMENSIONS, Fact, Slice
from salesdx.knowledge.base import KnowledgeBase

FINDING, METRIC = "finding", "metric"
SEVERAL = "all"  # more than one respondent


def of_slices(facts: Iterable[Fact], knowledge: KnowledgeBase) -> list[Fact]:
    """The choices made on findings, joined for each of their slices and the company."""
    said: dict[tuple[str, Slice], list[Fact]] = {}
    for fact in facts:
        question = knowledge.questions[fact.name]
        if question.about != FINDING or question.type != "multi" or not fact.slice:
            continue
        if isinstance(fact.value, tuple):
            pairs = [p for p in fact.slice if p[0] != METRIC]
            for where in (COMPANY, *((p,) for p in pairs)):
                said.setdefault((fact.name, where), []).append(fact)
    return [_joined(where, told, knowledge) for (_, where), told in said.items()]


def _joined(where: Slice, told: list[Fact], knowledge: KnowledgeBase) -> Fact:
    name, first = told[0].name, told[0].by
    chosen = {c for f in told if isinstance(f.value, tuple) for c in f.value}
    codes = [o.code for o in knowledge.questions[name].options]
    return Fact(
        name, tuple(c for c in codes if c in chosen), where,
        min(f.confidence for f in told), "answer",
        first if all(f.by == first for f in told) else SEVERAL,
        disagree=any(f.disagree for f in told),
    )  # fmt: skip


def fault(
    about: Mapping[str, str], knowledge: KnowledgeBase
) -> tuple[Said, str] | None:
    """What is wrong with the `about` of an answer on a finding, and a hint."""
    metric = about.get(METRIC, "")
    if metric not in knowledge.metrics:
        what = Said(
            f"a finding needs its figure: no metric {metric!r}",
            f"у находки нужен показатель: «{metric}» не найден",
        )
        known = [i for i, m in knowledge.metrics.items() if m.loss]
        return what, did_you_mean(metric, known) or "about: {metric: …, manager: …}"
    strange = sorted(set(about) - {METRIC, *DIMENSIONS})
    if not strange:
        return None
    return Said(
        f"a finding has no {strange[0]!r}", f"у находки не бывает «{strange[0]}»"
    ), ", ".join(DIMENSIONS)
