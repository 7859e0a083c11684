"""`salesdx gate`: what fails it, what does not, and what a scheduler is told."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from render_fixture import both, empty, money, rich
from test_compare import amount, share, shipped

from salesdx.cli import run
from salesdx.compare import compare
from salesdx.compare import text as compared
from salesdx.compare.words import stage_titles
from salesdx.errors import EXIT_GATE, EXIT_OK, EXIT_USAGE, UsageError
from salesdx.gate import (
    CONDITIONS,
    DEFAULT,
    FORMATS,
    Gate,
    Situation,
    earlier,
    judge,
    told,
    wanted,
)
from salesdx.language import LANGUAGES, Language
from salesdx.result import DataQuality, FunnelRule, MetricRow, PlanEdit, ResultDocument
from salesdx.runs import save

Change = Callable[[ResultDocument], ResultDocument]
NOW = rich()
# kept rows of the loss map are many: two of them are enough here
SMALL = NOW.model_copy(update={"losses": NOW.losses[:4], "metrics": []})


def later(document: ResultDocument, day: str, **parts: Any) -> ResultDocument:
    case = document.case.model_copy(update={"as_of": day})
    return document.model_copy(update={"case": case, **parts})


def gate(
    asked: str, now: ResultDocument, then: ResultDocument | None = None,
    strict: bool = False,
) -> Gate:  # fmt: skip
    since = compare(then, now, shipped()) if then else None
    promised = since.actions if since else None
    return judge(wanted(asked), Situation(now, since, promised, "acme"), strict=strict)


def state(asked: str, now: ResultDocument, then: ResultDocument | None = None) -> str:
    return gate(asked, now, then).conditions[0].state


def without_cause(name: str) -> ResultDocument:
    """The rich document before a cause was found in it."""
    causes = [
        c.model_copy(update={"verdict": "open", "points": 0}) if c.id == name else c
        for c in SMALL.causes
    ]
    return SMALL.model_copy(update={"causes": causes})


def suspected_cause(name: str) -> ResultDocument:
    causes = [
        c.model_copy(update={"verdict": "possible"}) if c.id == name else c
        for c in SMALL.causes
    ]
    return SMALL.model_copy(update={"causes": causes})


def losses(state_: str, **more: Any) -> ResultDocument:
    """One gap in this state."""
    row = SMALL.losses[0].model_copy(update={"state": state_, **more})
    return SMALL.model_copy(update={"losses": [row]})


def figures(*rows: MetricRow) -> ResultDocument:
    return SMALL.model_copy(update={"metrics": list(rows)})


def edited(**edit: Any) -> ResultDocument:
    """The plan with something set of its first action."""
    values = {"state": "open"} | edit
    first = SMALL.plan[0].model_copy(update={"edit": PlanEdit.model_validate(values)})
    return SMALL.model_copy(update={"plan": [first, *SMALL.plan[1:]]})


def answered(seconds: float | None) -> ResultDocument:
    """What the control figure of the plan is: its target is half an hour."""
    if seconds is None:
        return SMALL
    row = amount(
        seconds, "response.first-business", "seconds",
        interval=(seconds * 0.9, seconds * 1.1), n=400,
    )  # fmt: skip
    return figures(row)


FAR = "2027-06-30"  # long after the days to look of the plan
SOON = "2026-07-03"


@pytest.mark.parametrize(
    ("what", "asked", "now", "then", "expected"),
    [
        ("a cause nobody saw before is new",
         "new-cause", SMALL, without_cause("slow-reply"), "failed"),
        ("a suspicion that was confirmed is new",
         "new-cause", SMALL, suspected_cause("slow-reply"), "failed"),
        ("a cause that was likely already is not new",
         "new-cause", SMALL, SMALL, "ok"),
        ("a mere suspicion is no cause yet",
         "new-cause", suspected_cause("slow-reply"), without_cause("slow-reply"), "ok"),
        ("a cause that has gone fails nothing",
         "new-cause", without_cause("slow-reply"), SMALL, "ok"),
        ("a gap that was noise is new once it is confirmed",
         "new-loss", losses("confirmed"), losses("noise"), "failed"),
        ("a gap that was suspected is new once it is confirmed",
         "new-loss", losses("confirmed"), losses("suspected"), "failed"),
        ("a gap that is only suspected is not confirmed",
         "new-loss", losses("suspected"), losses("noise"), "ok"),
        ("a gap known already is not new",
         "new-loss", losses("confirmed"), losses("confirmed"), "ok"),
        ("a gap that costs ten times as much is worse",
         "worse-loss", losses("confirmed", money=money(9e6)),
         losses("confirmed", money=money(9e5)), "failed"),
        ("a gap whose ranges overlap is not",
         "worse-loss", losses("confirmed", money=money(9e5)),
         losses("confirmed", money=money(8e5)), "ok"),
        ("a share that fell beyond chance is worse",
         "worse", figures(share(60, 900)), figures(share(140, 900)), "failed"),
        ("a share that fell by chance is not",
         "worse", figures(share(60, 900)), figures(share(68, 900)), "ok"),
        ("a share that rose is not",
         "worse", figures(share(140, 900)), figures(share(60, 900)), "ok"),
        ("a figure that was said is not held against a measured one",
         "worse", figures(share(60, 900)),
         figures(share(140, 900, said_by="head")), "ok"),
        ("the day has come and the target is not reached",
         "action-missed", later(answered(9000.0), FAR), answered(15120.0), "failed"),
        ("the target is reached",
         "action-missed", later(answered(1200.0), FAR), answered(15120.0), "ok"),
        ("before the day to look nothing is missed",
         "action-missed", later(answered(9000.0), SOON), answered(15120.0), "ok"),
        ("what is not known any more is neither reached nor missed",
         "action-missed", later(answered(None), FAR), answered(15120.0), "not_judged"),
        ("what was due yesterday is overdue",
         "overdue-action", edited(due="2026-06-29", state="overdue"), None, "failed"),
        ("what was done is not", "overdue-action",
         edited(due="2026-06-29", done="2026-06-28", state="done"), None, "ok"),
        ("there are likely causes", "likely-cause", SMALL, None, "failed"),
        ("more is lost than allowed", "loss-above=5000000", SMALL, None, "failed"),
        ("less is lost than allowed", "loss-above=8e6", SMALL, None, "ok"),
        ("less was looked at than asked", "coverage-below=65%", SMALL, None, "failed"),
        ("as much was looked at as asked", "coverage-below=0.64", SMALL, None, "ok"),
        ("there is enough data", "not-enough-data", SMALL, None, "ok"),
        ("there is none", "not-enough-data", empty(), None, "failed"),
        ("without data nobody can say that nothing is lost",
         "loss-above=1", empty(), None, "not_judged"),
        ("an export that broke brings no good news",
         "new-cause", empty(), SMALL, "not_judged"),
        ("warnings are no errors", "data-error", SMALL, None, "ok"),
    ],
)  # fmt: skip
def test_a_condition_fails_when_it_should_and_only_then(
    what: str, asked: str, now: ResultDocument, then: ResultDocument | None,
    expected: str,
) -> None:  # fmt: skip
    assert state(asked, now, then) == expected, what


def test_an_error_of_the_data_is_told_with_what_it_spoils() -> None:
    wrong = DataQuality(
        id="no-dates", ref=[], severity="error", title=both("No dates", "Нет дат"),
        effect=both("No conversion.", "Конверсии нет."),
    )  # fmt: skip
    found = gate("data-error", SMALL.model_copy(update={"data_quality": [wrong]}))
    (row,) = found.conditions[0].rows
    assert (row.id, row.explain) == ("no-dates", "salesdx check acme")
    assert row.because is not None and row.because.ru == "Конверсии нет."


def test_what_was_dropped_is_not_missed() -> None:
    then = answered(15120.0)
    dropped = PlanEdit(dropped="no money", state="dropped")
    plan = [a.model_copy(update={"edit": dropped}) for a in then.plan]
    now = later(answered(9000.0), FAR, plan=plan)
    assert state("action-missed", now, then) == "ok"


def test_what_is_early_or_not_comparable_fails_only_when_asked_for() -> None:
    then = without_cause("slow-reply")
    mark = SMALL.knowledge.model_copy(update={"hash": "00" * 32, "version": "2.0.0"})
    now = SMALL.model_copy(update={"knowledge": mark})
    assert state("new-cause", now, then) == "ok"
    found = gate("not-comparable", now, then).conditions[0]
    assert found.state == "failed"
    assert [r.id for r in found.rows if r.kind == "cause"] == ["slow-reply"]


@pytest.mark.parametrize(
    "name", [n for n, c in CONDITIONS.items() if "since" in c.needs]
)
def test_without_a_saved_result_news_are_not_judged_and_fail_only_strictly(
    name: str,
) -> None:
    found = gate(name, SMALL)
    assert (found.conditions[0].state, found.passed) == ("not_judged", True)
    assert found.conditions[0].reason is not None
    assert not gate(name, SMALL, strict=True).passed


def test_the_default_fails_on_news_and_not_on_what_is_known() -> None:
    assert gate(DEFAULT, SMALL, SMALL).passed
    assert not gate(DEFAULT, SMALL, without_cause("slow-reply")).passed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "name at least one"),
        ("new-causes", "did you mean 'new-cause'"),
        ("nonsense", "there are new-cause,"),
        ("worse=3", "takes no limit"),
        ("loss-above", "needs a limit: loss-above=5000000"),
        ("loss-above=-1", "needs a limit"),
        ("loss-above=nan", "needs a limit"),
        ("coverage-below=50", "needs a limit: coverage-below=0.5"),
        ("worse,worse", "named twice"),
    ],
)
def test_what_is_not_understood_is_told_with_what_there_is(
    text: str, says: str
) -> None:
    with pytest.raises(UsageError) as fault:
        wanted(text)
    assert says in fault.value.text("en")
    assert re.search("[а-я]", fault.value.text("ru"))


def test_every_failure_names_its_row_and_the_command_that_explains_it() -> None:
    now = later(answered(9000.0), FAR)
    then = without_cause("slow-reply").model_copy(
        update={"metrics": answered(15120.0).metrics}
    )
    found = gate("new-cause,action-missed,likely-cause", now, then)
    lines = told(found, "text", "en").splitlines()
    assert lines[0] == "Gate failed: 3 failed."
    assert "      salesdx why acme slow-reply" in lines
    assert (
        "      salesdx why acme blame-on-sellers --slice 'manager=Смирнова Анна'"
        in (lines)
    )
    rows = [r for c in found.conditions for r in c.rows]
    assert all(r.explain.startswith("salesdx ") and r.title.en for r in rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_condition_is_told_in_both_languages(lang: Language) -> None:
    asked = ",".join(
        f"{n}={1 if c.takes == 'money' else 0.9}" if c.takes else n
        for n, c in CONDITIONS.items()
    )
    text = told(gate(asked, SMALL, without_cause("slow-reply")), "text", lang)
    assert all(name in text for name in CONDITIONS)
    names = r"[А-Я]\w+ [А-Я]\w+|Северный чай|ООО"  # of the data: they stay
    plain = re.sub(rf"salesdx .*|[a-z]+-[a-z-]+|{names}", "", text)
    assert bool(re.search("[а-я]{4}", plain)) is (lang == "ru"), plain


def test_json_is_the_contract_and_the_same_twice() -> None:
    found = gate(DEFAULT, SMALL, without_cause("slow-reply"))
    text = told(found, "json", "en")
    assert text == told(gate(DEFAULT, SMALL, without_cause("slow-reply")), "json", "ru")
    data = json.loads(text)
    assert data["schema"] == "salesdx/gate/1" and data["passed"] is False
    assert Gate.model_validate(data) == found
    failed = next(c for c in data["conditions"] if c["state"] == "failed")
    assert failed["rows"][0]["id"] == "slow-reply"
    assert set(failed["rows"][0]["title"]) == {"en", "ru"}


def hostile() -> Gate:
    """A cause whose title would like to be XML and a command of the runner."""
    title = both("</failure>\n::error::%0A]]>\x07", "</failure>\n::error::\x07")
    causes = [
        c.model_copy(update={"title": title}) if c.id == "slow-reply" else c
        for c in SMALL.causes
    ]
    now = SMALL.model_copy(update={"causes": causes})
    return gate("new-cause,worse,early", now, without_cause("slow-reply"))


def test_junit_is_xml_with_a_test_a_condition() -> None:
    suite = ET.fromstring(told(hostile(), "junit", "en"))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None and "salesdx why acme slow-reply" in (failure.text or "")
    alone = ET.fromstring(told(gate("worse", SMALL), "junit", "ru"))
    assert (alone.get("skipped"), alone.get("failures")) == ("1", "0")
    strict = ET.fromstring(told(gate("worse", SMALL, strict=True), "junit", "ru"))
    assert (strict.get("skipped"), strict.get("failures")) == ("0", "1")


def test_annotations_of_github_cannot_be_forged() -> None:
    lines = told(hostile(), "github", "en").splitlines()
    assert [line for line in lines if line.startswith("::")] == [lines[1]]
    assert lines[1].startswith("::error title=new-cause%3A causes that have become")


# --- which older result ---------------------------------------------------------------


def runs_of(folder: Path, *documents: ResultDocument) -> Path:
    for document in documents:
        save(document, folder)
    return folder


def since(now: ResultDocument, folder: Path, asked: str | None = None) -> str | None:
    found = earlier(now, folder, shipped(), asked).since
    return found.then.as_of if found else None


def test_the_newest_saved_result_counts_or_the_one_that_was_asked_for(
    tmp_path: Path,
) -> None:
    days = ("2026-03-31", "2026-05-31", "2026-06-29")
    old = [later(SMALL, day) for day in days]
    folder = runs_of(tmp_path, *old)
    assert since(SMALL, folder) == "2026-06-29"
    assert since(SMALL, folder, "30") == since(SMALL, folder, "30d") == "2026-05-31"
    assert since(SMALL, folder, "2026-04-15") == "2026-03-31"
    assert since(SMALL, folder, "2025-01-01") is None
    file = next(p for p in folder.iterdir() if p.name.startswith("2026-03"))
    assert since(SMALL, folder, str(file)) == "2026-03-31"
    with pytest.raises(UsageError, match="neither a file"):
        earlier(SMALL, folder, shipped(), "last spring")


def test_nothing_saved_is_nothing_to_compare_with(tmp_path: Path) -> None:
    found = earlier(SMALL, tmp_path, shipped(), None)
    assert (found.since, found.promised) == (None, None)


def test_a_run_repeated_on_the_same_day_says_the_same(tmp_path: Path) -> None:
    now, folder = later(SMALL, FAR), runs_of(tmp_path, SMALL)
    first = since(now, folder)
    save(now, folder)
    assert since(now, folder) == first == "2026-06-30"


def test_the_first_result_of_all_has_no_news(tmp_path: Path) -> None:
    found = earlier(SMALL, runs_of(tmp_path, SMALL), shipped(), None)
    assert found.since is not None
    at = Situation(SMALL, found.since, found.promised)
    assert judge(wanted("new-cause,new-loss,worse"), at).passed


def test_saving_every_night_moves_no_day_to_look(tmp_path: Path) -> None:
    """Yesterday's plan promises anew: the plan that promised first counts."""
    first, now = answered(15120.0), later(answered(9000.0), FAR)
    folder = runs_of(tmp_path, first, later(answered(9100.0), "2027-06-29"))
    found = earlier(now, folder, shipped(), None)
    assert found.since is not None and found.since.then.as_of == "2027-06-29"
    nightly = Situation(now, found.since, found.since.actions)
    assert judge(wanted("action-missed"), nightly).passed
    promised = Situation(now, found.since, found.promised)
    assert not judge(wanted("action-missed"), promised).passed


# --- the command ----------------------------------------------------------------------


def test_the_exit_code_is_the_verdict(
    acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = str(acme)
    assert run(["--lang", "en", "gate", here, "--fail-on", "worse"]) == EXIT_OK
    assert capsys.readouterr().out.startswith("Gate passed: 1 not judged.\n")
    assert run(["gate", here, "--fail-on", "worse", "--strict"]) == EXIT_GATE
    assert run(["--lang", "ru", "gate", here, "--save"]) == EXIT_GATE
    printed = capsys.readouterr()
    assert "Контроль не пройден: нарушено условий — 1" in printed.out
    assert list((acme / "results").iterdir())
    assert run(["gate", here, "--fail-on", "wurse"]) == EXIT_USAGE
    assert set(FORMATS) == {"text", "json", "junit", "github"}


def test_a_stage_is_called_by_its_title():
    base = later(SMALL, "2026-12-31")
    rule = FunnelRule.model_validate(
        {"id": "main", "stages": [{"id": "contract", "title": "Договор"}]}
    )
    case = base.case.model_copy(update={"funnels": [rule]})
    loss = base.losses[0].model_copy(update={
        "id": "x:stage=contract", "slice": {"stage": "contract"},
        "state": "confirmed", "money": money(5.0),
    })  # fmt: skip
    now = base.model_copy(update={"case": case, "losses": [loss]})
    then = SMALL.model_copy(update={"losses": []})
    found = gate("new-loss", now, then)
    assert "этап Договор)" in told(found, "text", "ru")
    assert '"stage": "contract"' in told(found, "json", "ru")
    since = compare(then, now, shipped())
    assert "этап Договор)" in compared(since, "ru", stage_titles(now))


def test_a_day_that_is_none_is_refused_before_the_long_work(tmp_path, capsys):
    # there is no case either: it is not even looked for
    code = run(["--lang", "en", "gate", str(tmp_path / "none"), "--since", "soon"])
    assert code == EXIT_USAGE
    assert "--since soon" in capsys.readouterr().err
