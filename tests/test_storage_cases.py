"""Case folders into the database and out of it: the same bytes, the same answers."""

import json
import os
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from storage_fixture import BOTH, Server, database, postgres_server

from salesdx.answers.file import AnswerEntry, AnswerFile, InterviewEntry, existing
from salesdx.case import init_case
from salesdx.company import Respondent
from salesdx.errors import DataError
from salesdx.storage import files, pinned, schema
from salesdx.storage.answers import DatabaseAnswers
from salesdx.storage.cases import add_case, all_cases, case_ids, case_info, export_case
from salesdx.storage.checkout import checked_out
from salesdx.storage.opening import reading, writing
from salesdx.storage.upgrading import open_database, opened

__all__ = ["database", "postgres_server"]
AT = "2026-03-01T10:00:00Z"
CASES = Path(__file__).parent / "cases"
RICH = """\
# what the owner said on the phone
format: 1
respondents:
  boss: {role: owner, name: Пётр Ильич}   # the founder
  seller-1: {role: seller, manager: M1}
interviews:
  - {id: i1, by: boss, mode: guided, questionnaire: core, sha256: aa, started: t0}
  - {id: i2, by: boss, mode: full, questionnaire: core, sha256: bb, moved_from: i1}
answers:
  - {question: a.yesno, by: boss, value: yes}
  - {question: a.scale, by: boss, value: 4, confidence: unsure, note: "сезон"}
  - {question: a.number, by: boss, value: 0.1, confidence: guess, key: k1, at: t1}
  - {question: a.big, by: boss, value: 123456789012345678}
  - {question: a.enum, by: boss, value: "no", interview: i1, key: k1}
  - {question: a.multi, by: boss, value: [price, "1e3", ""], evidence: ["отчёт.pdf"]}
  - {question: a.none, by: boss, value: []}
  - {question: a.text, by: boss, value: "строка: «да»\\nвторая 😀"}
  - {question: a.later, by: boss, state: later}
  - {question: a.dk, by: seller-1, state: dont_know, about: {manager: M1}}
  - {question: a.na, by: boss, state: not_applicable, reason: нет отдела}
  - {question: a.no, by: boss, state: refused}
  - {question: a.agreed, by: boss, value: 7, agreed: true, about: {stage: КП}}
  # the end
"""


def tree(folder: Path) -> dict[str, bytes | None]:
    """All files with their bytes, and all empty folders."""
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file():
            found[name] = path.read_bytes()
        elif not any(path.iterdir()):
            found[name + "/"] = None
    return found


def rich(folder: Path, size: int = 1000) -> Path:
    """A case with all that a case may hold."""
    init_case(folder, "Acme")
    (folder / "answers.yaml").write_text(RICH, encoding="utf-8")
    (folder / "plan.yaml").write_text("edits: {}  # ours\n")
    (folder / "mapping.yaml").write_bytes(b"\xef\xbb\xbfformat: 1\r\n")
    (folder / "data" / "сделки за май 2026.csv").write_bytes(
        "№;Сумма\n".encode("cp1251")
    )
    (folder / "data" / "empty.csv").write_bytes(b"")
    (folder / "data" / "large.parquet").write_bytes(os.urandom(2 * size + 17))
    (folder / "data" / "exact.bin").write_bytes(os.urandom(size))
    (folder / "results" / "прошлый год").mkdir(parents=True)
    (folder / "пусто" / "глубже").mkdir(parents=True)
    kept = {"sha256": "ab" * 32, "version": "1.0", "questions": []}
    (folder / "questionnaires").mkdir()
    (folder / "questionnaires" / f"1.0-{'ab' * 6}.json").write_text(json.dumps(kept))
    (folder / "questionnaires" / "notes.json").write_text("[1]")
    return folder


def entry(question: str, by: str = "boss", **more: Any) -> AnswerEntry:
    return AnswerEntry(question=question, by=by, **{"value": "x", **more})


def test_a_folder_comes_back_the_same(database: str, tmp_path: Path) -> None:
    folder = rich(tmp_path / "acme", files.PIECE)
    with opened(database, make=True) as engine:
        add_case(engine, "acme", "Acme", folder, AT)
        export_case(engine, "acme", tmp_path / "out" / "acme")
        with reading(engine) as connection:
            content = pinned.content_of(connection, "ab" * 32)
        told = case_info(engine, "acme")
    assert tree(tmp_path / "out" / "acme") == tree(folder)
    assert content is not None and json.loads(content)["version"] == "1.0"
    assert (told.answers, told.respondents, told.interviews) == (13, 2, 2)
    names = {n: v for n, v in tree(folder).items() if v is not None}
    assert told.files == len(names) and told.size == sum(map(len, names.values()))
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["acme"]  # nothing aside


def test_every_case_of_the_tests_comes_back_the_same(
    database: str, tmp_path: Path
) -> None:
    some = sorted(p for p in CASES.iterdir() if p.is_dir())[:8]
    with opened(database, make=True) as engine:
        for case in some:
            add_case(engine, case.name, "x", case, AT)
        assert case_ids(engine) == [p.name for p in some]
        for case in some:
            export_case(engine, case.name, tmp_path / case.name)
            assert tree(tmp_path / case.name) == tree(case)


def test_the_rows_hold_every_answer(database: str, tmp_path: Path) -> None:
    folder = rich(tmp_path / "acme")
    with opened(database, make=True) as engine:
        add_case(engine, "acme", "Acme", folder, AT)
        assert DatabaseAnswers(engine, "acme").file() == existing(
            folder / "answers.yaml"
        )


def test_what_was_added_since_follows_the_file_as_it_came(
    database: str, tmp_path: Path
) -> None:
    folder = rich(tmp_path / "acme")
    talk = InterviewEntry(
        id="i3", by="head", mode="quick", questionnaire="core", sha256="cd" * 32
    )
    questions = pinned.KeptQuestions("cd" * 32, "2.0 beta", b'{"a":1}')
    with opened(database, make=True) as engine:
        add_case(engine, "acme", "Acme", folder, AT)
        store = DatabaseAnswers(engine, "acme")
        store.append([entry("b.1")])
        with writing(engine) as connection:
            pinned.keep_questions(connection, questions)
        store.append([entry("b.2", "head")], Respondent(role="head"), talk)
        store.append([entry("b.3", "boss"), entry("b.4", "boss")])
        store.append([entry("b.5", "new")], Respondent(role="seller", manager="M9"))
        store.append([entry("b.6", "new")], Respondent(role="other"))  # known by then
        whole = store.file()
        export_case(engine, "acme", tmp_path / "out")
        add_case(engine, "again", "Acme", tmp_path / "out", AT)
        assert DatabaseAnswers(engine, "again").file() == whole
        export_case(engine, "again", tmp_path / "out2")
    assert [a.question for a in whole.answers[-6:]] == [f"b.{i}" for i in range(1, 7)]
    assert whole.respondents["new"].role == "seller"
    assert existing(tmp_path / "out" / "answers.yaml") == whole
    assert tree(tmp_path / "out") == tree(tmp_path / "out2")
    found = tmp_path / "out" / "questionnaires" / f"2.0-beta-{'cd' * 6}.json"
    assert found.read_bytes() == b'{"a":1}'


def test_an_interview_begins_once(database: str, tmp_path: Path) -> None:
    talk = InterviewEntry(id="i", by="b", mode="full", questionnaire="c", sha256="e")
    with opened(database, make=True) as engine:
        add_case(engine, "a", "A", init_case(tmp_path / "a", "A").parent, AT)
        store = DatabaseAnswers(engine, "a")
        for mode in ("full", "quick"):
            store.append(
                [], Respondent(role="owner"), talk.model_copy(update={"mode": mode})
            )
        assert [t.mode for t in store.file().interviews] == ["full"]
        assert set(store.file().respondents) == {"b"}


def test_from_sqlite_to_postgresql_and_back(
    postgres_server: Server, tmp_path: Path
) -> None:
    postgres_server.run("CREATE DATABASE moved")
    folder = rich(tmp_path / "acme")
    with (
        opened(str(tmp_path / "a.db"), make=True) as one,
        opened(postgres_server.address("moved"), make=True) as other,
    ):
        add_case(one, "acme", "Acme", folder, AT)
        DatabaseAnswers(one, "acme").append([entry("b.1", note="ёж 😀")])
        export_case(one, "acme", tmp_path / "1")
        add_case(other, "acme", "Acme", tmp_path / "1", AT)
        DatabaseAnswers(other, "acme").append([entry("b.2")])
        export_case(other, "acme", tmp_path / "2")
        add_case(one, "back", "Acme", tmp_path / "2", AT)
        files_ = (
            DatabaseAnswers(one, "back").file(),
            DatabaseAnswers(other, "acme").file(),
        )
    assert files_[0] == files_[1]


# any folder, any answers

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\\x00"),
    min_size=1, max_size=12,
).filter(lambda n: n.strip(".") and len(n.encode()) < 200)  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False), TEXTS,
    st.lists(TEXTS, max_size=4),
)  # fmt: skip
ENTRIES = st.builds(
    AnswerEntry,
    question=TEXTS, by=st.sampled_from(["a", "б", "c d"]), value=VALUES,
    state=st.sampled_from(["answered", "dont_know", "later", "refused"]),
    confidence=st.sampled_from(["sure", "unsure", "guess"]),
    about=st.dictionaries(TEXTS, TEXTS, max_size=2), agreed=st.booleans(), note=TEXTS,
    reason=TEXTS, evidence=st.lists(TEXTS, max_size=2), at=TEXTS, interview=TEXTS,
)  # fmt: skip
SETTINGS = settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module", params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Any:
    if request.param == "sqlite":
        found = open_database(str(tmp_path_factory.mktemp("any") / "a.db"))
    else:
        server: Server = request.getfixturevalue("postgres_server")
        server.run("CREATE DATABASE anything")
        found = open_database(server.address("anything"))
    yield found
    found.dispose()


def _fresh(engine: Engine) -> str:
    with writing(engine) as connection:
        connection.execute(schema.cases.delete())
    return "case"


@SETTINGS
@given(
    st.dictionaries(NAMES, st.binary(max_size=40), max_size=5),
    st.lists(NAMES, max_size=2),
)
def test_any_folder_comes_back_the_same(
    engine: Engine, tmp_path: Path, held: dict[str, bytes], folders: list[str]
) -> None:
    case, folder = _fresh(engine), tmp_path / "in"
    for place in (folder, tmp_path / "out", tmp_path / "out2"):
        shutil.rmtree(place, ignore_errors=True)
    init_case(folder, "Acme")
    for n, (name, content) in enumerate(held.items()):
        place = folder / f"data/{n}"
        place.mkdir()
        (place / name).write_bytes(content)
    for n, name in enumerate(folders):
        (folder / f"e{n}" / name).mkdir(parents=True)
    add_case(engine, case, "A", folder, AT)
    export_case(engine, case, tmp_path / "out")
    assert tree(tmp_path / "out") == tree(folder)
    add_case(engine, "again", "A", tmp_path / "out", AT)
    export_case(engine, "again", tmp_path / "out2")
    assert tree(tmp_path / "out2") == tree(folder)


@SETTINGS
@given(st.lists(ENTRIES, max_size=6))
def test_any_answers_come_back_the_same(
    engine: Engine, tmp_path: Path, entries: list[AnswerEntry]
) -> None:
    case = _fresh(engine)
    for place in ("in", "out", "out2"):
        shutil.rmtree(tmp_path / place, ignore_errors=True)
    add_case(engine, case, "A", init_case(tmp_path / "in", "A").parent, AT)
    store = DatabaseAnswers(engine, case)
    for one in entries:
        store.append([one], Respondent(role="owner"))
    whole = store.file()
    assert whole.answers == entries
    assert json.dumps([e.value for e in whole.answers]) == json.dumps(
        [e.value for e in entries]
    )  # True is not 1 here
    export_case(engine, case, tmp_path / "out")
    assert existing(tmp_path / "out" / "answers.yaml") == whole
    add_case(engine, "again", "A", tmp_path / "out", AT)
    assert DatabaseAnswers(engine, "again").file() == whole
    export_case(engine, "again", tmp_path / "out2")
    assert tree(tmp_path / "out2") == tree(tmp_path / "out")


# what cannot be kept, or is not whole


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800"])
def test_what_is_no_text_is_refused_by_both(
    bad: str, database: str, tmp_path: Path
) -> None:
    with opened(database, make=True) as engine:
        add_case(engine, "a", "A", init_case(tmp_path / "a", "A").parent, AT)
        store = DatabaseAnswers(engine, "a")
        for more in ({"note": bad}, {"key": bad}, {"at": bad}):
            with pytest.raises(DataError, match="not saved"):
                store.append([entry("q", **more)])
        assert store.file() == AnswerFile(format=1)


def test_links_and_pipes_are_refused_not_lost(tmp_path: Path) -> None:
    folder = init_case(tmp_path / "acme", "A").parent
    for make in (
        lambda p: p.symlink_to("company.yaml"),
        lambda p: p.symlink_to(tmp_path, target_is_directory=True),
        lambda p: os.mkfifo(p),
    ):
        make(folder / "odd")
        with opened(str(tmp_path / "a.db"), make=True) as engine:
            with pytest.raises(DataError, match="odd") as caught:
                add_case(engine, "a", "A", folder, AT)
            assert "обычный файл" in caught.value.text("ru")
            assert case_ids(engine) == []
        (folder / "odd").unlink()


def test_a_name_that_is_no_text_or_too_long_is_refused(tmp_path: Path) -> None:
    folder = init_case(tmp_path / "acme", "A").parent
    (folder / os.fsdecode(b"\xff\xfe.csv")).write_text("x")
    with opened(str(tmp_path / "a.db"), make=True) as engine:
        with pytest.raises(DataError, match="cannot be kept"):
            add_case(engine, "a", "A", folder, AT)
        assert case_ids(engine) == []


@pytest.mark.parametrize("case", ["", "a/b", "..", ".a", "a" * 81, "a b", "-a"])
def test_an_id_that_is_no_name_is_refused(case: str, tmp_path: Path) -> None:
    folder = init_case(tmp_path / "acme", "A").parent
    with (
        opened(str(tmp_path / "a.db"), make=True) as engine,
        pytest.raises(DataError, match="id of a case"),
    ):
        add_case(engine, case, "A", folder, AT)


def test_the_database_may_not_lie_in_the_case(tmp_path: Path) -> None:
    folder = init_case(tmp_path / "acme", "A").parent
    with (
        opened(str(folder / "a.db"), make=True) as engine,
        pytest.raises(DataError, match="outside"),
    ):
        add_case(engine, "a", "A", folder, AT)


def test_one_id_one_case(database: str, tmp_path: Path) -> None:
    folder = init_case(tmp_path / "acme", "A").parent
    with opened(database, make=True) as engine:
        add_case(engine, "Ромашка-1", "A", folder, AT)
        with pytest.raises(DataError, match="already") as caught:
            add_case(engine, "Ромашка-1", "A", folder, AT)
        assert "уже есть" in caught.value.text("ru")
        assert [c.id for c in all_cases(engine)] == ["Ромашка-1"]


def test_a_submission_written_twice_is_kept_once(database: str, tmp_path: Path) -> None:
    folder = init_case(tmp_path / "acme", "A").parent
    twice = "  - {question: q, by: b, value: 1, key: k}\n" * 2
    (folder / "answers.yaml").write_text(f"format: 1\nanswers:\n{twice}")
    with opened(database, make=True) as engine:
        add_case(engine, "a", "A", folder, AT)
        assert len(DatabaseAnswers(engine, "a").file().answers) == 1
        export_case(engine, "a", tmp_path / "out")
        assert tree(tmp_path / "out") == tree(folder)
        other = twice.replace("value: 1", "value: 2", 1)
        (folder / "answers.yaml").write_text(f"format: 1\nanswers:\n{other}")
        with pytest.raises(DataError, match="key 'k'"):
            add_case(engine, "b", "A", folder, AT)


def test_a_name_that_leads_out_is_refused(database: str, tmp_path: Path) -> None:
    folder = init_case(tmp_path / "acme", "A").parent
    with opened(database, make=True) as engine:
        for n, name in enumerate(("../evil", "/tmp/sdx-evil", "data/../../evil")):
            add_case(engine, f"c{n}", "A", folder, AT)
            with writing(engine) as connection:
                connection.execute(
                    schema.case_files.insert().values(
                        case_id=f"c{n}", path=name, piece=0, content=b"x"
                    )
                )
            with pytest.raises(DataError, match="leads out"):
                export_case(engine, f"c{n}", tmp_path / "out")
    assert not Path("/tmp/sdx-evil").exists()
    left = sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith("cases"))
    assert left == ["acme"]


def test_an_export_that_breaks_leaves_no_half_a_case(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = rich(tmp_path / "acme")
    with opened(database, make=True) as engine:
        add_case(engine, "acme", "Acme", folder, AT)
        for error in (OSError(28, "No space left on device"), KeyboardInterrupt()):

            def fail(*_: object, error: BaseException = error) -> None:
                raise error

            with monkeypatch.context() as patched:
                patched.setattr(pinned, "write_missing", fail)
                with pytest.raises((DataError, KeyboardInterrupt)) as caught:
                    export_case(engine, "acme", tmp_path / "out" / "acme")
            if isinstance(caught.value, DataError):
                assert "на диске не осталось места" in caught.value.text("ru")
            assert not list((tmp_path / "out").iterdir())
        (tmp_path / "out" / "acme").mkdir()
        (tmp_path / "out" / "acme" / "mine").write_text("x")
        with pytest.raises(DataError, match="not empty"):
            export_case(engine, "acme", tmp_path / "out" / "acme")
        with pytest.raises(DataError, match="is a file"):
            export_case(engine, "acme", tmp_path / "out" / "acme" / "mine")
        assert (tmp_path / "out" / "acme" / "mine").read_text() == "x"


def test_no_file_is_held_in_memory_as_a_whole(database: str, tmp_path: Path) -> None:
    folder = init_case(tmp_path / "acme", "A").parent
    with (folder / "large.bin").open("wb") as stream:
        for _ in range(8):
            stream.write(os.urandom(files.PIECE))
    with opened(database, make=True) as engine:
        tracemalloc.start()
        add_case(engine, "a", "A", folder, AT)
        export_case(engine, "a", tmp_path / "out")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert tree(tmp_path / "out") == tree(folder)
    assert peak < 5 * files.PIECE


# checked out


def test_what_a_command_wrote_goes_back(database: str, tmp_path: Path) -> None:
    folder = rich(tmp_path / "acme")
    with opened(database, make=True) as engine:
        add_case(engine, "acme", "Acme", folder, AT)
        with checked_out(engine, "acme") as place:
            assert tree(place) == tree(folder)
            assert place.name == "acme" and place.parent.stat().st_mode & 0o77 == 0
            (place / "results" / "r.json").write_text("{}")
            (place / "plan.yaml").write_text("edits: 2\n")
            (place / "mapping.yaml").unlink()
            shutil.rmtree(place / "пусто")
            with (place / "answers.yaml").open("a") as stream:
                stream.write("  - {question: past.the-store, by: boss, value: 1}\n")
        assert not place.exists()
        export_case(engine, "acme", tmp_path / "out")
        after, before = tree(tmp_path / "out"), tree(folder)
        last = DatabaseAnswers(engine, "acme").file().answers[-1]
    assert after.pop("results/r.json") == b"{}"
    assert after.pop("plan.yaml") == b"edits: 2\n"
    assert last.question == "past.the-store"
    del after["answers.yaml"], before["answers.yaml"]
    gone = {"plan.yaml", "mapping.yaml", "пусто/глубже/"}
    assert after == {n: v for n, v in before.items() if n not in gone}


def test_two_who_change_one_file_are_told(database: str, tmp_path: Path) -> None:
    folder = rich(tmp_path / "acme")
    with opened(database, make=True) as engine:
        add_case(engine, "acme", "Acme", folder, AT)
        with (
            pytest.raises(DataError, match=r"plan\.yaml") as caught,
            checked_out(engine, "acme") as mine,
        ):
            with checked_out(engine, "acme") as theirs:
                (theirs / "plan.yaml").write_text("theirs\n")
                (theirs / "results" / "t.json").write_text("{}")
            (mine / "plan.yaml").write_text("mine\n")
            (mine / "results" / "m.json").write_text("{}")
        assert "кто-то ещё" in caught.value.text("ru")
        export_case(engine, "acme", tmp_path / "out")
    assert (tmp_path / "out" / "plan.yaml").read_text() == "theirs\n"
    assert not (tmp_path / "out" / "results" / "m.json").exists()  # all or nothing
