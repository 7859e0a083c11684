"""Figures from sufficient statistics: shares, means and waiting times, by slice.

Every figure carries numerator, denominator and n; a slice with few observations is
`insufficient`, which the rules read as unknown: nobody is judged by three cases.

A grain may name `period` beside dimensions: rows then carry a column `period` with the
number of the month (`grain.month`), and figures of a month have it in `period`, not in
their slice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.language import Text
from salesdx.metrics.data import Data, fetch
from salesdx.metrics.registry import Compute, Metric
from salesdx.statistics import histogram
from salesdx.statistics.rates import wilson

FEW = 10  # observations below which a slice is shown but not judged
Z95 = 1.959963984540054
_NOTHING = Text(
    en="there is nothing to count in the data", ru="в данных нечего считать"
)
_FEW = Text(
    en=f"fewer than {FEW} observations: too few to judge",
    ru=f"меньше {FEW} наблюдений: для вывода мало",
)
_STILL_WAITING = Text(
    en="at least this long: most are still waiting",
    ru="не меньше этого срока: большинство ещё ждёт",
)
Grain = Sequence[str]
PERIOD = "period"  # a column with the number of the month, see `grain.month`
Counts = NDArray[np.int64]
Histogram = tuple[Counts, Counts, Counts]  # bucket, of it happened, all


def label(dimension: str, value: object) -> str:
    """A value of a dimension as slices name it; a month number becomes `2026-03`."""
    if dimension != PERIOD:
        return str(value)
    return f"{int(str(value)) // 12}-{int(str(value)) % 12 + 1:02}"


def placed(where: Slice) -> tuple[Slice, str]:
    """The slice proper, and the period that stood among its dimensions ("" if none)."""
    period = dict(where).get(PERIOD, "")
    return tuple(part for part in where if part[0] != PERIOD), period


def unknown(metric: str, en: str, ru: str, where: Slice = COMPANY) -> Measurement:
    """An unknown figure with the reason, said in the words of the metric."""
    at, period = placed(where)
    return Measurement(
        metric, None, at, period=period, state="unknown", reason=Text(en=en, ru=ru)
    )


def figure(
    metric: str, value: float, where: Slice = COMPANY, n: int | None = None,
    numerator: float | None = None, denominator: float | None = None,
    interval: tuple[float, float] | None = None, reason: Text | None = None,
) -> Measurement:  # fmt: skip
    """A known figure; on a slice with few observations it is insufficient."""
    few = bool(where) and n is not None and n < FEW
    at, period = placed(where)
    return Measurement(
        metric, float(value), at, n, numerator, denominator, interval, period,
        state="insufficient" if few else "ok", reason=_FEW if few else reason,
    )  # fmt: skip


def _nothing(metric: str, where: Slice) -> Measurement:
    at, period = placed(where)
    return Measurement(
        metric, None, at, 0, period=period, state="unknown", reason=_NOTHING
    )


def share(metric: str, hits: int, n: int, where: Slice = COMPANY) -> Measurement:
    """A share with its Wilson interval; unknown when there is nothing to count."""
    if n <= 0:
        return _nothing(metric, where)
    hits, n = int(hits), int(n)
    return figure(metric, hits / n, where, n, hits, n, wilson(hits, n))


def sums(
    rows: Any, names: Sequence[str], grains: Iterable[Grain] = ()
) -> Iterator[tuple[Slice, dict[str, int]]]:
    """Sums of integer columns for the company, then for each grain, sorted.

    One query groups by all dimensions at once; the grains are added up here. `rows`
    has one column per dimension; rows without a value in a dimension of the grain are
    left out of that grain. Sums over no rows are 0.
    """
    return totals(rows, {n: rows[n].sum() for n in names}, grains)


def totals(
    rows: Any, wanted: dict[str, Any], grains: Iterable[Grain] = ()
) -> Iterator[tuple[Slice, dict[str, int]]]:
    """Totals (sums or counts of `rows`) for the company, then for each grain."""
    grains = [tuple(g) for g in grains]
    for i, table in enumerate(_by_grain(rows, ((), *grains), (), wanted)):
        if i == 0:
            yield COMPANY, {n: int(pc.sum(table[n]).as_py() or 0) for n in wanted}
        else:
            yield from _slices(table, grains[i - 1], tuple(wanted))


_CUBE = 2  # dimensions whose combinations are few enough to be added up here


def _by_grain(
    rows: Any, grains: Sequence[Grain], more: Sequence[str], wanted: dict[str, Any]
) -> Iterator[pa.Table]:
    """Totals of each grain by its dimensions and `more`; one query for all grains.

    Combinations of few dimensions are fetched and added up here; those of many would
    be almost as many as the rows, so the engine groups by each grain.
    """
    keys = list(dict.fromkeys(d for g in grains for d in g))
    if len(keys) <= (0 if more else _CUBE):
        cube = fetch(_grouped(rows, (*keys, *more), wanted))
        for grain in grains:
            yield _added(cube, grain, more, tuple(wanted))
        return
    parts = [
        _part(rows, i, grain, keys, more, wanted) for i, grain in enumerate(grains)
    ]
    found = fetch(ibis.union(*parts))
    for i, grain in enumerate(grains):
        table = found.filter(pc.equal(found["grain"], i))
        yield _known(table, grain)


def _grouped(rows: Any, keys: Sequence[str], wanted: dict[str, Any]) -> Any:
    return rows.group_by(keys).agg(**wanted) if keys else rows.aggregate(**wanted)


def _part(
    rows: Any, place: int, grain: Grain, keys: Sequence[str], more: Sequence[str],
    wanted: dict[str, Any],
) -> Any:  # fmt: skip
    """Totals by one grain, with the columns of all: one branch of a union."""
    found = _grouped(rows, (*grain, *more), wanted)
    typed = rows.schema()
    named = {k: found[k] if k in grain else ibis.null(typed[k]) for k in keys}
    return found.select(
        ibis.literal(place, "int64").name("grain"), **named,
        **{n: found[n] for n in (*more, *wanted)},
    )  # fmt: skip


def _known(table: pa.Table, grain: Grain) -> pa.Table:
    """Rows that have a value in every dimension of the grain."""
    for name in grain:
        table = table.filter(pc.is_valid(table[name]))
    return table


def _added(
    cube: pa.Table, grain: Grain, more: Sequence[str], names: Sequence[str]
) -> pa.Table:
    """Add up a cube by the dimensions of one grain and `more`."""
    cube, keys = _known(cube, grain), [*grain, *more]
    if not keys:
        return cube.select(list(names))
    added = cube.group_by(keys).aggregate([(n, "sum") for n in names])
    return added.rename_columns({f"{n}_sum": n for n in names})


def _slices(
    table: pa.Table, grain: Grain, names: Sequence[str]
) -> Iterator[tuple[Slice, dict[str, int]]]:
    """Totals of one grain by slice, sorted."""
    found = [
        (
            tuple(sorted((d, label(d, row[d])) for d in grain)),
            {n: int(row[n] or 0) for n in names},
        )
        for row in table.to_pylist()
    ]
    yield from sorted(found, key=lambda f: f[0])


def shares(
    metric: str, rows: Any, hit: Any, grains: Iterable[Grain] = ()
) -> Iterator[Measurement]:
    """Share of rows that are a hit (a 0/1 expression of `rows`)."""
    wanted = {"hit": hit.sum(), "base": rows.count()}
    for where, row in totals(rows, wanted, grains):
        if row["base"] or not where:
            yield share(metric, row["hit"], row["base"], where)


def mean(
    metric: str, total: float, squares: float, n: int, scale: float = 1.0,
    where: Slice = COMPANY,
) -> Measurement:  # fmt: skip
    """A mean from integer sums (`scale` units make one unit), with its interval."""
    if n <= 0:
        return _nothing(metric, where)
    centre = total / n
    interval = None
    if n > 1:
        spread = max(squares / n - centre * centre, 0.0) * n / (n - 1)
        half = Z95 * (spread / n) ** 0.5
        interval = ((centre - half) / scale, (centre + half) / scale)
    return figure(metric, centre / scale, where, n, total / scale, n, interval)


def means(
    metric: str, rows: Any, value: Any, scale: float = 1.0,
    grains: Iterable[Grain] = (),
) -> Iterator[Measurement]:  # fmt: skip
    """Mean of an expression of `rows` in whole numbers; nulls are left out.

    Fractions are rounded half up here: engines differ in how a cast rounds them.
    """
    if not value.type().is_integer():
        value = (value + 0.5).floor()
    whole = value.cast("int64")
    wanted = {
        "value": whole.sum(), "squared": (whole * whole).sum(), "base": whole.count(),
    }  # fmt: skip
    for where, row in totals(rows, wanted, grains):
        if row["base"] or not where:
            yield mean(metric, row["value"], row["squared"], row["base"], scale, where)


def waits(
    metric: str, rows: Any, unit: int = 1, grains: Iterable[Grain] = ()
) -> Iterator[Measurement]:
    """Median waiting time; those still waiting count with the time they wait.

    Args:
        metric: id of the figure.
        rows: `wait` in whole seconds (to the event, or to as-of) and `done` 0/1.
        unit: seconds in one unit of the metric (1 or 86 400).
        grains: dimensions to slice by.

    Where most still wait the median is at least the median of the times so far: that
    bound is reported and said to be one, for hiding it would hide the worst case.
    """
    grains = [tuple(g) for g in grains]
    keys = dict.fromkeys(d for g in grains for d in g)
    rows = rows.filter(rows["wait"].notnull())
    rows = rows.select(*keys, "done", bucket=_bucket(rows["wait"]))
    wanted = {"done": rows["done"].sum(), "n": rows["done"].count()}
    grains = [(), *grains]
    for grain, table in zip(
        grains, _by_grain(rows, grains, ("bucket",), wanted), strict=True
    ):
        for where, counts in _histograms(table, grain):
            yield _median(metric, where, counts, unit)


def _histograms(table: pa.Table, grain: Grain) -> Iterator[tuple[Slice, Histogram]]:
    """One histogram a slice, both sorted; arrays, for there may be many buckets."""
    numbers = [
        np.asarray(table[c].to_numpy(), dtype=np.int64) for c in ("bucket", "done", "n")
    ]
    ranks = [ranked(table[name]) for name in grain]
    order = np.lexsort((numbers[0], *(codes for _, codes in reversed(ranks))))
    numbers = [column[order] for column in numbers]
    starts = np.zeros(table.num_rows, dtype=bool)
    starts[:1] = True
    for _, codes in ranks:
        starts[1:] |= codes[order][1:] != codes[order][:-1]
    places = np.flatnonzero(starts)
    ends = [*places[1:], table.num_rows][: len(places)]
    for start, end in zip(places, ends, strict=True):
        where = tuple(
            sorted(
                (d, label(d, values[codes[order[start]]]))
                for d, (values, codes) in zip(grain, ranks, strict=True)
            )
        )
        bucket, done, n = (column[start:end] for column in numbers)
        yield where, (bucket, done, n)
    if not grain and not len(places):
        empty = np.zeros(0, dtype=np.int64)
        yield COMPANY, (empty, empty, empty)


def ranked(column: pa.ChunkedArray) -> tuple[list[Any], Counts]:
    """Sorted distinct values, and the place of each row's value among them.

    Null is a value, the last. Sorting such numbers is ten times faster than texts.
    """
    encoded = column.combine_chunks().dictionary_encode()
    order, size = pc.sort_indices(encoded.dictionary), len(encoded.dictionary)
    place = np.append(np.empty(size, dtype=np.int64), size)
    place[order.to_numpy()] = np.arange(size)
    codes = pc.fill_null(encoded.indices, size).to_numpy(zero_copy_only=False)
    return [*encoded.dictionary.take(order).to_pylist(), None], place[codes]


def _bucket(wait: Any) -> Any:
    """Exact under 5 minutes, minutes under a day, then hours: few rows, small error."""
    step = ibis.cases((wait < 300, 1), (wait < 86_400, 60), else_=3600).cast("int64")
    return (wait / step).floor().cast("int64") * step


def _median(metric: str, where: Slice, table: Histogram, unit: int) -> Measurement:
    buckets, done, counts = table
    n, served = int(counts.sum()), int(done.sum())
    if not n:
        return _nothing(metric, where)
    reason, times = None, buckets.tolist()
    value = histogram.censored_quantile(times, done.tolist(), (counts - done).tolist())
    if value is None:
        value = histogram.median(times, counts.tolist())
        reason = _STILL_WAITING
    return figure(metric, (value or 0.0) / unit, where, n, served, n, reason=reason)


def dated(*metrics: Metric) -> tuple[Metric, ...]:
    """Metrics that look back from as-of: unknown where no table has a date."""
    return tuple(replace(m, compute=_dated(m)) for m in metrics)


def _dated(metric: Metric) -> Compute:
    def compute(data: Data) -> Iterable[Measurement]:
        if data.as_of is not None:
            return metric.compute(data)
        return [
            unknown(
                i, "no table has a usable date", "ни в одной таблице нет пригодной даты"
            )
            for i in metric.ids
        ]

    return compute
