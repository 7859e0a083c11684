"""What an import cannot know without asking."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from salesdx.crm.guess import Guess
from salesdx.crm.mapping import FileMap, TableMap
from salesdx.crm.opening import Opened
from salesdx.crm.rows import Rows, normalise_header
from salesdx.crm.times import date_order
from salesdx.language import Text
from salesdx.tables import TABLES

SURE = 0.6


class Question(BaseModel):
    """One thing to confirm; `candidates` are headers of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    table: str | None
    column: str | None
    text: Text
    candidates: list[str] = []


def unknown_file(name: str, labels: Sequence[str]) -> Question:
    """A file that fits no table."""
    return Question(
        file=name, table=None, column=None, candidates=list(labels),
        text=Text(
            en=f"{name} fits no table and would be left out: which table is it, and"
            " which column is its key?",
            ru=f"{name} не похож ни на одну таблицу и будет пропущен: что это за"
            " таблица и какое поле в ней ключевое?",
        ),
    )  # fmt: skip


def questions_of(
    opened: Opened, file: FileMap, guesses: Sequence[Guess]
) -> list[Question]:
    """Doubts about one file: status, entry date, date order, weak matches."""
    found: list[Question] = []
    if not opened.rows().rows_in:
        return found
    for guess in guesses:
        rows = opened.rows(guess.shape)
        for match in guess.matches:
            if match.confidence < SURE:
                found.append(_weak(rows, guess.table, match.column, match.header))
        if guess.table == "deals":
            found += _deals(rows, guess)
    for table in file.tables:
        rows = opened.rows(table.shape)
        if not _order_evident(rows, table):
            found.append(_order(rows, table.table))
    return found


def _deals(rows: Rows, guess: Guess) -> list[Question]:
    found = []
    used = set(guess.columns.values())
    free = [n for n in rows.table.column_names if n not in used]
    if not guess.status_sure:
        rule = guess.status
        always = rule.always if rule else None
        said = always or "open"
        found.append(Question(
            file=rows.source, table="deals", column="status", candidates=free,
            text=Text(
                en=f"nothing says which deals are won or lost; all would count as"
                f" {said!r}. Which column tells the outcome?",
                ru="не видно, какие сделки выиграны, а какие проиграны; все будут"
                f" считаться «{said}». По какому полю понять исход?",
            ),
        ))  # fmt: skip
    if "entered_at" not in guess.columns and "closed_at" not in guess.columns:
        found.append(Question(
            file=rows.source, table="deals", column="entered_at", candidates=free,
            text=Text(
                en="no column says when a deal entered the funnel; without it neither"
                " cycles nor mature conversion can be computed. Which is it?",
                ru="не видно, когда сделка вошла в воронку; без этого не посчитать ни"
                " срок сделки, ни зрелую конверсию. Какое это поле?",
            ),
        ))  # fmt: skip
    return found


def _weak(rows: Rows, table: str, column: str, header: str) -> Question:
    return Question(
        file=rows.source, table=table, column=column, candidates=[header],
        text=Text(
            en=f"is the column {header!r} really {column}?",
            ru=f"поле «{header}» - это действительно {column}?",
        ),
    )  # fmt: skip


def _order_evident(rows: Rows, table: TableMap) -> bool:
    kinds = {c.name: c.type for c in TABLES[table.table].columns}
    names = [
        normalise_header(h)
        for c in table.columns
        for h in table.headers(c)
        if kinds.get(c) in {"time", "date"}
    ]
    found = [n for n in names if n in rows.table.column_names]
    return date_order(rows.table[n] for n in found).evident


def _order(rows: Rows, table: str) -> Question:
    return Question(
        file=rows.source, table=table, column=None,
        text=Text(
            en="is 03/04/2026 the 3rd of April or the 4th of March? Nothing in the file"
            " says so; day first is assumed",
            ru="03/04/2026 - это 3 апреля или 4 марта? По файлу не понять; считаем,"
            " что сначала день",
        ),
    )  # fmt: skip
