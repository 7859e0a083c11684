"""A saved map for the next export: found under another name, mended where it drifted.

Exports change their names and their headers. A renamed header is found again by its
letters, by what people call the column, or by its values; a lost one is named and
done without, unless the table cannot be read without it.
"""

from dataclasses import dataclass, field

from salesdx.content import did_you_mean
from salesdx.crm import words
from salesdx.crm.found_again import Again, needed_headers
from salesdx.crm.guess import personal_headers
from salesdx.crm.headers import labels_of
from salesdx.crm.import_report import Advice
from salesdx.crm.mapping import FileMap, StatusRule, TableMap
from salesdx.crm.opening import Opened
from salesdx.crm.outcomes import status_code
from salesdx.crm.rows import Rows, normalise_header
from salesdx.crm.samples import Samples
from salesdx.errors import DataError, Said
from salesdx.language import Text
from salesdx.tables import column_title


@dataclass(slots=True)
class Adapted:
    """A saved map as it fits a file now.

    `doubts` are table and column whose header was found by its looks only.
    """

    file: FileMap
    notes: list[Advice] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)


def no_such_header(rows: Rows, header: str) -> DataError:
    """The fault of a mapping that names a header a file does not have."""
    hint = did_you_mean(normalise_header(header), rows.table.column_names)
    found = ", ".join(rows.headers[:12])
    return DataError(
        Said(
            f"{rows.source}:1: the mapping names the column {header!r}, which the file"
            f" does not have{f' ({hint})' if hint else ''}; found {found}",
            f"{rows.source}:1: в соответствии указана колонка «{header}», а в файле её"
            f" нет{f' ({hint.ru})' if hint else ''}; есть {found}",
        )
    )


def adapt(saved: FileMap, opened: Opened) -> Adapted:
    """Fit a saved map to a file, noting every difference.

    Raises:
        DataError: a header is lost that the table cannot be read without.
    """
    found = Adapted(saved.model_copy(update={"file": opened.name}))
    tables = [_table(opened, saved, table, found) for table in saved.tables]
    _new_headers(opened, saved, tables, found)
    return found


def _table(opened: Opened, saved: FileMap, table: TableMap, found: Adapted) -> TableMap:
    samples = opened.samples(table.shape)
    again = Again(samples, saved, table)
    labels = labels_of(samples.rows)
    needed = {h for _, h in needed_headers(table)}
    columns: dict[str, str | list[str]] = {}
    for column in table.columns:
        kept = []
        for header in table.headers(column):
            name = again.find(header, column, sure=header in needed)
            if name is None and header in needed:
                raise no_such_header(samples.rows, header)
            title = column_title(table.table, column)
            if name is None:
                found.notes.append(_lost(opened.name, header, title))
                continue
            label = header if normalise_header(header) == name else labels[name]
            if label != header:
                found.notes.append(_renamed(opened.name, header, label, title))
                if not again.certain(header, column, name):
                    found.doubts.append((table.table, column))
            kept.append(label)
        if kept:
            columns[column] = kept if len(kept) > 1 else kept[0]
    status = table.status and _status(samples, again, table.status, found)
    return table.model_copy(update={"columns": columns, "status": status})


def _status(
    samples: Samples, again: Again, rule: StatusRule, found: Adapted
) -> StatusRule:
    labels = labels_of(samples.rows)
    changed: dict[str, object] = {}
    for part in ("column", "won_if", "lost_if", "closed_if"):
        header = getattr(rule, part)
        if header is None:
            continue
        name = again.find(header, "status", sure=True)
        if name is None and part == "column":
            name = again.by_words(rule)
        if name is None:
            raise no_such_header(samples.rows, header)
        if name != normalise_header(header):
            changed[part] = labels[name]
            title = column_title("deals", "status")
            note = _renamed(samples.rows.source, header, labels[name], title)
            found.notes.append(note)
    return _told(samples, rule.model_copy(update=changed), found)


def _told(samples: Samples, rule: StatusRule, found: Adapted) -> StatusRule:
    """Take new words that say themselves what they mean; the others are asked."""
    fresh = new_words(samples, rule)
    taken = {c: [w for w in fresh if status_code(w) == c] for c in ("won", "lost")}
    if not fresh:
        return rule
    names = ", ".join(f"«{w}»" for w in fresh)
    found.notes.append(Advice(file=samples.rows.source, text=Text(
        en=f"new in “{rule.column}”: {', '.join(fresh)}",
        ru=f"новое в колонке «{rule.column}»: {names}",
    )))  # fmt: skip
    if not rule.open:
        return rule  # written by hand: a person decides
    opened = [w for w in fresh if status_code(w) == "open"]
    return rule.model_copy(update={
        "won": [*rule.won, *taken["won"]], "lost": [*rule.lost, *taken["lost"]],
        "open": [*rule.open, *opened],
    })  # fmt: skip


def new_words(samples: Samples, rule: StatusRule) -> dict[str, int]:
    """Words of the column of a rule that it does not know, with their counts.

    A rule that never listed its open words knows all of them but those that say
    themselves that a deal is won or lost.
    """
    name = normalise_header(rule.column) if rule.column else ""
    counts = samples.counts(name) if name in samples.names else None
    if not counts or not (rule.won or rule.lost):
        return {}
    if all(w.isdigit() for w in (*rule.won, *rule.lost)) and not rule.open:
        return {}  # fixed ids of a CRM
    known = {words.normalise(w) for w in (*rule.won, *rule.lost, *rule.open)}
    return {
        w: n
        for w, n in counts.items()
        if words.normalise(w) not in known
        and (rule.open or status_code(w) in {"won", "lost"})
    }


def _new_headers(
    opened: Opened, saved: FileMap, tables: list[TableMap], found: Adapted
) -> None:
    """Name what the file has besides; personal data are not taken over."""
    samples = opened.samples()
    labels = labels_of(samples.rows)
    used = {normalise_header(h) for t in tables for h in t.all_headers}
    before = {normalise_header(h) for h in (*saved.headers, *saved.drop)}
    fresh = [
        n for n in samples.names
        if saved.headers and n not in before | used
    ]  # fmt: skip
    personal = set(personal_headers(samples, used | before)) & set(fresh)
    present = [h for h in saved.drop if normalise_header(h) in samples.names]
    drop = [*present, *(labels[n] for n in fresh if n in personal)]
    kept = [labels[n] for n in fresh if n not in personal]
    deals = any(t.table == "deals" for t in tables)
    for many, said in (
        (kept, _KEPT if deals else _UNUSED),
        ([labels[n] for n in fresh if n in personal], _PERSONAL),
    ):
        if many:
            found.notes.append(Advice(file=opened.name, text=Text(
                en=f"{said.en}: {', '.join(many)}", ru=f"{said.ru}: {', '.join(many)}"
            )))  # fmt: skip
    headers = [labels[n] for n in samples.names] if saved.headers else []
    found.file = found.file.model_copy(
        update={"tables": tables, "drop": drop, "headers": headers}
    )


_KEPT = Text(en="new columns, kept as they are", ru="новые колонки, оставим как есть")
_UNUSED = Text(en="new columns, not used", ru="новые колонки, не используем")
_PERSONAL = Text(
    en="new columns with personal data, left out",
    ru="новые колонки с личными данными, не берём",
)


def _renamed(file: str, old: str, new: str, title: Text) -> Advice:
    return Advice(file=file, text=Text(
        en=f"“{new}” instead of “{old}”: read as {title.en}",
        ru=f"«{new}» вместо «{old}»: читаем как «{title.ru}»",
    ))  # fmt: skip


def _lost(file: str, header: str, title: Text) -> Advice:
    return Advice(file=file, text=Text(
        en=f"“{header}” is gone: {title.en} does not come from this file any more",
        ru=f"колонки «{header}» больше нет: «{title.ru}» из этого файла не обновится",
    ))  # fmt: skip
