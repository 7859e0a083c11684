"""How an interview stands after a log: order, time, subjects, what is kept."""

from pathlib import Path
from typing import Any

import pytest
from interview_fixture import Told, base

from salesdx.answers.facts import settle
from salesdx.answers.log import Answer, AnswerLog
from salesdx.answers.relevance import active
from salesdx.company import Respondent
from salesdx.facts import FactBase
from salesdx.interview.finding import named, search
from salesdx.interview.standing import (
    QUICK_BEYOND_CORE,
    SHOWN,
    Asking,
    Standing,
    of_list,
    standing,
    switched,
)
from salesdx.interview.timing import minutes
from salesdx.knowledge.base import KnowledgeBase

PEOPLE = {"h": Respondent(role="head"), "o": Respondent(role="owner")}
VALUES = {"manager": ["M1", "M2"]}
Said = tuple[str, Any]


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return base(tmp_path_factory.mktemp("kb"))


def answer(name: str, value: Any, by: str = "h", **where: str) -> Answer:
    state = value if value in ("later", "dont_know", "refused") else "answered"
    return Answer(
        question=name, by=by, role=PEOPLE[by].role, state=state, confidence=100,
        value=value if state == "answered" else None, about=tuple(where.items()),
        agreed=False, note="",
    )  # fmt: skip


def log(*said: Answer) -> AnswerLog:
    return AnswerLog(respondents=PEOPLE, answers=said)


def stands(
    kb: KnowledgeBase, *said: Answer, chooser: Told | None = None, **how: Any
) -> Standing:
    given: dict[str, Any] = {"role": "head", "by": "h", "mode": "full",
                             "values": VALUES} | how  # fmt: skip
    whole = log(*said)
    facts = FactBase.of(settle(whole, kb).facts)
    return standing(kb, whole, active(facts, kb, None), Asking(**given), chooser)


def names(found: Standing) -> list[str]:
    return list(dict.fromkeys(a.question.id for a in found.left))


def asked(found: Standing) -> str:
    assert found.next is not None
    return found.next.question.id


def test_full_goes_by_the_author_and_lets_wait_what_is_not_decided_yet(
    kb: KnowledgeBase,
) -> None:
    now = stands(kb)
    assert names(now) == ["a.core", "a.deadline", "a.crm", "a.share", "a.own",
                          "a.words", "b.more", "a.kept", "a.reports"]  # fmt: skip
    assert asked(now) == "a.core"
    assert (now.candidates, now.stop) == ((), None)
    after = stands(kb, answer("a.core", True), answer("a.deadline", True))
    assert asked(after) == "a.kept"


@pytest.mark.parametrize("known", ["dont_know", "refused"])
def test_what_nobody_decides_is_asked(kb: KnowledgeBase, known: str) -> None:
    now = stands(kb, answer("a.core", True), answer("a.deadline", known))
    assert asked(now) == "a.kept"


def test_quick_asks_the_core_then_what_settles_most_then_advises_to_stop(
    kb: KnowledgeBase,
) -> None:
    told = Told("a.words", "a.crm", stop_after=3)
    assert asked(stands(kb, chooser=told, mode="quick")) == "a.core"
    first = answer("a.core", False)
    assert asked(stands(kb, first, chooser=told, mode="quick")) == "a.share"
    core = [first, answer("a.share", 30)]
    now = stands(kb, *core, chooser=told, mode="quick")
    assert (asked(now), len(now.candidates), now.stop) == ("a.words", 1, None)
    now = stands(kb, *core, answer("a.words", "so"), chooser=told, mode="quick")
    assert asked(now) == "a.crm"
    assert now.stop is not None
    again = stands(kb, *core, answer("a.words", "so"), chooser=told, mode="quick",
                   advise=False)  # fmt: skip
    assert again.stop is None


def test_guided_shows_five_with_their_reasons(kb: KnowledgeBase) -> None:
    now = stands(kb, chooser=Told("b.more", "a.crm"), mode="guided")
    assert [c.ask.question.id for c in now.candidates][:2] == ["b.more", "a.crm"]
    assert len(now.candidates) == SHOWN
    assert asked(now) == "b.more"


def test_what_was_put_off_comes_at_the_end_and_once(kb: KnowledgeBase) -> None:
    rest = [answer(n, v) for n, v in (
        ("a.deadline", False), ("a.crm", "heads"), ("a.share", 3), ("a.words", "w"),
        ("b.more", True))]  # fmt: skip
    own = [answer("a.own", True, manager=m) for m in ("M1", "M2")]
    now = stands(kb, answer("a.core", "later"), *rest)
    assert (asked(now), now.coming) == ("a.own", False)
    assert names(now)[-1] == "a.core"
    now = stands(kb, answer("a.core", "later"), *rest, *own)
    assert (asked(now), now.coming) == ("a.core", True)
    now = stands(kb, answer("a.core", "later"), *rest, *own,
                 passed=frozenset([("a.core", ())]))  # fmt: skip
    assert now.next is None
    assert now.put_off == {("a.core", ())}
    both = [answer("a.crm", "later"), answer("a.core", "later")]
    kept = [a for a in rest if a.question != "a.crm"]
    assert asked(stands(kb, *both, *kept, *own)) == "a.crm"
    again = [answer("a.crm", "later")]
    assert asked(stands(kb, *both, *kept, *own, *again)) == "a.core"


def test_time_counts_a_question_by_the_chance_that_it_comes(kb: KnowledgeBase) -> None:
    # core 30, share 20, deadline 20, kept 60/2, crm 20, reports 40/4, own 2*20, 2*20
    assert stands(kb).seconds == 30 + 20 + 20 + 30 + 20 + 10 + 40 + 20 + 20
    now = stands(kb, answer("a.deadline", False), answer("a.crm", "dont_know"))
    assert now.seconds == 30 + 20 + 40 + 40 + 20 + 20
    assert [minutes(s) for s in (0, 1, 60, 61)] == [0, 1, 1, 2]


def test_quick_promises_the_core_and_what_the_rule_takes(kb: KnowledgeBase) -> None:
    now = stands(kb, mode="quick", chooser=Told())
    rest = now.seconds - 50
    assert 0 < rest <= QUICK_BEYOND_CORE * 60
    core = [answer("a.core", True), answer("a.share", 3)]
    done = stands(kb, *core, mode="quick", chooser=Told(stop_after=0))
    assert done.seconds == 0
    on = stands(kb, *core, mode="quick", chooser=Told(stop_after=0), advise=False)
    assert on.seconds == stands(kb, *core).seconds  # who goes on all the same


def test_subjects_know_how_far_they_are(kb: KnowledgeBase) -> None:
    def of(*said: Answer) -> dict[str, tuple[str, int, int, int]]:
        return {s.id: (s.status, s.answered, s.left, s.later)
                for s in stands(kb, *said).sections}  # fmt: skip

    assert of() == {"all": ("not_started", 0, 9, 0), "more": ("not_started", 0, 1, 0)}
    now = of(answer("a.core", True), answer("a.crm", "later"), answer("b.more", True))
    assert now == {"all": ("in_progress", 1, 8, 1), "more": ("done", 1, 0, 0)}
    assert of(answer("b.more", "later"))["more"] == ("later", 0, 1, 1)


def test_an_answer_that_does_not_apply_is_kept_and_told(kb: KnowledgeBase) -> None:
    said = [answer("a.deadline", True), answer("a.kept", False)]
    ask = stands(kb, *said)
    assert ask.inactive == frozenset()
    changed = stands(kb, *said, answer("a.deadline", False))
    assert changed.inactive == {("a.kept", ())}
    assert changed.next is not None
    own = stands(kb, said[0]).left[0]
    told = switched(ask, changed, next(a for a in stands(kb).left
                                       if a.question.id == "a.deadline"))  # fmt: skip
    assert (told.read_no_more, told.read_again, told.asked_no_more) == (1, 0, 0)
    back = stands(kb, *said, answer("a.deadline", False), answer("a.deadline", True))
    assert switched(changed, back, own).read_again == 1
    empty, no = stands(kb), stands(kb, answer("a.deadline", False))
    deadline = next(a for a in empty.left if a.question.id == "a.deadline")
    assert switched(empty, no, deadline).asked_no_more == 1
    yes = stands(kb, answer("a.deadline", True))
    assert switched(no, yes, deadline).asked_now == 1
    assert not switched(empty, yes, deadline)


def test_what_nobody_knew_goes_to_the_next_role(kb: KnowledgeBase) -> None:
    unknown = answer("a.deadline", "dont_know")
    (task,) = stands(kb, unknown).find_out
    assert (task.question.id, task.by, task.ask) == ("a.deadline", ("h",), "owner")
    both = [unknown, answer("a.deadline", "dont_know", by="o")]
    (task,) = stands(kb, *both).find_out
    assert (task.by, task.ask) == (("h", "o"), None)
    assert stands(kb, unknown, answer("a.deadline", True, by="o")).find_out == ()


def test_a_fixed_list_keeps_its_order(kb: KnowledgeBase) -> None:
    asks = list(stands(kb).left[:3])
    now = of_list(asks, log(answer("a.core", "later")), "h", frozenset())
    assert [a.question.id for a in now.left] == ["a.deadline", "a.crm", "a.core"]
    passed = frozenset([("a.core", ())])
    now = of_list(asks[:1], log(answer("a.core", "later")), "h", passed)
    assert now.next is None


def test_the_same_log_stands_the_same_whatever_came_before(kb: KnowledgeBase) -> None:
    said = [
        answer("a.deadline", True),
        answer("a.crm", "later"),
        answer("a.core", True),
    ]
    assert stands(kb, *said) == stands(kb, *said)


def test_a_question_is_found_by_id_by_ref_and_by_words(kb: KnowledgeBase) -> None:
    for text in ("a.crm", "Q-A-01", "q-a-01"):
        found = named(text, kb)
        assert found is not None
        assert found.id == "a.crm"
    assert named("срок", kb) is None
    for text in ("deadline", "СРОКИ предложений", "есть срок"):
        assert [q.id for q in search(text, kb)] == ["a.deadline"]
    assert search("nothing of the kind", kb) == []
    assert search("?", kb) == []


def test_the_interview_of_one_role_has_only_its_questions(tmp_path: Path) -> None:
    kb = base(tmp_path)
    assert names(stands(kb, role="owner", by="o")) == ["a.deadline"]
