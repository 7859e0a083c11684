"""A mapping laid out for people: what each header becomes, what is kept or left."""

from collections.abc import Mapping

import pyarrow.compute as pc

from salesdx.company import Company
from salesdx.crm import words
from salesdx.crm.guess import SURE, declared
from salesdx.crm.headers import is_personal, labels_of
from salesdx.crm.import_report import ColumnRow, FileSeen, LeftOut
from salesdx.crm.mapping import FileMap, TableMap
from salesdx.crm.opening import Opened
from salesdx.crm.rows import normalise_header
from salesdx.crm.samples import Samples
from salesdx.crm.value_kinds import is_naive, kind_of, order_of
from salesdx.crm.vendors import form_of, vendor
from salesdx.language import Text
from salesdx.tables import column_title

SHOWN = 3
LONGEST = 60
Sure = Mapping[tuple[str, str], float]  # table, column -> confidence


def column_rows(opened: Opened, file: FileMap, sure: Sure) -> list[ColumnRow]:
    """One line a column, with its confidence; a saved or answered match is sure."""
    found = []
    for table in file.tables:
        samples = opened.samples(table.shape)
        fed = {column: table.headers(column) for column in table.columns}
        rule = table.status
        told = rule and (rule.column or rule.won_if)
        if told:
            fed["status"] = [told]
        if rule and rule.always:
            found.append(_always(file.file, table.table, rule.always, sure))
        order = file.dates
        if order is None:
            seen = order_of(samples, time_columns(samples, table))
            order = seen.order if seen else "day-first"
        for column, many in fed.items():
            names = [n for h in many if (n := normalise_header(h)) in samples.names]
            some = _some(samples, names)
            confidence = round(sure.get((table.table, column), 1.0), 2)
            found.append(ColumnRow(
                file=file.file, table=table.table, column=column,
                header=" / ".join(many), confidence=confidence,
                sample=some[0] if some else None, samples=some,
                title=column_title(table.table, column),
                kind=kind_of(samples, names[0], declared(table.table, column), order)
                if names else None,
                doubtful=confidence < SURE,
            ))  # fmt: skip
    return found


def _always(file: str, table: str, said: str, sure: Sure) -> ColumnRow:
    """The line of an outcome that no column tells."""
    confidence = round(sure.get((table, "status"), 1.0), 2)
    return ColumnRow(
        file=file, table=table, column="status", header="—", confidence=confidence,
        sample=None, title=column_title(table, "status"), kind=_ALWAYS[said],
        doubtful=confidence < SURE,
    )  # fmt: skip


_ALWAYS = {
    "won": Text(en="all won", ru="все выиграны"),
    "lost": Text(en="all lost", ru="все проиграны"),
    "open": Text(en="all open", ru="все открыты"),
}


def file_seen(
    opened: Opened, file: FileMap, company: Company, known_as: str | None
) -> FileSeen:
    """What a file is, and what becomes of the headers that feed no column."""
    samples = opened.samples()
    labels = labels_of(samples.rows)
    dropped = {normalise_header(h) for h in file.drop}
    extra = [h for t in file.tables for h in _extra(opened, t, dropped)]
    # what a shape makes of the headers, only its tables know
    shaped = any(t.shape or t.table == "deals" for t in file.tables)
    used = {normalise_header(h) for t in file.tables for h in t.all_headers}
    rest = [n for n in samples.names if n not in used | dropped] if file.tables else []
    naive = any(
        is_naive(opened.samples(t.shape), n)
        for t in file.tables
        for n in time_columns(opened.samples(t.shape), t)
    )
    return FileSeen(
        file=file.file, title=form_title(file.form), rows=opened.rows().rows_in,
        known_as=known_as, zone=(file.zone or company.timezone) if naive else None,
        extra=extra, unused=[] if shaped else [labels[n] for n in rest],
        left_out=[
            LeftOut(header=labels[n], why=_why(samples, n))
            for n in samples.names if n in dropped
        ],
        outcomes=_outcomes(opened, file),
    )  # fmt: skip


def _outcomes(opened: Opened, file: FileMap) -> dict[str, list[str]]:
    """Which words of the file mean won, lost and open, where words tell it."""
    found: dict[str, list[str]] = {}
    for table in file.tables:
        rule = table.status
        if table.table != "deals" or rule is None or rule.column is None:
            continue
        codes = {words.normalise(w): "won" for w in rule.won}
        codes |= {words.normalise(w): "lost" for w in rule.lost}
        rest = "closed" if rule.closed_if or rule.won_if or rule.lost_if else "open"
        samples = opened.samples(table.shape)
        counts = samples.counts(normalise_header(rule.column)) or {}
        for word in sorted(counts, key=lambda w: (-counts[w], w)):
            code = codes.get(words.normalise(word), rest)
            found.setdefault(code, []).append(word)
    return {c: found[c] for c in ("won", "lost", "open") if c in found}


def _extra(opened: Opened, table: TableMap, dropped: set[str]) -> list[str]:
    """Headers that deals keep as further columns."""
    if table.table != "deals":
        return []
    samples = opened.samples(table.shape)
    labels = labels_of(samples.rows)
    used = {normalise_header(h) for h in table.all_headers} | dropped
    return [labels[n] for n in samples.names if n not in used]


def form_title(name: str | None) -> Text | None:
    """`amoCRM: deals, exported to a file`."""
    form = form_of(name) if name else None
    if form is None or name is None:
        return None
    crm = vendor(name.partition(".")[0]).title
    return Text(
        en=f"{crm.en}: {form.title.en}", ru=f"{crm.ru}: {form.title.ru}"
    )  # fmt: skip


def columns_of(samples: Samples, table: TableMap, *types: str) -> list[str]:
    """Names of headers that feed columns of these types, each once."""
    names = [
        normalise_header(h)
        for c in table.columns
        if declared(table.table, c).type in types
        for h in table.headers(c)
    ]
    return list(dict.fromkeys(n for n in names if n in samples.names))


def time_columns(samples: Samples, table: TableMap) -> list[str]:
    """Names of headers that feed columns of dates and times."""
    return columns_of(samples, table, "time", "date")


def _why(samples: Samples, name: str) -> str:
    personal = is_personal(name) or samples.is_personal(name)
    return "personal" if personal else "technical"


def _some(samples: Samples, names: list[str]) -> list[str]:
    """The first values under the first of the headers that has any."""
    for name in names:
        top = pc.unique(samples.rows.table[name].slice(0, _TOP)).drop_null()
        values = (top if len(top) else samples.of(name)).slice(0, SHOWN).to_pylist()
        if values:
            return [str(v)[:LONGEST] for v in values]
    return []


_TOP = 1_000  # rows in which first values are looked for
