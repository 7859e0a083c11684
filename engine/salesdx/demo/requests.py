"""Incoming requests: when they arrive, who gets them, when they are answered."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from salesdx.demo import setting
from salesdx.demo.setting import Kind, Product, Seller

WEEKDAY_REQUESTS, WEEKEND_REQUESTS = 7.4, 2.6
CAMPAIGN_WEEKDAY, CAMPAIGN_WEEKEND = 58, 22
UNANSWERED_IN_HOURS = 0.01
UNANSWERED_OFF_HOURS = 0.6


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `answered_at` is None when nobody ever answered."""

    id: str
    created_at: dt.datetime
    segment: Kind
    source: Kind
    channel: Kind
    region: str
    product: Product
    seller: Seller
    client: int
    campaign: bool
    off_hours: bool
    answered_at: dt.datetime | None


def requests(dice: random.Random) -> list[Request]:
    """All requests of the period, oldest first."""
    found = [r for day in _days() for r in _of_day(day, dice)]
    found.sort(key=lambda r: r[0])
    return [
        _request(f"L{n:05d}", at, campaign, dice)
        for n, (at, campaign, _) in enumerate(found, 1)
    ]


def _days() -> Iterator[dt.date]:
    day = setting.FIRST_DAY
    while day <= setting.AS_OF:
        yield day
        day += dt.timedelta(days=1)


def _of_day(
    day: dt.date, dice: random.Random
) -> Iterator[tuple[dt.datetime, bool, float]]:
    """Arrival times; the third item keeps equal moments in a fixed order."""
    works = setting.is_working_day(day)
    usual = WEEKDAY_REQUESTS if works else WEEKEND_REQUESTS
    extra = 0
    if setting.CAMPAIGN[0] <= day <= setting.CAMPAIGN[1]:
        extra = CAMPAIGN_WEEKDAY if works else CAMPAIGN_WEEKEND
    for _ in range(_about(usual, dice)):
        yield _moment(day, dice), False, dice.random()
    for _ in range(_about(extra, dice)):
        yield _moment(day, dice), True, dice.random()


def _about(mean: float, dice: random.Random) -> int:
    return max(0, round(dice.gauss(mean, mean**0.5)))


def _moment(day: dt.date, dice: random.Random) -> dt.datetime:
    # the channel moves the hour into the evening later, see `_request`
    start = dt.datetime.combine(day, dt.time(setting.OPENS))
    return start + dt.timedelta(minutes=int(dice.triangular(0, 535, 120)))


def _request(id_: str, at: dt.datetime, campaign: bool, dice: random.Random) -> Request:
    weekend = not setting.is_working_day(at.date())
    channel = pick(setting.CHANNELS, dice, weekend)
    if dice.random() < channel.evening:
        at = at.replace(hour=dice.choice((7, 8, 18, 19, 19, 20, 20, 21, 22)))
    source = setting.SOURCES[3] if campaign else pick(setting.SOURCES, dice)
    segment = pick(setting.SEGMENTS, dice)
    off_hours = not setting.is_open(at)
    return Request(
        id_, at, segment, source, channel, dice.choice(setting.REGIONS),
        dice.choice(setting.PRODUCTS), _seller(at.date(), dice),
        client=_client(segment, dice), campaign=campaign, off_hours=off_hours,
        answered_at=_answer(at, off_hours, dice),
    )  # fmt: skip


def pick(kinds: Sequence[Kind], dice: random.Random, evening: bool = False) -> Kind:
    """Draw one by share; at weekends the evening channels prevail."""
    weights = [k.share * (k.evening if evening else 1.0) for k in kinds]
    return dice.choices(kinds, weights)[0]


def _seller(day: dt.date, dice: random.Random) -> Seller:
    here = [
        s
        for s in setting.SELLERS
        if s.hired <= day and not any(a <= day <= b for _, a, b in s.away)
    ]
    return dice.choices(here, [s.load for s in here])[0]


def _client(segment: Kind, dice: random.Random) -> int:
    """A client's number: a few buy often, most only once or twice."""
    numbers = 2400
    block = setting.SEGMENTS.index(segment)
    return block * numbers + int(numbers * segment.share * 2.2 * dice.random() ** 1.6)


def _answer(
    at: dt.datetime, off_hours: bool, dice: random.Random
) -> dt.datetime | None:
    silent = UNANSWERED_OFF_HOURS if off_hours else UNANSWERED_IN_HOURS
    if dice.random() < silent:
        return None
    if not off_hours:
        minutes = dice.lognormvariate(3.0, 0.8)
        answer = setting.next_opening(at + dt.timedelta(minutes=round(minutes, 1)))
    else:  # nobody is on duty: some time after the next opening
        hours = min(dice.lognormvariate(0.9, 0.5), 8.5)
        answer = setting.next_opening(at) + dt.timedelta(hours=round(hours, 2))
    answer = answer.replace(microsecond=0)
    return answer if answer.date() <= setting.AS_OF else None
