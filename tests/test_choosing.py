"""Which question comes next: what is worth most, whatever the way there."""

import random
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from knowledge_fixture import cause, dump, question, rule, symptom, write
from knowledge_fixture import metric as figure

from salesdx.answers.log import Answer, AnswerLog
from salesdx.company import Respondent
from salesdx.facts import Fact, FactBase
from salesdx.inference.possible import Values
from salesdx.interview.agenda import Ask
from salesdx.interview.candidate import Candidate, StopAdvice
from salesdx.interview.choosing import GUIDED, Chooser
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load

PEOPLE = {"h": Respondent(role="head"), "s": Respondent(role="seller")}
TEXT = {"en": "text", "ru": "текст"}


def made(folder: Path, causes: list[Any], names: list[Any], **more: Any) -> Chooser:
    """A chooser over a small knowledge base of yes-or-no questions."""
    options = {k: more.pop(k) for k in ("stakes", "keeping") if k in more}
    entries = [question(n) if isinstance(n, str) else n for n in names]
    elsewhere = more.pop("elsewhere", None)
    write(folder, causes=causes, questions=entries, **more)
    if elsewhere:
        dump(folder, "questionnaires/other.yaml", {
            "format": 1, "id": "other", "title": TEXT, "intro": TEXT,
            "questions": [question(n) for n in elsewhere],
        })  # fmt: skip
    return Chooser(load(folder=folder), **options)


def said(name: str, value: Any = False, **more: Any) -> Answer:
    state = more.pop("state", "answered")
    return Answer(
        question=name, by=more.pop("by", "h"), role=more.pop("role", "head"),
        value=value if state == "answered" else None, state=state, confidence=100,
        about=(), agreed=False, note="", **more,
    )  # fmt: skip


def facts_of(log: AnswerLog) -> FactBase:
    return FactBase.of(
        Fact(a.question, a.value, origin="answer", dont_know=a.state == "dont_know")
        for a in log.answers if a.state != "later"
    )  # fmt: skip


def asks(chooser: Chooser, log: AnswerLog) -> list[Ask]:
    done = {a.question for a in log.answers if a.state != "later"}
    questions = chooser.knowledge.questions.values()
    return [Ask(q) for q in questions if q.id not in done and q.about is None]


def best(
    chooser: Chooser, *answers: Answer, facts: list[Fact] | None = None, **more: Any
) -> list[Candidate]:
    log = AnswerLog(respondents=PEOPLE, answers=answers)
    known = facts_of(log).with_facts(facts or [])
    options: dict[str, Any] = {"role": "head", "most": 99, **more}
    return chooser.candidates(known, log, asks(chooser, log), **options)


def order(found: list[Candidate]) -> list[str]:
    return [c.ask.question.id for c in found]


def worth(found: list[Candidate]) -> dict[str, float]:
    return {c.ask.question.id: c.utility for c in found}


def advised(chooser: Chooser, *answers: Answer) -> StopAdvice:
    log = AnswerLog(respondents=PEOPLE, answers=answers)
    return chooser.stop(facts_of(log), log, asks(chooser, log), role="head")


def strong(name: str, *read: str) -> Any:
    return rule(name, {"all": [{r: "no"} for r in read]}, direct=len(read) == 1)


class TestWorth:
    def test_the_weightier_evidence_comes_first(self, tmp_path: Path) -> None:
        causes = [
            cause("a", [rule("weak", {"q.a": "no"}, "slight"), strong("s", "q.b")])
        ]
        assert order(best(made(tmp_path, causes, ["q.a", "q.b"]))) == ["q.b", "q.a"]

    def test_the_quicker_question_comes_first(self, tmp_path: Path) -> None:
        causes = [cause("a", [strong("r", "q.a")]), cause("b", [strong("r", "q.b")])]
        names = [question("q.a", seconds=40), question("q.b", seconds=10)]
        assert order(best(made(tmp_path, causes, names))) == ["q.b", "q.a"]

    def test_a_rule_that_needs_two_answers_is_found(self, tmp_path: Path) -> None:
        """One step ahead neither answer moves a point: only both together do."""
        causes = [cause("a", [strong("both", "q.b", "q.c")])]
        found = best(made(tmp_path, causes, ["q.a", "q.b", "q.c"]))
        assert order(found) == ["q.b", "q.c", "q.a"]
        assert all(u > 0 for n, u in worth(found).items() if n != "q.a")

    def test_the_missing_half_of_a_rule_gains_by_the_other(
        self, tmp_path: Path
    ) -> None:
        causes = [cause("a", [strong("both", "q.b", "q.c")])]
        chooser = made(tmp_path, causes, ["q.b", "q.c"])
        before, after = worth(best(chooser)), worth(best(chooser, said("q.b")))
        assert after["q.c"] > before["q.c"]
        assert worth(best(chooser, said("q.b", True)))["q.c"] == 0

    def test_what_only_a_gate_or_a_symptom_reads_counts(self, tmp_path: Path) -> None:
        causes = [
            cause("a", [rule("r", {"m": "< 1"}, "decisive")], gate=[{"q.gate": "yes"}]),
            cause("b", [rule("s", {"symptom": "low"})]),
        ]
        chooser = made(
            tmp_path, causes, ["q.gate", "q.idle", "q.low"], metrics=[figure("m")],
            symptoms=[symptom("low", {"q.low": "no"})],
        )  # fmt: skip
        found = best(chooser, facts=[Fact("m", 0.5)])
        assert order(found)[-1] == "q.idle"
        assert worth(found)["q.gate"] > 0 < worth(found)["q.low"]

    def test_a_known_figure_makes_a_claim_worthless(self, tmp_path: Path) -> None:
        claim = {"any": [{"m": "< 0.5"}, {"all": [{"unknown": "m"}, {"q.a": "no"}]}]}
        chooser = made(tmp_path, [cause("a", [rule("r", claim)])], ["q.a"],
                       metrics=[figure("m")])  # fmt: skip
        assert worth(best(chooser))["q.a"] > 0
        assert worth(best(chooser, facts=[Fact("m", 0.9)]))["q.a"] == 0

    def test_more_money_at_stake_is_worth_more(self, tmp_path: Path) -> None:
        causes = [
            cause(n, [rule("r", {f"q.{n}": "no"}, "decisive", direct=True)])
            for n in "ab"
        ]
        chooser = made(tmp_path, causes, ["q.a", "q.b"], stakes={"a": 1.0, "b": 3.0})
        assert order(best(chooser)) == ["q.b", "q.a"]


class TestIdle:
    CAUSES: ClassVar[list[Any]] = [
        cause("a", [strong("r", "q.b"), rule("s", {"q.c": "no"}, "slight")])
    ]

    def test_what_no_rule_reads_comes_last_in_order_and_stays(
        self, tmp_path: Path
    ) -> None:
        found = best(made(tmp_path, self.CAUSES, ["q.a", "q.b", "q.c", "q.d", "q.e"]))
        assert order(found) == ["q.b", "q.c", "q.a", "q.d", "q.e"]

    def test_it_changes_nothing_for_the_others(self, tmp_path: Path) -> None:
        few = best(made(tmp_path / "few", self.CAUSES, ["q.b", "q.c"]))
        more = best(made(tmp_path / "more", self.CAUSES, ["q.a", "q.b", "q.c", "q.d"]))
        assert {n: u for n, u in worth(more).items() if n in worth(few)} == worth(few)

    def test_equals_keep_the_order_given(self, tmp_path: Path) -> None:
        names = [f"q.{n}" for n in "dbca"]
        causes = [cause(n[2:], [strong("r", n)]) for n in names]
        chooser = made(tmp_path, causes, names)
        assert order(best(chooser)) == [
            a.question.id for a in asks(chooser, AnswerLog())
        ]


class TestRespondent:
    CAUSES: ClassVar[list[Any]] = [
        cause("a", [strong("r", "q.a")]),
        cause("b", [strong("r", "q.b")]),
    ]

    def chooser(self, folder: Path, **more: Any) -> Chooser:
        return made(folder, self.CAUSES, ["q.a", "q.n1", "q.n2"],
                    elsewhere=["q.b"], **more)  # fmt: skip

    def test_who_knows_little_of_a_subject_is_asked_less_of_it(
        self, tmp_path: Path
    ) -> None:
        chooser = self.chooser(tmp_path)
        assert order(best(chooser))[0] == "q.a"
        unsure = [said(n, state="dont_know") for n in ("q.n1", "q.n2")]
        assert order(best(chooser, *unsure)) == ["q.b", "q.a"]

    def test_of_another_role_that_tells_nothing(self, tmp_path: Path) -> None:
        chooser = self.chooser(tmp_path)
        other = [said(n, state="dont_know", by="s", role="seller")
                 for n in ("q.n1", "q.n2")]  # fmt: skip
        assert order(best(chooser, *other)) == ["q.a", "q.b"]

    @pytest.mark.parametrize("keeping", [1.6, GUIDED])
    def test_the_subject_is_kept_where_that_costs_little(
        self, tmp_path: Path, keeping: float
    ) -> None:
        chooser = self.chooser(tmp_path, keeping=keeping)
        free, kept = worth(best(chooser)), worth(best(chooser, section="other"))
        assert order(best(chooser, section="other"))[0] == "q.b"
        assert kept["q.b"] == pytest.approx(keeping * free["q.b"], rel=1e-6)

    def test_what_was_put_off_comes_last(self, tmp_path: Path) -> None:
        found = best(self.chooser(tmp_path), said("q.a", state="later"))
        assert order(found) == ["q.b", "q.n1", "q.n2", "q.a"]


class TestRelevance:
    CAUSES: ClassVar[list[Any]] = [
        cause("a", [strong("r", "q.b")]),
        cause("b", [rule("r", {"q.c": "no"})]),
    ]
    NAMES: ClassVar[list[Any]] = [
        "q.a",
        question("q.b", relevant_if={"q.a": "yes"}),
        "q.c",
    ]

    def test_the_question_that_decides_comes_first(self, tmp_path: Path) -> None:
        found = best(made(tmp_path, self.CAUSES, self.NAMES))
        assert order(found).index("q.a") < order(found).index("q.b")
        assert worth(found)["q.a"] > 0
        deciding = next(c for c in found if c.ask.question.id == "q.a")
        assert "text" in deciding.reason.en
        assert "Decides" in deciding.reason.en

    def test_then_the_other_counts_in_full(self, tmp_path: Path) -> None:
        chooser = made(tmp_path, self.CAUSES, self.NAMES)
        before, after = worth(best(chooser)), worth(best(chooser, said("q.a", True)))
        assert after["q.b"] > before["q.b"]


class TestStop:
    CAUSES: ClassVar[list[Any]] = [
        cause("a", [strong(f"r{i}", f"q.a{i}") for i in range(3)]),
        cause("b", [rule("r", {"q.b": "no"}, "slight")]),
    ]
    NAMES: ClassVar[list[Any]] = [
        "q.a0",
        "q.a1",
        "q.a2",
        "q.b",
        *(f"q.n{i}" for i in range(4)),
    ]
    LIKELY: ClassVar[list[Any]] = [said("q.a0"), said("q.a1")]

    def test_nothing_left_is_settled(self, tmp_path: Path) -> None:
        advice = advised(made(tmp_path, self.CAUSES, self.NAMES),
                         *map(said, self.NAMES))  # fmt: skip
        assert (advice.suggested, advice.settled, advice.flip) == (True, True, 0.0)
        assert advice.leader == "a"

    def test_at_first_it_goes_on(self, tmp_path: Path) -> None:
        advice = advised(made(tmp_path, self.CAUSES, self.NAMES))
        assert not advice.suggested
        assert advice.leader is None
        assert advice.flip > 0.1

    def test_idle_questions_do_not_keep_it_going(self, tmp_path: Path) -> None:
        advice = advised(made(tmp_path, self.CAUSES, self.NAMES),
                         *map(said, self.NAMES[:4]))  # fmt: skip
        assert advice.settled

    def test_a_leader_that_nothing_can_pass_is_settled(self, tmp_path: Path) -> None:
        advice = advised(made(tmp_path, self.CAUSES, self.NAMES), *self.LIKELY)
        assert (advice.suggested, advice.settled) == (True, True)
        assert "«" in advice.reason.ru

    def test_a_rival_of_equal_weight_keeps_it_going(self, tmp_path: Path) -> None:
        rival = cause("rival", [strong(f"r{i}", f"q.n{i}") for i in range(3)])
        chooser = made(tmp_path, [*self.CAUSES, rival], self.NAMES)
        half = [said("q.a0"), said("q.a1", True), said("q.a2"), said("q.b", True)]
        advice = advised(chooser, *half, said("q.n0"))
        assert advice.leader == "a"
        assert not advice.settled
        assert advice.flip > 0.02
        assert not advice.suggested

    def test_the_core_comes_before_any_stop(self, tmp_path: Path) -> None:
        rival = cause("rival", [strong(f"r{i}", f"q.n{i}") for i in range(3)])
        names = [*self.NAMES[:5], *(question(n, core=True) for n in self.NAMES[5:])]
        advice = advised(made(tmp_path, [*self.CAUSES, rival], names), *self.LIKELY)
        assert not advice.suggested
        assert "3" in advice.reason.en

    def test_more_evidence_for_the_leader_never_makes_a_flip_likelier(
        self, tmp_path: Path
    ) -> None:
        rival = cause("rival", [rule(f"r{i}", {f"q.n{i}": "no"}, "considerable",
                                     direct=True) for i in range(3)])  # fmt: skip
        chooser = made(tmp_path, [*self.CAUSES, rival], self.NAMES)
        flips = [advised(chooser, *map(said, self.NAMES[:n])).flip for n in range(1, 4)]
        assert flips == sorted(flips, reverse=True)


class TestReasons:
    def test_two_causes_that_part_are_told_apart(self, tmp_path: Path) -> None:
        causes = [
            cause("a", [strong("r", "q.a")], title={"en": "Alpha", "ru": "Альфа"}),
            cause("b", [rule("r", {"q.a": "yes"}, direct=True)],
                  title={"en": "Beta", "ru": "Бета"}),
        ]  # fmt: skip
        (found,) = best(made(tmp_path, causes, ["q.a"]))
        assert set(found.causes) == {"a", "b"}
        assert found.reason.en.startswith("Tells “")
        assert found.reason.ru.startswith("Отличит «")
        assert "«Альфа» (пока под вопросом)" in found.reason.ru

    def test_one_cause_is_confirmed_or_cleared(self, tmp_path: Path) -> None:
        causes = [cause("a", [strong("r", "q.a")])]
        (found,) = best(made(tmp_path, causes, ["q.a"]))
        assert found.reason.en == "Shows whether it is this: “text”."
        assert found.reason.ru == "Покажет, в этом ли дело: «текст»."

    def test_an_idle_question_says_so(self, tmp_path: Path) -> None:
        found = best(made(tmp_path, [cause("a", [strong("r", "q.a")])], ["q.a", "q.b"]))
        assert found[1].causes == ()
        assert "picture" in found[1].reason.en


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def answers(base: KnowledgeBase) -> list[Answer]:
    chance, values = random.Random(11), Values(base)
    found = []
    asked = [q for q, e in base.questions.items() if e.about is None]
    for name in chance.sample(asked, 60):
        value = chance.choice(values.of(name, ())).value
        state = "dont_know" if chance.random() < 0.15 else "answered"
        found.append(said(name, value, state=state))
    return found


class TestShipped:
    """Over the shipped knowledge base."""

    def both(
        self, chooser: Chooser, answers: list[Answer]
    ) -> tuple[list[Candidate], StopAdvice]:
        return best(chooser, *answers), advised(chooser, *answers)

    def test_warm_is_cold_and_the_way_there_does_not_matter(
        self, base: KnowledgeBase, answers: list[Answer]
    ) -> None:
        warm, other = (Chooser(base, sales_model="b2b") for _ in range(2))
        back = [*reversed(answers)]
        for n in range(0, len(answers) + 1, 4):
            self.both(warm, answers[:n])
            self.both(other, back[:n])
        self.both(other, back[:30])  # answers taken back on the way
        at_end = self.both(warm, answers)
        assert at_end == self.both(Chooser(base, sales_model="b2b"), answers)
        assert at_end == self.both(other, answers)
        mixed = best(other, *back)
        assert [replace(c, utility=0.0) for c in mixed] == [
            replace(c, utility=0.0) for c in at_end[0]
        ]

    def test_slices_change_nothing_about_that(
        self, base: KnowledgeBase, answers: list[Answer]
    ) -> None:
        rows = [Fact("conversion.mature", 0.1 * i, (("manager", f"M{i}"),))
                for i in range(1, 4)]  # fmt: skip
        warm = Chooser(base)
        for n in range(0, 30, 3):
            best(warm, *answers[:n], facts=rows)
        cold = best(Chooser(base), *answers[:27], facts=rows)
        assert best(warm, *answers[:27], facts=rows) == cold

    def test_reasons_name_no_figure_and_are_whole_in_both_languages(
        self, base: KnowledgeBase, answers: list[Answer]
    ) -> None:
        for one in best(Chooser(base), *answers[:20]):
            assert "%" not in one.reason.en + one.reason.ru
            assert not re.search(r"\b0\.\d", one.reason.en)
            assert one.reason.en
            assert re.search("[а-яё]", one.reason.ru)

    def test_the_next_question_takes_no_time_to_speak_of(
        self, base: KnowledgeBase, answers: list[Answer]
    ) -> None:
        """20 ms on an idle machine; the processor's time, for others may be busy."""
        start = time.process_time()
        chooser = Chooser(base, sales_model="b2b")
        assert time.process_time() - start < 0.6
        self.both(chooser, [])
        log = AnswerLog(respondents=PEOPLE)
        took = []
        for answer in answers:
            log = log.model_copy(update={"answers": (*log.answers, answer)})
            facts, left = facts_of(log), asks(chooser, log)
            start = time.process_time()
            chooser.stop(facts, log, left, role="head")
            chooser.candidates(facts, log, left, role="head")
            took.append(time.process_time() - start)
        took.sort()
        assert took[len(took) // 2] < 0.02
        assert took[int(0.95 * len(took))] < 0.05
