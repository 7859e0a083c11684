"""Propose how files feed the tables of a case: forms first, then the guess."""

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from salesdx.crm.company_file import load_company
from salesdx.crm.form_guess import guess_form
from salesdx.crm.guess import Guess, guess_tables, personal_headers
from salesdx.crm.import_report import Advice, ColumnRow, ImportPlan
from salesdx.crm.kinds import Crm
from salesdx.crm.mapping import FileMap, Mapping, StatusRule, TableMap
from salesdx.crm.names import Named, read_directory
from salesdx.crm.opening import Opened
from salesdx.crm.progress import Progress, silent
from salesdx.crm.questions import Question, questions_of, unknown_file
from salesdx.crm.recognising import Recognised, recognise
from salesdx.crm.rows import Rows, first_distinct, normalise_header
from salesdx.crm.vendors import form_of
from salesdx.errors import DataError, Said, UsageError


@dataclass(slots=True)
class _Proposal:
    """What is thought of one file; `guesses` is empty where a mapping was given."""

    opened: Opened
    file: FileMap
    guesses: list[Guess]
    crm: Crm


def plan_import(
    case_dir: Path,
    files: Sequence[Path],
    crm: Crm = "auto",
    mapping: Mapping | None = None,
    progress: Progress = silent,
) -> ImportPlan:
    """Propose how files feed the tables of a case; nothing is written.

    Args:
        case_dir: the case folder, with its company.yaml.
        files: exports of one or several kinds.
        crm: which CRM they come from; `auto` looks at the headers, `table` accepts
            only our own column names.
        mapping: a saved mapping (`load_mapping`); files it names are not guessed.
        progress: told how much of a large file is read.

    Raises:
        UsageError: no file, or two files of the same name.
        DataError: no company.yaml, a file is unreadable, or no file fits any table.
    """
    load_company(case_dir)
    _check_names(files)
    opened = [Opened(path, progress) for path in files]
    tried = [(one, _propose(one, crm, mapping)) for one in opened]
    proposals = [found for _, found in tried if found is not None]
    unknown = [one for one, found in tried if found is None]
    if not proposals:
        raise _unrecognised(files)
    proposals.sort(key=lambda p: _base_first(p.file))
    named = _named(proposals, mapping)
    for proposal in proposals:
        _settle_outcomes(proposal, named)
    maps = [p.file for p in proposals]
    crms = [p.crm for p in proposals if p.crm not in {"auto", "table"}]
    found_crm: Crm = next(iter(crms), "table") if crm == "auto" else crm
    plan = ImportPlan(
        case_dir=case_dir, files=list(files), crm=found_crm,
        columns=[row for p in proposals for row in _columns(p)],
        mapping=Mapping(crm=found_crm, files=maps, names=named.names),
        questions=_questions(proposals, unknown), unused=[one.name for one in unknown],
        dropped={f.file: f.drop for f in maps if f.drop},
        advice=[told for p in proposals for told in _advice(p)],
    )  # fmt: skip
    plan.keep(opened)
    return plan


def _check_names(files: Sequence[Path]) -> None:
    names = [p.name.casefold() for p in files]
    twice = sorted({n for n in names if names.count(n) > 1})
    if not files:
        raise UsageError(
            Said(
                "name at least one file to import",
                "назовите хотя бы один файл для загрузки",
            )
        )
    if twice:
        raise UsageError(
            Said(
                f"two files are called {twice[0]}; import them one by one",
                f"два файла называются {twice[0]}; загрузите их по одному",
            )
        )


def _unrecognised(files: Sequence[Path]) -> DataError:
    names = ", ".join(p.name for p in files)
    return DataError(
        Said(
            f"none of the files looks like a table we know: {names}; a table needs its"
            " key column (deals: the ID of the deal) and one more. Add it to the"
            " export, or say which column is which in a mapping (--map)",
            f"ни один файл не похож на знакомую таблицу: {names}; таблице нужна"
            " ключевая колонка (у сделок — номер сделки) и хотя бы ещё одна. Добавьте"
            " её в выгрузку или укажите соответствие колонок (--map)",
        )
    )


def _propose(opened: Opened, crm: Crm, mapping: Mapping | None) -> _Proposal | None:
    """The saved map of a file, its known form, or the guess; None if nothing fits."""
    if mapping is not None and (given := mapping.of(opened.name)) is not None:
        return _Proposal(opened, given, [], mapping.crm)
    rows = opened.rows()
    known = recognise(rows.table.column_names, crm)
    if known is not None:
        guesses = [
            guess
            for table, form in known.form.tables.items()
            if (shape := known.shape(form.shape)) or not form.shape
            if (guess := guess_form(opened.rows(shape), table, form, shape))
        ]
        if guesses or known.form.directories:
            return _Proposal(
                opened, _file_map(opened, guesses, known), guesses, known.crm
            )
    guesses = guess_tables(rows, exact=crm == "table")
    if not guesses:
        return None
    return _Proposal(opened, _file_map(opened, guesses, None), guesses, crm)


def _file_map(
    opened: Opened, guesses: Sequence[Guess], known: Recognised | None
) -> FileMap:
    rows = opened.rows()
    mapped = {h for g in guesses for h in g.used}
    tables = [_table_map(opened.rows(g.shape), g) for g in guesses]
    labels = _labels(rows)
    drop = personal_headers(rows, mapped)
    if known is not None:
        drop += _skipped(rows, known, mapped | set(drop))
    return FileMap(
        file=opened.name, form=known.name if known else None, tables=tables,
        drop=[labels[n] for n in drop], zone=known.form.zone if known else None,
    )  # fmt: skip


def _skipped(rows: Rows, known: Recognised, taken: set[str]) -> list[str]:
    patterns = [p.casefold() for p in known.form.skip]  # a star has its meaning
    return [
        n
        for n in rows.table.column_names
        if n not in taken and any(fnmatch.fnmatchcase(n, p) for p in patterns)
    ]


def _table_map(rows: Rows, guess: Guess) -> TableMap:
    labels = _labels(rows)
    return TableMap(
        table=guess.table,
        columns={c: _fed(c, h, guess, labels) for c, h in guess.columns.items()},
        status=_labelled(guess.status, labels), shape=guess.shape,
        named=dict(guess.named),
    )  # fmt: skip


def _fed(
    column: str, header: str, guess: Guess, labels: dict[str, str]
) -> str | list[str]:
    more = guess.more.get(column, ())
    return [labels[h] for h in (header, *more)] if more else labels[header]


def _labels(rows: Rows) -> dict[str, str]:
    """Unique name -> header as written, where that is enough to find it again."""
    return {
        name: label if normalise_header(label) == name else name
        for name, label in zip(rows.table.column_names, rows.headers, strict=True)
    }


def _labelled(rule: StatusRule | None, labels: dict[str, str]) -> StatusRule | None:
    if rule is None:
        return None
    names = ("column", "won_if", "lost_if", "closed_if")
    found = {n: labels[h] for n in names if (h := getattr(rule, n)) is not None}
    return rule.model_copy(update=found)


def _named(proposals: Sequence[_Proposal], mapping: Mapping | None) -> Named:
    """Names of ids: those of the saved mapping, then those of the files."""
    found = Named({k: dict(v) for k, v in mapping.names.items()} if mapping else {})
    for proposal in proposals:
        form = form_of(proposal.file.form) if proposal.file.form else None
        for directory in form.directories if form else ():
            shape = directory.shape and f"{proposal.crm}.{directory.shape}"
            found.add(read_directory(proposal.opened.rows(shape), directory))
    return found


def _settle_outcomes(proposal: _Proposal, named: Named) -> None:
    """Tell won from lost by stage where a directory of stages says so."""
    tables = list(proposal.file.tables)
    for place, guess in enumerate(proposal.guesses):
        if guess.status_sure or guess.named.get("stage_id") != "stage":
            continue
        header = guess.columns["stage_id"]
        rows = proposal.opened.rows(guess.shape)
        stages = set(rows.table[header].unique().to_pylist())
        won, lost = (
            sorted(s for s, o in named.outcomes.items() if o == code and s in stages)
            for code in ("won", "lost")
        )
        if not (won or lost):
            continue
        rule = StatusRule(column=header, won=won, lost=lost)
        labelled = _labelled(rule, _labels(rows))
        tables[place] = tables[place].model_copy(update={"status": labelled})
        proposal.guesses[place] = replace(guess, status=rule, status_sure=True)
    proposal.file = proposal.file.model_copy(update={"tables": tables})


def _columns(proposal: _Proposal) -> list[ColumnRow]:
    guesses = {g.table: g for g in proposal.guesses}
    found = []
    for table in proposal.file.tables:
        guess = guesses.get(table.table)
        sure = {m.column: m.confidence for m in guess.matches} if guess else {}
        fed = {column: table.headers(column) for column in table.columns}
        rule = table.status
        told = rule and (rule.column or rule.won_if)
        if told:
            fed["status"] = [told]
            sure["status"] = 1.0 if guess is None else 0.9 if guess.status_sure else 0.4
        rows = proposal.opened.rows(table.shape)
        found += [
            ColumnRow(
                file=proposal.file.file, table=table.table, column=column,
                header=" / ".join(many), confidence=round(sure.get(column, 1.0), 2),
                sample=_sample(rows, many),
            )
            for column, many in fed.items()
        ]  # fmt: skip
    return found


def _sample(rows: Rows, headers: Sequence[str]) -> str | None:
    """The first value under the first of the headers that has one."""
    for header in headers:
        name = normalise_header(header)
        if name in rows.table.column_names:
            values = first_distinct(rows.table[name], 1).to_pylist()
            if values:
                return str(values[0])[:60]
    return None


def _advice(proposal: _Proposal) -> Iterator[Advice]:
    form = form_of(proposal.file.form) if proposal.file.form else None
    if form is None or not proposal.opened.rows().rows_in:
        return
    if form.advice is not None:
        yield Advice(file=proposal.file.file, text=form.advice)
    rules = [t.status for t in proposal.file.tables if t.table == "deals"]
    no_lost = any(r and not (r.lost or r.lost_if or r.closed_if) for r in rules)
    if form.no_lost is not None and no_lost:
        yield Advice(file=proposal.file.file, text=form.no_lost)


def _questions(
    proposals: Sequence[_Proposal], unknown: Sequence[Opened]
) -> list[Question]:
    found = [unknown_file(one.name, one.rows().headers) for one in unknown]
    for proposal in proposals:
        found += questions_of(proposal.opened, proposal.file, proposal.guesses)
    if _outcome_known([p.file for p in proposals]):
        found = [q for q in found if (q.table, q.column) != ("deals", "status")]
    return found


def _base_first(file: FileMap) -> tuple[bool, str]:
    """Files that know when a deal entered come before those that only add to it."""
    enters = any({"entered_at", "created_at"} & set(t.columns) for t in file.tables)
    return not enters, file.file


def _outcome_known(maps: list[FileMap]) -> bool:
    """Whether one file tells the outcome of deals that another one only lists."""
    rules = [t.status for f in maps for t in f.tables if t.table == "deals"]
    return len(rules) > 1 and any(r and (r.column or r.won_if) for r in rules)
