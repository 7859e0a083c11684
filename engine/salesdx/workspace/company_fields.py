"""Fields of company.yaml as a form takes them: what may be chosen or typed."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

CURRENCIES = ("RUB", "KZT", "BYN", "UZS", "USD", "EUR", "GBP", "CNY", "TRY", "AED")
MODELS = ("b2b", "b2c")


def is_zone(name: str) -> bool:
    """Whether there is such a time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Names of time zones that people use."""
    areas = ("Europe/", "Asia/", "America/", "Africa/", "Australia/", "Pacific/")
    return ("UTC", *sorted(z for z in available_timezones() if z.startswith(areas)))


def figure(text: str) -> float | None:
    """A figure as people write it: `1 234,5`, `30 %`; None where it is none."""
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    plain = plain.rstrip("%").replace(",", ".")
    if not plain or plain.count(".") > 1:
        return None
    digits = plain.lstrip("-").replace(".", "")
    return float(plain) if digits.isdecimal() and len(digits) <= 15 else None
