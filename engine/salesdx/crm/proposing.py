"""Propose how files feed the tables of a case: forms first, then the guess."""

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from salesdx.crm.applying import outcomes
from salesdx.crm.company_file import load_company
from salesdx.crm.form_guess import guess_form
from salesdx.crm.guess import Guess, guess_tables, personal_headers
from salesdx.crm.import_report import Advice, ColumnRow, ImportPlan
from salesdx.crm.kinds import Crm
from salesdx.crm.mapping import FileMap, Mapping, StatusRule, TableMap
from salesdx.crm.names import Named, read_directory
from salesdx.crm.opening import Opened
from salesdx.crm.questions import Question, questions_of, unknown_file
from salesdx.crm.recognising import Recognised, recognise
from salesdx.crm.rows import Rows, normalise_header
from salesdx.crm.vendors import form_of
from salesdx.errors import DataError, Said, UsageError
from salesdx.language import Text


@dataclass(slots=True)
class _Proposal:
    """What is thought of one file; `guesses` is empty where a mapping was given."""

    opened: Opened
    file: FileMap
    guesses: list[Guess]
    crm: Crm


def plan_import(
    case_dir: Path,
    files: Sequence[Path | Opened],
    crm: Crm = "auto",
    mapping: Mapping | None = None,
) -> ImportPlan:
    """Propose how files feed the tables of a case; nothing is written.

    Args:
        case_dir: the case folder, with its company.yaml.
        files: exports of one or several kinds, or tables of a database (`opened`).
        crm: which CRM they come from; `auto` looks at the headers, `table` accepts
            only our own column names.
        mapping: a saved mapping (`load_mapping`); files it names are not guessed.

    Raises:
        UsageError: no file, or two files of the same name.
        DataError: no company.yaml, a file is unreadable, or no file fits any table.
    """
    load_company(case_dir)
    _check_names(files)
    opened = [one if isinstance(one, Opened) else Opened(one) for one in files]
    tried = [(one, _propose(one, crm, mapping)) for one in opened]
    proposals = [found for _, found in tried if found is not None]
    unknown = [one for one, found in tried if found is None]
    refused = _refused(unknown, crm)
    if not proposals:
        raise _unrecognised(files, refused)
    proposals.sort(key=lambda p: _base_first(p.file))
    named = _named(proposals, mapping)
    for proposal in proposals:
        _settle_outcomes(proposal, named)
    maps = [p.file for p in proposals]
    no_lost = _no_lost(proposals)
    crms = [p.crm for p in proposals if p.crm not in {"auto", "table"}]
    found_crm: Crm = next(iter(crms), "table") if crm == "auto" else crm
    plan = ImportPlan(
        case_dir=case_dir, files=[one.path for one in opened], crm=found_crm,
        columns=[row for p in proposals for row in _columns(p)],
        mapping=Mapping(crm=found_crm, files=maps, names=named.names),
        questions=_questions(proposals, [u for u in unknown if u.name not in refused]),
        unused=[one.name for one in unknown],
        dropped={f.file: f.drop for f in maps if f.drop},
        advice=[
            *(Advice(file=name, text=why) for name, why in refused.items()),
            *(told for p in proposals for told in _advice(p, no_lost)),
        ],
    )  # fmt: skip
    plan.keep(opened)
    return plan


def _check_names(files: Sequence[Path | Opened]) -> None:
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


def _refused(unknown: Sequence[Opened], crm: Crm) -> dict[str, Text]:
    """Files that a CRM is known to give and that no result can be computed from."""
    known = {u.name: recognise(u.rows().table.column_names, crm) for u in unknown}
    return {
        name: found.form.refused
        for name, found in known.items()
        if found is not None and found.form.refused is not None
    }


def _unrecognised(
    files: Sequence[Path | Opened], refused: dict[str, Text]
) -> DataError:
    if refused:
        told = list(refused.items())
        return DataError(
            Said(
                "; ".join(f"{name}: {why.en}" for name, why in told),
                "; ".join(f"{name}: {why.ru}" for name, why in told),
            )
        )
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
    if known is not None and known.form.refused is not None:
        return None
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
    """Tell won from lost by stage where a directory of stages says so.

    Words may know the stages of one pipeline and not those of another: they count for
    stages that the directory does not list. The rule names all closed stages of the
    directory, so that a saved mapping knows them in the next file.
    """
    tables = list(proposal.file.tables)
    known = named.names.get("stage", {})
    closed = {
        code: {s for s, found in named.outcomes.items() if found == code}
        for code in ("won", "lost")
    }
    for place, guess in enumerate(proposal.guesses):
        header, told = guess.columns.get("stage_id"), guess.status
        if header is None or guess.named.get("stage_id") != "stage":
            continue
        if told is None or (guess.status_sure and told.column != header):
            continue
        rows = proposal.opened.rows(guess.shape)
        stages = set(rows.table[header].unique().to_pylist())
        if not named.outcomes or stages.isdisjoint({*known, *known.values()}):
            continue
        rule = StatusRule(
            column=header, won=sorted(closed["won"] | ({*told.won} - {*known})),
            lost=sorted(closed["lost"] | ({*told.lost} - {*known})),
            won_if=told.won_if, lost_if=told.lost_if, closed_if=told.closed_if,
        )  # fmt: skip
        labelled = _labelled(rule, _labels(rows))
        tables[place] = tables[place].model_copy(update={"status": labelled})
        proposal.guesses[place] = replace(guess, status=rule, status_sure=True)
    proposal.file = proposal.file.model_copy(update={"tables": tables})


def _by_stage_words(file: FileMap, guess: Guess, header: str) -> bool:
    """Whether the outcome was only read out of the names or codes of the stages."""
    form = form_of(file.form) if file.form else None
    told = form.tables[guess.table].status if form else None
    given = [normalise_header(h) for h in told.column] if told and told.won else []
    rule = guess.status
    return rule is not None and rule.column == header and header not in given


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
            values = rows.table[name].drop_null().slice(0, 1).to_pylist()
            if values:
                return str(values[0])[:60]
    return None


def _advice(proposal: _Proposal, no_lost: bool) -> Iterator[Advice]:
    form = form_of(proposal.file.form) if proposal.file.form else None
    if form is None or not proposal.opened.rows().rows_in:
        return
    if form.advice is not None:
        yield Advice(file=proposal.file.file, text=form.advice)
    deals = any(t.table == "deals" for t in proposal.file.tables)
    if form.no_lost is not None and deals and no_lost:
        yield Advice(file=proposal.file.file, text=form.no_lost)


def _no_lost(proposals: Sequence[_Proposal]) -> bool:
    """Whether no deal of any file is lost, where a form has advice for that."""
    forms = [form_of(p.file.form) for p in proposals if p.file.form]
    if not any(form is not None and form.no_lost for form in forms):
        return False
    return not any(
        "lost" in outcomes(p.opened.rows(t.shape), t.status)
        for p in proposals
        for t in p.file.tables
        if t.table == "deals" and t.status is not None
    )


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
