"""kb lint: every code has a page, every finding a place; exclusions and fixes."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from knowledge_fixture import (
    TEXT,
    cause,
    metric,
    question,
    rule,
    symptom,
    text_file,
    write,
)

import salesdx
from salesdx.cli import run, wording
from salesdx.content import did_you_mean
from salesdx.errors import Correction, Problem, in_language
from salesdx.inference import limits
from salesdx.knowledge.load import load
from salesdx.language import LANGUAGES, Language
from salesdx.workbench.lint import lint
from salesdx.workbench.lint.code_names import read_by_code
from salesdx.workbench.lint.codes import CODES, page
from salesdx.workbench.lint.fixes import mend
from salesdx.workbench.lint.index_page import PAGES, index_page

DOCS = Path(__file__).parents[1] / "docs"
ENGINE = Path(salesdx.__file__).parent
CYRILLIC = re.compile("[А-Яа-яё]{2}")

LOW_A, LOW_B = {"a": "< 0.5"}, {"b": "< 0.5"}
RULES = [rule("r", LOW_A), rule("s", LOW_B)]
TESTS: list[dict[str, Any]] = [
    {"name": "low", "given": {"a": 0.1, "b": 0.1}, "expect": {"fired": ["r", "s"]}},
    {"name": "high", "given": {"a": 0.9, "b": 0.9},
     "expect": {"not_fired": ["r", "s"]}},
    {"name": "dark", "given": {}, "expect": {"unknown": ["r", "s"]}},
]  # fmt: skip
REMEDY = {
    "id": "mend", "title": TEXT, "steps": [TEXT], "owner": "head", "days": 5,
    "source": {"seed": "1"}, "grade": "E1",
}  # fmt: skip
MARK = {
    "id": "mark", "value": 0.5, "unit": "ratio", "title": TEXT, "applies_to": TEXT,
    "source": {"seed": "1"}, "grade": "E1", "date": "2026-01",
}  # fmt: skip


def base(folder: Path, *, remedies: list[Any] | None = None, **more: Any) -> Path:
    """A small sound base, but for what is said."""
    sound = cause("x", RULES, remedies=["mend"], tests=TESTS)
    parts: dict[str, Any] = {
        "metrics": [metric("a"), metric("b")], "causes": [sound | more.pop("x", {})],
    }  # fmt: skip
    write(folder, **(parts | more))
    if not more.get("questions"):
        (folder / "questionnaires/all.yaml").unlink()
    found = json.dumps({"format": 1, "remedies": remedies or [REMEDY]})
    text_file(folder, "remedies/all.yaml", found)
    return folder


def exclude(folder: Path, *entries: tuple[str, str]) -> None:
    rows = [{"code": c, "at": a, "why": TEXT} for c, a in entries]
    text = yaml.safe_dump(json.loads(json.dumps({"format": 1, "exclusions": rows})))
    text_file(folder, "lint.yaml", text)


# Codes and their pages


def emitted() -> Iterator[str]:
    """Every code that the loader and the linter hand to a problem.

    A code is a text of small letters in a call that makes a problem, or a constant
    that such a call names.
    """
    makers = {"problem", "Problem", "_fault", "fault", "found", "found_at_rule",
              "_unread"}  # fmt: skip
    files = [*(ENGINE / "knowledge").glob("*.py"), ENGINE / "content.py",
             ENGINE / "workbench/worksheets.py",
             *(ENGINE / "workbench/lint").glob("*.py"),
             *(ENGINE / "workbench").glob("logic*.py"),
             *(ENGINE / "workbench").glob("logic*/*.py")]  # fmt: skip
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = {
            t.id: n.value.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)
            for t in n.targets
            if isinstance(t, ast.Name)
        }
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            for part in call.args if name in makers else ():
                value = getattr(part, "value", None)
                if isinstance(part, ast.Name):
                    value = named.get(part.id)
                if isinstance(value, str) and re.fullmatch(r"[a-z]+(-[a-z]+)*", value):
                    yield value


KINDS = {"causes", "symptoms", "remedies", "metrics", "questions", "claims", "forms",
         "benchmarks", "questionnaires", "worksheets",
         "cause", "symptom", "remedy", "role", "metric", "question", "claim", "area",
         "worksheet", "name", "benchmark", "id", "gate", "if", "because",
         "read", "written", "knowledge"}  # fmt: skip


def test_every_code_that_is_told_is_in_the_list() -> None:
    assert sorted({*emitted()} - KINDS - {*CODES}) == []


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page_in_both_languages(code: str) -> None:
    assert CYRILLIC.search(CODES[code].text.ru)
    for language in LANGUAGES:
        text = (DOCS / page(code, language)).read_text(encoding="utf-8")
        assert text.startswith(f"# {code}\n")
        assert bool(CYRILLIC.search(text.split("```")[0])) is (language == "ru")


def test_no_page_is_left_over() -> None:
    for language, index in PAGES.items():
        there = {p.name for p in (DOCS / index).parent.glob("*.md")}
        known = {Path(page(c, language)).name for c in CODES}
        assert there - known == {"README.md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_codes_is_up_to_date(language: Language) -> None:
    there = (DOCS / PAGES[language]).read_text(encoding="utf-8")
    assert there == index_page(language), (
        "run: python -m salesdx.workbench.lint.index_page docs"
    )


# Findings


def test_a_sound_base_has_no_fault(tmp_path: Path) -> None:
    assert lint(folder=base(tmp_path)) == []


PEOPLE = {"kind": "people", "for_each": "manager"}
CUT = [metric("a", grain=["manager"]), metric("b", grain=["manager"])]
ONE = [rule("r", LOW_A), rule("s", {"q.a": "no"}, "considerable")]
SAID = rule("r", LOW_A, because={"en": "Only {b}.", "ru": "Всего {b}."})
MARKED = rule("r", LOW_A, because={"en": "Under {mark}.", "ru": "Ниже {mark}."})
FIRST = [REMEDY | {"needs_first": ["before"]}, REMEDY | {"id": "before"}]
EMPTY = {"en": "English", "ru": "English only here"}

FAULTS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"x": {"evidence": ONE}, "questions": [question("q.a")]},
     "decided-by-one-rule", "causes/test/x.yaml", "without r nothing makes x likely"),
    ({"x": {"evidence": [rule("r", LOW_A, "decisive"), rule("s", LOW_B, "slight")]}},
     "decided-by-one-rule", "causes/test/x.yaml", "without r nothing"),
    ({"x": PEOPLE | {"gate": [LOW_A]}, "metrics": CUT},
     "people-without-gate", "causes/test/x.yaml", "checks neither"),
    ({"x": {"for_each": "manager"}, "metrics": CUT},
     "people-without-gate", "causes/test/x.yaml", "without a gate"),
    ({"benchmarks": [MARK]}, "unused-benchmark", "benchmarks/all.yaml", "'mark'"),
    ({"x": {"evidence": [SAID, rule("s", {"known": "b"})]}},
     "placeholder-not-read", "causes/test/x.yaml", "{b}"),
    ({"x": {"evidence": [MARKED, RULES[1]]}, "benchmarks": [MARK]},
     "placeholder-not-read", "causes/test/x.yaml", "{mark}"),
    ({"symptoms": [symptom("low", LOW_A, because={"en": "{b}", "ru": "{b}"})]},
     "placeholder-not-read", "symptoms/all.yaml", "{b}"),
    ({"x": {"summary": EMPTY}}, "missing-language", "causes/test/x.yaml", "Russian"),
    ({"metrics": [metric("a"), metric("b", title={"en": "Доля", "ru": "Доля"})]},
     "missing-language", "metrics.yaml", "the English text is Russian"),
    ({"x": {"evidence": [RULES[0], RULES[1] | {"source": {"note": " "}}]}},
     "missing-source", "causes/test/x.yaml", "the source is empty"),
    ({"questions": [question("q.a", unused="a remark", seconds=9000)]},
     "effort-without-questions", "questionnaires/all.yaml", "in 9000 s"),
    ({"remedies": FIRST}, "effort-without-questions", "remedies/all.yaml", "5 days"),
    ({"x": {"tests": TESTS[:2]}},
     "missing-test", "causes/test/x.yaml", "never unknown"),
    ({"x": {"remedies": []}}, "unused-remedy", "remedies/all.yaml", "'mend'"),
    ({"questions": [question("q.a")]}, "question-asked-by-no-rule",
     "questionnaires/all.yaml", "'q.a'"),
    ({"metrics": [metric("a"), metric("b"), metric("c")]}, "unused-metric",
     "metrics.yaml", "'c'"),
    ({"metrics": [metric("a"), metric("b"), metric("c", needs=[], unused="x")]},
     "metric-without-source", "metrics.yaml", "'c'"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "code", "file", "says"), FAULTS)
def test_every_fault_is_told_at_its_place(
    tmp_path: Path, parts: dict[str, Any], code: str, file: str, says: str
) -> None:
    problems = [p for p in lint(folder=base(tmp_path, **parts)) if p.code == code]
    assert problems
    for problem in problems:
        assert problem.file == f"{tmp_path.name}/{file}"
        assert problem.line
        assert problem.col
        assert CYRILLIC.search(in_language(problem.message, "ru"))
        assert not CYRILLIC.search(problem.message)
        assert not problem.hint or CYRILLIC.search(in_language(problem.hint, "ru"))
    assert any(says in p.message for p in problems)


def test_a_finding_stands_at_its_rule_or_test(tmp_path: Path) -> None:
    wrong = TESTS[0] | {"expect": {"not_fired": ["s"]}}
    folder = base(tmp_path, x={"tests": [*TESTS[:2], wrong]})
    lines = (folder / "causes/test/x.yaml").read_text().splitlines()
    told = {p.code: lines[p.line - 1].strip() for p in lint(folder=folder)}
    assert told["missing-test"] == "- id: s"
    assert told["failing-test"] == "- s"


ALRIGHT: list[dict[str, Any]] = [
    {"x": {"evidence": [MARKED | {"if": {"a": "< mark"}}, RULES[1]]},
     "benchmarks": [MARK]},
    {"benchmarks": [MARK | {"unused": "the good end"}]},
    {"x": {"evidence": [SAID, RULES[1]], "needs": ["b"]}},
    {"x": PEOPLE | {"gate": [{"symptom": "check"}]}, "metrics": CUT,
     "symptoms": [symptom("check", LOW_A, kind="check", for_each="manager")]},
    {"x": {"title": {"en": "amoCRM", "ru": "amoCRM"}}},
    {"x": {"title": {"en": "Telegram", "ru": "Telegram"}}},
    {"remedies": [FIRST[0], FIRST[1] | {"unless": LOW_A}]},
]  # fmt: skip


@pytest.mark.parametrize("parts", ALRIGHT)
def test_what_is_right_is_not_told(tmp_path: Path, parts: dict[str, Any]) -> None:
    assert lint(folder=base(tmp_path, **parts)) == []


def test_limits_of_the_engine_stand_at_what_has_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_USES", 1)
    low = symptom("low", LOW_A)
    rules = [rule("r", {"symptom": "low"}), rule("s", {"symptom": "low"}),
             rule("t", LOW_B)]  # fmt: skip
    folder = base(tmp_path, x={"evidence": rules}, symptoms=[low])
    (one,) = [p for p in lint(folder=folder) if p.code == "engine-limit"]
    assert one.file.endswith("causes/test/x.yaml")
    assert one.line == 1


def test_thresholds_that_figures_are_computed_with_are_used() -> None:
    read = {"clients.abc-a", "statistics.min-wins", "churn.winning-to-keeping"}
    assert read_by_code(read | {"no.such-mark", "statistics.no-such"}) == read


# Exclusions


def spare(folder: Path) -> Path:
    return base(folder, metrics=[metric("a"), metric("b"), metric("spare")])


def told(folder: Path, *overlays: Path) -> list[str]:
    return [p.code for p in lint(overlays, folder)]


def test_what_is_meant_so_is_excluded(tmp_path: Path) -> None:
    folder = spare(tmp_path)
    before = load(folder=folder).hash
    assert told(folder) == ["unused-metric"]
    exclude(folder, ("unused-metric", "spare"))
    assert told(folder) == []
    assert load(folder=folder).hash == before  # no verdict depends on it


def test_a_rule_is_excluded_by_cause_and_rule(tmp_path: Path) -> None:
    folder = base(tmp_path, x={"tests": TESTS[:2]})
    exclude(folder, ("missing-test", "x/r"))
    (left,) = lint(folder=folder)
    assert "x/s" in left.message


@pytest.mark.parametrize(
    ("entries", "code", "says"),
    [
        ([("unused-metrics", "spare")], "unknown-id", "did you mean 'unused-metric'"),
        ([("unused-metric", "spera")], "unknown-id", "no rule and no entry 'spera'"),
        ([("schema", "x")], "stale-exclusion", "cannot be excluded"),
        ([("missing-test", "x")], "stale-exclusion", "nothing is wrong with 'x'"),
        ([("unused-metric", "spare")] * 2, "stale-exclusion", "excluded already"),
    ],
)
def test_an_exclusion_that_excludes_nothing_is_told(
    tmp_path: Path, entries: list[tuple[str, str]], code: str, says: str
) -> None:
    folder = spare(tmp_path)
    exclude(folder, *entries)
    found = [p for p in lint(folder=folder) if p.file.endswith("/lint.yaml")]
    assert [p.code for p in found] == [code]
    assert says in str(found[0])
    assert found[0].line > 1


def test_a_broken_list_of_exclusions_is_told(tmp_path: Path) -> None:
    folder = base(tmp_path)
    text_file(folder, "lint.yaml", "format: 1\nexclusions: [{code: cycle}]\n")
    assert told(folder) == ["schema", "schema"]
    text_file(folder, "lint.yaml", "format: 1\nexclusions: [\n")
    assert told(folder) == ["yaml-syntax"]


def test_an_overlay_answers_for_its_own_exclusions_only(tmp_path: Path) -> None:
    folder, overlay = spare(tmp_path / "base"), tmp_path / "mine"
    exclude(folder, ("unused-metric", "spare"), ("missing-test", "x"))
    assert told(folder) == ["stale-exclusion"]
    overlay.mkdir()
    assert told(folder, overlay) == []
    exclude(overlay, ("missing-test", "x"))
    assert told(folder, overlay) == ["stale-exclusion"]


# What is certain


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("respones.slow", ["response.slow", "response.fine"], "response.slow"),
        ("response_slow", ["response.slow"], "response.slow"),
        ("Response.slow", ["response.slow"], "response.slow"),
        ("resonse.slow", ["response.slow"], "response.slow"),
        ("share-6m", ["share-3m"], None),  # another digit is another name
        ("shate", ["share", "skate"], None),  # one of two
        ("nobody", ["somebody"], None),
        ("no", ["not"], None),  # too short
    ],
)
def test_one_slip_is_certain(written: str, known: list[str], meant: str | None) -> None:
    hint = did_you_mean(written, known)
    found = hint.instead if isinstance(hint, Correction) else None
    assert found == meant


BROKEN = """\
# Обед: мой черновик
id: lunch      # код
kind: proccess
title: {en: "Lunch, ff", ru: "Обед"}
sumary: {en: Lunch, ru: Обед}
verify: {en: Call., ru: Позвоните.}
evidence:
  - id: r
    if: {all: [{"shaer": "< 20"}, {q.often: [daily, weekli]}]}   # доля 20
    weight: strong
    because: {en: "{shaer}", ru: 'доля {shaer}: 20'}
    source: {note: example}
    grade: EX
"""
MENDED = (
    BROKEN.replace("proccess", "process").replace("sumary", "summary")
    .replace("shaer", "share").replace('"< 20"', '"< 0.2"').replace("weekli", "weekly")
)  # fmt: skip
OPTIONS = [{"code": c, "title": TEXT} for c in ("daily", "weekly", "never")]


def broken(folder: Path, text: str = BROKEN, name: str = "mine") -> tuple[Path, Path]:
    """A base, and an overlay with one broken cause."""
    asked = [question("q.often", "enum", options=OPTIONS, unused="a remark")]
    shares = [metric("a"), metric("b"), metric("share", unused="shown")]
    write(folder / "base", causes=[cause("x", RULES, remedies=["mend"], tests=TESTS)],
          metrics=shares, questions=asked)  # fmt: skip
    text_file(folder / "base", "remedies/all.yaml",
              json.dumps({"format": 1, "remedies": [REMEDY]}))  # fmt: skip
    path = folder / name / "causes/new/lunch.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode())
    return folder / "base", path


@pytest.fixture
def _small_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fixture base in place of the shipped one."""
    folders = {
        "knowledge_base": "base", "questionnaires": "base/questionnaires",
        "reports": "base",
    }  # fmt: skip

    def content(name: str) -> Path:
        return tmp_path / folders[name]

    for module in ("knowledge.load", "workbench.lint.checking",
                   "workbench.lint.sources"):  # fmt: skip
        monkeypatch.setattr(f"salesdx.{module}.content", content)


@pytest.mark.usefixtures("_small_base")
@pytest.mark.parametrize(
    "change",
    [lambda t: t, lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t],
    ids=["plain", "CRLF", "BOM"],
)
def test_what_is_certain_is_mended_and_nothing_else(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    _, path = broken(tmp_path, change(BROKEN))
    mended = mend([tmp_path / "mine"])
    assert path.read_bytes().decode() == change(MENDED)
    changes = [f.text() for f in mended.fixes]
    assert "mine/causes/new/lunch.yaml:3:7 schema proccess -> process" in changes
    assert "mine/causes/new/lunch.yaml:9:26 unit-mismatch 20 -> 0.2" in changes
    left = {p.code for p in mended.problems}
    assert left == {"unreachable-cause", "cause-without-remedy", "missing-test"}
    assert [p.name for p in path.parent.iterdir()] == ["lunch.yaml"]


@pytest.mark.usefixtures("_small_base")
def test_a_trial_writes_nothing(tmp_path: Path) -> None:
    _, path = broken(tmp_path)
    mended = mend([tmp_path / "mine"], write=False)
    assert path.read_text() == BROKEN
    assert "-kind: proccess\n+kind: process\n" in mended.diff
    assert mended.diff.startswith("--- mine/causes/new/lunch.yaml\n")


@pytest.mark.usefixtures("_small_base")
def test_what_could_be_two_things_is_left_alone(tmp_path: Path) -> None:
    text = BROKEN.replace("weekli", "monthly").replace(
        '"shaer": "< 20"', '"ahsre": "< 1"'
    )
    text = text.replace("proccess", "process").replace("sumary", "summary")
    _, path = broken(tmp_path, text.replace("{shaer}", "{share}"))
    before = path.read_bytes()
    assert mend([tmp_path / "mine"]).fixes == ()
    assert path.read_bytes() == before


def test_a_folder_of_ones_own_may_be_mended_whole(tmp_path: Path) -> None:
    folder, path = broken(tmp_path, MENDED, "base")
    path.write_text(BROKEN, encoding="utf-8")
    mend([], folder)
    assert path.read_text(encoding="utf-8") == MENDED


# The command


@pytest.fixture
def _language_put_back() -> Iterator[None]:
    yield
    wording.from_environment()


@pytest.mark.usefixtures("_small_base", "_language_put_back")
def test_the_command_points_at_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken(tmp_path)
    mine = ["kb", "lint", "--kb", str(tmp_path / "mine"), "--lang", "ru"]
    assert run(mine) == 4
    out, err = capsys.readouterr()
    lines = out.splitlines()
    at = next(i for i, x in enumerate(lines) if ":3:7 schema" in x)
    assert lines[at + 1 : at + 3] == ["    kind: proccess", "          ^"]
    counted = "schema 2, unknown-choice 1, unknown-name 1, unknown-placeholder 1"
    assert err.strip() == f"Ошибок: 5 ({counted})"
    assert run([*mine, "--format", "json"]) == 4
    rows = json.loads(capsys.readouterr().out)
    assert {"file", "line", "col", "code", "message", "hint", "message_ru", "hint_ru",
            "docs", "docs_ru", "fixable"} == set(rows[0])  # fmt: skip
    assert [r["fixable"] for r in rows] == [True] * 5
    assert all((DOCS / r["docs"]).is_file() for r in rows)
    assert run([*mine, "--fix", "--dry-run", "--format", "json"]) == 4
    found = json.loads(capsys.readouterr().out)
    assert len(found["changes"]) == 6
    assert "+kind: process" in found["diff"]
    assert run([*mine, "--fix"]) == 4
    assert "Исправлено: 6" in capsys.readouterr().out


@pytest.mark.usefixtures("_language_put_back")
def test_the_command_explains_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["kb", "lint", "--explain", "missing-test", "--lang", "ru"]) == 0
    assert capsys.readouterr().out == (DOCS / page("missing-test", "ru")).read_text()
    assert run(["kb", "lint", "--explain", "mising-test", "--lang", "en"]) == 2
    assert "did you mean 'missing-test'?" in capsys.readouterr().err
    assert run(["kb", "lint", "--fix", "--lang", "en"]) == 2
    assert "--kb" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    wrong = TESTS[0] | {"expect": {"not_fired": ["s"]}}
    tests = {"tests": [*TESTS[:2], wrong]}
    folder = base(tmp_path, x=tests)
    text_file(folder, "causes/test/y.yaml", "id: y\nkind: proccess\n")
    text_file(folder, "symptoms/all.yaml", "format: 1\nsymptoms: [")
    found = lint(folder=folder)
    told = {(Path(p.file).name, p.code) for p in found}
    assert {("x.yaml", "failing-test"), ("x.yaml", "missing-test")} <= told
    assert ("all.yaml", "yaml-syntax") in told
    assert {c for f, c in told if f == "y.yaml"} == {"schema"}


def test_problems_are_sorted_by_place(tmp_path: Path) -> None:
    found: list[Problem] = lint(folder=base(tmp_path, x={"remedies": [], "tests": []}))
    assert found == sorted(found)
