"""The made-up wholesaler: who sells what to whom, and when it is open."""

import datetime as dt
from dataclasses import dataclass

FIRST_DAY = dt.date(2024, 11, 1)
AS_OF = dt.date(2026, 6, 30)
CAMPAIGN = (dt.date(2026, 5, 12), dt.date(2026, 6, 29))
OPENS, CLOSES = 9, 18
# Russian public holidays that keep their date; enough for believable arrivals
DAYS_OFF = frozenset(
    [(1, d) for d in range(1, 9)] + [(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)]
)


@dataclass(frozen=True, slots=True)
class Seller:
    """One manager; `load` is the share of requests, `skill` multiplies conversion."""

    id: str
    name: str
    team: str
    hired: dt.date
    load: float = 1.0
    skill: float = 1.0
    away: tuple[tuple[str, dt.date, dt.date], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A segment, source or channel: its share, and what it does to the chances.

    `amount` multiplies the deal size; `evening` is the share of requests that arrive
    outside working hours.
    """

    id: str
    share: float
    chance: float = 1.0
    amount: float = 1.0
    evening: float = 0.0


@dataclass(frozen=True, slots=True)
class Product:
    """One position of the range, with its category, line and price in roubles."""

    id: str
    category: str
    line: str
    price: int


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _leave(*starts: str) -> tuple[tuple[str, dt.date, dt.date], ...]:
    two_weeks = dt.timedelta(days=13)
    return tuple(("отпуск", _day(s), _day(s) + two_weeks) for s in starts)


REFUSER = "Ковалёв"
SUPER_PRO = "Орлова"
NOVICE = "Зайцев"
LONG_AWAY = "Мельникова"
SELLERS = (
    Seller("Белова", "Белова Ирина", "Север", _day("2021-03-15"), 1.0, 1.03,
           _leave("2025-07-07", "2026-03-16")),
    Seller("Виноградов", "Виноградов Павел", "Север", _day("2022-08-01"), 1.0, 0.97,
           _leave("2025-08-04", "2026-02-02")),
    Seller("Громов", "Громов Денис", "Юг", _day("2020-11-09"), 1.05, 1.0,
           _leave("2025-06-09", "2026-04-06")),
    Seller("Егорова", "Егорова Анна", "Юг", _day("2023-02-13"), 0.95, 1.05,
           _leave("2025-09-01", "2026-03-02")),
    Seller(NOVICE, "Зайцев Илья", "Юг", _day("2026-04-20"), 0.6, 0.55),
    Seller(REFUSER, "Ковалёв Роман", "Север", _day("2019-05-20"), 1.55, 1.0,
           _leave("2025-08-18", "2026-01-19")),
    Seller("Лебедев", "Лебедев Сергей", "Север", _day("2022-04-04"), 1.0, 0.95,
           _leave("2025-07-21", "2026-04-20")),
    Seller(LONG_AWAY, "Мельникова Ольга", "Юг", _day("2021-09-06"), 1.0, 1.0,
           (("больничный", _day("2025-09-15"), _day("2025-12-26")),)),
    Seller("Никитин", "Никитин Артём", "Юг", _day("2023-06-19"), 1.0, 0.98,
           _leave("2025-06-23", "2026-02-16")),
    Seller(SUPER_PRO, "Орлова Марина", "Север", _day("2017-01-16"), 1.0, 1.7,
           _leave("2025-05-19", "2026-03-23")),
    Seller("Павлов", "Павлов Кирилл", "Юг", _day("2022-10-10"), 1.0, 1.02,
           _leave("2025-08-11", "2026-01-26")),
    Seller("Соколова", "Соколова Елена", "Север", _day("2020-06-01"), 1.0, 1.0,
           _leave("2025-07-14", "2026-02-09")),
)  # fmt: skip

SEGMENTS = (
    Kind("Монтажники", 0.40, 1.0, 0.7),
    Kind("Застройщики", 0.20, 0.92, 1.8),
    Kind("Магазины", 0.25, 1.05, 0.5),
    Kind("Заводы", 0.15, 0.98, 1.4),
)
SOURCES = (
    Kind("Сайт", 0.42),
    Kind("Рекомендации", 0.22, 1.3),
    Kind("Выставки", 0.16, 0.95),
    Kind("Реклама", 0.20, 0.85),
)
CHANNELS = (
    Kind("Телефон", 0.33, evening=0.04),
    Kind("Почта", 0.25, evening=0.18),
    Kind("Форма на сайте", 0.24, evening=0.36),
    Kind("Мессенджер", 0.18, evening=0.45),
)
REGIONS = ("Екатеринбург", "Пермь", "Тюмень", "Челябинск")

_RANGE = {
    "Насосы": {
        "Скважинные насосы": ("СН-40", 42_000, "СН-60", 58_000),
        "Циркуляционные насосы": ("ЦН-25", 21_000, "ЦН-32", 34_000),
        "Дренажные насосы": ("ДН-10", 16_000, "ДН-20", 27_000),
    },
    "Отопление": {
        "Котлы": ("КГ-24", 96_000, "КГ-50", 168_000),
        "Радиаторы": ("РБ-500", 9_000, "РС-500", 7_000),
        "Тёплый пол": ("ТП-16", 31_000, "ТП-20", 38_000),
    },
    "Вентиляция": {
        "Приточные установки": ("ПУ-500", 118_000, "ПУ-1000", 176_000),
        "Вентиляторы": ("ВК-160", 12_000, "ВК-250", 19_000),
        "Рекуператоры": ("РК-300", 87_000, "РК-600", 139_000),
    },
    "Автоматика": {
        "Частотные приводы": ("ЧП-4", 36_000, "ЧП-11", 74_000),
        "Щиты управления": ("ЩУ-1", 52_000, "ЩУ-3", 91_000),
    },
}
PRODUCTS = tuple(
    Product(code, category, line, price)
    for line, categories in _RANGE.items()
    for category, (small, low, big, high) in categories.items()
    for code, price in ((small, low), (big, high))
)
# what the refuser tells clients "we do not have": 5 of 11 categories
REFUSED = frozenset(
    ("Приточные установки", "Рекуператоры", "Частотные приводы", "Щиты управления",
     "Тёплый пол")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageOf:
    """One stage: id, title, reference length in days, share of a won cycle."""

    id: str
    title: str
    reference_days: int
    share: float


STAGES = (
    StageOf("request", "Заявка принята", 5, 0.08),
    StageOf("needs", "Потребность выяснена", 12, 0.22),
    StageOf("proposal", "Предложение отправлено", 20, 0.32),
    StageOf("approval", "Согласование", 20, 0.28),
    StageOf("contract", "Договор", 14, 0.10),
)
MEAN_CYCLE_DAYS = 45


def is_working_day(day: dt.date) -> bool:
    """Whether the company works on this day."""
    return day.weekday() < 5 and (day.month, day.day) not in DAYS_OFF


def is_open(moment: dt.datetime) -> bool:
    """Whether the company works at this moment."""
    return is_working_day(moment.date()) and OPENS <= moment.hour < CLOSES


def next_opening(moment: dt.datetime) -> dt.datetime:
    """The moment itself when open, else the next opening of the office."""
    if is_open(moment):
        return moment
    day = moment.date()
    if not (is_working_day(day) and moment.hour < OPENS):
        day += dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(OPENS))
