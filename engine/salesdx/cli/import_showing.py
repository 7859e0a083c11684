"""The proposal and the report of an import, laid out for a terminal."""

from collections.abc import Iterator

from salesdx.cli.output import table
from salesdx.cli.wording import language, say
from salesdx.crm.import_report import (
    ColumnRow,
    FileReport,
    FileSeen,
    ImportPlan,
    ImportReport,
)
from salesdx.crm.questions import Question
from salesdx.crm.reasons import reason_text
from salesdx.crm.vendors.form import NAME_TITLES
from salesdx.errors import visible
from salesdx.tables import column_title, table_title

_WIDE = 34
_SOME = 46
_NAME = 60
_LINE = 400


def proposal(plan: ImportPlan) -> str:
    """What the import would do, file by file; `?` marks what is doubtful."""
    lines: list[str] = []
    for seen in plan.seen:
        lines += _file(plan, seen)
    told = say("not recognised, left out", "не распознан, не берём")
    lines += [f"{visible(name)}: {told}" for name in plan.unused]
    if plan.decided:
        lines.append(say("Decided by default:", "Решено по умолчанию:"))
        lines += [f"  ! {visible(line)}" for line in map(_decided, plan.decided)]
    return "\n".join(lines)


def _file(plan: ImportPlan, seen: FileSeen) -> Iterator[str]:
    if seen.title:
        title = seen.title.in_(language())
    else:
        title = say("recognised by its columns", "распознано по колонкам")
    if seen.known_as:
        title += say(", by the saved mapping", ", по сохранённому соответствию")
    count = say(f"rows: {seen.rows}", f"строк: {seen.rows}")
    yield f"{visible(seen.file)} — {title} ({count})"
    rows = [c for c in plan.columns if c.file == seen.file]
    for name in dict.fromkeys(c.table for c in rows):
        yield f"  {table_title(name).in_(language())} ({name})"
        yield table([_row(c) for c in rows if c.table == name], right=[3])
    if seen.outcomes:
        yield f"  {_cut(_meanings(seen), _LINE)}"
    for label, many in (
        (say("kept as they are", "останутся как есть"), seen.extra),
        (say("not used", "не используем"), seen.unused),
        (
            say("left out, personal data", "не берём, личные данные"),
            [x.header for x in seen.left_out if x.why == "personal"],
        ),
        (
            say("left out, technical", "не берём, служебные"),
            [x.header for x in seen.left_out if x.why == "technical"],
        ),
    ):
        if many:
            yield visible(f"  {label}: {', '.join(many)}")
    if seen.zone:
        yield say(
            f"  times without a zone are read as {seen.zone}",
            f"  время без пояса читаем по поясу {seen.zone}",
        )
    for told in (*plan.drift, *plan.advice):
        if told.file == seen.file:
            yield visible(f"  {told.text.in_(language())}")


def _meanings(seen: FileSeen) -> str:
    """Which words mean won, lost and open: a glance shows a wrong one."""
    names = {
        "won": say("won", "выиграны"),
        "lost": say("lost", "проиграны"),
        "open": say("open", "в работе"),
    }
    return "; ".join(
        f"{names[code]}: {', '.join(many)}" for code, many in seen.outcomes.items()
    )


def _row(row: ColumnRow) -> tuple[str, str, str, str, str, str]:
    title = row.title.in_(language()) if row.title else row.column
    kind = row.kind.in_(language()) if row.kind else ""
    return (
        "  ?" if row.doubtful else "   ",
        _cut(row.header, _WIDE),
        f"→ {title}",
        f"{row.confidence:.0%}",
        _cut(", ".join(row.samples), _SOME),
        kind,
    )


def _cut(text: str, width: int) -> str:
    text = visible(text)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _decided(question: Question) -> str:
    titles = {c.code: c.title.in_(language()) for c in question.choices}
    taken = "; ".join(titles.get(c, c) for c in question.default)
    taken = taken or say("none", "никакие")
    return f"{question.file}: {question.text.in_(language())} — {taken}"


def unanswered(plan: ImportPlan) -> str:
    """Questions that nobody was there to answer, with what happens by default."""
    lines = [f"  ? {visible(line)}" for line in map(_decided, plan.questions)]
    told = say("To be asked (by default):", "Нужно уточнить (по умолчанию):")
    return "\n".join([told, *lines]) if lines else ""


def report_text(report: ImportReport) -> str:
    """What was taken, rejected and written."""
    rows = [
        (
            f"  {_cut(f.file, _NAME)}",
            f"→ {table_title(f.table).in_(language())}",
            say(f"{f.rows_in} rows", f"строк {f.rows_in}"),
            say(f"{f.accepted} taken", f"принято {f.accepted}"),
            say(f"{f.rejected} rejected", f"отклонено {f.rejected}"),
            str(f.rejects_file or ""),
        )
        for f in report.files
    ]
    lines = [table(rows)]
    lines += [line for f in report.files for line in _rejected(f)]
    lines += [line for f in report.files for line in _not_taken(f)]
    lines += [f"  {t.path}: {t.rows_before} -> {t.rows_after}" for t in report.tables]
    if report.names:
        counts = [
            f"{NAME_TITLES[kind].in_(language())} — {count}"
            for kind, count in sorted(report.names.items())
        ]
        lines.append(
            say("  names of ids: ", "  имена вместо номеров: ") + ", ".join(counts)
        )
    lines += [f"  ! {visible(r.in_(language()))}" for r in report.remarks]
    return "\n".join(lines)


def _rejected(file: FileReport) -> Iterator[str]:
    """Why rows are left out, in words."""
    name = _cut(file.file, _NAME)
    for reason, count in file.reasons.items():
        yield f"    {name}: {reason_text(reason).in_(language())} — {count}"


def _not_taken(file: FileReport) -> Iterator[str]:
    """Cells of accepted rows that are not taken, so that nobody misses them later."""
    for note in file.notes:
        told = note.params
        where = f"  ! {_cut(file.file, _NAME)}"
        if note.id == "unreadable-values":
            column = column_title(note.table, str(told["column"])).in_(language())
            shown = visible(str(told["examples"]))
            yield say(
                f"{where}: {column}: {told['count']} cells cannot be read and stay"
                f" empty (row: value): {shown}",
                f"{where}: {column}: не прочитано и оставлено пустым, ячеек:"
                f" {told['count']} (строка: значение): {shown}",
            )
        elif note.id == "mixed-currencies":
            yield say(
                f"{where}: amounts in several currencies ({told['examples']}); only"
                f" {told['currency']} is counted, {told['dropped']} rows stay without"
                " an amount",
                f"{where}: суммы в разных валютах ({told['examples']}); считаем только"
                f" {told['currency']}, без суммы останутся строки: {told['dropped']}",
            )
