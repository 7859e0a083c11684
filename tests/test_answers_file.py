"""answers.yaml on disk: comments stay, nothing is written twice, nothing is lost."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from knowledge_fixture import knowledge, question, text_file

from salesdx.answers import file as kept
from salesdx.answers import layout
from salesdx.answers.file import AnswerEntry, InterviewEntry, append_all, existing
from salesdx.answers.log import load
from salesdx.company import Respondent
from salesdx.errors import DataError
from salesdx.knowledge.base import KnowledgeBase

HEAD = Respondent(role="head", name="Анна Петрова")
TALK = InterviewEntry(
    id="i-1", by="head", mode="full", questionnaire="all", sha256="0" * 64
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return knowledge(
        tmp_path_factory.mktemp("kb"), causes=[],
        questions=[question("q.yes"), question("q.text", "text")],
    )  # fmt: skip


def entry(value: Any = True, **more: Any) -> AnswerEntry:
    return AnswerEntry(**({"question": "q.yes", "by": "head", "value": value} | more))


USUAL = """\
# what we were told in June
format: 1
respondents:
    head: {role: head}   # she knows

# the talk
answers:
- question: q.yes   # by telephone
  by: head
  value: no
  note: >
    two
    lines

# to be asked again
"""
ONE = "{question: q.yes, by: head, value: no}"
FLOW = f"{{format: 1, answers: [{ONE}]}}\n"
SHAPES = {
    "usual": USUAL,
    "no end of line": USUAL.rstrip() + "\n- {question: q.yes, by: head, value: yes}",
    "windows": USUAL.replace("\n", "\r\n"),
    "empty list": "format: 1  # one\nanswers: []  # none yet\n",
    "no answers": "format: 1\nrespondents: {}  # nobody\n# the end\n",
    "answers first": "answers:\n- {question: q.yes, by: head, value: no}\n\n"
                     "# now who\nrespondents:\n  anna: {role: seller}\nformat: 1\n",
    "comments": "# nothing yet",
    "ends with a text": "format: 1\nanswers:\n  - question: q.text\n    by: head\n"
                        "    value: |+\n      one\n\n\n",
    "header": "---\nformat: 1\nanswers:\n  - {question: q.yes, by: head, value: no}\n",
}  # fmt: skip
ODD = {
    "flow": FLOW,
    "list in brackets": f"format: 1\nanswers: [{ONE}]\n",
    "end mark": SHAPES["header"] + "...\n",
    "indented": " format: 1\n answers: []\n",
    "old breaks": "format: 1\ranswers: []\r",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_what_people_wrote_stays_as_it_is(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_bytes(SHAPES[shape].encode())
    before = existing(path) if shape != "comments" else None
    append_all(path, [entry(note="новое")], HEAD, TALK)
    append_all(path, [entry(value=False)])
    append_all(path, [entry(by="owner")], Respondent(role="owner"))
    after = path.read_bytes().decode()
    lines = iter(after.splitlines())
    for line in SHAPES[shape].splitlines():  # all there, and in this order
        line = line.replace("answers: []", "answers:")
        line = line.replace("respondents: {}", "respondents:")
        assert line in lines
    assert ("\r" in after) == (shape == "windows")
    assert after.count("\n") == after.count("\r\n") or shape != "windows"
    found = existing(path)
    old = before.answers if before else []
    assert found.answers[: len(old)] == old
    assert [(a.by, a.value) for a in found.answers[len(old) :]] == [
        ("head", True), ("head", False), ("owner", True),
    ]  # fmt: skip
    assert found.interviews == [TALK]
    people = {"head": HEAD, "owner": Respondent(role="owner")}
    assert found.respondents == people | (before.respondents if before else {})


@pytest.mark.parametrize("shape", ODD)
def test_a_file_of_another_shape_is_written_anew(tmp_path: Path, shape: str) -> None:
    path = text_file(tmp_path, "answers.yaml", ODD[shape])
    path.write_text(ODD[shape], encoding="utf-8")
    before = existing(path)
    append_all(path, [entry(by="owner")])
    assert existing(path).answers == [*before.answers, entry(by="owner")]
    append_all(path, [entry(value=False)])
    assert path.read_text(encoding="utf-8").endswith("by: head, value: false}\n")


def test_an_answer_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    append_all(path, [entry(value="a\nb: {c} # d", question="q.text", evidence=["é"])])
    append_all(path, [entry(value=["a", "no"], about={"manager": "M1"})])
    assert path.read_text(encoding="utf-8").splitlines() == [
        "format: 1",
        "answers:",
        '  - {question: q.text, by: head, value: "a\\nb: {c} # d", evidence: [é]}',
        "  - {question: q.yes, by: head, value: [a, 'no'], about: {manager: M1}}",
    ]


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ENTRIES = st.builds(
    AnswerEntry, question=WORDS, by=WORDS, note=WORDS, reason=WORDS,
    value=st.none() | st.booleans() | st.integers(-9, 10**15) | WORDS
    | st.lists(WORDS, max_size=2) | st.floats(-1e6, 1e6).map(lambda x: round(x, 3)),
    evidence=st.lists(WORDS, max_size=2),
    about=st.dictionaries(WORDS, WORDS, max_size=2),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRIES, min_size=1, max_size=5), st.sampled_from(sorted(SHAPES)))
def test_whatever_is_appended_to_whatever_shape_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, entries: list[AnswerEntry], shape: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-shape.yaml"
    path.write_bytes(SHAPES[shape].encode())
    before = [] if shape == "comments" else existing(path).answers
    for one in entries:
        assert append_all(path, [one]) == [one]
    kept._held.clear()
    assert existing(path).answers == [*before, *entries]


def test_the_same_submission_is_kept_once(base: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    first = entry(interview="i-1", key="k")
    assert append_all(path, [first, first], HEAD, TALK) == [first]
    assert append_all(path, [first], None, TALK) == []
    others = [
        entry(interview="i-2", key="k"), entry(interview="i-1", key="l"),
        entry(interview="i-1", key="k", by="owner"), entry(), entry(),
        entry(interview="i-1", key="k", about={"manager": "M1"}),
    ]  # fmt: skip
    before = path.read_text()
    assert append_all(path, [first], None) == []
    assert path.read_text() == before
    assert append_all(path, others) == others
    assert existing(path).answers == [first, *others]
    assert len(existing(path).interviews) == 1


def test_a_late_repetition_in_a_file_changes_no_answer(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    text = (
        "format: 1\nanswers:\n"
        "  - {question: q.yes, by: head, value: yes, interview: i, key: a}\n"
        "  - {question: q.yes, by: head, value: no, interview: i, key: b}\n"
        "  - {question: q.yes, by: head, value: yes, interview: i, key: a}\n"
    )
    log = load(text_file(tmp_path, "answers.yaml", text), base, {})
    assert [a.value for a in log.answers] == [True, False]


def test_an_interview_can_be_begun_without_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    assert append_all(path, [], HEAD, TALK) == []
    assert existing(path).respondents == {"head": HEAD}
    append_all(path, [entry()])
    assert existing(path).answers == [entry()]
    assert existing(path).interviews == [TALK]


def test_what_another_process_wrote_meanwhile_is_seen(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    path = tmp_path / "answers.yaml"
    append_all(path, [entry()])
    load(path, base, {})
    other = path.read_text().replace("value: true", "value: false")
    path.write_text(other + "# done\n")
    append_all(path, [entry(by="owner")])
    log = load(path, base, {})
    assert [(a.by, a.value) for a in log.answers] == [("head", False), ("owner", True)]
    assert "# done\n" in path.read_text()


def test_an_answer_that_cannot_be_read_again_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    append_all(path, [entry()])
    before = path.read_text()
    with pytest.raises(DataError):
        append_all(path, [entry(value=float("nan"))])
    assert path.read_text() == before


def test_a_file_that_grows_too_long_is_refused_before_it_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answers.yaml"
    append_all(path, [entry()])
    monkeypatch.setattr("salesdx.located_yaml.MAX_VALUES", 40)
    monkeypatch.setattr(kept, "MAX_VALUES", 40)
    with pytest.raises(DataError, match="40 keys and values"):
        for _ in range(9):
            append_all(path, [entry()])
    assert 2 < len(existing(path).answers) < 8


WRITER = """\
import sys
from pathlib import Path
from salesdx.answers.file import AnswerEntry, append_all
for i in range(int(sys.argv[3])):
    append_all(Path(sys.argv[1]), [
        AnswerEntry(question="q.yes", by=sys.argv[2], value=i, key=str(i))
    ])
    print(i, flush=True)
"""


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = text_file(tmp_path, "answers.yaml", "format: 1  # mine\nanswers: []\n")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name, "25"],
            stdout=subprocess.DEVNULL,
        )
        for name in ("anna", "boris", "carl")
    ]
    assert [w.wait(60) for w in writers] == [0, 0, 0]
    found = existing(path).answers
    for name in ("anna", "boris", "carl"):
        assert [a.value for a in found if a.by == name] == list(range(25))
    assert path.read_text().startswith("format: 1  # mine\n")
    assert [p.name for p in tmp_path.iterdir()] == ["answers.yaml"]


def test_a_killed_writer_loses_nothing_told_and_locks_nobody_out(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answers.yaml"
    for run in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), f"w{run}", "100000"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert writer.stdout is not None
        with writer:
            told = [int(writer.stdout.readline()) for _ in range(5 + run)]
            writer.kill()
            told += [int(line) for line in writer.stdout if line.endswith("\n")]
        found = [a.value for a in existing(path).answers if a.by == f"w{run}"]
        assert found[: len(told)] == told
    assert append_all(path, [entry()]) == [entry()]


def test_where_a_folder_cannot_be_locked_a_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr("fcntl.flock", refuse)
    path = tmp_path / "answers.yaml"
    append_all(path, [entry()])
    append_all(path, [entry()])
    assert len(existing(path).answers) == 2


def test_an_answer_is_written_quickly_however_many_there_are(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the disk: what our own code takes (bound 20 ms at 400 answers)."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    path = tmp_path / "answers.yaml"
    append_all(path, [entry(note=f"note {i}", key=str(i)) for i in range(2000)])
    load(path, base, {})
    took = []
    for i in range(2000, 2020):
        start = time.process_time()
        append_all(path, [entry(key=str(i))])
        assert len(load(path, base, {}).answers) == i + 1
        took.append(time.process_time() - start)
    assert sorted(took)[10] < 0.02


def test_the_lines_of_a_list_are_what_a_whole_file_holds(tmp_path: Path) -> None:
    file = existing(tmp_path / "answers.yaml").model_copy(
        update={"answers": [entry(), entry(value="x")]}
    )
    assert layout.whole(file).endswith(layout.lines(file.answers))
