"""The mapping of one file, as its headers and values suggest it."""

import fnmatch
from collections.abc import Sequence

from salesdx.company import Company
from salesdx.crm.guess import Guess, personal_headers
from salesdx.crm.headers import labels_of, zone_of
from salesdx.crm.mapping import FileMap, StatusRule, TableMap
from salesdx.crm.opening import Opened
from salesdx.crm.outcomes import with_open
from salesdx.crm.overview import time_columns
from salesdx.crm.recognising import Recognised
from salesdx.crm.rows import Rows
from salesdx.crm.samples import Samples
from salesdx.crm.times import Order
from salesdx.crm.value_kinds import order_of


def file_map(
    opened: Opened,
    guesses: Sequence[Guess],
    known: Recognised | None,
    company: Company,
) -> FileMap:
    """The mapping that says what was guessed for a file."""
    samples = opened.samples()
    mapped = {h for g in guesses for h in g.used}
    tables = [_table_map(opened.samples(g.shape), g) for g in guesses]
    labels = labels_of(samples.rows)
    drop = personal_headers(samples, mapped)
    if known is not None:
        drop += _skipped(samples.rows, known, mapped | set(drop))
    file = FileMap(
        file=opened.name, form=known.name if known else None, tables=tables,
        drop=[labels[n] for n in drop], zone=known.form.zone if known else None,
        headers=[labels[n] for n in samples.names],
    )  # fmt: skip
    zone = file.zone or _zone(opened, file, company)
    return file.model_copy(update={"zone": zone, "dates": proven_order(opened, file)})


def proven_order(opened: Opened, file: FileMap) -> Order | None:
    """How local dates read, where the values show it."""
    for table in file.tables:
        samples = opened.samples(table.shape)
        order = order_of(samples, time_columns(samples, table))
        if order is not None and order.evident and not order.mixed:
            return order.order
    return None


def _zone(opened: Opened, file: FileMap, company: Company) -> str | None:
    """The zone that headers of times name, if it is another than the company's."""
    for table in file.tables:
        samples = opened.samples(table.shape)
        for name in time_columns(samples, table):
            zone = zone_of(samples.labels[name])
            if zone is not None:
                return zone if zone != company.timezone else None
    return None


def _skipped(rows: Rows, known: Recognised, taken: set[str]) -> list[str]:
    patterns = [p.casefold() for p in known.form.skip]  # a star has its meaning
    return [
        n
        for n in rows.table.column_names
        if n not in taken and any(fnmatch.fnmatchcase(n, p) for p in patterns)
    ]


def _table_map(samples: Samples, guess: Guess) -> TableMap:
    labels = labels_of(samples.rows)
    rule = guess.status
    if rule is not None and guess.status_sure:
        rule = with_open(rule, samples, rule.column)
    return TableMap(
        table=guess.table,
        columns={c: _fed(c, h, guess, labels) for c, h in guess.columns.items()},
        status=labelled(rule, labels), shape=guess.shape, named=dict(guess.named),
    )  # fmt: skip


def _fed(
    column: str, header: str, guess: Guess, labels: dict[str, str]
) -> str | list[str]:
    more = guess.more.get(column, ())
    return [labels[h] for h in (header, *more)] if more else labels[header]


def labelled(rule: StatusRule | None, labels: dict[str, str]) -> StatusRule | None:
    """A rule with its headers as the file writes them."""
    if rule is None:
        return None
    names = ("column", "won_if", "lost_if", "closed_if")
    found = {n: labels[h] for n in names if (h := getattr(rule, n)) is not None}
    return rule.model_copy(update=found)
