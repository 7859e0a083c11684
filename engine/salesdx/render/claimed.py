"""What the author of the method claims, apart from what was measured (P-37, P-57)."""

from collections.abc import Callable

from salesdx.render.report import Block, Bullets, Column, Para, Section, Table
from salesdx.render.words import Words
from salesdx.result import ClaimedLoss, LostClients, ResultDocument


def section(document: ResultDocument, words: Words) -> Section:
    """A table of claims, then the lost clients; empty where there is neither."""
    t, rows = words.t, document.claimed_losses
    blocks: list[Block] = []
    if rows:
        columns = [
            Column(t("col.mistake"), 6, strong=True), Column(t("col.made"), 4),
            Column(t("col.claimed"), 9), Column(t("col.share"), 4, "right"),
            Column(t("col.claimed-month"), 5, "right"),
        ]  # fmt: skip
        cells = [
            [
                words.text(row.title), t(f"claimed.{row.mistake}"), _said(row, words),
                share(row, words), month(row, words) or "\u2014",
            ]
            for row in rows
        ]  # fmt: skip
        blocks += [Para(t("claimed.lead"), "note"), Table(columns, cells)]
        blocks.append(Para(revenue(rows[0], words), "muted"))
    if document.lost_clients:
        blocks.append(Bullets(lost_lines(document.lost_clients, words)))
        blocks.append(Para(t("claimed.twice"), "muted"))
    return Section("claimed", t("claimed.title"), blocks)


def lines(document: ResultDocument, words: Words) -> list[str]:
    """The same in lines of plain text, without the lead."""
    t = words.t
    found = []
    for row in document.claimed_losses:
        told = t(
            "claimed.line", title=words.text(row.title), share=share(row, words),
            made=t(f"claimed.{row.mistake}"),
        )  # fmt: skip
        money = month(row, words)
        found.append(
            f"{told} {t('claimed.line.month', money=money)}" if money else told
        )
    if document.claimed_losses:
        found.append(revenue(document.claimed_losses[0], words))
    if document.lost_clients:
        found += [*lost_lines(document.lost_clients, words), t("claimed.twice")]
    return found


def share(row: ClaimedLoss, words: Words) -> str:
    """`at least 25 %`, `up to 30 %`, `30-40 %`: as the author puts it."""
    return _ends(row.low, row.high, words.percent, words)


def month(row: ClaimedLoss, words: Words) -> str:
    """The share in money of a month; empty where nobody named the revenue."""
    if row.revenue is None:
        return ""
    return _ends(row.money_low, row.money_high, words.short, words)


def revenue(row: ClaimedLoss, words: Words) -> str:
    """On which revenue the money rests, or how to get it."""
    if row.revenue is None:
        return words.t("claimed.no-revenue")
    return words.t(
        "claimed.revenue", money=words.short(row.revenue),
        by=words.by(row.said_by or "owner"),
    )  # fmt: skip


def lost_lines(lost: LostClients, words: Words) -> list[str]:
    """The profit that went, and the claimed price of winning as many anew."""
    t = words.t
    n = words.number(lost.clients or 0, 0)
    found = []
    if lost.profit is None:
        found.append(t("claimed.lost.no-profit", n=n))
    else:
        key = "claimed.lost.all" if lost.winning_measured else "claimed.lost.profit"
        found.append(t(
            key, n=n, money=words.short(lost.profit), by=words.by(lost.profit_by or ""),
        ))  # fmt: skip
    ratio = words.number(lost.ratio)
    if lost.winning is not None and lost.keeping_cost is not None:
        found.append(t(
            "claimed.lost.winning", money=words.short(lost.winning), n=n,
            cost=words.short(lost.keeping_cost), by=words.by(lost.cost_by or ""),
            ratio=ratio,
        ))  # fmt: skip
    elif not lost.winning_measured:
        found.append(t("claimed.lost.no-cost", ratio=ratio))
    return found


def _said(row: ClaimedLoss, words: Words) -> str:
    told = words.text(row.text)
    return f"{told} {words.text(row.base)}" if row.base else told


def _ends(
    low: float | None,
    high: float | None,
    write: Callable[[float], str],
    words: Words,
) -> str:
    top = "" if high is None else write(high)
    if low is None:
        return words.t("claimed.up-to", value=top)
    if high is None:
        return words.t("claimed.at-least", value=write(low))
    return words.t("range", low=words.bare(write(low), top), high=top)
