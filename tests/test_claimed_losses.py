"""The loss calculator: the author's shares, one by one, apart from measured money."""

import json
from pathlib import Path
from typing import Any

import pytest

from salesdx.analysis import analyse
from salesdx.claimed_losses import lost_clients
from salesdx.cli import run, wording
from salesdx.facts import Fact, FactBase, Measurement
from salesdx.knowledge.load import load
from salesdx.language import Language, Text
from salesdx.render import edition_for
from salesdx.render.audience import fit_for
from salesdx.render.terminal import calculator, text
from salesdx.result import ResultDocument

pytestmark = pytest.mark.usefixtures("measured_once")
MISTAKES = [
    ("base.order-forming", "just_invoice"), ("base.extras-offered", False),
    ("base.wallet-known", 5),
]  # fmt: skip
REVENUE = ("company.monthly-revenue", 3_000_000)
LOST = [
    ("company.lost-clients", 14), ("company.client-profit", 90_000),
    ("company.keeping-cost", 6_000),
]  # fmt: skip


def case(folder: Path, said: list[tuple[str, Any]], model: str = "b2b") -> Path:
    answers = [{"question": q, "by": "head_of_sales", "value": v} for q, v in said]
    company = {"format": 1, "name": "Acme", "sales_model": model}
    for name, data in (
        ("company.yaml", company), ("answers.yaml", {"format": 1, "answers": answers}),
    ):  # fmt: skip
        (folder / name).write_text(json.dumps(data), encoding="utf-8")
    return folder


def document(folder: Path, *said: tuple[str, Any], **more: Any) -> ResultDocument:
    made = case(folder, list(said), **more)
    return analyse(made, executor="reference").document


def test_each_mistake_has_the_share_of_its_author(tmp_path: Path) -> None:
    found = document(tmp_path, *MISTAKES, REVENUE).claimed_losses
    told = [(r.ref, r.mistake, r.low, r.high, r.money_low, r.money_high) for r in found]
    assert told == [
        (["F-05"], "likely", 0.25, None, 750_000, None),
        (["F-06"], "possible", 0.3, 0.4, 900_000, 1_200_000),
    ]
    assert {r.said_by for r in found} == {"head_of_sales"}


def test_without_the_revenue_there_are_shares_only(tmp_path: Path) -> None:
    found = document(tmp_path, *MISTAKES)
    assert [r.low for r in found.claimed_losses] == [0.25, 0.3]
    for row in found.claimed_losses:
        assert (row.revenue, row.said_by, row.money_low, row.money_high) == (None,) * 4
    assert "750" not in calculator(found, "en")
    assert "company.monthly-revenue" in calculator(found, "en")


def test_a_mistake_that_nothing_points_to_has_no_row(tmp_path: Path) -> None:
    asked = [("base.order-forming", "forms_together"), ("base.same-managers", False)]
    found = document(tmp_path, *asked, REVENUE)
    assert found.claimed_losses == []
    assert "--form under-earning" in calculator(found, "en")


def test_what_does_not_exist_in_a_trade_is_not_claimed_there(tmp_path: Path) -> None:
    found = document(tmp_path, *MISTAKES, REVENUE, model="b2c").claimed_losses
    assert "F-06" not in [r.ref[0] for r in found]


def test_claims_enter_no_loss_and_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    plain = document(tmp_path / "a", *MISTAKES)
    priced = document(tmp_path / "b", *MISTAKES, REVENUE, *LOST)
    assert priced.summary.loss is None
    assert priced.losses == plain.losses == []
    assert [(c.id, c.points, c.money) for c in priced.causes] == [
        (c.id, c.points, c.money) for c in plain.causes
    ]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_report_and_the_terminal_tell_them_apart(
    tmp_path: Path, lang: Language
) -> None:
    found = document(tmp_path, *MISTAKES, REVENUE, *LOST)
    report = edition_for(found, lang, "owner").report
    (chapter,) = [s for s in report.sections if s.id == "claimed"]
    said = repr(chapter)
    for told in (said, text(found, lang), calculator(found, lang)):
        flat = " ".join(told.split()).replace("\\xa0", " ")
        assert ("not our figures" if lang == "en" else "не наши расчёты") in flat
        assert ("750K" if lang == "en" else "750 тыс.") in flat
        assert ("588K" if lang == "en" else "588 тыс.") in flat
    # 750 + 900 thousand, 1.26 + 0.588 million: nobody adds them up
    for total in ("1.65", "1,65", "1.848", "1,848", "1.8M", "1,8 млн"):
        assert total not in said


def test_the_team_sees_no_claimed_money(tmp_path: Path) -> None:
    found = fit_for("team", document(tmp_path, *MISTAKES, REVENUE, *LOST))
    assert found.claimed_losses == []
    assert found.lost_clients is None


def facts(*said: tuple[str, Any]) -> FactBase:
    return FactBase.of([Fact(n, v, origin="answer", by="owner") for n, v in said])


def test_profit_of_lost_clients_stands_beside_the_claimed_price() -> None:
    found = lost_clients(load(), facts(*LOST), {})
    assert found is not None
    assert (found.clients, found.profit, found.profit_by) == (14, 1_260_000, "owner")
    assert (found.ratio, found.winning) == (7, 14 * 6_000 * 7)


def test_a_measured_profit_beats_what_is_said() -> None:
    why = Text(en="no cost", ru="нет затрат")
    row = Measurement("churn.profit-lost", 500_000, n=20, reason=why)
    found = lost_clients(load(), facts(*LOST), {"churn.profit-lost": row})
    assert found is not None
    assert (found.clients, found.profit, found.profit_by) == (20, 500_000, "data")
    assert found.winning == 20 * 6_000 * 7
    assert not found.winning_measured


def test_where_the_cost_is_measured_the_claim_is_left_out() -> None:
    row = Measurement("churn.profit-lost", 500_000, n=20)
    found = lost_clients(load(), facts(*LOST), {"churn.profit-lost": row})
    assert found is not None
    assert found.winning_measured
    assert found.winning is None


def test_the_ratio_is_the_companys_to_change() -> None:
    own = {"churn.winning-to-keeping": 3.0}
    found = lost_clients(load(), facts(*LOST), {}, own)
    assert found is not None
    assert (found.ratio, found.winning) == (3, 14 * 6_000 * 3)


@pytest.mark.parametrize("said", [[], [("company.lost-clients", 0)], LOST[1:]])
def test_nobody_lost_nothing_claimed(said: list[tuple[str, Any]]) -> None:
    assert lost_clients(load(), facts(*said), {}) is None


def test_unknown_profit_and_cost_stay_unknown() -> None:
    found = lost_clients(load(), facts(LOST[0]), {})
    assert found is not None
    assert (found.profit, found.profit_by, found.winning) == (None, None, None)


def test_the_command_prints_text_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wording.choose([], {})
    folder = str(case(tmp_path, [*MISTAKES, REVENUE, *LOST]))
    assert run(["calculator", folder]) == 0
    assert "at least 25% of revenue" in " ".join(capsys.readouterr().out.split())
    assert run(["calculator", folder, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["case", "claimed_losses", "lost_clients"]
    assert told["claimed_losses"][0]["money_low"] == 750_000
