"""What the head does: reviews of calls and deals, plans, advertising budgets."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from salesdx.demo import setting
from salesdx.demo.records import Sheet
from salesdx.demo.requests import Request

HEAD = "Астахов"
_PLAN = {setting.NOVICE: 300_000, setting.SUPER_PRO: 1_600_000}
_BUDGET = {"Сайт": 120_000, "Рекомендации": 15_000, "Выставки": 90_000}


def sheets(requests: list[Request], dice: random.Random) -> Iterator[Sheet]:
    """Yield the tables of management."""
    yield Sheet(
        "call_reviews",
        "activity_id manager_id date script_score objection_score product_offered"
        " product_id refused_available reviewer",
        list(_calls(dice)),
    )
    yield Sheet(
        "management_reviews",
        "date head deals_reviewed corrections",
        list(_reviews(dice)),
    )
    yield Sheet("plans", "period manager_id metric plan_value", list(_plans()))
    yield Sheet(
        "marketing_costs", "source campaign period cost leads", list(_costs(requests))
    )


def _weeks() -> Iterator[dt.date]:
    day = setting.FIRST_DAY + dt.timedelta(days=3)  # a Monday
    while day <= setting.AS_OF:
        yield day
        day += dt.timedelta(days=7)


def _calls(dice: random.Random) -> Iterator[Sequence[object]]:
    """One call of each seller a week; the refuser is heard refusing."""
    for number, day in enumerate(_weeks(), 1):
        for seller in setting.SELLERS:
            if seller.hired > day or any(a <= day <= b for _, a, b in seller.away):
                continue
            product = dice.choice(setting.PRODUCTS)
            refused = (
                seller.id == setting.REFUSER and product.category in setting.REFUSED
            )
            base = 62 if seller.id == setting.NOVICE else 86
            yield (
                f"CR{number:03d}-{seller.id}", seller.id, day,
                min(100, round(dice.gauss(base, 5))),
                min(100, round(dice.gauss(base - 2, 6))),
                not refused, product.id, refused, HEAD,
            )  # fmt: skip


def _reviews(dice: random.Random) -> Iterator[Sequence[object]]:
    for day in _weeks():
        if dice.random() < 0.97:
            yield day, HEAD, dice.randint(25, 40), dice.randint(2, 6)


def _months() -> Iterator[dt.date]:
    day = setting.FIRST_DAY
    while day <= setting.AS_OF:
        yield day
        day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _plans() -> Iterator[Sequence[object]]:
    for month in _months():
        for seller in setting.SELLERS:
            if seller.hired <= month:
                yield month, seller.id, "revenue", _PLAN.get(seller.id, 800_000)


def _costs(requests: list[Request]) -> Iterator[Sequence[object]]:
    counts: dict[tuple[str, str, str], int] = {}
    for r in requests:
        campaign = "Весна-2026" if r.campaign else ""
        key = (f"{r.created_at:%Y-%m}", r.source.id, campaign)
        counts[key] = counts.get(key, 0) + 1
    for (month, source, campaign), leads in sorted(counts.items()):
        cost = 650 * leads if campaign else _BUDGET.get(source, 140_000)
        yield source, campaign, f"{month}-01", cost, leads
