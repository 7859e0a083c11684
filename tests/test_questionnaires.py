"""The shipped questionnaires: complete, bilingual, no question to the wrong firm."""

import re
from pathlib import Path
from typing import Any

import pytest

from salesdx.content import read, validate
from salesdx.knowledge.models import QuestionEntry, Questionnaire
from salesdx.language import Text

FILES = sorted(
    p for p in Path(__file__).resolve().parents[1].glob("questionnaires/*.yaml")
    if p.name != "migrations.yaml"
)  # fmt: skip
NAMES = [f.stem for f in FILES]

# How many questions of the domain each questionnaire carries: `Q-DQ-01` … `Q-DQ-10`.
DOMAIN = {
    "DQ": 10, "FUN": 12, "COMM": 14, "TICK": 12, "KPI": 16, "AM": 14, "BC": 5,
    "DEMO": 4, "MON": 4, "LOSS": 12, "CHURN": 15, "SURV": 3, "OFFER": 13, "ODC": 12,
    "WHY": 20, "PROD": 13, "SYS": 21, "OWN": 16, "CRM": 38, "BASE": 14, "TURB": 19,
    "SESS": 7,
}  # fmt: skip

# Asked in every quick interview, so that two of them can be compared over the years.
CORE = {
    "data.figure-source", "data.young-excluded", "data.digitised",
    "funnel.entry-written", "funnel.stages-written", "funnel.cycle-days",
    "am.who-answers", "am.finds-needs", "am.role-change", "bc.list",
    "comm.manager-informed", "comm.every-action-answered", "comm.quote-on-time",
    "ticket.every-request-recorded", "system.funnel-built", "loss.off-hours-handling",
    "mon.weekly-review", "kpi.sellers", "offer.per-group", "odc.deadline-exists",
    "why.difference", "churn.practice", "base.same-managers", "base.order-forming",
    "owner.operations-share",
}  # fmt: skip

# What only a firm that sells to firms has: a café has no buying centre.
B2B_REFS = {
    *(f"Q-AM-{i:02d}" for i in (1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 14)),
    *(f"Q-BC-{i:02d}" for i in range(1, 6)),
    *(f"Q-BASE-{i:02d}" for i in range(6, 10)),
}
B2B_WORDS = re.compile(
    r"presales|account manager|buying cent|share of wallet|what they buy\?|"
    r"пресейл|клиентск\w+ менеджер|закупочн\w+ центр|дол\w+ в (их )?закупках",
    re.IGNORECASE,
)


def loaded(path: Path) -> tuple[Questionnaire, list[dict[str, Any]]]:
    """The questionnaire, and its questions as they are written in the file."""
    document, problems = read(path, path.name)
    assert document is not None, problems
    found, problems = validate(Questionnaire, document)
    assert found is not None, problems
    return found, document.data["questions"]


ALL = {path.stem: loaded(path) for path in FILES}


def questions(name: str) -> list[QuestionEntry]:
    return ALL[name][0].questions


def everything() -> list[QuestionEntry]:
    return [q for name in NAMES for q in questions(name)]


def texts(question: QuestionEntry) -> list[Text]:
    because = question.problem.because if question.problem else None
    found = [question.title, question.why, question.hint, question.prompt, because]
    return [t for t in found if t] + [o.title for o in question.options]


@pytest.mark.parametrize("name", NAMES)
def test_every_question_says_how_long_it_takes_and_where_to_look(name: str) -> None:
    written = ALL[name][1]
    assert [q["id"] for q in written if "seconds" not in q] == []
    assert [q["id"] for q in written if "prompt" not in q] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_problem_answer_says_what_it_means(name: str) -> None:
    found = [q for q in questions(name) if q.problem]
    assert [q.id for q in found if q.problem and not q.problem.because] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_an_answer_means_quotes_no_other_answer(name: str) -> None:
    for question in questions(name):
        for text in texts(question):
            because = question.problem.because if question.problem else None
            assert text.holes() <= ({question.id} if text is because else set()), text


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    head = ALL[name][0]
    shown = [head.title, head.intro, *(t for q in questions(name) for t in texts(q))]
    assert [t for t in shown if not t.en.strip() or not t.ru.strip()] == []
    assert [t.en for t in shown if re.search("[а-яё]", t.en, re.IGNORECASE)] == []
    # a name alone may stay Latin: NPS, CRM
    assert [
        t.ru for t in shown if " " in t.ru and not re.search("[а-яё]", t.ru.lower())
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_quick_interview_asks_the_fixed_core_and_no_more(name: str) -> None:
    core = {q.id for q in questions(name) if q.core}
    assert core == CORE & {q.id for q in questions(name)}


def test_the_core_is_short_and_exists() -> None:
    assert len(CORE) <= 25
    assert {q.id for q in everything()} >= CORE


@pytest.mark.parametrize("prefix", sorted(DOMAIN))
def test_every_question_of_the_domain_is_asked(prefix: str) -> None:
    carried = {ref for q in everything() for ref in q.ref}
    wanted = {f"Q-{prefix}-{i:02d}" for i in range(1, DOMAIN[prefix] + 1)}
    assert sorted(wanted - carried) == []


def test_the_domain_is_counted_whole() -> None:
    assert sum(DOMAIN.values()) == 294


@pytest.mark.parametrize("name", NAMES)
def test_a_firm_that_sells_to_people_is_not_asked_about_buying_centres(
    name: str,
) -> None:
    b2b = [
        q for q in questions(name)
        if B2B_REFS.intersection(q.ref)
        or B2B_WORDS.search(f"{q.title.en} {q.title.ru}")
    ]  # fmt: skip
    assert [q.id for q in b2b if q.applies_to != ["b2b"]] == []
