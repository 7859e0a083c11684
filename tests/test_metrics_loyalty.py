"""What clients say, and how it is counted."""

import datetime as dt
import math
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.metrics.clients import loyalty
from salesdx.metrics.data import Data
from salesdx.metrics.registry import compute

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
DAY = dt.date(2026, 6, 1)


def measured(**tables: dict[str, list[Any]]) -> dict[tuple[str, str], Measurement]:
    arrow = {n: pa.table(t) for n, t in tables.items()}
    rows = compute(
        Data(arrow, Company(format=1, name="Acme"), AS_OF), loyalty.METRICS
    )  # fmt: skip
    return {(r.metric, "+".join(v for _, v in r.slice)): r for r in rows}


def surveyed(*scores: float) -> dict[str, list[Any]]:
    return {
        "client_id": [f"C{i:02}" for i in range(len(scores))],
        "date": [DAY] * len(scores),
        "nps_score": list(scores),
    }


def test_the_score_is_promoters_minus_detractors() -> None:
    found = measured(surveys=surveyed(*[10.0] * 20, *[8.0] * 10, *[3.0] * 10))
    score = found["nps.score", ""]
    assert score.value == 25  # 50 % - 25 %
    half = 196 * math.sqrt((0.5 + 0.25 - 0.25**2) / 40)
    assert score.interval == pytest.approx((25 - half, 25 + half), rel=1e-3)
    share = found["churn.detractor-share", ""]
    assert (share.numerator, share.denominator) == (10, 40)


def test_few_answers_are_shown_and_not_judged() -> None:
    score = measured(surveys=surveyed(10.0, 9.0, 6.0))["nps.score", ""]
    assert score.value == pytest.approx(100 / 3)
    assert score.state == "insufficient"
    assert score.reason is not None
    assert "30" in score.reason.ru


def test_the_last_answer_of_a_client_counts_and_no_other_scale() -> None:
    surveys = {
        "client_id": ["A", "A", "B", "C", "D"],
        "date": [DAY, DAY.replace(month=5), DAY, DAY.replace(year=2027), DAY],
        "nps_score": [9.0, 1.0, 95.0, 1.0, None],
    }
    score = measured(surveys=surveys)["nps.score", ""]
    assert (score.value, score.n) == (100, 1)


def test_scores_follow_the_owner_and_the_segment_of_the_client() -> None:
    clients = {
        "client_id": ["C00", "C01"], "owner_manager": ["Anna", "Boris"],
        "segment": ["towns", "towns"],
    }  # fmt: skip
    found = measured(surveys=surveyed(10.0, 0.0), clients=clients)
    assert found["nps.score", "Anna"].value == 100
    assert found["nps.score", "Boris"].value == -100
    assert found["nps.score", "towns"].value == 0


WORDS = {
    "client_id": ["A", "B", "C", "D", "E"],
    "date": [DAY] * 5,
    "disliked": ["Дорого", "высокие цены; хамство", "too expensive", "музыка", None],
    "liked": ["сервис", None, None, None, None],
    "improve_topics": [None, "цены", "Prices", None, None],
}


def test_dislikes_are_told_by_theme() -> None:
    clients = {"client_id": ["A", "D"], "segment": ["towns", "towns"]}
    found = measured(surveys=WORDS, clients=clients)
    price = found["survey.disliked-price-share", ""]
    assert (price.numerator, price.denominator) == (3, 4)
    assert found["survey.disliked-conflict-share", ""].numerator == 1
    assert found["survey.disliked-other-share", ""].numerator == 1  # the music
    top = found["survey.top-dislike-share", ""]
    assert top.value == 0.75
    assert top.reason is not None
    assert "price" in top.reason.en
    assert found["survey.disliked-price-share", "towns"].numerator == 1


def test_answers_that_name_something_are_counted() -> None:
    found = measured(surveys=WORDS)
    assert found["survey.liked-answers", ""].value == 1
    assert found["survey.disliked-answers", ""].value == 4
    assert found["survey.improve-answers", ""].value == 2


def test_without_answers_nothing_is_known() -> None:
    surveys = {"client_id": ["A"], "date": [DAY], "nps_score": [42.0]}
    for row in measured(surveys=surveys).values():
        assert (row.value, row.state) == (None, "unknown")
        assert row.reason
