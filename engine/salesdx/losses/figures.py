"""Two figures of the map itself: how much lags (M-14) and what it costs (M-15)."""

from collections.abc import Iterable, Iterator, Sequence

from salesdx.facts import COMPANY, Measurement, Slice, slice_of
from salesdx.language import Text
from salesdx.losses.grid import UNLIKE
from salesdx.losses.model import LossMap
from salesdx.result import Loss

IDS = ("loss.below-average", "loss.money")
_NOTHING = Text(
    en="no slice has peers and enough cases to be compared with",
    ru="ни один срез не с чем сравнить: мало коллег или случаев",
)
_NO_AMOUNTS = Text(
    en="too few won deals have an amount",
    ru="мало у каких выигранных сделок есть сумма",
)


def loss_figures(map_: LossMap) -> list[Measurement]:
    """M-14 and M-15 for the company and for every slice of one dimension."""
    if not map_.losses:
        return [Measurement(i, None, state="unknown", reason=_NOTHING) for i in IDS]
    return [*_counts(map_.losses), *_money(map_)]


def _by_slice(losses: Iterable[Loss]) -> dict[Slice, list[Loss]]:
    """Rows of every slice; what a manager does at a stage is his."""
    found: dict[Slice, list[Loss]] = {}
    for loss in losses:
        where = {d: v for d, v in loss.slice.items() if d != "stage"}
        found.setdefault(slice_of(**where), []).append(loss)
    return {where: found[where] for where in sorted(found)}


def _counts(losses: Sequence[Loss]) -> Iterator[Measurement]:
    for where, rows in [(COMPANY, list(losses)), *_by_slice(losses).items()]:
        judged = [x for x in rows if x.state != "insufficient"]
        if not judged and where:
            continue
        behind = sum(x.below_average for x in judged)
        yield Measurement("loss.below-average", float(behind), where, len(judged))


def _money(map_: LossMap) -> Iterator[Measurement]:
    if map_.basis is None:
        yield Measurement("loss.money", None, state="unknown", reason=_NO_AMOUNTS)
        return
    total = map_.total.expected if map_.total else 0.0
    sales = [x for x in map_.losses if x.scope == "sales"]
    judged = [x for x in sales if x.state != "insufficient"]
    if not judged:
        yield Measurement("loss.money", None, state="unknown", reason=_NOTHING)
        return
    yield Measurement("loss.money", total, n=len(judged))
    for where, rows in _by_slice(judged).items():
        if where[0][0] in UNLIKE:
            continue
        lost = [x.money.expected for x in rows if x.money and x.state == "confirmed"]
        yield Measurement("loss.money", round(sum(lost), 2), where, len(rows))
