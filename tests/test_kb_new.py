"""kb new: skeletons that load, name what is unwritten, and overwrite nothing."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from knowledge_fixture import TEXT, cause, metric, question, rule, symptom, write

from salesdx.cli import run
from salesdx.content import read
from salesdx.errors import (
    KnowledgeError,
    Problem,
    SalesdxError,
    UsageError,
    in_language,
)
from salesdx.knowledge.additions import Additions
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load, load_all
from salesdx.language import Language
from salesdx.workbench.formatting import formatted
from salesdx.workbench.inserting import with_entry
from salesdx.workbench.lint import lint
from salesdx.workbench.schema import PLACES, schema
from salesdx.workbench.skeleton_desk import Made, Wanted
from salesdx.workbench.skeletons import MAKERS, new
from salesdx.workbench.testing import run as run_tests

MARK = {
    "id": "wait.slow", "value": 3600, "unit": "seconds", "title": TEXT,
    "applies_to": TEXT, "source": {"seed": "1"}, "grade": "E1", "date": "2026-01",
}  # fmt: skip
OPTIONS = [{"code": c, "title": TEXT} for c in ("duty", "nobody")]
QUESTIONS = [
    question("q.yes"), question("q.one", "enum", options=OPTIONS),
    question("q.many", "multi", options=OPTIONS), question("q.free", "text"),
    question("q.number", "number", min=0, max=100),
    question("q.bad", problem={"when": "yes", "causes": ["old"]}),
    question("q.said", metric="wait"),
]  # fmt: skip
ON = [
    "q.yes", "q.one", "q.one nobody", "q.many", "q.free", "q.number > 20", "q.bad",
    "q.said", "wait", "wait < wait.slow", "share < 0.2", "symptom:late", "cause:old",
    "gap:share",
]  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    slow = rule("slow", {"wait": "> wait.slow"}, "decisive")
    fine = rule("fine", {"wait": "< wait.slow"})
    return write(
        folder, benchmarks=[MARK], questions=QUESTIONS,
        metrics=[metric("wait", unit="seconds", type="median"), metric("share")],
        symptoms=[symptom("late", {"wait": "> wait.slow"})],
        causes=[cause("old", [slow], against=[fine])],
    )  # fmt: skip


def made(base: Path, own: Path, kind: str, name: str, **more: Any) -> Made:
    """One `kb new`; the roles of the small base are its own."""
    knowledge, _ = load_all([own] if own.is_dir() else [], folder=base)
    return new(Wanted(kind, name, **{"who": "head"} | more), own, knowledge)


def loaded(base: Path, own: Path) -> KnowledgeBase:
    return load([own], folder=base)


def told(found: Sequence[Problem], own: Path) -> set[str]:
    return {p.code for p in found if p.file.startswith(own.name)}


@pytest.mark.parametrize(
    ("lang", "on", "tests"),
    [
        ("en", ["q.yes", "q.one"], 3),
        ("ru", ["q.one duty", "q.one nobody"], 6),
        ("en", ["wait", "q.said"], 6),
    ],
)
def test_a_cause_loads_tests_green_and_names_what_is_unwritten(
    base: Path, tmp_path: Path, lang: Language, on: list[str], tests: int
) -> None:
    own = tmp_path / "own"
    found = made(base, own, "cause", "c", lang=lang, on=on, cause_kind="speed")
    assert found.path == own / "causes" / "speed" / "c.yaml"
    report = run_tests(loaded(base, own), "c")
    assert (report.tests, report.failures, report.untested) == (tests, [], [])
    problems = lint([own], folder=base)
    assert told(problems, own) == {
        "unreachable-cause", "cause-without-remedy", "unwritten-text",
    }  # fmt: skip
    text = found.path.read_text(encoding="utf-8")
    assert ("двух фразах" in text) == (lang == "ru")
    assert text.startswith("# yaml-language-server: $schema=../../.schema/cause.json\n")
    assert (own / ".schema" / "cause.json").is_file()
    assert formatted(text, "c.yaml") == (text, [])


def test_without_rules_a_cause_loads_too(base: Path, tmp_path: Path) -> None:
    made(base, tmp_path, "cause", "c", cause_kind="people", area="team")
    assert loaded(base, tmp_path).causes["c"].rules == ()


@pytest.mark.parametrize("on", ON)
def test_a_rule_gets_a_condition_and_its_three_tests(
    base: Path, tmp_path: Path, on: str
) -> None:
    made(base, tmp_path, "cause", "c")
    found = made(base, tmp_path, "rule", "c/r", on=[on])
    assert not found.created
    lines = found.path.read_text(encoding="utf-8").splitlines()
    assert lines[found.line - 1] == "  - id: r"
    report = run_tests(loaded(base, tmp_path), "c")
    assert (report.tests, report.failures, report.untested) == (3, [], [])


def test_a_measured_figure_beats_the_claim_of_it(base: Path, tmp_path: Path) -> None:
    on = ["q.said"]
    text = made(base, tmp_path, "cause", "c", on=on).path.read_text(encoding="utf-8")
    assert "if: {all: [{unknown: wait}, {q.said: no}]}" in text


def test_the_usual_threshold_is_that_of_the_same_direction(
    base: Path, tmp_path: Path
) -> None:
    made(base, tmp_path, "cause", "c", on=["wait"])
    found = made(base, tmp_path, "rule", "c/r", on=["wait"], against=True)
    text = found.path.read_text(encoding="utf-8")
    assert text.count('{wait: "> wait.slow"}') == 1
    assert text.count('{wait: "< wait.slow"}') == 1
    with pytest.raises(UsageError, match="--on 'share < benchmark'"):
        made(base, tmp_path, "rule", "c/s", on=["share"])


def test_a_rule_for_a_shipped_cause_lies_beside_it(base: Path, tmp_path: Path) -> None:
    found = made(base, tmp_path, "rule", "old/lunch", on=["q.yes"])
    assert found.path == tmp_path / "additions" / "old.yaml"
    assert found.created
    document, problems = read(found.path)
    assert document is not None, problems
    added = Additions.model_validate(document.data)
    assert [r.id for r in added.evidence] == ["lunch"]
    assert len(added.tests) == 3
    assert set(document.data) == {"format", "cause", "evidence", "against", "tests"}


KINDS: list[tuple[str, str, dict[str, Any], str]] = [
    ("question", "q.new", {}, "questionnaires/q.yaml"),
    ("question", "all.new", {"cause": "old"}, "questionnaires/own-all.yaml"),
    ("remedy", "mend", {}, "remedies/own.yaml"),
    ("symptom", "s", {"on": ["share < 0.2"]}, "symptoms/own.yaml"),
    ("metric-benchmark", "wait.lunch", {"value": 60, "date": "2026-05"},
     "benchmarks/own.yaml"),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(("kind", "name", "more", "place"), KINDS)
def test_entries_go_to_the_end_of_their_list(
    base: Path, tmp_path: Path, kind: str, name: str, more: dict[str, Any], place: str,
    lang: Language,
) -> None:  # fmt: skip
    first = made(base, tmp_path, kind, name, lang=lang, **more)
    assert first.path == tmp_path / place
    text = first.path.read_text(encoding="utf-8") + "# the end\n"
    first.path.write_text(text, encoding="utf-8")
    second = made(base, tmp_path, kind, f"{name}-2", lang=lang, **more)
    assert (first.created, second.created) == (True, False)
    both = second.path.read_text(encoding="utf-8")
    assert both.startswith(text.removesuffix("# the end\n"))
    assert both.endswith("# the end\n")
    assert both.splitlines()[second.line - 1].strip() == f"- id: {name}-2"
    loaded(base, tmp_path)
    assert formatted(both, "x") == (both, [])


@pytest.mark.parametrize("type_", ["scale", "number", "enum", "multi", "text", "date"])
def test_questions_of_every_type_load(base: Path, tmp_path: Path, type_: str) -> None:
    made(base, tmp_path, "question", "x.y", type=type_)
    assert loaded(base, tmp_path).questions["x.y"].type == type_


def test_a_threshold_without_value_and_date_is_told_at_its_place(
    base: Path, tmp_path: Path
) -> None:
    made(base, tmp_path, "metric-benchmark", "share.low")
    _, problems = load_all([tmp_path], folder=base)
    assert [(p.line, p.code) for p in problems] == [(6, "schema"), (12, "schema")]


def test_skeletons_obey_the_schemas_beside_them(base: Path, tmp_path: Path) -> None:
    made(base, tmp_path, "cause", "c", on=["q.yes"])
    made(base, tmp_path, "rule", "old/new", on=["q.yes"])
    for kind, name, more, _ in KINDS:
        made(base, tmp_path, kind, name, **more)
    knowledge = load(folder=base)
    checked = set()
    for name in PLACES:
        judge = Draft7Validator(schema(name, "en", knowledge))
        for path in tmp_path.glob(PLACES[name]):
            document, _problems = read(path)
            assert document is not None
            assert [e.message for e in judge.iter_errors(document.data)] == [], path
            line = path.read_text(encoding="utf-8").splitlines()[1]
            place = line.removeprefix("# $schema: ")
            assert (
                path.parent / place
            ).resolve() == tmp_path / ".schema" / f"{name}.json"
            checked.add(name)
    assert len(checked) == 6


WRONG: list[tuple[str, str, dict[str, Any], str]] = [
    ("rul", "c/r", {}, "did you mean 'rule'"),
    ("cause", "Nobody at lunch", {}, "did you mean 'nobody-at-lunch'"),
    ("cause", "обед", {}, "for example nobody-at-lunch"),
    ("cause", "../../etc", {}, "is no code"),
    ("cause", "c", {"area": "../up"}, "is no code"),
    ("cause", "c", {"cause_kind": "sped"}, "did you mean 'speed'"),
    ("cause", "old", {}, "salesdx kb new rule old/NEW-RULE"),
    ("cause", "c", {"on": ["q.yess"]}, "did you mean 'q.yes'"),
    ("cause", "c", {"on": ["q.one nobdy"]}, "did you mean 'nobody'"),
    ("cause", "c", {"on": ["wait > wait.slo"]}, "did you mean 'wait.slow'"),
    ("cause", "c", {"on": ["symptom:lat"]}, "did you mean 'late'"),
    ("rule", "old", {"on": ["q.yes"]}, "old/NEW-RULE"),
    ("rule", "odl/r", {"on": ["q.yes"]}, "did you mean 'old'"),
    ("rule", "old/slow", {"on": ["q.yes"]}, "already"),
    ("rule", "old/r", {}, "--on NAME"),
    ("question", "q.yes", {}, "is there already"),
    ("question", "wait", {}, "is a figure"),
    ("question", "x.y", {"who": "hed"}, "did you mean 'head'"),
    ("question", "x.y", {"cause": "odl"}, "did you mean 'old'"),
    ("remedy", "r", {"who": "nobody"}, "no role"),
    ("symptom", "s", {}, "--on NAME"),
    ("metric-benchmark", "wiat.slow", {}, "did you mean 'wait'"),
    ("metric-benchmark", "share.low", {"value": 20}, "did you mean 0.2"),
    ("metric-benchmark", "share.low", {"date": "May"}, "no month"),
]


@pytest.mark.parametrize(("kind", "name", "more", "says"), WRONG)
def test_what_does_not_fit_is_said_in_both_languages_and_nothing_is_written(
    base: Path, tmp_path: Path, kind: str, name: str, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        made(base, tmp_path / "own", kind, name, **more)
    assert in_language(caught.value.message, "ru") != caught.value.message
    assert not (tmp_path / "own").exists()


def test_nothing_is_overwritten(base: Path, tmp_path: Path) -> None:
    path = made(base, tmp_path, "cause", "c").path
    path.write_text("id: [broken\n")
    with pytest.raises(UsageError, match="stays as it is"):
        made(base, tmp_path, "cause", "c")
    with pytest.raises(SalesdxError):
        made(base, tmp_path, "rule", "c/r", on=["q.yes"])
    assert path.read_text() == "id: [broken\n"
    marks = tmp_path / "benchmarks" / "own.yaml"
    marks.parent.mkdir()
    marks.write_text("benchmarks: [\n")
    with pytest.raises(KnowledgeError, match=r"own\.yaml:2:1 yaml-syntax"):
        made(base, tmp_path, "metric-benchmark", "wait.x", value=1)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n- x: 1\n\n# b\nb: 2\n", "a:\n- x: 1\n- y: 2\n\n# b\nb: 2\n"),
        ("a:\n  - x: 1\n    # in it\n", "a:\n  - x: 1\n    # in it\n  - y: 2\n"),
        ("a: []  # none\nb: 1\n", "a:  # none\n  - y: 2\nb: 1\n"),
        ("a:\nb: 1\n", "a:\n  - y: 2\nb: 1\n"),
        ("b: 1\n", "b: 1\na:\n  - y: 2\n"),
        ("a:\n    -   x: 1", "a:\n    -   x: 1\n    - y: 2"),
        ("a:\n  - x: |\n      - z\n", "a:\n  - x: |\n      - z\n  - y: 2\n"),
    ],
)
def test_an_entry_is_added_and_all_else_stays(text: str, after: str) -> None:
    assert with_entry(text, "f", "a", "- y: 2\n") == after


@pytest.mark.parametrize(
    "text", ["a: [{x: 1}]\n", "a: {x: 1}\n", "a: text\n", "- a\n", "{a: []}\n",
             "a:\n  - x: |+\n      z\n\n"],
)  # fmt: skip
def test_a_list_in_brackets_is_left_to_its_author(text: str) -> None:
    with pytest.raises(UsageError, match="by hand") as caught:
        with_entry(text, "f", "a", "- y: 2\n")
    assert "вручную" in in_language(caught.value.message, "ru")


def test_line_ends_of_windows_stay(base: Path, tmp_path: Path) -> None:
    path = made(base, tmp_path, "remedy", "one").path
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    made(base, tmp_path, "remedy", "two")
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")
    assert set(loaded(base, tmp_path).remedies) == {"one", "two"}


def test_the_command_speaks_of_files_and_next_steps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["kb", "new", "cause", "x"]) == 2
    assert "--kb my-knowledge" in capsys.readouterr().err
    words = ["kb", "new", "cause", "x", "--kb", "own", "--format", "json"]
    assert run(words) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": "own/causes/process/x.yaml", "line": 1, "created": True,
        "next": ["salesdx kb lint --kb own", "salesdx kb test x --kb own"],
    }  # fmt: skip
    assert sorted(p.name for p in Path("own").iterdir()) == [
        ".schema", "README.md", "causes",
    ]  # fmt: skip
    Path("file").write_text("")
    assert run(["kb", "new", "cause", "x", "--kb", "file"]) == 2
    assert run(["kb", "new", "remedy", "x", "--kb", "file/own"]) == 3


def test_every_kind_has_a_skeleton() -> None:
    assert set(MAKERS) == {k for k, *_ in KINDS} | {"cause", "rule"}
