"""Who answers slower than the company as a whole (M-08)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import flag
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares, unknown, waits
from salesdx.metrics.work.speed import requests
from salesdx.statistics import histogram

_GRAINS = (("manager",), ("channel",))
_SLOW = 0.9  # the p90 of the metric's name


def deviation(data: Data) -> Iterator[Measurement]:
    """Median first response of a slice over the company's, minus one (M-08)."""
    metric = "response.deviation"
    rows = requests(data)
    found = list(waits(metric, rows.mutate(wait=rows.worked), grains=_GRAINS))
    level = found[0].value
    if not level:
        yield unknown(
            metric, "the usual first response is not known",
            "неизвестен обычный срок первого ответа",
        )  # fmt: skip
        return
    for m in found[1:]:
        if m.value is not None:
            yield replace(
                m, value=m.value / level - 1, numerator=m.value, denominator=level
            )


def late(data: Data) -> Iterator[Measurement]:
    """Requests that wait longer than nine of ten in the company do (M-08).

    Who waits less so far may still be answered in time and is not counted.
    """
    metric = "response.over-p90-share"
    rows = requests(data)
    limit = _p90(data, rows)
    if limit is None:
        yield unknown(
            metric, "fewer than nine of ten requests are answered at all",
            "отвечают меньше чем на девять заявок из десяти",
        )  # fmt: skip
        return
    rows = rows.filter((rows.done == 1) | (rows.worked > limit))
    yield from shares(metric, rows, flag(rows.worked > limit), _GRAINS)


def _p90(data: Data, rows: Any) -> int | None:
    """Working seconds within which nine of ten requests are answered."""
    step = ibis.cases(
        (rows.worked < 3600, 1), (rows.worked < 86_400, 60), else_=3600
    ).cast("int64")
    # the last second of a bucket: who is answered in it is not late
    bucket = (rows.worked / step).floor().cast("int64") * step + step - 1
    by = rows.group_by(bucket=bucket).agg(done=rows.done.sum(), n=rows.count())
    found = sorted(data.rows(by), key=lambda r: r["bucket"])
    value = histogram.censored_quantile(
        [r["bucket"] for r in found],
        [r["done"] for r in found],
        [r["n"] - r["done"] for r in found],
        _SLOW,
    )
    return None if value is None else int(value)


_ANSWERED = ("leads.created_at", "leads.first_response_at")
METRICS: tuple[Metric, ...] = dated(
    Metric(("response.deviation",), _ANSWERED, deviation),
    Metric(("response.over-p90-share",), _ANSWERED, late),
)
