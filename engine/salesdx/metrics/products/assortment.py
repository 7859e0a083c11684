"""Who offers what: offer rate, coverage, refusals of what is there (M-16 … M-18)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, flag, picked, with_deal
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import FEW, figure, share, sums, unknown

MANY = 60  # above so many products the line, then the category, is compared
USUAL = 0.3  # a product is suitable where a colleague offers it in this share
NEVER = 0.05  # up to this share is "practically never"
_UNAVAILABLE = "not_available"


def _items(data: Data) -> Any:
    """Positions of deals with `what` (product, line or category) and `offered` 0/1.

    A position of a deal is an offer unless the file says that it was not offered.
    """
    return data.kept("items", lambda: _item_rows(data))


def _item_rows(data: Data) -> Any:
    rows = picked(data, "deal_items", "deal_id product_id offered")
    rows = rows.filter(rows.product_id.notnull())
    rows = rows.mutate(offered=flag(rows.offered.fill_null(True)), what=rows.product_id)
    for name in ("line", "category"):
        count = data.rows(rows.aggregate(n=rows.what.nunique()))[0]["n"] or 0
        if count <= MANY or not data.has("products", name):
            continue
        known = picked(data, "products", "product_id", wider=name)
        known = known.select(of=known.product_id, wider=known.wider)
        rows = rows.left_join(known, rows.product_id == known.of).drop("of")
        rows = rows.mutate(what=ibis.coalesce(rows.wider, rows.product_id))
        rows = rows.drop("wider")
    return rows


@dataclass(frozen=True, slots=True)
class Cell:
    """One manager and one product over the segments where the product suits."""

    manager: str
    product: str
    offered: int
    deals: int


def cells(data: Data) -> list[Cell]:
    """Offers of each product among suitable deals, by manager.

    A product suits a segment when some manager with enough deals there offers it
    regularly: what one seller offers nearly everybody, a colleague can offer too.
    Only deals with positions can show an offer, so only they are counted.
    """
    items = _items(data)
    offers = items.group_by(["deal_id", "what"]).agg(offered=items.offered.max())
    offers = with_deal(data, offers, ("manager", "segment"))
    offers = offers.filter(offers.manager.notnull())
    offers = offers.mutate(segment=ibis.coalesce(offers.segment, ""))
    of_deal = offers.group_by(["deal_id", "manager", "segment"]).agg(
        rows=offers.count()
    )
    base = of_deal.group_by(["manager", "segment"]).agg(deals=of_deal.count())
    made = offers.group_by(["manager", "segment", "what"]).agg(
        offered=offers.offered.sum()
    )
    n = {(r["manager"], r["segment"]): int(r["deals"]) for r in data.rows(base)}
    k: dict[tuple[str, str], dict[str, int]] = {}
    for row in data.rows(made):
        place = k.setdefault((row["segment"], row["what"]), {})
        place[row["manager"]] = int(row["offered"])
    found: dict[tuple[str, str], list[int]] = {}
    for (segment, product), by in k.items():
        there = {m: d for (m, s), d in n.items() if s == segment}
        if not any(d >= FEW and by.get(m, 0) / d >= USUAL for m, d in there.items()):
            continue
        for manager, count in there.items():
            cell = found.setdefault((manager, product), [0, 0])
            cell[0] += by.get(manager, 0)
            cell[1] += count
    return [Cell(m, p, k, d) for (m, p), (k, d) in sorted(found.items())]


def offers(data: Data) -> Iterator[Measurement]:
    """Offer rate by slice, and managers who leave out what colleagues offer (M-16)."""
    found = cells(data)
    if not found:
        for metric in ("offer.rate", "offer.managers-without-share"):
            yield unknown(
                metric,
                "no product is offered regularly by anyone in a segment",
                "ни один продукт не предлагается регулярно ни в одном сегменте",
            )
        return
    totals: dict[Slice, list[int]] = {}
    for c in found:
        for where in (
            COMPANY,
            (("manager", c.manager),),
            (("product", c.product),),
            (("manager", c.manager), ("product", c.product)),
        ):
            total = totals.setdefault(where, [0, 0])
            total[0] += c.offered
            total[1] += c.deals
    for where, (offered, n) in sorted(totals.items()):
        yield share("offer.rate", offered, n, where)
    enough = [c for c in found if c.deals >= FEW]
    judged = {c.manager for c in enough}
    without = {c.manager for c in enough if c.offered <= NEVER * c.deals}
    yield share("offer.managers-without-share", len(without), len(judged))


def coverage(data: Data) -> Iterator[Measurement]:
    """Categories a manager quotes or sells, of those in the catalogue (M-17).

    `n` is the number of the manager's deals with positions: few deals cannot show the
    whole range. Lines stand in for categories where the catalogue has none.
    """
    level = "category" if data.has("products", "category") else "line"
    known = picked(data, "products", level, of="product_id")
    known = known.select(of=known.of, kind=known[level])
    known = known.filter(known.kind.notnull())
    size = int(data.rows(known.aggregate(n=known.kind.nunique()))[0]["n"] or 0)
    if not size:
        yield unknown(
            "assortment.coverage", "the catalogue has neither categories nor lines",
            "в каталоге нет ни категорий, ни линеек",
        )  # fmt: skip
        return
    items = _items(data)
    items = items.filter(items.offered == 1).select("deal_id", "product_id")
    rows = items.inner_join(known, items.product_id == known.of)
    total = data.rows(rows.aggregate(n=rows.deal_id.nunique(), k=rows.kind.nunique()))
    yield _covered(COMPANY, int(total[0]["k"]), size, int(total[0]["n"]))
    rows = with_deal(data, rows)
    rows = rows.filter(rows.manager.notnull())
    by = rows.group_by("manager").agg(n=rows.deal_id.nunique(), k=rows.kind.nunique())
    for row in sorted(data.rows(by), key=lambda r: str(r["manager"])):
        where = (("manager", str(row["manager"])),)
        yield _covered(where, int(row["k"]), size, int(row["n"]))


def _covered(where: Slice, kinds: int, size: int, n: int) -> Measurement:
    return figure("assortment.coverage", kinds / size, where, n, kinds, size)


def refusals(data: Data) -> Iterator[Measurement]:
    """Refusals "not available" of what the catalogue has (M-18).

    Lost deals with that reason whose product, or a position, is in the catalogue, plus
    reviewed calls in which an available product was refused. The share is over lost
    deals and reviewed calls together.
    """
    parts = []
    if data.has("deals", "lost_reason") and data.has("products"):
        parts.append(_lost_deals(data))
    if data.has("call_reviews", "refused_available"):
        calls = picked(
            data, "call_reviews", "refused_available", manager="manager_id",
            product="product_id",
        )  # fmt: skip
        calls = calls.filter(calls.refused_available.notnull())
        hit = flag(calls.refused_available)
        parts.append(
            calls.select("manager", "product", hit=hit, base=ibis.literal(1, "int64"))
        )
    if not parts:
        for metric in _REFUSALS:
            yield unknown(
                metric,
                "no lost reasons with a catalogue, and no reviewed calls",
                "нет ни причин отказа вместе с каталогом, ни проверенных звонков",
            )
        return
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    for where, row in sums(rows, ("hit", "base"), (("manager",), ("product",))):
        if row["base"]:
            yield Measurement(_REFUSALS[0], float(row["hit"]), where, row["base"])
        yield share(_REFUSALS[1], row["hit"], row["base"], where)


def _lost_deals(data: Data) -> Any:
    codes = data.company.lost_reasons
    words = [_UNAVAILABLE, *sorted(w for w in codes if codes[w] == _UNAVAILABLE)]
    rows = deals(data, "lost_reason")
    rows = rows.filter((rows.status == "lost") & rows.lost_reason.notnull())
    catalogue = picked(data, "products", "product_id")
    catalogue = catalogue.select(known_product=catalogue.product_id).distinct()
    rows = rows.left_join(catalogue, rows.product == catalogue.known_product)
    there = rows.known_product.notnull()
    for name in ("line", "category"):  # the product of a deal may be named by its line
        if data.has("products", name):
            kinds = picked(data, "products", name)
            kinds = kinds.select(**{f"known_{name}": kinds[name]}).distinct()
            rows = rows.left_join(kinds, rows.product == kinds[f"known_{name}"])
            there = there | rows[f"known_{name}"].notnull()
    if data.has("deal_items", "product_id"):
        items = picked(data, "deal_items", "deal_id product_id")
        items = items.semi_join(catalogue, items.product_id == catalogue.known_product)
        items = items.select(item_deal=items.deal_id).distinct()
        rows = rows.left_join(items, rows.deal_id == items.item_deal)
        there = there | rows.item_deal.notnull()
    hit = flag(rows.lost_reason.isin(words) & there)
    return rows.select("manager", "product", hit=hit, base=ibis.literal(1, "int64"))


_REFUSALS = ("assortment.false-unavailable", "assortment.false-unavailable-share")
METRICS: tuple[Metric, ...] = (
    Metric(
        ("offer.rate", "offer.managers-without-share"),
        ("deal_items.product_id", "deals.manager_id"),
        offers,
    ),
    Metric(("assortment.coverage",), ("deal_items.product_id", "products"), coverage),
    Metric(_REFUSALS, (), refusals),
)
