"""A gap before it is judged: what was measured, against which norm, how surely."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from salesdx.language import Text
from salesdx.statistics.outliers import Gap


@dataclass(frozen=True, slots=True)
class Candidate:
    """One slice against its norm on one metric.

    `probability` is P(below the norm | data) after shrinkage; `p_value` the chance of
    so low a figure at the norm; `gap` the shrunk gap as a share of the norm. `enough`
    says that the sample may be judged at all, `sensitive` that a gap of a size that
    matters would have been seen, or that the data exclude it; `comparable` that the
    norm comes from the same mix of deals. `excluded` are the values that make no norm
    with the reason: `novice`, `few` deals, or `extreme`.

    `kind` says what the gap is a share of, and so how it becomes money: of successes
    in `n` tries (`rate`, each worth `yields` won deals), of the amount of a deal
    (`amount`), or of something that has no price by itself (`other`).
    """

    metric: str
    dimension: str
    value: str
    n: int
    actual: float
    norm: float
    probability: float
    p_value: float
    gap: Gap
    enough: bool
    sensitive: bool
    comparable: bool
    needed_n: int | None
    settling_n: int | None
    reachable: bool
    excluded: tuple[tuple[str, str], ...]
    norm_of: Text
    kind: Literal["rate", "amount", "other"] = "rate"
    yields: float = 1.0

    @property
    def family(self) -> tuple[str, str]:
        """The candidates it is corrected together with: one metric, one dimension."""
        return self.metric, self.dimension


def but(
    value: str, excluded: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Who else makes no norm; one tuple for all whom it does not name."""
    if all(name != value for name, _ in excluded):
        return excluded
    return tuple(e for e in excluded if e[0] != value)


def norm_text(peers: int, few: bool, comparable: bool, cells: Collection[str]) -> Text:
    """Whose norm it is, in words."""
    if not comparable:
        return Text(
            en=f"average of the other {peers}, on another mix of deals",
            ru=f"среднее остальных ({peers}), но у них другой состав сделок",
        )
    en = f"average of the other {peers}" if few else f"average of {peers} peers"
    ru = f"среднее остальных ({peers})" if few else f"среднее коллег ({peers})"
    if cells:
        en += " on the same mix of deals"
        ru += " на таком же составе сделок"
    if few:
        return Text(en=en + ", too few for more", ru=ru + ", их мало")
    return Text(
        en=en + ", without newcomers and extremes",
        ru=ru + ", без новичков и крайних значений",
    )
