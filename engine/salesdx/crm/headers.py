"""What people call our columns (headers.yaml), whatever the CRM."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from salesdx.content import shipped
from salesdx.crm.rows import Rows, normalise_header
from salesdx.errors import Said


class Headers(BaseModel):
    """headers.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    prefixes: list[str]
    personal: list[str]
    tables: dict[str, dict[str, list[str]]]


@cache
def headers() -> Headers:
    """Read headers.yaml once.

    Raises:
        KnowledgeError: the file is not valid.
    """
    return shipped(
        Headers,
        Path(__file__).with_name("headers.yaml"),
        Said(
            "the header lists of the readers are not valid",
            "в списках заголовков, по которым читаются выгрузки, ошибки",
        ),
    )


@cache
def sureness(table: str, column: str) -> dict[str, float]:
    """Normalised header -> how surely it is this column: 1 for our own name."""
    known = headers().tables.get(table, {}).get(column, [])
    found = {
        normalise_header(h): round(0.95 - 0.01 * min(i, 35), 2)
        for i, h in reversed(list(enumerate(known)))
    }
    return found | {column: 1.0, column.replace("_", " "): 0.98}


def bare(header: str) -> str:
    """A normalised header without `deal - ` and a duplicate's number."""
    for prefix in headers().prefixes:
        header = header.removeprefix(prefix)
    return re.sub(r"\.\d+$", "", header)


def is_personal(header: str) -> bool:
    """Whether a header names personal data."""
    return any(
        re.search(rf"(^|[\W_]){re.escape(w)}", header) for w in headers().personal
    )


def header_of(rows: Rows, wanted: Iterable[str]) -> str | None:
    """The first of the wanted headers that a file has, normalised; a prefix may stand.

    `deal id` finds `Deal - ID`, and `dealname` finds `properties.dealname`.
    """
    present: list[str] = rows.table.column_names
    plain = {bare(n): n for n in reversed(present)}
    for label in wanted:
        name = normalise_header(label)
        if name in present:
            return name
        if name in plain:
            return plain[name]
    return None
