"""What a gap is worth: the value of a win, of a request, and how small is too small."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from salesdx.facts import COMPANY
from salesdx.losses.candidate import Candidate
from salesdx.losses.grid import Materiality, Worth
from salesdx.losses.places import place
from salesdx.losses.settings import GateSettings
from salesdx.metrics.data import Data
from salesdx.metrics.deals.deal_counts import counts
from salesdx.metrics.grain import leads, moment, picked

Basis = Literal["margin", "turnover"]


@dataclass(frozen=True, slots=True)
class Prices:
    """Value of a win per slice, what it is counted in, and what is material."""

    basis: Basis | None
    worth: Mapping[tuple[str, str], Worth]
    materiality: Materiality


def prices(data: Data, candidates: Iterable[Candidate], gate: GateSettings) -> Prices:
    """Own value of a win where enough wins have an amount, else the company's."""
    keys = sorted({(c.dimension, c.value) for c in candidates})
    if not data.has("deals", "status"):
        nothing = Materiality(None, None, 0.0)
        return Prices(None, dict.fromkeys(keys, Worth(0, None)), nothing)
    found = counts(data)
    company = found[COMPANY]
    basis: Basis | None = None
    if company["priced"] and company["priced"] >= gate.money_coverage * company["won"]:
        with_cost = company["costed"] >= gate.money_coverage * company["priced"]
        basis = "margin" if with_cost and company["costed"] else "turnover"
    worth = {}
    for dimension, value in keys:
        where = tuple(p for p in place(dimension, value) if p[0] != "stage")
        row = found.get(where, company)
        own = row if row["sought_priced"] >= gate.min_wins else company
        each = None if basis is None else _value_of_win(own, basis)
        worth[(dimension, value)] = Worth(row["won"], each)
    return Prices(basis, worth, _materiality(data, basis, gate))


def _value_of_win(row: Mapping[str, int], basis: str) -> float | None:
    """What one client won brings; a repeat order is no such win."""
    if not row["sought_priced"]:
        return None
    check = row["sought_revenue"] / row["sought_priced"] / 100
    if basis == "turnover" or not row["sought_costed"]:
        return check
    return max(check - row["sought_cost"] / row["sought_costed"] / 100, 0.0)


def _materiality(data: Data, basis: str | None, gate: GateSettings) -> Materiality:
    company = counts(data)[COMPANY]
    least_wins = gate.min_loss_share * company["won"]
    if basis is None:
        return Materiality(None, None, least_wins)
    revenue = company["revenue"] / 100
    least = data.company.minimum_loss
    if least is None:
        least = gate.min_loss_share * revenue
    return Materiality(least, revenue, least_wins)


def yields(data: Data) -> dict[str, float]:
    """Won deals to one success on the way to a sale; absent where it cannot be told.

    A deal is worth the mature conversion of the company; a request that times the
    deals opened for requests. Deals without a request are left out, so that walk-in
    sales do not make requests dear.
    """
    if not data.has("deals", "status"):
        return {}
    company = counts(data)[COMPANY]
    if not company["mature"] or company["won"] == company["entries"]:
        return {}
    deal = company["mature_won"] / company["mature"]
    found = {"deal": deal}
    if data.has("deals", "lead_id") and data.has("leads", "lead_id"):
        opened = _opened(data)
        if opened is not None:
            found["request"] = deal * opened
    return found


def _opened(data: Data) -> float | None:
    """Share of requests for which a deal was opened, young ones included."""
    rows = leads(data)
    if data.as_of is not None and data.has("leads", "created_at"):
        created = rows.created_at.cast("timestamp").epoch_seconds().cast("int64")
        rows = rows.filter(created <= moment(data))
    known = picked(data, "deals", "lead_id")
    known = known.filter(known.lead_id.notnull())
    known = known.group_by(known.lead_id.name("lead")).agg(deals=known.count())
    joined = rows.left_join(known, rows.lead_id == known.lead)
    found = data.rows(joined.agg(n=joined.count(), opened=joined.lead.count()))[0]
    return found["opened"] / found["n"] if found["n"] else None
