"""What a case holds, in kinds and numbers: what an act of destruction may tell."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, func, or_, select

from salesdx.content import content, shipped
from salesdx.errors import Said
from salesdx.language import Text
from salesdx.storage import schema

OWN = ("company.yaml", "mapping.yaml", "plan.yaml")
FOREIGN = "other"
_BY_FOLDER = {
    "results": "results", "reports": "reports", "questionnaires": "settings",
    "company-versions": "settings",
}  # fmt: skip
Counts = dict[str, int]


class Kind(BaseModel):
    """One kind of data; `tables` are the canonical tables that belong to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: Text
    counted: Literal["records", "files"]
    tables: list[str] = []


class Ground(BaseModel):
    """Why data are destroyed, by which law and by when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: Text
    law: Text
    term: Text


class Destruction(BaseModel):
    """reports/destruction/kinds.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: list[Kind]
    grounds: list[Ground]
    actions: dict[str, Text]


@lru_cache(maxsize=1)
def destruction() -> Destruction:
    """Kinds of data, grounds and names of events."""
    path = content("reports") / "destruction" / "kinds.yaml"
    wrong = Said("the list of kinds is wrong:", "список видов данных неверен:")
    return shipped(Destruction, path, wrong)


@lru_cache(maxsize=1)
def _by_table() -> dict[str, str]:
    return {table: kind.id for kind in destruction().kinds for table in kind.tables}


def kind_of(path: str) -> str:
    """The kind of a file of a case, by its path in the folder; `other` is not ours."""
    parts = PurePosixPath(path).parts
    if len(parts) == 1:
        if path in OWN:
            return "settings"
        return "answers-file" if path == "answers.yaml" else FOREIGN
    if parts[0] == "data":
        stem = PurePosixPath(parts[1]).stem.casefold()
        return _by_table().get(stem, "other-data") if len(parts) == 2 else "other-data"
    return _BY_FOLDER.get(parts[0], FOREIGN)


def of_files(files: Iterable[tuple[str, int]]) -> Counts:
    """Files by kind, and all their bytes."""
    found: Counter[str] = Counter()
    for path, size in files:
        found[kind_of(path)] += 1
        found["bytes"] += size
    return dict(found)


def of_case(connection: Connection, case: str) -> Counts:
    """What the database holds of a case."""
    people, talks, given = schema.respondents.c, schema.interviews.c, schema.answers.c
    told = or_(given.note != "", given.reason != "")
    found = {
        "respondents": (people.case_id == case,),
        "named": (people.case_id == case, people.name.is_not(None)),
        "interviews": (talks.case_id == case,),
        "answers": (given.case_id == case,),
        "notes": (given.case_id == case, told),
        "evidence": (given.case_id == case, given.evidence != "[]"),
    }
    counts = {
        name: connection.execute(select(func.count()).where(*where)).scalar_one()
        for name, where in found.items()
    }
    files = schema.case_files.c
    sizes = (
        select(files.path, func.sum(func.length(files.content)))
        .where(files.case_id == case)
        .group_by(files.path)
    )
    rows = ((path, int(size)) for path, size in connection.execute(sizes))
    return {**counts, **of_files(row for row in rows if not row[0].endswith("/"))}
