"""Whether all managers enter clients into the funnel at the same moment (M-26)."""

from collections.abc import Iterator

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, epoch, flag, moment, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, shares, unknown


def entry_rule(data: Data) -> Iterator[Measurement]:
    """Share of entries recorded before the first meeting, and its spread.

    A deal without any meeting or presentation counts as recorded before. Where an
    entry has a date but no clock, an entry on the day of the meeting is not before it.
    The spread is between the managers with the highest and the lowest share.
    """
    met = picked(data, "activities", "deal_id type started_at")
    met = met.filter(met.type.isin(["meeting", "presentation"]))
    met = met.mutate(at=epoch(met.started_at))
    met = met.filter(met.deal_id.notnull() & (met["at"] <= moment(data)))
    first = met.group_by(met.deal_id.name("of")).agg(met=met["at"].min())
    if not data.rows(first.limit(1)):
        for metric in ("entry.before-meeting-share", "entry.rule-spread"):
            yield unknown(
                metric,
                "no meeting or presentation is linked to a deal",
                "ни одна встреча или презентация не привязана к сделке",
            )
        return
    rows = deals(data)
    rows = rows.filter(rows.entered <= moment(data))
    rows = rows.left_join(first, rows.deal_id == first.of)
    by_day = rows.entered % DAY == 0
    meeting = ibis.ifelse(by_day, (rows.met / DAY).floor() * DAY, rows.met)
    hit = flag(rows.met.isnull() | (rows.entered < meeting))
    found = list(shares("entry.before-meeting-share", rows, hit, (("manager",),)))
    yield from found
    enough = int(data.setting("entry.manager-entries"))
    judged = [m for m in found if m.slice and (m.n or 0) >= enough]
    if len(judged) < 2:
        yield unknown(
            "entry.rule-spread",
            f"fewer than two managers have {enough} entries",
            f"меньше чем у двух менеджеров набралось {enough} сделок",
        )
        return
    values = [m.value or 0.0 for m in judged]
    n = sum(m.n or 0 for m in judged)
    yield figure("entry.rule-spread", max(values) - min(values), n=n)


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("entry.before-meeting-share", "entry.rule-spread"),
        (
            "deals.entered_at",
            "deals.manager_id",
            "activities.type",
            "activities.deal_id",
            "activities.started_at",
        ),
        entry_rule,
    ),
)
