"""What may be put right in a proposal, beyond what it asks, by the same questions.

The terminal asks only what is doubtful; whoever sees a proposal on a page may correct
all of it: what a file is, which header feeds a field, which words mean won or lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from salesdx.crm import questions
from salesdx.crm.headers import labels_of
from salesdx.crm.import_report import ImportPlan
from salesdx.crm.mapping import FileMap, StatusRule, TableMap
from salesdx.crm.opening import Opened
from salesdx.crm.outcomes import FEW_WORDS
from salesdx.crm.questions import ALWAYS, LEAVE_OUT, Choice, Question
from salesdx.crm.rows import normalise_header
from salesdx.crm.samples import Samples
from salesdx.language import Text
from salesdx.tables import TABLES, column_title, table_title

SEVERAL = "several"  # a field that is fed by several headers, as it is now
_SHOWN = 3
_LONG = 24
_MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Corrections:
    """All that may be changed of one file, in the order of a page."""

    file: str
    table: Question
    fields: list[tuple[Text, list[Question]]]
    outcome: list[Question]
    reading: list[Question]

    @property
    def all(self) -> list[Question]:
        """Every question."""
        fields = [q for _, many in self.fields for q in many]
        return [self.table, *fields, *self.outcome, *self.reading]


def corrections(plan: ImportPlan, file: str) -> Corrections | None:
    """What may be put right in one file; None where the plan has no such file."""
    opened = plan.named(file)
    if opened is None:
        return None
    mapping = plan.mapping.of(file)
    tables = mapping.tables if mapping else []
    return Corrections(
        file, _which_table(file, tables),
        [(table_title(t.table), list(_fields(opened, t))) for t in tables],
        [q for t in tables if t.table == "deals" for q in _outcome(opened, t)],
        list(_reading(mapping)) if mapping and tables else [],
    )  # fmt: skip


def _which_table(file: str, tables: list[TableMap]) -> Question:
    named = [Choice(code=LEAVE_OUT, title=_LEFT)]
    named += [Choice(code=t, title=table_title(t)) for t in TABLES]
    now = tables[0].table if tables else LEAVE_OUT
    return Question(
        kind="table", file=file, table=None, column=None, text=_WHAT, choices=named,
        default=[now],
    )  # fmt: skip


def _fields(opened: Opened, table: TableMap) -> Iterator[Question]:
    samples = opened.samples(table.shape)
    labels = labels_of(samples.rows)
    shown = [
        Choice(code=labels[n], title=_told(labels[n], samples, n))
        for n in samples.names
    ]
    for column in TABLES[table.table].columns:
        if (table.table, column.name) == ("deals", "status"):
            continue
        fed = table.headers(column.name)
        now = fed[0] if len(fed) == 1 else SEVERAL if fed else LEAVE_OUT
        choices = [] if column.required else [Choice(code=LEAVE_OUT, title=_NONE)]
        if len(fed) > 1:
            both = " / ".join(fed)
            choices.append(Choice(code=SEVERAL, title=Text(en=both, ru=both)))
        yield Question(
            kind="column", file=opened.name, table=table.table, column=column.name,
            text=column_title(table.table, column.name), choices=[*choices, *shown],
            default=[now],
        )  # fmt: skip


def _told(label: str, samples: Samples, name: str) -> Text:
    """A header with a little of what it holds."""
    some = samples.of(name).slice(0, _SHOWN).to_pylist()
    told = ", ".join(str(v)[:_LONG] for v in some if v is not None)
    shown = f"{label}: {told}" if told else label
    return Text(en=shown, ru=shown)


def _outcome(opened: Opened, table: TableMap) -> Iterator[Question]:
    samples = opened.samples(table.shape)
    labels = labels_of(samples.rows)
    rule = table.status
    few = [
        n for n in samples.names
        if 1 < len(samples.of(n)) <= FEW_WORDS and not samples.is_date(n)
    ]  # fmt: skip
    headers = {labels[n]: _few(samples, n) for n in few}
    taken = _taken(rule)
    if taken and not taken.startswith(ALWAYS):
        headers.setdefault(taken, "")
    asked = questions.outcome(opened.name, headers, taken or f"{ALWAYS}open")
    yield asked.model_copy(update={"text": _OUTCOME})
    if rule is None or rule.column is None:
        return
    name = normalise_header(rule.column)
    counts = samples.counts(name) if name in samples.names else None
    if counts and len(counts) <= _MOST_WORDS:
        label = labels[name]
        for kind, words in (("won-words", rule.won), ("lost-words", rule.lost)):
            yield questions.meaning(opened.name, label, kind, counts, words, False)  # type: ignore[arg-type]


def _taken(rule: StatusRule | None) -> str:
    if rule is None:
        return ""
    return f"{ALWAYS}{rule.always}" if rule.always else rule.column or rule.won_if or ""


def _few(samples: Samples, name: str) -> str:
    return ", ".join(
        str(v)[:_LONG] for v in samples.of(name).slice(0, _SHOWN).to_pylist()
    )


def _reading(file: FileMap) -> Iterator[Question]:
    """How its dates read, and in which zone its times are."""
    table = file.tables[0].table
    orders = (("day-first", _DAY), ("month-first", _MONTH))
    yield Question(
        kind="dates", file=file.file, table=table, column=None, text=_DATES,
        choices=[Choice(code=c, title=t) for c, t in orders],
        default=[file.dates or "day-first"],
    )  # fmt: skip
    yield Question(
        kind="zone", file=file.file, table=table, column=None, text=_ZONE, free=True,
        default=[file.zone or ""],
    )  # fmt: skip


_LEFT = Text(en="leave the file out", ru="не загружать файл")
_NONE = Text(en="—", ru="—")
_WHAT = Text(en="What is in this file?", ru="Что в этом файле?")
_OUTCOME = Text(
    en="Which column tells won from lost?", ru="По какой колонке понять исход сделки?"
)
_DATES = Text(
    en="How is a date like 03/04/2026 read?", ru="Как читать дату вида 03/04/2026?"
)
_DAY = Text(en="day first: 3 April", ru="сначала день: 3 апреля")
_MONTH = Text(en="month first: 4 March", ru="сначала месяц: 4 марта")
_ZONE = Text(
    en="Time zone of times that name none (empty: the company's)",
    ru="Часовой пояс, если он не указан (пусто — пояс компании)",
)
