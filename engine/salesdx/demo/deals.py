"""What became of each request: the stages it passed, the outcome and the money."""

import datetime as dt
import random
from dataclasses import dataclass

from salesdx.demo import setting
from salesdx.demo.requests import Request

CHANCE = 0.285
OFF_HOURS_CHANCE = 0.42
NEVER_ENTERED = 0.4  # unanswered requests that never became a deal
# how far lost deals get, by stage
LOST_AT = (0.20, 0.30, 0.27, 0.17, 0.06)
REASONS = {
    "Дорого": 0.30, "Ушли к конкуренту": 0.22, "Решение отложено": 0.24,
    "Не подошли сроки": 0.10, "Потребность отпала": 0.09,
    "Другое": 0.045,
}  # fmt: skip
TYPICAL_AMOUNT, SPREAD = 260_000, 0.55


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal; `visits` are (stage index, entered, left or None) in order."""

    id: str
    request: Request
    entered_at: dt.datetime
    status: str
    closed_at: dt.datetime | None
    lost_reason: str
    amount: int
    cost: int
    visits: tuple[tuple[int, dt.datetime, dt.datetime | None], ...]
    refused: bool

    @property
    def stage(self) -> setting.StageOf:
        """The last stage that the deal reached."""
        return setting.STAGES[self.visits[-1][0]]

    def entered(self, stage: str) -> dt.datetime | None:
        """When the deal entered a stage, None if it never did."""
        for index, entered, _ in self.visits:
            if setting.STAGES[index].id == stage:
                return entered
        return None


def deals(requests: list[Request], dice: random.Random) -> list[Deal]:
    """The deals of the requests, in order of the requests."""
    found: list[Deal] = []
    for request in requests:
        if request.answered_at is None and dice.random() < NEVER_ENTERED:
            continue
        found.append(_deal(f"D{len(found) + 1:05d}", request, dice))
    return found


def _deal(id_: str, request: Request, dice: random.Random) -> Deal:
    refused = (
        request.seller.id == setting.REFUSER
        and request.product.category in setting.REFUSED
    )
    won = dice.random() < _chance(request, refused)
    last = len(setting.STAGES) if won else _lost_at(request, refused, dice)
    ends = _ends(last, won, refused, dice)
    start = request.answered_at or request.created_at
    visits, closed = _visits(start, ends)
    status = ("won" if won else "lost") if closed else "open"
    amount = _amount(request, dice)
    reason = _reason(request, refused, last, dice) if status == "lost" else ""
    cost = int(round(amount * dice.uniform(0.70, 0.80), -2))
    return Deal(
        id_, request, request.created_at, status, closed, reason, amount, cost,
        visits, refused,
    )  # fmt: skip


def _chance(request: Request, refused: bool) -> float:
    if refused or request.answered_at is None:
        return 0.0
    chance = CHANCE * request.segment.chance * request.source.chance
    chance *= request.seller.skill
    return min(chance * (OFF_HOURS_CHANCE if request.off_hours else 1.0), 0.9)


def _lost_at(request: Request, refused: bool, dice: random.Random) -> int:
    """How many stages a deal that will be lost enters."""
    if refused or request.answered_at is None:
        return 1
    return dice.choices((1, 2, 3, 4, 5), LOST_AT)[0]


def _ends(last: int, won: bool, refused: bool, dice: random.Random) -> list[float]:
    """Days from the start to the end of each stage that the deal enters."""
    if refused:
        return [dice.uniform(0.2, 3.0)]
    total = dice.gammavariate(2.6, setting.MEAN_CYCLE_DAYS / 2.6)
    lengths = [
        total * stage.share * dice.uniform(0.6, 1.4) for stage in setting.STAGES[:last]
    ]
    if last == len(setting.STAGES):  # the contract is late, whoever waits for it
        lengths[-1] = waiting_for_contract(dice) + dice.uniform(1.0, 4.0)
    if not won:  # nobody closes a lost deal at once
        lengths[-1] += dice.gammavariate(1.5, 8.0)
    days, found = 0.0, []
    for length in lengths:
        days += length
        found.append(days)
    return found


def waiting_for_contract(dice: random.Random) -> float:
    """Days that a client who is ready to buy waits for the draft."""
    return 2.0 + dice.gammavariate(2.5, 2.9)


def _visits(
    start: dt.datetime, ends: list[float]
) -> tuple[tuple[tuple[int, dt.datetime, dt.datetime | None], ...], dt.datetime | None]:
    horizon = dt.datetime.combine(setting.AS_OF, dt.time(18))
    visits: list[tuple[int, dt.datetime, dt.datetime | None]] = []
    entered = start
    for index, days in enumerate(ends):
        left = max(_in_hours(start + dt.timedelta(days=days)), entered)
        if left > horizon:
            return (*visits, (index, entered, None)), None
        visits.append((index, entered, left))
        entered = left
    return tuple(visits), entered


def _in_hours(moment: dt.datetime) -> dt.datetime:
    """People move deals while the office is open; night work goes to the day."""
    hour = setting.OPENS + moment.hour * 9 // 24
    return setting.next_opening(moment.replace(hour=hour, microsecond=0))


def _amount(request: Request, dice: random.Random) -> int:
    typical = TYPICAL_AMOUNT * request.segment.amount
    return int(round(typical * dice.lognormvariate(0.0, SPREAD), -2))


def _reason(request: Request, refused: bool, last: int, dice: random.Random) -> str:
    if refused:
        return "Нет в наличии"
    late = request.answered_at is None or last == len(setting.STAGES)
    if late and dice.random() < 0.75:  # waited too long, bought elsewhere
        return "Ушли к конкуренту"
    return dice.choices(list(REASONS), list(REASONS.values()))[0]
