"""Which headers of a known form feed which columns: the vendor file says, mostly."""

from collections.abc import Collection, Mapping, Sequence

import pyarrow.compute as pc

from salesdx.crm.guess import Guess, Match, declared, lacking_of, matches_of
from salesdx.crm.headers import header_of
from salesdx.crm.mapping import StatusRule
from salesdx.crm.outcomes import by_words, status_of
from salesdx.crm.rows import Rows
from salesdx.crm.samples import Samples
from salesdx.crm.vendors.form import FormStatus, FormTable
from salesdx.tables import TABLES, Table

OF_FORM = 0.99  # a header that the CRM is known to use
MISFIT = 0.5  # the same, but its values do not read as the type


def guess_form(
    samples: Samples, name: str, form: FormTable, shape: str | None
) -> Guess | None:
    """One table of a file whose form is known; None where it lacks what must be there.

    Args:
        samples: the file, after the shape of this table.
        name: the canonical table.
        form: what the vendor file says of it.
        shape: qualified name of the shape.
    """
    table = TABLES[name]
    several = _several(samples.rows, form)
    matches = _of_form(samples, table, form, several)
    more = {c: many[1:] for c, many in several.items() if many[1:]}
    if form.guessed:
        used = {m.header for m in matches} | {h for many in more.values() for h in many}
        matches = _completed(
            matches, matches_of(samples, table, exact=False, alike=False), used
        )
    columns = {m.column: m.header for m in matches}
    status, sure = None, True
    if name == "deals" and "deal_id" in columns:
        status, sure = _form_status(samples, form.status)
        if status is None:
            status, sure = status_of(samples, columns, exact=False)
        matches = [m for m in matches if m.column != "status"]
        columns.pop("status", None)
    if lacking_of(table, columns, status):
        return None
    score = round(sum(m.confidence for m in matches), 6)
    named = {c: kind for c, kind in form.named.items() if c in columns}
    return Guess(name, tuple(matches), status, sure, score, columns, shape, named, more)


def _several(rows: Rows, form: FormTable) -> dict[str, tuple[str, ...]]:
    """Headers that are there, of columns that several headers may feed."""
    found = {
        column: tuple(h for labels in many if (h := header_of(rows, labels)))
        for column, many in form.first_filled.items()
    }
    return {column: many for column, many in found.items() if many}


def _of_form(
    samples: Samples,
    table: Table,
    form: FormTable,
    several: Mapping[str, tuple[str, ...]],
) -> list[Match]:
    headers = {c: header_of(samples.rows, labels) for c, labels in form.columns.items()}
    headers |= {column: many[0] for column, many in several.items()}
    found = []
    for name, header in headers.items():
        if header is not None:
            fits = samples.fits(header, declared(table.name, name))
            found.append(Match(name, header, OF_FORM if fits else MISFIT))
    return found


def _completed(
    known: Sequence[Match], guessed: Sequence[Match], used: Collection[str]
) -> list[Match]:
    """Matches of the form, then guessed ones for columns and headers still free."""
    columns = {m.column for m in known}
    free = [m for m in guessed if m.column not in columns and m.header not in used]
    return [*known, *free]


def _filled(rows: Rows, wanted: Sequence[str]) -> str | None:
    """The header that is there, unless nothing is below it."""
    header = header_of(rows, wanted)
    empty = header is None or rows.table[header].null_count == rows.table.num_rows
    return None if empty else header


def _form_status(
    samples: Samples, told: FormStatus | None
) -> tuple[StatusRule | None, bool]:
    """The rule of a form, as far as the file has its headers, and whether it is sure.

    Flags of the CRM that tell won and lost need no words of stages, which people name
    as they like. Ids are no words: what 142 means in one CRM it means in no other. A
    flag for the lost alone leaves the won to be told by a directory, or asked for.
    """
    if told is None:
        return None, True
    lists = {
        "column": told.column, "won_if": told.won_if, "lost_if": told.lost_if,
        "closed_if": told.closed_if,
    }  # fmt: skip
    found = {name: _filled(samples.rows, labels) for name, labels in lists.items()}
    if not (found["column"] or found["won_if"]):
        return None, True
    column = found["column"]
    if column is not None and told.won:
        return StatusRule(won=told.won, lost=told.lost, **found), True
    flags = found | {"column": None}
    if column is None or (found["won_if"] and (found["lost_if"] or found["closed_if"])):
        return StatusRule(**flags), True
    ids = _only_ids(samples, column)
    rule = None if ids else by_words(samples, column)
    if rule is not None:
        return rule.model_copy(update=found), True
    if found["won_if"]:
        return StatusRule(**flags), True
    if ids or found["lost_if"]:
        return StatusRule(column=column, lost_if=found["lost_if"]), False
    return None, True


def _only_ids(samples: Samples, header: str) -> bool:
    cells = samples.of(header)
    return bool(len(cells) and pc.all(pc.utf8_is_digit(cells)).as_py())
