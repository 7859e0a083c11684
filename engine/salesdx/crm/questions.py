"""What an import cannot know without asking, with choices and a default each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, computed_field

from salesdx.language import Text
from salesdx.tables import TABLES, column_title, table_title

Kind = Literal[
    "table", "column", "outcome", "won-words", "lost-words", "dates", "currency", "zone"
]
LEAVE_OUT = ""  # the choice of no column, no table
ALWAYS = "always:"  # + won | open: one outcome for every row
AS_WRITTEN = "as-written"
_LONGEST_LIST = 40


class Choice(BaseModel):
    """One possible answer; `code` is what a program answers with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    title: Text


class Question(BaseModel):
    """One thing that only a person knows.

    Attributes:
        many: several choices may be taken, or none.
        default: what happens unanswered.
        free: another text than a choice may be given (a time zone).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    file: str
    table: str | None
    column: str | None
    text: Text
    choices: list[Choice] = []
    default: list[str] = []
    many: bool = False
    free: bool = False

    @computed_field  # type: ignore[prop-decorator]
    @property
    def id(self) -> str:
        """What tells the question from others of one import."""
        return ":".join([self.file, self.table or "", self.column or "", self.kind])


Headers = Mapping[str, str]  # header as a mapping writes it -> sample values


def unknown_file(name: str, headers: Sequence[str]) -> Question:
    """A file that fits no table."""
    some = ", ".join(headers[:8]) + ("…" if len(headers) > 8 else "")
    return Question(
        kind="table", file=name, table=None, column=None, default=[LEAVE_OUT],
        choices=[_nothing("leave the file out", "не загружать файл"), *(
            Choice(code=t, title=_capital(table_title(t))) for t in TABLES
        )],
        text=Text(
            en=f"{name} ({some}) fits no table. What is in it?",
            ru=f"{name} ({some}) не похож ни на одну таблицу. Что в нём?",
        ),
    )  # fmt: skip


def which_column(
    file: str, table: str, column: str, headers: Headers, taken: str, needed: bool
) -> Question:
    """Which header feeds a column; `taken` is the doubtful one, or `LEAVE_OUT`."""
    what, whole = column_title(table, column), table_title(table)
    if column == TABLES[table].key:
        text = Text(
            en=f"which column tells one row of “{whole.en}” from another ({what.en})?",
            ru=f"«{whole.ru}»: какая колонка отличает одну строку от другой"
            f" ({what.ru})?",
        )
    elif taken and len(headers) == 1:
        text = Text(
            en=f"is “{taken}” really the {what.en} (“{whole.en}”)?",
            ru=f"«{taken}» — это действительно {what.ru} («{whole.ru}»)?",
        )
    else:
        text = Text(
            en=f"which column is the {what.en} (“{whole.en}”)?",
            ru=f"«{whole.ru}»: в какой колонке {what.ru}?",
        )
    nothing = [] if needed else [_nothing("none of them", "ни в какой")]
    return Question(
        kind="column", file=file, table=table, column=column, text=text,
        choices=[*_headers(headers), *nothing], default=[taken],
    )  # fmt: skip


def entry(file: str, headers: Headers, taken: str) -> Question:
    """Which column of dates is the entry into the funnel."""
    return Question(
        kind="column", file=file, table="deals", column="entered_at",
        choices=[*_headers(headers), _nothing("none of them", "никакая")],
        default=[taken],
        text=Text(
            en="no header says when a deal entered the funnel; without it there is no"
            " length of the cycle and no true conversion. Which date is it?",
            ru="по заголовкам не понять, когда сделка вошла в воронку, а без этого не"
            " посчитать ни срок сделки, ни честную конверсию. Какая это дата?",
        ),
    )  # fmt: skip


def made_key(file: str, table: str, headers: Headers, made: str) -> Question:
    """Whether to go on without an id of deals, or which column is the id after all."""
    without = Choice(code=made, title=Text(
        en="none: go on without it", ru="ни в какой: загрузить без него",
    ))  # fmt: skip
    return Question(
        kind="column", file=file, table=table, column="deal_id", default=[made],
        choices=[without, *_headers(headers)],
        text=Text(
            en="the file has no ID of the deal: deals would be told apart by name,"
            " account and day of creation. A renamed deal would then count as a new"
            " one, and rows alike in all three are left out. Better add the ID"
            " (Opportunity ID) to the report. Which column is the ID?",
            ru="в файле нет номера сделки: различать сделки придётся по названию,"
            " клиенту и дню создания. Переименованная сделка посчитается как новая,"
            " а строки, где совпали все три, в расчёт не попадут. Лучше добавить в"
            " отчёт номер сделки (Opportunity ID). В какой колонке номер?",
        ),
    )  # fmt: skip


def outcome(file: str, headers: Headers, taken: str) -> Question:
    """Which column tells won from lost."""
    said = {
        f"{ALWAYS}won": Text(en="all are won", ru="все считаются выигранными"),
        f"{ALWAYS}open": Text(en="all are open", ru="все считаются открытыми"),
    }.get(taken, Text(en=f"“{taken}” decides", ru=f"решает «{taken}»"))
    return Question(
        kind="outcome", file=file, table="deals", column="status", default=[taken],
        choices=[
            *_headers(headers),
            Choice(code=f"{ALWAYS}won", title=Text(
                en="none: these are orders or sales, all of them won",
                ru="никакая: это заказы или продажи, все состоялись",
            )),
            Choice(code=f"{ALWAYS}open", title=Text(
                en="none: all are still open", ru="никакая: все ещё открыты",
            )),
        ],
        text=Text(
            en=f"nothing says which deals are won and which are lost ({said.en}). Which"
            " column tells the outcome?",
            ru=f"не видно, какие сделки выиграны, а какие проиграны ({said.ru}). По"
            " какой колонке понять исход?",
        ),
    )  # fmt: skip


def meaning(
    file: str, header: str, kind: Literal["won-words", "lost-words"],
    counts: Mapping[str, int], taken: Iterable[str], new: bool,
) -> Question:  # fmt: skip
    """Which words of a column mean won, or lost."""
    ordered = sorted(counts, key=lambda w: (-counts[w], w))[:_LONGEST_LIST]
    en, ru = ("won", "выиграна") if kind == "won-words" else ("lost", "проиграна")
    if new:
        text = Text(
            en=f"“{header}” has words that were not there before. Which of them mean"
            f" that the deal is {en}?",
            ru=f"в колонке «{header}» новые слова. Какие из них значат, что сделка"
            f" {ru}?",
        )
    else:
        text = Text(
            en=f"which words of “{header}” mean that the deal is {en}?",
            ru=f"какие слова в колонке «{header}» значат, что сделка {ru}?",
        )
    return Question(
        kind=kind, file=file, table="deals", column="status", text=text, many=True,
        choices=[
            Choice(code=w, title=Text(en=f"{w} ({counts[w]})", ru=f"{w} ({counts[w]})"))
            for w in ordered
        ],
        default=[w for w in taken if w in ordered],
    )  # fmt: skip


def date_order(file: str, table: str, example: str) -> Question:
    """Day first or month first, where no date of a file says so."""
    first, second = _MONTHS[_part(example, 1)], _MONTHS[_part(example, 0)]
    day, other = _part(example, 0), _part(example, 1)
    return Question(
        kind="dates", file=file, table=table, column=None, default=["day-first"],
        choices=[
            Choice(code="day-first", title=Text(
                en=f"{day} {first.en}: day first", ru=f"{day} {first.ru}: сначала день",
            )),
            Choice(code="month-first", title=Text(
                en=f"{other} {second.en}: month first",
                ru=f"{other} {second.ru}: сначала месяц",
            )),
        ],
        text=Text(
            en=f"is {example} the {_nth(day)} of {first.en} or the {_nth(other)} of"
            f" {second.en}?"
            " Nothing in the file says so",
            ru=f"{example} — это {day} {first.ru} или {other} {second.ru}? По файлу не"
            " понять",
        ),
    )  # fmt: skip


def mixed_dates(file: str, table: str, taken: str) -> Question:
    """Dates of which some prove day first and some month first."""
    first = Text(en="day first", ru="сначала день")
    second = Text(en="month first", ru="сначала месяц")
    assumed = first if taken == "day-first" else second
    return Question(
        kind="dates", file=file, table=table, column=None, default=[taken],
        choices=[
            Choice(code="day-first", title=first),
            Choice(code="month-first", title=second),
        ],
        text=Text(
            en=f"the dates stand in both orders, 31/12 and 12/31 (taken: {assumed.en});"
            " what cannot be so is left out. Better: export them as 2026-12-31. Which"
            " order is right?",
            ru=f"даты записаны вперемешку, и 31/12, и 12/31 (берём: {assumed.ru}); что"
            " так не читается, пропускаем. Лучше выгрузить их в виде 2026-12-31. Какой"
            " порядок верный?",
        ),
    )  # fmt: skip


def currency(
    file: str, table: str, found: Sequence[str], own: str, by_row: bool
) -> Question:
    """What the amounts are in, where the file and the company disagree.

    Args:
        file: name of the file.
        table: the table with amounts.
        found: codes that the file speaks of.
        own: the company's code.
        by_row: whether a column says it for every row.
    """
    names = ", ".join(found)
    right = AS_WRITTEN if by_row or len(found) > 1 else found[0]
    kept = (
        Text(
            en=f"the file is right; of the amounts only those in {own} count",
            ru=f"файл прав; считать только суммы в {own}, остальные в сумму не брать",
        )
        if len(found) > 1
        else Text(
            en=f"the file is right (then put currency: {found[0]} into company.yaml)",
            ru=f"файл прав (тогда укажите currency: {found[0]} в company.yaml)",
        )
    )
    return Question(
        kind="currency", file=file, table=table, column="currency",
        choices=[
            Choice(code=right, title=kept),
            Choice(code=own, title=Text(
                en=f"all amounts are in {own} already", ru=f"все суммы уже в {own}",
            )),
        ],
        default=[right],
        text=Text(
            en=f"the file speaks of {names}, the company counts in {own}. Which is"
            " right?",
            ru=f"в файле {names}, а компания считает в {own}. Что верно?",
        ),
    )  # fmt: skip


def zone(file: str, table: str, own: str, why: Text) -> Question:
    """In which time zone the times of a file are written."""
    zones = dict.fromkeys([own, "UTC", "Europe/Moscow"])
    return Question(
        kind="zone", file=file, table=table, column=None, free=True, default=[own],
        choices=[
            Choice(code=z, title=Text(
                en=f"{z} (the company's)" if z == own else z,
                ru=f"{z} (пояс компании)" if z == own else z,
            ))
            for z in zones
        ],
        text=Text(
            en=f"{why.en}. In which time zone are they written?",
            ru=f"{why.ru}. В каком часовом поясе они записаны?",
        ),
    )  # fmt: skip


def _headers(headers: Headers) -> list[Choice]:
    return [
        Choice(code=h, title=Text(en=_shown(h, some), ru=_shown(h, some)))
        for h, some in headers.items()
    ]


def _shown(header: str, some: str) -> str:
    return f"{header}: {some}" if some else header


def _nothing(en: str, ru: str) -> Choice:
    return Choice(code=LEAVE_OUT, title=Text(en=en, ru=ru))


def _capital(text: Text) -> Text:
    return Text(
        en=text.en[0].upper() + text.en[1:], ru=text.ru[0].upper() + text.ru[1:]
    )


def _nth(day: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{day}{'th' if 10 < day < 14 else ends.get(day % 10, 'th')}"


def _part(date: str, place: int) -> int:
    parts = [int(p) for p in date.replace("-", "/").replace(".", "/").split("/")[:2]]
    return parts[place]


_MONTHS = [
    Text(en="—", ru="—"),
    *(
        Text(en=en, ru=ru)
        for en, ru in (
            ("January", "января"), ("February", "февраля"), ("March", "марта"),
            ("April", "апреля"), ("May", "мая"), ("June", "июня"),
            ("July", "июля"), ("August", "августа"), ("September", "сентября"),
            ("October", "октября"), ("November", "ноября"), ("December", "декабря"),
        )
    ),
]  # fmt: skip
