"""Answers to the questions of an import: each makes a new plan, nothing is written."""

from collections.abc import Iterator, Sequence

from salesdx.crm.company_file import load_company
from salesdx.crm.doubts import doubts, word_questions
from salesdx.crm.file_maps import file_map, labelled
from salesdx.crm.guess import guess_as, lacking_of
from salesdx.crm.headers import labels_of
from salesdx.crm.import_report import ImportPlan
from salesdx.crm.mapping import FileMap, StatusRule, TableMap
from salesdx.crm.opening import Opened
from salesdx.crm.outcomes import by_words, with_open
from salesdx.crm.overview import column_rows, file_seen
from salesdx.crm.questions import ALWAYS, AS_WRITTEN, LEAVE_OUT, Question
from salesdx.crm.rows import normalise_header
from salesdx.crm.samples import Samples
from salesdx.errors import Said, UsageError
from salesdx.tables import TABLES


def answer(plan: ImportPlan, question: Question, chosen: Sequence[str]) -> ImportPlan:
    """The plan after one answer: the mapping says it, and asks what follows from it.

    Args:
        plan: a plan of `plan_import`.
        question: one of its questions.
        chosen: codes of choices; one, unless the question takes many.

    Raises:
        UsageError: not a choice of the question.
    """
    _check(question, chosen)
    opened = plan.named(question.file)
    assert opened is not None
    before = plan.mapping.of(question.file)
    after, more = _answered(plan, opened, before, question, chosen)
    return _with_file(plan, opened, question, chosen, after, more)


def by_default(plan: ImportPlan) -> ImportPlan:
    """The plan with every question settled by its default; `decided` names them.

    A proposal is what the defaults make of it, so only what a file says without a
    column for it is written down. The rest stays open for the next import to ask.
    """
    decided = [*plan.decided, *plan.questions]
    for question in plan.questions:
        if question.kind == "currency" and question.default != [AS_WRITTEN]:
            plan = answer(plan, question, question.default)
    return plan.model_copy(update={"questions": [], "decided": decided})


def _check(question: Question, chosen: Sequence[str]) -> None:
    codes = {c.code for c in question.choices}
    strange = [c for c in chosen if c not in codes and not question.free]
    if strange or (len(chosen) != 1 and not question.many):
        what = ", ".join(strange) or str(len(chosen))
        raise UsageError(
            Said(f"not one of the choices: {what}", f"такого варианта нет: {what}")
        )


def _answered(
    plan: ImportPlan, opened: Opened, before: FileMap | None, question: Question,
    chosen: Sequence[str],
) -> tuple[FileMap, list[Question]]:  # fmt: skip
    """The map of the file after an answer, and what is to be asked next."""
    if before is None or question.kind == "table":
        return _as_table(plan, opened, chosen[0])
    if question.kind == "dates":
        return before.model_copy(update={"dates": chosen[0]}), []
    if question.kind == "zone":
        return _with_zone(before, chosen[0]), []
    if question.kind == "currency":
        return before.model_copy(update={"currency": chosen[0]}), []
    place = next(
        i for i, t in enumerate(before.tables) if t.table == question.table
    )  # fmt: skip
    table = before.tables[place]
    samples = opened.samples(table.shape)
    more: list[Question] = []
    if question.kind == "column":
        after = _with_column(table, str(question.column), chosen[0])
    elif question.kind == "outcome":
        after, more = _with_outcome(samples, table, chosen[0])
    else:
        after = _with_words(samples, table, question, chosen)
    tables = [*before.tables[:place], after, *before.tables[place + 1 :]]
    drop = [h for h in before.drop if h not in chosen]
    return before.model_copy(update={"tables": tables, "drop": drop}), more


def _as_table(
    plan: ImportPlan, opened: Opened, name: str
) -> tuple[FileMap, list[Question]]:
    labels = labels_of(opened.rows())
    if name == LEAVE_OUT:
        headers = [labels[n] for n in opened.samples().names]
        return FileMap(file=opened.name, tables=[], headers=headers), []
    guess = guess_as(opened.samples(), name)
    lacking = lacking_of(TABLES[name], guess.columns, guess.status)
    if lacking:
        what = ", ".join(lacking)
        raise UsageError(
            Said(
                f"{opened.name} has nothing for {what}, which {name} needs",
                f"в {opened.name} нет ничего для «{what}», а таблице {name} это нужно",
            )
        )
    company = load_company(plan.case_dir)
    file = file_map(opened, [guess], None, company)
    return file, doubts(opened, file, [guess], company)


def _with_zone(file: FileMap, zone: str) -> FileMap:
    try:
        return FileMap.model_validate(file.model_dump() | {"zone": zone})
    except ValueError as error:
        raise UsageError(
            Said(
                f"{zone!r} is not a time zone; for example Europe/Moscow",
                f"нет часового пояса «{zone}»; например, Europe/Moscow",
            )
        ) from error


def _with_column(table: TableMap, column: str, header: str) -> TableMap:
    columns = {c: h for c, h in table.columns.items() if c != column}
    if header != LEAVE_OUT:
        columns[column] = header
    order = [c.name for c in TABLES[table.table].columns]
    places = {c: i for i, c in enumerate(order)}
    ordered = sorted(columns, key=lambda c: places.get(c, len(order)))
    return table.model_copy(update={"columns": {c: columns[c] for c in ordered}})


def _with_outcome(
    samples: Samples, table: TableMap, chosen: str
) -> tuple[TableMap, list[Question]]:
    if chosen.startswith(ALWAYS):
        said = chosen.removeprefix(ALWAYS)
        rule = StatusRule.model_validate({"always": said})
        columns = dict(table.columns)
        if said == "won" and "entered_at" in columns:
            columns.setdefault("closed_at", columns["entered_at"])
        return table.model_copy(update={"status": rule, "columns": columns}), []
    name = normalise_header(chosen)
    if samples.is_flag(name):
        rule = StatusRule(won_if=chosen)
        return table.model_copy(update={"status": rule}), []
    found = by_words(samples, name) or StatusRule(column=name)
    rule = labelled(found, labels_of(samples.rows)) or found
    asked = [] if rule.won and rule.lost else word_questions(samples, found)
    if rule.won and rule.lost:
        rule = with_open(rule, samples, name)
    return table.model_copy(update={"status": rule}), asked


def _with_words(
    samples: Samples, table: TableMap, question: Question, chosen: Sequence[str]
) -> TableMap:
    """The words offered go where they were put; others stay where they are."""
    rule = table.status
    assert rule is not None
    field = "won" if question.kind == "won-words" else "lost"
    other = "lost" if field == "won" else "won"
    offered = {c.code for c in question.choices}
    kept = [w for w in getattr(rule, field) if w not in offered]
    elsewhere = [w for w in getattr(rule, other) if w not in chosen]
    closed = {*kept, *chosen, *elsewhere}
    name = normalise_header(rule.column) if rule.column else ""
    here = samples.counts(name) if name in samples.names else None
    left = [w for w in (*rule.open, *sorted(here or offered)) if w not in closed]
    update = {
        field: [*kept, *chosen], other: elsewhere, "open": list(dict.fromkeys(left)),
    }  # fmt: skip
    return table.model_copy(update={"status": rule.model_copy(update=update)})


def _with_file(
    plan: ImportPlan, opened: Opened, question: Question, chosen: Sequence[str],
    file: FileMap, more: Sequence[Question],
) -> ImportPlan:  # fmt: skip
    """The plan with another map of one file, laid out anew."""
    name = opened.name
    files = [f for f in plan.mapping.files if f.file != name]
    place = next(
        (i for i, f in enumerate(plan.mapping.files) if f.file == name), len(files)
    )
    files.insert(place, file)
    sure = {
        (c.table, c.column): c.confidence
        for c in plan.columns
        if c.file == name and (c.table, c.column) != (question.table, question.column)
    }
    rows = [c for c in plan.columns if c.file != name]
    seen = next((s for s in plan.seen if s.file == name), None)
    company = load_company(plan.case_dir)
    other = [s for s in plan.seen if s.file != name]
    shown = file_seen(opened, file, company, seen.known_as if seen else None)
    asked = list(_left(plan.questions, question, chosen))
    fresh = {q.id for q in more}
    left_out = question.kind == "table" and not file.tables
    return plan.model_copy(update={
        "mapping": plan.mapping.model_copy(update={"files": files}),
        "columns": [*rows, *column_rows(opened, file, sure)],
        "seen": other if left_out else [*other, shown],
        "unused": [u for u in plan.unused if u != name or left_out],
        "dropped": {f.file: f.drop for f in files if f.drop},
        "questions": [*more, *(q for q in asked if q.id not in fresh)],
    })  # fmt: skip


def _left(
    questions: Sequence[Question], answered: Question, chosen: Sequence[str]
) -> Iterator[Question]:
    """Questions still open: a word that means won is not offered as lost."""
    for question in questions:
        if question.id == answered.id:
            continue
        twin = (question.file, question.kind) == (answered.file, "lost-words")
        if not (twin and answered.kind == "won-words"):
            yield question
            continue
        choices = [c for c in question.choices if c.code not in chosen]
        default = [d for d in question.default if d not in chosen]
        if choices:
            yield question.model_copy(update={"choices": choices, "default": default})
