"""kb diff: what two versions say differently, and where they only look different."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import (
    TEXT,
    cause,
    dump,
    metric,
    question,
    rule,
    symptom,
    text_file,
    write,
)

from salesdx.cli import run as salesdx
from salesdx.errors import KnowledgeError, UsageError
from salesdx.knowledge.load import load
from salesdx.workbench.answers_given import answers_given
from salesdx.workbench.difference_page import page
from salesdx.workbench.difference_words import Words, difference
from salesdx.workbench.differences import Edit, compare
from salesdx.workbench.versions import is_base, version

Parts = dict[str, Any]
OTHER = {"en": "other", "ru": "другой"}


def mark(name: str = "low", value: float = 0.5, **more: Any) -> Parts:
    return {
        "id": name, "value": value, "unit": "ratio", "title": TEXT, "applies_to": TEXT,
        "source": {"note": "x"}, "grade": "EX", "date": "2026-01", **more,
    }  # fmt: skip


def parts(**more: Any) -> Parts:
    """A small base, with keys replaced."""
    rules = [
        rule("r", {"all": [{"a": "< low"}, {"q.a": "no"}]}),
        rule("s", {"b": "< low"}),
    ]
    found: Parts = {
        "causes": [cause("x", rules, explains=["bad"], gate=[{"known": "a"}])],
        "symptoms": [symptom("bad", {"b": "< low"})],
        "metrics": [metric("a"), metric("b")],
        "questions": [question("q.a", problem={"when": "no", "causes": ["x"]})],
        "benchmarks": [mark()],
    }
    return found | more


def edits(folder: Path, **more: Any) -> list[Edit]:
    """What a base with keys replaced says differently."""
    old = load(folder=write(folder / "old", **parts()))
    new = load(folder=write(folder / "new", **parts(**more)))
    return list(compare(old, new))


def one_cause(**more: Any) -> list[Parts]:
    """The cause of the base with keys replaced."""
    return [{**parts()["causes"][0], **more}]


def one_rule(**more: Any) -> list[Parts]:
    """The cause of the base with keys of its first rule replaced."""
    first, second = parts()["causes"][0]["evidence"]
    return one_cause(evidence=[{**first, **more}, second])


def test_a_base_does_not_differ_from_itself(tmp_path: Path) -> None:
    assert edits(tmp_path) == []


@pytest.mark.parametrize(
    "more",
    [
        {"causes": one_rule(**{"if": {"all": [{"q.a": "no"}, {"a": "< low"}]}})},
        {"causes": one_cause(evidence=parts()["causes"][0]["evidence"][::-1])},
        {"metrics": [metric("b"), metric("a")]},
        {"questions": [question("q.a", problem={"when": "false", "causes": ["x"]})]},
    ],
)
def test_order_and_spelling_are_no_difference(tmp_path: Path, more: Parts) -> None:
    assert edits(tmp_path, **more) == []


def test_a_file_that_moved_is_no_difference(tmp_path: Path) -> None:
    folders = [write(tmp_path / n, **parts()) for n in ("old", "new")]
    moved = folders[1] / "causes" / "elsewhere"
    moved.mkdir()
    (folders[1] / "causes/test/x.yaml").rename(moved / "x.yaml")
    old, new = (load(folder=f) for f in folders)
    assert compare(old, new) == ()


@pytest.mark.parametrize(
    ("more", "name", "bearing", "says"),
    [
        ({"benchmarks": [mark(value=0.4)]}, "threshold:low", "verdict", "50% → 40%"),
        ({"benchmarks": [mark(date="2026-02")]}, "threshold:low", "text", "date"),
        ({"benchmarks": [mark(scope={"sales_model": "b2b"})]}, "threshold:low",
         "verdict", "where it applies (scope) changed"),
        ({"causes": one_rule(weight="slight")}, "rule:x/r", "verdict",
         "weight strong (40) → slight (5)"),
        ({"causes": one_rule(**{"if": {"a": "< low"}})}, "rule:x/r", "verdict",
         "condition changed"),
        ({"causes": one_rule(group="two")}, "rule:x/r", "verdict", "group none → two"),
        ({"causes": one_rule(because=OTHER)}, "rule:x/r", "text", "because"),
        ({"causes": one_cause(gate=[])}, "cause:x#gate", "verdict", "gate changed"),
        ({"causes": one_cause(explains=[])}, "cause:x#explains", "verdict", "− bad"),
        ({"causes": one_cause(kind="data")}, "cause:x#kind", "plan", "process → data"),
        ({"causes": one_cause(verify=OTHER)}, "cause:x#texts", "text", "verify"),
        ({"symptoms": [symptom("bad", {"b": "< 1"})]}, "symptom:bad", "verdict",
         "condition changed"),
        ({"questions": [question("q.a")]}, "question:q.a", "verdict",
         "which answer is a problem changed"),
        ({"questions": [question("q.a", core=True,
                                 problem={"when": "no", "causes": ["x"]})]},
         "question:q.a", "plan", "core no → yes"),
        ({"metrics": [metric("a", grain=["manager"]), metric("b")]}, "metric:a",
         "verdict", "grain + manager"),
    ],
)  # fmt: skip
def test_each_difference_has_a_name_and_a_bearing(
    tmp_path: Path, more: Parts, name: str, bearing: str, says: str
) -> None:
    (edit,) = edits(tmp_path, **more)
    assert (edit.id, edit.bearing, edit.change) == (name, bearing, "changed")
    sides = (load(folder=tmp_path / n) for n in ("old", "new"))
    assert says in Words(*sides).headline(edit).en


def test_what_comes_and_goes(tmp_path: Path) -> None:
    found = edits(
        tmp_path,
        causes=[cause("y", [rule("r", {"a": "< low"})]),
                *one_cause(evidence=parts()["causes"][0]["evidence"][:1])],
        symptoms=[*parts()["symptoms"], symptom("worse", {"a": "< low"})],
    )  # fmt: skip
    assert [(e.id, e.change, bool(e.old), bool(e.new)) for e in found] == [
        ("cause:y", "added", False, True),
        ("rule:x/s", "removed", True, False),
        ("symptom:worse", "added", False, True),
    ]


def test_each_edit_has_the_place_on_both_sides(tmp_path: Path) -> None:
    (edit,) = edits(tmp_path, causes=one_rule(weight="slight"))
    assert edit.old == "old/causes/test/x.yaml:13"
    assert edit.new == "new/causes/test/x.yaml:13"


def test_a_condition_is_shown_as_a_tree(tmp_path: Path) -> None:
    found = edits(tmp_path, causes=one_rule(**{"if": {"any": [
        {"a": "< low"}, {"q.a": "no"}, {"symptom": "bad"}]}}))  # fmt: skip
    old, new = (load(folder=tmp_path / n) for n in ("old", "new"))
    lines = list(page(found, old, new, ("old", "new"), "en"))
    at = lines.index("      condition:")
    assert [line.strip() for line in lines[at + 1 : at + 6]] == [
        "- all:", "+ any:", "a: < low", "q.a: no", "+   symptom: bad",
    ]  # fmt: skip


def test_lines_that_stay_are_told_from_those_that_go() -> None:
    assert list(difference(["a", "b"], ["a", "c"])) == ["  a", "- b", "+ c"]


def test_a_version_is_shipped_a_base_or_overlays(tmp_path: Path) -> None:
    base = write(tmp_path / "base", **parts())
    over = text_file(
        tmp_path, "over/benchmarks/mine.yaml", "format: 1\nbenchmarks: []\n"
    )
    folder = over.parents[1]
    assert is_base(base)
    assert not is_base(folder)
    assert (version("shipped").base, version("shipped").overlays) == (None, ())
    both = version(f"{base},{folder}")
    assert (both.base, both.overlays, both.name) == (base, (folder,), "base,over")
    with pytest.raises(UsageError, match="can only come first"):
        version(f"{folder},{base}")
    with pytest.raises(UsageError, match="no folder and no installed pack 'nowhere'"):
        version("nowhere")


def test_a_checkout_is_a_base(tmp_path: Path) -> None:
    base = write(tmp_path / "checkout" / "knowledge_base", **parts())
    (base / "questionnaires").rename(tmp_path / "checkout" / "questionnaires")
    root, inner = (version(str(f)).knowledge() for f in (base.parent, base))
    assert set(root.questions) == {"q.a"}
    assert compare(root, inner) == ()


def test_a_faulty_version_is_named(tmp_path: Path) -> None:
    write(tmp_path / "base", **parts(benchmarks=[]))
    with pytest.raises(KnowledgeError, match=r"^base: the knowledge base has"):
        version(str(tmp_path / "base")).knowledge()


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str]:
        code = salesdx(list(words))
        return code, capsys.readouterr().out

    return call


def test_the_command_prints_text_and_json(tmp_path: Path, run: Run) -> None:
    old = write(tmp_path / "old", **parts())
    new = write(tmp_path / "new", **parts(benchmarks=[mark(value=0.4)]))
    words = "kb", "diff", str(old), str(new)
    code, text = run(*words, "--lang", "en")
    assert code == 0
    assert "1 difference: 1 can change a verdict" in text
    assert "~ threshold low “text”: 50% → 40%" in text
    assert "old/benchmarks/all.yaml:3 → new/benchmarks/all.yaml:3" in text
    assert "порог low «текст»: 50\u00a0% → 40\u00a0%" in run(*words, "--lang", "ru")[1]
    data = json.loads(run(*words, "--format", "json")[1])
    (edit,) = data["edits"]
    assert (edit["id"], edit["keys"]) == ("threshold:low", ["value"])
    assert edit["text_ru"] == "порог low: 50\u00a0% → 40\u00a0%"
    assert str(tmp_path) not in json.dumps(data)


def given(folder: Path, old: list[Parts], new: list[Parts], **moves: Any) -> Parts:
    """What becomes of the answers to old questions, by question."""
    sides = [parts(causes=[], questions=q) for q in (old, new)]
    one, two = (write(folder / n, **s) for n, s in zip("ab", sides, strict=True))
    if moves:
        dump(two, "questionnaires/migrations.yaml",
             {"format": 1, "migrations": [{"from": "1", **moves}]})  # fmt: skip
    found = answers_given(load(folder=one), load(folder=two))
    return {g.question: (g.grade, g.changes) for g in found}


def test_answers_given_are_worth_what_the_change_leaves_them(tmp_path: Path) -> None:
    choices = [{"code": c, "title": TEXT} for c in ("x", "y")]
    old = [
        question("q.gone"), question("q.words"), question("q.type"),
        question("q.max", "number", max=10),
        question("q.pick", "enum", options=choices),
    ]  # fmt: skip
    new = [
        question("q.words", title=OTHER), question("q.type", "text"),
        question("q.max", "number", max=5),
        question("q.pick", "enum", options=choices[:1]),
    ]  # fmt: skip
    assert given(tmp_path / "1", old, new) == {
        "q.gone": ("breaking", ("gone",)), "q.type": ("breaking", ("type",)),
        "q.pick": ("breaking", ("options-gone",)), "q.max": ("confirm", ("tighter",)),
        "q.words": ("harmless", ("words",)),
    }  # fmt: skip
    settled = given(
        tmp_path / "2", old, new, drop=["q.gone"], reask=["q.type", "q.words"],
        options={"q.pick": {"y": "x"}},
    )  # fmt: skip
    assert {q: grade for q, (grade, _) in settled.items()} == {
        "q.gone": "migrated", "q.type": "migrated", "q.pick": "migrated",
        "q.max": "confirm", "q.words": "confirm",
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_diff_fails_where_answers_would_no_longer_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    old = write(tmp_path / "old", **parts(causes=[], questions=[question("q.a")]))
    new = write(tmp_path / "new", **parts(causes=[], questions=[question("q.b")]))
    command = ["--lang", lang, "kb", "diff", str(old), str(new)]
    assert salesdx(command) == 1
    told = capsys.readouterr().out
    assert ("does not say" if lang == "en" else "не сказано") in told
    moves = [{"from": "1", "rename": {"q.a": "q.b"}}]
    dump(new, "questionnaires/migrations.yaml", {"format": 1, "migrations": moves})
    assert salesdx(command) == 0
    assert "q.a → q.b" in capsys.readouterr().out


def test_a_new_name_of_what_decides_is_no_other_condition(tmp_path: Path) -> None:
    old = [question("q.a"), question("q.if", relevant_if={"q.a": "yes"})]
    new = [question("q.b"), question("q.if", relevant_if={"q.b": "yes"})]
    assert set(given(tmp_path, old, new, rename={"q.a": "q.b"})) == {"q.a"}
