"""The order of the causes, root and consequence, hygiene, losses and their money."""

from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import TEXT, cause, knowledge, metric, rule, symptom

from salesdx.diagnosis import KINDS, Diagnosed, diagnose
from salesdx.facts import Fact, FactBase, Slice, slice_of
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.language import Text
from salesdx.result import Loss, Money
from salesdx.summary import fine, summarise

METRICS = [
    metric("a"), metric("b"), metric("c"),
    metric("rate", grain=["manager", "segment"]),
    metric("wait", grain=["manager"], unit="days"),
]  # fmt: skip
LIKELY = [rule("r", {"a": "< 0.5"}), rule("s", {"b": "< 0.5"}, "moderate")]
POSSIBLE = [rule("r", {"a": "< 0.5"})]
NOTHING = [rule("r", {"c": "< 0.5"})]
AGAINST = {"against": [rule("n", {"a": "< 0.5"}, "decisive")]}
FACTS = [Fact("a", 0.1), Fact("b", 0.1), Fact("c", 0.9)]
GAP = symptom("gap", {"gap": "rate"})


def loss(
    metric_: str, money: float | None, state: str = "confirmed", **where: str
) -> Loss:
    worth = None if money is None else Money(low=money / 2, expected=money, high=money)
    name = "-".join([metric_, *where.values()])
    return Loss(
        id=name, metric=metric_, title=Text(**TEXT), slice=where, norm=0.3, actual=0.1,
        n=100, state=state, money=worth, share=0.1,
    )  # fmt: skip


def diagnosed(
    folder: Path, causes: list[Any], losses: list[Loss] | None = None,
    facts: list[Fact] | None = None, **more: Any,
) -> list[Diagnosed]:  # fmt: skip
    base = knowledge(folder, causes=causes, metrics=METRICS, **more)
    found = infer(base, FactBase.of(facts or FACTS), ReferenceExecutor())
    return diagnose(found, losses or [])


def ids(rows: list[Diagnosed]) -> list[str]:
    return [d.id for d in rows]


def roles(rows: list[Diagnosed]) -> dict[str, str]:
    return {d.id: d.role for d in rows}


def test_verdicts_come_in_order_of_weight(tmp_path: Path) -> None:
    rows = diagnosed(tmp_path, [
        cause("a-open", NOTHING), cause("b-likely", LIKELY),
        cause("c-unlikely", NOTHING, **AGAINST), cause("d-possible", POSSIBLE),
        cause("e-out", LIKELY, unless=[{"a": "< 0.5"}]),
        cause("f-blind", LIKELY, needs=["wait"]),
    ])  # fmt: skip
    assert [(d.id, d.outcome.verdict) for d in rows] == [
        ("b-likely", "likely"), ("d-possible", "possible"), ("a-open", "open"),
        ("f-blind", "cannot_judge"), ("c-unlikely", "unlikely"), ("e-out", "ruled_out"),
    ]  # fmt: skip
    assert [d.rank for d in rows] == [1, 2, 3, 4, 5, 6]


def test_the_figures_are_doubted_before_people(tmp_path: Path) -> None:
    causes = [cause(f"c{i}", LIKELY, kind=k) for i, k in enumerate(reversed(KINDS))]
    rows = diagnosed(tmp_path, causes)
    assert [d.outcome.cause.spec.kind for d in rows] == list(KINDS)


def test_a_root_comes_before_its_consequence_whatever_its_kind(tmp_path: Path) -> None:
    rows = diagnosed(tmp_path, [
        cause("effect", LIKELY, kind="data"),
        cause("alone", LIKELY, kind="data"),
        cause("source", LIKELY, kind="people", leads_to=["middle"]),
        cause("middle", LIKELY, leads_to=["effect"]),
    ])  # fmt: skip
    assert ids(rows) == ["source", "alone", "effect", "middle"]
    assert roles(rows) == {
        "source": "root", "alone": "standalone", "effect": "consequence",
        "middle": "consequence",
    }  # fmt: skip


def test_what_makes_another_worse_is_aggravating(tmp_path: Path) -> None:
    rows = diagnosed(tmp_path, [
        cause("worse", LIKELY, aggravates=["core"]), cause("core", LIKELY),
    ])  # fmt: skip
    assert roles(rows) == {"core": "root", "worse": "aggravating"}


def test_a_surer_cause_is_no_consequence_of_a_weaker_one(tmp_path: Path) -> None:
    rows = diagnosed(tmp_path, [
        cause("weak", POSSIBLE, leads_to=["sure"]), cause("sure", LIKELY),
    ])  # fmt: skip
    assert roles(rows) == {"sure": "standalone", "weak": "root"}


def test_an_inactive_cause_has_no_part_in_the_web(tmp_path: Path) -> None:
    rows = diagnosed(tmp_path, [
        cause("quiet", NOTHING, leads_to=["core"]), cause("core", LIKELY),
    ])  # fmt: skip
    assert roles(rows) == {"quiet": "standalone", "core": "standalone"}


def test_money_points_and_id_settle_what_is_left(tmp_path: Path) -> None:
    more = [*LIKELY, rule("t", {"c": "> 0.5"}, "moderate")]
    rows = diagnosed(
        tmp_path,
        [cause("b", LIKELY), cause("a", LIKELY), cause("points", more),
         cause("money", LIKELY, explains=["gap"])],
        [loss("rate", 100, manager="M1")],
        [*FACTS, Fact("gap:rate", "confirmed")],
        symptoms=[GAP],
    )  # fmt: skip
    assert ids(rows) == ["money", "points", "a", "b"]


def test_without_harm_a_cause_is_hygiene(tmp_path: Path) -> None:
    (row,) = diagnosed(
        tmp_path, [cause("x", LIKELY, explains=["gap"])],
        facts=[*FACTS, Fact("gap:rate", "noise")], symptoms=[GAP],
    )  # fmt: skip
    assert (row.outcome.verdict, row.hygiene) == ("possible", True)


HARMED = [*FACTS, Fact("gap:rate", "confirmed"), Fact("gap:wait", "confirmed")]


def test_only_confirmed_losses_of_explained_symptoms_are_linked(
    tmp_path: Path,
) -> None:
    outer = symptom("outer", {"any": [{"symptom": "gap"}, {"a": "< 0"}]})
    (row,) = diagnosed(
        tmp_path, [cause("x", LIKELY, explains=["outer"])],
        [loss("rate", 100, manager="M1"), loss("rate", 70, "suspected", manager="M2"),
         loss("wait", 50, manager="M1"), loss("rate", None, segment="S1")],
        HARMED, symptoms=[GAP, outer],
    )  # fmt: skip
    assert [x.id for x in row.losses] == ["rate-M1", "rate-S1"]
    assert row.money == Money(low=50, expected=100, high=100)


def test_a_symptom_of_segments_claims_no_losses_of_managers(tmp_path: Path) -> None:
    of_segments = symptom("gap", {"gap": "rate"}, for_each="segment")
    (row,) = diagnosed(
        tmp_path, [cause("x", LIKELY, explains=["gap"])],
        [loss("rate", 100, manager="M1"), loss("rate", None, segment="S1")],
        [*FACTS, Fact("gap:rate", "confirmed", slice_of(segment="S1"))],
        symptoms=[of_segments],
    )  # fmt: skip
    assert [x.id for x in row.losses] == ["rate-S1"]
    assert row.money is None


def test_no_rouble_is_counted_twice_across_dimensions(tmp_path: Path) -> None:
    waits = symptom("waits", {"gap": "wait"})
    (row,) = diagnosed(
        tmp_path, [cause("x", LIKELY, explains=["gap", "waits"])],
        [loss("rate", 100, manager="M1"), loss("rate", 60, manager="M2"),
         loss("wait", 40, manager="M1"), loss("rate", 150, segment="S1")],
        HARMED, symptoms=[GAP, waits],
    )  # fmt: skip
    assert row.money is not None
    assert row.money.expected == 200


def test_a_cause_that_is_only_open_claims_no_money(tmp_path: Path) -> None:
    (row,) = diagnosed(
        tmp_path, [cause("x", NOTHING, explains=["gap"])],
        [loss("rate", 100, manager="M1")], HARMED, symptoms=[GAP],
    )  # fmt: skip
    assert (row.losses, row.money) == ((), None)


M1, M2, M3 = (slice_of(manager=m) for m in ("M1", "M2", "M3"))


def test_slices_without_points_are_left_out_and_losses_stay_on_their_slice(
    tmp_path: Path,
) -> None:
    blames = cause(
        "x", [rule("r", {"wait": "> 5"}, "decisive")], kind="people",
        for_each="manager", explains=["low"],
    )  # fmt: skip
    facts: list[Fact] = []
    for where, wait in ((M1, 9), (M2, 9), (M3, 1)):
        facts += [Fact("wait", wait, where), Fact("gap:rate", "confirmed", where)]
    rows = diagnosed(
        tmp_path, [blames], [loss("rate", 100, manager="M1")], facts,
        symptoms=[symptom("low", {"gap": "rate"}, for_each="manager")],
    )  # fmt: skip
    found: list[tuple[Slice, float]] = [
        (d.outcome.where, d.money.expected if d.money else 0) for d in rows
    ]
    assert found == [(M1, 100), (M2, 0)]


def state(rows: list[Diagnosed], losses: list[Loss], share: float) -> str:
    return summarise(rows, losses, None, share, []).state


def test_the_state_of_page_one(tmp_path: Path) -> None:
    likely = diagnosed(tmp_path / "a", [cause("x", LIKELY)])
    data = diagnosed(tmp_path / "b", [cause("x", LIKELY, kind="data")])
    quiet = diagnosed(tmp_path / "c", [cause("x", NOTHING)])
    assert state(likely, [], 0.5) == "loss_found"
    assert state(quiet, [loss("rate", 1, manager="M1")], 0.5) == "loss_found"
    assert state(data, [], 0.5) == "preliminary"
    assert state(quiet, [loss("rate", 1, "noise", manager="M1")], 0.5) == (
        "no_loss_found"
    )
    assert state(quiet, [], 0.001) == "not_enough_data"


def test_every_state_is_said_in_both_languages(tmp_path: Path) -> None:
    for i, (rules, share) in enumerate(
        [(LIKELY, 0.5), (POSSIBLE, 0.5), (NOTHING, 0.5), (NOTHING, 0.0)]
    ):
        rows = diagnosed(tmp_path / str(i), [cause("x", rules)])
        said = summarise(rows, [], None, share, []).verdict
        assert said.en.endswith(".")
        assert said.ru.endswith(".")
        assert said.en != said.ru


@pytest.mark.parametrize(("rules", "told"), [(LIKELY, []), (NOTHING, ["calm"])])
def test_what_a_standing_cause_explains_is_not_called_fine(
    tmp_path: Path, rules: list[Any], told: list[str]
) -> None:
    base = knowledge(
        tmp_path, causes=[cause("x", rules, explains=["calm"])], metrics=METRICS,
        symptoms=[symptom("calm", {"c": "< 0.5"})],
    )  # fmt: skip
    found = infer(base, FactBase.of(FACTS), ReferenceExecutor())
    assert [row.id for row in fine(found)] == told
