"""The causes of the report, the most widely found first."""

import numpy as np

from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.portfolio.model import Amount, Cause
from salesdx.portfolio.overview.companies import Companies
from salesdx.portfolio.overview.counting import (
    LIKELY,
    NOT_LIKELY,
    POSSIBLE,
    UNKNOWN,
    Counted,
)
from salesdx.portfolio.overview.money import amount
from salesdx.portfolio.overview.table import ResultTable
from salesdx.statistics.rates import wilson


def cause_rows(
    table: ResultTable, knowledge: KnowledgeBase, held: Companies, found: Counted
) -> list[Cause]:
    """A row a cause: by how many companies it is likely in, then possible, then id."""
    strongest = np.where(held.likely > 0, held.strongest, -1)
    money = _money(table, held, strongest)
    rows = []
    for place, name in enumerate(table.causes):
        known = knowledge.causes.get(name)
        examined, likely = (
            int(x[place]) for x in (found.examined, found.likely_examined)
        )
        share = round(likely / examined, 6) if examined else None
        low, high = wilson(likely, examined)
        rows.append(Cause(
            id=name,
            kind=known.spec.kind if known else "",
            title=known.spec.title if known else Text(en=name, ru=name),
            judged=int(found.state[:, place].sum()),
            likely=int(found.state[LIKELY, place]),
            possible=int(found.state[POSSIBLE, place]),
            not_likely=int(found.state[NOT_LIKELY, place]),
            unknown=int(found.state[UNKNOWN, place]),
            examined=examined, likely_examined=likely, share=share,
            interval=(round(low, 6), round(high, 6)) if examined else None,
            blind=int(found.blind[place]),
            strongest=int((strongest == place).sum()),
            money=money.get(place, []),
            traced=_traced(place, held, found),
            remedies=list(known.spec.remedies) if known else [],
        ))  # fmt: skip
    return sorted(rows, key=lambda c: (-c.likely, -c.possible, c.id))


def _money(
    table: ResultTable, held: Companies, strongest: np.ndarray
) -> dict[int, list[Amount]]:
    rows: dict[int, list[Amount]] = {}
    for currency, part in held.currency_parts():
        known = part & held.known
        for place in range(len(table.causes)):
            chosen = held.loss[known & (strongest == place)]
            if len(chosen):
                rows.setdefault(place, []).append(
                    Amount(
                        currency=currency, companies=len(chosen), amount=amount(chosen)
                    )
                )
    return rows


def _traced(place: int, held: Companies, found: Counted) -> list[Amount]:
    rows = []
    for (cause, currency), values in sorted(found.traced.items()):
        if cause == place:
            name = held.currencies[currency] if currency >= 0 else None
            rows.append(
                Amount(currency=name, companies=len(values), amount=amount(values))
            )
    return rows
