"""The conventions of the gate, as they stand in the knowledge base."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from salesdx.errors import KnowledgeError, Said

PREFIX = "statistics."


@dataclass(frozen=True, slots=True)
class GateSettings:
    """Thresholds of the loss map; benchmark `statistics.min-deals` is `min_deals`."""

    min_deals: float
    min_wins: float
    min_at_risk: float
    confirmed_probability: float
    suspected_probability: float
    false_discovery_rate: float
    family_error: float
    min_loss_share: float
    relevant_conversion_gap: float
    relevant_check_gap: float
    grid_factor: float
    trim: float
    extreme_chance: float
    novice_days: float
    min_peers: float
    min_comparable: float
    money_coverage: float
    error_of_work: float
    least_gap_of_work: float
    least_points_of_work: float
    least_deviation: float

    @classmethod
    def of(cls, settings: Mapping[str, float]) -> "GateSettings":
        """Read the benchmarks `statistics.*`.

        Raises:
            KnowledgeError: a benchmark is missing; all missing ones are named.
        """
        ids = {f.name: PREFIX + f.name.replace("_", "-") for f in fields(cls)}
        missing = sorted(i for i in ids.values() if i not in settings)
        if missing:
            names = ", ".join(missing)
            raise KnowledgeError(
                Said(
                    f"benchmarks are missing: {names}",
                    f"в базе знаний не хватает ориентиров: {names}",
                )
            )
        return cls(**{name: float(settings[i]) for name, i in ids.items()})
