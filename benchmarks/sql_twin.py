"""Twelve metrics in hand-written SQL for DuckDB: what salesdx is held against.

Each function asks DuckDB as an analyst would who knows the tables of `firm.py`: keys
are unique, every date is there, amounts are in one currency. Figures are those of
salesdx to the last rounding: (metric, slice, period) -> value.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from salesdx.company import Company
from salesdx.metrics.calendar import is_working

DAY = 86_400
DIMENSIONS = (
    "manager", "segment", "source", "channel", "region", "product", "department",
)  # fmt: skip
_SETS = ", ".join(["()", *(f"({d})" for d in DIMENSIONS)])
Slice = tuple[tuple[str, str], ...]
Figures = dict[tuple[str, Slice, str], float]
Row = dict[str, Any]


class Twin:
    """One connection with the tables as views and one table of deals joined once."""

    def __init__(
        self, tables: dict[str, Path], company: Company, as_of: dt.datetime,
        memory: str, threads: int, spill: Path,
    ) -> None:  # fmt: skip
        self.con = duckdb.connect(":memory:")
        self.con.execute(f"set memory_limit='{memory}'")
        self.con.execute(f"set threads={threads}")
        self.con.execute(f"set temp_directory='{spill}'")
        self.con.execute("set ieee_floating_point_ops=false")
        for name, path in tables.items():
            self.con.read_parquet(str(path)).create_view(name)
        self.company = company
        self.now = int((as_of - dt.datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001
        self.con.execute(_DEALS.format(now=self.now))
        self._horizon: int | None = None
        self._cutoff: int | None = None

    def rows(self, sql: str, **values: object) -> list[Row]:
        return self.table(sql, **values).to_pylist()

    def table(self, sql: str, **values: object) -> pa.Table:
        text = sql.format(now=self.now, day=DAY, sets=_SETS, **values)
        return self.con.sql(text).to_arrow_table()

    @property
    def cutoff(self) -> int:
        if self._cutoff is None:
            [row] = self.rows(
                "select quantile_cont(wait // 3600, 0.9) as hours from deal"
                " where wait >= 0"
            )
            self._cutoff = int(np.ceil(row["hours"] / 24))
        return self._cutoff

    @property
    def horizon(self) -> int:
        if self._horizon is None:
            days = self.table(
                "select last, sum(won) as won, count(*) as n from followed"
                " group by last order by last"
            )
            won, left = _by_day(days, int(days["last"][-1].as_py()) + 1)
            risk = np.cumsum((won + left)[::-1])[::-1]
            end = int(np.flatnonzero(risk >= 10)[-1])
            curve = _incidence(won, left)[: end + 1]
            self._horizon = int(np.argmax(curve >= 0.9 * curve[-1] - 1e-12))
        return self._horizon


_DEALS = """
create table deal as
select d.deal_id, d.status, d.stage_id, d.manager_id as manager, c.segment, l.source,
    l.channel, c.region, d.product, m.department,
    epoch(d.entered_at)::bigint as entered,
    case when d.status <> 'open' then epoch(d.closed_at)::bigint end as closed,
    floor(d.amount * 100 + 0.5)::bigint as amount,
    ({now} - entered) // 86400 as age,
    case when d.status = 'won' then closed - entered end as wait
from deals d
left join leads l using (lead_id)
left join clients c on c.client_id = d.client_id
left join managers m on m.manager_id = d.manager_id;
create view followed as
select {{columns}}, (status = 'won')::int as won,
    case when status = 'won' then greatest(wait // 86400, 0) else age end as last
from deal;
""".replace("{{columns}}", ", ".join(DIMENSIONS))


def _where(row: Row, names: tuple[str, ...] = DIMENSIONS) -> Slice:
    found = ((d, row.get(d)) for d in names)
    return tuple(sorted((d, v) for d, v in found if v is not None))


def _by_day(table: pa.Table, size: int) -> tuple[Any, Any]:
    won, left = np.zeros(size, np.int64), np.zeros(size, np.int64)
    last, k, n = (np.asarray(table[c].cast(pa.int64())) for c in ("last", "won", "n"))
    won[last], left[last] = k, n - k
    return won, left


def _incidence(won: Any, left: Any) -> Any:
    risk = np.cumsum((won + left)[::-1])[::-1]
    return 1 - np.cumprod(1 - won / np.maximum(risk, 1))


def raw_conversion(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Wins among all entries, by every dimension."""
    for row in twin.rows(
        "select {dims}, count(*) as n, sum((status = 'won')::int) as k from deal"
        " group by grouping sets ({sets})",
        dims=", ".join(DIMENSIONS),
    ):
        yield ("conversion.raw", _where(row), ""), row["k"] / row["n"]


def mature_conversion(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Wins among entries one cycle old, within 30 and within 90 days."""
    for row in twin.rows(
        "select {dims}, count(*) filter (age >= {cutoff}) as n,"
        " count(*) filter (age >= {cutoff} and status = 'won') as k,"
        " count(*) filter (age >= 30) as n30,"
        " count(*) filter (age >= 30 and wait <= 30 * {day}) as k30,"
        " count(*) filter (age >= 90) as n90,"
        " count(*) filter (age >= 90 and wait <= 90 * {day}) as k90"
        " from deal group by grouping sets ({sets})",
        dims=", ".join(DIMENSIONS), cutoff=twin.cutoff,
    ):  # fmt: skip
        for metric, end in (("mature", ""), ("30d", "30"), ("90d", "90")):
            if row[f"n{end}"]:
                key = f"conversion.{metric}", _where(row), ""
                yield key, row[f"k{end}"] / row[f"n{end}"]


def horizon_conversion(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Share won by the horizon with open deals followed to their age."""
    days = twin.horizon
    found = twin.table(
        "with t as (select {dims}, won, least(last, {days} + 1) as day_ from followed)"
        " select {dims}, day_ as last, sum(won) as won, count(*) as n from t"
        " group by grouping sets ({deep})",
        dims=", ".join(DIMENSIONS), days=days,
        deep=", ".join(["(day_)", *(f"({d}, day_)" for d in DIMENSIONS)]),
    )  # fmt: skip
    tables: dict[Slice, list[Row]] = {}
    for row in found.to_pylist():
        tables.setdefault(_where(row), []).append(row)
    for where, rows in tables.items():
        won, left = np.zeros(days + 2, np.int64), np.zeros(days + 2, np.int64)
        for row in rows:
            won[row["last"]], left[row["last"]] = row["won"], row["n"] - row["won"]
        if (won + left)[days:].sum() >= 10:
            value = float(_incidence(won, left)[days])
            yield ("conversion.at-horizon", where, ""), value


def cohort_conversion(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Mature conversion by year and quarter of entry."""
    for row in twin.rows(
        "with t as (select make_timestamp(entered * 1000000) as day_, status from deal"
        " where age >= {cutoff})"
        " select year(day_) as y, quarter(day_) as q, count(*) as n,"
        " count(*) filter (status = 'won') as k from t"
        " group by grouping sets ((y), (y, q))",
        cutoff=twin.cutoff,
    ):
        period = str(row["y"]) if row["q"] is None else f"{row['y']}-Q{row['q']}"
        yield ("conversion.mature", (), period), row["k"] / row["n"]


def stage_conversion(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Mature entries that reached a stage and went on from it, by stage and manager."""
    order = [s.id for s in twin.company.funnels[0].stages]
    place = "case {} else -1 end".format(
        " ".join(f"when stage_id = '{s}' then {i}" for i, s in enumerate(order))
    )
    reached: dict[str | None, Any] = {}
    for row in twin.rows(
        "with seen as (select deal_id, max({place}) as place from stage_history"
        " group by deal_id),"
        " far as (select manager, case when status = 'won' then {top}"
        " else greatest({place}, coalesce(seen.place, -1)) end as reached"
        " from deal left join seen using (deal_id) where age >= {cutoff})"
        " select manager, reached, count(*) as n from far where reached >= 0"
        " group by grouping sets ((manager, reached), (reached))",
        place=place, top=len(order), cutoff=twin.cutoff,
    ):  # fmt: skip
        sizes = reached.setdefault(row["manager"], np.zeros(len(order) + 1, np.int64))
        sizes[: row["reached"] + 1] += row["n"]
    for manager, sizes in reached.items():
        for i, stage in enumerate(order):
            if sizes[i]:
                where = _where({"stage": stage, "manager": manager},
                               ("stage", "manager"))  # fmt: skip
                yield ("conversion.stage", where, ""), int(sizes[i + 1]) / int(sizes[i])


def revenue(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Money won, by every dimension."""
    for row in twin.rows(
        "select {dims}, sum(amount) filter (status = 'won') as paid from deal"
        " group by grouping sets ({sets})",
        dims=", ".join(DIMENSIONS),
    ):
        yield ("revenue.won", _where(row), ""), int(row["paid"] or 0) / 100


def average_check(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Mean amount of won deals."""
    for row in twin.rows(
        "select manager, segment, product, channel, region, sum(amount) as paid,"
        " count(*) as n from deal where status = 'won' and amount > 0 group by"
        " grouping sets ((), (manager), (segment), (product), (channel), (region))"
    ):
        value = int(row["paid"]) / row["n"] / 100
        yield ("check.average", _where(row), ""), value


def median_check(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Middle amount of won deals."""
    [row] = twin.rows(
        "select median(amount) as middle from deal where status = 'won' and amount > 0"
    )
    yield ("check.median", (), ""), row["middle"] / 100


def cycle(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Time from entry to win, in hours rounded down."""
    [row] = twin.rows(
        "with t as (select wait // 3600 as h from deal where wait >= 0)"
        " select quantile_cont(h, 0.5) as median, quantile_cont(h, 0.9) as p90,"
        " sum(h) / count(*) as mean from t"
    )
    for name, value in row.items():
        yield (f"cycle.won-{name}", (), ""), float(value) / 24


_BUCKET = """case when {0} < 300 then {0} when {0} < 86400 then {0} // 60 * 60
    else {0} // 3600 * 3600 end"""


def _medians(
    metric: str, table: pa.Table, names: tuple[str, ...], unit: int
) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Median waiting time of every slice from counts by bucket (Kaplan-Meier)."""
    numbers = [np.asarray(table[c].cast(pa.int64())) for c in ("bucket", "done", "n")]
    sliced = np.zeros(table.num_rows, dtype=bool)
    for d in names:
        codes = table[d].combine_chunks().dictionary_encode()
        values, code = codes.dictionary, codes.indices.fill_null(-1).to_numpy()
        sliced |= code >= 0
        order = np.lexsort((numbers[0], code))
        edges = np.searchsorted(code[order], np.arange(len(values) + 1))
        for i, (start, end) in enumerate(pairwise(edges)):
            rows = order[start:end]
            value = _median(*(column[rows] for column in numbers))
            yield (metric, ((d, values[i].as_py()),), ""), value / unit
    whole = np.flatnonzero(~sliced)
    whole = whole[np.argsort(numbers[0][whole])]
    yield (metric, (), ""), _median(*(column[whole] for column in numbers)) / unit


def _median(bucket: Any, done: Any, n: Any) -> float:
    reached = np.flatnonzero(_incidence(done, n - done) >= 0.5 - 1e-12)
    if len(reached):
        return float(bucket[reached[0]])
    return float(np.quantile(np.repeat(bucket, n), 0.5))


def responses(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """First response by the clock, in working time, and of requests in hours."""
    hours = twin.company.working_hours
    opens, closes = (t.hour * 3600 + t.minute * 60 for t in (hours.from_, hours.to))
    first = dt.date(1970, 1, 1) + dt.timedelta(
        days=twin.rows("select epoch(min(created_at))::bigint // {day} as d from leads")
        [0]["d"]
    )  # fmt: skip
    size = twin.now // DAY + 31 - (first - dt.date(1970, 1, 1)).days
    works = [is_working(first + dt.timedelta(days=i), hours) for i in range(size)]
    seconds = np.array(works, dtype=np.int64) * (closes - opens)
    days = np.arange(size) + (first - dt.date(1970, 1, 1)).days
    twin.con.register("workday", pa.table({
        "day": days, "hours": seconds,
        "before": np.concatenate(([0], np.cumsum(seconds)[:-1])),
    }))  # fmt: skip
    twin.con.execute(_REQUESTS.format(now=twin.now, opens=opens, closes=closes))
    names = ("manager", "channel", "source")
    for metric, wait, only in (
        ("first-clock", "by_clock", "true"), ("first-business", "worked", "true"),
        ("in-hours-business", "worked", "inside"),
    ):  # fmt: skip
        sliced = names if only == "true" else ()
        sets = ", ".join(["(b)", *(f"({d}, b)" for d in sliced)])
        found = twin.table(
            "with t as (select *, {bucket} as b from request where {only})"
            " select {names} b as bucket, sum(done) as done, count(*) as n"
            " from t group by grouping sets ({groups})",
            bucket=_BUCKET.format(wait), only=only, groups=sets,
            names="".join(f"{d}, " for d in sliced),
        )  # fmt: skip
        yield from _medians(f"response.{metric}", found, sliced, 1)
    twin.con.execute("drop table request")


_REQUESTS = """
create table request as
with r as (
    select assigned_to as manager, channel, source,
        epoch(created_at)::bigint as created,
        epoch(first_response_at)::bigint as answer,
        coalesce(answer <= {now}, false) as answered,
        case when answered then answer else {now} end as ended
    from leads
    where epoch(created_at)::bigint <= {now}
        and (first_response_at is null or first_response_at >= created_at)
)
select manager, channel, source, answered::int as done, ended - created as by_clock,
    j.before + least(greatest(ended % 86400 - {opens}, 0), j.hours)
    - i.before - least(greatest(created % 86400 - {opens}, 0), i.hours) as worked,
    i.hours > 0 and created % 86400 >= {opens} and created % 86400 < {closes} as inside
from r join workday i on i.day = created // 86400
join workday j on j.day = ended // 86400
"""


def stage_days(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Median days in a stage, with the visits that go on."""
    found = twin.table(
        "with h as (select deal_id, stage_id as stage,"
        " epoch(entered_at)::bigint as begun, lead(begun) over"
        " (partition by deal_id order by begun, stage) as following"
        " from stage_history where epoch(entered_at)::bigint <= {now}),"
        " v as (select stage, (following is not null)::int as done,"
        " coalesce(following, least(coalesce(closed, {now}), {now})) - begun as wait"
        " from h left join deal using (deal_id)),"
        " t as (select *, {bucket} as b from v where wait >= 0)"
        " select stage, b as bucket, sum(done) as done, count(*) as n from t"
        " group by grouping sets ((b), (stage, b))",
        bucket=_BUCKET.format("wait"),
    )
    yield from _medians("stage.days", found, ("stage",), DAY)


def stuck(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Open deals beyond the reference of their stage, by stage and by manager."""
    limits = {
        s.id: round((s.reference_days or 0) * DAY)
        for s in twin.company.funnels[0].stages
    }
    values = ", ".join(f"('{s}', {limit})" for s, limit in limits.items())
    for row in twin.rows(
        "with o as (select deal_id, manager, stage_id from deal"
        " where status = 'open'),"
        " s as (select o.manager, o.stage_id as stage,"
        " max(epoch(h.entered_at)::bigint) as since"
        " from o join stage_history h using (deal_id, stage_id)"
        " group by o.deal_id, o.manager, o.stage_id)"
        " select stage, manager, count(*) as n,"
        " count(*) filter ({now} - since > most) as k"
        " from s join (values {limits}) as r(stage, most) using (stage)"
        " where since <= {now} group by grouping sets ((), (stage), (manager))",
        limits=values,
    ):
        where = _where(row, ("stage", "manager"))
        yield ("stage.stuck-share", where, ""), row["k"] / row["n"]


def lines(twin: Twin) -> Iterator[tuple[tuple[str, Slice, str], float]]:
    """Mean number of distinct product lines in a won deal."""
    for row in twin.rows(
        "with l as (select i.deal_id, count(distinct p.line) as lines"
        " from deal_items i join products p using (product_id)"
        " where i.accepted is not false group by i.deal_id)"
        " select manager, sum(lines) as total, count(*) as n"
        " from deal join l using (deal_id) where status = 'won'"
        " group by grouping sets ((), (manager))"
    ):
        yield ("check.lines", _where(row), ""), int(row["total"]) / row["n"]


QUERIES: dict[str, Callable[[Twin], Iterator[tuple[tuple[str, Slice, str], float]]]] = {
    "conversion.raw": raw_conversion,
    "conversion.mature": mature_conversion,
    "conversion.at-horizon": horizon_conversion,
    "conversion.mature by quarter": cohort_conversion,
    "conversion.stage": stage_conversion,
    "revenue.won": revenue,
    "check.average": average_check,
    "check.median": median_check,
    "check.lines": lines,
    "cycle.won-p90": cycle,
    "response.first-clock": responses,
    "stage.days": stage_days,
    "stage.stuck-share": stuck,
}
