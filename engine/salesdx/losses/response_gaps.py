"""How often a request is answered in time, on the same channel at the same hours.

Medians of two people cannot be tested against each other where some requests still
wait; the share answered within a limit can. A request that waits less than the limit so
far is not decided and stays out; one that waits longer has missed it, answered or not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from salesdx.language import Text
from salesdx.losses.candidate import Candidate
from salesdx.losses.settings import GateSettings
from salesdx.losses.share_gaps import Tables, counted, good_share_candidates
from salesdx.metrics.data import Data
from salesdx.metrics.grain import flag
from salesdx.metrics.work.speed import requests
from salesdx.statistics import histogram

METRIC = "response.first-business"
LIMIT = "reply.slow"  # benchmark: working seconds
BY = ("manager", "channel", "source")
EDGE = 0.1  # nearly all in time, or nearly none: the limit tells nobody apart
STEP = 60


@dataclass(frozen=True, slots=True)
class InTime:
    """Candidates and the limit they were held against, in working seconds."""

    limit: float
    candidates: tuple[Candidate, ...]


def response_candidates(
    data: Data, novices: Collection[str], gate: GateSettings
) -> InTime | None:
    """Compare managers, channels and sources; None without requests.

    Where nearly all or nearly none meet the limit, the company's own median wait takes
    its place.
    """
    if data.as_of is None or not data.has("leads", "created_at", "first_response_at"):
        return None
    waits = _waits(data)
    if not waits:
        return None
    limit = _limit(waits, data.setting(LIMIT))
    rows = _decided(data, limit)
    found: list[Candidate] = []
    for dimension in BY:
        # the hour of arrival and the channel are not the seller's doing
        cells = tuple(c for c in ("channel", "off") if c != dimension)
        left_out = novices if dimension == "manager" else ()
        tables = _tables(rows, dimension, cells)
        found += good_share_candidates(
            METRIC, dimension, tables, left_out, cells, gate, None
        )
    return InTime(limit, tuple(found))


Wait = tuple[int, int, int]  # whole minutes, answered, all
Row = tuple[dict[str, str | None], int, int]  # place, answered in time, decided


def _minutes(data: Data) -> Any:
    """Requests with their waiting time in whole minutes, up to a week."""
    rows = requests(data)
    rows = rows.filter(rows.worked.notnull())
    minute = (rows.worked / STEP).floor().cast("int64").clip(lower=0, upper=7 * 1440)
    return rows.mutate(minute=minute)


def _waits(data: Data) -> list[Wait]:
    rows = _minutes(data)
    grouped = rows.group_by("minute").agg(done=rows.done.sum(), n=rows.count())
    found = [
        (int(r["minute"]), int(r["done"]), int(r["n"])) for r in data.rows(grouped)
    ]
    return sorted(found)


def _limit(waits: list[Wait], norm: float) -> float:
    """The norm, or the median wait where the norm tells nobody apart."""
    inside = sum(done for minute, done, _ in waits if minute * STEP < norm)
    outside = sum(n for minute, _, n in waits if minute * STEP >= norm)
    decided = inside + outside
    if decided and EDGE <= inside / decided <= 1 - EDGE:
        return norm
    size = waits[-1][0] + 1
    done, waiting = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for minute, answered, n in waits:
        done[minute] += answered
        waiting[minute] += n - answered
    middle = histogram.censored_quantile(range(size), done.tolist(), waiting.tolist())
    return norm if middle is None else (middle + 1) * STEP


def _decided(data: Data, limit: float) -> list[Row]:
    """Requests by place: answered in time, and decided at all."""
    rows = _minutes(data)
    early = rows.minute * STEP < limit
    good = flag(early & (rows.done == 1))
    rows = rows.mutate(good=good, decided=flag(~early | (rows.done == 1)))
    keys = ("manager", "channel", "source", "off")
    grouped = rows.group_by(keys).agg(good=rows.good.sum(), n=rows.decided.sum())
    found = sorted(data.rows(grouped), key=lambda r: tuple(str(r[k]) for k in keys))
    return [
        (
            {k: None if r[k] is None else str(r[k]) for k in keys},
            int(r["good"]), int(r["n"]),
        )
        for r in found
    ]  # fmt: skip


def _tables(rows: list[Row], dimension: str, cells: tuple[str, ...]) -> Tables:
    sums: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for where, good, n in rows:
        value = where[dimension]
        if value is None or not n:
            continue
        key = (value, tuple(where[c] or "" for c in cells))
        part = sums.setdefault(key, [0, 0])
        part[0], part[1] = part[0] + good, part[1] + n
    return {key: counted(*sums[key]) for key in sorted(sums)}


def measure(limit: float) -> Text:
    """What was compared, in words."""
    hours, minutes = divmod(round(limit / 60), 60)
    en = " ".join(p for p in (_few(hours, "h"), _few(minutes, "min")) if p)
    ru = " ".join(p for p in (_few(hours, "ч"), _few(minutes, "мин")) if p)
    return Text(
        en=f"requests answered within {en} of working time",
        ru=f"заявки, на которые ответили за {ru} рабочего времени",
    )


def _few(n: int, unit: str) -> str:
    return f"{n} {unit}" if n else ""
