"""From points to verdicts: gates, what cancels, harm, rivals, chains, slices."""

from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import cause, knowledge, metric, question, rule, symptom

from salesdx.facts import COMPANY, Fact, FactBase, Slice, slice_of
from salesdx.inference.executors import choose
from salesdx.inference.infer import Inference, infer

M1, M2 = slice_of(manager="M1"), slice_of(manager="M2")
METRICS = [metric("a"), metric("b"), metric("c"), metric("rate", grain=["manager"])]
QUESTIONS = [question("q.a"), question("q.b"), question("q.c")]
A, B, C = {"a": "< 0.5"}, {"b": "< 0.5"}, {"c": "< 0.5"}


def fact(name: str, value: Any, where: Slice = COMPANY, **more: Any) -> Fact:
    return Fact(name, value, where, **more)


@pytest.fixture(params=["reference", "durable"])
def executor(request: pytest.FixtureRequest) -> str:
    if request.param == "durable":
        pytest.importorskip("durable_rules_engine")
    return str(request.param)


def judge(
    folder: Path, executor: str, causes: list[Any], facts: list[Fact], **more: Any
) -> Inference:
    parts = {"metrics": METRICS, "questions": QUESTIONS} | more
    base = knowledge(folder, causes=causes, **parts)
    return infer(base, FactBase.of(facts), choose(base, executor))


def verdict(found: Inference, name: str, where: Slice = COMPANY) -> str:
    return found.causes[name, where].verdict


def test_one_strong_item_alone_is_not_likely(tmp_path: Path, executor: str) -> None:
    found = judge(tmp_path, executor, [cause("x", [rule("r", A)])], [fact("a", 0.1)])
    assert verdict(found, "x") == "possible"


def test_two_independent_items_are_likely(tmp_path: Path, executor: str) -> None:
    rules = [rule("r", A), rule("s", B, "moderate")]
    facts = [fact("a", 0.1), fact("b", 0.1)]
    found = judge(tmp_path, executor, [cause("x", rules)], facts)
    assert verdict(found, "x") == "likely"


def test_ten_points_from_one_group_are_not_possible(
    tmp_path: Path, executor: str
) -> None:
    rules = [rule("r", A, "moderate")]
    found = judge(tmp_path, executor, [cause("x", rules)], [fact("a", 0.1)])
    assert verdict(found, "x") == "open"


def test_ten_points_from_two_groups_are_possible(tmp_path: Path, executor: str) -> None:
    rules = [rule("r", A, "slight"), rule("s", B, "slight")]
    facts = [fact("a", 0.1), fact("b", 0.1)]
    assert verdict(judge(tmp_path, executor, [cause("x", rules)], facts), "x") == (
        "possible"
    )


def test_rules_that_read_the_same_figure_count_once(
    tmp_path: Path, executor: str
) -> None:
    rules = [rule("r", A), rule("s", {"a": "< 0.3"}, "considerable")]
    found = judge(tmp_path, executor, [cause("x", rules)], [fact("a", 0.1)])
    assert found.causes["x", COMPANY].total.points == 40


def test_a_symptom_is_expanded_before_leaves_are_compared(
    tmp_path: Path, executor: str
) -> None:
    rules = [rule("r", {"symptom": "low"}), rule("s", {"a": "< 0.3"}, "considerable")]
    found = judge(
        tmp_path, executor, [cause("x", rules)], [fact("a", 0.1)],
        symptoms=[symptom("low", A)],
    )  # fmt: skip
    assert found.causes["x", COMPANY].total.points == 40


def test_a_question_linked_to_a_metric_shares_its_leaf(
    tmp_path: Path, executor: str
) -> None:
    asked = [question("q.share", "number", metric="a")]
    rules = [rule("r", A), rule("s", {"q.share": "< 3"}, "considerable")]
    found = judge(
        tmp_path, executor, [cause("x", rules)],
        [fact("a", 0.1), fact("q.share", 1, origin="answer")], questions=asked,
    )  # fmt: skip
    assert found.causes["x", COMPANY].total.points == 40


def test_independent_rules_on_one_figure_add_when_a_reason_is_given(
    tmp_path: Path, executor: str
) -> None:
    rules = [rule("r", A), rule("s", A, "considerable", independent="another year")]
    found = judge(tmp_path, executor, [cause("x", rules)], [fact("a", 0.1)])
    assert found.causes["x", COMPANY].total.points == 60


def test_answer_confidence_scales_and_never_flips(
    tmp_path: Path, executor: str
) -> None:
    rules = [rule("r", {"q.a": "no"}, direct=True)]
    unsure = [fact("q.a", False, confidence=60, origin="answer")]
    found = judge(tmp_path, executor, [cause("x", rules)], unsure)
    assert found.causes["x", COMPANY].total.points == 24


def test_direct_evidence_is_not_capped_like_a_single_answer(
    tmp_path: Path, executor: str
) -> None:
    plain = cause("x", [rule("r", {"q.a": "no"})])
    direct = cause("y", [rule("r", {"q.a": "no"}, direct=True)])
    found = judge(tmp_path, executor, [plain, direct], [fact("q.a", False)])
    assert found.causes["x", COMPANY].total.points == 20
    assert found.causes["y", COMPANY].total.points == 40


LIKELY = [rule("r", A), rule("s", B, "moderate")]
BOTH = [fact("a", 0.1), fact("b", 0.1)]


@pytest.mark.parametrize(
    ("c", "expected"), [(0.1, "likely"), (0.9, "possible"), (None, "possible")]
)
def test_a_gate_must_be_known_and_true(
    tmp_path: Path, executor: str, c: float | None, expected: str
) -> None:
    found = judge(
        tmp_path, executor, [cause("x", LIKELY, gate=[C])], [*BOTH, fact("c", c)]
    )
    assert verdict(found, "x") == expected


@pytest.mark.parametrize(
    ("c", "expected"), [(0.1, "ruled_out"), (0.9, "likely"), (None, "likely")]
)
@pytest.mark.parametrize("key", ["unless", "rules_out"])
def test_what_cancels_wins_and_unknown_does_not_block(
    tmp_path: Path, executor: str, key: str, c: float | None, expected: str
) -> None:
    found = judge(
        tmp_path, executor, [cause("x", LIKELY, **{key: [C]})], [*BOTH, fact("c", c)]
    )
    assert verdict(found, "x") == expected


def test_without_what_it_needs_a_cause_cannot_be_judged(
    tmp_path: Path, executor: str
) -> None:
    found = judge(tmp_path, executor, [cause("x", LIKELY, needs=["c"])], BOTH)
    assert verdict(found, "x") == "cannot_judge"


@pytest.mark.parametrize(
    ("c", "expected"), [(0.1, "likely"), (0.9, "possible"), (None, "likely")]
)
def test_no_harm_no_cause(
    tmp_path: Path, executor: str, c: float | None, expected: str
) -> None:
    found = judge(
        tmp_path, executor, [cause("x", LIKELY, explains=["harm"])],
        [*BOTH, fact("c", c)], symptoms=[symptom("harm", C)],
    )  # fmt: skip
    assert verdict(found, "x") == expected


def test_strong_evidence_against_makes_a_cause_unlikely(
    tmp_path: Path, executor: str
) -> None:
    rules = {"against": [rule("n", B, "decisive")]}
    found = judge(tmp_path, executor, [cause("x", [rule("r", A)], **rules)],
                  [fact("a", 0.9), fact("b", 0.1)])  # fmt: skip
    assert verdict(found, "x") == "unlikely"


def test_a_chain_passes_on_no_more_than_its_source_has(
    tmp_path: Path, executor: str
) -> None:
    source = cause("x", [rule("r", A), rule("s", B, "slight")])
    chained = cause("y", [rule("t", {"cause": "x"}, "decisive")])
    found = judge(tmp_path, executor, [source, chained], BOTH)
    assert verdict(found, "x") == "likely"
    assert found.causes["y", COMPANY].total.points == 45


def test_a_cause_that_is_only_possible_does_not_chain(
    tmp_path: Path, executor: str
) -> None:
    source = cause("x", [rule("r", A)])
    chained = cause("y", [rule("t", {"cause": "x"}, "decisive")])
    found = judge(tmp_path, executor, [source, chained], [fact("a", 0.1)])
    assert found.causes["y", COMPANY].total.points == 0
    assert verdict(found, "y") == "open"


def test_two_chains_count_once(tmp_path: Path, executor: str) -> None:
    chained = cause("y", [
        rule("t", {"cause": "x"}, "strong"), rule("u", {"cause": "z"}, "strong"),
    ])  # fmt: skip
    found = judge(
        tmp_path, executor, [cause("x", LIKELY), cause("z", LIKELY), chained], BOTH
    )
    assert found.causes["y", COMPANY].total.points == 40


def test_rivals_that_nothing_separates_are_not_likely(
    tmp_path: Path, executor: str
) -> None:
    causes = [cause("x", LIKELY, rivals=["y"]), cause("y", LIKELY)]
    found = judge(tmp_path, executor, causes, BOTH)
    assert (verdict(found, "x"), verdict(found, "y")) == ("possible", "possible")
    assert found.causes["x", COMPANY].rivals == ("y",)


def test_a_discriminator_separates_rivals(tmp_path: Path, executor: str) -> None:
    apart = rule("d", C, "moderate", discriminates=["y"])
    causes = [cause("x", [*LIKELY, apart], rivals=["y"]), cause("y", LIKELY)]
    found = judge(tmp_path, executor, causes, [*BOTH, fact("c", 0.1)])
    assert verdict(found, "x") == "likely"


BLAME = {"kind": "people", "for_each": "manager"}


def test_a_cause_that_blames_a_manager_names_one(tmp_path: Path, executor: str) -> None:
    rules = [rule("r", {"rate": "< 0.2"}, "decisive")]
    facts = [fact("rate", 0.1, M1), fact("rate", 0.3, M2)]
    found = judge(tmp_path, executor, [cause("x", rules, **BLAME)], facts)
    assert verdict(found, "x", M1) == "likely"
    assert verdict(found, "x", M2) == "open"
    assert ("x", COMPANY) not in found.causes


def test_an_answer_without_a_person_never_blames_one(
    tmp_path: Path, executor: str
) -> None:
    asked = [question("q.skill", about="manager")]
    rules = [rule("r", {"q.skill": "no"}, "decisive", direct=True)]
    facts = [fact("q.skill", False), fact("rate", 0.1, M1)]
    found = judge(
        tmp_path, executor, [cause("x", rules, **BLAME)], facts, questions=asked
    )
    assert found.causes["x", M1].total.points == 0


@pytest.mark.parametrize(
    ("state", "expected"),
    [("confirmed", True), ("noise", False), ("suspected", None), (None, None)],
)
def test_gaps_follow_the_loss_map(
    tmp_path: Path, executor: str, state: str | None, expected: bool | None
) -> None:
    low = symptom("low", {"gap": "rate"}, for_each="manager")
    facts = [fact("gap:rate", state, M1), fact("rate", 0.1, M1)]
    found = judge(tmp_path, executor, [cause("x", LIKELY)], facts, symptoms=[low])
    assert found.symptoms["low", M1].outcome.state is expected


def test_a_sliced_symptom_is_true_for_the_company_if_any_slice_is(
    tmp_path: Path, executor: str
) -> None:
    low = symptom("low", {"rate": "< 0.2"}, for_each="manager")
    facts = [fact("rate", 0.1, M1), fact("rate", 0.3, M2)]
    found = judge(tmp_path, executor, [cause("x", LIKELY)], facts, symptoms=[low])
    assert found.symptoms["low", COMPANY].outcome.state is True


def test_a_sliced_rule_lends_its_best_slice_to_the_company(
    tmp_path: Path, executor: str
) -> None:
    rules = [rule("r", {"rate": "< 0.2"}, for_each="manager"), rule("s", B, "moderate")]
    facts = [fact("rate", 0.1, M1), fact("rate", 0.3, M2), fact("b", 0.1)]
    found = judge(tmp_path, executor, [cause("x", rules)], facts)
    assert verdict(found, "x") == "likely"
    assert verdict(found, "x", M1) == "likely"
    assert ("x", M2) not in found.causes


def test_a_question_that_points_at_a_cause_is_slight_evidence(
    tmp_path: Path, executor: str
) -> None:
    asked = [question("q.a", problem={"when": "no", "causes": ["x"]})]
    found = judge(tmp_path, executor, [cause("x", [rule("r", A)])],
                  [fact("q.a", False)], questions=asked)  # fmt: skip
    assert found.causes["x", COMPANY].total.points == 5


def test_a_rule_that_reads_the_question_supersedes_its_slight_evidence(
    tmp_path: Path, executor: str
) -> None:
    asked = [question("q.a", problem={"when": "no", "causes": ["x"]})]
    rules = [rule("r", {"all": [A, {"q.a": "no"}]})]
    found = judge(tmp_path, executor, [cause("x", rules)], [fact("q.a", False)],
                  questions=asked)  # fmt: skip
    assert found.causes["x", COMPANY].total.points == 0


def test_dont_know_is_unknown_and_one_slight_item_where_declared(
    tmp_path: Path, executor: str
) -> None:
    problem = {"when": "no", "causes": ["x"]}
    asked = [question("q.a", problem=problem, dont_know="problem")]
    said = [fact("q.a", None, dont_know=True, origin="answer")]
    found = judge(tmp_path, executor, [cause("x", [rule("r", A)])], said,
                  questions=asked)  # fmt: skip
    assert found.causes["x", COMPANY].total.points == 5


def test_causes_of_the_other_sales_model_are_not_judged(tmp_path: Path) -> None:
    base = knowledge(
        tmp_path, causes=[cause("x", LIKELY, applies_to=["b2c"])],
        metrics=METRICS, questions=QUESTIONS,
    )  # fmt: skip
    found = infer(base, FactBase.of(BOTH), choose(base, "reference"), sales_model="b2b")
    assert found.causes == {}


def test_an_answer_in_place_of_a_figure_is_still_one_answer(
    tmp_path: Path, executor: str
) -> None:
    """Measured, the rule counts in full; merely said, within the allowance of 20."""
    said = {"all": [{"unknown": "a"}, {"q.a": "yes"}]}
    either = {"any": [{"all": [{"known": "a"}, A]}, said]}
    x = [cause("x", [rule("r", either)])]
    answered = fact("q.a", True, origin="answer")
    alone = judge(tmp_path / "1", executor, x, [answered])
    assert alone.causes["x", COMPANY].total.points == 20
    measured = judge(tmp_path / "2", executor, x, [answered, fact("a", 0.1)])
    assert measured.causes["x", COMPANY].total.points == 40
