"""The worked cases of the sources (K-*): what each must and must not conclude.

A case is a folder with `expect.yaml`; only what is named there is checked.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salesdx.analysis import Analysis, analyse
from salesdx.content import read
from salesdx.result import CauseRow, ResultDocument

pytestmark = pytest.mark.usefixtures("measured_once")
FOLDER = Path(__file__).parent / "cases"
CASES = sorted(p.parent for p in FOLDER.glob("*/expect.yaml"))
ORDER = ["likely", "possible", "open", "cannot_judge", "unlikely", "ruled_out"]


def expectation(folder: Path) -> dict[str, Any]:
    document, problems = read(folder / "expect.yaml")
    assert document is not None, problems
    return dict(document.data)


def rows(document: ResultDocument, cause: str) -> list[CauseRow]:
    return [c for c in document.causes if c.id == cause]


def bill(row: CauseRow) -> str:
    return ", ".join(f"{e.rule} {e.counted:+d}" for e in row.evidence)


def wrong(document: ResultDocument, expect: dict[str, Any]) -> Iterator[str]:
    """Every expectation that does not hold, as a sentence."""
    known = {"case", "note", *CHECKS}
    unknown = set(expect) - known
    if unknown:
        yield f"expect.yaml names unknown checks {sorted(unknown)}"
    for key, check in CHECKS.items():
        if key in expect:
            yield from check(document, expect[key])


def _causes(document: ResultDocument, wanted: dict[str, Any]) -> Iterator[str]:
    for cause, what in wanted.items():
        where = what.get("slice", {})
        found = [r for r in rows(document, cause) if r.slice == where]
        if not found:
            yield f"{cause} {where}: no such row"
            continue
        row = found[0]
        for key in ("verdict", "role", "points", "hygiene"):
            if key in what and getattr(row, key) != what[key]:
                checks = ", ".join(f"{c.kind}={c.state}" for c in row.checks)
                yield (
                    f"{cause} {where}: {key} is {getattr(row, key)}, not {what[key]}"
                    f" ({row.points} points [{row.worst}, {row.best}]:"
                    f" {bill(row)}; {checks})"
                )


def _not_likely(document: ResultDocument, wanted: list[str]) -> Iterator[str]:
    for cause in wanted:
        for row in rows(document, cause):
            if row.verdict == "likely":
                yield f"{cause} {row.slice} is likely ({row.points} points)"


def _no_cause_above(document: ResultDocument, limit: str) -> Iterator[str]:
    for row in document.causes:
        if ORDER.index(row.verdict) < ORDER.index(limit):
            yield f"{row.id} {row.slice} is {row.verdict} ({bill(row)})"


def _ranked(document: ResultDocument, wanted: list[list[str]]) -> Iterator[str]:
    for first, second in wanted:
        one, two = rows(document, first), rows(document, second)
        if not one:
            yield f"{first} is not there"
        elif two and one[0].rank > two[0].rank:
            yield (
                f"{second} ({two[0].verdict}, {two[0].role}) stands before"
                f" {first} ({one[0].verdict}, {one[0].role})"
            )


def _equal_points(document: ResultDocument, wanted: list[list[str]]) -> Iterator[str]:
    for group in wanted:
        points = {c: [r.points for r in rows(document, c)] for c in group}
        if len({str(p) for p in points.values()}) > 1:
            yield f"points differ: {points}"


def _symptoms(document: ResultDocument, wanted: dict[str, str]) -> Iterator[str]:
    states = {s.id: s.state for s in document.symptoms if not s.slice}
    for symptom, state in wanted.items():
        if states.get(symptom) != str(state).lower():
            yield f"symptom {symptom} is {states.get(symptom)}, not {state}"


def _metrics(document: ResultDocument, wanted: dict[str, Any]) -> Iterator[str]:
    for metric, what in wanted.items():
        spec = what if isinstance(what, dict) else {"value": what}
        where, period = spec.get("slice", {}), str(spec.get("period", ""))
        found = [
            m for m in document.metrics
            if m.id == metric and m.slice == where and m.period == period
        ]  # fmt: skip
        value = found[0].value if found else None
        if spec["value"] is None:
            if value is not None:
                yield f"{metric} {where} is {value}, not unknown"
        elif value is None or abs(value - spec["value"]) > spec.get("tolerance", 1e-6):
            yield f"{metric} {where} {period} is {value}, not {spec['value']}"


def _plan_order(document: ResultDocument, wanted: list[list[str]]) -> Iterator[str]:
    plan = [a.id for a in document.plan]
    for chain in wanted:
        for first, second in itertools.pairwise(chain):
            if first not in plan or second not in plan:
                yield f"plan lacks {first} or {second}: {plan}"
            elif plan.index(first) > plan.index(second):
                yield f"{second} stands before {first}: {plan}"


def _among(document: ResultDocument, wanted: list[str], what: str) -> Iterator[str]:
    there = {
        "plan": [a.id for a in document.plan],
        "blocked": [b.id for b in document.blocked_actions],
        "next questions": [q.question for q in document.next_questions],
        "data quality": [d.id for d in document.data_quality],
        "not checked": [n.id for n in document.not_checked],
    }[what]
    for name in wanted:
        if name not in there:
            yield f"{what} lacks {name}: {there}"


def _state(document: ResultDocument, wanted: str) -> Iterator[str]:
    if document.summary.state != wanted:
        top = document.summary.top_causes
        yield f"state is {document.summary.state}, not {wanted} ({top})"


CHECKS: dict[str, Any] = {
    "causes": _causes,
    "not_likely": _not_likely,
    "no_cause_above": _no_cause_above,
    "ranked": _ranked,
    "equal_points": _equal_points,
    "symptoms": _symptoms,
    "metrics": _metrics,
    "plan_order": _plan_order,
    "plan_has": lambda d, w: _among(d, w, "plan"),
    "blocked": lambda d, w: _among(d, w, "blocked"),
    "next_questions_include": lambda d, w: _among(d, w, "next questions"),
    "data_quality": lambda d, w: _among(d, w, "data quality"),
    "not_checked": lambda d, w: _among(d, w, "not checked"),
    "state": _state,
}


@pytest.fixture(scope="module")
def analyses() -> dict[tuple[Path, str], Analysis]:
    """Cases already judged, so that executors are compared without a second run."""
    return {}


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_the_case_concludes_what_it_must(
    folder: Path, analyses: dict[tuple[Path, str], Analysis]
) -> None:
    found = analyses[folder, "reference"] = analyse(folder, executor="reference")
    problems = list(wrong(found.document, expectation(folder)))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_both_executors_give_the_same_bytes(
    folder: Path, analyses: dict[tuple[Path, str], Analysis]
) -> None:
    pytest.importorskip("durable_rules_engine")
    reference = analyses.get((folder, "reference"))
    reference = reference or analyse(folder, executor="reference")
    durable = analyse(folder, executor="durable").document
    same = durable.model_copy(update={"engine": reference.document.engine})
    assert same.to_json() == reference.document.to_json()
