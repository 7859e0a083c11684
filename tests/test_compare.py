"""Two results compared: beyond chance, by one meaning, on mature entries only."""

import datetime as dt
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_fixture import both, empty, rich

from salesdx.analysis import analyse
from salesdx.compare import Comparison, compare, text
from salesdx.compare.model import MetricChange
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.result import (
    Cohort,
    Loss,
    MetricRow,
    Money,
    Period,
    PlanEdit,
    ResultDocument,
    SymptomRow,
)
from salesdx.statistics.rates import wilson

CASES = Path(__file__).parent / "cases"
MATURE = "conversion.mature"


@cache
def shipped() -> KnowledgeBase:
    return load()


@pytest.fixture
def knowledge() -> KnowledgeBase:
    return shipped()


def run(day: str = "2026-06-30", first: str = "2025-01-01", **parts: Any) -> Any:
    """A result with nothing but what a test is about."""
    plain = empty()
    period = Period.model_validate({"from": first, "to": day})
    case = plain.case.model_copy(update={"as_of": day, "period": period})
    case = case.model_copy(update=parts.pop("case", {}))
    told = plain.knowledge.model_copy(update=parts.pop("knowledge", {}))
    return plain.model_copy(update={"case": case, "knowledge": told, **parts})


def share(wins: int, n: int, id_: str = "win-rate.closed", **more: Any) -> MetricRow:
    values = {
        "id": id_, "ref": [], "title": both("Share", "Доля"), "value": wins / n,
        "unit": "ratio", "n": n, "numerator": wins, "denominator": n, "state": "ok",
        "interval": wilson(wins, n),
    }  # fmt: skip
    return MetricRow.model_validate(values | more)


def amount(value: float, id_: str, unit: str = "days", **more: Any) -> MetricRow:
    values = {
        "id": id_, "ref": [], "title": both("Figure", "Показатель"), "value": value,
        "unit": unit, "state": "ok",
    }  # fmt: skip
    return MetricRow.model_validate(values | more)


def only(found: Comparison) -> MetricChange:
    assert len(found.metrics) == 1
    return found.metrics[0]


def both_languages(found: Comparison) -> str:
    """What is told, checked to be of the right language line by line."""
    english, russian = text(found, "en"), text(found, "ru")
    assert english.count("\n") == russian.count("\n")
    return english


# --- K-01d ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def k01d(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """The programme, and four months later, with one of its actions done."""
    later = tmp_path_factory.mktemp("k01d") / "after"
    shutil.copytree(CASES / "k01d-after", later)
    (later / "plan.yaml").write_text(
        "format: 1\nactions:\n  separate-funnels: {owner: Anna, done: 2019-01-15}\n"
    )
    then, now = (
        analyse(folder, executor="reference", ask_next=False).document
        for folder in (CASES / "k01d", later)
    )
    return compare(then, now, shipped())


def test_k01d_is_called_early_and_measured_on_matured_cohorts_only(
    k01d: Comparison,
) -> None:
    """17:1 -> 15:1 after four months: one month of entries since then is mature."""
    found = next(m for m in k01d.metrics if m.id == MATURE and not m.slice)
    assert found.then is not None
    assert found.now is not None
    assert found.since is not None
    assert (found.then.numerator, found.then.denominator) == (30, 500)
    assert (found.now.numerator, found.now.denominator) == (102, 1530)
    # 1000 of the 1030 entries that matured since were made before the programme
    assert (found.since.numerator, found.since.denominator) == (2, 30)
    assert (found.state, found.early) == ("unchanged", True)
    assert found.reason is not None
    assert found.reason.en.startswith(
        "Called early: of 120 entries made since then only 30 are old enough to judge."
    )
    assert "(17:1) then" in found.reason.en
    assert "(15:1) now: within the noise" in found.reason.en
    assert found.reason.ru.startswith("Судить рано: из 120 сделок")
    assert found.needed_n is not None
    assert found.needed_n > 5_000
    assert "early" in [n.id for n in k01d.notes]


def test_k01d_raw_conversion_proves_nothing(k01d: Comparison) -> None:
    """2 % -> 6.3 % because 1000 young entries matured: no effect of any programme."""
    found = next(m for m in k01d.metrics if m.id == "conversion.raw" and not m.slice)
    assert found.state == "not_comparable"
    assert found.reason is not None
    assert "too young to have closed" in found.reason.en


def test_k01d_tells_the_effect_of_what_was_done(k01d: Comparison) -> None:
    done = next(a for a in k01d.actions if a.id == "separate-funnels")
    assert done.progress == "done"
    assert done.effect is not None
    assert done.effect.early
    assert done.effect.state == "unchanged"
    told = both_languages(k01d)
    assert "Separate the funnels. Done on 15 Jan 2019." in told


def test_k01d_does_not_take_a_cause_for_gone_that_nobody_looked_for(
    k01d: Comparison,
) -> None:
    states = {c.id: c.state for c in k01d.causes}
    assert states["immature-deals"] == "gone"  # looked for, and ruled out
    assert states["no-regular-monitoring"] == "gone"  # asked again: there are reviews
    assert states["unverifiable-data"] == "not_comparable"  # nobody looked at entries
    plan = {a.id: a.reason for a in k01d.actions}
    waiting = plan["formalise-funnel"]
    assert waiting is not None
    assert "may be needed still" in waiting.en


# --- figures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "state", "said"),
    [
        (share(40, 1000), share(90, 1000), "better", "more than chance explains"),
        (share(90, 1000), share(40, 1000), "worse", "more than chance explains"),
        (share(40, 1000), share(45, 1000), "unchanged", "within the noise"),
        (share(1, 20), share(2, 20), "unchanged", "cases to see a change"),
        (share(40, 1000), share(40, 1000), "unchanged", None),
        (amount(60, "cycle.won-median"), amount(40, "cycle.won-median"), "changed",
         "how much of it is chance cannot be told"),
        (amount(5e5, "check.average", "money", interval=(4.9e5, 5.1e5)),
         amount(6e5, "check.average", "money", interval=(5.9e5, 6.1e5)), "better",
         "more than chance"),
        (amount(5e5, "check.average", "money", interval=(3e5, 7e5)),
         amount(6e5, "check.average", "money", interval=(4e5, 8e5)), "unchanged",
         "within the noise"),
        (share(40, 1000, "funnel.none-such"), share(90, 1000, "funnel.none-such"),
         "changed", "more than chance"),
    ],
)  # fmt: skip
def test_a_figure_is_better_or_worse_only_beyond_chance(
    then: MetricRow, now: MetricRow, state: str, said: str | None,
    knowledge: KnowledgeBase,
) -> None:  # fmt: skip
    found = only(compare(run(metrics=[then]), run(metrics=[now]), knowledge))
    assert found.state == state
    assert (found.reason is None) is (said is None)
    if found.reason is not None and said is not None:
        assert said in found.reason.en
        assert re.search("[а-я]", found.reason.ru)


SHARE = share(40, 1000)
CYCLE = {"id": "main", "entry": "first meeting held", "cycle_days": 90.0}


def funnel(**more: Any) -> dict[str, Any]:
    from salesdx.result import FunnelRule

    return {"funnels": [FunnelRule.model_validate(CYCLE | more)]}


BASE = {"hash": "1", "meanings": {"win-rate.closed": "a"}}


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ({"metrics": [SHARE], "knowledge": BASE},
         {"metrics": [share(90, 1000)],
          "knowledge": {"hash": "2", "meanings": {"win-rate.closed": "b"}}},
         "counted another way"),
        ({"metrics": [SHARE], "knowledge": {"hash": "1"}},
         {"metrics": [share(90, 1000)], "knowledge": {"hash": "2", "version": "2.0.0"}},
         "Another version of the knowledge base (1.0.0, now 2.0.0)"),
        ({"metrics": [SHARE]}, {"metrics": [amount(4, "win-rate.closed")]},
         "another unit"),
        ({"metrics": [share(40, 1000, benchmark=0.1)]},
         {"metrics": [share(90, 1000, benchmark=0.2)]}, "10%, now 20%"),
        ({"metrics": [SHARE], "case": funnel()},
         {"metrics": [share(90, 1000)], "case": funnel(entry="any call")},
         "What counts as an entry"),
        ({"metrics": [SHARE]}, {"metrics": [share(9, 10, state="insufficient")]},
         "too few cases"),
        ({"metrics": [SHARE]}, {"metrics": [SHARE.model_copy(update={
            "value": None, "state": "unknown",
            "reason": both("no dates", "нет дат")})]}, "no dates"),
        ({"metrics": [SHARE]}, {}, "not known now"),
        ({}, {"metrics": [SHARE]}, "Not known then"),
        ({"metrics": [share(40, 1000, said_by="head")]}, {"metrics": [SHARE]},
         "Once people said it"),
        ({"metrics": [amount(1e6, "revenue.won", "money")]},
         {"metrics": [amount(2e6, "revenue.won", "money")], "day": "2026-12-31"},
         "another span of time"),
        ({"metrics": [amount(1e6, "check.average", "money")]},
         {"metrics": [amount(2e6, "check.average", "money")],
          "case": {"currency": "EUR"}}, "RUB, now EUR"),
    ],
)  # fmt: skip
def test_what_does_not_mean_the_same_is_not_compared(
    then: dict[str, Any], now: dict[str, Any], said: str, knowledge: KnowledgeBase
) -> None:
    found = only(compare(run(**then), run(**now), knowledge))
    assert found.state == "not_comparable"
    assert found.reason is not None
    assert said in found.reason.en


def test_another_text_in_the_knowledge_leaves_figures_comparable(
    knowledge: KnowledgeBase,
) -> None:
    then = run(metrics=[SHARE], knowledge=BASE)
    now = run(metrics=[share(90, 1000)], knowledge={**BASE, "hash": "2"})
    found = compare(then, now, knowledge)
    assert only(found).state == "better"
    assert [n.id for n in found.notes] == ["knowledge"]


def cohort(period: str, entries: int, mature: int, wins: int) -> Cohort:
    return Cohort(
        period=period, entries=entries, mature=mature, wins=wins,
        rate=wins / mature if mature else None, interval=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cohorts", "state", "early", "said"),
    [
        ([("2026-06", 99, 99, 99), ("2026-07", 200, 0, 0)], "not_comparable", True,
         "none of the 200 entries"),
        ([("2026-07", 100, 100, 25), ("2026-08", 50, 0, 0)], "better", False,
         "Of 100 mature entries made since then 25 were won"),
        ([("2026-07", 100, 100, 25), ("2026-08", 500, 0, 0)], "better", True,
         "Called early: of 600 entries"),
        ([("2026-07", 100, 100, 0)], "worse", False, "were won: 0%"),
        ([("2026", 999, 999, 999), ("2026-Q3", 99, 99, 99)], "unchanged", False,
         "within the noise"),
    ],
)  # fmt: skip
def test_conversion_is_judged_by_the_mature_entries_made_since(
    cohorts: list[tuple[str, int, int, int]], state: str, early: bool, said: str,
    knowledge: KnowledgeBase,
) -> None:  # fmt: skip
    then = run(metrics=[share(60, 1000, MATURE)])
    now = run("2026-10-31", metrics=[share(70, 1100, MATURE)],
              cohorts=[cohort(*c) for c in cohorts])  # fmt: skip
    found = only(compare(then, now, knowledge))
    assert (found.state, found.early) == (state, early)
    assert found.reason is not None
    assert said in found.reason.en


def test_of_many_slices_the_lucky_one_is_not_called_better(
    knowledge: KnowledgeBase,
) -> None:
    """One seller of forty at p = 0.03 is what chance gives; alone he would count."""

    def rows(lucky: int) -> list[MetricRow]:
        sold = [lucky, *[20] * 39]
        return [share(k, 100, slice={"manager": f"M{i}"}) for i, k in enumerate(sold)]

    found = compare(run(metrics=rows(20)), run(metrics=rows(34)), knowledge)
    alone = compare(run(metrics=rows(20)[:1]), run(metrics=rows(34)[:1]), knowledge)
    many = compare(
        run(metrics=[share(20, 100, slice={"manager": f"M{i}"}) for i in range(40)]),
        run(metrics=[share(34 if i == 0 else 20 + (-1) ** i, 100,
                           slice={"manager": f"M{i}"}) for i in range(40)]),
        knowledge,
    )  # fmt: skip
    assert alone.metrics[0].state == "better"
    assert found.metrics[0].state == "better"  # the others did not move at all
    assert many.metrics[0].state == "unchanged"


def test_a_change_of_the_company_says_where_it_came_from(
    knowledge: KnowledgeBase,
) -> None:
    def rows(wins: dict[str, int]) -> list[MetricRow]:
        each = [share(k, 400, slice={"source": s}) for s, k in wins.items()]
        return [share(sum(wins.values()), 400 * len(wins)), *each]

    then = rows({"site": 80, "calls": 80, "fair": 80})
    now = rows({"site": 10, "calls": 80, "fair": 78})
    found = compare(run(metrics=then), run(metrics=now), knowledge)
    [by] = next(m for m in found.metrics if not m.slice).by
    assert (by.dimension, by.because, by.values[0].value) == ("source", "rate", "site")


counts = st.tuples(st.integers(1, 400), st.floats(0, 1)).map(
    lambda t: share(round(t[0] * t[1]), t[0])
)
amounts = st.tuples(st.floats(1, 1e6), st.floats(0.001, 0.5)).map(
    lambda t: amount(t[0], "check.average", "money",
                     interval=(t[0] * (1 - t[1]), t[0] * (1 + t[1])))
)  # fmt: skip
MIRROR = {"better": "worse", "worse": "better", "new": "gone", "gone": "new"}


@settings(max_examples=60)
@given(st.lists(st.tuples(counts, counts) | st.tuples(amounts, amounts), max_size=6))
def test_swapping_the_two_mirrors_better_and_worse(
    pairs: list[tuple[MetricRow, MetricRow]],
) -> None:
    sides = [
        run(metrics=[p[side].model_copy(update={"slice": {"manager": f"M{i}"}})
                     for i, p in enumerate(pairs)])
        for side in (0, 1)
    ]  # fmt: skip
    there = compare(sides[0], sides[1], shipped()).metrics
    back = compare(sides[1], sides[0], shipped()).metrics
    assert [MIRROR.get(m.state, m.state) for m in there] == [m.state for m in back]


@pytest.mark.parametrize("document", [rich(), empty()], ids=["rich", "empty"])
def test_a_result_compared_with_itself_has_not_changed(
    document: ResultDocument, knowledge: KnowledgeBase
) -> None:
    found = compare(document, document, knowledge)
    rows = [*found.causes, *found.losses, *found.metrics, *found.symptoms,
            *found.actions]  # fmt: skip
    assert {r.state for r in rows} <= {"unchanged"}
    assert [n.id for n in found.notes] == ["same"]
    assert Comparison.model_validate_json(found.to_json()) == found
    assert found.to_json() == compare(document, document, knowledge).to_json()


# --- causes, losses, symptoms, actions --------------------------------------------


def with_verdict(verdict: str, **more: Any) -> ResultDocument:
    document = rich()
    cause = document.causes[1].model_copy(update={"verdict": verdict, **more})
    return document.model_copy(update={"causes": [cause]})


@pytest.mark.parametrize(
    ("then", "now", "state"),
    [
        ("likely", "likely", "unchanged"),
        ("likely", "possible", "better"),
        ("possible", "likely", "worse"),
        ("open", "likely", "new"),
        ("unlikely", "possible", "new"),
        ("likely", "ruled_out", "gone"),
        ("possible", "open", "gone"),
        ("likely", "cannot_judge", "not_comparable"),
    ],
)
def test_a_cause_then_and_now(
    then: str, now: str, state: str, knowledge: KnowledgeBase
) -> None:
    found = compare(with_verdict(then), with_verdict(now), knowledge)
    assert [c.state for c in found.causes] == [state]


def test_a_cause_is_not_gone_where_what_spoke_for_it_is_unknown(
    knowledge: KnowledgeBase,
) -> None:
    then = with_verdict("likely")
    now = with_verdict("open", evidence=[]).model_copy(
        update={"metrics": [], "answers": []}
    )
    [found] = compare(then, now, knowledge).causes
    assert found.state == "not_comparable"
    assert found.reason is not None
    assert "is not known now" in found.reason.en
    [back] = compare(now, then, knowledge).causes
    assert back.state == "new"
    assert back.reason is not None
    assert "Seen for the first time" in back.reason.en


@pytest.mark.parametrize(
    ("then", "now"), [("possible", "likely"), ("likely", "possible")]
)
def test_a_cause_is_no_surer_for_what_was_only_asked_later(
    then: str, now: str, knowledge: KnowledgeBase
) -> None:
    """More answers make a cause likely; the company is none the worse for them."""
    blank = {"metrics": [], "answers": []}
    sides = [with_verdict(then), with_verdict(now)]
    poor = 0 if now == "likely" else 1
    sides[poor] = sides[poor].model_copy(update=blank)
    [found] = compare(sides[0], sides[1], knowledge).causes
    assert found.state == "not_comparable"
    assert found.reason is not None
    assert "not known" in found.reason.en


def test_a_verdict_of_other_rules_is_not_compared(knowledge: KnowledgeBase) -> None:
    def judged(verdict: str, mark: str) -> ResultDocument:
        document = with_verdict(verdict)
        told = document.knowledge.model_copy(
            update={"hash": mark, "meanings": {"cause:slow-reply": mark}}
        )
        return document.model_copy(update={"knowledge": told})

    changed = compare(judged("likely", "a"), judged("open", "b"), knowledge)
    assert [c.state for c in changed.causes] == ["not_comparable"]
    same = compare(judged("likely", "a"), judged("likely", "b"), knowledge)
    assert [c.state for c in same.causes] == ["unchanged"]


def lag(state: str, expected: float | None = None, **more: Any) -> Loss:
    money = None
    if expected is not None:
        money = Money(low=expected * 0.8, expected=expected, high=expected * 1.2)
    values = {
        "id": "check.average:manager=M1", "metric": "check.average", "norm": 0.08,
        "title": both("Check", "Чек"), "slice": {"manager": "M1"}, "actual": 0.05,
        "n": 400, "state": state, "money": money, "share": None, "unit": "ratio",
    }  # fmt: skip
    return Loss.model_validate(values | more)


@pytest.mark.parametrize(
    ("then", "now", "state"),
    [
        ([lag("noise")], [lag("confirmed", 9e5)], "new"),
        ([], [lag("suspected", 9e5)], "new"),
        ([lag("confirmed", 9e5)], [lag("noise")], "gone"),
        ([lag("confirmed", 9e5)], [], "gone"),
        ([lag("confirmed", 9e5)], [lag("insufficient")], "not_comparable"),
        ([lag("confirmed", 9e5)], [lag("confirmed", 3e5)], "better"),
        ([lag("confirmed", 3e5)], [lag("confirmed", 9e5)], "worse"),
        ([lag("confirmed", 9e5)], [lag("confirmed", 8e5)], "unchanged"),
        ([lag("suspected")], [lag("suspected", actual=0.055)], "unchanged"),
        ([lag("suspected")], [lag("suspected", actual=0.01)], "worse"),
    ],
)
def test_a_loss_then_and_now(
    then: list[Loss], now: list[Loss], state: str, knowledge: KnowledgeBase
) -> None:
    found = compare(run(losses=then), run(losses=now), knowledge).losses
    assert [x.state for x in found] == [state]


def test_money_is_compared_by_the_year(knowledge: KnowledgeBase) -> None:
    """Twice the loss over twice the time is the same loss."""
    then = run("2025-12-31", "2025-01-01", losses=[lag("confirmed", 4e5)])
    now = run("2026-12-31", "2025-01-01", losses=[lag("confirmed", 8e5)])
    [found] = compare(then, now, knowledge).losses
    assert found.state == "unchanged"


def sign(state: str) -> list[SymptomRow]:
    title = both("Slow", "Медленно")
    return [SymptomRow.model_validate({
        "id": "s", "ref": [], "title": title, "state": state, "because": title,
    })]  # fmt: skip


@pytest.mark.parametrize(
    ("then", "now", "states"),
    [
        ("true", "true", ["unchanged"]),
        ("false", "true", ["new"]),
        ("unknown", "true", ["new"]),
        ("true", "false", ["gone"]),
        ("true", "unknown", ["not_comparable"]),
        ("false", "unknown", []),
    ],
)
def test_a_symptom_then_and_now(
    then: str, now: str, states: list[str], knowledge: KnowledgeBase
) -> None:
    found = compare(run(symptoms=sign(then)), run(symptoms=sign(now)), knowledge)
    assert [s.state for s in found.symptoms] == states


def planned(day: str, value: float, **edit: str) -> ResultDocument:
    """The plan with one action on the first reply: target 1800 s, look on day 20."""
    document = rich()
    action = document.plan[1]
    if edit:
        action = action.model_copy(update={"edit": PlanEdit.model_validate(edit)})
    row = amount(value, "response.first-business", "seconds")
    case = document.case.model_copy(update={"as_of": day})
    return document.model_copy(
        update={"plan": [action], "metrics": [row], "case": case}
    )


@pytest.mark.parametrize(
    ("day", "value", "reached", "early", "said"),
    [
        ("2026-08-30", 1500, True, False, "The target of 30 min is reached"),
        ("2026-08-30", 9000, False, False, "The target of 30 min is not reached"),
        ("2026-07-05", 9000, False, True, "Too early: the day to look is 20 Jul 2026"),
    ],
)
def test_the_effect_of_an_action_is_held_against_its_target(
    day: str, value: float, reached: bool, early: bool, said: str,
    knowledge: KnowledgeBase,
) -> None:  # fmt: skip
    then = planned("2026-06-30", 15120)
    now = planned(day, value, state="done", done="2026-07-02", owner="Анна")
    [found] = compare(then, now, knowledge).actions
    assert (found.state, found.progress) == ("unchanged", "done")
    effect = found.effect
    assert effect is not None
    assert (effect.then, effect.now, effect.target) == (15120, value, 1800)
    assert (effect.reached, effect.early) == (reached, early)
    assert effect.reason is not None
    assert said in effect.reason.en.replace("\u00a0", " ")


def test_results_that_run_backwards_or_of_another_company_are_pointed_out(
    knowledge: KnowledgeBase,
) -> None:
    then, now = run("2026-06-30"), run("2026-01-31", case={"name": "Other"})
    found = compare(then, now, knowledge)
    assert [n.id for n in found.notes] == ["company", "order"]
    assert found.days == -(dt.date(2026, 6, 30) - dt.date(2026, 1, 31)).days


def test_what_is_told_is_in_one_language_only(k01d: Comparison) -> None:
    assert not re.search("[а-яё]", both_languages(k01d).replace("₽", ""), re.IGNORECASE)
