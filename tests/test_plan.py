"""From likely causes to a plan: order, dates, what waits, control figures."""

import json
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import TEXT, cause, metric, rule, write

from salesdx.diagnosis import diagnose
from salesdx.errors import KnowledgeError
from salesdx.facts import Fact, FactBase, Measurement
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.load import load
from salesdx.language import Text
from salesdx.plan import build_plan
from salesdx.result import BlockedAction, Loss, PlanAction

LIKELY = [rule("r", {"a": "< 0.5"}), rule("s", {"b": "< 0.5"}, "moderate")]
POSSIBLE = [rule("r", {"a": "< 0.5"})]
MARK = {
    "id": "mark.good", "value": 0.4, "unit": "ratio", "title": TEXT,
    "applies_to": TEXT, "source": {"seed": "1"}, "grade": "E1", "date": "2026-01-01",
}  # fmt: skip


def remedy(name: str, days: int = 10, **more: Any) -> dict[str, Any]:
    return {
        "id": name, "title": {"en": name, "ru": name}, "steps": [TEXT],
        "owner": "owner", "days": days, "source": {"seed": "1"}, "grade": "E1", **more,
    }  # fmt: skip


Plan = tuple[list[PlanAction], list[BlockedAction]]


def planned(
    folder: Path, causes: list[Any], remedies: list[Any], *, losses: Any = (),
    now: float | None = 0.2, **more: Any,
) -> Plan:  # fmt: skip
    write(folder, causes=causes, benchmarks=[MARK], metrics=[
        metric("a"), metric("b"), {**metric("wait", unit="days"), "direction": "down"},
    ])  # fmt: skip
    (folder / "remedies").mkdir()
    (folder / "remedies/all.yaml").write_text(
        json.dumps({"format": 1, "remedies": remedies}), encoding="utf-8"
    )
    base = load(folder=folder)
    facts = FactBase.of([Fact("a", 0.1), Fact("b", 0.1)])
    rows = diagnose(infer(base, facts, ReferenceExecutor()), [])
    figures = {"a": Measurement("a", now)} if now is not None else {}
    return build_plan(base, rows, figures, losses, **more)


def ids(plan: Plan) -> list[str]:
    return [a.id for a in plan[0]]


def test_only_likely_causes_ask_for_action(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        [cause("x", LIKELY, remedies=["mend"]),
         cause("y", POSSIBLE, remedies=["more"])],
        [remedy("mend"), remedy("more")],
    )  # fmt: skip
    assert ids(plan) == ["mend"]


def test_one_action_may_serve_several_causes(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        [cause("x", LIKELY, remedies=["mend"]), cause("y", LIKELY, remedies=["mend"])],
        [remedy("mend")],
    )
    assert [a.causes for a in plan[0]] == [["x", "y"]]


def test_what_is_needed_first_comes_first_and_ends_before(tmp_path: Path) -> None:
    plan = planned(
        tmp_path, [cause("x", LIKELY, remedies=["last", "first"])],
        [remedy("last", needs_first=["first", "absent"]), remedy("first", 12),
         remedy("absent")],
    )  # fmt: skip
    first, last = plan[0]
    assert (first.id, last.id) == ("first", "last")
    assert last.after == ["first"]
    assert last.start_day == first.start_day + first.days == 12


def test_a_ring_of_needs_is_refused(tmp_path: Path) -> None:
    remedies = [remedy("p", needs_first=["q"]), remedy("q", needs_first=["p"])]
    with pytest.raises(KnowledgeError, match="p -> q -> p"):
        planned(tmp_path, [cause("x", LIKELY, remedies=["p", "q"])], remedies)


def test_an_owner_carries_two_actions_at_a_time(tmp_path: Path) -> None:
    names = ["r1", "r2", "r3", "r4"]
    plan = planned(
        tmp_path, [cause("x", LIKELY, remedies=[*names, "other"])],
        [*(remedy(n) for n in names), remedy("other", owner="head")],
    )  # fmt: skip
    assert [a.start_day for a in plan[0]] == [0, 0, 10, 10, 0]


@pytest.mark.parametrize(
    ("days", "horizon"), [(1, 30), (30, 30), (31, 60), (60, 60), (61, 90), (200, 90)]
)
def test_the_horizon_is_that_of_the_end(
    tmp_path: Path, days: int, horizon: int
) -> None:
    plan = planned(
        tmp_path, [cause("x", LIKELY, remedies=["mend"])], [remedy("mend", days)]
    )
    assert plan[0][0].horizon == horizon


def test_a_likely_cause_holds_back_what_would_be_premature(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        [cause("x", LIKELY, remedies=["mend", "ads"])],
        [remedy("mend"), remedy("ads", blocked_while=["x"])],
    )
    assert ids(plan) == ["mend"]
    (blocked,) = plan[1]
    assert (blocked.id, blocked.because.en) == ("ads", "First: text.")
    assert blocked.because.ru == "Сначала: текст."


def test_a_possible_cause_holds_nothing_back(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        [cause("x", LIKELY, remedies=["ads"]), cause("y", POSSIBLE)],
        [remedy("ads", blocked_while=["y"])],
    )
    assert (ids(plan), plan[1]) == (["ads"], [])


def test_an_action_blocks_another_also_when_nobody_wants_it(tmp_path: Path) -> None:
    why = {"en": "Not yet.", "ru": "Рано."}
    plan = planned(
        tmp_path,
        [cause("x", LIKELY, remedies=["mend"])],
        [remedy("mend", blocks=["ads"]), remedy("ads", blocked_because=why)],
    )
    assert [(b.id, b.because.ru) for b in plan[1]] == [("ads", "Рано.")]


def test_what_is_in_place_is_not_planned_and_blocks_nothing(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        [cause("x", LIKELY, remedies=["mend", "ads"])],
        [remedy("mend", blocks=["ads"]), remedy("ads")],
        done=["mend"],
    )
    assert (ids(plan), plan[1]) == (["ads"], [])


def norm(value: float, n: int, metric_: str = "a") -> Loss:
    return Loss(
        id=f"{metric_}{n}", metric=metric_, title=Text(**TEXT), slice={}, norm=value,
        actual=0.1, n=n, state="noise", money=None, share=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kpi", "now", "more", "target"),
    [
        ({"metric": "a", "target": "mark.good"}, 0.2, {}, 0.4),
        ({"metric": "a", "target": "mark.good"}, None, {}, 0.4),
        ({"metric": "a", "target": "mark.good"}, 0.2,
         {"benchmarks": {"mark.good": 0.3}}, 0.3),
        ({"metric": "a", "target": "mark.good"}, 0.6, {}, 0.6),
        ({"metric": "a", "target": "mark.good", "better": "down"}, 0.2, {}, 0.2),
        ({"metric": "a"}, 0.2, {}, None),
        ({"metric": "a", "target": "norm"}, 0.2, {}, None),
        ({"metric": "a", "target": "norm"}, 0.2,
         {"losses": [norm(0.3, 100), norm(0.6, 50), norm(9, 5, "b"), norm(9, 0)]}, 0.4),
    ],
)  # fmt: skip
def test_the_control_figure_has_a_target_where_one_is_known(
    tmp_path: Path, kpi: Any, now: float | None, more: Any, target: float | None
) -> None:
    plan = planned(
        tmp_path, [cause("x", LIKELY, remedies=["mend"])], [remedy("mend", kpi=kpi)],
        now=now, **more,
    )  # fmt: skip
    found = plan[0][0].kpi
    assert found is not None
    assert (found.metric, found.now, found.check_day) == ("a", now, 90)
    assert found.target == (None if target is None else pytest.approx(target))


def test_nothing_likely_means_nothing_planned(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        [cause("x", POSSIBLE, remedies=["mend"])],
        [remedy("mend", blocked_while=["x"])],
    )
    assert plan == ([], [])


def test_a_target_always_says_which_way_is_better() -> None:
    """Else a figure better than its target is sent back to it: 0 % -> 10 %."""
    known = load()
    kpis = {i: r.kpi for i, r in known.remedies.items() if r.kpi and r.kpi.target}
    assert [
        i for i, kpi in kpis.items()
        if kpi.target != "norm"
        and (kpi.better or known.metrics[kpi.metric].direction) not in ("up", "down")
    ] == []  # fmt: skip
