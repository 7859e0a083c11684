"""The registers of the made-up company: leads, deals, clients, people, products."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from salesdx.demo import setting
from salesdx.demo.deals import Deal
from salesdx.demo.names import Names
from salesdx.demo.requests import Request


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table to write: its name, columns and rows."""

    name: str
    columns: str
    rows: Iterable[Sequence[object]]


def sheets(
    requests: list[Request], deals: list[Deal], dice: random.Random, names: Names
) -> Iterator[Sheet]:
    """Yield the registers in the order of the canonical tables."""
    yield Sheet(
        "leads",
        "lead_id created_at channel source campaign region segment client_id"
        " assigned_to notified_at first_attempt_at reached_at first_response_at"
        " request_type product",
        [_lead(r, dice) for r in requests],
    )
    yield Sheet(
        "clients",
        "client_id name segment region owner_manager first_purchase_at"
        " last_purchase_at abc new_current",
        list(_clients(requests, deals, dice, names)),
    )
    yield Sheet(
        "deals",
        "deal_id client_id lead_id funnel_id manager_id entered_at stage_id status"
        " closed_at amount cost lost_reason next_task_at segment source channel region"
        " product",
        [*(_deal(d, dice) for d in deals), *_slips(deals)],
    )
    yield Sheet(
        "stage_history",
        "deal_id stage_id entered_at left_at changed_by",
        [
            (d.id, setting.STAGES[i].id, entered, left, d.request.seller.id)
            for d in deals
            for i, entered, left in d.visits
        ],
    )
    yield Sheet(
        "deal_items",
        "deal_id product_id qty price origin offered accepted",
        [row for d in deals for row in _items(d, dice)],
    )
    yield Sheet(
        "products",
        "product_id line category price cost",
        [
            (p.id, p.line, p.category, p.price, p.price * 3 // 4)
            for p in setting.PRODUCTS
        ],
    )
    yield Sheet(
        "managers",
        "manager_id name role hired_at team",
        [(s.id, s.name, "mixed", s.hired, s.team) for s in setting.SELLERS],
    )
    yield Sheet(
        "absences",
        "manager_id type from to",
        [(s.id, *away) for s in setting.SELLERS for away in s.away],
    )


def client_id(request: Request) -> str:
    """The id of the client who sent the request."""
    return f"C{request.client:05d}"


def _lead(r: Request, dice: random.Random) -> Sequence[object]:
    kind = dice.choices(("quote", "consultation", "order"), (0.6, 0.3, 0.1))[0]
    return (
        r.id, r.created_at, r.channel.id, r.source.id,
        "Весна-2026" if r.campaign else "", r.region, r.segment.id, client_id(r),
        r.seller.id, setting.next_opening(r.created_at),
        r.answered_at, r.answered_at, r.answered_at, kind, r.product.id,
    )  # fmt: skip


def _deal(d: Deal, dice: random.Random) -> Sequence[object]:
    r = d.request
    task = None
    if d.status == "open" and dice.random() < 0.95:
        task = setting.AS_OF.isoformat() + "T12:00:00"
    return (
        d.id, client_id(r), r.id, "main", r.seller.id, d.entered_at, d.stage.id,
        d.status, d.closed_at, d.amount, d.cost, d.lost_reason, task, r.segment.id,
        r.source.id, r.channel.id, r.region, r.product.id,
    )  # fmt: skip


def _slips(deals: list[Deal]) -> Iterator[Sequence[object]]:
    """What every real export has: a row twice, a year mistyped, a word as amount."""
    dice = random.Random(0)
    yield _deal(deals[100], dice)
    yield _deal(deals[200], dice)
    for number, (column, value) in enumerate(
        ((8, "2062-03-14T10:00:00"), (9, "уточнить"), (5, "31.02.2025")), 1
    ):
        row = list(_deal(deals[300 + number], dice))
        row[0], row[column] = f"D9999{number}", value
        yield row


def _items(d: Deal, dice: random.Random) -> Iterator[Sequence[object]]:
    asked = d.request.product
    qty = max(1, round(d.amount * 0.8 / asked.price))
    offered = not d.refused and d.request.answered_at is not None
    yield (
        d.id, asked.id, qty, asked.price, "requested", offered, d.status == "won",
    )  # fmt: skip
    if not offered or len(d.visits) < 2 or dice.random() > 0.75:
        return
    extra = dice.choice(setting.PRODUCTS)
    if d.request.seller.id == setting.REFUSER and extra.category in setting.REFUSED:
        return
    taken = d.status == "won" and dice.random() < 0.35
    yield d.id, extra.id, 1, extra.price, "cross-sell", True, taken


_BEGIN = (
    "Тепло", "Аква", "Строй", "Энерго", "Пром", "Урал", "Вент", "Гидро", "Монтаж",
    "Сиб", "Кама", "Дом", "Инж", "Клима", "Рем", "Сан", "Техно", "Город", "Новый ",
    "Запад",
)  # fmt: skip
_END = (
    "сервис", "монтаж", "строй", "снаб", "проект", "комплект", "маркет", "ресурс",
    "инвест", "групп", "мастер", "система", "дом", "центр", "торг", "альянс",
)  # fmt: skip


_FIRM, _PERSON = "{form} «{begin}{end}-{number}»", "ИП {family} {one}. {two}."


def _name(number: int, dice: random.Random, names: Names) -> str:
    form = dice.choice(("ООО", "ООО", "ООО", "АО", "ИП"))
    if form == "ИП":
        family = dice.choice(("Семёнов", "Фролов", "Тарасов", "Жуков", "Титов"))
        one, two = dice.choice("АВДИКМНПРС"), dice.choice("АВГДИМНПС")
        return names.put_together(_PERSON, family=family, one=one, two=two)
    begin, end = dice.choice(_BEGIN), dice.choice(_END)
    return names.put_together(
        _FIRM, form=form, begin=begin, end=end, number=number % 97 + 1
    )


def _clients(
    requests: list[Request], deals: list[Deal], dice: random.Random, names: Names
) -> Iterator[Sequence[object]]:
    bought: dict[str, list[Deal]] = {}
    first: dict[str, Request] = {}
    for request in requests:
        first.setdefault(client_id(request), request)
    for deal in deals:
        if deal.status == "won":
            bought.setdefault(client_id(deal.request), []).append(deal)
    for client in sorted(first):
        r, won = first[client], bought.get(client, [])
        days = sorted(d.closed_at.date() for d in won if d.closed_at)
        revenue = sum(d.amount for d in won)
        grade = "A" if revenue > 900_000 else "B" if revenue > 250_000 else "C"
        yield (
            client, _name(r.client, dice, names), r.segment.id, r.region, r.seller.id,
            days[0] if days else None, days[-1] if days else None, grade,
            "current" if len(days) > 1 else "new",
        )  # fmt: skip
