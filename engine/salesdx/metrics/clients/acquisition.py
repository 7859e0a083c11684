"""What a new client costs, and what it costs to keep one (M-76)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from salesdx.facts import Measurement, slice_of
from salesdx.metrics.clients.client_records import day
from salesdx.metrics.clients.client_sums import client_sums
from salesdx.metrics.clients.client_words import client_words, says
from salesdx.metrics.clients.purchases import span, today
from salesdx.metrics.data import Data
from salesdx.metrics.grain import minor, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, unknown

_METRIC = "cost.acquisition-to-retention"


@dataclass(slots=True)
class Costs:
    """Marketing costs of the last `span` in minor units, by purpose."""

    winning: int = 0
    keeping: int = 0
    by_channel: dict[str, int] = field(default_factory=dict)


def costs(data: Data) -> Costs | None:
    """Costs of winning and of keeping clients; None where none are recorded.

    A row is for keeping clients when its channel, source or campaign says so.
    """
    days = span(data)
    if days is None or not data.has("marketing_costs", "cost", "period"):
        return None
    rows = picked(data, "marketing_costs", "channel source campaign period cost")
    rows = rows.mutate(at=day(rows.period), money=minor(rows.cost))
    inside = (rows["at"] > today(data) - days) & (rows["at"] <= today(data))
    rows = rows.filter(inside & (rows.money >= 0))
    keys = ("channel", "source", "campaign")
    found = Costs()
    for row in data.rows(rows.group_by(*keys).agg(money=rows.money.sum())):
        named = " ".join(str(row[k]) for k in keys if row[k] is not None)
        money = int(row["money"] or 0)
        if says(named, client_words().retention):
            found.keeping += money
            continue
        found.winning += money
        if row["channel"] is not None:
            channel = str(row["channel"])
            found.by_channel[channel] = found.by_channel.get(channel, 0) + money
    return found


def cost_per_new_client(data: Data) -> float | None:
    """Cost of winning one client in minor units; None when it is not known."""
    spent = costs(data)
    new = client_sums(data)[()]["new"] if spent else 0
    return spent.winning / new if spent and new and spent.winning else None


def ratio(data: Data) -> Iterator[Measurement]:
    """Cost of a new client over the cost of one who stayed, in the last period."""
    spent = costs(data)
    if spent is None or not spent.keeping:
        yield unknown(
            _METRIC,
            "no marketing cost is marked as spent on keeping clients (a campaign named"
            " retention, loyalty, win-back); ask what it costs to keep a client",
            "среди расходов на маркетинг нет расходов на удержание (кампаний с такими"
            " словами в названии); спросите, во сколько обходится удержать клиента",
        )
        return
    totals = client_sums(data)
    new, kept = totals[()]["new"], totals[()]["kept"]
    if not (new and kept and spent.winning):
        yield unknown(
            _METRIC, "no new clients, no kept ones, or no cost of winning them",
            "нет новых клиентов, нет оставшихся или нет расходов на привлечение",
        )  # fmt: skip
        return
    each = spent.keeping / kept
    yield figure(_METRIC, spent.winning / new / each, (), new)
    for channel, money in sorted(spent.by_channel.items()):
        where = slice_of(channel=channel)
        won = totals.get(where, {}).get("new", 0)
        if won and money:
            yield figure(_METRIC, money / won / each, where, won)


METRICS: tuple[Metric, ...] = dated(
    Metric((_METRIC,), ("marketing_costs.cost", "marketing_costs.period"), ratio),
)
