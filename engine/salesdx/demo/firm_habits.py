"""What a made-up firm sells, to whom, and how it works."""

import datetime as dt
from dataclasses import dataclass, field

AS_OF = dt.date(2026, 6, 30)
END = dt.datetime.combine(AS_OF, dt.time(20))
FIRST = dt.date(2025, 1, 6)
REASONS = {"price": 0.3, "competitor": 0.25, "no_decision": 0.25, "timing": 0.2}


@dataclass(frozen=True)
class Habits:
    """How the firm works; the defaults are those of a firm in good order."""

    reply_minutes: float = 25
    day_unanswered: float = 0.01
    evening_unanswered: float = 0.03
    evening_share: float = 0.25
    notified: float = 1.0
    reached: float = 0.94
    logged: float = 0.98
    task_missing: float = 0.02
    tickets: bool = True
    ticket_late: float = 0.02
    deleted: float = 0.0
    quotes: bool = False
    quote_days: float = 1.0
    quote_confirmed: float = 0.95
    quote_matters: float = 0.0  # share of late quotes whose deal is lost for it
    next_step: float = 0.96
    stuck: float = 0.002
    calls_a_day: int = 7  # of a seller, beside the talks about requests
    buying_centre: bool = False
    listed: float = 0.95
    met: float = 0.93
    needs_recorded: float = 0.95
    presales: bool = False
    presales_wait: float = 2.0
    presales_early: float = 0.03
    extras_offered: float = 0.8
    extras_taken: float = 0.7
    regulars: int = 0  # clients who order every month
    stays: float = 0.0  # share of new clients who become regulars
    constant: float = 0.1  # share of regulars who never change their order
    monthly_loss: float = 0.006  # share of the regulars who leave in a month
    loss_reasons: dict[str, float] = field(
        default_factory=lambda: {"moved": 0.5, "closed_business": 0.5}
    )
    refuser: str = ""
    refused: tuple[str, ...] = ()
    bad_source: str = ""
    campaign_days: int = 0
    campaign_a_day: int = 0
    reviews: float = 0.96
    lost_reasons: dict[str, float] = field(default_factory=lambda: dict(REASONS))


@dataclass(frozen=True)
class Trade:
    """What the firm sells, to whom, and how much of it."""

    requests_a_day: float
    chance: float
    cycle_days: float
    check: float
    sellers: dict[str, float]  # name -> how many times the usual chance
    segments: dict[str, float]
    sources: dict[str, float]
    channels: dict[str, float]
    products: dict[str, list[str]]  # category -> products
    stages: list[str]
    farmers: list[str] = field(default_factory=list)  # who serve the regulars alone
    margin: float = 0.35
