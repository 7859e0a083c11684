"""Every fault that trainers meet in their files is told in Russian too."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import (
    TEXT,
    cause,
    knowledge,
    metric,
    question,
    rule,
    symptom,
    text_file,
    write,
)

from salesdx.cli import run
from salesdx.cli import wording as cli_wording
from salesdx.errors import KnowledgeError, Problem, in_language
from salesdx.explanation.wording import Wording
from salesdx.facts import Fact
from salesdx.knowledge.load import load, load_all
from salesdx.workbench.lint import lint
from salesdx.workbench.testing import run as run_tests

OPTIONS = [
    {"code": "daily", "title": {"en": "Every day", "ru": "Каждый день"}},
    {"code": "weekly", "title": {"en": "Every week", "ru": "Каждую неделю"}},
]
METRICS = [metric("share"), metric("wait", unit="days"), metric("rate")]
QUESTIONS = [
    question("q.yes"),
    question("q.often", "enum", options=OPTIONS),
    question("q.many", "multi", options=OPTIONS),
    question("q.number", "number", unit="percent"),
    question("q.text", "text"),
]
MARKS = [
    {
        "id": name, "value": 5, "unit": unit, "title": TEXT, "applies_to": TEXT,
        "source": {"seed": "1"}, "grade": "E1", "date": "2026-01-01",
    }
    for name, unit in (("mark.days", "days"), ("mark.low", "ratio"))
]  # fmt: skip
LOW = {"share": "< 0.5"}
GOOD = cause("good", [rule("r", LOW)])
CYRILLIC = re.compile("[А-Яа-яё]{2}")


def base(folder: Path, *causes: Any, **more: Any) -> Path:
    parts: dict[str, Any] = {
        "metrics": METRICS, "questions": QUESTIONS, "benchmarks": MARKS,
    }  # fmt: skip
    return write(folder, causes=list(causes), **(parts | more))


def says_russian(found: list[Problem], code: str) -> list[Problem]:
    """Problems of the code, after their Russian was looked at."""
    assert code in {p.code for p in found}, "\n".join(map(str, found))
    for problem in found:
        assert not CYRILLIC.search(problem.message), problem.message
        assert CYRILLIC.search(in_language(problem.message, "ru")), problem
        if problem.hint:
            assert CYRILLIC.search(in_language(problem.hint, "ru")), problem
        assert problem.text("ru") != str(problem)
    return [p for p in found if p.code == code]


CONDITIONS: list[tuple[Any, str, str]] = [
    ({"shaer": "< 0.2"}, "unknown-name", "неизвестное имя «shaer»"),
    ({"symptom": "none"}, "unknown-name", "неизвестное имя «symptom:none»"),
    ({"q.often": "never"}, "unknown-choice", "нет варианта «never»"),
    ({"q.yes": "maybe"}, "unknown-choice", "yes или no, а здесь «maybe»"),
    ({"share": "< 20"}, "unit-mismatch", "доля от 0 до 1, а здесь 20 (может быть, 0.2"),
    ({"share": "< mark.days"}, "unit-mismatch", "у ориентира «mark.days» — days"),
    ({"share": "< mark.none"}, "unknown-benchmark", "нет ориентира «mark.none»"),
    ({"q.often": "< 3"}, "type-mismatch", "нет порядка"),
    ({"q.many": "daily"}, "type-mismatch", "(используйте `includes`)"),
    ({"share": {"count": ">= 2"}}, "type-mismatch", "share (показатель)"),
    ({"share": {"between": [0.8, 0.2]}}, "impossible-condition", "ничего нет"),
    ({"at_least": {"n": 2, "of": [LOW]}}, "impossible-condition", "от 1 до 1"),
    ({"q.number": "many"}, "type-mismatch", "отвечают числом, а здесь «many»"),
    ({"share": 0.2}, "condition-shape", "сравните его с числом"),
    ({"share": "< 1", "wait": "< 1"}, "condition-shape", "(а здесь: share, wait)"),
    ({"all": ["q.yes"]}, "condition-shape", "это «имя: сравнение», а здесь «q.yes»"),
    ({"all": []}, "condition-shape", "список условий"),
    ({"at_least": [LOW]}, "condition-shape", "записывают так"),
    ({"share": {"within": 3}}, "condition-shape", "неизвестное сравнение «within»"),
    ({"symptom:s": "> 3"}, "condition-shape", "симптом либо есть, либо нет"),
    ({"cause:good": "> 3"}, "condition-shape", "причина либо подтверждается"),
    ({"gap:rate": "> 3"}, "condition-shape", "разрыв либо подтверждается"),
]


@pytest.mark.parametrize(("condition", "code", "says"), CONDITIONS)
def test_a_fault_of_a_condition(
    tmp_path: Path, condition: Any, code: str, says: str
) -> None:
    bad = cause("bad", [rule("r", condition)])
    base(tmp_path, GOOD, bad, symptoms=[symptom("s", LOW)])
    found = says_russian(load_all(folder=tmp_path)[1], code)
    assert any(says in p.text("ru") for p in found)


PARTS: list[tuple[dict[str, Any], str, str]] = [
    ({"leads_to": ["none"]}, "unknown-id", "нет причины «none»"),
    ({"explains": ["none"]}, "unknown-id", "нет симптома «none»"),
    ({"remedies": ["none"]}, "unknown-id", "нет меры «none»"),
    ({"needs": ["none"]}, "unknown-id", "нет ни показателя, ни вопроса «none»"),
    ({"evidence": [rule("r", LOW), rule("r", {"q.yes": "no"})]}, "duplicate-id",
     "правило «r» записано дважды"),
    ({"evidence": [rule("r", LOW, because={"en": "{none}", "ru": "{none}"})]},
     "unknown-placeholder", "нечего подставить вместо {none}"),
    ({"evidence": [rule("r", {"cause": "bad"})]}, "cycle", "причины выводятся"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "code", "says"), PARTS)
def test_a_fault_between_files(
    tmp_path: Path, part: dict[str, Any], code: str, says: str
) -> None:
    base(tmp_path, GOOD, {**cause("bad", [rule("r", LOW)]), **part})
    found = says_russian(load_all(folder=tmp_path)[1], code)
    assert any(says in p.text("ru") for p in found)


def misnamed(folder: Path) -> None:
    (folder / "causes/test/good.yaml").rename(folder / "causes/test/other.yaml")


def stray(folder: Path) -> None:
    text_file(folder, "stray/one.yaml", "a: 1\n")


def twice(folder: Path) -> None:
    text_file(folder, "benchmarks/more.yaml",
              f"format: 1\nbenchmarks: [{json.dumps(MARKS[0])}]\n")  # fmt: skip


def no_yaml(folder: Path) -> None:
    text_file(folder, "causes/test/one.yaml", "id: one\nid: two\n")


def no_such_kind(folder: Path) -> None:
    text_file(folder, "causes/test/one.yaml", "id: one\nkind: proces\nstray: 1\n")


def remedy_of_nobody(folder: Path) -> None:
    remedy = {
        "id": "mend", "title": TEXT, "steps": [TEXT], "owner": "nobody", "days": 5,
        "kpi": {"metric": "none", "target": "none"}, "source": {"seed": "1"},
        "grade": "E1",
    }  # fmt: skip
    text_file(folder, "remedies/all.yaml",
              f"format: 1\nremedies: [{json.dumps(remedy)}]\n")  # fmt: skip


FILES: list[tuple[Callable[[Path], None], str, list[str]]] = [
    (misnamed, "file-name", ["причина «good» лежит в файле other.yaml"]),
    (stray, "unknown-file", ["такие файлы не читаются"]),
    (twice, "duplicate-id", ["код «mark.days» уже занят в "]),
    (no_yaml, "yaml-syntax", ["id"]),
    (no_such_kind, "schema", ["stray", "proces"]),
    (remedy_of_nobody, "unknown-id",
     ["нет роли «nobody»", "нет показателя «none»", "нет ориентира «none»"]),
]  # fmt: skip


@pytest.mark.parametrize(("harm", "code", "says"), FILES)
def test_a_fault_of_a_file(
    tmp_path: Path, harm: Callable[[Path], None], code: str, says: list[str]
) -> None:
    harm(base(tmp_path, GOOD))
    found = says_russian(load_all(folder=tmp_path)[1], code)
    for words in says:
        assert any(words in p.text("ru") for p in found)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    found = says_russian(load_all(folder=tmp_path / "none")[1], "file")
    assert found[0].text("ru").endswith("такой папки нет")


def test_symptoms_that_read_each_other(tmp_path: Path) -> None:
    rows = [symptom("s", {"symptom": "t"}), symptom("t", {"symptom": "s"})]
    base(tmp_path, GOOD, symptoms=rows)
    (found,) = says_russian(load_all(folder=tmp_path)[1], "cycle")
    assert "симптомы выводятся друг из друга: s -> t -> s" in found.text("ru")


def test_the_error_and_all_its_problems_speak_one_language(tmp_path: Path) -> None:
    base(tmp_path, cause("bad", [rule("r", {"none": "< 1"}), rule("s", {"q.yes": 3})]))
    with pytest.raises(KnowledgeError) as raised:
        load(folder=tmp_path)
    told = raised.value.text("ru").splitlines()
    assert told[0] == "в базе знаний есть ошибки, всего 2:"
    assert all(CYRILLIC.search(line) for line in told)
    assert not CYRILLIC.search(raised.value.text("en"))


FAILING = [{"name": "t", "given": {"share": 0.9}, "expect": {"fired": ["r"]}}]
LINTED: list[tuple[dict[str, Any], str, str]] = [
    ({}, "unreachable-cause", "набирает самое большее 40 баллов"),
    ({}, "cause-without-remedy", "нет ни одной меры"),
    ({}, "missing-test", "у причины x нет испытаний"),
    ({}, "missing-test", "x/r: ни разу не показано «сработало», «молчит»"),
    ({}, "unused-metric", "показатель «wait» не читает ни одно правило"),
    ({}, "question-asked-by-no-rule", "вопрос «q.text» не читает ни одно правило"),
    ({}, "unused-remedy", "ни одна причина не назначает меру «mend»"),
    ({"kind": "people"}, "people-without-gate", "обвиняет людей"),
    ({"evidence": [rule("r", {"q.yes": "no"})], "for_each": "manager"},
     "blame-without-person", "по ответу «q.yes», который не о нём"),
    ({"tests": FAILING}, "failing-test",
     "t: r: ожидалось «сработало», получилось «молчит»"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "code", "says"), LINTED)
def test_a_fault_of_sense(
    tmp_path: Path, part: dict[str, Any], code: str, says: str
) -> None:
    base(tmp_path, {**cause("x", [rule("r", LOW)]), **part})
    remedy = {
        "id": "mend", "title": TEXT, "steps": [TEXT], "owner": "head", "days": 5,
        "source": {"seed": "1"}, "grade": "E1",
    }  # fmt: skip
    text_file(tmp_path, "remedies/all.yaml",
              f"format: 1\nremedies: [{json.dumps(remedy)}]\n")  # fmt: skip
    found = says_russian(lint(folder=tmp_path), code)
    assert any(says in p.text("ru") for p in found)


EXPECTED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"share": 0.9}, {"fired": ["r"]}, "r: ожидалось «сработало», получилось «молчит»"),
    ({}, {"not_fired": ["r"]}, "r: ожидалось «молчит», получилось «неизвестно»"),
    ({"share": 0.1}, {"points": 5}, "ожидалось 5, получилось 40 (учтено: r +40)"),
    ({"share": 0.9}, {"points": 5}, "ожидалось 5, получилось 0 (учтено: ничего)"),
    ({}, {"fired": ["q"]}, "нет правила «q»"),
    ({"none": 1}, {}, "неизвестное имя «none»"),
    ({"share": "10%"}, {}, "нужно число, а здесь «10%»"),
    ({"q.yes": "maybe"}, {}, "«maybe»"),
    ({"gap:rate": "maybe"}, {}, "gap:rate не принимает значения «maybe»"),
    ({"q.yes": {"value": "no", "confidence": "so-so"}}, {},
     "уверенности «so-so» не бывает"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expect", "says"), EXPECTED)
def test_a_failing_test_beside_a_rule(
    tmp_path: Path, given: dict[str, Any], expect: dict[str, Any], says: str
) -> None:
    tests = [{"name": "t", "given": given, "expect": expect}]
    base(tmp_path, cause("x", [rule("r", LOW)], tests=tests))
    failures = run_tests(load(folder=tmp_path)).failures
    assert not any(CYRILLIC.search(f.message) for f in failures)
    assert any(says in in_language(f.message, "ru") for f in failures)


@pytest.fixture
def _language_put_back() -> Any:
    yield
    cli_wording.from_environment()


@pytest.mark.usefixtures("_language_put_back")
def test_the_command_speaks_the_language_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own"
    condition = {"no-such-figure-at-all": "< 1"}
    write(own, causes=[cause("own-cause", [rule("r", condition)])])
    for name in ("pack.yaml", "roles.yaml", "metrics.yaml"):
        (own / name).unlink()
    (own / "questionnaires/all.yaml").unlink()
    lint_it = ["kb", "lint", "--kb", str(own)]
    assert run([*lint_it, "--lang", "ru"]) == 4
    assert "неизвестное имя «no-such-figure-at-all»" in capsys.readouterr().out
    assert run([*lint_it, "--lang", "en"]) == 4
    assert "unknown name 'no-such-figure-at-all'" in capsys.readouterr().out
    assert run([*lint_it, "--lang", "ru", "--format", "json"]) == 4
    (row,) = json.loads(capsys.readouterr().out)
    assert row["message"].startswith("unknown name")
    assert row["message_ru"].startswith("неизвестное имя")
    assert run(["kb", "test", "--kb", str(own), "--lang", "ru"]) == 4
    assert "в базе знаний есть ошибки, всего 1:" in capsys.readouterr().err


ANSWERED: list[tuple[str, Any, Any, str, str]] = [
    ("q.yes", "no", False, "text — no", "текст — нет"),
    ("q.often", "weekly", "weekly", "text — Every week", "текст — Каждую неделю"),
    ("q.many", {"includes": "daily"}, ("daily",), "text — Every day",
     "текст — Каждый день"),
    ("q.number", "< 20", 12.5, "text — 12.5\u00a0%", "текст — 12,5\u00a0%"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "when", "value", "en", "ru"), ANSWERED)
def test_an_answer_that_is_weak_evidence_is_told_with_the_answer(
    tmp_path: Path, name: str, when: Any, value: Any, en: str, ru: str
) -> None:
    asked = [
        {**q, "problem": {"when": when, "causes": ["good"]}} if q["id"] == name else q
        for q in QUESTIONS
    ]
    made = knowledge(tmp_path, causes=[GOOD], metrics=METRICS, questions=asked)
    (weak,) = [r for r in made.causes["good"].rules if r.id.startswith("answer-")]
    words = Wording(made, "RUB")
    told = weak.because.fill(lambda n, lang: words.value(Fact(n, value), lang))
    assert (told.en, told.ru) == (en, ru)
