"""The result document, field by field: what renderers and other tools may rely on.

This list is the contract `salesdx/result/1`. A field may be added; one that is here
may not go away, change its type or change its meaning.
"""

import json
import math
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from salesdx.analysis import analyse
from salesdx.knowledge.load import load
from salesdx.workbench.schema import schema

CASES = Path(__file__).parent / "cases"
ANSWERS = """\
  - {question: Q-AM-10, by: head, value: 3}
  - {question: Q-BASE-01, by: head, value: just_invoice}
  - {question: company.monthly-revenue, by: head, value: 3000000}
  - {question: company.lost-clients, by: head, value: 12}
  - {question: company.client-profit, by: head, value: 90000}
  - question: loss.named-reason
    by: head
    value: [range_refused]
    about: {metric: conversion.at-horizon, manager: M4}
"""
RARE = {"breaks", "changes", "blocked_actions"}  # the example has none
Check = Callable[[Any], bool]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A case with data and answers, in which people differ and money is lost."""
    folder = tmp_path_factory.mktemp("case") / "acme"
    shutil.copytree(CASES / "k03", folder)
    company = folder / "company.yaml"
    text = company.read_text(encoding="utf-8").replace("b2c", "b2b")
    company.write_text(text, encoding="utf-8")
    said = (CASES / "k01c" / "answers.yaml").read_text(encoding="utf-8")
    (folder / "answers.yaml").write_text(said + ANSWERS, encoding="utf-8")
    found = json.loads(analyse(folder, executor="reference").document.to_json())
    assert isinstance(found, dict)
    return found


def text(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"en", "ru"}
        and all(isinstance(v, str) and v.strip() for v in value.values())
    )


def word(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def line(value: Any) -> bool:
    return isinstance(value, str)


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def figure(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
    )


def share(value: Any) -> bool:
    return figure(value) and 0 <= value <= 1


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def anything(value: Any) -> bool:
    return True


def one_of(*words: Any) -> Check:
    return lambda value: value in words


def maybe(check: Check) -> Check:
    return lambda value: value is None or check(value)


def many(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def mapping(check: Check) -> Check:
    return lambda value: (
        isinstance(value, dict)
        and all(isinstance(k, str) and check(v) for k, v in value.items())
    )


def record(**fields: Check) -> Check:
    """A mapping with at least these fields; `from_` stands for `from`."""
    named = {k.rstrip("_"): c for k, c in fields.items()}

    def check(value: Any) -> bool:
        assert isinstance(value, dict), value
        for name, of in named.items():
            assert name in value, f"{name} is missing in {sorted(value)}"
            assert of(value[name]), f"{name} is {value[name]!r}"
        return True

    return check


where = mapping(word)
words = many(word)
interval = maybe(lambda v: isinstance(v, list) and len(v) == 2 and all(map(figure, v)))
money = record(low=figure, expected=figure, high=figure)
states = one_of("true", "false", "unknown")
verdict = one_of("likely", "possible", "open", "unlikely", "ruled_out", "cannot_judge")

CONTRACT: dict[str, Check] = {
    "schema": one_of("salesdx/result/1"),
    "case": record(
        name=word, as_of=maybe(word), currency=word, languages=one_of(["en", "ru"]),
        period=record(from_=maybe(word), to=maybe(word)),
    ),
    "knowledge": record(pack=word, version=word, hash=word, overlays=words),
    "engine": record(version=word, executor=one_of("durable", "reference")),
    "summary": record(
        verdict=text, coverage=share, top_causes=words, first_actions=words,
        loss=maybe(record(
            low=figure, expected=figure, high=figure, currency=word, per=word
        )),
        state=one_of("loss_found", "no_loss_found", "preliminary", "not_enough_data"),
    ),
    "data_quality": many(record(
        id=word, ref=words, severity=one_of("info", "warning", "error"), title=text,
        effect=text, dropped_rows=maybe(whole), before=maybe(figure),
        after=maybe(figure),
    )),
    "metrics": many(record(
        id=word, ref=words, title=text, value=maybe(figure), unit=word,
        interval=interval, n=maybe(whole), slice=where, period=line,
        state=one_of("ok", "unknown", "insufficient"), reason=maybe(text),
        benchmark=maybe(figure),
    )),
    "losses": many(record(
        id=word, metric=word, slice=where, norm=figure, actual=figure, n=whole,
        state=one_of("confirmed", "suspected", "noise", "insufficient"),
        money=maybe(money), share=maybe(figure),
    )),
    "symptoms": many(record(
        id=word, ref=words, title=text, slice=where, state=states, because=text,
    )),
    "causes": many(record(
        id=word, ref=words, kind=word, title=text, slice=where, verdict=verdict,
        points=whole, worst=whole, best=whole, coverage=share, rank=whole,
        role=one_of("root", "aggravating", "consequence", "standalone"),
        evidence=many(record(
            rule=word, ref=words, direction=one_of("for", "against"), points=whole,
            counted=whole, because=text, source=mapping(word), grade=word,
            facts=mapping(record(value=anything, unit=maybe(word))),
        )),
        missing=many(record(
            question=maybe(word), metric=maybe(word), could_add=whole, title=text,
        )),
        checks=many(record(kind=word, state=states, text=text)),
        remedies=words, verify=text, summary=text, explains=words, losses=words,
        money=maybe(money), leads_to=words, aggravates=words, rivals=words,
        hygiene=flag,
    )),
    "disagreements": many(record(
        question=maybe(word), metric=maybe(word), effect=text,
        values=many(record(by=word, value=anything)),
    )),
    "plan": many(record(
        id=word, ref=words, title=text, causes=words, horizon=one_of(30, 60, 90),
        start_day=whole, days=whole, owner=word, owner_title=text, steps=many(text),
        kpi=maybe(record(
            metric=word, title=text, now=maybe(figure), target=maybe(figure),
            unit=word, check_day=whole,
        )),
        after=words, worksheet=maybe(word), claims=many(text), repeat=maybe(word),
    )),
    "blocked_actions": many(record(id=word, title=text, because=text)),
    "next_questions": many(record(question=word, title=text, value=whole, why=text)),
    "not_checked": many(record(id=word, title=text, reason=text, supply=text)),
    "funnel": many(record(
        funnel=word, stage=word, title=word, count=whole, conversion=maybe(share),
        interval=interval,
    )),
    "cohorts": many(record(
        period=word, entries=whole, mature=whole, wins=whole, rate=maybe(share),
        interval=interval,
    )),
    "breaks": many(record(
        metric=word, slice=where, at=word, before=figure, after=figure, factor=figure,
    )),
    "changes": many(record(
        metric=word, kind=one_of("period", "department"), before_of=line,
        after_of=word, before=share, after=share, rate=figure, mix=figure,
        cells=words, certain=flag,
    )),
    "answers": many(record(
        question=word, ref=words, title=text, about=where, by=word, state=word,
        value=anything, confidence=whole, note=line,
    )),
    "fine": many(record(id=word, title=text, because=text)),
    "meeting": many(record(
        finding=word, metric=word, title=text, slice=where, listed=flag, by=word,
        why=line, reasons=words, reasons_shown=maybe(text), explained_by=words,
        explained_shown=maybe(text), what=line, who=line, until=maybe(word),
    )),
    "claimed_losses": many(record(
        id=word, ref=words, text=text, base=maybe(text), source=mapping(word),
        grade=word, causes=words, title=text,
        mistake=one_of("likely", "possible", "hinted"), low=maybe(share),
        high=maybe(share), revenue=maybe(figure), said_by=maybe(word),
        money_low=maybe(figure), money_high=maybe(figure),
    )),
    "lost_clients": maybe(record(
        clients=maybe(figure), clients_by=maybe(word), profit=maybe(figure),
        profit_by=maybe(word), winning_measured=flag, winning=maybe(figure),
        keeping_cost=maybe(figure), cost_by=maybe(word), ratio=figure, text=text,
        ref=words,
    )),
    "subjects": many(record(
        id=word, title=text, questions=whole, problems=words, in_order=words,
        not_known=words, state=one_of("judged", "few", "open"),
    )),
    "cohort_curves": many(record(
        period=word, entries=whole, wins=whole,
        points=many(record(age=whole, rate=share, interval=interval, at_risk=whole)),
    )),
}  # fmt: skip


def test_the_document_has_exactly_the_parts_of_the_contract(
    document: dict[str, Any],
) -> None:
    assert list(document) == list(CONTRACT)


@pytest.mark.parametrize("part", CONTRACT)
def test_each_part_has_its_fields_with_their_types(
    document: dict[str, Any], part: str
) -> None:
    assert CONTRACT[part](document[part])


@pytest.mark.parametrize("part", [p for p in CONTRACT if p not in RARE])
def test_the_example_leaves_no_part_empty(document: dict[str, Any], part: str) -> None:
    assert document[part]


def test_the_document_obeys_its_published_schema(document: dict[str, Any]) -> None:
    judge = Draft202012Validator(schema("result"))
    assert [e.message for e in judge.iter_errors(document)] == []


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


def test_no_number_is_nan_or_infinite(document: dict[str, Any]) -> None:
    numbers = [v for v in leaves(document) if isinstance(v, float)]
    assert numbers
    assert all(map(math.isfinite, numbers))


def test_no_placeholder_and_no_python_word_is_left_in_a_text(
    document: dict[str, Any],
) -> None:
    strings = [v for v in leaves(document) if isinstance(v, str)]
    left = [s for s in strings if "{" in s or "None" in s or "True" in s]
    assert left == []


@pytest.mark.parametrize("part", ["metrics", "symptoms", "causes"])
def test_there_is_one_row_per_id_slice_and_period(
    document: dict[str, Any], part: str
) -> None:
    keys = [
        (r["id"], tuple(sorted(r["slice"].items())), r.get("period"))
        for r in document[part]
    ]
    assert len(keys) == len(set(keys))


def test_the_whole_period_comes_first(document: dict[str, Any]) -> None:
    seen: dict[str, str] = {}
    for row in document["metrics"]:
        assert not (row["period"] == "" and seen.get(row["id"]))
        seen[row["id"]] = row["period"]


def test_causes_that_blame_a_manager_have_slice_rows_only(
    document: dict[str, Any],
) -> None:
    base = load()
    rows = {(r["id"], bool(r["slice"])) for r in document["causes"]}
    for cause in base.causes.values():
        applies = not cause.spec.applies_to or "b2b" in cause.spec.applies_to
        blames = cause.spec.for_each == "manager"
        assert ((cause.id, False) in rows) is (applies and not blames)


def test_a_sliced_symptom_has_a_row_for_the_company(document: dict[str, Any]) -> None:
    rows = document["symptoms"]
    sliced = {r["id"] for r in rows if r["slice"]}
    assert sliced
    for name in sliced:
        each = {r["state"] for r in rows if r["id"] == name and r["slice"]}
        (company,) = [r for r in rows if r["id"] == name and not r["slice"]]
        expected = "true" if "true" in each else (
            "unknown" if "unknown" in each else "false"
        )  # fmt: skip
        assert company["state"] == expected


def test_every_bill_adds_up(document: dict[str, Any]) -> None:
    for row in document["causes"]:
        assert sum(e["counted"] for e in row["evidence"]) == row["points"]
        assert row["worst"] <= row["points"] <= row["best"]


def test_every_id_leads_somewhere(document: dict[str, Any]) -> None:
    causes = {r["id"] for r in document["causes"]}
    plan = {r["id"] for r in document["plan"]}
    losses = {r["id"] for r in document["losses"]}
    assert set(document["summary"]["top_causes"]) <= causes
    assert set(document["summary"]["first_actions"]) <= plan
    assert {i for r in document["causes"] for i in r["losses"]} <= losses
    assert {i for r in document["plan"] for i in r["causes"]} <= causes
    assert {i for r in document["plan"] for i in r["after"]} <= plan
    assert plan.isdisjoint(r["id"] for r in document["blocked_actions"])
