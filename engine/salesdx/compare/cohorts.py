"""What came after the older result alone, as far as it is old enough to judge."""

import datetime as dt
import re
from dataclasses import dataclass

from salesdx.compare.model import Figure
from salesdx.compare.pairing import Results
from salesdx.statistics.rates import wilson

MATURE = "conversion.mature"  # its counts are those of the cohorts
# figures that speak of mature entries only, and are early together with them
FAMILY = (MATURE, "conversion.at-horizon", "conversion.90d")
_MONTH = re.compile(r"\d{4}-\d{2}$")


@dataclass(frozen=True, slots=True)
class Since:
    """Entries of the months that began after the older result, and the mature ones."""

    entries: int
    mature: int
    wins: int

    @property
    def early(self) -> bool:
        """Whether most of them are too young to judge: more young than mature."""
        return self.entries > 0 and 2 * self.mature < self.entries

    @property
    def figure(self) -> Figure | None:
        """Their conversion; None where none is mature."""
        if not self.mature:
            return None
        return Figure(
            value=self.wins / self.mature, interval=wilson(self.wins, self.mature),
            n=self.mature, numerator=self.wins, denominator=self.mature,
        )  # fmt: skip


def since(results: Results) -> Since | None:
    """None where a result has no day or no cohorts, or time runs backwards.

    A month that had begun by then is left out: part of it was in the older result.
    """
    then, now = results.then.case.as_of, results.now.case.as_of
    if then is None or now is None or now <= then:
        return None
    later = [
        c for c in results.now.cohorts
        if _MONTH.match(c.period) and f"{c.period}-01" > then
    ]  # fmt: skip
    if not later:
        return None
    return Since(
        sum(c.entries for c in later), sum(c.mature for c in later),
        sum(c.wins for c in later),
    )  # fmt: skip


def days(first: str | None, last: str | None) -> int | None:
    """Days from one ISO date to another."""
    if first is None or last is None:
        return None
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
