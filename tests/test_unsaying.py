"""What one respondent said is deleted: no byte of it is left, and nothing else goes."""

from pathlib import Path

import pytest
from backup_fixture import Opens, open_db
from storage_fixture import database, postgres_server
from test_purge import parts_of, place, raw

from salesdx.answers.file import AnswerEntry, InterviewEntry
from salesdx.company import Respondent
from salesdx.storage import consents, links, sessions
from salesdx.storage.answers import DatabaseAnswers
from salesdx.storage.cases import add_case, export_case
from salesdx.storage.checkout import checked_out
from salesdx.storage.events import events, verify
from salesdx.storage.moments import read
from salesdx.storage.opening import reading
from salesdx.storage.retention import close
from salesdx.storage.unsaying import ERASED, said_of, unsay

__all__ = ["database", "open_db", "place", "postgres_server"]
AT = "2026-11-27T12:00:00Z"
WHO, SECRET = "canary-Иван", "canary-secret-5512"
ANSWERS = f"""format: 1
respondents:
  {WHO}: {{role: seller, name: canary-Иванов}}
  anna: {{role: owner}}
answers:
  - {{question: odc.deadline-exists, by: {WHO}, value: yes, note: {SECRET}}}
  - {{question: odc.deadline-exists, by: anna, value: no}}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path.parent / f"{tmp_path.name}-source"
    folder.mkdir()
    (folder / "company.yaml").write_text("format: 1\nname: ООО «Акме»\n", "utf-8")
    (folder / "answers.yaml").write_text(ANSWERS, encoding="utf-8")
    (folder / "results").mkdir()
    (folder / "results" / "a.json").write_text("canary-result", encoding="utf-8")
    return folder


def told(by: str, interview: str, note: str = "") -> AnswerEntry:
    return AnswerEntry(question="odc.deadline-exists", by=by, value=True, at=AT,
                       interview=interview, note=note, key=f"k{note}")  # fmt: skip


def talk(by: str) -> InterviewEntry:
    return InterviewEntry(id=f"{by}-1", by=by, mode="quick", questionnaire="1",
                          sha256="0" * 64, started=AT)  # fmt: skip


def test_no_byte_of_a_respondent_is_left_and_the_others_are_whole(
    open_db: Opens, database: str, place: Path, tmp_path: Path, source: Path
) -> None:
    engine, now = open_db(database), read(AT)
    for case in ("acme", "other"):
        add_case(engine, case, case, source, AT)
    # the other case of this test must not hold the canary itself
    unsay(engine, "other", WHO, AT, "anna", results=True)
    link, _ = links.add_link(
        engine, "acme", role="seller", by=WHO, mode="quick", now=now, actor="anna"
    )
    stays, _ = links.add_link(
        engine, "acme", role="owner", by="anna", mode="quick", now=now, actor="anna"
    )
    for one in (link, stays):
        session = sessions.begin(engine, now, link=one.id)
        consents.give(engine, one, consents.Consent("1", "0" * 64, "ru"), now)
    store = DatabaseAnswers(engine, "acme")
    person = Respondent(role="seller", name="canary-Иванов")
    store.append([told(WHO, f"{WHO}-1", SECRET)], person, talk(WHO))
    store.append([told("anna", "anna-1")], None, talk("anna"))
    close(engine, "acme", AT, "anna")

    assert said_of(engine, "acme", WHO) == {
        "sessions": 1, "consents": 1, "links": 1, "answers": 2, "interviews": 1,
        "respondents": 1,
    }  # fmt: skip
    unsay(engine, "acme", WHO, AT, "anna")

    assert not any(said_of(engine, "acme", WHO).values())
    left = store.file()
    assert [a.by for a in left.answers] == ["anna", "anna"]
    assert [t.by for t in left.interviews] == ["anna"] and set(left.respondents) == {
        "anna"
    }
    assert sessions.find(engine, session, now) is not None
    assert consents.consent_of(engine, stays.id) is not None
    with reading(engine) as connection:
        assert verify(connection).faults == ()
        (event,) = [e for e in events(connection, "acme") if e.action == ERASED]
    assert event.counted()["answers"] == 2 and "canary" not in event.detail
    export_case(engine, "acme", tmp_path.parent / f"{tmp_path.name}-out")
    assert "canary-result" in raw(place).decode("utf-8", "replace")
    unsay(engine, "acme", WHO, AT, "anna", results=True)
    with checked_out(engine, "acme"):
        pass
    engine.dispose()
    for secret in (WHO, SECRET, "canary-Иванов", "canary-result"):
        for part in parts_of(secret):
            assert part not in raw(place)


def test_a_folder_checked_out_meanwhile_brings_nobody_back(
    open_db: Opens, database: str, source: Path
) -> None:
    engine = open_db(database)
    add_case(engine, "acme", "acme", source, AT)
    DatabaseAnswers(engine, "acme").append([told(WHO, f"{WHO}-1")], None, talk(WHO))
    with checked_out(engine, "acme") as folder:
        unsay(engine, "acme", WHO, AT, "anna")
        (folder / "company.yaml").write_text("format: 1\nname: Акме\n", "utf-8")
    assert not any(said_of(engine, "acme", WHO).values())
