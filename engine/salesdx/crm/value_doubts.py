"""What is doubtful in how values are written: dates, currencies, clocks."""

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa

from salesdx.company import Company
from salesdx.crm import questions
from salesdx.crm.currency_marks import marks_beside
from salesdx.crm.mapping import FileMap, TableMap
from salesdx.crm.opening import Opened
from salesdx.crm.overview import columns_of, time_columns
from salesdx.crm.questions import Question
from salesdx.crm.rows import normalise_header
from salesdx.crm.samples import Samples
from salesdx.crm.value_kinds import (
    at_night,
    is_naive,
    is_zoned,
    local_dates,
    order_of,
)
from salesdx.crm.words import currency_code
from salesdx.language import Text

_ISO = re.compile(r"^[A-Z]{3}$")


def value_doubts(opened: Opened, file: FileMap, company: Company) -> Iterator[Question]:
    """Order of dates, currency, time zone: as the values are written."""
    for table in file.tables:
        samples = opened.samples(table.shape)
        times = time_columns(samples, table)
        order = order_of(samples, times)
        if file.dates is None and order is not None and not order.evident:
            example = _example(local_dates(samples, times))
            yield questions.date_order(file.file, table.table, example)
        if file.dates is None and order is not None and order.mixed:
            yield questions.mixed_dates(file.file, table.table, order.order)
        if file.currency is None:
            codes = _currencies(samples, table)
            if codes and codes != [company.currency]:
                yield questions.currency(
                    file.file, table.table, codes, company.currency,
                    "currency" in table.columns,
                )  # fmt: skip
        why = _strange_clock(samples, times) if file.zone is None else None
        if why is not None:
            yield questions.zone(file.file, table.table, company.timezone, why)


def _currencies(samples: Samples, table: TableMap) -> list[str]:
    money = columns_of(samples, table, "money")
    if not money:
        return []
    said = [normalise_header(h) for h in table.headers("currency")]
    if any(n in samples.names for n in said):
        written = [w for n in said for w in samples.counts(n) or {}]
        codes = {currency_code(w) for w in written}
        return sorted(c for c in codes if _ISO.match(c))
    return sorted({c for n in money for c in marks_beside(samples.of(n))})


def _strange_clock(samples: Samples, times: Sequence[str]) -> Text | None:
    naive = [n for n in times if is_naive(samples, n)]
    if not naive:
        return None
    if any(is_zoned(samples, n) for n in times):
        return Text(
            en="some times come with a zone, others without",
            ru="часть времени записана с часовым поясом, часть — без",
        )
    if at_night(samples, naive):
        return Text(
            en="by the company's clock much of the work is done at night",
            ru="если верить часам компании, многое происходит ночью",
        )
    return None


def _example(dates: Sequence[pa.Array]) -> str:
    """A date whose day and month differ, if there is one."""
    for sample in dates:
        for text in sample.slice(0, 200).to_pylist():
            found = re.match(r"(\d{1,2})([-/.])(\d{1,2})\2\d+", text)
            if found and int(found[1]) != int(found[3]):
                return found[0]
    return "03/04/2026"
