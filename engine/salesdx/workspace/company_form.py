"""The facts of a company as a form carries them: shown, checked, made into data."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from salesdx.company import DAYS, Company
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.workspace.company_fields import MODELS, figure, is_zone
from salesdx.workspace.company_words import words

_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_MARK = "b-"  # + id of a benchmark: the field of its value


@dataclass(slots=True)
class Facts:
    """What was typed, by field, and what is wrong; `data` is for company.yaml."""

    typed: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Text] = field(default_factory=dict)


def facts_of(company: Company, knowledge: KnowledgeBase) -> dict[str, Any]:
    """What the form shows of a company."""
    hours = company.working_hours
    marks = {
        _MARK + name: _shown(value * _factor(knowledge, name))
        for name, value in company.benchmarks.items()
    }
    return {
        "name": company.name, "currency": company.currency,
        "timezone": company.timezone, "days": list(hours.days),
        "from": f"{hours.from_:%H:%M}", "to": f"{hours.to:%H:%M}",
        "holidays": hours.holidays or "",
        "as_of": company.as_of.isoformat() if company.as_of else "",
        "sales_model": company.sales_model or "", "industry": company.industry or "",
        "minimum_loss": _shown(company.minimum_loss), "new_mark": "",
        "new_value": "", **marks,
    }  # fmt: skip


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _factor(knowledge: KnowledgeBase, name: str) -> int:
    """Shares are typed in per cent."""
    found = knowledge.benchmarks.get(name)
    return 100 if found is not None and found.unit == "ratio" else 1


def read_facts(
    said: Mapping[str, str], days: Sequence[str], company: Company,
    knowledge: KnowledgeBase,
) -> Facts:  # fmt: skip
    """Check what was typed and make it into the keys of company.yaml."""
    names = [n for n in facts_of(company, knowledge) if n != "days"]
    typed: dict[str, Any] = {n: said.get(n, "").strip()[:500] for n in names}
    typed["days"] = [d for d in DAYS if d in days]
    found = Facts(typed)
    _plain(found)
    _hours(found, company)
    _benchmarks(found, company, knowledge)
    return found


def _plain(found: Facts) -> None:
    typed = found.typed
    currency = typed["currency"].upper()
    _need(found, "name", bool(typed["name"]))
    _need(found, "currency", bool(_CURRENCY.fullmatch(currency)))
    _need(found, "timezone", is_zone(typed["timezone"]))
    _need(found, "as_of", not typed["as_of"] or _is_day(typed["as_of"]))
    _need(found, "sales_model", typed["sales_model"] in ("", *MODELS))
    least = figure(typed["minimum_loss"])
    sound = not typed["minimum_loss"] or (least is not None and least >= 0)
    _need(found, "minimum_loss", sound)
    found.data |= {
        "name": typed["name"], "currency": currency, "timezone": typed["timezone"],
        "as_of": typed["as_of"] or None, "sales_model": typed["sales_model"] or None,
        "industry": typed["industry"] or None,
        "minimum_loss": _whole(least) if typed["minimum_loss"] else None,
    }  # fmt: skip


def _hours(found: Facts, company: Company) -> None:
    typed = found.typed
    begin, end = (_CLOCK.fullmatch(typed[n]) for n in ("from", "to"))
    _need(found, "from", begin is not None)
    _need(found, "to", end is not None and (begin is None or _of(begin) < _of(end)))
    _need(found, "days", bool(typed["days"]))
    country = typed["holidays"].upper()
    _need(found, "holidays", not country or is_country(country))
    if begin is None or end is None:
        return
    hours = {"days": typed["days"], "from": _of(begin), "to": _of(end)}
    if country:
        hours["holidays"] = country
    was = company.working_hours
    same = (
        hours["days"] == was.days and hours["from"] == f"{was.from_:%H:%M}"
        and hours["to"] == f"{was.to:%H:%M}" and (country or None) == was.holidays
    )  # fmt: skip
    if not same:  # the file may leave to the defaults what the form spells out
        found.data["working_hours"] = hours


def _of(clock: re.Match[str]) -> str:
    return f"{int(clock[1]):02}:{clock[2]}"


def is_country(code: str) -> bool:
    """Whether the holidays of a country are known."""
    import holidays

    return (
        bool(_COUNTRY.fullmatch(code)) and code in holidays.list_supported_countries()
    )


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _benchmarks(found: Facts, company: Company, knowledge: KnowledgeBase) -> None:
    marks: dict[str, float] = {}
    for name in company.benchmarks:
        typed = found.typed[_MARK + name]
        value = figure(typed)
        _need(found, _MARK + name, not typed or value is not None)
        if typed and value is not None:
            marks[name] = value / _factor(knowledge, name)
    name, typed = found.typed["new_mark"], found.typed["new_value"]
    if name or typed:
        value = figure(typed)
        _need(found, "new_mark", name in knowledge.benchmarks)
        _need(found, "new_value", value is not None)
        if value is not None:
            marks[name] = value / _factor(knowledge, name)
    if marks != company.benchmarks:
        found.data["benchmarks"] = {n: _whole(v) for n, v in marks.items()} or None


def _whole(value: float | None) -> float | None:
    return int(value) if value is not None and value == int(value) else value


def _need(found: Facts, name: str, sound: bool) -> None:
    if not sound:
        key = "benchmark" if name.startswith(_MARK) or name == "new_value" else name
        found.wrong[name] = words()[f"wrong.{key}"]
