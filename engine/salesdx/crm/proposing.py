"""Propose how files feed the tables of a case: forms first, then the guess."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Names
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc

from salesdx.company import Company
from salesdx.crm.advising import advice_on, misread, none_lost, undated, unread
from salesdx.crm.company_file import load_company
from salesdx.crm.doubts import doubts
from salesdx.crm.drift import adapt
from salesdx.crm.file_maps import file_map, labelled, proven_order
from salesdx.crm.form_guess import guess_form
from salesdx.crm.found_again import find_map
from salesdx.crm.guess import BY_VALUES, WITHOUT_IDS, guess_tables, guess_without_ids
from salesdx.crm.headers import labels_of
from salesdx.crm.import_report import Advice, ImportPlan
from salesdx.crm.kinds import Crm
from salesdx.crm.mapping import FileMap, Mapping, StatusRule
from salesdx.crm.names import Named, read_directory
from salesdx.crm.opening import Opened
from salesdx.crm.outcomes import with_open
from salesdx.crm.overview import column_rows, file_seen
from salesdx.crm.progress import Progress, silent
from salesdx.crm.proposal import Proposal
from salesdx.crm.questions import Question, unknown_file
from salesdx.crm.recognising import recognise
from salesdx.crm.unusable_files import check_names, refused_forms, unrecognised
from salesdx.crm.vendors import form_of
from salesdx.language import Text


def plan_import(
    case_dir: Path,
    files: Sequence[Path | Opened],
    crm: Crm = "auto",
    mapping: Mapping | None = None,
    ask: bool = False,
    progress: Progress = silent,
) -> ImportPlan:
    """Propose how files feed the tables of a case; nothing is written.

    Args:
        case_dir: the case folder, with its company.yaml.
        files: exports of one or several kinds, or tables of a database (`opened`).
        crm: which CRM they come from; `auto` looks at the headers, `table` accepts
            only our own column names.
        mapping: a saved mapping (`load_mapping`): files are read by it that it names
            or whose headers it knows, the others are guessed.
        ask: whether there is somebody to say what unknown files are; without, they
            must not be all there is.
        progress: told how much of a large file is read.

    Raises:
        UsageError: no file, or two files of the same name.
        DataError: no company.yaml, a file is unreadable or lacks a header that its
            saved map needs, or no file fits any table.
    """
    company = load_company(case_dir)
    check_names(files)
    opened = [
        one if isinstance(one, Opened) else Opened(one, progress=progress)
        for one in files
    ]
    tried = [(one, _propose(one, crm, mapping, company)) for one in opened]
    proposals = [found for _, found in tried if found is not None]
    unused = [one for one, found in tried if found is None]
    unknown = [o for o in unused if not (mapping and _is_left_out(mapping.of(o.name)))]
    refused = refused_forms(unknown, crm)
    unknown = [one for one in unknown if one.name not in refused]
    if not proposals and not (ask and unknown):
        raise unrecognised(opened, refused)
    proposals.sort(key=lambda p: _base_first(p.file))
    named = _named(proposals, mapping)
    for proposal in proposals:
        _settle_outcomes(proposal, named)
    maps = [p.file for p in proposals]
    found_crm = _crm_of(proposals) if crm == "auto" else crm
    plan = ImportPlan(
        case_dir=case_dir, files=[one.path for one in opened], crm=found_crm,
        columns=[r for p in proposals for r in column_rows(p.opened, p.file, _sure(p))],
        seen=[file_seen(p.opened, p.file, company, p.known_as) for p in proposals],
        mapping=Mapping(crm=found_crm, files=maps, names=named.names),
        questions=_questions(proposals, unknown, company),
        unused=[one.name for one in unused],
        dropped={f.file: f.drop for f in maps if f.drop},
        advice=list(_advice(proposals, refused)),
        drift=[note for p in proposals for note in p.notes],
    )  # fmt: skip
    plan.keep(opened)
    return plan


def _crm_of(proposals: Sequence[Proposal]) -> Crm:
    """The CRM of the first file that tells it."""
    told = (p.crm for p in proposals if p.crm not in {"auto", "table"})
    return next(told, "table")


def _advice(
    proposals: Sequence[Proposal], refused: Names[str, Text]
) -> Iterator[Advice]:
    for name, why in refused.items():
        yield Advice(file=name, text=why)
    no_lost = none_lost(proposals)
    for proposal in proposals:
        yield from advice_on(proposal, no_lost)
        yield from misread(proposal)
        yield from unread(proposal)
    yield from undated([p.file for p in proposals])


def _is_left_out(saved: FileMap | None) -> bool:
    return saved is not None and not saved.tables and not saved.form


def _propose(
    opened: Opened, crm: Crm, mapping: Mapping | None, company: Company
) -> Proposal | None:
    """The saved map of a file, its known form, or the guess; None if nothing fits."""
    samples = opened.samples()
    known = recognise(samples.names, crm)
    if mapping is not None:
        saved = find_map(mapping, opened, known.name if known else None)
        if saved is not None:
            return _by_saved(opened, saved, mapping.crm)
    if known is not None and known.form.refused is not None:
        return None
    if known is not None:
        guesses = [
            guess
            for table, form in known.form.tables.items()
            if (shape := known.shape(form.shape)) or not form.shape
            if (guess := guess_form(opened.samples(shape), table, form, shape))
        ]
        if guesses or known.form.directories:
            file = file_map(opened, guesses, known, company)
            return Proposal(opened, file, guesses, known.crm)
    guesses = guess_tables(samples, exact=crm == "table")
    if not guesses and crm != "table":
        guesses = [
            guess
            for shape, _, _ in WITHOUT_IDS
            if (guess := guess_without_ids(opened.samples(shape), shape))
        ][:1]
    if not guesses:
        return None
    return Proposal(opened, file_map(opened, guesses, None, company), guesses, crm)


def _by_saved(opened: Opened, saved: FileMap, crm: Crm) -> Proposal | None:
    if not saved.tables and not saved.form:
        return None  # left out on purpose
    found = adapt(saved, opened)
    file, notes = _order_of_today(opened, found.file)
    return Proposal(
        opened, file, [], crm, saved.file, [*found.notes, *notes], found.doubts
    )


def _order_of_today(opened: Opened, file: FileMap) -> tuple[FileMap, list[Advice]]:
    """The order of dates that the file proves beats the one that was saved."""
    proven = proven_order(opened, file)
    if file.dates is None or proven is None or proven == file.dates:
        return file, []
    en, ru = (
        ("day first", "сначала день")
        if proven == "day-first"
        else ("month first", "сначала месяц")
    )
    note = Advice(file=file.file, text=Text(
        en=f"dates are now written {en}: read so",
        ru=f"даты теперь записаны иначе, {ru}: так и читаем",
    ))  # fmt: skip
    return file.model_copy(update={"dates": proven}), [note]


def _named(proposals: Sequence[Proposal], mapping: Mapping | None) -> Named:
    """Names of ids: those of the saved mapping, then those of the files."""
    found = Named({k: dict(v) for k, v in mapping.names.items()} if mapping else {})
    for proposal in proposals:
        form = form_of(proposal.file.form) if proposal.file.form else None
        for directory in form.directories if form else ():
            shape = directory.shape and f"{proposal.crm}.{directory.shape}"
            found.add(read_directory(proposal.opened.rows(shape), directory))
    return found


def _settle_outcomes(proposal: Proposal, named: Named) -> None:
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
        samples = proposal.opened.samples(guess.shape)
        stages = set(pc.unique(samples.rows.table[header]).to_pylist())
        if not named.outcomes or stages.isdisjoint({*known, *known.values()}):
            continue
        rule = StatusRule(
            column=header, won=sorted(closed["won"] | ({*told.won} - {*known})),
            lost=sorted(closed["lost"] | ({*told.lost} - {*known})),
            won_if=told.won_if, lost_if=told.lost_if, closed_if=told.closed_if,
        )  # fmt: skip
        listed = labelled(with_open(rule, samples, header), labels_of(samples.rows))
        tables[place] = tables[place].model_copy(update={"status": listed})
        proposal.guesses[place] = replace(guess, status=rule, status_sure=True)
    proposal.file = proposal.file.model_copy(update={"tables": tables})


def _questions(
    proposals: Sequence[Proposal], unknown: Sequence[Opened], company: Company
) -> list[Question]:
    found = [unknown_file(one.name, one.rows().headers) for one in unknown]
    for one in proposals:
        found += doubts(one.opened, one.file, one.guesses, company, one.drifted)
    if _outcome_known([p.file for p in proposals]):
        found = [q for q in found if (q.table, q.column) != ("deals", "status")]
    return found


def _sure(proposal: Proposal) -> dict[tuple[str, str], float]:
    """How sure each match is; what was found again by its looks is a doubt."""
    found = dict.fromkeys(proposal.drifted, BY_VALUES)
    for guess in proposal.guesses:
        by_header = {m.header: m.confidence for m in guess.matches}
        for column, header in guess.columns.items():
            found[guess.table, column] = by_header.get(header, 1.0)
        if guess.table == "deals":
            found["deals", "status"] = 0.9 if guess.status_sure else 0.4
    return found


def _base_first(file: FileMap) -> tuple[bool, str]:
    """Files that know when a deal entered come before those that only add to it."""
    enters = any({"entered_at", "created_at"} & set(t.columns) for t in file.tables)
    return not enters, file.file


def _outcome_known(maps: list[FileMap]) -> bool:
    """Whether one file tells the outcome of deals that another one only lists."""
    rules = [t.status for f in maps for t in f.tables if t.table == "deals"]
    return len(rules) > 1 and any(r and (r.column or r.won_if) for r in rules)
