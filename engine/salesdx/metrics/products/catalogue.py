"""What the catalogue says: parts of cost, and ways of selling (M-101 … M-103)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement, slice_of
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, flag, moment, picked
from salesdx.metrics.products.products import sold
from salesdx.metrics.products.sales_words import channel_kinds
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, shares, sums, unknown

NOT_UNDERSTOOD = (
    "of too many sales it is not clear whether their channel is online, delivery or"
    " offline (channels in company.yaml)",
    "у слишком многих продаж непонятно, какой это канал: онлайн, доставка или офлайн"
    " (channels в company.yaml)",
)
PARTS = 1_000_000  # a share as a whole number of millionths: sums stay exact


def _listed(data: Data, column: str) -> Any | None:
    """Products with `part`, a share in millionths; None where no share is usable.

    A catalogue that has shares above one gives them in percent.
    """
    rows = picked(data, "products", "product_id", part=column)
    rows = rows.filter(rows.product_id.notnull() & (rows.part >= 0))
    rows = rows.filter(rows.part <= 100)
    top = data.rows(rows.aggregate(top=rows.part.max()))[0]["top"]
    if top is None:
        return None
    scale = PARTS / 100 if float(top) > 1 else PARTS
    part = (rows.part * scale).round().cast("int64")
    return rows.group_by(rows.product_id.name("listed")).agg(part=part.max())


def _part(data: Data, metric: str, column: str, by_region: bool) -> Iterator[Any]:
    """A share of every product; of the company and regions weighted by their sales.

    Without sales that have money the company's is the plain mean of the catalogue.
    """
    listed = _listed(data, column)
    if listed is None:
        yield unknown(
            metric, "no share in the catalogue lies between 0 and 100 %",
            "в каталоге нет долей в пределах от 0 до 100 %",
        )  # fmt: skip
        return
    weighted = list(_weighted(data, metric, listed, by_region))
    parts = {str(r["listed"]): int(r["part"]) for r in data.rows(listed)}
    if not weighted:
        mean = sum(parts.values()) / len(parts) / PARTS
        weighted = [figure(metric, mean, COMPANY, len(parts))]
    yield weighted[0]
    for product in sorted(parts):
        yield figure(metric, parts[product] / PARTS, slice_of(product=product))
    yield from weighted[1:]


def _weighted(
    data: Data, metric: str, listed: Any, by_region: bool
) -> Iterator[Measurement]:
    if data.as_of is None or not data.has("deals", "status", "closed_at"):
        return
    rows = sold(data)
    rows = rows.filter(rows.money > 0)
    rows = rows.inner_join(listed, rows["product"] == listed.listed)
    share = rows.part.cast("float64") / PARTS  # integers would overflow
    rows = rows.mutate(
        paid=(rows.money * share).round().cast("int64"),
        base=ibis.literal(1, "int64"),
    )
    grains = (("region",),) if by_region else ()
    for where, row in sums(rows, ("paid", "money", "base"), grains):
        if row["money"] > 0:
            yield figure(
                metric, row["paid"] / row["money"], where, row["base"],
                row["paid"] / 100, row["money"] / 100,
            )  # fmt: skip


def logistics(data: Data) -> Iterator[Measurement]:
    """Delivery to remote regions over the price (M-102)."""
    yield from _part(data, "product.logistics-share", "logistics_share", True)


def foreign(data: Data) -> Iterator[Measurement]:
    """Foreign components over the cost (M-103)."""
    column = "foreign_components_share"
    yield from _part(data, "product.foreign-share", column, False)


def both_ways(data: Data) -> Iterator[Measurement]:
    """Products of the catalogue sold both online and offline (M-101)."""
    rows = picked(data, "products", "product_id online offline")
    rows = rows.filter(rows.online.notnull() & rows.offline.notnull())
    yield from shares("product.both-ways-share", rows, flag(rows.online & rows.offline))


def online(data: Data) -> Iterator[Measurement]:
    """Sales made online, of those whose channel is understood (M-101).

    Revenue where won deals have amounts, else their number.
    """
    metric = "sales.online-share"
    rows = channel_sales(data)
    if rows is None:
        yield unknown(metric, *NOT_UNDERSTOOD)
        return
    yield from revenue_share(metric, rows, rows.kind == "online", (("product",),))


def channel_sales(data: Data) -> Any | None:
    """Won deals with `kind` of channel and `worth`; None where channels are unclear.

    `worth` is the amount in minor units; where no won deal has one, each counts 1.
    Channels are clear when enough of what has a channel is understood: else the share
    would be that of the channels whose names happen to be plain.
    """
    won = deals(data)
    won = won.filter((won.status == "won") & (won.closed <= moment(data)))
    won = won.filter(won.channel.notnull())
    priced = bool(data.rows(won.filter(won.amount > 0).limit(1)))
    won = won.mutate(worth=won.amount if priced else ibis.literal(1, "int64"))
    won = won.filter(won.worth > 0)
    found = data.rows(won.group_by("channel").agg(worth=won.worth.sum()))
    worth = {str(r["channel"]): int(r["worth"]) for r in found}
    kinds = channel_kinds(worth, data.company)
    understood = sum(worth[name] for name in kinds)
    least = data.setting("channels.understood-share")
    if not kinds or understood < least * sum(worth.values()):
        return None
    names = sorted(kinds.items())
    rows = won.mutate(kind=won.channel.cases(*names, else_=ibis.null("string")))
    return rows.filter(rows.kind.notnull())


def revenue_share(
    metric: str, rows: Any, hit: Any, grains: tuple[tuple[str, ...], ...] = ()
) -> Iterator[Measurement]:
    """Part of the `worth` of rows that is a hit, by slice."""
    rows = rows.mutate(
        part=ibis.ifelse(hit, rows.worth, 0), base=ibis.literal(1, "int64")
    )
    for where, row in sums(rows, ("part", "worth", "base"), grains):
        if row["worth"] > 0:
            yield figure(metric, row["part"] / row["worth"], where, row["base"])
        elif not where:
            yield unknown(
                metric, "no won deal of a known kind has an amount",
                "ни у одной подходящей выигранной сделки нет суммы",
            )  # fmt: skip


METRICS: tuple[Metric, ...] = (
    Metric(("product.logistics-share",), ("products.logistics_share",), logistics),
    Metric(("product.foreign-share",), ("products.foreign_components_share",), foreign),
    Metric(
        ("product.both-ways-share",), ("products.online", "products.offline"), both_ways
    ),
    *dated(
        Metric(
            ("sales.online-share",),
            ("deals.status", "deals.closed_at", "deals.channel"),
            online,
        )
    ),
)
