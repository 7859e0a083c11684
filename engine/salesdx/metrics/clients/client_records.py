"""What surveys, complaints, the log of losses and wallets say of each client.

Each part has one row a client: of several records the last up to as-of counts.
"""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.metrics.clients.purchases import today
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, epoch, flag, minor, picked

NUMBERS = (
    "score", "conflict", "left_day", "returned", "wallet_share", "wallet_demand",
    "stock_day",
)  # fmt: skip
TEXTS = ("left_manager", "left_channel", "left_region", "left_department")
MILLION = 1_000_000  # shares of a wallet are whole millionths


def parts(data: Data) -> Iterator[Any]:
    """One table a source that is there: client_id and some of `NUMBERS`, `TEXTS`.

    score (0..10), conflict (1), left_day (day of the last loss, -1 where it has no
    date), returned (1 when the client came back after it), wallet_share (millionths),
    wallet_demand (minor units), stock_day (day on which the stock was last seen).
    """
    if data.has("surveys", "nps_score"):
        yield _scores(data)
    if data.has("complaints"):
        yield _conflicts(data)
    if data.has("churn_log"):
        yield _losses(data)
    if data.has("wallet"):
        yield _wallets(data)


def day(value: Any) -> Any:
    """Days since 1970 of a date or a time."""
    return (epoch(value) / DAY).floor().cast("int64")


def last_of(rows: Any, *order: str) -> Any:
    """The last row of each client by `at` (days), then by other columns."""
    backwards = [ibis.desc(rows["at"]), *(rows[name] for name in order)]
    own = ibis.window(group_by=rows.client_id, order_by=backwards)
    placed = rows.mutate(place=ibis.row_number().over(own))
    return placed.filter(placed.place == 0).drop("place")


def dated_rows(data: Data, table: str, names: str, date: str) -> Any:
    """Rows of known clients up to as-of; `at` is -1 where the date is not known."""
    rows = picked(data, table, f"client_id {names}", written=date)
    rows = rows.mutate(at=ibis.coalesce(day(rows.written), -1)).drop("written")
    return rows.filter(rows.client_id.notnull() & (rows["at"] <= today(data)))


def answers(data: Data) -> Any:
    """Answers with a score of 0 to 10; others are no scores of this scale."""
    rows = dated_rows(data, "surveys", "nps_score", "date")
    sound = (rows.nps_score >= 0) & (rows.nps_score <= 10)
    return rows.filter(sound.fill_null(False))


def _scores(data: Data) -> Any:
    rows = last_of(answers(data), "nps_score")
    # whole tenths: somebody always writes 8.5
    return rows.select("client_id", score=rows.nps_score.floor().cast("int64"))


def _conflicts(data: Data) -> Any:
    rows = dated_rows(data, "complaints", "", "opened_at")
    return rows.group_by("client_id").agg(conflict=flag(rows["at"] >= -1).max())


def losses(data: Data) -> Any:
    """Rows of the log of losses up to as-of: `at` (day), `back` (day of return)."""
    rows = dated_rows(
        data, "churn_log",
        "reason win_back_method returned_at channel region department manager_id",
        "date",
    )  # fmt: skip
    back = day(rows.returned_at)
    real = (back <= today(data)) & (back >= rows["at"])
    return rows.mutate(back=ibis.ifelse(real, back, ibis.null("int64")))


def _losses(data: Data) -> Any:
    rows = losses(data)
    rows = rows.select(
        "client_id", "at", left_manager=rows.manager_id, left_channel=rows.channel,
        left_region=rows.region, left_department=rows.department,
        returned=flag(rows.back.notnull()),
    )  # fmt: skip
    rows = last_of(rows, *(c for c in rows.columns if c not in {"client_id", "at"}))
    return rows.rename(left_day="at")


def _wallets(data: Data) -> Any:
    rows = dated_rows(
        data, "wallet", "total_demand our_share residual_stock", "measured_at"
    )
    # a share is written as 0.4 or as 40: no share is above the whole
    top = data.rows(rows.aggregate(top=rows.our_share.max()))[0]["top"] or 0.0
    share = rows.our_share / (100.0 if top > 1.0 else 1.0)
    sound = (share >= 0) & (share <= 1)
    share = ibis.ifelse(sound, (share * MILLION).round(), ibis.null("float64"))
    demand = minor(rows.total_demand)
    rows = rows.select(
        "client_id", "at", wallet_share=share.cast("int64"),
        wallet_demand=ibis.ifelse(demand > 0, demand, ibis.null("int64")),
        seen=ibis.ifelse(rows.residual_stock.notnull(), rows["at"], ibis.null("int64")),
    )  # fmt: skip
    own = ibis.window(group_by=rows.client_id)
    rows = rows.mutate(stock_day=rows.seen.max().over(own))
    latest = last_of(rows, "wallet_share", "wallet_demand")
    return latest.drop("at", "seen")
