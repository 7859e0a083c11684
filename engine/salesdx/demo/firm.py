"""A made-up firm, drawn from its own seed: a trade, its habits, at most one ill.

Everything is healthy unless its habits say otherwise, so that whatever else a diagnosis
names is a mistake of the knowledge. The same description gives the same rows.
"""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from salesdx.demo.firm_habits import AS_OF, END, FIRST, Habits, Trade


class Firm:
    """One firm, drawn from its own seed."""

    def __init__(self, spec: dict[str, Any]) -> None:
        habits = dict(spec.get("habits", {}))
        if "refused" in habits:
            habits["refused"] = tuple(habits["refused"])
        self.name = str(spec["id"])
        self.trade, self.habits = Trade(**spec["trade"]), Habits(**habits)
        hours = spec["company"]["working_hours"]
        self.days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        self.open_days = {self.days.index(d) for d in hours["days"]}
        self.opens, self.closes = (int(hours[k][:2]) for k in ("from", "to"))
        self.dice = random.Random(self.name)
        self.prices: dict[str, int] = {}
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.won: list[dict[str, Any]] = []  # deals of new clients

    def add(self, table: str, **row: Any) -> None:
        """Put a row into a table."""
        self.tables.setdefault(table, []).append(row)

    def pick(self, shares: dict[str, float]) -> str:
        """Draw one by share."""
        return self.dice.choices(list(shares), list(shares.values()))[0]

    def is_open(self, at: dt.datetime) -> bool:
        """Whether somebody is at work."""
        return at.weekday() in self.open_days and self.opens <= at.hour < self.closes

    def opening(self, at: dt.datetime) -> dt.datetime:
        """The moment itself when open, else the next opening."""
        while not self.is_open(at):
            late = at.hour >= self.opens
            day = at.date() + dt.timedelta(days=1 if late else 0)
            at = dt.datetime.combine(day, dt.time(self.opens, at.minute))
            if at.weekday() not in self.open_days:
                at = at.replace(hour=self.opens) + dt.timedelta(days=1)
                at = dt.datetime.combine(at.date(), dt.time(0))
        return at

    def later(self, at: dt.datetime, days: float) -> dt.datetime | None:
        """A working moment some days later, None when it is still to come."""
        found = self.opening(at + dt.timedelta(days=days)).replace(microsecond=0)
        return found if found <= END else None

    # -- what happens ---------------------------------------------------------

    def make(self) -> None:
        """Fill the tables of new requests; `firm_base` adds the rest."""
        self.registers()
        for number, at in enumerate(sorted(self.arrivals()), 1):
            self.request(number, at)

    def registers(self) -> None:
        """People and products."""
        for seller in [*self.trade.sellers, *self.trade.farmers]:
            self.add("managers", manager_id=seller, name=seller, role="mixed",
                     hired_at=dt.date(2021, 3, 1))  # fmt: skip
        for category, names in self.trade.products.items():
            for name in names:
                price = round(self.trade.check * self.dice.uniform(0.3, 0.9))
                self.prices[name] = price
                self.add("products", product_id=name, line=category, category=category,
                         price=price,
                         cost=round(price * (1 - self.trade.margin)))  # fmt: skip

    def arrivals(self) -> Iterator[dt.datetime]:
        """When requests come."""
        day = FIRST
        while day <= AS_OF:
            begun = AS_OF - dt.timedelta(days=self.habits.campaign_days)
            extra = self.habits.campaign_a_day if day > begun else 0
            usual = self.trade.requests_a_day
            usual *= 1.0 if day.weekday() in self.open_days else 0.3
            for share in (usual, extra):
                for _ in range(max(0, round(self.dice.gauss(share, share**0.5 or 0)))):
                    yield self.moment(day)
            day += dt.timedelta(days=1)

    def moment(self, day: dt.date) -> dt.datetime:
        """A time of the day, in the evening for some."""
        if self.dice.random() < self.habits.evening_share:
            hour = self.dice.choice((21, 21, 22, 23, 6))
        else:
            hour = self.dice.randrange(self.opens, self.closes - 1)
        minute, second = self.dice.randrange(60), self.dice.randrange(60)
        return dt.datetime.combine(day, dt.time(hour, minute, second))

    def request(self, number: int, at: dt.datetime) -> None:
        """One request, its ticket and what became of it."""
        h, t = self.habits, self.trade
        evening = not self.is_open(at)
        lost = self.dice.random() < (
            h.evening_unanswered if evening else h.day_unanswered
        )
        opened = self.opening(at)
        wait = dt.timedelta(minutes=self.dice.lognormvariate(0, 0.6) * h.reply_minutes)
        reply = None if lost else self.opening(opened + wait).replace(microsecond=0)
        if reply and reply > END:
            reply = None
        seller = self.dice.choice(sorted(t.sellers))
        source = self.pick(t.sources)
        lead = {
            "lead_id": f"L{number:05d}", "client_id": f"C{number:05d}",
            "segment": self.pick(t.segments), "source": source,
            "channel": self.pick(t.channels),
        }  # fmt: skip
        told = opened if self.dice.random() < h.notified else None
        reached = reply if self.dice.random() < h.reached else None
        self.add(
            "leads", **lead, created_at=at, assigned_to=seller, notified_at=told,
            first_attempt_at=reply, reached_at=reached, first_response_at=reply,
            request_type=self.dice.choice(("quote", "quote", "consultation")),
        )  # fmt: skip
        if h.tickets:
            self.ticket(number, lead, seller, opened, reply)
        self.deal(number, lead, seller, at, reply)

    def ticket(
        self, number: int, lead: dict[str, Any], seller: str, at: dt.datetime,
        reply: dt.datetime | None,
    ) -> None:  # fmt: skip
        """What the register says of a request."""
        h = self.habits
        late = self.dice.random() < h.ticket_late
        days = self.dice.uniform(6, 12) if late else self.dice.uniform(0, 0.5)
        missing = self.dice.random() < h.task_missing
        self.add(
            "tickets", ticket_id=f"T{number:05d}", client_id=lead["client_id"],
            assignee="" if missing and self.dice.random() < 0.4 else seller,
            next_task="" if missing else "Перезвонить",
            due_at=at + dt.timedelta(days=3), opened_at=at,
            closed_at=self.later(reply, days) if reply else None,
            deleted=self.dice.random() < h.deleted,
        )  # fmt: skip

    def deal(
        self, number: int, lead: dict[str, Any], seller: str, at: dt.datetime,
        reply: dt.datetime | None,
    ) -> None:  # fmt: skip
        """The deal of a request, with all that hangs on it."""
        h, t, dice = self.habits, self.trade, self.dice
        if reply is None and dice.random() < 0.5:
            return
        category = dice.choice(sorted(t.products))
        product = dice.choice(t.products[category])
        refused = seller == h.refuser and category in h.refused
        chance = t.chance * t.sellers[seller]
        chance *= 0.12 if lead["source"] == h.bad_source else 1.0
        chance *= 0.0 if refused or reply is None else 1.0
        start = reply or at
        quote = self.quoted()
        slow = quote is not None and quote > 3 and dice.random() < h.quote_matters
        stepless = dice.random() > h.next_step
        won = dice.random() < chance * (0.35 if stepless else 1.0) and not slow
        days = dice.gammavariate(2.5, t.cycle_days / 2.5) * (1.0 if won else 1.2)
        days = 0.5 if refused else days
        reached = len(t.stages) if won else dice.randint(1, len(t.stages))
        reached = 1 if refused or reply is None else reached
        hangs = h.stuck + (0.5 if stepless and h.next_step < 0.8 else 0.0)
        closed = None if not won and dice.random() < hangs else self.later(start, days)
        status = "open" if closed is None else "won" if won else "lost"
        reason = ""
        if status == "lost":
            reason = "not_available" if refused else self.pick(h.lost_reasons)
            reason = "competitor" if slow else reason
        deal, amount = (
            f"D{number:05d}",
            round(t.check * dice.lognormvariate(0, 0.4), -1),
        )
        task = None
        if status == "open" and dice.random() > h.task_missing and not stepless:
            task = END + dt.timedelta(days=2)
        self.add(
            "deals", deal_id=deal, client_id=lead["client_id"], lead_id=lead["lead_id"],
            funnel_id="main", manager_id=seller, entered_at=at,
            stage_id=t.stages[reached - 1], status=status, closed_at=closed,
            amount=amount, cost=round(amount * (1 - t.margin)), lost_reason=reason,
            next_task_at=task, segment=lead["segment"], source=lead["source"],
            channel=lead["channel"], product=product,
        )  # fmt: skip
        if won and closed is not None:
            self.won.append(self.tables["deals"][-1])
        self.add("clients", client_id=lead["client_id"], segment=lead["segment"],
                 owner_manager=seller,
                 new_current="new")  # fmt: skip
        self.visits(deal, seller, start, closed, reached)
        self.items(deal, seller, product, category, refused, reply is not None, won)
        if reply is not None and not refused:
            self.talks(deal, lead, seller, reply, closed or END, stepless)
            self.people(deal, lead, start, reached)
        if quote is not None and reached > 1:
            self.quote(deal, start, quote)

    def visits(
        self, deal: str, seller: str, start: dt.datetime, closed: dt.datetime | None,
        reached: int,
    ) -> None:  # fmt: skip
        """The stages that the deal passed."""
        span = ((closed or END) - start) / reached if closed else dt.timedelta(days=1)
        span = min(span, dt.timedelta(days=self.trade.cycle_days / reached))
        at = start
        for place in range(reached):
            last = place == reached - 1
            left = closed if last else at + span
            if left is not None and left > END:
                left = None
            self.add("stage_history", deal_id=deal, stage_id=self.trade.stages[place],
                     entered_at=at, left_at=left, changed_by=seller)  # fmt: skip
            if left is None:
                break
            at = left

    def items(
        self, deal: str, seller: str, product: str, category: str, refused: bool,
        talked: bool, won: bool,
    ) -> None:  # fmt: skip
        """What was asked for and offered."""
        h = self.habits
        if refused:  # nobody writes down what he says is not there
            return
        self.add("deal_items", deal_id=deal, product_id=product, qty=1,
                 price=self.prices[product], origin="requested",
                 offered=talked, accepted=won)  # fmt: skip
        offers = talked and self.dice.random() < h.extras_offered
        never = {category, *(h.refused if seller == h.refuser else ())}
        others = [c for c in sorted(self.trade.products) if c not in never]
        if offers and others:
            extra = self.dice.choice(self.trade.products[self.dice.choice(others)])
            taken = won and self.dice.random() < h.extras_taken
            self.add("deal_items", deal_id=deal, product_id=extra, qty=1,
                     price=self.prices[extra], origin="cross-sell", offered=True,
                     accepted=taken)  # fmt: skip

    def talks(
        self, deal: str, lead: dict[str, Any], seller: str, at: dt.datetime,
        end: dt.datetime, stepless: bool,
    ) -> None:  # fmt: skip
        """Talks with the client until the deal ends."""
        for turn in range(4):
            kind = "meeting" if turn == 1 else "call"
            noted = at + dt.timedelta(minutes=self.dice.randrange(5, 60))
            logged = noted if self.dice.random() < self.habits.logged else None
            self.activity(kind, "out", deal, lead, seller, at, logged)
            gap = self.dice.uniform(2, 5) * (3 if stepless else 1)
            ask = self.later(at, gap)
            if turn == 3 or ask is None or ask >= end:
                return
            answer = self.later(ask, self.dice.uniform(0.02, 0.2))
            if answer is None:
                return
            self.activity("letter", "in", deal, lead, seller, ask, None)
            at = answer

    def activity(
        self, kind: str, direction: str, deal: str, lead: dict[str, Any], seller: str,
        at: dt.datetime, logged: dt.datetime | None,
    ) -> None:  # fmt: skip
        """One call, letter or meeting."""
        number = len(self.tables.get("activities", ())) + 1
        self.add(
            "activities", activity_id=f"A{number:06d}", type=kind, direction=direction,
            manager_id=seller, client_id=lead["client_id"], deal_id=deal,
            lead_id=lead["lead_id"], started_at=at,
            duration_s=int(self.dice.lognormvariate(5.5, 0.4)),
            outcome="Договорились о следующем шаге" if logged else "",
            outcome_logged_at=logged,
        )  # fmt: skip

    def quoted(self) -> float | None:
        """Days until the quote is sent, None where none are recorded."""
        if not self.habits.quotes:
            return None
        return self.dice.lognormvariate(0, 0.4) * self.habits.quote_days

    def quote(self, deal: str, asked: dt.datetime, days: float) -> None:
        """The quote of a deal."""
        sent = self.later(asked, days)
        seen = self.later(sent, 0.4) if sent else None
        if self.dice.random() > self.habits.quote_confirmed:
            seen = None
        self.add("quotes", quote_id=f"Q{deal[1:]}", deal_id=deal, requested_at=asked,
                 promised_at=asked + dt.timedelta(days=3), sent_at=sent,
                 received_confirmed_at=seen)  # fmt: skip

    def people(
        self, deal: str, lead: dict[str, Any], start: dt.datetime, reached: int
    ) -> None:
        """Who decides at the client, and what engineers did."""
        h, dice = self.habits, self.dice
        if h.buying_centre and reached > 1 and dice.random() < h.listed:
            for role in ("директор", "главный инженер", "снабжение"):
                met = self.later(start, dice.uniform(1, 9))
                met = met if dice.random() < h.met else None
                known = met is not None and dice.random() < h.needs_recorded
                self.add("buying_centre", deal_id=deal,
                         contact_id=f"{lead['client_id']}-{role}", role=role,
                         identified_at=start, contacted_at=met, needs_recorded=known,
                         expectations_recorded=known)  # fmt: skip
        if h.presales and reached > 1:
            early = dice.random() < h.presales_early
            asked = start if early else start + dt.timedelta(days=8)
            begun = self.later(asked, dice.uniform(0.6, 1.4) * h.presales_wait)
            self.add("presales_tasks", task_id=f"P{deal[1:]}", deal_id=deal,
                     specialist=dice.choice(("Инженер Фомин", "Инженер Юдина")),
                     stage=self.trade.stages[0 if early else 1], requested_at=asked,
                     started_at=begun,
                     finished_at=self.later(begun, 1) if begun else None)  # fmt: skip
