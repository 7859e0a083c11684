"""YAML with positions: surprises are kept as text or refused, each at its place."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesdx.answers.file import AnswerFile
from salesdx.content import MAX_CHARACTERS, did_you_mean, parse, read, validate
from salesdx.knowledge.models import Cause, Symptoms


def data(text: str) -> Any:
    document, problems = parse(text, "x.yaml")
    assert problems == []
    assert document is not None
    return document.data


def fault(text: str) -> str:
    document, problems = parse(text, "x.yaml")
    assert document is None
    (problem,) = problems
    return str(problem)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("on", "on"), ("Yes", "Yes"), ("12:30", "12:30"),
        ("010", "010"), ("1_000", "1_000"), ("1e5", "1e5"),
        ("2026-01-02", "2026-01-02"), ("true", True), ("false", False),
        ("null", None), ("~", None), ("7", 7), ("-3", -3), ("0.25", 0.25),
        ("'7'", "7"), ('"true"', "true"), (".inf", ".inf"), (".nan", ".nan"),
        ("1.0e999", "1.0e999"), ("9" * 5000, "9" * 5000),
    ],
)  # fmt: skip
def test_a_plain_word_means_what_it_says(written: str, value: Any) -> None:
    found = data(f"key: {written}")["key"]
    assert found == value
    assert type(found) is type(value)


def test_words_that_yaml_1_1_would_turn_into_booleans_are_good_keys() -> None:
    assert data("{id: no, on: yes}") == {"id": "no", "on": "yes"}


def test_every_key_and_value_has_a_place() -> None:
    document, _ = parse("a:\n  - b: 1\n    c: {d: x}\n", "x.yaml")
    assert document is not None
    assert document.place(("a", "@key")) == (1, 1)
    assert document.place(("a", 0, "b")) == (2, 8)
    assert document.place(("a", 0, "c", "d", "@key")) == (3, 9)
    assert document.place(("a", 0, "c", "d")) == (3, 12)


def test_an_unknown_place_is_that_of_its_nearest_ancestor() -> None:
    document, _ = parse("a:\n  b: 1\n", "x.yaml")
    assert document is not None
    assert document.place(("a", "b", "nothing", 3)) == (2, 6)
    assert document.place(("nowhere",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3:1 yaml-syntax duplicate key 'a', first at"),
        ("a: {b: 1, b: 2}\n", "x.yaml:1:11 yaml-syntax duplicate key 'b'"),
        ("a: &x 1\nb: *x\n", "x.yaml:1:4 yaml-syntax anchors and aliases"),
        ("a: !!python/object:os.system x\n",
         "x.yaml:1:4 yaml-syntax a value cannot begin with !"),
        ("a: !local x\n", "a value cannot begin with !"),
        ("? [a, b]\n: 1\n", "a key must be a word"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2:1 yaml-syntax"),
        ("win: >= 30\n", '(quote comparisons: ">= 30")'),
        ("a: [1, 2\n", "x.yaml:1:4 yaml-syntax the bracket [ that opens here"),
        ("a: b\0c\n", "yaml-syntax"),
        ("a: \x07\n", "yaml-syntax"),
    ],
)  # fmt: skip
def test_what_is_refused_is_refused_at_its_place(text: str, says: str) -> None:
    assert says in fault(text)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_stops_at_depth_forty_one(opening: str) -> None:
    assert "nested deeper than 40" in fault(opening * 5000)


def test_a_billion_laughs_are_refused_before_anything_is_built() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    assert "anchors and aliases" in fault("\n".join(lines))


@given(st.text())
def test_any_text_is_read_or_refused_but_never_raises(text: str) -> None:
    document, problems = parse(text, "x.yaml")
    assert (document is None) is bool(problems)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file_holds_nothing(text: str) -> None:
    assert data(text) is None


def written(folder: Path, content: bytes) -> Path:
    path = folder / "x.yaml"
    path.write_bytes(content)
    return path


def test_a_byte_order_mark_does_not_move_places(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeffa: ж\n".encode())
    document, problems = read(path, "x.yaml")
    assert problems == []
    assert document is not None
    assert document.data == {"a": "ж"}
    assert document.place(("a", "@key")) == (1, 1)


def test_columns_count_characters_not_bytes() -> None:
    document, _ = parse("{ж: 1, б: 2}", "x.yaml")
    assert document is not None
    assert document.place(("б", "@key")) == (1, 8)


def test_another_encoding_is_told_with_what_to_do(tmp_path: Path) -> None:
    document, problems = read(written(tmp_path, "a: цена\n".encode("cp1251")), "x.yaml")
    assert document is None
    assert problems[0].code == "yaml-encoding"
    assert problems[0].hint == "save it as UTF-8"


@pytest.mark.parametrize("size", [MAX_CHARACTERS + 1, 10_000_000, 21_000_000])
def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path, size: int) -> None:
    document, problems = read(written(tmp_path, b"#" * size), "x.yaml")
    assert document is None
    assert "large" in problems[0].message


def test_a_missing_file_and_a_folder_are_problems(tmp_path: Path) -> None:
    for path in (tmp_path / "no.yaml", tmp_path):
        document, problems = read(path)
        assert document is None
        assert problems[0].code == "file"


SYMPTOMS = """\
format: 1
symptoms:
  - id: low
    titel: {en: Low, ru: Мало}
    title: {en: Low}
    kind: harmful
    if: {a: "< 1"}
"""


def test_all_faults_of_a_file_are_told_at_once_each_at_its_place() -> None:
    document, _ = parse(SYMPTOMS, "s.yaml")
    assert document is not None
    model, problems = validate(Symptoms, document)
    assert model is None
    assert [str(p) for p in sorted(problems)] == [
        "s.yaml:4:5 schema unknown key 'titel' (did you mean 'title'?)",
        "s.yaml:5:12 missing-language the Russian text is missing "
        "(write both: {en: …, ru: …})",
        "s.yaml:6:11 schema 'harmful' is not one of harm, check "
        "(did you mean 'harm'?)",
    ]  # fmt: skip


def test_a_misspelt_key_is_named_by_its_alias_too() -> None:
    document, _ = parse("{id: x, evidence: [{id: r, iff: {}}]}", "c.yaml")
    assert document is not None
    _, problems = validate(Cause, document)
    assert "unknown key 'iff' (did you mean 'if'?)" in "\n".join(map(str, problems))


def test_a_misspelt_key_under_a_name_of_ones_own_has_a_suggestion() -> None:
    text = "format: 1\nrespondents:\n  head: {rol: owner}\n"
    document, _ = parse(text, "a.yaml")
    assert document is not None
    _, problems = validate(AnswerFile, document)
    assert "a.yaml:3:10 schema unknown key 'rol' (did you mean 'role'?)" in [
        str(p) for p in problems
    ]


@pytest.mark.parametrize("text", ["", "[1, 2]", "word", "3"])
def test_a_file_of_another_shape_is_a_problem(text: str) -> None:
    document, _ = parse(text, "s.yaml")
    assert document is not None
    model, problems = validate(Symptoms, document)
    assert model is None
    assert problems[0].code == "schema"


def test_suggestions_do_not_depend_on_the_order_of_the_names() -> None:
    names = {"alpha-one", "alpha-two", "beta"}
    assert did_you_mean("alpha-ten", names) == did_you_mean("alpha-ten", sorted(names))
    assert did_you_mean("zzz", names) == ""
