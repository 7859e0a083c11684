"""Questions kept for an interview: the same bytes and hash, the same questions."""

from dataclasses import replace
from pathlib import Path

import pytest
from knowledge_fixture import TEXT, dump, knowledge, question, text_file, write

from salesdx.answers import whole
from salesdx.answers.pins import FolderPins
from salesdx.answers.relevance import conditions
from salesdx.errors import DataError
from salesdx.knowledge import pinned
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load, load_all
from salesdx.knowledge.migrations import Migration, Step, until, way

OTHER = {"en": "other", "ru": "другой"}
OPTIONS = [{"code": "crm", "title": TEXT}, {"code": "sheets", "title": TEXT}]
QUESTIONS = [
    question("q.b", "number", min=0, unit="days", relevant_if={"q.a": "yes"}),
    question("q.a", core=True),
    question("q.tool", "enum", options=OPTIONS),
]


def base(folder: Path) -> KnowledgeBase:
    return knowledge(folder, causes=[], questions=QUESTIONS)


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return load()


def test_kept_questions_survive_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: KnowledgeBase
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(whole, "sync_folder", synced.append)
    FolderPins(tmp_path / "questionnaires").keep(shipped.pinned)
    assert synced == [tmp_path, tmp_path / "questionnaires"]


def test_what_is_kept_reads_back_as_it_was(shipped: KnowledgeBase) -> None:
    kept = shipped.pinned
    again = pinned.load(pinned.dump(kept))
    assert again == kept
    assert pinned.dump(again) == pinned.dump(kept)
    assert set(kept.questions) == set(shipped.questions)


def test_questions_of_another_time_come_with_the_rules_of_today(
    shipped: KnowledgeBase,
) -> None:
    own = shipped.asking(replace(shipped.pinned, sha256="another"))
    assert own.questions == shipped.questions
    assert own.causes is shipped.causes
    assert own.pinned.sha256 == shipped.pinned.sha256
    assert shipped.asking(shipped.pinned) is shipped


def test_a_kept_question_is_asked_as_it_was(tmp_path: Path) -> None:
    old = base(tmp_path / "old")
    new = knowledge(
        tmp_path / "new", causes=[],
        questions=[question("q.a", title=OTHER), question("q.new")],
    )  # fmt: skip
    asked = new.asking(pinned.load(pinned.dump(old.pinned)))
    assert list(asked.questions) == ["q.a", "q.b", "q.tool"]
    assert asked.questions["q.a"].title.en == "text"
    assert asked.questions["q.b"].min == 0
    assert list(conditions(asked)) == ["q.b"]
    assert [q.id for q in asked.questionnaires["all"].questions] == [
        "q.b", "q.a", "q.tool",
    ]  # fmt: skip
    assert asked.pinned.sha256 == old.pinned.sha256


def test_only_what_is_asked_counts_for_the_hash(tmp_path: Path) -> None:
    one = base(tmp_path / "one").pinned
    again = base(tmp_path / "again").pinned
    rules = [*QUESTIONS[:1], question("q.a", core=True, unused="x"), QUESTIONS[2]]
    other = knowledge(tmp_path / "other", causes=[], questions=rules).pinned
    words = [*QUESTIONS[:1], question("q.a", core=True, title=OTHER), QUESTIONS[2]]
    third = knowledge(tmp_path / "third", causes=[], questions=words).pinned
    assert pinned.dump(one) == pinned.dump(again)
    assert one.sha256 == other.sha256 != third.sha256


def test_the_version_and_layers_are_told_beside_the_hash(tmp_path: Path) -> None:
    folder = write(tmp_path / "base", causes=[], questions=QUESTIONS)
    text_file(tmp_path / "own", "pack.yaml", """\
        format: 1
        id: own
        version: "2.1"
        engine: ">=0"
        """)  # fmt: skip
    plain, over = load(folder=folder), load([tmp_path / "own"], folder=folder)
    assert over.pinned.layers == (("own", "2.1"),)
    assert over.pinned.sha256 == plain.pinned.sha256
    assert plain.pinned.name == f"1-{plain.pinned.sha256[:12]}"


def test_a_switched_off_question_is_kept_as_such(tmp_path: Path) -> None:
    folder = write(tmp_path / "base", causes=[], questions=QUESTIONS)
    why = {"id": "q.b", "off": True, "why": TEXT}
    dump(tmp_path / "own", "tuning.yaml", {"format": 1, "questions": [why]})
    plain, over = load(folder=folder), load([tmp_path / "own"], folder=folder)
    assert over.pinned.off == {"q.b"}
    assert over.pinned.sha256 != plain.pinned.sha256
    assert plain.asking(over.pinned).is_off("questions", "q.b")
    assert not over.asking(plain.pinned).is_off("questions", "q.b")


def test_a_folder_keeps_questions_once(tmp_path: Path) -> None:
    kept, pins = base(tmp_path / "kb").pinned, FolderPins(tmp_path / "questionnaires")
    assert pins.pinned(kept.sha256) is None
    pins.keep(kept)
    (path,) = (tmp_path / "questionnaires").iterdir()
    before = path.stat().st_mtime_ns
    pins.keep(kept)
    assert path.name == f"{kept.name}.json"
    assert path.stat().st_mtime_ns == before
    assert pins.pinned(kept.sha256) == kept
    assert pins.pinned("") is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda b: b.replace(b'"text"', b'"test"', 1), lambda b: b[:-20],
        lambda b: b"[]", lambda b: b'{"format": 1}', lambda b: b"\xff\xfe",
    ],
)  # fmt: skip
def test_a_spoilt_file_is_told(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    kept, pins = base(tmp_path / "kb").pinned, FolderPins(tmp_path / "questionnaires")
    pins.keep(kept)
    (path,) = (tmp_path / "questionnaires").iterdir()
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DataError, match=path.name):
        pins.pinned(kept.sha256)


def test_a_newer_form_is_not_guessed_at(tmp_path: Path) -> None:
    content = pinned.dump(base(tmp_path).pinned).replace(b'"format":1', b'"format":2')
    with pytest.raises(DataError, match="newer salesdx"):
        pinned.load(content, "x.json")


def step(from_: str, layer: str = "", **parts: object) -> Step:
    return Step(layer, Migration.model_validate({"from": from_, **parts}))


def test_a_way_takes_the_steps_since_a_version() -> None:
    steps = [
        step("1.2", rename={"a": "b"}), step("1.10", rename={"b": "c"}),
        step("2", drop=["d"], reask=["e"], options={"e": {"x": "y"}}),
    ]  # fmt: skip
    assert way(steps, "1.2").follow("a").question == "c"
    assert way(steps, "1.9").follow("a").question == "a"
    assert way(steps, "1.9").follow("b").question == "c"
    assert way(steps, "1").follow("d").dropped
    assert way(steps, "2").follow("e").reask
    assert way(steps, "2").follow("e").code("x") == "y"
    assert not way(steps, "3").follow("e").reask
    assert way(steps, "no version").follow("a").question == "c"


def test_a_step_of_an_overlay_goes_by_its_own_version(tmp_path: Path) -> None:
    kept = replace(base(tmp_path).pinned, layers=(("own", "2"),))
    steps = [step("1", "own", drop=["a"]), step("2", "own", drop=["b"])]
    assert not way(steps, "1", kept).follow("a").dropped
    assert way(steps, "1", kept).follow("b").dropped
    assert way(steps, "9", None).follow("a").dropped


BROKEN = """\
    format: 1
    migrations:
      - from: "1"
        rename: {q.old: q.tol, q.a: q.b}
        options: {q.tool: {excel: sheet, crm: sheets}, q.none: {a: b}}
        reask: [q.c]
        drop: [q.b, q.gone]
      - from: next year
    """


def test_migrations_are_checked_against_the_questions(tmp_path: Path) -> None:
    folder = write(tmp_path, causes=[], questions=QUESTIONS)
    text_file(folder, "questionnaires/migrations.yaml", BROKEN)
    _, problems = load_all(folder=folder)
    assert [(p.line, p.code) for p in problems] == [(8, "schema")]
    text_file(
        folder, "questionnaires/migrations.yaml",
        BROKEN.replace("next year", "2").replace("- from: 2", '- from: "2"'),
    )  # fmt: skip
    _, problems = load_all(folder=folder)
    found = sorted((p.line, p.code, str(p.message)) for p in problems)
    assert [(line, code) for line, code, _ in found] == [
        (4, "duplicate-id"), (4, "unknown-id"), (5, "duplicate-id"),
        (5, "unknown-choice"), (5, "unknown-id"), (6, "unknown-id"),
        (7, "duplicate-id"),
    ]  # fmt: skip
    assert all(p.file.endswith("migrations.yaml") for p in problems)


def test_what_a_later_step_leads_on_need_not_be_there(tmp_path: Path) -> None:
    folder = write(tmp_path, causes=[], questions=QUESTIONS)
    text_file(folder, "questionnaires/migrations.yaml", """\
        format: 1
        migrations:
          - from: "2"
            rename: {q.middle: q.a}
            drop: [q.other]
          - from: "1"
            rename: {q.old: q.middle, q.older: q.other}
            reask: [q.middle]
        """)  # fmt: skip
    found = load(folder=folder)
    assert [s.spec.from_ for s in found.migrations] == ["1", "2"]
    road = way(found.migrations, "1")
    assert road.follow("q.old").question == "q.a"
    assert road.follow("q.old").reask
    assert road.follow("q.older").dropped


def test_a_code_may_be_led_on_by_a_later_step(tmp_path: Path) -> None:
    folder = write(tmp_path, causes=[], questions=QUESTIONS)
    text_file(folder, "questionnaires/migrations.yaml", """\
        format: 1
        migrations:
          - from: "1"
            options: {q.tool: {excel: tables}}
          - from: "2"
            options: {q.tool: {tables: sheets}}
        """)  # fmt: skip
    road = way(load(folder=folder).migrations, "1")
    assert road.follow("q.tool").code("excel") == "sheets"


def test_a_condition_is_led_to_the_ids_and_codes_of_today() -> None:
    road = way([
        step("1", rename={"a": "b"}, options={"b": {"x": "y", "yes": "always"}}),
        step("2", rename={"b": "c"}),
    ], "1")  # fmt: skip
    old = {"all": [
        {"a": "yes"}, {"not": {"a": {"one_of": ["x", "z"]}}}, {"unknown": "a"},
        {"at_least": {"n": 1, "of": [{"a": True}, {"x": "x"}]}},
    ]}  # fmt: skip
    assert road.lead(old) == {"all": [
        {"c": "always"}, {"not": {"c": {"one_of": ["y", "z"]}}}, {"unknown": "c"},
        {"at_least": {"n": 1, "of": [{"c": "always"}, {"x": "x"}]}},
    ]}  # fmt: skip


def test_the_questions_of_another_time_know_no_later_step(tmp_path: Path) -> None:
    kept = base(tmp_path).pinned
    name = next(iter(kept.questions))
    steps = [
        step("0.5", drop=["x"]), step(kept.version, drop=["y"]),
        step("7", "own", drop=["z"]), step("8", "own", drop=[name]),
    ]  # fmt: skip
    assert list(until(steps, kept)) == [steps[0], steps[2]]
    of_own = replace(kept, layers=(("own", "7.1"),))
    assert list(until(steps, of_own)) == [steps[0], steps[2]]
