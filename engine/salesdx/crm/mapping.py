"""A column mapping: which file feeds which table from which headers (saved YAML)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from salesdx import content
from salesdx.crm.kinds import Crm
from salesdx.crm.times import Order
from salesdx.crm.vendors import shape_names
from salesdx.crm.vendors.form import NameKind
from salesdx.errors import UNSEEN, DataError, Said, hinted
from salesdx.tables import TABLES


class Part(BaseModel):
    """Base: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StatusRule(Part):
    """How the status of a deal is told.

    By words of a column (what is neither won nor lost is open), by yes/no or date
    columns, or one status for every row. A closed deal that is not won is lost.
    `open` are words seen so far that mean open: with them, a new word is noticed.
    """

    column: str | None = None
    won: list[str] = []
    lost: list[str] = []
    open: list[str] = []
    won_if: str | None = None
    lost_if: str | None = None
    closed_if: str | None = None
    always: Literal["open", "won", "lost"] | None = None

    @property
    def headers(self) -> list[str]:
        """Headers that the rule looks at."""
        told = (self.column, self.won_if, self.lost_if, self.closed_if)
        return [header for header in told if header]

    @model_validator(mode="after")
    def _one_way(self) -> "StatusRule":
        if not (self.column or self.won_if or self.always):
            raise ValueError(
                Said(
                    "say column, won_if or always", "укажите column, won_if или always"
                )
            )
        if self.always and (self.column or self.won_if or self.lost_if):
            raise ValueError(
                Said(
                    "always stands alone",
                    "always не сочетается с column, won_if и lost_if",
                )
            )
        return self


class TableMap(Part):
    """One table out of one file: canonical column -> header as written.

    A list of headers means: cell by cell the first that is filled.

    Attributes:
        shape: what is done with the rows first, where headers alone cannot say it
            (`hubspot.entered-columns`); headers are then those of the shaped rows.
        named: columns that hold ids -> the list of `Mapping.names` that names them.
    """

    table: str
    columns: dict[str, str | list[str]]
    status: StatusRule | None = None
    shape: str | None = None
    named: dict[str, NameKind] = {}

    def headers(self, column: str) -> list[str]:
        """Headers that feed a column, the first filled one counts."""
        found = self.columns.get(column, [])
        return [found] if isinstance(found, str) else found

    @property
    def all_headers(self) -> list[str]:
        """Headers that the table takes something from."""
        fed = [h for column in self.columns for h in self.headers(column)]
        return [*fed, *(self.status.headers if self.status else ())]

    @field_validator("shape")
    @classmethod
    def _known_shape(cls, value: str | None) -> str | None:
        if value is not None and value not in shape_names():
            hint = content.did_you_mean(value, shape_names())
            what = Said(f"{value!r} is not a shape", f"нет преобразования «{value}»")
            raise ValueError(hinted(what, hint))
        return value

    @field_validator("table")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in TABLES:
            hint = content.did_you_mean(value, TABLES)
            what = Said(f"{value!r} is not a table", f"нет таблицы «{value}»")
            raise ValueError(hinted(what, hint))
        return value

    @model_validator(mode="after")
    def _required(self) -> "TableMap":
        lacking = [
            c.name
            for c in TABLES[self.table].columns
            if c.required
            and c.name not in self.columns
            and not (c.name == "status" and self.status)
        ]
        if lacking:
            names = ", ".join(lacking)
            raise ValueError(
                Said(
                    f"{self.table} needs {names}",
                    f"таблице {self.table} нужны колонки: {names}",
                )
            )
        return self


class FileMap(Part):
    """One file, by name.

    Attributes:
        form: the kind of file that was recognised (`amocrm.events`).
        drop: headers that are not taken over.
        zone: time zone of times without one, where it is not the company's.
        dates: how `03/04/2026` reads, where the file does not say so by itself.
        currency: of all amounts, whatever the file says of them; `as-written`: the
            file is right, do not ask again.
        headers: all headers of the file when the mapping was made: by them the next
            export is known under another name, and what is new in it is seen.
    """

    file: str
    form: str | None = None
    tables: list[TableMap]
    drop: list[str] = []
    zone: str | None = None
    dates: Order | None = None
    currency: str | None = None
    headers: list[str] = []

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ValueError, OSError, KeyError) as error:
                raise ValueError(
                    Said(
                        f"{value!r} is not a time zone; for example Europe/Moscow",
                        f"нет часового пояса «{value}»; например, Europe/Moscow",
                    )
                ) from error
        return value


class Mapping(Part):
    """The whole mapping; `salesdx import --save-map` writes it, `--map` reads it.

    `names` are names of ids by kind, from directories of the CRM (users, stages).
    """

    format: Literal[1] = 1
    crm: Crm = "table"
    files: list[FileMap]
    names: dict[NameKind, dict[str, str]] = {}

    def of(self, name: str) -> FileMap | None:
        """The map of a file by its name."""
        wanted = name.casefold()
        return next((f for f in self.files if f.file.casefold() == wanted), None)

    def to_yaml(self) -> str:
        """The mapping as YAML that `load_mapping` reads back."""
        lines = [
            "# Which columns feed which table; edit it, or pass it with --map.",
            f"format: 1\ncrm: {self.crm}\nfiles:",
        ]
        for file in self.files:
            lines += _file_lines(file)
        if self.names:
            lines.append("names:")
        for kind in sorted(self.names):
            lines.append(f"  {kind}:")
            named = sorted(self.names[kind].items())
            lines += [f"    {_quoted(i)}: {_quoted(name)}" for i, name in named]
        return "\n".join(lines) + "\n"


def _file_lines(file: FileMap) -> Iterator[str]:
    yield f"  - file: {_quoted(file.file)}"
    for name in ("form", "zone", "dates"):
        if word := getattr(file, name):
            yield f"    {name}: {word}"
    for name in ("currency", "headers", "drop"):
        if told := getattr(file, name):
            yield f"    {name}: {_quoted(told)}"
    yield "    tables:" if file.tables else "    tables: []"
    for table in file.tables:
        yield f"      - table: {table.table}"
        if table.shape:
            yield f"        shape: {table.shape}"
        if table.named:
            yield f"        named: {_quoted(table.named)}"
        yield "        columns:"
        for column, header in table.columns.items():
            yield f"          {column}: {_quoted(header)}"
        if table.status:
            rule = table.status.model_dump(exclude_defaults=True)
            yield f"        status: {_quoted(rule)}"


def _quoted(value: object) -> str:
    """As JSON, which is YAML; signs that nobody sees are written as escapes."""
    text = json.dumps(value, ensure_ascii=False)
    return UNSEEN.sub(lambda m: json.dumps(m[0])[1:-1], text)


def load_mapping(path: Path) -> Mapping:
    """Read a saved mapping.

    Raises:
        DataError: the file is missing or not valid; every fault with line and column.
    """
    document, problems = content.read(path)
    if document is not None:
        found, problems = content.validate(Mapping, document)
        if found is not None:
            return found
    raise DataError(
        Said(
            f"{path}: the mapping cannot be used",
            f"{path}: этим соответствием колонок нельзя пользоваться",
        ),
        problems,
    )
