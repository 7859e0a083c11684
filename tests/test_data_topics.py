"""What `salesdx check` says the data can answer."""

import pytest

from salesdx import analyse
from salesdx.data_topics import openings, topic_states, topics
from salesdx.knowledge.load import load

COMPANY = "format: 1\nname: Acme\nas_of: 2026-06-30\n"
DEALS = "deal_id,entered_at,closed_at,status,amount\n" + "".join(
    f"{i},2026-01-{1 + i % 28:02},2026-02-{1 + i % 28:02},"
    f"{'won' if i % 3 else 'lost'},{100 + i}\n"
    for i in range(60)
)
LEADS = "lead_id,created_at,first_response_at\n" + "".join(
    f"{i},2026-03-{2 + i % 5:02} 10:00,2026-03-{2 + i % 5:02} 10:{i % 60:02}\n"
    for i in range(60)
)


@pytest.fixture(scope="module")
def metric_ids():
    return list(load().metrics)


@pytest.fixture
def checked(tmp_path):
    """State of each topic of a case with the given tables, and the openings."""

    def check(**tables):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "company.yaml").write_text(COMPANY, encoding="utf-8")
        for name, text in tables.items():
            (tmp_path / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
        document = analyse(tmp_path).document
        states = topic_states(document)
        return {s.id: s for s in states}, openings(states, document.not_checked)

    return check


def test_every_figure_belongs_to_a_question(metric_ids):
    assert [m for m in metric_ids if not any(t.has(m) for t in topics())] == []


def test_key_figures_exist_and_belong_to_their_question(metric_ids):
    wrong = [(t.id, m) for t in topics() for m in t.key if m not in metric_ids]
    wrong += [(t.id, m) for t in topics() for m in t.key if not t.has(m)]
    assert wrong == []


def test_every_pattern_finds_a_figure(metric_ids):
    idle = [
        (t.id, pattern)
        for t in topics()
        for pattern in t.figures
        if not any(
            t.model_copy(update={"figures": [pattern]}).has(m) for m in metric_ids
        )
    ]
    assert idle == []


def test_deals_alone_answer_for_deals_and_not_for_speed(checked):
    states, _ = checked(deals=DEALS)
    assert states["win-rate"].state == "yes"
    assert states["win-rate"].known[0] == "conversion.mature"
    assert states["speed"].state == "no"
    assert "response.first-business" in states["speed"].unknown


def test_what_is_missing_is_named_with_the_questions_it_would_answer(checked):
    _, opened = checked(deals=DEALS)
    leads = next(o for o in opened if o.supply.en == "Leads (leads.csv)")
    assert "speed" in leads.topics
    assert leads.figures >= len(leads.topics)
    assert [len(o.topics) for o in opened] == sorted(
        (len(o.topics) for o in opened), reverse=True
    )


def test_a_new_table_opens_its_question(checked):
    checked(deals=DEALS)
    states, opened = checked(deals=DEALS, leads=LEADS)
    assert states["speed"].state == "yes"
    assert not any("speed" in o.topics for o in opened)


def test_a_question_with_some_of_its_key_figures_is_answered_in_part(checked):
    states, _ = checked(deals=DEALS)
    assert states["cycle"].state == "partly"
    assert states["cycle"].unknown[0] == "stage.days"
