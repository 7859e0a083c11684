"""What to know about a file, or to fetch besides it, before it is imported."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from salesdx.crm.applying import outcomes
from salesdx.crm.guess import SURE, WITHOUT_IDS
from salesdx.crm.headers import in_minutes, is_scaled, scaled_by, sure_of
from salesdx.crm.import_report import Advice
from salesdx.crm.mapping import FileMap
from salesdx.crm.proposal import Proposal
from salesdx.crm.vendors import form_of
from salesdx.language import Text
from salesdx.tables import TABLES, column_title


def advice_on(proposal: Proposal, no_lost: bool) -> Iterator[Advice]:
    """What the form of a file makes worth knowing; `no_lost`: no deal is lost."""
    if not proposal.opened.rows().rows_in:
        return
    for header in proposal.opened.rows().headers if proposal.guesses else ():
        if is_scaled(header):
            yield Advice(file=proposal.file.file, text=_scaled(header))
    yield from _titled(proposal)
    for guess in proposal.guesses:
        if guess.table == "activities" and "duration_s" not in guess.columns:
            told = filter(in_minutes, proposal.opened.rows().headers)
            yield from (Advice(file=proposal.file.file, text=_minutes(h)) for h in told)
    if any(t.shape in _WITHOUT_IDS for t in proposal.file.tables):
        yield Advice(file=proposal.file.file, text=_NO_IDS)
    form = form_of(proposal.file.form) if proposal.file.form else None
    if form is None:
        return
    if form.advice is not None:
        yield Advice(file=proposal.file.file, text=form.advice)
    deals = any(t.table == "deals" for t in proposal.file.tables)
    if form.no_lost is not None and deals and no_lost:
        yield Advice(file=proposal.file.file, text=form.no_lost)


def _titled(proposal: Proposal) -> Iterator[Advice]:
    """Amounts that are not taken because of what is said above the table."""
    for guess in proposal.guesses:
        samples = proposal.opened.samples(guess.shape)
        title = samples.rows.title
        money = [c.name for c in TABLES[guess.table].columns if c.type == "money"]
        for name in samples.names:
            label = samples.labels[name]
            if name in guess.used or not scaled_by(title, label):
                continue
            sure = [sure_of(guess.table, c, name, label, False) for c in money]
            if max(sure, default=0.0) >= SURE:
                yield Advice(file=proposal.file.file, text=Text(
                    en=f"above the table stands “{title}”: “{label}” is in thousands"
                    " or millions, so it is not taken as the amount; write it in full"
                    " and import again",
                    ru=f"над таблицей написано «{title}»: «{label}» — в тысячах или"
                    " миллионах, поэтому за сумму не берём; запишите суммы полностью и"
                    " загрузите снова",
                ))  # fmt: skip


def _minutes(header: str) -> Text:
    return Text(
        en=f"“{header}” is not in seconds, so it is not taken as the length of the"
        " call; give it as 0:03:15 or in seconds",
        ru=f"«{header}» не в секундах, поэтому за длительность звонка не берём;"
        " запишите её как 0:03:15 или в секундах",
    )


_WITHOUT_IDS = frozenset(shape for shape, _, _ in WITHOUT_IDS)
_NO_IDS = Text(
    en="the rows have no numbers: they are told apart by time, employee and phone, and"
    " rows alike in all three count once",
    ru="номеров у строк нет: различаем их по времени, сотруднику и телефону; если всё"
    " это совпало, строка считается один раз",
)


def misread(proposal: Proposal) -> Iterator[Advice]:
    """Headers that name a column plainly, over values that do not read as one."""
    for guess in proposal.guesses:
        samples = proposal.opened.samples(guess.shape)
        table = TABLES[guess.table]
        for column in table.columns:
            if column.name in guess.columns or column.type not in _READ:
                continue
            for name in samples.names:
                label = samples.labels[name]
                sure = sure_of(guess.table, column.name, name, label, False)
                if sure < SURE or name in guess.used or is_scaled(label):
                    continue
                if not samples.is_blank(name) and not samples.fits(name, column):
                    text = _misread(label, guess.table, column.name, samples.of(name))
                    yield Advice(file=proposal.file.file, text=text)


_READ = frozenset({"money", "number", "time", "date"})
_SAMPLES = 3


def _misread(label: str, table: str, column: str, values: pa.Array) -> Text:
    title = column_title(table, column)
    some = ", ".join(v[:30] for v in values.slice(0, _SAMPLES).to_pylist())
    return Text(
        en=f"“{label}” is called like “{title.en}”, but most of it does not read"
        f" ({some}), so it is not taken; write plain numbers or dates and import again",
        ru=f"«{label}» по названию — {title.ru}, но большая часть значений не читается"
        f" ({some}), поэтому не берём; исправьте на обычные числа или даты и загрузите"
        " снова",
    )


def none_lost(proposals: Sequence[Proposal]) -> bool:
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


def undated(maps: Sequence[FileMap]) -> Iterator[Advice]:
    """Deals without any date, which no question could find either."""
    deals = [(f.file, t.columns) for f in maps for t in f.tables if t.table == "deals"]
    if deals and not any({"entered_at", "closed_at"} & set(c) for _, c in deals):
        yield Advice(file=deals[0][0], text=Text(
            en="no column says when a deal entered the funnel: without it there is no"
            " length of the cycle and no true conversion",
            ru="нет даты, когда сделка вошла в воронку: без неё не посчитать ни срок"
            " сделки, ни честную конверсию",
        ))  # fmt: skip


def _scaled(header: str) -> Text:
    return Text(
        en=f"“{header}” is in thousands or millions, so it is not taken as the amount;"
        " write them in full and import again",
        ru=f"«{header}» — в тысячах или миллионах, поэтому за сумму не берём;"
        " запишите суммы полностью и загрузите снова",
    )


def unread(proposal: Proposal) -> Iterator[Advice]:
    """That a file has no rows, and sheets of a workbook that were not looked at."""
    if not proposal.opened.rows().rows_in:
        yield Advice(
            file=proposal.file.file,
            text=Text(
                en="headers but no rows: check the filter of the export",
                ru="есть заголовки, но нет строк: проверьте фильтр выгрузки",
            ),
        )
    sheets = ", ".join(proposal.opened.rows().skipped_sheets)
    if sheets:
        yield Advice(
            file=proposal.file.file,
            text=Text(
                en=f"one sheet is read, these are not: {sheets}; save each as a file"
                " of its own if you need it",
                ru=f"прочитан один лист, остальные нет: {sheets}; если они нужны,"
                " сохраните каждый отдельным файлом",
            ),
        )
