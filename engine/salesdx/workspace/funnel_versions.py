"""Versions of what a company says of itself: every definition of its funnels is kept.

`company-versions/0007.yaml` of the case says who changed what, when, in words, and how
the definition reads since. The first one is the definition as it was before any edit.
"""

import hashlib
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine

from salesdx.company import Company, funnels_mark
from salesdx.content import parse, validate
from salesdx.errors import DataError, Said
from salesdx.language import Text
from salesdx.storage.case_file import files_of, read_file_of
from salesdx.workspace.company_words import told_changes

FOLDER = "company-versions/"
# people, and which knowledge judges, are kept elsewhere
NOT_KEPT = frozenset({"format", "respondents", "knowledge"})
BEFORE = Text(en="The definition before the first edit", ru="Описание до первой правки")
OUTSIDE = Text(
    en="Changed outside of these pages", ru="Изменено не на этих страницах"
)  # fmt: skip


class Version(BaseModel):
    """One version; `funnels_mark` is that of the results made by it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    number: int
    at: str
    by: str
    funnels_mark: str
    changes: list[Text]
    definition: dict[str, Any]

    @property
    def file(self) -> str:
        """Its path in the case."""
        return f"{FOLDER}{self.number:04}.yaml"

    @property
    def company(self) -> Company:
        """The company as this version describes it."""
        return Company.model_validate({"format": 1, **self.definition})

    def packed(self) -> bytes:
        """The file."""
        text = yaml.safe_dump(
            self.model_dump(mode="json"), allow_unicode=True, sort_keys=False, width=88
        )
        return text.encode()


def versions(engine: Engine, case: str) -> list[Version]:
    """All versions of a case, the oldest first.

    Raises:
        DataError: a file of a version is not valid.
    """
    found = []
    for name in files_of(engine, case, FOLDER):
        raw = read_file_of(engine, case, name) or b""
        document, problems = parse(raw.decode("utf-8-sig", "replace"), name)
        version = None
        if document is not None:
            version, problems = validate(Version, document)
        if version is None:
            raise DataError(Said(
                f"{name}: this version cannot be read",
                f"{name}: эта версия не читается",
            ), problems)  # fmt: skip
        found.append(version)
    return sorted(found, key=lambda v: v.number)


def definition_of(data: dict[str, Any]) -> dict[str, Any]:
    """What a version keeps of the data of company.yaml."""
    return {k: v for k, v in data.items() if k not in NOT_KEPT}


def next_versions(
    known: list[Version], before: dict[str, Any], after: dict[str, Any],
    by: str, at: str,
) -> list[Version]:  # fmt: skip
    """The versions that an edit adds: itself, and what happened outside before it."""
    made: list[Version] = []
    last = known[-1].definition if known else None
    if last is None:
        made.append(_version(1, "", at, [BEFORE], before))
    elif mark(last) != mark(before):
        told = told_changes(_company(last), _company(before))
        made.append(_version(len(known) + 1, "", at, [OUTSIDE, *told], before))
    told = told_changes(_company(before), _company(after))
    made.append(_version(len(known) + len(made) + 1, by, at, told, after))
    return made


def mark(definition: dict[str, Any]) -> str:
    """What tells one definition from another."""
    told = _company(definition).model_dump_json()
    return hashlib.sha256(told.encode()).hexdigest()


def _company(definition: dict[str, Any]) -> Company:
    return Company.model_validate({"format": 1, **definition})


def _version(
    number: int, by: str, at: str, changes: list[Text], definition: dict[str, Any]
) -> Version:
    return Version(
        number=number, at=at, by=by, changes=changes, definition=definition,
        funnels_mark=funnels_mark(_company(definition).funnels),
    )  # fmt: skip
