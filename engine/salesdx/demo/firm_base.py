"""What a made-up firm does besides new requests: regulars, calls, management."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from salesdx.demo.firm import Firm
from salesdx.demo.firm_habits import AS_OF, FIRST


def tables_of(spec: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """All tables of the firm that a file describes, by name."""
    firm = Firm(spec)
    firm.make()
    _regular_clients(firm)
    _new_ones_stay(firm)
    _daily_calls(firm)
    _management(firm)
    return firm.tables


def _regular_clients(firm: Firm) -> None:
    """Clients of the base who order once a month, until they leave."""
    h, t, dice = firm.habits, firm.trade, firm.dice
    for number in range(h.regulars):
        client = f"R{number:04d}"
        seller = dice.choice(sorted(t.farmers or t.sellers))
        category = dice.choice(sorted(t.products))
        product = dice.choice(t.products[category])
        constant = dice.random() < h.constant
        usual = t.check * dice.lognormvariate(0, 0.5)
        segment = firm.pick(t.segments)
        firm.add("clients", client_id=client, segment=segment,
                 owner_manager=seller, new_current="current",
                 first_purchase_at=FIRST)  # fmt: skip
        day = FIRST + dt.timedelta(days=dice.randrange(28))
        _orders(firm, _Regular(client, seller, segment, product, category), usual,
                day, constant)  # fmt: skip


def _new_ones_stay(firm: Firm) -> None:
    """New clients who order every month from then on."""
    h, t, dice = firm.habits, firm.trade, firm.dice
    owned = {row["client_id"]: row for row in firm.tables["clients"]}
    where = {p: c for c, names in t.products.items() for p in names}
    for deal in firm.won if h.stays else ():
        if dice.random() < h.stays:
            seller = dice.choice(sorted(t.farmers or t.sellers))
            owned[deal["client_id"]]["owner_manager"] = seller
            regular = _Regular(
                deal["client_id"], seller, deal["segment"], deal["product"],
                where[deal["product"]],
            )  # fmt: skip
            begins = deal["closed_at"].date() + dt.timedelta(days=dice.randint(24, 36))
            _orders(firm, regular, deal["amount"], begins, constant=False)


@dataclass(frozen=True, slots=True)
class _Regular:
    client: str
    seller: str
    segment: str
    product: str
    category: str


def _orders(
    firm: Firm, who: _Regular, usual: float, day: dt.date, constant: bool
) -> None:
    """An order a month until the client leaves."""
    dice, turn = firm.dice, 0
    while day <= AS_OF:
        if dice.random() < firm.habits.monthly_loss:
            _leaves(firm, who.client, who.seller, day)
            break
        spread = 0.015 if constant else 0.45
        amount = round(usual * dice.lognormvariate(0, spread), -1)
        _order(firm, who, turn, amount, day)
        turn += 1
        day += dt.timedelta(days=dice.randint(28, 32))


def _leaves(firm: Firm, client: str, seller: str, day: dt.date) -> None:
    firm.add("churn_log", client_id=client, date=day, manager_id=seller,
             reason=firm.pick(firm.habits.loss_reasons))  # fmt: skip


def _order(firm: Firm, who: _Regular, turn: int, amount: float, day: dt.date) -> None:
    deal = f"{who.client}-{turn:02d}"
    at = dt.datetime.combine(day, dt.time(firm.opens + 1))
    at = firm.opening(at)
    closed = firm.later(at, 1)
    if closed is None:
        return
    firm.add("deals", deal_id=deal, client_id=who.client, funnel_id="repeat",
             manager_id=who.seller, entered_at=at, stage_id=firm.trade.stages[-1],
             status="won", closed_at=closed, amount=amount,
             cost=round(amount * (1 - firm.trade.margin)), segment=who.segment,
             source="База", product=who.product)  # fmt: skip
    firm.items(deal, who.seller, who.product, who.category, False, True, True)


def _daily_calls(firm: Firm) -> None:
    day = FIRST
    while day <= AS_OF:
        if day.weekday() in firm.open_days:
            for seller in sorted(firm.trade.sellers):
                for turn in range(firm.habits.calls_a_day):
                    at = dt.datetime.combine(day, dt.time(firm.opens + 1 + turn))
                    logged = at + dt.timedelta(minutes=20)
                    nobody = {"client_id": "", "lead_id": ""}
                    firm.activity("call", "out", "", nobody, seller, at, logged)
        day += dt.timedelta(days=1)


def _management(firm: Firm) -> None:
    day = FIRST
    while day <= AS_OF:
        if firm.dice.random() < firm.habits.reviews:
            firm.add("management_reviews", date=day, head="РОП", deals_reviewed=12,
                     corrections=2)  # fmt: skip
        day += dt.timedelta(days=7)
