"""Traces of daily work: activities, quotes, contracts, tickets, presales, reviews.

Most of it is in order on purpose: a diagnosis must not blame what is fine.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from salesdx.demo import setting
from salesdx.demo.deals import Deal, waiting_for_contract
from salesdx.demo.records import Sheet, client_id
from salesdx.demo.requests import Request

Row = Sequence[object]
Activity = tuple[str, str, str, str, str, dt.datetime, int, str, dt.datetime | None]
_HORIZON = dt.datetime.combine(setting.AS_OF, dt.time(18))
_PRESALES = ("Инженер Фомин", "Инженер Шубина", "Инженер Юдин")


def sheets(
    requests: list[Request], deals: list[Deal], dice: random.Random
) -> Iterator[Sheet]:
    """Yield the tables of daily work."""
    quotes = [q for d in deals if (q := _quote(d, dice))]
    sent = {str(q[1]): q[4] for q in quotes}
    activities = [row for d in deals for row in _activities(d, sent.get(d.id), dice)]
    activities.sort(key=lambda row: (row[5], row[4], row[0]))
    yield Sheet(
        "activities",
        "type direction manager_id client_id deal_id started_at duration_s outcome"
        " outcome_logged_at activity_id",
        [(*row, f"A{n:06d}") for n, row in enumerate(activities, 1)],
    )
    yield Sheet(
        "quotes",
        "quote_id deal_id requested_at promised_at sent_at received_confirmed_at"
        " adapted_to_group",
        quotes,
    )
    yield Sheet(
        "contracts",
        "deal_id client_ready_at start_agreed_at promised_at draft_sent_at edit_rounds"
        " signed_at",
        [c for d in deals if (c := _contract(d, dice))],
    )
    yield Sheet(
        "payments",
        "invoice_id deal_id issued_at paid_at amount",
        [p for d in deals if (p := _payment(d, dice))],
    )
    yield Sheet(
        "tickets",
        "ticket_id client_id deal_id assignee next_task due_at opened_at closed_at"
        " deleted stage checklist_done",
        list(_tickets(requests, deals, dice)),
    )
    yield Sheet(
        "presales_tasks",
        "task_id deal_id specialist stage requested_at started_at finished_at",
        [t for d in deals if (t := _presales(d, dice))],
    )
    yield Sheet(
        "buying_centre",
        "deal_id contact_id role identified_at contacted_at needs_recorded"
        " expectations_recorded",
        [row for d in deals for row in _contacts(d, dice)],
    )


def _later(moment: dt.datetime, days: float) -> dt.datetime | None:
    """A working moment some days later, None when it is still to come."""
    found = setting.next_opening(moment + dt.timedelta(days=days))
    return found.replace(microsecond=0) if found <= _HORIZON else None


def _activities(d: Deal, quoted: object, dice: random.Random) -> Iterator[Activity]:
    r = d.request
    who = (r.seller.id, client_id(r), d.id)
    first = "call" if r.channel.id == "Телефон" else "letter"
    if r.answered_at is None:
        yield first, "in", *who, r.created_at, 0, "Не ответили", r.created_at
        return
    noted = r.created_at + dt.timedelta(minutes=10)
    yield first, "in", *who, r.created_at, 90, "Заявка принята", noted
    yield _talk("call", who, r.answered_at, dice)
    needs = d.entered("needs")
    met = _later(needs, dice.uniform(1, 6)) if needs else None
    if met and dice.random() < 0.6:
        yield _talk("meeting", who, met, dice)
    if isinstance(quoted, dt.datetime):
        yield _talk("quote", who, quoted, dice)
    end = d.closed_at or _HORIZON
    at = r.answered_at
    for _ in range(4):  # the client writes, the manager answers within hours
        asked = _later(at, dice.uniform(5, 14))
        if asked is None or asked >= end:
            return
        yield "letter", "in", *who, asked, 0, "", None
        answered = _later(asked, dice.uniform(0.02, 0.15))
        if answered is None:
            return
        if dice.random() < 0.97:
            yield _talk("call", who, answered, dice)
        if reminder := _later(answered, dice.uniform(1, 4)):
            yield _talk("letter", who, reminder, dice)
        at = answered


def _talk(
    kind: str, who: tuple[str, str, str], at: dt.datetime, dice: random.Random
) -> Activity:
    seconds = 0 if kind == "quote" else int(dice.lognormvariate(5.6, 0.5))
    seconds *= 8 if kind == "meeting" else 1
    outcome = dice.choice(("Договорились о шаге", "Ждём решения", "Нужен расчёт"))
    logged = at + dt.timedelta(seconds=seconds + dice.randrange(300, 2400))
    if dice.random() > 0.99:
        return kind, "out", *who, at, seconds, "", None
    return kind, "out", *who, at, seconds, outcome, logged


def _quote(d: Deal, dice: random.Random) -> Row | None:
    asked = d.entered("proposal")
    if asked is None:
        return None
    promised = asked + dt.timedelta(days=4)
    days = dice.uniform(0.2, 1.6) if dice.random() < 0.97 else dice.uniform(5, 8)
    sent = _later(asked, days)
    seen = _later(sent, dice.uniform(0.1, 1.0)) if sent else None
    if dice.random() > 0.94:
        seen = None
    return (
        f"Q{d.id[1:]}", d.id, asked, promised, sent, seen, dice.random() < 0.9,
    )  # fmt: skip


def _contract(d: Deal, dice: random.Random) -> Row | None:
    """The draft takes over a week where a few days were promised (C-14)."""
    ready = d.entered("contract")
    if ready is None:
        return None
    sent = _later(ready, waiting_for_contract(dice))
    if d.closed_at is not None:
        if d.status == "lost" and dice.random() < 0.5:
            sent = None  # forgotten until the client bought elsewhere
        elif sent is None or sent > d.closed_at:
            sent = d.closed_at - (d.closed_at - ready) * 0.15
            sent = sent.replace(microsecond=0)
    signed = d.closed_at if d.status == "won" else None
    promised = ready + dt.timedelta(days=dice.choice((2, 3, 3, 4)))
    rounds = dice.choices((0, 1, 2), (0.5, 0.4, 0.1))[0] if sent else None
    # nobody takes the request up for days; once taken up, it goes fast
    agreed = max(ready, sent - dt.timedelta(hours=6)) if sent else None
    return d.id, ready, agreed, promised, sent, rounds, signed


def _payment(d: Deal, dice: random.Random) -> Row | None:
    if d.status != "won" or d.closed_at is None:
        return None
    paid = _later(d.closed_at, dice.gammavariate(2.0, 4.0))
    return f"I{d.id[1:]}", d.id, d.closed_at, paid, d.amount


def _tickets(
    requests: list[Request], deals: list[Deal], dice: random.Random
) -> Iterator[Row]:
    """Nobody controls requests: no owner, no next task, late or deleted (C-14)."""
    by_request = {d.request.id: d for d in deals}
    for number, r in enumerate(requests, 1):
        deal = by_request.get(r.id)
        due = setting.next_opening(r.created_at) + dt.timedelta(days=1)
        closed = None
        if r.answered_at is not None:
            days = dice.uniform(0, 0.9) if dice.random() < 0.55 else dice.uniform(2, 9)
            closed = _later(r.answered_at, days)
        owner = r.seller.id if dice.random() < 0.84 else ""
        task = dice.choice(("Позвонить", "Отправить КП", "Уточнить сроки"))
        if dice.random() < 0.42:
            task = ""
        yield (
            f"T{number:05d}", client_id(r), deal.id if deal else "", owner, task, due,
            r.created_at, closed, dice.random() < 0.05,
            deal.stage.id if deal else "request", dice.random() < 0.3,
        )  # fmt: skip


def _presales(d: Deal, dice: random.Random) -> Row | None:
    """Engineers help after the quote with complex deals, without a queue."""
    at = d.entered("proposal")
    if at is None or d.request.segment.id not in ("Застройщики", "Заводы"):
        return None
    begun = _later(at, dice.uniform(0.1, 1.5))
    done = _later(begun, dice.uniform(0.2, 2.0)) if begun else None
    who = dice.choice(_PRESALES)
    return f"P{d.id[1:]}", d.id, who, "proposal", at, begun, done


def _contacts(d: Deal, dice: random.Random) -> Iterator[Row]:
    at = d.entered("needs")
    if at is None:
        return
    for role in ("ЛПР", "снабженец", "главный инженер")[: dice.randint(2, 3)]:
        met = _later(at, dice.uniform(0.5, 6)) if dice.random() < 0.95 else None
        yield (
            d.id, f"{client_id(d.request)}-{role}", role, at, met,
            met is not None and dice.random() < 0.95, dice.random() < 0.9,
        )  # fmt: skip
