"""kb fmt: one layout, idempotent, and never another meaning or a lost comment."""

import textwrap
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from salesdx.cli import run
from salesdx.content import content, parse, read
from salesdx.errors import in_language
from salesdx.workbench.file_kinds import mappings, model_of
from salesdx.workbench.formatting import format_files, formatted
from salesdx.workbench.yaml_comments import remarks


def said(text: str) -> list[str]:
    return sorted(remark.text for remark in remarks(text))


def laid_out(text: str) -> str:
    after, problems = formatted(textwrap.dedent(text), "x.yaml")
    assert problems == []
    assert formatted(after, "x.yaml") == (after, [])
    return after


def test_keys_come_in_order_with_the_comments_above_them() -> None:
    after = laid_out("""\
        # my file
        format: 1
        symptoms:
        # about the first
        - title: {ru: Долго, en: Slow} # both
          # the condition
          if: {wait: < slow}
          # named
          id: slow
          # ref: [x]
        # about the second
        -   id: 'plain'
            title: {en: "a", ru: 'it''s "so"'}
            if:
                all: [{wait: "> 1"},
                      {known: wait}]
        """)
    assert after == textwrap.dedent("""\
        # my file
        format: 1
        symptoms:
          # about the first
          # named
          - id: slow
            title: {en: Slow, ru: Долго}  # both
            # the condition
            if: {wait: "< slow"}
            # ref: [x]
          # about the second
          - id: "plain"
            title: {en: "a", ru: 'it''s "so"'}
            if:
              all: [{wait: "> 1"}, {known: wait}]
        """)


def test_a_cause_is_written_as_the_shipped_ones_are() -> None:
    after = laid_out("""\
        kind: speed
        evidence:
          - weight: strong
            id: r
            grade: EX
            if: {q: no}
            because: {en: A, ru: Б}
            source: {note: x}
        id: c
        tests:
          - expect: {verdict: open, fired: [r]}
            name: t
            given: {}
        title: {en: A, ru: Б}
        """)
    assert list(yaml.safe_load(after)) == ["id", "kind", "title", "evidence", "tests"]
    assert "  - id: r\n    if: {q: no}\n    weight: strong\n" in after
    assert (
        "  - name: t\n    given: {}\n    expect: {fired: [r], verdict: open}" in after
    )


@pytest.mark.parametrize(
    "text",
    [
        "format: 1\nbenchmarks:\n  - {id: a, value: 0.50, date: 2026-01}\n",
        "format: 1\nroles:\n  - id: a\n    title: {en: no, ru: 12:30}\n",
        "id: c\nkind: data\nsummary: |\n  # no comment\n  second\nevidence:\n",
        "format: 1\nquestions:\n  - min: 1_000\n    id: q\n    part: >-\n      a\n",
        "format: 1\nclaims: [{text: {en: 'a # b', ru: c}, id: x}]  # end\n# last\n",
        "\ufeffformat: 1\r\nroles:\r\n- id: a # kept\r\n  title: {en: A, ru: Б}\r\n",
    ],
)
def test_what_a_file_says_stays(text: str) -> None:
    after = laid_out(text)
    assert after.count("\r\n") == (after.count("\n") if "\r\n" in text else 0)
    before, _ = parse(text.removeprefix("\ufeff"), "x")
    again, _ = parse(after, "x")
    assert before is not None
    assert again is not None
    assert again.data == before.data
    assert (said(after)) == (said(text.removeprefix("\ufeff")))


TEXTS = st.text("ab 'ж:#-{}[]\",|>\n", max_size=8)
REMARKS = st.sampled_from(["", "  # a", "\n    # own line"])


@settings(max_examples=60)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS, REMARKS), min_size=1, max_size=3))
def test_any_texts_and_comments_survive(rows: list[tuple[str, str, str]]) -> None:
    dump = [(yaml.safe_dump({"ru": r, "en": e}, default_flow_style=True, width=9999,
             allow_unicode=True).strip(), remark) for e, r, remark in rows]  # fmt: skip
    lines = [
        f"  - title: {t}{remark}\n    id: x{i}" for i, (t, remark) in enumerate(dump)
    ]
    text = "format: 1\nsymptoms:\n" + "\n".join(lines) + "\n"
    if parse(text, "x")[0] is None:
        return
    after, problems = formatted(text, "x")
    assert problems == []
    old, new = parse(text, "x")[0], parse(after, "x")[0]
    assert old is not None
    assert new is not None
    assert new.data == old.data
    assert (said(after)) == (said(text))
    assert formatted(after, "x")[0] == after


def test_what_is_no_knowledge_is_left_alone() -> None:
    text = "name:   Acme\nformat: 1\n"
    assert formatted(text, "company.yaml") == (text, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("symptoms: [\n", "yaml-syntax"),
        ("symptoms: &a []\n", "yaml-syntax"),
        ("symptoms: " + "[" * 5000 + "\n", "yaml-syntax"),
        ("symptoms: !!python/name:os.system x\n", "yaml-syntax"),
    ],
)
def test_bad_files_are_told_and_never_reach_the_writer(
    tmp_path: Path, text: str, code: str
) -> None:
    (tmp_path / "a.yaml").write_text(text)
    (tmp_path / "b.yaml").write_text("format: 1\nroles:\n- id: a\n")
    bad, good = format_files([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    assert [p.code for p in bad.problems] == [code]
    assert bad.text is None
    assert good.text == "format: 1\nroles:\n  - id: a\n"


def test_the_command_writes_checks_and_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "symptoms").mkdir()
    wrong = Path("symptoms/a.yaml")
    wrong.write_text("symptoms:\n- id: a\nformat: 1\n")
    wrong.chmod(0o640)
    assert run(["kb", "fmt", "--check"]) == 1
    assert wrong.read_text().startswith("symptoms")
    assert run(["kb", "fmt"]) == 0
    assert wrong.read_text() == "format: 1\nsymptoms:\n  - id: a\n"
    assert wrong.stat().st_mode & 0o777 == 0o640
    assert run(["kb", "fmt", "--check", "symptoms"]) == 0
    assert "Files: 1, would change: 0" in capsys.readouterr().out
    Path("symptoms/b.yaml").write_text("symptoms: [\n")
    assert run(["kb", "fmt", "--format", "json", "."]) == 4
    assert '"message_ru"' in capsys.readouterr().out
    monkeypatch.chdir(tmp_path.parent)
    assert run(["kb", "fmt"]) == 2
    assert run(["kb", "fmt", "nowhere"]) == 2


SHIPPED = [
    "benchmarks/speed.yaml", "causes/speed/off-hours-not-covered.yaml",
    "symptoms/speed.yaml", "remedies/speed.yaml", "roles.yaml",
]  # fmt: skip


def test_shipped_files_are_laid_out_so() -> None:
    for one in format_files(content("knowledge_base") / name for name in SHIPPED):
        assert one.problems == ()
        assert one.text is None, one.path


def test_every_kind_of_shipped_file_is_known() -> None:
    unknown = {"glossary.yaml", "platitudes.yaml"}
    folders = (content("knowledge_base"), content("questionnaires"))
    for path in sorted(p for f in folders for p in f.rglob("*.yaml")):
        document, _ = read(path)
        assert document is not None
        model = model_of(document.data)
        assert (model is None) == (path.name in unknown), path
        if model is not None:
            assert list(mappings(model, document.data))


def test_a_comment_within_brackets_is_told_where_it_stands() -> None:
    text = "format: 1\nroles:\n- {id: a,  # why\n   title: {en: A, ru: Б}}\n"
    after, (problem,) = formatted(text, "x")
    assert after == text
    assert str(problem).startswith("x:3:12 not-formatted a comment within brackets")
    assert in_language(problem.message, "ru").startswith("комментарий")
