"""Edit company.yaml: comments stay, nobody's edit is lost, versions are kept."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from salesdx.company import Company
from salesdx.content import parse
from salesdx.crm.company_file import COMPANY_FILE, understood
from salesdx.errors import DataError, Said
from salesdx.language import Text
from salesdx.storage import schema
from salesdx.storage.case_file import Written, read_file_of, write_files_of
from salesdx.storage.events import record
from salesdx.workspace.company_words import told_changes
from salesdx.workspace.funnel_versions import (
    Version,
    definition_of,
    next_versions,
    versions,
)
from salesdx.workspace.yaml_edits import with_values

EDITED = "company-edited"


class StaleError(DataError):
    """Somebody else has changed the company since the page was opened."""


def read_company(engine: Engine, case: str) -> tuple[Company, str]:
    """The company and the mark of its file: an edit names the one it began with.

    Raises:
        DataError: there is no such case, or company.yaml is not valid.
    """
    raw = read_file_of(engine, case, COMPANY_FILE) or b""
    return understood(raw.decode("utf-8-sig", "replace"), COMPANY_FILE), _mark(raw)


def edit_company(
    engine: Engine, case: str, values: Mapping[str, Any], began: str, by: str, at: str
) -> Version | None:
    """Set keys of company.yaml; None where that changes nothing.

    Args:
        engine: the database.
        case: the case.
        values: top-level keys as plain data; None takes a key out.
        began: the mark of the file that the edit began with.
        by: who edits.
        at: when, in UTC.

    Raises:
        StaleError: somebody else has changed it meanwhile.
        DataError: the values make no valid company; the problems say where.
    """
    raw = read_file_of(engine, case, COMPANY_FILE) or b""
    if _mark(raw) != began:
        raise StaleError(Said(
            "somebody else has changed this company meanwhile; what you typed is"
            " below: compare and save once more",
            "пока вы правили, эти сведения изменил кто-то ещё; ваши правки ниже:"
            " сверьте и сохраните ещё раз",
        ))  # fmt: skip
    before = raw.decode("utf-8-sig", "replace")
    old = understood(before, COMPANY_FILE)
    after = with_values(before, values)
    new = understood(after, COMPANY_FILE)
    if new == old:
        return None
    known = versions(engine, case)
    was, now = (definition_of(_data(text)) for text in (before, after))
    made = next_versions(known, was, now, by, at)
    written = {COMPANY_FILE: Written(after.encode(), raw)}
    written |= {v.file: Written(v.packed(), None) for v in made}

    def also(connection: Connection) -> None:
        cases = schema.cases
        named = cases.update().where(cases.c.id == case).values(name=new.name)
        connection.execute(named)
        record(connection, at, by, EDITED, case, {"version": made[-1].number})

    write_files_of(engine, case, written, also)
    return made[-1]


def bring_back(
    engine: Engine, case: str, number: int, began: str, by: str, at: str
) -> Version | None:
    """Make an older version the one in force: as a new version, the others stay.

    Raises:
        DataError: there is no such version; else as `edit_company`.
    """
    found = next((v for v in versions(engine, case) if v.number == number), None)
    if found is None:
        raise DataError(Said(f"no version {number}", f"нет версии {number}"))
    raw = read_file_of(engine, case, COMPANY_FILE) or b""
    here = definition_of(_data(raw.decode("utf-8-sig", "replace")))
    gone = dict.fromkeys(k for k in here if k not in found.definition)
    return edit_company(engine, case, {**found.definition, **gone}, began, by, at)


def compared(old: Version, new: Version) -> list[Text]:
    """What differs between two versions, in words."""
    return told_changes(old.company, new.company)


def _mark(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]


def _data(text: str) -> dict[str, Any]:
    document, _ = parse(text, COMPANY_FILE)
    return dict(document.data) if document and isinstance(document.data, dict) else {}
