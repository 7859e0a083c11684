"""Where the money is: currency by currency, never added together."""

from collections.abc import Sequence

from salesdx.portfolio.model import Money, PortfolioDocument, Share
from salesdx.render.portfolio.blocks import figure
from salesdx.render.portfolio.charts import amount_bars, spread
from salesdx.render.portfolio.words import Words, cut
from salesdx.render.report import Block, Column, Figure, Group, Para, Section, Table

_CURRENCIES, _BARS, _GROUPS, _TRACED = 3, 8, 12, 10
_NAMED = 16  # companies with a loss: so few are shown by name
_MANY = 3  # companies of which a spread says something


def section(document: PortfolioDocument, words: Words) -> Section:
    """The chapter: the currencies with most companies in full, the others as rows."""
    blocks: list[Block] = []
    found = document.money
    for place, money in enumerate(found[:_CURRENCIES]):
        made = _currency(document, money, words, place)
        title = words.currency(money.currency)
        blocks += made if len(found) == 1 else [Group(title, made)]
    blocks += _others(found[_CURRENCIES:], words)
    blocks += _traced(document, words)
    if not blocks:
        blocks.append(Para(words.t("money.none")))
    return Section("money", words.t("money.title"), blocks)


def _currency(
    document: PortfolioDocument, money: Money, words: Words, place: int
) -> list[Block]:
    t, end = words.t, f"-{place}" if place else ""
    code = words.currency(money.currency)
    blocks: list[Block] = [Para(_lead(money, words), "lead")]
    unknown = money.companies - money.known
    if unknown:
        n = words.count("of-companies", unknown)
        blocks.append(Para(t("money.unknown", n=n), "muted"))
    ranked = _ranked(document, money)
    if ranked:
        caption = t("money.ranked.caption", currency=code)
        blocks.append(_bars(f"ranked{end}", caption, ranked, money, words,
                            t("col.company")))  # fmt: skip
    elif money.known >= _MANY and money.curve:
        blocks.append(figure(
            spread.draw(money, words, f"spread{end}"),
            t("money.curve.caption", currency=code), _curve_table(money, words),
        ))  # fmt: skip
    if money.known >= _MANY and money.total > 0:
        blocks.append(_bars(
            f"strongest{end}", t("money.strongest.caption", currency=code),
            _causes(money, words), money, words, t("col.cause"),
        ))  # fmt: skip
    if not place and money.known >= _MANY and len(money.groups) > 1:
        blocks.append(Group(t("money.groups.title"), [_groups(money, words)]))
    return blocks


def _lead(money: Money, words: Words) -> str:
    half = []
    if money.half and money.known > 1:
        n = words.count("companies", money.half)
        half.append(words.t("money.half", n=n))
    if money.top_tenth is not None:
        half.append(words.t("money.top", share=words.percent(money.top_tenth)))
    return words.said(
        "money.lead", amount=words.money(money.total, money.currency),
        n=words.count("to-companies", money.known), half=" ".join(half),
    ).strip()  # fmt: skip


def _ranked(document: PortfolioDocument, money: Money) -> list[amount_bars.Row]:
    """Few companies by name, what they lose."""
    if document.matrix is None or not _MANY <= money.known <= _NAMED:
        return []
    found = [
        (cut(r.name or r.id), r.loss, False) for r in document.matrix.rows
        if r.loss is not None and r.currency == money.currency and money.total > 0
    ]  # fmt: skip
    return sorted(found, key=lambda f: (-f[1], f[0]))


def _causes(money: Money, words: Words) -> list[amount_bars.Row]:
    """The largest parts, the other causes, and companies without a likely one."""
    named = [s for s in money.strongest if s.of]
    rows = [(words.cause(s.of or ""), s.amount, False) for s in named[:_BARS]]
    rest = named[_BARS:]
    if rest:
        label = words.count("other-causes", len(rest))
        rows.append((label, sum(s.amount for s in rest), True))
    none = [s.amount for s in money.strongest if not s.of]
    return rows + [(words.t("money.strongest.none"), n, True) for n in none]


def _bars(
    name: str, caption: str, rows: Sequence[amount_bars.Row], money: Money,
    words: Words, head: str,
) -> Figure:  # fmt: skip
    drawing = amount_bars.draw(name, caption, rows, money.currency, words, half=True)
    columns = [Column(head, 6, strong=True), Column(words.t("col.sum"), 3, "right"),
               Column(words.t("col.part"), 2, "right")]  # fmt: skip
    table = Table(columns, [
        [label, words.money(n, money.currency), words.percent(n / money.total)]
        for label, n, _ in rows
    ])  # fmt: skip
    return figure(drawing, caption, table)


def _curve_table(money: Money, words: Words) -> Table:
    columns = [Column(words.t("col.companies"), 3, "right"),
               Column(words.t("col.part"), 3, "right")]  # fmt: skip
    return Table(columns, [
        [words.number(p.companies), words.percent(p.share)] for p in money.curve
    ])  # fmt: skip


def _groups(money: Money, words: Words) -> Table:
    shown, rest = money.groups[:_GROUPS], money.groups[_GROUPS:]
    t = words.t
    columns = [
        Column(t("col.group"), 6, strong=True), Column(t("col.companies"), 2, "right"),
        Column(t("col.sum"), 3, "right"), Column(t("col.part"), 2, "right"),
    ]  # fmt: skip
    rows = [_share(s, money, words) for s in shown]
    hidden = len(rest) + money.more_groups
    if hidden:
        amount = sum(s.amount for s in rest) + money.more_groups_amount
        label = words.count("other-groups", hidden)
        part = words.percent(amount / money.total if money.total > 0 else None)
        companies = money.known - sum(s.companies for s in shown)
        rows.append([label, words.number(companies),
                     words.money(amount, money.currency), part])  # fmt: skip
    return Table(columns, rows)


def _share(share: Share, money: Money, words: Words) -> list[str]:
    return [
        words.group(share.of), words.number(share.companies),
        words.money(share.amount, money.currency), words.percent(share.share),
    ]  # fmt: skip


def _others(moneys: Sequence[Money], words: Words) -> list[Block]:
    if not moneys:
        return []
    t = words.t
    columns = [
        Column(t("col.currency"), 3, strong=True), Column(t("col.sum"), 3, "right"),
        Column(t("col.known"), 3, "right"),
    ]  # fmt: skip
    rows = [
        [words.currency(m.currency), words.money(m.total, m.currency),
         words.number(m.known)]
        for m in moneys
    ]  # fmt: skip
    return [Group(t("money.other"), [Table(columns, rows)])]


def _traced(document: PortfolioDocument, words: Words) -> list[Block]:
    found = [(c.id, a) for c in document.causes for a in c.traced]
    if not found:
        return []
    found.sort(key=lambda f: (f[1].currency or "", -f[1].amount, f[0]))
    t = words.t
    columns = [
        Column(t("col.cause"), 6, strong=True), Column(t("col.companies"), 2, "right"),
        Column(t("col.money"), 3, "right"),
    ]  # fmt: skip
    rows = [
        [words.cause(name), words.number(a.companies),
         words.money(a.amount, a.currency)]
        for name, a in found[:_TRACED]
    ]  # fmt: skip
    note = Para(t("money.traced.note"), "note")
    return [Group(t("money.traced.title"), [note, Table(columns, rows)])]
